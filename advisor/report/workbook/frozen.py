"""The sheet of what stays as it was: choices, branches that the model took, numbers that only the app can follow."""

from xlsxwriter.utility import xl_rowcol_to_cell

from advisor.assumptions.batch import FOLLOWED
from advisor.assumptions.machines import CHOSEN_TO_SERVE, SERVED_LOAD
from advisor.core.records import Assumption
from advisor.money.cash_flows import HORIZON
from advisor.report.case import ReportedCase
from advisor.report.workbook.book import Book, Sheet
from advisor.report.workbook.case import TracedCase
from advisor.report.workbook.formulas import Formulas
from advisor.report.workbook.inputs import ORIGINAL, place_of
from advisor.report.workbook.styles import style
from advisor.report.workbook.traced import Traced
from advisor.text.phrases import assumption_text, field_label, option_name

WIDTHS = (60, 34, 60)
WARNINGS = "needs_the_app"
"""The name of the cell that counts what no longer holds."""


def frozen_sheet(book: Book, name: str, case: ReportedCase, traced: TracedCase, used: list[Assumption]) -> None:
    t, sheet = case.t, book.sheet(name)
    sheet.say(0, 0, t("workbook.sheet.frozen"), "title")
    sheet.say(1, 0, t("workbook.frozen.help"), "text")
    _heads(sheet, case, "checks", ("what", "as_calculated", "holds"))
    first = sheet.next_row
    _checks(book, sheet, case, traced, used)
    last = sheet.next_row
    sheet.say(last, 0, t("workbook.frozen.count"), "bold")
    holds = t("workbook.holds")
    sheet.say(
        last,
        2,
        0.0,
        style("total", "0"),
        f'=ROWS($C${first + 1}:$C${last})-COUNTIF($C${first + 1}:$C${last},"{holds}")',
    )
    book.name(WARNINGS, name, f"$C${last + 1}")
    _heads(sheet, case, "choices", ("what", "as_calculated", "note"))
    for label, value in _choices(case):
        _told(sheet, label, value, t("workbook.frozen.needs_app"))
    _heads(sheet, case, "elsewhere", ("what", "as_calculated", "note"))
    names = {HORIZON, *(row.id for row in used)}
    for row in sorted(traced.assumptions.values(), key=place_of):
        told = case.assumptions[row.id]
        if isinstance(told.value, float) and row.id not in names:
            follows = t("workbook.frozen.follows") if row.follows else t("workbook.frozen.unused")
            _told(sheet, field_label(t, row.id), assumption_text(t, told, case.currency), follows)


def _heads(sheet: Sheet, case: ReportedCase, section: str, columns: tuple[str, ...]) -> None:
    row = sheet.next_row + 1
    sheet.say(row, 0, case.t(f"workbook.frozen.{section}"), "heading")
    for column, each in enumerate(columns):
        sheet.say(row + 1, column, case.t(f"workbook.column.{each}"), "header")


def _told(sheet: Sheet, label: str, value: str, note: str) -> None:
    row = sheet.next_row
    sheet.say(row, 0, label, "wrapped")
    sheet.say(row, 1, value, "wrapped")
    sheet.say(row, 2, note, "small")


def _choices(case: ReportedCase) -> list[tuple[str, str]]:
    t, a = case.t, case.assumptions
    chosen = [row for row in sorted(a.values(), key=place_of) if isinstance(row.value, str)]
    months = a[HORIZON]
    return [
        (t("workbook.frozen.baseline"), option_name(t, a.baseline)),
        (field_label(t, months.id), assumption_text(t, months, a.currency)),
        *((field_label(t, row.id), assumption_text(t, row, a.currency)) for row in chosen),
    ]


# -- what a change may undo --------------------------------------------------------------------------


def _checks(book: Book, sheet: Sheet, case: ReportedCase, traced: TracedCase, used: list[Assumption]) -> None:
    t, formulas = case.t, Formulas(book.cells, book.months)
    others = [f"{each.id}_npv" for each in traced.untuned if isinstance(each.npv, Traced)]
    mine = f"{case.assumptions.baseline}_npv"
    if mine in book.names and len(others) > 1:
        best = f"{mine}>=MAX({','.join(others)})"
        _check(sheet, case, t("workbook.check.baseline"), option_name(t, case.assumptions.baseline), best)
    for branch in traced.trace.branches.values():
        condition = formulas.named(branch, 0, sheet.name)[1:]
        holds = condition if bool(branch.value) else f"NOT({condition})"
        _check(sheet, case, t("workbook.check.branch", condition=condition), "TRUE" if branch.value else "FALSE", holds)
    chosen = [
        name for name in CHOSEN_TO_SERVE if name in case.assumptions and case.assumptions[name].kind == "estimate"
    ]
    for row in used:
        loads = row.id in SERVED_LOAD and bool(chosen)
        if loads or row.id in FOLLOWED:
            words = "workbook.check.machine" if loads else "workbook.check.followed"
            told = case.assumptions[row.id]
            cell = book.cells[id(traced.inputs[row.id])]
            before = f"'{cell.sheet}'!{xl_rowcol_to_cell(cell.row, ORIGINAL, True, True)}"
            label = t(words, name=field_label(t, row.id))
            _check(sheet, case, label, assumption_text(t, told, case.currency), f"{row.id}={before}", "may_differ")


def _check(sheet: Sheet, case: ReportedCase, label: str, before: str, holds: str, otherwise: str = "ask_app") -> None:
    row, t = sheet.next_row, case.t
    sheet.say(row, 0, label, "wrapped")
    sheet.say(row, 1, before, "wrapped")
    good, bad = t("workbook.holds"), t(f"workbook.{otherwise}")
    sheet.say(row, 2, good, "state", f'=IF({holds},"{good}","{bad}")')
