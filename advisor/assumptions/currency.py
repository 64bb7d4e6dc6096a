"""Money in another currency, at the user's own rates before the published ones."""

from datetime import date

from advisor.catalog.loader import Catalog
from advisor.core.notices import InputError, Issue
from advisor.formulas.finance import convert
from advisor.scenario import QUESTIONS, Scenario

DOLLAR = "USD"
"""What rates are told in, and money in ``data/parameters``."""
SIGNIFICANT_DIGITS = 12


def per_dollar(scenario: Scenario, currency: str, catalog: Catalog, on: date) -> float | None:
    """Units of ``currency`` for one dollar: the user's rate, else the dated one; ``None`` where there is neither."""
    own = (scenario.exchange_rates or {}).get(currency)
    if own is not None or currency == DOLLAR:
        return own or 1.0
    dated = catalog.exchange_rate(currency, on)
    return None if dated is None else float(dated.value)


def in_base(amount: float, currency: str, scenario: Scenario, catalog: Catalog, on: date) -> float | None:
    """An amount in the currency of the case; ``None`` where a rate is unknown."""
    if currency == scenario.base_currency:
        return amount
    old, new = (per_dollar(scenario, each, catalog, on) for each in (currency, scenario.base_currency))
    return None if old is None or new is None else float(convert(amount, old, new))


def in_currency(scenario: Scenario, currency: str, catalog: Catalog, on: date) -> Scenario:
    """The case with every answer about money converted, so that it means the same. Raises :class:`InputError`."""
    if currency == scenario.base_currency:
        return scenario
    day = scenario.as_of or on
    old, new = (_known_rate(scenario, c, catalog, day) for c in (scenario.base_currency, currency))

    def converted(amount: float) -> float:
        return float(f"{convert(amount, old, new):.{SIGNIFICANT_DIGITS}g}")

    amounts = {k: converted(v) for k, v in scenario.answers().items() if "money" in QUESTIONS[k].unit}
    ranges = {
        name: [converted(end) for end in ends] if "money" in QUESTIONS[name].unit else list(ends)
        for name, ends in (scenario.ranges or {}).items()
    }
    return scenario.with_(currency=currency, ranges=ranges or None, **amounts)


def _known_rate(scenario: Scenario, currency: str, catalog: Catalog, on: date) -> float:
    rate = per_dollar(scenario, currency, catalog, on)
    if rate is None:
        raise InputError([Issue("currency", "rate_unknown", {"value": currency})])
    return rate
