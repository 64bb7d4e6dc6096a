"""Money by hand: figures a finance person can recompute from the answers, where a sign or a division would hide."""

import numpy as np
import pytest

from advisor.assumptions import resolve
from advisor.core.records import LineItem
from advisor.money.cash_flows import Unpriced, timeline, untuned
from advisor.options import optimise_current, tune, tuned_serving
from advisor.options.declared import Demand
from advisor.options.registry import OPTIONS
from advisor.scenario import Scenario
from tests.cases import DAY, advice, catalog, plain, preset


def item(items: tuple[LineItem, ...], name: str) -> LineItem:
    return next(each for each in items if each.id == name)


def test_keeping_an_index_is_a_cost_of_every_month() -> None:
    """Retrieval with an index at 300 a month costs 300 a month more than with a free one, never less."""
    paid = {}
    for monthly in (0, 300):
        case = preset("customer-service", retrieval_monthly_cost=monthly, hosting_price_decline=0, currency="USD")
        a = resolve(case, catalog(), DAY)
        found = untuned(a, "retrieval", timeline(a))
        assert not isinstance(found, Unpriced)
        paid[monthly] = np.asarray(found.monthly_cost)
    assert paid[300] - paid[0] == pytest.approx(300)


def test_a_vendor_bills_the_tokens_of_every_pass_and_every_run() -> None:
    """2,000 examples of 500 tokens read 3 times are 3 Mtok a run; 2 runs at 8 a Mtok cost 6 x 8 = 48."""
    case = preset(
        "customer-service",
        training_source="managed",
        training_examples=2000,
        example_tokens=500,
        training_epochs=3,
        training_runs=2,
        managed_training_price=8,
    )
    billed = item(tune.project_items(resolve(case, catalog(), DAY)), "managed_training")
    assert (billed.quantity, billed.unit_price) == (pytest.approx(6), pytest.approx(8))
    assert float(billed.quantity) * float(billed.unit_price or 0) == pytest.approx(48)


@pytest.mark.parametrize(("trim", "hours", "paid"), [(0.3, 20, 20 * 60), (0, 0, 0)])
def test_optimising_is_paid_only_where_a_lever_applies(trim: float, hours: float, paid: float) -> None:
    """20 hours at 60 are 1,200 where a prompt can be cut; with nothing to gain nobody works an hour."""
    answers = {"input_tokens": 100, "trim_share": trim, "optimise_hours": 20, "hourly_rate": 60}
    a = resolve(preset("customer-service", **answers), catalog(), DAY)
    work = item(optimise_current.declare(a, Demand(np.ones(1))).once, "optimising")
    assert work.quantity == hours
    assert float(work.quantity) * float(work.unit_price or 0) == paid


def test_a_prompt_that_tuning_removes_is_not_billed() -> None:
    """Of 1,000 tokens 800 repeat and half of these go: 400 + 200 are left."""
    prompt = {"input_tokens": 1000, "static_prompt_share": 0.8, "prompt_removed_share": 0.5}
    prices = {"serving_route": "hosted", "tuned_input_price": 1, "tuned_output_price": 2}
    a = resolve(preset("customer-service", **prompt, **prices), catalog(), DAY)
    billed = item(tuned_serving.serving_items(a, np.ones(1)), "tuned_prompt")
    assert billed.quantity == pytest.approx(600 / 1e6)


REASONING = {"daily_requests": 50_000, "quality_need": "normal", "budget": 50_000, "input_tokens": 500}


def test_an_answer_of_the_tuned_model_has_its_own_length() -> None:
    """Today 3,000 tokens, 2,800 of them hidden: 500 x 1.25 + 3,000 x 10 a million are 0.030625; tuned 200 are left.

    What the tuned model costs is then what it costs where today's bill is stated and all answers are 200 long.
    """
    prices = {"current_input_price": 1.25, "current_output_price": 10, "retry_share": 0}
    hidden = advice(Scenario.from_answers({**REASONING, **prices, "output_tokens": 3000, "tuned_output_tokens": 200}))
    stated = advice(Scenario.from_answers({**REASONING, "output_tokens": 200, "current_cost_per_request": 0.030625}))
    assert hidden.assessment.metrics.current_cost_per_request == pytest.approx(0.030625)
    for name in ("serving_gpu", "replica_tokens_per_second", "reference_output_tokens", "example_tokens"):
        assert hidden.assessment.assumptions[name].value == stated.assessment.assumptions[name].value
    rents = [tuned_serving.gpu_item(each.assessment.assumptions, np.full(1, 1.5e6)).cost for each in (hidden, stated)]
    assert rents[0] == pytest.approx(rents[1])


