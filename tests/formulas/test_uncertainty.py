"""Summaries of draws against another program; the value of information; switching values."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from advisor.formulas import uncertainty
from advisor.risk import sobol

FEW = settings(max_examples=80)

share = st.floats(0, 1)
money = st.floats(-1e6, 1e6)
npvs = st.lists(money, min_size=1, max_size=60).map(np.array)


# --- What the draws say -------------------------------------------------------


def test_quantiles_are_those_of_another_program():
    values = np.random.default_rng(7).normal(size=33)
    found = uncertainty.summarise(values)
    assert found[:3] == pytest.approx(np.percentile(values, [10, 50, 90], method="linear"))
    assert found[3:] == pytest.approx((values.mean(), np.count_nonzero(values > 0) / 33))
    for q in (0.0, 0.3, 1.0):
        assert uncertainty.quantile_with_never(values, q) == pytest.approx(np.quantile(values, q))


@pytest.mark.parametrize(
    ("q", "months"),
    [(0.0, 3.0), (0.25, 4.0), (0.5, 5.0), (0.45, 4.8), (0.51, math.nan), (0.9, math.nan), (1.0, math.nan)],
)
def test_a_payback_that_never_comes_is_later_than_any(q, months):
    values = [math.nan, 5.0, 3.0, math.nan, 4.0]
    assert uncertainty.quantile_with_never(values, q) == pytest.approx(months, nan_ok=True)


def test_a_quantile_that_falls_on_a_draw_needs_no_neighbour():
    values = np.array([*range(8), *[math.nan] * 18], dtype=float)
    assert 0.28 * 25 > 7
    assert uncertainty.quantile_with_never(values, 0.28) == 7.0


@FEW
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=40))
def test_rank_correlation_agrees_with_another_program(pairs):
    x, y = np.array(pairs, dtype=float).T
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        assert math.isnan(uncertainty.rank_correlation(x, y))
    else:
        assert uncertainty.rank_correlation(x, y) == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-12)


def test_shares_of_the_spread_add_up_and_follow_what_moves_the_output():
    inputs = sobol.points(1_024, 3, seed=3).copy()
    inputs[:, 2] = 1.0
    shares = uncertainty.variance_shares(inputs, 3 * inputs[:, 0] - inputs[:, 1])
    assert shares.sum() == pytest.approx(1)
    assert shares == pytest.approx([0.9, 0.1, 0.0], abs=0.02)
    assert uncertainty.variance_shares(inputs, np.ones(1_024)).tolist() == [0, 0, 0]


# --- What knowing more is worth -----------------------------------------------


@FEW
@given(npvs)
def test_knowing_is_never_worth_less_than_nothing(values):
    assert uncertainty.evpi(values) >= 0
    same = uncertainty.evpi_discrete(np.full(values.size, 1 / values.size), values)
    assert uncertainty.evpi(values) == pytest.approx(same.evpi, abs=1e-6)


@FEW
@given(share, money, money, share, st.floats(0, 1e5))
def test_a_coin_tells_nothing(p_good, one, other, share_called_good, cost):
    value = uncertainty.pilot_value(p_good, one, other, share_called_good, 1 - share_called_good, cost)
    assert value.evsi == pytest.approx(0, abs=1e-9 * (abs(one) + abs(other)))
    assert value.net_value == pytest.approx(-cost, abs=1e-3)


@FEW
@given(share, money, money)
def test_a_perfect_pilot_is_worth_perfect_information(p_good, one, other):
    value = uncertainty.pilot_value(p_good, one, other, 1.0, 1.0, 0.0)
    known = uncertainty.evpi_discrete([p_good, 1 - p_good], [one, other])
    assert value.evsi == pytest.approx(known.evpi, abs=1e-9 * (abs(one) + abs(other)))
    assert value.p_positive_signal == p_good


@FEW
@given(share, money, money, share, share)
def test_no_pilot_is_worth_more_than_perfect_information(p_good, one, other, sensitivity, specificity):
    value = uncertainty.pilot_value(p_good, one, other, sensitivity, specificity, 0.0)
    known = uncertainty.evpi_discrete([p_good, 1 - p_good], [one, other])
    assert 0 <= value.evsi <= known.evpi + 1e-9 * (abs(one) + abs(other))


def test_a_signal_that_never_comes_says_nothing():
    value = uncertainty.pilot_value(1.0, 10.0, -10.0, 1.0, 0.5, 0.0)
    assert math.isnan(value.p_good_given_negative)
    assert value.evsi == 0


def test_pilots_of_many_draws_are_worth_what_each_is():
    random = np.random.default_rng(7)
    inputs = [random.random(20), *(random.normal(size=(2, 20)) * 1e4), *random.random((2, 20)), random.random(20)]
    together = np.stack(uncertainty.pilot_value(*inputs), axis=-1)
    alone = [uncertainty.pilot_value(*one) for one in zip(*inputs, strict=True)]
    np.testing.assert_allclose(together, alone)


# --- Where the answer turns ---------------------------------------------------


@FEW
@given(st.floats(-100, 100), st.sampled_from([-1, 1]))
def test_the_place_where_the_answer_turns_is_found(place, direction):
    found = uncertainty.switching_value(lambda x: direction * (x - place) ** 3, -101, 101)
    assert found.status == "ok"
    assert found.value == pytest.approx(place, abs=1e-9)


def test_the_range_may_be_given_from_its_upper_end():
    assert uncertainty.switching_value(lambda x: x - 2, 5, 0).value == pytest.approx(2)


@pytest.mark.parametrize(("low", "high", "value"), [(2, 5, 2), (-1, 2, 2)])
def test_an_answer_that_turns_at_an_end_turns_there(low, high, value):
    assert uncertainty.switching_value(lambda x: x - 2, low, high)[:2] == (value, "ok")


@pytest.mark.parametrize("value_at", [lambda x: x**2 + 1, lambda x: -1.0, lambda x: math.nan])
def test_an_input_that_changes_no_sign_cannot_flip_the_answer(value_at):
    found = uncertainty.switching_value(value_at, -1, 1)
    assert math.isnan(found.value)
    assert found.status == "cannot_switch_alone"
