"""Thresholds of the decision: volume matrix, payback bands, budget. Numbers in, codes out.

The limits are arguments, the words live in the rules' data. Values are compared after rounding
to nine decimals: 5400 / (10000 x (0.01 - 0.001) x 30) is 1.9999999999999996 in binary floats and
would otherwise win the band below 2 months.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]
Codes = int | NDArray[np.int_]

COMPARED_DECIMALS: Final = 9

# What the volume matrix advises.
PROMPT: Final = 0
ASK_QUALITY: Final = 1
LORA: Final = 2
STRONGLY: Final = 3

# The investment relative to the budget.
WITHIN_BUDGET: Final = 0
AT_RISK: Final = 1
OVER_BUDGET: Final = 2


def matrix_cell(requests_per_day: Numbers, is_high_quality: bool | None, low: float, high: float) -> Codes:
    """Cell of the volume matrix: PROMPT, ASK_QUALITY, LORA or STRONGLY [code].

    Both limits belong to the middle band ("under 100", "over 1000"), where the required quality
    decides; ``None`` means the question was not answered.

    Parameters
    ----------
    requests_per_day : float or array [requests/day]
    is_high_quality : bool or None, whether the required quality is high
    low : float [requests/day]
    high : float [requests/day]

    Returns
    -------
    int or array [code]

    References
    ----------
    Article 001, ROI calculator and decision matrix.
    """
    volume = np.round(requests_per_day, COMPARED_DECIMALS)
    middle = {None: ASK_QUALITY, False: PROMPT, True: LORA}[is_high_quality]
    cell: Codes = np.where(volume < low, PROMPT, np.where(volume > high, STRONGLY, middle))[()]
    return cell


def payback_band(months: Numbers, limits: Sequence[float]) -> Codes:
    """Index of the band a payback falls in, 0 = the fastest [code].

    Bands are half open: exactly at a limit is the next band. A payback that is nan (never, or not
    within the horizon) falls in the last band.

    Parameters
    ----------
    months : float or array [months]
    limits : sequence of float [months], ascending

    Returns
    -------
    int or array [code]

    References
    ----------
    Article 001, ROI calculator and decision matrix.
    """
    compared = np.round(months, COMPARED_DECIMALS)
    band: Codes = np.searchsorted(np.asarray(limits, dtype=float), compared, side="right")
    return band


def budget_status(p50: Numbers, p80: Numbers, budget: Numbers) -> Codes:
    """WITHIN_BUDGET, AT_RISK (the P80 exceeds it) or OVER_BUDGET (the P50 does) [code].

    Parameters
    ----------
    p50 : float or array [money]
    p80 : float or array [money]
    budget : float or array [money]

    Returns
    -------
    int or array [code]

    References
    ----------
    Model of this tool.
    """
    limit = np.round(budget, COMPARED_DECIMALS)
    at_risk = np.round(p80, COMPARED_DECIMALS) > limit
    over = np.round(p50, COMPARED_DECIMALS) > limit
    status: Codes = np.where(over, OVER_BUDGET, np.where(at_risk, AT_RISK, WITHIN_BUDGET))[()]
    return status


def budget_gap(p50: Numbers, p80: Numbers, budget: Numbers) -> Numbers:
    """Money missing: to the P50 when over budget, to the P80 when at risk, 0 within [money].

    Parameters
    ----------
    p50 : float or array [money]
    p80 : float or array [money]
    budget : float or array [money]

    Returns
    -------
    float or array [money]
    """
    status = np.asarray(budget_status(p50, p80, budget))
    gaps = [np.asarray(p50 - budget, dtype=float), np.asarray(p80 - budget, dtype=float)]
    gap: Numbers = np.select([status == OVER_BUDGET, status == AT_RISK], gaps, default=0.0)[()]
    return gap
