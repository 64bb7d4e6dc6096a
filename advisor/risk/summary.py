"""What the draws say: percentiles and probabilities over both results of the quality gate, and the value of knowing."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.core.records import Assumptions
from advisor.formulas import uncertainty
from advisor.formulas.value_of_information import value_of_facts
from advisor.options.declared import total
from advisor.options.tune import project_items
from advisor.risk.simulation import GATE, Sampling, Simulation
from advisor.risk.worlds import Worlds
from advisor.scenario import role_of

Array = NDArray[np.float64]

PAYBACK_LIMIT = 12.0


class Odds(NamedTuple):
    """P50 payback and probabilities over some of the draws; ``None`` is never within the horizon."""

    payback_p50: float | None
    positive_share: float | None
    within_limit_share: float | None


@dataclass(frozen=True)
class Risk:
    """Summary of the draws; a payback of ``None`` is never within the horizon, a cost of ``None`` unknown.

    ``npv`` and the shares are over both results of the quality gate, by their ``chance`` of passing; paybacks and
    ``if_passed`` are where it passes. With ``chances_in_ten`` the money is back within ``chance_months``; ``None``:
    within the horizon at all.
    The investment is over what only the future tells, with facts as they stand: from P50 to P80 is the reserve; with
    facts drawn as well P80 is ``investment_p80_with_facts``. [money]
    """

    sampling: Sampling
    npv: uncertainty.Summary
    cost_per_request: uncertainty.Summary | None
    chance: float
    payback_p10: float | None
    payback_p50: float | None
    payback_p90: float | None
    positive_share: float
    within_limit_share: float
    back_share: float
    investment_p10: float
    investment_p50: float
    investment_p80: float
    investment_p90: float
    investment_mean: float
    investment_p80_with_facts: float
    evpi: float
    chances_in_ten: int
    chance_months: float | None
    if_passed: Odds

    @property
    def standard_error(self) -> float:
        """Standard error of ``positive_share`` if draws were independent; that of Sobol points is less. [fraction]"""
        return float(np.sqrt(self.positive_share * (1 - self.positive_share) / self.sampling.count))


class Deciding(NamedTuple):
    """What of the draws the rules of the verdict look at beside the actions, as in :class:`Risk`. [money, months]"""

    investment_p50: float
    investment_p80: float
    payback_p50: float | None


def deciding(found: Simulation, a: Assumptions) -> Deciding:
    """The figures of the draws that decide about the case ``a``; those of :func:`risk_of`, without the others."""
    middle, high = np.percentile(investment_over_the_future(a, found), (50, 80)).tolist()
    return Deciding(middle, high, _months(uncertainty.quantile_with_never(found.payback, 0.5)))


def risk_of(found: Simulation, a: Assumptions | None = None) -> Risk:
    """Percentiles and probabilities of the draws; with the case ``a`` the investment over the future alone."""
    worlds, never = found.worlds, np.zeros(1, dtype=bool)
    p10, p50, p90 = (_months(uncertainty.quantile_with_never(found.payback, q)) for q in (0.1, 0.5, 0.9))
    chances, months = chance_of_payback(found)
    future = found.investment if a is None else investment_over_the_future(a, found)
    low, middle, high, highest = (float(cost) for cost in np.percentile(future, (10, 50, 80, 90)))
    in_time = found.payback <= PAYBACK_LIMIT
    return Risk(
        sampling=found.sampling,
        npv=summary_of(worlds),
        cost_per_request=_summary(found.cost_per_request),
        chance=worlds.chance,
        payback_p10=p10,
        payback_p50=p50,
        payback_p90=p90,
        positive_share=worlds.positive_share,
        within_limit_share=worlds.share(in_time, never),
        back_share=worlds.share(~np.isnan(found.payback), never),
        investment_p10=low,
        investment_p50=middle,
        investment_p80=high,
        investment_p90=highest,
        investment_mean=float(future.mean()),
        investment_p80_with_facts=float(np.percentile(found.investment, 80)),
        evpi=perfect_information(worlds),
        chances_in_ten=chances,
        chance_months=months,
        if_passed=Odds(p50, float(np.mean(worlds.passed > 0)), float(np.mean(in_time))),
    )


def summary_of(worlds: Worlds) -> uncertainty.Summary:
    """Percentiles, mean and chance of a gain over both results of the gate. [money, fraction]"""
    p10, p50, p90 = worlds.quantiles(0.1, 0.5, 0.9)
    return uncertainty.Summary(p10, p50, p90, worlds.mean, worlds.positive_share)


def perfect_information(worlds: Worlds) -> float:
    """What knowing every number and the gate before deciding would be worth, the most any study can be. [money]"""
    best = worlds._replace(passed=np.maximum(worlds.passed, 0.0), failed=np.maximum(worlds.failed, 0.0))
    return best.mean - max(worlds.mean, 0.0)


def investment_over_the_future(a: Assumptions, found: Simulation) -> Array:
    """What is paid once in every draw, with only those numbers drawn that nobody can know yet. [money]"""
    future = {name: column for name, column in found.columns.items() if role_of(name) == "future"}
    paid = total(project_items(a.replaced(future)))
    return np.broadcast_to(np.asarray(0.0 if paid is None else paid, dtype=float), found.investment.shape)


def share_below(found: Simulation, npv: float) -> float:
    """Share of the draws in which tuning works and is worth less than the case as it stands.

    The case as it stands is a function of medians, which need not be the middle.
    """
    return float(np.mean(found.npv_if_passed < npv))


def _summary(values: Array) -> uncertainty.Summary | None:
    """Five figures of a column; ``None`` where nothing is served and so nothing costs anything."""
    return uncertainty.summarise(values) if np.isfinite(values).all() else None


def _months(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


CHANCES = (9, 8, 7, 6, 5)


def chance_of_payback(found: Simulation) -> tuple[int, float | None]:
    """Chances in ten, and within how many months the money is back with them; ``None``: within the horizon at all."""
    works = found.worlds.chance
    for chances in CHANCES:
        if chances / 10 <= works:
            months = _months(uncertainty.quantile_with_never(found.payback, chances / 10 / works))
            if months is not None:
                return chances, months
    return round(10 * works * float(np.mean(~np.isnan(found.payback)))), None


@dataclass(frozen=True)
class Information:
    """Value of knowing one number: its share of the variation of the NPV, and its EVPPI [money]."""

    id: str
    variance_share: float
    worth: float


def information(found: Simulation) -> tuple[Information, ...]:
    """Every drawn number and the gate, in order of the value of knowing it."""
    worlds, names = found.worlds, list(found.columns)
    gate = _of_the_gate(worlds) if 0 < worlds.chance < 1 else None
    inside = 1.0 if gate is None else 1 - gate.variance_share
    expected = found.chance * worlds.passed + (1 - found.chance) * worlds.failed
    ranked = [] if gate is None else [gate]
    if names:
        inputs = [found.columns[name] for name in names]
        shares = inside * uncertainty.variance_shares(np.stack(inputs, axis=-1), expected)
        options = np.column_stack([np.zeros_like(expected), expected])
        ranked += [
            Information(name, float(share), value_of_facts(values[:, np.newaxis], options).counted)
            for name, values, share in zip(names, inputs, shares, strict=True)
        ]
    return tuple(sorted(ranked, key=lambda each: (-each.worth, -each.variance_share)))


def _of_the_gate(worlds: Worlds) -> Information:
    """Whether the gate passes: its part of the variance is that between the means of its two results."""
    p, good, bad = worlds.chance, float(worlds.passed.mean()), float(worlds.failed.mean())
    between = p * (1 - p) * (good - bad) ** 2
    within = p * float(worlds.passed.var()) + (1 - p) * float(worlds.failed.var())
    share = between / (between + within) if between + within else 0.0
    return Information(GATE, share, float(uncertainty.evpi_discrete((p, 1 - p), (good, bad))[2]))
