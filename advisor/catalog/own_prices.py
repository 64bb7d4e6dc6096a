"""Records of a folder of the reader's, laid over the bundled ones: later dated values win, and what is theirs first."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from advisor.catalog.fields import as_written
from advisor.catalog.records import DatedValue, ExchangeRate, PricePoint, PriceRecord
from advisor.core.notices import DataError, Issue

OWN = "yours"
"""Kind of what a team agreed on itself: it comes before anything published."""
SAME = ("gpu", "model", "unit", "pricing_category")
"""What a price keeps, whoever adds a value to its history."""

History = TypeVar("History", PriceRecord, ExchangeRate)


def continued(before: PriceRecord, after: PriceRecord, file: str, path: tuple[int | str, ...] = ()) -> PriceRecord:
    """A price with the values of both records. Raises :class:`DataError` where they are not of one thing."""
    for field in (*SAME, "provider") if before.book == "managed_tuning" else SAME:  # a route names its own provider's
        old, new = getattr(before, field), getattr(after, field)
        if old != new:
            fault = f"{field} is {new!r}, and {old!r} where the price stood before"
            issue = Issue(
                f"{after.id}, {field}", "own_other_than_before", {"value": as_written(new), "before": as_written(old)}
            )
            mend = "write the same, or give the price an id of its own"
            raise DataError(file, after.id, fault, mend, issue, path=(*path, field))
    values = _merged(before.list_unit_prices, after.list_unit_prices)
    last = max(before.last_verified, after.last_verified)
    return after.model_copy(update={"list_unit_prices": values, "last_verified": last})


def continued_rate(before: ExchangeRate, after: ExchangeRate) -> ExchangeRate:
    """A rate with the values of both records."""
    last = max(before.last_verified, after.last_verified)
    return after.model_copy(update={"values": _merged(before.values, after.values), "last_verified": last})


def _merged(before: Iterable[DatedValue], after: Iterable[DatedValue]) -> tuple[DatedValue, ...]:
    """Both histories in order of their days; of one day the later record counts."""
    by_day = {dated.effective_from: dated for dated in (*before, *after)}
    return tuple(by_day[day] for day in sorted(by_day))


def in_force(values: Iterable[DatedValue], on: date) -> DatedValue | None:
    """The last of the ascending ``values`` that has begun by ``on``, one's own before any other; else ``None``."""
    begun = [dated for dated in values if dated.effective_from <= on]
    own = [dated for dated in begun if dated.kind == OWN]
    return (own or begun)[-1] if begun else None


def own_offers(offers: Sequence[PricePoint]) -> tuple[PricePoint, ...]:
    """Of these offers those that the team agreed on itself."""
    return tuple(offer for offer in offers if offer.kind == OWN)
