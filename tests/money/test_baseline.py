"""The best alternative without tuning: which levers apply, what is out and why; none of it is tuning's merit."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.assumptions import resolve
from advisor.core.records import TODAY, Assumptions, Economics, OptionResult
from advisor.formulas import cash_flow_timing, finance
from advisor.money.baseline import best, standings
from advisor.money.cash_flows import evaluate
from advisor.options import optimise_current
from advisor.options.declared import Demand
from advisor.options.registry import UNTUNED
from advisor.scenario import Scenario
from tests.cases import DAY, advice, catalog, plain, preset


def assumptions(case: Scenario) -> Assumptions:
    return resolve(case, catalog(), DAY)


def reasons(case: Scenario) -> dict[str, list[str]]:
    return {each.id: [reason.code for reason in each.reasons] for each in standings(assumptions(case))}


def lever(case: Scenario, name: str) -> str:
    return next(each.reason for each in optimise_current.levers(assumptions(case)) if each.id == name)


def test_the_cheapest_that_nothing_speaks_against_is_the_baseline() -> None:
    found = standings(assumptions(preset("extraction")))
    able = [each for each in found if not each.reasons]
    assert [each.id for each in able] == [TODAY, "optimise_current"]
    assert best(found) == max(able, key=lambda each: each.npv or 0).id == "optimise_current"
    assert advice(preset("extraction")).assessment.assumptions.baseline == "optimise_current"


def test_a_price_of_ones_own_leaves_only_going_on_as_today() -> None:
    assert reasons(preset("article-001")) == {TODAY: []}


@pytest.mark.parametrize(
    ("changes", "option", "reason"),
    [
        ({"hosting_allowed": "self_hosted"}, TODAY, "out_not_allowed_outside"),
        ({"hosting_allowed": "self_hosted"}, "cheaper_model", "out_not_allowed_outside"),
        ({"prompt_meets_bar": "no"}, TODAY, "out_misses_the_bar"),
        ({"prompt_meets_bar": "no"}, "optimise_current", "out_misses_the_bar"),
        ({"cheaper_model_passes": "no"}, "cheaper_model", "out_quality_gate_failed"),
        ({}, "cheaper_model", "out_quality_unproven"),
        ({}, "open_model", "out_quality_unproven"),
        ({"failure_kind": "behaviour"}, "retrieval", "out_does_not_mend"),
        ({"budget": 500}, "optimise_current", "out_over_budget"),
        ({"input_tokens": 100, "trim_share": 0}, "optimise_current", "out_nothing_to_gain"),
    ],
)
def test_why_an_alternative_is_out(changes: dict[str, object], option: str, reason: str) -> None:
    assert reason in reasons(preset("customer-service", **changes))[option]


def test_a_cheaper_model_that_passes_is_what_tuning_is_measured_against() -> None:
    before, after = (
        advice(preset("customer-service", cheaper_model_passes=answer)).assessment for answer in (None, "yes")
    )
    assert after.assumptions.baseline == "cheaper_model"
    assert before.metrics is not None
    assert after.metrics is not None
    assert after.metrics.monthly_savings < before.metrics.monthly_savings
    assert after.metrics.npv < before.metrics.npv


@pytest.mark.parametrize(
    ("changes", "name", "reason"),
    [
        ({}, "prompt_cache", ""),
        ({"static_prompt_share": 0.1}, "prompt_cache", "prompt_too_short"),
        ({"input_tokens": 1024, "static_prompt_share": 1}, "prompt_cache", ""),
        ({"input_tokens": 1023, "static_prompt_share": 1}, "prompt_cache", "prompt_too_short"),
        ({"cache_hit_share": 0.8}, "prompt_cache", "in_use"),
        ({}, "batch", "nobody_may_wait"),
        ({"deferrable_share": 0.5}, "batch", ""),
        ({"deferrable_share": 0.5, "batch_discount": 0}, "batch", "no_cheaper_rate"),
        ({"trim_share": 0}, "shorter_prompt", "nothing_to_cut"),
        ({}, "shorter_prompt", "undoes_the_cache"),
        ({"trim_share": 0.1}, "shorter_prompt", ""),
        ({}, "response_cache", "repeats_unknown"),
        ({"repeat_share": 0.3}, "response_cache", ""),
    ],
)
def test_a_lever_is_pulled_only_where_it_applies(changes: dict[str, object], name: str, reason: str) -> None:
    assert lever(preset("customer-service", **changes), name) == reason


def test_remembered_answers_cost_nothing_and_batches_half() -> None:
    def cost(**changes: object) -> float:
        a = assumptions(preset("customer-service", cache_hit_share=0.95, trim_share=0, **changes))
        return sum(float(i.cost or 0) for i in UNTUNED["optimise_current"].declare(a, Demand(np.ones(1))).call)

    assert cost(repeat_share=0.25) == pytest.approx(0.75 * cost())
    assert cost(deferrable_share=1.0) == pytest.approx(0.5 * cost())


@pytest.mark.parametrize("name", ["extraction", "customer-service", "code-completion", "article-001-today"])
def test_both_savings_are_told_and_part_by_what_the_baseline_gains(name: str) -> None:
    found = advice(preset(name)).assessment
    e, m = found.economics, found.metrics
    assert e is not None
    assert m is not None
    gained = e.today.steady_monthly_cost - e.baseline.steady_monthly_cost
    assert m.savings_against_today - m.monthly_savings == pytest.approx(float(gained))
    flows = cash_flow_timing.net_cash_flows(e.baseline.one_time_cost, e.today.monthly_cost, e.baseline.monthly_cost)
    rate = found.assumptions.number("discount_rate")
    assert m.npv_against_today - m.npv == pytest.approx(float(finance.npv(flows, rate)))


def test_a_lever_of_the_baseline_is_never_tunings_merit() -> None:
    """What tuning saves is the same whether the baseline's lever is pulled already or still to be pulled."""
    case = preset("customer-service", fallback_share=0, trim_share=0, optimise_hours=0, deploy_months=0, ramp_months=0)
    still = advice(case).assessment
    done = advice(case.with_(cache_hit_share=0.7)).assessment
    assert still.assumptions.baseline == "optimise_current"
    assert done.assumptions.baseline == TODAY
    assert still.metrics is not None
    assert done.metrics is not None
    assert still.metrics.npv == pytest.approx(done.metrics.npv)


