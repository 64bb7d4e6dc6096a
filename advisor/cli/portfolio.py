"""A table of cases, a row each: what the money alone says of it, or what is wrong with it."""

import argparse
import csv
import io
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches

from advisor.catalog.loader import load_catalog
from advisor.cli.files import read_file, shown, writable, write, write_file
from advisor.core.notices import InputError, Issue
from advisor.decision.portfolio import FIGURES, PortfolioOutcome, Result, portfolio
from advisor.engineering.validation.tables import (
    LARGEST_TABLE_BYTES,
    NOT_COMPUTABLE,
    UNREADABLE_ROW,
    MeasurementTable,
    TableRow,
    read_table,
)
from advisor.report.csv import cell
from advisor.scenario import QUESTIONS, quoted, without_gone
from advisor.text.i18n import Translator
from advisor.text.labels import labels
from advisor.text.phrases import issue_text, notice_text

ANY_TABLE = MeasurementTable("portfolio", "", ())
ROW_ID = "id"
SEVERAL = frozenset({"exchange_rates", "owners", "ranges"})
"""Questions whose answer is a table itself, which no cell can hold."""
COLUMNS = (ROW_ID, "baseline", *FIGURES, "payback_status", "matrix", "payback_verdict", "currency", "reason")


def tell_portfolio(options: argparse.Namespace, t: Translator, on: date) -> None:
    """One row of figures, or the reason why there are none, for each row; to a file or to the screen."""
    target = None if options.output is None else writable(options.output, options.table)
    content = read_file(options.table, "TABLE", LARGEST_TABLE_BYTES)
    if content is None:
        raise InputError([Issue("TABLE", "file_not_found", {"path": shown(options.table)})])
    rows = read_table(content, ANY_TABLE)
    for issue in _check_columns(rows):
        print(t("cli.fault", where=shown(options.table), text=shown(issue_text(t, issue))), file=sys.stderr)
    readable = [row for row in rows if row.cells is not None]
    told = iter(portfolio([_answers(row) for row in readable], load_catalog(), on, labels()))
    results = [None if row.cells is None else next(told) for row in rows]
    text = written(rows, results, t)
    if target is None:
        write(text)
        return
    write_file(target, text.encode())
    computed = sum(isinstance(result, PortfolioOutcome) and result.npv is not None for result in results)
    count = t("cli.portfolio.done", rows=len(rows), computed=computed)
    write(f"{t('cli.written', path=shown(options.output))}\n{count}\n")


def written(rows: Sequence[TableRow], results: Sequence[Result | None], t: Translator) -> str:
    """The CSV in the order of the rows; ``None`` stands for a row whose cells cannot be told from one another."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row, result in zip(rows, results, strict=True):
        name = cell((row.cells or {}).get(ROW_ID) or row.id)
        writer.writerow((name, *_figures(result, t)))
    return text.getvalue()


def _figures(result: Result | None, t: Translator) -> tuple[str, ...]:
    if not isinstance(result, PortfolioOutcome):
        unread = t(f"estimates.reason.{UNREADABLE_ROW}")
        said = unread if result is None else " ".join(shown(issue_text(t, issue)) for issue in result.issues)
        return (*[""] * (len(COLUMNS) - 2), said)
    figures = (cell(getattr(result, name)) for name in FIGURES)
    words = (result.payback_status or "", result.matrix, result.band or "", result.currency)
    reason = " ".join(notice_text(t, notice, result.currency) for notice in result.reasons)
    if not reason and result.npv is None:
        reason = t(f"estimates.reason.{NOT_COMPUTABLE}")
    return (result.baseline or "", *figures, *words, reason)


def _answers(row: TableRow) -> Mapping[str, object]:
    """What the row answers; an empty cell leaves the question open."""
    return without_gone({name: value for name, value in (row.cells or {}).items() if value and name != ROW_ID})[0]


def _check_columns(rows: Sequence[TableRow]) -> tuple[Issue, ...]:
    """A column that is no question would be left out in silence; one whose question is gone is told."""
    columns, gone = without_gone(dict.fromkeys(name for row in rows for name in row.cells or ()))
    faults = []
    for name in columns:
        if name in SEVERAL:
            faults.append(Issue(name, "not_in_a_cell", {}))
        elif name not in QUESTIONS and name != ROW_ID:
            near = get_close_matches(name, QUESTIONS, n=1, cutoff=0.6)
            code = "unknown_field_near" if near else "unknown_field"
            faults.append(Issue(quoted(name), code, {"near": near[0] if near else ""}))
    if faults:
        raise InputError(faults)
    return gone
