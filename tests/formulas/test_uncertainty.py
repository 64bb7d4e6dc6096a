"""Distributions against another program, and what must hold for any range, any draws and any pilot."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from advisor.formulas import finance, uncertainty
from advisor.risk import sobol

FEW = settings(max_examples=80)
GRID = (np.arange(uncertainty.PROBABILITIES) + 0.5) / uncertainty.PROBABILITIES

finite = st.floats(-1e6, 1e6)
ranges = st.tuples(finite, finite, finite).map(sorted)
probabilities = st.lists(st.floats(0, 1), min_size=2, max_size=40).map(lambda values: np.array(sorted(values)))
share = st.floats(0, 1)
money = st.floats(-1e6, 1e6)
npvs = st.lists(money, min_size=1, max_size=60).map(np.array)


# --- PERT ---------------------------------------------------------------------


@pytest.mark.parametrize("mode", np.linspace(0, 1, 21))
def test_a_pert_is_read_off_to_about_a_millionth_of_its_range(mode):
    """A straight line between nodes sin^2 of equal angles: 1.2 millionths by its second derivative, argued there."""
    shape = uncertainty.pert_shape(0, mode, 1)
    ends = np.concatenate([np.geomspace(1e-12, 1e-5, 50), 1 - np.geomspace(1e-12, 1e-5, 50)])
    u = np.concatenate([GRID, ends])
    found = uncertainty.pert_quantile(u, 0, mode, 1)
    np.testing.assert_allclose(found, special.betaincinv(shape.alpha, shape.beta, u), rtol=0, atol=1.2e-6)


def test_the_table_of_a_pert_never_falls():
    for mode in np.linspace(0, 1, 201):
        shape = uncertainty.pert_shape(0, mode, 1)
        _, probabilities = uncertainty._beta_table(shape.alpha, shape.beta)
        assert np.all(np.diff(probabilities) >= 0), mode
        assert (probabilities[0], probabilities[-1]) == (0, 1), mode


def test_mean_and_spread_of_the_quantiles_are_those_of_the_shape():
    values = uncertainty.pert_quantile(GRID, 0.10, 0.40, 0.85)
    shape = uncertainty.pert_shape(0.10, 0.40, 0.85)
    assert values.mean() == pytest.approx(shape.mean, abs=1e-6)
    assert values.std() == pytest.approx(shape.sd, abs=1e-5)


@FEW
@given(ranges, probabilities)
def test_a_more_probable_pert_is_never_smaller_and_never_outside(points, u):
    values = uncertainty.pert_quantile(u, *points)
    low, _, high = points
    assert np.all((values >= low) & (values <= high))
    assert np.all(np.diff(values) >= -1e-12 * max(abs(low), abs(high)))


def test_the_highest_value_is_not_passed_by_a_rounding():
    assert -6.6 + (0.7 - -6.6) > 0.7
    assert uncertainty.pert_quantile(1.0, -6.6, 0.0, 0.7) == 0.7


@FEW
@given(finite, probabilities)
def test_a_range_without_width_is_its_point(point, u):
    assert np.all(uncertainty.pert_quantile(u, point, point, point) == point)
    assert uncertainty.pert_shape(point, point, point)[2:] == (point, 0.0)
    assert np.all(uncertainty.uniform_quantile(u, point, point) == point)


@FEW
@given(st.floats(1e-6, 1e6), st.floats(1e-6, 1e6), probabilities)
def test_a_lognormal_without_spread_is_its_median(median, end, u):
    np.testing.assert_allclose(uncertainty.lognormal_quantile(u, median, end, end), median, rtol=1e-12)


@pytest.mark.parametrize("points", [(1, 5, 3), (4, 3, 5), (3, 2, 1), (math.nan, 1, 2), (0, 1, math.inf)])
def test_points_out_of_order_are_refused(points):
    with pytest.raises(ValueError, match="bad_order"):
        uncertainty.pert_shape(*points)
    with pytest.raises(ValueError, match="bad_order"):
        uncertainty.pert_quantile(GRID, *points)


@pytest.mark.parametrize("ends", [(0, 1), (-1, 1), (2, 1), (math.nan, 1), (1, math.inf)])
def test_a_lognormal_needs_two_ends_above_zero(ends):
    with pytest.raises(ValueError, match="bad_order"):
        uncertainty.lognormal_shape(*ends)


def test_one_probability_gives_what_it_gives_among_many():
    for quantile in (
        lambda u: uncertainty.pert_quantile(u, 1, 2, 5),
        lambda u: uncertainty.lognormal_quantile(u, 1, 0.5, 2),
        lambda u: uncertainty.uniform_quantile(u, 1, 5),
        uncertainty.normal_quantile,
        uncertainty.normal_probability,
    ):
        u = np.linspace(0.01, 0.99, 9)
        assert quantile(u).tolist() == [float(quantile(float(each))) for each in u]


# --- Normal scores, lognormal, correlation ------------------------------------


def test_normal_scores_are_exact_where_draws_lie():
    np.testing.assert_allclose(uncertainty.normal_quantile(GRID), stats.norm.ppf(GRID), rtol=0, atol=1e-13)


def test_normal_scores_are_near_between_and_cut_at_the_ends():
    u = stats.norm.cdf(np.linspace(-3.2, 3.2, 100_001))
    np.testing.assert_allclose(uncertainty.normal_quantile(u), stats.norm.ppf(u), rtol=0, atol=2e-5)
    ends = uncertainty.normal_quantile(np.array([0.0, 1e-9, 1.0]))
    assert np.abs(ends) == pytest.approx(-stats.norm.ppf(GRID[0]))


def test_normal_shares_are_near_everywhere():
    """A straight line over steps of 1/256 is off by at most 0.242 / 8 / 256^2, half a millionth."""
    z = np.linspace(-12, 12, 100_001)
    np.testing.assert_allclose(uncertainty.normal_probability(z), stats.norm.cdf(z), rtol=0, atol=5e-7)


def test_an_undefined_probability_stays_undefined():
    assert np.isnan(uncertainty.normal_quantile(np.array([0.5, np.nan]))).tolist() == [False, True]


def test_the_ends_of_a_lognormal_are_where_they_were_said():
    values = uncertainty.lognormal_quantile(np.array([0.05, 0.5, 0.95]), 10_000, 5_000, 20_000)
    assert values == pytest.approx([5_000, 10_000, 20_000], rel=1e-6)


def test_the_median_stays_at_the_base_value_even_off_the_middle_of_the_ends():
    assert uncertainty.lognormal_quantile(0.5, 1.0, 0.6, 1.6) == pytest.approx(1.0)


def test_without_correlations_columns_come_back():
    columns = sobol.points(256, 5, seed=1)
    assert np.array_equal(uncertainty.correlated(columns, np.eye(5)), columns)


def test_tied_columns_correlate_as_told_and_keep_their_distribution():
    columns = sobol.points(16_384, 4, seed=1)
    wanted = np.array([[1, 0.5, 0, -0.7], [0.5, 1, 0, 0], [0, 0, 1, 0], [-0.7, 0, 0, 1]])
    found = uncertainty.correlated(columns, wanted)
    scores = uncertainty.normal_quantile(found)
    np.testing.assert_allclose(np.corrcoef(scores.T), wanted, atol=0.005)
    for column in found.T:
        assert stats.kstest(column, "uniform").statistic < 0.005
    np.testing.assert_allclose(found[:, 0], columns[:, 0], atol=1 / uncertainty.PROBABILITIES)
    assert np.array_equal(found[:, 2], columns[:, 2])
    told = 6 / np.pi * np.arcsin(0.5 / 2)
    assert uncertainty.rank_correlation(found[:, 0], found[:, 1]) == pytest.approx(told, abs=0.005)


@pytest.mark.parametrize(
    ("matrix", "reason"),
    [
        ([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]], "not_positive_definite"),
        ([[1, 1], [1, 1]], "not_positive_definite"),
        ([[1, 0.5], [0.4, 1]], "not_a_correlation_matrix"),
        ([[2, 0.5], [0.5, 1]], "not_a_correlation_matrix"),
        ([[1, math.nan], [math.nan, 1]], "not_a_correlation_matrix"),
    ],
)
def test_correlations_that_cannot_be_are_refused(matrix, reason):
    columns = sobol.points(16, len(matrix), seed=1)
    with pytest.raises(ValueError, match=reason):
        uncertainty.correlated(columns, np.array(matrix, dtype=float))


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
@given(st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_knowing_one_input_is_worth_no_more_than_knowing_all(bins, seed):
    random = np.random.default_rng(seed)
    values, one = random.normal(size=64), random.integers(0, 9, 64).astype(float)
    worth = uncertainty.partial_evpi(one, values, bins)
    assert 0 <= worth <= uncertainty.evpi(values) + 1e-9
    assert uncertainty.partial_evpi(np.ones(64), values, bins) == 0


def test_knowing_the_only_uncertain_input_is_worth_as_much_as_knowing_all():
    one = sobol.points(4_096, 1, seed=5)[:, 0]
    values = one - 0.6
    found = uncertainty.partial_evpi(one, values, 64)
    assert found == pytest.approx(uncertainty.evpi(values), rel=0.01)
    assert found == pytest.approx(0.08, rel=0.02)  # 0.4^2 / 2


def test_many_bins_take_noise_for_information():
    random = np.random.default_rng(5)
    unrelated, values = random.random(4_096), random.normal(size=4_096)
    few, many = (uncertainty.partial_evpi(unrelated, values, bins) for bins in (8, 1_024))
    assert few < 0.03 < 0.1 < many


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
    assert found.status == "cannot_flip_alone"


# --- How long it counts -------------------------------------------------------


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
    assert finance.effective_horizon(24, months_to_sunset) == expected


def test_each_draw_of_the_end_cuts_its_own_horizon():
    horizon, capped = finance.effective_horizon(24.0, np.array([14.0, 30.0, math.nan]))
    assert horizon.tolist() == [14, 24, 24]
    assert capped.tolist() == [1, 0, 0]
