"""A price of electricity taken from the price book on the page Prices; one that was entered is never replaced."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.test_prices_page import page

WORLD, GERMANY = "global-petrol-prices/world/business", "secondary/germany/industrial"


def opened(monkeypatch: pytest.MonkeyPatch, **changes: object) -> AppTest:
    app = page(monkeypatch, "extraction", serving_route="own_card", **changes)
    app.session_state["fold.electricity"] = True
    return app.run()


def take(app: AppTest, name: str) -> AppTest:
    app.selectbox(key="prices.electricity.which").set_value(name).run()
    app.button(key="prices.electricity.take").click().run()
    assert not app.exception
    return app


def test_a_price_is_taken_in_the_currency_of_the_case_and_told_with_its_source(monkeypatch: pytest.MonkeyPatch) -> None:
    app = take(opened(monkeypatch, currency="EUR"), GERMANY)
    assert app.session_state["scenario"].electricity_price == 0.233
    assert any("2024" in each.value and "0\\.233" in each.value for each in app.main.success)
    dollars = take(opened(monkeypatch), GERMANY).session_state["scenario"].electricity_price
    assert dollars == pytest.approx(0.233 * 1.16, rel=0.1)


def test_another_one_may_be_taken_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    app = take(take(opened(monkeypatch), GERMANY), WORLD)
    assert app.session_state["scenario"].electricity_price == 0.161


def test_a_price_that_was_entered_stays_and_none_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch, electricity_price=0.31)
    assert not [box for box in app.selectbox if box.key == "prices.electricity.which"]
    assert any("electricity price of your own" in each.value for each in app.main.caption)
    assert app.session_state["scenario"].electricity_price == 0.31


def test_prices_of_articles_are_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    options = opened(monkeypatch).selectbox(key="prices.electricity.which").options
    assert options
    assert not any("Articles" in option for option in options)


def test_a_case_that_pays_for_no_electricity_is_offered_none(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(monkeypatch, "extraction", serving_route="hosted")
    app.session_state["fold.electricity"] = True
    assert not [box for box in app.run().selectbox if box.key == "prices.electricity.which"]


@pytest.mark.parametrize("told", [None, 0.31])
def test_an_average_that_stands_for_an_answer_is_told_where_it_counts(
    monkeypatch: pytest.MonkeyPatch, told: float | None
) -> None:
    changes = {} if told is None else {"electricity_price": told}
    app = opened(monkeypatch, training_gpu="rtx-4090-24gb", **changes)
    app.switch_page("pages/engineering/rent_or_buy.py").run()
    assert not app.exception
    said = [each.value for each in app.main.caption if "electricity price" in each.value]
    assert bool(said) is (told is None)
    assert all("world average" in each for each in said)
