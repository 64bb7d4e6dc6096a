"""Small helpers of the engine tests: one catalog, one day, short calls, and what takes long made once a process."""

from datetime import date
from functools import cache

from advisor.catalog.catalog import Catalog
from advisor.catalog.loader import load_catalog
from advisor.decision.advice import Advice, advise, preset_scenario
from advisor.engineering.validation.report import Validation, validate
from advisor.scenario import Scenario

DAY = date(2026, 11, 20)


@cache
def catalog() -> Catalog:
    return load_catalog()


@cache
def validated() -> Validation:
    """The estimates against every shipped measurement."""
    return validate(catalog())


@cache
def _as_it_stands(name: str) -> Scenario:
    return preset_scenario(name, catalog())


def preset(name: str, **changes: object) -> Scenario:
    return _as_it_stands(name).with_(**changes)


def advice(case: Scenario, on: date = DAY) -> Advice:
    """Advice on a case; that on a preset as it stands is one object, and what is remembered with it is found again."""
    if case.preset and case == _as_it_stands(case.preset):
        return _preset_advice(case.preset, on)
    return advise(case, catalog(), on)


@cache
def _preset_advice(name: str, on: date) -> Advice:
    return advise(_as_it_stands(name), catalog(), on)


def advised(case: Scenario, by: Catalog, on: date) -> Advice:
    """What stands in for ``advise`` behind a front end: on the one catalog, a preset is advised on once a process."""
    return advice(case, on) if by is catalog() else advise(case, by, on)


def plain(**changes: object) -> Scenario:
    """Article 001's conventions with nothing in them: what is not named costs nothing and does not move."""
    return preset("article-001", preset=None, data_preparation_hours=0, training_runs=0, budget=1e9, **changes)
