"""The price in force, the middle offer, and the version of the data."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from advisor.catalog.loader import load_catalog
from advisor.core.notices import UnknownId

Writer = Callable[..., Path]
SKU = "cloud/card-80gb"
RENTAL = "prices/gpu_rental/cloud.yaml"


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (date(2025, 12, 31), None),
        (date(2026, 1, 1), 2.49),
        (date(2026, 1, 14), 2.49),
        (date(2026, 1, 15), 1.99),
        (date(2030, 1, 1), 1.99),
    ],
)
def test_a_price_holds_from_its_day_until_the_next_begins(data_tree: Writer, day: date, value: float | None) -> None:
    point = load_catalog(data_tree()).price(SKU, day)
    assert (point.value if point else None) == value


def test_a_price_says_where_it_comes_from(data_tree: Writer) -> None:
    point = load_catalog(data_tree()).price(SKU, date(2026, 1, 20))
    assert point is not None
    assert (point.unit, point.currency, point.kind) == ("USD/GPU/h", "USD", "published")
    assert (point.effective_from, point.last_verified) == (date(2026, 1, 15), date(2026, 2, 1))
    assert (point.sku.provider, point.sku.provider_class, point.sku.book) == ("Cloud", "specialist", "gpu_rental")


def offer(
    text: str, name: str, value: str, unit: str = "USD/GPU/h", category: str = "standard", provider: str = "specialist"
) -> str:
    return (
        text.replace("cloud/", f"{name}/")
        .replace("1.99", value)
        .replace("USD/GPU/h", unit)
        .replace("_category: standard", f"_category: {category}")
        .replace("specialist", provider)
    )


def test_the_middle_offer_counts_standard_market_prices_in_one_currency(
    data_tree: Writer, minimal: dict[str, str]
) -> None:
    text = minimal[RENTAL]
    rates = minimal["prices/exchange_rates.yaml"]
    yuan = (
        rates.split("rates:\n")[1]
        .replace("currency: USD", "currency: CNY")
        .replace("USD/USD", "CNY/USD")
        .replace("value: 1", "value: 7")
    )
    root = data_tree(
        {
            "prices/exchange_rates.yaml": rates + yuan,
            "prices/gpu_rental/a.yaml": offer(text, "a", "3.5"),
            "prices/gpu_rental/b.yaml": offer(text, "b", "14", unit="CNY/GPU/h"),  # 2 USD, the middle
            "prices/gpu_rental/spot.yaml": offer(text, "spot", "0.5", category="dynamic"),
            "prices/gpu_rental/article.yaml": offer(text, "article", "0.1", provider="article"),
            "prices/gpu_rental/month.yaml": offer(text, "month", "100", unit="USD/GPU/month"),
        }
    )
    catalog = load_catalog(root)
    middle, offers = catalog.median_rental("card-80gb", date(2026, 2, 1))
    assert middle is not None
    assert (middle.sku.id, offers) == ("b/card-80gb", 3)
    only, count = catalog.median_rental("card-80gb", date(2026, 2, 1), provider_class="article")
    assert only is not None
    assert (only.sku.id, count) == ("article/card-80gb", 1)


def test_of_two_offers_the_lower_is_the_middle(data_tree: Writer, minimal: dict[str, str]) -> None:
    root = data_tree({"prices/gpu_rental/a.yaml": offer(minimal[RENTAL], "a", "3.5")})
    middle, offers = load_catalog(root).median_rental("card-80gb", date(2026, 2, 1))
    assert middle is not None
    assert (middle.value, offers) == (1.99, 2)


def test_no_offer_is_none_and_not_a_number(data_tree: Writer) -> None:
    assert load_catalog(data_tree()).median_rental("card-80gb", date(2020, 1, 1)) == (None, 0)


def test_an_unknown_id_names_its_neighbours(data_tree: Writer) -> None:
    catalog = load_catalog(data_tree())
    with pytest.raises(UnknownId) as caught:
        catalog.gpu("card-80")
    assert caught.value.near == ("card-80gb",)
    for ask in (
        lambda: catalog.price("nobody/x", date(2026, 1, 1)),
        lambda: catalog.prices_for("x", "gpu_rental", date(2026, 1, 1)),
    ):
        with pytest.raises(UnknownId):
            ask()


def test_the_version_follows_the_content_and_nothing_else(data_tree: Writer, minimal: dict[str, str]) -> None:
    first = load_catalog(data_tree()).version
    assert len(first) == 12
    assert load_catalog(data_tree({RENTAL: minimal[RENTAL].replace("\n", "\r\n")})).version == first
    assert load_catalog(data_tree({RENTAL: minimal[RENTAL].replace("1.99", "2.00")})).version != first
    hosted = data_tree({RENTAL: minimal[RENTAL], "prices/hosted.yaml": "package: x\n"})
    assert load_catalog(hosted).version != first


def test_numbers_and_words_are_read_as_they_are_written(data_tree: Writer, minimal: dict[str, str]) -> None:
    text = minimal["presets/example.yaml"].replace(
        "{requests_per_day: 1000}", "{a: no, b: 12:30, c: 8e9, d: 010, e: 2026-01-01, f: null, g: 1}"
    )
    answers = load_catalog(data_tree({"presets/example.yaml": text})).presets["example"].answers
    assert answers == {"a": "no", "b": "12:30", "c": 8e9, "d": "010", "e": date(2026, 1, 1), "f": None, "g": 1}
