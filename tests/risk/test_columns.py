"""Every number has a column of draws for good: the record only grows, and a new question moves no other."""

from dataclasses import replace
from datetime import date
from hashlib import sha256
from types import MappingProxyType

import numpy as np
import pytest

from advisor.assumptions import resolve
from advisor.catalog.loader import load_catalog
from advisor.core.records import Assumption, Assumptions, Unpriced
from advisor.decision.advice import preset_scenario, sampling
from advisor.money.assessment import assess
from advisor.money.cash_flows import HORIZON, evaluate
from advisor.risk import simulation, summary
from advisor.scenario import QUESTIONS, Question

ON = date(2026, 11, 28)


def recorded() -> list[str]:
    return [line for line in simulation.COLUMNS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def test_every_number_is_recorded_once():
    numeric = {q.id for q in QUESTIONS.values() if q.is_number}
    drawn = numeric - {HORIZON} - simulation.WITHOUT_MONEY
    assert sorted(drawn - {*recorded()}) == [], "append these to data/draws/columns.txt"
    assert len(recorded()) == len({*recorded()})


def test_the_first_87_stay_where_they_are():
    """Their order decides every draw: the figures of each preset would move with it."""
    digest = sha256("\n".join(recorded()[:87]).encode()).hexdigest()
    assert digest == "43195ceca022d87391f2c1b0bd9c94179198d509a7da63a78928800de5ee649f"


def with_a_new_question(a: Assumptions) -> Assumptions:
    """The same case with one more number that is drawn and that nothing is multiplied by."""
    row = Assumption("a_new_cost", 0.0, "money", "judgement", None, low=0.0, high=10.0)
    return replace(a, rows={"a_new_cost": row, **a.rows})


@pytest.mark.parametrize("preset", sorted(load_catalog().presets))
def test_a_new_question_of_value_zero_moves_no_figure(preset: str, monkeypatch: pytest.MonkeyPatch):
    """Every draw of every number, and every figure told of them; the new number is drawn as well."""
    catalog = load_catalog()
    a = assess(resolve(preset_scenario(preset, catalog), catalog, ON), ()).assumptions
    how = sampling(catalog)
    if isinstance(evaluate(a), Unpriced):
        pytest.skip("no money, no draws")
    before, told = simulation.columns(a, how), summary.risk_of(simulation.simulate(simulation.draw(a, how)), a)
    new = Question("a_new_cost", "money", "money", 0.0, 1e9, False, ())
    monkeypatch.setattr(simulation, "QUESTIONS", MappingProxyType({"a_new_cost": new, **QUESTIONS}))
    monkeypatch.setattr(simulation, "DIMENSIONS", simulation._dimensions())
    simulation._column.cache_clear()
    simulation._correlated.cache_clear()
    more = with_a_new_question(a)
    after = simulation.columns(more, how)
    assert after.keys() - before.keys() == {"a_new_cost"}
    assert all(np.array_equal(after[name], before[name]) for name in before)
    assert summary.risk_of(simulation.simulate(simulation.draw(more, how)), more) == told
