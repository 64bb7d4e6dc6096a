"""Uncertain numbers as probabilities, what many draws say together, and what knowing more would be worth.

Draws are the FIRST axis of every array here. A distribution is given as its quantile function: it turns probabilities
in 0..1 [fraction] into values, so the caller decides where the probabilities come from and two alternatives can share
them. Money is measured against going on as today, which is worth 0. Undefined is nan.
"""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from statistics import NormalDist
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.formulas.division import ratio

Numbers = float | NDArray[np.float64]
Array = NDArray[np.float64]

# Probabilities are tabulated in the middle of this many equal parts of 0..1; beyond the outermost ones tails are cut.
PROBABILITIES: Final = 2**16
# The spread between the 5 % and the 95 % point of a normal distribution, in standard deviations: 3.2897.
WIDTH_OF_90_PERCENT: Final = 2 * NormalDist().inv_cdf(0.95)
# How much more the most likely value of a PERT counts than one of its ends.
PERT_WEIGHT: Final = 4.0


# --- Three points: PERT -------------------------------------------------------


class PertShape(NamedTuple):
    """Exponents of the Beta distribution behind a PERT, and its mean and standard deviation [unit of the input]."""

    alpha: float
    beta: float
    mean: float
    sd: float


def pert_shape(low: float, mode: float, high: float) -> PertShape:
    """Shape of a PERT from lowest, most likely and highest value; ValueError unless they stand in that order.

    The mean is (low + 4 mode + high) / 6: with a long side it is not the most likely value. Without a range the mean
    is the value, the spread 0 and the exponents are nan.
    """
    if not (low <= mode <= high and math.isfinite(high - low)):
        raise ValueError("bad_order")
    if low == high:
        return PertShape(math.nan, math.nan, low, 0.0)
    alpha = 1 + PERT_WEIGHT * (mode - low) / (high - low)
    beta = 1 + PERT_WEIGHT * (high - mode) / (high - low)
    mean = (low + PERT_WEIGHT * mode + high) / (PERT_WEIGHT + 2)
    variance = (mean - low) * (high - mean) / (PERT_WEIGHT + 3)
    return PertShape(alpha, beta, mean, math.sqrt(variance))


def pert_quantile(u: Numbers, low: float, mode: float, high: float) -> Array:
    """Values of a PERT at the probabilities ``u`` [unit of the input]; never outside low..high.

    Read off a table of the distribution, off by about a millionth of the range at most.
    """
    shape = pert_shape(low, mode, high)
    if low == high:
        return np.full(np.shape(u), float(low))
    shares, probabilities = _beta_table(shape.alpha, shape.beta)
    share: Array = np.asarray(np.interp(u, probabilities, shares))
    return np.clip(low + (high - low) * share, low, high)


@lru_cache(maxsize=64)
def _beta_table(alpha: float, beta: float) -> tuple[Array, Array]:
    """Shares of the range, closer together towards both ends, and the probability of lying below each [fraction].

    A straight line between two of 2,049 points is off by at most (exponent - 1) / 2 x (pi / 4,096)^2 of the range:
    1.2 millionths for the largest exponent, 5.
    """
    shares = np.sin(np.linspace(0, np.pi / 2, 2_049)) ** 2
    left = _beta_below(shares[:1_025], alpha, beta)
    right = 1 - _beta_below(shares[1_023::-1], beta, alpha)
    probabilities = np.concatenate([left, right])
    for column in (shares, probabilities):
        column.setflags(write=False)
    return shares, probabilities


def _beta_below(shares: Array, alpha: float, beta: float) -> Array:
    """Probability that a Beta variable lies below shares of at most one half [fraction], by its power series.

    Each term is at most half the one before, so 50 of them leave nothing of a double's 16 digits.
    """
    factors = [1.0]
    for k in range(1, 50):
        factors.append(factors[-1] * (k - beta) / k)
    series = np.zeros_like(shares)
    for k in reversed(range(50)):
        series = series * shares + factors[k] / (alpha + k)
    scale = math.gamma(alpha + beta) / (math.gamma(alpha) * math.gamma(beta))
    below: Array = scale * shares**alpha * series
    return below


