"""A team's own results in words, tables and JSON, the same on the command line and on the page."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from advisor.engineering.prediction import Prediction
from advisor.evidence.actuals import ActualsResult, Outlook
from advisor.evidence.evaluation import EvaluationResult, PartResult
from advisor.evidence.pilot import PilotResult
from advisor.scenario import Measurement
from advisor.text.i18n import Translator
from advisor.text.number_text import signed
from advisor.text.phrases import signed_percent, within

Table = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]
"""Headings, and rows of cells."""
PARTS = ("part", "items", "today", "tuned", "difference", "limits", "gate", "missing")
CALIBRATED = ("estimate", "before", "after", "ratio", "runs")
BESIDE = ("measure", "lowest", "mean", "highest")
MONTHS = ("month", "requests", "requests_plan", "cost", "cost_plan", "saving", "saving_plan")
BRIDGE = ("cause", "amount")
UNIT_OF = {"speed": "tokens/s", "memory": "GiB"}
DASH = " \u2013 "


# --- Evaluation -----------------------------------------------------------------------------------


def evaluation_sentences(found: EvaluationResult, t: Translator) -> tuple[str, ...]:
    """The gate's result, the figures behind it, and what is missing to know."""
    whole = found.whole
    said = [t(f"results.evaluation.{found.gate}", margin=t.percent(found.margin, 1))]
    if found.gate == "failed" and whole.status != "failed":
        names = t("word.comma").join(part.name for part in found.slices if part.status == "failed")
        said = [t("results.evaluation.failed_slice", names=names, margin=t.percent(found.slice_margin, 1))]
    shares = {"today": t.percent(whole.today, 1), "tuned": t.percent(whole.tuned, 1), "items": t.number(whole.items, 0)}
    said.append(t("results.evaluation.figures", difference=signed_percent(t, whole.difference, 1), **shares))
    if whole.gained is not None and whole.lost is not None:
        said.append(t("results.evaluation.changed", gained=t.number(whole.gained, 0), lost=t.number(whole.lost, 0)))
    if whole.status == "open":
        key = "missing_unknown" if whole.missing is None else "missing"
        said.append(t(f"results.evaluation.{key}", count=t.number(whole.missing or 0, 0), power=t.percent(found.power)))
    return tuple(said)


def evaluation_table(found: EvaluationResult, t: Translator) -> Table:
    """All items, then each slice."""
    heads = tuple(t(f"results.head.{name}") for name in PARTS)
    return heads, tuple(_part(part, t) for part in (found.whole, *found.slices))


def _part(part: PartResult, t: Translator) -> tuple[str, ...]:
    limits = "" if part.low is None else DASH.join(signed_percent(t, end or 0.0, 1) for end in (part.low, part.high))
    return (
        part.name or t("results.all_items"),
        t.number(part.items, 0),
        t.percent(part.today, 1),
        t.percent(part.tuned, 1),
        signed_percent(t, part.difference, 1),
        limits or t("word.unknown"),
        t(f"results.gate.{part.status}"),
        t("word.unknown") if part.missing is None else t.number(part.missing, 0),
    )


# --- Pilot ----------------------------------------------------------------------------------------


def pilot_sentences(found: PilotResult, t: Translator) -> tuple[str, ...]:
    """How far the estimates were off, and whether the card holds the run."""
    said = []
    for each in found.calibrations:
        lengths = t("word.comma").join(t.number(length, 0) for length in each.lengths)
        own = t.number(each.own_length, 0)
        words = {"ratio": t.number(each.ratio, 2), "lengths": lengths, "own": own}
        said.append(t(f"results.pilot.{each.id}", **words))
    if found.fit is not None:
        words = {"gpu": found.fit.gpu, "before": _fit(found.fit.before, t), "after": _fit(found.fit.after, t)}
        said.append(t("results.pilot.fit", chance=t.percent(found.fit.chance_after), **words))
    if found.calibrations:
        said.append(t("results.pilot.model", share=t.percent(found.common_share)))
    return tuple(said)


def pilot_table(found: PilotResult, t: Translator) -> Table:
    """Each estimate before and after, with its 80 % interval."""
    rows = tuple(
        (
            t(f"results.pilot.name.{each.id}"),
            _estimate(each.before, UNIT_OF[each.id], t),
            _estimate(each.after, UNIT_OF[each.id], t),
            t.number(each.ratio, 2),
            t.number(each.runs, 0),
        )
        for each in found.calibrations
    )
    return tuple(t(f"results.head.{name}") for name in CALIBRATED), rows


