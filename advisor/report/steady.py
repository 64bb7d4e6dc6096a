"""A month at today's volume and prices, item by item: the parts of ``OptionResult.steady_monthly_cost``."""

import numpy as np

from advisor.options import tune
from advisor.results import Assumptions, Economics, LineItem


def steady_amounts(a: Assumptions, e: Economics) -> tuple[dict[str, float], dict[str, float]]:
    """Monthly cost of each item [money/month], by item id: of going on as today, and of the tuned option."""
    requests = float(a.number("daily_requests")) * float(a.number("days_per_month"))
    keep = {i.id: requests * _cost(i) for i in e.baseline.line_items}
    return keep, {i.id: _steady(a, e, i, requests) for i in e.tuned.line_items if i.frequency != "one_time"}


def _steady(a: Assumptions, e: Economics, item: LineItem, requests: float) -> float:
    """One item: by the request, at a fixed rate, spread over the horizon, or by the whole GPUs of today's volume."""
    if item.frequency == "usage_based":
        return requests * _cost(item)
    if not item.by_month:
        return _cost(item)
    per_request = sum(_cost(i) for i in e.baseline.line_items)
    today = {i.id: i for i in tune.serving_items(a, np.asarray([requests]), per_request)}
    return float(np.mean(np.asarray(today.get(item.id, item).cost)))


def _cost(item: LineItem) -> float:
    return float(np.asarray(item.cost))
