"""The cells of a workbook: first where everything stands, then the formulas, which name one another's cells."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from xlsxwriter.utility import xl_rowcol_to_cell

from advisor.report.workbook.formulas import FIRST_MONTH, INFINITE, Cell, Formulas, column_of
from advisor.report.workbook.traced import Traced

UNDEFINED = ""
"""What a cell shows of a number that is not defined."""


@dataclass(frozen=True)
class Said:
    """A text, a number, or a formula of the workbook's own with the value it has."""

    row: int
    column: int
    value: str | float | None
    style: str
    formula: str = ""


@dataclass(frozen=True)
class Counted:
    """A number of the model; ``guarded``: nothing is shown where it is not defined. ``defines``: its own cell.

    A row of months is not guarded: a sum over it would leave out what is not defined.
    """

    row: int
    column: int
    number: Traced
    style: str
    guarded: bool
    defines: bool


@dataclass
class Sheet:
    """One sheet: what stands in it; ``next_row`` is the first that is free."""

    name: str
    said: list[Said] = field(default_factory=list)
    counted: list[Counted] = field(default_factory=list)
    next_row: int = 0

    def say(self, row: int, column: int, value: str | float | None, style: str = "text", formula: str = "") -> None:
        self.said.append(Said(row, column, value, style, formula))
        self.next_row = max(self.next_row, row + 1)


class Book:
    """All sheets, the cell of each number that has one, the names of cells, and what ``asked`` for a check."""

    def __init__(self, months: int) -> None:
        self.months = months
        self.sheets: dict[str, Sheet] = {}
        self.cells: dict[int, Cell] = {}
        self.names: dict[str, str] = {}
        self.asked: list[Traced] = []

    def sheet(self, name: str) -> Sheet:
        return self.sheets.setdefault(name, Sheet(name))

    def name(self, name: str, sheet: str, area: str) -> None:
        """A name for a cell or a row."""
        self.names[name] = f"='{sheet}'!{area}"

    def count(
        self, sheet: Sheet, row: int, column: int, number: Traced, style: str, name: str = "", *, guarded: bool = False
    ) -> None:
        """A number of the model in a cell, which is its own unless it has one already."""
        if number.is_constant:
            return sheet.say(row, column, shown(number.value.ravel()[0]), style)
        is_new = id(number) not in self.cells and number.op != "input"
        if is_new:
            self.cells[id(number)] = Cell(sheet.name, row, column, name)
        if name:
            first = xl_rowcol_to_cell(row, column_of(number, 0, self.months) if number.by_month else column, True, True)
            last = xl_rowcol_to_cell(row, FIRST_MONTH + self.months, True, True)
            self.name(name, sheet.name, f"{first}:{last}" if number.by_month else first)
        guarded = guarded or (number.may_be_nan and not number.by_month)
        sheet.counted.append(Counted(row, column, number, style, guarded, is_new))
        sheet.next_row = max(sheet.next_row, row + 1)

    def enter(self, sheet: Sheet, row: int, column: int, number: Traced, style: str) -> None:
        """A number that is entered: its cell holds the value itself."""
        self.cells[id(number)] = Cell(sheet.name, row, column, number.extra)
        self.name(number.extra, sheet.name, xl_rowcol_to_cell(row, column, True, True))
        sheet.say(row, column, float(number.value), style)

    def wanted(self) -> list[Traced]:
        """Every number that stands in a cell or in a check."""
        return [*(each.number for sheet in self.sheets.values() for each in sheet.counted), *self.asked]

    def formulas(self, sheet: Sheet) -> Iterator[tuple[int, int, str, Any, str]]:
        """Row, column, formula, the value it has, and the style of each number of the model on a sheet."""
        writer = Formulas(self.cells, self.months)
        for each in sheet.counted:
            number = each.number
            for place in range(number.shape[-1] if number.by_month else 1):
                text = (
                    writer.defined(number, place, sheet.name)
                    if each.defines
                    else writer.named(number, place, sheet.name)
                )
                if each.guarded:
                    text = f'=IFERROR({text[1:]},"")'
                column = column_of(number, place, self.months) if number.by_month else each.column
                yield each.row, column, text, shown(number.value.ravel()[place]), each.style


def shown(value: Any) -> str | float:
    """A value as a spreadsheet would show it before it recalculates."""
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, np.str_):
        return str(value)
    if math.isinf(value):
        return math.copysign(INFINITE, value)
    return UNDEFINED if math.isnan(value) else float(value)