def beside_table(found: PilotResult, t: Translator) -> Table:
    """What was measured and answers no question."""
    rows = tuple(
        (t(f"results.column.{name}"), *(t.number(value) for value in values)) for name, values in found.beside.items()
    )
    return tuple(t(f"results.head.{name}") for name in BESIDE), rows


def _estimate(found: Prediction, unit: str, t: Translator) -> str:
    ends = DASH.join(t.number(end) for end in (found.low, found.high))
    return t("results.estimate", value=t.value(found.middle, unit, ""), ends=ends)


def _fit(word: str, t: Translator) -> str:
    return t(f"results.fit.{word}")


# --- Months after the launch ----------------------------------------------------------------------


def actuals_sentences(found: ActualsResult, t: Translator) -> tuple[str, ...]:
    """What the months saved against the plan, when the money is back now, and whether to go on."""
    money = {
        "planned": t.money(found.planned_saving, found.currency),
        "actual": t.money(found.actual_saving, found.currency),
        "gap": t.money(found.actual_saving - found.planned_saving, found.currency),
    }
    backs = {"planned": _back(found.plan, t), "now": _back(found.now, t)}
    npvs = {"planned": t.money(found.plan.npv, found.currency), "now": t.money(found.now.npv, found.currency)}
    saves = min(found.actual_saving, found.planned_saving) >= 0
    rest = "results.actuals.go_on" if found.rest > 0 else "results.actuals.stop"
    return (
        t("results.actuals.saving", **money) if saves else t("results.actuals.net", **money),
        t("results.actuals.payback", **backs),
        t("results.actuals.npv", **npvs),
        t(rest, money=t.money(found.rest, found.currency)),
    )


def taken_back(found: ActualsResult, t: Translator) -> str | None:
    """How the requests a day of the record follow from those counted; ``None`` where they are the same number."""
    record = found.records.get("daily_requests")
    if record is None or record.counted is None:
        return None
    counted, today = t.number(record.counted, 0), t.number(float(record.value), 0)
    return None if counted == today else t("results.actuals.taken_back", counted=counted, today=today)


def months_table(found: ActualsResult, t: Translator) -> Table:
    """Each month as it was and as it was planned."""
    rows = tuple(
        (
            month.name,
            t.number(month.actual_requests, 0),
            t.number(month.planned_requests, 0),
            *(
                t.money(value, found.currency)
                for value in (month.actual_cost, month.planned_cost, month.actual_saving, month.planned_saving)
            ),
        )
        for month in found.months
    )
    return tuple(t(f"results.head.{name}") for name in MONTHS), rows


def bridge_table(found: ActualsResult, t: Translator) -> Table:
    """From the planned saving to the actual one, to the cent."""
    rows = [(t("results.cause.plan"), t.money(found.planned_saving, found.currency, 2))]
    rows += [(t(f"results.cause.{name}"), _signed(t, value, found.currency)) for name, value in shown_steps(found)]
    rows.append((t("results.cause.actual"), t.money(found.actual_saving, found.currency, 2)))
    return tuple(t(f"results.head.{name}") for name in BRIDGE), tuple(rows)


def shown_steps(found: ActualsResult) -> Sequence[tuple[str, float]]:
    """The causes in their order; what was paid before the launch only where it was told."""
    return [(name, value) for name, value in found.steps.items() if value or name != "investment"]


def _signed(t: Translator, value: float, currency: str) -> str:
    return signed(t.money(value, currency, 2), value)


def _back(found: Outlook, t: Translator) -> str:
    if found.payback_months is not None and found.payback_status in ("ok", "reversed_later"):
        return t.months(found.payback_months)
    return within(t(f"status.{found.payback_status}"))


# --- For machines ---------------------------------------------------------------------------------


def results_json(found: EvaluationResult | PilotResult | ActualsResult) -> Mapping[str, Any]:
    """Every figure of a result; what is not known is null."""
    records = {name: _record(record) for name, record in found.records.items()}
    told = {name: value for name, value in asdict(found).items() if name not in ("records", "notices")}
    notices = [{"code": notice.code, **notice.params} for notice in found.notices]
    return dict(_plain({**told, "records": records, "notices": notices}))


def _record(record: Measurement) -> Mapping[str, object]:
    return record.model_dump(mode="json", exclude_none=True)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return None if isinstance(value, float) and math.isnan(value) else value
