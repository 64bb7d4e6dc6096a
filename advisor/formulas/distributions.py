"""Probability distributions of uncertain inputs, as quantile functions, and correlations between them.

A quantile function turns probabilities in 0..1 [fraction] into values: the caller decides where the probabilities come
from, and two alternatives can share them (common random numbers). Draws are the FIRST axis. Undefined is nan.
"""

import math
from functools import lru_cache
from statistics import NormalDist
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]
Array = NDArray[np.float64]

# Normal quantiles are tabulated in the middle of this many equal parts of 0..1; tails beyond the outermost are cut.
PROBABILITIES: Final = 2**16
# Normal probabilities are tabulated up to this score on both sides [standard deviations], so many to a unit.
SCORES_TO: Final = 8
SCORES_PER_UNIT: Final = 256
# Distance between the 5 % and the 95 % point of a normal distribution, in standard deviations: 3.2897.
WIDTH_OF_90_PERCENT: Final = 2 * NormalDist().inv_cdf(0.95)
WIDTH_OF_80_PERCENT: Final = 2 * NormalDist().inv_cdf(0.9)
# Weight of the most likely value of a PERT in its mean, relative to one of its ends.
PERT_WEIGHT: Final = 4.0


# --- Three points: PERT -------------------------------------------------------


class PertShape(NamedTuple):
    """Exponents of the Beta distribution behind a PERT, its mean and standard deviation [unit of the input]."""

    alpha: float
    beta: float
    mean: float
    sd: float


