"""Electricity prices of businesses by country, from Eurostat's half-yearly table ``nrg_pc_205`` in JSON-stat.

The form of the answer is that of Eurostat's documentation of its statistics API (JSON-stat 2.0: ``id`` names the
dimensions, ``size`` counts their categories, ``value`` holds the cells by their place in row-major order, empty ones
left out, ``status`` their flags). It was written from there, not recorded from the service; what differs is refused.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from advisor.catalog.catalog import Catalog
from advisor.catalog.records import PriceRecord
from advisor.core.notices import InputError, Issue
from advisor.price_sources.answers import PriceMove, SourceAnswer, checked, moved, not_later
from advisor.price_sources.fetch import fetch, json_of, lacking, text_of, unreadable
from advisor.price_sources.written import history, yaml_bytes

TABLE = "nrg_pc_205"
BAND = "MWH20-499"
"""The band of consumption per year that a few servers fall into: eight cards of 1 kW around the clock take 70 MWh."""
ASKED = {"freq": "S", "nrg_cons": BAND, "unit": "KWH", "tax": "X_TAX", "currency": "EUR"}
"""What each price is of: half a year, the band, a kilowatt-hour, without taxes and levies, in euros."""
PRODUCT = {"product": "6000"}
"""Electrical energy; the table holds nothing else."""
PUBLISHED_AT = (
    f"https://ec.europa.eu/eurostat/api/dissemination/statistics/1.0/data/{TABLE}?format=JSON&lang=EN&"
    + "&".join(f"{name}={code}" for name, code in ASKED.items())
    + "&lastTimePeriod=2"
)
MOST_BYTES, MOST_CELLS = 2_000_000, 20_000
HIGHEST = 3.0
"""No country's businesses pay as much for a kilowatt-hour. [EUR/kWh] A price per megawatt-hour is above it."""
UNIT, FILE, PROVIDER = "EUR/kWh", "prices/electricity/eurostat.yaml", "Eurostat"
SOLD = "business, 20-499 MWh"
PERIOD, COUNTRY = re.compile(r"^(20\d\d)-S([12])$"), re.compile(r"^[A-Z]{2}[A-Z0-9_]{0,12}$")


@dataclass(frozen=True)
class CountryPrice:
    """What businesses of a country paid in the newest half-year told. [EUR/kWh] ``flag`` as Eurostat sets it."""

    country: str
    name: str
    period: str
    price: float
    flag: str

    @property
    def id(self) -> str:
        return f"eurostat/{self.country}/{BAND}".lower()

    @property
    def note(self) -> str:
        return f"{self.period} ({self.flag})" if self.flag else self.period

    @property
    def since(self) -> date:
        year, half = self.period.split("-S")
        return date(int(year), 1 if half == "1" else 7, 1)


@dataclass(frozen=True)
class _Axis:
    """A dimension of the table: its codes in their order, and what they are called."""

    name: str
    codes: tuple[str, ...]
    labels: Mapping[str, str]


def electricity_prices(place: str, catalog: Catalog, on: date, source: str) -> SourceAnswer:
    """The newest half-year of every country; one that the table no longer tells stays as it was."""
    told = _json(text_of(fetch(place, source, MOST_BYTES), source), source)
    day = not_later(_updated(told.get("updated"), source), on, source)
    found = _newest(told, source)
    for price in found:
        not_later(price.since, on, source)
    before = {name: sku for name, sku in catalog.prices.items() if name.startswith("eurostat/")}
    if any(day < sku.last_verified for sku in before.values()):  # newer prices are known
        return SourceAnswer(source, day, len(found), (), {})
    url = place if place.startswith("https://") else PUBLISHED_AT
    skus: list[dict[str, object]] = []
    moves: list[PriceMove] = []
    for price in found:
        skus.append(_continued(price, before.pop(price.id, None), day, url, on, moves))
    for name, sku in sorted(before.items()):
        last = sku.list_unit_prices[-1]
        moves.append(PriceMove(name, UNIT, float(last.value), None, last.effective_from, "no_longer_told"))
        skus.append(_sku(name, sku.region or "", history(sku.list_unit_prices, None), sku.last_verified, sku.note))
    content = yaml_bytes({"provider": PROVIDER, "provider_class": "utility", "skus": skus})
    return SourceAnswer(source, day, len(found), tuple(moves), {FILE: content})


def _continued(
    price: CountryPrice, sku: PriceRecord | None, day: date, url: str, on: date, moves: list[PriceMove]
) -> dict[str, object]:
    """The record of a country with its new price; what moved is added to ``moves``."""
    if sku is None:
        moves.append(PriceMove(price.id, UNIT, None, price.price, price.since))
        return _sku(price.id, price.name, [_dated(price, url, on)], day, price.note)
    last = sku.list_unit_prices[-1]
    move = moved(price.id, UNIT, float(last.value), price.price, price.since)
    if price.since < last.effective_from or (move is None and price.since == last.effective_from):
        return _sku(price.id, price.name, history(sku.list_unit_prices, None), day, sku.note)
    moves += [] if move is None else [move]
    if move is not None and move.kept is not None:
        return _sku(price.id, price.name, history(sku.list_unit_prices, None), sku.last_verified, sku.note)
    return _sku(price.id, price.name, history(sku.list_unit_prices, _dated(price, url, on)), day, price.note)