# --- Two points: lognormal and uniform ----------------------------------------


class LognormalShape(NamedTuple):
    """Mean and standard deviation of the logarithm; median and mean [unit of the input]."""

    mu: float
    sigma: float
    median: float
    mean: float


def lognormal_shape(p5: float, p95: float) -> LognormalShape:
    """Shape of a lognormal whose 5 % and 95 % points are known; ValueError unless 0 < p5 <= p95.

    The mean lies above the median: a few large values pull it up.
    """
    if not (0 < p5 <= p95 < math.inf):
        raise ValueError("bad_order")
    mu = (math.log(p5) + math.log(p95)) / 2
    sigma = (math.log(p95) - math.log(p5)) / WIDTH_OF_90_PERCENT
    return LognormalShape(mu, sigma, math.exp(mu), math.exp(mu + sigma**2 / 2))


def lognormal_quantile(u: Numbers, median: Numbers, p5: float, p95: float) -> Array:
    """Values of a lognormal at the probabilities ``u`` [unit of ``median``].

    The median stays where it is told; p5 and p95 give only the spread, by their ratio. Half as much and twice as much
    are equally likely, which half as much and half as much again would not be.
    """
    value: Array = np.asarray(median * np.exp(lognormal_shape(p5, p95).sigma * normal_quantile(u)))
    return value


def uniform_quantile(u: Numbers, low: Numbers, high: Numbers) -> Array:
    """Values at the probabilities ``u`` when any between low and high is as likely as another [unit of the input]."""
    value: Array = np.asarray(low + np.asarray(u, dtype=float) * (high - low))
    return value


# --- Normal scores and correlation --------------------------------------------


def normal_quantile(u: Numbers) -> Array:
    """Standard normal score below which a share ``u`` lies [standard deviations], cut at 4.3 on both sides.

    Exact at (k + 0.5) / 65,536; between two of these a straight line, off by 0.00002 at most within 3.2 deviations.
    """
    return _read(_normal_scores(), np.asarray(u, dtype=float) * PROBABILITIES - 0.5)


def normal_probability(z: Numbers) -> Array:
    """Share of a standard normal distribution below a score ``z`` [fraction], off by less than a millionth."""
    return _read(_normal_shares(), (np.asarray(z, dtype=float) + SCORES_TO) * SCORES_PER_UNIT)


SCORES_TO: Final = 8
SCORES_PER_UNIT: Final = 256


