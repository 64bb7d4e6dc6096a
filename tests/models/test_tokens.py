"""The price of a request: the split into line items equals the formula, and the levers act alone."""

import numpy as np
import pytest

from advisor.models import tokens

REQUEST = {
    "static_input_tokens": 2000,
    "dynamic_input_tokens": 300,
    "output_tokens": 250,
    "input_price_per_mtok": 3.0,
    "output_price_per_mtok": 15.0,
}
LEVERS = {
    "cache_hit_share": 0.7,
    "cache_read_multiplier": 0.1,
    "cache_write_multiplier": 1.25,
    "removed_static_share": 0.5,
    "batch_share": 0.4,
    "batch_discount": 0.5,
}


def textbook_cost(stack):
    """The same bill written as one sum, as a reader would do it on paper."""
    static = 2000 * (1 - 0.5)
    hits = static * 0.7 * 0.1 * 3 / 1e6
    rest = (static * 0.3 * 1.25 * 3 + 300 * 3 + 250 * 15) / 1e6
    in_batch = (hits + rest) * (1 - 0.5) if stack else hits + rest * (1 - 0.5)
    return (1 - 0.4) * (hits + rest) + 0.4 * in_batch


@pytest.mark.parametrize("stack", [0, 1])
def test_cost_equals_the_sum_on_paper(stack):
    cost = tokens.api_cost_per_request(**REQUEST, **LEVERS, cache_and_batch_stack=stack)
    assert cost == pytest.approx(textbook_cost(stack), rel=1e-12)


@pytest.mark.parametrize("stack", [0, 1])
def test_line_items_add_up_to_the_cost(stack):
    split = tokens.billed_tokens_per_request(2000, 300, 250, cache_hit_share=0.7, removed_static_share=0.5)
    prices = tokens.token_prices(
        3.0,
        15.0,
        cache_read_multiplier=0.1,
        cache_write_multiplier=1.25,
        batch_share=0.4,
        batch_discount=0.5,
        cache_and_batch_stack=stack,
    )
    attempts = tokens.attempts_per_request(0.1, 2, 0.2)
    items = [quantity * attempts * price / 1e6 for quantity, price in zip(split, prices, strict=True)]
    lookup = 0.2 * 0.00001
    cost = tokens.api_cost_per_request(
        **REQUEST,
        **LEVERS,
        cache_and_batch_stack=stack,
        failure_rate=0.1,
        retries=2,
        response_cache_share=0.2,
        response_cache_lookup_cost=0.00001,
    )
    assert sum(items) + lookup == pytest.approx(cost, rel=1e-12)


def test_attempts_at_the_edges():
    assert tokens.expected_attempts(0.0, 2) == 1
    assert tokens.expected_attempts(1.0, 2) == 3
    assert tokens.expected_attempts(0.5, 0) == 1
    assert tokens.expected_attempts(np.array([0.1, 0.5]), np.array([2, 1])) == pytest.approx([1.11, 1.5])
    assert tokens.unserved_share(1.0, 2) == 1


def test_without_a_cache_static_and_dynamic_tokens_cost_the_same():
    moved = REQUEST | {"static_input_tokens": 0, "dynamic_input_tokens": 2300}
    assert tokens.api_cost_per_request(**REQUEST) == pytest.approx(tokens.api_cost_per_request(**moved))
