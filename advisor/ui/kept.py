"""The kept case that a session works on."""

import re
from dataclasses import dataclass, replace

import streamlit as st

from advisor.assumptions.given import unfinished_case
from advisor.catalog.catalog import Catalog
from advisor.core.notices import InputError, Issue
from advisor.scenario import LONGEST_NAME, Scenario
from advisor.text.i18n import Translator
from advisor.ui import database, people

OPEN, KNOWN = "kept_case", "kept_known"
NUMBER = re.compile(r"[0-9]{1,6}")


class Unreadable(InputError):
    """The database does not answer: whether the case is there is not known, so that nobody is told it is not."""


@dataclass(frozen=True)
class OpenCase:
    """A kept case in a session: ``seen`` is the revision that it began from, ``saved`` what that revision answers,
    ``latest`` the last one that was there when it was read."""

    id: str
    name: str
    seen: int
    access: str
    saved: Scenario
    latest: int

    @property
    def is_older(self) -> bool:
        """Whether a later revision was there when it was read."""
        return self.seen < self.latest

    def named(self, case: Scenario) -> str:
        """How the address of ``case``, which began from it, names it: with the number of an older revision, else its
        reader would get the latest; and beside changes, else they would stand unseen on what is saved in between."""
        return self.pinned if self.is_older or case != self.saved else self.id

    def is_named(self, name: str) -> bool:
        """Whether an address that says ``name`` means it."""
        return name == self.pinned or (name == self.id and not self.is_older)

    @property
    def pinned(self) -> str:
        """How what outlives the next revision names it."""
        return f"{self.id}@{self.seen}"


def read(case_id: str, catalog: Catalog, number: int | None = None) -> OpenCase:
    """A kept case as it was saved last, or in the revision of this ``number``; later saving begins from there.

    Raises :class:`~advisor.core.notices.InputError` for one that the user may not see, :class:`Unreadable` where the
    database cannot be asked.
    """
    from advisor.store import cases
    from advisor.store.database import StoreError

    try:
        case = cases.find(database.store(), people.actor(), case_id)
        revision = cases.revision(database.store(), people.actor(), case_id, number)
    except StoreError as error:
        raise Unreadable(error.issues) from error
    saved = titled(unfinished_case(revision.content.answers, catalog), case.name)
    return OpenCase(case.id, case.name, revision.head.number, case.access, saved, case.latest)


def titled(case: Scenario, name: str) -> Scenario:
    """The case with the name it is kept under as its title, so that pages, files and reports call it the same.

    Of a name longer than a title may be its beginning. Raises :class:`~advisor.core.notices.InputError`.
    """
    return case.corrected("title", name[:LONGEST_NAME])


def named(name: str, catalog: Catalog) -> OpenCase:
    """The kept case that an address names, with or without a revision. Raises as :func:`read` does."""
    case_id, _, number = name.partition("@")
    return read(case_id, catalog, int(number) if NUMBER.fullmatch(number) else None)


def current() -> OpenCase | None:
    """The kept case that the session works on; ``None`` for one that is not kept."""
    found: OpenCase | None = st.session_state.get(OPEN)
    return found


def work_on(case: OpenCase | None) -> None:
    """From now on saving adds to this case; with ``None`` it makes a new one."""
    st.session_state[OPEN] = case
    if case is not None:
        st.session_state.setdefault(KNOWN, {})[case.id] = case


def newest(case: OpenCase | None) -> OpenCase | None:
    """The same case as it was last saved or read in this session: Undo brings back answers, not what was saved."""
    known: dict[str, OpenCase | None] = st.session_state.get(KNOWN, {})
    return None if case is None else known.get(case.id, case)


def forget(case_id: str) -> None:
    """A case that is gone: whoever works on it works on one that is not kept, also after Undo."""
    st.session_state.setdefault(KNOWN, {})[case_id] = None
    now = current()
    if now is not None and now.id == case_id:
        work_on(None)


def in_words(issue: Issue, t: Translator) -> Issue:
    """A refusal of kept cases in the words of the pages: they name what the command line is given."""
    called = {
        "CASE": t("cases.column.name"),
        "EMAIL": t("members.email"),
        "EXPIRES": t("sharing.until"),
        "NAME": t("store.column.name"),
        "NOTE": t("cases.note_text"),
        "TAG": t("store.column.tags"),
        "TOLD_BY": t("sharing.column.told_by"),
        "WHY": t("store.column.why"),
    }
    code = "kept_not_there" if issue.code == "store_no_such_case" else issue.code
    return replace(issue, field=called.get(issue.field, issue.field), code=code)
