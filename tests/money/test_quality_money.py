"""Cost of a good answer, of a bad one, of readers and of attempts that fail."""

import pytest

from advisor.assumptions import resolve
from advisor.costs.second_use import second_use
from advisor.money.cash_flows import call_cost
from advisor.options import keep_as_is, tune
from tests.cases import DAY, advice, catalog, preset


def metrics(**changes: object):
    found = advice(preset("customer-service", **changes)).assessment.metrics
    assert found is not None
    return found


def test_a_good_answer_costs_a_request_over_the_share_of_good_ones() -> None:
    found = metrics(success_share=0.8)
    assert found.current_cost_per_success == pytest.approx((found.current_cost_per_request or 0) / 0.8)


def test_failed_attempts_are_paid_again_up_to_twice() -> None:
    none, some = (
        float(call_cost(resolve(preset("chat", retry_share=share), catalog(), DAY)) or 0) for share in (0, 0.1)
    )
    assert some == pytest.approx(none * (1 + 0.1 + 0.01))


def test_without_a_price_of_an_error_quality_is_not_put_into_money() -> None:
    assert metrics(quality_difference=-0.1).npv == metrics(quality_difference=0.1).npv


def test_with_one_a_worse_model_costs_what_its_errors_cost() -> None:
    """A hundred requests a day, five points worse, two dollars an error, nothing handed over."""
    plain = {"daily_requests": 100, "days_per_month": 30, "fallback_share": 0, "cost_per_failure": 2}
    worse, same = metrics(**plain, quality_difference=-0.05), metrics(**plain, quality_difference=0)
    assert same.monthly_savings - worse.monthly_savings == pytest.approx(100 * 30 * 0.05 * 2)


def test_what_is_handed_over_is_as_good_as_today() -> None:
    a = resolve(
        preset("customer-service", success_share=0.9, quality_difference=-0.1, fallback_share=0.25), catalog(), DAY
    )
    assert tune.success(a) == pytest.approx(0.75 * 0.8 + 0.25 * 0.9)


def test_readers_cost_their_time_and_fewer_of_them_less() -> None:
    read = {"daily_requests": 1000, "days_per_month": 30, "review_share": 0.1, "review_minutes": 3, "hourly_rate": 40}
    same, fewer = metrics(**read), metrics(**read, tuned_review_share=0.05)
    assert fewer.monthly_savings - same.monthly_savings == pytest.approx(1000 * 30 * 0.05 * 3 / 60 * 40)


def test_a_measured_price_holds_its_failures_already() -> None:
    a = resolve(preset("article-001"), catalog(), DAY)
    assert [item.id for item in keep_as_is.line_items(a)] == ["current_request"]


def test_a_second_use_costs_less_than_the_first() -> None:
    found = second_use(resolve(preset("extraction"), catalog(), DAY), catalog())
    assert found is not None
    assert found.shares_machines
    assert found.one_time < found.first_one_time
    assert found.monthly < found.first_monthly


def test_a_second_use_by_the_token_is_watched_less_and_served_alike() -> None:
    case = preset("extraction", serving_route="hosted", tuned_input_price=0.2, tuned_output_price=0.8, hourly_rate=0)
    found = second_use(resolve(case, catalog(), DAY), catalog())
    assert found is not None
    assert found.monthly + 1e-9 >= 0
    assert (found.shares_machines, found.monthly) == (False, pytest.approx(found.first_monthly))
