"""Records under ``data/``, except levers, plans, rules and routes.

One class for each kind of record. A field name ends with its unit; a fraction is
0-1. ``None`` means "the source does not say" and is never replaced by a number.
The rules of one record stand here; rules between records stand in ``loader``.
"""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator

from advisor.catalog.fields import (
    UNITS_OF_BOOK,
    Amount,
    Article,
    ChargeFrequency,
    Count,
    Currency,
    Id,
    Interval,
    Kind,
    ModelSize,
    Month,
    Number,
    Positive,
    PriceBook,
    PricingCategory,
    ProviderClass,
    Range,
    Record,
    Text,
    Unit,
    Words,
    refusal,
    within,
)
from advisor.core.notices import Issue
from advisor.core.units import EXCHANGE_UNIT, currency_of


class Source(Record):
    """Where a number was read, and the day it was read. A title that is our own sentence has translations."""

    title: Text
    url: Text | None = None
    article: Article | None = None
    retrieved: date

    @field_validator("url")
    @classmethod
    def _is_address(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("https://", "http://")):
            fault, mend = f"url {url[:60]!r} is not a web address", "write the whole address, beginning with https://"
            raise refusal(fault, mend, Issue("", "own_no_address", {"value": url[:60]}))
        return url


def check_address(kind: Kind, source: Source) -> None:
    if kind not in ("judgement", "yours") and source.url is None and source.article is None:
        fault, mend = f"source of kind {kind!r} has no url", "add its url or article, or call the number a judgement"
        raise refusal(fault, mend, Issue("", "own_source_without_address", {"value": kind}))


class Sourced(Record):
    """A record that states the source of its numbers and how far they can be trusted."""

    kind: Kind
    source: Source

    @model_validator(mode="after")
    def _has_address(self) -> "Sourced":
        check_address(self.kind, self.source)
        return self


class Gpu(Sourced):
    """One accelerator. Peaks are dense, never with structured sparsity, which doubles them on paper.

    ``memory_gib`` is what the card holds (GiB), bandwidth GB/s, peaks TFLOP/s (INT8: TOP/s), power W,
    ``link_gb_per_s`` the total of the links between cards (``None``: PCIe only),
    which a bridge gives to pairs of cards only, and in few servers.
    ``names`` are other labels of the same card in price lists and benchmarks. A ``desktop`` card is used where it is
    named, never chosen: its licence keeps it out of data centres. A ``module`` is sold with its board or server only.
    """

    id: Id
    name: Text
    names: tuple[Text, ...] = Field(default=(), strict=False)
    vendor: Text
    architecture: Text
    launched: Month
    memory_gib: Annotated[Positive, within(1, 4_000)]
    module: bool = False
    memory_type: Text | None = None
    memory_bandwidth_gb_per_s: Annotated[Positive, within(20, 200_000)]
    bf16_dense_tflops: Annotated[Positive, within(2, 100_000)]
    fp8_dense_tflops: Positive | None
    int8_dense_tops: Positive | None = None
    fp4_dense_tflops: Positive | None = None
    tdp_w: Annotated[Positive, within(10, 20_000)]
    link_gb_per_s: Annotated[Positive, within(1, 20_000)] | None
    link_is_bridge: bool = False
    desktop: bool = False
    launch_price_usd: Positive | None
    note: Text | None = None

    @property
    def short_name(self) -> str:
        """The name without maker and brand, for a legend or a table."""
        return self.name.removeprefix(f"{self.vendor} ").removeprefix("GeForce ")


class TrainingTableRow(Sourced):
    """Row of a published table of training times: wall hours on ``gpus`` cards, stated cost in USD."""

    id: Id
    model_size: ModelSize
    gpu: Id
    gpus: Count
    lora_hours: Range
    full_hours: Range
    stated_cost_usd: Range
    samples: Count
    epochs: Count
    note: Text | None = None


