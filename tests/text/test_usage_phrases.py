"""Measured figures in words."""

from dataclasses import replace

import pytest

from advisor.text.i18n import Translator
from advisor.text.usage_phrases import model_rows, read_text, without_noise
from advisor.usage.records import Measured
from tests.usage.profiles import model, usage_profile

EN = Translator("en")


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


@pytest.mark.parametrize(("days", "told"), [(28.0, "28 days"), (1.0, "1 day"), (0.0408, "1 hour"), (0.5, "12 hours")])
def test_a_log_of_hours_is_not_told_to_last_no_day(days: float, told: str) -> None:
    period = read_text(replace(usage_profile(), days=days), EN)[1]
    assert period.endswith(f"({told}).")


def test_a_model_without_a_name_is_told_to_have_none() -> None:
    (row,) = model_rows(usage_profile(models=(model("", model_id=None),)), EN)
    assert row[:2] == (EN("usage.unnamed"), "not known")
