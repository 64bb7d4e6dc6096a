"""The verdict with the numbers that decided, where matrix and calculator disagree, and what to do next."""

import streamlit as st

from advisor import charts
from advisor.advise import Advice, walk_from_compared
from advisor.i18n import Translator
from advisor.phrases import notice_text
from advisor.ui import exports, layout, state

KEY_FIGURES = ("payback_months", "monthly_savings", "investment", "npv", "annual_roi", "break_even_requests")


def draw() -> None:
    t, advice = state.translator(), state.advice()
    st.title(t("page.recommendation.title"))
    layout.verdict_card(advice, t)
    if state.scenario().missing:
        st.page_link("pages/decide/questionnaire.py", label=t("ui.answer_questions"), icon=":material/edit:")
    layout.figures(advice, KEY_FIGURES, t)
    left, right = st.columns([3, 2], gap="large")
    with left:
        reasons(advice, t)
        you_are_here(advice, t)
        why_different(advice, t)
        what_moves_it(advice, t)
    with right:
        next_steps(advice, t)
        exports.downloads(advice, t)
        layout.evidence_meter(advice, t)
    currency = advice.assessment.assumptions.currency
    layout.notices(advice.assessment.notices, t, currency)


def reasons(advice: Advice, t: Translator) -> None:
    """The rule that decided and everything else a reader must hear."""
    found = advice.recommendation
    st.subheader(t("page.recommendation.why"))
    st.markdown(t("ui.rule", rule=found.rule, name=t(f"rule.{found.rule}.label")))
    for reason in found.reasons:
        st.markdown(f"- {layout.plain(notice_text(t, reason, advice.assessment.assumptions.currency))}")


def you_are_here(advice: Advice, t: Translator) -> None:
    """Article 001's matrix with the case in it, and the disagreement with the calculator if there is one."""
    st.subheader(t("page.recommendation.matrix"))
    rules = state.catalog().rules
    layout.chart(charts.build_decision_matrix_chart(advice, rules, t), charts.decision_matrix_alt(advice, rules, t))
    found = advice.recommendation
    says = t(f"verdict.{found.calculator}.label") if found.calculator else t("word.unknown")
    st.markdown(t("ui.both_say", matrix=t(f"matrix.{found.matrix}.label"), calculator=says))
    if found.conflict:
        st.warning(t(f"conflict.{found.conflict}"), icon=":material/compare_arrows:")


def why_different(advice: Advice, t: Translator) -> None:
    """Step by step from the article's case to this one."""
    steps = walk_from_compared(advice.scenario, state.catalog(), advice.assessment.assumptions.on)
    if not steps:
        return
    st.subheader(t("page.recommendation.walk"))
    currency = advice.assessment.assumptions.currency
    layout.chart(charts.build_walk_chart(steps, currency, t), charts.walk_alt(steps, currency, t))
    for step in steps:
        st.markdown(f"- **{t(f'walk.{step.id}.label')}**: {t(f'walk.{step.id}.text')}")


def what_moves_it(advice: Advice, t: Translator) -> None:
    """The numbers that matter, each from its low to its high."""
    if advice.assessment.evidence.matter:
        st.subheader(t("page.recommendation.moves"))
        layout.chart(charts.build_evidence_chart(advice, t), charts.evidence_alt(advice, t))


def next_steps(advice: Advice, t: Translator) -> None:
    st.subheader(t("page.recommendation.next"))
    for k, step in enumerate(advice.recommendation.next_steps, start=1):
        st.markdown(f"{k}. **{t(f'step.{step}.title')}** {t(f'step.{step}.text')}")
