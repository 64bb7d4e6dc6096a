"""The verdict, the numbers that decided, its odds, what would change it, what speaks against it, what to do next."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from advisor import charts
from advisor.charts.style import bill_money
from advisor.core.notices import UnknownPrice
from advisor.costs.project_plan import StageGate, unknown_gates
from advisor.costs.project_plan import stage_gates as gates_of
from advisor.decision.advice import Advice, walk_from_compared
from advisor.decision.examination import Examination
from advisor.scenario import LONGEST_NAME
from advisor.text import risk_phrases as words
from advisor.text.headline_phrases import step_texts
from advisor.text.i18n import Translator
from advisor.text.ladder_phrases import quick_rule_text
from advisor.text.phrases import notice_text
from advisor.ui import exports, fields, layout, state
from advisor.ui.tables import stacked_table

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

NEAREST = 3


def draw() -> None:
    t, advice = state.translator(), state.advice()
    st.title(t("page.answer.title"))
    layout.verdict_card(advice, t)
    if state.scenario().missing:
        st.page_link("pages/decide/your_case.py", label=t("ui.answer_questions"), icon=":material/edit:")
    layout.headline(advice, t, outlook=True)
    left, right = st.columns([3, 2], gap="large")
    with left:
        reasons(advice, t)
        beside_matrix = you_are_here(advice, t)
        why_different(advice, t)
        what_moves_it(advice, t)
    with right:
        next_steps(advice, t)
        exports.downloads(advice, t)
        layout.evidence_meter(advice, t)
    with beside_matrix:
        quick_rule(advice, t)
    if advice.assessment.economics is not None:
        what_would_change_it(advice, t)
        _stage_gates(advice, t)
    layout.notices(advice.assessment.notices, t, advice.assessment.assumptions.currency)


def reasons(advice: Advice, t: Translator) -> None:
    """The rule that decided and everything else a reader must hear."""
    found = advice.recommendation
    st.subheader(t("page.answer.why"))
    st.markdown(t("ui.rule", rule=found.rule, name=t(f"rule.{found.rule}.label")))
    for reason in (*found.reasons, *found.advice):
        st.markdown(f"- {layout.plain(notice_text(t, reason, advice.assessment.assumptions.currency))}")


def what_would_change_it(advice: Advice, t: Translator) -> None:
    """The volume ladder, the nearest switching values, open answers that decide, what speaks against the verdict."""
    layout.volume_ladder(advice, t)
    with st.spinner(t("ui.computing")):
        found = state.examined(advice)
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader(t("page.answer.switching"))
        _switching_values(found, advice.assessment.assumptions.currency, t)
        st.page_link("pages/money/risk.py", label=t("ui.see_risk"), icon=":material/casino:")
    with right:
        st.subheader(t("page.answer.counter"))
        for argument in found.arguments:
            st.markdown(f"- {layout.plain(notice_text(t, argument.says, advice.assessment.assumptions.currency))}")
            st.caption(t("ui.settled_by", text=t(f"ui.settled.{argument.settled_by}")))
        if not found.arguments:
            st.markdown(t("ui.no_counter"))
        st.page_link("pages/money/alternatives.py", label=t("ui.see_options"), icon=":material/compare:")


def _switching_values(found: Examination, currency: str, t: Translator) -> None:
    reached = words.reached(found.switching_values)[:NEAREST]
    said = [words.switching_text(switch, currency, t) for switch in reached] or [t("ui.switching.none")]
    facts = [words.fact_text(known, currency, t) for known in found.facts]
    for text in (*facts, *said, *(words.finding_text(finding, t) for finding in found.findings)):
        st.markdown(f"- {layout.plain(text)}")


def you_are_here(advice: Advice, t: Translator) -> "DeltaGenerator":
    """Article 001's matrix with the case in it; returns the place for what joins it to the verdict."""
    st.subheader(t("page.answer.matrix"))
    rules = state.catalog().rules
    picture = charts.build_decision_matrix_chart(advice, rules, t)
    layout.chart(picture, charts.decision_matrix_alt(advice, rules, t), t("page.answer.matrix"))
    return st.container()


