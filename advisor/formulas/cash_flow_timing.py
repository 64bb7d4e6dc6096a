"""When the money of an alternative flows: months, volume, prices, adoption, retraining.

Months are end-of-month periods 1..H on the LAST axis; index 0 of a cash-flow series is today. Leading axes are draws:
an argument that is one number per project may be a float or an array of draws, never a series of months, unless it
says so. Undefined is nan.
"""

import numpy as np
from numpy.typing import NDArray

from advisor.formulas.arrays import as_array
from advisor.formulas.constants import DAYS_PER_MEAN_MONTH, MONTHS_PER_YEAR

Numbers = float | NDArray[np.float64]
Array = NDArray[np.float64]


def along_months(value: Numbers) -> Array:
    """A number per project, or draws of it, with a trailing axis that broadcasts against the months.

    Parameters
    ----------
    value : float or array of draws [any unit]

    Returns
    -------
    array (..., 1) [unit of value]
    """
    return as_array(value, float)[..., np.newaxis]


def months_axis(horizon_months: int) -> Array:
    """Months 1..H of the horizon. Today is not among them: it is index 0 of a cash-flow series.

    Parameters
    ----------
    horizon_months : int [months], H

    Returns
    -------
    array (H,) [months]
    """
    return np.arange(1, horizon_months + 1, dtype=float)


def years_before(months: Array) -> Array:
    """Years of growth or price decline up to month m: (m - 1) / 12.

    Month 1 still has today's volume and today's prices; m / 12 would start the decline early.

    Parameters
    ----------
    months : array (H,) [months], as from ``months_axis``

    Returns
    -------
    array (H,) [years]
    """
    return (months - 1) / MONTHS_PER_YEAR


def monthly_volume(first_month: Numbers, growth_per_year: Numbers, months: Array) -> Array:
    """Requests in each month, from those of the first. Growth compounds: 12 % a year is not 1 % a month.

    Parameters
    ----------
    first_month : float or array of draws [requests/month]
    growth_per_year : float or array of draws [fraction/year]
    months : array (H,) [months]

    Returns
    -------
    array (..., H) [requests/month]

    References
    ----------
    Model of this tool.
    """
    growth = (1 + along_months(growth_per_year)) ** years_before(months)
    return along_months(first_month) * growth


def price_path(decline_per_year: Numbers, months: Array) -> Array:
    """Price of each month as a share of today's price; a negative decline is a rise.

    Parameters
    ----------
    decline_per_year : float or array of draws [fraction/year]
    months : array (H,) [months]

    Returns
    -------
    array (..., H) [fraction]

    References
    ----------
    Model of this tool.
    """
    return (1 - along_months(decline_per_year)) ** years_before(months)


def month_of(days: Numbers) -> Numbers:
    """Month in which a day lies: floor(days / 30.4) + 1, so that a price is new for the whole month in which it begins.

    Parameters
    ----------
    days : float or array [days], from today

    Returns
    -------
    float or array [months]

    References
    ----------
    Model of this tool.
    """
    return np.floor(np.asarray(days) / DAYS_PER_MEAN_MONTH)[()] + 1


def is_live(months: Array, deploy_months: Numbers) -> Array:
    """1 in the months after deployment, 0 before. Month ``deploy_months`` itself is still project work.

    Parameters
    ----------
    months : array (H,) [months]
    deploy_months : float or array of draws [months], from today to go-live

    Returns
    -------
    array (..., H) [0/1]

    References
    ----------
    Model of this tool.
    """
    return np.where(months > along_months(deploy_months), 1.0, 0.0)


def adoption(months: Array, deploy_months: Numbers, ramp_months: Numbers) -> Array:
    """Share of the traffic that the new model serves in each month.

    0 until deployment, then a linear ramp to 1. The first live month of a two-month ramp carries one half, not 0.

    Parameters
    ----------
    months : array (H,) [months]
    deploy_months : float or array of draws [months], from today to go-live
    ramp_months : float or array of draws [months], from go-live to full traffic; 0 for all at once

    Returns
    -------
    array (..., H) [fraction]

    References
    ----------
    Model of this tool.
    """
    months_live = months - along_months(deploy_months)
    ramp = along_months(ramp_months)
    ramped = months_live / np.where(ramp > 0, ramp, 1.0)
    reached = np.where(ramp > 0, np.minimum(ramped, 1.0), 1.0)
    return reached * is_live(months, deploy_months)


def retraining_due(months: Array, every_months: Numbers, horizon_months: Numbers, deploy_months: Numbers) -> Array:
    """1 in a month that pays for a retraining, 0 otherwise.

    The interval counts from go-live. Nobody retrains in the last month of the horizon, for a future outside it.

    Parameters
    ----------
    months : array (H,) [months]
    every_months : float or array of draws [months], between two retrainings; 0 or infinity for never
    horizon_months : float or array of draws [months]
    deploy_months : float or array of draws [months], from today to go-live

    Returns
    -------
    array (..., H) [0/1]

    References
    ----------
    Model of this tool.
    """
    cadence = along_months(every_months)
    interval = np.where(cadence > 0, cadence, np.inf)
    months_live = np.maximum(months - along_months(deploy_months), 0.0)
    months_live_before = np.maximum(months - 1 - along_months(deploy_months), 0.0)
    falls_due = np.floor(months_live / interval) > np.floor(months_live_before / interval)
    return np.where(falls_due & (months < along_months(horizon_months)), 1.0, 0.0)


def effective_horizon(horizon_months: Numbers, months_to_sunset: Numbers | None) -> tuple[Numbers, Numbers]:
    """Months that count, and whether the retirement of the base model cuts them short.

    A vendor retires a tuned model together with its base.

    Parameters
    ----------
    horizon_months : float or array [months]
    months_to_sunset : float, array or None [months]; None, nan or infinity where no end is known

    Returns
    -------
    tuple of float or array [months] and float or array [0/1]
    """
    sunset = np.maximum(np.inf if months_to_sunset is None else months_to_sunset, 0.0)
    return np.fmin(horizon_months, sunset), np.where(sunset < horizon_months, 1.0, 0.0)[()]


def net_cash_flows(investment: Numbers, monthly_benefit: Numbers, monthly_cost: Numbers) -> Array:
    """Net cash flows of the project, index 0 = -investment.

    Parameters
    ----------
    investment : float or array of draws [money]
    monthly_benefit : float or array (..., H) [money/month]
    monthly_cost : float or array (..., H) [money/month]

    Returns
    -------
    array (..., H + 1) [money]

    References
    ----------
    Model of this tool.
    """
    net = np.atleast_1d(as_array(monthly_benefit, float) - as_array(monthly_cost, float))
    today = 0.0 - along_months(investment)
    draws = np.broadcast_shapes(today.shape[:-1], net.shape[:-1])
    first = np.broadcast_to(today, (*draws, 1))
    later = np.broadcast_to(net, (*draws, net.shape[-1]))
    return np.concatenate([first, later], axis=-1) + 0.0  # no -0.0 in a table
