"""What stands beside a case: notes on its assumptions, what a user typed and has not saved, links to share it."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from advisor.core.notices import InputError, Issue
from advisor.store import tables
from advisor.store.access import LONGEST_USER, case_row, new_id, plain_text, record, visible
from advisor.store.database import Store
from advisor.store.records import Actor, CaseDraft, CaseNote, NamedDraft, Revision, SharedRevision, ShareLink
from advisor.store.rows import as_text, revision_of, stamp, time_of

LONGEST_NOTE = 2000
NEW_CASE = ""
"""In the place of a case's id: a draft of a case that is not kept yet."""


class UnknownLink(InputError):
    """No link has this token: there never was one, it has run out, or it was revoked."""


# -- notes --------------------------------------------------------------------------------------------


def add_note(store: Store, actor: Actor, case_id: str, assumption: str, text: str, told_by: str = "") -> str:
    """Write down what is known about an assumption, and who told it; the id of the note."""
    note = {
        "id": new_id(),
        "assumption": plain_text(assumption, "ASSUMPTION", 80),
        "text": plain_text(text, "NOTE", LONGEST_NOTE),
        "told_by": plain_text(told_by, "TOLD_BY") if told_by.strip() else "",
    }
    with store.writing() as connection:
        case_row(connection, actor, case_id, "editor")
        values = {**note, "case_id": case_id, "at": stamp(actor.at), "by": actor.user}
        connection.execute(insert(tables.notes).values(**values))
        record(connection, actor, case_id, "noted", assumption=note["assumption"])
    return note["id"]


def notes_of(store: Store, actor: Actor, case_id: str) -> tuple[CaseNote, ...]:
    """The notes of a case, the first first."""
    n = tables.notes
    with store.reading() as connection:
        case_row(connection, actor, case_id)
        rows = connection.execute(select(n).where(n.c.case_id == case_id).order_by(n.c.at, n.c.id)).all()
    return tuple(CaseNote(r.id, r.assumption, r.text, r.told_by, time_of(r.at), r.by) for r in rows)


def remove_note(store: Store, actor: Actor, case_id: str, note_id: str) -> None:
    """Take a note away; one that is not there is no fault."""
    n = tables.notes
    with store.writing() as connection:
        case_row(connection, actor, case_id, "editor")
        gone = connection.execute(delete(n).where(n.c.case_id == case_id, n.c.id == note_id))
        if gone.rowcount:
            record(connection, actor, case_id, "note_removed", note=note_id)


# -- drafts -------------------------------------------------------------------------------------------


def keep_draft(
    store: Store, actor: Actor, case_id: str, seen: int, answers: str, beside: Mapping[str, Any] | None = None
) -> None:
    """Keep what a user typed, in the place of the draft before; ``beside`` is what is only tried out."""
    said = {"seen": seen, "answers": answers, "beside": as_text(beside or {}), "at": stamp(actor.at)}
    with store.writing() as connection:
        if case_id != NEW_CASE:
            case_row(connection, actor, case_id)
        user = plain_text(actor.user, "USER", LONGEST_USER)
        _drop(connection, actor, case_id)
        connection.execute(insert(tables.drafts).values(user=user, case_id=case_id, **said))


def drop_drafts_before(store: Store, oldest: datetime) -> None:
    """Forget what anybody typed before ``oldest`` and has not touched since."""
    with store.writing() as connection:
        connection.execute(delete(tables.drafts).where(tables.drafts.c.at < stamp(oldest)))


def draft_of(store: Store, actor: Actor, case_id: str = NEW_CASE) -> CaseDraft | None:
    """What the user typed and has not saved; ``None`` where there is nothing."""
    d = tables.drafts
    with store.reading() as connection:
        if case_id != NEW_CASE:
            case_row(connection, actor, case_id)
        row = connection.execute(select(d).where(d.c.user == actor.user, d.c.case_id == case_id)).one_or_none()
    if row is None:
        return None
    return _draft(row)


def drafts_of(store: Store, actor: Actor) -> tuple[NamedDraft, ...]:
    """Everything that the user typed and has not saved, the last first; not of cases that he may no longer see."""
    d, seen = tables.drafts, visible(actor.user).subquery()
    joined = d.outerjoin(seen, seen.c.id == d.c.case_id)
    mine = d.c.user == actor.user, (d.c.case_id == NEW_CASE) | seen.c.id.is_not(None)
    query = select(d, seen.c.name).select_from(joined).where(*mine).order_by(d.c.at.desc(), d.c.case_id)
    with store.reading() as connection:
        rows = connection.execute(query).all()
    return tuple(NamedDraft(row.name or "", _draft(row)) for row in rows)


