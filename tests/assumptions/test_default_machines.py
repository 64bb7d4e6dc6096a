"""Machines and prices where nobody names them: what a team would take, and how much is known of its price."""

from datetime import date

import pytest

from advisor.assumptions import resolve
from advisor.catalog.loader import load_catalog
from advisor.core.notices import Notice
from advisor.core.records import Assumptions
from advisor.scenario import Scenario
from advisor.text.i18n import Translator
from advisor.text.phrases import notice_text

CATALOG = load_catalog()
ON = date(2026, 11, 28)
CASE = {"daily_requests": 20_000, "quality_need": "normal", "budget": 20_000, "current_model": "openai/gpt-6-luna"}


def case(**answers: object) -> Assumptions:
    return resolve(Scenario.from_answers({**CASE, **answers}), CATALOG, ON)


def few(a: Assumptions) -> dict[str, Notice]:
    return {str(n.params["field"]): n for n in a.notices if n.code == "few_offers"}


@pytest.mark.parametrize("volume", [50, 5_000, 100_000, 1_000_000])
@pytest.mark.parametrize("size", ["1b", "7b", "13b", "34b", "70b"])
def test_a_card_that_nobody_named_is_offered_by_three_sellers(volume: float, size: str) -> None:
    a = case(daily_requests=volume, model_size=size)
    for name in ("serving_gpu", "training_gpu"):
        assert CATALOG.basis(a.choice(name), "gpu_rental", ON).sellers >= CATALOG.rules.fewest_offers


def test_a_price_of_few_or_old_offers_has_a_wider_range_and_is_told() -> None:
    """An H100 has four recent offers of three sellers, an L4 three sellers' of August, an A6000 two."""
    firm, old, thin = (case(serving_gpu=gpu) for gpu in ("h100-sxm-80gb", "l4-24gb", "rtx-a6000-48gb"))
    spread = {}
    for name, a in (("firm", firm), ("old", old), ("thin", thin)):
        row = a["serving_gpu_price"]
        assert row.low is not None
        assert row.high is not None
        assert isinstance(row.value, float)
        spread[name] = (row.low / row.value, row.high / row.value)
    assert spread["firm"] == pytest.approx((0.6, 1.6))
    assert spread["old"] == spread["thin"] == pytest.approx((0.48, 2.0))
    assert "serving_gpu_price" not in few(firm)
    assert few(old)["serving_gpu_price"].params["sellers"] == 3
    assert few(old)["serving_gpu_price"].params["days"] == 98
    assert few(thin)["serving_gpu_price"].params["sellers"] == 2


@pytest.mark.parametrize(("language", "said"), [("en", "98 days old"), ("zh", "最早距今 98 天")])
def test_the_notice_says_how_old_and_where_to_add_newer_ones(language: str, said: str) -> None:
    told = notice_text(Translator(language), few(case(serving_gpu="l4-24gb"))["serving_gpu_price"], "USD")
    assert said in told
    assert Translator(language)("page.prices.nav") in told


def test_a_price_of_ones_own_is_no_matter_of_offers() -> None:
    assert "serving_gpu_price" not in few(case(serving_gpu="l4-24gb", serving_gpu_price=0.6))


@pytest.mark.parametrize("answers", [{"serving_route": "own_card"}, {"training_source": "own_card"}])
def test_a_suggested_card_of_ones_own_is_one_that_teams_buy(answers: dict[str, str]) -> None:
    a = case(**answers)
    name = "serving_gpu" if "serving_route" in answers else "training_gpu"
    assert CATALOG.bought_by_teams(a.choice(name), ON)


def test_a_named_card_is_taken_whatever_teams_buy() -> None:
    a = case(serving_route="own_card", serving_gpu="rtx-4090-24gb", model_size="3b")
    assert a.choice("serving_gpu") == "rtx-4090-24gb"
    assert "serving_card_price" in few(a)
