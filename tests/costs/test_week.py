"""Serving by the hours of a week agrees with the economics, and follows the hours where it may."""

import numpy as np
import pytest

from advisor.core.records import Economics
from advisor.costs import serving
from advisor.costs.serving.load import AUTOSCALED, SCALE_TO_ZERO, hosting_cost, mode_hours
from advisor.scenario import hours_answer
from tests.cases import advice, catalog, preset
from tests.costs.test_serving import line, plan_of

OFFICE = hours_answer([0] * 8 + [50] * 10 + [5] * 6)
WEEK = hours_answer([*([0] * 8 + [50] * 10 + [5] * 6) * 5, *[2] * 48])
BUSY = {"daily_requests": 400_000, "peak_factor": None}


def test_always_on_is_sized_by_the_busiest_hour_and_billed_around_the_clock() -> None:
    case = preset("chat", **BUSY, hours_of_week=WEEK)
    plan = plan_of(case)
    week = serving.week_of(case, plan.a, plan.volume or 0.0)
    assert week is not None
    assert plan.chosen is not None
    peak = week.load.max() * catalog().number("within_hour_factor")
    assert week.always_on == plan.chosen.replicas == np.ceil(peak / week.usable)
    money = advice(case).assessment.economics
    assert isinstance(money, Economics)
    assert money.tuned.steady_costs["serving_gpus"] == pytest.approx(plan.chosen.monthly_cost)
    always = serving.modes(plan, catalog())[0]
    assert always.hours == week.always_on * 730


@pytest.mark.parametrize("hours", [OFFICE, WEEK])
@pytest.mark.parametrize("volume", [3_000, 400_000])
def test_following_the_hours_costs_less_and_idles_less(hours: str, volume: float) -> None:
    plan = plan_of(preset("chat", **{**BUSY, "daily_requests": volume}, hours_of_week=hours))
    always, scaled, zero = serving.modes(plan, catalog())
    assert zero.monthly_cost < scaled.monthly_cost <= always.monthly_cost
    assert zero.idle_share < scaled.idle_share <= always.idle_share < 1
    assert always.idle_share == pytest.approx(1 - serving.utilisation(plan))


def test_the_busiest_hour_runs_all_replicas_and_the_hour_before_as_well() -> None:
    case = preset("chat", **BUSY, hours_of_week=hours_answer([1] * 12 + [20] + [1] * 11))
    plan = plan_of(case)
    week = serving.week_of(case, plan.a, plan.volume or 0.0)
    assert week is not None
    assert week.busiest == 12
    assert [k for k, running in enumerate(week.running) if running == week.always_on] == [11, 12]


def test_what_sleeps_by_night_starts_once_a_day_and_pays_its_hours_only() -> None:
    case = preset("chat", **{**BUSY, "daily_requests": 5_000}, hours_of_week=OFFICE)
    zero = serving.modes(plan_of(case), catalog())[2]
    starting = 730 / 24 * catalog().number("cold_start_seconds") / 3600
    assert zero.hours == pytest.approx(730 * 16 / 24 + starting, rel=1e-4)


def test_the_lines_over_the_volume_follow_the_hours() -> None:
    plan = plan_of(preset("chat", **BUSY, hours_of_week=WEEK))
    for mode in (AUTOSCALED, SCALE_TO_ZERO):
        found = line(plan, mode)
        hours = mode_hours(plan.a, catalog(), found.volumes, serving.week_shape(plan.scenario))[mode]
        fallback = found.volumes * plan.days * plan.fallback + plan.flat_kept
        assert found.monthly == pytest.approx(hosting_cost(plan.a, mode, hours) + fallback)


def test_without_hours_a_case_has_no_week() -> None:
    plan = plan_of(preset("chat"))
    assert serving.week_of(plan.scenario, plan.a, plan.volume or 0.0) is None