class Coefficient(Sourced):
    """A constant of one of the estimators, and why it has this size."""

    unit: Unit
    value: Number
    interval: Interval | None = None
    note: Words

    @model_validator(mode="after")
    def _is_inside(self) -> "Coefficient":
        if self.interval is not None:
            self.interval.check(self.value)
        return self


class ModelRecord(Sourced):
    """Architecture of an open-weight model; parameters in billions. ``ffn_size`` is that of ONE expert.

    ``windowed_layers`` look back ``window_tokens`` only. ``licence_limits``: what the licence asks of commercial use.
    ``names``: other models of this shape. ``engineering.descriptions`` says what the later fields mean.
    """

    id: Id
    name: Text
    names: tuple[Text, ...] = Field(default=(), strict=False)
    family: Text
    params_b: Positive
    active_params_b: Positive
    hidden_size: Count
    layers: Count
    heads: Count
    kv_heads: Count
    head_dim: Count | None = None
    windowed_layers: Count | None = None
    window_tokens: Count | None = None
    ffn_size: Count
    vocab_size: Count
    tied_embeddings: bool | None = None
    experts: Count | None = None
    experts_per_token: Count | None = None
    kv_lora_rank: Count | None = None
    rope_head_dim: Count | None = None
    q_lora_rank: Count | None = None
    value_dim: Count | None = None
    dense_layers: Count | None = None
    dense_ffn_size: Count | None = None
    shared_ffn_size: Count | None = None
    all_experts_computed: bool | None = None
    linear_layers: Count | None = None
    state_values: Count | None = None
    cached_values: Count | None = None
    windowed_values: Count | None = None
    encoder_params_b: Positive | None = None
    image_tokens: Count | None = None
    model_size: ModelSize | None = None
    usual_of_size: ModelSize | None = None
    released: Month | None = None
    licence: Text | None = None
    licence_limits: Words | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _is_consistent(self) -> "ModelRecord":
        if self.active_params_b > self.params_b:
            fault = f"active_params_b {self.active_params_b:g} exceeds params_b {self.params_b:g}"
            raise refusal(fault, "read both again, they are equal in a dense model")
        if self.heads % self.kv_heads:
            fault = f"heads {self.heads} is no multiple of kv_heads {self.kv_heads}"
            raise refusal(fault, "read both again in the model's configuration")
        pairs = (("experts", "experts_per_token"), ("windowed_layers", "window_tokens"), ("kv_lora_rank", "value_dim"))
        for first, second in pairs:
            if (getattr(self, first) is None) != (getattr(self, second) is None):
                raise refusal(f"{first} and {second} do not stand together", "give both, or neither where none are")
        for name in ("windowed_layers", "linear_layers", "dense_layers"):
            if (getattr(self, name) or 0) > self.layers:
                raise refusal(f"{name} {getattr(self, name)} exceeds layers {self.layers}", "count them again")
        return self


class DatedValue(Sourced):
    """A published value and the first day it holds; it ends where the next one begins."""

    effective_from: date
    value: Amount

    @model_validator(mode="after")
    def _was_read(self) -> "DatedValue":
        if self.effective_from > self.source.retrieved:
            fault = f"effective_from {self.effective_from} is later than retrieved {self.source.retrieved}"
            days = {"day": str(self.effective_from), "retrieved": str(self.source.retrieved)}
            raise refusal(fault, "correct the date that is wrong", Issue("", "own_read_before", days))
        return self


def _check_history(name: str, values: tuple[DatedValue, ...], last_verified: date) -> None:
    days = [dated.effective_from for dated in values]
    for earlier, later in pairwise(days):
        if later <= earlier:
            fault = f"effective_from {later} follows {earlier} in {name}"
            days_told = {"day": str(later), "before": str(earlier)}
            raise refusal(fault, "order the values by date, each date once", Issue("", "own_days_order", days_told))
    if last_verified < days[-1]:
        fault = f"last_verified {last_verified} is before effective_from {days[-1]}"
        issue = Issue("", "own_verified_early", {"value": str(last_verified), "day": str(days[-1])})
        raise refusal(fault, "set it to the day someone last looked", issue)


