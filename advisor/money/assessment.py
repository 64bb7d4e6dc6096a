"""Assumptions in, assessment out: an explicit sequence of a few calls."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.core.notices import Notice
from advisor.core.records import Assessment, Assumptions, Economics, Evidence, Metrics, Number, OptionResult, Unpriced
from advisor.formulas import finance, rate_of_return
from advisor.formulas.arrays import as_array
from advisor.formulas.quality import cost_per_success
from advisor.money.baseline import with_baseline
from advisor.money.break_even_volume import VolumeScan, volume_scan
from advisor.money.cash_flows import evaluate, monthly_requests
from advisor.money.sensitivity import evidence

TOLD_ALREADY = {"serving_does_not_fit": "serving_gpus", "training_does_not_fit": "training_compute"}
"""Items without a price for a reason that a notice states, by that notice."""
NO_IRR = rate_of_return.Irr(np.nan, np.nan, "unknown", ())


def assess(a: Assumptions, band_limits: tuple[float, ...], *, explained: bool = True) -> Assessment:
    """The whole assessment of a point case. ``band_limits`` are the payback limits of the verdict [months].

    Unless ``explained``, what only explains it is left out: break-even volumes, swings and the rate of return.
    """
    a, others = with_baseline(a)
    economics = evaluate(a)
    if isinstance(economics, Unpriced):
        return _without_money(a, economics)
    volume = volume_scan(a, band_limits) if explained else VolumeScan((), {}, is_known=False)
    metrics = _metrics(a, economics, volume, rate_of_return.irr(economics.cash_flows) if explained else NO_IRR)
    found = (*a.notices, *_findings(a, economics, metrics))
    return Assessment(
        a,
        economics,
        metrics,
        evidence(a) if explained else Evidence((), None),
        found,
        investment=metrics.investment,
        proven=tuple(other.id for other in others if not other.is_out),
    )


def missing_prices(notices: tuple[Notice, ...], items: tuple[str, ...]) -> tuple[Notice, ...]:
    """A notice for each missing price; the requests are asked for, what fits on no card is among the ``notices``."""
    told = {"daily_requests", *(TOLD_ALREADY.get(notice.code) for notice in notices)}
    return tuple(Notice("price_missing", "warning", {"item": item}) for item in items if item not in told)


def _without_money(a: Assumptions, found: Unpriced) -> Assessment:
    """What can be said without the economics: what is missing, and the investment if that much is known."""
    investment = None if found.investment is None else float(found.investment)
    notices = (*a.notices, *missing_prices(a.notices, found.items))
    return Assessment(a, None, None, Evidence((), None), notices, found.items, investment)


def _known(value: Number) -> float | None:
    return None if np.isnan(value) else float(value)


def _volume_status(volume: VolumeScan) -> str:
    if not volume.is_known:
        return "unknown"
    return "ok" if volume.intervals else "no_volume_breaks_even"


def _per_request(monthly_cost: Number, requests: float) -> float | None:
    """Whole monthly cost over the month's requests; nothing to divide by means no figure."""
    return float(monthly_cost) / requests if requests else None


class Figures(NamedTuple):
    """The figures that a verdict looks at, of one case or of each of many; nan where the payback status says why."""

    investment: Number
    monthly_savings: Number
    savings_against_today: Number
    npv: Number
    payback_months: Number
    payback_status: NDArray[np.str_]
    npv_with_exit: Number
    exit_month: Number


def figures(a: Assumptions, e: Economics) -> Figures:
    """What the cash flows say, for one case and arrays of cases alike."""
    flows, rate = e.cash_flows, a.number("discount_rate")
    months = finance.payback_months(flows)
    status, leave = _payback_status(flows, months), finance.exit_option(flows, rate)
    return Figures(
        e.investment,
        e.monthly_savings,
        e.savings_against_today,
        finance.npv(flows, rate),
        np.where(status == "never", np.nan, months)[()],
        status,
        leave.npv_with_exit,
        leave.exit_month,
    )


def _payback_status(flows: np.ndarray, months: Number) -> NDArray[np.str_]:
    """Where nothing was paid out, the money is back at once if any comes in at all, and never if none does."""
    status = finance.payback_status(flows)
    at_once = (status == "ok") & (as_array(months) == 0)
    return np.where(at_once, np.where((flows > 0).any(axis=-1), "immediate", "never"), status)


def _metrics(a: Assumptions, e: Economics, volume: VolumeScan, rates: rate_of_return.Irr) -> Metrics:
    rate = a.number("discount_rate")
    flows, found = e.cash_flows, figures(a, e)
    discounted, to_today = finance.payback(finance.discounted(flows, rate)), finance.payback(e.against_today)
    requests = float(monthly_requests(a))
    return Metrics(
        investment=float(found.investment),
        monthly_savings=float(found.monthly_savings),
        savings_against_today=float(found.savings_against_today),
        steady_payback_months=_known(finance.steady_payback(e.investment, e.monthly_savings)),
        annual_roi=_known(finance.annual_roi(e.investment, e.monthly_savings)),
        payback_months=_known(found.payback_months),
        payback_status=str(found.payback_status),
        discounted_payback_months=_known(discounted.months),
        discounted_payback_status=discounted.status,
        npv=float(found.npv),
        npv_against_today=float(finance.npv(e.against_today, rate)),
        payback_against_today=_known(to_today.months),
        payback_against_today_status=to_today.status,
        irr=_known(rates.annual),
        irr_status=rates.status,
        mirr=_known(rate_of_return.mirr(flows, float(rate), float(rate)).annual),
        roi_horizon=_known(finance.roi_horizon(flows, e.investment)),
        npv_with_exit=float(found.npv_with_exit),
        exit_month=int(found.exit_month),
        break_even_requests=volume.intervals[0][0] if volume.intervals else None,
        break_even_status=_volume_status(volume),
        break_even_intervals=volume.intervals,
        band_requests=volume.bands,
        **_unit_costs(e, requests),
    )


def _unit_costs(e: Economics, requests: float) -> dict[str, float | None]:
    """Cost of a request and of a good answer, for each of the three options."""
    found: dict[str, float | None] = {}
    for name, option in (("current", e.today), ("baseline", e.baseline), ("tuned", e.tuned)):
        cost = _per_request(option.steady_monthly_cost, requests)
        found[f"{name}_cost_per_request"] = cost
        found[f"{name}_cost_per_success"] = None if cost is None else _per_success(option, cost)
    return found


def _per_success(option: OptionResult, cost: float) -> float | None:
    return _known(cost_per_success(cost, option.success_share))


def _findings(a: Assumptions, e: Economics, m: Metrics) -> tuple[Notice, ...]:
    """Notices about the result."""
    found = []
    if m.payback_status == "reversed_later":
        found.append(Notice("reversed_later", "warning", {"month": m.exit_month}))
    elif m.exit_month < len(e.months) and m.npv_with_exit > max(m.npv, 0.0):
        found.append(Notice("better_to_stop", "warning", {"month": m.exit_month, "gap": m.npv_with_exit - m.npv}))
    if m.irr_status == "multiple":
        found.append(Notice("irr_multiple", "info", {}))
    if len(m.break_even_intervals) > 1:
        found.append(Notice("several_profitable_ranges", "info", {"count": len(m.break_even_intervals)}))
    if float(a.number("daily_requests")) == 0:
        found.append(Notice("no_requests", "warning", {}))
    return tuple(found)
