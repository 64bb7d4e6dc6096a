"""The texts of the data files that a reader is shown, as their records declare them."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_type_hints

from pydantic import BaseModel

from advisor.catalog.fields import Words
from advisor.catalog.hosted_prices import price_book
from advisor.catalog.loader import load_catalog
from advisor.catalog.records import Source
from advisor.price_sources.electricity import SOLD
from tests.text.catalogues import entries

DATA_FILE = "data.po"
DESCRIBED_SELLERS = ("Articles", "Secondary sources", "US Energy Information Administration", "Amazon US marketplace")
"""Providers of prices that are a description and not a name."""


def _is_words(hint: Any) -> bool:
    return hint == Words or any(_is_words(part) for part in get_args(hint))


def _records(value: object) -> Iterator[BaseModel]:
    """Every record in ``value``, whatever holds it."""
    if isinstance(value, BaseModel):
        yield value
        value = [getattr(value, name) for name in type(value).model_fields]
    elif is_dataclass(value):
        value = [getattr(value, each.name) for each in fields(value)]
    elif isinstance(value, Mapping):
        value = list(value.values())
    for each in value if isinstance(value, list | tuple) else ():
        yield from _records(each)


@cache
def _all_records() -> tuple[BaseModel, ...]:
    return tuple(_records((load_catalog(), price_book())))


@cache
def texts_of_the_data() -> frozenset[str]:
    """Every text of a field that is declared as ``Words``, and what an update of prices writes in words."""
    found: set[str] = {SOLD, *DESCRIBED_SELLERS}
    for record in _all_records():
        for name, hint in get_type_hints(type(record), include_extras=True).items():
            value = getattr(record, name, None) if _is_words(hint) else None
            found.update([value] if isinstance(value, str) else value or ())
    return frozenset(found)


@cache
def titles_of_the_data() -> frozenset[str]:
    """The title of every source; some are our own sentences, the others stay as they were published."""
    return frozenset(record.title for record in _all_records() if isinstance(record, Source))


@cache
def translated(language: str) -> frozenset[str]:
    return frozenset(entry.key for entry in entries(language) if entry.file == DATA_FILE)
