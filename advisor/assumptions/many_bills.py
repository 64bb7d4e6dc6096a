"""What monthly bills tell of a request, for many cases that differ in bill, volume and lengths at once."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.assumptions.decided import Numbers
from advisor.assumptions.draft import knows
from advisor.assumptions.monthly_bill import (
    BILL,
    LENGTHS,
    PRICES,
    SAME_AMOUNT,
    SETTLED,
    TIER_STEPS,
    cost_of,
    priced,
    rounded,
)
from advisor.catalog.hosted_prices import is_hosted, tiers_of
from advisor.core.records import Assumptions

Array = NDArray[np.float64]
VARYING = (BILL, "daily_requests", "days_per_month", "current_fixed_monthly_cost", *LENGTHS)
"""Numbers behind a bill that are looked at together; the others must be equal."""
NOTHING, FLAT, MET, DIFFERS, LENGTHS_SET, PRICES_SET = range(6)
"""What a bill leads to: it says nothing, is all flat, fits what is told or does not, sets lengths, or prices."""


class Billed(NamedTuple):
    """What the bill of each case leads to, the lengths that nobody stated, and the multiple of list prices."""

    leads_to: NDArray[np.intp]
    lengths: dict[str, Array]
    at: Array


def take_bills(numbers: Numbers) -> Billed:
    """What ``monthly_bill.take_bill`` does, for every case; the head is one before its bill was taken."""
    draft, count = numbers.head, numbers.count
    free = [name for name in LENGTHS if name in draft.rows and getattr(draft.scenario, name) is None]
    lengths = {name: numbers.of(name) for name in free}
    found = Billed(np.full(count, NOTHING), lengths, np.ones(count))
    bill, requests = numbers.of(BILL), numbers.of("daily_requests") * numbers.of("days_per_month")
    by_use = bill - numbers.of("current_fixed_monthly_cost")
    said = (bill != 0) & (requests != 0) & knows(draft, BILL)
    found.leads_to[said & (by_use <= 0)] = FLAT
    left = np.flatnonzero(said & (by_use > 0))
    if left.size and knows(draft, "current_cost_per_request"):
        counted = numbers.of("current_cost_per_request")[left] * requests[left]
        found.leads_to[left] = _compared(by_use[left], counted)
    elif left.size:
        _set_calls(numbers, left, by_use[left], requests[left], found)
    return found


def _compared(by_use: Array, counted: Array) -> NDArray[np.intp]:
    return np.where(np.abs(by_use - counted) > SAME_AMOUNT * by_use, DIFFERS, MET)


def _set_calls(numbers: Numbers, places: NDArray[np.intp], by_use: Array, requests: Array, found: Billed) -> None:
    """Lengths or prices of today's calls, so that a month of them costs what each bill says."""
    draft, free = numbers.head, [*found.lengths]
    some = {name: numbers.of(name)[places] for name in LENGTHS}
    most, target = draft.catalog.number("plausible_bill_scale"), by_use / requests
    factor = _factors(numbers, some, free, target) if free else np.full(places.size, np.nan)
    scaled = (1 / most <= factor) & (factor <= most)
    for name in free:
        found.lengths[name][places[scaled]] = _rounded(some[name][scaled] * factor[scaled])
    found.leads_to[places[scaled]] = LENGTHS_SET
    left = np.flatnonzero(~scaled)
    listed = _costs(numbers, {name: column[left] for name, column in some.items()}, ())[0]
    left, listed = left[~np.isnan(listed) & (listed != 0)], listed[~np.isnan(listed) & (listed != 0)]
    if any(getattr(draft.scenario, name) is not None for name in PRICES):
        found.leads_to[places[left]] = _compared(by_use[left], listed * requests[left])
        return
    off = np.abs(target[left] - listed) > SAME_AMOUNT * target[left]
    left, listed = left[off], listed[off]
    found.leads_to[places[left]], found.at[places[left]] = PRICES_SET, target[left] / listed
    for name in free:
        found.lengths[name][places[left]] = _rounded(some[name][left])


def _factors(numbers: Numbers, lengths: Mapping[str, Array], free: list[str], target: Array) -> Array:
    """What the free lengths are multiplied by, so that a request costs its target; nan where nothing does it."""
    factor, going = np.ones(target.size), np.arange(target.size)
    for _ in range(TIER_STEPS):
        tried = {
            name: column[going] * factor[going] if name in free else column[going] for name, column in lengths.items()
        }
        whole, rest = _costs(numbers, tried, free)
        off = np.where(whole > rest, (target[going] - rest) / np.where(whole > rest, whole - rest, 1.0), np.nan)
        off = np.where(off > 0, off, np.nan)
        factor[going] *= off
        going = going[np.abs(off - 1) >= SETTLED]
        if not going.size:
            break
    return factor


def _costs(numbers: Numbers, lengths: Mapping[str, Array], free: list[str] | tuple[str, ...]) -> tuple[Array, Array]:
    """What a request of these lengths costs at today's prices, and one without the free lengths; nan where unknown."""
    count = next(iter(lengths.values())).size
    whole, rest = np.full(count, np.nan), np.full(count, np.nan)
    for places in _of_one_tier(numbers, lengths["input_tokens"]):
        some = {name: column[places] for name, column in lengths.items() if name in numbers.head.rows}
        first = priced(numbers.head, {name: float(column[0]) for name, column in some.items()})
        a = _with(first, some)
        whole[places] = _known(cost_of(a))
        if free:
            rest[places] = _known(cost_of(a.replaced(dict.fromkeys(free, 0.0))))
    return whole, rest


def _with(a: Assumptions, lengths: Mapping[str, Array]) -> Assumptions:
    return replace(
        a, rows={**a.rows, **{name: replace(a.rows[name], value=column) for name, column in lengths.items()}}
    )


def _known(cost: object) -> Array:
    return np.asarray(np.nan if cost is None else cost, dtype=float)


def _of_one_tier(numbers: Numbers, tokens: Array) -> list[NDArray[np.intp]]:
    """The cases whose prompts are billed at one tier of today's model."""
    head, row = numbers.head, numbers.head.rows.get("current_model")
    model = None if row is None or row.value is None else str(row.value)
    if model is None or not is_hosted(model):
        return [np.arange(tokens.size)] if tokens.size else []
    tier = np.searchsorted(np.array(sorted({*tiers_of((model,), head.on)}), dtype=float), np.trunc(tokens), side="left")
    return [np.flatnonzero(tier == each) for each in np.unique(tier)]


def _rounded(values: Array) -> Array:
    return np.array([rounded(value) for value in values.tolist()])
