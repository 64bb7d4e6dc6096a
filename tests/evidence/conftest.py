"""The catalog, and the advice on every preset."""

from datetime import date

import pytest

from advisor.catalog.catalog import Catalog
from advisor.catalog.loader import load_catalog
from advisor.decision.advice import Advice, advise, preset_scenario

ON = date(2026, 11, 20)
CATALOG = load_catalog()
PRESETS = tuple(CATALOG.presets)


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return CATALOG


@pytest.fixture(scope="session")
def advices() -> dict[str, Advice]:
    return {name: advise(preset_scenario(name, CATALOG), CATALOG, ON) for name in PRESETS}


@pytest.fixture(params=PRESETS)
def advice(request: pytest.FixtureRequest, advices: dict[str, Advice]) -> Advice:
    return advices[request.param]
