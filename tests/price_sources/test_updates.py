"""What each source answers when all is well, as prices in the folder."""

import json
from datetime import date, timedelta

import pytest

from advisor.catalog.hosted_prices import hosted_price
from advisor.catalog.loader import load_catalog
from advisor.decision.advice import advise, preset_scenario
from advisor.evidence.price_basis import card_bases
from tests.price_sources.conftest import ON, StandIn
from tests.price_sources.standin import VERSION, Answer, offers_of, zipped

TERRA = "openai/gpt-6.1-terra"


def test_of_a_list_with_one_other_price_only_that_one_moves(stand_in: StandIn) -> None:
    (answer,) = stand_in.update("genai-prices").answers
    told = {(move.subject, move.old, move.new) for move in answer.moves}
    assert told == {
        (f"{TERRA}, input_price", 1.0, 1.2),
        (f"{TERRA}, batch_input_price", 0.5, 0.6),
        (f"{TERRA}, input_price > 272000", 2.0, 2.4),
        (f"{TERRA}, batch_input_price > 272000", 1.0, 1.2),
    }
    assert hosted_price(TERRA, ON).input_price == 1.2


@pytest.mark.parametrize("sources", [("bundled-ecb",), ("ecb",), ("ecb", "genai-prices")])
def test_a_case_in_dollars_with_another_model_does_not_move(stand_in: StandIn, sources: tuple[str, ...]) -> None:
    bundled = load_catalog(own=[])
    case = preset_scenario("extraction", bundled)
    before = advise(case, bundled, ON).assessment.metrics
    after = advise(case, stand_in.update(*sources).catalog, ON).assessment.metrics
    assert before is not None
    assert after is not None
    assert float(after.npv) == pytest.approx(float(before.npv), abs=1e-6)


@pytest.mark.parametrize(
    ("lost", "subject"), [("price_variants", "batch_input_price"), ("cache_read_mtok", "cached_input_price")]
)
def test_a_price_that_the_list_no_longer_tells_is_told_and_kept(stand_in: StandIn, lost: str, subject: str) -> None:
    sol = "openai/gpt-6.1-sol"
    providers = json.loads(stand_in.answers["/prices.json"].body)
    model = next(each for p in providers if p["id"] == "openai" for each in p["models"] if each["id"] == "gpt-6.1-sol")
    (model if lost in model else model["prices"]).pop(lost)
    stand_in.answers["/prices.json"] = Answer(json.dumps(providers).encode())
    before = hosted_price(sol, ON)
    (answer,) = stand_in.update("genai-prices").answers
    assert f"{sol}, {subject}" in {move.subject for move in answer.moves if move.kept == "no_longer_told"}
    after = hosted_price(sol, ON)
    assert (after.batch_input_price, after.cached_input_price) == (before.batch_input_price, before.cached_input_price)


def without(stand_in: StandIn, model: str, lost: str | None = None) -> None:
    """The list no longer holds a model, or one entry of it."""
    providers = json.loads(stand_in.answers["/prices.json"].body)
    for provider in providers:
        if provider["id"] == model.partition("/")[0]:
            named = [each for each in provider["models"] if each["id"] == model.partition("/")[2]]
            for each in named:
                if lost is None:
                    provider["models"].remove(each)
                else:
                    each.pop(lost)
    stand_in.answers["/prices.json"] = Answer(json.dumps(providers).encode())


@pytest.mark.parametrize("lost", ["price_variants", None])
def test_a_price_that_is_kept_is_the_one_saved_last(stand_in: StandIn, lost: str | None) -> None:
    stand_in.update("genai-prices")
    assert hosted_price(TERRA, ON).input_price == 1.2
    without(stand_in, TERRA, lost)
    for day in (1, 2):
        later = ON + timedelta(days=day)
        (answer,) = stand_in.update("genai-prices", on=later).answers
        assert (f"{TERRA}, ", "no_longer_told") in {
            (move.subject[: len(TERRA) + 2], move.kept) for move in answer.moves
        }
        price = hosted_price(TERRA, later)
        assert (price.input_price, price.batch_input_price, price.checked_on) == (1.2, 0.6, ON)
        assert price.origin.title == f"genai-prices {ON}: {TERRA}"
        assert hosted_price("openai/gpt-6.1-sol", later).checked_on == later


def test_a_price_that_is_told_again_is_no_longer_the_kept_one(stand_in: StandIn) -> None:
    stand_in.update("genai-prices")
    whole = stand_in.answers["/prices.json"]
    without(stand_in, TERRA)
    stand_in.update("genai-prices", on=ON + timedelta(days=1))
    stand_in.answers["/prices.json"] = whole
    later = ON + timedelta(days=2)
    (answer,) = stand_in.update("genai-prices", on=later).answers
    assert answer.moves == ()
    assert hosted_price(TERRA, later).checked_on == later


def test_a_model_that_was_never_saved_stays_as_it_is_bundled(stand_in: StandIn) -> None:
    without(stand_in, TERRA)
    (answer,) = stand_in.update("genai-prices").answers
    assert {(move.subject, move.new, move.kept) for move in answer.moves} == {
        (f"{TERRA}, input_price", None, "no_longer_told"),
        (f"{TERRA}, output_price", None, "no_longer_told"),
    }
    assert hosted_price(TERRA, ON).input_price == 1.0


