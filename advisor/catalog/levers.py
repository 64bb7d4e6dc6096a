"""Records of cost levers and of project plans, under ``data/levers/`` and ``data/plans/``."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from advisor.catalog.fields import Currency, Estimate, Id, Positive, Record, Text, Words, refusal
from advisor.catalog.records import Source, Sourced

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Part = Literal["hidden", "training", "inference"]


class LeverDomain(Sourced):
    """Part of the bill that some levers scale; together they leave at least ``floor`` of it, whatever they claim."""

    id: Id
    part: Part
    floor: Share
    note: Words | None = None


class LeverRecord(Sourced):
    """One measure against cost. ``multiplier`` is what it leaves of its domain: 0.7 saves thirty percent.

    ``when`` names answers the case must have and ``otherwise`` says why not. ``answers`` are what the lever changes:
    the estimators then compute what it saves, unless one of the ``stated`` figures is the case's own, to which the
    multiplier is all there is to apply. With ``stated`` but no ``answers`` the estimate holds the lever already.
    ``reach`` is the assumption that says which share of the domain it reaches. ``measured`` totals of a domain take
    the place of claims. ``domain_share`` is the share of the whole bill its source gives the domain. Levers of a
    ``preset`` are offered in its cases instead of the general ones. ``today_too`` levers would save with today's model
    as well; ``ask_first`` levers wait for somebody who knows whether they apply.
    """

    id: Id
    domain: Id
    name: Words
    needs: Words
    multiplier: Estimate
    when: dict[str, Annotated[tuple[Text, ...], Field(strict=False)]] = Field(default_factory=dict)
    otherwise: Words | None = None
    answers: dict[str, Text] = Field(default_factory=dict)
    stated: tuple[Id, ...] = Field(default=(), strict=False)
    excludes: tuple[Id, ...] = Field(default=(), strict=False)
    reach: Id | None = None
    measured: bool = False
    domain_share: Share | None = None
    today_too: bool = False
    ask_first: bool = False
    preset: Id | None = None
    note: Words | None = None

    @model_validator(mode="after")
    def _is_consistent(self) -> "LeverRecord":
        if self.multiplier.high > 1:
            raise refusal(f"multiplier high {self.multiplier.high:g} exceeds 1", "say what is left, not what is saved")
        if bool(self.when) != (self.otherwise is not None):
            raise refusal("when and otherwise do not stand together", "say why the lever is not for other cases")
        return self


class PlanStepRecord(Record):
    """One step of a plan: hours of one pass, cards, people who attend and how often it is done."""

    name: Words
    hours: NotNegative
    gpus: NotNegative
    people: NotNegative
    runs: NotNegative = 1.0
    stop: Words


class MonthlyOffer(Record):
    """The same card by the month, for comparison."""

    price: Positive
    hour_price: Positive
    days: Positive
    name: Text


class PlanRecord(Record):
    """A project in steps as a source tells it, for the cases of one preset; money in ``currency``."""

    id: Id
    preset: Id
    currency: Currency
    wage: NotNegative
    steps: Annotated[tuple[PlanStepRecord, ...], Field(min_length=1, strict=False)]
    monthly: MonthlyOffer
    source: Source