def _draft(row: Row[Any]) -> CaseDraft:
    return CaseDraft(row.case_id, row.seen, row.answers, json.loads(row.beside), time_of(row.at))


def drop_draft(store: Store, actor: Actor, case_id: str = NEW_CASE) -> None:
    """Forget what the user typed."""
    with store.writing() as connection:
        _drop(connection, actor, case_id)


def _drop(connection: Connection, actor: Actor, case_id: str) -> None:
    d = tables.drafts
    connection.execute(delete(d).where(d.c.user == actor.user, d.c.case_id == case_id))


# -- links --------------------------------------------------------------------------------------------


def share(store: Store, actor: Actor, case_id: str, number: int, expires_at: datetime) -> tuple[str, ShareLink]:
    """Make a read-only link to a revision: its token, which is told only now, and the record that is kept."""
    if expires_at <= actor.at:
        raise InputError([Issue("EXPIRES", "store_link_already_over", {})])
    token = secrets.token_urlsafe(32)
    link = ShareLink(new_id(), case_id, number, actor.at, actor.user, expires_at, None)
    r = tables.revisions.c
    with store.writing() as connection:
        row = case_row(connection, actor, case_id, "editor")
        if connection.scalar(select(r.number).where(r.case_id == case_id, r.number == number)) is None:
            raise InputError([Issue("CASE", "store_no_such_revision", {"number": number, "latest": row.latest})])
        values = {"id": link.id, "token_hash": _hash(token), "case_id": case_id, "number": number, "by": actor.user}
        times = {"at": stamp(actor.at), "expires_at": stamp(expires_at)}
        connection.execute(insert(tables.links).values(**values, **times))
        record(connection, actor, case_id, "shared", link=link.id, number=number, expires_at=stamp(expires_at))
    return token, link


def end_of(day: date) -> datetime:
    """When a link ends that works through this day: with the day, in UTC."""
    return datetime.combine(day, time(23, 59, 59), UTC)


def behind_link(store: Store, token: str, at: datetime) -> SharedRevision:
    """What a link shows at this time; nobody needs to sign in for it. Raises :class:`UnknownLink`."""
    c, k, r = tables.cases, tables.links, tables.revisions
    joined = r.join(k, (k.c.case_id == r.c.case_id) & (k.c.number == r.c.number)).join(c, c.c.id == r.c.case_id)
    alive = k.c.token_hash == _hash(token), k.c.revoked_at.is_(None), k.c.expires_at > stamp(at)
    with store.reading() as connection:
        row = connection.execute(select(r, c.c.name, k.c.expires_at).select_from(joined).where(*alive)).one_or_none()
    if row is None:
        raise UnknownLink([Issue("LINK", "store_no_such_link", {})])
    return SharedRevision(row.name, revision_of(row), time_of(row.expires_at))


def shared(store: Store, token: str, at: datetime) -> Revision:
    """The revision behind a link at this time. Raises :class:`UnknownLink`."""
    return behind_link(store, token, at).revision


def revoke(store: Store, actor: Actor, case_id: str, link_id: str) -> None:
    """End a link at once; one that is not there, or has ended, is no fault."""
    k = tables.links
    with store.writing() as connection:
        case_row(connection, actor, case_id, "editor")
        alive = k.c.case_id == case_id, k.c.id == link_id, k.c.revoked_at.is_(None)
        if connection.execute(update(k).where(*alive).values(revoked_at=stamp(actor.at))).rowcount:
            record(connection, actor, case_id, "revoked", link=link_id)


def links_of(store: Store, actor: Actor, case_id: str) -> tuple[ShareLink, ...]:
    """Every link that was ever made to a case, the first first."""
    k = tables.links
    with store.reading() as connection:
        case_row(connection, actor, case_id)
        rows = connection.execute(select(k).where(k.c.case_id == case_id).order_by(k.c.at, k.c.id)).all()
    return tuple(_link(row) for row in rows)


def _link(row: Row[Any]) -> ShareLink:
    revoked = None if row.revoked_at is None else time_of(row.revoked_at)
    return ShareLink(row.id, row.case_id, row.number, time_of(row.at), row.by, time_of(row.expires_at), revoked)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
