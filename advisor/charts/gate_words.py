"""What the page Levers and the command line say of the quality gate."""

from advisor.costs.quality_gate import BeforeAfter, ErrorLimit, Judged, QualityGate
from advisor.text.i18n import Translator
from advisor.text.phrases import signed_percent


def gate_lines(found: Judged, rating: BeforeAfter, scale: float, gate: QualityGate, t: Translator) -> list[str]:
    """What the human rating and the worst group of requests came to."""
    change = rating[1] - rating[0]
    words = {
        "change": f"{'+' if change > 0 else ''}{t.number(round(change, 2))}",
        "scale": t.number(scale),
        "allowed": t.number(round(gate.rating_drop * scale, 2)),
    }
    lines = [t(f"page.levers.rating_{found.statuses['rating']}", **words)]
    limit = t.percent(gate.slice_margin)
    if "slice" not in found.statuses:
        return [*lines, t("page.levers.slice_unknown", limit=limit)]
    change_of_slice = signed_percent(t, found.changes["slice"], 1)
    return [*lines, t(f"page.levers.slice_{found.statuses['slice']}", change=change_of_slice, limit=limit)]


def error_words(found: ErrorLimit, currency: str, t: Translator) -> str:
    """How many more answers may be wrong before errors cost what tuning saves."""
    words = {"cost": t.money(found.cost, currency), "saving": t.money(found.saving, currency)}
    right = found.must_stay_right
    return t("page.levers.errors", wrong=t.percent(1 - right, 1), right=t.percent(right, 1), **words)
