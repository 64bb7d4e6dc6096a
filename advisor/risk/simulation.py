"""Monte Carlo simulation: every uncertain number is drawn, and the code of the point case runs on arrays of draws.

Each number has its own column of a scrambled Sobol sequence, whichever option uses it: options and what-ifs are
computed on common random numbers, so that their difference is theirs and not the draw's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.core.notices import UnknownPrice
from advisor.core.places import DATA
from advisor.core.records import TODAY, Assumption, Assumptions, Economics, Number, OptionResult, Shape, Unpriced
from advisor.formulas import cash_flow_timing, distributions, finance
from advisor.money.cash_flows import HORIZON, Timeline, evaluate, monthly_requests, timeline, untuned
from advisor.risk.sobol import plain_random, points
from advisor.risk.worlds import Worlds
from advisor.scenario import QUESTIONS

Array = NDArray[np.float64]

LIVE_DRAWS = 1_024
"""Draws of every figure that is shown, so that a page, a report and the command line agree digit for digit."""
SEED = 20_261_126
GATE = "gate"
WITHOUT_MONEY = frozenset(
    [
        *("budget", "facts_change_days", "examples_available"),
        *(
            "pilot_cost",
            "pilot_reliability",
            "pilot_months",
            "look_up_hours",
            "loss_tolerance",
            "other_model_pass_share",
        ),
    ]
)
"""Numbers that the cash flows of tuning do not depend on, so they are not drawn."""
MOST_DIMENSIONS = 64
COLUMNS = DATA / "draws" / "columns.txt"


def _dimensions() -> Mapping[str, int]:
    """Columns as recorded, so that a new question moves no draw of another; one not recorded yet comes last."""
    recorded = [line for line in COLUMNS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    numeric = (q.id for q in QUESTIONS.values() if q.is_number and q.id not in {HORIZON} | WITHOUT_MONEY)
    return {name: k for k, name in enumerate(dict.fromkeys((*recorded, *numeric)))}


DIMENSIONS = _dimensions()
"""Column of each number: the same in every case."""


class Correlation(NamedTuple):
    """Correlation of two numbers, by a Gaussian copula."""

    first: str
    second: str
    value: float


@dataclass(frozen=True)
class Sampling:
    """Number, seed and kind of the draws; ``count`` is a power of two."""

    count: int = LIVE_DRAWS
    seed: int = SEED
    correlations: tuple[Correlation, ...] = ()
    sobol: bool = True


def _nothing() -> Array:
    return np.empty(0)


@dataclass(frozen=True)
class Simulation:
    """Results of each draw where the quality gate passes: money as in the point case, payback in months (nan: never).

    Where it fails the ``investment`` is lost and nobody is served; ``chance`` [fraction] is that of passing in each
    draw. ``npv_if_passed`` is against the baseline, ``baseline_npv`` that of the baseline against going on as today;
    ``roi`` is over the horizon, nan where nothing is invested. ``cumulative`` are P10, P50 and P90 of the cumulative
    cash flow by month where the gate passes. The last four only explain, and are empty where only a verdict was asked
    for.
    """

    sampling: Sampling
    columns: Mapping[str, Array]
    chance: Array
    npv_if_passed: Array
    baseline_npv: Array
    payback: Array
    investment: Array
    monthly_savings: Array = field(default_factory=_nothing)
    roi: Array = field(default_factory=_nothing)
    cost_per_request: Array = field(default_factory=_nothing)
    cumulative: Array = field(default_factory=_nothing)

    @property
    def worlds(self) -> Worlds:
        """Tuning now, in both results of the gate."""
        return Worlds(self.npv_if_passed, -self.investment, float(self.chance.mean()))

    @property
    def against_today(self) -> Worlds:
        """The same against going on as today: the baseline's own gain is made in either result."""
        here = self.worlds
        return Worlds(here.passed + self.baseline_npv, here.failed + self.baseline_npv, here.chance)


class Drawn(NamedTuple):
    """The case with a column of draws in the place of every uncertain number, its months and its money."""

    sampling: Sampling
    columns: Mapping[str, Array]
    case: Assumptions
    line: Timeline
    economics: Economics

    @property
    def chance(self) -> Array:
        """Chance of passing the quality gate in each draw; certain where its result is known. [fraction]"""
        if self.case.knows("gate_result"):
            return self.each(float(self.case["gate_result"].value == "passed"))
        return self.each(self.case.number("gate_success_share"))

    def each(self, value: Number) -> Array:
        """A value of each draw; one that is the same in all of them is repeated."""
        return np.broadcast_to(np.asarray(value, dtype=float), self.sampling.count)


class Spread(NamedTuple):
    """Value, low, high and shape of an uncertain number: all that its draws depend on."""

    value: float
    low: float
    high: float
    shape: Shape


def spread_of(row: Assumption) -> Spread:
    return Spread(float(row.value or 0), float(row.low or 0), float(row.high or 0), row.shape)


def quantiles(spread: Spread, u: Array) -> Array:
    """Values of an uncertain number at the probabilities ``u``."""
    value, low, high, shape = spread
    if shape == "estimate" and low > 0 and value > 0:
        return np.asarray(distributions.lognormal_quantile(u, value, low, high, distributions.WIDTH_OF_80_PERCENT))
    if shape == "lognormal" and low > 0 and value > 0:
        return np.asarray(distributions.lognormal_quantile(u, value, low, high))
    if shape == "uniform":
        return np.asarray(distributions.uniform_quantile(u, low, high))
    low, high = min(low, value), max(high, value)
    mode = value if shape == "three_point" else distributions.pert_mode(low, value, high)
    return np.asarray(distributions.pert_quantile(u, low, mode, high))


