"""The example folder of docs/price-book.md is read and does what the document says."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from advisor.assumptions import resolve
from advisor.catalog import own_hosted
from advisor.catalog.catalog import Catalog
from advisor.catalog.hosted_prices import hosted_price
from advisor.catalog.loader import load_catalog
from advisor.scenario import Scenario

ROOT = Path(__file__).resolve().parents[2]
ON = date(2026, 11, 29)
TERRA = "openai/gpt-6.1-terra"


@pytest.fixture(scope="module")
def example() -> Iterator[Catalog]:
    yield load_catalog(own=[ROOT / "docs" / "price-book"])
    own_hosted.use_own(own_hosted.NOTHING_OWN)


def test_a_contract_stands_behind_the_default_of_its_card_alone(example: Catalog) -> None:
    basis = example.basis("h100-sxm-80gb", "gpu_rental", ON)
    assert [(offer.value, offer.currency) for offer in basis.offers] == [(1.9, "EUR")]
    row = resolve(Scenario.from_answers({"training_gpu": "h100-sxm-80gb"}), example, ON)["training_gpu_price"]
    assert row.kind == "yours"
    assert row.value == pytest.approx(1.9 / 0.88)


def test_a_contract_of_a_model_comes_before_the_list_until_it_ends(example: Catalog) -> None:
    assert hosted_price(TERRA, ON).output_price == 4.0
    assert hosted_price(TERRA, date(2027, 10, 1)).kind == "published"


def test_card_rate_and_electricity_are_known(example: Catalog) -> None:
    assert example.gpu("acme-accelerator-96gb").memory_gib == 96
    rate, price = example.exchange_rate("EUR", ON), example.price("city-works/frankfurt/commercial", ON)
    assert rate is not None
    assert float(rate.value) == 0.88
    assert price is not None
    assert (price.value, price.unit) == (0.19, "EUR/kWh")
