"""Who may see and change a case, and the audit of what was done, written in the transaction that does it."""

import json
import secrets
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, delete, insert, select

from advisor.core.notices import InputError, Issue
from advisor.store import tables
from advisor.store.database import Store
from advisor.store.records import ACCESS, Actor, AuditEntry
from advisor.store.rows import as_text, stamp, time_of

LONGEST_NAME, LONGEST_USER = 200, 300


class UnknownCase(InputError):
    """No case of this user's has the id. Whether another user's has it is not told."""


class NotAllowed(InputError):
    """The user sees the case and may not do this to it."""


def new_id() -> str:
    """An id that nobody can guess, of letters and digits: a command takes what begins with a dash for an option."""
    return secrets.token_hex(16)


def visible(user: str) -> Select[Any]:
    """The cases that a user may see, with the headline of the latest revision and the ``role`` if it is not theirs."""
    c, m, r = tables.cases, tables.members, tables.revisions
    latest = and_(r.c.case_id == c.c.id, r.c.number == c.c.latest)
    joined = c.outerjoin(m, and_(m.c.case_id == c.c.id, m.c.user == user)).outerjoin(r, latest)
    seen = (c.c.owner == user) | m.c.role.is_not(None)
    return select(c, m.c.role, r.c.headline).select_from(joined).where(seen)


def access_of(row: Row[Any], user: str) -> str:
    return "owner" if row.owner == user else str(row.role)


def case_row(connection: Connection, actor: Actor, case_id: str, needed: str = "viewer") -> Row[Any]:
    """The row of a case; who is to change it has it for himself until the transaction ends.

    Raises :class:`UnknownCase`, or :class:`NotAllowed` where a user sees the case and may not do what is ``needed``.
    """
    query = visible(actor.user).where(tables.cases.c.id == case_id)
    if needed != "viewer":
        query = query.with_for_update(of=tables.cases)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise unknown(case_id)
    if ACCESS.index(access_of(row, actor.user)) < ACCESS.index(needed):
        raise NotAllowed([Issue("CASE", "store_not_allowed", {"name": row.name})])
    return row


def unknown(case_id: str) -> UnknownCase:
    return UnknownCase([Issue("CASE", "store_no_such_case", {"case": case_id[:60]})])


def plain_text(value: str, field: str, longest: int = LONGEST_NAME) -> str:
    """Text of one line that a person reads. Raises :class:`InputError` for none, too long, or what is not printed."""
    told = " ".join(value.split())
    if not told or len(told) > longest or not told.isprintable():
        raise InputError([Issue(field, "store_bad_text", {"maximum": longest})])
    return told


def record(connection: Connection, actor: Actor, case_id: str, action: str, **detail: object) -> None:
    """Write down what is done, together with it."""
    said = {"case_id": case_id, "at": stamp(actor.at), "by": actor.user, "action": action, "detail": as_text(detail)}
    connection.execute(insert(tables.audit).values(**said))


def audit_of(store: Store, actor: Actor, case_id: str) -> tuple[AuditEntry, ...]:
    """What was done to a case, the first first; of one that is gone, whoever deleted it may still read it."""
    a = tables.audit
    with store.reading() as connection:
        gone = a.c.case_id == case_id, a.c.action == "deleted", a.c.by == actor.user
        if connection.scalar(select(a.c.id).where(*gone)) is None:
            case_row(connection, actor, case_id)
        rows = connection.execute(select(a).where(a.c.case_id == case_id).order_by(a.c.id)).all()
    return tuple(AuditEntry(r.case_id, time_of(r.at), r.by, r.action, json.loads(r.detail)) for r in rows)


def members_of(store: Store, actor: Actor, case_id: str) -> dict[str, str]:
    """By user what each may do besides the owner."""
    m = tables.members
    with store.reading() as connection:
        case_row(connection, actor, case_id)
        rows = connection.execute(select(m).where(m.c.case_id == case_id).order_by(m.c.user)).all()
    return {row.user: row.role for row in rows}


def let(store: Store, actor: Actor, case_id: str, user: str, access: str | None) -> None:
    """The owner lets a ``user`` view or edit, or (``None``) no longer do either."""
    if access not in (None, "viewer", "editor"):
        raise InputError([Issue("ACCESS", "store_unknown_word", {"value": str(access), "known": "viewer, editor"})])
    m, name = tables.members, plain_text(user, "USER", LONGEST_USER)
    with store.writing() as connection:
        case_row(connection, actor, case_id, "owner")
        connection.execute(delete(m).where(m.c.case_id == case_id, m.c.user == name))
        if access is not None:
            connection.execute(insert(m).values(case_id=case_id, user=name, role=access))
        record(connection, actor, case_id, "access", user=name, access=access)