def _dated(price: CountryPrice, url: str, on: date) -> dict[str, object]:
    title = f"Eurostat, {TABLE}, {price.name}, {price.period}, without taxes and levies"
    source = {"title": title, "url": url, "retrieved": on}
    return {"effective_from": price.since, "value": price.price, "kind": "published", "source": source}


def _sku(name: str, region: str, values: list[dict[str, object]], seen: date, note: str | None) -> dict[str, object]:
    return {
        "id": name,
        "region": region,
        "item": SOLD,
        "pricing_category": "standard",
        "charge_frequency": "usage_based",
        "unit": UNIT,
        "list_unit_prices": values,
        "last_verified": seen,
        **({"note": note} if note else {}),
    }


def _json(text: str, source: str) -> dict[str, Any]:
    told = json_of(text, source)
    if not isinstance(told, dict) or (told.get("version"), told.get("class")) != ("2.0", "dataset"):
        raise lacking(source, "JSON-stat 2.0, dataset")
    return told


def _updated(value: object, source: str) -> date:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise unreadable(source, "updated", value) from None


def _newest(told: dict[str, Any], source: str) -> list[CountryPrice]:
    """Of every country the newest half-year with a price."""
    axes = _axes(told, source)
    size = math.prod(len(axis.codes) for axis in axes)
    cells, flags = _cells(told.get("value"), size, "value", source), _cells(told.get("status"), size, "status", source)
    found: dict[str, CountryPrice] = {}
    for at, value in cells.items():
        place = _place(at, axes)
        country, period = place["geo"], place["time"]
        if value is None or (country in found and period <= found[country].period):
            continue
        name = next(axis.labels[country] for axis in axes if axis.name == "geo")
        price = checked(value, f"{country}, {period}", source)
        if price > HIGHEST or isinstance(value, str):
            raise InputError(
                [
                    Issue(
                        source, "source_price_impossible", {"subject": f"{country}, {period}", "value": str(value)[:40]}
                    )
                ]
            )
        found[country] = CountryPrice(country, name, period, price, str(flags.get(at) or "")[:8])
    if not found:
        raise lacking(source, "value")
    return sorted(found.values(), key=lambda price: price.id)


def _axes(told: dict[str, Any], source: str) -> tuple[_Axis, ...]:
    """The dimensions, each of which but country and time has to be the one that was asked for."""
    names, sizes, described = told.get("id"), told.get("size"), told.get("dimension")
    if not (isinstance(names, list) and isinstance(sizes, list) and isinstance(described, dict)):
        raise lacking(source, "id, size, dimension")
    if len(names) != len(sizes) or not {*ASKED, "geo", "time"} <= set(map(str, names)) <= {
        *ASKED,
        *PRODUCT,
        "geo",
        "time",
    }:
        raise unreadable(source, "id", ", ".join(map(str, names)))
    axes = tuple(_axis(str(name), size, described.get(name), source) for name, size in zip(names, sizes, strict=True))
    if math.prod(len(axis.codes) for axis in axes) > MOST_CELLS:
        raise InputError([Issue(source, "source_too_many_cells", {"most": MOST_CELLS})])
    for axis in axes:
        wanted = (ASKED | PRODUCT).get(axis.name)
        if wanted is not None and axis.codes != (wanted,):
            raise unreadable(source, axis.name, ", ".join(axis.codes))
        form = {"geo": COUNTRY, "time": PERIOD}.get(axis.name)
        if form is not None and (strange := [code for code in axis.codes if not form.match(code)]):
            raise unreadable(source, axis.name, strange[0])
    return axes


def _axis(name: str, size: object, described: object, source: str) -> _Axis:
    category = described.get("category") if isinstance(described, dict) else None
    index = category.get("index") if isinstance(category, dict) else None
    labels = category.get("label") if isinstance(category, dict) else None
    if isinstance(index, list):
        index = {code: at for at, code in enumerate(index)}
    if not isinstance(index, dict) or sorted(map(str, index.values())) != sorted(map(str, range(len(index)))):
        raise lacking(source, f"dimension/{name}/category/index")
    if size != len(index) or not index:
        raise unreadable(source, f"size, {name}", size)
    codes = tuple(sorted(map(str, index), key=lambda code: int(index[code])))
    told = labels if isinstance(labels, dict) else {}
    return _Axis(name, codes, {code: " ".join(str(told.get(code) or code).split())[:60] for code in codes})


def _cells(told: object, size: int, name: str, source: str) -> dict[int, object]:
    """Cells by their place: of an object only those that are not empty, of a list all."""
    if told is None and name == "status":
        return {}
    if isinstance(told, list) and len(told) == size:
        return dict(enumerate(told))
    if not isinstance(told, dict) or not all(key.isascii() and key.isdigit() and int(key) < size for key in told):
        raise InputError([Issue(source, "source_cells_differ", {"name": name, "cells": size})])
    return {int(key): value for key, value in told.items()}


def _place(at: int, axes: tuple[_Axis, ...]) -> dict[str, str]:
    """The code of every dimension of a cell; the last dimension runs fastest."""
    found = {}
    for axis in reversed(axes):
        at, position = divmod(at, len(axis.codes))
        found[axis.name] = axis.codes[position]
    return found
