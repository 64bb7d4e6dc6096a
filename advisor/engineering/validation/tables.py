"""Tables of measurements as CSV: read whatever program wrote them, predicted, and written back."""

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from advisor.catalog.loader import Catalog
from advisor.core.notices import InputError, Issue
from advisor.core.spreadsheets import id_cell
from advisor.engineering.from_catalog import cards
from advisor.engineering.validation.memory import predicted_fit, predicted_gb_per_gpu
from advisor.engineering.validation.serving_speed import predicted_tokens_per_s
from advisor.engineering.validation.training_speed import predicted_tokens_per_s_per_gpu

LARGEST_TABLE_MB = 100
LARGEST_TABLE_BYTES = LARGEST_TABLE_MB * 1_000_000
FITS = ("yes", "tight", "no")
UNREADABLE_ROW, NOT_COMPUTABLE = "cells_and_columns_differ", "not_computable"


@dataclass(frozen=True)
class MeasurementTable:
    """A kind of table: the column to predict, and the columns without which no row can be predicted.

    ``needed`` lists groups of columns; of each group one is enough.
    """

    id: str
    predicted: str
    needed: tuple[tuple[str, ...], ...]


TRAINING = (("method",), ("params_b",), ("micro_batch",), ("seq_len",))
TABLES: Mapping[str, MeasurementTable] = {
    table.id: table
    for table in (
        MeasurementTable("memory", "predicted_gb_per_gpu", TRAINING),
        MeasurementTable("fits", "predicted_fits", (*TRAINING, ("gpu_memory_gb", "gpu_canonical"))),
        MeasurementTable(
            "speed",
            "predicted_tokens_per_s_per_gpu",
            (("gpu_canonical", "gpu"), ("params_b", "hidden_size"), ("seq_len",)),
        ),
        MeasurementTable("serving", "predicted_tokens_per_s", (("gpu",), ("params_b", "model"))),
    )
}


@dataclass(frozen=True)
class TableRow:
    """One row; ``cells`` is ``None`` where cells and columns cannot be matched."""

    id: str
    cells: Mapping[str, str] | None


def read_table(content: bytes, table: MeasurementTable) -> list[TableRow]:
    """Rows of a CSV file, in order. A row without ``row_id`` is identified by its line.

    Parameters
    ----------
    content : bytes of the file
    table : MeasurementTable

    Returns
    -------
    list of TableRow

    Raises
    ------
    InputError
        If the file is too large, not UTF-8, not CSV or empty, or lacks a needed column or repeats one.
    """
    lines = csv.reader(io.StringIO(_text(content), newline=""), strict=True)
    rows: list[TableRow] = []
    columns: list[str] = []
    begins = 1
    try:
        for cells in lines:
            if not columns and any(cells):
                columns = [cell.strip() for cell in cells]
                _check_columns(columns, table)
            elif any(cells):
                rows.append(_row(columns, cells, begins))
            begins = lines.line_num + 1
    except csv.Error as error:
        raise _refused("table_not_csv", "file", line=begins, fault=str(error)) from None
    if not columns:
        raise _refused("table_empty", "file")
    if not rows:
        raise _refused("table_without_rows", "file")
    return rows


def predict(table: MeasurementTable, rows: Sequence[TableRow], catalog: Catalog) -> list[float | str]:
    """Prediction for each row.

    Parameters
    ----------
    table : MeasurementTable
    rows : sequence of TableRow
    catalog : Catalog

    Returns
    -------
    list of float [unit of the predicted column], or the code of why there is none; for the table "fits" the verdict
    """
    usable = [row.cells for row in rows if row.cells is not None]
    found = iter(_predicted(table, usable, catalog))
    return [UNREADABLE_ROW if row.cells is None else _usable(next(found)) for row in rows]


def is_prediction(table: MeasurementTable, value: float | str) -> bool:
    """Whether a value of ``predict`` is a prediction rather than the code of why there is none.

    Parameters
    ----------
    table : MeasurementTable
    value : float or str

    Returns
    -------
    bool
    """
    return value in FITS if table.id == "fits" else not isinstance(value, str)


def predictions_csv(table: MeasurementTable, rows: Iterable[tuple[str, float | str, str]]) -> str:
    """Predictions as CSV: id, prediction and, where it is empty, the reason in words.

    Parameters
    ----------
    table : MeasurementTable
    rows : iterable of str, float or str, str (id, prediction, reason or "")

    Returns
    -------
    str
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("row_id", table.predicted, "reason"))
    for row_id, value, reason in rows:
        writer.writerow(
            (id_cell(row_id), "" if reason else value if isinstance(value, str) else f"{value:.6g}", reason)
        )
    return text.getvalue()


def _text(content: bytes) -> str:
    if len(content) > LARGEST_TABLE_BYTES:
        raise _refused("table_too_large", "file", maximum=LARGEST_TABLE_MB)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused("table_not_utf8", "file", line=content.count(b"\n", 0, error.start) + 1) from None
    if "\0" in text:
        raise _refused("table_not_csv", "file", line=text.count("\n", 0, text.index("\0")) + 1, fault="NUL")
    return text


def _check_columns(columns: Sequence[str], table: MeasurementTable) -> None:
    """Refuse a repeated column, which would hide the other, and a missing one that is needed."""
    named = [column for column in columns if column]
    twice = sorted({column for column in named if named.count(column) > 1})
    if twice:
        raise InputError([Issue("file", "column_twice", {"column": column}) for column in twice])
    missing = [group for group in table.needed if not {*group} & {*named}]
    if missing:
        raise InputError([Issue("file", "column_missing", {"column": " / ".join(group)}) for group in missing])


def _row(columns: Sequence[str], cells: Sequence[str], line: int) -> TableRow:
    """Cells that end early are blank; a cell beyond the last column means that any of them may be misplaced."""
    named = {column: cell.strip() for column, cell in zip(columns, cells, strict=False) if column}
    row_id = named.get("row_id") or str(line)
    return TableRow(row_id, None if any(cells[len(columns) :]) else named)


def _predicted(table: MeasurementTable, rows: Sequence[Mapping[str, str]], catalog: Catalog) -> Sequence[float | str]:
    if not rows:
        return []
    if table.id == "memory":
        return predicted_gb_per_gpu(rows, catalog.constants("memory"))
    if table.id == "fits":
        return predicted_fit(rows, catalog.constants("memory"))
    if table.id == "speed":
        return predicted_tokens_per_s_per_gpu(rows, cards(catalog), catalog.constants("training"))
    return predicted_tokens_per_s(rows, cards(catalog), catalog.constants("serving"))


def _usable(value: float | str) -> float | str:
    """The prediction, or a code where it is infinite or not positive."""
    return value if isinstance(value, str) or (math.isfinite(value) and value > 0) else NOT_COMPUTABLE


def _refused(code: str, field: str, **params: object) -> InputError:
    return InputError([Issue(field, code, params)])
