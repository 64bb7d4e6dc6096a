"""Traced numbers as formulas of a spreadsheet.

A number that has a cell is named where it is used; any other is written out. Months stand side by side in one row.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from advisor.report.workbook.traced import COMPARED, RUNNING, Traced

FIRST_MONTH = 3
"""Column of month 0, after the name, the unit and the remark."""
INFINITE = 1e300
ATOM, POWER, PRODUCT, SUM, LOOSE = 5, 4, 3, 2, 1
SIGNS: Mapping[str, tuple[str, int]] = {
    "add": ("+", SUM),
    "subtract": ("-", SUM),
    "multiply": ("*", PRODUCT),
    "divide": ("/", PRODUCT),
    "power": ("^", POWER),
    "greater": (">", LOOSE),
    "greater_equal": (">=", LOOSE),
    "less": ("<", LOOSE),
    "less_equal": ("<=", LOOSE),
    "equal": ("=", LOOSE),
    "not_equal": ("<>", LOOSE),
}
CALLS: Mapping[str, str] = {
    "maximum": "MAX({},{})",
    "minimum": "MIN({},{})",
    "floor": "INT({})",
    "ceil": "ROUNDUP({},0)",
    "absolute": "ABS({})",
    "bitwise_and": "AND({},{})",
    "bitwise_or": "OR({},{})",
    "invert": "NOT({})",
    "where": "IF({},{},{})",
}
"""Of the roundings: what is rounded up is never below 0."""


@dataclass(frozen=True)
class Cell:
    """Where a number stands: the row alone where it is a row of months. ``name`` is its name in the workbook."""

    sheet: str
    row: int
    column: int
    name: str = ""


class Formulas:
    """Formulas of the numbers that have a cell, and of those that have none, by the cells they rest on."""

    def __init__(self, cells: Mapping[int, Cell], months: int) -> None:
        self._cells, self._months = cells, months

    def defined(self, number: Traced, place: int, sheet: str) -> str:
        """What stands in the cell of a number; ``place`` counts the months of a row."""
        return "=" + _Writer(self._cells, self._months, sheet).written(number, place)[0]

    def named(self, number: Traced, place: int, sheet: str) -> str:
        """A number where it is used."""
        return "=" + _Writer(self._cells, self._months, sheet).used(number, place)[0]


def column_of(number: Traced, place: int, months: int) -> int:
    """Column of a month; a row without today begins one later."""
    return FIRST_MONTH + months + 1 - number.shape[-1] + place


@dataclass(frozen=True)
class _Writer:
    cells: Mapping[int, Cell]
    months: int
    sheet: str

    def used(self, number: Traced, place: int) -> tuple[str, int]:
        """The cell of a number, or how it is computed; with how tightly it binds."""
        cell = self.cells.get(id(number))
        if cell is None:
            return self.written(number, place)
        if not number.by_month:
            return (cell.name or self._at(cell, xl_rowcol_to_cell(cell.row, cell.column, True, True))), ATOM
        return self._at(cell, xl_rowcol_to_cell(cell.row, column_of(number, place, self.months), True)), ATOM

    def _at(self, cell: Cell, address: str) -> str:
        return address if cell.sheet == self.sheet else f"'{cell.sheet}'!{address}"

    def written(self, number: Traced, place: int) -> tuple[str, int]:
        """How a number is computed from those it rests on."""
        op, args = number.op, number.args
        if op == "constant":
            flat = number.value.ravel()
            return constant(flat[place if flat.size > 1 else 0])
        if op in SIGNS:
            return self._signed(number, place)
        if op in CALLS:
            return CALLS[op].format(*(self._called(arg, number, place) for arg in args)), ATOM
        if op in RUNNING:
            return self._running(number, place)
        return getattr(self, f"_{op}")(number, place)  # type: ignore[no-any-return]

    def _part(self, arg: Traced, number: Traced, place: int) -> tuple[str, int]:
        """An argument at the same month; one number goes for all of them."""
        if number.by_month and arg.is_constant and np.array_equal(arg.value, np.arange(self.months + 1)):
            head = self.cells[id(number.trace.months)]
            return self._at(head, xl_rowcol_to_cell(head.row, FIRST_MONTH + place, True)), ATOM
        return self.used(arg, place if arg.shape and arg.shape[-1] == number.shape[-1] else 0)

    def _called(self, arg: Traced, number: Traced, place: int) -> str:
        """An argument of a function, which would take no notice of a cell that shows nothing."""
        text = self._part(arg, number, place)[0]
        return f"{text}+0" if number.op in ("maximum", "minimum") and _shows_nothing(arg) else text

    def _signed(self, number: Traced, place: int) -> tuple[str, int]:
        sign, binds = SIGNS[number.op]
        (left, left_binds), (right, right_binds) = (self._part(arg, number, place) for arg in number.args)
        if number.op == "power" and right in ("0", "1"):
            return ("1", ATOM) if right == "0" else (left, left_binds)
        lowest = binds + (number.op == "power")
        left = left if left_binds >= lowest and not left.startswith("-") else f"({left})"
        right = right if right_binds > binds else f"({right})"
        if number.op in COMPARED and any(map(_shows_nothing, number.args)):
            return f"IFERROR({left}+0{sign}{right}+0,FALSE)", ATOM
        return f"{left}{sign}{right}", binds

    def _running(self, number: Traced, place: int) -> tuple[str, int]:
        """A month from the one before; the first from itself."""
        own, binds = self.used(number.args[0], place)
        if place == 0:
            return own, binds
        before = self.used(number, place - 1)[0]
        return (f"{before}+{own}", SUM) if number.op == "cumsum" else (f"OR({before},{own})", ATOM)

    def _negative(self, number: Traced, place: int) -> tuple[str, int]:
        own, binds = self._part(number.args[0], number, place)
        return f"-{own}" if binds > SUM else f"-({own})", SUM

    def _round(self, number: Traced, place: int) -> tuple[str, int]:
        return f"ROUND({self._part(number.args[0], number, place)[0]},{number.extra})", ATOM

    def _broadcast(self, number: Traced, place: int) -> tuple[str, int]:
        return self._part(number.args[0], number, place)

    def _slice(self, number: Traced, place: int) -> tuple[str, int]:
        return self.used(number.args[0], place + number.extra)

    def _element(self, number: Traced, _: int) -> tuple[str, int]:
        return self.used(number.args[0], number.extra)

    def _concatenate(self, number: Traced, place: int) -> tuple[str, int]:
        for part in number.args:
            if place < part.shape[-1]:
                return self.used(part, place)
            place -= part.shape[-1]
        raise IndexError(place)

    # -- many numbers become one --------------------------------------------------------------

    def _each(self, number: Traced) -> list[str]:
        """The elements of a few numbers that have no row."""
        return [self.used(number, place)[0] for place in range(number.shape[-1])]

    def _sum(self, number: Traced, _: int) -> tuple[str, int]:
        (whole,) = number.args
        if whole.by_month:
            return f"SUM({self._row(whole)})", ATOM
        return "+".join(self._each(whole)), SUM

    def _mean(self, number: Traced, _: int) -> tuple[str, int]:
        (whole,) = number.args
        if whole.shape[-1] == 1:
            return self.used(whole, 0)
        return f"AVERAGE({self._row(whole)})", ATOM

    def _max(self, number: Traced, _: int) -> tuple[str, int]:
        (whole,) = number.args
        if whole.op == "absolute" and id(whole) not in self.cells:
            row = self._row(whole.args[0])
            return f"MAX(MAX({row}),-MIN({row}))", ATOM
        return f"MAX({self._row(whole) if whole.by_month else ','.join(self._each(whole))})", ATOM

    def _any(self, number: Traced, _: int) -> tuple[str, int]:
        (whole,) = number.args
        if not whole.by_month:
            return f"OR({','.join(self._each(whole))})", ATOM
        if id(whole) not in self.cells:
            return f'COUNTIF({self._row(whole.args[0])},">0")>0', LOOSE
        return f"OR({self._row(whole)})", ATOM

    def _all(self, number: Traced, _: int) -> tuple[str, int]:
        return f"AND({','.join(self._each(number.args[0]))})", ATOM

    def _argmax(self, number: Traced, _: int) -> tuple[str, int]:
        row = self._row(number.args[0])
        if number.args[0].value.dtype == bool:
            return f"IFERROR(MATCH(TRUE,{row},0)-1,0)", ATOM
        return f"MATCH(MAX({row}),{row},0)-1", SUM

    def _take(self, number: Traced, _: int) -> tuple[str, int]:
        place, binds = self.used(number.args[1], 0)
        return f"INDEX({self._row(number.args[0])},{place if binds >= SUM else f'({place})'}+1)", ATOM

    def _row(self, number: Traced) -> str:
        """The cells of a row of months, or of its months from the first."""
        whole, start = (number.args[0], number.extra) if number.op == "slice" else (number, 0)
        cell = self.cells[id(whole)]
        if cell.name and not start:
            return cell.name
        first = column_of(whole, start, self.months)
        last = xl_col_to_name(FIRST_MONTH + self.months, True)
        row = cell.row + 1
        return self._at(cell, f"{xl_col_to_name(first, True)}${row}:{last}${row}")


def _shows_nothing(number: Traced) -> bool:
    """Whether a number has no value where it is not defined; a text is greater than any number."""
    return number.may_be_nan and not number.by_month


def needs_row(number: Traced) -> Traced | None:
    """The row of months that the formula of a number looks at as a whole; ``None`` where it does not."""
    if number.op in RUNNING:
        return number
    if number.op not in ("sum", "mean", "max", "any", "argmax", "take") or not number.args[0].by_month:
        return None
    whole = number.args[0]
    if number.op == "mean" and whole.shape[-1] == 1:
        return None
    if _is_written_out(number.op, whole):
        whole = whole.args[0]
    return whole.args[0] if whole.op == "slice" else whole


def _is_written_out(op: str, whole: Traced) -> bool:
    """Whether a spreadsheet has a function of the row below it."""
    above_nothing = whole.op == "greater" and whole.args[1].is_constant and not np.any(whole.args[1].value)
    return (op == "max" and whole.op == "absolute") or (op == "any" and above_nothing)


def constant(value: Any) -> tuple[str, int]:
    """A number that is written into a formula."""
    if isinstance(value, np.str_):
        return f'"{value}"', ATOM
    if isinstance(value, np.bool_):
        return "TRUE" if value else "FALSE", ATOM
    number = float(value)
    if math.isnan(number):
        return "NA()", ATOM
    if math.isinf(number):
        number = math.copysign(INFINITE, number)
    text = repr(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number).upper()
    return text, ATOM if number >= 0 else SUM
