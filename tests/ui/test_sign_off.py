"""The record of the gates on the page Answer: each part becomes part of the case, and a closed fold draws nothing."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from advisor.scenario import GateRecord, Scenario
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.cases import preset
from tests.ui.shown import tables

ROOT = Path(__file__).resolve().parents[2]
Open = Callable[..., AppTest]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Open:
    def open_page(case: Scenario, language: str = "en", *, fold: bool = True) -> AppTest:
        monkeypatch.chdir(ROOT)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        app.session_state["language"], app.session_state["scenario"] = language, case
        if fold:
            app.session_state["fold.answer.gates"] = True
        app.run()
        app.switch_page("pages/decide/answer.py").run()
        assert not app.exception
        return app

    return open_page


def record(app: AppTest, gate: str) -> GateRecord:
    records = app.session_state["scenario"].sign_off or {}
    return records.get(gate, GateRecord())


@pytest.mark.parametrize("language", languages())
def test_each_part_becomes_part_of_the_case_and_computes_nothing_anew(opened: Open, language: str) -> None:
    app, t = opened(preset("extraction"), language), Translator(language)
    before = app.session_state["last"][3]
    app.selectbox(f"w.sign_off.data.decision.{language}").set_value("go").run()
    app.date_input(f"w.sign_off.data.due.{language}").set_value(date(2026, 12, 1)).run()
    app.date_input(f"w.sign_off.data.decided_on.{language}").set_value(date(2026, 11, 30)).run()
    app.text_input(f"w.sign_off.data.decided_by.{language}").set_value(" Chen ").run()
    app.text_input(f"w.sign_off.data.released.{language}").set_value("8k").run()
    app.text_input(f"w.sign_off.data.criterion.{language}").set_value("Too few").run()
    app.text_input(f"w.sign_off.data.remark.{language}").set_value("fine").run()
    assert not app.exception
    assert not app.error
    assert record(app, "data") == GateRecord(
        criterion="Too few",
        due=date(2026, 12, 1),
        decision="go",
        decided_on=date(2026, 11, 30),
        decided_by="Chen",
        released=8000,
        remark="fine",
    )
    assert app.session_state["last"][3] is before
    plan, signed = (rows[0] for rows in tables(app)[-2:])
    assert "Too few" in plan
    assert "fine" in signed
    assert any(t("sign_off.decision.go") in cell and "Chen" in cell for cell in signed)
    assert "sign_off" in app.query_params


def test_another_gate_is_chosen_and_an_emptied_record_is_none(opened: Open) -> None:
    app = opened(preset("extraction", sign_off={"data": {"remark": "x"}}))
    app.selectbox("w.sign_off.gate.en").set_value("release").run()
    app.text_input("w.sign_off.release.remark.en").set_value("later").run()
    assert (record(app, "data").remark, record(app, "release").remark) == ("x", "later")
    app.text_input("w.sign_off.release.remark.en").set_value("").run()
    app.selectbox("w.sign_off.gate.en").set_value("data").run()
    app.text_input("w.sign_off.data.remark.en").set_value("").run()
    assert app.session_state["scenario"].sign_off is None


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("text", ["much", "-5", "€20", "20.000"])
def test_money_that_cannot_be_read_is_told_beside_its_field_and_stays_in_it(
    opened: Open, text: str, language: str
) -> None:
    app, t = opened(preset("extraction"), language), Translator(language)
    key = f"w.sign_off.data.released.{language}"
    app.text_input(key).set_value(text).run()
    if text == "20.000" and not app.error:
        pytest.skip("one reading in this language")
    (fault,) = app.error
    assert fault.value.replace("\\", "").startswith(t("sign_off.ui.released", currency="USD"))
    assert app.text_input(key).value == text
    assert app.session_state["scenario"].sign_off is None
    app.text_input(key).set_value("20").run()
    assert not app.error
    assert record(app, "data").released == 20


@pytest.mark.parametrize("language", languages())
def test_a_stop_and_a_gate_that_is_gone_are_told(opened: Open, language: str) -> None:
    records = {"first_100": {"decision": "stop"}, "moon": {"remark": "kept"}}
    app, t = opened(preset("extraction", sign_off=records), language), Translator(language)
    told = "\n".join(warning.value for warning in app.warning).replace("\\", "")
    assert t("sign_off.stopped", number="2", count="4", gate=t("plan.step.first_100")) in told
    assert "moon" in told
    assert any("kept" in row for rows in tables(app) for row in rows)


def test_a_record_too_long_for_the_link_is_told(opened: Open) -> None:
    long = {gate: {"remark": "x" * 300, "criterion": "y" * 300} for gate in ("data", "first_100", "evaluation")}
    app = opened(preset("extraction", sign_off=long))
    assert Translator("en")("sign_off.ui.not_in_link") in [caption.value for caption in app.caption]
    assert "sign_off" not in app.query_params


def test_a_closed_fold_draws_no_more_than_without_a_record(opened: Open) -> None:
    plain = opened(preset("extraction"), fold=False)
    signed = opened(preset("extraction", sign_off={"data": {"decision": "go"}}), fold=False)
    assert len(list(signed.main)) == len(list(plain.main))
    assert not [each for each in signed.selectbox if "sign_off" in str(each.key)]
