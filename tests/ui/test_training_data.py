"""The page Training data: what was found stands on it in both languages, and its answers go into the case."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from advisor.datasets.records import DatasetReport
from advisor.text.i18n import Translator
from advisor.ui import training_data
from tests.cases import preset
from tests.datasets.made import chat, lines, measured

ROOT = Path(__file__).resolve().parents[2]
RECORDS = [chat(f"What is {k} plus {k}?", f"The sum is {2 * k}.") for k in range(20)]


@pytest.fixture
def found() -> DatasetReport:
    content = lines([*RECORDS, RECORDS[0], {"messages": []}, chat("Mail?", "jane@example.org")])
    return measured(content, "train.jsonl", evaluation=lines(RECORDS[:2]))


def page(monkeypatch: pytest.MonkeyPatch, language: str, found: DatasetReport | None) -> AppTest:
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["language"] = language
    app.session_state["scenario"] = preset("extraction")
    if found is not None:
        app.session_state[training_data.REPORT] = found
    app.run()
    app.switch_page("pages/evidence/training_data.py").run()
    assert not app.exception
    return app


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_was_found_is_told(monkeypatch: pytest.MonkeyPatch, language: str, found: DatasetReport) -> None:
    app, t = page(monkeypatch, language, found), Translator(language)
    titles = [each.value for each in app.subheader]
    for name in ("faults", "personal", "costs"):
        assert t(f"dataset.title.{name}") in titles
    shown = "\n".join(str(each.proto.body) for each in app.get("html"))
    assert t("dataset.fault.no_messages") in shown
    assert "jane" not in shown
    assert not re.search(r"\b0\.\d{3}", shown)  # nobody is billed a tenth of a cent, or saves half a second of a run


def test_the_answers_go_into_the_case(monkeypatch: pytest.MonkeyPatch, found: DatasetReport) -> None:
    app = page(monkeypatch, "en", found)
    app.button(key="w.take.training_data").click().run()
    assert not app.exception
    case = app.session_state["scenario"]
    assert case.training_examples == 22
    assert case.record_of("training_examples").file == "train.jsonl"


def test_without_a_set_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(monkeypatch, "en", None)
    assert [each.value for each in app.info] == [Translator("en")("page.training_data.waiting")]
