"""The hours of the week on the page Serving: a chart with words where the case tells them, nothing else where not."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from advisor.scenario import Measurement, Scenario, hours_answer
from advisor.ui.load_shape import without_hours
from tests.cases import preset

ROOT = Path(__file__).resolve().parents[2]
WEEK = hours_answer([*([0] * 8 + [50] * 6 + [90] + [50] * 3 + [5] * 6) * 5, *[2] * 48])


def told(hours: str) -> Scenario:
    record = Measurement(value=hours, file="gateway.csv", rows=140_000)
    return preset("chat", daily_requests=400_000).with_measured({"hours_of_week": record})


def page(monkeypatch: pytest.MonkeyPatch, case: Scenario) -> AppTest:
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["scenario"] = case
    app.session_state["fold.serving.hours"] = True
    app.run()
    app.switch_page("pages/engineering/serving.py").run()
    assert not app.exception
    assert not app.error
    return app


def test_the_page_shows_the_hours_and_lets_them_go(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(monkeypatch, told(WEEK))
    assert "The hours of your week" in [title.value for title in app.subheader]
    assert any("gateway" in caption.value and "140,000" in caption.value for caption in app.caption)
    assert any("Monday 14" in text.value and "unused" in text.value for text in app.markdown)
    app.button(key="w.load_shape.remove").click().run()
    assert "The hours of your week" not in [title.value for title in app.subheader]
    assert app.session_state["scenario"].hours_of_week is None


def test_without_hours_the_page_says_nothing_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(monkeypatch, preset("chat", daily_requests=400_000))
    assert not [b for b in app.button if b.key == "w.load_shape.remove"]
    assert not [c for c in app.caption if "hours of your week" in c.value]


def test_the_record_goes_with_the_hours_and_others_stay() -> None:
    record = Measurement(value=900.0, file="gateway.csv")
    left = without_hours(told(WEEK).with_measured({"input_tokens": record}))
    assert left.hours_of_week is None
    assert set(left.measured or {}) == {"input_tokens"}
