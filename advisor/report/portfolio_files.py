"""Tables of cases of any length: read a chunk at a time from Parquet or text, written as columns of figures."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from advisor.assumptions.given import FileReader
from advisor.catalog.catalog import Catalog
from advisor.core.notices import InputError, Issue
from advisor.core.tables import LARGEST_TABLE_BYTES, decimal_sign, pointed
from advisor.decision.funding import Candidate
from advisor.decision.portfolio import FIGURES, Result, read_row
from advisor.engineering.validation.tables import check_columns
from advisor.report.portfolio import (
    ANY_TABLE,
    COLUMNS,
    ROW_ID,
    answers_of,
    column_named,
    figures_of,
    read_portfolio,
    told_of_columns,
    with_row_ids,
)
from advisor.scenario import QUESTIONS, quoted
from advisor.scenario.names import unit_of_head
from advisor.scenario.said_units import under_head
from advisor.text.i18n import Translator
from advisor.text.labels import labels

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow import parquet

ROWS_AT_ONCE = 20_000
"""Rows that are held at once, and of one part of the output."""
MAGIC = b"PAR1"
TABLES = (".csv", ".tsv", ".parquet")
NUMBERS = frozenset({*FIGURES, "asks", "value", "value_per_money"})
"""Columns of the output that hold numbers; the rank is a whole one, and the others hold words."""


@dataclass(frozen=True, eq=False)
class CasesFile:
    """A table of cases: how many, what the reader is told of it, and a call that gives the chunk of this place.

    ``digest`` is another one as soon as the columns or the rows are others.
    """

    rows: int
    told: tuple[Issue, ...]
    digest: str
    chunk: Callable[[int], Sequence[Candidate]]

    @property
    def chunks(self) -> int:
        return -(-self.rows // ROWS_AT_ONCE)


def is_parquet(path: Path) -> bool:
    """Whether a file begins as Parquet does. Raises :class:`OSError`."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC or path.suffix.lower() == ".parquet"


def open_cases(path: Path, catalog: Catalog, read_file: FileReader | None = None) -> CasesFile:
    """The table in a file. Raises :class:`InputError` for what is no table of cases, :class:`OSError`."""
    if is_parquet(path):
        return _parquet(path, catalog, read_file)
    with path.open("rb") as file:
        content = file.read(LARGEST_TABLE_BYTES + 1)
    found = read_portfolio(content, catalog, read_file)

    def chunk(place: int) -> Sequence[Candidate]:
        return found.candidates[place * ROWS_AT_ONCE : (place + 1) * ROWS_AT_ONCE]

    return CasesFile(len(found.candidates), found.told, hashlib.sha256(content).hexdigest(), chunk)


# --- Parquet --------------------------------------------------------------------------------------------


def _parquet(path: Path, catalog: Catalog, read_file: FileReader | None) -> CasesFile:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(path)
        names = _names(file.schema_arrow)
        signs = {name: sign for name in names.values() if (sign := _sign(file, name, names)) is not None}
    except (pa.ArrowException, OSError, ValueError):
        raise _broken(path) from None
    if not file.metadata.num_rows:
        raise _refused("table_without_rows", "file")
    reader = _Chunks(path, names, signs)

    def chunk(place: int) -> Sequence[Candidate]:
        rows = reader.at(place)
        return [_candidate(row, str(k), catalog, read_file) for k, row in enumerate(rows, place * ROWS_AT_ONCE + 1)]

    return CasesFile(file.metadata.num_rows, told_of_columns(tuple(names.values())), _digest(file), chunk)


def _broken(path: Path) -> InputError:
    return _refused("portfolio_parquet_broken", "file", path=quoted(path.name))


def _names(schema: "pa.Schema") -> dict[str, str]:
    """What each column of the file is of a case: the question, the id, or a name of the table's own.

    Raises :class:`InputError` for a column that holds no single answers.
    """
    columns = with_row_ids([column_named(head) or head for head in schema.names])
    names = {head: name for head, name in zip(schema.names, columns, strict=True) if head}
    check_columns(columns, ANY_TABLE)
    told_of_columns(tuple(names.values()))
    used = {head: name for head, name in names.items() if name in QUESTIONS or name == ROW_ID}
    faults = [
        Issue(quoted(name), "portfolio_column_type", {"type": str(kind)})
        for head, name in used.items()
        if not _is_plain(kind := schema.field(head).type)
    ]
    if faults:
        raise InputError(faults)
    return names


def _is_plain(kind: "pa.DataType") -> bool:
    from pyarrow import types

    value = kind.value_type if types.is_dictionary(kind) else kind
    tests = (types.is_floating, types.is_integer, types.is_decimal, types.is_boolean, types.is_null)
    texts = (types.is_string, types.is_large_string, types.is_string_view, types.is_date, types.is_timestamp)
    return any(test(value) for test in (*tests, *texts))


