"""Keep the hosted model and pay less for it: prompt cache, batches, a shorter prompt, remembered answers.

Each lever is pulled only where it applies; what it would take stands in its reason.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from advisor.options import keep_as_is
from advisor.options.declared import Declared, one_time, quality_items, success_today
from advisor.results import Assumptions, LineItem, Number

ID = "optimise_current"


@dataclass(frozen=True)
class Lever:
    """One way to pay less for the same call: ``reason`` is empty where it applies, else why it does not."""

    id: str
    reason: str


def levers(a: Assumptions) -> tuple[Lever, ...]:
    """Every lever with its condition, in the order the call meets them."""
    return tuple(Lever(name, condition(a)) for name, condition in CONDITIONS.items())


def _typical(value: Number) -> float:
    """The point case of a number, or the middle of its draws."""
    return float(np.median(value))


def _static(a: Assumptions) -> float:
    """Repeated prompt of a request. [tokens/request]"""
    return _typical(a.number("input_tokens") * a.number("static_prompt_share"))


def _has_cheaper_reads(a: Assumptions) -> bool:
    known = a.knows("current_cached_input_price") and a.knows("current_input_price")
    return known and _typical(a.number("current_cached_input_price")) < _typical(a.number("current_input_price"))


def _cache(a: Assumptions) -> str:
    if not (a.knows("current_cached_input_price") and a.knows("current_input_price")):
        return "price_unknown"
    if not _has_cheaper_reads(a):
        return "no_cheaper_rate"
    if _static(a) < _typical(a.number("cacheable_prompt_tokens")):
        return "prompt_too_short"
    return "" if _typical(a.number("potential_cache_share")) > _typical(a.number("cache_hit_share")) else "in_use"


def _batch(a: Assumptions) -> str:
    if not a.knows("deferrable_share"):
        return "nobody_may_wait"
    if _typical(a.number("batch_discount")) <= 0:
        return "no_cheaper_rate"
    return "" if _typical(a.number("deferrable_share")) > _typical(a.number("batch_share")) else "in_use"


def _trim(a: Assumptions) -> str:
    """Cutting must not take the prompt below what vendors cache, where a cache is cheaper."""
    cut, shortest = _typical(a.number("trim_share")), _typical(a.number("cacheable_prompt_tokens"))
    if _static(a) * cut <= 0:
        return "nothing_to_cut"
    would_undo = _static(a) * (1 - cut) < shortest <= _static(a) and _has_cheaper_reads(a)
    return "undoes_the_cache" if would_undo else ""


def _remember(a: Assumptions) -> str:
    if not a.knows("repeat_share"):
        return "repeats_unknown"
    return "" if _typical(a.number("repeat_share")) > 0 else "no_repeats"


CONDITIONS: dict[str, Callable[[Assumptions], str]] = {
    "shorter_prompt": _trim,
    "prompt_cache": _cache,
    "batch": _batch,
    "response_cache": _remember,
}


def _applied(a: Assumptions) -> set[str]:
    return {lever.id for lever in levers(a) if not lever.reason}


def optimised(a: Assumptions, applied: set[str]) -> Assumptions:
    """The same call with levers pulled: on the same tokens and the same list prices."""
    changed: dict[str, Number] = {}
    if "prompt_cache" in applied:
        changed["cache_hit_share"] = np.maximum(a.number("cache_hit_share"), a.number("potential_cache_share"))
        if a.knows("caching_write_price"):
            changed["current_cache_write_price"] = a.number("caching_write_price")
    if "batch" in applied:
        changed["batch_share"] = np.maximum(a.number("batch_share"), a.number("deferrable_share"))
    return a.replaced(changed)


def line_items(a: Assumptions, applied: set[str]) -> tuple[LineItem, ...]:
    """One request of the optimised call."""
    if not applied:
        return keep_as_is.line_items(a)
    removed = a.number("trim_share") if "shorter_prompt" in applied else 0.0
    items = keep_as_is.token_items(optimised(a, applied), removed)
    items = (*items, keep_as_is.retries_item(a, "retries", items))
    if "response_cache" in applied:
        asked = 1 - np.asarray(a.number("repeat_share"))
        items = tuple(replace(i, quantity=i.quantity * asked, uses=(*i.uses, "repeat_share")) for i in items)
    return items


def declare(a: Assumptions, requests: np.ndarray) -> Declared:
    """The same model and the same answers for less; the work of switching the levers on is paid once."""
    applied, success = _applied(a), success_today(a)
    once = (one_time(a, "optimising", "people", a.number("optimise_hours"), "hours", "hourly_rate", "optimise_hours"),)
    quality = quality_items(a, success, "review_share")
    return Declared(ID, once if applied else (), (), line_items(a, applied), quality, success)
