"""Go on with the hosted model used today."""

import numpy as np

from advisor.models.tokens import billed_tokens_per_request, token_prices
from advisor.results import Assumptions, LineItem
from advisor.units import TOKENS_PER_MTOK

ID = "keep_as_is"
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


def line_items(a: Assumptions) -> tuple[LineItem, ...]:
    """The tokens of one request at the hosted prices, or the price of a request the user has measured."""
    if a.knows("current_cost_per_request"):
        price = a.number("current_cost_per_request")
        return (
            LineItem(
                "current_request", "api", "usage_based", 1.0, "requests", price, "api", ("current_cost_per_request",)
            ),
        )
    tokens = billed_tokens_per_request(
        static_input_tokens=a.number("input_tokens") * a.number("static_prompt_share"),
        dynamic_input_tokens=a.number("input_tokens") * (1 - a.number("static_prompt_share")),
        output_tokens=a.number("output_tokens"),
        cache_hit_share=a.number("cache_hit_share"),
        removed_static_share=0.0,
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
