"""Widths fitted to errors: the aimed share lies inside, and a kind of run with few rows hardly moves."""

import numpy as np
import pytest

from advisor.engineering.prediction import STANDARD_DEVIATIONS
from tests.benchmarks.widths import AIMED, OWN_FACTOR, Errors, fitted

ROWS, TRUE = 4000, np.array([0.1, 0.3])


def errors(with_second: int) -> Errors:
    """Rows of which all have the first part and some the second, against constants that are twice too large."""
    variances = np.ones((ROWS, 2))
    variances[with_second:, 1] = 0
    size = np.abs(np.random.default_rng(1).normal(0, np.sqrt(variances @ TRUE**2)))
    some = ("a",) * ROWS
    return Errors(size, variances, ("sigma", "sigma_second"), np.array([0.2, 0.6]), np.ones(ROWS), some, some)


def test_the_aimed_share_lies_inside() -> None:
    found = errors(ROWS // 2)
    half = STANDARD_DEVIATIONS * np.sqrt(found.variances @ fitted(found) ** 2)
    assert np.mean(found.size <= half) == pytest.approx(AIMED, abs=0.02)
    first, second = (np.mean((found.size <= half)[rows]) for rows in (slice(ROWS // 2), slice(ROWS // 2, None)))
    assert first == pytest.approx(second, abs=0.04)


def test_a_part_without_rows_moves_with_all_and_no_further() -> None:
    first, second = fitted(errors(0)) / (0.2, 0.6)
    assert second / first == pytest.approx(1, abs=OWN_FACTOR / 5)
