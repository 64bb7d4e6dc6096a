"""The page Compare: nothing chosen, an example beside the case, a saved case, too many, a faulty file."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from advisor.scenario import dump_scenario
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.ui.chosen import PRESETS
from tests.cases import preset

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Any:
    def open_page(language: str = "en", *chosen: str) -> AppTest:
        monkeypatch.chdir(ROOT)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        app.session_state["language"], app.session_state["scenario"] = language, preset("extraction")
        app.session_state[PRESETS] = chosen
        app.run()
        app.switch_page("pages/decide/compare.py").run()
        assert not app.exception
        return app

    return open_page


def drawn(app: AppTest) -> str:
    return " ".join(html.proto.body for html in app.get("html"))


@pytest.mark.parametrize("language", languages())
def test_with_nothing_chosen_the_page_says_what_to_choose(opened: Any, language: str) -> None:
    app = opened(language)
    assert [info.value for info in app.info] == [Translator(language)("page.compare.choose")]


@pytest.mark.parametrize("language", languages())
def test_an_example_stands_beside_the_case(opened: Any, language: str) -> None:
    app, t = opened(language, "classification"), Translator(language)
    text = drawn(app)
    assert t("compare.column.difference") in text
    assert t.fact(preset_title("classification")) in text
    assert not app.warning


def test_more_than_two_others_are_told(opened: Any) -> None:
    app = opened("en", "chat", "classification", "article-001")
    assert len(app.warning) == 1


def test_a_saved_case_is_read_and_a_faulty_file_told(opened: Any) -> None:
    app = opened()
    saved = dump_scenario(preset("extraction").with_(title="Next year", ops_hours=30)).encode()
    app.get("file_uploader")[0].set_value([("next.yaml", saved, "application/yaml")]).run()
    assert not app.exception
    assert "Next year" in drawn(app)
    app.get("file_uploader")[0].set_value([("bad.yaml", b"daily_requests: [", "application/yaml")]).run()
    assert not app.exception
    assert app.error


def preset_title(name: str) -> str:
    from tests.cases import catalog

    return catalog().presets[name].title