@pytest.mark.parametrize(
    ("prompt", "today", "tuned", "prices"),
    [(1_200, 8_000, 350, (2.0, 8.0)), (90, 650, 5, (1.1, 4.4)), (4_000, 400, 1_600, (0.25, 2.0))],
)
@pytest.mark.parametrize("requests", [5_000, 400_000])
def test_hidden_reasoning_is_paid_today_and_by_no_tuned_model(
    prompt: int, today: int, tuned: int, prices: tuple[float, float], requests: int
) -> None:
    """Today pays every token of its answer; the tuned model works as one whose answers were that long all along."""
    case = {**REASONING, "daily_requests": requests, "input_tokens": prompt, "retry_share": 0}
    told = {"current_input_price": prices[0], "current_output_price": prices[1], "output_tokens": today}
    paid = (prompt * prices[0] + today * prices[1]) / 1e6
    hidden = advice(Scenario.from_answers({**case, **told, "tuned_output_tokens": tuned})).assessment
    stated = advice(
        Scenario.from_answers({**case, "output_tokens": tuned, "current_cost_per_request": paid})
    ).assessment
    assert hidden.metrics.current_cost_per_request == pytest.approx(paid)
    for name in ("serving_gpu", "replica_tokens_per_second", "reference_output_tokens", "example_tokens"):
        assert hidden.assumptions[name].value == stated.assumptions[name].value
    rents = [tuned_serving.gpu_item(each.assumptions, np.full(1, 30.0 * requests)).cost for each in (hidden, stated)]
    assert rents[0] == pytest.approx(rents[1])


def test_a_host_bills_the_tuned_answer_at_its_own_length() -> None:
    """200 tokens at 2 a million, whatever today's model writes."""
    hosted = {"serving_route": "hosted", "tuned_input_price": 1, "tuned_output_price": 2, "tuned_output_tokens": 200}
    a = resolve(preset("customer-service", output_tokens=3000, **hosted), catalog(), DAY)
    billed = item(tuned_serving.serving_items(a, np.ones(1)), "tuned_answer")
    assert billed.cost == pytest.approx(200 * 2 / 1e6)
    assert "tuned_output_tokens" in billed.uses


def test_own_cards_that_serve_are_paid_once() -> None:
    """Two cards for 4,000 and 84 a month of power against 1,651 a month: 4,000 / (1,651 - 84) is 2.6 months."""
    request = 1651 / (9000 * 30)
    cards = {
        "other_one_time_cost": 4000,
        "other_monthly_cost": 84,
        "contingency_share": 0.15,
        "retrain_cost_share": 0.2,
    }
    route = {"serving_route": "own_figure", "tuned_cost_per_request": 0, "current_cost_per_request": request}
    nothing = {"engineer_hours": 0, "evaluation_items": 0, "ops_hours": 0, "bought_examples": 0}
    found = advice(plain(daily_requests=9000, **route, **cards, **nothing)).assessment
    assert found.metrics.investment == pytest.approx(4000)
    assert found.metrics.monthly_savings == pytest.approx(1651 - 84)
    assert found.metrics.steady_payback_months == pytest.approx(2.55, abs=0.01)
    assert found.metrics.payback_months == pytest.approx(2.55, abs=0.01)


def test_a_reserve_and_a_retraining_are_shares_of_the_project_alone() -> None:
    """A legal review of 5,000 adds 5,000 to the investment, nothing to the reserve and nothing to a retraining."""
    without, legal = (advice(preset("extraction", other_one_time_cost=cost)).assessment for cost in (0, 5000))
    assert legal.metrics.investment == pytest.approx(without.metrics.investment + 5000)
    assert legal.metrics.monthly_savings == pytest.approx(without.metrics.monthly_savings)


def test_a_flat_bill_ends_for_the_requests_that_move() -> None:
    """5,000 a month whatever the requests: a tenth falls back and keeps 500, so 4,500 - 300 are saved."""
    flat = {"current_fixed_monthly_cost": 5000, "current_cost_per_request": 0, "fallback_share": 0.1}
    route = {"serving_route": "own_figure", "tuned_cost_per_request": 0, "other_monthly_cost": 300}
    steady = {"ops_hours": 0, "retrain_cost_share": 0, "deploy_months": 1, "ramp_months": 0}
    found = advice(plain(daily_requests=1000, horizon_months=12, **flat, **route, **steady)).assessment
    assert found.economics is not None
    assert found.economics.today.monthly_cost == pytest.approx(np.full(12, 5000))
    assert found.economics.tuned.monthly_cost == pytest.approx([5000, *[800] * 11])
    assert found.metrics.monthly_savings == pytest.approx(4200)


def test_only_another_model_ends_a_flat_bill_without_tuning() -> None:
    a = resolve(preset("customer-service", current_fixed_monthly_cost=700), catalog(), DAY)
    items = {name: option.declare(a, Demand(np.ones(1))).line_items for name, option in OPTIONS.items()}
    keeps = {name for name, found in items.items() if any(each.id == "current_fixed" for each in found)}
    assert keeps == {"keep_as_is", "optimise_current", "retrieval"}
