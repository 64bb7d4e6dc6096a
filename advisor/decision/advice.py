"""One call from answers to advice; pages, report and command line all make it."""

from dataclasses import dataclass
from datetime import date

from advisor.assumptions import resolve
from advisor.catalog.loader import Catalog
from advisor.core.records import Assessment, Recommendation
from advisor.decision.bridge import Step, walk
from advisor.decision.facts import facts_of
from advisor.decision.rules import recommend
from advisor.money.assessment import assess
from advisor.risk.actions import ActionTable, actions
from advisor.risk.headline import Headline, headline_of
from advisor.risk.simulation import LIVE_DRAWS, SEED, Correlation, Sampling, Simulation, simulate
from advisor.risk.summary import Risk, risk_of
from advisor.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Advice:
    """Everything a renderer shows of one case; all that is drawn is ``None`` where money is unknown.

    Compared by identity, so that slow analyses of it can be cached with it.
    """

    scenario: Scenario
    assessment: Assessment
    recommendation: Recommendation
    risk: Risk | None = None
    simulation: Simulation | None = None
    actions: ActionTable | None = None
    headline: Headline | None = None


def advise(scenario: Scenario, catalog: Catalog, on: date) -> Advice:
    """Assess, draw and decide on the day ``on``. Raises :class:`InputError` for unusable answers."""
    limits = tuple(band.below_months for band in catalog.rules.bands)
    assessment = assess(resolve(scenario, catalog, on), limits)
    metrics = assessment.metrics
    if metrics is None:
        return Advice(scenario, assessment, recommend(facts_of(assessment, None, None), catalog.rules))
    a = assessment.assumptions
    found = simulate(a, sampling(catalog))
    risk = risk_of(found, a)
    table = actions(a, found, risk.investment_p50)
    said = recommend(facts_of(assessment, risk, table), catalog.rules)
    return Advice(scenario, assessment, said, risk, found, table, headline_of(found, risk, a, metrics))


def verdict_of(scenario: Scenario, catalog: Catalog, on: date, draws: int = LIVE_DRAWS) -> str:
    """The verdict alone, without what only explains it; fewer ``draws`` only look for one."""
    assessment = assess(resolve(scenario, catalog, on), (), explained=False)
    risk = table = None
    if assessment.economics is not None:
        a = assessment.assumptions
        found = simulate(a, sampling(catalog, draws), by_month=False)
        risk = risk_of(found, a)
        table = actions(a, found, risk.investment_p50)
    return recommend(facts_of(assessment, risk, table), catalog.rules).verdict


def sampling(catalog: Catalog, count: int = LIVE_DRAWS, seed: int = SEED) -> Sampling:
    """How the catalog's numbers are drawn. A verdict that is shown rests on as many draws everywhere."""
    tied = tuple(Correlation(c.first, c.second, c.value) for c in catalog.rules.correlations)
    return Sampling(count, seed, tied)


def preset_scenario(preset_id: str, catalog: Catalog) -> Scenario:
    """The answers of a preset. Raises :class:`~advisor.core.notices.UnknownId`."""
    return Scenario.from_answers({**catalog.preset(preset_id).answers, "preset": preset_id})


def walk_from_compared(scenario: Scenario, catalog: Catalog, on: date) -> tuple[Step, ...]:
    """Steps from the preset this case names as its comparison to the case itself; empty without one."""
    preset = catalog.presets.get(scenario.preset or "")
    if preset is None or preset.compare_with is None:
        return ()
    return walk(preset_scenario(preset.compare_with, catalog), scenario, catalog, on)
