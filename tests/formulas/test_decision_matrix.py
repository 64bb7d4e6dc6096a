"""Thresholds, on both sides of each limit."""

import numpy as np
import pytest

from advisor.formulas import decision_matrix


@pytest.mark.parametrize(
    ("months", "band"),
    [(0, 0), (1.9998, 0), (1.9999999999999996, 1), (2, 1), (5.99, 1), (6, 2), (11.99, 2), (12, 3), (np.nan, 3)],
)
def test_payback_bands_are_half_open_and_a_missing_payback_is_the_last(months, band):
    assert decision_matrix.payback_band(months, [2, 6, 12]) == band


@pytest.mark.parametrize(
    ("quality", "cells"),
    [
        (
            None,
            [
                decision_matrix.PROMPT,
                decision_matrix.ASK_QUALITY,
                decision_matrix.ASK_QUALITY,
                decision_matrix.STRONGLY,
            ],
        ),
        (False, [decision_matrix.PROMPT, decision_matrix.PROMPT, decision_matrix.PROMPT, decision_matrix.STRONGLY]),
        (True, [decision_matrix.PROMPT, decision_matrix.LORA, decision_matrix.LORA, decision_matrix.STRONGLY]),
    ],
)
def test_both_limits_of_the_matrix_belong_to_the_middle(quality, cells):
    volumes = np.array([99.999, 100, 1000, 1000.001])
    assert decision_matrix.matrix_cell(volumes, quality, 100, 1000).tolist() == cells


def test_budget_is_compared_without_binary_dust():
    assert decision_matrix.budget_status(0.1 + 0.2, 0.1 + 0.2, 0.3) == decision_matrix.WITHIN_BUDGET
