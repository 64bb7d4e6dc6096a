"""Prices updated on the page: shown before they are written; a source that fails changes nothing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from advisor.catalog.hosted_prices import hosted_price
from advisor.catalog.own_hosted import NOTHING_OWN, use_own
from advisor.price_sources import update
from advisor.ui import loaded, state
from tests.price_sources.conftest import ON, StandIn, stand_in
from tests.price_sources.standin import Answer
from tests.ui.shown import tables
from tests.ui.signed_in import ADA, ANSWERS, NOBODY, has, start
from tests.ui.test_prices_page import page

__all__ = ["stand_in"]
TERRA = "openai/gpt-6.1-terra"
Open = Callable[..., AppTest]


@pytest.fixture
def open_page(stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """The page Prices of an app with a folder, whose sources stand on this machine."""

    def at(name: str) -> Callable[[], str]:
        return lambda: stand_in.places.get(name, "")

    entries = {name: replace(entry, published_at=at(name)) for name, entry in update.SOURCES.items()}
    monkeypatch.setattr(update, "SOURCES", entries)
    monkeypatch.setattr(state, "today", lambda: ON)
    stand_in.folder.mkdir()
    monkeypatch.setenv("ADVISOR_DATA", str(stand_in.folder))
    loaded.forget_data()

    def opened(**changes: object) -> AppTest:
        return page(monkeypatch, "extraction", current_model=TERRA, **changes)

    yield opened
    loaded.forget_data()
    use_own(NOTHING_OWN)


def ask(app: AppTest) -> AppTest:
    app.button(key="prices.ask").click().run()
    assert not app.exception
    return app


def test_what_moves_is_shown_before_it_is_written_and_used(open_page: Open, stand_in: StandIn) -> None:
    app = open_page()
    ask(app)
    assert any(f"{TERRA}, input_price" in row[0] for table in tables(app) for row in table)
    said = " ".join(each.value for each in app.main.markdown)
    assert "genai\\-prices" in said
    assert "Net present value of the case" in said
    assert stand_in.written() == {}
    assert hosted_price(TERRA, ON).input_price == 1.0
    app.button(key="prices.keep").click().run()
    assert not app.exception
    assert "prices/hosted.json" in stand_in.written()
    assert hosted_price(TERRA, ON).input_price == 1.2
    assert any("Written into" in each.value for each in app.main.success)
    assert loaded.catalog().version == app.session_state["last"][2]


def test_where_people_sign_in_only_who_has_may_ask(open_page: Open, stand_in: StandIn) -> None:
    for who, may in ((ADA, True), (NOBODY, False)):
        app = start(who, **ANSWERS)
        app.switch_page("pages/evidence/prices.py").run(timeout=120)
        assert not app.exception
        assert has(app, "prices.ask") is may
    assert stand_in.written() == {}


def test_left_as_they_are_nothing_is_written(open_page: Open, stand_in: StandIn) -> None:
    app = ask(open_page())
    app.button(key="prices.leave").click().run()
    assert not app.exception
    assert stand_in.written() == {}
    assert not [each for each in app.button if each.key == "prices.keep"]


def test_each_source_that_fails_is_one_sentence_and_nothing_changes(open_page: Open, stand_in: StandIn) -> None:
    stand_in.answers["/prices.json"] = Answer(b"", 503)
    stand_in.answers["/rates.xml"] = Answer(b"<html>Sign in</html>")
    app = ask(open_page())
    told = [each.value.replace("\\", "") for each in app.main.error]
    assert [each.partition(":")[0] for each in told] == ["genai-prices", "ecb"]
    assert all("Nothing was changed" in each for each in told)
    assert not [each for each in app.button if each.key == "prices.keep"]
    assert stand_in.written() == {}
    assert hosted_price(TERRA, ON).input_price == 1.0


def test_a_folder_that_changed_in_the_meantime_is_left_alone(open_page: Open, stand_in: StandIn) -> None:
    app = ask(open_page())
    stand_in.update("ecb")
    before = stand_in.written()
    app.button(key="prices.keep").click().run()
    (told,) = app.main.error
    assert "has changed since" in told.value
    assert stand_in.written() == before


@pytest.mark.parametrize("language", ["en", "zh"])
def test_without_a_folder_one_sentence_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.delenv("ADVISOR_DATA", raising=False)
    app = page(monkeypatch, "extraction")
    app.session_state["language"] = language
    app.run()
    assert any("ADVISOR" in each.value and "docs/price" in each.value.replace("\\", "") for each in app.main.caption)
    assert not [each for each in app.button if each.key == "prices.ask"]


def test_the_time_of_a_source_is_bounded(stand_in: StandIn, tmp_path: Path) -> None:
    from advisor.core.notices import InputError

    with pytest.raises(InputError) as caught:
        update.propose_prices(tmp_path / "ours", ["ecb"], ON, lambda name: None, 0.0)
    assert [issue.code for issue in caught.value.issues] == ["source_unreachable"]


def test_a_folder_that_was_spoilt_meanwhile_is_told_fault_by_fault(open_page: Open, stand_in: StandIn) -> None:
    app = open_page()
    (stand_in.folder / "hardware").mkdir()
    (stand_in.folder / "hardware" / "gpus.yaml").write_text("gpus:\n  - {id: ours, name: 96}\n", encoding="utf-8")
    ask(app)
    (told,) = [box.value for box in app.main.error]
    assert "faults in your own folders of data" in told
    assert "line 2" in told
    assert stand_in.written().keys() == {"hardware/gpus.yaml"}
