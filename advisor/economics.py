"""The money of the case: declared items become monthly costs and cash flows, for one case and arrays of draws alike."""

from dataclasses import dataclass

import numpy as np

from advisor.models import finance
from advisor.options import keep_as_is, tune
from advisor.results import Assumptions, Economics, LineItem, Number, OptionResult, Unpriced


@dataclass(frozen=True)
class _Timeline:
    """What the month axis carries: requests, share moved over, live or not, and price factors by trend."""

    months: np.ndarray
    requests: np.ndarray
    adopted: np.ndarray
    live: np.ndarray
    trends: dict[str, np.ndarray]


def _timeline(a: Assumptions) -> _Timeline:
    months = finance.months_axis(int(float(a.number("horizon_months"))))
    flat = np.ones_like(months)
    return _Timeline(
        months=months,
        requests=finance.monthly_volume(
            a.number("daily_requests"), a.number("days_per_month"), a.number("volume_growth"), months
        ),
        adopted=finance.adoption(months, a.number("deploy_months"), a.number("ramp_months")),
        live=finance.is_live(months, a.number("deploy_months")),
        trends={
            "flat": flat,
            "api": finance.price_path(a.number("api_price_decline"), months),
            "hosting": finance.price_path(a.number("hosting_price_decline"), months),
        },
    )


def total(items: tuple[LineItem, ...]) -> Number | None:
    """Sum of the items' costs; ``None`` as soon as one price is unknown."""
    whole: Number = 0.0
    for item in items:
        if item.cost is None:
            return None
        whole = whole + item.cost
    return whole


PRICED_BY_OTHERS = frozenset({"contingency", "retraining", "fallback"})
"""Items priced by the sum of others: unknown only because one of those is."""


def missing_prices(items: tuple[LineItem, ...]) -> tuple[str, ...]:
    """Items whose own price nobody knows."""
    return tuple(item.id for item in items if item.cost is None and item.id not in PRICED_BY_OTHERS)


def _monthly(items: tuple[LineItem, ...], line: _Timeline) -> np.ndarray:
    """Cost of recurring items in each month (before go-live included; the caller masks)."""
    costs = [np.asarray(i.cost) if i.by_month else np.asarray(i.cost)[..., np.newaxis] for i in items]
    return sum((c * line.trends[i.trend] for c, i in zip(costs, items, strict=True)), np.zeros_like(line.months))


def _per_request(items: tuple[LineItem, ...], line: _Timeline) -> np.ndarray:
    """Cost of usage-based items per request in each month."""
    return sum((np.asarray(i.cost)[..., np.newaxis] * line.trends[i.trend] for i in items), np.zeros_like(line.months))


@dataclass(frozen=True)
class _Items:
    """The declared items of both options, by how they are charged."""

    keep: tuple[LineItem, ...]
    once: tuple[LineItem, ...]
    recurring: tuple[LineItem, ...]
    usage: tuple[LineItem, ...]

    @property
    def tuned(self) -> tuple[LineItem, ...]:
        return (*self.once, *self.running)

    @property
    def running(self) -> tuple[LineItem, ...]:
        return (*self.recurring, *self.usage)


def _items(a: Assumptions, line: _Timeline) -> _Items:
    keep, once = keep_as_is.line_items(a), project_items(a)
    serving = tune.serving_items(a, line.requests * line.adopted, total(keep))
    upkeep = tune.upkeep_items(a, line.months, total(once))
    recurring = (*(i for i in serving if i.frequency == "recurring"), *upkeep)
    return _Items(keep, once, recurring, tuple(i for i in serving if i.frequency == "usage_based"))


def project_items(a: Assumptions) -> tuple[LineItem, ...]:
    """Everything that is paid once."""
    project = tune.project_items(a)
    return (*project, tune.contingency_item(a, total(project)))


def evaluate(a: Assumptions) -> Economics | Unpriced:
    """Cash flows of tuning against going on as today; or the items whose price nobody knows."""
    line = _timeline(a)
    items = _items(a, line)
    missing = missing_prices((*items.keep, *items.tuned))
    if missing:
        return Unpriced(missing, total(items.once))
    investment = np.asarray(total(items.once))
    keep_month = line.requests * _per_request(items.keep, line)
    fixed_month = line.live * _monthly(items.recurring, line)
    tuned_month = (
        line.requests * (1 - line.adopted) * _per_request(items.keep, line)
        + line.requests * line.adopted * _per_request(items.usage, line)
        + fixed_month
    )
    keep = OptionResult(keep_as_is.ID, items.keep, 0.0, keep_month, _steady(a, items, items.keep))
    tuned = OptionResult(tune.ID, items.tuned, investment[()], tuned_month, _steady(a, items, items.running))
    return Economics(
        baseline=keep,
        tuned=tuned,
        months=line.months,
        monthly_requests=line.requests,
        investment=investment[()],
        monthly_savings=keep.steady_monthly_cost - tuned.steady_monthly_cost,
        cash_flows=finance.net_cash_flows(investment, keep_month - tuned_month, np.zeros_like(line.months)),
    )


def _steady(a: Assumptions, items: _Items, running: tuple[LineItem, ...]) -> dict[str, Number]:
    """Cost of each running item in a month at today's volume and prices, with all traffic moved over.

    Retraining is spread evenly between two retrainings, whole GPUs are counted for today's volume.
    """
    requests = np.asarray(a.number("daily_requests")) * a.number("days_per_month")
    serving = tune.serving_items(a, requests[..., np.newaxis], total(items.keep))
    today = {i.id: i for i in (*serving, tune.steady_retraining(a, total(items.once)))}
    return {i.id: _steady_cost(today.get(i.id, i), requests) for i in running}


def _steady_cost(item: LineItem, requests: np.ndarray) -> Number:
    cost = np.asarray(item.cost)
    if item.frequency == "usage_based":
        return np.asarray(requests * cost)[()]
    return np.asarray(np.mean(cost, axis=-1) if item.by_month else cost)[()]
