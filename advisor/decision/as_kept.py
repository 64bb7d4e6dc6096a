"""A kept case as it was: at the prices of its day, with those put back that the price book no longer has so."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from advisor.assumptions import resolve
from advisor.catalog.catalog import Catalog
from advisor.core.notices import InputError
from advisor.decision.advice import advise
from advisor.decision.repricing import frozen_headline, frozen_numbers
from advisor.scenario import QUESTIONS, Scenario

SAME_SHARE = 1e-6
"""Figures that lie closer together are the same: far below what is shown, far above what another machine rounds."""


@dataclass(frozen=True)
class AsKept:
    """``case`` gives the frozen figures again; ``None`` where today's model and price book cannot.

    ``moved`` are the numbers that are not as they were frozen; those that ``case`` answers are put back.
    """

    case: Scenario | None
    moved: tuple[str, ...]


def as_kept(
    scenario: Scenario, then: Mapping[str, Any], frozen: Iterable[Mapping[str, Any]], catalog: Catalog, day: date
) -> AsKept:
    """The case that was frozen on ``day`` with the headline ``then`` and the ``frozen`` numbers, computed again.

    Nothing is taken for the old figures that does not give every one of them: a price that is put back as an answer
    has no range of a default, and a later release may reckon differently.
    """
    case, moved = scenario.with_(as_of=day), tuple[str, ...]()
    try:
        now = {row["id"]: row for row in frozen_numbers(resolve(case, catalog, day))}
        old = {row["id"]: row for row in frozen}
        moved = tuple(name for name in {**old, **now} if not _is_same_number(old.get(name), now.get(name)))
        put_back = {name: old[name]["value"] for name in moved if _can_be_put_back(old.get(name))}
        again = case.with_(**put_back)
        found = frozen_headline(advise(again, catalog, day))
    except InputError:  # an answer or an old price that may not be given any more
        return AsKept(None, moved)
    return AsKept(again if _is_same(dict(then), {name: found.get(name) for name in then}) else None, moved)


def _is_same_number(old: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> bool:
    """Whether a number counts alike; where it was read does not matter."""
    counts = ("value", "unit", "low", "high")
    return old is not None and now is not None and all(_is_same(old[name], now[name]) for name in counts)


def _can_be_put_back(old: Mapping[str, Any] | None) -> bool:
    return old is not None and old["id"] in QUESTIONS and old["value"] is not None


def _is_same(old: Any, now: Any) -> bool:
    """Whether two values of JSON are the same but for the last digits of a number."""
    if isinstance(old, Mapping) and isinstance(now, Mapping):
        return old.keys() == now.keys() and all(_is_same(old[name], now[name]) for name in old)
    if isinstance(old, float | int) and isinstance(now, float | int):
        return math.isclose(old, now, rel_tol=SAME_SHARE, abs_tol=SAME_SHARE)
    return bool(old == now)
