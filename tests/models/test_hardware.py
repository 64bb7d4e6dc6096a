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


def test_cooling_multiplies_the_energy_bill():
    assert hardware.energy_cost(0.4, 100, 0.6, 1.5) == pytest.approx(36)
