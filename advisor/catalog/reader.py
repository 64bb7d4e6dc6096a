"""Read one YAML file and build records from it; every fault becomes a :class:`DataError` in plain words."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, TypeVar, cast, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from advisor.catalog.fields import as_written
from advisor.core.notices import DataError, Issue
from advisor.core.yaml import YamlFault, read_yaml

RecordType = TypeVar("RecordType", bound=BaseModel)

WHOLE_FILE = "whole file"
LONGEST, MOST_SHOWN = 60, 120
"""Characters of a name, and of a value, that a fault repeats."""
UNKNOWN_KEY = ("extra_forbidden", "invalid_key")
ALLOWED = re.compile(r"'([^']*)'")
"""A word among those that pydantic says a field may hold."""
MENDS = {
    "missing": "add it",
    "date_type": "write a day as 2026-01-31, without quotes and without a time",
    "float_type": "write a plain number",
    "int_type": "write a whole number",
    "finite_number": "write a plain number, or null where the source does not say",
    "greater_than": "write a number above 0, or leave out what is not published",
    "string_type": "write text, in quotes where it looks like a number or a date",
    "string_too_short": "write at least one character",
    "too_short": "give at least one",
    "dict_type": "write keys and values, indented below it",
    "model_type": "write keys and values, indented below it",
    "tuple_type": "write a list, one '- ' for each entry",
    "list_type": "write a list, one '- ' for each entry",
    "bool_type": "write true or false",
}


def parse_yaml(content: bytes, file: str) -> dict[str, Any]:
    """The mapping a YAML file holds."""
    try:
        raw = read_yaml(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        issue = Issue("file", "own_not_utf8", {"byte": error.start})
        raise DataError(file, WHOLE_FILE, f"byte {error.start} is not UTF-8", "save the file as UTF-8", issue) from None
    except YamlFault as error:
        line = f"line {error.line}" if error.line else WHOLE_FILE
        mend = "correct this line or the one above it" if error.line else "remove the character"
        fault = f"not valid YAML, {error.problem}"
        raise DataError(file, line, fault, mend, _yaml_issue(error, content), line=error.line) from None
    except (RecursionError, ValueError) as error:  # nested without end, and a number that none can be
        issue = Issue("file", "own_not_yaml")
        raise DataError(file, WHOLE_FILE, f"cannot be read, {str(error)[:80]}", "begin it anew", issue) from None
    if raw is None:
        mend = "write its records, or delete it where it is optional"
        raise DataError(file, WHOLE_FILE, "holds no record", mend, Issue("file", "own_file_empty"))
    if not isinstance(raw, dict):
        mend = "begin it like its neighbours"
        raise DataError(file, WHOLE_FILE, "holds no keys at its top level", mend, Issue("file", "own_no_keys"))
    return raw


def _yaml_issue(error: YamlFault, content: bytes) -> Issue:
    if error.twice is not None:
        return Issue(error.twice[:LONGEST], "own_key_twice")
    if error.day is not None:
        return Issue("file", "own_no_such_day", {"value": error.day[:LONGEST]})
    if error.line is None:
        return Issue("file", "own_control_character")
    if b"\t" in b"".join(content.splitlines()[error.line - 1 : error.line]):
        return Issue("file", "own_tab")
    return Issue("file", "own_not_yaml")


def build(
    record_type: type[RecordType], raw: object, file: str, record: str, at: tuple[int | str, ...] = ()
) -> RecordType:
    """``raw`` as a record; a fault names ``file`` and ``record``, which stands ``at`` a place in the file."""
    try:
        return record_type.model_validate(raw)
    except ValidationError as error:
        first, *others = (_fault(detail, record_type, file, record, at) for detail in _independent(error, record_type))
        raise DataError(file, record, first.fault, first.mend, first.issue, path=first.path, others=others) from None


def _independent(error: ValidationError, record_type: type[BaseModel]) -> list[ErrorDetails]:
    """What is wrong, unknown keys first, without what only follows from another fault.

    A key that is misspelt is missing as well, and pydantic calls a list too short whose entries are wrong.
    """
    details = [_of_key(detail) for detail in error.errors(include_url=False)]
    unknown = [detail for detail in details if detail["type"] in UNKNOWN_KEY]
    follows = {("missing", (*each["loc"][:-1], _near_key(each, record_type))) for each in unknown}
    follows |= {("too_short", each["loc"][:end]) for each in details for end in range(len(each["loc"]))}
    others = [detail for detail in details if detail["type"] not in UNKNOWN_KEY]
    return unknown + [detail for detail in others if (detail["type"], detail["loc"]) not in follows]


def _of_key(detail: ErrorDetails) -> ErrorDetails:
    """A key that is a number, as pydantic tells it of a record or of a mapping, is one that nobody knows."""
    loc = detail["loc"]
    if loc and loc[-1] == "[key]":
        return {**detail, "type": "invalid_key", "loc": (*loc[:-2], str(loc[-2]))}
    return {**detail, "loc": (*loc[:-1], str(loc[-1]))} if detail["type"] == "invalid_key" else detail


def check_keys(raw: dict[str, Any], key: str, file: str) -> None:
    """Refuse what stands beside the list ``key``, which is all that the file may hold."""
    faults = [
        DataError(
            file,
            str(other),
            f"key {other!r} is unknown",
            f"keep only {key!r} at the top level",
            Issue(str(other)[:LONGEST], "own_key_at_top", {"key": key}),
            path=(str(other),),
        )
        for other in raw.keys() - {key}
    ]
    if faults:
        first, *others = sorted(faults, key=lambda fault: fault.record)
        raise DataError(file, first.record, first.fault, first.mend, first.issue, path=first.path, others=others)


def entries(raw: dict[str, Any], key: str, file: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and content of each entry of the list ``key``, which is all that the file may hold."""
    check_keys(raw, key, file)
    for position, entry in enumerate(listed_in(raw, key, file)):
        yield entry_name(entry, key, position), entry


