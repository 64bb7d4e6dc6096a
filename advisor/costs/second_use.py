"""What a second use would cost on the same base model: another adapter on machines that run already."""

from dataclasses import dataclass

import numpy as np

from advisor.catalog.catalog import Catalog
from advisor.core.records import Assumptions, Economics
from advisor.money.cash_flows import evaluate, monthly_requests
from advisor.options import tuned_serving
from advisor.options.declared import total
from advisor.options.tune import project_items


@dataclass(frozen=True)
class SecondUse:
    """Money of a second use of the same volume beside the first: once, and in a steady month.

    ``shares_machines``: its adapter runs on the first one's GPUs; otherwise it is served by the token like the first.
    """

    one_time: float
    monthly: float
    first_one_time: float
    first_monthly: float
    shares_machines: bool


def second_use(a: Assumptions, catalog: Catalog) -> SecondUse | None:
    """The same data, training and grading again, less engineering and watching, no other one-time cost.

    ``None`` where a price is unknown.
    """
    e = evaluate(a)
    if not isinstance(e, Economics):
        return None
    engineering, operations = (catalog.number(name) for name in ("second_engineering_share", "second_operations_share"))
    hours = float(a.number("engineer_hours")) * engineering
    again = a.replaced({"engineer_hours": hours, "other_one_time_cost": 0.0})
    once = total(project_items(again))
    steady = {name: float(cost) for name, cost in e.tuned.steady_costs.items()}
    shared = a.choice("serving_route") in ("rented_gpu", tuned_serving.OWN)
    monthly = sum(steady.values())
    monthly -= steady.get("operations", 0.0) * (1 - operations)
    twice = 2 * catalog.number("adapter_overhead")
    if shared:
        requests = float(monthly_requests(a))
        monthly += _machines(a, twice * requests) - 2 * _machines(a, requests)
    bought, more = (_cards(x) for x in (a, a.replaced({"daily_requests": twice * a.number("daily_requests")})))
    return SecondUse(float(once or 0.0) + more - 2 * bought, monthly, float(e.investment), sum(steady.values()), shared)


def _machines(a: Assumptions, requests: float) -> float:
    """Running the GPUs for a volume. [money/month]"""
    return float(sum(np.asarray(item.cost)[0] for item in tuned_serving.serving_items(a, np.array([requests]))))


def _cards(a: Assumptions) -> float:
    """Cards bought for the volume; several adapters cost a little speed. [money]"""
    return float(total(tuned_serving.bought_cards(a)) or 0.0)
