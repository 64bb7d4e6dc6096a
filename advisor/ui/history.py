"""What was before: Undo, and the browser's Back and Forward, by the addresses that the session has written."""

from dataclasses import dataclass, replace
from time import monotonic

import streamlit as st

from advisor.scenario import QUESTIONS, Scenario
from advisor.ui import address, autosave, kept, state

LINK, BEFORE = "link", "before"
MOST_STEPS_BACK = 50
ONE_STEP = """
if (!window.oneStep) {
  const push = history.pushState.bind(history);
  window.oneStep = history.pushState = (held, title, to) => {
    const there = new URL(to ?? location.href, location.href);
    const isBare = !location.search && there.pathname === location.pathname;
    return isBare ? history.replaceState(held, title, to) : push(held, title, to);
  };
}
"""
"""A page is first told by its bare address, then by that with the case: one step of the history, so that one Back leads
to the page before. In JavaScript."""
LAG_SECONDS = 1.0
"""So long a browser may still send the address from before an answer; later another address is its Back button."""


@dataclass(frozen=True)
class Moment:
    """Everything that Undo brings back."""

    case: Scenario
    what_if: dict[str, float]
    levers: dict[str, bool]
    plan: dict[str, object]
    with_currency: frozenset[str]
    kept: kept.OpenCase | None
    chosen: dict[str, object]

    def is_typed_like(self, other: "Moment") -> bool:
        """Whether the case and what is tried out beside it are the same."""
        return replace(self, chosen=other.chosen) == other


@dataclass(frozen=True)
class Link:
    """An address that was written, what it stands for, and when. [s]"""

    params: dict[str, str]
    moment: Moment
    since: float


def _moment() -> Moment:
    tried = dict(state.what_if()), dict(state.levers()), dict(state.plan())
    with_currency = frozenset(state.amounts_with_currency())
    return Moment(state.scenario(), *tried, with_currency, kept.current(), state.choices())


def _before() -> list[Moment]:
    found: list[Moment] = st.session_state.setdefault(BEFORE, [])
    return found


def keep_link() -> None:
    """Keep the address equal to the case, so that a reload or a shared link brings it back, and Undo what was there."""
    state.held().keep(state.advice(), state.scenario(), state.link_of(state.scenario()))
    wanted, last, now = state.url_of(state.scenario()), st.session_state.get(LINK), _moment()
    if last is None or last.params != wanted or last.moment != now:  # a logo stands in no address
        if last is not None and last.moment != now:
            st.session_state[BEFORE] = [*_before(), last.moment][-MOST_STEPS_BACK:]
        st.session_state[LINK] = Link(wanted, now, monotonic())
    if last is None or last.moment.case != now.case:
        state.examine_soon()
    if last is not None and not last.moment.is_typed_like(now) and (now.kept is None or last.moment.kept == now.kept):
        autosave.keep_soon()  # a kept case that was only opened or saved leaves its draft as it is
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def follow_address() -> None:
    """Take back the case of the address that the browser's Back or Forward shows."""
    last, came = st.session_state.get(LINK), st.query_params.to_dict()
    wanted = came.pop(state.FIELD, None)
    if wanted in QUESTIONS:
        st.session_state[state.FIELD] = wanted
    if last is None or not came or came == last.params or monotonic() - last.since < LAG_SECONDS:
        return
    if state.url_of(state.scenario()) != last.params:  # an answer has just been given: the address is from before it
        return
    try:
        opened, faults = state.kept_at(came)
    except kept.Unreadable as error:  # stay here: what is there may be read later
        st.session_state[state.DOOR] = error.issues
        return
    arrived = address.read(came, state.catalog(), state.advice, opened.saved if opened else None)
    case = arrived.case.corrected("logo", state.scenario().logo)  # no address can hold it
    there = Moment(case, arrived.what_if, arrived.levers, arrived.plan, frozenset(), opened, arrived.chosen)
    steps = _before()
    if steps and steps[-1].case == there.case:
        there = replace(there, with_currency=steps.pop().with_currency)
    else:
        steps.append(last.moment)
    _bring_back(there)
    st.session_state[state.DOOR] = (*faults, *arrived.issues)


def undo() -> None:
    """Bring back what was there before the last change; say so where there was none."""
    shown = st.session_state.get(LINK)
    if shown is not None and shown.moment != _moment():  # typed just before the click, and not drawn yet
        _bring_back(shown.moment)
    elif _before():
        _bring_back(_before().pop())
    else:
        st.toast(state.translator()("ui.nothing_to_undo"))


def _bring_back(before: Moment) -> None:
    there = replace(before, kept=kept.newest(before.kept))
    if before.kept is not None and there.kept is not None and before.case.title == before.kept.saved.title:
        there = replace(there, case=before.case.corrected("title", there.kept.saved.title))  # renamed since
    st.session_state.update(
        {state.SCENARIO: there.case, state.WHAT_IF: dict(there.what_if), state.LEVERS: dict(there.levers)}
    )
    st.session_state.update({state.PLAN: dict(there.plan), state.DRAFTS: {}, state.DOOR: ()})
    st.session_state[state.WITH_CURRENCY] = set(there.with_currency)
    kept.work_on(there.kept)
    state.choose(there.chosen)
    st.session_state[LINK] = Link(state.url_of(there.case), there, monotonic())
    for key in [str(key) for key in st.session_state if str(key).startswith(state.PLAN_WIDGETS)]:
        del st.session_state[key]  # a table that is typed into shows what it was typed into
