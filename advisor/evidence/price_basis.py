"""What the default price of each card rests on: how many sellers, and how many of them were checked lately."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from advisor.catalog.catalog import Catalog
from advisor.catalog.fields import PriceBook
from advisor.catalog.offers import sellers
from advisor.catalog.own_prices import OWN
from advisor.catalog.records import PricePoint
from advisor.text.i18n import Translator

BOOKS: tuple[PriceBook, ...] = ("gpu_rental", "gpu_purchase")


@dataclass(frozen=True)
class CardBasis:
    """Offers behind the default price of a card: ``sellers`` that are independent, ``fresh`` ones among them.

    ``point`` is the median offer, ``oldest`` the day from which on every offer was checked, ``own`` whether the price
    is the team's own, which stands alone.
    """

    gpu: str
    book: PriceBook
    point: PricePoint
    sellers: int
    fresh: int
    oldest: date
    own: bool
    enough: bool


def card_bases(catalog: Catalog, on: date) -> tuple[CardBasis, ...]:
    """Every card with an offer, by rent and by purchase."""
    return tuple(found for book in BOOKS for found in _of_book(catalog, book, on))


def _of_book(catalog: Catalog, book: PriceBook, on: date) -> Iterator[CardBasis]:
    days = catalog.rules.price_stale_after_days
    for gpu in catalog.gpus:
        basis = catalog.basis(gpu, book, on)
        if basis.middle is not None and basis.oldest is not None:
            fresh = sellers(offer for offer in basis.offers if (on - offer.last_verified).days <= days)
            own = basis.middle.kind == OWN
            yield CardBasis(gpu, book, basis.middle, basis.sellers, fresh, basis.oldest, own, basis.enough)


def basis_word(basis: CardBasis, catalog: Catalog, t: Translator) -> str:
    """Whether a default is firm, and why not."""
    if basis.own:
        return t("prices.basis.own")
    if basis.enough:
        return t("prices.basis.enough")
    fewest, days = catalog.rules.fewest_offers, catalog.rules.price_stale_after_days
    if basis.sellers < fewest:
        return t("prices.basis.few", fewest=t.number(fewest, 0))
    return t("prices.basis.old", fewest=t.number(fewest, 0), days=t.number(days, 0))


def basis_summary(bases: tuple[CardBasis, ...], catalog: Catalog, t: Translator) -> str:
    """How many of the default rents rest on enough fresh sellers."""
    rents = [basis for basis in bases if basis.book == "gpu_rental"]
    firm = sum(basis.own or basis.enough for basis in rents)
    return t(
        "prices.basis.summary",
        firm=t.number(firm, 0),
        all=t.number(len(rents), 0),
        fewest=t.number(catalog.rules.fewest_offers, 0),
        days=t.number(catalog.rules.price_stale_after_days, 0),
    )
