"""Small helpers of the engine tests: one catalog, one day, short calls."""

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
    return advise(case, catalog(), DAY)


def plain(**changes: object) -> Scenario:
    """Article 001's conventions with nothing in them: what is not named costs nothing and does not move."""
    return preset("article-001", preset=None, data_preparation_hours=0, training_runs=0, budget=1e9, **changes)
