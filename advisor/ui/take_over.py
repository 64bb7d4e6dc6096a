"""Before measured answers are taken into the case: what was found, what it changes, the verdict before and after."""

from collections.abc import Mapping

import streamlit as st

from advisor.core.notices import InputError
from advisor.decision.advice import Advice
from advisor.evidence.kept_actuals import with_actuals
from advisor.scenario import QUESTIONS, ActualsRecord, Measurement, Scenario
from advisor.text.i18n import Translator
from advisor.text.measured_phrases import answered, interval_text, open_texts
from advisor.text.phrases import field_label, joined
from advisor.ui import changes, fields, headline, layout, state
from advisor.ui.tables import stacked_table

COLUMNS = ("question", "now", "measured", "interval", "record")


def draw(
    records: Mapping[str, Measurement], key: str, compared: ActualsRecord | None = None, note: str | None = None
) -> None:
    """A table of the answers, both verdicts side by side, and the button that takes them over; ``key`` is the page.

    ``compared`` are the months that are kept with them, as they stood beside the plan that the answers change;
    ``note`` says how an answer follows from what was measured.
    """
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
    if note is not None:
        st.caption(layout.plain(note))
    for column, found, title in zip(st.columns(2), (before, after), ("before", "after"), strict=True):
        with column:
            st.markdown(f"**{t(f'take_over.{title}')}**")
            headline.verdict_card(found, t, level=3)
            headline.short(found, t)
    st.caption(layout.plain(joined(open_texts(records, after.assessment, t), t)))
    if changed == case:
        st.success(t("take_over.done"), icon=":material/check:")
    else:
        if compared is not None:
            st.caption(t("actuals.into"))
        whole = changed if compared is None else with_actuals(changed, compared)
        st.button(t("take_over.take"), type="primary", key=f"w.take.{key}", on_click=_take, args=(whole,))


def _take(changed: Scenario) -> None:
    changes.replace_scenario(changed)
    st.toast(state.translator()("take_over.taken"))


def _row(name: str, record: Measurement, before: Advice, after: Advice, t: Translator) -> tuple[str, ...]:
    """Question, answer of now, measured answer, its 80 % interval, the record."""
    old = answered(name, before.scenario, before.assessment.assumptions)
    unit, currency = QUESTIONS[name].unit, after.assessment.assumptions.currency
    if isinstance(record.value, str):
        now = "" if old is None else fields.option_text(name, str(old))
        return field_label(t, name), now, fields.option_text(name, record.value), "", record.title
    now = "" if old is None else t.value(old, unit, currency)
    interval = interval_text(name, record, currency, t)
    return field_label(t, name), now, t.value(record.value, unit, currency), interval, record.title
