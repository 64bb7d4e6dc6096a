"""Small tables as rows of named cells, whichever way they were saved: CSV, TSV, JSON, JSON lines or YAML."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import yaml

from advisor.core.notices import InputError, Issue
from advisor.core.tables import decoded, read_lines
from advisor.core.yaml import YamlFault, read_yaml

LARGEST_ROWS_MB = 5
"""Of JSON and YAML, whose readers are slower than that of tables."""
_YAML = re.compile(r"(?:\s*#[^\n]*\n|---\s*\n)*\s*- ")
_GAP = re.compile(r"[\s,]*")


@dataclass(frozen=True)
class FileRow:
    """One row: the line of the file in which it begins, and its cells as text by the name of their column."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class FileRows:
    """Rows of a file, the names of their columns, and what the reader is told of the reading."""

    columns: tuple[str, ...]
    rows: tuple[FileRow, ...]
    told: tuple[Issue, ...] = ()


def read_rows(
    content: bytes, name_of: Callable[[str], str | None], is_number: Callable[[str], bool], *, nested: bool = True
) -> FileRows:
    """The rows in a file. ``name_of`` gives the name of a column by what heads it, ``None`` where it is unknown.

    Lists and tables in a cell are refused, or passed over where ``nested`` is false.

    Raises :class:`InputError` with the line of what cannot be read.
    """
    form = listed_form(content)
    if form is not None:
        return _of_entries((_json_entries if form == "json" else _yaml_entries)(_text(content)), name_of, nested)
    found = read_lines(content, name_of, is_number)
    twice = [name for name in found.columns if name and found.columns.count(name) > 1]
    if twice:
        raise _refused("results_column_twice", twice[0])
    rows = []
    for line, cells in found.rows:
        if len(cells) > len(found.columns) and any(cells[len(found.columns) :]):
            raise _refused("results_row_too_long", "file", line=line)
        rows.append(FileRow(line, dict(zip(found.columns, cells, strict=False))))
    return FileRows(found.columns, tuple(rows), found.told)


def listed_form(content: bytes) -> Literal["json", "yaml"] | None:
    """Whether a file lists its rows as JSON or YAML does; ``None``: it is a table."""
    head = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] in (b"[", b"{"):
        return "json"
    return "yaml" if _YAML.match(head.decode("utf-8", "replace")) else None


def _text(content: bytes) -> str:
    if len(content) > LARGEST_ROWS_MB * 1_000_000:
        raise _refused("table_too_large", "file", maximum=LARGEST_ROWS_MB)
    return decoded(content)[0]


def _json_entries(text: str) -> Iterator[tuple[int, object]]:
    """Entries of a list, or objects one after the other, each with its line."""
    decoder = json.JSONDecoder(object_pairs_hook=_unique, parse_float=str, parse_int=str, parse_constant=str)
    at = text.index("[") + 1 if text.lstrip().startswith("[") else 0
    ends, line, counted = text.rstrip(), 1, 0
    last = len(ends) - 1 if at and ends.endswith("]") else len(ends)
    while (at := _gap(text, at)) < last:
        line, counted = line + text.count("\n", counted, at), at
        try:
            entry, at = decoder.raw_decode(text, at)
        except InputError:
            raise
        except (ValueError, RecursionError):
            raise _refused("results_not_readable", "file", line=line) from None
        yield line, entry


def _gap(text: str, at: int) -> int:
    found = _GAP.match(text, at)
    return at if found is None else found.end()


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise _refused("results_column_twice", twice[0][:40])
    return dict(pairs)


def _yaml_entries(text: str) -> Iterator[tuple[int, object]]:
    try:
        entries = read_yaml(text, as_written=True)
        nodes = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except YamlFault as fault:
        raise _refused("results_not_readable", "file", line=fault.line or "?") from None
    except (RecursionError, ValueError, TypeError):
        raise _refused("results_not_readable", "file", line="?") from None
    if not isinstance(entries, list) or not isinstance(nodes, yaml.SequenceNode):
        raise _refused("results_not_readable", "file", line=1)
    for node, entry in zip(nodes.value, entries, strict=True):
        yield node.start_mark.line + 1, entry


def _of_entries(entries: Iterator[tuple[int, object]], name_of: Callable[[str], str | None], nested: bool) -> FileRows:
    rows = [FileRow(line, _cells(line, entry, name_of, nested)) for line, entry in entries]
    columns = dict.fromkeys(name for row in rows for name in row.cells)
    return FileRows(tuple(columns), tuple(rows))


def _cells(line: int, entry: object, name_of: Callable[[str], str | None], nested: bool) -> Mapping[str, str]:
    if not isinstance(entry, Mapping):
        raise _refused("results_no_row", "file", line=line)
    cells: dict[str, str] = {}
    for key, value in entry.items():
        name = name_of(str(key)) or str(key)
        if isinstance(value, Mapping | list):
            if not nested:
                continue
            raise _refused("results_nested", name[:40], line=line)
        if name in cells:
            raise _refused("results_column_twice", name[:40])
        cells[name] = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value).strip()
    return cells


def _refused(code: str, field: str, **params: object) -> InputError:
    return InputError([Issue(field, code, params)])
