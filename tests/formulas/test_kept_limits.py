"""Sequences of a run that kept a limit on the time per token."""

import numpy as np
import pytest

from advisor.formulas.kept_limits import sequences_of_a_run

FLAT, EACH = 8e-3, 1e-4
ERROR = 0.13


def seconds(batch: np.ndarray) -> np.ndarray:
    """A step that takes 8 ms whatever runs, and a tenth of a millisecond more for each sequence."""
    return FLAT + EACH * batch


def sequences(limit: float, most: float = 2048.0, error: float = ERROR) -> float:
    return float(sequences_of_a_run(seconds, np.array([limit]), error, np.array([most]))[0])


def test_a_step_that_is_known_exactly_gives_the_number_whose_time_is_the_limit():
    assert sequences(20e-3, error=1e-2) == pytest.approx(120, rel=0.02)


def test_where_time_follows_the_number_the_error_hardly_matters():
    assert sequences(60e-3) == pytest.approx(520, rel=0.03)


def test_where_time_hardly_depends_on_the_number_the_limit_says_little():
    """8.1 ms is the step of one sequence, and within 13 % of that of ten."""
    assert 2 < sequences(8.1e-3) < 10


def test_what_no_number_keeps_leaves_few():
    assert 1 <= sequences(1e-3) < 3
    assert sequences(1e-9) == pytest.approx(1, abs=0.2)


@pytest.mark.parametrize("limit", [1.0, 1e6, np.inf])
def test_a_limit_that_decides_nothing_leaves_as_many_as_there_may_be(limit):
    assert sequences(limit) == pytest.approx(2048)
    assert sequences(limit, most=1.0) == pytest.approx(1)


def test_a_looser_limit_never_gives_fewer_and_runs_do_not_touch_each_other():
    limits = np.geomspace(1e-3, 1.0, 200)
    together = sequences_of_a_run(seconds, limits, ERROR, np.full(200, 300.0))
    assert np.all(np.diff(together) >= -1e-9)
    assert together == pytest.approx([sequences(limit, most=300.0) for limit in limits])
