"""One call from answers to advice; pages, report and command line all make it."""

import json
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from advisor.assumptions import resolve
from advisor.catalog.catalog import Catalog
from advisor.catalog.hosted_names import in_a_sentence
from advisor.catalog.own_hosted import remembered
from advisor.core.records import Assessment, Assumptions, Recommendation
from advisor.decision.bridge import Step, walk
from advisor.decision.facts import facts_of
from advisor.decision.rules import DECIDED_BY_MONEY, recommend
from advisor.money.assessment import assess
from advisor.risk.actions import ActionTable, actions
from advisor.risk.another_model import FirstTest, first_test
from advisor.risk.headline import Headline, headline_of
from advisor.risk.simulation import LIVE_DRAWS, SEED, Correlation, Drawn, Sampling, Simulation, draw, simulate
from advisor.risk.summary import Risk, deciding, risk_of
from advisor.scenario import Scenario

REMEMBERED = 16
"""Advices that are remembered, and with each what takes longest of it: a report asks for it in every language."""


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
    first_test: FirstTest | None = None


class Judgement(NamedTuple):
    """What is decided of resolved numbers, and the draws it rests on; those are ``None`` where money is unknown.

    ``risk`` is ``None`` as well where only a verdict was asked for.
    """

    assessment: Assessment
    recommendation: Recommendation
    risk: Risk | None = None
    drawn: Drawn | None = None
    simulation: Simulation | None = None
    actions: ActionTable | None = None


@dataclass(frozen=True)
class _Asked:
    """All that an advice follows from, compared by the answers; a catalog by identity, as it is loaded once."""

    answers: str
    catalog: Catalog
    on: date
    scenario: Scenario = field(compare=False)


def advise(scenario: Scenario, catalog: Catalog, on: date) -> Advice:
    """Assess, draw and decide on the day ``on``; who asks the same again gets the same advice.

    Raises :class:`InputError` for unusable answers.
    """
    return _advised(_Asked(json.dumps(scenario.answers()), catalog, on, scenario))


@remembered(REMEMBERED)
def _advised(asked: _Asked) -> Advice:
    scenario, catalog = asked.scenario, asked.catalog
    found = judged(resolve(scenario, catalog, asked.on), catalog, explained=True)
    a, metrics, results, risk = found.assessment.assumptions, found.assessment.metrics, found.simulation, found.risk
    if metrics is None or found.drawn is None or results is None or risk is None or found.actions is None:
        return Advice(scenario, found.assessment, found.recommendation)
    by_money = found.recommendation.rule in DECIDED_BY_MONEY
    test = first_test(a, found.drawn, results, found.actions) if by_money else None
    if test is not None:
        open_weights = test.option == "open_model"
        named = catalog.model(test.model).name if open_weights else in_a_sentence(test.model, asked.on)
        test = replace(test, model=named)
    headline = headline_of(results, risk, a, metrics)
    return Advice(scenario, found.assessment, found.recommendation, risk, results, found.actions, headline, test)


def judged(a: Assumptions, catalog: Catalog, draws: int = LIVE_DRAWS, *, explained: bool = False) -> Judgement:
    """Assess, draw and decide on resolved numbers; ``draws`` is a power of two.

    Unless ``explained``, what only explains a verdict is left out.
    """
    bands = tuple(band.below_months for band in catalog.rules.bands) if explained else ()
    assessment = assess(a, bands, explained=explained)
    if assessment.economics is None:
        return Judgement(assessment, recommend(facts_of(assessment, None, None), catalog.rules))
    a = assessment.assumptions
    drawn = draw(a, sampling(catalog, draws))
    found = simulate(drawn, explained=explained)
    told = risk_of(found, a) if explained else deciding(found, a)
    others = tuple(name for name in assessment.proven if name != a.baseline)
    limits = catalog.rules.limits
    how = {"nearly_same": limits.nearly_same_share, "wait_months": limits.wait_months}
    table = actions(a, drawn, found, others, told.investment_p50, **how)
    said = recommend(facts_of(assessment, told, table), catalog.rules)
    return Judgement(assessment, said, told if isinstance(told, Risk) else None, drawn, found, table)


def verdict_of(scenario: Scenario, catalog: Catalog, on: date) -> str:
    """The verdict alone, without what only explains it."""
    return judged(resolve(scenario, catalog, on), catalog).recommendation.verdict


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
