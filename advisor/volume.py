"""How many requests a day it takes: the ordinary model, searched along the volume axis."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from advisor.economics import evaluate
from advisor.models import finance
from advisor.results import Assumptions, Economics

Condition = Callable[[np.ndarray], np.ndarray]
"""Cash flows of many volumes to true or false for each."""

SMALLEST_VOLUME, LARGEST_VOLUME = 1.0, 1e8
COARSE_STEPS, FINE_STEPS, FINE_ROUNDS = 321, 33, 5
"""A coarse step is 6 %, five rounds of 33 points narrow it to 2 parts in a billion."""


@dataclass(frozen=True)
class VolumeScan:
    """Ranges of daily requests in which the case pays (end ``None``: open), and the least that reaches each band."""

    intervals: tuple[tuple[float, float | None], ...]
    bands: Mapping[float, float | None]


def volume_scan(a: Assumptions, band_limits: tuple[float, ...]) -> VolumeScan:
    """Search from 1 to 100 million requests a day. Whole GPUs can make several separate profitable ranges."""

    def pays(flows: np.ndarray) -> np.ndarray:
        return np.asarray(finance.npv(flows, a.number("discount_rate")) >= 0)

    def pays_within(limit: float) -> Condition:
        return lambda flows: (
            (finance.payback_status(flows) == "ok") & (np.asarray(finance.payback_months(flows)) < limit)
        )

    volumes = np.geomspace(SMALLEST_VOLUME, LARGEST_VOLUME, COARSE_STEPS)
    flows = _flows_at(a, volumes)
    edges = _edges(a, pays, volumes, flows)
    intervals = tuple((start, next(iter(edges[k + 1 : k + 2]), None)) for k, start in enumerate(edges) if k % 2 == 0)
    bands = {m: next(iter(_edges(a, pays_within(m), volumes, flows, most=1)), None) for m in band_limits}
    return VolumeScan(intervals, bands)


def _flows_at(a: Assumptions, volumes: np.ndarray) -> np.ndarray:
    result = evaluate(a.replaced({"daily_requests": volumes}))
    if not isinstance(result, Economics):
        raise LookupError(f"prices are missing: {', '.join(result)}")
    return result.cash_flows


def _edges(
    a: Assumptions, holds: Condition, volumes: np.ndarray, flows: np.ndarray, most: int | None = None
) -> list[float]:
    """Volumes at which a condition starts (even places) or stops (odd places) to hold."""
    truth = holds(flows)
    found = [float(volumes[0])] if truth[0] else []
    for k in np.flatnonzero(truth[1:] != truth[:-1]):
        if most is not None and len(found) >= most:
            break
        found.append(_refined(a, holds, bool(truth[k]), float(volumes[k]), float(volumes[k + 1])))
    return found


def _refined(a: Assumptions, holds: Condition, before: bool, low: float, high: float) -> float:
    for _ in range(FINE_ROUNDS):
        fine = np.linspace(low, high, FINE_STEPS)
        k = int(np.argmax(holds(_flows_at(a, fine)) != before))
        low, high = float(fine[k - 1]), float(fine[k])
    return high
