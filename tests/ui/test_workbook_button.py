"""The workbook stands beside the other files of the case, and is written when it is asked for."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.ui import exports
from tests.cases import preset

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("language", languages())
def test_the_workbook_is_offered_and_not_written_before(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    def not_yet(*_: object) -> bytes:
        raise AssertionError("written before anybody asked for it")

    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(exports, "_workbook", not_yet)
    app, t = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120), Translator(language)
    app.session_state["language"], app.session_state["scenario"] = language, preset("extraction")
    app.session_state["fold.more_files"] = True
    app.run()
    app.switch_page("pages/decide/answer.py").run()
    assert not app.exception
    labels = [button.proto.label for button in app.get("download_button")]
    assert labels.index(t("workbook.ui.download")) == labels.index(t("ui.download_slides")) + 1
