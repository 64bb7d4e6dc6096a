"""Predictions of the rows of a table: what is predicted of each, why nothing is, and the file that says both."""

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from advisor.catalog.catalog import Catalog
from advisor.core.notices import Issue, unknown_id
from advisor.core.spreadsheets import id_cell
from advisor.engineering.from_catalog import card_named, cards, models, near_cards, with_named_shape
from advisor.engineering.prediction import FitVerdict, Prediction
from advisor.engineering.validation.memory import card_gib, predicted_fit, predicted_gb_per_gpu
from advisor.engineering.validation.plausible_cells import LONGEST_SHOWN
from advisor.engineering.validation.serving_speed import predicted_tokens_per_s
from advisor.engineering.validation.tables import FIT_COLUMNS, MeasurementTable, TableRow
from advisor.engineering.validation.training_speed import predicted_tokens_per_s_per_gpu

DECIDING: Mapping[str, tuple[str, ...]] = {
    "gpu_unknown": ("gpu_canonical", "gpu"),
    "no_card": ("gpu_canonical", "gpu", "gpu_memory_gb"),
    "unknown_method": ("method",),
    "no_params": ("params_b", "model"),
    "model_size_missing": ("params_b", "model"),
    "unreadable_num_gpus": ("num_gpus",),
    "unreadable_lengths": ("input_len", "output_len"),
    "load_unknown": ("benchmark_mode", "concurrency_or_batch"),
}
"""The columns whose cells decide why there is no prediction."""
UNREADABLE_ROW, NOT_COMPUTABLE = "cells_and_columns_differ", "not_computable"


def predict(table: MeasurementTable, rows: Sequence[TableRow], catalog: Catalog) -> list[Prediction | FitVerdict | str]:
    """Prediction for each row.

    Parameters
    ----------
    table : MeasurementTable
    rows : sequence of TableRow
    catalog : Catalog

    Returns
    -------
    list of Prediction [unit of the predicted column], for "fits" of FitVerdict, or the code of why there is none
    """
    known = models(catalog)
    usable = [with_named_shape(row.cells, known) for row in rows if row.cells is not None]
    found = iter(_predicted(table, usable, catalog))
    return [UNREADABLE_ROW if row.cells is None else _usable(next(found)) for row in rows]


def unknown_cards(table: MeasurementTable, rows: Sequence[TableRow], catalog: Catalog) -> list[Issue]:
    """Names of cards that the catalog does not have, each once with those that are near.

    Where memory alone is asked for, a name that states it is enough.

    Parameters
    ----------
    table : MeasurementTable
    rows : sequence of TableRow
    catalog : Catalog

    Returns
    -------
    list of Issue
    """
    known = cards(catalog)
    told: dict[str, Issue] = {}
    for cells in (row.cells or {} for row in rows):
        names = [(column, cells.get(column, "")) for column in ("gpu_canonical", "gpu") if cells.get(column)]
        of_memory = table.id in ("memory", "fits") and card_gib(cells, known) is not None
        if names and not of_memory and not any(card_named(known, name) for _, name in names):
            column, name = names[-1]
            told[name] = told.get(name) or unknown_id(column, name, near_cards(known, name), catalog.gpus)
    return list(told.values())


def deciding(row: TableRow, code: str) -> str:
    """The cells of a row that decide why there is no prediction, with their columns.

    Parameters
    ----------
    row : TableRow
    code : str, of the reason

    Returns
    -------
    str, empty where there are none
    """
    cells = ((column, (row.cells or {}).get(column, "")) for column in DECIDING.get(code, ()))
    return ", ".join(f"{column} = {cell[:LONGEST_SHOWN]}" for column, cell in cells if cell)


def predictions_csv(table: MeasurementTable, rows: Iterable[tuple[str, Prediction | FitVerdict | str, str]]) -> str:
    """Predictions as CSV: id, prediction, ends of its 80 % interval, and in words what was assumed or why it is empty.

    Of memory also whether the run fits its card, with the probability, where that card is known.

    Parameters
    ----------
    table : MeasurementTable
    rows : iterable of str, Prediction, FitVerdict or str, str (id, prediction, reason or "")

    Returns
    -------
    str
    """
    text = io.StringIO()
    columns = (*_figure_columns(table), *(FIT_COLUMNS if table.id in ("memory", "fits") else ()))
    writer = csv.DictWriter(text, ("row_id", *columns, "reason"), restval="", lineterminator="\n")
    writer.writeheader()
    for row_id, value, reason in rows:
        writer.writerow({"row_id": id_cell(row_id), **_cells(table, value), "reason": reason})
    return text.getvalue()


def _figure_columns(table: MeasurementTable) -> tuple[str, ...]:
    """Columns of the figure and the ends of its interval."""
    return () if table.id == "fits" else (table.predicted, f"{table.predicted}_low", f"{table.predicted}_high")


def _cells(table: MeasurementTable, value: Prediction | FitVerdict | str) -> dict[str, str]:
    """What is said of a row; nothing where there is only the code of a reason."""
    figures = (value.middle, value.low, value.high) if isinstance(value, Prediction) else ()
    fit = value.fit if isinstance(value, Prediction) else value
    told = (fit.verdict, f"{fit.probability:.3f}") if isinstance(fit, FitVerdict) else ()
    cells = {name: f"{figure:.6g}" for name, figure in zip(_figure_columns(table), figures, strict=False)}
    return cells | dict(zip(FIT_COLUMNS, told, strict=False))


def _predicted(
    table: MeasurementTable, rows: Sequence[Mapping[str, str]], catalog: Catalog
) -> Sequence[Prediction | FitVerdict | str]:
    if not rows:
        return []
    if table.id == "memory":
        return _memory_and_fit(rows, catalog)
    if table.id == "fits":
        return predicted_fit(rows, cards(catalog), catalog.constants("memory"))
    if table.id == "speed":
        return predicted_tokens_per_s_per_gpu(rows, cards(catalog), catalog.constants("training"))
    return predicted_tokens_per_s(rows, cards(catalog), catalog.constants("serving"), models(catalog))


def _memory_and_fit(rows: Sequence[Mapping[str, str]], catalog: Catalog) -> list[Prediction | str]:
    known, constants = cards(catalog), catalog.constants("memory")
    pairs = zip(predicted_gb_per_gpu(rows, known, constants), predicted_fit(rows, known, constants), strict=True)
    return [
        replace(value, fit=fit) if isinstance(value, Prediction) and isinstance(fit, FitVerdict) else value
        for value, fit in pairs
    ]


def _usable(value: Prediction | FitVerdict | str) -> Prediction | FitVerdict | str:
    """The prediction, or a code where it is infinite or not positive."""
    ends = (value.low, value.high) if isinstance(value, Prediction) else (1.0, 1.0)
    return value if ends[0] > 0 and math.isfinite(ends[1]) else NOT_COMPUTABLE
