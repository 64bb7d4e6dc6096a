"""The sheet of what is entered: value, unit, source, kind, range and bounds of each number that a formula uses."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from advisor.core.records import Assumption
from advisor.report.case import ReportedCase
from advisor.report.workbook.book import Book
from advisor.report.workbook.case import TracedCase
from advisor.report.workbook.steps import reached
from advisor.report.workbook.styles import format_of, style
from advisor.scenario import GROUPS, QUESTIONS, role_of
from advisor.text.phrases import field_label, source_text

LABEL, VALUE, UNIT, ORIGINAL, CHANGED = range(5)
COLUMNS = (
    *("number", "value", "unit", "as_calculated", "changed", "low", "high"),
    *("kind", "set_by", "role", "source", "date", "name", "note"),
)
WIDTHS = (38, 14, 18, 14, 11, 12, 12, 14, 16, 12, 40, 12, 28, 60)
SHARE = (0.0, 1.0)
CHANGES = "inputs_changed"
"""The name of the cell that counts the changed ones."""


@dataclass(frozen=True)
class Bounds:
    """What may be entered in a cell."""

    row: int
    low: float
    high: float | None
    whole: bool


def used_inputs(traced: TracedCase, book: Book) -> list[Assumption]:
    """The entered numbers that a formula of the workbook rests on, by topic."""
    names = {number.extra for number in reached(book.wanted()) if number.op == "input"}
    rows = [traced.assumptions[name] for name in traced.inputs if name in names]
    return sorted(rows, key=place_of)


def place_of(row: Assumption) -> int:
    """Where the topic of a number stands; what nobody is asked comes last."""
    return GROUPS.index(QUESTIONS[row.id].group) if row.id in QUESTIONS else len(GROUPS)


def inputs_sheet(book: Book, name: str, case: ReportedCase, traced: TracedCase, used: list[Assumption]) -> list[Bounds]:
    """Write the sheet; gives the bounds of each cell that can be changed."""
    t, sheet = case.t, book.sheet(name)
    sheet.say(0, 0, t("workbook.sheet.inputs"), "title")
    sheet.say(1, 0, t("workbook.inputs.help"), "text")
    for column, each in enumerate(COLUMNS):
        sheet.say(3, column, t(f"workbook.column.{each}"), "header")
    row, bounds, topic, first = 4, [], -1, 4
    for found in used:
        if place_of(found) != topic:
            topic = place_of(found)
            title = t(f"group.{GROUPS[topic]}.title") if topic < len(GROUPS) else t("report.topic.rest")
            sheet.say(row, LABEL, title, "heading")
            row += 1
        original = case.assumptions[found.id]
        look = format_of(original.value, original.unit, case.currency, t)
        book.enter(sheet, row, VALUE, traced.inputs[found.id], style("entered", look))
        for column, value, how in _particulars(case, original, row, look):
            formula = value if isinstance(value, str) and column == CHANGED else ""
            sheet.say(row, column, "" if formula else value, how, formula)
        bounds.append(_bounds(original, row))
        row += 1
    _count_changes(book, name, first, row, t("workbook.inputs.count"))
    return bounds


def _particulars(case: ReportedCase, row: Assumption, at: int, look: str) -> Iterator[tuple[int, Any, str]]:
    t = case.t
    value, original = xl_rowcol_to_cell(at, VALUE), xl_rowcol_to_cell(at, ORIGINAL)
    day = row.effective or (row.source.retrieved if row.source else None)
    yield LABEL, field_label(t, row.id), "wrapped"
    yield UNIT, unit_text(case, row.unit), "unit"
    yield ORIGINAL, row.value, style("frozen", look)
    yield CHANGED, f'=IF({value}={original},"","{t("workbook.changed")}")', "state"
    yield 5, row.low, style("counted", look)
    yield 6, row.high, style("counted", look)
    yield 7, t(f"kind.{row.kind}"), "unit"
    yield 8, t(f"set_by.{row.set_by}"), "text"
    yield 9, t(f"workbook.role.{role_of(row.id)}"), "text"
    yield 10, source_text(t, row), "wrapped"
    yield 11, day.isoformat() if day else "", "text"
    yield 12, row.id, "small"
    yield 13, t.fact(row.note) if row.note else "", "wrapped"


def unit_text(case: ReportedCase, unit: str) -> str:
    """A unit alone."""
    t = case.t
    if unit.startswith("fraction"):
        return t(f"workbook.unit.{unit.replace('/', '_')}")
    if unit.startswith("money/"):
        return t("unit.per.value", value=case.currency, unit=t(f"unit.per.{unit.removeprefix('money/')}"))
    return case.currency if unit == "money" else t.unit(unit, case.currency)


def _bounds(row: Assumption, at: int) -> Bounds:
    question = QUESTIONS.get(row.id)
    if question is not None and question.low is not None and question.high is not None:
        return Bounds(at, question.low, question.high, question.whole)
    return Bounds(at, 0.0, 1.0 if row.unit == "fraction" else None, whole=False)


def _count_changes(book: Book, name: str, first: int, after: int, label: str) -> None:
    sheet = book.sheet(name)
    now, before = (xl_range_abs(first, column, after - 1, column) for column in (VALUE, ORIGINAL))
    sheet.say(after + 1, LABEL, label, "bold")
    sheet.say(after + 1, VALUE, 0.0, style("total", "0"), f"=SUMPRODUCT(--({now}<>{before}))")
    book.name(CHANGES, name, xl_rowcol_to_cell(after + 1, VALUE, True, True))
