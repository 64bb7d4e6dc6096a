"""Machines: how many are needed at a boundary, and what is undefined."""

import numpy as np
import pytest

from advisor.models import hardware


@pytest.mark.parametrize(("requests_per_day", "replicas"), [(0, 1), (28_080, 1), (28_081, 2), (200_000, 8)])
def test_one_request_more_can_need_another_replica(requests_per_day, replicas):
    needed = hardware.replicas_needed(requests_per_day / 86_400, 3, 1.5, 0.65, 1)
    assert needed == replicas


def test_replicas_without_capacity_are_undefined():
    assert np.isnan(hardware.replicas_needed(1.0, 3, 0.0, 0.65, 1))


def test_a_free_capital_annuity_is_straight_line_depreciation():
    rates = np.array([0.0, 1e-7])
    annuity = hardware.annual_owning_cost(13_500, 0.25, 3, rates)
    assert annuity[0] == hardware.annual_depreciation(13_500, 0.25, 3) == 3375
    assert annuity[1] == pytest.approx(3375, rel=1e-6)


def test_cooling_multiplies_the_energy_bill():
    assert hardware.energy_cost(0.4, 100, 0.6, 1.5) == pytest.approx(36)
