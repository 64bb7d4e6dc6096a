"""Assumptions in, assessment out: an explicit sequence of a few calls."""

import numpy as np

from advisor.economics import evaluate
from advisor.evidence import evidence
from advisor.models import finance
from advisor.notices import Notice
from advisor.results import Assessment, Assumptions, Economics, Evidence, Metrics, Number
from advisor.volume import volume_scan


def assess(a: Assumptions, band_limits: tuple[float, ...]) -> Assessment:
    """The whole assessment of a point case. ``band_limits`` are the payback limits of the verdict [months]."""
    missing = tuple(k for k in ("daily_requests",) if not a.knows(k))
    economics = None if missing else evaluate(a)
    if economics is None or isinstance(economics, tuple):
        unknown = missing or (economics if isinstance(economics, tuple) else ())
        notices = tuple(Notice("price_missing", "warning", {"item": item}) for item in (economics or ()))
        return Assessment(a, None, None, Evidence((), None), (*a.notices, *notices), tuple(unknown))
    metrics = _metrics(a, economics, band_limits)
    return Assessment(a, economics, metrics, evidence(a), (*a.notices, *_findings(a, economics, metrics)))


def _known(value: Number) -> float | None:
    return None if np.isnan(value) else float(value)


def _per_request(monthly_cost: Number, requests: float) -> float | None:
    """Whole monthly cost over the month's requests; nothing to divide by means no figure."""
    return float(monthly_cost) / requests if requests else None


def _metrics(a: Assumptions, e: Economics, band_limits: tuple[float, ...]) -> Metrics:
    rate = a.number("discount_rate")
    flows = e.cash_flows
    simple, discounted = finance.payback(flows), finance.payback(finance.discounted(flows, rate))
    rates, leave = finance.irr(flows), finance.exit_option(flows, rate)
    volume = volume_scan(a, band_limits)
    requests = float(a.number("daily_requests")) * float(a.number("days_per_month"))
    return Metrics(
        investment=float(e.investment),
        monthly_savings=float(e.monthly_savings),
        steady_payback_months=_known(finance.steady_payback(e.investment, e.monthly_savings)),
        annual_roi=_known(finance.annual_roi(e.investment, e.monthly_savings)),
        payback_months=_known(simple.months),
        payback_status="immediate" if (simple.status, simple.months) == ("ok", 0) else simple.status,
        discounted_payback_months=_known(discounted.months),
        discounted_payback_status=discounted.status,
        npv=float(finance.npv(flows, rate)),
        irr=_known(rates.annual),
        irr_status=rates.status,
        roi_horizon=_known(finance.roi_horizon(flows, e.investment)),
        npv_with_exit=float(leave.npv_with_exit),
        exit_month=int(leave.exit_month),
        break_even_requests=volume.intervals[0][0] if volume.intervals else None,
        break_even_status="ok" if volume.intervals else "no_volume_breaks_even",
        break_even_intervals=volume.intervals,
        band_requests=volume.bands,
        current_cost_per_request=_per_request(e.baseline.steady_monthly_cost, requests),
        tuned_cost_per_request=_per_request(e.tuned.steady_monthly_cost, requests),
    )


def _findings(a: Assumptions, e: Economics, m: Metrics) -> tuple[Notice, ...]:
    """What a careful reader would ask about this result."""
    found = []
    if m.payback_status == "reversed_later":
        found.append(Notice("reversed_later", "warning", {"month": m.exit_month}))
    if m.irr_status == "multiple":
        found.append(Notice("irr_multiple", "info", {}))
    if len(m.break_even_intervals) > 1:
        found.append(Notice("several_profitable_ranges", "info", {"count": len(m.break_even_intervals)}))
    if float(a.number("daily_requests")) == 0:
        found.append(Notice("no_requests", "warning", {}))
    return tuple(found)
