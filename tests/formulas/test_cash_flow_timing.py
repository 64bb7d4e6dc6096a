"""Boundaries of the months: deployment, ramp, growth, price paths, retraining, the end of a base model."""

import math

import numpy as np
import pytest

from advisor.formulas import cash_flow_timing


def test_deployment_month_carries_no_traffic_and_the_next_one_starts_the_ramp():
    months = cash_flow_timing.months_axis(6)
    assert cash_flow_timing.adoption(months, 2, 2) == pytest.approx([0, 0, 0.5, 1, 1, 1])
    assert cash_flow_timing.adoption(months, 2, 0) == pytest.approx([0, 0, 1, 1, 1, 1])
    assert cash_flow_timing.is_live(months, 2) == pytest.approx([0, 0, 1, 1, 1, 1])


def test_first_month_has_todays_volume_and_price_and_month_thirteen_a_years_change():
    months = cash_flow_timing.months_axis(13)
    volume = cash_flow_timing.monthly_volume(100 * 30, 0.6, months)
    assert volume[0] == pytest.approx(3000)
    assert volume[12] == pytest.approx(4800)
    assert cash_flow_timing.price_path(0.4, months)[12] == pytest.approx(0.6)


def test_a_day_lies_in_the_month_that_it_is_counted_into():
    """A mean month has 365 / 12 = 30.42 days."""
    days = np.array([0, 1, 30, 31, 60, 61, 364, 365, 730])
    assert cash_flow_timing.month_of(days).tolist() == [1, 1, 1, 2, 2, 3, 12, 13, 25]
    assert cash_flow_timing.month_of(42) == 2


@pytest.mark.parametrize(
    ("every", "deploy", "due"),
    [(6, 0, [6, 12, 18]), (6, 2, [8, 14, 20]), (6, 6, [12, 18]), (24, 0, []), (0, 0, []), (np.inf, 0, [])],
)
def test_retraining_counts_from_go_live_and_spares_the_last_month(every, deploy, due):
    months = cash_flow_timing.months_axis(24)
    assert months[cash_flow_timing.retraining_due(months, every, 24, deploy) == 1].tolist() == due


def test_a_fractional_cadence_retrains_as_often_as_it_says():
    months = cash_flow_timing.months_axis(24)
    assert months[cash_flow_timing.retraining_due(months, 4.5, 24, 0) == 1].tolist() == [5, 9, 14, 18, 23]


def test_cash_flows_start_with_the_investment_and_broadcast_draws():
    investment = np.array([100.0, 200.0])
    series = cash_flow_timing.net_cash_flows(investment, np.full(3, 50.0), 10.0)
    assert series.tolist() == [[-100, 40, 40, 40], [-200, 40, 40, 40]]
    assert not np.signbit(cash_flow_timing.net_cash_flows(0.0, np.zeros(2), 0.0)).any()


@pytest.mark.parametrize(
    ("months_to_sunset", "expected"),
    [
        (14, (14, 1)),
        (24, (24, 0)),
        (30, (24, 0)),
        (None, (24, 0)),
        (math.nan, (24, 0)),
        (math.inf, (24, 0)),
        (-3, (0, 1)),
    ],
)
def test_a_known_end_of_the_base_model_cuts_the_horizon(months_to_sunset, expected):
    assert cash_flow_timing.effective_horizon(24, months_to_sunset) == expected


def test_each_draw_of_the_end_cuts_its_own_horizon():
    horizon, capped = cash_flow_timing.effective_horizon(24.0, np.array([14.0, 30.0, math.nan]))
    assert horizon.tolist() == [14, 24, 24]
    assert capped.tolist() == [1, 0, 0]
