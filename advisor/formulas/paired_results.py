"""What two models' answers to the same items show: the difference with its interval, and whether a loss is ruled out.

Shares are fractions. Every function of counts takes floats or arrays.
"""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.formulas.distributions import normal_probability
from advisor.formulas.division import ratio
from advisor.formulas.quality import standard_score

Numbers = float | NDArray[np.float64]
Words = NDArray[np.str_]
HALVINGS: Final = 60
"""Of an interval of width 2, after which nothing is left of it in double precision."""


class ConfidenceLimits(NamedTuple):
    """Two ends of a confidence interval, in the unit of what they surround."""

    low: Numbers
    high: Numbers


# --- Right or wrong -------------------------------------------------------------------------------


def paired_score(gained: Numbers, lost: Numbers, items: Numbers, difference: Numbers) -> Numbers:
    """Standard score of what was seen if the shares of right answers really differed by ``difference``.

    Only items on which exactly one of the two is right tell them apart. With no difference assumed it is McNemar's
    test; with another one the variance is that under the assumption, not that seen, so it holds with no change seen.

    Parameters
    ----------
    gained : float or array [items], on which only the tuned model is right
    lost : float or array [items], on which only today's model is right
    items : float or array [items]
    difference : float or array [fraction], tuned minus today

    Returns
    -------
    float or array [standard deviations]

    References
    ----------
    Tango, T. (1998): Equivalence test and confidence interval for the difference in proportions for the
    paired-sample design. Statistics in Medicine 17, 891-908.
    """
    d, n = np.asarray(difference, dtype=float), np.asarray(items, dtype=float)
    linear = (2 * n - gained + lost) * d - gained - lost
    constant = -lost * d * (1 - d)
    only_today = (np.sqrt(np.maximum(linear**2 - 8 * n * constant, 0.0)) - linear) / (4 * n)
    only_today = np.clip(only_today, np.maximum(0.0, -d), (1 - d) / 2)
    variance = np.maximum(n * (2 * only_today + d * (1 - d)), 0.0)
    return ratio(gained - lost - n * d, np.sqrt(variance))


def paired_interval(gained: Numbers, lost: Numbers, items: Numbers, confidence: float) -> ConfidenceLimits:
    """Two-sided interval of the difference between two shares of right answers to the same items.

    It holds every difference that ``paired_score`` does not refuse. With no change among n items it reaches as far as
    z^2 / (n + z^2) to either side: no change seen is not no change.

    Parameters
    ----------
    gained : float or array [items]
    lost : float or array [items]
    items : float or array [items], at least 1
    confidence : float [fraction]

    Returns
    -------
    ConfidenceLimits [fraction], tuned minus today

    References
    ----------
    Tango (1998), as ``paired_score``. A one-sided limit of 95 % is the end of the two-sided interval of 90 %.
    """
    z = float(standard_score((1 + confidence) / 2))
    seen = (np.asarray(gained, dtype=float) - lost) / items
    ends = []
    for wanted, edge in ((z, -1.0), (-z, 1.0)):
        near, far = seen.copy(), np.full_like(seen, edge)
        for _ in range(HALVINGS):
            middle = (near + far) / 2
            inside = np.abs(paired_score(gained, lost, items, middle)) <= abs(wanted)
            near, far = np.where(inside, middle, near), np.where(inside, far, middle)
        ends.append(near[()])
    return ConfidenceLimits(*ends)


def share_interval(found: Numbers, items: Numbers, confidence: float) -> ConfidenceLimits:
    """Two-sided interval of a share, from how many of the items have what is counted.

    Parameters
    ----------
    found : float or array [items]
    items : float or array [items], at least 1
    confidence : float [fraction]

    Returns
    -------
    ConfidenceLimits [fraction]

    References
    ----------
    Wilson, E. B. (1927): Probable inference, the law of succession, and statistical inference. Journal of the
    American Statistical Association 22, 209-212.
    """
    z = float(standard_score((1 + confidence) / 2))
    share = np.asarray(found, dtype=float) / items
    middle = (share + z**2 / (2 * items)) / (1 + z**2 / items)
    half = z / (1 + z**2 / items) * np.sqrt(share * (1 - share) / items + z**2 / (4 * items**2))
    low = np.where(share <= 0, 0.0, np.maximum(middle - half, 0.0))
    high = np.where(share >= 1, 1.0, np.minimum(middle + half, 1.0))
    return ConfidenceLimits(low[()], high[()])


# --- Points ---------------------------------------------------------------------------------------


