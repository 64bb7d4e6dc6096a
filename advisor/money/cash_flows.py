"""Declared line items become monthly costs and cash flows, for one case and for arrays of draws alike."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from advisor.core.records import TODAY, Assumptions, Economics, LineItem, Number, OptionResult, Unpriced
from advisor.formulas import cash_flow_timing
from advisor.formulas.arrays import as_array
from advisor.options import tune
from advisor.options.declared import Demand, OptionCosts, total
from advisor.options.registry import OPTIONS, UNTUNED

HORIZON = "horizon_months"
"""Sets the length of the month axis, so it cannot be one column among many."""


@dataclass(frozen=True)
class Timeline:
    """What changes by month: requests, share served by the tuned model, live or not, and price factors by trend."""

    months: np.ndarray
    requests: np.ndarray
    adopted: np.ndarray
    live: np.ndarray
    trends: dict[str, np.ndarray]


def monthly_requests(a: Assumptions, daily: Number | None = None) -> Number:
    """Requests of a month at today's volume, or at ``daily`` requests a day. [requests/month]"""
    return (a.number("daily_requests") if daily is None else daily) * a.number("days_per_month")


def timeline(a: Assumptions, months: np.ndarray | None = None) -> Timeline:
    """The months of the case; or ``months`` in their place, which are as many."""
    months = cash_flow_timing.months_axis(int(float(a.number(HORIZON)))) if months is None else months
    adopted, live = _launch(a, months)
    return Timeline(
        months=months,
        requests=cash_flow_timing.monthly_volume(monthly_requests(a), a.number("volume_growth"), months),
        adopted=adopted,
        live=live,
        trends={
            "flat": np.ones_like(months),
            "api": cash_flow_timing.price_path(a.number("api_price_decline"), months),
            "hosting": cash_flow_timing.price_path(a.number("hosting_price_decline"), months),
        },
    )


