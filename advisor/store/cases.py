"""Kept cases and their revisions. Revisions are only added; each function is one transaction with its audit row.

Every function raises :class:`~advisor.store.access.UnknownCase` for a case that the user may not see, and
:class:`~advisor.store.database.StoreError` where the database cannot be used.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from advisor.core.notices import InputError, Issue
from advisor.store import tables
from advisor.store.access import LONGEST_USER, access_of, case_row, new_id, plain_text, record, unknown, visible
from advisor.store.database import Store
from advisor.store.records import STATUSES, Actor, Content, KeptCase, Revision, RevisionHead
from advisor.store.rows import (
    FIRST_PREVIOUS,
    HEAD_COLUMNS,
    as_text,
    case_of,
    digest,
    head_of,
    revision_of,
    row_of,
    stamp,
)

LONGEST_REASON = 1000
MOST_TAGS = 20


class Conflict(InputError):
    """Somebody saved a revision that the user has not seen; nothing was written.

    ``mine`` is what was to be saved, ``theirs`` the latest revision, ``base`` the one that both began from (``None``
    where there is none of that number).
    """

    def __init__(self, mine: Content, theirs: Revision, base: Revision | None) -> None:
        self.mine, self.theirs, self.base = mine, theirs, base
        super().__init__([unseen(theirs.head)])


def unseen(head: RevisionHead) -> Issue:
    """What is told of a latest revision that the user has not seen."""
    return Issue("CASE", "store_conflict", {"number": head.number, "by": head.by, "at": head.at})


def create(store: Store, actor: Actor, name: str, content: Content, why: str = "", tags: Iterable[str] = ()) -> str:
    """Keep a new case with its first revision; its id."""
    with store.writing() as connection:
        case_id = begin(connection, actor, name, tags)
        append(connection, actor, case_id, content, why)
        record(connection, actor, case_id, "created", name=plain_text(name, "NAME"))
        _drop_draft(connection, actor, "")
    return case_id


def save(
    store: Store, actor: Actor, case_id: str, seen: int, content: Content, why: str = "", name: str | None = None
) -> int:
    """Add a revision to a case of which the user has ``seen`` the latest; its number. Raises :class:`Conflict`.

    With a ``name`` the case has that one from now on.
    """
    with store.writing() as connection:
        row = case_row(connection, actor, case_id, "editor")
        if row.latest != seen:
            theirs = _revision(connection, case_id, row.latest)
            raise Conflict(content, theirs, _revision_or_none(connection, case_id, seen))
        number = append(connection, actor, case_id, content, why)
        record(connection, actor, case_id, "saved", number=number)
        if name is not None:
            _put(connection, actor, row, {"name": plain_text(name, "NAME")})
        _drop_draft(connection, actor, case_id)
    return number


def find(store: Store, actor: Actor, case_id: str) -> KeptCase:
    """A case as it stands."""
    with store.reading() as connection:
        row = case_row(connection, actor, case_id)
    return case_of(row, access_of(row, actor.user))


def listed(store: Store, actor: Actor, *, archived: bool = False) -> tuple[KeptCase, ...]:
    """The cases that a user may see, the one changed last first; those ``archived`` only where asked for."""
    c = tables.cases.c
    query = visible(actor.user).where(c.archived.is_(archived)).order_by(c.changed_at.desc(), c.id)
    with store.reading() as connection:
        rows = connection.execute(query).all()
    return tuple(case_of(row, access_of(row, actor.user)) for row in rows)


def owners(store: Store) -> tuple[str, ...]:
    """Whoever owns a case: for whoever looks after the database, as a copy of it is."""
    with store.reading() as connection:
        return tuple(connection.scalars(select(tables.cases.c.owner).distinct().order_by(tables.cases.c.owner)))


def history(store: Store, actor: Actor, case_id: str) -> tuple[RevisionHead, ...]:
    """Every revision, the first first, without its content."""
    r = tables.revisions.c
    with store.reading() as connection:
        case_row(connection, actor, case_id)
        rows = connection.execute(select(*HEAD_COLUMNS).where(r.case_id == case_id).order_by(r.number)).all()
    return tuple(head_of(row) for row in rows)


def revision(store: Store, actor: Actor, case_id: str, number: int | None = None) -> Revision:
    """A revision as it was saved; the latest where no ``number`` is given. Raises :class:`InputError` for none such."""
    with store.reading() as connection:
        row = case_row(connection, actor, case_id)
        found = _revision_or_none(connection, case_id, row.latest if number is None else number)
    if found is None:
        raise InputError([Issue("CASE", "store_no_such_revision", {"number": number, "latest": row.latest})])
    return found


def change(
    store: Store,
    actor: Actor,
    case_id: str,
    *,
    name: str | None = None,
    status: str | None = None,
    tags: Iterable[str] | None = None,
    archived: bool | None = None,
) -> None:
    """Give a case another name, status or tags, or lay it aside; what is ``None`` stays."""
    said: dict[str, Any] = {}
    if name is not None:
        said["name"] = plain_text(name, "NAME")
    if status is not None:
        said["status"] = _known_status(status)
    if tags is not None:
        said["tags"] = _tags(tags)
    if archived is not None:
        said["archived"] = archived
    with store.writing() as connection:
        _put(connection, actor, case_row(connection, actor, case_id, "editor"), said)


def duplicate(store: Store, actor: Actor, case_id: str, name: str) -> str:
    """A new case of the user's own that begins with the latest revision of another; its id."""
    with store.writing() as connection:
        row = case_row(connection, actor, case_id)
        content = _revision(connection, case_id, row.latest).content
        made = begin(connection, actor, name, ())
        append(connection, actor, made, content, "")
        record(connection, actor, made, "duplicated", number=row.latest)
    return made


