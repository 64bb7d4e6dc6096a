"""Stage gates: what is spent and at risk at each decision, when to stop, and who decides."""

import streamlit as st

from advisor.advise import Advice
from advisor.charts.style import bill_money
from advisor.gates import Gate
from advisor.gates import stage_gates as gates_of
from advisor.i18n import Translator
from advisor.notices import InputError
from advisor.ui import layout, state

OWNER = "owner"
KEY = "w.owners"


def stage_gates(advice: Advice, t: Translator) -> None:
    """The table of decisions with a column to fill in."""
    a, metrics = advice.assessment.assumptions, advice.assessment.metrics
    try:
        found = gates_of(advice.scenario, a, state.catalog())
    except LookupError:
        return
    st.subheader(t("page.recommendation.gates"))
    st.caption(t("ui.gates_help"))
    names = [gate.name.of(t.language) if gate.name else t(f"plan.step.{gate.step}") for gate in found]
    rows = [_row(gate, name, t, a.currency) for gate, name in zip(found, names, strict=True)]
    owners = advice.scenario.owners or {}
    columns = [t(f"ui.column.{name}") for name in ("gate", OWNER, "spent", "next_spend", "stop_if")]
    told = [(row[0], owners.get(gate.step, ""), *row[1:]) for row, gate in zip(rows, found, strict=True)]
    edited = layout.text_table(told, columns, f"{KEY}.{t.language}", typed=columns[1])
    _keep({gate.step: str(row[1]).strip() for gate, row in zip(found, edited, strict=True)})
    economics = advice.assessment.economics
    if metrics is not None and economics is not None and metrics.exit_month < len(economics.months):
        npv, leave = (t.money(x, a.currency) for x in (metrics.npv, metrics.npv_with_exit))
        st.markdown(layout.plain(t("ui.exit_option", npv=npv, exit=leave, month=t.number(metrics.exit_month))))


def _row(gate: Gate, name: str, t: Translator, currency: str) -> tuple[str, ...]:
    stop = gate.stop.of(t.language) if gate.stop else t(f"plan.stop.{gate.step}")
    return name, bill_money(t, gate.spent, currency), bill_money(t, gate.next_spend, currency), stop


def _keep(owners: dict[str, str]) -> None:
    """Names that were typed become part of the case; a faulty one is told and the others are kept."""
    named = {step: name for step, name in owners.items() if name}
    if named == (state.scenario().owners or {}):
        return
    try:
        state.answer("owners", named or None)
    except InputError as error:
        layout.faults(error.issues, state.translator())
