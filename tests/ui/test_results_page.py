"""The page Results: an example for each kind, what a table says, and the answers taken into the case."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from advisor.text.languages import languages
from tests.cases import preset
from tests.ui.shown import tables

ROOT = Path(__file__).resolve().parents[2]
SCORES = "score_today,score_tuned,slice\n" + "1,1,a\n" * 328 + "0,1,a\n" * 20 + "1,0,b\n" * 12 + "0,0,b\n" * 40


def page(monkeypatch: pytest.MonkeyPatch, kind: str, language: str = "en") -> AppTest:
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["language"] = language
    app.session_state["scenario"] = preset("extraction")
    app.session_state["results.kind"] = kind
    app.run()
    app.switch_page("pages/evidence/results.py").run()
    assert not app.exception
    return app


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", ["evaluation", "pilot", "actuals"])
def test_every_kind_asks_for_its_table(monkeypatch: pytest.MonkeyPatch, kind: str, language: str) -> None:
    app = page(monkeypatch, kind, language)
    assert len(app.get("file_uploader")) == 1
    assert len(app.get("download_button")) >= 1


def test_an_evaluation_is_told_and_taken_into_the_case(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(monkeypatch, "evaluation")
    app.get("file_uploader")[0].set_value(("scores.csv", SCORES.encode(), "text/csv")).run()
    assert not app.exception
    assert any("The quality gate" in each.value for each in app.main.markdown)
    assert tables(app)[0][0][0] == "All items"
    app.button(key="w.take.results-evaluation").click().run()
    assert app.session_state["scenario"].evaluation_items == 400


def test_a_faulty_table_is_an_error_beside_the_uploader(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(monkeypatch, "actuals")
    app.get("file_uploader")[0].set_value(("months.csv", b"month,requests\nsoon,5\n", "text/csv")).run()
    assert not app.exception
    assert any("line 2" in box.value for box in app.main.error)
