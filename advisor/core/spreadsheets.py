"""Text on its way into a spreadsheet."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A text that starts so would be a formula in a spreadsheet."""


def no_formula(text: str) -> str:
    """``text`` with a mark before it where a spreadsheet would compute it."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def id_cell(text: str) -> str:
    """The id of a row as it came in; a negative number is an id like any other, a formula is not."""
    try:
        float(text)
    except ValueError:
        return no_formula(text)
    return text
