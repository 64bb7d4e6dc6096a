"""What the page Prices says of the prices of a case, and what it leaves to other pages."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.cases import preset
from tests.ui.shown import tables

ROOT = Path(__file__).resolve().parents[2]


def page(monkeypatch: pytest.MonkeyPatch, name: str, language: str = "en", **changes: object) -> AppTest:
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    app.session_state["language"] = language
    app.session_state["scenario"] = preset(name, **changes)
    app.run()
    app.switch_page("pages/evidence/prices.py").run()
    assert not app.exception
    return app


def test_a_warning_that_is_not_about_a_price_stands_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    said = [box.value for box in page(monkeypatch, "article-000").main.warning]
    assert said
    assert not any("nothing can be saved" in words for words in said)


def test_the_listed_price_is_told_only_where_another_is_paid(monkeypatch: pytest.MonkeyPatch) -> None:
    euros = tables(page(monkeypatch, "extraction", currency="EUR"))[0]
    assert any("€" in row[1] and "$" in row[2] for row in euros)
    dollars = tables(page(monkeypatch, "extraction"))[0]
    assert not any(row[1] == row[2] for row in dollars)


def test_hosted_models_are_told_in_the_currency_of_the_case_beside_their_list_prices(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def told(**changes: str) -> tuple[list[str], list[str]]:
        app = page(monkeypatch, "extraction", **changes)
        app.session_state["fold.models"] = True
        frame = next(each.value for each in app.run().dataframe if "Batch input" in each.value.columns)
        return list(frame.columns), [str(cell) for cell in frame.iloc[0]]

    heads, euros = told(currency="EUR")
    assert heads[2:12:5] == ["Input", "Input, as listed"]
    assert euros[2].startswith("€")
    assert euros[7].startswith("$")
    heads, dollars = told()
    assert "Input, as listed" not in heads
    assert dollars[2] == euros[7]


def test_offers_are_told_in_the_currency_of_the_case(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(monkeypatch, "extraction", currency="EUR")
    app.session_state["fold.basis"] = True
    rows = [row for table in tables(app.run()) for row in table if row[0] == "NVIDIA T4"]
    assert all("€" in row[5] for row in rows)


@pytest.mark.parametrize(("language", "region"), [("en", "US New England"), ("zh", "美国新英格兰地区")])
def test_regions_are_told_in_the_language_of_the_page(
    monkeypatch: pytest.MonkeyPatch, language: str, region: str
) -> None:
    app = page(monkeypatch, "extraction", language=language)
    app.session_state["fold.electricity"] = True
    assert any(region in row for table in tables(app.run()) for row in table)


def test_the_sellers_behind_every_default_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(monkeypatch, "extraction")
    assert any("default rents rest on 3 or more independent sellers" in each.value for each in app.main.caption)
    app.session_state["fold.basis"] = True
    rows = [row for table in tables(app.run()) for row in table if row[0] == "NVIDIA T4"]
    assert any("fewer than 3 sellers" in row[4] for row in rows)
