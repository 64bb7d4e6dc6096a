"""A table of cases in and out: read from what a team pasted, written with the figures of each and its place."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import Any

import numpy as np
from numpy.typing import NDArray

from advisor.assumptions.given import FileReader
from advisor.catalog.catalog import Catalog
from advisor.core.notices import InputError, Issue
from advisor.core.records import Assumption
from advisor.core.row_files import listed_form, read_rows
from advisor.core.tables import Lines, read_lines
from advisor.core.usage_logs import recognised
from advisor.decision.funding import NOT_AT_ONCE, Candidate, Funding, Placed, Prospect, Whole
from advisor.decision.portfolio import FIGURES, PortfolioOutcome, Result, read_row
from advisor.engineering.validation.predictions import NOT_COMPUTABLE, UNREADABLE_ROW
from advisor.engineering.validation.tables import MeasurementTable, TableRow, check_columns, rows_of
from advisor.report.csv import Cell, cell
from advisor.scenario import QUESTIONS, quoted, without_gone
from advisor.scenario.names import question_named, unit_of_head
from advisor.scenario.reading import bare_name
from advisor.scenario.said_units import under_head
from advisor.text.i18n import Translator
from advisor.text.labels import labels
from advisor.text.phrases import issue_text, joined, notice_text
from advisor.text.risk_phrases import share_text

ANY_TABLE = MeasurementTable("portfolio", "", ())
ROW_ID = "id"
IDS = frozenset({"id", "rowid", "\u7f16\u53f7", "\u5e8f\u53f7"})
NAMES = frozenset(
    {
        "name",
        "title",
        "project",
        "projectname",
        "case",
        "casename",
        "\u540d\u79f0",
        "\u9879\u76ee",
        "\u9879\u76ee\u540d\u79f0",
        "\u6848\u4f8b",
    }
)
"""Heads of a column that stands for the id of a row where none is called so."""
MOST_SHOWN = 6
MISSPELT = 0.8
"""How alike a column's name is to a question's that is meant; others are of the table's own."""
SEVERAL = frozenset({"actuals", "exchange_rates", "measured", "owners", "ranges", "sign_off"})
"""Questions whose answer is a table itself, which no cell can hold."""
COLUMNS = (ROW_ID, "baseline", *FIGURES, "payback_status", "matrix", "payback_verdict", "currency", "reason")
KEPT_COLUMNS = ("name", "kept_on", "kept_verdict", "kept_asks", "kept_value", "kept_currency")
FUNDED_COLUMNS = ("rank", "funded", "why", "verdict", "asks", "value", "value_per_money", "budget_currency")

FUNDED = "\u2714 "
"""Before what is funded, where a reader looks for it."""
Row = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class PortfolioTable:
    """The cases of a table in its order, and what the reader is told of how it was read."""

    candidates: tuple[Candidate, ...]
    told: tuple[Issue, ...]


def read_portfolio(content: bytes, catalog: Catalog, read_file: FileReader | None = None) -> PortfolioTable:
    """A case on each row, its columns questions by id or label. Raises :class:`InputError` for what is no such table.

    ``read_file`` where answers may name files, as on the command line.
    """
    log = recognised(content)
    if log is not None:
        raise InputError([log])
    found = _lines(content)
    found = replace(found, columns=with_row_ids(found.columns), rows=_with_units(found))
    check_columns(found.columns, ANY_TABLE)
    _check_any_question(found.heads, found.columns, found.rows)
    rows = rows_of(found, ROW_ID)
    told = (*found.told, *told_of_columns(found.columns))
    return PortfolioTable(tuple(_candidate(row, catalog, read_file) for row in rows), told)


def _lines(content: bytes) -> Lines:
    """Rows of a table, or of a list in JSON or YAML."""
    if listed_form(content) is None:
        return read_lines(content, column_named, lambda name: name in QUESTIONS and QUESTIONS[name].is_number)
    found = read_rows(content, lambda _: None, lambda _: False)
    rows = tuple((row.line, tuple(row.cells.get(head, "") for head in found.columns)) for row in found.rows)
    return Lines(tuple(column_named(head) or head for head in found.columns), rows, found.told, found.columns)


