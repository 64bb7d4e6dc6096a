"""The profile of a team's usage: every figure that the canonical tables tell, and why each of the others is not known.

Figures are of calls of a model: requests that a gateway answered from its own cache call none, so they are in no figure
but ``response_cache_share``. Failed calls count, with whatever tokens they took.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from advisor.core.notices import InputError, Notice, nearest, unknown_id
from advisor.usage import pricing
from advisor.usage.measures import bills, quantiles, scans
from advisor.usage.measures.cells import TierLimits, cells
from advisor.usage.measures.means import means
from advisor.usage.measures.reuse import reuse
from advisor.usage.measures.sampling import FEWEST_DAYS, blocks_of
from advisor.usage.measures.scans import Overview
from advisor.usage.measures.volume import Found, Volume, volume
from advisor.usage.records import Imported, Measured, Unit, UsageProfile

if TYPE_CHECKING:  # imported where they are used: heavy
    import pandas as pd
    from ibis.expr.types import Table

FIGURES: Mapping[str, Unit] = {
    "daily_requests": "requests/day",
    "volume_growth": "fraction/year",
    "weekend_ratio": "share",
    "peak_factor": "share",
    "input_tokens": "tokens/request",
    "output_tokens": "tokens/request",
    "output_tokens_without_reasoning": "tokens/request",
    **{f"{column}_{name}": "tokens/request" for column in quantiles.COLUMNS[:2] for name in quantiles.QUANTILES},
    "long_prompt_share": "fraction",
    "long_prompt_tokens": "tokens/request",
    "cached_input_share": "fraction",
    "cacheable_share": "fraction",
    "cacheable_share_hour": "fraction",
    "repeat_share": "fraction",
    "batch_share": "fraction",
    "response_cache_share": "fraction",
    "failure_share": "fraction",
    "retry_share": "fraction",
    **{f"{column}_{name}": "ms" for column in quantiles.COLUMNS[2:] for name in quantiles.QUANTILES},
    "cost_per_request": "money/request",
    "estimated_cost_per_request": "money/request",
    "list_price_discount": "fraction",
    "unresolved_share": "fraction",
    **dict.fromkeys(bills.MONTHLY, "money/month"),
}
"""Every figure and its unit."""
REASONS = (
    "bill_without_model",
    "buckets_longer_than_a_day",
    "buckets_longer_than_an_hour",
    "buckets_not_requests",
    "currency_not_usd",
    "growth_too_uncertain",
    "no_bill",
    "no_billed_cost",
    "no_estimated_cost",
    "no_list_price",
    "no_long_prompt",
    "no_model",
    "no_prefix_hashes",
    "no_prompt_hashes",
    "no_usage",
    "no_whole_day",
    "none_in_bill",
    "not_reported",
    "prefix_length_not_reported",
    "requests_not_counted",
    "several_currencies",
    "shorter_than_14_days",
    "shorter_than_a_day",
    "shorter_than_a_week",
    "too_few_requests",
)
"""Why a figure is not known; each has its words as ``usage.not_known.<reason>``."""
MOST_USE_CASES = 200
OF_MONEY = ("cost_per_request", "estimated_cost_per_request", "list_price_discount")
"""Figures that rest on what the rows of a log cost."""


def profile(
    imported: Imported, use_case: str | None = None, progress: Callable[[float], None] | None = None
) -> UsageProfile:
    """What the tables of an import tell, of one use case or of all.

    ``use_case`` is a name of ``by_use_case`` of the whole profile. ``progress`` is told the part that is done, 0 to 1.
    Raises ``InputError`` where no row has the use case.
    """
    told = progress or (lambda part: None)
    by_use_case = {} if imported.usage is None else scans.use_cases(imported.usage, MOST_USE_CASES)
    usage = _of_use_case(imported.usage, use_case, by_use_case)
    bill = None if imported.bill is None else bills.read_bill(imported.bill, use_case)
    told(0.1)
    log = None if usage is None else _log(usage, told)
    found = _without_log(bill) if log is None else _found(log, bill)
    told(1.0)
    said = UsageProfile(
        formats=imported.formats,
        files=imported.files,
        first=None if bill is None else bill.first.date(),
        last=None if bill is None else _last_day(bill.last),
        days=0.0 if bill is None else (bill.last - bill.first) / timedelta(days=1),
        rows=0 if bill is None else int(bill.amounts["rows"].sum()),
        requests=None,
        currency=_currency(log, bill),
        figures={name: each for name in FIGURES if isinstance(each := found[name], Measured)},
        not_known={name: each for name in FIGURES if isinstance(each := found[name], str)},
        by_use_case=by_use_case,
        use_case=use_case,
        duplicates=imported.duplicates,
        rejected=imported.rejected,
        notices=imported.notices,
    )
    return said if log is None else _with_log(said, log)


@dataclass(frozen=True)
class _Log:
    """What the scans of a log brought back."""

    seen: Overview
    cells: "pd.DataFrame"
    histograms: "dict[str, pd.DataFrame]"
    missing: dict[str, str]
    models: pricing.Resolved
    repeated: Found
    volume: Volume

    @property
    def currencies(self) -> frozenset[str]:
        """Currencies in which rows of calls cost something."""
        groups = self.seen.groups
        return frozenset(groups.loc[groups["costed"] > 0, "currency"].dropna())


def _of_use_case(usage: "Table | None", use_case: str | None, named: Mapping[str, int]) -> "Table | None":
    """The rows of one use case; all of them where none is asked for."""
    if usage is None or use_case is None:
        return usage
    chosen = usage.filter(scans.split_by(usage) == use_case)
    if not scans.holds(chosen, "ts"):
        raise InputError([unknown_id("use_case", use_case, nearest(use_case, named), named)])
    return chosen


def _log(usage: "Table", told: Callable[[float], None]) -> _Log | None:
    """All scans of a log; ``None`` where no row called a model."""
    seen = scans.overview(usage)
    if seen is None:
        return None
    models = pricing.resolved(seen.models)
    limits = pricing.tiers(models, seen.last.date())
    told(0.2)
    missing = {
        column: "buckets_not_requests" if column in seen.given else "not_reported"
        for column in quantiles.COLUMNS
        if column not in seen.given_by_request
    }
    histograms = {column: scans.histogram(usage, seen, column) for column in quantiles.COLUMNS if column not in missing}
    told(0.5)
    thresholds = {column: quantiles.thresholds(counts) for column, counts in histograms.items()}
    longest = histograms["input_tokens"]["value"].max() if "input_tokens" in histograms else 0.0
    sums = cells(usage, seen, TierLimits(limits, pricing.USUAL_TIER, longest), thresholds)
    if sums.empty:
        return None
    told(0.8)
    priced = pricing.with_list_cost(sums, models, limits)
    return _Log(seen, priced, histograms, missing, models, reuse(usage), volume(sums, seen))


def _found(log: _Log, bill: bills.Bill | None) -> Found:
    """Every figure of ``FIGURES``, or why it is not known."""
    currency = _currency(log, bill)
    found: Found = {
        **log.volume.found,
        **means(log.cells),
        **quantiles.quantiles(log.cells, log.histograms, log.missing),
        **log.repeated,
        **pricing.of_prices(log.cells, log.models, bill, currency),
        **(bills.month_of_usage(log.cells, log.seen) if bill is None else bills.month_of_bill(bill)),
        "response_cache_share": _response_cache_share(log),
    }
    if found["cost_per_request"] == "no_billed_cost" and bill is not None:
        found["cost_per_request"] = bills.per_request(bill, log.cells, log.seen, log.models)
    if len(log.currencies) > 1:
        found |= dict.fromkeys((*OF_MONEY, *(bills.MONTHLY if bill is None else ())), "several_currencies")
    return found


def _without_log(bill: bills.Bill | None) -> Found:
    """What a bill tells without a log of usage."""
    found: Found = dict.fromkeys(FIGURES, "no_usage")
    if bill is None:
        return found
    return {**found, **bills.month_of_bill(bill), "list_price_discount": pricing.discount_of_bill(bill)}


def _response_cache_share(log: _Log) -> Measured | str:
    if not log.seen.tells_kept:
        return "not_reported"
    everything = log.seen.kept + log.seen.requests
    if log.seen.uncounted or not everything:
        return "requests_not_counted"
    return Measured(log.seen.kept / everything, rows=log.seen.rows)


def _currency(log: _Log | None, bill: bills.Bill | None) -> str | None:
    """The one currency of all amounts; ``None`` where there is none or several."""
    named = (frozenset() if log is None else log.currencies) | (frozenset() if bill is None else bill.currencies)
    return next(iter(named)) if len(named) == 1 else None


def _with_log(said: UsageProfile, log: _Log) -> UsageProfile:
    return replace(
        said,
        first=log.seen.first.date(),
        last=_last_day(log.seen.last),
        days=log.seen.days,
        rows=log.seen.rows,
        requests=None if log.seen.uncounted else int(log.seen.requests),
        models=pricing.model_shares(log.cells, log.models),
        hours_of_week=log.volume.hours_of_week,
        daily=log.volume.daily,
        notices=(*said.notices, *_notices(log)),
    )


def _last_day(end: datetime) -> date:
    """Day of the last moment before the end of a period."""
    return (end - timedelta(microseconds=1)).date()


def _notices(log: _Log) -> Iterator[Notice]:
    """What a reader must know of how the figures were measured."""
    if log.volume.left_out and log.volume.daily:
        yield Notice("usage_partial_days_left_out", "info", {"count": log.volume.left_out})
    if log.volume.without_rows:
        yield Notice("usage_days_without_rows", "warning", {"count": log.volume.without_rows})
    if log.volume.daily and log.seen.longest_bucket == scans.DAY:
        yield Notice("usage_last_day_may_be_partial", "info")
    if log.seen.kept:
        yield Notice("usage_response_cache_left_out", "info", {"requests": int(log.seen.kept)})
    if blocks_of(log.cells["hour"].to_numpy()).kind != "day":
        yield Notice("usage_too_few_days_for_error", "info", {"fewest": FEWEST_DAYS})
