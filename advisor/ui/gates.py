"""Stage gates: what is spent and at risk at each decision, when to stop, and who decides."""

from collections.abc import Mapping

import streamlit as st

from advisor.charts.style import bill_money
from advisor.costs.project_plan import Gate
from advisor.costs.project_plan import stage_gates as gates_of
from advisor.decision.advice import Advice
from advisor.scenario import LONGEST_NAME
from advisor.text.i18n import Translator
from advisor.ui import fields, layout, state
from advisor.ui.stacked import stacked_table

COLUMNS = ("gate", "spent", "next_spend", "stop_if")


def stage_gates(advice: Advice, t: Translator) -> None:
    """The decisions on the way with what each puts at risk, and a name to fill in for each."""
    a, metrics = advice.assessment.assumptions, advice.assessment.metrics
    try:
        found = gates_of(advice.scenario, a, state.catalog())
    except LookupError:
        return
    st.subheader(t("page.recommendation.gates"))
    st.caption(t("ui.gates_help"))
    names = {gate.step: gate.name.of(t.language) if gate.name else t(f"plan.step.{gate.step}") for gate in found}
    rows = [_row(gate, names[gate.step], t, a.currency) for gate in found]
    stacked_table(rows, [t(f"ui.column.{name}") for name in COLUMNS], t("ui.gates_help"), "gates")
    _owners(names, t)
    economics = advice.assessment.economics
    if metrics is not None and economics is not None and metrics.exit_month < len(economics.months):
        npv, leave = (t.money(x, a.currency) for x in (metrics.npv, metrics.npv_with_exit))
        st.markdown(layout.plain(t("ui.exit_option", npv=npv, exit=leave, month=t.number(metrics.exit_month))))


def _row(gate: Gate, name: str, t: Translator, currency: str) -> tuple[str, ...]:
    stop = gate.stop.of(t.language) if gate.stop else t(f"plan.stop.{gate.step}")
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
