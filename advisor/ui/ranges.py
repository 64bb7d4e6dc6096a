"""How sure the user is of the numbers that matter: their own ranges in place of ours."""

from collections.abc import Mapping

import streamlit as st

from advisor.core.records import Assumption
from advisor.scenario import QUESTIONS
from advisor.text.i18n import Translator
from advisor.text.phrases import field_label
from advisor.ui import fields, layout, state

WITHIN: Mapping[str, float] = {"exact": 0.0, "within_10": 0.10, "within_25": 0.25}
"""How far off a number may be at most, as a share of it."""
ASSUMED, OWN = "assumed", "own"
MOST = 8
Range = tuple[float, float]


def what_do_you_know(t: Translator) -> None:
    """One choice a number, folded until somebody wants to say more; a narrower range narrows everything above."""
    said = bool(state.scenario().ranges)
    with layout.folded(t("risk.heading.know"), "know", icon=":material/straighten:", opened=said) as is_open:
        if is_open:
            st.markdown(t("risk.know.intro"))
            _ask_all(t)
    fields.show_fault("ranges")


def _ask_all(t: Translator) -> None:
    names = asked()
    for k in range(0, len(names), 2):
        for column, name in zip(st.columns(2, gap="large"), names[k : k + 2], strict=False):
            with column:
                _ask(name, t)


def asked() -> list[str]:
    """The numbers that matter when nobody knows more than we assume, and those with a range of the user's own."""
    case = state.scenario()
    before = state.advice(case.with_(ranges=None)) if case.ranges else state.advice()
    rows = state.advice().assessment.assumptions
    matter = [swing.id for swing in before.assessment.evidence.matter if swing.id in QUESTIONS][:MOST]
    return [name for name in dict.fromkeys((*matter, *(case.ranges or {}))) if rows.knows(name)]


def range_of(choice: str, row: Assumption) -> Range:
    """From where to where a number may lie, within the bounds of its question."""
    value = float(row.value or 0)
    off = WITHIN[choice] * abs(value)
    return QUESTIONS[row.id].nearest(value - off), QUESTIONS[row.id].nearest(value + off)


def choice_of(row: Assumption, kept: Range | None) -> str:
    """The choice that a range stands for."""
    if kept is None:
        return ASSUMED
    ends = tuple(QUESTIONS[row.id].nearest(end) for end in kept)
    return next((choice for choice in WITHIN if range_of(choice, row) == ends), OWN)


def _ask(name: str, t: Translator) -> None:
    rows = state.advice().assessment.assumptions
    row, key = rows[name], fields.widget_key(name, "know")
    kept = (state.scenario().ranges or {}).get(name)
    chosen = choice_of(row, kept)
    options = [*(c for c in WITHIN if row.value or c == "exact"), ASSUMED, *([OWN] if chosen == OWN else [])]
    st.session_state[key] = chosen

    def shown(option: str) -> str:
        return t(f"risk.know.{option}")

    def commit() -> None:
        _keep(name, str(st.session_state[key]))

    value = t.value(row.value, row.unit, rows.currency)
    label = layout.plain(t("risk.know.label", field=field_label(t, name), value=value))
    st.segmented_control(label, options, key=key, required=True, wrap=True, format_func=shown, on_change=commit)
    if row.is_uncertain:
        low, high = (t.value(end, row.unit, rows.currency) for end in (row.low, row.high))
        says = {"lognormal": "usual", "estimate": "estimated"}.get(row.shape, "now")
        st.caption(layout.plain(t(f"risk.know.{says}", low=low, high=high)))
    else:
        st.caption(t("risk.know.not_drawn"))


def _keep(name: str, choice: str) -> None:
    """Write one range and leave the others as they are."""
    case = state.scenario()
    ranges = dict(case.ranges or {})
    if choice == OWN:
        return
    if choice == ASSUMED:
        ranges.pop(name, None)
    else:
        ranges[name] = range_of(choice, state.advice().assessment.assumptions[name])
    fields.commit("ranges", {key: list(ends) for key, ends in ranges.items()} or None)
