"""Walk the chains of all cases: whether every revision is there as it was saved."""

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Row, select

from advisor.store import tables
from advisor.store.database import Store
from advisor.store.rows import FIRST_PREVIOUS, digest

Fault = Literal["changed", "missing", "not_chained", "head"]


@dataclass(frozen=True)
class BrokenRevision:
    """The first revision of a case that is not as it was saved."""

    case_id: str
    name: str
    number: int
    fault: Fault


@dataclass(frozen=True)
class Verified:
    """How much was walked, and where the chains are broken."""

    cases: int
    revisions: int
    broken: tuple[BrokenRevision, ...]


def verify(store: Store) -> Verified:
    """Compute every hash anew in one consistent view, a case at a time."""
    c, broken, walked = tables.cases.c, [], 0
    with store.reading() as connection:
        kept = connection.execute(select(c.id, c.name, c.latest, c.head).order_by(c.created_at, c.id)).all()
        for case in kept:
            fault, count = _walk(connection, case)
            walked += count
            broken += [fault] if fault else []
    return Verified(len(kept), walked, tuple(broken))


def _walk(connection: Connection, case: Row[*tuple[Any, ...]]) -> tuple[BrokenRevision | None, int]:
    """The first fault in the chain of a case, and how many revisions were walked."""
    r, previous, number = tables.revisions, FIRST_PREVIOUS, 0
    for row in connection.execute(select(r).where(r.c.case_id == case.id).order_by(r.c.number)).mappings():
        fault: Fault | None = None
        if row["number"] != number + 1:
            fault = "missing"
        elif row["previous"] != previous:
            fault = "not_chained"
        elif digest(dict(row)) != row["hash"]:
            fault = "changed"
        if fault is not None:
            return BrokenRevision(case.id, case.name, number + 1, fault), number
        previous, number = row["hash"], row["number"]
    if number < case.latest:
        return BrokenRevision(case.id, case.name, number + 1, "missing"), number
    if previous != case.head:
        return BrokenRevision(case.id, case.name, number, "head"), number
    return None, number
