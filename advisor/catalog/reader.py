"""Read one YAML file and build records from it; every fault becomes a :class:`DataError` in plain words.

Scalars follow YAML 1.2, so that ``no`` stays text, ``12:30`` stays text and ``8e9``
is a number; PyYAML's own rules (YAML 1.1) read them as False, 750 and text.
"""

import re
from collections.abc import Hashable, Iterator
from difflib import get_close_matches
from typing import Any, ClassVar, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from advisor.core.notices import DataError

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


class _Yaml(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe YAML with the scalars of YAML 1.2 and without duplicate keys."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[Any]]] = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key is not text", key.start_mark)
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"key {key.value!r} stands twice", key.start_mark)
            seen.add(key.value)
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return mapping

    def construct_date(self, node: yaml.ScalarNode) -> Any:
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError:
            fault = f"day {node.value} does not exist"
            raise yaml.constructor.ConstructorError(None, None, fault, node.start_mark) from None


for _tag, _pattern, _first in (
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("bool", r"^(?:true|false)$", list("tf")),
    ("int", r"^[-+]?(?:0|[1-9][0-9]*)$", list("-+0123456789")),
    ("float", r"^[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?$", list("-+0123456789")),
    ("float", r"^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$", list("-+.")),
    ("timestamp", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt ].*)?$", list("0123456789")),
):
    _Yaml.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)
_Yaml.add_constructor("tag:yaml.org,2002:timestamp", _Yaml.construct_date)


def parse_yaml(content: bytes, file: str) -> dict[str, Any]:
    """The mapping a YAML file holds."""
    try:
        raw = yaml.load(content.decode("utf-8-sig"), Loader=_Yaml)
    except UnicodeDecodeError as error:
        raise DataError(file, "whole file", f"byte {error.start} is not UTF-8", "save the file as UTF-8") from None
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}" if error.problem_mark else "whole file"
        fault = f"not valid YAML, {error.problem}"
        raise DataError(file, line, fault, "correct this line or the one above it") from None
    except yaml.YAMLError as error:
        raise DataError(file, "whole file", f"not valid YAML, {error}", "remove the character") from None
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
    shown = detail["input"] if isinstance(detail["input"], int | float | str | None) else type(detail["input"]).__name__
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
