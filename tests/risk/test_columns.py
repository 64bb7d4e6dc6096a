"""Every number has a column of draws for good: the record only grows, and a new question moves no other."""

from datetime import date
from types import MappingProxyType

import pytest

from advisor.assumptions import resolve
from advisor.catalog.loader import load_catalog
from advisor.decision.advice import preset_scenario, sampling
from advisor.money.assessment import assess
from advisor.risk import simulation
from advisor.scenario import QUESTIONS, Question

ON = date(2026, 11, 28)


def recorded() -> list[str]:
    return [line for line in simulation.COLUMNS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def test_every_number_is_recorded_once():
    numeric = {q.id for q in QUESTIONS.values() if q.is_number}
    drawn = numeric - simulation.STRUCTURAL - simulation.WITHOUT_MONEY
    assert sorted(drawn - {*recorded()}) == [], "append these to data/draws/columns.txt"
    assert len(recorded()) == len({*recorded()})


def test_the_first_87_stay_where_they_are():
    """Their order decides every draw: the figures of each preset would move with it."""
    places = {name: k for k, name in enumerate(recorded())}
    ends = (places["gate"], places["daily_requests"], places["hours_per_month"])
    assert ends == (0, 1, 86)
    assert sum((k + 1) * sum(map(ord, name)) for k, name in enumerate(recorded()[:87])) == 6806115


@pytest.mark.parametrize("preset", sorted(load_catalog().presets))
def test_a_new_question_of_value_zero_moves_no_figure(preset: str, monkeypatch: pytest.MonkeyPatch):
    catalog = load_catalog()
    found = assess(resolve(preset_scenario(preset, catalog), catalog, ON), ())
    if found.economics is None:
        pytest.skip("no money, no draws")
    before = simulation.risk_of(simulation.simulate(found.assumptions, sampling(catalog)), found.assumptions)
    new = Question("a_new_cost", "money", "money", 0.0, 1e9, False, ())
    monkeypatch.setattr(simulation, "QUESTIONS", MappingProxyType({"a_new_cost": new, **QUESTIONS}))
    monkeypatch.setattr(simulation, "DIMENSIONS", simulation._dimensions())
    simulation._column.cache_clear()
    simulation._correlated.cache_clear()
    after = simulation.risk_of(simulation.simulate(found.assumptions, sampling(catalog)), found.assumptions)
    assert simulation.DIMENSIONS["a_new_cost"] == len(recorded())
    assert (after.positive_share, after.npv) == (before.positive_share, before.npv)
