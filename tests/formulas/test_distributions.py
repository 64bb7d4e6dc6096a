"""Distributions against another program, and what must hold for any range and any probabilities."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from advisor.formulas import distributions, uncertainty
from advisor.risk import sobol

FEW = settings(max_examples=80)
GRID = (np.arange(distributions.PROBABILITIES) + 0.5) / distributions.PROBABILITIES

finite = st.floats(-1e6, 1e6)
ranges = st.tuples(finite, finite, finite).map(sorted)
probabilities = st.lists(st.floats(0, 1), min_size=2, max_size=40).map(lambda values: np.array(sorted(values)))


# --- PERT ---------------------------------------------------------------------


@pytest.mark.parametrize("mode", np.linspace(0, 1, 21))
def test_a_pert_is_read_off_to_about_a_millionth_of_its_range(mode):
    """A straight line between nodes sin^2 of equal angles: 1.2 millionths by its second derivative, argued there."""
    shape = distributions.pert_shape(0, mode, 1)
    ends = np.concatenate([np.geomspace(1e-12, 1e-5, 50), 1 - np.geomspace(1e-12, 1e-5, 50)])
    u = np.concatenate([GRID, ends])
    found = distributions.pert_quantile(u, 0, mode, 1)
    np.testing.assert_allclose(found, special.betaincinv(shape.alpha, shape.beta, u), rtol=0, atol=1.2e-6)


@pytest.mark.parametrize("median", [0.13, 0.2, 0.35, 0.5, 0.65, 0.87])
def test_the_mode_of_a_pert_follows_from_its_median(median):
    """Between two of 257 tabulated modes a straight line is off by about a millionth of the range."""
    mode = distributions.pert_mode(10, 10 + 30 * median, 40)
    shape = distributions.pert_shape(10, mode, 40)
    assert special.betaincinv(shape.alpha, shape.beta, 0.5) == pytest.approx(median, abs=3e-6)


@pytest.mark.parametrize(("median", "mode"), [(0.0, 0.0), (0.05, 0.0), (1.0, 1.0), (0.95, 1.0)])
def test_a_median_too_near_to_an_end_has_its_mode_there(median, mode):
    assert distributions.pert_mode(0, median, 1) == pytest.approx(mode, abs=1e-9)


def test_a_median_outside_its_range_is_refused():
    with pytest.raises(ValueError, match="bad_order"):
        distributions.pert_mode(0, 2, 1)
    assert distributions.pert_mode(3, 3, 3) == 3


@pytest.mark.parametrize("mode", np.linspace(0, 1, 201))
def test_the_table_of_a_pert_never_falls(mode):
    shape = distributions.pert_shape(0, mode, 1)
    _, probabilities = distributions._beta_table(shape.alpha, shape.beta)
    assert np.all(np.diff(probabilities) >= 0)
    assert (probabilities[0], probabilities[-1]) == (0, 1)


def test_mean_and_spread_of_the_quantiles_are_those_of_the_shape():
    values = distributions.pert_quantile(GRID, 0.10, 0.40, 0.85)
    shape = distributions.pert_shape(0.10, 0.40, 0.85)
    assert values.mean() == pytest.approx(shape.mean, abs=1e-6)
    assert values.std() == pytest.approx(shape.sd, abs=1e-5)


@FEW
@given(ranges, probabilities)
def test_a_more_probable_pert_is_never_smaller_and_never_outside(points, u):
    values = distributions.pert_quantile(u, *points)
    low, _, high = points
    assert np.all((values >= low) & (values <= high))
    assert np.all(np.diff(values) >= -1e-12 * max(abs(low), abs(high)))


def test_the_highest_value_is_not_passed_by_a_rounding():
    assert -6.6 + (0.7 - -6.6) > 0.7
    assert distributions.pert_quantile(1.0, -6.6, 0.0, 0.7) == 0.7


@FEW
@given(finite, probabilities)
def test_a_range_without_width_is_its_point(point, u):
    assert np.all(distributions.pert_quantile(u, point, point, point) == point)
    assert distributions.pert_shape(point, point, point)[2:] == (point, 0.0)
    assert np.all(distributions.uniform_quantile(u, point, point) == point)


@FEW
@given(st.floats(1e-6, 1e6), st.floats(1e-6, 1e6), probabilities)
def test_a_lognormal_without_spread_is_its_median(median, end, u):
    np.testing.assert_allclose(distributions.lognormal_quantile(u, median, end, end), median, rtol=1e-12)


@pytest.mark.parametrize("points", [(1, 5, 3), (4, 3, 5), (3, 2, 1), (math.nan, 1, 2), (0, 1, math.inf)])
def test_points_out_of_order_are_refused(points):
    with pytest.raises(ValueError, match="bad_order"):
        distributions.pert_shape(*points)
    with pytest.raises(ValueError, match="bad_order"):
        distributions.pert_quantile(GRID, *points)


@pytest.mark.parametrize("ends", [(0, 1), (-1, 1), (2, 1), (math.nan, 1), (1, math.inf)])
def test_a_lognormal_needs_two_ends_above_zero(ends):
    with pytest.raises(ValueError, match="bad_order"):
        distributions.lognormal_shape(*ends)


def test_one_probability_gives_what_it_gives_among_many():
    for quantile in (
        lambda u: distributions.pert_quantile(u, 1, 2, 5),
        lambda u: distributions.lognormal_quantile(u, 1, 0.5, 2),
        lambda u: distributions.uniform_quantile(u, 1, 5),
        distributions.normal_quantile,
        distributions.normal_probability,
    ):
        u = np.linspace(0.01, 0.99, 9)
        assert quantile(u).tolist() == [float(quantile(float(each))) for each in u]


# --- Normal scores, lognormal, correlation ------------------------------------


def test_normal_scores_are_exact_where_draws_lie():
    np.testing.assert_allclose(distributions.normal_quantile(GRID), stats.norm.ppf(GRID), rtol=0, atol=1e-13)


def test_normal_scores_are_near_between_and_cut_at_the_ends():
    u = stats.norm.cdf(np.linspace(-3.2, 3.2, 100_001))
    np.testing.assert_allclose(distributions.normal_quantile(u), stats.norm.ppf(u), rtol=0, atol=2e-5)
    ends = distributions.normal_quantile(np.array([0.0, 1e-9, 1.0]))
    assert np.abs(ends) == pytest.approx(-stats.norm.ppf(GRID[0]))


def test_normal_shares_are_near_everywhere():
    """A straight line over steps of 1/256 is off by at most 0.242 / 8 / 256^2, half a millionth."""
    z = np.linspace(-12, 12, 100_001)
    np.testing.assert_allclose(distributions.normal_probability(z), stats.norm.cdf(z), rtol=0, atol=5e-7)


def test_an_undefined_probability_stays_undefined():
    assert np.isnan(distributions.normal_quantile(np.array([0.5, np.nan]))).tolist() == [False, True]


def test_the_ends_of_a_lognormal_are_where_they_were_said():
    values = distributions.lognormal_quantile(np.array([0.05, 0.5, 0.95]), 10_000, 5_000, 20_000)
    assert values == pytest.approx([5_000, 10_000, 20_000], rel=1e-6)


def test_the_median_stays_at_the_base_value_even_off_the_middle_of_the_ends():
    assert distributions.lognormal_quantile(0.5, 1.0, 0.6, 1.6) == pytest.approx(1.0)


def test_without_correlations_columns_come_back():
    columns = sobol.points(256, 5, seed=1)
    assert np.array_equal(distributions.correlated(columns, np.eye(5)), columns)


def test_tied_columns_correlate_as_told_and_keep_their_distribution():
    columns = sobol.points(16_384, 4, seed=1)
    wanted = np.array([[1, 0.5, 0, -0.7], [0.5, 1, 0, 0], [0, 0, 1, 0], [-0.7, 0, 0, 1]])
    found = distributions.correlated(columns, wanted)
    scores = distributions.normal_quantile(found)
    np.testing.assert_allclose(np.corrcoef(scores.T), wanted, atol=0.005)
    for column in found.T:
        assert stats.kstest(column, "uniform").statistic < 0.005
    np.testing.assert_allclose(found[:, 0], columns[:, 0], atol=1 / distributions.PROBABILITIES)
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
        distributions.correlated(columns, np.array(matrix, dtype=float))
