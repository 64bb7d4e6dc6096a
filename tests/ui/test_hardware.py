"""What a person does on the page of owning and renting."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from advisor.scenario import Scenario
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.cases import preset
from tests.ui.shown import cells

ROOT = Path(__file__).resolve().parents[2]
HOURS = "w.main.card_hours_per_year.en"


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    app.session_state["language"] = "en"
    app.session_state["scenario"] = preset("extraction")
    app.run()
    return app.switch_page("pages/engineering/rent_or_buy.py").run()


def test_more_hours_of_use_turn_the_answer_round(page: AppTest) -> None:
    assert page.text_input(HOURS).value == "1,200"
    assert "renting by the hour is cheapest" in page.main.subheader[0].value
    page.text_input(HOURS).set_value("8500").run()
    assert not page.exception
    assert "renting by the month is cheapest" in page.main.subheader[0].value
    assert page.session_state["scenario"].card_hours_per_year == 8500


def test_a_cheaper_machine_that_may_be_taken_away_is_told_beside_the_cheapest(page: AppTest) -> None:
    def told() -> bool:
        return any("An interruptible machine would cost" in text.value for text in page.main.markdown)

    assert told()
    page.text_input(HOURS).set_value("8760").run()
    assert told() == ("owning" not in page.main.subheader[0].value)


def test_looking_at_another_card_changes_nothing_in_the_case(page: AppTest) -> None:
    before: Scenario = page.session_state["scenario"]
    page.selectbox[0].set_value("h200-141gb").run()
    assert not page.exception
    assert any("No price to buy this GPU is known" in text.value for text in page.markdown)
    assert page.session_state["scenario"] == before


@pytest.mark.parametrize("name", ["article-000", "article-003", "copywriting", "extraction"])
@pytest.mark.parametrize("day", ["2025-06-01", "2026-03-01"])
def test_a_day_with_few_prices_is_told_in_words(page: AppTest, name: str, day: str) -> None:
    page.session_state["scenario"] = preset(name, as_of=day)
    page.run()
    assert not page.exception
    assert [error.value for error in page.error] == []
    assert page.main.subheader or page.main.info


@pytest.mark.parametrize("language", languages())
def test_the_articles_run_stands_in_its_own_case_only(page: AppTest, language: str) -> None:
    words = Translator(language)("article.run.title")
    page.session_state["language"] = language
    assert words not in [heading.value for heading in page.run().subheader]
    page.session_state["scenario"] = preset("article-000")
    page.run()
    assert not page.exception
    assert words in [heading.value for heading in page.subheader]
    assert {"582", "722", "702", "405"} <= cells(page)


def test_another_card_on_the_page_leaves_the_articles_run_alone(page: AppTest) -> None:
    page.session_state["scenario"] = preset("article-000")
    page.run()
    page.selectbox[0].set_value("h200-141gb").run()
    assert {"Start the container", "CN\u00a50.493", "CN\u00a50.969"} <= cells(page)


def test_the_training_of_the_case_takes_the_time_that_the_page_training_tells(page: AppTest) -> None:
    page.session_state["scenario"] = preset("article-000")
    page.run()
    said = [text.value.replace("\\", "") for text in (*page.markdown, *page.caption)]
    assert any("take 9.7 minutes" in words for words in said)
    assert any("12 minutes of engineering" in words for words in said)
    assert "0.12×" in cells(page)
