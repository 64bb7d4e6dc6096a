"""A kept case as it was: every frozen figure comes out again, or nothing is said to be as it was."""

import json
from datetime import timedelta

import pytest

from advisor.decision.advice import advise
from advisor.decision.as_kept import as_kept
from advisor.decision.comparison import compare
from advisor.decision.repricing import frozen_headline, frozen_numbers
from advisor.scenario import Scenario
from tests.cases import DAY, catalog, preset

BEFORE = DAY - timedelta(days=120)
TERRA = "openai/gpt-6.1-terra"


def kept(case: Scenario, day=BEFORE) -> tuple[dict, list]:
    found = advise(case, catalog(), day)
    told = frozen_headline(found), frozen_numbers(found.assessment.assumptions)
    return json.loads(json.dumps(told, allow_nan=False))


@pytest.mark.parametrize("name", sorted(catalog().presets))
def test_at_the_prices_of_its_day_every_case_gives_what_was_frozen(name: str) -> None:
    case = preset(name)
    then, numbers = kept(case)
    found = as_kept(case, then, numbers, catalog(), BEFORE)
    assert found.case is not None
    assert found.moved == ()
    assert json.loads(json.dumps(frozen_headline(advise(found.case, catalog(), DAY)))) == then


def test_a_price_that_the_book_no_longer_has_is_put_back() -> None:
    """As where a list price was corrected, or a price of one's own taken out, after the case was kept."""
    case = preset("extraction", current_model=TERRA)
    then, numbers = kept(case.with_(current_output_price=40.0))
    found = as_kept(case, then, numbers, catalog(), BEFORE)
    assert found.case is not None
    assert found.moved == ("current_output_price",)
    assert found.case.current_output_price == 40.0
    assert json.loads(json.dumps(frozen_headline(advise(found.case, catalog(), DAY)))) == then


def test_the_bridge_from_a_case_as_it_was_to_today_adds_up_to_the_cent() -> None:
    case = preset("extraction", current_model=TERRA)
    then, numbers = kept(case.with_(current_output_price=40.0))
    found = as_kept(case, then, numbers, catalog(), BEFORE)
    assert found.case is not None
    compared = compare([case, found.case], catalog(), DAY)
    (bridge,) = compared.bridges
    assert bridge.end == pytest.approx(then["npv"]["as_entered"], abs=0.005)
    assert bridge.start + sum(change.amount for change in bridge.changes) == pytest.approx(bridge.end, abs=0.005)
    assert {name for change in bridge.changes for name in change.ids} >= {"current_output_price"}


def test_a_default_with_another_range_gives_other_draws_and_is_not_said_to_be_as_it_was() -> None:
    case = preset("extraction")
    then, numbers = kept(case)
    row = next(row for row in numbers if row["id"] == "serving_gpu_price")
    row["value"] = row["value"] * 2
    found = as_kept(case, then, numbers, catalog(), BEFORE)
    assert found.case is None
    assert found.moved == ("serving_gpu_price",)


def test_a_model_that_reckons_otherwise_is_not_said_to_be_as_it_was() -> None:
    case = preset("extraction")
    then, numbers = kept(case)
    found = as_kept(
        case, {**then, "npv": {**then["npv"], "mean": then["npv"]["mean"] * 1.001}}, numbers, catalog(), BEFORE
    )
    assert found == type(found)(None, ())


def test_an_old_price_that_may_not_be_answered_is_no_fault() -> None:
    case = preset("extraction", current_model=TERRA)
    then, numbers = kept(case)
    next(row for row in numbers if row["id"] == "current_output_price")["value"] = -1.0
    found = as_kept(case, then, numbers, catalog(), BEFORE)
    assert (found.case, found.moved) == (None, ("current_output_price",))


def test_a_case_without_known_money_is_as_it_was() -> None:
    case = preset("extraction", serving_route="own_figure", tuned_cost_per_request=None)
    then, numbers = kept(case)
    assert then["npv"] is None
    assert as_kept(case, then, numbers, catalog(), BEFORE).case is not None
