"""What a single answer can be: a finite number, a line of text, a day. Raises pydantic errors."""

import json
import math
import re
import unicodedata
from datetime import date, datetime
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

LONGEST_QUOTE = 40
SMALLEST_NUMBER = 1e-12
"""Smaller numbers mean nothing in any unit asked for and would be lost to floating-point rounding."""
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
YEAR_FIRST = re.compile(r"([0-9]{4})(?:([-/.])([0-9]{1,2})\2|\u5e74([0-9]{1,2})\u6708)([0-9]{1,2})\u65e5?")
"""A day as year, month, day, which has one reading whatever parts them; day and month first have two."""
UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Control characters, halves of characters, line and paragraph separators."""
TEXT_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
SPECIAL_NUMBERS = {".nan": "nan", ".inf": "inf", "+.inf": "inf", "-.inf": "-inf"}
"""YAML's own spellings of what is no finite number."""


def plain_number(value: object) -> object:
    """Refuse what is not a finite number before pydantic coerces it (``True`` is 1, ``"nan"`` is a float)."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise PydanticCustomError("not_a_number", "not a number")
    try:
        number = float(SPECIAL_NUMBERS.get(value.strip().lower(), value) if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        code = "infinite" if isinstance(value, int) else "not_a_number"
        raise PydanticCustomError(code, "not a number") from None
    if math.isnan(number):
        raise PydanticCustomError("nan", "not a number")
    if math.isinf(number):
        raise PydanticCustomError("infinite", "infinite")
    if 0 < abs(number) < SMALLEST_NUMBER:
        raise PydanticCustomError("too_fine", "too small to count")
    return number


def plain_range(value: object) -> object:
    """Two finite numbers, from low to high; ``{low: ..., high: ...}`` says the same."""
    if isinstance(value, dict) and value.keys() == {"low", "high"}:
        value = (value["low"], value["high"])
    if not isinstance(value, (list, tuple)) or len(value) != 2 or None in value:
        raise PydanticCustomError("not_a_range", "not a range")
    return tuple(plain_number(end) for end in value)


def plain_text(value: object) -> object:
    """Refuse control and bidirectional-override characters, which could disguise the text around them."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "not a text")
    if any(unicodedata.category(c) in UNPRINTABLE or c in TEXT_DIRECTION for c in value):
        raise PydanticCustomError("unprintable", "control character")
    return value


def plain_shape(value: object) -> object:
    """The name of a model, or the shape of one's own: fields and what they are, as one line of JSON."""
    if not isinstance(value, dict):
        return plain_text(value)
    try:
        return plain_text(json.dumps(value, separators=(",", ":")))
    except (TypeError, ValueError, RecursionError):
        raise PydanticCustomError("string_type", "not a text") from None


def shape_fields(value: object) -> object:
    """A shape that a case keeps as one line, as fields and what they are; anything else as it is."""
    if not isinstance(value, str) or not value.startswith("{"):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def plain_date(value: object) -> object:
    """A day that begins with its year, and nothing else (pydantic reads ``0`` as a day of 1970)."""
    if isinstance(value, str) and (said := YEAR_FIRST.fullmatch(value.strip())):
        try:
            value = date(int(said[1]), int(said[3] or said[4]), int(said[5]))
        except ValueError:
            raise PydanticCustomError("date_parsing", "no such day") from None
    if value is None:
        return None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise PydanticCustomError("date_type", "not a day")
    if value < FIRST_DAY:
        raise PydanticCustomError("greater_than_equal", "too early", {"ge": FIRST_DAY.isoformat()})
    if value > LAST_DAY:
        raise PydanticCustomError("less_than_equal", "too late", {"le": LAST_DAY.isoformat()})
    return value


Day = Annotated[date | None, BeforeValidator(plain_date)]


def quoted(value: object) -> str:
    """A short, printable rendering of what the user wrote; containers by kind only."""
    if isinstance(value, (list, tuple, dict, set)):
        return "[...]" if not isinstance(value, dict) else "{...}"
    try:
        written = str(value).removesuffix(".0") if isinstance(value, float) else str(value)
    except ValueError:  # a whole number of thousands of digits
        return "..."
    text = "".join(c if c.isprintable() else " " for c in written[: LONGEST_QUOTE + 1])
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "..."
