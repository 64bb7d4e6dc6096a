"""Go on with the hosted model used today."""

from advisor.models.tokens import batch_price, billed_tokens_per_request
from advisor.results import Assumptions, LineItem, Number
from advisor.units import TOKENS_PER_MTOK

ID = "keep_as_is"


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
    prompt = ("input_tokens", "static_prompt_share", "cache_hit_share")
    cached = "cached_batch_discount"
    return (
        _tokens(a, "current_prompt", tokens.uncached_input, "current_input_price", prompt),
        _tokens(a, "current_cached_prompt", tokens.cache_read, "current_cached_input_price", prompt, cached),
        _tokens(a, "current_cache_write", tokens.cache_write, "current_cache_write_price", prompt),
        _tokens(a, "current_answer", tokens.output, "current_output_price", ("output_tokens",)),
    )


def _tokens(
    a: Assumptions, item: str, tokens: Number, price: str, uses: tuple[str, ...], discount: str = "batch_discount"
) -> LineItem:
    list_price = a.number(price) if a.knows(price) else None
    unit_price = None if list_price is None else batch_price(list_price, a.number("batch_share"), a.number(discount))
    used = (*uses, price, "batch_share", discount)
    return LineItem(item, "api", "usage_based", tokens / TOKENS_PER_MTOK, "Mtok/request", unit_price, "api", used)
