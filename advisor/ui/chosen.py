"""What a reader chose on pages beyond the case: which cases stand beside it, and what budget several share."""

import json
from collections.abc import Callable, Mapping

from advisor.core.units import CURRENCIES
from advisor.scenario.files import nests_too_deep

PRESETS, KEPT, PRICES = "compare.presets", "compare.kept", "compare.prices"
BUDGET, CURRENCY, STATUS, TAGS, LEFT_OUT = (
    f"portfolio.{name}" for name in ("budget", "currency", "status", "tags", "left_out")
)
TODAY, AS_KEPT = "today", "as_kept"
"""At which prices kept cases stand beside another: today's, or those of their own day."""
MOST, LONGEST = 50, 200


def in_address(params: Mapping[str, str]) -> dict[str, object]:
    """The choices that an address holds; what is none is left out, since the pages show what is chosen."""
    found = {name: read(_json(params[name])) for name, read in READERS.items() if name in params}
    return {name: value for name, value in found.items() if value}


def _json(text: str) -> object:
    if nests_too_deep(text):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def _text(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= LONGEST else ""


def _names(value: object) -> tuple[str, ...]:
    return tuple(filter(None, map(_text, value))) if isinstance(value, list) and len(value) <= MOST else ()


def _revisions(value: object) -> dict[str, tuple[int, ...]]:
    """Numbers of revisions by the id of their case."""
    rows = value.items() if isinstance(value, dict) and len(value) <= MOST else ()
    return {
        case_id: tuple(numbers)
        for case_id, numbers in rows
        if isinstance(numbers, list) and all(type(number) is int for number in numbers)
    }


def _one_of(*options: str) -> Callable[[object], str]:
    return lambda value: str(value) if value in options else ""


READERS: dict[str, Callable[[object], object]] = {
    PRESETS: _names,
    KEPT: _revisions,
    PRICES: _one_of(TODAY, AS_KEPT),
    BUDGET: _text,
    CURRENCY: _one_of(*CURRENCIES),
    STATUS: _names,
    TAGS: _names,
    LEFT_OUT: _names,
}
"""Each choice by its name in the session and in the address."""
