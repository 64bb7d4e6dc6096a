"""Tables of a team's own results: columns with units and bounds, cells read as everywhere, faults by line."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from advisor.core.notices import InputError, Issue
from advisor.core.row_files import FileRow, read_rows
from advisor.scenario import Question, quoted
from advisor.scenario.reading import bare_name, read_number
from advisor.scenario.signs import AGREED, DENIED, plain_text_of
from advisor.text.i18n import Translator
from advisor.text.languages import languages

MISSPELT = 0.8
"""How alike a column's name is to a known one that is meant; others are of the table's own."""
MOST_FAULTS = 20
LARGEST = 1e15


@dataclass(frozen=True)
class ResultColumn:
    """A column of a table of results. ``unit`` is ``text`` or that of its numbers, which lie from low to high.

    ``names`` are other names of it, as bare names; its label on screen is one too.
    """

    id: str
    unit: str = "text"
    low: float = 0.0
    high: float = LARGEST
    names: tuple[str, ...] = ()
    whole: bool = False

    @property
    def is_number(self) -> bool:
        return self.unit != "text"

    def read(self, text: str, line: int, currency: str) -> float:
        """The number a cell says. Raises :class:`InputError` with column, line, what was read and what is right."""
        question = Question(self.id, "results", self.unit, self.low, self.high, self.whole, ())
        try:
            value = read_number(text, question, currency)
        except InputError as fault:
            raise InputError([_in_line(self.id, line, text, issue) for issue in fault.issues]) from None
        if value is None or value != value:
            raise InputError([Issue(self.id, "results_no_number", {"line": line, "value": quoted(text)})])
        said = {"line": line, "value": quoted(text)}
        if not self.low <= value <= self.high:
            raise InputError([Issue(self.id, "results_outside", {**said, "minimum": self.low, "maximum": self.high})])
        if self.whole and value != int(value):
            raise InputError([Issue(self.id, "results_not_whole", said)])
        return value


@dataclass(frozen=True)
class ResultRow:
    """One row: its line, its numbers and its texts by column; an empty cell is in neither."""

    line: int
    numbers: Mapping[str, float]
    texts: Mapping[str, str]


@dataclass(frozen=True)
class ResultTable:
    """Rows of a file of results, the known columns that it has, and what the reader is told of the reading."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[ResultRow, ...]
    told: tuple[Issue, ...]


def read_results(
    content: bytes, file: str, columns: Sequence[ResultColumn], needed: Iterable[str], currency: str = "USD"
) -> ResultTable:
    """The rows of a table with these columns, of which those ``needed`` may not be missing. Raises ``InputError``."""
    known = {column.id: column for column in columns}
    name_of = _names(columns)
    found = read_rows(content, name_of, lambda name: name in known and known[name].is_number)
    told = tuple(_check_columns(found.columns, known, needed))
    if not found.rows:
        raise InputError([Issue("file", "table_empty", {})])
    rows: list[ResultRow] = []
    faults: list[Issue] = []
    for row in found.rows:
        try:
            rows.append(_row(row, known, currency))
        except InputError as fault:
            faults += fault.issues
    if faults:
        raise InputError(faults[:MOST_FAULTS])
    return ResultTable(file, tuple(name for name in found.columns if name in known), tuple(rows), (*found.told, *told))


def yes_or_no(text: str) -> str:
    """1 for yes, true or right, 0 for no, false or wrong; any other text as it is."""
    plain = plain_text_of(text).casefold()
    if plain in AGREED | {"pass", "passed", "right", "correct"}:
        return "1"
    return "0" if plain in DENIED | {"fail", "failed", "wrong", "incorrect"} else text