def _check_any_question(
    heads: Sequence[str], columns: Sequence[str], rows: Sequence[tuple[int, tuple[str, ...]]]
) -> None:
    """Refuse a table whose columns are no questions, by what heads them, or by its first cells where those are."""
    below = [cells[0] for _, cells in rows if cells and question_named(cells[0], labels()) is not None]
    if len(below) > 1 and sum(name in QUESTIONS for name in columns) <= 1:
        raise InputError([Issue("file", "table_transposed", {"found": ", ".join(map(quoted, below[:MOST_SHOWN]))})])
    if not any(name in QUESTIONS or _question_meant(name) for name in columns if name):
        shown = ", ".join(quoted(head) for head in heads[:MOST_SHOWN] if head)
        raise InputError([Issue("file", "no_question_in_columns", {"found": shown or '""'})])


def column_named(head: str) -> str | None:
    """The question, or the id of the row, that heads a column by its id or its label on screen."""
    return ROW_ID if bare_name(head) in IDS else question_named(head, labels())


def _with_units(found: Lines) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """The rows with the unit that heads a column behind each bare number in it."""
    named = zip(found.heads, found.columns, strict=True)
    units = {k: unit for k, (head, name) in enumerate(named) if (unit := unit_of_head(head, name, labels()))}
    if not units:
        return found.rows
    return tuple(
        (line, tuple(str(under_head(cell, units.get(k))) for k, cell in enumerate(cells))) for line, cells in found.rows
    )


def with_row_ids(columns: Sequence[str]) -> tuple[str, ...]:
    """The columns; without one of ids, the first that names its rows is it."""
    place = next((k for k, name in enumerate(columns) if bare_name(name) in NAMES), None)
    if ROW_ID in columns or place is None:
        return tuple(columns)
    return (*columns[:place], ROW_ID, *columns[place + 1 :])


def _candidate(row: TableRow, catalog: Catalog, read_file: FileReader | None) -> Candidate:
    if row.cells is None:
        return Candidate(row.id, None)
    return Candidate(row.cells.get(ROW_ID) or row.id, read_row(answers_of(row.cells), catalog, labels(), read_file))


def answers_of(found: Mapping[str, object]) -> Mapping[str, object]:
    """What a row answers; an empty cell leaves the question open, and a column that is no question is left out."""
    return without_gone({name: value for name, value in found.items() if value != "" and name in QUESTIONS})[0]


def told_of_columns(columns: Sequence[str]) -> tuple[Issue, ...]:
    """What is told of columns that are left out; refused where a question is misspelt or needs more than a cell."""
    kept, gone = without_gone(dict.fromkeys(name for name in columns if name))
    faults, left = [], []
    for name in kept:
        if name in SEVERAL:
            faults.append(Issue(name, "not_in_a_cell", {}))
        elif name not in QUESTIONS and name != ROW_ID:
            near = _question_meant(name)
            if near is not None:
                faults.append(Issue(quoted(name), "unknown_field_near", {"near": near}))
            else:
                left.append(Issue(quoted(name), "column_left_out", {}))
    if faults:
        raise InputError(faults)
    return (*gone, *left)


def _question_meant(name: str) -> str | None:
    """The question whose id, or label in any language, a column's name misspells."""
    near = get_close_matches(name.casefold(), QUESTIONS, n=1, cutoff=MISSPELT)
    if near:
        return near[0]
    spoken = labels().questions
    near = get_close_matches(bare_name(name), spoken, n=1, cutoff=MISSPELT)
    return spoken[near[0]] if near else None


# --- Written back --------------------------------------------------------------------------------------


def portfolio_csv(
    candidates: Sequence[Candidate], results: Sequence[Result | None], t: Translator, funding: Funding | None = None
) -> str:
    """A row for each candidate, in their order: its figures as entered, as it was kept, and its place in a funding.

    ``None`` stands for a row whose cells cannot be told from one another.
    """
    kept = KEPT_COLUMNS if any(each.then is not None for each in candidates) else ()
    placed = {} if funding is None else {id(each.candidate): each for each in funding.placed}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((*COLUMNS, *kept, *(FUNDED_COLUMNS if funding else ())))
    for each, result in zip(candidates, results, strict=True):
        figures = zip(COLUMNS, (each.id, *figures_of(result, t)), strict=True)
        row = [written(name, value) for name, value in figures]
        row += [cell(value) for value in _as_kept(each)] if kept else []
        if funding is not None:
            places = zip(FUNDED_COLUMNS, place_of(placed[id(each)], funding, t), strict=True)
            row += [written(name, value) for name, value in places]
        writer.writerow(row)
    return text.getvalue()


