"""Which offers for a card the middle price rests on: recent ones of several sellers, else the newest there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from advisor.catalog.records import Gpu, PricePoint
from advisor.formulas.constants import MONTHS_PER_YEAR


@dataclass(frozen=True)
class Basis:
    """Offers that a price rests on, cheapest first; ``enough`` sellers and none of them too old."""

    offers: tuple[PricePoint, ...]
    enough: bool

    @property
    def middle(self) -> PricePoint | None:
        """Lower median; ``None`` without offers."""
        return middle(self.offers)

    @property
    def sellers(self) -> int:
        return sellers(self.offers)

    @property
    def oldest(self) -> date | None:
        """The day from which on every one of them was checked."""
        return min((offer.last_verified for offer in self.offers), default=None)


def basis_of(offers: Sequence[PricePoint], on: date, fewest: int, days: int) -> Basis:
    """The offers not older than ``days``, if ``fewest`` sellers or more make them; else the newest of so many.

    ``offers`` come cheapest first. Offers checked on one day are taken together.
    """
    fresh = [offer for offer in offers if (on - offer.last_verified).days <= days]
    if sellers(fresh) >= fewest:
        return Basis(tuple(fresh), enough=True)
    checked = sorted({offer.last_verified for offer in offers}, reverse=True)
    for since in checked:
        newest = [offer for offer in offers if offer.last_verified >= since]
        if sellers(newest) >= fewest:
            return Basis(tuple(newest), enough=False)
    return Basis(tuple(offers), enough=False)


def sellers(offers: Iterable[PricePoint]) -> int:
    """Sellers that are independent of each other: the names of one company count once."""
    return len({offer.sku.company or offer.sku.provider for offer in offers})


def middle(offers: Sequence[PricePoint]) -> PricePoint | None:
    """Lower median of offers in ascending order; ``None`` without offers."""
    return offers[(len(offers) - 1) // 2] if offers else None


def age_years(gpu: Gpu, on: date) -> float:
    """Years since a card came to market; from the middle of a year whose month is not known."""
    year, _, month = gpu.launched.partition("-")
    return on.year - int(year) + (on.month - int(month or MONTHS_PER_YEAR // 2)) / MONTHS_PER_YEAR
