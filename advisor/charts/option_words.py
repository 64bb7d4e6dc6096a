"""Words for alternatives that the page and the report share: names, marks, reasons, and what tuning adds."""

import math
from collections.abc import Mapping, Sequence
from functools import reduce

from advisor.charts.style import money_of
from advisor.core.notices import Notice
from advisor.core.records import TODAY
from advisor.decision.advice import Advice
from advisor.decision.alternatives import BUILT_FIRST, Alternative
from advisor.money.cash_flows import monthly_requests
from advisor.text.headline_phrases import in_ten_text
from advisor.text.i18n import Translator
from advisor.text.phrases import notice_text, option_name, result_text

COUNTED = ("ok", "reversed_later")
"""States in which a payback has a month."""

GRADED = ("evaluation_items", "evaluation_minutes", "hourly_rate")
"""What grading answers costs follows from these."""


def alternative_names(rows: Sequence[Alternative], t: Translator) -> dict[str, str]:
    """What each alternative is called; a vendor's service by its name in the catalog."""
    return {row.id: option_name(t, row.name or row.id) for row in rows}


def marks(row: Alternative) -> tuple[str, ...]:
    """What is special about an alternative, most important first."""
    said = ((row.state, not row.is_in), ("baseline", row.is_baseline), ("case", row.is_case))
    return tuple(mark for mark, applies in said if applies)


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


def is_closed(reason: Notice) -> bool:
    """A service that takes no new customers."""
    return reason.code == "route_closed"


def reasons_text(row: Alternative, currency: str, t: Translator) -> str:
    """Why an alternative is untested or ruled out, without its name; nothing where it is in."""
    text = ""
    for notice in row.reasons:
        said = t("options.closed") if is_closed(notice) else notice_text(t, notice, currency)
        text = t("options.both", first=text, second=said) if text else said
    return text


def untested_text(row: Alternative, currency: str, t: Translator) -> str:
    """Why an alternative is untested, what a test costs, and what a pass would bring."""
    said = [reasons_text(row, currency, t)]
    if row.test_cost is None:
        said += [t("options.untested.with_project")] if row.tunes else []
    else:
        said.append(t("options.untested.test", cost=t.prose_money(row.test_cost, currency)))
        if row.test_chance is not None:
            said.append(t("options.untested.chance", chance=in_ten_text(row.test_chance, t)))
        gain = row.test_gain or 0.0
        more = t("options.untested.gain", money=t.prose_money(gain, currency))
        said.append(more if gain > 0 else t("options.untested.no_gain"))
    text = said[0]
    for more in said[1:]:
        text = t("options.both", first=text, second=more)
    return text


def worked_text(row: Alternative, advice: Advice, t: Translator) -> str:
    """What a month costs and saves, the cost once, and what a test costs and a pass is worth, with their numbers."""
    a, (economics, _) = advice.assessment.assumptions, money_of(advice)
    monthly, today = float(row.monthly or 0.0), float(economics.today.steady_monthly_cost)
    amounts = {"month": monthly, "today": today, "saved": today - monthly, "more": monthly - today}
    amounts["once"] = float(row.one_time or 0.0)
    amounts |= {"test": row.test_cost or 0.0, "worth": row.npv_against_baseline or 0.0, "gain": row.test_gain or 0.0}
    amounts["action"] = amounts["worth"] - amounts["gain"]
    told = {name: t.money(value, a.currency) for name, value in amounts.items()}
    told |= {name: t.value(a[name].value, a[name].unit, a.currency) for name in GRADED}
    told |= {
        "requests": t.number(float(monthly_requests(a)), 0),
        "each": t.value(row.cost_per_request, "money/request", a.currency),
        "count": t.number(0 if advice.headline is None else advice.headline.draws),
        "built": told["once"],
    }
    said = [t("options.worked.month", **told)]
    if row.id != TODAY:
        said.append(t("options.worked.more" if monthly > today else "options.worked.saved", **told))
    said += [t("options.worked.once", **told)] if row.one_time else []
    if row.test_cost is not None:
        said.append(t("options.worked.test_built" if row.id in BUILT_FIRST else "options.worked.test", **told))
        said.append(t("options.worked.pass", **told))
    return reduce(lambda first, second: t("options.both", first=first, second=second), said)


def alike_text(group: Sequence[Alternative], names: Mapping[str, str], t: Translator) -> str:
    """Which ways stand for each other in one row; empty where the row holds one."""
    if len(group) == 1:
        return ""
    others = t("chart.list").join(names[row.id] for row in group[1:])
    return t("options.alike", name=marked_name(group[0], names[group[0].id], t), names=others)


def grouped_name(group: Sequence[Alternative], names: Mapping[str, str], t: Translator) -> str:
    """The marked name of what leads a group, with how many more are about the same."""
    name = marked_name(group[0], names[group[0].id], t)
    return name if len(group) == 1 else t("options.chart.and_alike", name=name, count=len(group) - 1)


def summary_text(advice: Advice, rows: Sequence[Alternative], t: Translator) -> str:
    """What the best without tuning is and saves by itself, and what tuning typically adds."""
    (economics, metrics), currency = money_of(advice), advice.assessment.assumptions.currency
    found, tuning = advice.headline, saved_by_tuning(advice)
    alone = float(metrics.savings_against_today) - float(metrics.monthly_savings)
    key = "same" if tuning == 0 else "saves" if tuning > 0 else "costs"
    adds = t(f"options.adds.{key}", money=t.prose_money(abs(tuning), currency))
    if found is not None and found.serves and found.fails:
        adds = t("options.adds.fails")
    return t("options.both", first=_lead(economics.baseline.id, alone, rows, currency, t), second=adds)


def saved_by_tuning(advice: Advice) -> float:
    """What tuning typically saves in a month at today's volume and prices; 0 where it fails its evaluation. [money]"""
    found = advice.headline
    return 0.0 if found is None or found.fails else found.monthly_savings.p50 or 0.0


def all_told_text(advice: Advice, t: Translator) -> str:
    """What tuning means with all of it counted, which a month alone does not tell; empty where nothing is served."""
    found = advice.headline
    if found is None or not found.serves:
        return ""
    result = result_text(found.npv.mean, advice.assessment.assumptions.currency, t)
    return t("options.all_told", result=result, horizon=t.months(found.horizon, 0))


def _lead(baseline: str, alone: float, rows: Sequence[Alternative], currency: str, t: Translator) -> str:
    if baseline == TODAY:
        is_forced = any(row.is_baseline and not row.is_in for row in rows)
        return t("options.lead.none" if is_forced else "options.lead.today")
    key = "saves" if alone >= 0 else "costs"
    return t(f"options.lead.{key}", option=option_name(t, baseline), money=t.prose_money(abs(alone), currency))


def is_away(row: Alternative) -> bool:
    """A vendor's service that cannot be bought, or whose price nobody knows."""
    return row.route is not None and row.npv_against_today is None
