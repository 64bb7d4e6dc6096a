"""The figures that are told first, from one set of draws: the same on every page, in the report and in a terminal.

A middle across both results of the quality gate lies in neither, so what tuning brings is told where the gate passes
and where it fails; only the net present value is also told over both.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.core.records import Assumptions, Metrics
from advisor.risk.simulation import Simulation
from advisor.risk.summary import Risk
from advisor.risk.worlds import Worlds, quantiles

Array = NDArray[np.float64]
TOLD_FIRST = ("payback", "npv", "savings", "investment", "roi")


class Figure(NamedTuple):
    """Percentiles and mean over the draws, and the case as it was entered; ``None`` is never, or not defined."""

    unit: str
    p10: float | None
    p50: float | None
    p90: float | None
    mean: float | None
    as_entered: float | None


NEVER = Figure("months", None, None, None, None, None)


@dataclass(frozen=True)
class Headline:
    """What a reader is told first; money in the case's currency, against the best without tuning.

    ``payback``, both savings, ``roi`` and ``npv_if_passed`` are where the quality gate passes, which has the ``chance``
    [fraction]; where that is 0 the payback is never. ``npv_if_failed`` is what is lost where it fails; ``npv`` is over
    both. ``monthly_savings`` are those of a month at today's volume and prices, ``averaged_savings`` those of the
    horizon by its months. ``investment`` is over what only the future tells, ``investment_p80`` its P80, from the
    middle to which is the reserve. With ``chances_in_ten`` the money is back within ``chance_months``, ``None``: within
    the ``horizon`` [months] at all; ``unpaid_share`` of the futures in which the gate passes do not see it back within
    that [fraction]. ``standard_error`` is that of the mean of ``npv`` [money] if draws were
    independent. ``serves``: there are requests.
    """

    chance: float
    horizon: int
    payback: Figure
    npv: Figure
    npv_if_passed: Figure
    npv_if_failed: Figure
    monthly_savings: Figure
    averaged_savings: Figure
    roi: Figure
    investment: Figure
    investment_p80: float
    chances_in_ten: int
    chance_months: float | None
    unpaid_share: float
    draws: int
    standard_error: float
    serves: bool

    @property
    def fails(self) -> bool:
        """Whether the gate is failed for sure: nothing is launched, and what is spent is lost."""
        return self.chance == 0

    @property
    def told_first(self) -> tuple[str, ...]:
        """The figures on cards: what there is none of is left out."""
        if not self.serves:
            return ("investment",)
        return ("payback", "npv", "investment") if self.fails else TOLD_FIRST


def headline_of(found: Simulation, risk: Risk, a: Assumptions, m: Metrics) -> Headline:
    """The figures told first, of the draws and of the case as it stands."""
    worlds, horizon = found.worlds, int(float(a.number("horizon_months")))
    return Headline(
        chance=worlds.chance,
        horizon=horizon,
        payback=_payback(found.payback, risk, m) if worlds.chance else NEVER,
        npv=_both(risk, m.npv),
        npv_if_passed=_figure("money", worlds.passed, m.npv),
        npv_if_failed=_figure("money", worlds.failed, -m.investment),
        monthly_savings=_figure("money", found.monthly_savings, m.monthly_savings),
        averaged_savings=_averaged(found, m, horizon),
        roi=_figure("fraction", found.roi, m.roi_horizon),
        investment=_investment(risk, m.investment),
        investment_p80=risk.investment_p80,
        chances_in_ten=risk.chances_in_ten,
        chance_months=risk.chance_months,
        unpaid_share=float(np.isnan(found.payback).mean()) if worlds.chance else 1.0,
        draws=found.sampling.count,
        standard_error=_standard_error(worlds),
        serves=float(a.number("daily_requests")) > 0,
    )


def _averaged(found: Simulation, m: Metrics, horizon: int) -> Figure:
    """All savings of the horizon, which the return less the investment is told of, by its months. [money/month]"""
    entered = None if m.roi_horizon is None else (1 + m.roi_horizon) * m.investment / horizon
    return _figure("money", (1 + found.roi) * found.investment / horizon, entered)


def _figure(unit: str, values: Array, as_entered: float | None) -> Figure:
    if not np.isfinite(values).all():
        return Figure(unit, None, None, None, None, as_entered)
    p10, p50, p90 = quantiles(values, (0.1, 0.5, 0.9))
    return Figure(unit, p10, p50, p90, float(values.mean()), as_entered)


def _investment(risk: Risk, as_entered: float) -> Figure:
    p10, p50, p90 = risk.investment_p10, risk.investment_p50, risk.investment_p90
    return Figure("money", p10, p50, p90, risk.investment_mean, as_entered)


def _both(risk: Risk, as_entered: float) -> Figure:
    return Figure("money", risk.npv.p10, risk.npv.p50, risk.npv.p90, risk.npv.mean, as_entered)


def _payback(months: Array, risk: Risk, m: Metrics) -> Figure:
    """Never is later than any month; the mean is defined only where the money always comes back."""
    entered = m.payback_months if m.payback_status in ("ok", "immediate", "reversed_later") else None
    mean = None if np.isnan(months).any() else float(months.mean())
    return Figure("months", risk.payback_p10, risk.payback_p50, risk.payback_p90, mean, entered)


def _standard_error(worlds: Worlds) -> float:
    """Of the mean over both results of the gate, each draw standing for both. [money]"""
    return float(worlds.expected.std(ddof=1) / np.sqrt(len(worlds.passed)))
