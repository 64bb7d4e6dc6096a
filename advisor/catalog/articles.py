"""What an article measured or counted beside the answers of its preset, under ``data/articles/``.

``printed`` figures are those of the article. Where its own inputs give others, the product shows both and says why.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from advisor.catalog.fields import Count, Currency, Id, Positive, Record, Share, Text, Words, refusal
from advisor.catalog.records import Sourced


class RunStep(Record):
    """One step of a session at the machine; exactly one of them trains."""

    name: Words
    seconds: Positive
    trains: bool = False


class WageTier(Record):
    """A salary a year, and what the article says the session's time is worth at it."""

    name: Words
    salary: Positive
    printed_value: Positive


class PowerPart(Record):
    """What one part of the machine draws under load."""

    name: Words
    watts: Positive


class CloudRun(Record):
    """The same run on a rented card: id of its price an hour, seconds, and a fee for network and storage."""

    price: Id
    seconds: Positive
    fee: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    printed_total: Positive


class OwnCardRun(Record):
    """One fine-tune on an own card, timed by the article; money in ``currency``.

    ``used_hours`` are the hours a year for which it says the card works, ``working_hours`` those of a salary.
    """

    currency: Currency
    steps: Annotated[tuple[RunStep, ...], Field(min_length=1, strict=False)]
    printed_seconds: Positive
    working_hours: Positive
    wages: Annotated[tuple[WageTier, ...], Field(min_length=1, strict=False)]
    power: Annotated[tuple[PowerPart, ...], Field(min_length=1, strict=False)]
    used_hours: Positive
    printed_total: Positive
    cloud: CloudRun

    @model_validator(mode="after")
    def _trains_once(self) -> "OwnCardRun":
        if sum(step.trains for step in self.steps) != 1:
            raise refusal("not exactly one step trains", "mark the step whose time the machine is billed for")
        return self


class MemoryLedger(Record):
    """Memory of a training run as an article adds it up [GB, 10^9 bytes], and the run that it means."""

    model: Id
    method: Literal["full", "lora", "qlora"]
    sequence: Count
    micro_batch: Count
    weights_gb: Positive
    gradients_gb: Positive
    optimizer_gb: Positive
    activations_gb: Positive
    printed_total_gb: Positive


class SpeedMeasured(Record):
    """Time of the same work before and after the levers, and the gain that the article states. [fraction]"""

    name: Words
    unit: Literal["hours", "seconds"]
    before: Positive
    after: Positive
    printed: Positive


class QualityMeasured(Record):
    """A metric of all answers and a human rating, before and after."""

    metric: Text
    metric_before: Share
    metric_after: Share
    rating_scale: Positive
    rating_before: Positive
    rating_after: Positive


class ArticleRecord(Sourced):
    """Tables of one article, for the cases of its preset; without one where the article has none."""

    id: Id
    preset: Id
    run: OwnCardRun | None = None
    memory: MemoryLedger | None = None
    speed: Annotated[tuple[SpeedMeasured, ...], Field(strict=False)] = ()
    quality: QualityMeasured | None = None
