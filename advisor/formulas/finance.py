"""Cash flows of one alternative and what they are worth.

Conventions, stated once. Months are end-of-month periods 1..H; index 0 of a cash-flow
series is today; an outflow is negative; every series is incremental to a named baseline.
The time axis is the LAST axis. Leading axes are draws: an argument that is one number per
project may be a float or an array of draws, never a series of months, unless it says so.
Undefined is nan (a status word tells why), never 0 and never infinity.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.formulas.constants import MONTHS_PER_YEAR
from advisor.formulas.division import ratio

Numbers = float | NDArray[np.float64]
Array = NDArray[np.float64]

# Binary floats leave dust: 3 x 0.1 - 0.3 is not 0. A cumulative that misses zero by less
# than this share of the largest flow counts as recovered.
DUST: Final = 1e-9


def _per_draw(value: Numbers) -> Array:
    """Give a per-project number (or draws of it) a trailing axis so that it meets the months."""
    return np.asarray(value, dtype=float)[..., np.newaxis]


# --- The months ---------------------------------------------------------------


def months_axis(horizon_months: int) -> Array:
    """Months 1..H [months]. Today is not among them: it is index 0 of a cash-flow series."""
    return np.arange(1, horizon_months + 1, dtype=float)


def years_before(months: Array) -> Array:
    """Years of growth or price decline that month m has seen, (m - 1) / 12 [years].

    Month 1 still has today's volume and today's prices; m / 12 would start the decline early.
    """
    return (months - 1) / MONTHS_PER_YEAR


def monthly_volume(first_month: Numbers, growth_per_year: Numbers, months: Array) -> Array:
    """Requests in each month, from those of the first [requests/month].

    Growth compounds: 12 % a year is not 1 % a month.
    """
    growth = (1 + _per_draw(growth_per_year)) ** years_before(months)
    return _per_draw(first_month) * growth


def price_path(decline_per_year: Numbers, months: Array) -> Array:
    """Price of each month as a share of today's price [fraction]; a negative decline is a rise."""
    return (1 - _per_draw(decline_per_year)) ** years_before(months)


def is_live(months: Array, deploy_months: Numbers) -> Array:
    """1 in the months after deployment, 0 before [0/1]. Month ``deploy_months`` itself is still work."""
    return np.where(months > _per_draw(deploy_months), 1.0, 0.0)


def adoption(months: Array, deploy_months: Numbers, ramp_months: Numbers) -> Array:
    """Share of the traffic that has moved to the new model in each month [fraction].

    Nothing until deployment, then a straight ramp. The first live month of a two-month
    ramp carries one half, not nothing.
    """
    months_live = months - _per_draw(deploy_months)
    ramp = _per_draw(ramp_months)
    ramped = months_live / np.where(ramp > 0, ramp, 1.0)
    reached = np.where(ramp > 0, np.minimum(ramped, 1.0), 1.0)
    return reached * is_live(months, deploy_months)


def retraining_due(months: Array, every_months: Numbers, horizon_months: Numbers, deploy_months: Numbers) -> Array:
    """1 in a month that pays for a retraining, 0 otherwise [0/1].

    The clock starts at go-live, and nobody retrains in the last month of the horizon for a
    future outside it. A cadence of 0 or infinity means never.
    """
    cadence = _per_draw(every_months)
    interval = np.where(cadence > 0, cadence, np.inf)
    months_live = np.maximum(months - _per_draw(deploy_months), 0.0)
    months_live_before = np.maximum(months - 1 - _per_draw(deploy_months), 0.0)
    falls_due = np.floor(months_live / interval) > np.floor(months_live_before / interval)
    return np.where(falls_due & (months < _per_draw(horizon_months)), 1.0, 0.0)


