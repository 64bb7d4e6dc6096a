"""What is taken from the price list of a hosted model, on one day and on the days for which a change is announced."""

from collections.abc import Callable

from advisor.catalog.hosted_prices import HostedPrice
from advisor.core.records import PriceChange

Rate = Callable[[HostedPrice], float | None]
"""What is taken from a price list, whatever the day of it."""


def announced(price: HostedPrice, rate: Rate) -> tuple[PriceChange, ...]:
    """Values that the price list gives for later days, where they differ from the one before."""
    found, before = [], rate(price)
    for day, later in price.announced:
        value = rate(later)
        if value is not None and value != before:
            found.append(PriceChange(day, value))
            before = value
    return tuple(found)


def cached_price(price: HostedPrice) -> float | None:
    """Text read from a cache; it costs what new text costs where no price of it is published."""
    return price.input_price if price.cached_input_price is None else price.cached_input_price


def write_price(price: HostedPrice) -> float | None:
    """Text written to a cache; it costs what new text costs where no price of it is published."""
    return price.input_price if price.cache_write_price is None else price.cache_write_price


def batch_discount(price: HostedPrice) -> float | None:
    """Share that the batch interface takes off an answer; ``None`` where no batch rate is published. [fraction]"""
    return _taken_off(price.batch_output_price, price.output_price)


def cached_batch_discount(price: HostedPrice) -> float | None:
    return _taken_off(price.batch_cached_input_price, cached_price(price))


def _taken_off(batch: float | None, standard: float | None) -> float | None:
    return 1 - batch / standard if batch is not None and standard else None
