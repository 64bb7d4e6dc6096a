"""What somebody wrote down about numbers of the open kept case, and who told it."""

from collections.abc import Callable

from advisor.store.records import Actor, CaseNote
from advisor.ui import database, kept, people


def of(case_id: str, actor: Actor) -> tuple[CaseNote, ...]:
    """The notes of a kept case. Raises :class:`~advisor.core.notices.InputError` for one that may not be seen."""
    from advisor.store import beside

    return beside.notes_of(database.store(), actor, case_id)


def of_open_case() -> tuple[CaseNote, ...]:
    """The notes of the case that the session works on; none, unasked, where it is not kept. Raises as above."""
    return reader()()


def reader() -> Callable[[], tuple[CaseNote, ...]]:
    """Reads them when a file is built: a click finds an empty session, so it carries which case and who asks."""
    case = kept.current()
    if case is None:
        return lambda: ()
    case_id, actor = case.id, people.actor()
    return lambda: of(case_id, actor)
