"""A table of a page as a spreadsheet: numbers as numbers with their formats, texts as texts, headings in sight."""

import io
import math
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from advisor.report.workbook.styles import properties
from advisor.text.number_text import NumberText

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

SETTINGS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
NOT_IN_A_NAME = str.maketrans("[]:*?/\\", "       ")
LONGEST_NAME = 31
LEAST_WIDTH, MOST_WIDTH = 9, 60
"""Of a column, in digits."""


def table_xlsx(columns: Sequence[str], rows: Sequence[Sequence[object]], title: str, on: date) -> bytes:
    """The table as the bytes of its file, the same for the same table and day ``on``.

    A cell is a number where it is one or shows one (:class:`NumberText`), else the text that it is, never a formula.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, SETTINGS)
    book.set_properties({"title": title, "created": datetime.combine(on, time())})
    page = book.add_worksheet(_sheet_name(title))
    looks: dict[str, Any] = {}

    def look(name: str) -> Any:
        if name not in looks:
            looks[name] = book.add_format(properties(name))
        return looks[name]

    for column, heading in enumerate(columns):
        page.write_string(0, column, heading, look("header"))
        page.set_column(column, column, _width([heading, *(row[column] for row in rows)]))
    for place, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            _write(page, place, column, cell, look)
    page.freeze_panes(1, 0)
    book.close()
    return buffer.getvalue()


def _write(page: "Worksheet", row: int, column: int, cell: object, look: Any) -> None:
    value = number_in(cell)
    if value is not None:
        pattern = cell.pattern if isinstance(cell, NumberText) else ""
        page.write_number(row, column, value, look(f"text|{pattern}"))
    elif cell is not None and str(cell):
        page.write_string(row, column, str(cell), look("wrapped"))


def number_in(cell: object) -> float | None:
    """The number that a cell is or shows; ``None`` for a text."""
    if isinstance(cell, NumberText):
        value = cell.value
    elif isinstance(cell, float | int) and not isinstance(cell, bool):
        value = float(cell)
    else:
        return None
    return value if math.isfinite(value) else None


def _width(cells: Sequence[object]) -> float:
    """Wide enough for the longest, up to where a text is wrapped."""
    longest = max(sum(2 if east_asian_width(c) in "WF" else 1 for c in str(cell)) for cell in cells)
    return min(max(longest + 2, LEAST_WIDTH), MOST_WIDTH)


def _sheet_name(title: str) -> str | None:
    """The title as the name of a sheet, as far as one may hold it; ``None`` leaves it to the program."""
    name = " ".join(title.translate(NOT_IN_A_NAME).split()).strip("'")[:LONGEST_NAME].strip().strip("'")
    return None if not name or name.casefold() == "history" else name