def template(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """An example table as CSV; an empty cell stands for what nobody measured."""
    lines = [",".join(columns), *(",".join("" if cell is None else str(cell) for cell in row) for row in rows)]
    return "\n".join(lines) + "\n"


def _row(row: FileRow, known: Mapping[str, ResultColumn], currency: str) -> ResultRow:
    numbers: dict[str, float] = {}
    texts: dict[str, str] = {}
    faults: list[Issue] = []
    for name, cell in row.cells.items():
        if name not in known or not cell:
            continue
        if not known[name].is_number:
            texts[name] = quoted(cell)
            continue
        try:
            numbers[name] = known[name].read(cell, row.line, currency)
        except InputError as fault:
            faults += fault.issues
    if faults:
        raise InputError(faults)
    return ResultRow(row.line, numbers, texts)


def _in_line(name: str, line: int, text: str, issue: Issue) -> Issue:
    """What is wrong with a cell, by column and line."""
    said = {"line": line, "value": quoted(text)}
    if issue.code == "two_readings":
        two = {"first": issue.params["first"], "second": issue.params["second"]}
        return Issue(name, "results_two_readings", {**said, **two})
    if issue.code == "share_or_percent":
        percent = {"percent": issue.params["percent"], "read": issue.params["read"]}
        return Issue(name, "results_share_or_percent", {**said, **percent})
    if issue.code == "foreign_currency":
        two = {"found": issue.params["found"], "currency": issue.params["currency"]}
        return Issue(name, "results_foreign_currency", {**said, **two})
    return Issue(name, "results_no_number", {**said})


def _check_columns(columns: Sequence[str], known: Mapping[str, ResultColumn], needed: Iterable[str]) -> Iterator[Issue]:
    faults = [
        Issue(quoted(name), "unknown_field_near", {"near": near[0]})
        for name in columns
        if name and name not in known and (near := get_close_matches(bare_name(name), known, n=1, cutoff=MISSPELT))
    ]
    faults += [
        Issue(name, "results_column_missing", {"known": ", ".join(known)}) for name in needed if name not in columns
    ]
    if faults:
        raise InputError(faults)
    yield from (Issue(quoted(name), "column_left_out", {}) for name in columns if name and name not in known)


def columns_known(content: bytes, columns: Sequence[ResultColumn]) -> int:
    """How many columns of a table are among these. Raises :class:`InputError` where it cannot be read at all."""
    known = {column.id for column in columns}
    return len(known & {*read_rows(content, _names(columns), known.__contains__).columns})


def _names(columns: Sequence[ResultColumn]) -> Callable[[str], str | None]:
    """The column that a heading means: its id, another name of it, or its label; a unit in brackets is left out."""
    known: dict[str, str] = {}
    for column in columns:
        for name in (column.id, *column.names, *_labels(column.id)):
            known.setdefault(bare_name(name), column.id)

    def name_of(head: str) -> str | None:
        parts = (head, head.partition("(")[0], head.partition("\uff08")[0], head.partition("[")[0])
        return next((known[bare] for bare in map(bare_name, parts) if bare in known), None)

    return name_of


@cache
def _labels(column: str) -> tuple[str, ...]:
    key = f"results.column.{column}"
    return tuple(t(key) for t in map(Translator, languages()) if t.has(key))


def read_margin(text: str) -> float:
    """A loss that is borne, as a share above 0: ``0.03`` or ``3%``. Raises :class:`InputError`."""
    question = Question("margin", "results", "fraction", 0.0, 1.0, False, ())
    value = read_number(text, question, "USD")
    if value is None or not 0 < value < 1:
        raise InputError([Issue("margin", "results_margin", {"value": quoted(text)})])
    return value


def read_scale(scale: str | None, good: str | None) -> tuple[tuple[float, float] | None, float | None]:
    """The ends of a scale such as ``1-5``, and the score from which an answer is good. Raises :class:`InputError`."""
    ends = None
    if scale is not None:
        said = re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)\s*(?:-|\u2013|\.\.|:)\s*(-?\d+(?:\.\d+)?)\s*", scale)
        ends = None if said is None else (float(said[1]), float(said[2]))
        if ends is None or ends[0] >= ends[1]:
            raise InputError([Issue("scale", "results_scale", {"value": quoted(scale)})])
    if good is None:
        return ends, None
    question = Question("good", "results", "score", -LARGEST, LARGEST, False, ())
    found = read_number(good, question, "USD")
    if found is None or (ends is not None and not ends[0] < found <= ends[1]):
        raise InputError([Issue("good", "results_good", {"value": quoted(good)})])
    return ends, found
