"""Read one YAML file and build records from it; every fault becomes a :class:`DataError` in plain words."""

from collections.abc import Iterator
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from advisor.core.notices import DataError
from advisor.core.yaml import YamlFault, read_yaml

RecordType = TypeVar("RecordType", bound=BaseModel)

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
        raise DataError(file, "whole file", f"byte {error.start} is not UTF-8", "save the file as UTF-8") from None
    except YamlFault as error:
        line = f"line {error.line}" if error.line else "whole file"
        mend = "correct this line or the one above it" if error.line else "remove the character"
        raise DataError(file, line, f"not valid YAML, {error.problem}", mend) from None
    if raw is None:
        raise DataError(file, "whole file", "holds no record", "write its records, or delete it where it is optional")
    if not isinstance(raw, dict):
        raise DataError(file, "whole file", "holds no keys at its top level", "begin it like its neighbours")
    return raw


def build(record_type: type[RecordType], raw: object, file: str, record: str) -> RecordType:
    """``raw`` as a record; a fault names ``file`` and ``record``."""
    try:
        return record_type.model_validate(raw)
    except ValidationError as error:
        first = min(error.errors(include_url=False), key=lambda detail: detail["type"] != "extra_forbidden")
        fault, mend = _explain(first, record_type)
        raise DataError(file, record, fault, mend) from None


def entries(raw: dict[str, Any], key: str, file: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and content of each entry of the list ``key``, which is all that the file may hold."""
    for other in raw.keys() - {key}:
        raise DataError(file, str(other), f"key {other!r} is unknown", f"keep only {key!r} at the top level")
    listed = raw.get(key)
    if not isinstance(listed, list) or not listed:
        raise DataError(file, key, "is not a list of records", "write one '- ' for each record")
    for position, entry in enumerate(listed, start=1):
        yield entry_name(entry, position), entry


def entry_name(entry: object, position: int) -> str:
    """Name of an entry of a list: its id where it has one."""
    named = entry.get("id") or entry.get("currency") if isinstance(entry, dict) else None
    return str(named) if named else f"record {position}"


def _explain(detail: ErrorDetails, record_type: type[BaseModel]) -> tuple[str, str]:
    """Fault and mend of one pydantic error, in plain words for whoever edits the file."""
    place = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in detail["loc"]).lstrip(".")
    kind, context = detail["type"], detail.get("ctx", {})
    where = f"{place}: " if place else ""
    if kind == "refused":
        inner = ".".join(place.split(".")[:-1])
        return (f"in {inner}, " if inner else "") + context["fault"], context["mend"]
    if kind == "missing":
        return f"key {place!r} is missing", MENDS[kind]
    if kind == "extra_forbidden":
        near = get_close_matches(str(detail["loc"][-1]), _keys_at(record_type, detail["loc"][:-1]), n=1)
        return f"key {place!r} is unknown", f"did you mean {near[0]!r}?" if near else "remove it"
    if kind == "literal_error":
        return f"{where}{detail['input']!r} is not allowed", f"use one of {context['expected']}"
    given = float(detail["input"]) if isinstance(detail["input"], Decimal) else detail["input"]
    shown = given if isinstance(given, int | float | str | None) else type(given).__name__
    reason = detail["msg"][0].lower() + detail["msg"][1:]
    return f"{where}{shown!r} is refused, {reason}", MENDS.get(kind, "correct the value")


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
