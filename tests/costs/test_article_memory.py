"""Article 002's 65 GB beside our estimate of the same run."""

import pytest

from advisor.catalog.loader import load_catalog
from advisor.costs.training import article_memory
from tests.cases import preset

CATALOG = load_catalog()


def test_the_articles_parts_beside_ours():
    found = article_memory(preset("article-002"), CATALOG)
    assert list(found.printed.values()) == [14, 14, 28, 9, None, None]
    assert 14 + 14 + 28 + 9 == found.said.printed_total_gb == 65
    # G100 of tests/golden/train_memory.yaml: weights and gradients 13.477, optimizer 26.954 and its copies 13.477,
    # allocator 15.43, workspace 0.084 and context 0.462 GB at the optimizer step; 62.834 GiB of tensors.
    assert list(found.ours.values()) == pytest.approx([13.477, 13.477, 40.431, 0, 0, 15.976], abs=0.005)
    assert (found.moment, found.tensors) == ("step", pytest.approx(67.467, abs=0.01))


def test_the_estimate_in_32_bits_is_20_bytes_a_parameter_and_more():
    found = article_memory(preset("article-002"), CATALOG)
    assert found.wide_total > 20 * 6.738 > found.total


def test_other_cases_have_no_ledger():
    assert article_memory(preset("article-001"), CATALOG) is None
