"""Monte Carlo simulation: every uncertain number is drawn, and the code of the point case runs on arrays of draws.

Each number has its own column of a scrambled Sobol sequence, whichever option uses it: options and what-ifs are
computed on common random numbers, so that their difference is theirs and not the draw's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.core.notices import UnknownPrice
from advisor.core.places import DATA
from advisor.core.records import TODAY, Assumption, Assumptions, Economics, OptionResult, Shape, Unpriced
from advisor.formulas import cash_flow_timing, distributions, finance, uncertainty
from advisor.money.cash_flows import HORIZON, evaluate, monthly_requests, timeline, untuned
from advisor.risk.sobol import plain_random, points
from advisor.scenario import QUESTIONS

Array = NDArray[np.float64]

LIVE_DRAWS, REPORT_DRAWS = 2_048, 16_384
SEED = 20_261_126
BLOCK = 1_024
"""Draws evaluated together: so few that their months stay in the cache of the processor."""
PAYBACK_LIMIT = 12.0
GATE = "gate"
WITHOUT_MONEY = frozenset({"budget", "facts_change_days", "examples_available", "pilot_cost", "pilot_reliability"})
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


@dataclass(frozen=True)
class Simulation:
    """Results of each draw: money as in the point case, payback in months (nan: never).

    A draw in which the quality gate fails loses the investment and serves nobody; ``passes`` says which do not.
    ``npv`` is against the baseline, ``baseline_npv`` that of the baseline against going on as today. ``cumulative`` are
    P10, P50 and P90 of the cumulative cash flow by month.
    """

    sampling: Sampling
    columns: Mapping[str, Array]
    passes: NDArray[np.bool_]
    npv: Array
    baseline_npv: Array
    payback: Array
    investment: Array
    cost_per_request: Array
    cumulative: Array


class Spread(NamedTuple):
    """Value, low, high and shape of an uncertain number: all that its draws depend on."""

    value: float
    low: float
    high: float
    shape: Shape


def spread_of(row: Assumption) -> Spread:
    return Spread(float(row.value or 0), float(row.low or 0), float(row.high or 0), row.shape)


def drawn(spread: Spread, u: Array) -> Array:
    """Values of an uncertain number at the probabilities ``u``."""
    value, low, high, shape = spread
    if shape == "lognormal" and low > 0 and value > 0:
        return np.asarray(distributions.lognormal_quantile(u, value, low, high))
    if shape == "uniform":
        return np.asarray(distributions.uniform_quantile(u, low, high))
    return np.asarray(distributions.pert_quantile(u, min(low, value), value, max(high, value)))


@lru_cache(256)
def _column(name: str, spread: Spread, pairs: tuple[Correlation, ...], sampling: Sampling) -> Array:
    """Draws of one number, correlated with others by ``pairs``; cached, as a what-if changes one number alone."""
    tied = _names(pairs)
    if name in tied:
        u = _correlated(pairs, sampling)[tied.index(name)]
    else:
        u = probabilities(name, sampling.count, sampling.seed, sobol=sampling.sobol)
    values = drawn(spread, u)
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


def passes_gate(a: Assumptions, found: Mapping[str, Array], sampling: Sampling) -> NDArray[np.bool_]:
    """Draws in which the tuned model passes the quality gate; all or none where its result is known."""
    if a.knows("gate_result"):
        return np.full(sampling.count, a["gate_result"].value == "passed")
    share = found.get("gate_success_share", a.number("gate_success_share"))
    return np.asarray(probabilities(GATE, sampling.count, sampling.seed, sobol=sampling.sobol) < share)


def simulate(a: Assumptions, sampling: Sampling, *, by_month: bool = True) -> Simulation:
    """The case in every draw. Raises ``UnknownPrice`` where a price is unknown.

    Not ``by_month``: without the percentiles of the running total, which are a seventh of the work.
    """
    found = columns(a, sampling)
    passes = passes_gate(a, found, sampling)
    blocks = [slice(k, k + BLOCK) for k in range(0, sampling.count, BLOCK)]
    parts = [_block(a, {name: c[block] for name, c in found.items()}, passes[block]) for block in blocks]
    npv, baseline, payback, invested, cost, total = (np.concatenate(part) for part in zip(*parts, strict=True))
    cumulative = _over_the_draws(total, (10, 50, 90)) if by_month else np.empty((3, 0))
    return Simulation(sampling, found, passes, npv, baseline, payback, invested, cost, cumulative)


def _over_the_draws(values: Array, percents: tuple[float, ...]) -> Array:
    """Percentiles of each month. numpy sorts many values at once, so what is in order already takes half the time."""
    return np.asarray(np.percentile(np.sort(values.T, axis=-1), percents, axis=-1))


def untuned_npv(a: Assumptions, alternative: str, sampling: Sampling) -> Array:
    """Net present value in every draw of an alternative without tuning against going on as today.

    Raises ``UnknownPrice`` where a price is unknown.
    """
    found = columns(a, sampling)
    values = []
    for k in range(0, sampling.count, BLOCK):
        case = a.replaced({name: column[k : k + BLOCK] for name, column in found.items()})
        line = timeline(case)
        today, other = untuned(case, TODAY, line), untuned(case, alternative, line)
        if isinstance(today, Unpriced) or isinstance(other, Unpriced):
            unknown = [item for found in (today, other) if isinstance(found, Unpriced) for item in found.items]
            raise UnknownPrice(unknown)
        values.append(np.broadcast_to(gained(today, other, case), min(BLOCK, sampling.count)))
    return np.concatenate(values)


def gained(today: OptionResult, other: OptionResult, a: Assumptions) -> Array:
    """Net present value of an alternative without tuning against going on as today, in every draw of ``a``."""
    flows = cash_flow_timing.net_cash_flows(other.one_time_cost, today.monthly_cost, other.monthly_cost)
    return np.asarray(finance.npv(flows, a.number("discount_rate")))


def _block(a: Assumptions, found: Mapping[str, Array], passes: NDArray[np.bool_]) -> tuple[Array, ...]:
    drawn_case = a.replaced(found) if found else a
    e = evaluate(drawn_case)
    if not isinstance(e, Economics):
        raise UnknownPrice(e.items)
    count = len(passes)
    flows = np.broadcast_to(e.cash_flows, (count, e.cash_flows.shape[-1]))
    flows = np.where(passes[:, np.newaxis], flows, 0.0)
    flows[:, 0] = -np.asarray(e.investment)
    requests = np.asarray(monthly_requests(drawn_case))
    with np.errstate(divide="ignore", invalid="ignore"):
        per_request = np.broadcast_to(np.asarray(e.tuned.steady_monthly_cost) / requests, count)
    rate = drawn_case.number("discount_rate")
    return (
        np.asarray(finance.npv(flows, rate)),
        np.broadcast_to(gained(e.today, e.baseline, drawn_case) if a.baseline != TODAY else 0.0, count),
        np.asarray(finance.payback_months(flows)),
        np.broadcast_to(np.asarray(e.investment, dtype=float), count),
        per_request,
        np.cumsum(flows, axis=-1),
    )


# --- Summaries of the draws ---------------------------------------------------------------------------


class Odds(NamedTuple):
    """P50 payback and probabilities over some of the draws; ``None`` is never within the horizon."""

    payback_p50: float | None
    positive_share: float | None
    within_limit_share: float | None


@dataclass(frozen=True)
class Risk:
    """Summary of the draws; a payback of ``None`` is never within the horizon, a cost of ``None`` unknown.

    With ``chances_in_ten`` the money is back within ``chance_months``; ``None``: within the horizon at all.
    ``if_passed`` is over the draws in which the tuned model passes the gate. ``trial_worth`` is the value of a pilot
    that is never wrong [money], ``trial_pays_from`` the least reliability at which a pilot is worth its cost
    [fraction]; ``None`` where the result of the gate is known, or no pilot is worth it.
    """

    sampling: Sampling
    npv: uncertainty.Summary
    cost_per_request: uncertainty.Summary | None
    payback_p10: float | None
    payback_p50: float | None
    payback_p90: float | None
    positive_share: float
    within_limit_share: float
    back_share: float
    investment_p50: float
    investment_p80: float
    evpi: float
    chances_in_ten: int
    chance_months: float | None
    if_passed: "Odds | None"
    trial_worth: float | None = None
    trial_pays_from: float | None = None

    @property
    def standard_error(self) -> float:
        """Standard error of ``positive_share`` if draws were independent; that of Sobol points is less. [fraction]"""
        return float(np.sqrt(self.positive_share * (1 - self.positive_share) / self.sampling.count))


def risk_of(found: Simulation, a: Assumptions | None = None) -> Risk:
    """Percentiles and probabilities of the draws; with the case ``a`` also the value of a pilot."""
    sure = None if a is None or pilot(a, found) is None else float(_trial(a, found)(1.0).evsi)
    p10, p50, p90 = (_months(uncertainty.quantile_with_never(found.payback, q)) for q in (0.1, 0.5, 0.9))
    chances, months = chance_of_payback(found)
    p50_cost, p80_cost = np.percentile(found.investment, (50, 80))
    return Risk(
        sampling=found.sampling,
        npv=uncertainty.summarise(found.npv),
        cost_per_request=_summary(found.cost_per_request),
        payback_p10=p10,
        payback_p50=p50,
        payback_p90=p90,
        positive_share=float(np.mean(found.npv > 0)),
        within_limit_share=float(np.mean(found.payback <= PAYBACK_LIMIT)),
        back_share=float(np.mean(~np.isnan(found.payback))),
        investment_p50=float(p50_cost),
        investment_p80=float(p80_cost),
        evpi=float(uncertainty.evpi(found.npv)),
        chances_in_ten=chances,
        chance_months=months,
        if_passed=_odds(found.payback[found.passes], found.npv[found.passes]) if found.passes.any() else None,
        trial_worth=sure,
        trial_pays_from=None if a is None or sure is None else pilot_pays_from(a, found),
    )


def _odds(payback: Array, npv: Array) -> Odds:
    middle = _months(uncertainty.quantile_with_never(payback, 0.5))
    return Odds(middle, float(np.mean(npv > 0)), float(np.mean(payback <= PAYBACK_LIMIT)))


def _summary(values: Array) -> uncertainty.Summary | None:
    """Five figures of a column; ``None`` where nothing is served and so nothing costs anything."""
    return uncertainty.summarise(values) if np.isfinite(values).all() else None


def _months(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


CHANCES = (9, 8, 7, 6, 5)


def chance_of_payback(found: Simulation) -> tuple[int, float | None]:
    """Chances in ten, and within how many months the money is back with them; ``None``: within the horizon at all."""
    for chances in CHANCES:
        months = _months(uncertainty.quantile_with_never(found.payback, chances / 10))
        if months is not None:
            return chances, months
    return round(10 * float(np.mean(~np.isnan(found.payback)))), None


@dataclass(frozen=True)
class Information:
    """Value of knowing one number: its share of the variation of the NPV, and its EVPPI [money]."""

    id: str
    variance_share: float
    worth: float


BINS = 16


def information(found: Simulation) -> tuple[Information, ...]:
    """Every drawn number and the gate, in order of the value of knowing it."""
    names: Sequence[str] = tuple(found.columns)
    inputs = [found.columns[name] for name in names]
    if found.passes.any() and not found.passes.all():
        names, inputs = (*names, GATE), [*inputs, found.passes.astype(float)]
    if not names:
        return ()
    shares = uncertainty.variance_shares(np.stack(inputs, axis=-1), found.npv)
    worth = [_worth(name, values, found) for name, values in zip(names, inputs, strict=True)]
    ranked = [Information(n, float(s), float(w)) for n, s, w in zip(names, shares, worth, strict=True)]
    return tuple(sorted(ranked, key=lambda each: (-each.worth, -each.variance_share)))


def _worth(name: str, values: Array, found: Simulation) -> float:
    if name != GATE:
        return float(uncertainty.partial_evpi(values, found.npv, BINS))
    good, bad = float(found.npv[found.passes].mean()), float(found.npv[~found.passes].mean())
    p = float(found.passes.mean())
    return float(uncertainty.evpi_discrete((p, 1 - p), (good, bad))[2])


def pilot(a: Assumptions, found: Simulation) -> uncertainty.PilotValue | None:
    """Value of a pilot with the case's cost and reliability; ``None`` where its result is known or its cost unknown."""
    if found.passes.all() or not found.passes.any() or not a.knows("pilot_cost"):
        return None
    return _trial(a, found)(float(a.number("pilot_reliability")))


def pilot_pays_from(a: Assumptions, found: Simulation) -> float | None:
    """Reliability from which a pilot is worth its cost [fraction]; ``None`` where even a perfect one is not."""
    if pilot(a, found) is None:
        return None
    worth_at = _trial(a, found)
    turn = uncertainty.switching_value(lambda tells: float(worth_at(tells).net_value), 0.5, 1.0)
    return None if np.isnan(turn.value) else turn.value


def _trial(a: Assumptions, found: Simulation) -> Callable[[float], uncertainty.PilotValue]:
    """Value of a pilot as a function of its reliability."""
    good, bad = float(found.npv[found.passes].mean()), float(found.npv[~found.passes].mean())
    passing, cost = float(found.passes.mean()), float(a.number("pilot_cost"))
    return lambda tells: uncertainty.pilot_value(passing, good, bad, tells, tells, cost)
