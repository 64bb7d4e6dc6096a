"""Defaults of the model's numbers: what holds by itself, in a market, for a quality need, for a use of the model."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, field_validator, model_validator

from advisor.catalog.fields import TEXT_UNITS, Id, Interval, Positive, Record, Text, Unit, Words, refusal
from advisor.catalog.records import Sourced


class Market(Sourced):
    """What a parameter is in a market of its own, such as wages: value and range in the currency of that market."""

    value: Positive
    interval: Interval | None = None
    note: Words | None = None


class Variant(Sourced):
    """What a parameter is under a condition of the case, in the parameter's own unit: value, range and the reason."""

    value: float | str
    interval: Interval | None = None
    note: Words | None = None

    @field_validator("value", mode="before")
    @classmethod
    def _is_scalar(cls, value: object) -> object:
        return _scalar(value)


class Parameter(Sourced):
    """An assumption of the model: value in ``unit``, ``None`` where only the user can know it.

    Money is in ``currency``. ``markets`` holds what differs by more than the exchange rate, by currency; ``needs`` what
    differs with the quality need, where that is not the normal one.
    """

    id: Id
    unit: Unit
    value: float | str | None
    interval: Interval | None = None
    note: Words | None = None
    currency: Literal["USD", "CNY", "EUR", "GBP", "JPY"] = "USD"
    markets: Mapping[Literal["CNY", "EUR", "GBP", "JPY"], Market] = {}
    needs: Mapping[Literal["high"], Variant] = {}

    def of_market(self, currency: str) -> "Parameter":
        """The parameter as it is in the market of a currency; as it stands where that market has no figure."""
        market = next((market for name, market in self.markets.items() if name == currency), None)
        if market is None:
            return self
        said = {name: getattr(market, name) for name in Market.model_fields}
        return self.model_copy(update={**said, "currency": currency, "markets": {}})

    def of_need(self, need: str | None) -> "Parameter":
        """The parameter as it is for a quality need; as it stands where that need changes nothing."""
        variant = next((variant for name, variant in self.needs.items() if name == need), None)
        return self if variant is None else self.as_in(variant)

    def as_in(self, variant: Variant) -> "Parameter":
        """The parameter with what a variant says of it."""
        return self.model_copy(update={name: getattr(variant, name) for name in Variant.model_fields} | {"needs": {}})

    @field_validator("value", mode="before")
    @classmethod
    def _is_scalar(cls, value: object) -> object:
        return None if value is None else _scalar(value)

    @model_validator(mode="after")
    def _is_consistent(self) -> "Parameter":
        self.check()
        for variant in self.needs.values():
            self.as_in(variant).check()
        return self

    def check(self) -> None:
        """Refuse a value that does not suit its unit or lies outside its interval."""
        if isinstance(self.value, str) and self.unit not in TEXT_UNITS:
            fault = f"value {self.value!r} is text but its unit is {self.unit!r}"
            raise refusal(fault, "write a plain number, or null where only the user can know it")
        if isinstance(self.value, float) and self.value - self.value != 0:
            raise refusal("value is not finite", "write a plain number")
        if self.interval is not None:
            self.interval.check(self.value)


class UseRecord(Record):
    """What a model is used for: a picture, one line about it, and what is typical of it, by question."""

    id: Id
    icon: Text
    summary: Words
    typical: Mapping[Id, Variant] = Field(min_length=1)


def _scalar(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise refusal(f"value {value!r} is neither a number nor text", "write a plain number, text or null")
    return float(value) if isinstance(value, int) else value
