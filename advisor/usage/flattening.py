"""Nested documents as flat rows of named fields, in a file that the engine reads like any other."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from advisor.usage.files import UsageFile, records
from advisor.usage.readers.rows import UsageFormat, plain

UNREADABLE = "unreadable\n"
LINE = "_line"
_plain = lru_cache(maxsize=4_096)(plain)


def flat(file: UsageFile, form: UsageFormat, folder: Path) -> UsageFile:
    """A copy of the fields of a format, a row a line; a record that cannot be read stays one that cannot.

    Text of prompts and answers is not among the fields and does not reach the copy.
    """
    target = folder / f"{blake2b(str(file.path).encode(), digest_size=8).hexdigest()}.jsonl"
    with target.open("w", encoding="utf-8") as copy:
        for line, record in records(file):
            if record is None:
                copy.write(UNREADABLE)
                continue
            for row in _rows(record, form):
                fields = {name: text for name, places in form.fields.items() if (text := _first(row, places))}
                copy.write(json.dumps({**fields, LINE: line}) + "\n")
    return replace(file, path=target, kind="flat", columns=(*form.fields, LINE), is_zipped=False, sample=())


def _rows(record: Mapping[str, Any], form: UsageFormat) -> Iterator[Mapping[str, Any]]:
    if form.rows_of is not None and (form.one_by_one or (form.nested is not None and form.nested(record))):
        yield from form.rows_of(record)
    else:
        yield record


def _first(row: Mapping[str, Any], places: tuple[str, ...]) -> str | None:
    return next((text for place in places if (text := _text_at(row, place))), None)


def _text_at(row: Mapping[str, Any], place: str) -> str | None:
    value: object = row
    for key in place.split("/"):
        value = _spelled(value, key.removesuffix("!")) if isinstance(value, Mapping) else None
        if key.endswith("!") and isinstance(value, str):
            value = _parsed(value)
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case str():
            return value.strip() or None
        case list() | dict():
            return json.dumps(value, default=str)
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case _:
            return str(value)


def _spelled(record: Mapping[str, Any], key: str) -> object:
    """What stands under a key, however a program spells it."""
    if key in record:
        return record[key]
    wanted = _plain(key)
    return next((value for name, value in record.items() if _plain(name) == wanted), None)


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