def listed_in(raw: dict[str, Any], key: str, file: str) -> list[dict[str, Any]]:
    """The list ``key`` of a file."""
    listed = raw.get(key)
    if not isinstance(listed, list) or not listed:
        issue = Issue(key, "own_no_list")
        raise DataError(file, key, "is not a list of records", "write one '- ' for each record", issue, path=(key,))
    return listed


def entry_name(entry: object, key: str, position: int) -> str:
    """Name of an entry of the list ``key``: its id where it has one, else its place, from 1."""
    named = entry.get("id") or entry.get("currency") if isinstance(entry, dict) else None
    return str(named) if isinstance(named, str | int | float) else _dotted((key, position))


def _dotted(path: tuple[int | str, ...]) -> str:
    """A place in a file as people write it: ``skus[2].unit``."""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _fault(
    detail: ErrorDetails, record_type: type[BaseModel], file: str, record: str, at: tuple[int | str, ...]
) -> DataError:
    """One pydantic error, in plain words for whoever edits the file, and as an issue."""
    fault, mend = _explain(detail, record_type)
    place = _dotted(detail["loc"])
    named = ", ".join(part[:LONGEST] for part in (record, place) if part not in ("", WHOLE_FILE))
    issue = replace(_issue(detail, record_type), field=named or "file")
    return DataError(file, record, fault, mend, issue, path=(*at, *detail["loc"]))


def _explain(detail: ErrorDetails, record_type: type[BaseModel]) -> tuple[str, str]:
    """Fault and mend of one pydantic error in English."""
    place = _dotted(detail["loc"])
    kind, context = detail["type"], detail.get("ctx", {})
    where = f"{place}: " if place else ""
    if kind == "refused":
        inner = ".".join(place.split(".")[:-1])
        return (f"in {inner}, " if inner else "") + context["fault"], context["mend"]
    if kind == "missing":
        return f"key {place!r} is missing", MENDS[kind]
    if kind in UNKNOWN_KEY:
        near = _near_key(detail, record_type)
        return f"key {place!r} is unknown", f"did you mean {near!r}?" if near else "remove it"
    if kind == "literal_error":
        return f"{where}{_shown(detail['input'])} is not allowed", f"use one of {context['expected']}"
    reason = detail["msg"][0].lower() + detail["msg"][1:]
    return f"{where}{_shown(detail['input'])} is refused, {reason}", MENDS.get(kind, "correct the value")


def _shown(value: object) -> str:
    """A value as it was read; of a list or a mapping only that it is one, however large it is."""
    plain = float(value) if isinstance(value, Decimal) else value
    return repr(plain)[:MOST_SHOWN] if isinstance(plain, int | float | str | None) else type(plain).__name__


def _near_key(detail: ErrorDetails, record_type: type[BaseModel]) -> str:
    near = get_close_matches(str(detail["loc"][-1]), _keys_at(record_type, detail["loc"][:-1]), n=1)
    return near[0] if near else ""


def _issue(detail: ErrorDetails, record_type: type[BaseModel]) -> Issue:
    """One pydantic error as a code; its field is named by whoever knows the record."""
    kind, context = detail["type"], detail.get("ctx", {})
    value = {"value": as_written(detail["input"])}
    if kind == "refused" and isinstance(context.get("issue"), Issue):
        return cast(Issue, context["issue"])
    if kind == "missing":
        return Issue("", "own_key_missing")
    if kind in UNKNOWN_KEY:
        near = _near_key(detail, record_type)
        return Issue("", "own_key_unknown_near", {"near": near}) if near else Issue("", "own_key_unknown")
    if kind == "literal_error":
        allowed = ", ".join(ALLOWED.findall(context["expected"]))
        return Issue("", "own_not_allowed", {**value, "allowed": allowed})
    if kind in ("date_type", "datetime_type"):
        return Issue("", "own_not_a_day", value)
    if kind in ("float_type", "int_type", "finite_number"):
        code = "own_not_whole" if kind == "int_type" else "own_not_number"
        return Issue("", code, value)
    if kind == "greater_than":
        return Issue("", "own_not_above_zero", value)
    if kind in ("string_type", "string_too_short"):
        code = "own_not_text" if kind == "string_type" else "own_text_empty"
        return Issue("", code, value)
    return _issue_of_shape(kind, as_written(detail["input"]))


def _issue_of_shape(kind: str, shown: str) -> Issue:
    value = {"value": shown}
    if kind == "string_pattern_mismatch":
        return Issue("", "own_not_a_month", value)
    if kind == "too_short":
        return Issue("", "own_no_list")
    if kind in ("tuple_type", "list_type"):
        return Issue("", "own_not_a_list", value)
    if kind in ("dict_type", "model_type"):
        return Issue("", "own_not_keys", value)
    if kind == "bool_type":
        return Issue("", "own_not_yes_no", value)
    return Issue("", "own_value_refused", value)


def _keys_at(record_type: type[BaseModel], path: tuple[int | str, ...]) -> list[str]:
    """Keys a record may have at ``path`` inside ``record_type``."""
    here = record_type
    for part in path:
        if isinstance(part, str) and part in here.model_fields:
            here = _record_in(here.model_fields[part].annotation) or here
    return list(here.model_fields)


def _record_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _record_in(part))), None)
