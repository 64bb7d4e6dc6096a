"""Offers to rent GPUs by the hour, from the catalog that gpuhunt publishes for each seller.

Of each seller and card the cheapest offer on demand is taken, whichever region and size of machine it is of.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from advisor.catalog.catalog import Catalog
from advisor.catalog.offer_names import OfferNames, OfferSeller
from advisor.catalog.reader import build, parse_yaml
from advisor.core.notices import InputError, Issue
from advisor.core.places import DATA
from advisor.price_sources.answers import PriceMove, SourceAnswer, checked, moved, not_later
from advisor.price_sources.fetch import fetch, lacking, place_below, text_of, unpacked, unreadable
from advisor.price_sources.written import history, yaml_bytes

NAMES = DATA / "sources" / "gpuhunt.yaml"
MOST_VERSION, MOST_BYTES, MOST_UNPACKED = 200, 30_000_000, 200_000_000
FEWEST_SELLERS = 3
"""With fewer sellers that answer, none is taken: the middle of what is left would be of other sellers than before."""
VERSION = re.compile(r"^(20\d\d)-?(\d\d)-?(\d\d)\b[\w.-]*$|^(20\d\d)(\d\d)(\d\d)[\w.-]*$")
UNIT = "USD/GPU/h"
FIELDS = ("instance_name", "location", "price", "gpu_count", "gpu_name", "gpu_memory", "spot")


@dataclass(frozen=True)
class GpuOffer:
    """The cheapest offer of a card by one seller. [USD/GPU/h]"""

    card: str
    price: float
    instance: str
    region: str


def published_at() -> str:
    """Where gpuhunt itself reads its catalog."""
    from gpuhunt._internal.catalog import CATALOG_URL

    return str(CATALOG_URL)


def gpu_offers(place: str, catalog: Catalog, on: date, source: str) -> SourceAnswer:
    """The newest offers of every seller that answers."""
    names = offer_names()
    found: list[tuple[OfferSeller, date, dict[str, GpuOffer]]] = []
    missing: list[str] = []
    for seller in names.sellers:
        try:
            version = text_of(fetch(place_below(place, seller.id, "version"), source, MOST_VERSION), source).strip()
        except InputError as error:
            if error.issues[0].code != "source_unreachable":
                raise
            missing.append(seller.provider)
            continue
        day = not_later(_day(version, source), on, source)
        archive = fetch(place_below(place, seller.id, version, "catalog.zip"), source, MOST_BYTES)
        table = text_of(unpacked(archive, f"{seller.id}.csv", source, MOST_UNPACKED), source)
        found.append((seller, day, cheapest(table, seller, names, source)))
    if len(found) < FEWEST_SELLERS:
        raise InputError(
            [Issue(source, "source_few_sellers", {"place": place, "answered": len(found), "needed": FEWEST_SELLERS})]
        )
    files: dict[str, bytes] = {}
    moves: list[PriceMove] = []
    read = 0
    for seller, day, offers in found:
        moves += _write(seller, day, offers, catalog, place, on, files)
        read += len(offers)
    return SourceAnswer(source, max(day for _, day, _ in found), read, tuple(moves), files, tuple(missing))


def offer_names() -> OfferNames:
    """``data/sources/gpuhunt.yaml``."""
    file = f"data/sources/{NAMES.name}"
    return build(OfferNames, parse_yaml(NAMES.read_bytes(), file), file, "whole file")


def _day(version: str, source: str) -> date:
    found = VERSION.match(version)
    if found is None:
        raise unreadable(source, "version", version)
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        raise unreadable(source, "version", version) from None


def cheapest(table: str, seller: OfferSeller, names: OfferNames, source: str) -> dict[str, GpuOffer]:
    """By card the cheapest offer on demand. Raises :class:`InputError` where a row is none of gpuhunt's."""
    rows = csv.DictReader(io.StringIO(table))
    if rows.fieldnames is None or not set(FIELDS) <= set(rows.fieldnames):
        raise lacking(source, f"{seller.id}.csv: {', '.join(FIELDS)}")
    found: dict[str, GpuOffer] = {}
    for offer in _offers(rows, seller, names, source):
        if offer.card not in found or offer.price < found[offer.card].price:
            found[offer.card] = offer
    return found


def _offers(rows: "csv.DictReader[str]", seller: OfferSeller, names: OfferNames, source: str) -> Iterator[GpuOffer]:
    from gpuhunt._internal.storage import item_from_row

    for row in rows:
        where = f"{seller.id}.csv, line {rows.line_num}"
        try:
            item = item_from_row(row, provider=seller.id)
        except (ValueError, TypeError, AttributeError):
            told = {"file": f"{seller.id}.csv", "line": rows.line_num}
            raise InputError([Issue(source, "source_row_unreadable", told)]) from None
        if item.gpu_count < 0:
            raise unreadable(source, f"{where}, gpu_count", item.gpu_count)
        if not item.gpu_count or item.gpu_name is None or item.spot:
            continue
        whole = checked(item.price, where, source)
        card = names.card(seller, item.instance_name, item.gpu_name, item.gpu_memory)
        if card is not None:
            yield GpuOffer(card, round(whole / item.gpu_count, 4), item.instance_name, item.location)


def _write(
    seller: OfferSeller,
    day: date,
    offers: Mapping[str, GpuOffer],
    catalog: Catalog,
    place: str,
    on: date,
    files: dict[str, bytes],
) -> Iterator[PriceMove]:
    """The file of one seller, with the history of each price; yields what moved. None where newer offers are known."""
    title = f"{seller.provider}, {day}, in gpuhunt's catalog"
    source = {"title": title, "url": place if place.startswith("https://") else published_at(), "retrieved": on}
    known = {offer.card: catalog.prices.get(f"gpuhunt-{seller.id}/{offer.card}") for offer in offers.values()}
    if any(before is not None and day < before.last_verified for before in known.values()):
        return
    skus = []
    for offer in sorted((each for each in offers.values() if each.card in catalog.gpus), key=lambda each: each.card):
        name, before = f"gpuhunt-{seller.id}/{offer.card}", known[offer.card]
        values, seen = (() if before is None else before.list_unit_prices), day
        move = moved(name, UNIT, float(values[-1].value) if values else None, offer.price, day)
        new: dict[str, object] | None = None
        if move is not None:
            yield move
            if move.kept is None:
                new = {"effective_from": day, "value": offer.price, "kind": "published", "source": source}
            elif before is not None:
                seen = before.last_verified
        skus.append(_sku(name, offer, history(values, new), seen))
    if skus:
        said = {"provider": seller.provider, "company": seller.company, "provider_class": seller.provider_class}
        content: dict[str, object] = {key: value for key, value in said.items() if value is not None}
        files[f"prices/gpu_rental/gpuhunt-{seller.id}.yaml"] = yaml_bytes({**content, "skus": skus})


def _sku(name: str, offer: GpuOffer, values: list[dict[str, object]], seen: date) -> dict[str, object]:
    return {
        "id": name,
        "gpu": offer.card,
        "region": offer.region,
        "pricing_category": "standard",
        "charge_frequency": "usage_based",
        "unit": UNIT,
        "list_unit_prices": values,
        "last_verified": seen,
        "note": offer.instance,
    }
