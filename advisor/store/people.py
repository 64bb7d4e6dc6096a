"""The people who signed in at least once, by the key that stands as owner, member and author of what is kept."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Row, Table, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from advisor.core.notices import InputError, Issue
from advisor.store import tables
from advisor.store.access import LONGEST_USER, case_row, plain_text
from advisor.store.database import Store
from advisor.store.records import Actor, Forgotten, Person
from advisor.store.rows import stamp, time_of

LONGEST_EMAIL = 320
INSERT: Mapping[str, Callable[[Table], postgresql.Insert | sqlite.Insert]] = {
    "postgresql": postgresql.insert,
    "sqlite": sqlite.insert,
}
"""Both write anew what is there already, in words of their own: two tabs may sign in at once."""


def seen(store: Store, actor: Actor, name: str, email: str, issuer: str) -> None:
    """Write down that a person signed in, and what they are called now; what is no text of one line is left empty."""
    p, at = tables.people, stamp(actor.at)
    user = plain_text(actor.user, "USER", LONGEST_USER)
    told = {"name": _or_empty(name), "email": _or_empty(email, LONGEST_EMAIL).lower(), "issuer": issuer}
    with store.writing() as connection:
        new = INSERT[connection.dialect.name](p).values(user=user, **told, first_seen=at, last_seen=at)
        known = {**told, "last_seen": at}
        connection.execute(new.on_conflict_do_update(index_elements=[p.c.user], set_=known))


def by_user(store: Store, user: str) -> Person | None:
    """The person of a key; ``None`` for one who never signed in, or was forgotten."""
    with store.reading() as connection:
        row = connection.execute(select(tables.people).where(tables.people.c.user == user)).one_or_none()
    return None if row is None else _person(row)


def by_email(store: Store, actor: Actor, case_id: str, email: str) -> Person:
    """Whom the owner of a case means by an e-mail. Nobody else may ask.

    Raises :class:`InputError` where nobody who has it ever signed in, or more than one did.
    """
    p, told = tables.people, plain_text(email, "EMAIL", LONGEST_EMAIL)
    with store.writing() as connection:  # an owner's row is had for himself, as where he then lets somebody in
        case_row(connection, actor, case_id, "owner")
        rows = connection.execute(select(p).where(p.c.email == told.lower()).order_by(p.c.user)).all()
    if not rows:
        raise InputError([Issue("EMAIL", "people_unknown", {"email": told})])
    if len(rows) > 1:
        raise InputError([Issue("EMAIL", "people_several", {"email": told})])
    return _person(rows[0])


def everybody(store: Store) -> tuple[Person, ...]:
    """Everybody who signed in, for whoever looks after the database; no page asks this."""
    p = tables.people
    with store.reading() as connection:
        rows = connection.execute(select(p).order_by(p.c.email, p.c.user)).all()
    return tuple(_person(row) for row in rows)


def forget(store: Store, user: str) -> Forgotten:
    """Delete what is known of a person, what they may see of others' cases, and their drafts.

    The cases they own stay, and with them the key as author; how many there are is told. Raises :class:`InputError`
    for a key of nobody.
    """
    p, m, d, c = tables.people, tables.members, tables.drafts, tables.cases
    with store.writing() as connection:
        if not connection.execute(delete(p).where(p.c.user == user)).rowcount:
            raise InputError([Issue("USER", "people_no_such_key", {"user": user[:LONGEST_USER]})])
        shared = connection.execute(delete(m).where(m.c.user == user)).rowcount
        connection.execute(delete(d).where(d.c.user == user))
        owned = connection.scalar(select(func.count()).select_from(c).where(c.c.owner == user)) or 0
    return Forgotten(user, shared, owned)


def _or_empty(value: str, longest: int = 200) -> str:
    """What a provider of identities says, which nobody here can mend."""
    try:
        return plain_text(value, "PERSON", longest)
    except InputError:
        return ""


def _person(row: Row[Any]) -> Person:
    return Person(row.user, row.name, row.email, row.issuer, time_of(row.first_seen), time_of(row.last_seen))