def outcomes(candidates: Sequence[Candidate], found: Sequence[Result]) -> list[Result | None]:
    """The outcomes of the cases that could be told from one another, with ``None`` for the others."""
    told = iter(found)
    return [None if each.case is None else next(told) for each in candidates]


def figures_of(result: Result | None, t: Translator) -> tuple[Cell, ...]:
    """The cells of a row behind its id, in the order of ``COLUMNS``; ``None`` where there is none."""
    if not isinstance(result, PortfolioOutcome):
        return (*[None] * (len(COLUMNS) - 2), _fault(result, t))
    figures = (getattr(result, name) for name in FIGURES)
    words = (result.payback_status, result.matrix, result.band, result.currency)
    reason = joined((notice_text(t, notice, result.currency) for notice in result.reasons), t)
    if not reason and result.npv is None:
        reason = t(f"estimates.reason.{NOT_COMPUTABLE}")
    return (result.baseline, *figures, *words, reason or None)


def written(name: str, value: Cell | int) -> str:
    """A cell of this column as a text; words of ours are no formula."""
    if isinstance(value, int):
        return str(value)
    return value if isinstance(value, str) and name not in (ROW_ID, *FUNDED_COLUMNS) else cell(value)


def _fault(fault: InputError | None, t: Translator) -> str:
    """What is wrong with a row, on one line whatever was typed."""
    if fault is None:
        return t(f"estimates.reason.{UNREADABLE_ROW}")
    said = joined((issue_text(t, issue) for issue in fault.issues), t)
    return "".join(letter if letter.isprintable() else "?" for letter in said)


def _as_kept(each: Candidate) -> tuple[Cell, ...]:
    then = each.then
    if then is None:
        return (each.name, *[None] * (len(KEPT_COLUMNS) - 1))
    return each.name, then["as_of"], then["verdict"], kept_asks(then), kept_value(then), then["currency"]


def kept_asks(then: Mapping[str, Any]) -> float | None:
    """The middle of the investment when a case was kept, in its currency then."""
    figure = then.get("investment")
    return None if figure is None else figure["p50"]


def kept_value(then: Mapping[str, Any]) -> float | None:
    """The mean of the net present value when a case was kept, in its currency then."""
    figure = then.get("npv")
    return None if figure is None else figure["mean"]


def place_of(placed: Placed, funding: Funding, t: Translator) -> tuple[Cell | int, ...]:
    """The cells of a row under a budget, in the order of ``FUNDED_COLUMNS``."""
    funded = "yes" if placed.state == "funded" else "no"
    figures = (placed.asks, placed.value, placed.npv_ratio)
    return placed.rank, funded, why(placed, funding, t), placed.verdict, *figures, funding.currency


# --- Words ---------------------------------------------------------------------------------------------


def why(placed: Placed, funding: Funding, t: Translator) -> str:
    """Why a candidate is funded or not, in words."""
    found = placed.found
    if not isinstance(found, Prospect):
        return _fault(found, t)
    if placed.state == "unknown":
        told = joined((notice_text(t, notice, found.currency) for notice in found.reasons), t)
        return told or t("portfolio.why.unknown")
    said = {
        "verdict": t(f"verdict.{found.verdict}.label"),
        "money": t.money(placed.asks, funding.currency),
        "budget": t.money(funding.budget, funding.currency),
        "currency": found.currency,
        "other": funding.currency,
    }
    return t(f"portfolio.why.{placed.state}", **said)


def funding_notes(funding: Funding, t: Translator) -> tuple[str, ...]:
    """How the choice was made, what is assumed of futures that cases share, and the rates, a sentence or two each."""
    told = [t(f"portfolio.method.{funding.method}"), t("portfolio.value")]
    if funding.whole is not None and len(funding.funded) > 1:
        told.append(t("portfolio.alike"))
    later = [each.candidate for each in funding.funded if each.verdict in NOT_AT_ONCE]
    if later:
        told.append(t("portfolio.set_aside", names=t("word.comma").join(each.name or each.id for each in later)))
    if funding.rates:
        rates = t("word.comma").join(_rate(rate, t) for rate in funding.rates)
        told.append(t("portfolio.rates", rates=rates))
    return tuple(told)