def remove(store: Store, actor: Actor, case_id: str) -> None:
    """Delete a case for good, with everything that hangs on it; the audit keeps that it was there."""
    with store.writing() as connection:
        row = case_row(connection, actor, case_id, "owner")
        connection.execute(delete(tables.cases).where(tables.cases.c.id == case_id))
        connection.execute(delete(tables.drafts).where(tables.drafts.c.case_id == case_id))
        record(connection, actor, case_id, "deleted", name=row.name, revisions=row.latest, head=row.head)


# -- within a transaction -----------------------------------------------------------------------------


def begin(connection: Connection, actor: Actor, name: str, tags: Iterable[str], status: str = "draft") -> str:
    """A case without a revision yet, in a transaction that adds one; its id."""
    case_id, at = new_id(), stamp(actor.at)
    connection.execute(
        insert(tables.cases).values(
            id=case_id,
            name=plain_text(name, "NAME"),
            owner=plain_text(actor.user, "USER", LONGEST_USER),
            status=_known_status(status),
            tags=_tags(tags),
            archived=False,
            created_at=at,
            changed_at=at,
            latest=0,
            head=FIRST_PREVIOUS,
        )
    )
    return case_id


def append(connection: Connection, actor: Actor, case_id: str, content: Content, why: str) -> int:
    """Add the next revision to the chain of a case that the transaction has for itself; its number."""
    told = plain_text(why, "WHY", LONGEST_REASON) if why.strip() else ""
    c = tables.cases
    before = connection.execute(select(c.c.latest, c.c.head).where(c.c.id == case_id)).one()
    said = {"number": before.latest + 1, "at": stamp(actor.at), "by": actor.user, "why": told, "previous": before.head}
    row = {**row_of(content), **said}
    row["hash"] = digest(row)
    connection.execute(insert(tables.revisions).values(case_id=case_id, **row))
    values = {"latest": row["number"], "head": row["hash"], "changed_at": row["at"]}
    connection.execute(update(c).where(c.c.id == case_id).values(**values))
    return int(row["number"])


def _put(connection: Connection, actor: Actor, row: Row[Any], said: dict[str, Any]) -> None:
    """Change what a case is called and marked with."""
    c, case_id = tables.cases, str(row.id)
    before = {key: getattr(row, key) for key in said}
    connection.execute(update(c).where(c.c.id == case_id).values(**said, changed_at=stamp(actor.at)))
    record(connection, actor, case_id, "changed", before=before, after=said)


def _revision_or_none(connection: Connection, case_id: str, number: int) -> Revision | None:
    r = tables.revisions
    row = connection.execute(select(r).where(r.c.case_id == case_id, r.c.number == number)).one_or_none()
    return None if row is None else revision_of(row)


def _revision(connection: Connection, case_id: str, number: int) -> Revision:
    found = _revision_or_none(connection, case_id, number)
    if found is None:
        raise unknown(case_id)
    return found


def _drop_draft(connection: Connection, actor: Actor, case_id: str) -> None:
    d = tables.drafts.c
    connection.execute(delete(tables.drafts).where(d.user == actor.user, d.case_id == case_id))


def _known_status(status: str) -> str:
    if status not in STATUSES:
        raise InputError([Issue("STATUS", "store_unknown_word", {"value": status[:40], "known": ", ".join(STATUSES)})])
    return status


def _tags(tags: Iterable[str]) -> str:
    told = sorted({plain_text(tag, "TAG", 60) for tag in tags})
    if len(told) > MOST_TAGS:
        raise InputError([Issue("TAG", "store_too_many_tags", {"maximum": MOST_TAGS})])
    return as_text(told)
