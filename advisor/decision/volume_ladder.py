"""Volume ladder: from which daily requests serving pays, the project pays, and the verdict is another.

The baseline and the machines are chosen anew at each volume; how well the volume is known stays as it is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise
from math import exp, floor, log, log10

from advisor.assumptions import resolve
from advisor.catalog.catalog import Catalog
from advisor.core.records import Assumption, Assumptions
from advisor.decision.advice import Advice, judged

VOLUME = "daily_requests"
SMALLEST, LARGEST = 10.0, 1e8
STEPS_A_DECADE = 3
"""Rungs at which the case is worked anew; between two that differ the turn is searched."""
NARROW = 0.01
"""Relative distance down to which a turn is searched."""
REMEMBERED = 64


@dataclass(frozen=True)
class Rung:
    """The case at one volume [requests/day]: saving in a month, mean net present value of tuning now, verdict."""

    volume: float
    monthly_savings: float
    npv: float
    verdict: str

    @property
    def serves_cheaper(self) -> bool:
        return self.monthly_savings > 0

    @property
    def pays(self) -> bool:
        return self.npv > 0


@dataclass(frozen=True)
class VolumeLadder:
    """Volumes in requests a day; ``None`` where it is at none.

    ``serving`` and ``project`` are from where a month, and tuning on average, costs less than the best without it.
    ``verdicts`` are the volumes from which on a verdict holds, the first from the lowest rung.
    """

    you: float
    rungs: tuple[Rung, ...]
    serving: float | None
    project: float | None
    verdicts: tuple[tuple[float, str], ...]

    def at(self, volume: float) -> str:
        """The verdict at a volume."""
        return self.verdicts[self.place(volume)][1]

    def place(self, volume: float) -> int:
        """Which of the verdicts holds at a volume; below the lowest rung the first."""
        return max(sum(start <= volume for start, _ in self.verdicts) - 1, 0)


Worked = Callable[[float], Rung | None]
"""The case worked anew at a volume, each once."""


@lru_cache(REMEMBERED)
def volume_ladder(advice: Advice, catalog: Catalog) -> VolumeLadder | None:
    """The ladder of a case; ``None`` where its money is unknown or nothing is served."""
    if advice.headline is None or not advice.headline.serves:
        return None
    you = float(advice.assessment.assumptions.number(VOLUME))

    @cache
    def rung_at(volume: float) -> Rung | None:
        return _rung(advice, catalog, volume)

    count = round(STEPS_A_DECADE * log10(LARGEST / SMALLEST))
    volumes = {round(SMALLEST * 10 ** (k / STEPS_A_DECADE)) for k in range(count + 1)} | {you}
    worked = {v: rung for v in sorted(volumes) if (rung := rung_at(v)) is not None}
    if you not in worked:
        return None
    rungs = tuple(worked.values())
    verdicts = [(rungs[0].volume, rungs[0].verdict)]
    for low, high in pairwise(rungs):
        verdicts += _turns(rung_at, low, high, lambda rung: rung.verdict)
    return VolumeLadder(
        you=you,
        rungs=rungs,
        serving=_first(rung_at, rungs, lambda rung: rung.serves_cheaper),
        project=_first(rung_at, rungs, lambda rung: rung.pays),
        verdicts=tuple(verdicts),
    )


def _rung(advice: Advice, catalog: Catalog, volume: float) -> Rung | None:
    """The case worked anew at a volume; ``None`` where a price is unknown there."""
    here = advice.assessment.assumptions
    moved = resolve(advice.scenario.with_(**{VOLUME: volume}), catalog, here.on)
    found = judged(_as_well_known(moved, here[VOLUME]), catalog)
    economics = found.assessment.economics
    if found.actions is None or economics is None:
        return None
    savings = float(economics.monthly_savings)
    return Rung(volume, savings, found.actions["tune_now"].mean, found.recommendation.verdict)


def _as_well_known(a: Assumptions, here: Assumption) -> Assumptions:
    """The volume with the relative range that it has in the case."""
    row = a[VOLUME]
    scale = float(row.value or 0) / float(here.value or 0)
    low, high = (None if end is None else end * scale for end in (here.low, here.high))
    moved = replace(row, low=low, high=high, shape=here.shape, set_by=here.set_by)
    return replace(a, rows={**a.rows, VOLUME: moved})


def _turns(rung_at: Worked, low: Rung, high: Rung, said: Callable[[Rung], str]) -> Iterator[tuple[float, str]]:
    """Every volume between two rungs from which something else is said, as far as halving finds them."""
    if said(low) == said(high):
        return
    middle_volume = _between(low.volume, high.volume)
    middle = None if middle_volume is None else rung_at(middle_volume)
    if middle is None:
        yield high.volume, said(high)
        return
    yield from _turns(rung_at, low, middle, said)
    yield from _turns(rung_at, middle, high, said)


def _between(low: float, high: float) -> float | None:
    """A whole volume about halfway on a logarithmic scale; ``None`` where the two are near enough."""
    middle = float(floor(exp((log(low) + log(high)) / 2)))
    return middle if high > low * (1 + NARROW) and low < middle < high else None


def _first(rung_at: Worked, rungs: tuple[Rung, ...], holds: Callable[[Rung], bool]) -> float | None:
    """The least volume from which something holds."""
    first = next((k for k, rung in enumerate(rungs) if holds(rung)), None)
    if not first:
        return None if first is None else rungs[0].volume
    turns = _turns(rung_at, rungs[first - 1], rungs[first], lambda rung: str(holds(rung)))
    return next(volume for volume, now in turns if now == "True")
