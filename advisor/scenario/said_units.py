"""Units that people write beside a number: ``20k requests/day``, ``15 % p.a.``, a column headed ``budget (k$)``.

The unit that is asked for is left out; another one is refused, because a number of a month is none of a day.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache

from advisor.core.notices import InputError, Issue
from advisor.scenario.question import Question
from advisor.scenario.values import quoted

_THINGS: Mapping[str, tuple[str, ...]] = {
    "requests": (
        "requests?",
        "reqs?",
        "calls?",
        "quer(?:y|ies)",
        "\u6b21",
        "\u6b21?\u8bf7\u6c42",
        "\u6b21\u8c03\u7528",
    ),
    "tokens": ("tokens?", "toks?", "\u4e2a ?tokens?"),
    "hours": ("hours?", "hrs?", "h", "\u4e2a?\u5c0f\u65f6"),
    "minutes": ("minutes?", "mins?", "\u5206\u949f"),
    "days": ("days?", "\u5929"),
    "months": ("months?", "\u4e2a\u6708"),
    "years": ("years?", "yrs?", "\u5e74"),
    "examples": ("examples?", "samples?", "\u6761(?:\u6837\u672c)?", "\u4e2a\u6837\u672c"),
    "items": ("items?", "answers?", "\u6761(?:\u56de\u7b54)?"),
    "runs": ("runs?", "\u6b21"),
    "epochs": ("epochs?", "passes", "\u8f6e"),
    "replicas": ("replicas?", "\u4e2a?\u526f\u672c"),
    "GPU": ("gpus?", "cards?", "\u5757", "\u5f20"),
    "share": ("times", "x", "\u00d7", "\u500d"),
    "kW": ("kw", "\u5343\u74e6"),
}
"""By what a unit counts: how it is written."""
_TIMES: Mapping[str, tuple[str, ...]] = {
    "s": ("seconds?", "secs?", "s", "\u79d2"),
    "h": ("hours?", "hrs?", "h", "\u5c0f\u65f6"),
    "day": ("days?", "d", "\u5929", "\u65e5"),
    "week": ("weeks?", "wk", "w", "\u5468"),
    "month": ("months?", "mo", "mth", "m", "\u6708"),
    "year": ("years?", "yr", "y", "annum", "a\\.?", "\u5e74"),
    "request": ("requests?", "reqs?", "calls?", "\u6b21"),
    "item": ("items?", "answers?", "\u6761"),
    "example": ("examples?", "samples?", "\u6761(?:\u6837\u672c)?"),
    "failure": ("failures?", "bad answers?", "\u6761"),
    "kWh": ("kwh", "\u5ea6", "\u5343\u74e6\u65f6"),
    "Mtok": ("1? ?m(?:illion)?(?: ?tokens?| ?toks?)?", "mtoks?", "\u767e\u4e07 ?tokens?"),
    "GPU/h": (
        "(?:gpu|card)[ /-]?(?:hours?|hrs?|h)",
        "hours?",
        "hrs?",
        "h",
        "gpu ?\u5c0f\u65f6",
        "\u5361\u65f6",
        "\u5c0f\u65f6",
    ),
}
"""By what a unit is of: how it is written after ``/`` or ``per``."""
_ALONE: Mapping[str, str] = {"day": "daily", "week": "weekly", "month": "monthly", "year": "yearly|annually|annual"}
_RATES: Mapping[str, tuple[str, ...]] = {
    "tokens/s": ("tps",),
    "requests/day": ("rpd",),
    "other": ("rpm", "rps", "qps", "qpm"),
}
"""Units that are abbreviated as a whole."""
_BEGINS = r"(?:(?<![a-z])|(?![a-z]))"
"""A word begins, or what is no word."""
_SCALE = r"(?:in )?(?:k|thousands?|m|millions?|mio\.?|bn|\u5343|\u4e07|\u842c|\u767e\u4e07|\u4ebf)"
_MONEY = "|".join(
    (
        r"[$\u20ac\u00a3\u00a5\uffe5]|[a-z]{1,2}\$",
        "usd|eur|gbp|cny|rmb|jpy|chf|cad|aud|inr",
        "\u5143|\u7f8e\u5143|\u6b27\u5143|\u4eba\u6c11\u5e01",
    )
)
_CHANGES_A_NUMBER = re.compile(rf"^(?:{_SCALE})? ?t?(?:{_MONEY})?(?:{_SCALE})?(?:%|per ?cent|pct)?$", re.IGNORECASE)
"""What a head of a column may say about its numbers: a scale, a currency, percent."""
_NAMES_MONEY = re.compile(rf"(?<![a-z])(?:{_MONEY})(?![a-z])", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_BRACKETS = re.compile(r"[(\uff08\[]([^()\uff08\uff09\[\]]+)[)\uff09\]]\s*$")
_WATTS = re.compile(r" ?w(?:atts?)?$", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_BARE = re.compile(
    rf"(?:{_MONEY})? ?[+\-\u2212\u2013]?[\d.,' _\u2019\u00a0\u2009\u202f]*\d(?:e[+-]?\d+)? ?(?:{_MONEY})?",
    re.IGNORECASE,
)
"""A number with no other word or sign beside it than that of a currency."""
_AS_SHARE, _AS_PERCENT = re.compile(r"0 ?(?:-|\u2013|to|\.\.) ?1"), re.compile(r"0 ?(?:-|\u2013|to|\.\.) ?100")


def without_unit(plain: str, said: str, question: Question, currency: str) -> str:
    """The text without the unit of its question; ``said`` is what was typed, ``currency`` that of the case.

    Raises :class:`InputError` where it names another unit.
    """
    if plain.isascii() and not plain[-1:].isalpha() and plain[-1:] != ".":
        return plain
    own = _unit_of(question.unit).search(plain)
    if own is not None and _DIGIT.search(plain, 0, own.start()):
        return plain[: own.start()].strip()
    other = _any_unit().search(plain) or (_WATTS.search(plain) if question.unit == "kW" else None)
    if other is not None and _DIGIT.search(plain, 0, other.start()):
        params = {"value": quoted(said), "asked": question.unit, "currency": currency}
        raise InputError([Issue(question.id, "other_unit", params)])
    return plain


def unit_in_head(head: str) -> str | None:
    """What brackets after a name say of the numbers under it: a unit, a scale, a currency; ``None``: nothing of it."""
    found = _BRACKETS.search(head)
    said = found[1].strip() if found else ""
    if not said or _YEAR.fullmatch(said) or _AS_SHARE.fullmatch(said):
        return None
    if _AS_PERCENT.fullmatch(said):
        return "%"
    has_unit = any(each.search(said) for each in (_CHANGES_A_NUMBER, _NAMES_MONEY, _any_unit(), _DIGIT))
    return re.sub(r"^in ", "", said, flags=re.IGNORECASE) if has_unit else None


def under_head(value: object, unit: str | None) -> object:
    """An answer with the unit that heads it, where it is a bare number."""
    if unit is None or isinstance(value, bool) or not isinstance(value, str | int | float):
        return value
    text = f"{Decimal(repr(value)):f}" if isinstance(value, float) else str(value).strip()
    text += "0" if isinstance(value, float) and "." in text else ""  # so that no three digits are a group
    return f"{text} {unit}" if _BARE.fullmatch(text) else value


@lru_cache(64)
def _unit_of(unit: str) -> re.Pattern[str]:
    """The end of a text that names this unit, or only what it counts."""
    thing, _, per = unit.partition("/")
    things = "|".join(_THINGS.get(thing, ()))
    ends = [_after(per, _TIMES[per])] if per in _TIMES else []
    words = rf"(?: ?(?:{things}))?" if things else ""
    whole = "|".join((*_RATES.get(unit, ()), *((rf"{words}(?:{'|'.join(ends)})",) if ends else ())))
    alternatives = "|".join(part for part in (whole, rf" ?(?:{things})" if things else "") if part)
    return re.compile(rf"{_BEGINS}(?: ?(?:{alternatives}))$" if alternatives else r"(?!)", re.IGNORECASE)


@lru_cache(1)
def _any_unit() -> re.Pattern[str]:
    """The end of a text that names any unit."""
    things = "|".join(word for words in _THINGS.values() for word in words)
    ends = "|".join(_after(per, words) for per, words in _TIMES.items())
    rates = "|".join(word for words in _RATES.values() for word in words)
    said = rf"(?: ?(?:{things}))?(?:{ends})|(?: ?(?:{things}))|(?:{rates})"
    return re.compile(rf"{_BEGINS}(?: ?(?:{said}))$", re.IGNORECASE)


def _after(per: str, words: Iterable[str]) -> str:
    """``/day``, ``per day``, ``a day``, ``daily``."""
    alone = rf"| ?(?:{_ALONE[per]})" if per in _ALONE else ""
    return rf" ?(?:/ ?|per |an? |p\. ?|\u6bcf)(?:{'|'.join(words)}){alone}"
