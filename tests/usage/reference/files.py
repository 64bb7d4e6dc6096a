"""The records of a file, ``None`` for one that cannot be read: rows of a table, objects of JSON, what is in pages."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.usage.reference.cells import plain
from tests.usage.reference.formats import FORMATS

LINE_END = re.compile(r"\r\n|\n|\r")


def records(form: str, content: str) -> Iterator[Any]:
    content = content.removeprefix("\ufeff")
    if content.lstrip(" \t\r\n").startswith(("{", "[")):
        for item in _objects(content):
            yield from (item,) if item is None else FORMATS[form].rows(item)
    else:
        for row in _table(form, content):
            yield from (row,) if row is None else FORMATS[form].rows_of_table(row)


def parsed(text: str) -> Any:
    try:
        return json.loads(re.sub(r"([\[,:])\s*-?(nan|inf|infinity)(?=[,}\]])", r"\1NaN", text, flags=re.I))
    except (ValueError, RecursionError):
        return None


def _objects(content: str) -> Iterator[Any]:
    whole = parsed(content)
    if whole is None:
        for line in LINE_END.split(content):
            if line.strip():
                item = parsed(line)
                yield item if isinstance(item, dict) else None
        return
    items = whole if isinstance(whole, list) else _within(whole)
    yield from (item for item in items if isinstance(item, dict))


def _within(document: Mapping[str, Any]) -> list[Any]:
    """The one list of records within an answer of an API, or the document itself."""
    data = document.get("data")
    is_page = isinstance(data, list) and all(isinstance(each, dict) and "results" in each for each in data)
    is_span = "attributes" in document or "resourceSpans" in document
    lists = [v for v in document.values() if isinstance(v, list) and v and all(isinstance(i, dict) for i in v)]
    return [document] if is_page or is_span or len(lists) != 1 else lists[0]


def _table(form: str, content: str) -> Iterator[Mapping[str, str] | None]:
    skipped, sign, header = _header(form, LINE_END.split(content))
    lines = io.StringIO(content, newline="")
    for _ in range(skipped):
        next(lines)
    for cells in csv.reader(lines, delimiter=sign, strict=True):
        if len(cells) == len(header) + 1 and cells[-1] == "":
            cells.pop()
        if cells:
            yield dict(reversed([*zip(header, cells, strict=True)])) if len(cells) == len(header) else None


def _header(form: str, lines: list[str]) -> tuple[int, str, list[str]]:
    for at, line in enumerate(lines[:11]):
        for sign in (",", "\t", ";", "|"):
            cells = [plain(cell) for cell in next(csv.reader([line], delimiter=sign), [])]
            if any(set(needed.split()) <= set(cells) for needed in FORMATS[form].header):
                return at + 1, sign, cells
    raise AssertionError("a table was read that has no header")