def _rate(rate: Assumption, t: Translator) -> str:
    currency, value = rate.unit.partition("/")[0], None if rate.value is None else float(rate.value)
    if value is None:
        return t("portfolio.no_rate", currency=currency)
    return t("portfolio.rate", currency=currency, value=t.rate(value), date=t.date(rate.effective))


def funding_lines(funding: Funding, t: Translator) -> tuple[str, ...]:
    """What the budget buys, as lines for a terminal."""
    money, whole = funding.currency, funding.whole
    counts = {"funded": t.number(len(funding.funded), 0), "count": t.number(len(funding.placed), 0)}
    told = [t("portfolio.told.funded", budget=t.money(funding.budget, money), **counts)]
    if whole is not None:
        said = {"asks": t.money(whole.asks, money), "left": t.money(funding.left, money)}
        told.append(t("portfolio.told.money", value=t.money(whole.value, money), **said))
        told.append(f"{t('portfolio.card.ahead')}: {odds_text(whole, t)}")
    turned = turned_text(funding, t)
    return (*told, *([turned] if turned else ()), *funding_notes(funding, t))


def turned_text(funding: Funding, t: Translator) -> str:
    """Which kept cases have another verdict than when they were kept; empty where none has."""
    names = [each.candidate.name for each in funding.placed if each.turned]
    return t("portfolio.turned_since", names=t("word.comma").join(names)) if names else ""


def next_text(funding: Funding, budgets: tuple[NDArray[np.float64], NDArray[np.float64]], t: Translator) -> str:
    """How much more money buys more, and how much buys all there is."""
    at, bought = budgets
    more = np.flatnonzero(at > funding.budget)
    if not len(more):
        return t("portfolio.curve.all")
    k, money = int(more[0]), funding.currency
    gain = float(bought[k] - bought[k - 1])
    said = {"more": t.money(float(at[k]) - funding.budget, money), "gain": t.money(gain, money)}
    return t("portfolio.curve.next", all=t.money(float(at[-1]), money), **said)


def odds_text(whole: Whole, t: Translator) -> str:
    """The chance of the whole: one figure where both assumptions give the same."""
    alike, apart = share_text(t, whole.ahead_alike), share_text(t, whole.ahead_apart)
    return alike if alike == apart else t("portfolio.between", alike=alike, apart=apart)


def funding_table(placed: Sequence[tuple[Placed, str]], funding: Funding, t: Translator) -> tuple[list[str], list[Row]]:
    """Headings, and a row for each candidate with its name, as a page shows it."""
    names = ("case", "verdict", "asks", "value", "per_money", "place", "kept")
    return [t(f"portfolio.column.{name}") for name in names], [_row(each, name, funding, t) for each, name in placed]


def _row(placed: Placed, name: str, funding: Funding, t: Translator) -> Row:
    found, money = placed.found, funding.currency
    verdict = verdict_now(placed, t) if isinstance(found, Prospect) else ""
    asks, value = ("" if x is None else t.money(x, money) for x in (placed.asks, placed.value))
    ratio = "" if placed.npv_ratio is None else t.number(placed.npv_ratio, 2)
    place = (FUNDED if placed.state == "funded" else "") + why(placed, funding, t)
    return name, verdict, asks, value, ratio, place, as_kept(placed.candidate, t)


def verdict_now(placed: Placed, t: Translator) -> str:
    """The verdict at today's prices, with the one before where it has turned."""
    found, then = placed.found, placed.candidate.then
    now = t(f"verdict.{found.verdict}.label") if isinstance(found, Prospect) else ""
    if then is None or not placed.turned:
        return now
    return t("portfolio.turned", verdict=now, before=verdict_name(str(then["verdict"]), t))


def as_kept(candidate: Candidate, t: Translator) -> str:
    """What was frozen with a kept case, in its currency then; empty for a row of a table."""
    then = candidate.then
    if then is None:
        return ""
    asks, value = (t.money(amount, then["currency"]) for amount in (kept_asks(then), kept_value(then)))
    verdict, day = verdict_name(str(then["verdict"]), t), t.date(date.fromisoformat(str(then["as_of"])))
    return t("portfolio.as_kept", verdict=verdict, asks=asks, value=value, date=day)


def verdict_name(verdict: str, t: Translator) -> str:
    """What a verdict is called; one of another release by its id."""
    key = f"verdict.{verdict}.label"
    return t(key) if t.has(key) else verdict
