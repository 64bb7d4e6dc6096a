"""What training on a set takes: the same money as on every page."""

import pytest

from advisor.assumptions import resolve
from advisor.core.records import TODAY, Economics
from advisor.costs.set_costs import cleaning_saves
from advisor.money.baseline import with_baseline
from advisor.money.cash_flows import evaluate
from tests.cases import DAY, catalog, preset
from tests.datasets.made import chat, lines, measured


def test_tuning_over_the_horizon_costs_what_the_pages_of_money_say() -> None:
    """Requests that fall back pay the best alternative without tuning."""
    found = measured(lines(chat(f"What is {number} plus two?", "A number.") for number in range(20)))
    saves = cleaning_saves(found, preset("extraction"), catalog(), DAY)
    assert saves is not None
    assert found.truncation is not None
    answers = {"training_examples": float(found.examples), "example_tokens": max(found.truncation.mean, 16.0)}
    a, _ = with_baseline(resolve(preset("extraction", **answers), catalog(), DAY))
    money = evaluate(a)
    assert isinstance(money, Economics)
    assert a.baseline != TODAY
    whole = float(money.tuned.one_time_cost) + float(money.tuned.monthly_cost.sum())
    assert saves.before.horizon_money == pytest.approx(whole, rel=1e-6)
