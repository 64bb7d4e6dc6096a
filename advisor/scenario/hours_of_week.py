"""The shape of a week: how busy each hour is against the mean, as one line of text that fits into an address.

168 whole numbers in thousandths of the mean, Monday 00:00 UTC first, or 24 of a day that repeats, joined by points.
"""

import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from zlib import crc32

from pydantic_core import PydanticCustomError

from advisor.core.notices import InputError, Issue
from advisor.scenario.values import plain_number, quoted

HOURS = "hours_of_week"
LENGTHS = (24, 168)
"""Hours of a day, and of a week."""
THOUSAND = 1000
LARGE = 1e100
"""Numbers above it are divided before they are added up, so that no sum is infinite."""
SHAPE = re.compile(r"\d{1,9}(?:\.\d{1,9})+", re.ASCII)


def hours_answer(hours: Sequence[float]) -> str:
    """The answer that tells this shape: 24 or 168 numbers on any scale. Raises :class:`InputError`."""
    try:
        return str(plain_hours([*hours]))
    except PydanticCustomError as error:
        raise InputError([hours_issue(error.type, error.context or {})]) from None


@lru_cache(64)
def hours_shape(answer: str) -> tuple[float, ...]:
    """How busy each hour is over the mean of all, of an answer that was read. [multiple]"""
    return tuple(int(part) / THOUSAND for part in answer.split("."))


def is_hours(text: str) -> bool:
    """Whether a text is such an answer."""
    return text.count(".") + 1 in LENGTHS and SHAPE.fullmatch(text) is not None


def recorded(answer: object) -> object:
    """What a record keeps of its answer: of a shape its length, peak and checksum, since an address holds it once."""
    try:
        text = str(plain_hours(answer)) if answer is not None else ""
    except PydanticCustomError:
        return answer
    return f"{text.count('.') + 1} h, x {max(hours_shape(text))}, {crc32(text.encode()):08x}" if text else None


def plain_hours(value: object) -> object:
    """The answer of a list of numbers, or of the text that an address holds. Raises pydantic errors."""
    if value is None:
        return None
    if isinstance(value, str):
        value = value.strip().split(".") if SHAPE.fullmatch(value.strip()) else [value]
    if not isinstance(value, list | tuple) or len(value) not in LENGTHS:
        count = len(value) if isinstance(value, list | tuple) else 1
        raise PydanticCustomError("hours_count", "not 24 or 168 numbers", {"count": count})
    numbers = [_number(each, place) for place, each in enumerate(value, start=1)]
    if not any(numbers):
        raise PydanticCustomError("hours_all_zero", "no load at all")
    return ".".join(str(part) for part in _thousandths(numbers))


def hours_issue(fault: str, context: Mapping[str, Any]) -> Issue:
    """A refusal that says what was read."""
    if fault == "hours_count":
        return Issue(HOURS, "hours_count", {"count": context["count"]})
    if fault == "hours_number":
        return Issue(HOURS, "hours_number", {"place": context["place"], "value": context["value"]})
    return Issue(HOURS, "hours_all_zero", {})


def _number(value: object, place: int) -> float:
    refused = PydanticCustomError("hours_number", "not a load", {"place": place, "value": quoted(value)})
    try:
        number = plain_number(value)
    except PydanticCustomError:
        raise refused from None
    if not isinstance(number, float | int) or number < 0:
        raise refused
    return float(number)


def _thousandths(numbers: Sequence[float]) -> list[int]:
    """Whole thousandths of the mean whose own mean is 1000, so that reading them again changes none.

    What rounding down leaves goes to the largest remainders.
    """
    scale = max(numbers) if max(numbers) > LARGE else 1.0
    known = [number / scale for number in numbers]
    whole, total = THOUSAND * len(known), math.fsum(known)
    exact = [number * whole / total for number in known]
    found = [math.floor(round(each, 9)) for each in exact]
    by_rest = sorted(range(len(found)), key=lambda k: -round(exact[k] - found[k], 6))
    for k in by_rest[: whole - sum(found)]:
        found[k] += 1
    return found
