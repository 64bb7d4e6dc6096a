"""What is done on the page Cases: told when it is done, and where it is refused told at its place and why."""

from collections.abc import Callable

import streamlit as st

from advisor.core.notices import InputError
from advisor.store.records import KeptCase
from advisor.text.i18n import Translator
from advisor.ui import changes, kept, layout, state

DONE, REFUSED, CHOSEN = "cases.done", "cases.refused", "cases.chosen"
FRONT = "pages/decide/your_case.py"


def choose(case_id: str | None) -> None:
    """From now on this case stands below the list; with ``None`` the one that the session works on."""
    st.session_state[CHOSEN] = case_id


def chosen() -> str | None:
    """The id of the case below the list: the one that was chosen, at first the one that the session works on."""
    now = kept.current()
    found: str | None = st.session_state.get(CHOSEN)
    return found or (None if now is None else now.id)


def tried(place: str, what: Callable[[], str]) -> bool:
    """Do it and keep the sentence that says what was done; where it is refused, why. Whether it was done."""
    st.session_state.pop(REFUSED, None)
    try:
        st.session_state[DONE] = what()
    except InputError as error:
        st.session_state[REFUSED] = (place, error.issues)
        return False
    return True


def say_done() -> None:
    """What was just done, once."""
    said = st.session_state.pop(DONE, None)
    if said:
        st.toast(layout.plain(said), icon=":material/check:")


def say_refused(place: str, t: Translator) -> None:
    """Why what was asked for at this place was not done, once."""
    refused = st.session_state.get(REFUSED)
    if refused is not None and refused[0] == place:
        layout.faults(st.session_state.pop(REFUSED)[1], t)


def forget_refused() -> None:
    """What has no place to be told at, since its case is gone, is not told beside another one later."""
    st.session_state.pop(REFUSED, None)


def open_case(place: str, case: KeptCase, number: int | None) -> None:
    """Take a revision into the session, the latest where no number is given, and go to its answers."""

    def take() -> str:
        opened = kept.read(case.id, state.catalog(), number)
        changes.replace_scenario(opened.saved)
        kept.work_on(opened)
        st.session_state.update({state.LEVERS: {}, state.PLAN: {}})
        return ""

    if tried(place, take):
        st.switch_page(FRONT)


def file(label: str, build: Callable[[], bytes | str], file_name: str, mime: str, key: str) -> None:
    """A file that is made when it is asked for. What it is made of is looked up before: a click is outside any run."""
    st.download_button(
        label,
        data=build,
        file_name=file_name,
        mime=mime,
        on_click="ignore",
        icon=":material/download:",
        key=f"download.cases.{key}.{state.language()}",
    )
