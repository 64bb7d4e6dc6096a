"""Regret table: the choices in the P10, P50 and P90 scenarios of the net present value of tuning."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from advisor.core.notices import UnknownPrice
from advisor.core.records import TODAY, Assumptions, Economics
from advisor.formulas import finance
from advisor.money.cash_flows import evaluate
from advisor.risk.simulation import Sampling, columns, gained, passes_gate

Array = NDArray[np.float64]

SCENARIOS = (10, 50, 90)
"""Percentiles of the net present value of tuning."""
NEIGHBOURS = 0.05
"""Share of the draws around a percentile that make up its scenario."""
WAIT_MONTHS = 6.0
DO_NOTHING, UNTUNED, TUNE, WAIT = "nothing", "untuned", "tune", "wait"


@dataclass(frozen=True)
class Choice:
    """Net present value of a choice against going on as today in each scenario, and its regret: the gap to the best."""

    id: str
    npv: tuple[float, ...]
    regret: tuple[float, ...]

    @property
    def worst_regret(self) -> float:
        return max(self.regret)


def regret_table(a: Assumptions, sampling: Sampling) -> tuple[Choice, ...]:
    """Regret of doing nothing, the best alternative without tuning, tuning now and tuning in six months.

    All choices are computed on common random numbers. Raises ``UnknownPrice`` where a price is unknown.
    """
    found = columns(a, sampling)
    case, passes = a.replaced(found), passes_gate(a, found, sampling)
    now, later = _economics(case), _economics(_later(case))
    rate = case.number("discount_rate")
    untuned = np.broadcast_to(gained(now.today, now.baseline, case), sampling.count)
    worths: Mapping[str, Array] = {
        DO_NOTHING: np.zeros(sampling.count),
        **({UNTUNED: untuned} if a.baseline != TODAY else {}),
        TUNE: untuned + _tuned_worth(now, passes, rate, 0),
        WAIT: untuned + _tuned_worth(later, passes, rate, int(WAIT_MONTHS)),
    }
    order = np.argsort(worths[TUNE], kind="stable")
    scenarios = [order[_around(percentile, sampling.count)] for percentile in SCENARIOS]
    table = {name: tuple(float(values[draws].mean()) for draws in scenarios) for name, values in worths.items()}
    best = [max(row[k] for row in table.values()) for k in range(len(SCENARIOS))]
    return tuple(
        Choice(name, row, tuple(top - value for top, value in zip(best, row, strict=True)))
        for name, row in table.items()
    )


def _around(percentile: int, count: int) -> slice:
    """Draws around a percentile, by their order."""
    middle, half = count * percentile / 100, count * NEIGHBOURS / 2
    return slice(max(round(middle - half), 0), round(middle + half))


def _economics(a: Assumptions) -> Economics:
    found = evaluate(a)
    if not isinstance(found, Economics):
        raise UnknownPrice(found.items)
    return found


def _later(a: Assumptions) -> Assumptions:
    """The same project begun later: the launch moves, prices decline meanwhile, the horizon stays."""
    row = a["deploy_months"]
    return replace(a, rows={**a.rows, row.id: replace(row, value=np.asarray(row.value, dtype=float) + WAIT_MONTHS)})


def _tuned_worth(e: Economics, passes: NDArray[np.bool_], rate: float | Array, paid_in: int) -> Array:
    """Net present value of tuning with the investment paid in month ``paid_in``, which is lost where the gate fails."""
    flows = np.where(passes[:, np.newaxis], e.cash_flows, 0.0)
    flows[:, 0] = 0.0
    flows[:, min(paid_in, flows.shape[-1] - 1)] -= np.asarray(e.investment)
    return np.asarray(finance.npv(flows, rate))