def pert_shape(low: float, mode: float, high: float) -> PertShape:
    """Shape of a PERT distribution from its lowest, most likely and highest value.

    The mean is (low + 4 mode + high) / 6: with one long side it is not the most likely value. Without a range the
    mean is the value, the standard deviation 0 and the exponents are nan.

    Parameters
    ----------
    low : float [unit of the input]
    mode : float [unit of the input], most likely value
    high : float [unit of the input]

    Returns
    -------
    PertShape [mean and standard deviation in the unit of the input]

    Raises
    ------
    ValueError
        "bad_order" unless low <= mode <= high, all finite.

    References
    ----------
    PERTDistribution, https://reference.wolfram.com/language/ref/PERTDistribution.html
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


def pert_mode(low: float, median: float, high: float) -> float:
    """Most likely value of the PERT between two ends whose median is known.

    The median of a PERT lies between 12.9 and 87.1 % of its range; for a median nearer to an end the mode is that end.

    Parameters
    ----------
    low, median, high : float [unit of the input]

    Returns
    -------
    float [unit of the input]

    Raises
    ------
    ValueError
        ``bad_order`` unless low <= median <= high.

    References
    ----------
    Model of this tool; read off a table of 257 modes, off by about a millionth of the range.
    """
    if not low <= median <= high:
        raise ValueError("bad_order")
    if low == high:
        return low
    share = (median - low) / (high - low)
    medians, modes = _pert_medians()
    found = np.interp(share, medians, modes) if share <= MIDDLE else 1 - np.interp(1 - share, medians, modes)
    return low + (high - low) * float(found)


MIDDLE: Final = 0.5


@lru_cache(maxsize=1)
def _pert_medians() -> tuple[Array, Array]:
    """Medians of the PERT distributions over 0..1 whose modes lie up to the middle, and these modes."""
    modes = np.linspace(0, MIDDLE, 257)
    below, above = np.zeros_like(modes), np.full_like(modes, MIDDLE)
    for _ in range(40):
        halved = (below + above) / 2
        is_lower = _beta_below(halved, 1 + PERT_WEIGHT * modes, 1 + PERT_WEIGHT * (1 - modes)) < MIDDLE
        below, above = np.where(is_lower, halved, below), np.where(is_lower, above, halved)
    return below, modes


def pert_quantile(u: Numbers, low: float, mode: float, high: float) -> Array:
    """Values of a PERT distribution at given probabilities; never outside low..high.

    Interpolated in a table of the distribution; the error is at most about a millionth of the range.

    Parameters
    ----------
    u : float or array [fraction], probabilities
    low : float [unit of the input]
    mode : float [unit of the input], most likely value
    high : float [unit of the input]

    Returns
    -------
    array of the shape of u [unit of the input]

    Raises
    ------
    ValueError
        "bad_order" unless low <= mode <= high, all finite.

    References
    ----------
    Model of this tool.
    """
    shape = pert_shape(low, mode, high)
    if low == high:
        return np.full(np.shape(u), float(low))
    shares, probabilities = _beta_table(shape.alpha, shape.beta)
    share: Array = np.asarray(np.interp(u, probabilities, shares))
    return np.clip(low + (high - low) * share, low, high)


@lru_cache(maxsize=64)
def _beta_table(alpha: float, beta: float) -> tuple[Array, Array]:
    """Shares of the range, denser towards both ends, and the cumulative probability at each [fraction].

    Linear interpolation between two of 2,049 points is off by at most (exponent - 1) / 2 x (pi / 4,096)^2 of the range:
    1.2 millionths for the largest exponent, 5.
    """
    shares = np.sin(np.linspace(0, np.pi / 2, 2_049)) ** 2
    left = _beta_below(shares[:1_025], alpha, beta)
    right = 1 - _beta_below(shares[1_023::-1], beta, alpha)
    probabilities = np.concatenate([left, right])
    for column in (shares, probabilities):
        column.setflags(write=False)
    return shares, probabilities


def _beta_below(shares: Array, alpha: Numbers, beta: Numbers) -> Array:
    """Probability that a Beta variable lies below shares of at most one half [fraction], by its power series.

    Each term is at most half the one before, so 50 of them exhaust the 16 digits of a double.
    """
    factors: list[Numbers] = [1.0]
    for k in range(1, 50):
        factors.append(factors[-1] * (k - beta) / k)
    series = np.zeros_like(shares)
    for k in reversed(range(50)):
        series = series * shares + factors[k] / (alpha + k)
    scale = _gamma(alpha + beta) / (_gamma(alpha) * _gamma(beta))
    below: Array = scale * shares**alpha * series
    return below


# --- Two points: lognormal and uniform ----------------------------------------


def _gamma(value: Numbers) -> Array:
    return np.asarray(np.vectorize(math.gamma, otypes=[float])(value))


class LognormalShape(NamedTuple):
    """Mean and standard deviation of the logarithm; median and mean [unit of the input]."""

    mu: float
    sigma: float
    median: float
    mean: float


def lognormal_shape(p5: float, p95: float, width: float = WIDTH_OF_90_PERCENT) -> LognormalShape:
    """Shape of a lognormal distribution whose 5 % and 95 % points are known.

    The mean lies above the median: a few large values pull it up.

    Parameters
    ----------
    p5 : float [unit of the input], 5 % point
    p95 : float [unit of the input], 95 % point
    width : float [standard deviations], between the two points; WIDTH_OF_80_PERCENT where they are 10 % and 90 %

    Returns
    -------
    LognormalShape [median and mean in the unit of the input]

    Raises
    ------
    ValueError
        "bad_order" unless 0 < p5 <= p95, both finite.

    References
    ----------
    Model of this tool.
    """
    if not (0 < p5 <= p95 < math.inf):
        raise ValueError("bad_order")
    mu = (math.log(p5) + math.log(p95)) / 2
    sigma = (math.log(p95) - math.log(p5)) / width
    return LognormalShape(mu, sigma, math.exp(mu), math.exp(mu + sigma**2 / 2))


def lognormal_quantile(u: Numbers, median: Numbers, p5: float, p95: float, width: float = WIDTH_OF_90_PERCENT) -> Array:
    """Values of a lognormal distribution at given probabilities.

    The median is kept as given; p5 and p95 give only the spread, by their ratio. Half as much and twice as much
    are equally likely, which half as much and half as much again would not be.

    Parameters
    ----------
    u : float or array [fraction], probabilities
    median : float or array [unit of the input]
    p5 : float [unit of the input], 5 % point
    p95 : float [unit of the input], 95 % point
    width : float [standard deviations], between the two points; WIDTH_OF_80_PERCENT where they are 10 % and 90 %

    Returns
    -------
    array of the shape of u [unit of the input]

    Raises
    ------
    ValueError
        "bad_order" unless 0 < p5 <= p95, both finite.

    References
    ----------
    Model of this tool.
    """
    value: Array = np.asarray(median * np.exp(lognormal_shape(p5, p95, width).sigma * normal_quantile(u)))
    return value


def uniform_quantile(u: Numbers, low: Numbers, high: Numbers) -> Array:
    """Values at given probabilities when every value between low and high is equally likely.

    Parameters
    ----------
    u : float or array [fraction], probabilities
    low : float or array [unit of the input]
    high : float or array [unit of the input]

    Returns
    -------
    array of the shape of u [unit of the input]
    """
    value: Array = np.asarray(low + np.asarray(u, dtype=float) * (high - low))
    return value


# --- Normal scores and correlation --------------------------------------------


def normal_quantile(u: Numbers) -> Array:
    """Quantile of the standard normal distribution, cut at 4.3 standard deviations on both sides.

    Exact at (k + 0.5) / 65,536 and interpolated linearly between; the error is at most 0.00002 within 3.2 standard
    deviations.

    Parameters
    ----------
    u : float or array [fraction], probabilities

    Returns
    -------
    array of the shape of u [standard deviations]
    """
    return _read(_normal_scores(), np.asarray(u, dtype=float) * PROBABILITIES - 0.5)


def normal_probability(z: Numbers) -> Array:
    """Probability that a standard normal variable lies below ``z``; the error is less than a millionth.

    Parameters
    ----------
    z : float or array [standard deviations]

    Returns
    -------
    array of the shape of z [fraction]
    """
    return _read(_normal_shares(), (np.asarray(z, dtype=float) + SCORES_TO) * SCORES_PER_UNIT)


@lru_cache(maxsize=1)
def _normal_scores() -> Array:
    """Standard normal quantiles at (k + 0.5) / PROBABILITIES."""
    quantile = NormalDist().inv_cdf
    lower = np.array([quantile((k + 0.5) / PROBABILITIES) for k in range(PROBABILITIES // 2)])
    return np.concatenate([lower, -lower[::-1]])


@lru_cache(maxsize=1)
def _normal_shares() -> Array:
    """Standard normal probabilities at scores from -SCORES_TO to SCORES_TO."""
    steps = range(-SCORES_TO * SCORES_PER_UNIT, SCORES_TO * SCORES_PER_UNIT + 1)
    return np.array([NormalDist().cdf(step / SCORES_PER_UNIT) for step in steps])


def _read(table: Array, place: Array) -> Array:
    """Linear interpolation in an evenly spaced table; positions outside get its first or last entry."""
    inside = np.clip(place, 0, table.size - 1)
    before = np.minimum(np.nan_to_num(inside).astype(np.intp), table.size - 2)
    start = table[before]
    found: Array = np.asarray(start + (table[before + 1] - start) * (inside - before))
    return found


def correlated(columns: Array, correlation: Array) -> Array:
    """Gaussian copula: probabilities whose normal scores correlate as given.

    Each column keeps its own distribution. A column without correlations comes back unchanged, and so, up to
    rounding, does the first of those that have some. The rank correlation is a little weaker than the one given:
    0.48 for 0.5.

    Parameters
    ----------
    columns : array (draws, k) [fraction], independent probabilities
    correlation : array (k, k) [-1..1], between the normal scores of the columns

    Returns
    -------
    array (draws, k) [fraction]

    Raises
    ------
    ValueError
        "not_a_correlation_matrix" if it is not symmetric with ones on the diagonal; "not_positive_definite" if its
        correlations cannot hold at the same time.
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
