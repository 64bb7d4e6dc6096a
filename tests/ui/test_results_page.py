"""The page Results: an example for each kind, what a table says, and the answers taken into the case."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from advisor.scenario import Scenario
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.cases import preset
from tests.ui.shown import tables

ROOT = Path(__file__).resolve().parents[2]
SCORES = "score_today,score_tuned,slice\n" + "1,1,a\n" * 328 + "0,1,a\n" * 20 + "1,0,b\n" * 12 + "0,0,b\n" * 40


def page(monkeypatch: pytest.MonkeyPatch, kind: str, language: str = "en", case: Scenario | None = None) -> AppTest:
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["language"] = language
    app.session_state["scenario"] = case or preset("extraction")
    if case is None:
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


@pytest.mark.parametrize("language", languages())
def test_a_table_outlasts_a_look_at_another_kind_until_it_is_forgotten(
    monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    app, t = page(monkeypatch, "evaluation", language), Translator(language)
    app.get("file_uploader")[0].set_value(("scores.csv", SCORES.encode(), "text/csv")).run()
    app.text_input(key="w.results.margin").set_value("7%").run()
    shown = tables(app)
    for kind in ("pilot", "evaluation"):
        app.session_state["results.kind"] = kind
        app.run()
        assert (tables(app) == shown) == (kind == "evaluation")
    assert app.text_input(key="w.results.margin").value == "7%"
    assert t("page.results.still", file="scores.csv") in [each.value.replace("\\", "") for each in app.main.caption]
    next(button for button in app.main.button if button.label == t("page.usage.forget")).click().run()
    assert not tables(app)
    assert not app.exception


MONTHS = b"month,requests,hosting_bill\n4,610000,2150\n5,655000,2150\n"


def test_a_table_of_another_kind_is_told_as_such_and_a_payback_that_does_not_come_in_lower_case(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = page(monkeypatch, "pilot")
    app.get("file_uploader")[0].set_value(("months.csv", MONTHS, "text/csv")).run()
    assert ["of result\\: After the launch" in box.value for box in app.main.error] == [True]
    app = page(monkeypatch, "actuals")
    app.get("file_uploader")[0].set_value(("months.csv", MONTHS, "text/csv")).run()
    assert any(each.value.startswith("Money back\\: not within the horizon; ") for each in app.main.markdown)


@pytest.mark.parametrize("language", languages())
def test_months_that_are_taken_over_stay_beside_the_estimate_of_before(
    monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    app, t = page(monkeypatch, "actuals", language), Translator(language)
    app.get("file_uploader")[0].set_value(("months.csv", MONTHS, "text/csv")).run()
    app.button(key="w.take.results-actuals").click().run()
    case = app.session_state["scenario"]
    assert case.daily_requests < 30_000
    assert case.actuals.months[0].planned_requests == pytest.approx(1_910_000, rel=0.01)
    assert t("actuals.kept") in [caption.value for caption in app.caption]
    again = page(monkeypatch, "actuals", language, case)
    assert any("months" in caption.value for caption in again.caption)
    assert any("610,000" in row[1] for rows in tables(again) for row in rows)
    again.button(key="w.actuals.drop").click().run()
    assert again.session_state["scenario"].actuals is None
    assert again.session_state["scenario"].daily_requests == case.daily_requests


@pytest.mark.parametrize("language", languages())
def test_requests_taken_back_by_the_planned_growth_say_so_below_the_figure(
    monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    app, t = page(monkeypatch, "actuals", language), Translator(language)
    app.get("file_uploader")[0].set_value(("months.csv", MONTHS, "text/csv")).run()
    counted, today = (610_000 + 655_000) / 2 * 12 / 365, app.session_state["scenario"].daily_requests
    told = [caption.value for caption in app.caption if t.number(counted, 0) in caption.value]
    assert len(told) == 1
    (row,) = (row for rows in tables(app) for row in rows if row[0] == t("field.daily_requests.label"))
    assert t.number(today, 0) in row[1]
    assert row[2].split()[0] in told[0]


def test_months_are_kept_without_their_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(monkeypatch, "actuals")
    app.get("file_uploader")[0].set_value(("months.csv", MONTHS, "text/csv")).run()
    app.button(key="w.actuals.keep").click().run()
    case = app.session_state["scenario"]
    assert (case.daily_requests, case.actuals.file) == (preset("extraction").daily_requests, "months.csv")
    assert not [each for each in app.button if each.key == "w.actuals.keep"]
