"""The payback timeline: what it costs, what it saves, when the money is back, and what if."""

import streamlit as st

from advisor import charts
from advisor.advise import Advice
from advisor.i18n import Translator
from advisor.scenario import QUESTIONS
from advisor.ui import fields, layout, state, tables

FIGURES = ("payback_months", "monthly_savings", "investment", "npv")
ALL_FIGURES = (
    *("payback_months", "discounted_payback_months", "steady_payback_months", "monthly_savings", "investment", "npv"),
    *("irr", "annual_roi", "roi_horizon", "break_even_requests", "current_cost_per_request", "tuned_cost_per_request"),
)
WHAT_IF = ("daily_requests", "api_price_decline", "fallback_share", "serving_gpu_price", "engineer_hours")
WIDEST, STEPS = 3.0, 60
FULL_RANGE = {"api_price_decline": (0.0, 0.9), "fallback_share": (0.0, 0.6)}
PRESENTATION = "presentation"


def draw() -> None:
    t = state.translator()
    if not st.session_state.get(PRESENTATION):
        st.title(t("page.payback.title"))
    st.toggle(t("ui.presentation"), key=PRESENTATION, help=t("ui.presentation_help"))
    if state.advice().assessment.economics is None:
        layout.verdict_card(state.advice(), t)
        layout.notices(state.advice().assessment.notices, t, state.scenario().base_currency)
        st.page_link("pages/decide/questionnaire.py", label=t("ui.answer_questions"), icon=":material/edit:")
        return
    live()


@st.fragment
def live() -> None:
    """Everything that a slider redraws."""
    t, kept, tried = state.translator(), state.advice(), state.compared()
    with layout.guarded(t):
        if st.session_state.get(PRESENTATION):
            presentation(kept, tried, t)
        else:
            layout.figures(tried, FIGURES, t)
            what_if(kept, t)
            st.subheader(t("page.payback.cumulative"))
            timeline(kept, tried, t)
            details(tried, t)


def presentation(kept: Advice, tried: Advice, t: Translator) -> None:
    """Verdict, figures and timeline on one screen, readable from the back of a room; the sliders below."""
    st.html("<style>[data-testid=stSidebar], [data-testid=stExpandSidebarButton] {display: none}</style>")
    left, right = st.columns([2, 3], gap="medium")
    with left:
        layout.verdict_card(tried, t, large=True, level=1)
        layout.figures(tried, FIGURES, t, large=True)
    with right:
        timeline(kept, tried, t, large=True)
    what_if(kept, t)


def timeline(kept: Advice, tried: Advice, t: Translator, *, large: bool = False) -> None:
    """Cumulative cash with its break-even month; the case before the change stays in grey behind."""
    unchanged = kept if state.what_if() else None
    chart = charts.build_cumulative_cash_chart(tried, t, unchanged=unchanged, presentation=large)
    layout.chart(chart, charts.cumulative_cash_alt(tried, t, unchanged))


def what_if(kept: Advice, t: Translator) -> None:
    """Sliders that try out other numbers without keeping them."""
    with st.expander(t("ui.what_if"), expanded=True, icon=":material/tune:"):
        names = [n for n in WHAT_IF if kept.assessment.assumptions.knows(n)]
        columns = st.columns(len(names))
        for column, name in zip(columns, names, strict=True):
            with column:
                _slider(kept, name, t)
        if state.what_if():
            with st.container(horizontal=True):
                kept_now = st.button(t("ui.keep"), type="primary", key="w.keep")
                st.button(t("ui.undo"), on_click=state.what_if().clear, key="w.undo")
            if kept_now:
                _keep()
                st.rerun()


def _slider(kept: Advice, name: str, t: Translator) -> None:
    """A slider around the kept value; percent questions cover their whole sensible range."""
    question = QUESTIONS[name]
    value = float(kept.assessment.assumptions.number(name))
    low, high = FULL_RANGE.get(name, (0.0, value * WIDEST))
    low, high = min(low, value), max(high, value)
    if low == high:
        return
    scale = 100.0 if question.unit in fields.PERCENT_UNITS else 1.0
    key = f"w.what_if.{name}.{t.language}"
    tried = state.what_if().get(name, value)
    st.session_state[key] = tried * scale

    def commit() -> None:
        chosen = st.session_state[key] / scale
        if abs(chosen - value) < (high - low) / STEPS / 2:
            state.what_if().pop(name, None)
        else:
            state.what_if()[name] = chosen

    step = (high - low) * scale / STEPS
    label = fields.label_with_unit(t, question)
    st.slider(
        label,
        low * scale,
        high * scale,
        key=key,
        step=step,
        on_change=commit,
        format="localized",
        help=t(f"field.{name}.help"),
    )
    st.caption(t("ui.kept_value", value=t.value(value, question.unit, kept.assessment.assumptions.currency)))


def _keep() -> None:
    for name, value in list(state.what_if().items()):
        fields.commit(name, value)
    state.what_if().clear()


def details(advice: Advice, t: Translator) -> None:
    """Where the saving comes from, what it is made of, month by month."""
    st.subheader(t("page.payback.savings"))
    layout.chart(charts.build_cost_and_savings_chart(advice, t), charts.cost_and_savings_alt(advice, t))
    st.subheader(t("page.payback.breakdown"))
    layout.chart(charts.build_investment_breakdown_chart(advice, t), charts.investment_breakdown_alt(advice, t))
    layout.chart(charts.build_monthly_breakdown_chart(advice, t), charts.monthly_breakdown_alt(advice, t))
    tables.line_items(advice, t)
    st.subheader(t("page.payback.all_figures"))
    layout.figures(advice, ALL_FIGURES, t)
    st.subheader(t("page.payback.monthly"))
    tables.monthly(advice, t)
