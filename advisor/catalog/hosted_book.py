"""Records about prices of hosted models: the bundled release, and what a folder of the reader's says over it."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from advisor.catalog.fields import Id, Positive, Record, Words, refusal
from advisor.catalog.records import Source
from advisor.core.notices import Issue

CONTRACT_PRICES = (
    *("input_price", "cached_input_price", "cache_write_price", "output_price"),
    *("batch_input_price", "batch_output_price", "batch_cached_input_price"),
)


class PriceSource(BaseModel):
    """Where the data was published, and when it was fetched."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    url: str
    retrieved: date


class Gaps(BaseModel):
    """What is assumed where the list gives no one rate, as notes beside the number."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    batch_rate: Words
    cached_batch_rate: Words
    cached_price: Words
    write_price: Words
    no_cache: Words
    own_price: Words
    mean: Words


class PriceBook(BaseModel):
    """``data/prices/hosted.yaml``: the release of the price data, its age, and the models offered for choice.

    ``offered`` has by provider and line the steps of the line, the largest models first.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    package: Literal["genai-prices"]
    version: str
    data_up_to: date
    kind: Literal["published"]
    source: PriceSource
    gaps: Gaps
    offered: dict[str, dict[str, tuple[tuple[str, ...], ...]]]


class HostedContract(Record):
    """What a team pays for a hosted model by its own contract, in USD per million tokens, from a day on.

    What the contract does not name costs what the published list says; from ``ends`` on, the list holds again.
    """

    model: Id
    effective_from: date
    ends: date | None = None
    input_price: Positive
    cached_input_price: Positive | None = None
    cache_write_price: Positive | None = None
    output_price: Positive
    batch_input_price: Positive | None = None
    batch_output_price: Positive | None = None
    batch_cached_input_price: Positive | None = None
    source: Source
    note: str | None = None

    @model_validator(mode="after")
    def _ends_later(self) -> "HostedContract":
        if self.ends is not None and self.ends <= self.effective_from:
            fault = f"ends {self.ends} is not after effective_from {self.effective_from}"
            days = {"value": str(self.ends), "day": str(self.effective_from)}
            raise refusal(fault, "correct a date", Issue("", "own_ends_early", days))
        return self

    def holds(self, on: date) -> bool:
        return self.effective_from <= on and (self.ends is None or on < self.ends)

    def prices(self) -> dict[str, float]:
        """What it names, by the names of ``HostedPrice``."""
        return {name: value for name in CONTRACT_PRICES if (value := getattr(self, name)) is not None}


class PriceList(BaseModel):
    """Price data as it was published on the day ``retrieved``: providers, each with its models."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    retrieved: date
    url: str
    providers: list[Any]


class SavedPrices(PriceList):
    """``prices/hosted.json`` of a reader's folder: the newest price data, and what earlier data still tells.

    ``kept`` are models whose new price was refused. They and those that the newest list lacks stay as the lists of
    ``earlier`` told them last, or as the bundled one does.
    """

    kept: tuple[str, ...] = ()
    earlier: tuple[PriceList, ...] = ()
