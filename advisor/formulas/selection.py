"""Which of several projects to pay for out of one budget, so that together they are worth most."""

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Chosen = NDArray[np.bool_]

PARTS = 100
"""Money is counted in whole hundredths: costs rounded up, the budget down, so that no sum of them goes over it."""
MOST_STATES = 50_000
"""So many sums that none of the others betters are looked at together; beyond it there is no exact answer here."""
DIGITS, ROUNDING = 6, 1e-12
"""Beyond so many digits of a hundredth, and within this share of a value, a difference is one of binary fractions."""


def ranked_within(costs: Array, values: Array, budget: float) -> Chosen:
    """Projects by their value for each unit of cost, the best first, each taken where it still fits.

    Parameters
    ----------
    costs : array [money], none below zero
    values : array [money]
    budget : float [money]

    Returns
    -------
    array of bool: which are taken; none that is worth nothing
    """
    parts, left = _parts(costs), _whole_parts(budget)
    taken = np.zeros(len(costs), dtype=bool)
    for k in by_worth(parts, values):
        if values[k] > 0 and parts[k] <= left:
            taken[k], left = True, left - int(parts[k])
    return taken


def best_within(costs: Array, values: Array, budget: float, most_states: int = MOST_STATES) -> Chosen | None:
    """Projects that are worth most together, of all sets within the budget (Nemhauser and Ullmann's algorithm).

    Sums of cost and value are built up project by project; one that costs no less than another and is worth no more is
    dropped, as is one that cannot reach what :func:`ranked_within` does.

    Parameters
    ----------
    costs : array [money], none below zero
    values : array [money]
    budget : float [money]
    most_states : int [plain], sums to look at together

    Returns
    -------
    array of bool: which are taken, none that is worth nothing; ``None`` where there are more sums than ``most_states``
    """
    parts, whole = _parts(costs), _whole_parts(budget)
    first = ranked_within(costs, values, budget)
    sure = float(values[first].sum())
    order = [int(k) for k in by_worth(parts, values) if values[k] > 0 and parts[k] <= whole]
    spent, worth = np.zeros(1, dtype=np.int64), np.zeros(1)
    steps: list[tuple[NDArray[np.intp], Chosen]] = []
    for place, k in enumerate(order):
        fits = np.flatnonzero(spent <= whole - parts[k])
        spent_each = np.concatenate([spent, spent[fits] + parts[k]])
        worth_each = np.concatenate([worth, worth[fits] + values[k]])
        kept = _unbettered(spent_each, worth_each)
        following = order[place + 1] if place + 1 < len(order) else None
        rate = 0.0 if following is None else values[following] / max(parts[following], ROUNDING)
        reach = worth_each[kept] + rate * (whole - spent_each[kept])
        kept = kept[reach >= sure * (1 - ROUNDING)]
        if len(kept) > most_states:
            return None
        steps.append((np.concatenate([np.arange(len(spent)), fits])[kept], kept >= len(spent)))
        spent, worth = spent_each[kept], worth_each[kept]
    return _traced(order, steps, len(costs)) if len(worth) else first


def values_by_budget(costs: Array, values: Array, most_states: int = MOST_STATES) -> tuple[Array, Array] | None:
    """What budgets are worth: each from which another set is worth more, with what that set is worth.

    Parameters
    ----------
    costs : array [money], none below zero
    values : array [money]
    most_states : int [plain], budgets to look at together

    Returns
    -------
    tuple of array [money], array [money]: budgets from zero up, and the most that each buys; ``None`` where there are
    more of them than ``most_states``
    """
    parts = _parts(costs)
    spent, worth = np.zeros(1, dtype=np.int64), np.zeros(1)
    for k in by_worth(parts, values):
        if values[k] > 0:
            spent_each = np.concatenate([spent, spent + parts[k]])
            worth_each = np.concatenate([worth, worth + values[k]])
            kept = _unbettered(spent_each, worth_each)
            if len(kept) > most_states:
                return None
            spent, worth = spent_each[kept], worth_each[kept]
    return spent / PARTS, worth


def by_worth(costs: Array | NDArray[np.int64], values: Array) -> NDArray[np.intp]:
    """Projects by value for each unit of cost, the best first; those that cost nothing by their value alone.

    Parameters
    ----------
    costs : array [money], none below zero
    values : array [money]

    Returns
    -------
    array of int: their places
    """
    free = costs <= 0
    rate = np.where(free, np.where(values > 0, np.inf, -np.inf), values / np.where(free, 1.0, costs))
    return np.lexsort((-values, -rate))


def _parts(costs: Array) -> NDArray[np.int64]:
    return np.ceil(np.round(costs * PARTS, DIGITS)).astype(np.int64)


def _whole_parts(budget: float) -> int:
    return math.floor(round(budget * PARTS, DIGITS))


def _unbettered(spent: NDArray[np.int64], worth: Array) -> NDArray[np.intp]:
    """Places of the sums that no other betters, from the cheapest to the dearest."""
    order = np.lexsort((-worth, spent))
    ahead = np.maximum.accumulate(np.concatenate([[-np.inf], worth[order][:-1]]))
    return order[worth[order] > ahead]


def _traced(order: list[int], steps: list[tuple[NDArray[np.intp], Chosen]], count: int) -> Chosen:
    """The projects behind the dearest sum that is left, which is worth most."""
    taken, at = np.zeros(count, dtype=bool), -1
    for k, (before, is_taken) in zip(reversed(order), reversed(steps), strict=True):
        taken[k] = is_taken[at]
        at = int(before[at])
    return taken
