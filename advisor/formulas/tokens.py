"""What a request to a token-priced interface costs.

A bill is quantities times unit prices, so both are computed apart: ``billed_tokens_per_request``
and ``token_prices`` have the same four fields and multiply field by field. Every argument may be
a float or an array of draws. Defaults in signatures mean "lever not used"; they are no prices.
Prices are per million tokens. ``keep_as_is`` multiplies the same two into its line items.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.formulas.arrays import as_array
from advisor.formulas.constants import TOKENS_PER_MTOK

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

    Parameters
    ----------
    static_input_tokens : float or array [tokens/request]
    dynamic_input_tokens : float or array [tokens/request]
    output_tokens : float or array [tokens/request]
    cache_hit_share : float or array, default 0.0 [fraction]
    removed_static_share : float or array, default 0.0 [fraction]

    Returns
    -------
    TokenSplit [tokens/request]

    References
    ----------
    Vendors' price lists.
    """
    static_kept = static_input_tokens * (1 - removed_static_share)
    return TokenSplit(
        uncached_input=dynamic_input_tokens,
        cache_read=static_kept * cache_hit_share,
        cache_write=static_kept * (1 - cache_hit_share),
        output=output_tokens,
    )


def token_prices(
    input_price: Numbers,
    cache_read_price: Numbers,
    cache_write_price: Numbers,
    output_price: Numbers,
    *,
    batch_share: Numbers = 0.0,
    batch_discount: Numbers = 0.0,
    cached_batch_discount: Numbers = 0.0,
) -> TokenSplit:
    """Mean price of each kind of token when a share of the requests goes in batches [money/Mtok].

    From list prices. Cache reads have a discount of their own: it is ``batch_discount`` where the
    vendor lets cache and batch stack, 0 where the cache price takes precedence. Assuming that all
    vendors stack understates the bill of some. An unknown price is nan and leaves the others alone.

    Parameters
    ----------
    input_price : float or array [money/Mtok]
    cache_read_price : float or array [money/Mtok]
    cache_write_price : float or array [money/Mtok]
    output_price : float or array [money/Mtok]
    batch_share : float or array, default 0.0 [fraction]
    batch_discount : float or array, default 0.0 [fraction]
    cached_batch_discount : float or array, default 0.0 [fraction]

    Returns
    -------
    TokenSplit [money/Mtok]

    References
    ----------
    Vendors' price lists.
    """
    ordinary = 1 - batch_share * batch_discount
    cached = 1 - batch_share * cached_batch_discount
    return TokenSplit(
        uncached_input=input_price * ordinary,
        cache_read=cache_read_price * cached,
        cache_write=cache_write_price * ordinary,
        output=output_price * ordinary,
    )


def long_prompt_tokens(mean_tokens: float, long_share: float, tier_tokens: float) -> float:
    """Mean length of the prompts above a tier where only their share is known [tokens/request].

    The others are taken to be spread evenly up to the tier, half of it on average; what they leave of the mean is the
    length of the long ones. These are no shorter than the tier and than the mean, and no longer than twice the tier
    unless the mean needs it even with all others at the tier.

    Parameters
    ----------
    mean_tokens : float [tokens/request], of all prompts
    long_share : float [fraction], of the requests; above 0
    tier_tokens : float [tokens/request]

    Returns
    -------
    float [tokens/request]

    References
    ----------
    Model of this tool.
    """
    left = (mean_tokens - (1 - long_share) * tier_tokens / 2) / long_share
    needed = (mean_tokens - (1 - long_share) * tier_tokens) / long_share
    return min(max(left, tier_tokens, mean_tokens), max(2 * tier_tokens, needed))


def short_prompt_tokens(mean_tokens: float, long_share: float, long_tokens: float) -> float:
    """Mean length of the other prompts, so that all together have the mean [tokens/request].

    Below 0 where the long ones alone exceed the mean; the mean itself where all prompts are long.

    Parameters
    ----------
    mean_tokens : float [tokens/request], of all prompts
    long_share : float [fraction], of the requests
    long_tokens : float [tokens/request]

    Returns
    -------
    float [tokens/request]

    References
    ----------
    Model of this tool.
    """
    return (mean_tokens - long_share * long_tokens) / (1 - long_share) if long_share < 1 else mean_tokens


def cost_per_attempt(tokens: TokenSplit, prices: TokenSplit) -> Numbers:
    """Quantity times unit price, summed over the four kinds of token [money/request].

    Parameters
    ----------
    tokens : TokenSplit [tokens/request]
    prices : TokenSplit [money/Mtok]

    Returns
    -------
    float or array [money/request]
    """
    input_cost = tokens.uncached_input * prices.uncached_input
    cache_cost = tokens.cache_read * prices.cache_read + tokens.cache_write * prices.cache_write
    output_cost = tokens.output * prices.output
    return (input_cost + cache_cost + output_cost) / TOKENS_PER_MTOK


def expected_attempts(failure_rate: Numbers, retries: Numbers) -> Numbers:
    """Mean number of paid attempts, 1 + f + f^2 + ... + f^retries [count].

    Summed term by term: the closed form (1 - f^(R+1)) / (1 - f) fails at f = 1.

    Parameters
    ----------
    failure_rate : float or array [fraction]
    retries : float or array [count]

    Returns
    -------
    float or array [count]

    References
    ----------
    Vendors' price lists.
    """
    failure = as_array(failure_rate, float)[..., np.newaxis]
    allowed = np.asarray(retries, dtype=float)[..., np.newaxis]
    attempt = np.arange(np.max(allowed) + 1)
    reached = np.where(attempt <= allowed, failure**attempt, 0.0)
    attempts: Numbers = np.sum(reached, axis=-1)
    return attempts


def unserved_share(failure_rate: Numbers, retries: Numbers) -> Numbers:
    """Share of requests that fail on every attempt [fraction]. They are paid for and bring nothing.

    Parameters
    ----------
    failure_rate : float or array [fraction]
    retries : float or array [count]

    Returns
    -------
    float or array [fraction]
    """
    return failure_rate ** (retries + 1)


def api_cost_per_request(
    tokens: TokenSplit, prices: TokenSplit, *, failure_rate: Numbers = 0.0, retries: Numbers = 0.0
) -> Numbers:
    """Mean cost of one incoming request, retries included [money/request].

    Parameters
    ----------
    tokens : TokenSplit [tokens/request]
    prices : TokenSplit [money/Mtok]
    failure_rate : float or array, default 0.0 [fraction]
    retries : float or array, default 0.0 [count]

    Returns
    -------
    float or array [money/request]
    """
    return cost_per_attempt(tokens, prices) * expected_attempts(failure_rate, retries)
