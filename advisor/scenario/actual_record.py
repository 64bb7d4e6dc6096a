"""Months after the launch as they were compared with the plan: sums by month, no row of any log."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from advisor.core.notices import Issue
from advisor.scenario.choices import Currency
from advisor.scenario.measurement import LONGEST_FILE_NAME
from advisor.scenario.values import plain_date, plain_number, plain_text, quoted

ACTUALS = "actuals"
MOST_MONTHS = 120
LONGEST_MONTH_NAME = 40
LARGEST_SUM = 1e30
A_CENT, LAST_DIGITS = 0.011, 1e-9
"""Sums are rounded to the cent; two of them may differ by one, and by the last digits of a computer's numbers."""
Cause = Literal["investment", "volume", "length", "fallback", "price", "hosting", "people", "unexplained"]
CAUSES: tuple[Cause, ...] = get_args(Cause)
"""In the order in which they are put in the place of the plan's; the last is what no other column explains."""
ResultColumnName = Literal["requests", "fallback_share", "api_bill", "hosting_bill", "people_hours"]
BackStatus = Literal["ok", "immediate", "never", "not_within_horizon", "reversed_later"]

Sum = Annotated[float, BeforeValidator(plain_number), Field(ge=-LARGEST_SUM, le=LARGEST_SUM)]
Amount = Annotated[Annotated[float, Field(ge=-LARGEST_SUM, le=LARGEST_SUM)] | None, BeforeValidator(plain_number)]
Count = Annotated[Annotated[float, Field(ge=0, le=LARGEST_SUM)] | None, BeforeValidator(plain_number)]


class ActualMonthRecord(BaseModel):
    """One month of the plan: requests, cost of the tuned model, what it saves. [requests, money]

    ``assumed`` are columns that were not known, so that the plan's amount stands for them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: Annotated[Annotated[int, Field(ge=1, le=MOST_MONTHS)], BeforeValidator(plain_number)]
    name: Annotated[str, BeforeValidator(plain_text), Field(max_length=LONGEST_MONTH_NAME)]
    requests: Count = None
    planned_requests: Sum
    cost: Sum
    planned_cost: Sum
    saving: Sum
    planned_saving: Sum
    assumed: tuple[ResultColumnName, ...] | None = None


class OutlookRecord(BaseModel):
    """Payback [months] with its status, and net present value [money]."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    payback_months: Count = None
    payback_status: BackStatus
    npv: Sum


class ActualsRecord(BaseModel):
    """Estimate against actual as it was found on a day, in the currency that the case then had. [money]

    ``steps`` lead from ``planned_saving`` to ``actual_saving``; ``rest`` is what the months to come are worth;
    ``investment`` what was paid before the launch, where it was told.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: Annotated[str, BeforeValidator(plain_text), Field(min_length=1, max_length=LONGEST_FILE_NAME)]
    compared_on: Annotated[date, BeforeValidator(plain_date)]
    currency: Currency
    months: Annotated[tuple[ActualMonthRecord, ...], Field(max_length=MOST_MONTHS)]
    planned_saving: Sum
    actual_saving: Sum
    steps: dict[Cause, Sum]
    plan: OutlookRecord
    now: OutlookRecord
    rest: Sum
    investment: Amount = None

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        gap = self.actual_saving - self.planned_saving
        largest = max(map(abs, (self.actual_saving, self.planned_saving, *self.steps.values())))
        if abs(sum(self.steps.values()) - gap) > A_CENT + LAST_DIGITS * largest:
            raise PydanticCustomError("actuals_sum", "steps", {"gap": gap, "steps": sum(self.steps.values())})
        numbers = [month.number for month in self.months]
        if sorted(set(numbers)) != numbers:
            raise PydanticCustomError("actuals_order", "months", {})
        return self


def actuals_issue(error: Mapping[str, Any]) -> Issue:
    """A pydantic error in the record of the months as an :class:`Issue` that names the part."""
    field = ".".join(str(each) for each in error["loc"][:4])
    if error["type"] == "actuals_sum":
        said = {name: round(float(error["ctx"][name]), 2) for name in ("steps", "gap")}
        return Issue(field, "actuals_do_not_add_up", {"steps": said["steps"], "gap": said["gap"]})
    if error["type"] == "actuals_order":
        return Issue(field, "actuals_out_of_order", {})
    return Issue(field, "no_actuals_record", {"value": quoted(error.get("input"))})
