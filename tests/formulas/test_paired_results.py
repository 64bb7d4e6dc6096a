"""Intervals of paired scores: against published figures, an independent program, and in simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from advisor.formulas import paired_results as formulas

COUNTS = st.integers(2, 400).flatmap(
    lambda n: st.tuples(st.just(n), st.integers(0, n)).flatmap(
        lambda pair: st.tuples(st.just(pair[0]), st.just(pair[1]), st.integers(0, pair[0] - pair[1]))
    )
)
"""Items, items gained, items lost."""


def constrained_share(gained, lost, items, difference):
    """Most likely share of items lost if the difference is this one, by maximising the likelihood itself."""

    def against(q):
        p = q + difference
        rest = 1 - q - p
        parts = ((gained, p), (lost, q), (items - gained - lost, rest))
        return -sum(count * math.log(max(share, 1e-300)) for count, share in parts if count)

    low, high = max(0.0, -difference), (1 - difference) / 2
    return optimize.minimize_scalar(against, bounds=(low, high), method="bounded", options={"xatol": 1e-12}).x


@pytest.mark.parametrize(("gained", "lost", "items"), [(21, 9, 73), (2, 13, 32), (5, 0, 40), (30, 41, 500)])
def test_the_score_is_that_of_the_most_likely_shares_under_the_assumption(gained, lost, items) -> None:
    for difference in (-0.2, -0.03, 0.0, 0.05, 0.3):
        q = constrained_share(gained, lost, items, difference)
        variance = items * (2 * q + difference - difference**2)
        wanted = (gained - lost - items * difference) / math.sqrt(variance)
        assert formulas.paired_score(gained, lost, items, difference) == pytest.approx(wanted, rel=1e-4)


def test_without_an_assumed_difference_the_score_is_mcnemars() -> None:
    assert formulas.paired_score(25, 11, 200, 0.0) == pytest.approx((25 - 11) / math.sqrt(25 + 11))


def test_no_change_in_100_items_is_not_no_change() -> None:
    low, high = formulas.paired_interval(0, 0, 100, 0.9)
    z = stats.norm.ppf(0.95)
    assert (low, high) == pytest.approx((-(z**2) / (100 + z**2), z**2 / (100 + z**2)), abs=1e-4)


@given(COUNTS)
def test_swapping_the_two_models_flips_the_interval(counts) -> None:
    items, gained, lost = counts
    low, high = formulas.paired_interval(gained, lost, items, 0.8)
    other_low, other_high = formulas.paired_interval(lost, gained, items, 0.8)
    assert (low, high) == pytest.approx((-other_high, -other_low), abs=1e-9)


@given(COUNTS)
def test_the_interval_holds_the_difference_and_stays_in_bounds(counts) -> None:
    items, gained, lost = counts
    low, high = formulas.paired_interval(gained, lost, items, 0.9)
    assert -1 <= low <= (gained - lost) / items <= high <= 1


@given(COUNTS)
def test_more_confidence_is_a_wider_interval(counts) -> None:
    items, gained, lost = counts
    narrow, wide = (formulas.paired_interval(gained, lost, items, c) for c in (0.8, 0.95))
    assert wide.low <= narrow.low
    assert narrow.high <= wide.high


@pytest.mark.parametrize("confidence", [0.8, 0.95])
@pytest.mark.parametrize(("items", "p_gain", "p_loss"), [(40, 0.1, 0.1), (150, 0.06, 0.03), (400, 0.02, 0.05)])
def test_the_paired_interval_covers_as_often_as_it_says(confidence, items, p_gain, p_loss) -> None:
    """20,000 evaluations; the share that covers has a standard error of 0.3 points, counts are whole: 2 points."""
    drawn = np.random.default_rng(5).multinomial(items, [p_gain, p_loss, 1 - p_gain - p_loss], size=20_000)
    low, high = formulas.paired_interval(drawn[:, 0].astype(float), drawn[:, 1].astype(float), items, confidence)
    covered = np.mean((low <= p_gain - p_loss) & (p_gain - p_loss <= high))
    assert covered == pytest.approx(confidence, abs=0.02)


@pytest.mark.parametrize(("items", "p_change"), [(60, 0.2), (200, 0.1), (400, 0.05)])
def test_a_loss_of_the_margin_passes_one_time_in_twenty(items, p_change) -> None:
    """The truth lies on the margin of 3 points: the worst case of a pass that should not be."""
    margin = 0.03
    p_gain, p_loss = (p_change - margin) / 2, (p_change + margin) / 2
    drawn = np.random.default_rng(6).multinomial(items, [p_gain, p_loss, 1 - p_change], size=20_000).astype(float)
    low, high = formulas.paired_interval(drawn[:, 0], drawn[:, 1], items, 0.9)
    passed = formulas.gate_of_limits(low, high, margin) == "passed"
    assert passed.mean() <= 0.065


@pytest.mark.parametrize("share", [0.0, 0.05, 0.5, 1.0])
def test_the_share_interval_is_wilsons(share) -> None:
    found = formulas.share_interval(share * 200, 200, 0.8)
    wanted = stats.binomtest(int(share * 200), 200).proportion_ci(0.8, method="wilson")
    assert tuple(found) == pytest.approx((wanted.low, wanted.high), abs=1e-12)


@given(st.floats(0.001, 0.999), st.integers(1, 300))
def test_students_t_is_that_of_an_independent_program(probability, degrees) -> None:
    wanted = stats.t.ppf(probability, degrees)
    assert formulas.t_quantile(probability, degrees) == pytest.approx(wanted, rel=1e-8, abs=1e-9)
    assert formulas.t_probability(float(wanted), degrees) == pytest.approx(probability, abs=1e-12)


def test_the_mean_interval_covers_as_often_as_it_says() -> None:
    random = np.random.default_rng(7)
    for confidence in (0.8, 0.95):
        samples = random.normal(0.1, 0.3, size=(4_000, 8))
        ends = [formulas.mean_interval(x.mean(), x.std(ddof=1), 8, confidence) for x in samples]
        assert np.mean([low <= 0.1 <= high for low, high in ends]) == pytest.approx(confidence, abs=0.02)


def test_nothing_is_known_of_one_item_or_without_spread() -> None:
    assert all(
        math.isnan(end) for found in ((0.1, 0.2, 1), (0.1, 0.0, 9)) for end in formulas.mean_interval(*found, 0.9)
    )


def test_what_is_not_known_is_open() -> None:
    assert list(formulas.gate_of_limits([-0.02, -0.2, -0.2, np.nan], [0.1, -0.04, 0.1, np.nan], 0.03)) == [
        "passed",
        "failed",
        "open",
        "open",
    ]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_is_never_below_the_single_question_nor_above_bonferroni(p_values) -> None:
    found = formulas.holm(p_values)
    assert np.all(found >= np.array(p_values) - 1e-15)
    assert np.all(found <= np.minimum(np.array(p_values) * len(p_values), 1) + 1e-15)


def test_a_change_is_expected_even_where_none_was_seen() -> None:
    assert formulas.change_variance(0, 0, 99) == pytest.approx(0.01)
    assert formulas.change_variance(30, 10, 199) == pytest.approx(41 / 200 - (20 / 199) ** 2)
