"""Cells of a row as text and as positive numbers."""

import math
from collections.abc import Mapping

from advisor.core.tables import without_commas

Row = Mapping[str, object]


def written(row: Row, column: str) -> str:
    """A cell as it is written, stripped; empty where the column is missing or blank.

    Parameters
    ----------
    row : mapping of str to object, cells by column
    column : str

    Returns
    -------
    str
    """
    value = row.get(column)
    return "" if value is None or value != value else str(value).strip()


def text(row: Row, *columns: str) -> str:
    """Cells in lower case, joined by spaces.

    Parameters
    ----------
    row : mapping of str to object, cells by column
    columns : str

    Returns
    -------
    str
    """
    return " ".join(written(row, column).lower() for column in columns).strip()


def amount(row: Row, column: str) -> float | None:
    """A finite number of a cell, 0 or more.

    Parameters
    ----------
    row : mapping of str to object, cells by column
    column : str

    Returns
    -------
    float, or None for anything else [unit of the column]
    """
    try:
        value = float(without_commas(written(row, column)))
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def number(row: Row, column: str) -> float | None:
    """A positive number of a cell, of a size that a run can have.

    Parameters
    ----------
    row : mapping of str to object, cells by column
    column : str

    Returns
    -------
    float, or None for anything else [unit of the column]
    """
    value = amount(row, column)
    return value if value is not None and 0 < value < 1e12 else None


def count(row: Row, column: str) -> int | None:
    """A whole number of at least 1.

    Parameters
    ----------
    row : mapping of str to object, cells by column
    column : str

    Returns
    -------
    int, or None for anything else [count]
    """
    value = number(row, column)
    return None if value is None else max(1, round(value))


def said(row: Row, column: str) -> bool | None:
    """Whether a cell begins with a yes or a no.

    Parameters
    ----------
    row : mapping of str to object, cells by column
    column : str

    Returns
    -------
    bool, or None where it says neither
    """
    words = text(row, column)
    if words.startswith(("yes", "true", "on", "1", "full", "enabled")):
        return True
    return False if words.startswith(("no", "false", "off", "0", "disabled")) and "not" not in words[:3] else None
