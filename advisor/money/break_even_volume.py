"""Break-even volume: the daily requests at which the case pays, searched with the ordinary model."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from advisor.core.notices import UnknownPrice
from advisor.core.records import Assumptions, Unpriced
from advisor.formulas import finance
from advisor.money.cash_flows import evaluate

Condition = Callable[[np.ndarray], np.ndarray]
"""From the cash flows at many volumes to whether a condition holds at each."""

SMALLEST_VOLUME, LARGEST_VOLUME = 1.0, 1e8
COARSE_STEPS, FINE_STEPS, FINE_ROUNDS = 641, 257, 2
"""A coarse step is 3 %, two rounds of 256 parts narrow it to 5 parts in ten million."""
OF_NO_MATTER = frozenset({"daily_requests", "budget", "quality_need"})
"""The scan sets the requests itself, and no cash flow depends on the other two."""
REMEMBERED = 256


@dataclass(frozen=True)
class VolumeScan:
    """Ranges of daily requests in which the case pays, and the least volume that reaches each payback band.

    The end of a range is ``None`` where it is open.
    """

    intervals: tuple[tuple[float, float | None], ...]
    bands: Mapping[float, float | None]
    is_known: bool = True


class _Money:
    """Assumptions that compare equal when every cash flow is equal, whatever the volume."""

    def __init__(self, assumptions: Assumptions) -> None:
        self.assumptions = assumptions
        rows = tuple((k, row.value) for k, row in assumptions.rows.items() if k not in OF_NO_MATTER)
        self.values = (assumptions.baseline, rows)

    def __hash__(self) -> int:
        return hash(self.values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Money) and self.values == other.values


def volume_scan(a: Assumptions, band_limits: tuple[float, ...]) -> VolumeScan:
    """Search from 1 to 100 million requests a day. Whole GPUs can lead to several separate profitable ranges."""
    return _scan(_Money(a), band_limits)


@lru_cache(REMEMBERED)
def _scan(money: _Money, band_limits: tuple[float, ...]) -> VolumeScan:
    a = money.assumptions

    def pays(flows: np.ndarray) -> np.ndarray:
        return np.asarray(finance.npv(flows, a.number("discount_rate")) > 0)

    def pays_within(limit: float) -> Condition:
        return lambda flows: (
            (finance.payback_status(flows) == "ok") & (np.asarray(finance.payback_months(flows)) < limit)
        )

    volumes = np.geomspace(SMALLEST_VOLUME, LARGEST_VOLUME, COARSE_STEPS)
    try:
        flows = _flows_at(a, volumes)
    except UnknownPrice:  # what costs nothing without requests may have no price with them
        return VolumeScan((), MappingProxyType(dict.fromkeys(band_limits)), is_known=False)
    conditions = (pays, *(pays_within(limit) for limit in band_limits))
    brackets = [b for k, holds in enumerate(conditions) for b in _brackets(k, holds, volumes, flows, one=k > 0)]
    edges = _refined(a, conditions, brackets)
    paying, *reached = ([edge.high for edge in edges if edge.condition == k] for k in range(len(conditions)))
    intervals = tuple((start, next(iter(paying[k + 1 : k + 2]), None)) for k, start in enumerate(paying) if k % 2 == 0)
    bands = {limit: next(iter(found), None) for limit, found in zip(band_limits, reached, strict=True)}
    return VolumeScan(intervals, MappingProxyType(bands))


@dataclass(frozen=True)
class _Bracket:
    """Two volumes between which a condition changes; ``before`` is its value at the lower one."""

    condition: int
    before: bool
    low: float
    high: float


def _flows_at(a: Assumptions, volumes: np.ndarray) -> np.ndarray:
    result = evaluate(a.replaced({"daily_requests": volumes}))
    if isinstance(result, Unpriced):
        raise UnknownPrice(result.items)
    return result.cash_flows


def _brackets(condition: int, holds: Condition, volumes: np.ndarray, flows: np.ndarray, *, one: bool) -> list[_Bracket]:
    """Where a condition begins (even places) or ceases (odd places) to hold; ``one``: only where it first begins."""
    truth = holds(flows)
    start = float(volumes[0])
    found = [_Bracket(condition, False, start, start)] if truth[0] else []
    for k in np.flatnonzero(truth[1:] != truth[:-1]):
        found.append(_Bracket(condition, bool(truth[k]), float(volumes[k]), float(volumes[k + 1])))
    return found[:1] if one else found


def _refined(a: Assumptions, conditions: tuple[Condition, ...], brackets: list[_Bracket]) -> list[_Bracket]:
    """Narrow all brackets together: one array evaluation for each round."""
    for _ in range(FINE_ROUNDS if brackets else 0):
        fine = np.linspace([b.low for b in brackets], [b.high for b in brackets], FINE_STEPS, axis=-1)
        flows = _flows_at(a, fine.ravel()).reshape(*fine.shape, -1)
        for k, b in enumerate(brackets):
            if b.low < b.high:
                first = int(np.argmax(conditions[b.condition](flows[k]) != b.before))
                brackets[k] = replace(b, low=float(fine[k, first - 1]), high=float(fine[k, first]))
    return brackets
