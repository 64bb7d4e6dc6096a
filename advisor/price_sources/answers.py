"""What a source answered: files to write, and each price that moved; one that moved too far is kept as it was."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from advisor.core.notices import InputError, Issue
from advisor.price_sources.fetch import unreadable

LARGEST_STEP = 5.0
"""A price that is more than so many times the last one, or less than the part of it, is taken for a mistake."""
HIGHEST = 1e6
"""No price per hour, per million tokens or rate to the dollar is higher."""
Kept = Literal["moved_too_far", "no_longer_told"]


@dataclass(frozen=True)
class PriceMove:
    """A price before and after, from a day on; ``kept`` says why the one before stays.

    ``old`` is ``None`` where there was none, ``new`` where the source no longer tells it.
    """

    subject: str
    unit: str
    old: float | None
    new: float | None
    on: date
    kept: Kept | None = None

    @property
    def change(self) -> float | None:
        """Relative change. [fraction]"""
        return None if self.old is None or self.new is None else self.new / self.old - 1


@dataclass(frozen=True)
class SourceAnswer:
    """``files`` by their path below the folder; ``read`` prices were looked at, which are those of the day ``as_of``.

    ``missing`` are sellers that could not be asked.
    """

    source: str
    as_of: date
    read: int
    moves: tuple[PriceMove, ...]
    files: Mapping[str, bytes]
    missing: tuple[str, ...] = ()


def checked(value: object, subject: str, source: str) -> float:
    """A price as a plain number above 0. Raises :class:`InputError`."""
    try:
        number = float(str(value))
    except ValueError:
        raise unreadable(source, subject, value) from None
    if not math.isfinite(number) or not 0 < number <= HIGHEST:
        raise InputError([Issue(source, "source_price_impossible", {"subject": subject, "value": str(value)[:40]})])
    return number


def not_later(day: date, on: date, source: str) -> date:
    """The day of an answer, refused where it has not come yet."""
    if day > on:
        raise InputError([Issue(source, "source_from_future", {"day": day.isoformat()})])
    return day


def moved(subject: str, unit: str, old: float | None, new: float, on: date) -> PriceMove | None:
    """The move from one price to the next; ``None`` where there is none."""
    if old is None:
        return PriceMove(subject, unit, None, new, on)
    if math.isclose(old, new, rel_tol=1e-9):
        return None
    far = not 1 / LARGEST_STEP <= new / old <= LARGEST_STEP
    return PriceMove(subject, unit, old, new, on, "moved_too_far" if far else None)
