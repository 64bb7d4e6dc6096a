"""The gate: its edges, what is undefined, and how evidence grows with items."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.formulas import quality

FEW = settings(max_examples=60)
inner = st.floats(0.02, 0.98)


@pytest.mark.parametrize(
    ("change", "two_sided", "one_sided"),
    [
        (-0.0200000001, "pass", "pass"),
        (-0.020000001, "fail", "fail"),
        (-0.02, "pass", "pass"),
        (0.02, "pass", "pass"),
        (0.03, "fail", "pass"),
        (np.nan, "undefined", "undefined"),
    ],
)
def test_edges_of_the_gate(change, two_sided, one_sided):
    assert quality.gate_status(change, 0.02, 0.02) == two_sided
    assert quality.gate_status(change, 0.02, np.inf) == one_sided


@FEW
@given(st.floats(0.01, 100), st.floats(0.01, 100))
def test_mirroring_a_metric_mirrors_its_change(before, after):
    up = quality.relative_change(before, after, True)
    assert quality.relative_change(before, after, False) == -up


def test_a_negative_score_that_rises_is_an_improvement():
    assert quality.relative_change(-2.0, -1.5, True) == pytest.approx(0.25)


def test_the_worst_of_several_gates_holds():
    words = ["pass", "not_proven", "undefined", "fail"]
    gates = [np.array(words), np.array(["pass"] * 4)]
    assert quality.combined_status(gates).tolist() == words
    assert quality.combined_status([np.array(word) for word in words]) == "fail"
    assert quality.combined_status([np.array(word) for word in words[:3]]) == "undefined"


def test_too_few_items_turn_a_pass_into_not_proven_and_leave_a_fail():
    status = quality.proven_status(np.array(["pass", "pass", "fail"]), np.array([3941, 3942, 100]), 3942)
    assert status.tolist() == ["not_proven", "pass", "fail"]


@FEW
@given(inner, st.floats(0.005, 0.2), st.floats(0.6, 0.99), st.floats(0.6, 0.99))
def test_the_margin_seen_by_the_items_needed_is_the_margin(pass_rate, margin, confidence, power):
    variance = quality.unpaired_variance(pass_rate)
    items = quality.items_needed(variance, margin, confidence, power)
    assert quality.margin_seen(variance, items, confidence, power) == pytest.approx(margin)
    assert quality.items_needed(variance, margin / 2, confidence, power) == pytest.approx(4 * items)


@FEW
@given(inner)
def test_paired_models_that_answer_independently_need_as_many_items(pass_rate):
    discordant = pass_rate * (1 - pass_rate) + (1 - pass_rate) * pass_rate
    assert quality.paired_variance(discordant) == pytest.approx(quality.unpaired_variance(pass_rate))


def test_no_margin_and_no_items_are_undefined():
    assert np.isnan(quality.items_needed(0.255, 0.0, 0.95, 0.8))
    assert np.isnan(quality.margin_seen(0.255, 0.0, 0.95, 0.8))
    assert np.isnan(quality.break_even_accuracy(0.0, 0.0))
