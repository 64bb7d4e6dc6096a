"""No model is suggested or counted past the end of its life without a word."""

from datetime import date

import pytest

from advisor.assumptions import resolve
from advisor.assumptions.batch import resolve_many
from advisor.catalog.hosted_prices import hosted_models
from advisor.core.records import Assumptions
from advisor.money.baseline import standings
from advisor.scenario import Scenario
from tests.cases import catalog

ON = date(2026, 11, 28)
BASE = {"daily_requests": 20_000, "quality_need": "normal", "budget": 20_000}


def cheaper(a: Assumptions) -> str | None:
    return a.choice("cheaper_model") if a.knows("cheaper_model") else None


def case(**answers: object) -> Scenario:
    return Scenario.from_answers({**BASE, **answers})


@pytest.mark.parametrize("months", [1, 24])
def test_no_end_of_a_suggested_model_is_announced(months: int) -> None:
    """Also where it comes after the horizon: nobody pays for a move twice."""
    told = 0
    for model in hosted_models(ON):
        found = cheaper(resolve(case(current_model=model, horizon_months=months), catalog(), ON))
        if found is not None:
            assert found not in catalog().lifetimes, (model, found)
            told += 1
    assert told > 20


def test_the_suggested_model_is_priced_as_announced_for_the_horizon() -> None:
    """gemini-3.8-flash doubles on 2027-01-01, after one month and within two years."""
    answers = {"current_model": "google/gemini-3.5-flash"}
    month, years = (resolve(case(**answers, horizon_months=n), catalog(), ON) for n in (1, 24))
    assert cheaper(month) == "google/gemini-3.8-flash"
    assert cheaper(years) == "google/gemini-2.5-flash-lite"


def test_many_cases_together_are_told_each_by_its_own_horizon() -> None:
    cases = [case(current_model="google/gemini-3.5-flash", horizon_months=n) for n in (1, 24, 2, 36)]
    for scenario, found in zip(cases, resolve_many(cases, catalog(), ON), strict=True):
        assert not isinstance(found, Exception)
        assert cheaper(found.like) == cheaper(resolve(scenario, catalog(), ON))


def codes(a: Assumptions) -> dict[str, dict[str, object]]:
    return {notice.code: dict(notice.params) for notice in a.notices}


@pytest.mark.parametrize(("months", "told"), [(1, False), (24, True)])
def test_a_named_cheaper_model_that_ends_within_the_horizon_is_out(months: int, told: bool) -> None:
    """gpt-4.1-mini stops on 2027-01-14, though its answers have passed."""
    named = {"cheaper_model": "openai/gpt-4.1-mini", "cheaper_model_passes": "yes"}
    a = resolve(case(**named, current_model="openai/gpt-6.1-terra", horizon_months=months), catalog(), ON)
    found = {each.id: {reason.code for reason in each.reasons} for each in standings(a)}
    assert ("out_ends" in found["cheaper_model"]) == told
    assert ("cheaper_model_ends" in codes(a)) == told
    if told:
        assert codes(a)["cheaper_model_ends"] == {"model": "openai/gpt-4.1-mini", "date": date(2027, 1, 14)}


def test_a_tuned_model_ends_with_its_base() -> None:
    """gpt-4o stops on 2027-01-14, 47 days away: one whole month is counted, as with a vendor's service."""
    served = {"serving_route": "hosted", "tuned_model": "openai/ft:gpt-4o", "tuned_output_price": 15}
    a = resolve(case(**served), catalog(), ON)
    assert a.number("horizon_months") == 1
    assert codes(a)["tuned_model_ends"]["date"] == date(2027, 1, 14)
    kept = resolve(case(**{**served, "tuned_model": "openai/gpt-6-luna"}), catalog(), ON)
    assert kept.number("horizon_months") == 24


def test_todays_model_that_ends_is_told_loudly_where_it_ends_within_the_horizon() -> None:
    for months, severity in ((1, "info"), (24, "warning")):
        a = resolve(case(current_model="openai/gpt-4o", horizon_months=months), catalog(), ON)
        (notice,) = [n for n in a.notices if n.code == "current_model_ends"]
        assert notice.severity == severity


@pytest.mark.parametrize(
    "answers",
    [
        {"cheaper_model": "openai/gpt-4.1-mini", "cheaper_model_passes": "yes"},
        {"current_model": "openai/gpt-4o", "cheaper_model": "openai/gpt-6-luna"},
        {"serving_route": "hosted", "tuned_model": "openai/ft:gpt-4o"},
        {"managed_route": "openai/gpt-4o", "training_source": "managed", "serving_route": "hosted"},
    ],
)
def test_many_cases_together_end_each_at_its_own_time(answers: dict[str, object]) -> None:
    cases = [case(**answers, horizon_months=n) for n in (1, 2, 24, 36)]
    for scenario, found in zip(cases, resolve_many(cases, catalog(), ON), strict=True):
        assert not isinstance(found, Exception)
        alone = resolve(scenario, catalog(), ON)
        assert found.like.replaced(found.own).number("horizon_months") == alone.number("horizon_months")
        assert found.like.notices == alone.notices
