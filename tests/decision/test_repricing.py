"""A kept case today: price by price what changed, and whether the verdict turns."""

import json
from dataclasses import replace

import pytest

from advisor.decision.repricing import frozen_headline, frozen_numbers, reprice
from tests.cases import DAY, advice, catalog, preset


def kept(name: str) -> tuple[dict, list]:
    found = advice(preset(name))
    told = frozen_headline(found), frozen_numbers(found.assessment.assumptions)
    return json.loads(json.dumps(told, allow_nan=False))


@pytest.mark.parametrize("name", ["extraction", "chat", "article-001"])
def test_nothing_changed_on_the_same_day(name: str) -> None:
    then, prices = kept(name)
    found = reprice(preset(name), then, prices, catalog(), DAY)
    assert (found.changes, found.steps, found.turns, found.payback_moved) == ((), (), False, False)
    assert json.loads(json.dumps(found.now)) == then


def test_a_price_that_rose_is_named_and_the_steps_lead_to_today() -> None:
    case = preset("extraction")
    cheap = case.with_(hourly_rate=1.0)
    then_advice = advice(cheap)
    prices = frozen_numbers(then_advice.assessment.assumptions)
    found = reprice(case, frozen_headline(then_advice), prices, catalog(), DAY)
    (change,) = found.changes
    assert change.then is not None
    assert change.now is not None
    assert (change.id, change.then.value) == ("hourly_rate", 1.0)
    assert change.now.value == advice(case).assessment.assumptions.number("hourly_rate")
    metrics = found.advice.assessment.metrics
    assert metrics is not None
    assert found.steps[-1].npv == pytest.approx(metrics.npv)
    before = then_advice.assessment.metrics
    assert before is not None
    assert found.steps[0].investment == pytest.approx(before.investment)


def test_a_verdict_that_turns_is_said() -> None:
    case = preset("extraction")
    poor = advice(case.with_(daily_requests=5))
    found = reprice(case, frozen_headline(poor), frozen_numbers(poor.assessment.assumptions), catalog(), DAY)
    assert found.turns
    assert found.payback_moved


def test_a_number_that_the_model_no_longer_uses_is_told() -> None:
    then, prices = kept("extraction")
    odd = [{**prices[0], "id": "gone_number"}, *prices[1:]]
    found = reprice(preset("extraction"), then, odd, catalog(), DAY)
    assert {(c.id, c.then is None, c.now is None) for c in found.changes} == {
        ("gone_number", False, True),
        (prices[0]["id"], True, False),
    }


def test_a_day_that_was_fixed_does_not_hold_the_old_prices() -> None:
    then, prices = kept("extraction")
    fixed = preset("extraction").with_(as_of=DAY.replace(year=DAY.year - 1))
    assert reprice(fixed, then, prices, catalog(), DAY).now["as_of"] == DAY.isoformat()


def test_money_that_is_unknown_is_not_a_payback_of_nothing() -> None:
    then, prices = kept("extraction")
    found = reprice(preset("extraction"), {**then, "payback": None}, prices, catalog(), DAY)
    assert found.payback_moved
    assert replace(found, now=found.then).payback_moved is False
