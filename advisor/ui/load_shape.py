"""The hours of the week on the page Serving: load against what the replicas carry, and what is paid and not used."""

import streamlit as st

from advisor.charts.load_shape import build_week_chart, measured_words, week_alt, week_words
from advisor.costs import serving
from advisor.scenario import HOURS, Scenario
from advisor.text.i18n import Translator
from advisor.text.phrases import joined
from advisor.ui import changes, layout, state


def draw(plan: serving.ServingPlan, t: Translator) -> None:
    """The chart and its words; nothing where the case tells no hours, or no requests."""
    week = serving.week_of(plan.scenario, plan.a, plan.volume or 0.0)
    if week is None or not plan.volume:
        return
    st.subheader(t("load_shape.title"))
    words = week_words(week, plan, serving.modes(plan, state.catalog()), t)
    st.markdown(layout.plain(joined(words, t)))
    layout.chart(build_week_chart(week, t), week_alt(week, t), t("load_shape.title"))
    st.caption(layout.plain(measured_words(plan.scenario, t)))
    st.button(t("load_shape.remove"), key="w.load_shape.remove", icon=":material/delete:", on_click=_remove)


def _remove() -> None:
    changes.replace_scenario(without_hours(state.scenario()))


def without_hours(case: Scenario) -> Scenario:
    """The case without its hours and their record."""
    kept = case.answers()
    records = {name: record for name, record in (kept.get("measured") or {}).items() if name != HOURS}
    return Scenario.from_answers({**kept, HOURS: None, "measured": records or None})
