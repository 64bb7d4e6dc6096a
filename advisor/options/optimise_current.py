"""Keep the hosted model and pay less for it: prompt caching, batches, a shorter prompt, a response cache.

A lever is applied only where its condition holds; otherwise its reason says what is missing.
"""

from dataclasses import dataclass, replace

import numpy as np

from advisor.core.notices import Notice
from advisor.core.records import Assumptions, LineItem, Number
from advisor.formulas.arrays import as_array
from advisor.options import keep_as_is, reasons
from advisor.options.declared import Demand, OptionCosts, one_time, quality_items, success_today
from advisor.options.reasons import Reason

ID = "optimise_current"


@dataclass(frozen=True)
class CallLever:
    """One way to pay less for the same call: ``reason`` is empty where it applies, else why it does not."""

    id: str
    reason: str


@dataclass(frozen=True)
class AppliedLevers:
    """The setting of each lever per draw; today's value where it does not apply. [fraction]"""

    cut: Number
    cache_hit_share: Number
    batch_share: Number
    repeat_share: Number
    is_any: Number


def pulled(a: Assumptions) -> AppliedLevers:
    """Every lever whose condition holds, on the same tokens and list prices, so that none cancels another."""
    static = a.number("input_tokens") * a.number("static_prompt_share")
    shortest, trim = a.number("cacheable_prompt_tokens"), a.number("trim_share")
    is_cached = _reads_cost_less(a) & (static >= shortest)
    cut = np.where(is_cached & (static * (1 - trim) < shortest), 0.0, trim)
    hits, batches = a.number("cache_hit_share"), a.number("batch_share")
    better_hits = np.where(is_cached, np.maximum(hits, a.number("potential_cache_share")), hits)
    deferrable = a.number("deferrable_share") if a.knows("deferrable_share") else batches
    more_batches = np.where(as_array(a.number("batch_discount")) > 0, np.maximum(batches, deferrable), batches)
    repeats = a.number("repeat_share") if a.knows("repeat_share") else 0.0
    is_any = (static * cut > 0) | (better_hits > hits) | (more_batches > batches) | (as_array(repeats) > 0)
    return AppliedLevers(cut, better_hits, more_batches, repeats, as_array(is_any, float)[()])


def _reads_cost_less(a: Assumptions) -> np.ndarray:
    """Whether cached input tokens are cheaper than new ones; false where a price is unknown."""
    if not (a.knows("current_cached_input_price") and a.knows("current_input_price")):
        return np.asarray(False)
    return as_array(a.number("current_cached_input_price")) < as_array(a.number("current_input_price"))


def levers(a: Assumptions) -> tuple[CallLever, ...]:
    """Every lever of the point case with its condition, in the order in which they act on a call."""
    found = pulled(a)
    static = float(a.number("input_tokens")) * float(a.number("static_prompt_share"))
    reads_cost_less = bool(_reads_cost_less(a))
    whole = {
        "shorter_prompt": "" if static * found.cut > 0 else _why_not_cut(a, static),
        "prompt_cache": "" if found.cache_hit_share > a.number("cache_hit_share") else _why_no_cache(a, static),
        "batch": "" if found.batch_share > a.number("batch_share") else _why_no_batch(a),
        "response_cache": "" if found.repeat_share > 0 else _why_no_memory(a),
    }
    if not reads_cost_less and not a.knows("current_cached_input_price"):
        whole["prompt_cache"] = "price_unknown"
    return tuple(CallLever(name, reason) for name, reason in whole.items())


def _why_not_cut(a: Assumptions, static: float) -> str:
    return "undoes_the_cache" if static * float(a.number("trim_share")) > 0 else "nothing_to_cut"


def _why_no_cache(a: Assumptions, static: float) -> str:
    if not _reads_cost_less(a):
        return "no_cheaper_rate"
    return "prompt_too_short" if static < float(a.number("cacheable_prompt_tokens")) else "in_use"


def _why_no_batch(a: Assumptions) -> str:
    if not a.knows("deferrable_share"):
        return "nobody_may_wait"
    return "no_cheaper_rate" if float(a.number("batch_discount")) <= 0 else "in_use"


def _why_no_memory(a: Assumptions) -> str:
    return "no_repeats" if a.knows("repeat_share") else "repeats_unknown"


def line_items(a: Assumptions, found: AppliedLevers) -> tuple[LineItem, ...]:
    """One request of the optimised call."""
    prices: dict[str, Number] = {"cache_hit_share": found.cache_hit_share, "batch_share": found.batch_share}
    if a.knows("caching_write_price") and a.knows("current_cache_write_price"):
        today = a.number("current_cache_write_price")
        newly = found.cache_hit_share > as_array(a.number("cache_hit_share"))
        prices["current_cache_write_price"] = np.where(newly, a.number("caching_write_price"), today)[()]
    items = keep_as_is.token_items(a.replaced(prices), found.cut)
    items = (*items, keep_as_is.retries_item(a, "retries", items))
    asked = 1 - as_array(found.repeat_share)
    return tuple(replace(item, quantity=(item.quantity * asked)[()]) for item in items)


def declare(a: Assumptions, demand: Demand) -> OptionCosts:
    """The same model and answers at lower cost; enabling the levers is a one-time cost."""
    found, success = pulled(a), success_today(a)
    hours = a.number("optimise_hours") * found.is_any
    once = (one_time(a, "optimising", "people", hours, "hours", "hourly_rate", "optimise_hours"),)
    quality = quality_items(a, success, "review_share")
    return OptionCosts(ID, once, (), line_items(a, found), quality, success, flat=keep_as_is.flat_items(a))


def described(a: Assumptions) -> bool:
    return reasons.knows_tokens(a)


def against(a: Assumptions) -> tuple[Reason, ...]:
    return reasons.those(reasons.leaves_the_house(a), reasons.misses_the_bar(a), _gains_nothing(a))


def _gains_nothing(a: Assumptions) -> Reason:
    return Reason(Notice("out_nothing_to_gain", "info", {}), as_array(pulled(a).is_any) == 0)
