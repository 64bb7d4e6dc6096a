"""What two who saved one case say differently without changing a number: its name, its people, what was decided."""

from collections.abc import Sequence

from advisor.costs.sign_off import SignedGate
from advisor.report.sign_off import gate_cells, gate_name
from advisor.scenario import Scenario
from advisor.text.i18n import Translator
from advisor.text.phrases import PRICE_CURRENCY, field_label

NAMED = ("title", "prepared_for", "prepared_by", "company")


def rows(cases: Sequence[Scenario], t: Translator) -> list[list[str]]:
    """What it is about, and what each case says of it, where they do not say the same."""
    found = [[field_label(t, name), *(getattr(case, name) or "" for case in cases)] for name in NAMED]
    found.append([field_label(t, "owners"), *(t("word.comma").join((case.owners or {}).values()) for case in cases)])
    for step in dict.fromkeys(step for case in cases for step in case.sign_off or {}):
        gates = [_gate(case, step) for case in cases]
        name = next(gate_name(gate, t) for gate in gates if gate is not None)
        found.append([name, *(_told(gate, case, t) for gate, case in zip(gates, cases, strict=True))])
    return [row for row in found if len(set(row[1:])) > 1]


def _gate(case: Scenario, step: str) -> SignedGate | None:
    record = (case.sign_off or {}).get(step)
    return None if record is None else SignedGate(step, None, "", record)


def _told(gate: SignedGate | None, case: Scenario, t: Translator) -> str:
    """The decision, the day it is due, the money and the remark; nothing where nobody recorded any."""
    if gate is None:
        return ""
    cells = (*gate_cells(gate, t, case.currency or PRICE_CURRENCY), gate.record.criterion)
    return t("report.semicolon").join(filter(None, cells))
