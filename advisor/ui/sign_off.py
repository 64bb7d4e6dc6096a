"""The record of the stage gates on the page Answer: where it stands, and a form for one gate at a time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import streamlit as st

from advisor.core.notices import InputError
from advisor.costs.sign_off import NOTHING_YET, SignedGate, SignOff
from advisor.report import sign_off as words
from advisor.report.link import is_linked
from advisor.scenario import QUESTIONS
from advisor.scenario.reading import release_of
from advisor.scenario.sign_off import DECISIONS, LONGEST_GATE, LONGEST_REMARK, NOT_YET, RELEASED, SIGN_OFF, place
from advisor.scenario.values import FIRST_DAY, LAST_DAY
from advisor.text.i18n import Translator
from advisor.text.phrases import issue_text
from advisor.ui import changes, fields, layout, state
from advisor.ui.tables import stacked_table


def told(found: SignOff, currency: str, t: Translator) -> None:
    """Where the project stands, every gate with its record, and what is missing."""
    first, second = words.headline(found, t), words.money_text(found, t, currency)
    said = layout.plain(t("word.sentences", first=first, second=second))
    if found.stopped is not None or found.over:
        st.warning(said, icon=":material/warning:")
    else:
        st.markdown(said)
    heads, rows = words.short_table(found, t, currency)
    stacked_table(rows, heads, t("sign_off.heading"), "sign-off")
    for remark in words.remarks(found, t):
        st.warning(layout.plain(remark), icon=":material/warning:")


def form(gates: tuple[SignedGate, ...], currency: str, t: Translator) -> None:
    """What was decided at the gate that is chosen: each part becomes part of the case as it is typed."""
    names = {gate.step: words.gate_name(gate, t) for gate in gates}
    st.markdown(f"**{t('sign_off.ui.title')}**")
    key = f"w.sign_off.gate.{t.language}"
    if st.session_state.get(key) not in names:
        st.session_state[key] = next((g.step for g in gates if g.record.decision is None), gates[0].step)
    chosen = st.selectbox(t("sign_off.ui.gate"), tuple(names), key=key, format_func=lambda step: names.get(step, step))
    gate = next(each for each in gates if each.step == chosen)
    _dates_and_decision(gate, t)
    left, right = st.columns(2)
    with left:
        _text(gate, "decided_by", LONGEST_GATE, t)
    with right:
        _released(gate, currency, t)
    _text(gate, "criterion", LONGEST_REMARK, t, placeholder=words.criterion(_without_own(gate), t))
    _text(gate, "remark", LONGEST_REMARK, t)
    if not is_linked(state.scenario(), SIGN_OFF):
        st.caption(t("sign_off.ui.not_in_link"))


def _without_own(gate: SignedGate) -> SignedGate:
    return replace(gate, record=NOTHING_YET)


def _dates_and_decision(gate: SignedGate, t: Translator) -> None:
    left, middle, right = st.columns(3)
    with left:
        _day(gate, "due", t)
    with middle:
        key = _key(gate, "decision", t)
        st.session_state[key] = gate.record.decision or NOT_YET
        st.selectbox(
            t("sign_off.ui.decision"),
            (NOT_YET, *DECISIONS),
            key=key,
            format_func=lambda each: t(f"sign_off.decision.{each}"),
            on_change=_keep,
            args=(gate.step, "decision", key, _decision),
        )
    with right:
        _day(gate, "decided_on", t)


def _key(gate: SignedGate, part: str, t: Translator) -> str:
    return f"w.sign_off.{gate.step}.{part}.{t.language}"


def _day(gate: SignedGate, part: str, t: Translator) -> None:
    key = _key(gate, part, t)
    st.session_state[key] = getattr(gate.record, part)
    st.date_input(
        t(f"sign_off.ui.{part}"),
        key=key,
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
        format="YYYY-MM-DD",
        on_change=_keep,
        args=(gate.step, part, key, _day_text),
    )


def _text(gate: SignedGate, part: str, longest: int, t: Translator, placeholder: str = "") -> None:
    key = _key(gate, part, t)
    st.session_state[key] = getattr(gate.record, part) or ""
    st.text_input(
        t(f"sign_off.ui.{part}"),
        key=key,
        max_chars=longest,
        placeholder=placeholder or None,
        on_change=_keep,
        args=(gate.step, part, key, _stripped),
    )


def _released(gate: SignedGate, currency: str, t: Translator) -> None:
    """Money as people write it; what cannot be read is told beside the field and stays in it."""
    key, label = _key(gate, RELEASED, t), t("sign_off.ui.released", currency=currency)
    draft = state.drafts().get(SIGN_OFF)
    is_refused = draft is not None and draft.issue.field == place(gate.step, RELEASED)
    kept = fields.shown_number(gate.record.released, "money", t)
    st.session_state[key] = draft.text if draft and is_refused else kept
    st.text_input(label, key=key, on_change=_keep_released, args=(gate.step, key))
    if draft and is_refused:
        fault = issue_text(t, replace(draft.issue, field=label))
        st.error(layout.plain(fault), icon=":material/error:")


def _decision(value: object) -> object:
    return None if value == NOT_YET else value


def _day_text(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else None


def _stripped(value: object) -> object:
    return str(value or "").strip() or None


def _keep(step: str, part: str, key: str, read: Callable[[object], object]) -> None:
    """Take what stands in a widget into the record of a gate."""
    try:
        _answer(step, part, read(st.session_state[key]))
    except InputError as error:
        st.session_state[state.DOOR] = error.issues


def _keep_released(step: str, key: str) -> None:
    text = str(st.session_state[key])
    try:
        _answer(step, RELEASED, fields.parsed_number(text, release_of(step, QUESTIONS), state.translator()))
    except InputError as error:
        state.drafts()[SIGN_OFF] = state.RefusedAnswer(text, error.issues[0])


def _answer(step: str, part: str, value: object) -> None:
    """The case with another value in the record of a gate; a record with nothing in it is none."""
    records = dict(state.scenario().answers().get(SIGN_OFF) or {})
    records[step] = {**records.get(step, {}), part: value}
    said = {gate: {name: each for name, each in record.items() if each is not None} for gate, record in records.items()}
    changes.answer(SIGN_OFF, {gate: record for gate, record in said.items() if record} or None)
