"""How numbers of a table with decimal commas are written."""

from typing import Literal

DecimalMark = Literal["point", "comma"]
DECIMAL_MARKS: tuple[DecimalMark, ...] = ("point", "comma")
COMMA_NUMBER = r"^[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d*)?([eE][+-]?\d+)?$|^[+-]?,\d+$"
"""A number such as 1.250,75: points stand between thousands only."""