def quick_rule(advice: Advice, t: Translator) -> None:
    """What the quick rule says beside what the volume has to be; folded, what payback alone says."""
    with st.spinner(t("ui.computing")):
        ladder = state.ladder_of(advice)
    found, known = advice.recommendation, advice.assessment.assumptions.knows("daily_requests")
    st.markdown(layout.plain(quick_rule_text(found.matrix, ladder, t, volume_known=known)))
    if found.calculator is None:
        return
    with layout.folded(t("ui.calculator_alone"), "calculator") as is_open:
        if is_open:
            said = t("quick_rule.calculator", verdict=t(f"verdict.{found.calculator}.label"))
            st.markdown(layout.plain(said))


def why_different(advice: Advice, t: Translator) -> None:
    """Step by step from the article's case to this one."""
    steps = walk_from_compared(advice.scenario, state.catalog(), advice.assessment.assumptions.on)
    if not steps:
        return
    st.subheader(t("page.answer.walk"))
    currency = advice.assessment.assumptions.currency
    layout.chart(
        charts.build_walk_chart(steps, currency, t), charts.walk_alt(steps, currency, t), t("page.answer.walk")
    )
    for step in steps:
        st.markdown(f"- **{t(f'walk.{step.id}.label')}**: {t(f'walk.{step.id}.text')}")


def what_moves_it(advice: Advice, t: Translator) -> None:
    """The numbers that matter, each from its low to its high."""
    if advice.assessment.evidence.matter:
        st.subheader(t("page.answer.moves"))
        layout.chart(charts.build_evidence_chart(advice, t), charts.evidence_alt(advice, t), t("page.answer.moves"))


def next_steps(advice: Advice, t: Translator) -> None:
    st.subheader(t("page.answer.next"))
    currency, names = advice.assessment.assumptions.currency, advice.recommendation.next_steps
    for k, step in enumerate(step_texts(names, advice.first_test, advice.actions, currency, t), start=1):
        st.markdown(f"{k}. **{layout.plain(step.title)}** {layout.plain(step.text)}")


GATE_COLUMNS = ("gate", "spent", "next_spend", "stop_if")


def _stage_gates(advice: Advice, t: Translator) -> None:
    """The decisions on the way with what each puts at risk, and a name to fill in for each."""
    a, metrics = advice.assessment.assumptions, advice.assessment.metrics
    try:
        found = gates_of(advice.scenario, a, state.catalog())
    except UnknownPrice:
        return
    st.subheader(t("page.answer.gates"))
    st.caption(t("ui.gates_help"))
    names = {gate.step: t.fact(gate.name) if gate.name else t(f"plan.step.{gate.step}") for gate in found}
    rows = [_gate_row(gate, names[gate.step], t, a.currency) for gate in found]
    stacked_table(rows, [t(f"ui.column.{name}") for name in GATE_COLUMNS], t("ui.gates_help"), "gates")
    layout.notices(unknown_gates(advice.scenario, found), t, a.currency)
    _owners(names, t)
    economics = advice.assessment.economics
    if metrics is not None and economics is not None and metrics.exit_month < len(economics.months):
        npv, leave = (t.money(x, a.currency) for x in (metrics.npv, metrics.npv_with_exit))
        st.markdown(layout.plain(t("ui.exit_option", npv=npv, exit=leave, month=t.number(metrics.exit_month))))


def _gate_row(gate: StageGate, name: str, t: Translator, currency: str) -> tuple[str, ...]:
    stop = t.fact(gate.stop) if gate.stop else t(f"plan.stop.{gate.step}")
    return name, bill_money(t, gate.spent, currency), bill_money(t, gate.next_spend, currency), stop


def _owners(names: Mapping[str, str], t: Translator) -> None:
    """Who decides at each gate: what is typed becomes part of the case."""
    owners = state.scenario().owners or {}
    for column, (step, name) in zip(st.columns(len(names)), names.items(), strict=True):
        key = fields.widget_key(step, "owner")
        st.session_state[key] = owners.get(step, "")
        label = t("ui.who_decides", gate=name)
        empty = t("ui.nobody_yet")
        column.text_input(label, key=key, on_change=_keep, args=(step, key), placeholder=empty, max_chars=LONGEST_NAME)


def _keep(step: str, key: str) -> None:
    named = {**(state.scenario().owners or {}), step: str(st.session_state[key]).strip()}
    state.answer("owners", {step: name for step, name in named.items() if name} or None)
