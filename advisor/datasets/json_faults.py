"""Where a text stops being JSON and what is missing there, as codes instead of the parser's own sentence."""

import json
from collections.abc import Mapping
from typing import NamedTuple

OPEN_TEXT = "string"
REASONS: Mapping[str, str] = {
    "Expecting value": "value",
    "Expecting property name": "name",
    "Expecting ':'": "colon",
    "Expecting ','": "comma",
    "Unterminated string": OPEN_TEXT,
    "Invalid control character": "control",
    "Invalid \\": "escape",
    "Extra data": "extra",
}
"""How the parser's messages begin, and the codes of what they say (words: ``dataset.json.<code>``)."""
DEEP, NUMBER, OTHER = "depth", "number", "other"
LONGEST_NUMBER = 12
CODES = (*REASONS.values(), DEEP, NUMBER, OTHER)


class JsonFault(NamedTuple):
    """Why a text is no JSON, at which line and column of it; ``sign`` stands there, empty at the end of the text.

    Line and column are 0 where the parser names none.
    """

    code: str
    line: int = 0
    column: int = 0
    sign: str = ""


def json_fault(error: ValueError | RecursionError) -> JsonFault:
    """What the parser found."""
    if isinstance(error, RecursionError):
        return JsonFault(DEEP)
    if not isinstance(error, json.JSONDecodeError):
        return JsonFault(NUMBER)
    code = next((code for begin, code in REASONS.items() if error.msg.startswith(begin)), OTHER)
    sign = error.doc[error.pos : error.pos + 1]
    return JsonFault(code, error.lineno, error.colno, sign if sign.isprintable() else f"U+{ord(sign):04X}")


def kind_of(value: object) -> str:
    """What a value is, as JSON writes it, without the texts and values in it."""
    if value is None or isinstance(value, bool | int | float):
        return json.dumps(value)[:LONGEST_NUMBER]
    if isinstance(value, str):
        return '"..."'
    if isinstance(value, list):
        return "[...]" if value else "[]"
    return "{...}" if isinstance(value, dict) else type(value).__name__
