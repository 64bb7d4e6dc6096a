"""Types of the fields of the records, and how a field refuses a value."""

import re
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from advisor.core.notices import Issue
from advisor.core.units import CURRENCIES, MONEY_UNITS, PLAIN_UNITS, is_unit

Kind = Literal["measured", "published", "vendor_claim", "judgement", "estimate", "yours"]
"""How much a number may be trusted, shown as a badge; ``yours`` stands in a folder of a team's own only."""

Article = Literal["000", "001", "002", "003", "004"]
ModelSize = Literal["1b", "3b", "7b", "13b", "34b", "70b"]
PriceBook = Literal["gpu_rental", "gpu_purchase", "electricity", "managed_tuning"]
ProviderClass = Literal["hyperscaler", "specialist", "marketplace", "retail", "utility", "article", "vendor"]
Currency = Literal["USD", "CNY", "EUR", "GBP", "JPY"]
PricingCategory = Literal["standard", "committed", "dynamic"]
ChargeFrequency = Literal["one_time", "recurring", "usage_based"]

TEXT_UNITS = ("choice", "text", "date")
"""Units whose value is words rather than a number."""

UNITS_OF_BOOK: dict[PriceBook, tuple[str, ...]] = {
    "gpu_rental": ("GPU/h", "GPU/month"),
    "gpu_purchase": ("GPU",),
    "electricity": ("kWh",),
    "managed_tuning": ("Mtok", "h", "GPU/h", "month"),
}
"""What a price of each book may be charged per, without the currency."""


UNIT_VOCABULARY = sorted(
    PLAIN_UNITS
    | MONEY_UNITS
    | {f"{currency}/{per}" for currency in CURRENCIES for units in UNITS_OF_BOOK.values() for per in units}
    | {f"{currency}/USD" for currency in CURRENCIES}
)

MOST_WRITTEN = 60
"""Characters of a value that a fault repeats."""


def refusal(fault: str, mend: str, issue: Issue | None = None) -> PydanticCustomError:
    """Error with the fault of a record and how to mend it; the loader adds file and id.

    ``issue`` says it as a code, where a folder of the reader's can hold such a record; its field is the loader's too.
    """
    return PydanticCustomError("refused", "{fault}", {"fault": fault, "mend": mend, "issue": issue})


def as_written(value: object) -> str:
    """A value much as its file writes it, to be repeated in any language; a list or a mapping as its brackets."""
    if isinstance(value, list | tuple | dict):
        return "{...}" if isinstance(value, dict) else "[...]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)[:MOST_WRITTEN]


def decimal_of(value: object) -> Decimal:
    """Decimal from a number as its file writes it: through text, so that 2.49 stays 2.49."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        try:
            return Decimal(str(value))
        except InvalidOperation:
            pass
    shown = repr(value)[:60] if isinstance(value, str | bool | None) else type(value).__name__
    fault, mend = f"value {shown} is not a number", "write a plain number such as 2.49"
    raise refusal(fault, mend, Issue("", "own_not_number", {"value": as_written(value)}))


def known_unit(text: str) -> str:
    """The unit, refused unless it is in the vocabulary."""
    if not is_unit(text):
        near = get_close_matches(text, UNIT_VOCABULARY, n=3, cutoff=0.5)
        mend = f"did you mean {' or '.join(near)}?" if near else "use a unit of advisor/core/units.py"
        fault = f"unit {text[:60]!r} is not in the vocabulary"
        value = {"value": text[:60]}
        if near:
            raise refusal(fault, mend, Issue("", "own_unit_unknown_near", {**value, "near": ", ".join(near)}))
        raise refusal(fault, mend, Issue("", "own_unit_unknown", value))
    return text


def identifier(text: str) -> str:
    """The id, refused if it holds a blank."""
    if any(character.isspace() for character in text):
        issue = Issue("", "own_id_blank", {"value": text[:60]})
        raise refusal(f"id {text[:60]!r} holds a blank", "write it with hyphens", issue)
    return text


def regular_expression(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise refusal(f"{text[:60]!r} is no pattern, {error}", "correct it") from None
    return text


Text = Annotated[str, Field(min_length=1)]
Pattern = Annotated[str, Field(min_length=1), AfterValidator(regular_expression)]
Words = Annotated[
    str, Field(min_length=1, description="English; its translations stand in data/locales/<language>/data.po.")
]
"""What a reader is shown. ``Translator.fact`` finds its translation by the English text."""
Id = Annotated[str, Field(min_length=1), AfterValidator(identifier)]
Month = Annotated[str, Field(pattern=r"^20\d\d(-(0[1-9]|1[0-2]))?$")]
"""A year and, where it is known, the month."""
Unit = Annotated[str, AfterValidator(known_unit), Field(json_schema_extra={"enum": [*UNIT_VOCABULARY]})]
Number = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


def within(low: float, high: float) -> AfterValidator:
    """A check that a number can be in the unit of its key; of another unit, it would be read as another number."""

    def check(value: float) -> float:
        if low <= value <= high:
            return value
        fault, mend = f"{value:g} lies outside {low:g} to {high:g}", "write it in the unit of its key"
        params = {"value": f"{value:.12g}", "minimum": f"{low:g}", "maximum": f"{high:g}"}
        raise refusal(fault, mend, Issue("", "own_not_within", params))

    return AfterValidator(check)


Count = Annotated[int, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Amount = Annotated[Decimal, BeforeValidator(decimal_of), Field(gt=0, allow_inf_nan=False)]


class Record(BaseModel):
    """Base of all records: closed, frozen, and without silent conversion of types."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Interval(Record):
    """Plausible range of a parameter, in the parameter's unit, and how to draw from it."""

    low: Number
    high: Number
    shape: Literal["pert", "lognormal", "uniform"]

    def check(self, value: object) -> None:
        """Refuse ends in the wrong order, and a number that lies outside of them."""
        if self.low > self.high:
            raise refusal(f"interval low {self.low:g} exceeds high {self.high:g}", "exchange them")
        if isinstance(value, float) and not self.low <= value <= self.high:
            fault = f"value {value:g} lies outside its interval {self.low:g} to {self.high:g}"
            raise refusal(fault, "widen the interval or correct the value")
        if self.shape == "lognormal" and self.low <= 0:
            raise refusal(f"interval low {self.low:g} of a lognormal is not above 0", "choose pert, or a low above 0")


class Range(Record):
    """Low and high end, in the unit of the field that holds it."""

    low: Positive
    high: Positive

    @model_validator(mode="after")
    def _ascends(self) -> "Range":
        if self.low > self.high:
            raise refusal(f"low {self.low:g} exceeds high {self.high:g}", "exchange them")
        return self


class Estimate(Record):
    """Low, base and high, in the unit of the field that holds it."""

    low: Positive
    base: Positive
    high: Positive

    @model_validator(mode="after")
    def _ascends(self) -> "Estimate":
        if not self.low <= self.base <= self.high:
            fault = f"low {self.low:g}, base {self.base:g}, high {self.high:g} do not ascend"
            raise refusal(fault, "put them in order")
        return self
