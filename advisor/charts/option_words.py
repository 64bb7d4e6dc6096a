"""Words for alternatives that the page and the report share: names, marks, reasons, and what tuning adds."""

import math
from collections.abc import Sequence

from advisor.charts.style import money_of
from advisor.core.records import TODAY
from advisor.decision.advice import Advice
from advisor.decision.alternatives import Alternative
from advisor.text.i18n import Translator
from advisor.text.phrases import notice_text, option_name

COUNTED = ("ok", "reversed_later")
"""States in which a payback has a month."""

UNTESTED = "out_quality_unproven"
"""The reason that only a test can take away."""


def alternative_names(rows: Sequence[Alternative], t: Translator) -> dict[str, str]:
    """What each alternative is called; a vendor's service by its name in the catalog."""
    return {row.id: option_name(t, row.name or row.id) for row in rows}


def marks(row: Alternative) -> tuple[str, ...]:
    """What is special about an alternative, most important first."""
    said = ((state_of(row), not row.is_in), ("baseline", row.is_baseline), ("case", row.is_case))
    return tuple(mark for mark, applies in said if applies)


def state_of(row: Alternative) -> str:
    """Whether an alternative is in, ruled out, or only untested."""
    if row.is_in:
        return "in"
    return "untested" if all(reason.code == UNTESTED for reason in row.reasons) else "out"


def marked_name(row: Alternative, label: str, t: Translator) -> str:
    """The name behind a sign for each mark, so that colour never speaks alone."""
    for mark in reversed(marks(row)):
        label = t(f"options.chart.{mark}", name=label)
    return label


def range_text(low: float, high: float, currency: str, t: Translator) -> str:
    """Two amounts as a range."""
    return t("chart.evidence.range", low=t.money(low, currency), high=t.money(high, currency))


def known_money(value: float | None, currency: str, t: Translator) -> str:
    """An amount; nothing where there is none."""
    return "" if value is None or not math.isfinite(value) else t.money(value, currency)


def payback_text(row: Alternative, t: Translator) -> str:
    """Months, or why there are none; nothing for what does not tune."""
    if not row.payback_status:
        return ""
    return t.months(row.payback_months) if row.payback_status in COUNTED else t(f"status.{row.payback_status}")


def reasons_text(row: Alternative, currency: str, t: Translator) -> str:
    """Why an alternative is out; nothing where it is in."""
    text = ""
    for notice in row.reasons:
        said = notice_text(t, notice, currency)
        text = t("options.both", first=text, second=said) if text else said
    return text


def summary_text(advice: Advice, rows: Sequence[Alternative], t: Translator) -> str:
    """What the best without tuning is and saves by itself, and what tuning typically adds."""
    (economics, metrics), currency = money_of(advice), advice.assessment.assumptions.currency
    typical = None if advice.headline is None else advice.headline.monthly_savings.p50
    tuning = typical or 0.0
    alone = float(metrics.savings_against_today) - float(metrics.monthly_savings)
    key = "same" if tuning == 0 else "saves" if tuning > 0 else "costs"
    adds = t(f"options.adds.{key}", money=t.prose_money(abs(tuning), currency))
    return t("options.both", first=_lead(economics.baseline.id, alone, rows, currency, t), second=adds)


def _lead(baseline: str, alone: float, rows: Sequence[Alternative], currency: str, t: Translator) -> str:
    if baseline == TODAY:
        is_forced = any(row.is_baseline and not row.is_in for row in rows)
        return t("options.lead.none" if is_forced else "options.lead.today")
    key = "saves" if alone >= 0 else "costs"
    return t(f"options.lead.{key}", option=option_name(t, baseline), money=t.prose_money(abs(alone), currency))


def is_away(row: Alternative) -> bool:
    """A vendor's service that cannot be bought, or whose price nobody knows."""
    return row.route is not None and row.npv_against_today is None
