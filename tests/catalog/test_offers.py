"""Which offers a price rests on, and which cards a team would buy."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from advisor.catalog.catalog import Catalog
from advisor.catalog.loader import load_catalog
from advisor.catalog.offers import age_years, basis_of, sellers
from advisor.catalog.records import PricePoint

ON = date(2026, 11, 28)
FEWEST, DAYS = 3, 60


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def offer(catalog: Catalog) -> Callable[..., PricePoint]:
    (first, *_) = catalog.hourly_rentals("h100-sxm-80gb", ON)

    def made(seller: str, days: int, company: str | None = None) -> PricePoint:
        said = {"provider": seller, "company": company, "last_verified": ON - timedelta(days=days)}
        return replace(first, sku=first.sku.model_copy(update=said))

    return made


def names(found: tuple[PricePoint, ...]) -> list[str]:
    return [point.sku.provider for point in found]


def test_three_recent_sellers_are_enough_and_the_old_ones_stay_out(offer: Callable[..., PricePoint]) -> None:
    offers = [offer("a", 10), offer("old", 98), offer("b", 60), offer("c", 0)]
    found = basis_of(offers, ON, FEWEST, DAYS)
    assert found.enough
    assert names(found.offers) == ["a", "b", "c"]
    assert found.oldest == ON - timedelta(days=60)


def test_two_names_of_one_company_are_one_seller(offer: Callable[..., PricePoint]) -> None:
    offers = [offer("Community", 10, "RunPod"), offer("Secure", 10, "RunPod"), offer("b", 10)]
    assert sellers(offers) == 2
    assert not basis_of(offers, ON, FEWEST, DAYS).enough


def test_otherwise_the_newest_of_three_sellers_those_of_one_day_together(offer: Callable[..., PricePoint]) -> None:
    offers = [offer("a", 200), offer("b", 98), offer("c", 10), offer("d", 98), offer("e", 300)]
    found = basis_of(offers, ON, FEWEST, DAYS)
    assert not found.enough
    assert names(found.offers) == ["b", "c", "d"]


def test_fewer_than_three_are_all_there_are(offer: Callable[..., PricePoint]) -> None:
    found = basis_of([offer("a", 200), offer("b", 10)], ON, FEWEST, DAYS)
    assert (names(found.offers), found.enough) == (["a", "b"], False)
    assert basis_of([], ON, FEWEST, DAYS).middle is None


def test_the_middle_offer_of_an_h100_is_that_of_the_recent_ones(catalog: Catalog) -> None:
    """Vast.ai 2.40, RunPod 2.69 and 3.99, Amazon 6.88; nine older offers stay out. The lower middle is 2.69."""
    found = catalog.basis("h100-sxm-80gb", "gpu_rental", ON)
    assert found.enough
    assert [round(point.value, 2) for point in found.offers] == [2.4, 2.69, 3.99, 6.88]
    assert found.middle is not None
    assert found.middle.value == 2.69


@pytest.mark.parametrize(
    ("gpu", "bought"),
    [
        ("l40s-48gb", True),
        ("rtx-6000-ada-48gb", True),
        ("l4-24gb", True),
        ("rtx-pro-6000-blackwell-se-96gb", True),
        ("t4-16gb", False),  # of 2018
        ("rtx-a6000-48gb", False),  # of 2020
        ("rtx-5090-32gb", False),  # for desktops
        ("h100-sxm-80gb", False),  # on its own board only
        ("gb200-192gb", False),
    ],
)
def test_a_team_buys_what_is_sold_by_itself_for_servers_and_not_old(catalog: Catalog, gpu: str, bought: bool) -> None:
    assert catalog.bought_by_teams(gpu, ON) == bought


def test_the_age_of_a_card_counts_from_the_middle_of_a_year_without_a_month(catalog: Catalog) -> None:
    assert age_years(catalog.gpu("l40s-48gb"), ON) == 3.25
    assert age_years(catalog.gpu("gh200-96gb"), ON) == pytest.approx(3 + 5 / 12)


def test_every_module_says_so(catalog: Catalog) -> None:
    for gpu in catalog.gpus.values():
        if any(word in gpu.id for word in ("sxm", "gb200", "gh200", "gb300", "mi3", "mi25", "gaudi")):
            assert gpu.module, gpu.id
        if any(word in gpu.id for word in ("pcie", "nvl", "rtx")):
            assert not gpu.module, gpu.id
