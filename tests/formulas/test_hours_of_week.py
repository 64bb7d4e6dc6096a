"""Replicas hour by hour: never fewer than the load needs, never more than the busiest hour, whatever the shape."""

import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.formulas import hours_of_week as formulas
from advisor.formulas.replicas import mean_requests_per_s, replicas_needed
from advisor.scenario import hours_answer, hours_shape

FEW = settings(max_examples=60)
HOURS = st.lists(st.integers(0, 1000), min_size=24, max_size=24).filter(any)
FLEETS = st.fixed_dictionaries(
    {
        "mean_requests_per_s": st.floats(0, 100),
        "within_hour_factor": st.floats(1, 4),
        "capacity_requests_per_s": st.floats(0.05, 50),
        "target_utilisation": st.floats(0.3, 1),
        "min_replicas": st.integers(0, 3),
    }
)


def shape_of(hours: list[int]) -> np.ndarray:
    return np.asarray(hours_shape(hours_answer(hours)))


def by_hour(hours: list[int], fleet: dict[str, float]) -> np.ndarray:
    return formulas.replicas_by_hour(shape=shape_of(hours), **fleet)


def needed(peak: float, fleet: dict[str, float]) -> float:
    rest = (fleet[name] for name in ("capacity_requests_per_s", "target_utilisation", "min_replicas"))
    return float(replicas_needed(fleet["mean_requests_per_s"], peak, *rest))


@FEW
@given(HOURS, FLEETS)
def test_the_busiest_hour_needs_what_its_peak_needs(hours: list[int], fleet: dict[str, float]) -> None:
    peak = float(formulas.busiest_moment(shape_of(hours).max(), fleet["within_hour_factor"]))
    assert by_hour(hours, fleet).max() == needed(peak, fleet)


@FEW
@given(FLEETS)
def test_a_flat_week_is_the_peak_factor_of_the_reserve_within_an_hour(fleet: dict[str, float]) -> None:
    assert set(by_hour([7] * 24, fleet)) == {needed(fleet["within_hour_factor"], fleet)}


@FEW
@given(HOURS, st.integers(2, 50), FLEETS)
def test_a_shape_on_another_scale_is_the_same(hours: list[int], factor: int, fleet: dict[str, float]) -> None:
    assert np.array_equal(by_hour([hour * factor for hour in hours], fleet), by_hour(hours, fleet))


@FEW
@given(HOURS, st.integers(0, 23), st.integers(1, 1000), FLEETS)
def test_a_sharper_week_never_needs_fewer_always_on(
    hours: list[int], quiet: int, moved: int, fleet: dict[str, float]
) -> None:
    sharper, busiest = [*hours], int(np.argmax(hours))
    taken = min(moved, hours[quiet])
    sharper[quiet] -= taken
    sharper[busiest] += taken
    assert by_hour(sharper, fleet).max() >= by_hour(hours, fleet).max()


@FEW
@given(HOURS, FLEETS)
def test_what_runs_is_there_before_its_hour_and_never_more_than_always_on(
    hours: list[int], fleet: dict[str, float]
) -> None:
    needs = by_hour(hours, fleet)
    running = formulas.ready_ahead(needs)
    assert np.all(running >= needs)
    assert np.all(np.roll(running, 1) >= needs)
    paid = formulas.replica_hours(running, 730.0)
    assert fleet["min_replicas"] * 730 <= paid + 1e-9
    assert paid <= needs.max() * 730 * (1 + 1e-9)


@FEW
@given(HOURS, FLEETS)
def test_what_runs_carries_the_load_of_its_hour(hours: list[int], fleet: dict[str, float]) -> None:
    """But for a billionth of a replica, to which the number of replicas is rounded before it is rounded up."""
    load = fleet["mean_requests_per_s"] * shape_of(hours) * fleet["within_hour_factor"]
    of_one = fleet["capacity_requests_per_s"] * fleet["target_utilisation"]
    assert np.all(by_hour(hours, fleet) * of_one >= load * (1 - 1e-6) - 1e-9 * of_one)


def test_a_day_alone_is_the_week_in_which_it_repeats() -> None:
    day = np.array([0.5] * 12 + [1.5] * 12)
    one = formulas.replicas_by_hour(2.0, day, 1.5, 1.5, 0.65, 1)
    seven = formulas.replicas_by_hour(2.0, np.tile(day, 7), 1.5, 1.5, 0.65, 1)
    ways = [formulas.replica_hours(formulas.ready_ahead(each), 730.0) for each in (one, seven)]
    assert ways[0] == pytest.approx(ways[1])


def test_starts_from_nothing_are_hours_with_a_request_after_one_without() -> None:
    office = np.array([0.0] * 8 + [2.4] * 10 + [0.0] * 6)
    chance = formulas.chance_of_a_request(float(mean_requests_per_s(100_000)), office)
    assert chance == pytest.approx(np.where(office > 0, 1, 0))
    assert formulas.cold_starts(chance, 730.0) == pytest.approx(730 / 24)


def test_a_request_now_and_then_keeps_a_replica_up_in_some_hours_only() -> None:
    chance = formulas.chance_of_a_request(float(mean_requests_per_s(24)), np.ones(24))
    assert chance == pytest.approx(1 - np.exp(-1))


def test_an_array_of_draws_gives_what_its_draws_give() -> None:
    draws = np.random.default_rng(7).uniform(0.05, 0.95, (5, 20))
    shape = np.array([0.2, 1.0, 1.8, 1.0])
    together = formulas.replicas_by_hour(draws[0], shape, *draws[1:])
    one_by_one = [formulas.replicas_by_hour(float(c[0]), shape, *(float(v) for v in c[1:])) for c in draws.T]
    np.testing.assert_array_equal(together, np.array(one_by_one))
    month = draws[0] * 700
    np.testing.assert_array_equal(
        formulas.replica_hours(together, month),
        np.array([formulas.replica_hours(o, float(m)) for o, m in zip(one_by_one, month, strict=True)]),
    )


def test_every_public_formula_is_held_here() -> None:
    own = [n for n, f in inspect.getmembers(formulas, inspect.isfunction) if f.__module__ == formulas.__name__]
    assert {n for n in own if not n.startswith("_")} == {
        *("busiest_moment", "replicas_by_hour", "ready_ahead", "replica_hours"),
        *("chance_of_a_request", "cold_starts", "idle_share"),
    }
