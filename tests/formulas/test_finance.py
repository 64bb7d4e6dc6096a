"""Boundaries of the money formulas: what is undefined, what a word means, what happens at an edge."""

import numpy as np
import pytest

from advisor.formulas import finance


def flows(*values):
    return np.array(values, dtype=float)


def test_deployment_month_carries_no_traffic_and_the_next_one_starts_the_ramp():
    months = finance.months_axis(6)
    assert finance.adoption(months, 2, 2) == pytest.approx([0, 0, 0.5, 1, 1, 1])
    assert finance.adoption(months, 2, 0) == pytest.approx([0, 0, 1, 1, 1, 1])
    assert finance.is_live(months, 2) == pytest.approx([0, 0, 1, 1, 1, 1])


def test_first_month_has_todays_volume_and_price_and_month_thirteen_a_years_change():
    months = finance.months_axis(13)
    volume = finance.monthly_volume(100 * 30, 0.6, months)
    assert volume[0] == pytest.approx(3000)
    assert volume[12] == pytest.approx(4800)
    assert finance.price_path(0.4, months)[12] == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("every", "deploy", "due"),
    [(6, 0, [6, 12, 18]), (6, 2, [8, 14, 20]), (6, 6, [12, 18]), (24, 0, []), (0, 0, []), (np.inf, 0, [])],
)
def test_retraining_counts_from_go_live_and_spares_the_last_month(every, deploy, due):
    months = finance.months_axis(24)
    assert months[finance.retraining_due(months, every, 24, deploy) == 1].tolist() == due


def test_a_fractional_cadence_retrains_as_often_as_it_says():
    months = finance.months_axis(24)
    assert months[finance.retraining_due(months, 4.5, 24, 0) == 1].tolist() == [5, 9, 14, 18, 23]


def test_cash_flows_start_with_the_investment_and_broadcast_draws():
    investment = np.array([100.0, 200.0])
    series = finance.net_cash_flows(investment, np.full(3, 50.0), 10.0)
    assert series.tolist() == [[-100, 40, 40, 40], [-200, 40, 40, 40]]
    assert not np.signbit(finance.net_cash_flows(0.0, np.zeros(2), 0.0)).any()


@pytest.mark.parametrize(
    ("series", "months", "status"),
    [
        (flows(-100, 40, 40, 40), 2.5, "ok"),
        (flows(-100, 100), 1.0, "ok"),
        (flows(-0.3, 0.1, 0.1, 0.1), 3.0, "ok"),
        (flows(-100, 110, -20, 50), 100 / 110, "ok"),
        (flows(-100, 110, -20), 100 / 110, "reversed_later"),
        (flows(-100, 40, 40), np.nan, "not_within_horizon"),
        (flows(-100, 0, 0), np.nan, "never"),
        (flows(-100), np.nan, "never"),
        (flows(0, -5, 10), 1.5, "ok"),
        (flows(0, -5, -5), np.nan, "never"),
        (flows(0, 0, 0), 0.0, "ok"),
    ],
)
def test_payback_words(series, months, status):
    assert finance.payback(series) == (pytest.approx(months, nan_ok=True), status)


def test_steady_payback_words():
    investment, savings = np.array([100.0, 0.0, 100.0, 0.0]), np.array([10.0, 10.0, 0.0, 0.0])
    assert finance.steady_payback_status(investment, savings).tolist() == ["ok", "immediate", "never", "never"]
    assert finance.steady_payback(investment, savings) == pytest.approx([10, 0, np.nan, np.nan], nan_ok=True)


@pytest.mark.parametrize(
    ("series", "roots", "status"),
    [
        (flows(-100, 110), [0.1], "ok"),
        (flows(-100, 230, -132), [0.1, 0.2], "multiple"),
        (flows(-100, 360, -431, 171.6), [0.1, 0.2, 0.3], "multiple"),
        (flows(-100, 90), [-0.1], "ok"),
        (flows(0, 0, -100, 110, 0), [0.1], "ok"),
        (flows(0, 0), [], "undefined_no_outflow"),
        (flows(10, 10), [], "undefined_no_outflow"),
        (flows(-10, -10), [], "undefined_no_inflow"),
        (flows(-100, 100, -100), [], "undefined_no_root"),
        (np.append(-1e-6, np.full(60, 1e9)), [1e15], "ok"),
    ],
)
def test_irr_finds_every_rate(series, roots, status):
    result = finance.irr(series)
    assert (result.roots_monthly, result.status) == (pytest.approx(roots, rel=1e-9), status)
    assert result.monthly == pytest.approx(roots[0] if status == "ok" else np.nan, nan_ok=True)


def test_a_curve_that_only_touches_zero_has_one_rate():
    result = finance.irr(flows(-100, 220, -121))
    assert (result.status, result.monthly) == ("ok", pytest.approx(0.1, abs=1e-6))


def test_two_rates_close_together_are_not_one():
    result = finance.irr(flows(-1, 2.2001, -1.2101099))
    assert result.status in ("multiple", "undefined_no_root")
    product = np.polynomial.polynomial.polymul([-1.1, 1], [-1.1005, 1])[::-1]
    assert finance.irr(-product).roots_monthly == pytest.approx([0.1, 0.1005], abs=1e-9)


def test_mirr_needs_both_signs():
    assert finance.mirr(flows(-100, 0, 121), 0.1, 0.1).annual == pytest.approx(1.21**6 - 1)
    assert finance.mirr(flows(-100, -1), 0.1, 0.1).status == "undefined"
    assert finance.mirr(flows(100, 1), 0.1, 0.1).status == "undefined"


def test_returns_on_nothing_are_undefined():
    assert np.isnan(finance.annual_roi(0.0, 100.0))
    assert np.isnan(finance.profitability_index(100.0, 0.0))
    assert np.isnan(finance.roi_horizon(flows(0, 100), 0.0))


def test_a_negative_margin_has_no_break_even_volume():
    assert np.isnan(finance.break_even_requests_per_day(1000, 12, -0.001, 0, 30))


def test_leaving_before_go_live_keeps_the_loss_to_the_investment():
    assert finance.exit_option(flows(-100, -5, -5), 0.1) == (-100, 0)
