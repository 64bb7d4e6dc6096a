"""What a case says about its report: for whom and by whom it is, and a logo.

A logo is a small picture that travels in the case as text, ``data:image/png;base64,...``.
"""

import base64
import binascii
import re
from functools import lru_cache
from struct import unpack
from typing import Literal, NamedTuple

from pydantic_core import PydanticCustomError

from advisor.core.notices import InputError, Issue

ABOUT_REPORT = ("prepared_for", "prepared_by", "company", "logo")
"""Answers that only stand on the report and change no number."""
BESIDE_THE_CASE = ("sign_off", "actuals")
"""Answers about what became of the case: they stand on the report as well, and change no number."""
STEP_OWNER = "step."
"""Before the id of a next step among the owners of a case; an owner without it is of a stage gate."""
LONGEST_LOGO_BYTES = 200_000
LONGEST_SIDE = 4_000
"""Width and height at most [pixels]: a small file can unpack to any size."""
MOST_REPEATS = 12
"""Parts of a drawing that repeat another one; each can double what is drawn."""
LogoKind = Literal["png", "jpg", "svg"]
TYPES: dict[LogoKind, str] = {"png": "image/png", "jpg": "image/jpeg", "svg": "image/svg+xml"}
LOGO_TEXT = re.compile(r"data:(image/[a-z+]+);base64,([A-Za-z0-9+/]*=*)")
PNG_SIGN, JPEG_SIGN = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\xff\xd8\xff"
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of a JPEG before which its height and width stand."""
SVG_START = re.compile(rb"\s*(?:<\?xml[^>]*\?>|<!--.*?-->|<!DOCTYPE[^\[>]*>|\s)*<(?:\w+:)?svg\b", re.DOTALL)
REPEATED = re.compile(rb"<(?:\w+:)?use\b")
COSTLY = re.compile(rb"<!ENTITY|<(?:\w+:)?(?:filter|marker|image|foreignObject)\b")
"""What a few bytes can make endlessly large, or what holds another file."""
LETTERS = re.compile(rb"<(?:\w+:)?text\b")
"""Text of a drawing, which is set in the font of whoever shows it."""


class Logo(NamedTuple):
    """A picture: its kind and the bytes of its file."""

    kind: LogoKind
    content: bytes


def logo_text(content: bytes, field: str = "logo") -> str:
    """A picture's file as it stands in a case. Raises :class:`InputError`, which names ``field``."""
    kind = _kind(content)
    text = f"data:{TYPES[kind]};base64,{base64.b64encode(content).decode()}" if kind else ""
    fault = "logo_too_large" if len(content) > LONGEST_LOGO_BYTES else _fault(text)
    if fault is not None:
        raise InputError([logo_issue(fault, field)])
    return text


def logo_issue(fault: str, field: str = "logo") -> Issue:
    """A refusal in words that the reader can act on."""
    if fault == "logo_too_large":
        return Issue(field, "logo_too_large", {"maximum": LONGEST_LOGO_BYTES // 1000})
    if fault == "logo_too_wide":
        return Issue(field, "logo_too_wide", {"maximum": LONGEST_SIDE})
    return Issue(field, "logo_too_involved" if fault == "logo_too_involved" else "not_a_logo", {})


def logo_of(text: str) -> Logo:
    """The picture of a text that is one."""
    named, _, coded = text.removeprefix("data:").partition(";base64,")
    return Logo(next(kind for kind, mime in TYPES.items() if mime == named), base64.b64decode(coded))


def has_letters(logo: Logo) -> bool:
    """Whether it holds text that is not drawn: a report has no font but its own for it."""
    return logo.kind == "svg" and LETTERS.search(logo.content) is not None


def plain_logo(value: object) -> object:
    """Refuse what is no picture of a kind, size and build that can be printed."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "not a text")
    fault = _fault(value)
    if fault is not None:
        raise PydanticCustomError(fault, "not a logo")
    return value


@lru_cache(8)
def _fault(text: str) -> Literal["not_a_logo", "logo_too_large", "logo_too_wide", "logo_too_involved"] | None:
    """What is wrong with a logo; remembered, since a case is checked again with every answer."""
    found = LOGO_TEXT.fullmatch(text)
    if found is None:
        return "not_a_logo"
    try:
        content = base64.b64decode(found[2], validate=True)
    except binascii.Error:
        return "not_a_logo"
    if len(content) > LONGEST_LOGO_BYTES:
        return "logo_too_large"
    kind = _kind(content)
    if kind is None or TYPES[kind] != found[1]:
        return "not_a_logo"
    if kind == "svg":
        involved = COSTLY.search(content) or len(REPEATED.findall(content)) > MOST_REPEATS
        return "logo_too_involved" if involved else None
    width, height = _pixels(kind, content)
    if not width or not height:
        return "not_a_logo"
    return "logo_too_wide" if max(width, height) > LONGEST_SIDE else None


def _kind(content: bytes) -> LogoKind | None:
    """Told by the file itself, whatever its name is."""
    if content.startswith(PNG_SIGN):
        return "png"
    if content.startswith(JPEG_SIGN):
        return "jpg"
    return "svg" if SVG_START.match(content) else None


def _pixels(kind: LogoKind, content: bytes) -> tuple[int, int]:
    """Width and height as the file states them; zeros where it states none."""
    if kind == "png":
        return unpack(">II", content[16:24]) if len(content) >= 24 else (0, 0)
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        if content[at + 1] in FRAMES:
            height, width = unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + int(unpack(">H", content[at + 2 : at + 4])[0])
    return 0, 0
