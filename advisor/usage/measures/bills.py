"""What was billed in a month, by the kind of an amount: usage, tax, credits, purchases and adjustments apart."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from advisor.catalog.hosted_prices import priced_model
from advisor.formulas.constants import DAYS_PER_MEAN_MONTH
from advisor.usage.measures.sampling import FEWEST_DAYS, Array, Blocks, Days, ratio, strata_of
from advisor.usage.measures.scans import DAY, ModelName, Overview, model_name
from advisor.usage.measures.volume import Found, whole_days
from advisor.usage.records import Measured

if TYPE_CHECKING:  # imported where they are used: heavy
    import pandas as pd
    from ibis.expr.types import Table

MONTHLY = {
    "monthly_bill": "usage",
    "monthly_tax": "tax",
    "monthly_credits": "credit",
    "monthly_purchases": "purchase",
    "monthly_adjustments": "adjustment",
}
FEWEST_DAYS_OF_A_BILL = 7
"""A shorter bill may hold no weekend."""


@dataclass(frozen=True)
class Bill:
    """Amounts by day, kind, currency, provider and model; the period from ``first`` to ``last``.

    ``longest`` is the longest period of one amount. [s]
    """

    amounts: "pd.DataFrame"
    first: datetime
    last: datetime
    longest: int

    @property
    def currencies(self) -> frozenset[str]:
        return frozenset(self.amounts["currency"].dropna())

    def of(self, category: str) -> "pd.DataFrame":
        """Amounts of one kind."""
        return self.amounts[self.amounts["category"] == category]


def read_bill(bill: "Table", use_case: str | None) -> Bill | None:
    """The sums of a bill, of one use case or of all; ``None`` where it has no amount."""
    rows = bill.filter(bill.cost.notnull())
    if use_case is not None:
        rows = rows.filter(rows.use_case == use_case)
    keys = ["day", "category", "currency", "provider", "model", "bucket_seconds"]
    rows = rows.mutate(day=rows.ts.truncate("D"), bucket_seconds=rows.bucket_seconds.fill_null(DAY))
    sums = rows.group_by(keys).agg(
        cost=rows.cost.sum(),
        listed=rows.cost.sum(where=rows.list_cost.notnull()),
        list_cost=rows.list_cost.sum(),
        rows=rows.count(),
        first=rows.ts.min(),
        last=rows.ts.max(),
    )
    amounts = sums.order_by(keys).to_pandas()
    if amounts.empty:
        return None
    lengths = [timedelta(seconds=int(each)) for each in amounts["bucket_seconds"]]
    last = max(at + length for at, length in zip(amounts["last"], lengths, strict=True))
    longest = int(amounts["bucket_seconds"].max())
    return Bill(amounts, amounts["first"].min().to_pydatetime(), last.to_pydatetime(), longest)


def month_of_bill(bill: Bill) -> Found:
    """Every kind of amount for a mean month, by the mean of a day."""
    if len(bill.currencies) > 1:
        return dict.fromkeys(MONTHLY, "several_currencies")
    days = (bill.last - bill.first) / timedelta(days=1)
    if days < FEWEST_DAYS_OF_A_BILL:
        return dict.fromkeys(MONTHLY, "shorter_than_a_week")
    return {name: _monthly(bill, category, days) for name, category in MONTHLY.items()}


def _monthly(bill: Bill, category: str, days: float) -> Measured | str:
    amounts = bill.of(category)
    if amounts.empty:
        return "none_in_bill"
    rows = int(amounts["rows"].sum())
    told = Measured(float(amounts["cost"].sum()) / days * DAYS_PER_MEAN_MONTH, rows=rows)
    if category != "usage" or bill.longest > DAY:
        return told
    by_day = a_month(amounts["day"].to_numpy(), amounts["cost"].to_numpy(), bill.first, bill.last)
    return told if by_day is None else replace(by_day, rows=rows)


def month_of_usage(cells: "pd.DataFrame", seen: Overview) -> Found:
    """The monthly bill by the costs that the rows of a usage log give; a log says nothing of tax and credits."""
    found: Found = dict.fromkeys(MONTHLY, "no_bill")
    rows = int(cells["billed_rows"].sum())
    if not rows:
        return found
    if seen.days < FEWEST_DAYS_OF_A_BILL:
        return found | {"monthly_bill": "shorter_than_a_week"}
    if seen.longest_bucket > DAY:
        total = float(cells["billed"].sum()) / seen.days * DAYS_PER_MEAN_MONTH
        return found | {"monthly_bill": Measured(total, rows=rows)}
    monthly = a_month(cells["hour"].to_numpy(), cells["billed"].to_numpy(), seen.first, seen.last)
    return found | {"monthly_bill": "no_whole_day" if monthly is None else replace(monthly, rows=rows)}


def a_month(at: npt.ArrayLike, costs: npt.ArrayLike, first: datetime, last: datetime) -> Measured | None:
    """Mean cost of the whole days times those of a mean month, with its error by day."""
    days = whole_days(first, last)
    if not len(days):
        return None
    return ratio(by_day(at, costs, days) * DAYS_PER_MEAN_MONTH, np.ones(len(days)), _days(days))


def by_day(at: npt.ArrayLike, amounts: npt.ArrayLike, days: Days) -> Array:
    """Sum of the amounts of each of some consecutive days."""
    place = (np.asarray(at).astype("datetime64[D]") - days[0]).astype(np.int64)
    inside = (place >= 0) & (place < len(days))
    weights = np.asarray(amounts, dtype=float)[inside]
    return np.bincount(place[inside], weights=weights, minlength=len(days)).astype(np.float64)


def _days(days: Days) -> Blocks:
    return Blocks(np.arange(len(days)), strata_of(days), "day" if len(days) >= FEWEST_DAYS else None)


def per_request(
    bill: Bill, cells: "pd.DataFrame", seen: Overview, models: Mapping[ModelName, str | None]
) -> Measured | str:
    """Cost of a request where the log gives none: the bill of the models in the log over their requests, by day.

    Only days that the log covers whole, and amounts that name a model of the log: a bill may hold other things.
    """
    amounts = bill.of("usage")
    amounts = amounts[amounts["model"].notna()]
    if amounts.empty or bill.longest > DAY:
        return "bill_without_model"
    if len(bill.currencies) > 1:
        return "several_currencies"
    if seen.uncounted:
        return "requests_not_counted"
    known = {_called(name, models) for name in models} - {None}
    of_log = [_called(name, models) for name in zip(cells["provider"], cells["model"], strict=True)]
    of_bill = [_called(name, models) for name in zip(amounts["provider"], amounts["model"], strict=True)]
    amounts = amounts[[name in known for name in of_bill]]
    used = [name is not None and name in of_bill for name in of_log]
    first, last = max(bill.first, seen.first), min(bill.last, seen.last)
    days = whole_days(first, last)
    if not len(days) or amounts.empty or not any(used):
        return "bill_without_model"
    cost = by_day(amounts["day"].to_numpy(), amounts["cost"].to_numpy(), days)
    requests = by_day(cells["hour"].to_numpy()[used], cells["n"].to_numpy()[used], days)
    found = ratio(cost, requests, _days(days))
    return "bill_without_model" if found is None else replace(found, rows=int(amounts["rows"].sum()))


def _called(name: tuple[object, object], models: Mapping[ModelName, str | None]) -> str | None:
    """One name of a model in a log and in a bill: that of its price, else as it stands."""
    provider, model = model_name(*name)
    known = models.get((provider, model)) or (None if model is None else priced_model(model, provider))
    return known or model