def effective_horizon(horizon_months: Numbers, months_to_sunset: Numbers | None) -> tuple[Numbers, Numbers]:
    """Months that count [months], and whether the end of the base model cuts them short [0/1].

    A vendor retires a tuned model together with its base. None, nan or infinity: no end is known.
    """
    sunset = np.maximum(np.inf if months_to_sunset is None else months_to_sunset, 0.0)
    return np.fmin(horizon_months, sunset), np.where(sunset < horizon_months, 1.0, 0.0)[()]


def net_cash_flows(investment: Numbers, monthly_benefit: Numbers, monthly_cost: Numbers) -> Array:
    """Series of H + 1 net flows, index 0 = -investment [money].

    ``monthly_benefit`` and ``monthly_cost`` carry the months on their last axis.
    """
    net = np.atleast_1d(np.asarray(monthly_benefit, dtype=float) - np.asarray(monthly_cost, dtype=float))
    today = 0.0 - _per_draw(investment)
    draws = np.broadcast_shapes(today.shape[:-1], net.shape[:-1])
    first = np.broadcast_to(today, (*draws, 1))
    later = np.broadcast_to(net, (*draws, net.shape[-1]))
    return np.concatenate([first, later], axis=-1) + 0.0  # no -0.0 in a table


# --- Present value ------------------------------------------------------------


def monthly_rate(annual_rate: Numbers) -> Numbers:
    """Monthly rate that compounds to the annual one [fraction/month]. Not annual / 12."""
    return (1 + annual_rate) ** (1 / MONTHS_PER_YEAR) - 1


def discounted(cash_flows: Array, annual_rate: Numbers) -> Array:
    """Each flow at its worth today [money]."""
    flows = np.asarray(cash_flows, dtype=float)
    periods = np.arange(flows.shape[-1], dtype=float)
    growth = 1 + _per_draw(monthly_rate(annual_rate))
    return flows / growth**periods


def npv(cash_flows: Array, annual_rate: Numbers) -> Numbers:
    """Net present value [money]. Index 0 is not discounted (spreadsheet NPV discounts its first cell)."""
    value: Numbers = np.sum(discounted(cash_flows, annual_rate), axis=-1)
    return value


def profitability_index(net_present_value: Numbers, investment: Numbers) -> Numbers:
    """Present value earned per unit of money invested [fraction]; nan without investment."""
    return ratio(net_present_value + investment, investment)


def roi_horizon(cash_flows: Array, investment: Numbers) -> Numbers:
    """Undiscounted net gain over the horizon per unit invested [fraction]; nan without investment.

    The sum already contains the investment as a negative flow: do not subtract it again.
    """
    net_gain: Numbers = np.sum(np.asarray(cash_flows, dtype=float), axis=-1)
    return ratio(net_gain, investment)


class ExitOption(NamedTuple):
    """Best moment to go back to the baseline, and the value of leaving then."""

    npv_with_exit: Numbers
    exit_month: Numbers


def exit_option(cash_flows: Array, annual_rate: Numbers) -> ExitOption:
    """NPV when the owner may stop after any month [money], and that month [months].

    Only rented capacity and open contracts have this option; a bought card does not.
    Month 0 means: do not go live at all, the investment is lost.
    """
    cumulative = np.cumsum(discounted(cash_flows, annual_rate), axis=-1)
    best_month = np.argmax(cumulative, axis=-1)
    best_value: Numbers = np.max(cumulative, axis=-1)
    return ExitOption(npv_with_exit=best_value, exit_month=best_month.astype(float)[()])


# --- Payback ------------------------------------------------------------------


class Payback(NamedTuple):
    """``months`` is nan unless the money came back; ``status`` says what happened."""

    months: float
    status: str


def _recovery(cash_flows: Array) -> tuple[Array, Array, NDArray[np.bool_], Array]:
    """Flows, their running total, where that total is below zero, and where it has just come back."""
    flows = np.asarray(cash_flows, dtype=float)
    cumulative = np.cumsum(flows, axis=-1)
    dust = DUST * np.max(np.abs(flows), axis=-1, keepdims=True)
    below = cumulative < -dust
    been_below = np.logical_or.accumulate(below, axis=-1)
    return flows, cumulative, below, been_below & ~below


