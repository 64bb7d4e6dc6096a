"""A table of cases, a row each: what the money alone says of it, or what is wrong with it."""

import argparse
import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches

from advisor.catalog.loader import load_catalog
from advisor.cli.files import model_file, read_file, shown, writable, write, write_file
from advisor.cli.tables import nothing_computed, tell
from advisor.core.notices import InputError, Issue
from advisor.core.tables import LARGEST_TABLE_BYTES, read_lines
from advisor.core.usage_logs import recognised
from advisor.decision.portfolio import FIGURES, PortfolioOutcome, Result, portfolio
from advisor.engineering.validation.tables import (
    NOT_COMPUTABLE,
    UNREADABLE_ROW,
    MeasurementTable,
    TableRow,
    check_columns,
    rows_of,
)
from advisor.report.csv import cell
from advisor.scenario import QUESTIONS, quoted, without_gone
from advisor.scenario.names import question_named
from advisor.scenario.reading import bare_name
from advisor.text.i18n import Translator
from advisor.text.labels import labels
from advisor.text.phrases import issue_text, notice_text

ANY_TABLE = MeasurementTable("portfolio", "", ())
ROW_ID = "id"
IDS = frozenset({"id", "rowid", "\u7f16\u53f7", "\u5e8f\u53f7"})
MISSPELT = 0.8
"""How alike a column's name is to a question's that is meant; others are of the table's own."""
SEVERAL = frozenset({"actuals", "exchange_rates", "measured", "owners", "ranges", "sign_off"})
"""Questions whose answer is a table itself, which no cell can hold."""
COLUMNS = (ROW_ID, "baseline", *FIGURES, "payback_status", "matrix", "payback_verdict", "currency", "reason")


def tell_portfolio(options: argparse.Namespace, t: Translator, on: date) -> bool:
    """A row of figures, or of why there are none, for each row, to a file or to the screen.

    Says whether anything was computed.
    """
    target = None if options.output is None else writable(options.output, options.table)
    content = read_file(options.table, "TABLE", LARGEST_TABLE_BYTES)
    if content is None:
        raise InputError([Issue("TABLE", "file_not_found", {"path": shown(options.table)})])
    log = recognised(content)
    if log is not None:
        raise InputError([log])
    found = read_lines(content, column_named, lambda name: name in QUESTIONS and QUESTIONS[name].is_number)
    check_columns(found.columns, ANY_TABLE)
    rows = rows_of(found, ROW_ID)
    tell(t, options.table, (*found.told, *_check_columns(found.columns)))
    readable = [row for row in rows if row.cells is not None]
    named = model_file(options.table)
    told = iter(portfolio([_answers(row) for row in readable], load_catalog(), on, labels(), named))
    results = [None if row.cells is None else next(told) for row in rows]
    text = written(rows, results, t)
    computed = sum(isinstance(result, PortfolioOutcome) and result.npv is not None for result in results)
    if target is None:
        write(text)
    else:
        write_file(target, text.encode())
        count = t("cli.portfolio.done", rows=len(rows), computed=computed)
        write(f"{t('cli.written', path=shown(options.output))}\n{count}\n")
    return computed > 0 or nothing_computed(t, options.table)


def column_named(head: str) -> str | None:
    """The question, or the id of the row, that heads a column by its id or its label on screen."""
    return ROW_ID if bare_name(head) in IDS else question_named(head, labels())


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
    """What the row answers; an empty cell leaves the question open, and a column that is no question is left out."""
    cells = {name: value for name, value in (row.cells or {}).items() if value and name in QUESTIONS}
    return without_gone(cells)[0]


def _check_columns(columns: Sequence[str]) -> tuple[Issue, ...]:
    """What is told of columns that are left out; refused where a question is misspelt or needs more than a cell."""
    kept, gone = without_gone(dict.fromkeys(name for name in columns if name))
    faults, left = [], []
    for name in kept:
        if name in SEVERAL:
            faults.append(Issue(name, "not_in_a_cell", {}))
        elif name not in QUESTIONS and name != ROW_ID:
            near = get_close_matches(name.casefold(), QUESTIONS, n=1, cutoff=MISSPELT)
            if near:
                faults.append(Issue(quoted(name), "unknown_field_near", {"near": near[0]}))
            else:
                left.append(Issue(quoted(name), "column_left_out", {}))
    if faults:
        raise InputError(faults)
    return (*gone, *left)
