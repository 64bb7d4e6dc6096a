"""Electricity prices of Eurostat: a small answer of made-up prices, in the form that its documentation describes."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from advisor.assumptions import resolve
from advisor.catalog.loader import load_catalog
from advisor.core.notices import InputError
from advisor.decision.advice import advise
from advisor.evidence.prices import build_price_book
from advisor.price_sources.electricity import ASKED, FILE, PUBLISHED_AT, SOLD
from advisor.price_sources.update import SOURCES, PriceUpdate, catalog_before, update_prices
from advisor.scenario import Scenario
from advisor.text.i18n import Translator
from tests.cases import preset
from tests.price_sources.conftest import ON, StandIn
from tests.price_sources.standin import RECORDED, Answer

TABLE: dict[str, Any] = json.loads((RECORDED / "eurostat-nrg_pc_205.json").read_text(encoding="utf-8"))
GERMANY = "eurostat/de/mwh20-499"
Spoil = Callable[[dict[str, Any]], object]


def ask(stand_in: StandIn, change: Spoil = lambda table: None, on: date = ON, **more: bool) -> PriceUpdate:
    table = json.loads(json.dumps(TABLE))
    change(table)
    stand_in.answers["/power.json"] = Answer(json.dumps(table).encode())
    places = {"eurostat": f"{stand_in.address}/power.json"}
    return update_prices(stand_in.folder, ["eurostat"], on, catalog_before(stand_in.folder), places, **more)


def test_the_newest_half_year_of_every_country_is_taken_with_its_period_and_source(stand_in: StandIn) -> None:
    done = ask(stand_in)
    prices = {sku.region: sku for name, sku in done.catalog.prices.items() if name.startswith("eurostat/")}
    newest = {region: float(sku.list_unit_prices[-1].value) for region, sku in prices.items()}
    assert newest == {
        "Belgium": 0.1478,
        "Germany": 0.1824,
        "Spain": 0.1201,
        "European Union - 27 countries (from 2020)": 0.1602,
        "France": 0.1389,
    }
    spain, france = prices["Spain"], prices["France"]
    assert spain.list_unit_prices[0].effective_from == date(2025, 7, 1)
    assert (france.list_unit_prices[0].effective_from, france.note) == (date(2026, 1, 1), "2026-S1 (p)")
    assert "2026-S1" in france.list_unit_prices[0].source.title
    assert (france.unit, france.last_verified) == ("EUR/kWh", date(2026, 10, 27))
    assert {move.subject for move in done.answers[0].moves if move.old is None} == {sku.id for sku in prices.values()}


@pytest.mark.parametrize(
    ("language", "named"),
    [
        ("en", {"Belgium", "Germany", "Spain", "European Union", "France"}),
        ("zh", {"比利时", "德国", "西班牙", "欧盟", "法国"}),
    ],
)
def test_countries_and_what_is_sold_are_told_in_the_language_of_the_page(
    stand_in: StandIn, language: str, named: set[str]
) -> None:
    known, t = ask(stand_in).catalog, Translator(language)
    told = [
        p for p in build_price_book(advise(preset("chat"), known, ON), known, t, ON).book if p.provider == "Eurostat"
    ]
    assert {price.region for price in told} == named
    assert {price.what for price in told} == {t.fact(SOLD)}
    assert language == "en" or t.fact(SOLD) != SOLD


def test_an_update_that_changes_nothing_leaves_the_file_as_it_is(stand_in: StandIn) -> None:
    ask(stand_in)
    before = stand_in.written()
    done = ask(stand_in, on=ON + timedelta(days=1))
    assert (done.answers[0].moves, stand_in.written()) == ((), before)


def test_a_new_half_year_is_appended_and_a_leap_is_kept_as_it_was(stand_in: StandIn) -> None:
    ask(stand_in)

    def later(table: dict[str, Any]) -> None:
        table["updated"] = "2027-04-27T23:00:00+0200"
        time = {"2026-S1": 0, "2026-S2": 1}
        table["dimension"]["time"]["category"] = {"index": time, "label": {name: name for name in time}}
        table["value"] |= {"1": 0.15, "3": 1.9}

    done = ask(stand_in, later, on=date(2027, 5, 1))
    catalog = done.catalog
    belgium = catalog.prices["eurostat/be/mwh20-499"]
    assert [float(dated.value) for dated in belgium.list_unit_prices] == [0.1478, 0.15]
    assert [float(dated.value) for dated in catalog.prices[GERMANY].list_unit_prices] == [0.1824]
    assert {move.subject: move.kept for move in done.answers[0].moves}[GERMANY] == "moved_too_far"


def test_a_country_that_is_no_longer_told_stays(stand_in: StandIn) -> None:
    ask(stand_in)
    done = ask(stand_in, lambda table: [table["value"].pop(at) for at in ("2", "3")], on=ON + timedelta(days=1))
    assert float(done.catalog.prices[GERMANY].list_unit_prices[-1].value) == 0.1824
    assert [(move.subject, move.kept) for move in done.answers[0].moves] == [(GERMANY, "no_longer_told")]


def test_an_older_table_than_the_known_one_changes_nothing(stand_in: StandIn) -> None:
    ask(stand_in)
    before = stand_in.written()
    ask(stand_in, lambda table: table.update(updated="2026-05-01T11:00:00+0200"))
    assert stand_in.written() == before


def category(name: str, code: str) -> Spoil:
    """The table is of another category of one dimension."""
    return lambda table: table["dimension"][name].update(category={"index": {code: 0}, "label": {code: code}})


STRANGE: dict[str, Spoil] = {
    "an error": lambda table: (table.clear(), table.update(error=[{"status": 413, "label": "too large"}])),
    "another version": lambda table: table.update(version="1.0"),
    **{f"another {name}": category(name, "OTHER") for name in ASKED},
    "another product": category("product", "4100"),
    "years": lambda table: table["dimension"]["time"].update(category={"index": {"2025": 0, "2026": 1}}),
    "no country": lambda table: table["id"].__setitem__(6, "partner"),
    "a size that is not that of its categories": lambda table: table["size"].__setitem__(6, 4),
    "an index with a gap": lambda table: table["dimension"]["geo"]["category"]["index"].update(FR=9),
    "a cell outside": lambda table: table["value"].update({"10": 0.2}),
    "a list that is too short": lambda table: table.update(value=[0.1, 0.2]),
    "a price in words": lambda table: table["value"].update({"3": "0.18"}),
    "a price of zero": lambda table: table["value"].update({"3": 0}),
    "a price below zero": lambda table: table["value"].update({"3": -0.1}),
    "a price per megawatt-hour": lambda table: table["value"].update({"3": 182.4}),
    "no price": lambda table: table.update(value={}),
    "no day": lambda table: table.pop("updated"),
    "a day to come": lambda table: table.update(updated="2027-01-01"),
}


REFUSALS = {
    "source_cells_differ",
    "source_from_future",
    "source_lacks",
    "source_not_json",
    "source_price_impossible",
    "source_value_unreadable",
}


@pytest.mark.parametrize("name", STRANGE)
def test_what_is_not_the_table_is_refused_and_nothing_written(name: str, stand_in: StandIn) -> None:
    with pytest.raises(InputError) as refused:
        ask(stand_in, STRANGE[name])
    (issue,) = refused.value.issues
    assert issue.code in REFUSALS
    assert not stand_in.written()


def test_what_the_user_pays_is_theirs_whatever_is_updated(stand_in: StandIn) -> None:
    case, bundled = (
        Scenario.from_answers({"electricity_price": 0.31, "currency": "EUR", "serving_route": "own_card"}),
        load_catalog(own=[]),
    )
    catalog = ask(stand_in).catalog
    before, after = (resolve(case, each, ON)["electricity_price"] for each in (bundled, catalog))
    assert (after.value, after.set_by) == (before.value, before.set_by) == (0.31, "user")


def test_it_is_asked_only_where_it_is_named_and_for_what_is_read(stand_in: StandIn) -> None:
    assert SOURCES["eurostat"].published_at() == PUBLISHED_AT
    assert all(f"{name}={code}" in PUBLISHED_AT for name, code in ASKED.items())
    stand_in.update("ecb")
    assert FILE not in stand_in.written()
