"""Numbers as people type them into a field."""

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from advisor.assumptions import resolve
from advisor.catalog.hosted_book import PriceList
from advisor.catalog.own_hosted import OwnHosted
from advisor.core.notices import InputError
from advisor.scenario import QUESTIONS, Scenario
from advisor.text.i18n import Translator
from advisor.ui import changes, state
from advisor.ui.fields import AS_DEFAULT, parsed_number
from tests.cases import catalog

ROOT = Path(__file__).resolve().parents[2]

EN = Translator("en")


@pytest.mark.parametrize(
    ("text", "name", "number"),
    [
        ("20 %", "volume_growth", 0.2),
        ("20", "volume_growth", 0.2),
        ("\uff12\uff10\uff05", "batch_share", 0.2),
        ("20k", "daily_requests", 20_000),
        ("1.8", "power_overhead", 1.8),
        ("", "budget", None),
    ],
)
def test_a_number_is_read_in_the_unit_of_its_question(text: str, name: str, number: float | None) -> None:
    assert parsed_number(text, QUESTIONS[name], EN) == number


@pytest.mark.parametrize("name", ["daily_requests", "budget", "power_overhead", "horizon_months"])
def test_percent_of_what_is_no_share_is_refused(name: str) -> None:
    with pytest.raises(InputError) as caught:
        parsed_number("15 %", QUESTIONS[name], EN)
    assert [(issue.field, issue.code) for issue in caught.value.issues] == [(name, "not_a_number")]


def typed(text: str, name: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    app.query_params.update({"lang": "en", "daily_requests": "5000", "quality_need": "high", "budget": "40000"})
    app.run()
    next(field for field in app.text_input if field.key == f"w.main.{name}.en").set_value(text).run()
    assert not app.exception
    return app


def test_a_field_asks_which_of_two_readings_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    app = typed("20.000", "daily_requests")
    assert any("20 or 20000" in error.value.replace("\\", "") for error in app.error)
    assert app.session_state["scenario"].daily_requests == 5000
    next(field for field in app.text_input if field.key == "w.main.daily_requests.en").set_value("2\u4e07").run()
    assert not app.error
    assert app.session_state["scenario"].daily_requests == 20_000


@pytest.mark.parametrize(
    ("text", "name", "number"),
    [
        ("3.5\u4e07\u6b21/\u5929", "daily_requests", 35_000),
        ("1,50,000", "daily_requests", 150_000),
        ("~US $30k", "budget", 30_000),
    ],
)
def test_a_field_takes_what_a_file_takes(monkeypatch: pytest.MonkeyPatch, text: str, name: str, number: float) -> None:
    monkeypatch.chdir(ROOT)
    app = typed(text, name)
    assert not app.error
    assert getattr(app.session_state["scenario"], name) == number


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        ("600k/month", "daily_requests", "requests a day"),
        ("20-30k", "daily_requests", "range"),
        ("$40k/year", "budget", "USD"),
        ("4,0000", "budget", "4 or 40000"),
    ],
)
def test_a_field_refuses_what_a_file_refuses(monkeypatch: pytest.MonkeyPatch, text: str, name: str, says: str) -> None:
    monkeypatch.chdir(ROOT)
    app = typed(text, name)
    assert any(says in error.value.replace("\\", "") for error in app.error)
    assert getattr(app.session_state["scenario"], name) == {"daily_requests": 5000, "budget": 40_000}[name]


def test_a_field_names_the_currency_it_does_not_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    app = typed("EUR 30.000", "budget")
    assert any("EUR" in error.value and "USD" in error.value for error in app.error)
    assert app.session_state["scenario"].budget == 40_000


def enter(app: AppTest, name: str, text: str) -> AppTest:
    if not any(field.key == f"w.main.{name}.en" for field in (*app.text_input, *app.selectbox)):
        app.text_input(key="w.search").set_value(name).run()
    next(f for f in (*app.text_input, *app.selectbox) if f.key == f"w.main.{name}.en").set_value(text).run()
    assert not app.exception
    return app


def test_a_number_that_is_typed_is_an_answer_though_it_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    app = enter(typed("5000", "daily_requests"), "sequence_tokens", "2048")
    assert app.session_state["scenario"].sequence_tokens == 2048


