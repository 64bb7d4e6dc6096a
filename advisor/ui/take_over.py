"""Before measured answers are taken into the case: what was found, what it changes, the verdict before and after."""

from collections.abc import Mapping

import streamlit as st

from advisor.core.notices import InputError
from advisor.decision.advice import Advice
from advisor.scenario import QUESTIONS, Measurement, Scenario
from advisor.text.i18n import Translator
from advisor.text.phrases import field_label, joined, without_unit
from advisor.ui import fields, layout, state
from advisor.ui.tables import stacked_table

COLUMNS = ("question", "now", "measured", "interval", "record")


def draw(records: Mapping[str, Measurement], key: str) -> None:
    """A table of the answers, both verdicts side by side, and the button that takes them over; ``key`` is the page."""
    t, case = state.translator(), state.scenario()
    if not records:
        st.info(t("take_over.nothing"), icon=":material/info:")
        return
    try:
        changed = case.with_measured(records)
        after = state.advice(changed)
    except InputError as error:
        layout.faults(error.issues, t)
        return
    before = state.advice()
    st.subheader(t("take_over.title"))
    rows = [_row(name, record, before, after, t) for name, record in records.items()]
    stacked_table(rows, [t(f"take_over.column.{c}") for c in COLUMNS], t("take_over.table"), f"measured-{key}")
    for column, found, title in zip(st.columns(2), (before, after), ("before", "after"), strict=True):
        with column:
            st.markdown(f"**{t(f'take_over.{title}')}**")
            layout.verdict_card(found, t, level=3)
            layout.short_headline(found, t)
    st.caption(layout.plain(joined([still_open(after, t), *left_aside(records, after, t)], t)))
    if changed == case:
        st.success(t("take_over.done"), icon=":material/check:")
    else:
        st.button(t("take_over.take"), type="primary", key=f"w.take.{key}", on_click=_take, args=(changed,))


def still_open(found: Advice, t: Translator) -> str:
    """The numbers that matter and are not the reader's own yet."""
    names = [field_label(t, swing.id) for swing in found.assessment.evidence.matter if not swing.is_yours]
    return t("take_over.open", names=t("word.comma").join(names)) if names else t("take_over.all_own")


def left_aside(records: Mapping[str, Measurement], found: Advice, t: Translator) -> list[str]:
    """A sentence on the answers that the case does not ask for as it stands; none where it asks for all."""
    names = [field_label(t, name) for name in records if name not in found.assessment.assumptions.rows]
    return [t("take_over.idle", names=t("word.comma").join(names))] if names else []


def _take(changed: Scenario) -> None:
    state.replace_scenario(changed)
    st.toast(state.translator()("take_over.taken"))


def _row(name: str, record: Measurement, before: Advice, after: Advice, t: Translator) -> tuple[str, ...]:
    """Question, answer of now, measured answer, its 80 % interval, the record."""
    old, currency = before.assessment.assumptions.rows.get(name), after.assessment.assumptions.currency
    unit = QUESTIONS[name].unit
    if isinstance(record.value, str):
        now = "" if old is None or old.value is None else fields.option_text(name, str(old.value))
        return field_label(t, name), now, fields.option_text(name, record.value), "", record.title
    now = "" if old is None or old.value is None else t.value(old.value, unit, currency)
    ends = [t.value(end, unit, currency) for end in (record.low, record.high) if end is not None]
    if len(ends) == 2:
        ends[0] = without_unit(*ends)
    return field_label(t, name), now, t.value(record.value, unit, currency), " \u2013 ".join(ends), record.title
