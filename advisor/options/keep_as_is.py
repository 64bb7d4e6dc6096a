"""Go on with the hosted model used today."""

import numpy as np

from advisor.core.records import TODAY, Assumptions, LineItem, Number
from advisor.formulas.constants import TOKENS_PER_MTOK
from advisor.formulas.tokens import billed_tokens_per_request, expected_attempts, token_prices
from advisor.options import reasons
from advisor.options.declared import Demand, OptionCosts, quality_items, success_today
from advisor.options.reasons import Reason

ID = TODAY
LIST_PRICES = (
    "current_input_price",
    "current_cached_input_price",
    "current_cache_write_price",
    "current_output_price",
)
"""In the order of ``TokenSplit``, as are the items below."""

PROMPT = ("input_tokens", "static_prompt_share", "cache_hit_share")
TOKEN_ITEMS = (
    ("current_prompt", PROMPT, "batch_discount"),
    ("current_cached_prompt", PROMPT, "cached_batch_discount"),
    ("current_cache_write", PROMPT, "batch_discount"),
    ("current_answer", ("output_tokens",), "batch_discount"),
)
"""Item, the assumptions that its quantity rests on, and the discount that holds in batches."""
FLAT = "current_fixed"
RETRIES = 2
"""Most retries after a technical failure."""


def line_items(a: Assumptions) -> tuple[LineItem, ...]:
    """The tokens of one request at the hosted prices, or the price of a request the user has measured."""
    if a.knows("current_cost_per_request"):
        price = a.number("current_cost_per_request")
        return (
            LineItem(
                "current_request", "api", "usage_based", 1.0, "requests", price, "api", ("current_cost_per_request",)
            ),
        )
    items = token_items(a)
    return (*items, retries_item(a, "retries", items))


def token_items(a: Assumptions, removed_static_share: Number = 0.0) -> tuple[LineItem, ...]:
    """Tokens of one attempt, by how they are billed; a share of the static prompt may have been cut away."""
    tokens = billed_tokens_per_request(
        static_input_tokens=a.number("input_tokens") * a.number("static_prompt_share"),
        dynamic_input_tokens=a.number("input_tokens") * (1 - a.number("static_prompt_share")),
        output_tokens=a.number("output_tokens"),
        cache_hit_share=a.number("cache_hit_share"),
        removed_static_share=removed_static_share,
    )
    knows = {name: a.knows(name) for name in LIST_PRICES}
    prices = token_prices(
        *(a.number(name) if known else np.nan for name, known in knows.items()),
        batch_share=a.number("batch_share"),
        batch_discount=a.number("batch_discount"),
        cached_batch_discount=a.number("cached_batch_discount"),
    )
    return tuple(
        LineItem(
            item,
            "api",
            "usage_based",
            quantity / TOKENS_PER_MTOK,
            "Mtok/request",
            price if known else None,
            "api",
            (*uses, name, "batch_share", discount),
        )
        for (item, uses, discount), quantity, price, (name, known) in zip(
            TOKEN_ITEMS, tokens, prices, knows.items(), strict=True
        )
    )


def retries_item(a: Assumptions, item: str, attempt: tuple[LineItem, ...]) -> LineItem:
    """Retries after technical failures: failed attempts are billed too."""
    again = expected_attempts(a.number("retry_share"), RETRIES) - 1
    price: Number | None = 0.0
    for part in attempt:
        price = None if price is None or part.cost is None else price + part.cost
    return LineItem(
        item, attempt[0].category, "usage_based", again, "requests", price, attempt[0].trend, ("retry_share",)
    )


def flat_items(a: Assumptions) -> tuple[LineItem, ...]:
    """A bill for reserved capacity, the same whatever the requests; none unless the case names one."""
    used = "current_fixed_monthly_cost"
    if not a.knows(used):
        return ()
    return (LineItem(FLAT, "api", "recurring", 1.0, "months", a.number(used), "api", (used,)),)


def declare(a: Assumptions, demand: Demand) -> OptionCosts:
    """The baseline of today: no one-time cost, the call as it is."""
    success = success_today(a)
    quality = quality_items(a, success, "review_share")
    return OptionCosts(ID, (), (), line_items(a), quality, success, flat=flat_items(a))


def described(a: Assumptions) -> bool:
    return True


def against(a: Assumptions) -> tuple[Reason, ...]:
    return reasons.those(reasons.leaves_the_house(a), reasons.misses_the_bar(a))
