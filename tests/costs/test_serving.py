"""Serving alone agrees with the economics, at every volume and on every card."""

from dataclasses import replace

import numpy as np
import pytest

from advisor.assumptions import resolve
from advisor.core.records import Assumptions, Economics
from advisor.costs import serving
from advisor.money.cash_flows import evaluate
from advisor.scenario import Scenario
from tests.cases import DAY, advice, catalog, plain, preset

RENTED = ("customer-service", "extraction", "classification", "code-completion", "copywriting", "chat")
CASE = {"daily_requests": 50_000, "quality_need": "high", "budget": 50_000}


def assumptions(case: Scenario) -> Assumptions:
    return advice(case).assessment.assumptions


def plan_of(case: Scenario) -> serving.ServingPlan:
    return serving.serving_plan(case, assumptions(case), catalog())


def line(plan: serving.ServingPlan, name: str) -> serving.Line:
    return next(line for line in serving.lines(plan, catalog()) if line.id == name)


@pytest.mark.parametrize("name", RENTED)
def test_the_staircase_at_todays_volume_is_the_steady_cost_of_the_engine(name: str) -> None:
    economics = advice(preset(name)).assessment.economics
    assert economics is not None
    plan = plan_of(preset(name))
    assert plan.chosen is not None
    assert plan.volume is not None
    steady = economics.tuned.steady_costs
    assert plan.chosen.monthly_cost == pytest.approx(steady["serving_gpus"])
    assert serving.gpu_cost(plan.a, np.array([plan.volume]))[0] == pytest.approx(steady["serving_gpus"])
    assert plan.volume * plan.days * plan.fallback == pytest.approx(steady["fallback"])
    assert plan.volume * plan.days * (plan.api or 0) == pytest.approx(economics.baseline.steady_monthly_cost)


@pytest.mark.parametrize("name", RENTED)
def test_the_chosen_card_is_the_cheapest_that_is_chosen_by_itself(name: str) -> None:
    plan = plan_of(preset(name))
    servers = [card for card in plan.cards if not (card.is_desktop or card.obstacle)]
    assert next(card for card in servers if not card.is_thin).is_chosen
    assert plan.next_card == next(card for card in servers if not card.is_chosen)
    costs = [card.monthly_cost for card in plan.cards if not card.obstacle]
    assert costs == sorted(costs)


def test_a_line_follows_the_engine_at_every_point() -> None:
    plan = plan_of(preset("chat", serving_gpu="rtx-a6000-48gb"))
    own = line(plan, "own")
    for volume, monthly in list(zip(own.volumes, own.monthly, strict=True))[::9]:
        named = {"serving_gpu": "rtx-a6000-48gb", "gpus_per_replica": 1, "daily_requests": float(volume)}
        case = replace(resolve(preset("chat", **named), catalog(), DAY), baseline=plan.a.baseline)
        economics = evaluate(case)
        assert isinstance(economics, Economics)
        steady = economics.tuned.steady_costs
        assert monthly == pytest.approx(float(steady["serving_gpus"]) + float(steady["fallback"]), rel=1e-6)


def test_own_gpus_cost_less_inside_the_ranges_and_more_outside() -> None:
    plan = plan_of(preset("chat", serving_gpu="rtx-a6000-48gb"))
    ranges = serving.own_pays(plan)
    assert len(ranges) > 1
    volumes = np.geomspace(10, 1e7, 5001)
    own = serving.gpu_cost(plan.a, volumes) + volumes * plan.days * plan.fallback
    api = volumes * plan.days * (plan.api or 0)
    inside = np.any([(volumes > low) & (volumes <= (high or np.inf)) for low, high in ranges], axis=0)
    assert np.array_equal(own < api, inside)


def test_gpus_rented_by_the_month_pay_where_their_line_crosses_that_of_the_api() -> None:
    plan = plan_of(preset("customer-service", rental_term="month", min_replicas=2))
    ((start, _),) = serving.own_pays(plan)
    at = np.array([start])
    own = serving.gpu_cost(plan.a, at) + at * plan.days * plan.fallback
    assert own == pytest.approx(at * plan.days * (plan.api or 0))


