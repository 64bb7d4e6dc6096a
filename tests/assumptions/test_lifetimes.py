"""A model that retires before the horizon ends is not suggested."""

from datetime import date, timedelta

from advisor.assumptions import resolve
from advisor.assumptions.batch import resolve_many
from advisor.catalog.hosted_prices import hosted_models
from advisor.core.records import Assumptions
from advisor.formulas.constants import DAYS_PER_MEAN_MONTH
from advisor.scenario import Scenario
from tests.cases import catalog

ON = date(2026, 11, 28)
BASE = {"daily_requests": 20_000, "quality_need": "normal", "budget": 20_000}


def cheaper(a: Assumptions) -> str | None:
    return a.choice("cheaper_model") if a.knows("cheaper_model") else None


def case(**answers: object) -> Scenario:
    return Scenario.from_answers({**BASE, **answers})


def test_no_suggested_model_retires_before_the_horizon_ends() -> None:
    last, told = ON + timedelta(days=24 * DAYS_PER_MEAN_MONTH), 0
    for model in hosted_models(ON):
        found = cheaper(resolve(case(current_model=model, horizon_months=24), catalog(), ON))
        if found is not None:
            end = catalog().lifetimes.get(found)
            assert end is None or not end.retires.reached(last), (model, found)
            told += 1
    assert told > 20


def test_over_a_month_a_model_of_that_month_is_suggested() -> None:
    """gpt-4.1-mini retires on 2027-01-14: within two years, after one month."""
    answers = {"current_model": "openai/gpt-6.1-terra"}
    month, years = (resolve(case(**answers, horizon_months=n), catalog(), ON) for n in (1, 24))
    assert cheaper(month) == "openai/gpt-4.1-mini"
    assert cheaper(years) not in (None, "openai/gpt-4.1-mini")


def test_many_cases_together_are_told_each_by_its_own_horizon() -> None:
    cases = [case(current_model="openai/gpt-6.1-terra", horizon_months=n) for n in (1, 24, 2, 36)]
    for scenario, found in zip(cases, resolve_many(cases, catalog(), ON), strict=True):
        assert not isinstance(found, Exception)
        assert cheaper(found.like) == cheaper(resolve(scenario, catalog(), ON))
