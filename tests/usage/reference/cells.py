"""What a cell says: a text, a count, an amount, a moment; ``ValueError`` where its row must be left out."""

import json
import re
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

NOTHING = ("", "null", "NULL", "None", "\\N")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
COUNT_IN_GROUPS = re.compile(r"[+-]?\d{1,3}(,\d{3})+", re.ASCII)
AMOUNT_IN_GROUPS = re.compile(r"[+-]?\d{1,3}(,\d{3}){2,}(\.\d+)?|[+-]?\d{1,3}(,\d{3})+\.\d+", re.ASCII)
WITH_COMMA = re.compile(r"([+-]?)(\d{1,3}(?:\.\d{3})+|\d*)(?:,(\d*))?([eE][+-]?\d+)?", re.ASCII)
MOMENT = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d*))?)?\s?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?|\w+/\w+)?)?",
    re.ASCII,
)
YEAR_LAST = re.compile(
    r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})"
    r"(?:,?[T ]\s*(\d{1,2})(:\d{2}(?::\d{2}(?:[.,]\d+)?)?)(?:\s*([AaPp])\.?[Mm]\.?)?(.*))?",
    re.ASCII,
)
FIRST, END = 946_684_800, 4_102_444_800
"""The years 2000 to 2099."""
Record = Mapping[str, Any]
COMMAS: ContextVar[bool] = ContextVar("commas", default=False)
"""Whether the file was told to write 1,5 for one and a half."""


@dataclass
class Dates:
    """Dates of one file that end in the year: what was seen, and whether the month is first; ``None``: nobody knows."""

    seen: list[tuple[int, int]] = field(default_factory=list)
    month_first: bool | None = None

    def decide(self) -> None:
        dates = [pair for pair in self.seen if 1 <= min(pair) <= 12 and max(pair) <= 31]
        differing = [pair for pair in dates if pair[0] != pair[1]]
        is_day_first, is_month_first = (any(pair[k] > 12 for pair in differing) for k in (0, 1))
        if is_day_first != is_month_first or (self.seen and not differing):
            self.month_first = is_month_first


DATES: ContextVar[Dates] = ContextVar("DATES")


@dataclass(frozen=True)
class Read:
    """What a row adds to the sums of its file; a request with an id counts once."""

    sums: Mapping[str, float | None]
    id: str | None = None


def plain(name: str) -> str:
    return re.sub(r"\W+", "_", name.strip().casefold()).strip("_")


def value_at(row: Any, place: str) -> Any:
    """What stands at a place, inner keys after a slash; within text that is JSON too."""
    for key in place.split("/"):
        if isinstance(row, str):
            try:
                row = json.loads(row)
            except (ValueError, RecursionError):
                return None
        if not isinstance(row, Mapping):
            return None
        row = row[key] if key in row else next((v for k, v in row.items() if plain(k) == plain(key)), None)
    return row


def text(row: Record, *places: str) -> str | None:
    for place in places:
        value = value_at(row, place)
        if isinstance(value, bool):
            value = str(value).lower()
        if isinstance(value, list | dict):
            value = json.dumps(value)
        if value is not None and str(value).strip() not in NOTHING:
            return str(value).strip()
    return None


def word(row: Record, *places: str) -> str:
    return (text(row, *places) or "").lower()


def with_point(cell: str) -> str:
    """A number such as 1.250,75 with a point, as other tables write it."""
    match = WITH_COMMA.fullmatch(cell)
    if match is None or not (match[2] or match[3]):
        raise ValueError(cell)
    sign, whole, part, exponent = match.groups()
    return f"{sign}{whole.replace('.', '') or 0}.{part or 0}{exponent or ''}"


def amount(row: Record, *places: str, signed: bool = False) -> float | None:
    cell = text(row, *places)
    if cell is None:
        return None
    if COMMAS.get():
        cell = with_point(cell)
    elif AMOUNT_IN_GROUPS.fullmatch(cell):
        cell = cell.replace(",", "")
    if not NUMBER.fullmatch(cell):
        raise ValueError(cell)
    value = float(cell)
    if not abs(value) <= 1e12 or (value < 0 and not signed):
        raise ValueError(cell)
    return value


def count(row: Record, *places: str) -> int | None:
    cell = text(row, *places)
    if COMMAS.get():
        return _whole(amount(row, *places))
    if cell is not None and COUNT_IN_GROUPS.fullmatch(cell):
        cell = cell.replace(",", "")
    if cell is not None and re.fullmatch(r"[+-]?[1-9]\d{0,2}\.000", cell, re.ASCII):
        raise ValueError(cell)
    return _whole(amount({"x": cell}, "x"))


def _whole(value: float | None) -> int | None:
    if value is not None and value != int(value):
        raise ValueError(value)
    return None if value is None else int(value)


def seconds(row: Record, *places: str) -> float | None:
    """A moment as seconds since 1970; ``None`` where none can be read."""
    cell = text(row, *places)
    if cell is None:
        return None
    if re.fullmatch(r"\d{9,19}(\.\d+)?", cell, re.ASCII):
        number = float(cell)
        found = number / (1 if number < 1e11 else 1e3 if number < 1e14 else 1e6 if number < 1e17 else 1e9)
    else:
        try:
            found = _of_text(cell)
        except (ValueError, OverflowError, KeyError):
            return None
    return found if FIRST <= found < END else None


def _year_first(cell: str) -> str:
    """A date that ends in its year, in the order of its file, as ISO 8601 has it."""
    match = YEAR_LAST.fullmatch(cell)
    if match is None:
        return cell
    dates = DATES.get()
    dates.seen.append((int(match[1]), int(match[2])))
    if dates.month_first is None:
        raise ValueError(cell)
    month, day = (1, 2) if dates.month_first else (2, 1)
    hour = int(match[4] or 0)
    if match[6]:
        if not 1 <= hour <= 12:
            raise ValueError(cell)
        hour = hour % 12 + (12 if match[6] in "Pp" else 0)
    return f"{match[3]}-{match[month]}-{match[day]} {hour}{match[5] or ':00'}{match[7] or ''}"


def _of_text(cell: str) -> float:
    cell = _year_first(cell)
    match = MOMENT.fullmatch(cell)
    if match is None:
        raise ValueError(cell)
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    midnight = (hour, minute, second) == (24, 0, 0)
    moment = datetime(year, month, day, 0 if midnight else hour, minute, second, tzinfo=_zone(match[8] or "Z"))
    return moment.timestamp() + 86_400 * midnight + float(f"0.{match[7] or 0}"[:8])


def _zone(name: str) -> tzinfo:
    if name in ("Z", "UTC", "GMT"):
        return UTC
    if "/" in name:
        return ZoneInfo(name)
    digits = name[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if name[0] == "-" else offset)


def moment(row: Record, *places: str, beside: tuple[str, ...] = ()) -> float:
    """The moment that a row must have; other moments ``beside`` it need not be readable."""
    for place in beside:
        seconds(row, place)
    found = seconds(row, *places)
    if found is None:
        raise ValueError(places)
    return found


def period(row: Record, start: tuple[str, ...], end: tuple[str, ...]) -> float:
    """The start of a period that a row must have, and that must not run backwards."""
    begins, ends = seconds(row, *start), seconds(row, *end)
    if begins is None or ends is None or round(ends - begins) < 0:
        raise ValueError(end)
    return begins


def plus(first: float | None, *others: float | None) -> Any:
    """A sum of which the first must be known."""
    return None if first is None else first + sum(other or 0 for other in others)


def together(*values: int | None) -> int | None:
    """The sum of what is known."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None
