"""Present value, return and payback of the cash flows of one alternative.

Conventions, stated once. Months are end-of-month periods 1..H; index 0 of a cash-flow
series is today; an outflow is negative; every series is incremental to a named baseline.
The time axis is the LAST axis. Leading axes are draws: an argument that is one number per
project may be a float or an array of draws, never a series of months, unless it says so.
Undefined is nan (a status word tells why), never 0 and never infinity.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.formulas.arrays import as_array
from advisor.formulas.cash_flow_timing import along_months
from advisor.formulas.constants import MONTHS_PER_YEAR
from advisor.formulas.division import ratio

Numbers = float | NDArray[np.float64]
Array = NDArray[np.float64]

# Rounding errors of binary floats: 3 x 0.1 - 0.3 is not 0. A cumulative that misses zero by less
# than this share of the largest flow counts as recovered.
DUST: Final = 1e-9

# --- Present value ------------------------------------------------------------


def monthly_rate(annual_rate: Numbers) -> Numbers:
    """Monthly rate that compounds to the annual one. Not annual / 12.

    Parameters
    ----------
    annual_rate : float or array [fraction/year]

    Returns
    -------
    float or array [fraction/month]

    References
    ----------
    Standard corporate finance.
    """
    return (1 + annual_rate) ** (1 / MONTHS_PER_YEAR) - 1


def discounted(cash_flows: Array, annual_rate: Numbers) -> Array:
    """Present value of each cash flow. Index 0 is not discounted.

    Parameters
    ----------
    cash_flows : array (..., H + 1) [money], index 0 = today, months on the last axis
    annual_rate : float or array of draws [fraction/year]

    Returns
    -------
    array (..., H + 1) [money]

    References
    ----------
    Standard corporate finance.
    """
    flows = as_array(cash_flows, float)
    periods = np.arange(flows.shape[-1], dtype=float)
    growth = 1 + along_months(monthly_rate(annual_rate))
    return flows / growth**periods


def npv(cash_flows: Array, annual_rate: Numbers) -> Numbers:
    """Net present value. Index 0 is not discounted (the NPV of spreadsheets discounts its first cell).

    Parameters
    ----------
    cash_flows : array (..., H + 1) [money], index 0 = today, months on the last axis
    annual_rate : float or array of draws [fraction/year]

    Returns
    -------
    float or array of draws [money]

    References
    ----------
    Standard corporate finance.
    """
    value: Numbers = np.sum(discounted(cash_flows, annual_rate), axis=-1)
    return value


def profitability_index(net_present_value: Numbers, investment: Numbers) -> Numbers:
    """Present value earned per unit of money invested: (NPV + I) / I.

    Parameters
    ----------
    net_present_value : float or array [money]
    investment : float or array [money], I

    Returns
    -------
    float or array [fraction]; nan without investment
    """
    return ratio(net_present_value + investment, investment)


def roi_horizon(cash_flows: Array, investment: Numbers) -> Numbers:
    """Undiscounted net gain over the horizon per unit invested.

    The sum already contains the investment as a negative flow: do not subtract it again.

    Parameters
    ----------
    cash_flows : array (..., H + 1) [money], index 0 = today, months on the last axis
    investment : float or array of draws [money]

    Returns
    -------
    float or array of draws [fraction]; nan without investment

    References
    ----------
    Standard corporate finance.
    """
    net_gain: Numbers = np.sum(as_array(cash_flows, float), axis=-1)
    return ratio(net_gain, investment)


class ExitOption(NamedTuple):
    """Best month to go back to the baseline, and the NPV of doing so."""

    npv_with_exit: Numbers  # money
    exit_month: Numbers  # months


def exit_option(cash_flows: Array, annual_rate: Numbers) -> ExitOption:
    """NPV when the owner may stop after any month, and the best month to stop.

    Only rented capacity and open contracts have this option; a bought card does not.
    Month 0 means: do not go live at all, the investment is lost.

    Parameters
    ----------
    cash_flows : array (..., H + 1) [money], index 0 = today, months on the last axis
    annual_rate : float or array of draws [fraction/year]

    Returns
    -------
    ExitOption [money, months]

    References
    ----------
    Model of this tool.
    """
    cumulative = np.cumsum(discounted(cash_flows, annual_rate), axis=-1)
    best_month = np.argmax(cumulative, axis=-1)
    best_value: Numbers = np.max(cumulative, axis=-1)
    return ExitOption(npv_with_exit=best_value, exit_month=best_month.astype(float)[()])


# --- Payback ------------------------------------------------------------------


class Payback(NamedTuple):
    """``months`` is nan unless the investment is recovered; ``status`` as in ``payback_status``."""

    months: float  # months
    status: str


def _recovery(cash_flows: Array) -> tuple[Array, Array, NDArray[np.bool_], Array]:
    """Flows, their cumulative sum, where it is below zero, and where it has come back from there."""
    flows = as_array(cash_flows, float)
    cumulative = np.cumsum(flows, axis=-1)
    tolerance = DUST * np.max(np.abs(flows), axis=-1, keepdims=True)
    below = cumulative < -tolerance
    been_below = np.logical_or.accumulate(below, axis=-1)
    return flows, cumulative, below, been_below & ~below


def payback_months(cash_flows: Array) -> Numbers:
    """Month in which the cumulative cash flow first reaches 0, interpolated linearly inside the month.

    A recovery that is lost again keeps its month: read ``payback_status`` beside it.

    Parameters
    ----------
    cash_flows : array (..., H + 1) [money], index 0 = today, months on the last axis

    Returns
    -------
    float or array of draws [months]; 0 where the cumulative is never negative, nan where it does not recover

    References
    ----------
    Standard corporate finance.
    """
    flows, cumulative, below, back = _recovery(cash_flows)
    last = flows.shape[-1] - 1
    month = np.clip(np.argmax(back, axis=-1), min(1, last), last)[..., np.newaxis]
    still_missing = -np.take_along_axis(cumulative, month - 1, axis=-1)[..., 0]
    came_in = np.take_along_axis(flows, month, axis=-1)[..., 0]
    share_of_month = ratio(still_missing, came_in)
    recovered = np.where(back.any(axis=-1), month[..., 0] - 1 + share_of_month, np.nan)
    months: Numbers = np.where(below.any(axis=-1), recovered, 0.0)[()]
    return months


def payback_status(cash_flows: Array) -> NDArray[np.str_]:
    """Status word of every series: ok, never, not_within_horizon or reversed_later.

    never = no month brings anything in; not_within_horizon = some do, but not enough;
    reversed_later = recovered, yet negative again at the end of the horizon. A dip that is made good by the end
    stays ok.

    Parameters
    ----------
    cash_flows : array (..., H + 1) [money], index 0 = today, months on the last axis

    Returns
    -------
    array of str, one of the words above

    References
    ----------
    Standard corporate finance.
    """
    flows, _, below, back = _recovery(cash_flows)
    conditions = [
        ~below.any(axis=-1),
        ~(flows[..., 1:] > 0).any(axis=-1),
        ~back.any(axis=-1),
        below[..., -1],
    ]
    words = [np.asarray(word) for word in ("ok", "never", "not_within_horizon", "reversed_later")]
    return np.select(conditions, words, default=np.asarray("ok"))


def payback(cash_flows: Array) -> Payback:
    """Payback of ONE series. For the discounted payback pass ``discounted(cash_flows, rate)``.

    Parameters
    ----------
    cash_flows : array (H + 1,) [money], index 0 = today

    Returns
    -------
    Payback [months]

    References
    ----------
    Standard corporate finance.
    """
    return Payback(months=float(payback_months(cash_flows)), status=str(payback_status(cash_flows)))


def steady_payback(investment: Numbers, monthly_savings: Numbers) -> Numbers:
    """Investment over a monthly saving that never changes.

    The short formula of the article: no horizon, no ramp, no price decline, no discounting.

    Parameters
    ----------
    investment : float or array [money]
    monthly_savings : float or array [money/month]

    Returns
    -------
    float or array [months]; nan where nothing is saved, 0 without investment

    References
    ----------
    Article 001, ROI calculator and decision matrix.
    """
    saves = as_array(monthly_savings, float) > 0
    months: Numbers = np.where(saves, ratio(investment, monthly_savings), np.nan)[()]
    return months


def steady_payback_status(investment: Numbers, monthly_savings: Numbers) -> NDArray[np.str_]:
    """never (nothing saved), immediate (nothing invested) or ok.

    Parameters
    ----------
    investment : float or array [money]
    monthly_savings : float or array [money/month]

    Returns
    -------
    array of str, one of the words above
    """
    nothing_saved = as_array(monthly_savings, float) <= 0
    nothing_invested = as_array(investment, float) <= 0
    return np.where(nothing_saved, "never", np.where(nothing_invested, "immediate", "ok"))


def annual_roi(investment: Numbers, monthly_savings: Numbers) -> Numbers:
    """Return of the first year: (12 months of saving - investment) / investment.

    The article's months have 30 days, so its year has 360.

    Parameters
    ----------
    investment : float or array [money]
    monthly_savings : float or array [money/month]

    Returns
    -------
    float or array [fraction]; nan without investment

    References
    ----------
    Article 001, ROI calculator and decision matrix.
    """
    yearly_savings = MONTHS_PER_YEAR * monthly_savings
    return ratio(yearly_savings - investment, investment)


def break_even_requests_per_day(
    investment: Numbers,
    months: Numbers,
    saving_per_request: Numbers,
    fixed_monthly: Numbers,
    days_per_month: Numbers,
) -> Numbers:
    """Daily volume that recovers the investment within ``months``.

    Parameters
    ----------
    investment : float or array [money]
    months : float or array [months]
    saving_per_request : float or array [money/request]
    fixed_monthly : float or array [money/month], cost whatever the volume
    days_per_month : float or array [days/month]

    Returns
    -------
    float or array [requests/day]; nan where a request saves nothing: more traffic then only loses more
    """
    needed_per_month = investment / months + fixed_monthly
    saved_per_daily_request = np.asarray(saving_per_request * days_per_month, dtype=float)
    volume = ratio(needed_per_month, saved_per_daily_request)
    requests: Numbers = np.where(saved_per_daily_request > 0, volume, np.nan)[()]
    return requests


def convert(amount: Numbers, rate_from: Numbers, rate_to: Numbers) -> Numbers:
    """Amount in another currency. Both rates are units per 1 unit of the same base currency.

    Parameters
    ----------
    amount : float or array [money], in the first currency
    rate_from : float or array [units of the first currency per unit of the base currency]
    rate_to : float or array [units of the second currency per unit of the base currency]

    Returns
    -------
    float or array [money], in the second currency
    """
    return amount * rate_to / rate_from
