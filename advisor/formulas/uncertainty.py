"""Summaries of Monte Carlo draws, the value of information, and switching values.

Draws are the FIRST axis of every array here. NPV is measured against going on as today, which is worth 0. Undefined
is nan.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.formulas.division import ratio

Numbers = float | NDArray[np.float64]
Array = NDArray[np.float64]

# --- Summaries of draws -------------------------------------------------------


class Summary(NamedTuple):
    """Quantiles and mean [unit of the values], and the share of draws above zero [fraction]."""

    p10: float
    p50: float
    p90: float
    mean: float
    share_positive: float


def summarise(values: Array) -> Summary:
    """Percentiles, mean and share above zero of one column of draws.

    Percentiles are interpolated linearly between neighbours; a draw of exactly 0 is not positive.

    Parameters
    ----------
    values : array (draws,) [any unit]

    Returns
    -------
    Summary [unit of values; share_positive as a fraction]
    """
    draws = np.asarray(values, dtype=float)
    p10, p50, p90 = np.quantile(draws, [0.1, 0.5, 0.9]).tolist()
    return Summary(p10, p50, p90, float(np.mean(draws)), float(np.mean(draws > 0)))


def quantile_with_never(values: Array, q: float) -> float:
    """Quantile of one column of times, where nan means never.

    Never is later than any time. Leaving those draws out would make a project that often fails look quick.

    Parameters
    ----------
    values : array (draws,) [any unit of time]; nan where it never happens
    q : float [fraction]

    Returns
    -------
    float [unit of values]; nan if the quantile falls among the draws where it never happens
    """
    ordered = np.sort(np.asarray(values, dtype=float))  # numpy sorts nan to the end
    place = round(q * (ordered.size - 1), 9)  # 0.28 x 25 is 7.000000000000001 in binary floats
    before, after = float(ordered[math.floor(place)]), float(ordered[math.ceil(place)])
    return before + (after - before) * (place - math.floor(place))


def rank_correlation(x: Array, y: Array) -> float:
    """Spearman's rank correlation of two columns of draws.

    Parameters
    ----------
    x : array (draws,) [any unit]
    y : array (draws,) [any unit]

    Returns
    -------
    float [-1..1]; nan where one of them is constant
    """
    one, other = (ranks - np.mean(ranks) for ranks in (_ranks(x), _ranks(y)))
    return float(ratio(float(one @ other), math.sqrt(float(one @ one) * float(other @ other))))


def _ranks(values: Array) -> Array:
    """Rank of each draw in ascending order; equal draws share the mean of their ranks."""
    _, which, counts = np.unique(np.asarray(values, dtype=float), return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[which])


def variance_shares(inputs: Array, output: Array) -> Array:
    """Share of the variation of the output that each input explains: squared rank correlations, scaled to 1.

    An effect that first rises and then falls is not seen, and of two correlated inputs both get the credit.

    Parameters
    ----------
    inputs : array (draws, k) [any unit]
    output : array (draws,) [any unit]

    Returns
    -------
    array (k,) [fraction], adding up to 1; all 0 where no input moves the output
    """
    draws = np.asarray(inputs, dtype=float)
    squared = np.array([rank_correlation(column, output) ** 2 for column in draws.T])
    explained: Array = np.nan_to_num(squared)
    total = float(np.sum(explained))
    shares: Array = explained / total if total > 0 else explained
    return shares


# --- Value of information -----------------------------------------------------


class DiscreteEvpi(NamedTuple):
    """Expected NPV now, expected NPV when the outcome is known before deciding, and the EVPI [money].

    The EVPI is measured against the better of the project and going on as today, which is worth 0.
    """

    expected_npv: float
    with_perfect_information: float
    evpi: float


class PilotValue(NamedTuple):
    """Probabilities of and after the pilot's result, its expected value (EVSI), and that less its cost."""

    p_positive_signal: Numbers  # fraction
    p_good_given_positive: Numbers  # fraction
    p_good_given_negative: Numbers  # fraction
    evsi: Numbers  # money
    net_value: Numbers  # money


def evpi(npv_draws: Array) -> float:
    """Expected value of perfect information: the most that any study, test or pilot can be worth.

    mean(max(NPV, 0)) - max(mean(NPV), 0)

    Parameters
    ----------
    npv_draws : array (draws,) [money], against going on as today

    Returns
    -------
    float [money]

    References
    ----------
    Single loop Monte Carlo scheme for computing EVPI, https://pmc.ncbi.nlm.nih.gov/articles/PMC7373630/table/T1
    """
    draws = np.asarray(npv_draws, dtype=float)
    return max(float(np.mean(np.maximum(draws, 0.0))) - max(float(np.mean(draws)), 0.0), 0.0)


def evpi_discrete(probabilities: Sequence[float], npvs: Sequence[float]) -> DiscreteEvpi:
    """Expected value of perfect information about a few possible outcomes.

    Parameters
    ----------
    probabilities : sequence of float [fraction], adding up to 1
    npvs : sequence of float [money], of each outcome

    Returns
    -------
    DiscreteEvpi [money]
    """
    chances, worth = np.asarray(probabilities, dtype=float), np.asarray(npvs, dtype=float)
    expected = float(chances @ worth)
    informed = float(chances @ np.maximum(worth, 0.0))
    return DiscreteEvpi(expected, informed, max(informed - max(expected, 0.0), 0.0))


def pilot_value(
    p_good: Numbers, npv_good: Numbers, npv_bad: Numbers, sensitivity: Numbers, specificity: Numbers, cost: Numbers
) -> PilotValue:
    """Value of a pilot with two outcomes that is run before the project is decided (EVSI).

    A pilot that changes no decision is worth nothing, whatever it reports.

    Parameters
    ----------
    p_good : float or array [fraction], prior probability of a good project
    npv_good : float or array [money]
    npv_bad : float or array [money]
    sensitivity : float or array [fraction], of the good projects that the pilot calls good
    specificity : float or array [fraction], of the bad projects that the pilot calls bad
    cost : float or array [money], of the pilot

    Returns
    -------
    PilotValue [fraction, money]
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


# --- Switching values ---------------------------------------------------------


class SignChange(NamedTuple):
    """Value of one input at which the NPV is 0. ``status`` is ok, or cannot_switch_alone with a value of nan."""

    value: float  # unit of the input
    status: str
    value_low: float  # NPV at the low end [money]
    value_high: float  # NPV at the high end [money]


def switching_value(value_at: Callable[[float], float], low: float, high: float) -> SignChange:
    """Value of one input between low and high at which ``value_at`` is 0, all else unchanged.

    By bisection, to 1e-12 of the range. Where there are several such values, one of them is found.

    Parameters
    ----------
    value_at : callable, value of the input to NPV [money]
    low : float [unit of the input]
    high : float [unit of the input]

    Returns
    -------
    SignChange [unit of the input, money]; cannot_switch_alone where the NPV has the same sign at both ends
    """
    value_low, value_high = float(value_at(low)), float(value_at(high))
    if value_low == 0 or value_high == 0:
        return SignChange(low if value_low == 0 else high, "ok", value_low, value_high)
    if not value_low * value_high < 0:
        return SignChange(math.nan, "cannot_switch_alone", value_low, value_high)
    below, above = low, high
    while abs(above - below) > 1e-12 * abs(high - low):
        middle = (below + above) / 2
        if middle in (below, above):
            break
        same_side = (value_at(middle) < 0) == (value_low < 0)
        below, above = (middle, above) if same_side else (below, middle)
    return SignChange((below + above) / 2, "ok", value_low, value_high)
