"""Words, numbers, money and dates in the reader's language.

Catalogues are ``data/locales/<language>/*.po``, compiled in memory. What a language lacks is said
in English. A :class:`Translator` is an object handed around, never a global: two sessions may speak
two languages in one process.
"""

import gettext
import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Context, localcontext
from functools import cache
from math import floor, isnan, log10
from typing import Any, Literal

from babel import Locale
from babel.dates import format_date, get_datetime_format
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import (
    format_compact_decimal,
    format_decimal,
    format_percent,
    get_currency_name,
    get_currency_precision,
    get_currency_symbol,
)

from advisor.core.notices import DataError
from advisor.core.units import EXCHANGE_UNIT
from advisor.text.languages import ENGLISH, catalogues, language_record, languages
from advisor.text.number_text import NumberText, quoted, with_number

MANY_DIGITS = Context(prec=400)
"""Any float can be written out; the ordinary context stops at 28 digits."""
UNGROUPED = re.compile(r"^(\d)(\d{3})(?!\d)")
"""Thousands that a compact number leaves without a separator, in a language that counts ten thousands."""
OF_EUROSTAT = {"EL": "GR", "UK": "GB", "EU27": "EU", "EA": "EZ", "EA19": "EZ", "EA20": "EZ", "EA21": "EZ"}
"""Eurostat's codes that are others in ISO 3166, unions without their year."""
BEFORE_HANZI = re.compile(r"(?<=[0-9])(?=[\u4e00-\u9fff])")
"""Where a number meets a Chinese word: a space keeps them apart."""
BETWEEN_HANZI = re.compile(r"(?<=[\u4e00-\u9fff\u3001\u3002\uff09\uff0c\uff1a\uff1b]) (?=[\u4e00-\u9fff])")
"""A space beside what was put in, which is needed beside a number only."""
CURRENCY_SIGN = "\u00a4"
"""Stands for the currency in a pattern; Babel would work out the currency's full name in the plural to replace it."""
SMALLEST_WHOLE_MONEY = 100.0
SMALLEST_WHOLE_NUMBER = 1000.0
MANY = 2
"""Any count that takes the plural."""
RATE_DIGITS = 5
PROSE_FIGURES = 2
"""Significant figures of money and months in a sentence; more are not known."""
WHOLE_PROSE = 10.0
"""From here up a sentence names no fraction."""


@cache
def _messages(language: str) -> gettext.GNUTranslations:
    """The words of one language alone. Raises :class:`DataError` where a file of them is no catalogue."""
    locale = language_record(language).locale
    merged = _without_words(locale)
    for path in catalogues(language):
        try:
            with path.open("rb") as file:
                found = dict(_entries(read_po(file, locale=locale, abort_invalid=True)))
        except PoFileError as error:
            place, fault = f"line {error.lineno + 1}", "is no line of a catalogue"
            raise DataError(f"{language}/{path.name}", place, fault, "write it as its neighbours are") from error
        except UnicodeDecodeError as error:
            raise DataError(f"{language}/{path.name}", "whole file", "is not UTF-8", "save it as UTF-8") from error
        merged._catalog.update(found)  # type: ignore[attr-defined]
    return merged


def _without_words(locale: str) -> gettext.GNUTranslations:
    """An empty catalogue that knows the plural forms of a language."""
    buffer = io.BytesIO()
    write_mo(buffer, Catalog(locale=locale))
    buffer.seek(0)
    return gettext.GNUTranslations(buffer)


def _entries(catalogue: Catalog) -> Iterator[tuple[Any, Any]]:
    """As ``gettext`` keeps them in memory: words by their key, or by key and number of a plural form.

    Writing and reading its files instead takes as long as everything else in reading the words.
    """
    for message in catalogue:
        if not message.id or not message.string or message.fuzzy:
            continue
        if message.pluralizable:
            yield from (((message.id[0], form), words) for form, words in enumerate(message.string))
        else:
            yield message.id, message.string


def _keys(language: str) -> frozenset[str]:
    """Keys, and texts of the data, that a language has words for."""
    keys = _messages(language)._catalog  # type: ignore[attr-defined]
    return frozenset(key if isinstance(key, str) else key[0] for key in keys)


@cache
def is_complete(language: str) -> bool:
    """Whether a language has every word of English, and every text of the data that any such language has."""
    english, own = _keys(ENGLISH), _keys(language)
    wanted = english.union(*(keys for keys in map(_keys, languages()) if keys >= english))
    return language == ENGLISH or own >= wanted


