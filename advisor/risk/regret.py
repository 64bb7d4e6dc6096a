"""Regret table: the actions in the P10, P50 and P90 scenarios of the net present value of tuning now."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from advisor.risk.actions import ActionTable

Array = NDArray[np.float64]

SCENARIOS = (0.1, 0.5, 0.9)
"""Shares of the futures that are worse, of the net present value of tuning now."""
NEIGHBOURS = 0.05
"""Share of the futures around a percentile that make up its scenario."""


@dataclass(frozen=True)
class Choice:
    """Net present value of an action in each scenario [money], and its regret: the gap to the best one there."""

    id: str
    npv: tuple[float, ...]
    regret: tuple[float, ...]

    @property
    def worst_regret(self) -> float:
        return max(self.regret)


def regret_table(table: ActionTable) -> tuple[Choice, ...]:
    """Every action of the table against the best without tuning, in both results of the gate by their chance."""
    tuned = table["tune_now"].worlds
    order = np.argsort(tuned.values, kind="stable")
    ahead = np.cumsum(tuned.weights[order])
    middle = ahead - tuned.weights[order] / 2
    scenarios = [order[(middle >= q - NEIGHBOURS / 2) & (middle <= q + NEIGHBOURS / 2)] for q in SCENARIOS]
    found = {
        row.id: tuple(_mean(row.worlds.values[draws], tuned.weights[draws]) for draws in scenarios)
        for row in table.rows
    }
    best = [max(npv[k] for npv in found.values()) for k in range(len(SCENARIOS))]
    return tuple(
        Choice(name, npv, tuple(top - value for top, value in zip(best, npv, strict=True)))
        for name, npv in found.items()
    )


def _mean(values: Array, weights: Array) -> float:
    return float(np.average(values, weights=weights))