def t_probability(t: float, degrees: int) -> float:
    """Probability that Student's t lies below ``t``.

    Parameters
    ----------
    t : float [-]
    degrees : int, degrees of freedom, at least 1

    Returns
    -------
    float [fraction]

    References
    ----------
    Abramowitz and Stegun (1964): Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
    """
    angle = math.atan2(t, math.sqrt(degrees))
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = degrees % 2
    steps = np.arange(1, (degrees - 1 - odd) // 2 + 1, dtype=float)
    growth = (2 * steps / (2 * steps + 1) if odd else (2 * steps - 1) / (2 * steps)) * cosine**2
    series = 1.0 + float(np.cumprod(growth).sum())
    of_odd = 2 / math.pi * (angle + (sine * cosine * series if degrees > 1 else 0.0))
    inside = of_odd if odd else sine * series
    return min(max((1 + inside) / 2, 0.0), 1.0)


def t_quantile(probability: float, degrees: int) -> float:
    """Value that Student's t stays below with this probability.

    Parameters
    ----------
    probability : float [fraction], between 0 and 1, both excluded
    degrees : int, degrees of freedom, at least 1

    Returns
    -------
    float [-]
    """
    low, high = -math.pi / 2, math.pi / 2
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        below = t_probability(math.tan(middle) * math.sqrt(degrees), degrees) < probability
        low, high = (middle, high) if below else (low, middle)
    return math.tan((low + high) / 2) * math.sqrt(degrees)


def mean_interval(mean: float, deviation: float, items: int, confidence: float) -> ConfidenceLimits:
    """Two-sided interval of the mean of differences, by Student's t; nan from fewer than 2 items or without spread.

    Parameters
    ----------
    mean : float [unit of the scores]
    deviation : float [unit of the scores], standard deviation among the items, n - 1 below
    items : int [items]
    confidence : float [fraction]

    Returns
    -------
    ConfidenceLimits [unit of the scores]

    References
    ----------
    Student (1908): The probable error of a mean. Biometrika 6, 1-25.
    """
    if items < 2 or deviation <= 0:
        return ConfidenceLimits(math.nan, math.nan)
    half = t_quantile((1 + confidence) / 2, items - 1) * deviation / math.sqrt(items)
    return ConfidenceLimits(mean - half, mean + half)


# --- The gate -------------------------------------------------------------------------------------


def gate_of_limits(low: Numbers, high: Numbers, margin: Numbers) -> Words:
    """passed where a loss of ``margin`` is ruled out, failed where a larger one is shown, else open.

    ``low`` and ``high`` are one-sided limits. nan, which nothing is known of, is open.

    Parameters
    ----------
    low : float or array [fraction]
    high : float or array [fraction]
    margin : float or array [fraction], above 0

    Returns
    -------
    array of str, one of the words above

    References
    ----------
    Non-inferiority test, as ICH E9 (1998), 3.3.2.
    """
    passed, failed = np.asarray(low) > -np.asarray(margin), np.asarray(high) < -np.asarray(margin)
    words = [np.asarray("passed"), np.asarray("failed")]
    return np.select([passed, failed], words, default=np.asarray("open"))


def chance_of_less_loss(score: Numbers) -> Numbers:
    """p-value of "the loss is no larger than the margin": small where a larger one is shown.

    Parameters
    ----------
    score : float or array [standard deviations], as from ``paired_score`` at minus the margin

    Returns
    -------
    float or array [fraction]
    """
    return normal_probability(score)[()]


def holm(p_values: Sequence[float]) -> NDArray[np.float64]:
    """p-values that hold for all of several questions asked at once, by Holm's steps.

    Parameters
    ----------
    p_values : sequence of float [fraction]

    Returns
    -------
    array [fraction], in the order given

    References
    ----------
    Holm, S. (1979): A simple sequentially rejective multiple test procedure. Scandinavian Journal of Statistics 6,
    65-70.
    """
    found = np.asarray(p_values, dtype=float)
    order = np.argsort(found, kind="stable")
    steps = found[order] * np.arange(len(found), 0, -1)
    adjusted = np.empty_like(found)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted


def change_variance(gained: Numbers, lost: Numbers, items: Numbers) -> Numbers:
    """Variance of one item's change, with one change more than was seen, so that none seen is not none.

    Parameters
    ----------
    gained : float or array [items]
    lost : float or array [items]
    items : float or array [items], at least 1

    Returns
    -------
    float or array [per item]
    """
    changed = (np.asarray(gained, dtype=float) + lost + 1) / (np.asarray(items, dtype=float) + 1)
    difference = (np.asarray(gained, dtype=float) - lost) / items
    variance: Numbers = np.maximum(changed - difference**2, 0.0)[()]
    return variance
