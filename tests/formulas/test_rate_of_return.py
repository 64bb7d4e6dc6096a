"""Rates of return: every root, one root, none; what a modified rate needs."""

import numpy as np
import pytest

from advisor.formulas import rate_of_return


def flows(*values):
    return np.array(values, dtype=float)


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
    result = rate_of_return.irr(series)
    assert (result.roots_monthly, result.status) == (pytest.approx(roots, rel=1e-9), status)
    assert result.monthly == pytest.approx(roots[0] if status == "ok" else np.nan, nan_ok=True)


def test_a_curve_that_only_touches_zero_has_one_rate():
    result = rate_of_return.irr(flows(-100, 220, -121))
    assert (result.status, result.monthly) == ("ok", pytest.approx(0.1, abs=1e-6))


def test_two_rates_close_together_are_not_one():
    result = rate_of_return.irr(flows(-1, 2.2001, -1.2101099))
    assert result.status in ("multiple", "undefined_no_root")
    product = np.polynomial.polynomial.polymul([-1.1, 1], [-1.1005, 1])[::-1]
    assert rate_of_return.irr(-product).roots_monthly == pytest.approx([0.1, 0.1005], abs=1e-9)


def test_mirr_needs_both_signs():
    assert rate_of_return.mirr(flows(-100, 0, 121), 0.1, 0.1).annual == pytest.approx(1.21**6 - 1)
    assert rate_of_return.mirr(flows(-100, -1), 0.1, 0.1).status == "undefined"
    assert rate_of_return.mirr(flows(100, 1), 0.1, 0.1).status == "undefined"
