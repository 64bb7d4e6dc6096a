"""Sampling errors: how far a figure of this log may lie from that of the traffic behind it.

Requests of one day are alike (one campaign, one customer, one release), so they are no independent draws, and an
interval from single requests would be far too narrow. Whole days are left out one at a time instead (the delete-one
jackknife): each figure is a smooth function of sums by day, for which it is consistent, needs no random numbers and
costs one division a day. From two days of each weekday on, days are compared with days of their weekday only: a log of
whole weeks holds as many Sundays as the traffic behind it, so the difference between Sundays and Mondays is no error.

A log with fewer than ``FEWEST_DAYS`` days is cut into hours, and the figure says so, since hours of a day are alike as
well: its interval is too narrow. With fewer than ``FEWEST_HOURS`` hours none is told.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from advisor.usage.records import BlockKind, Measured

Array = npt.NDArray[np.float64]
Days = npt.NDArray[np.datetime64]

FEWEST_DAYS, FEWEST_HOURS = 7, 24
WEEKDAYS = 7
RESAMPLES, SEED = 1000, 20261129
NORMAL_90 = 1.2815515655446004
"""90 % quantile of the normal distribution: both tails of 10 % leave an interval of 80 %."""


@dataclass(frozen=True)
class Blocks:
    """How rows are cut into blocks that are taken as independent: the block of each row, and the kind of a block.

    ``index`` has for each row the number of its block. ``strata`` has for each block the group within which blocks are
    compared. ``kind`` is ``None`` where there are too few blocks to tell an error.
    """

    index: npt.NDArray[np.int64]
    strata: npt.NDArray[np.int64]
    kind: BlockKind | None

    def sums(self, values: npt.ArrayLike) -> Array:
        """Sum of the values of each block; unknown values add nothing."""
        known = np.nan_to_num(np.asarray(values, dtype=float))
        return np.bincount(self.index, weights=known, minlength=len(self.strata)).astype(np.float64)


def blocks_of(hours: npt.ArrayLike) -> Blocks:
    """Blocks of rows that stand at these hours (UTC): days, or hours where there are few days."""
    stamps = np.asarray(hours, dtype="datetime64[h]")
    days, by_day = np.unique(stamps.astype("datetime64[D]"), return_inverse=True)
    if len(days) >= FEWEST_DAYS:
        return Blocks(by_day, strata_of(days), "day")
    each, by_hour = np.unique(stamps, return_inverse=True)
    return Blocks(by_hour, np.zeros(len(each), dtype=np.int64), "hour" if len(each) >= FEWEST_HOURS else None)


def weekdays(days: Days) -> npt.NDArray[np.int64]:
    """Weekday of each day, 0 for Monday."""
    return (days.astype("datetime64[D]").astype(np.int64) + 3) % WEEKDAYS


def strata_of(days: Days) -> npt.NDArray[np.int64]:
    """The weekday of each day where every weekday was seen twice, else one group for all."""
    found = weekdays(days)
    seen_twice = np.bincount(found, minlength=WEEKDAYS).min() >= 2
    return found if seen_twice else np.zeros(len(days), dtype=np.int64)


def ratio(numerator: Array, denominator: Array, blocks: Blocks, ceiling: float = np.inf) -> Measured | None:
    """Sum over sum of whole blocks, such as tokens over requests; ``None`` where the lower sum is 0.

    ``numerator`` and ``denominator`` have one sum a block; ``ceiling`` is the largest value that can be. What never
    happened in a log, or always, may still happen otherwise: a share of 0 or 1 has no interval.
    """
    top, bottom = numerator.sum(), denominator.sum()
    if bottom <= 0:
        return None
    held = (denominator > 0) | (numerator != 0)
    left = bottom - denominator[held]
    certain = np.isfinite(ceiling) and top in (0.0, ceiling * bottom)
    if blocks.kind is None or certain or _too_few(held, blocks) or (left <= 0).any():
        return Measured(float(top / bottom))
    without = (top - numerator[held]) / left
    value = float(top / bottom)
    low, high = around(value, without, blocks.strata[held], 0.0 if value >= 0 else -np.inf, ceiling)
    return Measured(value, low, high, blocks=blocks.kind)


def _too_few(held: npt.NDArray[np.bool_], blocks: Blocks) -> bool:
    return int(held.sum()) < (FEWEST_DAYS if blocks.kind == "day" else FEWEST_HOURS)


def around(
    value: float, without: Array, strata: npt.NDArray[np.int64], floor: float = -np.inf, ceiling: float = np.inf
) -> tuple[float, float]:
    """80 % interval around ``value``; ``without`` are the values with one block left out each."""
    error, freedom = jackknife_error(without, strata)
    reach = student_90(freedom) * error
    return float(max(value - reach, floor)), float(min(value + reach, ceiling))


def jackknife_error(without: Array, strata: npt.NDArray[np.int64]) -> tuple[float, int]:
    """Standard error of a figure by its values without one block, and the degrees of freedom behind it.

    Each value says how much its block pulls; pulls are compared within a group, and what differs between groups is no
    error. A group with one block says nothing of its spread: then all blocks are one group.
    """
    counts = np.bincount(strata)
    if (counts == 1).any():
        strata, counts = np.zeros(len(without), dtype=np.int64), np.array([len(without)])
    means = np.bincount(strata, weights=without) / np.maximum(counts, 1)
    size = counts[strata]
    squares = (size / (size - 1) * (without - means[strata]) ** 2).sum()
    return float((1 - 1 / len(without)) * np.sqrt(squares)), len(without) - int((counts > 0).sum())


def student_90(freedom: int) -> float:
    """90 % quantile of Student's t distribution, by its expansion around the normal one (1e-3 from 4 on)."""
    z, n = NORMAL_90, max(freedom, 1)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return float(z + sum(term / n ** (k + 1) for k, term in enumerate(terms)))


def resampled(days: int, figure: Callable[[npt.NDArray[np.int64]], float]) -> tuple[float, float]:
    """80 % interval of a figure that is no smooth function of sums: whole days drawn again, with repetition.

    ``figure`` is told the days of one drawing. The drawings are the same every time.
    """
    chance = np.random.default_rng(SEED)
    values = [figure(chance.integers(0, days, days)) for _ in range(RESAMPLES)]
    low, high = np.quantile(values, (0.1, 0.9))
    return float(low), float(high)
