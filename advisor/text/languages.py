"""The languages of the product. Each is one folder of ``data/locales``: a record about itself, and its words."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from babel import Locale, UnknownLocaleError
from pydantic import Field, field_validator

from advisor.catalog.fields import Positive, Record, Text, refusal
from advisor.catalog.reader import build, parse_yaml
from advisor.core.places import DATA

LOCALES = DATA / "locales"
RECORD = "language.yaml"
"""File of a language's folder that holds its record; a folder without one is no language."""
ENGLISH = "en"
"""What the data files are written in, and what stands in for words that another language lacks."""


class Language(Record):
    """What differs between languages besides their words.

    ``name`` is what its readers call it, ``tag`` tells browsers (BCP 47), ``locale`` is Babel's for numbers, dates and
    plurals, ``region`` the country that the PDF is set for, ``chart_dates`` the d3 locale with the names of months in
    charts. ``font`` is a family of ``data/fonts``, ``line_gap_em`` the space between the lines of the PDF;
    ``wide_quotes`` says that a quotation mark is as wide as a character there.
    ``prose_money`` is how a sentence names money, from ``{symbol}`` or ``{name}`` and ``{number}``; from
    ``long_money`` up the number takes a word (1.2 million); ``currency_names`` replace Babel's.
    """

    name: Text
    tag: Annotated[str, Field(pattern="^[A-Za-z0-9-]+$")]
    locale: Text
    region: Text
    chart_dates: Text
    font: Text
    line_gap_em: Positive
    wide_quotes: bool = False
    prose_money: Text = "{symbol}{number}"
    long_money: Positive = 1_000_000.0
    currency_names: Mapping[str, Text] = Field(default_factory=dict)

    @field_validator("locale")
    @classmethod
    def _is_known(cls, locale: str) -> str:
        try:
            Locale.parse(locale)
        except (ValueError, UnknownLocaleError):
            raise refusal(f"Babel has no locale {locale!r}", "write one such as fr_FR") from None
        return locale


def languages() -> tuple[str, ...]:
    """Every language, by the name of its folder; English first."""
    found = (path.parent.name for path in LOCALES.glob(f"*/{RECORD}"))
    return tuple(sorted(found, key=lambda code: (code != ENGLISH, code)))


def catalogues(code: str) -> list[Path]:
    """The files with the words of a language."""
    return sorted((LOCALES / code).glob("*.po"))


@cache
def language_record(code: str) -> Language:
    """The record of a language. Raises :class:`DataError` when it is wrong."""
    label = f"{LOCALES.name}/{code}/{RECORD}"
    return build(Language, parse_yaml((LOCALES / code / RECORD).read_bytes(), label), label, code)


def language_name(code: str) -> str:
    """A language in its own words, so that its readers find it."""
    return language_record(code).name


def nearest_language(wish: str | None) -> str:
    """Language that serves a browser's or a URL's wish such as ``zh-CN``; English otherwise."""
    wanted = (wish or "").lower().replace("_", "-").split("-")[0]
    return wanted if wanted in languages() else ENGLISH
