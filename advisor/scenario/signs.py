"""Signs and words that people write in and beside numbers: scales, currencies, yes and no, marks that mean the same."""

import unicodedata
from collections.abc import Mapping

SCALES: Mapping[str, int] = {
    "k": 3,
    "thousand": 3,
    "\u5343": 3,
    "\u4e07": 4,
    "\u842c": 4,
    "m": 6,
    "mio": 6,
    "million": 6,
    "millions": 6,
    "mn": 6,
    "mln": 6,
    "bn": 9,
    "billion": 9,
    "mrd": 9,
    "thousands": 3,
    "tsd": 3,
    "w": 4,
    **dict.fromkeys(("lakh", "lakhs", "lac"), 5),
    **dict.fromkeys(("crore", "crores"), 7),
    "\u767e\u4e07": 6,
    "\u5343\u4e07": 7,
    "\u4ebf": 8,
    "\u5104": 8,
}
"""What may follow a number in either case, as a power of ten; ``w`` is how \u4e07 is typed without its sign."""
TYPED_WAN, COUNTED = "w", ("requests", "tokens", "examples", "items", "money")
"""A scale that only what is counted or paid has: two ``w`` of hours are weeks, and of power watts."""
CURRENCY_MARKS: Mapping[str, tuple[str, ...]] = {
    "USD": ("$", "US$", "USD", "US DOLLARS", "DOLLARS", "DOLLAR", "\u7f8e\u5143", "\u7f8e\u91d1"),
    "CNY": ("\u00a5", "CN\u00a5", "CNY", "RMB", "YUAN", "\u5143", "\u4eba\u6c11\u5e01"),
    "EUR": ("\u20ac", "EUR", "EUROS", "EURO", "\u6b27\u5143"),
    "GBP": ("\u00a3", "GBP", "POUNDS", "\u82f1\u9551"),
    "JPY": ("\u00a5", "JP\u00a5", "JPY", "YEN", "\u5186", "\u65e5\u5143"),
}
AGREED = frozenset({"yes", "y", "true", "on", "1", "\u662f", "\u662f\u7684", "\u5bf9", "\u6709"})
DENIED = frozenset({"no", "n", "false", "off", "0", "\u5426", "\u4e0d\u662f", "\u4e0d\u5bf9", "\u6ca1\u6709", "\u65e0"})
_NO_WIDTH = str.maketrans(dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"))
_ALIKE = str.maketrans({"\u2212": "-", "\u066b": ".", **dict.fromkeys("\u2019\u2018\u02bc\u00b4`\u066c", "'")})
"""Signs that mean the same."""


def visible(text: str) -> str:
    """The text without what has no width, which pasted texts hold."""
    return text.translate(_NO_WIDTH)


def plain_text_of(text: str) -> str:
    """The text with signs of one kind: full-width or Arabic digits, thin spaces, curved apostrophes become plain."""
    plain = unicodedata.normalize("NFKC", visible(text).translate(_ALIKE)).strip()
    return plain if plain.isascii() else "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain)
