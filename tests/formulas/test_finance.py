"""Boundaries of present value and payback: what is undefined, what a word means, what happens at an edge."""

import numpy as np
import pytest

from advisor.formulas import finance


def flows(*values):
    return np.array(values, dtype=float)


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


def test_returns_on_nothing_are_undefined():
    assert np.isnan(finance.annual_roi(0.0, 100.0))
    assert np.isnan(finance.profitability_index(100.0, 0.0))
    assert np.isnan(finance.roi_horizon(flows(0, 100), 0.0))


def test_a_negative_margin_has_no_break_even_volume():
    assert np.isnan(finance.break_even_requests_per_day(1000, 12, -0.001, 0, 30))


def test_leaving_before_go_live_keeps_the_loss_to_the_investment():
    assert finance.exit_option(flows(-100, -5, -5), 0.1) == (-100, 0)