@lru_cache(256)
def _column(name: str, spread: Spread, pairs: tuple[Correlation, ...], sampling: Sampling) -> Array:
    """Draws of one number, correlated with others by ``pairs``; cached, as a what-if changes one number alone."""
    tied = _names(pairs)
    if name in tied:
        u = _correlated(pairs, sampling)[tied.index(name)]
    else:
        u = probabilities(name, sampling.count, sampling.seed, sobol=sampling.sobol)
    values = quantiles(spread, u)
    values.flags.writeable = False
    return values


def probabilities(name: str, count: int, seed: int, *, sobol: bool = True) -> Array:
    """Column of a number before its distribution is applied: evenly spread between 0 and 1."""
    place = DIMENSIONS[name]
    if sobol and place < MOST_DIMENSIONS:
        return points(count, MOST_DIMENSIONS, seed)[:, place]
    if sobol:  # beyond the table: one point in each of `count` equal parts, in an order of its own
        order = np.random.default_rng([seed, place]).permutation(count)
        return np.asarray((order + 0.5) / count)
    return plain_random(count, place + 1, seed)[:, place]


def columns(a: Assumptions, sampling: Sampling) -> dict[str, Array]:
    """A column of draws for every uncertain number of the case."""
    rows = {row.id: row for row in a.values() if row.is_uncertain and row.id in DIMENSIONS}
    pairs = tuple(c for c in sampling.correlations if c.first in rows and c.second in rows)
    return {name: _column(name, spread_of(row), pairs, sampling) for name, row in rows.items()}


def _names(pairs: tuple[Correlation, ...]) -> tuple[str, ...]:
    """The numbers that are correlated with another one of this case."""
    return tuple(dict.fromkeys(name for pair in pairs for name in (pair.first, pair.second)))


@lru_cache(64)
def _correlated(pairs: tuple[Correlation, ...], sampling: Sampling) -> tuple[Array, ...]:
    """Probabilities of the numbers in ``pairs``."""
    names = _names(pairs)
    matrix = np.eye(len(names))
    for first, second, value in pairs:
        i, j = names.index(first), names.index(second)
        matrix[i, j] = matrix[j, i] = value
    plain = [probabilities(n, sampling.count, sampling.seed, sobol=sampling.sobol) for n in names]
    return tuple(distributions.correlated(np.stack(plain, axis=-1), matrix).T)


def draw(a: Assumptions, sampling: Sampling) -> Drawn:
    """The case in every draw. Raises ``UnknownPrice`` where a price is unknown."""
    found = columns(a, sampling)
    case = a.replaced(found) if found else a
    if not a.knows("daily_requests"):
        raise UnknownPrice(("daily_requests",))
    line = timeline(case)
    e = evaluate(case, line)
    if not isinstance(e, Economics):
        raise UnknownPrice(e.items)
    return Drawn(sampling, found, case, line, e)


def simulate(drawn: Drawn, *, explained: bool = True) -> Simulation:
    """The results of the draws; unless ``explained``, those that a verdict rests on."""
    case, e, count = drawn.case, drawn.economics, drawn.sampling.count
    rate, flows = case.number("discount_rate"), np.broadcast_to(e.cash_flows, (count, e.cash_flows.shape[-1]))
    found = Simulation(
        sampling=drawn.sampling,
        columns=drawn.columns,
        chance=drawn.chance,
        npv_if_passed=drawn.each(finance.npv(flows, rate)),
        baseline_npv=drawn.each(gained(e.today, e.baseline, case) if case.baseline != TODAY else 0.0),
        payback=drawn.each(finance.payback_months(flows)),
        investment=drawn.each(e.investment),
    )
    if not explained:
        return found
    with np.errstate(divide="ignore", invalid="ignore"):
        per_request = np.asarray(e.tuned.steady_monthly_cost) / np.asarray(monthly_requests(case))
    return replace(
        found,
        monthly_savings=drawn.each(e.monthly_savings),
        roi=drawn.each(finance.roi_horizon(flows, e.investment)),
        cost_per_request=drawn.each(per_request),
        cumulative=_over_the_draws(np.cumsum(flows, axis=-1), (10, 50, 90)),
    )


def _over_the_draws(values: Array, percents: tuple[float, ...]) -> Array:
    """Percentiles of each month. numpy sorts many values at once, so what is in order already takes half the time."""
    return np.asarray(np.percentile(np.sort(values.T, axis=-1), percents, axis=-1))


def untuned_npv(drawn: Drawn, alternative: str) -> Array:
    """Net present value in every draw of an alternative without tuning against going on as today.

    Raises ``UnknownPrice`` where a price is unknown.
    """
    other = untuned(drawn.case, alternative, drawn.line)
    if isinstance(other, Unpriced):
        raise UnknownPrice(other.items)
    return drawn.each(gained(drawn.economics.today, other, drawn.case))


def gained(today: OptionResult, other: OptionResult, a: Assumptions) -> Array:
    """Net present value of an alternative without tuning against going on as today, in every draw of ``a``."""
    flows = cash_flow_timing.net_cash_flows(other.one_time_cost, today.monthly_cost, other.monthly_cost)
    return np.asarray(finance.npv(flows, a.number("discount_rate")))
