"""Small helpers of the engine tests: one catalog, one day, short calls, and what takes long made once a process."""

from datetime import date
from functools import cache

from advisor.catalog.loader import Catalog, load_catalog
from advisor.decision.advice import Advice, advise, preset_scenario
from advisor.scenario import Scenario

DAY = date(2026, 11, 20)


@cache
def catalog() -> Catalog:
    return load_catalog()


def preset(name: str, **changes: object) -> Scenario:
    return preset_scenario(name, catalog()).with_(**changes)


def advice(case: Scenario) -> Advice:
    """Advice on a case; that on a preset as it stands is one object, and what is remembered with it is found again."""
    if case.preset and case == preset(case.preset):
        return _preset_advice(case.preset)
    return advise(case, catalog(), DAY)


@cache
def _preset_advice(name: str) -> Advice:
    return advise(preset(name), catalog(), DAY)


def plain(**changes: object) -> Scenario:
    """Article 001's conventions with nothing in them: what is not named costs nothing and does not move."""
    return preset("article-001", preset=None, data_preparation_hours=0, training_runs=0, budget=1e9, **changes)
