"""The profile as a file, ``usage.json``: figures and names, no row of a log. Read back strictly."""

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise
from pathlib import PurePath
from typing import Any, TypeVar

from advisor.core.notices import InputError, Issue
from advisor.usage.profile import FIGURES, MOST_USE_CASES, REASONS
from advisor.usage.records import Measured, ModelShare, Rejected, UsageProfile

FORMAT, VERSION = "usage-profile", 1
LARGEST_BYTES, LONGEST_NAME, MOST_ROWS, MOST_MODELS = 4_000_000, 300, 40_000, 1_000
LARGEST = 1e18
HOURS_A_WEEK = 168
NEGATIVE = frozenset({"volume_growth", "list_price_discount", "monthly_credits", "monthly_adjustments", "monthly_bill"})
"""Figures that may be below 0."""
AT_MOST_1 = frozenset(name for name, unit in FIGURES.items() if unit == "fraction")

_CODE = re.compile(r"[a-z][a-z0-9_]{0,60}")
Value = TypeVar("Value")


def dump_profile(found: UsageProfile) -> str:
    """The profile as JSON. Examples of rows that were left out, notices and folders of files stay behind."""
    kept = {
        "format": FORMAT,
        "version": VERSION,
        "formats": list(found.formats),
        "files": [_cleaned(PurePath(file).name) for file in found.files],
        "first": found.first and found.first.isoformat(),
        "last": found.last and found.last.isoformat(),
        "days": found.days,
        "rows": found.rows,
        "requests": found.requests,
        "currency": found.currency,
        "use_case": found.use_case and _cleaned(found.use_case),
        "figures": {name: {"unit": FIGURES[name], **vars(each)} for name, each in found.figures.items()},
        "not_known": dict(found.not_known),
        "models": [{**vars(each), "name": _cleaned(each.name)} for each in found.models[:MOST_MODELS]],
        "daily": [[day.isoformat(), count] for day, count in found.daily],
        "hours_of_week": list(found.hours_of_week),
        "by_use_case": {_cleaned(name): count for name, count in found.by_use_case.items()},
        "duplicates": found.duplicates,
        "rejected": [
            {"reason": each.reason, "rows": each.rows, "file": _cleaned(PurePath(each.file).name), "line": each.line}
            for each in found.rejected
        ],
    }
    return json.dumps(kept, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _cleaned(name: str) -> str:
    """A name of a log or a file, which may be anything, as it is read back."""
    return "".join(letter if letter.isprintable() else " " for letter in name[:LONGEST_NAME])


def read_profile(content: bytes) -> UsageProfile:
    """The profile that ``dump_profile`` wrote. Raises ``InputError`` where anything in it is not as written there."""
    raw = _object(_parsed(content), "file")
    if raw.get("format") != FORMAT:
        raise _unreadable()
    if raw.get("version") != VERSION:
        raise InputError([Issue("file", "usage_profile_other_version", {"version": _shown(raw.get("version"))})])
    raw = {name: value for name, value in raw.items() if name not in ("format", "version")}
    fields = _record(raw, "file", _FIELDS)
    told, missing = fields["figures"], fields["not_known"]
    if told.keys() & missing.keys() or told.keys() | missing.keys() != FIGURES.keys():
        raise _fault("figures", sorted(FIGURES.keys() - (told.keys() ^ missing.keys()))[:1])
    if fields["first"] and fields["last"] and fields["first"] > fields["last"]:
        raise _fault("last", fields["last"])
    return UsageProfile(**fields)


def _parsed(content: bytes) -> object:
    if len(content) > LARGEST_BYTES:
        raise _unreadable()
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise _unreadable() from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is written twice")
    return found


def _no_number(text: str) -> float:
    raise ValueError(text)


def _unreadable() -> InputError:
    return InputError([Issue("file", "usage_profile_unreadable", {})])


def _fault(place: str, value: object) -> InputError:
    return InputError([Issue("file", "usage_profile_field", {"place": place, "value": _shown(value)})])


def _shown(value: object) -> str:
    return str(value)[:40]


def _record(raw: object, place: str, fields: Mapping[str, Callable[[object, str], Any]]) -> dict[str, Any]:
    """An object with exactly these fields, each read by its function."""
    found = _object(raw, place)
    if found.keys() != fields.keys():
        raise _fault(place, ", ".join(sorted(found.keys() ^ fields.keys())))
    return {name: read(found[name], name if place == "file" else f"{place}.{name}") for name, read in fields.items()}


def _object(raw: object, place: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise _fault(place, raw)
    return raw


def _number(raw: object, place: str, low: float = 0.0, high: float = LARGEST) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not (abs(raw) <= LARGEST):
        raise _fault(place, raw)
    if not math.isfinite(raw) or not low <= raw <= high:
        raise _fault(place, raw)
    return float(raw)


def _count(raw: object, place: str) -> int:
    number = _number(raw, place)
    if not number.is_integer():
        raise _fault(place, raw)
    return int(number)


def _share(raw: object, place: str) -> float:
    return _number(raw, place, high=1 + 1e-9)


def _name(raw: object, place: str) -> str:
    if not isinstance(raw, str) or len(raw) > LONGEST_NAME or not raw.isprintable():
        raise _fault(place, raw)
    return raw


def _code(raw: object, place: str) -> str:
    if not isinstance(raw, str) or not _CODE.fullmatch(raw):
        raise _fault(place, raw)
    return raw


def _day(raw: object, place: str) -> date:
    try:
        return date.fromisoformat(_name(raw, place))
    except ValueError:
        raise _fault(place, raw) from None


def _maybe(read: Callable[[object, str], Value]) -> Callable[[object, str], Value | None]:
    return lambda raw, place: None if raw is None else read(raw, place)


def _each(read: Callable[[object, str], Value], most: int = MOST_ROWS) -> Callable[[object, str], tuple[Value, ...]]:
    def all_of(raw: object, place: str) -> tuple[Value, ...]:
        if not isinstance(raw, list) or len(raw) > most:
            raise _fault(place, raw)
        return tuple(read(value, f"{place}.{k}") for k, value in enumerate(raw))

    return all_of


def _figures(raw: object, place: str) -> dict[str, Measured]:
    return {name: _figure(name, value, f"{place}.{name}") for name, value in _object(raw, place).items()}


def _figure(name: str, raw: object, place: str) -> Measured:
    if name not in FIGURES:
        raise _fault(place, name)
    floor, top = -LARGEST if name in NEGATIVE else 0.0, 1 + 1e-9 if name in AT_MOST_1 else LARGEST

    def within(value: object, where: str) -> float:
        return _number(value, where, floor, top)

    fields = {"value": within, "low": _maybe(within), "high": _maybe(within), "rows": _maybe(_count)}
    found = _record(raw, place, {"unit": _name, **fields, "blocks": _maybe(_name)})
    if found.pop("unit") != FIGURES[name] or found["blocks"] not in (None, "day", "hour"):
        raise _fault(place, name)
    low, high = found["low"], found["high"]
    if (low is None) != (high is None) or (low is not None and not low <= found["value"] <= high):
        raise _fault(place, f"{low} - {high}")
    return Measured(**found)


def _reasons(raw: object, place: str) -> dict[str, str]:
    found = _object(raw, place)
    for name, reason in found.items():
        if name not in FIGURES or reason not in REASONS:
            raise _fault(f"{place}.{_shown(name)}", reason)
    return found


def _model(raw: object, place: str) -> ModelShare:
    share, tokens = _maybe(_share), _maybe(_number)
    fields = {"name": _name, "model_id": _maybe(_name), "requests": share, "input_tokens": tokens}
    return ModelShare(**_record(raw, place, {**fields, "output_tokens": tokens, "cost": share, "list_cost": share}))


def _of_day(raw: object, place: str) -> tuple[date, float]:
    if not isinstance(raw, list) or len(raw) != 2:
        raise _fault(place, raw)
    return _day(raw[0], place), _number(raw[1], place)


def _days(raw: object, place: str) -> tuple[tuple[date, float], ...]:
    found = _each(_of_day)(raw, place)
    if any(later[0] <= earlier[0] for earlier, later in pairwise(found)):
        raise _fault(place, "")
    return found


def _hours(raw: object, place: str) -> tuple[float, ...]:
    found = _each(_number)(raw, place)
    if len(found) not in (0, HOURS_A_WEEK):
        raise _fault(place, len(found))
    return found


def _counts(raw: object, place: str) -> dict[str, int]:
    found = _object(raw, place)
    if len(found) > MOST_USE_CASES:
        raise _fault(place, len(found))
    return {_name(name, place): _count(value, f"{place}.{_shown(name)}") for name, value in found.items()}


def _rejected(raw: object, place: str) -> Rejected:
    found = _record(raw, place, {"reason": _code, "rows": _count, "file": _name, "line": _maybe(_count)})
    return Rejected(**found, example="")


_FIELDS: Mapping[str, Callable[[object, str], Any]] = {
    "formats": _each(_code, 100),
    "files": _each(_name),
    "first": _maybe(_day),
    "last": _maybe(_day),
    "days": _number,
    "rows": _count,
    "requests": _maybe(_count),
    "currency": _maybe(_name),
    "use_case": _maybe(_name),
    "figures": _figures,
    "not_known": _reasons,
    "models": _each(_model, MOST_MODELS),
    "daily": _days,
    "hours_of_week": _hours,
    "by_use_case": _counts,
    "duplicates": _count,
    "rejected": _each(_rejected),
}
"""Fields of the file and how each is read."""
