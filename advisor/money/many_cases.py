"""Many cases at once: the money of one case on arrays with an element for each.

Cases are taken in parts that share what is no number: the baseline, and the items that are used without a price.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.core.records import TODAY, Assumptions, Economics, LineItem, Unpriced
from advisor.money.baseline import best, contenders, may_be_best
from advisor.money.cash_flows import PRICED_BY_OTHERS, evaluate, timeline
from advisor.options import tune
from advisor.options.declared import Demand
from advisor.options.registry import OPTIONS

Places = NDArray[np.intp]


class Part(NamedTuple):
    """Cases that share a baseline: their places among all, the cases beside it, and their money."""

    places: Places
    assumptions: Assumptions
    money: Economics | Unpriced


def parts(a: Assumptions, count: int) -> Iterator[Part]:
    """The money of ``count`` cases, each beside its own best alternative."""
    for places in _alike(a, count):
        some = a.at(places)
        chosen = np.broadcast_to(best(contenders(some)), places.size)
        for name in np.unique(chosen):
            which = np.flatnonzero(chosen == name)
            beside = replace(some.at(which), baseline=str(name))
            yield Part(places[which], beside, evaluate(beside))


def _alike(a: Assumptions, count: int) -> list[Places]:
    """Cases that use the same items without a price: what a case does not use needs none."""
    unpriced = (item for item in _items(a) if item.unit_price is None and item.id not in PRICED_BY_OTHERS)
    used = [np.broadcast_to(item.is_used, count) for item in unpriced]
    if not used:
        return [np.arange(count)]
    _, group = np.unique(np.stack(used), axis=1, return_inverse=True)
    return [np.flatnonzero(group == k) for k in range(int(group.max()) + 1)]


def _items(a: Assumptions) -> Iterator[LineItem]:
    """Everything that going on as today, tuning and what may be best declare; without the requests the project."""
    if not a.knows("daily_requests"):
        yield from tune.project_items(a)
        return
    line = timeline(a)
    demand = Demand(line.requests * line.adopted, line.months)
    for name in dict.fromkeys((tune.ID, TODAY, *may_be_best(a))):
        yield from OPTIONS[name].declare(a, demand if name == tune.ID else Demand(line.requests)).line_items
