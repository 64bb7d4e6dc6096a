"""How cells look: what a cell is for, and how its number is written."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from advisor.report.workbook.traced import Traced
from advisor.text.i18n import Translator, significant_digits

INK, LINE, HEAD, ENTERED, FROZEN, WARNING, GOOD = (
    *("#1b2430", "#c9ced6", "#e7ecf3", "#fff7d6", "#eef0f3"),
    *("#b42318", "#1a7f37"),
)
MOST_DIGITS = 8
LOOKS: Mapping[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16},
    "heading": {"bold": True, "font_size": 12, "bottom": 1, "bottom_color": LINE},
    "header": {"bold": True, "bg_color": HEAD, "text_wrap": True, "valign": "top"},
    "text": {},
    "unit": {"align": "left", "indent": 1},
    "right": {"bold": True, "bg_color": HEAD, "text_wrap": True, "valign": "top", "align": "right"},
    "wrapped": {"text_wrap": True},
    "small": {"font_color": "#5b6470", "text_wrap": True},
    "bold": {"bold": True, "text_wrap": True},
    "entered": {"bg_color": ENTERED, "locked": False, "border": 1, "border_color": LINE},
    "counted": {},
    "total": {"bold": True, "top": 1, "top_color": LINE},
    "frozen": {"bg_color": FROZEN, "align": "right"},
    "state": {"bold": True, "text_wrap": True},
}
"""What is entered is yellow and open, what is frozen grey; all the rest is computed."""


def style(look: str, number_format: str = "") -> str:
    """The name of a style: what a cell is for, and how its number is written."""
    return f"{look}|{number_format}"


def properties(name: str) -> dict[str, Any]:
    """What a style means to the writer of the file."""
    look, _, number_format = name.partition("|")
    found = {"font_name": "Arial", "font_size": 10, "font_color": INK, "valign": "top", **LOOKS[look]}
    return {**found, "num_format": number_format} if number_format else found


def is_wrapped(name: str) -> bool:
    return bool(LOOKS[name.partition("|")[0]].get("text_wrap"))


def format_of(value: Any, unit: str, currency: str, t: Translator) -> str:
    """How a number in this unit is written, with as many digits as its value (or the largest of them) needs."""
    values = np.abs(np.asarray(value, dtype=float).ravel())
    most = float(np.max(values[np.isfinite(values)], initial=0.0))
    if unit.startswith("fraction"):
        return _pattern(min(significant_digits(most * 100, 3), 3)) + "%"
    if unit == "money" or unit.startswith("money/"):
        digits = 0 if most >= 1000 or most == 0 else max(2, significant_digits(most))
        return f'"{t.symbol(currency)}"{_pattern(digits)}'
    digits = significant_digits(most)
    return _pattern(0 if most >= 1000 else min(digits, 1) if unit == "months" else digits)


def counted_style(number: Traced, unit: str, currency: str, t: Translator, look: str = "counted") -> str:
    """The style of a number of the model."""
    if number.value.dtype.kind not in "fi":
        return style(look)
    return style(look, format_of(number.value, unit, currency, t))


def _pattern(digits: int) -> str:
    return f"#,##0.{'0' * min(digits, MOST_DIGITS)}" if digits else "#,##0"
