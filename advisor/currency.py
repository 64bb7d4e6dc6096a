"""The same case told in another currency."""

from datetime import date

from advisor.catalog.loader import Catalog
from advisor.models.finance import convert
from advisor.notices import InputError, Issue
from advisor.scenario import QUESTIONS, Scenario

SIGNIFICANT_DIGITS = 12


def per_dollar(scenario: Scenario, currency: str, catalog: Catalog, on: date) -> float:
    """Units of ``currency`` for one dollar: the user's rate, else the dated one. Raises :class:`InputError`."""
    own = (scenario.exchange_rates or {}).get(currency)
    if own is not None or currency == "USD":
        return own or 1.0
    dated = catalog.exchange_rate(currency, on)
    if dated is None:
        raise InputError([Issue("currency", "rate_unknown", {"value": currency})])
    return float(dated.value)


def in_currency(scenario: Scenario, currency: str, catalog: Catalog, on: date) -> Scenario:
    """Every answer about money converted, so that the case means the same as before."""
    if currency == scenario.base_currency:
        return scenario
    day = scenario.as_of or on
    old, new = (per_dollar(scenario, c, catalog, day) for c in (scenario.base_currency, currency))
    amounts = {k: v for k, v in scenario.answers().items() if "money" in QUESTIONS[k].unit}
    converted = {k: float(f"{convert(v, old, new):.{SIGNIFICANT_DIGITS}g}") for k, v in amounts.items()}
    return scenario.with_(currency=currency, **converted)
