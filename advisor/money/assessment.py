"""Assumptions in, assessment out: an explicit sequence of a few calls."""

import numpy as np

from advisor.core.notices import Notice
from advisor.core.records import Assessment, Assumptions, Economics, Evidence, Metrics, Number, OptionResult, Unpriced
from advisor.formulas import finance, rate_of_return
from advisor.formulas.quality import cost_per_success
from advisor.money.baseline import with_baseline
from advisor.money.break_even_volume import VolumeScan, volume_scan
from advisor.money.cash_flows import evaluate
from advisor.money.sensitivity import evidence
from advisor.options.declared import total
from advisor.options.tune import project_items

TOLD_ALREADY = {"serving_does_not_fit": "serving_gpus", "training_does_not_fit": "training_compute"}
"""Items without a price for a reason that a notice states, by that notice."""
NO_IRR = rate_of_return.Irr(np.nan, np.nan, "unknown", ())


def assess(a: Assumptions, band_limits: tuple[float, ...], *, explained: bool = True) -> Assessment:
    """The whole assessment of a point case. ``band_limits`` are the payback limits of the verdict [months].

    Unless ``explained``, what only explains it is left out: break-even volumes, swings and the rate of return.
    """
    if not a.knows("daily_requests"):
        return _without_money(a, Unpriced(("daily_requests",), total(project_items(a))), ())
    a, others = with_baseline(a)
    economics = evaluate(a)
    if isinstance(economics, Unpriced):
        return _without_money(a, economics, _missing(a, economics.items))
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
        nothing_else_passes=all(other.reasons for other in others),
    )


def _missing(a: Assumptions, items: tuple[str, ...]) -> tuple[Notice, ...]:
    """A notice for each missing price; what fits on no card has a notice of its own."""
    told = {TOLD_ALREADY.get(notice.code) for notice in a.notices}
    return tuple(Notice("price_missing", "warning", {"item": item}) for item in items if item not in told)


def _without_money(a: Assumptions, found: Unpriced, notices: tuple[Notice, ...]) -> Assessment:
    """What can be said without the economics: what is missing, and the investment if that much is known."""
    investment = None if found.investment is None else float(found.investment)
    return Assessment(a, None, None, Evidence((), None), (*a.notices, *notices), found.items, investment)


def _known(value: Number) -> float | None:
    return None if np.isnan(value) else float(value)


def _volume_status(volume: VolumeScan) -> str:
    if not volume.is_known:
        return "unknown"
    return "ok" if volume.intervals else "no_volume_breaks_even"


def _per_request(monthly_cost: Number, requests: float) -> float | None:
    """Whole monthly cost over the month's requests; nothing to divide by means no figure."""
    return float(monthly_cost) / requests if requests else None


def _payback_status(simple: finance.Payback, flows: np.ndarray) -> str:
    """Where nothing was paid out, the money is back at once if any comes in at all, and never if none does."""
    if (simple.status, simple.months) != ("ok", 0):
        return simple.status
    return "immediate" if np.any(flows > 0) else "never"


def _metrics(a: Assumptions, e: Economics, volume: VolumeScan, rates: rate_of_return.Irr) -> Metrics:
    rate = a.number("discount_rate")
    flows = e.cash_flows
    simple, discounted = finance.payback(flows), finance.payback(finance.discounted(flows, rate))
    to_today = finance.payback(e.against_today)
    leave = finance.exit_option(flows, rate)
    status = _payback_status(simple, flows)
    requests = float(a.number("daily_requests")) * float(a.number("days_per_month"))
    return Metrics(
        investment=float(e.investment),
        monthly_savings=float(e.monthly_savings),
        savings_against_today=float(e.savings_against_today),
        steady_payback_months=_known(finance.steady_payback(e.investment, e.monthly_savings)),
        annual_roi=_known(finance.annual_roi(e.investment, e.monthly_savings)),
        payback_months=None if status == "never" else _known(simple.months),
        payback_status=status,
        discounted_payback_months=_known(discounted.months),
        discounted_payback_status=discounted.status,
        npv=float(finance.npv(flows, rate)),
        npv_against_today=float(finance.npv(e.against_today, rate)),
        payback_against_today=_known(to_today.months),
        payback_against_today_status=to_today.status,
        irr=_known(rates.annual),
        irr_status=rates.status,
        mirr=_known(rate_of_return.mirr(flows, float(rate), float(rate)).annual),
        roi_horizon=_known(finance.roi_horizon(flows, e.investment)),
        npv_with_exit=float(leave.npv_with_exit),
        exit_month=int(leave.exit_month),
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
