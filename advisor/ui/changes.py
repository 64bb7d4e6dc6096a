"""What changes the case of a session: an answer, another currency, another case."""

import streamlit as st

from advisor.assumptions import resolve
from advisor.assumptions.currency import in_currency
from advisor.assumptions.given import read_case
from advisor.core.notices import InputError
from advisor.decision.advice import preset_scenario
from advisor.scenario import QUESTIONS, Scenario, logo_of
from advisor.text.labels import labels
from advisor.ui import kept, state


def replace_scenario(new: Scenario) -> None:
    """Take another case; checked against the catalog first, so that a bad one leaves the old untouched."""
    state.advice(new)
    st.session_state[state.SCENARIO] = new
    st.session_state[state.WHAT_IF] = {}
    st.session_state[state.DRAFTS] = {}
    st.session_state[state.DOOR] = ()
    state.amounts_with_currency().clear()


def answer(name: str, value: object) -> None:
    """Change one answer; ``None`` goes back to the default, which of a title is the name the case is kept under.

    Raises :class:`InputError`.
    """
    case = kept.current()
    if name == "title" and not value and case is not None:
        value = case.saved.title
    if name == "currency" and value is not None:
        keep_answer(name, _told_in(str(value)))
    else:
        keep_answer(name, state.scenario().corrected(name, value))


def keep_answer(name: str, changed: Scenario) -> None:
    """Take a case in which one answer was changed, and which is checked already. Raises :class:`InputError`.

    It is kept before it is computed: who opens another page meanwhile ends this run, and with it what it would keep.
    """
    before, new = state.scenario(), _with_its_range(name, changed)
    st.session_state[state.SCENARIO] = new
    try:
        state.advice(new)
    except InputError:
        st.session_state[state.SCENARIO] = before
        raise
    st.session_state[state.DOOR] = ()
    state.drafts().pop(name, None)
    state.what_if().pop(name, None)


def _with_its_range(name: str, new: Scenario) -> Scenario:
    """The case with another answer; how sure its user was of the number holds for the new one as well."""
    case = state.scenario()
    if name not in (case.ranges or {}):
        return new
    was, changed = state.advice(case).assessment.assumptions, resolve(new, state.catalog(), state.today())
    ranges = {key: list(ends) for key, ends in (case.ranges or {}).items()}
    ends = ranges.pop(name)
    if was.knows(name) and changed.knows(name) and was.number(name):
        factor = float(changed.number(name)) / float(was.number(name))
        ranges[name] = sorted(QUESTIONS[name].nearest(end * factor) for end in ends)
    return new.with_(ranges=ranges or None)


def _told_in(currency: str) -> Scenario:
    """The case in another currency. Amounts of the first questions that were typed without one only now get it; more is
    converted.
    """
    case = state.scenario()
    amounts = {k for k in (*case.answers(), *(case.ranges or {})) if "money" in QUESTIONS[k].unit}
    released = any(record.released for record in (case.sign_off or {}).values())
    are_bare = amounts <= {"budget", "current_monthly_bill"} and not amounts & state.amounts_with_currency()
    if case.preset is None and are_bare and not released:
        return case.with_(currency=currency)
    st.toast(state.translator()("ui.converted"))
    return in_currency(case, currency, state.catalog(), state.today())


def load_preset(preset_id: str) -> None:
    replace_scenario(preset_scenario(preset_id, state.catalog()))
    kept.work_on(None)


def load_file(content: bytes) -> None:
    """Take the case of a file; faults are kept to be shown, the old case stays."""
    try:
        case, gone = read_case(content, state.catalog(), labels())
        _check_logo(case)
        replace_scenario(case)
        kept.work_on(None)
        st.session_state[state.DOOR] = gone
    except InputError as error:
        st.session_state[state.DOOR] = error.issues


def _check_logo(case: Scenario) -> None:
    """Refuse a picture that would keep the report from being printed, when it comes and not when it is asked for."""
    if case.logo is not None:
        from advisor.report.pdf import check_logo  # typesetting is loaded while the first page is read

        check_logo(logo_of(case.logo))


def clear() -> None:
    """An empty case; nothing is asked, since Undo brings the old one back."""
    replace_scenario(Scenario())
    kept.work_on(None)
    st.session_state.update({state.LEVERS: {}, state.PLAN: {}})