def _sign(file: "parquet.ParquetFile", name: str, names: Mapping[str, str]) -> str | None:
    """The decimal sign of a column of numbers that are texts, by all of its cells, as in a table that is text."""
    from pyarrow import compute, types

    head = next(each for each, called in names.items() if called == name)
    kind = file.schema_arrow.field(head).type
    is_text = types.is_string(kind) or types.is_large_string(kind) or types.is_dictionary(kind)
    if name not in QUESTIONS or not QUESTIONS[name].is_number or not is_text:
        return None
    shown: set[str | None] = set()
    for batch in file.iter_batches(batch_size=ROWS_AT_ONCE, columns=[head]):
        cells = [str(each).strip() for each in compute.unique(batch.column(0)).to_pylist() if each is not None]
        shown |= {decimal_sign([cell]) for cell in cells} - {None}
    return shown.pop() if len(shown) == 1 else None


def _digest(file: "parquet.ParquetFile") -> str:
    """Of the schema and of what the footer tells of every column of every row group."""
    told = hashlib.sha256(file.schema_arrow.serialize().to_pybytes())
    for place in range(file.metadata.num_row_groups):
        told.update(repr(file.metadata.row_group(place).to_dict()).encode())
    return told.hexdigest()


class _Chunks:
    """Chunks of a Parquet file, read on where the one before ended, or from the row group that another begins in."""

    def __init__(self, path: Path, names: Mapping[str, str], signs: Mapping[str, str]) -> None:
        self._path, self._signs = path, signs
        self._names = {head: name for head, name in names.items() if name in QUESTIONS or name == ROW_ID}
        self._units = {name: unit_of_head(head, name, labels()) for head, name in names.items()}
        self._next = -1
        self._rows: Iterator[list[Mapping[str, object]]] = iter(())

    def at(self, place: int) -> list[Mapping[str, object]]:
        """Rows of a chunk as answers. Raises :class:`InputError` where the file is damaged."""
        import pyarrow as pa

        if place != self._next:
            self._rows = self._from(place)
        self._next = place + 1
        try:
            return next(self._rows, [])
        except (pa.ArrowException, OSError, ValueError):
            raise _broken(self._path) from None

    def _from(self, place: int) -> Iterator[list[Mapping[str, object]]]:
        from pyarrow import parquet

        file, skip = parquet.ParquetFile(self._path), place * ROWS_AT_ONCE
        groups = [file.metadata.row_group(k).num_rows for k in range(file.metadata.num_row_groups)]
        first = 0
        while first < len(groups) - 1 and groups[first] <= skip:
            skip, first = skip - groups[first], first + 1
        held: list[Mapping[str, object]] = []
        given = dict(batch_size=ROWS_AT_ONCE, row_groups=[*range(first, len(groups))], columns=[*self._names])
        for batch in file.iter_batches(**given):
            rows = batch.slice(skip)
            skip = max(skip - batch.num_rows, 0)
            held += self._cells(rows)
            while len(held) >= ROWS_AT_ONCE:
                yield held[:ROWS_AT_ONCE]
                held = held[ROWS_AT_ONCE:]
        if held:
            yield held

    def _cells(self, batch: "pa.RecordBatch") -> Iterator[Mapping[str, object]]:
        names = [self._names[head] for head in batch.schema.names]
        columns = [[self._said(name, each) for each in batch.column(k).to_pylist()] for k, name in enumerate(names)]
        for cells in zip(*columns, strict=True) if columns else ({} for _ in range(batch.num_rows)):
            yield {name: cell for name, cell in zip(names, cells, strict=True) if cell not in (None, "")}

    def _said(self, name: str, value: Any) -> object:
        """A cell with the unit that heads its column."""
        return under_head(self._cell(name, value), self._units[name])

    def _cell(self, name: str, value: Any) -> object:
        """A cell as an answer: a text without what stands around it, a number that is none as nothing."""
        if isinstance(value, str):
            text = value.strip()
            return pointed(text, self._signs[name]) if name in self._signs else text
        if isinstance(value, bool):
            return value
        if hasattr(value, "as_tuple") or isinstance(value, int):
            return float(value)
        if isinstance(value, float):
            return None if value != value else value
        return date(value.year, value.month, value.day) if isinstance(value, date) else value


def _candidate(row: Mapping[str, object], number: str, catalog: Catalog, read_file: FileReader | None) -> Candidate:
    told = row.get(ROW_ID)
    if isinstance(told, float) and told.is_integer():
        told = int(told)
    return Candidate(number if told is None else str(told), read_row(answers_of(row), catalog, labels(), read_file))


# --- Written --------------------------------------------------------------------------------------------


def schema_of(columns: Sequence[str] = COLUMNS) -> "pa.Schema":
    """The columns of an output: figures as numbers, all else as texts."""
    import pyarrow as pa

    whole, number = dict.fromkeys(("rank",), pa.int64()), dict.fromkeys(NUMBERS, pa.float64())
    return pa.schema([(name, (whole | number).get(name, pa.string())) for name in columns])


def figures_table(candidates: Sequence[Candidate], results: Sequence[Result | None], t: Translator) -> "pa.Table":
    """A row for each candidate, in their order: its figures as numbers, or what is wrong with it."""
    import pyarrow as pa

    rows = [(each.id, *figures_of(result, t)) for each, result in zip(candidates, results, strict=True)]
    columns = zip(*rows, strict=True) if rows else ((),) * len(COLUMNS)
    schema = schema_of()
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)


def _refused(code: str, field: str, **params: object) -> InputError:
    return InputError([Issue(field, code, params)])