def payback_months(cash_flows: Array) -> Numbers:
    """Month in which the money spent is first back, linear inside the month [months].

    0 where no money was ever out, nan where it does not come back inside the horizon.
    A recovery that is lost again keeps its month: read ``payback_status`` beside it.
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
    """Word for every series: ok, never, not_within_horizon or reversed_later.

    never = no month brings anything in; not_within_horizon = some do, but not enough;
    reversed_later = recovered, yet under water again at the end of the horizon. A dip
    that is made good by the end stays ok.
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
    """Payback of one series. For the discounted one pass ``discounted(cash_flows, rate)``."""
    return Payback(months=float(payback_months(cash_flows)), status=str(payback_status(cash_flows)))


def steady_payback(investment: Numbers, monthly_savings: Numbers) -> Numbers:
    """Investment over a saving that never changes [months]; nan where nothing is saved, 0 without investment.

    The short formula of the source article: no horizon, no ramp, no price decline, no discounting.
    """
    saves = np.asarray(monthly_savings, dtype=float) > 0
    months: Numbers = np.where(saves, ratio(investment, monthly_savings), np.nan)[()]
    return months


def steady_payback_status(investment: Numbers, monthly_savings: Numbers) -> NDArray[np.str_]:
    """never (nothing saved), immediate (nothing invested) or ok."""
    nothing_saved = np.asarray(monthly_savings, dtype=float) <= 0
    nothing_invested = np.asarray(investment, dtype=float) <= 0
    return np.where(nothing_saved, "never", np.where(nothing_invested, "immediate", "ok"))


def annual_roi(investment: Numbers, monthly_savings: Numbers) -> Numbers:
    """(12 months of saving - investment) / investment [fraction]; nan without investment.

    The article's months have 30 days, so its year has 360.
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
    """Daily volume that recovers the investment in ``months`` [requests/day].

    nan where a request saves nothing: then no volume breaks even, more traffic only loses more.
    """
    needed_per_month = investment / months + fixed_monthly
    saved_per_daily_request = np.asarray(saving_per_request * days_per_month, dtype=float)
    volume = ratio(needed_per_month, saved_per_daily_request)
    requests: Numbers = np.where(saved_per_daily_request > 0, volume, np.nan)[()]
    return requests


def convert(amount: Numbers, rate_from: Numbers, rate_to: Numbers) -> Numbers:
    """Amount in another currency [money]; both rates are units per 1 unit of the same base currency."""
    return amount * rate_to / rate_from


# --- Internal rate of return --------------------------------------------------


class Irr(NamedTuple):
    """Rates are nan unless the status is ok; ``roots_monthly`` lists every rate with NPV = 0."""

    monthly: float
    annual: float
    status: str
    roots_monthly: tuple[float, ...]


class Mirr(NamedTuple):
    """Modified internal rate of return and its status."""

    annual: float
    status: str


def annual_equivalent(rate_per_month: float) -> float:
    """Annual rate that a monthly one compounds to [fraction/year]. Not 12 x the monthly rate."""
    with np.errstate(over="ignore"):
        return float(np.expm1(MONTHS_PER_YEAR * np.log1p(rate_per_month)))


def irr(cash_flows: Array) -> Irr:
    """Internal rate of return of ONE monthly series, and whether it means anything.

    ok = exactly one rate above -100 % gives NPV 0. A series that changes sign more than once
    may have several such rates; most libraries return one of them in silence. Here that is
    ``multiple`` and the caller shows the MIRR. For a small investment the annual figure
    explodes (132 % a month is 2.5 million % a year): never lead with it.
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
    """Modified IRR of ONE monthly series, from two annual rates [fraction/year].

    Outflows are financed back to today, inflows reinvested up to the horizon:
    (future value of inflows / present value of outflows)^(12 / H) - 1.
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