def test_rates_are_those_of_the_bank_divided_by_its_dollar(stand_in: StandIn) -> None:
    done = stand_in.update("ecb")
    rates = {name: done.catalog.exchange_rate(name, ON) for name in ("EUR", "GBP", "JPY", "CNY")}
    assert {name: float(rate.value) for name, rate in rates.items() if rate is not None} == {
        "EUR": 0.8,
        "GBP": 0.7,
        "JPY": 160.0,
        "CNY": 7.0,
    }
    assert done.answers[0].as_of == date(2026, 11, 27)


def test_of_each_seller_the_cheapest_offer_on_demand_is_taken(stand_in: StandIn) -> None:
    done = stand_in.update("gpuhunt")
    offers = {move.subject: move.new for move in done.answers[0].moves}
    assert offers == {
        "gpuhunt-aws/h100-sxm-80gb": 4.0,
        "gpuhunt-lambdalabs/h100-sxm-80gb": 3.0,
        "gpuhunt-nebius/h100-sxm-80gb": 2.5,
    }
    assert sorted(stand_in.written()) == [
        f"prices/gpu_rental/gpuhunt-{name}.yaml" for name in ("aws", "lambdalabs", "nebius")
    ]
    ids = {point.sku.id: point.value for point in done.catalog.hourly_rentals("h100-sxm-80gb", ON)}
    assert offers.items() <= ids.items()
    assert "Microsoft Azure" in done.answers[0].missing


def test_a_second_update_moves_nothing(stand_in: StandIn) -> None:
    sources = ("genai-prices", "gpuhunt", "ecb")
    stand_in.update(*sources)
    once = stand_in.written()
    assert [answer.moves for answer in stand_in.update(*sources).answers] == [(), (), ()]
    assert stand_in.written() == once


def test_a_later_offer_continues_the_history(stand_in: StandIn) -> None:
    stand_in.update("gpuhunt")
    stand_in.answers["/offers/nebius/version"] = Answer(b"20261128")
    cheaper = offers_of("nebius").replace(b",2.5,", b",2.0,")
    stand_in.answers["/offers/nebius/20261128/catalog.zip"] = Answer(zipped("nebius.csv", cheaper))
    done = stand_in.update("gpuhunt")
    assert [(move.old, move.new) for move in done.answers[0].moves] == [(2.5, 2.0)]
    values = done.catalog.prices["gpuhunt-nebius/h100-sxm-80gb"].list_unit_prices
    assert [(each.effective_from, float(each.value)) for each in values] == [
        (date(2026, 11, 27), 2.5),
        (date(2026, 11, 28), 2.0),
    ]


def test_a_price_that_moved_too_far_is_kept_as_it_was(stand_in: StandIn) -> None:
    stand_in.update("gpuhunt")
    dear = offers_of("nebius").replace(b",2.5,", b",250.0,")
    stand_in.answers[f"/offers/nebius/{VERSION}/catalog.zip"] = Answer(zipped("nebius.csv", dear))
    done = stand_in.update("gpuhunt", on=ON + timedelta(days=1))
    assert [(move.new, move.kept) for move in done.answers[0].moves] == [(250.0, "moved_too_far")]
    point = done.catalog.price("gpuhunt-nebius/h100-sxm-80gb", ON)
    assert point is not None
    assert point.value == 2.5


def test_trying_out_writes_nothing(stand_in: StandIn) -> None:
    done = stand_in.update("genai-prices", "gpuhunt", "ecb", dry_run=True)
    assert not done.written
    assert not stand_in.folder.exists()
    assert done.catalog.exchange_rate("EUR", ON) is not None


def test_three_fresh_sellers_make_a_default_rest_on_three(stand_in: StandIn) -> None:
    """The card had three sellers, checked too long ago: the update brings three of this week."""
    card = "h200-141gb"
    for seller, names in {
        "aws": (b"p5.", b"p5e."),
        "nebius": (b"", b""),
        "oci": (b"gpu_8x_h100_sxm5", b"BM.GPU.H200.8"),
    }.items():
        table = offers_of("lambdalabs" if seller == "oci" else seller).replace(*names)
        table = table.replace(b"H100,80.0", b"H200,141.0").replace(b"h100", b"h200")
        stand_in.answers[f"/offers/{seller}/version"] = Answer(VERSION.encode())
        place = f"/offers/{seller}/{VERSION}/catalog.zip"
        stand_in.answers[place] = Answer(zipped(f"{seller}.csv", table))
    before = load_catalog(own=[]).basis(card, "gpu_rental", ON)
    after = stand_in.update("gpuhunt").catalog
    basis = after.basis(card, "gpu_rental", ON)
    assert (before.enough, basis.enough, basis.sellers) == (False, True, 3)
    assert {offer.last_verified for offer in basis.offers} == {date(2026, 11, 27)}
    (found,) = (each for each in card_bases(after, ON) if (each.gpu, each.book) == (card, "gpu_rental"))
    assert (found.sellers, found.fresh) == (3, 3)
    case = preset_scenario("extraction", after).with_(training_gpu=card)
    told = {
        notice.code
        for notice in advise(case, after, ON).assessment.notices
        if notice.params.get("gpu") == "NVIDIA H200"
    }
    assert "few_offers" not in told