def test_what_is_not_moved_over_costs_what_the_baseline_costs() -> None:
    late = advice(preset("customer-service", deploy_months=200)).assessment.economics
    assert late is not None
    assert late.tuned.monthly_cost == pytest.approx(late.baseline.monthly_cost)


def beside(alternative: str, **changes: object) -> Economics:
    """Tuning measured against an alternative of our choice."""
    found = evaluate(replace(assumptions(preset("extraction", **changes)), baseline=alternative))
    assert isinstance(found, Economics)
    return found


@pytest.mark.parametrize("alternative", ["retrieval", "open_model"])
def test_what_the_baseline_costs_every_month_is_paid_until_its_traffic_has_moved(alternative: str) -> None:
    """An index, which stays in use, goes on for good; machines stop with the last request."""
    late = beside(alternative, deploy_months=200)
    assert min(late.baseline.monthly_cost) > 0
    assert late.tuned.monthly_cost == pytest.approx(late.baseline.monthly_cost)
    moved = beside(alternative, deploy_months=0, ramp_months=0, retrain_every_months=0)
    assert moved.tuned.monthly_cost[0] == pytest.approx(moved.tuned.steady_monthly_cost)
    assert ("index" in moved.tuned.steady_costs) == (alternative == "retrieval")


@settings(max_examples=30, deadline=None)
@given(st.permutations(list(UNTUNED)))
def test_the_choice_does_not_depend_on_the_order(order: list[str]) -> None:
    found = {each.id: each for each in standings(assumptions(preset("extraction")))}
    shuffled = tuple(found[name] for name in order if name in found)
    assert best(shuffled) == "optimise_current"


@settings(max_examples=40, deadline=None)
@given(st.floats(0.002, 1.0), st.floats(1.0, 3.0))
def test_a_dearer_hosted_model_never_hurts_tuning(price: float, factor: float) -> None:
    def npv(cost: float) -> float:
        e = evaluate(assumptions(plain(current_cost_per_request=cost, daily_requests=5000)))
        assert isinstance(e, Economics)
        return float(finance.npv(e.cash_flows, 0.1))

    assert npv(price * factor) >= npv(price) - 1e-6


def test_an_option_that_is_out_may_still_be_evaluated() -> None:
    a = replace(assumptions(preset("extraction")), baseline="retrieval")
    e = evaluate(a)
    assert isinstance(e, Economics)
    assert e.baseline.steady_costs["index"] == e.tuned.steady_costs["index"] > 0


def test_a_lookup_that_adds_nothing_to_an_empty_prompt_costs_its_index() -> None:
    a = assumptions(preset("extraction", input_tokens=0, retrieved_tokens=0))
    (found,) = (each for each in standings(a) if each.id == "retrieval")
    assert isinstance(found.result, OptionResult)
    assert found.result.steady_costs["index"] > 0
    assert found.result.steady_costs["current_prompt"] == 0