@pytest.mark.parametrize("name", ["training_gpu", "open_model", "current_model", "serving_route"])
def test_a_default_can_be_picked_as_a_choice_of_ones_own(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(ROOT)
    app = typed("5000", "daily_requests")
    default = str(state_value(app, name))
    app.text_input(key="w.search").set_value(name).run()
    (box,) = [each for each in app.selectbox if each.key == f"w.main.{name}.en"]
    assert (box.value, box.options[0].endswith("(default)")) == (AS_DEFAULT, True)
    box.set_value(default).run()
    assert not app.exception
    assert getattr(app.session_state["scenario"], name) == default
    assert next(each for each in app.selectbox if each.key == f"w.main.{name}.en").value == default


def test_a_default_among_few_is_picked_by_pressing_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    app = typed("5000", "daily_requests")
    app.text_input(key="w.search").set_value("training_source").run()
    (few,) = [each for each in app.button_group if each.key == "w.main.training_source.en"]
    few.set_value(None).run()  # as a browser tells it: the pressed one was on
    assert not app.exception
    assert app.session_state["scenario"].training_source == "rented"


def state_value(app: AppTest, name: str) -> object:
    """The value that a case counts with."""
    return resolve(app.session_state["scenario"], catalog(), date.today()).rows[name].value


def test_an_amount_that_was_refused_is_read_once_the_case_is_in_its_currency(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    app = enter(typed("\u20ac30.000,00", "budget"), "hourly_rate", "CHF 90")
    assert len(app.error) == 2
    enter(app, "currency", "EUR")
    assert app.session_state["scenario"].budget == 30_000
    (error,) = app.error
    assert "CHF" in error.value
    assert "EUR" in error.value


@pytest.mark.parametrize(("text", "is_converted"), [("$30,000", True), ("30,000", False)])
def test_an_amount_whose_currency_was_said_keeps_it(
    monkeypatch: pytest.MonkeyPatch, text: str, is_converted: bool
) -> None:
    """What was typed without one gets the currency that is chosen next."""
    monkeypatch.chdir(ROOT)
    app = enter(typed(text, "budget"), "currency", "EUR")
    budget = app.session_state["scenario"].budget
    assert (budget != 30_000) is is_converted
    enter(enter(app, "budget", "25,000"), "currency", "GBP")
    assert app.session_state["scenario"].budget == 25_000


def test_undo_brings_back_an_amount_with_the_currency_it_was_said_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    app = enter(typed("$30,000", "budget"), "budget", "25,000")
    app.button(key="w.bar.undo").click().run()
    assert app.session_state["scenario"].budget == 30_000
    enter(app, "currency", "EUR")
    assert app.session_state["scenario"].budget != 30_000


def test_a_loaded_file_is_read_as_on_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    held: dict[str, object] = {state.LANGUAGE: "en"}
    monkeypatch.setattr("streamlit.session_state", held)
    changes.load_file("preset: Extraction\n\u6bcf\u65e5\u8bf7\u6c42\u91cf: 6\u4e07\nserving_gpu: RTX 4090\n".encode())
    case = held[state.SCENARIO]
    assert isinstance(case, Scenario)
    assert (case.preset, case.daily_requests, case.serving_gpu) == ("extraction", 60_000, "rtx-4090-24gb")
    changes.load_file(b"preset: extraction\nserving_gpu: H100\nvolume_growth: 20\n")
    assert {issue.field for issue in state.door()} == {"serving_gpu", "volume_growth"}
    assert held[state.SCENARIO] == case


def test_an_amount_of_an_unlikely_size_is_told_beside_its_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    app = typed("5000", "daily_requests")
    app.session_state["w.search"] = "hourly"
    app.session_state["scenario"] = app.session_state["scenario"].with_(hourly_rate=72_000)
    app.run()
    assert any(field.key == "w.main.hourly_rate.en" for field in app.text_input), [f.key for f in app.text_input]
    assert any("72,000" in warning.value and "Check the unit" in warning.value for warning in app.warning)


def model_asked(monkeypatch: pytest.MonkeyPatch, model: str) -> tuple[AppTest, str]:
    """The field of today's model, and what stands below it where anything does."""
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    app.query_params.update({"lang": "en", "preset": "extraction", "current_model": model})
    app.session_state["fold.current"] = True
    app.run()
    assert not app.exception
    told = [each.value.replace("\\", "") for each in app.caption if each.value.replace("\\", "").startswith(model)]
    return app, " ".join(told)


def test_a_model_that_is_offered_no_more_stays_the_choice_and_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    app, told = model_asked(monkeypatch, "openai/gpt-5.2")
    (box,) = [each for each in app.selectbox if each.key == "w.main.current_model.en"]
    assert box.value == "openai/gpt-5.2"
    assert "offered no more" in told
    assert model_asked(monkeypatch, "openai/gpt-6.1-sol")[1] == ""


def test_a_model_that_the_newest_price_list_dropped_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    model, others = "openai/gpt-6.1-sol", [{"id": "openai", "models": [{"id": "gpt-6.1-terra"}]}]
    newest = PriceList(retrieved=date(2026, 12, 1), url="https://example.com", providers=others)
    own = OwnHosted(newest.retrieved, newest.url, lists=(newest,))
    assert own.lacks(model)
    assert not own.lacks("openai/gpt-6.1-terra")
    monkeypatch.setattr("advisor.ui.fields.in_force", lambda: own)
    assert "no longer in the price list of Dec 1, 2026" in model_asked(monkeypatch, model)[1]
