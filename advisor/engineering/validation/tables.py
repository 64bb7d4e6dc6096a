"""Tables of measurements, read whatever program wrote them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from advisor.core.notices import InputError, Issue
from advisor.core.row_files import listed_form, read_rows
from advisor.core.tables import Lines, read_lines, with_one_sign
from advisor.core.usage_logs import raise_if_recognised
from advisor.engineering.validation.column_heads import columns_read, of_kind
from advisor.engineering.validation.counted_cards import counted_twice, with_counted_cards
from advisor.engineering.validation.heads import (
    columns_told,
    known_heads,
    names_read,
    under_usual_names,
    unit_of_measured,
    usual_head,
    usual_heads,
    usual_names,
    with_derived,
    with_unit,
)
from advisor.engineering.validation.plausible_cells import USERS, plausible
from advisor.engineering.validation.settings import settings_in

ROW_ID = "row_id"
METRICS = re.compile(rb"(?:\xef\xbb\xbf)?\s*\"?(?:metric|statistic)s?\"?\s*[,;\t|]", re.IGNORECASE)
"""How a table begins that has a row for each figure of one run, as genai-perf writes it."""
NO_NUMBERS = re.compile(rf"^{ROW_ID}$|version|driver|cuda|rocm|torch|date|\u7248\u672c|\u65e5\u671f", re.IGNORECASE)
"""Columns of which 12.4 is no decimal number."""
THREE_ZEROS = re.compile(r"\d{1,3}\.000")
POINT_BEFORE_THREE = re.compile(r"\d{1,3}\.\d{3}")
MOST_NAMED = 12
FIT_COLUMNS = ("predicted_fits", "fit_probability")


@dataclass(frozen=True)
class MeasurementTable:
    """A kind of table: the column to predict, and the columns without which no row can be predicted.

    ``needed`` lists groups of columns; of each group one is enough.
    """

    id: str
    predicted: str
    needed: tuple[tuple[str, ...], ...]


TRAINING = (("params_b", "model"), ("method", "micro_batch", "seq_len", "lora_rank", "optimizer"))
"""A model, and one thing at least that is said of training runs alone."""
TABLES: Mapping[str, MeasurementTable] = {
    table.id: table
    for table in (
        MeasurementTable("memory", "predicted_gb_per_gpu", TRAINING),
        MeasurementTable("fits", FIT_COLUMNS[0], (*TRAINING, ("gpu_memory_gb", "gpu_canonical", "gpu"))),
        MeasurementTable(
            "speed",
            "predicted_tokens_per_s_per_gpu",
            (("gpu_canonical", "gpu"), ("params_b", "hidden_size", "model"), TRAINING[1]),
        ),
        MeasurementTable("serving", "predicted_tokens_per_s", (("gpu",), ("params_b", "model"))),
    )
}


@dataclass(frozen=True)
class TableRow:
    """One row; ``cells`` is ``None`` where cells and columns cannot be matched."""

    id: str
    cells: Mapping[str, str] | None


@dataclass(frozen=True)
class TableRead:
    """Rows in order, and what the reader is told of how they were read."""

    rows: tuple[TableRow, ...]
    told: tuple[Issue, ...] = ()


def read_table(content: bytes, table: MeasurementTable) -> TableRead:
    """Rows of a table as text, in order. A row without ``row_id`` is identified by its line.

    Parameters
    ----------
    content : bytes of the file
    table : MeasurementTable

    Returns
    -------
    TableRead

    Raises
    ------
    InputError
        If the file is too large, no text, no table or empty, or lacks a needed column or repeats one.
    """
    kind = table.id
    known = columns_read(kind) | known_heads(kind) | {ROW_ID}
    try:
        found = _lines(content, lambda head: usual_head(head, known))
        names = usual_heads(found.heads, known)
        check_columns(names, table, [usual for head in names for usual in usual_names(head, kind)])
    except InputError:
        raise_if_recognised(content)
        raise
    rows = rows_of(replace(found, columns=names, rows=_with_units(found, names, kind)))
    rows, whole = _without_zeros(rows, kind) if found.sign == "." else (rows, ())
    unit = unit_of_measured(found.heads) if kind == "memory" and "unit" not in names else None
    beside = {} if unit is None else {"unit": unit[1]}
    described = [None if row.cells is None else _described({**row.cells, **beside}, kind) for row in rows]
    twice = counted_twice(cells for cells in described if cells is not None)
    kept, odd = plausible([None if cells is None else with_counted_cards(cells) for cells in described])
    read = (replace(row, cells=_derived(cells, kind)) for row, cells in zip(rows, kept, strict=True))
    told = [] if unit is None else [Issue("file", "predicted_in_unit", {"column": unit[0], "unit": unit[1]})]
    of_heads = _told_of_heads(found.heads, names, kind, unit)
    return TableRead(tuple(read), (*found.told, *whole, *of_heads, *told, *twice, *odd))


def _lines(content: bytes, name_of: Callable[[str], str | None]) -> Lines:
    """Rows of a table, or of a list in JSON or YAML, whose lists within a row describe no run."""
    one = settings_in(content, name_of)
    if one is not None:
        return one
    form = listed_form(content)
    if form is None:
        if METRICS.match(content) is not None:
            raise _refused("table_of_metrics", "file")
        return read_lines(content, name_of, _may_be_number)
    found = read_rows(content, lambda _: None, lambda _: False, nested=False)
    rows = tuple((row.line, tuple(row.cells.get(head, "") for head in found.columns)) for row in found.rows)
    listed = Lines(found.columns, rows, found.told, found.columns)
    signed = with_one_sign(listed, _may_be_number)
    has_points = any(POINT_BEFORE_THREE.fullmatch(cell) for _, cells in rows for cell in cells)
    return signed if form == "yaml" or signed.sign == "." or not has_points else listed  # a number of JSON has a point


def _may_be_number(column: str) -> bool:
    return NO_NUMBERS.search(column) is None


def _without_zeros(rows: Sequence[TableRow], kind: str) -> tuple[list[TableRow], tuple[Issue, ...]]:
    """Rows of a table whose decimals stand behind a point, with ``1`` for ``1.000`` where a whole number belongs."""
    whole, told, kept = of_kind("count", "degree", "length") | {USERS}, dict[str, str](), []
    for row in rows:
        cells = dict(row.cells or {})
        for head, cell in cells.items():
            column = (usual_names(head, kind) or (head,))[0]
            if column in whole and THREE_ZEROS.fullmatch(cell):
                told[head] = told.get(head, cell)
                cells[head] = cell.partition(".")[0]
        kept.append(row if row.cells is None else replace(row, cells=cells))
    if not told:
        return kept, ()
    example = next(iter(told.values()))
    params = {"sign": ".", "columns": ", ".join(told), "example": example, "value": example.partition(".")[0]}
    return kept, (Issue("file", "decimals_read_as", params),)


def _with_units(found: Lines, names: Sequence[str], kind: str) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """The rows with the unit that heads a column behind each bare number in it."""
    of = [(head, (usual_names(name, kind) or (name,))[0]) for head, name in zip(found.heads, names, strict=True)]
    return tuple(
        (line, (*(with_unit(*each, cell) for each, cell in zip(of, cells, strict=False)), *cells[len(of) :]))
        for line, cells in found.rows
    )


def _described(cells: Mapping[str, str], kind: str) -> dict[str, str]:
    """A row under the usual names of its columns."""
    return {column: str(cell) for column, cell in under_usual_names(cells, kind).items()}


def _derived(cells: Mapping[str, str] | None, kind: str) -> dict[str, str] | None:
    """A row with what follows from its cells, under usual names alone: what is odd under one is not read elsewhere."""
    if cells is None:
        return None
    other = known_heads(kind) - columns_read(kind)
    found = {column: str(cell) for column, cell in with_derived(cells, kind).items()}
    return {column: cell for column, cell in found.items() if column not in other}


def _told_of_heads(
    heads: Sequence[str], names: Sequence[str], kind: str, unit: tuple[str, str] | None
) -> Iterator[Issue]:
    """Columns that were read under other names, and those that were not read."""
    if read := columns_told(heads, names, kind):
        yield Issue("file", "heads_read_as", {"columns": read})
    used = {*columns_read(kind), *names_read(names, kind), ROW_ID}
    if left := [
        head for head, name in zip(heads, names, strict=True) if head and name not in used and head not in (unit or ())
    ]:
        more = ", ..." if len(left) > MOST_NAMED else ""
        yield Issue("file", "columns_not_read", {"columns": ", ".join(left[:MOST_NAMED]) + more})


def rows_of(found: Lines, id_column: str = ROW_ID) -> list[TableRow]:
    """Rows of a table by the names of its columns.

    Parameters
    ----------
    found : Lines
    id_column : str

    Returns
    -------
    list of TableRow

    Raises
    ------
    InputError
        If there is none.
    """
    if not found.rows:
        raise _refused("table_without_rows", "file")
    return [_row(found.columns, cells, line, id_column) for line, cells in found.rows]


def check_columns(columns: Sequence[str], table: MeasurementTable, also: Iterable[str] = ()) -> None:
    """Refuse a repeated column, which would hide the other, and a missing one that is needed.

    Parameters
    ----------
    columns : sequence of str
    table : MeasurementTable
    also : iterable of str, columns that are there under other names

    Raises
    ------
    InputError
        With every such column.
    """
    named = [column for column in columns if column]
    twice = sorted({column for column in named if named.count(column) > 1})
    if twice:
        raise InputError([Issue("file", "column_twice", {"column": column}) for column in twice])
    missing = [group for group in table.needed if not {*group} & {*named, *also}]
    if missing:
        raise InputError([Issue("file", "column_missing", {"column": " / ".join(group)}) for group in missing])


def _row(columns: Sequence[str], cells: Sequence[str], line: int, id_column: str) -> TableRow:
    """Cells that end early are blank; a cell beyond the last column means that any of them may be misplaced."""
    named = {column: cell for column, cell in zip(columns, cells, strict=False) if column}
    row_id = named.get(id_column) or str(line)
    return TableRow(row_id, None if any(cells[len(columns) :]) else named)


def _refused(code: str, field: str, **params: object) -> InputError:
    return InputError([Issue(field, code, params)])