def _launch(a: Assumptions, months: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Share served by the tuned model, and whether it is live, in each month."""
    launched, ramp = a.number("deploy_months"), a.number("ramp_months")
    return cash_flow_timing.adoption(months, launched, ramp), cash_flow_timing.is_live(months, launched)


PRICED_BY_OTHERS = frozenset({"contingency", "retraining", "fallback", "retries", "tuned_retries"})
"""Items computed from other items: their price is unknown only where one of those is."""


def missing_prices(items: tuple[LineItem, ...]) -> tuple[str, ...]:
    """Items whose own price is unknown."""
    return tuple(item.id for item in items if item.cost is None and item.id not in PRICED_BY_OTHERS)


def price_changes(a: Assumptions, months: np.ndarray) -> Iterator[tuple[np.ndarray, Assumptions]]:
    """Months from which announced prices hold, as true along the axis, with the case at these prices."""
    days = {change.on for row in a.rows.values() if row.announced for change in row.announced}
    for day in sorted(days):
        yield months >= cash_flow_timing.month_of((day - a.on).days), a.in_force(day)


def _by_trend(items: Iterable[LineItem], line: Timeline) -> np.ndarray:
    """Costs of the items in each month. They are summed before the price factors apply: one product for each trend."""
    sums: dict[str, np.ndarray] = {}
    for item in items:
        cost = as_array(item.cost) if item.by_month else as_array(item.cost)[..., np.newaxis]
        sums[item.trend] = sums[item.trend] + cost if item.trend in sums else cost
    flat = sums.pop("flat", np.zeros(1))
    moving = sum((cost * line.trends[trend] for trend, cost in sums.items()), np.zeros_like(line.months))
    return as_array(moving + flat)


def call_cost(a: Assumptions) -> Number | None:
    """Usage cost of a request with the baseline of ``a``; ``None`` without a price. [money/request]"""
    return total(UNTUNED[a.baseline].declare(a, Demand(np.ones(1))).call)


def flat_cost(a: Assumptions) -> Number:
    """What the baseline of ``a`` is billed whatever the requests, at today's price. [money/month]"""
    return total(UNTUNED[a.baseline].declare(a, Demand(np.ones(1))).flat) or 0.0


def untuned(a: Assumptions, alternative: str, line: Timeline) -> OptionResult | Unpriced:
    """An alternative without tuning over the months; or the items whose price is unknown."""
    return _over_the_months(UNTUNED[alternative].declare(a, Demand(line.requests)), a, line)


def _over_the_months(said: OptionCosts, a: Assumptions, line: Timeline) -> OptionResult | Unpriced:
    missing = missing_prices(said.line_items)
    if missing:
        return Unpriced(missing, total(said.once))
    monthly = _untuned_months(said, line)
    for since, then in price_changes(a, line.months):
        later = UNTUNED[said.id].declare(then, Demand(line.requests))
        monthly = np.where(since, _untuned_months(later, line), monthly)
    once = as_array(total(said.once))[()]
    return OptionResult(said.id, said.line_items, once, monthly, partial(_steady_untuned, said, a), said.success_share)


def _steady_untuned(said: OptionCosts, a: Assumptions) -> dict[str, Number]:
    """Cost of each running item of an alternative without tuning in a month at today's volume and prices."""
    requests = as_array(monthly_requests(a))
    follows_volume = any(item.by_month for item in said.recurring)
    today = UNTUNED[said.id].declare(a, Demand(requests[..., np.newaxis])) if follows_volume else said
    return {i.id: _steady_cost(i, requests) for i in (*today.monthly, *today.usage)}


def _untuned_months(said: OptionCosts, line: Timeline) -> np.ndarray:
    return as_array(line.requests * _by_trend(said.usage, line) + _by_trend(said.monthly, line))


def evaluate(a: Assumptions, line: Timeline | None = None) -> Economics | Unpriced:
    """Cash flows of tuning against the baseline of ``a``; or what nobody knows: the requests, or prices of items.

    ``line`` is the timeline of ``a``, where it is at hand.
    """
    if not a.knows("daily_requests"):
        return Unpriced(("daily_requests",), total(tune.project_items(a)))
    line = timeline(a) if line is None else line
    said, items = _declared(a, line)
    baseline = _over_the_months(said, a, line)
    today = baseline if a.baseline == TODAY else untuned(a, TODAY, line)
    unpriced = [option.items for option in (today, baseline) if isinstance(option, Unpriced)]
    missing = (*(unpriced[0] if unpriced else ()), *missing_prices(items.line_items))
    if missing or isinstance(today, Unpriced) or isinstance(baseline, Unpriced):
        return Unpriced(missing, total(items.once))
    investment, tuned_month = as_array(total(items.once)), _tuned_over_the_months(a, said, items, line)
    steady = partial(_steady, a, items, said)
    tuned = OptionResult(items.id, items.line_items, investment[()], tuned_month, steady, items.success_share)
    return Economics(
        today=today,
        baseline=baseline,
        tuned=tuned,
        months=line.months,
        monthly_requests=line.requests,
        investment=investment[()],
        cash_flows=_flows(investment, baseline, tuned_month),
    )


def begun_later(a: Assumptions, line: Timeline, baseline: OptionResult, delay: float) -> tuple[np.ndarray, np.ndarray]:
    """Investment and cash flows of tuning that is launched ``delay`` months later, beside an unchanged baseline.

    The investment stands at month 0 all the same, and every price of ``a`` is known. [money]
    """
    row = a["deploy_months"]
    later = replace(row, value=np.asarray(row.value, dtype=float) + delay)
    moved = replace(a, rows={**a.rows, row.id: later})
    adopted, live = _launch(moved, line.months)
    line = replace(line, adopted=adopted, live=live)
    said, items = _declared(moved, line)
    investment = as_array(total(items.once))
    return investment, _flows(investment, baseline, _tuned_over_the_months(moved, said, items, line))


def _flows(investment: np.ndarray, baseline: OptionResult, tuned_month: np.ndarray) -> np.ndarray:
    saved = baseline.monthly_cost - tuned_month
    return cash_flow_timing.net_cash_flows(investment, saved, np.zeros(tuned_month.shape[-1]))


def _tuned_over_the_months(a: Assumptions, said: OptionCosts, items: OptionCosts, line: Timeline) -> np.ndarray:
    monthly = _tuned_months(a, said, items, line)
    for since, then in price_changes(a, line.months):
        monthly = np.where(since, _tuned_months(then, *_declared(then, line), line), monthly)
    return monthly


def tuned_by_category(a: Assumptions, line: Timeline) -> dict[str, np.ndarray]:
    """Monthly cost of tuning by the category of its items, what stays of the baseline among them; adds up to the whole.

    Every price is known. [money/month]
    """
    said, items = _declared(a, line)
    every = (*said.monthly, *said.usage, *items.recurring, *items.usage)
    return {name: _months_of(name, a, line) for name in dict.fromkeys(item.category for item in every)}


def _months_of(category: str, a: Assumptions, line: Timeline) -> np.ndarray:
    def at(prices: Assumptions) -> np.ndarray:
        said, items = _declared(prices, line)
        return _tuned_months(prices, _only(category, said), _only(category, items), line)

    monthly = at(a)
    for since, then in price_changes(a, line.months):
        monthly = np.where(since, at(then), monthly)
    return monthly


def _only(category: str, said: OptionCosts) -> OptionCosts:
    """The option with the items of one category; the others are as if they cost nothing."""

    def those(items: tuple[LineItem, ...]) -> tuple[LineItem, ...]:
        return tuple(item for item in items if item.category == category)

    recurring, call, quality, flat = map(those, (said.recurring, said.call, said.quality, said.flat))
    return replace(said, recurring=recurring, call=call, quality=quality, flat=flat)


def _declared(a: Assumptions, line: Timeline) -> tuple[OptionCosts, OptionCosts]:
    """The baseline, and tuning beside it."""
    said = UNTUNED[a.baseline].declare(a, Demand(line.requests))
    demand = Demand(line.requests * line.adopted, line.months, total(said.call))
    return said, OPTIONS[tune.ID].declare(a, demand)


def _tuned_months(a: Assumptions, said: OptionCosts, items: OptionCosts, line: Timeline) -> np.ndarray:
    """Monthly cost of tuning: of both models while requests move over, and of what stays of the baseline."""
    cost = (
        line.requests * (1 - line.adopted) * _by_trend(said.usage, line)
        + line.requests * line.adopted * _by_trend(items.usage, line)
        + line.live * _by_trend(items.recurring, line)
    )
    if said.recurring:
        stays = np.ones_like(line.months) if said.goes_on else 1 - line.adopted
        cost = cost + stays * _by_trend(said.recurring, line)
    if said.flat:
        handed_over = as_array(a.number("fallback_share"))[..., np.newaxis]
        cost = cost + (1 - line.adopted * (1 - handed_over)) * _by_trend(said.flat, line)
    return as_array(cost)


def _steady(a: Assumptions, items: OptionCosts, baseline: OptionCosts) -> dict[str, Number]:
    """Cost of each running item in a month at today's volume and prices, with all traffic moved over.

    Retraining is spread evenly between two retrainings, whole GPUs are counted for today's volume.
    """
    requests = as_array(monthly_requests(a))
    month = OPTIONS[items.id].declare(a, Demand(requests[..., np.newaxis], call_price=total(baseline.call)))
    kept = baseline.recurring if baseline.goes_on else ()
    steady = {i.id: _steady_cost(i, requests) for i in (*month.recurring, *month.usage, *kept)}
    handed_over = a.number("fallback_share")
    return {**steady, **{i.id: handed_over * _steady_cost(i, requests) for i in baseline.flat}}


def _steady_cost(item: LineItem, requests: np.ndarray) -> Number:
    cost = as_array(item.cost)
    if item.frequency == "usage_based":
        return as_array(requests * cost)[()]
    return as_array(np.mean(cost, axis=-1) if item.by_month else cost)[()]
