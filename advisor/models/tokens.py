"""What a request to a token-priced interface costs.

A bill is quantities times unit prices, so both are computed apart: ``billed_tokens_per_request``
and ``token_prices`` have the same four fields and multiply field by field. Every argument may be
a float or an array of draws. Defaults in signatures mean "lever not used"; they are no prices.
Prices are per million tokens.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.units import TOKENS_PER_MTOK

Numbers = float | NDArray[np.float64]


class TokenSplit(NamedTuple):
    """One figure for each way a token is billed: tokens per request, or money per million tokens."""

    uncached_input: Numbers
    cache_read: Numbers
    cache_write: Numbers
    output: Numbers


def billed_tokens_per_request(
    static_input_tokens: Numbers,
    dynamic_input_tokens: Numbers,
    output_tokens: Numbers,
    *,
    cache_hit_share: Numbers = 0.0,
    removed_static_share: Numbers = 0.0,
) -> TokenSplit:
    """Tokens of one attempt by how they are billed [tokens/request].

    Static = instructions and examples repeated in every request, the only part a prompt cache
    serves and the only part tuning can remove. A miss writes the cache. Output includes
    reasoning tokens: they are billed although nobody reads them.
    """
    static_kept = static_input_tokens * (1 - removed_static_share)
    return TokenSplit(
        uncached_input=dynamic_input_tokens,
        cache_read=static_kept * cache_hit_share,
        cache_write=static_kept * (1 - cache_hit_share),
        output=output_tokens,
    )


def batch_price(price_per_mtok: Numbers, batch_share: Numbers, batch_discount: Numbers) -> Numbers:
    """Mean price when a share of the requests goes through the batch interface [money/Mtok].

    Cache reads have this discount only where the vendor lets cache and batch stack.
    """
    return price_per_mtok * (1 - batch_share * batch_discount)


def token_prices(
    input_price_per_mtok: Numbers,
    output_price_per_mtok: Numbers,
    *,
    cache_read_multiplier: Numbers = 1.0,
    cache_write_multiplier: Numbers = 1.0,
    batch_share: Numbers = 0.0,
    batch_discount: Numbers = 0.0,
    cache_and_batch_stack: Numbers = 1.0,
) -> TokenSplit:
    """Mean price of each kind of token after cache and batch terms [money/Mtok].

    ``cache_and_batch_stack`` is 1 where the batch discount also applies to cache reads, 0 where
    the cache price takes precedence; assuming 1 everywhere understates the bill of some vendors.
    Without a cache leave the write multiplier at 1: a miss is then an ordinary input token.
    """
    read_price = input_price_per_mtok * cache_read_multiplier
    write_price = input_price_per_mtok * cache_write_multiplier
    read_discount = batch_discount * cache_and_batch_stack
    return TokenSplit(
        uncached_input=batch_price(input_price_per_mtok, batch_share, batch_discount),
        cache_read=batch_price(read_price, batch_share, read_discount),
        cache_write=batch_price(write_price, batch_share, batch_discount),
        output=batch_price(output_price_per_mtok, batch_share, batch_discount),
    )


def cost_per_attempt(tokens: TokenSplit, prices: TokenSplit) -> Numbers:
    """Quantity times unit price, summed over the four kinds of token [money/request]."""
    input_cost = tokens.uncached_input * prices.uncached_input
    cache_cost = tokens.cache_read * prices.cache_read + tokens.cache_write * prices.cache_write
    output_cost = tokens.output * prices.output
    return (input_cost + cache_cost + output_cost) / TOKENS_PER_MTOK


def expected_attempts(failure_rate: Numbers, retries: Numbers) -> Numbers:
    """Mean number of paid attempts, 1 + f + f^2 + ... + f^retries [count].

    Summed term by term: the closed form (1 - f^(R+1)) / (1 - f) fails at f = 1.
    """
    failure = np.asarray(failure_rate, dtype=float)[..., np.newaxis]
    allowed = np.asarray(retries, dtype=float)[..., np.newaxis]
    attempt = np.arange(np.max(allowed) + 1)
    reached = np.where(attempt <= allowed, failure**attempt, 0.0)
    attempts: Numbers = np.sum(reached, axis=-1)
    return attempts


def unserved_share(failure_rate: Numbers, retries: Numbers) -> Numbers:
    """Share of requests that fail on every attempt [fraction]. They are paid for and bring nothing."""
    return failure_rate ** (retries + 1)


def attempts_per_request(failure_rate: Numbers, retries: Numbers, response_cache_share: Numbers) -> Numbers:
    """Paid attempts per incoming request: retries add, answers from the response cache save [count]."""
    return expected_attempts(failure_rate, retries) * (1 - response_cache_share)


def api_cost_per_request(
    static_input_tokens: Numbers,
    dynamic_input_tokens: Numbers,
    output_tokens: Numbers,
    input_price_per_mtok: Numbers,
    output_price_per_mtok: Numbers,
    *,
    cache_hit_share: Numbers = 0.0,
    cache_read_multiplier: Numbers = 1.0,
    cache_write_multiplier: Numbers = 1.0,
    removed_static_share: Numbers = 0.0,
    batch_share: Numbers = 0.0,
    batch_discount: Numbers = 0.0,
    cache_and_batch_stack: Numbers = 1.0,
    failure_rate: Numbers = 0.0,
    retries: Numbers = 0.0,
    response_cache_share: Numbers = 0.0,
    response_cache_lookup_cost: Numbers = 0.0,
) -> Numbers:
    """Mean cost of one incoming request, cached answers and retries included [money/request].

    The prompt cache discounts input tokens; the response cache avoids the whole request.
    They are different levers and multiply.
    """
    tokens = billed_tokens_per_request(
        static_input_tokens,
        dynamic_input_tokens,
        output_tokens,
        cache_hit_share=cache_hit_share,
        removed_static_share=removed_static_share,
    )
    prices = token_prices(
        input_price_per_mtok,
        output_price_per_mtok,
        cache_read_multiplier=cache_read_multiplier,
        cache_write_multiplier=cache_write_multiplier,
        batch_share=batch_share,
        batch_discount=batch_discount,
        cache_and_batch_stack=cache_and_batch_stack,
    )
    attempts = attempts_per_request(failure_rate, retries, response_cache_share)
    lookups = response_cache_share * response_cache_lookup_cost
    return cost_per_attempt(tokens, prices) * attempts + lookups
