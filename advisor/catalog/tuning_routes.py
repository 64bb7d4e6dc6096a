"""Records of managed tuning routes and of the retirement of models, under ``data/routes/`` and ``data/lifetimes/``."""

from datetime import date
from typing import Literal, get_args

from pydantic import Field, model_validator

from advisor.catalog.fields import Id, Positive, Record, Text, Words, refusal
from advisor.catalog.records import Sourced

RoutePrice = Literal["training", "input", "output", "hosting"]
"""The fields of a route that name a price."""

PRICES_OF_ROUTE: dict[RoutePrice, tuple[str, ...]] = {
    "training": ("Mtok", "h"),
    "input": ("Mtok",),
    "output": ("Mtok",),
    "hosting": ("h", "GPU/h", "month"),
}
"""What the price in each of these fields may be charged per."""


class Ending(Sourced):
    """The day from which something is no longer available, as its source announces it.

    ``on`` is ``None`` where no end is announced. ``undated``: it has ended, but the source names no day.
    """

    on: date | None
    undated: bool = False
    note: Words | None = None

    @model_validator(mode="after")
    def _is_consistent(self) -> "Ending":
        if self.undated and self.on is not None:
            raise refusal(f"on {self.on} and undated stand together", "keep the day, or null with undated")
        if self.undated and self.note is None:
            raise refusal("undated has no note", "say in a note what the source says instead of a day")
        return self

    def reached(self, on: date) -> bool:
        """Whether it has ended by a day."""
        return self.undated or (self.on is not None and self.on <= on)


class RouteRecord(Record):
    """One way to have a model tuned and served by its vendor. Prices are ids of ``data/prices/managed_tuning/``.

    A price that is ``None`` is not charged, unless it stands in ``unknown``: charged, but not found. ``model`` is the
    catalog's id of an open base model. ``on_sale`` ends when no new training job can be bought, ``newcomers`` (where
    it is earlier) when this holds for who is no customer yet, ``retires`` when the tuned model stops answering.
    """

    id: Id
    provider: Text
    name: Words
    base: Text
    model: Id | None = None
    params_from_b: Positive | None = None
    params_to_b: Positive | None = None
    training: Id | None = None
    input: Id | None = None
    output: Id | None = None
    hosting: Id | None = None
    unknown: tuple[RoutePrice, ...] = Field(default=(), strict=False)
    newcomers: Ending | None = None
    on_sale: Ending
    retires: Ending
    note: Words | None = None

    @model_validator(mode="after")
    def _is_consistent(self) -> "RouteRecord":
        for field in self.unknown:
            if getattr(self, field) is not None:
                raise refusal(f"{field} has a price and stands in unknown", "take it out of one of the two")
        if not self.prices() and not self.unknown:
            raise refusal("the route costs nothing", "name its prices, or list in unknown what was not found")
        sale, retirement = self.on_sale.on, self.retires.on
        if sale is not None and retirement is not None and retirement < sale:
            fault = f"retires on {retirement} is before on_sale on {sale}"
            raise refusal(fault, "read both again, nothing is sold after it stops")
        closed = self.newcomers.on if self.newcomers else None
        if closed is not None and sale is not None and sale < closed:
            fault = f"on_sale on {sale} is before newcomers on {closed}"
            raise refusal(fault, "leave newcomers out where it closes to everybody at once")
        return self

    def takes(self, params_b: float) -> bool:
        """Whether a model of so many billion parameters lies in the band that the prices are for."""
        return (self.params_from_b or 0.0) <= params_b <= (self.params_to_b or float("inf"))

    def prices(self) -> dict[RoutePrice, str]:
        """The price ids the route names, by field."""
        fields: tuple[RoutePrice, ...] = get_args(RoutePrice)
        return {field: sku for field in fields if (sku := getattr(self, field)) is not None}

    def sold_on(self, on: date, customer: bool = False) -> bool:
        """Whether a new training job can be bought on a day, by anybody or only by who is a customer already."""
        closed_to_new = self.newcomers is not None and not customer and self.newcomers.reached(on)
        return not closed_to_new and not self.on_sale.reached(on) and not self.retires.reached(on)


class LifetimeRecord(Record):
    """When a hosted model stops answering; ``id`` as ``data/prices/hosted.yaml`` spells it, vendor first."""

    id: Id
    retires: Ending


class RetirementSource(Sourced):
    """Source of a provider's retirements; ``id`` is the provider's part of a hosted model's id.

    ``note`` says what the source does not cover.
    """

    id: Id
    note: Words | None = None