@pytest.mark.parametrize(
    ("rent", "saved", "least", "flat", "expected"),
    [
        (60, 1, 1, 0, ((60, 100), (120, None))),
        (80, 1, 1, 0, ((80, 100), (160, 200), (240, 300), (320, None))),
        (40, 1, 1, 0, ((40, None),)),
        (100, 1, 1, 0, ()),
        (60, 0, 1, 0, ()),
        (60, 1, 0, 0, ((60, 100), (120, None))),
        (60, 1, 2, 0, ((120, None),)),
        (30, 1, 3, 0, ((90, None),)),
        # A flat bill pays a part of the rent, or all of it from the first request on.
        (80, 1, 1, 30, ((50, 100), (130, 200), (210, None))),
        (60, 1, 1, 90, ((0, None),)),
        # Where every replica more costs more than it saves, a flat bill still pays for the first ones.
        (60, 0, 1, 150, ((0, 200),)),
        (150, 1, 1, 80, ((70, 100),)),
        (150, 1, 1, 50, ()),
    ],
)
def test_whole_replicas_may_pay_in_several_ranges(
    rent: float, saved: float, least: float, flat: float, expected: tuple[serving.Range, ...]
) -> None:
    """A replica carries 100 requests a day."""
    assert serving.paying_ranges(rent, saved, 100, least, flat) == expected


FLAT = {"current_fixed_monthly_cost": 4_000, "fallback_share": 0.25}


@pytest.mark.parametrize("name", ["extraction", "chat"])
def test_a_flat_bill_is_counted_as_the_economics_count_it(name: str) -> None:
    """In the line of the API wholly, in that of own GPUs for the share that falls back."""
    case = preset(name, **FLAT)
    plan, economics = plan_of(case), advice(case).assessment.economics
    assert economics is not None
    assert plan.volume is not None
    at = np.array([plan.volume])
    assert serving.api_cost(plan, at)[0] == pytest.approx(economics.baseline.steady_monthly_cost)
    assert plan.requests * (plan.api_each or 0) == pytest.approx(economics.baseline.steady_monthly_cost)
    steady = economics.tuned.steady_costs
    own = steady["serving_gpus"] + steady["fallback"] + steady["current_fixed"]
    assert plan.chosen is not None
    assert plan.chosen.monthly_cost + plan.requests * plan.fallback_each == pytest.approx(own)
    line_of_own = line(plan, "own")
    assert np.interp(plan.volume, line_of_own.volumes, line_of_own.monthly) == pytest.approx(own, rel=0.02)
    both = serving.cascade(plan, catalog())
    assert both is not None
    assert both.cost * plan.requests == pytest.approx(own)


@pytest.mark.parametrize("answers", [{}, {"current_cost_per_request": 0.0}, {"serving_gpu": "rtx-a6000-48gb"}])
def test_with_a_flat_bill_own_gpus_cost_less_inside_the_ranges_and_more_outside(answers: dict[str, object]) -> None:
    """Also where today's model is paid for by a flat bill alone."""
    plan = plan_of(preset("chat", **{**FLAT, "current_fixed_monthly_cost": 20_000}, **answers))
    ranges = serving.own_pays(plan)
    volumes = np.geomspace(10, 1e7, 5001)
    own = serving.gpu_cost(plan.a, volumes) + volumes * plan.days * plan.fallback + 0.25 * plan.flat
    inside = np.any([(volumes > low) & (volumes <= (high or np.inf)) for low, high in ranges], axis=0)
    assert plan.flat == 20_000
    assert ranges
    assert np.array_equal(own < serving.api_cost(plan, volumes), inside)
    assert "api" in [way.id for way in serving.lines(plan, catalog())]


def test_an_estimated_speed_has_a_band_and_a_measured_one_has_none() -> None:
    plan = plan_of(preset("extraction"))
    band = serving.own_band(plan)
    assert band is not None
    middle = serving.gpu_cost(plan.a, band.volumes) + band.volumes * plan.days * plan.fallback
    assert np.all((band.low <= middle * (1 + 1e-9)) & (middle <= band.high * (1 + 1e-9)))
    assert serving.own_band(plan_of(preset("extraction", replica_tokens_per_second=500))) is None


