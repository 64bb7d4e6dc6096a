"""Replicas and routing: what holds for any traffic, and arrays of draws against single numbers."""

import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.formulas import cost_levers, hardware, project_plan, quality, routing
from advisor.formulas import replicas as formulas

FEW = settings(max_examples=60)
# Two ways to the same sum differ in the last of 16 digits; a step of the staircase is far larger.
DUST = 1e-9

volume = st.integers(0, 5_000_000)
capacity = st.floats(0.05, 50)
utilisation = st.floats(0.3, 1)
peak = st.floats(1, 8)
gpu_price = st.floats(0.1, 20)
fleets = st.fixed_dictionaries(
    {"capacity": capacity, "utilisation": utilisation, "peak": peak, "at_least": st.integers(0, 3)}
)
ways = st.sampled_from(["always_on", "autoscaled", "scaled_to_zero"])


def hours(way, requests_per_day, capacity, utilisation, peak, at_least):
    rate = formulas.mean_requests_per_s(requests_per_day)
    if way == "scaled_to_zero":
        factor = formulas.peak_factor_when_active(peak, 220, 730)
        replicas = formulas.replicas_needed(rate, factor, capacity, utilisation, 0)
        return formulas.scale_to_zero_hours(replicas, 220, 22, 120)
    replicas = formulas.replicas_needed(rate, peak, capacity, utilisation, at_least)
    if way == "autoscaled":
        return formulas.autoscaled_hours(replicas, at_least, rate, capacity * utilisation, 0.2, 730)
    return formulas.always_on_hours(replicas, 730)


def bill(way, requests_per_day, price, **given):
    return formulas.monthly_hosting_cost(hours(way, requests_per_day, **given), 2, price)


@FEW
@given(ways, volume, gpu_price, fleets)
def test_twice_the_volume_never_lowers_the_monthly_bill(way, requests, price, given):
    assert bill(way, 2 * requests, price, **given) >= bill(way, requests, price, **given)


@FEW
@given(ways, volume, gpu_price, st.floats(1, 5), fleets)
def test_a_dearer_gpu_never_lowers_a_bill(way, requests, price, factor, given):
    assert bill(way, requests, price * factor, **given) >= bill(way, requests, price, **given)


@FEW
@given(ways, st.integers(1, 5_000_000), gpu_price, fleets)
def test_a_request_never_costs_less_than_on_a_full_replica(way, requests, price, given):
    per_month = requests * 365 / 12
    cost = formulas.cost_per_request(bill(way, requests, price, **given), per_month)
    at_best = formulas.cost_per_request_at_full_load(price, 2, given["capacity"])
    assert cost >= at_best * (1 - DUST)


@FEW
@given(ways, volume, fleets)
def test_no_fleet_serves_more_than_it_can(way, requests, given):
    used = formulas.mean_utilisation(requests * 365 / 12, given["capacity"], hours(way, requests, **given))
    assert np.isnan(used) or used <= 1 + DUST


@FEW
@given(volume, fleets)
def test_following_the_load_never_costs_more_than_standing_ready(requests, given):
    assert hours("autoscaled", requests, **given) <= hours("always_on", requests, **given)


@FEW
@given(capacity, utilisation, peak)
def test_what_one_replica_carries_needs_one_replica(capacity, utilisation, peak):
    carried = formulas.requests_per_day_carried(capacity, utilisation, peak)
    rate = formulas.mean_requests_per_s(carried)
    assert formulas.replicas_needed(rate, peak, capacity, utilisation, 0) == 1
    assert formulas.replicas_needed(rate * 1.001, peak, capacity, utilisation, 0) == 2


@FEW
@given(st.floats(1, 1e5), st.floats(1e-6, 0.1), st.floats(1, 1e7))
def test_at_the_break_even_both_bills_are_equal(monthly, token_cost, carried):
    requests = formulas.serverless_break_even(monthly, token_cost, carried, 30)
    status = formulas.serverless_break_even_status(monthly, token_cost, carried, 30)
    assert np.isnan(requests) == (status == "replica_full_before")
    if not np.isnan(requests):
        assert formulas.monthly_managed_cost(0, 0, requests * 30, token_cost) == pytest.approx(monthly)


@FEW
@given(st.floats(1e-5, 0.01), st.floats(0, 0.005), st.floats(0.02, 0.1))
def test_at_the_break_even_share_routing_costs_as_much_as_the_large_model(small, extra, large):
    cascade = routing.cascade_break_even_share(small, extra, large)
    assert routing.cascade_cost(small, extra, large, cascade) == pytest.approx(large)
    router = routing.router_break_even_share(extra, small, large)
    assert routing.router_cost(extra, small, large, router) == pytest.approx(large)


def test_the_parts_of_a_shared_base_pay_the_whole_bill():
    loads = np.array([10.0, 200.0, 790.0])
    parts = formulas.shared_base_cost(730.0, 1.1, loads, loads.sum())
    assert parts.sum() == pytest.approx(730 * 1.1)


def test_without_requests_nothing_is_divided():
    assert np.isnan(formulas.cost_per_request(730.0, 0.0))
    assert np.isnan(formulas.cold_start_share(22, 0))
    assert np.isnan(formulas.shared_base_cost(730.0, 1.1, 0, 0))
    assert np.isnan(formulas.mean_utilisation(100, 1.5, 0))


@pytest.mark.parametrize(("requests_per_day", "replicas"), [(0, 1), (28_080, 1), (28_081, 2), (200_000, 8)])
def test_one_request_more_can_need_another_replica(requests_per_day, replicas):
    needed = formulas.replicas_needed(requests_per_day / 86_400, 3, 1.5, 0.65, 1)
    assert needed == replicas


def test_replicas_without_capacity_are_undefined():
    assert np.isnan(formulas.replicas_needed(1.0, 3, 0.0, 0.65, 1))


def numeric_formulas():
    """Every public formula of these modules whose arguments are numbers."""
    for module in (formulas, hardware, quality, project_plan, cost_levers):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            own = function.__module__ == module.__name__ and not name.startswith("_")
            kinds = [parameter.annotation for parameter in inspect.signature(function).parameters.values()]
            if own and all(str(kind) == str(module.Numbers) for kind in kinds):
                yield pytest.param(function, len(kinds), id=f"{module.__name__.split('.')[-1]}.{name}")


@pytest.mark.parametrize(("function", "arguments"), list(numeric_formulas()))
def test_an_array_of_draws_gives_what_its_draws_give(function, arguments):
    draws = np.random.default_rng(7).uniform(0.05, 0.95, (arguments, 20))
    draws[:, -1] = 0.5
    together = function(*draws)
    one_by_one = [function(*(float(value) for value in column)) for column in draws.T]
    assert np.shape(together) == (20,)
    np.testing.assert_array_equal(together, np.array(one_by_one))
