"""The sheet of the months: one row a quantity, one column a month, today first; and the steps of the formulas."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from advisor.report.case import ReportedCase
from advisor.report.workbook.book import Book, Sheet
from advisor.report.workbook.case import TracedCase
from advisor.report.workbook.formulas import FIRST_MONTH, Cell
from advisor.report.workbook.inputs import unit_text
from advisor.report.workbook.options import options_of
from advisor.report.workbook.steps import steps
from advisor.report.workbook.styles import counted_style, style
from advisor.report.workbook.traced import Traced
from advisor.text.phrases import option_name

MONTH_ROW = 3
WIDTHS = (44, 18, 26)
Line = tuple[str, str, str, Any]
"""Name, unit, the name in formulas, and the number of each month."""


def months_sheet(book: Book, name: str, case: ReportedCase, traced: TracedCase) -> dict[str, int]:
    """Write the sheet; gives the rows that the chart shows."""
    t, sheet, months = case.t, book.sheet(name), traced.trace.months
    sheet.say(0, 0, t("workbook.sheet.months"), "title")
    sheet.say(1, 0, t("workbook.months.help"), "text")
    for column, each in enumerate(("number", "unit", "name")):
        sheet.say(MONTH_ROW, column, t(f"workbook.column.{each}"), "header")
    for month in range(traced.months + 1):
        sheet.say(MONTH_ROW, FIRST_MONTH + month, float(month), style("header", "0"))
    book.cells[id(months)] = Cell(name, MONTH_ROW, FIRST_MONTH)
    for section, lines in (
        ("volume", _volume(case, traced)),
        ("quantities", _quantities(case, traced)),
        ("costs", _costs(case, traced)),
        ("flows", _flows(case, traced)),
    ):
        found = [line for line in lines if np.ndim(line[3])]
        if found:
            sheet.say(sheet.next_row + 1, 0, t(f"workbook.months.{section}"), "heading")
        for label, unit, named, number in found:
            _row(book, sheet, case, (label, unit, named, traced.trace.of(number)))
    return _chart_rows(book, sheet, case, traced)


def _row(book: Book, sheet: Sheet, case: ReportedCase, line: Line) -> None:
    label, unit, named, number = line
    row, look = sheet.next_row, counted_style(number, unit, case.currency, case.t)
    sheet.say(row, 0, label, "wrapped")
    sheet.say(row, 1, unit_text(case, unit) if unit else "")
    sheet.say(row, 2, named, "small")
    if number.by_month:
        book.count(sheet, row, FIRST_MONTH, number, look, named)
    else:
        for place, value in enumerate(number.value.tolist()):
            sheet.say(row, FIRST_MONTH + book.months + 1 - number.value.size + place, value, look)


def _volume(case: ReportedCase, traced: TracedCase) -> Iterator[Line]:
    t, line = case.t, traced.line
    yield t("csv.requests"), "requests", "months_requests", line.requests
    yield t("workbook.row.adopted"), "fraction", "months_adopted", line.adopted
    yield t("workbook.row.live"), "", "months_live", line.live
    yield t("workbook.row.api"), "fraction", "months_api_prices", line.trends["api"]
    yield t("workbook.row.hosting"), "fraction", "months_hosting_prices", line.trends["hosting"]


def _quantities(case: ReportedCase, traced: TracedCase) -> Iterator[Line]:
    for option in options_of(traced).values():
        for item in option.line_items:
            if item.by_month:
                label = case.t("report.named", name=option_name(case.t, option.id), value=case.t(f"item.{item.id}"))
                yield label, item.unit, f"months_{option.id}_{item.id}", item.quantity


def _costs(case: ReportedCase, traced: TracedCase) -> Iterator[Line]:
    t, e = case.t, traced.economics
    for option in options_of(traced).values():
        yield option_name(t, option.id), "money", f"months_{option.id}_cost", option.monthly_cost
    for category, cost in traced.categories.items():
        label = t("workbook.row.of_which", category=t(f"category.{category}"))
        yield label, "money", f"months_{e.tuned.id}_{category}", cost


def _flows(case: ReportedCase, traced: TracedCase) -> Iterator[Line]:
    t, flows = case.t, traced.economics.cash_flows
    yield t("csv.net", currency=case.currency), "money", "months_net", flows
    yield t("csv.cumulative", currency=case.currency), "money", "months_cumulative", np.cumsum(flows, axis=-1)


def _chart_rows(book: Book, sheet: Sheet, case: ReportedCase, traced: TracedCase) -> dict[str, int]:
    """Savings added up beside what is paid once: where they meet, the money is back."""
    t, e = case.t, traced.economics
    added = np.cumsum(e.cash_flows, axis=-1) + e.investment
    first = sheet.next_row
    _row(book, sheet, case, (t("workbook.row.saved"), "money", "months_saved", traced.trace.of(added)))
    sheet.say(first + 1, 0, t("workbook.row.paid"), "wrapped")
    sheet.say(first + 1, 1, case.currency)
    look = counted_style(traced.trace.of(e.investment), "money", case.currency, t)
    for month in range(traced.months + 1):
        paid = float(np.asarray(traced.trace.of(e.investment).value))
        sheet.say(first + 1, FIRST_MONTH + month, paid, look, "=result_investment")
    return {"saved": first, "paid": first + 1}


KNOWN_STEPS = (
    *("adoption", "against_today", "annual_roi", "billed_tokens_per_request", "by_trend", "cost_per_success"),
    *("discounted", "exit_option", "monthly_volume", "payback_months", "payback_status", "price_changes", "price_path"),
    *("pulled", "recovery", "replica_capacity", "replicas_needed", "request_work", "retraining_due", "run_hours"),
    *("training_items", "tuned_months", "unit_costs", "untuned_months", "with_value"),
)
"""Functions of the model that have a name of their own in words; another step is called a step."""


def steps_sheet_head(book: Book, name: str, case: ReportedCase) -> None:
    t, sheet = case.t, book.sheet(name)
    sheet.say(0, 0, t("workbook.sheet.steps"), "title")
    sheet.say(1, 0, t("workbook.steps.help"), "text")
    for column, each in enumerate(("number", "value", "name")):
        sheet.say(3, column, t(f"workbook.column.{each}"), "header")


def steps_sheet(book: Book, name: str, months: str, case: ReportedCase) -> None:
    """Give every step a cell: one number here, a row of months below the others."""
    t, sheet, below = case.t, book.sheet(name), book.sheet(months)
    below.say(below.next_row + 1, 0, t("workbook.months.steps"), "heading")
    for count, number in enumerate(steps(book.wanted(), book.cells.keys()), start=1):
        label, named = _label(case, number, count), f"step_{count}"
        if number.by_month:
            _row(book, below, case, (label, "", named, number))
            continue
        row = sheet.next_row
        sheet.say(row, 0, label, "wrapped")
        book.count(sheet, row, 1, number, counted_style(number, "", case.currency, t), named)
        sheet.say(row, 2, named, "small")


def _label(case: ReportedCase, number: Traced, count: int) -> str:
    maker = number.made_in.strip("_")
    what = case.t(f"workbook.step.{maker if maker in KNOWN_STEPS else 'other'}")
    return case.t("workbook.step", count=count, what=what)
