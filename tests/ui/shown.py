"""What stands in the tables of a page, however they are drawn."""

import re
from html import unescape

from streamlit.testing.v1 import AppTest

ROW, CELL, JOINER = (
    re.compile(r"<tr><th scope=\"row\">(.*?)</th>(.*?)</tr>"),
    re.compile(r"<span>(.*?)</span>"),
    "\u2060",
)


def tables(app: AppTest) -> list[list[list[str]]]:
    """The rows of every table."""
    sorted_ones = [[[str(cell) for cell in row] for row in table.value.to_numpy()] for table in app.dataframe]
    bodies = [str(each.proto.body) for each in app.get("html") if "<table" in str(each.proto.body)]
    return sorted_ones + [[_row(*found) for found in ROW.findall(body)] for body in bodies]


def cells(app: AppTest) -> set[str]:
    """Every cell of every table."""
    return {cell for table in tables(app) for row in table for cell in row}


def _row(head: str, others: str) -> list[str]:
    return [unescape(cell).replace(JOINER, "").replace("\u00a0", " ") for cell in (head, *CELL.findall(others))]
