"""Thresholds, on both sides of each limit."""

import numpy as np
import pytest

from advisor.models import decision


@pytest.mark.parametrize(
    ("months", "band"),
    [(0, 0), (1.9998, 0), (1.9999999999999996, 1), (2, 1), (5.99, 1), (6, 2), (11.99, 2), (12, 3), (np.nan, 3)],
)
def test_payback_bands_are_half_open_and_a_missing_payback_is_the_last(months, band):
    assert decision.payback_band(months, [2, 6, 12]) == band


@pytest.mark.parametrize(
    ("quality", "cells"),
    [
        (None, [decision.PROMPT, decision.ASK_QUALITY, decision.ASK_QUALITY, decision.STRONGLY]),
        (False, [decision.PROMPT, decision.PROMPT, decision.PROMPT, decision.STRONGLY]),
        (True, [decision.PROMPT, decision.LORA, decision.LORA, decision.STRONGLY]),
    ],
)
def test_both_limits_of_the_matrix_belong_to_the_middle(quality, cells):
    volumes = np.array([99.999, 100, 1000, 1000.001])
    assert decision.matrix_cell(volumes, quality, 100, 1000).tolist() == cells


def test_budget_is_compared_without_binary_dust():
    assert decision.budget_status(0.1 + 0.2, 0.1 + 0.2, 0.3) == decision.WITHIN_BUDGET
