"""The sign-off of the stage gates in words, the same in the report, on the page and on the command line."""

from typing import Any

from advisor.costs.sign_off import SignedGate, SignOff
from advisor.text.i18n import Translator
from advisor.text.phrases import bill_money

Table = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]
"""Headings, and rows of cells."""
COLUMNS = ("gate", "owner", "due", "decision", "released", "remark")


def gate_name(gate: SignedGate, t: Translator) -> str:
    """What a gate is called; one that the plan has no more by its id, unless it is a step of our own."""
    if gate.name:
        return t.fact(gate.name)
    return t(f"plan.step.{gate.step}") if t.has(f"plan.step.{gate.step}") else gate.step


def criterion(gate: SignedGate, t: Translator) -> str:
    """When to stop: the record's own words, else the plan's."""
    if gate.record.criterion or gate.stop:
        return gate.record.criterion or t.fact(str(gate.stop))
    return t(f"plan.stop.{gate.step}") if t.has(f"plan.stop.{gate.step}") else ""


def headline(found: SignOff, t: Translator) -> str:
    """In one sentence where the project stands: stopped at a gate, or how many are decided and which comes next."""
    stopped, count, following = found.stopped, len(found.of_plan), found.following
    if stopped is not None and stopped.number is not None:
        said = {"number": t.number(stopped.number, 0), "count": t.number(count, 0), "gate": gate_name(stopped, t)}
        return t("sign_off.stopped", **said)
    if stopped is not None:
        return t("sign_off.stopped_elsewhere", gate=gate_name(stopped, t))
    words = {"decided": t.number(found.decided, 0), "count": t.number(count, 0)}
    if following is None:
        return t("sign_off.all_decided", count=words["count"]) if count else t("sign_off.no_plan")
    return t("sign_off.so_far", gate=gate_name(following, t), **words)


def money_text(found: SignOff, t: Translator, currency: str) -> str:
    """The money released beside the plan's, and by how much it is more."""
    released = bill_money(t, found.released, currency)
    if found.planned is None:
        return t("sign_off.released_alone", released=released)
    planned = bill_money(t, found.planned, currency)
    if found.over:
        return t("sign_off.over_plan", released=released, planned=planned, over=bill_money(t, found.over, currency))
    return t("sign_off.released_of", released=released, planned=planned)


def remarks(found: SignOff, t: Translator) -> tuple[str, ...]:
    """What is missing, late, or belongs to no gate of the plan."""
    said = [
        t(f"sign_off.{key}", gates=t("word.comma").join(gate_name(gate, t) for gate in gates))
        for key, gates in (("incomplete", found.incomplete), ("late", found.late))
        if gates
    ]
    if found.gone:
        names = t("word.comma").join(gate.step for gate in found.gone)
        known = t("word.comma").join(gate.step for gate in found.of_plan)
        said.append(t("sign_off.gone", gates=names, known=known) if known else t("sign_off.gone_all", gates=names))
    return tuple(said)


def decision_text(gate: SignedGate, t: Translator) -> str:
    """Go, stop or change, with the day and who decided; a part that is missing is said to be."""
    record = gate.record
    if record.decision is None and not record.is_incomplete:
        return t("sign_off.decision.not_yet")
    parts = (
        t(f"sign_off.decision.{record.decision or 'not_yet'}"),
        t.date(record.decided_on) if record.decided_on else t("sign_off.no_day"),
        record.decided_by or t("sign_off.no_person"),
    )
    return t("word.comma").join(parts)


def sign_off_table(found: SignOff, t: Translator, currency: str) -> Table:
    """Each gate with its criterion and its record."""
    rows = tuple((_gate(gate, t), *gate_cells(gate, t, currency)) for gate in found.gates)
    return tuple(t(f"sign_off.column.{name}") for name in COLUMNS), rows


def short_table(found: SignOff, t: Translator, currency: str) -> Table:
    """The same beside another table that has the criteria."""
    rows = tuple((gate_name(gate, t), *gate_cells(gate, t, currency)) for gate in found.gates)
    return (t("sign_off.ui.gate"), *(t(f"sign_off.column.{name}") for name in COLUMNS[1:])), rows


def _gate(gate: SignedGate, t: Translator) -> str:
    stop = criterion(gate, t)
    return t("sign_off.gate", gate=gate_name(gate, t), criterion=stop) if stop else gate_name(gate, t)


def gate_cells(gate: SignedGate, t: Translator, currency: str) -> tuple[str, ...]:
    """Owner, day due, decision, money released and remark; empty where nothing is recorded."""
    record = gate.record
    return (
        gate.owner,
        t.date(record.due) if record.due else "",
        decision_text(gate, t),
        "" if record.released is None else bill_money(t, record.released, currency),
        record.remark or "",
    )


def approval_text(found: SignOff | None, t: Translator) -> str:
    """What a signature approves: the ask, or the stop where one was decided."""
    stopped = None if found is None else found.stopped
    if found is None or stopped is None:
        return t("memo.approval")
    return t("sign_off.approval_stopped", stopped=headline(found, t))


def sign_off_record(found: SignOff | None) -> dict[str, Any] | None:
    """The sign-off as plain values; ``None`` where nothing is recorded."""
    if found is None:
        return None
    stopped = found.stopped
    return {
        "stopped_at": stopped and stopped.step,
        "decided": found.decided,
        "gates_of_plan": len(found.of_plan),
        "planned": found.planned,
        "released": found.released,
        "gates": [_gate_record(gate) for gate in found.gates],
    }


def _gate_record(gate: SignedGate) -> dict[str, object]:
    told = gate.record.model_dump(mode="json")
    return {"id": gate.step, "number": gate.number, "owner": gate.owner or None, "spent": gate.spent, **told}
