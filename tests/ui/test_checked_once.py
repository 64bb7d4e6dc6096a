"""What one changed answer sets off in the app, counted: it is checked once and advised on once."""

import sys
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import advisor.assumptions
from advisor.report import link
from advisor.scenario import Scenario
from advisor.ui import state
from tests.cases import preset

ROOT = Path(__file__).resolve().parents[2]
MOST_ROOMS = 14


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often answers were checked, their relevance found and advice given."""
    counted: Counter[str] = Counter()
    check = Scenario.from_answers.__func__  # type: ignore[attr-defined]

    def checked(cls: type[Scenario], answers: Mapping[str, object]) -> Scenario:
        counted["checked"] += 1
        found: Scenario = check(cls, answers)
        return found

    def count(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any, **more: Any) -> Any:
            counted[name] += 1
            return function(*args, **more)

        return called

    monkeypatch.setattr(Scenario, "from_answers", classmethod(checked))
    monkeypatch.setattr(
        advisor.assumptions, "relevant_questions", count("relevance", advisor.assumptions.relevant_questions)
    )
    monkeypatch.setattr(state, "advise", count("advised", state.advise))
    return counted


def app_with(case: Scenario) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    app.session_state["language"] = "en"
    app.session_state["scenario"] = case
    return app.run()


def change(app: AppTest, name: str, text: str) -> None:
    next(w for w in app.text_input if w.key == f"w.main.{name}.en").set_value(text).run()
    assert not app.exception
    assert not app.error


def test_a_changed_answer_is_checked_once(calls: Counter[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    app, asked = app_with(preset("extraction")), 1234.5
    calls.clear()
    change(app, "daily_requests", str(asked))
    assert app.session_state["scenario"].daily_requests == asked
    assert calls == {"checked": 1, "relevance": 1, "advised": 1}


def test_a_changed_answer_enters_at_most_fourteen_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rooms of ``advisor/`` of which any function is called between the changed answer and the page that is drawn."""
    monkeypatch.chdir(ROOT)
    app, entered = app_with(preset("extraction")), set()

    def note(frame: FrameType, event: str, _: Any) -> None:
        file = Path(frame.f_code.co_filename)
        if event == "call" and frame.f_code.co_name != "<module>" and file.is_relative_to(ROOT / "advisor"):
            entered.add(file.relative_to(ROOT / "advisor").parts[0])

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        change(app, "daily_requests", "2345.5")  # asked nowhere else: nothing of it is remembered
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    assert {"money", "decision", "ui"} <= entered
    assert len(entered) <= MOST_ROOMS, sorted(entered)


def test_a_page_that_is_drawn_again_checks_nothing(calls: Counter[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    app = app_with(preset("extraction"))
    calls.clear()
    app.run()
    assert calls == {}


def test_a_number_whose_range_goes_along_is_advised_on_once(
    calls: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    case = preset("extraction", daily_requests=2000, ranges={"daily_requests": [1000, 4000]})
    app = app_with(case)
    calls.clear()
    change(app, "daily_requests", "4321")
    assert app.session_state["scenario"].ranges == {"daily_requests": (2160.5, 8642.0)}
    assert calls["advised"] == 1


def test_advice_is_never_another_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    first, second = app_with(preset("extraction")), app_with(preset("extraction"))
    change(first, "daily_requests", "1357.5")
    change(second, "budget", "24680")
    for app in (first, second):
        app.run()
        assert app.session_state["last"][3].scenario == app.session_state["scenario"]
    assert second.session_state["scenario"].daily_requests != first.session_state["scenario"].daily_requests


def test_a_link_is_checked_as_one_case(calls: Counter[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    for name, value in {"lang": "en", "daily_requests": "1470.5", "quality_need": "high", "budget": "13579"}.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    assert app.session_state["scenario"].answers() == {
        "daily_requests": 1470.5,
        "quality_need": "high",
        "budget": 13579.0,
    }
    assert calls == {"checked": 1, "relevance": 1, "advised": 1}


def test_answers_of_a_preset_are_read_only_as_all_sessions_share_them() -> None:
    found = link._preset_answers("extraction", state.catalog())
    with pytest.raises(TypeError):
        found["budget"] = 1.0  # type: ignore[index]
