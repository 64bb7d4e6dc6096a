"""Facts that nobody has stated, of which only those count that move anything that is compared."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from advisor.core.notices import UnknownPrice
from advisor.core.records import TODAY, Assumptions, Economics, Unpriced
from advisor.formulas import finance
from advisor.money.cash_flows import evaluate, timeline, untuned
from advisor.risk.simulation import Simulation, gained
from advisor.scenario import role_of

Array = NDArray[np.float64]

TRIED = (4, 32)
"""Draws in which a fact is tried at both ends: most show in a few that they move something, the others get more.

A Sobol sequence spreads so few over the whole range of each number.
"""
ROUNDING = 1e-9
"""Share of the largest worth below which two are the same: sums of many terms in another order."""


def open_facts(a: Assumptions, found: Simulation, others: tuple[str, ...]) -> tuple[str, ...]:
    """Drawn numbers that somebody could look up or measure today, that nobody has stated and that move anything.

    A number moves something where its least and its largest draw, all others held, give tuning or one of the ``others``
    another worth in any of ``TRIED`` draws: not the share of good answers where a bad one costs nothing.
    """
    names, moving = could_be_found(a, found), set[str]()
    for draws in TRIED:
        moving |= _moving([name for name in names if name not in moving], a, found, others, draws)
    return tuple(name for name in names if name in moving)


def _moving(names: Sequence[str], a: Assumptions, found: Simulation, others: tuple[str, ...], draws: int) -> set[str]:
    if not names:
        return set()
    tried = np.tile(np.stack([column[:draws] for column in found.columns.values()]), 2 * len(names))
    columns, count = dict(zip(found.columns, tried, strict=True)), tried.shape[-1] // len(names)
    for k, name in enumerate(names):
        ends = found.columns[name].min(), found.columns[name].max()
        columns[name][k * count : (k + 1) * count] = np.repeat(ends, count // 2)
    worth = compared_worth(a.replaced(columns), others, count * len(names))
    low, high = np.moveaxis(worth.reshape(len(worth), len(names), 2, -1), 2, 0)
    moves = np.abs(high - low) > ROUNDING * np.abs(worth).max(axis=-1)[:, np.newaxis, np.newaxis]
    return {name for name, moved in zip(names, moves.any(axis=(0, 2)), strict=True) if moved}


def could_be_found(a: Assumptions, found: Simulation) -> tuple[str, ...]:
    """Drawn numbers that somebody could look up or measure today and that nobody has stated yet."""
    return tuple(name for name in found.columns if role_of(name) == "fact" and _is_open(a, name))


def _is_open(a: Assumptions, name: str) -> bool:
    """A number that the reader stated is known, unless a range of their own says that it is not."""
    return a[name].set_by != "user" or a[name].shape == "three_point"


def look_up_cost(a: Assumptions, count: int) -> float:
    """Hours to find the open facts out, at the case's wage. [money]"""
    wage = float(a.number("hourly_rate")) if a.knows("hourly_rate") else 0.0
    return count * float(a.number("look_up_hours")) * wage


def compared_worth(a: Assumptions, others: tuple[str, ...], count: int) -> Array:
    """Worth of tuning, what it costs once, and worth of each other alternative, in ``count`` draws. [money]

    Raises ``UnknownPrice`` where a price is unknown.
    """
    line = timeline(a)
    e = evaluate(a, line)
    if not isinstance(e, Economics):
        raise UnknownPrice(e.items)
    rows = [finance.npv(e.cash_flows, a.number("discount_rate")), e.investment, gained(e.today, e.baseline, a)]
    for name in set(others) - {TODAY, a.baseline}:
        result = untuned(a, name, line)
        if isinstance(result, Unpriced):
            raise UnknownPrice(result.items)
        rows.append(gained(e.today, result, a))
    return np.stack([np.broadcast_to(np.asarray(row, dtype=float), count) for row in rows])
