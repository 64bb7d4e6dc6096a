"""Assumptions in, assessment out: an explicit sequence of a few calls."""

from dataclasses import replace
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from advisor.core.notices import Notice
from advisor.core.records import Assessment, Assumptions, Economics, Evidence, Metrics, Number, Unpriced
from advisor.formulas import finance, rate_of_return
from advisor.formulas.arrays import as_array
from advisor.formulas.division import ratio
from advisor.formulas.quality import cost_per_success
from advisor.money.baseline import with_baseline
from advisor.money.break_even_volume import VolumeScan, volume_scan
from advisor.money.cash_flows import evaluate, monthly_requests
from advisor.money.sensitivity import evidence

TOLD_ALREADY = {
    "serving_does_not_fit": "serving_gpus",
    "training_does_not_fit": "training_compute",
    "objective_not_estimated": "training_compute",
}
"""Items without a price for a reason that a notice states, by that notice."""
ALWAYS_KNOWN = (
    *("investment", "monthly_savings", "savings_against_today"),
    *("npv", "npv_against_today", "npv_with_exit"),
)
"""Figures that are defined whatever the flows."""


def assess(a: Assumptions, band_limits: tuple[float, ...], *, explained: bool = True) -> Assessment:
    """The whole assessment of a point case. ``band_limits`` are the payback limits of the verdict [months].

    Unless ``explained``, what only explains it is left out: metrics with their notices, and the swings.
    """
    a, others = with_baseline(a)
    economics = evaluate(a)
    if isinstance(economics, Unpriced):
        return _without_money(a, economics)
    proven = tuple(other.id for other in others if not other.is_out)
    found = Assessment(
        a, economics, None, Evidence((), None), a.notices, investment=float(economics.investment), proven=proven
    )
    if not explained:
        return found
    metrics = _metrics(a, economics, volume_scan(a, band_limits), rate_of_return.irr(economics.cash_flows))
    notices = (*a.notices, *_findings(a, economics, metrics))
    return replace(found, metrics=metrics, evidence=evidence(a), notices=notices)


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


def entered_figures(a: Assumptions, e: Economics) -> dict[str, Any]:
    """The figures of a case that one formula each gives, by their names in :class:`Metrics`; nan where undefined.

    What is searched for is not among them: the rates of return and the volumes at which the case breaks even.
    """
    flows, rate, found = e.cash_flows, a.number("discount_rate"), figures(a, e)
    discounted, to_today = finance.discounted(flows, rate), e.against_today
    return {
        **found._asdict(),
        "steady_payback_months": finance.steady_payback(e.investment, e.monthly_savings),
        "annual_roi": finance.annual_roi(e.investment, e.monthly_savings),
        "discounted_payback_months": finance.payback_months(discounted),
        "discounted_payback_status": finance.payback_status(discounted),
        "npv_against_today": finance.npv(to_today, rate),
        "payback_against_today": finance.payback_months(to_today),
        "payback_against_today_status": finance.payback_status(to_today),
        "roi_horizon": finance.roi_horizon(flows, e.investment),
        **_unit_costs(e, monthly_requests(a)),
    }


def _metrics(a: Assumptions, e: Economics, volume: VolumeScan, rates: rate_of_return.Irr) -> Metrics:
    rate, found = float(a.number("discount_rate")), entered_figures(a, e)
    plain: dict[str, Any] = {name: str(found.pop(name)) for name in [*found] if name.endswith("_status")}
    plain |= {name: float(found.pop(name)) for name in ALWAYS_KNOWN}
    return Metrics(
        **plain,
        exit_month=int(found.pop("exit_month")),
        **{name: cast(Any, _known(value)) for name, value in found.items()},
        irr=_known(rates.annual),
        irr_status=rates.status,
        mirr=_known(rate_of_return.mirr(e.cash_flows, rate, rate).annual),
        break_even_requests=volume.intervals[0][0] if volume.intervals else None,
        break_even_status=_volume_status(volume),
        break_even_intervals=volume.intervals,
        band_requests=volume.bands,
    )


def _unit_costs(e: Economics, requests: Number) -> dict[str, Number]:
    """Whole monthly cost over the month's requests and over the good answers, for each of the three options."""
    found: dict[str, Number] = {}
    for name, option in (("current", e.today), ("baseline", e.baseline), ("tuned", e.tuned)):
        cost = ratio(option.steady_monthly_cost, requests)
        found[f"{name}_cost_per_request"] = cost
        found[f"{name}_cost_per_success"] = cost_per_success(cost, option.success_share)
    return found


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
