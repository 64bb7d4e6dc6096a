"""Machines: what is undefined, what capital and interruptions cost."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.formulas import hardware

FEW = settings(max_examples=60)

money = st.floats(100, 1e5)
share = st.floats(0, 1)
years = st.integers(1, 8)
rate = st.floats(0, 0.5)


def test_cooling_multiplies_the_energy_bill():
    assert hardware.energy_cost(0.4, 100, 0.6, 1.5) == pytest.approx(36)


@FEW
@given(money, share, years, rate)
def test_the_yearly_payments_and_the_residual_are_worth_the_price_today(price, residual_share, life, rate):
    annual = hardware.annual_owning_cost(price, residual_share, life, rate)
    worth = sum(annual / (1 + rate) ** year for year in range(1, life + 1))
    residual = price * residual_share / (1 + rate) ** life
    # A rate of 1e-300 leaves its last digits in the annuity; a millionth of the price is no money.
    assert worth + residual == pytest.approx(price, rel=1e-6)


def test_without_cost_of_capital_owning_is_the_straight_line():
    annual = hardware.annual_depreciation(13500.0, 0.25, 3)
    assert hardware.annual_owning_cost(13500.0, 0.25, 3, np.array([0.0, 1e-12])) == pytest.approx([annual, annual])


@FEW
@given(money, st.floats(0.1, 10), st.floats(0, 5), st.floats(1.01, 3))
def test_a_dearer_rental_is_worth_replacing_sooner(fixed, rent, running, factor):
    hours = hardware.break_even_rental_hours(fixed, rent, running)
    sooner = hardware.break_even_rental_hours(fixed, rent * factor, running)
    assert np.isnan(hours) or sooner <= hours


@FEW
@given(money, st.floats(0.1, 10), st.floats(0, 5))
def test_at_the_break_even_hours_both_ways_cost_the_same(fixed, rent, running):
    hours = hardware.break_even_rental_hours(fixed, rent, running)
    status = hardware.break_even_status(hours, np.inf)
    assert np.isnan(hours) == (status == "renting_always_cheaper")
    if not np.isnan(hours):
        assert fixed + running * hours == pytest.approx(rent * hours)


def test_cheaper_way_at_below_and_above_the_break_even():
    words = hardware.cheaper_way(np.array([299.0, 300.0, 301.0, 301.0]), np.array([300.0, 300.0, 300.0, np.nan]))
    assert words.tolist() == ["by_the_hour", "equal", "fixed", "by_the_hour"]


def test_more_hours_than_a_year_has_is_no_break_even():
    words = hardware.break_even_status(np.array([8760.0, 8760.5, np.nan]), 8760)
    assert words.tolist() == ["ok", "beyond_period", "renting_always_cheaper"]


@pytest.mark.parametrize(("days", "months"), [(0, 0), (1, 1), (30, 1), (30.1, 2), (60, 2)])
def test_a_month_begun_is_a_month_paid(days, months):
    assert hardware.monthly_rental_cost(1000, 2, days, 30) == 2000 * months


@FEW
@given(st.floats(0, 1000), st.floats(0, 1000), st.floats(0, 50), st.floats(0, 50))
def test_pausing_and_its_saving_add_up_to_running_through(run, paused, price, disk):
    through = (run + paused) * price
    together = hardware.paused_cost(run, price, paused, disk) + hardware.pausing_saves(paused, price, disk)
    # Subtracting a large saving leaves the dust of the larger sum.
    assert together == pytest.approx(through, rel=1e-9, abs=1e-12 + 1e-9 * paused * disk)


def test_spot_without_interruptions_keeps_its_discount():
    assert hardware.spot_cost(0.6, hardware.interrupted_time(0, 30, 10)) == pytest.approx(0.4)


def test_nobody_who_works_no_hours_has_a_wage():
    assert np.isnan(hardware.hourly_wage(320_000, 0))
