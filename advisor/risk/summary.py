"""What the draws say: percentiles and probabilities, the value of information, and what a pilot is worth."""

from collections.abc import Callable, Sequence
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

    With ``chances_in_ten`` the money is back within ``chance_months``; ``None``: within the horizon at all.
    ``if_passed`` is over the draws in which the tuned model passes the gate. ``trial_worth`` is the value of a pilot
    that is never wrong [money], ``trial_pays_from`` the least reliability at which a pilot is worth its cost
    [fraction]; ``None`` where the result of the gate is known, or no pilot is worth it.
    ``investment_p50`` and ``investment_p80`` are over what only the future tells, with facts as they stand: from one to
    the other is the reserve; with facts drawn as well the second is ``investment_p80_with_facts``. [money]
    """

    sampling: Sampling
    npv: uncertainty.Summary
    cost_per_request: uncertainty.Summary | None
    payback_p10: float | None
    payback_p50: float | None
    payback_p90: float | None
    positive_share: float
    within_limit_share: float
    back_share: float
    investment_p50: float
    investment_p80: float
    investment_p80_with_facts: float
    evpi: float
    chances_in_ten: int
    chance_months: float | None
    if_passed: "Odds | None"
    trial_worth: float | None = None
    trial_pays_from: float | None = None

    @property
    def standard_error(self) -> float:
        """Standard error of ``positive_share`` if draws were independent; that of Sobol points is less. [fraction]"""
        return float(np.sqrt(self.positive_share * (1 - self.positive_share) / self.sampling.count))


def risk_of(found: Simulation, a: Assumptions | None = None) -> Risk:
    """Percentiles and probabilities of the draws; with the case ``a`` also the value of a pilot."""
    sure = None if a is None or pilot(a, found) is None else float(_trial(a, found)(1.0).evsi)
    p10, p50, p90 = (_months(uncertainty.quantile_with_never(found.payback, q)) for q in (0.1, 0.5, 0.9))
    chances, months = chance_of_payback(found)
    future = found.investment if a is None else investment_over_the_future(a, found)
    p50_cost, p80_cost = np.percentile(future, (50, 80))
    return Risk(
        sampling=found.sampling,
        npv=uncertainty.summarise(found.npv),
        cost_per_request=_summary(found.cost_per_request),
        payback_p10=p10,
        payback_p50=p50,
        payback_p90=p90,
        positive_share=float(np.mean(found.npv > 0)),
        within_limit_share=float(np.mean(found.payback <= PAYBACK_LIMIT)),
        back_share=float(np.mean(~np.isnan(found.payback))),
        investment_p50=float(p50_cost),
        investment_p80=float(p80_cost),
        investment_p80_with_facts=float(np.percentile(found.investment, 80)),
        evpi=float(uncertainty.evpi(found.npv)),
        chances_in_ten=chances,
        chance_months=months,
        if_passed=_odds(found.payback[found.passes], found.npv[found.passes]) if found.passes.any() else None,
        trial_worth=sure,
        trial_pays_from=None if a is None or sure is None else pilot_pays_from(a, found),
    )


def investment_over_the_future(a: Assumptions, found: Simulation) -> Array:
    """What is paid once in every draw, with only those numbers drawn that nobody can know yet. [money]"""
    future = {name: column for name, column in found.columns.items() if role_of(name) == "future"}
    paid = total(project_items(a.replaced(future)))
    return np.broadcast_to(np.asarray(0.0 if paid is None else paid, dtype=float), found.npv.shape)


def share_below(found: Simulation, npv: float) -> float:
    """Share of the draws that are worth less than the case as it stands, a function of medians and not the median."""
    return float(np.mean(found.npv < npv))


def _odds(payback: Array, npv: Array) -> Odds:
    middle = _months(uncertainty.quantile_with_never(payback, 0.5))
    return Odds(middle, float(np.mean(npv > 0)), float(np.mean(payback <= PAYBACK_LIMIT)))


def _summary(values: Array) -> uncertainty.Summary | None:
    """Five figures of a column; ``None`` where nothing is served and so nothing costs anything."""
    return uncertainty.summarise(values) if np.isfinite(values).all() else None


def _months(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


CHANCES = (9, 8, 7, 6, 5)


def chance_of_payback(found: Simulation) -> tuple[int, float | None]:
    """Chances in ten, and within how many months the money is back with them; ``None``: within the horizon at all."""
    for chances in CHANCES:
        months = _months(uncertainty.quantile_with_never(found.payback, chances / 10))
        if months is not None:
            return chances, months
    return round(10 * float(np.mean(~np.isnan(found.payback)))), None


@dataclass(frozen=True)
class Information:
    """Value of knowing one number: its share of the variation of the NPV, and its EVPPI [money]."""

    id: str
    variance_share: float
    worth: float


def information(found: Simulation) -> tuple[Information, ...]:
    """Every drawn number and the gate, in order of the value of knowing it."""
    names: Sequence[str] = tuple(found.columns)
    inputs = [found.columns[name] for name in names]
    if found.passes.any() and not found.passes.all():
        names, inputs = (*names, GATE), [*inputs, found.passes.astype(float)]
    if not names:
        return ()
    shares = uncertainty.variance_shares(np.stack(inputs, axis=-1), found.npv)
    worth = [_worth(name, values, found) for name, values in zip(names, inputs, strict=True)]
    ranked = [Information(n, float(s), float(w)) for n, s, w in zip(names, shares, worth, strict=True)]
    return tuple(sorted(ranked, key=lambda each: (-each.worth, -each.variance_share)))


def _worth(name: str, values: Array, found: Simulation) -> float:
    if name != GATE:
        options = np.column_stack([np.zeros_like(values), found.expected_npv])
        return value_of_facts(values[:, np.newaxis], options).counted
    good, bad = float(found.npv[found.passes].mean()), float(found.npv[~found.passes].mean())
    p = float(found.passes.mean())
    return float(uncertainty.evpi_discrete((p, 1 - p), (good, bad))[2])


def pilot(a: Assumptions, found: Simulation) -> uncertainty.PilotValue | None:
    """Value of a pilot with the case's cost and reliability; ``None`` where its result is known or its cost unknown."""
    if found.passes.all() or not found.passes.any() or not a.knows("pilot_cost"):
        return None
    return _trial(a, found)(float(a.number("pilot_reliability")))


def pilot_pays_from(a: Assumptions, found: Simulation) -> float | None:
    """Reliability from which a pilot is worth its cost [fraction]; ``None`` where even a perfect one is not."""
    if pilot(a, found) is None:
        return None
    worth_at = _trial(a, found)
    turn = uncertainty.switching_value(lambda tells: float(worth_at(tells).net_value), 0.5, 1.0)
    return None if np.isnan(turn.value) else turn.value


def _trial(a: Assumptions, found: Simulation) -> Callable[[float], uncertainty.PilotValue]:
    """Value of a pilot as a function of its reliability."""
    good, bad = float(found.npv[found.passes].mean()), float(found.npv[~found.passes].mean())
    passing, cost = float(found.passes.mean()), float(a.number("pilot_cost"))
    return lambda tells: uncertainty.pilot_value(passing, good, bad, tells, tells, cost)