def test_copies_that_are_switched_cost_no_more_and_nobody_waits_unless_they_start_from_nothing() -> None:
    always, scaled, zero = serving.modes(plan_of(preset("chat", daily_requests=400_000)), catalog())
    assert zero.monthly_cost < scaled.monthly_cost < always.monthly_cost
    assert (always.waiting_share, scaled.waiting_share) == (0, 0)
    assert zero.waiting_share > 0


def test_the_price_of_a_rented_month_holds_for_copies_that_always_run() -> None:
    by_hour, by_month = (
        serving.modes(plan_of(preset("chat", daily_requests=400_000, rental_term=term)), catalog())
        for term in ("hour", "month")
    )
    plan = plan_of(preset("chat", daily_requests=400_000, rental_term="month"))
    assert by_month[0].monthly_cost == pytest.approx(serving.gpu_cost(plan.a, np.array([plan.volume]))[0])
    assert by_month[0].monthly_cost < by_hour[0].monthly_cost
    assert [each.monthly_cost for each in by_month[1:]] == [each.monthly_cost for each in by_hour[1:]]


def test_sharing_a_base_pays_while_a_replica_is_idle() -> None:
    found = serving.shared(plan_of(preset("classification", daily_requests=2_000)), catalog())
    assert [s.tasks for s in found] == [1, 2, 5, 10, 25]
    assert found[1].cost_each == pytest.approx(found[0].cost_each * 1.1 / 2)


def test_a_cascade_counts_what_the_economics_count() -> None:
    plan = plan_of(preset("extraction"))
    found = serving.cascade(plan, catalog())
    assert found is not None
    assert plan.chosen is not None
    assert found.cost == pytest.approx(plan.chosen.cost_per_request + plan.fallback)
    assert 0 < found.break_even_share < 1


def test_the_parts_of_a_step_make_its_time_and_more_users_make_more_tokens() -> None:
    plan = plan_of(preset("extraction"))
    curve = serving.load_curve(plan, catalog())
    assert plan.chosen is not None
    assert curve is not None
    assert sum(serving.step_seconds(plan, catalog()).values()) == pytest.approx(plan.chosen.tpot_s)
    assert np.all(np.diff(curve.output_tokens_per_s) > 0)
    assert np.all(np.diff(curve.tpot_s) > 0)
    at_load = np.interp(plan.chosen.sequences, curve.sequences, curve.output_tokens_per_s)
    assert at_load == pytest.approx(plan.chosen.output_tokens_per_s, rel=0.02)


def test_a_measured_replica_is_counted_though_the_estimator_was_not_asked() -> None:
    named = {"serving_gpu": "a100-sxm-80gb", "gpus_per_replica": 3, "replica_tokens_per_second": 900}
    plan = plan_of(preset("extraction", **named))
    economics = advice(preset("extraction", **named)).assessment.economics
    assert economics is not None
    assert plan.chosen is not None
    assert (plan.chosen.gpus, plan.chosen.monthly_cost) == (3, economics.tuned.steady_costs["serving_gpus"])
    assert [card.gpu for card in plan.cards].count("a100-sxm-80gb") == 1
    assert serving.step_seconds(plan, catalog()) == {}
    assert serving.load_curve(plan, catalog()) is None


def test_what_fits_nowhere_says_why() -> None:
    plan = plan_of(preset("extraction", model_size="70b", answer_speed=500))
    assert not plan.can_count
    assert plan.chosen is None
    assert {card.obstacle for card in plan.cards} == {"memory", "speed"}


def test_without_a_volume_every_volume_can_still_be_drawn() -> None:
    plan = plan_of(Scenario.from_answers({**CASE, "daily_requests": None}))
    assert plan.volume is None
    assert plan.can_count
    assert serving.volume_domain(plan)[0] < serving.volume_domain(plan)[1]
    assert serving.cascade(plan, catalog()) is None


def test_a_tuned_model_by_the_token_is_offered_where_a_provider_has_that_model() -> None:
    plan = plan_of(preset("chat", open_model="qwen3-32b"))
    found = line(plan, "per_token")
    reading, writing = 981.75, 211
    per_request = (reading * 2 + writing * 8) / 1e6
    assert found.provider == "Alibaba Cloud"
    assert found.monthly[0] / found.volumes[0] / plan.days == pytest.approx(per_request + plan.fallback)
    assert "per_token" not in [way.id for way in serving.lines(plan_of(preset("chat")), catalog())]


