"""Cells of a row as text and as positive numbers."""

import math
from collections.abc import Mapping

Row = Mapping[str, object]


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
    return " ".join(str(row.get(column) or "").strip().lower() for column in columns).strip()


def number(row: Row, column: str) -> float | None:
    """A positive, finite number of a cell.

    Parameters
    ----------
    row : mapping of str to object, cells by column
    column : str

    Returns
    -------
    float, or None for anything else [unit of the column]
    """
    try:
        value = float(text(row, column).replace(",", ""))
    except ValueError:
        return None
    return value if math.isfinite(value) and 0 < value < 1e12 else None


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
