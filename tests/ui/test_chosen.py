"""Choices on Compare and Portfolio: they stand in the address, a reload brings them back, and Undo takes them back."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from advisor.core.places import APP
from advisor.scenario import QUESTIONS
from advisor.store import cases
from advisor.store.database import open_store
from advisor.store.records import LOCAL_USER, Actor
from advisor.ui import address, chosen
from tests.cases import DAY, catalog, preset
from tests.kept import content
from tests.ui.shown import tables

ME = Actor(LOCAL_USER, datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC))
COMPARE, PORTFOLIO = "pages/decide/compare.py", "pages/money/portfolio.py"
CHOICES = {
    chosen.PRESETS: ("chat", "classification"),
    chosen.KEPT: {"abc": (1, 3)},
    chosen.PRICES: chosen.AS_KEPT,
    chosen.BUDGET: "20.000,50",
    chosen.CURRENCY: "EUR",
    chosen.STATUS: ("draft",),
    chosen.TAGS: ("a,b", "客服"),
    chosen.LEFT_OUT: ("abc/",),
}


def page(name: str, query: dict[str, str] | None = None) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.query_params.update(query or {"lang": "en", "preset": "extraction"})
    app.run()
    app.switch_page(name).run()
    assert not app.exception
    return app


def query(app: AppTest) -> dict[str, str]:
    return {name: value[0] if isinstance(value, list) else value for name, value in app.query_params.items()}


def test_the_address_holds_every_choice_and_no_answer_has_the_name_of_one() -> None:
    written = address.written(preset("extraction"), catalog(), "en", CHOICES)
    arrived = address.read(written, catalog(), lambda _: None)
    assert arrived.chosen == CHOICES
    assert arrived.case == preset("extraction")
    assert not arrived.issues
    assert not set(chosen.READERS) & set(QUESTIONS)


def test_what_is_compared_is_there_after_a_reload() -> None:
    app = page(COMPARE)
    app.button_group(key="w.compare.en").set_value(["classification"]).run()
    before = tables(app)
    assert before
    assert tables(page(COMPARE, query(app))) == before


def test_a_budget_is_there_after_a_reload_and_undo_takes_it_back(database_of_its_own: str) -> None:
    cases.create(open_store(database_of_its_own), ME, "Mail triage", content(preset("extraction"), DAY))
    app = page(PORTFOLIO)
    app.text_input(key="w.portfolio.budget").set_value("20,000").run()
    app.selectbox(key="w.portfolio.currency").set_value("EUR").run()
    again = page(PORTFOLIO, query(app))
    assert again.text_input(key="w.portfolio.budget").value == "20,000"
    assert again.selectbox(key="w.portfolio.currency").value == "EUR"
    app.button(key="w.bar.undo").click().run()
    assert app.selectbox(key="w.portfolio.currency").value == "USD"
    assert app.text_input(key="w.portfolio.budget").value == "20,000"
    app.button(key="w.bar.undo").click().run()
    assert app.text_input(key="w.portfolio.budget").value == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@given(st.sampled_from(sorted(chosen.READERS)), JSON.map(json.dumps) | st.text())
def test_a_damaged_choice_is_none_or_one_that_the_pages_can_show(name: str, said: str) -> None:
    for value in chosen.in_address({name: said}).values():
        assert chosen.in_address({name: json.dumps(value)}) == {name: value}


@pytest.mark.parametrize("name", [COMPARE, PORTFOLIO])
def test_an_address_of_things_that_are_not_there_opens_the_page(name: str, database_of_its_own: str) -> None:
    open_store(database_of_its_own)
    strange = CHOICES | {chosen.PRESETS: ("gone",), chosen.STATUS: ("none",)}
    app = page(name, {"lang": "en"} | {key: json.dumps(value) for key, value in strange.items()})
    assert not app.exception
