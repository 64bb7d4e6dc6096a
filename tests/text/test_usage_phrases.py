"""Measured figures in words."""

import pytest

from advisor.text.usage_phrases import without_noise
from advisor.usage.records import Measured


@pytest.mark.parametrize(
    ("value", "low", "high", "shown"),
    [
        (1.1e-21, -1.09e-5, 1.09e-5, 0.0),  # a steady log: its growth is what is left of sums of some millions
        (0.0421234, 0.03, 0.05, 0.04212),
        (454_736.857, 454_736.77, 454_736.94, 454_736.857),
        (1_699.6845, None, None, 1_699.6845),
        (0.25, 0.25, 0.25, 0.25),
    ],
)
def test_what_lies_far_below_the_sampling_error_is_not_shown(
    value: float, low: float | None, high: float | None, shown: float
) -> None:
    assert without_noise(Measured(value, low, high, 28, "day")) == pytest.approx(shown, abs=1e-12)
