"""Internal and modified internal rate of return of one monthly cash-flow series.

Index 0 of a series is today, outflows are negative. Undefined is nan, and a status word tells why.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.formulas.constants import MONTHS_PER_YEAR
from advisor.formulas.finance import npv

Array = NDArray[np.float64]


class Irr(NamedTuple):
    """Internal rate of return, nan unless the status is ok; ``roots_monthly`` lists every rate with NPV = 0."""

    monthly: float  # fraction/month
    annual: float  # fraction/year
    status: str
    roots_monthly: tuple[float, ...]  # fraction/month


class Mirr(NamedTuple):
    """Modified internal rate of return and its status."""

    annual: float  # fraction/year, nan unless the status is ok
    status: str


def annual_equivalent(rate_per_month: float) -> float:
    """Annual rate that a monthly one compounds to. Not 12 x the monthly rate.

    Parameters
    ----------
    rate_per_month : float [fraction/month]

    Returns
    -------
    float [fraction/year]
    """
    with np.errstate(over="ignore"):
        return float(np.expm1(MONTHS_PER_YEAR * np.log1p(rate_per_month)))


def irr(cash_flows: Array) -> Irr:
    """Internal rate of return of ONE monthly series, and whether it means anything.

    ok = exactly one rate above -100 % gives NPV 0. A series that changes sign more than once
    may have several such rates; most libraries return one of them silently. Here that is
    ``multiple`` and the caller shows the MIRR. For a small investment the annual figure
    explodes (132 % a month is 2.5 million % a year): never lead with it.

    Parameters
    ----------
    cash_flows : array (H + 1,) [money], index 0 = today

    Returns
    -------
    Irr [fraction/month, fraction/year]; status ok, multiple, undefined_no_outflow, undefined_no_inflow or
    undefined_no_root

    References
    ----------
    Standard corporate finance.
    """
    flows = np.asarray(cash_flows, dtype=float)
    flows = np.where(np.abs(flows) < 1e-30 * np.max(np.abs(flows)), 0.0, flows)
    if not np.any(flows < 0):
        return Irr(np.nan, np.nan, "undefined_no_outflow", ())
    if not np.any(flows > 0):
        return Irr(np.nan, np.nan, "undefined_no_inflow", ())
    roots = tuple(growth - 1 for growth in _zero_growth_factors(np.trim_zeros(flows)))
    if not roots:
        return Irr(np.nan, np.nan, "undefined_no_root", ())
    if len(roots) > 1:
        return Irr(np.nan, np.nan, "multiple", roots)
    return Irr(roots[0], annual_equivalent(roots[0]), "ok", roots)


def mirr(cash_flows: Array, finance_rate: float, reinvest_rate: float) -> Mirr:
    """Modified internal rate of return of ONE monthly series.

    Outflows are financed back to today, inflows reinvested up to the horizon:
    (future value of inflows / present value of outflows)^(12 / H) - 1.

    Parameters
    ----------
    cash_flows : array (H + 1,) [money], index 0 = today
    finance_rate : float [fraction/year], for outflows
    reinvest_rate : float [fraction/year], for inflows

    Returns
    -------
    Mirr [fraction/year]; status ok, or undefined without both an outflow and an inflow

    References
    ----------
    Standard corporate finance.
    """
    flows = np.asarray(cash_flows, dtype=float)
    horizon = flows.size - 1
    outflows_today = -float(npv(np.minimum(flows, 0.0), finance_rate))
    inflows_today = float(npv(np.maximum(flows, 0.0), reinvest_rate))
    if outflows_today <= 0 or inflows_today <= 0:
        return Mirr(np.nan, "undefined")
    years = horizon / MONTHS_PER_YEAR
    inflows_at_horizon = inflows_today * (1 + reinvest_rate) ** years
    return Mirr(float((inflows_at_horizon / outflows_today) ** (1 / years) - 1), "ok")


def _relative_value(flows: Array, growth: Array) -> Array:
    """NPV at each growth factor 1 + rate, as a share of the gross flows [-1..1].

    Valued today for rates above zero and at the horizon below: no power overflows.
    """
    periods = np.arange(flows.size, dtype=float)
    moved_to = np.where(growth >= 1, 0.0, flows.size - 1.0)[:, np.newaxis]
    weights = growth[:, np.newaxis] ** (moved_to - periods)
    share: Array = np.sum(weights * flows, axis=-1) / np.sum(weights * np.abs(flows), axis=-1)
    return share


def _zero_growth_factors(flows: Array) -> list[float]:
    """Every growth factor 1 + monthly rate > 0 at which NPV is 0, ascending.

    Cauchy's bounds enclose all of them. One change of sign in the flows means exactly one
    factor (Descartes), so the bounds are a bracket. Otherwise a fine grid is searched for
    sign changes, sharpened by the companion-matrix roots so that near neighbours and a
    curve that only touches zero are found too.
    """
    largest = np.max(np.abs(flows))
    lowest = float(0.5 / (1 + largest / abs(flows[-1])))
    highest = float(2 * (1 + largest / abs(flows[0])))
    points, touching = np.array([lowest, highest]), np.empty(0)
    if np.count_nonzero(np.diff(np.sign(flows[flows != 0]))) > 1:
        complex_roots = np.roots(flows)
        nearly_real = np.abs(complex_roots.imag) < 1e-4 * complex_roots.real
        guesses = np.sort(complex_roots.real[nearly_real])
        between = np.sqrt(guesses[1:] * guesses[:-1])
        points = np.unique(np.concatenate([np.geomspace(lowest, highest, 2000), guesses, between]))
        touching = guesses[np.abs(_relative_value(flows, guesses)) < 1e-13]
    signs = np.sign(_relative_value(flows, points))
    crossings = [_bisect(flows, signs[k], points[k], points[k + 1]) for k in np.flatnonzero(signs[1:] * signs[:-1] < 0)]
    found: list[float] = []
    for factor in sorted([*crossings, *points[signs == 0].tolist(), *touching.tolist()]):
        if not found or factor > found[-1] * (1 + 1e-6):
            found.append(float(factor))
    return found


def _bisect(flows: Array, sign_low: float, low: float, high: float) -> float:
    """Growth factor between two of opposite sign, halved (in ratio) down to neighbouring floats."""
    for _ in range(200):
        middle = float(np.sqrt(low * high))
        if not low < middle < high:
            break
        same_side = np.sign(_relative_value(flows, np.array([middle])))[0] == sign_low
        low, high = (middle, high) if same_side else (low, middle)
    return float((low + high) / 2)