def translations(text: str) -> dict[str, str]:
    """A text of the data files in every language that has it, English first."""
    found = {code: Translator(code).fact(text) for code in languages()}
    return {code: said for code, said in found.items() if code == ENGLISH or said != text}


class Translator:
    """Turns keys and figures into text of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.locale = Locale.parse(language_record(language).locale)
        self._own = _messages(language)
        self._sources = (self._own, _messages(ENGLISH))

    def __call__(self, key: str, count: float = MANY, /, **params: object) -> str:
        """The words behind ``key``, for ``count`` of what they have a singular for.

        Raises ``KeyError`` for an unknown key: a hole in the catalogue is a bug.
        """
        words = self._words(key, count)
        return BETWEEN_HANZI.sub("", words.format(**params)) if params else words

    def _words(self, key: str, count: float) -> str:
        """Words that may have a singular: one hour, two hours; English ones where the language has none."""
        for messages in self._sources:
            plural = messages.ngettext(key, key, 1 if count == 1 else MANY)
            text = messages.gettext(key) if plural == key else plural
            if text != key:
                return text
        raise KeyError(f"no words for {key!r} in {self.language!r}")

    def has(self, key: str) -> bool:
        """Whether there are words for ``key``; before Python 3.11.5 ``gettext`` finds no key that has a plural."""
        return any(m.gettext(key) != key or m.ngettext(key, key, MANY) != key for m in self._sources)

    def fact(self, text: str) -> str:
        """A text of the data files, which are written in English; as it stands where nobody translated it."""
        return self._own.gettext(text) if text else text

    def country(self, code: str) -> str | None:
        """A country or union by the code that Eurostat has for it; ``None`` for one that is not known."""
        known = OF_EUROSTAT.get(code.partition("_")[0], code)
        return self.locale.territories.get(known)

    def number(self, value: float | None, digits: int | None = None) -> str:
        """A plain number; ``digits`` after the point, otherwise four significant ones."""
        if value is None or isnan(value):
            return self("word.unknown")
        if digits is None:
            digits = 0 if abs(value) >= SMALLEST_WHOLE_NUMBER else significant_digits(value)
        with localcontext(MANY_DIGITS):
            shown = str(format_decimal(_shown(value, digits), format=_pattern(digits), locale=self.locale))
        return NumberText(shown, value, _pattern(digits))

    def rate(self, value: float) -> str:
        """An exchange rate with the significant digits that central banks publish, by which amounts are converted."""
        return self.number(value, significant_digits(value, RATE_DIGITS))

    def money(self, value: float | None, currency: str, digits: int | None = None) -> str:
        """Money with its currency: whole units from 100 up and at zero, small prices with their significant digits."""
        if value is None or isnan(value):
            return self("word.unknown")
        if digits is None:
            cents = get_currency_precision(currency)
            is_whole = abs(value) >= SMALLEST_WHOLE_MONEY or value == 0
            digits = 0 if is_whole else max(cents, significant_digits(value))
        pattern = self.locale.currency_formats["standard"].pattern.split(";")[0].replace("#,##0.00", _pattern(digits))
        with localcontext(MANY_DIGITS):
            amount = str(format_decimal(_shown(value, digits), format=pattern, locale=self.locale))
        symbol = self.symbol(currency)
        written = amount.replace(CURRENCY_SIGN, symbol)
        return NumberText(written, value, pattern.replace(CURRENCY_SIGN, quoted(symbol)))

    def prose_money(self, value: float | None, currency: str) -> str:
        """Money as a sentence says it: two significant figures, a large amount with a word for its size."""
        if value is None or isnan(value):
            return self("word.unknown")
        amount, record = abs(to_figures(value)), language_record(self.language)
        if amount >= record.long_money:
            words: Literal["long", "short"] = "long" if "long" in self.locale.compact_decimal_formats else "short"
            compact = str(format_compact_decimal(amount, format_type=words, locale=self.locale, fraction_digits=1))
            number = grouped(compact, self.locale)
        elif amount >= WHOLE_PROSE or not amount:
            number = self.number(amount, 0)
        else:
            cents = get_currency_precision(currency)
            number = self.number(amount, max(cents, significant_digits(amount, PROSE_FIGURES)))
        return ("-" if value < 0 and amount else "") + self.named_money(number, currency)

    def named_money(self, number: str, currency: str) -> str:
        """An amount as written with its currency's sign or name, as sentences and axes of the language have it."""
        record = language_record(self.language)
        name = record.currency_names.get(currency) or get_currency_name(currency, locale=self.locale)
        return BEFORE_HANZI.sub(" ", record.prose_money.format(number=number, symbol=self.symbol(currency), name=name))

    def prose_months(self, value: float | None) -> str:
        """A time in months as a sentence says it: the figure of the card, without an idle zero."""
        if value is None:
            return self("word.unknown")
        return self.months(value, 0 if round(value, 1) % 1 == 0 else 1)

    def percent(self, value: float | None, digits: int = 0) -> str:
        """A fraction as percent."""
        if value is None or isnan(value):
            return self("word.unknown")
        with localcontext(MANY_DIGITS):
            shown = str(format_percent(_shown(value, digits + 2), format=f"{_pattern(digits)}%", locale=self.locale))
        return NumberText(shown, value, f"{_pattern(digits)}%")

    def months(self, value: float | None, digits: int = 1) -> str:
        """A time in months, with the word."""
        if value is None:
            return self("word.unknown")
        shown = self.number(value, digits)
        words = self._words("unit.months.value", 1 if shown == self.number(1, 0) else MANY).format(value=shown)
        return with_number(words, shown)

    def date(self, value: date | None) -> str:
        return self("word.unknown") if value is None else str(format_date(value, format="medium", locale=self.locale))

    def moment(self, at: datetime) -> str:
        """Day and time, in UTC."""
        told, form = at.astimezone(UTC), str(get_datetime_format("medium", locale=self.locale))
        return form.replace("{1}", self.date(told.date())).replace("{0}", f"{told:%H:%M} UTC")

    def symbol(self, currency: str) -> str:
        return str(get_currency_symbol(currency, locale=self.locale))

    def unit(self, unit: str, currency: str, count: float = MANY) -> str:
        """Words of a unit, for ``count`` of it; ``money`` becomes the project's currency."""
        words = self._words(f"unit.{unit}", count) if self.has(f"unit.{unit}") else unit
        return words.format(currency=currency)

    def value(self, value: object, unit: str, currency: str) -> str:
        """A value with its unit, ready to be read."""
        if value is None:
            return self("word.unknown")
        if isinstance(value, str):
            from advisor.catalog.own_model import is_own, own_model  # not for a help text, which this alone would slow
            from advisor.scenario import hours_shape, is_hours

            if is_own(value):
                return own_model(value).name
            if is_hours(value):
                return self("load_shape.value", peak=self.number(max(hours_shape(value)), 2))
            return self(f"choice.{value}") if self.has(f"choice.{value}") else value
        number = float(value)  # type: ignore[arg-type]
        if isnan(number):
            return self("word.unknown")
        percent = self.percent(number, significant_digits(number * 100))
        if unit == "fraction":
            return percent
        if unit == "fraction/year":
            return with_number(self("unit.fraction/year.value", value=percent), percent)
        if unit == "money":
            return self.money(number, currency)
        if unit.startswith("money/"):
            per = self(f"unit.per.{unit.removeprefix('money/')}")
            price = self.money(number, currency)
            return with_number(self("unit.per.value", value=price, unit=per), price)
        plain = self.rate(number) if EXCHANGE_UNIT.match(unit) else self.number(number)
        if unit == "share":
            return with_number(self("unit.share.value", value=plain), plain)
        return with_number(self("unit.plain.value", value=plain, unit=self.unit(unit, currency, number)), plain)


def _pattern(digits: int) -> str:
    return f"#,##0.{'0' * digits}" if digits else "#,##0"


def _shown(value: float, digits: int) -> float:
    """``value``, or a plain zero where only zeros would be left: never ``-0.00``."""
    return 0.0 if abs(value) <= 0.5 / 10**digits else value


def grouped(shown: str, locale: Locale) -> str:
    """A compact number with the separator of its thousands."""
    return UNGROUPED.sub(rf"\1{locale.number_symbols['latn']['group']}\2", shown)


def to_figures(value: float, figures: int = PROSE_FIGURES) -> float:
    """``value`` to so many significant figures."""
    if not value:
        return 0.0
    return round(value, figures - 1 - floor(log10(abs(value))))


def significant_digits(value: float, wanted: int = 4) -> int:
    """Digits after the point that show ``wanted`` significant ones, trailing zeros dropped."""
    if value == 0:
        return 0
    text = f"{abs(value):.{wanted - 1}e}"
    mantissa, exponent = text.split("e")
    kept = len(mantissa.replace(".", "").rstrip("0"))
    return max(0, kept - 1 - int(exponent))
