"""What an option is asked to serve and what it declares: its line items, and how good its answers are."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from advisor.core.records import Assumptions, LineItem, Number
from advisor.formulas.constants import MINUTES_PER_HOUR
from advisor.formulas.hardware import committed_price
from advisor.formulas.quality import failed_share


@dataclass(frozen=True)
class Demand:
    """What an option has to serve: ``requests`` of each month, month axis last. [requests/month]

    ``months`` numbers the months of the axis; ``None`` asks for one steady month. ``call_price`` is what a request
    costs with the baseline, which a tuned model hands requests over to; ``None`` where unknown. [money/request]
    """

    requests: np.ndarray
    months: np.ndarray | None = None
    call_price: Number | None = None


@dataclass(frozen=True)
class OptionCosts:
    """The items of an option; ``success_share`` of its answers are good enough [fraction].

    ``call`` is what a request itself costs by use, ``quality`` what its wrong answers and readers cost. ``goes_on``:
    the recurring items are needed by a tuned model as well. ``flat`` is a bill of the hosted model that does not follow
    the requests; beside a tuned model it is paid for the share of them that still goes to the hosted model.
    """

    id: str
    once: tuple[LineItem, ...]
    recurring: tuple[LineItem, ...]
    call: tuple[LineItem, ...]
    quality: tuple[LineItem, ...]
    success_share: Number
    goes_on: bool = False
    flat: tuple[LineItem, ...] = ()

    @property
    def usage(self) -> tuple[LineItem, ...]:
        return (*self.call, *self.quality)

    @property
    def monthly(self) -> tuple[LineItem, ...]:
        return (*self.recurring, *self.flat)

    @property
    def line_items(self) -> tuple[LineItem, ...]:
        return (*self.once, *self.monthly, *self.usage)


def total(items: Iterable[LineItem]) -> Number | None:
    """Sum of the items' costs; ``None`` as soon as one price is unknown."""
    whole: Number = 0.0
    for item in items:
        if item.cost is None:
            return None
        whole = whole + item.cost
    return whole


def price_of(a: Assumptions, name: str) -> Number | None:
    return a.number(name) if a.knows(name) else None


def one_time(a: Assumptions, item: str, category: str, quantity: Number, unit: str, price: str, *uses: str) -> LineItem:
    """Something paid once: a quantity at a unit price that is an assumption."""
    return LineItem(item, category, "one_time", quantity, unit, price_of(a, price), uses=(*uses, price))


def grading(a: Assumptions) -> LineItem:
    """People compare answers with what they should be."""
    hours = a.number("evaluation_items") * a.number("evaluation_minutes") / MINUTES_PER_HOUR
    return one_time(
        a, "evaluation", "evaluation", hours, "hours", "hourly_rate", "evaluation_items", "evaluation_minutes"
    )


def success_today(a: Assumptions) -> Number:
    return a.number("success_share") if a.knows("success_share") else 1.0


def quality_items(a: Assumptions, success: Number, review_share: str) -> tuple[LineItem, ...]:
    """What wrong answers and the people who read answers cost, where the case says so. Each error is counted once."""
    found = []
    if a.knows("cost_per_failure"):
        loss, failed = a.number("cost_per_failure"), failed_share(success)
        uses: tuple[str, ...] = ("success_share", "cost_per_failure")
        found.append(LineItem("failed_answers", "quality", "usage_based", failed, "failures/request", loss, uses=uses))
    if a.knows(review_share) and a.knows("review_minutes"):
        hours = a.number(review_share) * a.number("review_minutes") / MINUTES_PER_HOUR
        uses, wage = (review_share, "review_minutes", "hourly_rate"), price_of(a, "hourly_rate")
        found.append(LineItem("human_review", "quality", "usage_based", hours, "hours/request", wage, uses=uses))
    return tuple(found)


def with_prices(a: Assumptions, names: dict[str, str]) -> Assumptions:
    """The same assumptions with the prices of another model in place of today's, unknown ones included."""
    rows = {today: replace(a[other], id=today) for today, other in names.items()}
    return replace(a, rows={**a.rows, **rows})


def rent(a: Assumptions, name: str) -> Number | None:
    """Price of a rented hour in the term the case rents for. [money/GPU/h]"""
    hourly = price_of(a, name)
    if hourly is None or a.choice("rental_term") == "hour":
        return hourly
    return committed_price(hourly, a.number("monthly_discount"))
