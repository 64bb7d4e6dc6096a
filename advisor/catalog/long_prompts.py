"""Price of a hosted model whose long prompts cost more, where requests have prompts of several lengths."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from advisor.catalog.hosted_prices import HostedPrice, hosted_price
from advisor.catalog.own_hosted import remembered

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

Prompts = tuple[tuple[float, int], ...]
"""Lengths of prompts: share of the requests [fraction] and tokens of each of these prompts [tokens/request]."""
OF_THE_PROMPT = (
    *("input_price", "cached_input_price", "cache_write_price"),
    *("batch_input_price", "batch_cached_input_price"),
)
OF_THE_ANSWER = ("output_price", "batch_output_price")


@remembered(256)
def mixed_price(model_id: str, on: date, prompts: Prompts) -> HostedPrice:
    """Mean price of a token over all requests.

    A prompt above a tier pays its price for every token. So prompts are weighed by their tokens, of which the long ones
    hold more than their share, and answers, taken to be as long after every prompt, by the requests.
    """
    first = hosted_price(model_id, on, prompts[0][1])
    used = [(share, tokens, hosted_price(model_id, on, tokens)) for share, tokens in prompts if share > 0]
    if len(used) < 2:
        return used[0][2] if used else first
    requests = [share for share, _, _ in used]
    by_tokens = [share * tokens for share, tokens, _ in used]
    prices = [price for _, _, price in used]
    mixed: dict[str, Any] = {name: _mean([getattr(p, name) for p in prices], by_tokens) for name in OF_THE_PROMPT}
    mixed |= {name: _mean([getattr(p, name) for p in prices], requests) for name in OF_THE_ANSWER}
    mixed["announced"] = tuple((day, mixed_price(model_id, day, prompts)) for day, _ in first.announced)
    return replace(first, prompt_tokens=round(sum(by_tokens)), is_mean=True, **mixed)


def _mean(prices: Sequence[float | None], weights: Sequence[float]) -> float | None:
    """Weighted mean; unknown as soon as one price is."""
    whole = 0.0
    for price, weight in zip(prices, weights, strict=True):
        if price is None:
            return None
        whole += price * weight
    return whole / sum(weights)