class Sku(Record):
    """One thing that is sold at one price. ``last_verified`` is the last day someone looked."""

    id: Id
    gpu: Id | None = None
    model: Id | None = None
    item: Words | None = None
    region: Words | None = None
    pricing_category: PricingCategory
    charge_frequency: ChargeFrequency
    unit: Unit
    list_unit_prices: Annotated[tuple[DatedValue, ...], Field(min_length=1, strict=False)]
    last_verified: date
    note: Text | None = None

    @model_validator(mode="after")
    def _is_dated(self) -> "Sku":
        _check_history("list_unit_prices", self.list_unit_prices, self.last_verified)
        return self


class PriceFile(Record):
    """One provider's price list; each sku is read by itself. ``company`` where it sells under several names."""

    provider: Text
    company: Text | None = None
    provider_class: ProviderClass
    skus: Annotated[list[dict[str, Any]], Field(min_length=1)]


NEEDED_IN_BOOK = {
    "gpu_rental": {"gpu": "name a gpu of hardware/gpus.yaml"},
    "gpu_purchase": {"gpu": "name a gpu of hardware/gpus.yaml"},
    "electricity": {"region": "name the region"},
    "managed_tuning": {"item": "say what is sold, such as training"},
}
"""By book the keys that a price has to have in it, and how a missing one is mended."""


class PriceRecord(Sku):
    """A sku together with who sells it and the book (folder) it stands in."""

    book: PriceBook
    provider: Text
    company: Text | None = None
    provider_class: ProviderClass

    @model_validator(mode="after")
    def _suits_book(self) -> "PriceRecord":
        allowed = UNITS_OF_BOOK[self.book]
        if currency_of(self.unit) is None or self.unit.split("/", 1)[1] not in allowed:
            fault = f"unit {self.unit!r} does not suit {self.book}"
            mend = f"price it per {' or '.join(allowed)}, or move it to the folder it belongs to"
            said = {"value": self.unit, "book": self.book, "allowed": ", ".join(allowed)}
            raise refusal(fault, mend, Issue("", "own_unit_of_book", said))
        for key, mend in NEEDED_IN_BOOK.get(self.book, {}).items():
            if getattr(self, key) is None:
                issue = Issue("", "own_needed_in_book", {"key": key, "book": self.book})
                raise refusal(f"{key} is missing, {self.book} needs one", mend, issue)
        return self


@dataclass(frozen=True)
class PricePoint:
    """The price of one sku that is in force on a given day, in ``unit``."""

    sku: PriceRecord
    dated: DatedValue

    @property
    def value(self) -> float:
        return float(self.dated.value)

    @property
    def unit(self) -> str:
        return self.sku.unit

    @property
    def currency(self) -> str:
        return self.sku.unit.split("/", 1)[0]

    @property
    def effective_from(self) -> date:
        return self.dated.effective_from

    @property
    def kind(self) -> Kind:
        return self.dated.kind

    @property
    def source(self) -> Source:
        return self.dated.source

    @property
    def last_verified(self) -> date:
        return self.sku.last_verified


class ExchangeRate(Record):
    """Units of ``currency`` for one US dollar."""

    currency: Currency
    unit: Unit
    values: Annotated[tuple[DatedValue, ...], Field(min_length=1, strict=False)]
    last_verified: date

    @model_validator(mode="after")
    def _is_consistent(self) -> "ExchangeRate":
        if not EXCHANGE_UNIT.match(self.unit) or not self.unit.startswith(self.currency):
            issue = Issue("", "own_unit_of_rate", {"value": self.unit, "unit": f"{self.currency}/USD"})
            fault = f"unit {self.unit!r} does not suit currency {self.currency}"
            raise refusal(fault, f"write {self.currency}/USD", issue)
        if self.currency == "USD" and any(dated.value != 1 for dated in self.values):
            raise refusal("value of USD/USD is not 1", "write 1", Issue("", "own_dollar_rate"))
        _check_history("values", self.values, self.last_verified)
        return self
