"""The closed vocabulary of units.

A unit string stands beside every number of the product. ``money`` is the
project's base currency; a price as published names its own, as in ``USD/GPU/h``.
"""

import re

CURRENCIES = ("USD", "CNY", "EUR", "GBP", "JPY")

PLAIN_UNITS = frozenset(
    {
        "choice",
        "text",
        "date",
        "fraction",
        "fraction/year",
        "count",
        "examples",
        "runs",
        "GPU",
        "replicas",
        "retrainings/month",
        "items",
        "epochs",
        "tokens/example",
        "share",
        "kW",
        "hours",
        "hours/month",
        "hours/request",
        "failures/request",
        "checks/request",
        "days",
        "hours/year",
        "days/month",
        "minutes/item",
        "months",
        "years",
        "requests",
        "requests/s",
        "requests/day",
        "requests/month",
        "tokens/request",
        "tokens/s",
        "GPU*h",
        "GPU*h/month",
        "kWh",
        "kWh/month",
        "Mtok",
        "Mtok/request",
        "multiple",
        "tokens",
        "bytes/parameter",
        "bytes/value",
        "GiB",
        "GB/s",
        "TFLOP/s",
        "microseconds",
        "seconds",
        "milliseconds",
    }
)
MONEY_UNITS = frozenset(
    {
        "money",
        "money/h",
        "money/month",
        "money/example",
        "money/request",
        "money/failure",
        "money/Mtok",
        "money/GPU/h",
        "money/kWh",
    }
)
PRICE_UNIT = re.compile(rf"^({'|'.join(CURRENCIES)})/(GPU/h|GPU/month|GPU|kWh|Mtok|h|month)$")
EXCHANGE_UNIT = re.compile(rf"^({'|'.join(CURRENCIES)})/USD$")


def is_unit(text: str) -> bool:
    """True when ``text`` belongs to the vocabulary."""
    return text in PLAIN_UNITS or text in MONEY_UNITS or bool(PRICE_UNIT.match(text)) or bool(EXCHANGE_UNIT.match(text))


def currency_of(unit: str) -> str | None:
    """Currency a published price is quoted in, ``None`` for any other unit."""
    match = PRICE_UNIT.match(unit)
    return match.group(1) if match else None