@lru_cache(maxsize=1)
def _normal_scores() -> Array:
    quantile = NormalDist().inv_cdf
    lower = np.array([quantile((k + 0.5) / PROBABILITIES) for k in range(PROBABILITIES // 2)])
    return np.concatenate([lower, -lower[::-1]])


@lru_cache(maxsize=1)
def _normal_shares() -> Array:
    steps = range(-SCORES_TO * SCORES_PER_UNIT, SCORES_TO * SCORES_PER_UNIT + 1)
    return np.array([NormalDist().cdf(step / SCORES_PER_UNIT) for step in steps])


def _read(table: Array, place: Array) -> Array:
    """Read an evenly spaced table between its entries; places outside get its first or last entry."""
    inside = np.clip(place, 0, table.size - 1)
    before = np.minimum(np.nan_to_num(inside).astype(np.intp), table.size - 2)
    start = table[before]
    found: Array = np.asarray(start + (table[before + 1] - start) * (inside - before))
    return found


def correlated(columns: Array, correlation: Array) -> Array:
    """Probabilities (draws, k) tied together so that their normal scores correlate as told (k, k) [fraction].

    Each column keeps its own distribution. A column without correlations comes back as it was, and so, but for the
    last digits, does the first of those that have some. The rank correlation is a little weaker than the one told:
    0.48 for 0.5. ValueError where the matrix is none of correlations, or asks for what cannot hold at the same time.
    """
    u, wanted = np.asarray(columns, dtype=float), np.asarray(correlation, dtype=float)
    if not (np.array_equal(wanted, wanted.T) and np.all(np.diag(wanted) == 1)):
        raise ValueError("not_a_correlation_matrix")
    try:
        mixing = np.linalg.cholesky(wanted)
    except np.linalg.LinAlgError as refused:
        raise ValueError("not_positive_definite") from refused
    tied = np.flatnonzero(np.count_nonzero(wanted, axis=0) > 1)
    found = u.copy()
    if tied.size:
        scores = normal_quantile(u[:, tied]) @ mixing[np.ix_(tied, tied)].T
        found[:, tied] = normal_probability(scores)
    return found


# --- What the draws say -------------------------------------------------------


class Summary(NamedTuple):
    """Quantiles and mean [unit of the values], and the share of draws above zero [fraction]."""

    p10: float
    p50: float
    p90: float
    mean: float
    share_positive: float


def summarise(values: Array) -> Summary:
    """One column of draws in five figures.

    Quantiles lie on a straight line between neighbours; a draw of exactly 0 is no gain.
    """
    draws = np.asarray(values, dtype=float)
    p10, p50, p90 = np.quantile(draws, [0.1, 0.5, 0.9]).tolist()
    return Summary(p10, p50, p90, float(np.mean(draws)), float(np.mean(draws > 0)))


def quantile_with_never(values: Array, q: float) -> float:
    """Quantile of one column of times of which some never come (nan) [unit of the values]; nan if it is among those.

    Never is later than any time. Leaving those draws out would make a project that often fails look quick.
    """
    ordered = np.sort(np.asarray(values, dtype=float))  # numpy sorts nan to the end
    place = round(q * (ordered.size - 1), 9)  # 0.28 x 25 is 7.000000000000001 in binary floats
    before, after = float(ordered[math.floor(place)]), float(ordered[math.ceil(place)])
    return before + (after - before) * (place - math.floor(place))


def rank_correlation(x: Array, y: Array) -> float:
    """Spearman's correlation: how well one order of the draws tells the other [-1..1]; nan where one never changes."""
    one, other = (ranks - np.mean(ranks) for ranks in (_ranks(x), _ranks(y)))
    return float(ratio(float(one @ other), math.sqrt(float(one @ one) * float(other @ other))))


def _ranks(values: Array) -> Array:
    """Place of each draw in ascending order; equal draws share the mean of their places."""
    _, which, counts = np.unique(np.asarray(values, dtype=float), return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[which])


def variance_shares(inputs: Array, output: Array) -> Array:
    """How much of the spread of the output each input (draws, k) explains [fraction]; the shares add up to 1.

    Squared rank correlations, scaled. An input that first helps and then harms is not seen, and of two correlated
    inputs both get the credit. All 0 where nothing moves the output.
    """
    draws = np.asarray(inputs, dtype=float)
    squared = np.array([rank_correlation(column, output) ** 2 for column in draws.T])
    explained: Array = np.nan_to_num(squared)
    total = float(np.sum(explained))
    shares: Array = explained / total if total > 0 else explained
    return shares


# --- What knowing more is worth -----------------------------------------------


class DiscreteEvpi(NamedTuple):
    """Worth of deciding now, of deciding when the outcome is known, and what lies between [money]."""

    expected_npv: float
    with_perfect_information: float
    evpi: float


class PilotValue(NamedTuple):
    """What a pilot says [fraction], what that is worth [money], and what is left after paying for it [money]."""

    p_positive_signal: Numbers
    p_good_given_positive: Numbers
    p_good_given_negative: Numbers
    evsi: Numbers
    net_value: Numbers


def evpi(npv_draws: Array) -> float:
    """Expected value of perfect information [money]: the most that any study, test or pilot can be worth."""
    draws = np.asarray(npv_draws, dtype=float)
    return max(float(np.mean(np.maximum(draws, 0.0))) - max(float(np.mean(draws)), 0.0), 0.0)


def evpi_discrete(probabilities: Sequence[float], npvs: Sequence[float]) -> DiscreteEvpi:
    """Expected value of perfect information about a few outcomes whose probabilities add up to 1 [money]."""
    chances, worth = np.asarray(probabilities, dtype=float), np.asarray(npvs, dtype=float)
    expected = float(chances @ worth)
    informed = float(chances @ np.maximum(worth, 0.0))
    return DiscreteEvpi(expected, informed, max(informed - max(expected, 0.0), 0.0))


def partial_evpi(input_draws: Array, npv_draws: Array, bins: int) -> float:
    """Expected value of knowing this one input exactly and deciding then [money].

    The mean NPV in each of ``bins`` equally filled classes of the input stands for what would be expected there.
    Biased upwards with many bins: the mean of few draws wavers, and every waver across zero looks like information.
    With too few bins the input is known only roughly, which counts too little. Equal draws share one class.
    """
    draws, worth = np.asarray(input_draws, dtype=float), np.asarray(npv_draws, dtype=float)
    place = np.searchsorted(np.sort(draws), draws)
    total_by_bin = np.bincount(place * bins // draws.size, weights=worth, minlength=bins)
    informed, without = np.sum(np.maximum(total_by_bin, 0.0)), np.maximum(np.sum(total_by_bin), 0.0)
    return max(float(informed - without), 0.0) / draws.size


def pilot_value(
    p_good: Numbers, npv_good: Numbers, npv_bad: Numbers, sensitivity: Numbers, specificity: Numbers, cost: Numbers
) -> PilotValue:
    """Worth of a pilot that says good or bad, before the project is decided [money].

    Sensitivity is the share of good projects it calls good, specificity the share of bad ones it calls bad. A pilot
    that changes no decision is worth nothing, however much it tells.
    """
    good_and_positive, good_and_negative = p_good * sensitivity, p_good * (1 - sensitivity)
    bad_and_positive, bad_and_negative = (1 - p_good) * (1 - specificity), (1 - p_good) * specificity
    positive, negative = good_and_positive + bad_and_positive, good_and_negative + bad_and_negative
    after_positive = np.maximum(good_and_positive * npv_good + bad_and_positive * npv_bad, 0.0)
    after_negative = np.maximum(good_and_negative * npv_good + bad_and_negative * npv_bad, 0.0)
    without = np.maximum(p_good * npv_good + (1 - p_good) * npv_bad, 0.0)
    evsi: Numbers = np.maximum(after_positive + after_negative - without, 0.0)
    shares = ratio(good_and_positive, positive), ratio(good_and_negative, negative)
    return PilotValue(positive, *shares, evsi, evsi - cost)


# --- Where the answer turns ---------------------------------------------------


class SwitchingValue(NamedTuple):
    """Value of one input at which the answer turns [unit of the input], and the NPV at both ends [money].

    ``status`` is ok or cannot_flip_alone; then the value is nan.
    """

    value: float
    status: str
    value_low: float
    value_high: float


def switching_value(value_at: Callable[[float], float], low: float, high: float) -> SwitchingValue:
    """Value between low and high at which ``value_at`` is 0, all else as it is [unit of the input].

    The range is halved until a millionth of a millionth of it is left. Where the value has the same sign at both ends
    this one input cannot flip the answer; where it turns more than once, one of the places is found.
    """
    value_low, value_high = float(value_at(low)), float(value_at(high))
    if value_low == 0 or value_high == 0:
        return SwitchingValue(low if value_low == 0 else high, "ok", value_low, value_high)
    if not value_low * value_high < 0:
        return SwitchingValue(math.nan, "cannot_flip_alone", value_low, value_high)
    below, above = low, high
    while abs(above - below) > 1e-12 * abs(high - low):
        middle = (below + above) / 2
        if middle in (below, above):
            break
        same_side = (value_at(middle) < 0) == (value_low < 0)
        below, above = (middle, above) if same_side else (below, middle)
    return SwitchingValue((below + above) / 2, "ok", value_low, value_high)