def test_an_unknown_price_of_the_api_leaves_the_gpus_to_be_counted() -> None:
    plan = replace(plan_of(preset("extraction")), api=None)
    assert plan.fallback == 0
    assert serving.own_pays(plan) == ()
    assert "api" not in [way.id for way in serving.lines(plan, catalog())]


def test_a_case_of_whole_numbers() -> None:
    case = plain(
        serving_route="rented_gpu", serving_gpu="l4-24gb", gpus_per_replica=1, serving_gpu_price=1.0,
        replica_tokens_per_second=100, reference_input_tokens=0, reference_output_tokens=100, input_tokens=0,
        output_tokens=100, prefill_work_share=0, peak_factor=2, target_utilisation=0.5, min_replicas=1,
        hours_per_month=720, days_per_month=30, fallback_share=0.5, current_cost_per_request=0.002,
        daily_requests=21_601,
    )  # fmt: skip
    plan = plan_of(case)
    # 1 request/s x 0.5 / 2 = 21 600 requests a day; a replica costs 720, a request saves 0.001: 24 000 a day.
    assert serving.carried_per_day(plan.a) == pytest.approx(21_600)
    assert plan.chosen is not None
    assert (plan.chosen.replicas, plan.chosen.monthly_cost) == (2, 1440)
    assert serving.own_pays(plan) == ()
    assert serving.utilisation(plan) == pytest.approx(21_601 / 86_400 / 2)


def test_those_who_are_asked_twice_wait_for_both() -> None:
    plan = plan_of(preset("extraction"))
    found, card = serving.cascade(plan, catalog()), plan.chosen
    assert found is not None
    assert card is not None
    written = plan.a.number("output_tokens")
    assert found.small_seconds == pytest.approx(card.ttft_s + card.tpot_s * written)
    assert found.large_seconds == pytest.approx(written / 60)
    assert found.seconds == pytest.approx(found.small_seconds + found.share * found.large_seconds)
    measured = {"serving_gpu": "a100-sxm-80gb", "gpus_per_replica": 3, "replica_tokens_per_second": 900}
    unknown = serving.cascade(plan_of(preset("extraction", **measured)), catalog())
    assert unknown is not None
    assert (unknown.small_seconds, unknown.seconds) == (None, None)


def test_a_router_asks_one_of_the_two_on_whole_gpus() -> None:
    plan = plan_of(preset("extraction", daily_requests=50_000, fallback_share=0.15))
    found, both = serving.router(plan, catalog()), serving.cascade(plan, catalog())
    assert found is not None
    assert both is not None
    assert plan.api is not None
    kept = float(serving.gpu_cost(plan.a, np.full(1, 50_000 * 0.85))[0])
    assert found.call_cost == 0.0001
    assert found.cost == pytest.approx(0.0001 + kept / plan.requests + 0.15 * plan.api)
    assert found.break_even_share == pytest.approx(1 - 0.0001 / (plan.api - both.small))
    all_to_the_api = serving.router(plan_of(preset("extraction", fallback_share=1.0)), catalog())
    assert all_to_the_api is not None
    assert all_to_the_api.cost == pytest.approx(0.0001 + (plan.api or 0))


def test_a_router_is_priced_in_the_currency_of_the_case() -> None:
    case = preset("extraction", currency="CNY", exchange_rates={"CNY": 7.0})
    found = serving.router(plan_of(case), catalog())
    assert found is not None
    assert found.call_cost == pytest.approx(0.0007)


def test_a_replica_beats_the_token_from_a_volume_it_carries_or_never() -> None:
    plan = plan_of(preset("chat", open_model="qwen3-32b"))
    found = serving.by_token(plan, catalog())
    assert found is not None
    # Alibaba: 981.75 tokens read at 2 and 211 written at 8 USD a million, 0.0036515 a request.
    assert found.cost_per_request == pytest.approx(0.0036515)
    volume = found.replica_month / 0.0036515 / plan.days
    expected = ("ok", volume) if volume <= found.carried_per_day else ("replica_full_before", np.nan)
    assert (found.status, found.from_requests) == (expected[0], pytest.approx(expected[1], nan_ok=True))
    assert serving.by_token(plan_of(preset("chat")), catalog()) is None
