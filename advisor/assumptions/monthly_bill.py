"""Today's monthly bill tells what a request costs: what nobody has stated of a request is set so that the bill is met.

Lengths come first, in the proportion that is typical, as long as they stay plausible; then the prices of today's model.
A number that is stated is never changed: where nothing is left to set, a notice tells the difference.
"""

from dataclasses import replace

from advisor.assumptions.answers import number_of
from advisor.assumptions.draft import Draft, citation, knows
from advisor.assumptions.prices import fill_current_prices
from advisor.assumptions.ranges import narrowed
from advisor.core.notices import Notice
from advisor.core.records import Assumption, Assumptions, Number
from advisor.options import keep_as_is
from advisor.options.declared import total

BILL = "current_monthly_bill"
LENGTHS = ("input_tokens", "output_tokens")
PRICES = keep_as_is.LIST_PRICES
BILLED = (
    *(BILL, "daily_requests", "days_per_month", "current_fixed_monthly_cost", "current_cost_per_request"),
    *(*LENGTHS, *PRICES, "static_prompt_share", "cache_hit_share", "cached_input_share", "batch_share"),
    *("batch_discount", "cached_batch_discount", "list_price_discount", "retry_share"),
)
"""Numbers that decide what the bill says of a request."""
SAME_AMOUNT = 0.02
"""Bills are told in round numbers."""
TIER_STEPS, SETTLED = 3, 1e-9
"""A scaled prompt may be billed at another tier, whose prices scale it again."""


def take_bill(draft: Draft) -> None:
    """Set what the bill tells of a request, where the case names a bill and its requests."""
    bill = number_of(draft, BILL) if knows(draft, BILL) else None
    requests = number_of(draft, "daily_requests") * number_of(draft, "days_per_month")
    if not bill or not requests:
        return
    by_use = bill - number_of(draft, "current_fixed_monthly_cost")
    if by_use <= 0:
        draft.notices.append(Notice("bill_is_flat", "warning", {"money": bill}))
    elif knows(draft, "current_cost_per_request"):
        _tell_difference(draft, by_use, number_of(draft, "current_cost_per_request") * requests)
    else:
        _set_call(draft, by_use, requests)


def _set_call(draft: Draft, by_use: float, requests: float) -> None:
    """Lengths or prices of today's call, so that a month of it costs what the bill says."""
    free = [name for name in LENGTHS if getattr(draft.scenario, name) is None]
    most, target = draft.catalog.number("plausible_bill_scale"), by_use / requests
    factor = _factor(draft, free, target) if free else None
    if factor is not None and 1 / most <= factor <= most:
        _scale_lengths(draft, free, factor, target)
        return
    listed = _plain(cost_of(priced(draft, {})))
    if not listed:
        return
    if any(getattr(draft.scenario, name) is not None for name in PRICES):
        _tell_difference(draft, by_use, listed * requests)
    elif abs(target - listed) > SAME_AMOUNT * target:
        draft.billed_at = target / listed  # not rounded: the bill is met to the cent
        for name in free:  # drawn apart, prices and lengths would not keep to the bill
            draft.rows[name] = _as_sure_as_the_bill(draft, name, 1.0)
        times = rounded(draft.billed_at, 2)
        told = {"cost": rounded(target, 3), "model": str(draft.rows["current_model"].value), "times": times}
        draft.notices.append(Notice("bill_sets_prices", "warning" if free else "info", told))


def _scale_lengths(draft: Draft, free: list[str], factor: float, target: float) -> None:
    """Lengths that nobody stated, as typical but longer or shorter."""
    scale = draft.catalog.parameter("plausible_bill_scale")
    for name in free:
        found = _as_sure_as_the_bill(draft, name, factor)
        source = citation(scale.source)
        draft.rows[name] = replace(found, kind="estimate", source=source, note=scale.note, set_by="bill")
    reading, writing = (number_of(draft, name) for name in LENGTHS)
    told = {
        "cost": rounded(target, 3),
        "model": str(draft.rows["current_model"].value),
        "prompt_tokens": reading,
        "answer_tokens": writing,
    }
    draft.notices.append(Notice("bill_sets_lengths", "info", told))


def _as_sure_as_the_bill(draft: Draft, name: str, factor: float) -> Assumption:
    """A length times ``factor``, with the range of a stated number, or that of the bill where it has one."""
    row, known = draft.rows[name], _ends_of_bill(draft)
    value = rounded(number_of(draft, name) * factor)
    usual = None if row.plausible is None else (row.plausible[0] * factor, row.plausible[1] * factor)
    low, high = narrowed(draft, name, value, *(usual or (None, None)))
    if known is not None:
        low, high = value * known[0], value * known[1]
    return replace(row, value=value, low=low, high=high, usual=usual)


def _factor(draft: Draft, free: list[str], target: float) -> float | None:
    """What the free lengths are multiplied by, so that a request costs ``target``; ``None`` where nothing does it."""
    factor = 1.0
    for _ in range(TIER_STEPS):
        a = priced(draft, {name: number_of(draft, name) * factor for name in free})
        whole, rest = _plain(cost_of(a)), _plain(cost_of(a.replaced(dict.fromkeys(free, 0.0))))
        if whole is None or rest is None or whole <= rest:
            return None
        off = (target - rest) / (whole - rest)
        if off <= 0:
            return None
        factor *= off
        if abs(off - 1) < SETTLED:
            break
    return factor


def _tell_difference(draft: Draft, by_use: float, counted: float) -> None:
    if abs(by_use - counted) > SAME_AMOUNT * by_use:
        draft.notices.append(Notice("bill_differs", "warning", {"money": by_use, "monthly": counted}))


def rounded(value: float, digits: int = 4) -> float:
    """Four significant digits: a bill is met within 0.05 % by such lengths, and nobody reads more. Fewer in words."""
    return float(f"{value:.{digits}g}")


def _ends_of_bill(draft: Draft) -> tuple[float, float] | None:
    """The range that the user gave of the bill, as shares of what it says."""
    known = (draft.scenario.ranges or {}).get(BILL)
    if known is None:
        return None
    flat, bill = number_of(draft, "current_fixed_monthly_cost"), number_of(draft, BILL)
    low, high = (max(end - flat, 0.0) / (bill - flat) for end in known)
    return min(low, 1.0), max(high, 1.0)


def priced(draft: Draft, lengths: dict[str, float]) -> Assumptions:
    """The case with these lengths and today's prices, which may depend on them; nothing is told of it."""
    rows = dict(draft.rows) | {name: replace(draft.rows[name], value=value) for name, value in lengths.items()}
    trial = replace(draft, rows=rows, notices=[])
    fill_current_prices(trial)
    return Assumptions(rows, draft.scenario.base_currency, draft.on, draft.catalog.version)


def cost_of(a: Assumptions) -> Number | None:
    """Today's cost of a request, of each of several where numbers are arrays; ``None`` where a price is unknown."""
    return total(keep_as_is.line_items(a))


def _plain(cost: Number | None) -> float | None:
    return None if cost is None else float(cost)
