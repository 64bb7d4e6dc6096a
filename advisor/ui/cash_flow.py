"""Training cost against inference savings, the payback timeline, what the money is spent on, months, and what if."""

import streamlit as st

from advisor import charts
from advisor.core.records import METRICS
from advisor.decision.advice import Advice
from advisor.text.i18n import Translator
from advisor.text.ladder_phrases import unsettled_text
from advisor.text.phrases import sale_text
from advisor.ui import headline, layout, other_calculators, state, tables
from advisor.ui.what_if import what_if

ONE_VOLUME = "break_even_requests"
"""What the volume ladder tells instead: it chooses the alternative without tuning anew at each volume."""
UNITS = ("months", "money", "fraction", "fraction/year", "money/request")
"""In which order all figures stand."""
ALL_FIGURES = sorted((n for n in METRICS if n != ONE_VOLUME), key=lambda name: UNITS.index(METRICS[name].unit))


def draw() -> None:
    t = state.translator()
    st.title(t("page.cash_flow.title"))
    if state.advice().assessment.economics is None:
        headline.without_money(t)
        return
    live()
    if state.what_if() and state.advice().headline:
        st.caption(t("risk.kept_case"))
    volume_ladder(state.advice(), t)


def volume_ladder(advice: Advice, t: Translator) -> None:
    """From which requests a day the verdict is another, under its own heading; nothing where nothing is served."""
    with st.spinner(t("ui.computing")):
        ladder = state.ladder_of(advice)
    if ladder is not None:
        st.subheader(t("ui.ladder"))
        picture = charts.build_volume_ladder_chart(ladder, t)
        layout.moving_chart(t("ui.ladder"), picture, charts.volume_ladder_alt(ladder, t))
        if told := unsettled_text(ladder, t):
            st.caption(layout.plain(told))


@layout.part
def live() -> None:
    """Everything that a slider redraws."""
    t, kept, tried = state.translator(), state.advice(), state.compared()
    headline.told_first(tried, t)
    what_if(kept, t)
    st.subheader(t("page.cash_flow.savings"))
    savings_picture(tried, t)
    st.subheader(t("page.cash_flow.cumulative"))
    timeline(kept, tried, t)
    details(tried, t)


def timeline(kept: Advice, tried: Advice, t: Translator, *, large: bool = False) -> None:
    """Simulated cash with its break-even month; the case before the change stays in grey behind."""
    unchanged = kept if state.what_if() else None
    entered = charts.from_article(kept, state.catalog())
    chart = charts.build_payback_chart(tried, t, unchanged, presentation=large, as_entered=entered)
    words = charts.payback_alt(tried, t, unchanged, as_entered=entered)
    layout.moving_chart(t("page.cash_flow.cumulative"), chart, words)


def savings_picture(advice: Advice, t: Translator) -> None:
    """What is paid once beside what each month costs without and with tuning; the break-even is marked."""
    picture, said = charts.build_cost_and_savings_chart(advice, t), charts.cost_and_savings_alt(advice, t)
    layout.moving_chart(t("page.cash_flow.savings"), picture, said)
    economics, currency = advice.assessment.economics, advice.assessment.assumptions.currency
    if economics is not None and (sold := sale_text(t, economics, currency)):
        st.caption(layout.plain(sold))


def details(advice: Advice, t: Translator) -> None:
    """What the money is spent on, line by line, and month by month."""
    st.subheader(t("page.cash_flow.breakdown"))
    layout.chart(
        charts.build_investment_breakdown_chart(advice, t),
        charts.investment_breakdown_alt(advice, t),
        t("chart.axis.once"),
    )
    layout.chart(
        charts.build_monthly_breakdown_chart(advice, t),
        charts.monthly_breakdown_alt(advice, t),
        t("chart.axis.steady_month"),
    )
    with layout.folded(t("page.cash_flow.line_items"), "line_items", icon=":material/receipt_long:") as is_open:
        if is_open:
            tables.line_items(advice, t)
    st.subheader(t("page.cash_flow.all_figures"))
    st.caption(t("page.cash_flow.all_figures_help"))
    headline.figures(advice, ALL_FIGURES, t)
    with layout.folded(t("page.cash_flow.monthly"), "months", icon=":material/calendar_month:") as is_open:
        if is_open:
            tables.monthly(advice, t)
    other_calculators.section(advice, t)
