"""The price of a request: the split into line items equals the formula, and the levers act alone."""

import numpy as np
import pytest

from advisor.formulas import tokens

LIST_PRICES = (3.0, 0.3, 3.75, 15.0)
BATCH = {"batch_share": 0.4, "batch_discount": 0.5}


def split():
    return tokens.billed_tokens_per_request(2000, 300, 250, cache_hit_share=0.7, removed_static_share=0.5)


def textbook_cost(cached_discount):
    """The same bill written as one sum, as a reader would do it on paper."""
    static = 2000 * (1 - 0.5)
    hits = static * 0.7 * 0.3 / 1e6
    rest = (static * 0.3 * 3.75 + 300 * 3 + 250 * 15) / 1e6
    in_batch = hits * (1 - cached_discount) + rest * (1 - 0.5)
    return (1 - 0.4) * (hits + rest) + 0.4 * in_batch


@pytest.mark.parametrize("cached_discount", [0, 0.25, 0.5])
def test_cost_equals_the_sum_on_paper(cached_discount):
    prices = tokens.token_prices(*LIST_PRICES, cached_batch_discount=cached_discount, **BATCH)
    assert tokens.api_cost_per_request(split(), prices) == pytest.approx(textbook_cost(cached_discount), rel=1e-12)


def test_line_items_add_up_to_the_cost():
    prices = tokens.token_prices(*LIST_PRICES, cached_batch_discount=0.5, **BATCH)
    items = [quantity * 1.11 * price / 1e6 for quantity, price in zip(split(), prices, strict=True)]
    cost = tokens.api_cost_per_request(split(), prices, failure_rate=0.1, retries=2)
    assert sum(items) == pytest.approx(cost, rel=1e-12)


def test_without_batches_the_list_prices_hold():
    prices = tokens.token_prices(*LIST_PRICES, batch_discount=0.5, cached_batch_discount=0.5)
    assert prices == pytest.approx(LIST_PRICES)


def test_an_unknown_price_leaves_the_others_alone():
    prices = tokens.token_prices(3.0, np.nan, 3.75, 15.0, **BATCH)
    assert prices == pytest.approx((2.4, np.nan, 3.0, 12.0), nan_ok=True)


def test_attempts_at_the_edges():
    assert tokens.expected_attempts(0.0, 2) == 1
    assert tokens.expected_attempts(1.0, 2) == 3
    assert tokens.expected_attempts(0.5, 0) == 1
    assert tokens.expected_attempts(np.array([0.1, 0.5]), np.array([2, 1])) == pytest.approx([1.11, 1.5])
    assert tokens.unserved_share(1.0, 2) == 1


def test_without_a_cache_static_and_dynamic_tokens_cost_the_same():
    prices = tokens.token_prices(3.0, 3.0, 3.0, 15.0)
    static = tokens.cost_per_attempt(tokens.billed_tokens_per_request(2000, 300, 250), prices)
    assert static == pytest.approx(tokens.cost_per_attempt(tokens.billed_tokens_per_request(0, 2300, 250), prices))
