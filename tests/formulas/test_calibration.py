"""What runs say of an estimate elsewhere, and the bridge from plan to actual amounts."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.formulas.calibration import calibrated_error, repeated_runs, tie_by_length
from advisor.formulas.variance_bridge import bridge_steps

SHARE, SPREAD = 0.7, 0.08
RATIO, SIGMA, LENGTH = st.floats(0.3, 3.0), st.floats(0.1, 0.8), st.floats(64, 65_536)
RUNS = st.lists(st.tuples(RATIO, SIGMA, LENGTH), min_size=1, max_size=6)


def error(runs, own_sigma=0.3, own_length=2048.0, share=SHARE, spread=SPREAD):
    ratios, sigmas, lengths = (np.array(column) for column in zip(*runs, strict=True))
    return calibrated_error(ratios, sigmas, lengths, own_sigma, own_length, share, spread)


def test_without_runs_the_estimate_stays_as_it_was() -> None:
    nothing = np.array([])
    assert calibrated_error(nothing, nothing, nothing, 0.3, 2048.0, SHARE, SPREAD) == (1.0, 0.3)


@given(RUNS, SIGMA, LENGTH)
def test_runs_never_make_it_less_sure(runs, own_sigma, own_length) -> None:
    assert error(runs, own_sigma, own_length).sigma <= own_sigma + 1e-9


def test_one_run_at_the_same_length_by_hand() -> None:
    """Weight 0.3^2 / (0.3^2 + 0.08^2) = 0.93361 of ln 1.5; what is left is 0.3 x sqrt(1 - 0.93361)."""
    found = error([(1.5, 0.3, 2048.0)])
    weight = 0.09 / 0.0964
    assert found.ratio == pytest.approx(1.5**weight)
    assert found.sigma == pytest.approx(0.3 * (1 - weight) ** 0.5)


def test_far_away_only_the_set_ups_part_is_known() -> None:
    """At a million times the length the tie is the common share: 0.7^2 of the variance goes, 0.51 stays."""
    found = error([(1.5, 0.3, 2048.0 * 2**40)], spread=0.0)
    assert found.sigma == pytest.approx(0.3 * (1 - 0.7**2) ** 0.5)
    assert found.ratio == pytest.approx(1.5**0.7)


def test_each_doubling_leaves_half_of_the_rest() -> None:
    ties = tie_by_length(np.array([1024.0]), np.array([1024.0, 2048.0, 256.0]), 0.7)
    assert ties[0] == pytest.approx([1.0, 0.85, 0.775])


def test_the_interval_after_a_pilot_covers_as_often_as_it_says() -> None:
    """The model's own world: errors drawn as it says, two runs at 1,024 tokens, the case at 4,096."""
    random, count = np.random.default_rng(8), 4_000
    lengths = np.array([4096.0, 1024.0, 1024.0])
    tie = 0.3**2 * tie_by_length(lengths, lengths, SHARE)
    errors = random.multivariate_normal(np.zeros(3), tie, size=count)
    inside = 0
    for truth, *seen in errors:
        runs = [(float(np.exp(each + random.normal(0, SPREAD))), 0.3, 1024.0) for each in seen]
        found = error(runs, own_length=4096.0)
        inside += abs(truth - np.log(found.ratio)) <= 1.2816 * found.sigma
    assert inside / count == pytest.approx(0.8, abs=0.02)


def test_runs_of_one_set_up_are_no_surer_than_runs_usually_are() -> None:
    found = repeated_runs(np.array([100.0, 100.0]), SPREAD)
    assert found == pytest.approx((100.0, SPREAD / 2**0.5))
    assert repeated_runs(np.array([50.0, 200.0]), SPREAD).ratio == pytest.approx(100.0)


AMOUNTS = st.lists(st.floats(-1e9, 1e9, allow_nan=False), min_size=2, max_size=10)


def cents(value: float) -> Decimal:
    return Decimal(repr(round(float(value), 2)))


@given(AMOUNTS)
def test_the_steps_of_a_bridge_add_up_to_the_cent(amounts) -> None:
    steps = bridge_steps(np.array(amounts))
    ends = [Decimal(int(np.round(end * 100))) / 100 for end in (amounts[0], amounts[-1])]
    assert sum((cents(step) for step in steps), Decimal(0)) == ends[1] - ends[0]


@given(AMOUNTS)
def test_the_way_back_is_the_same_steps_with_the_other_sign(amounts) -> None:
    there, back = bridge_steps(np.array(amounts)), bridge_steps(np.array(amounts[::-1]))
    assert list(there) == [-step for step in back[::-1]]
