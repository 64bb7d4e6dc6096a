"""What people type is read the same in every door, and what has two readings is refused with both."""

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.core.notices import InputError, Issue
from advisor.report.link import query_of
from advisor.scenario import QUESTIONS, Scenario, dump_scenario, parse_scenario
from advisor.scenario.reading import IN_FILES, Notation, read_number
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.text.phrases import error_text
from advisor.ui import address
from advisor.ui.fields import parsed_number, shown_number
from tests.cases import catalog

NUMBERS = tuple(name for name, question in QUESTIONS.items() if question.is_number)
NEEDED: dict[str, object] = {"daily_requests": 10_000, "quality_need": "high", "budget": 5000}
FORM = Notation(".", ",", in_percent=True)


def read(text: str, name: str, notation: Notation = IN_FILES, currency: str = "USD") -> float | None:
    return read_number(text, QUESTIONS[name], currency, notation)


def faults_of(text: str, name: str, notation: Notation) -> tuple[Issue, ...]:
    try:
        read(text, name, notation)
    except InputError as error:
        return error.issues
    return ()


def refusal(text: str, name: str, notation: Notation = IN_FILES, currency: str = "USD") -> tuple[str, str, str]:
    with pytest.raises(InputError) as caught:
        read(text, name, notation, currency)
    (issue,) = caught.value.issues
    assert issue.field == name
    for language in languages():
        said = error_text(Translator(language), caught.value)
        assert name in said
        assert text.strip() in said or issue.code == "not_a_number"
    return (issue.code, str(issue.params.get("first", "")), str(issue.params.get("second", "")))


@pytest.mark.parametrize(
    ("text", "name", "number"),
    [
        # digits in groups
        ("20,000", "daily_requests", 20_000),
        ("20 000", "daily_requests", 20_000),
        ("20\u00a0000", "daily_requests", 20_000),
        ("20\u2009000", "daily_requests", 20_000),
        ("1\u202f234\u202f567", "budget", 1_234_567),
        ("20'000", "daily_requests", 20_000),
        ("20\u2019000", "budget", 20_000),
        ("20_000", "bought_examples", 20_000),
        ("1.234.567", "budget", 1_234_567),
        ("1,234,567", "budget", 1_234_567),
        ("1,234.56", "budget", 1234.56),
        ("1.234,56", "budget", 1234.56),
        ("1.234.567,8", "budget", 1_234_567.8),
        ("20 000,5", "budget", 20_000.5),
        # decimals
        ("0,15", "fallback_share", 0.15),
        ("20,5", "hourly_rate", 20.5),
        ("0.125", "current_cost_per_request", 0.125),
        ("0,125", "current_cost_per_request", 0.125),
        ("1.375", "current_input_price", 1.375),
        ("1234.567", "budget", 1234.567),
        ("20.1250", "daily_requests", 20.125),
        ("1e-5", "current_cost_per_request", 1e-5),
        (".5", "fallback_share", 0.5),
        # one reading is out of bounds, or not whole
        ("1.500", "peak_factor", 1.5),
        ("1.000", "batch_share", 1),
        ("2.048", "sequence_tokens", 2048),
        # other widths, other units
        ("\uff12\uff10\uff0c\uff10\uff10\uff10", "daily_requests", 20_000),
        ("\uff12\uff10\uff05", "batch_share", 0.2),
        ("2\u4e07", "daily_requests", 20_000),
        ("1.5\u4ebf", "daily_requests", 1.5e8),
        ("3\u5343", "daily_requests", 3000),
        ("20 k", "daily_requests", 20_000),
        ("1.2M", "budget", 1_200_000),
        # percent
        ("15%", "fallback_share", 0.15),
        ("15 %", "fallback_share", 0.15),
        ("15 percent", "fallback_share", 0.15),
        ("12.5 per cent", "discount_rate", 0.125),
        ("8pct", "discount_rate", 0.08),
        ("百分之12", "discount_rate", 0.12),
        ("百分之 0.5", "fallback_share", 0.005),
        ("1.2 Million", "budget", 1_200_000.0),
        ("20 thousand", "daily_requests", 20_000.0),
        ("1.5 Mio", "budget", 1_500_000.0),
        ("0.4bn", "budget", 400_000_000.0),
        ("12,5%", "discount_rate", 0.125),
        ("200%", "volume_growth", 2),
        ("1.5", "volume_growth", 1.5),
        ("-20%", "volume_growth", -0.2),
        # money of the case
        ("$40,000", "budget", 40_000),
        ("US$ 40k", "budget", 40_000),
        ("40 usd", "budget", 40),
        ("4\u4e07\u7f8e\u5143", "budget", 40_000),
    ],
)
def test_a_text_of_one_reading_is_read(text: str, name: str, number: float) -> None:
    assert read(text, name) == number
    said: dict[str, object] = {**NEEDED, name: text}
    assert getattr(Scenario.from_answers(said), name) == number
    cells = "".join(f"{key}: {value!r}\n" if key != name else f'{name}: "{text}"\n' for key, value in said.items())
    assert getattr(parse_scenario(cells), name) == number


@pytest.mark.parametrize(
    ("text", "currency"),
    [("\uffe540,000", "CNY"), ("4\u4e07\u5143", "CNY"), ("EUR 40 000", "EUR"), ("40.000,00 \u20ac", "EUR")],
)
def test_the_signs_of_the_case_s_own_currency_are_read(text: str, currency: str) -> None:
    assert read(text, "budget", currency=currency) == 40_000


@pytest.mark.parametrize(
    ("text", "name", "first", "second"),
    [
        ("20.000", "daily_requests", "20", "20000"),
        ("40.000", "budget", "40", "40000"),
        ("\uff12\uff10\uff0e\uff10\uff10\uff10", "daily_requests", "20", "20000"),
        ("\u0662\u0660.\u0660\u0660\u0660", "daily_requests", "20", "20000"),
        ("020.000", "daily_requests", "20", "20000"),
        ("20.125", "daily_requests", "20.1250", "20125"),
        ("1.250", "current_input_price", "1.25", "1250"),
        ("1,250", "current_input_price", "1.25", "1250"),
        ("1.500k", "budget", "1.5k", "1500k"),
        ("20", "volume_growth", "20%", "2000%"),
        ("10", "discount_rate", "10%", "1000%"),
        ("2.5", "discount_rate", "2.5%", "250%"),
        ("15", "discount_rate", "15%", "1500%"),
    ],
)
def test_a_text_of_two_readings_is_refused_with_both(text: str, name: str, first: str, second: str) -> None:
    assert refusal(text, name) == ("two_readings", first, second)
    for suggestion, factor in ((first, None), (second, 1000 if "%" not in second else 100)):
        if text != "15":
            assert read(suggestion, name) == (read(first, name) or 0) * (factor or 1)


@pytest.mark.parametrize(
    ("text", "first", "second"), [("0.15", "0.15%", "15%"), ("0,5", "0.5%", "50%"), ("-0.2", "-0.2%", "-20%")]
)
def test_a_small_number_in_a_field_of_percent_is_refused_with_both(text: str, first: str, second: str) -> None:
    assert refusal(text, "volume_growth", FORM) == ("two_readings", first, second)


def test_a_field_reads_its_own_groups() -> None:
    assert read("1,250", "hourly_rate", FORM) == 1250
    assert read("1,250", "daily_requests", FORM) == 1250
    assert refusal("20.000", "daily_requests", FORM)[0] == "two_readings"
    german = Notation(",", ".", in_percent=True)
    assert read("20.000", "daily_requests", german) == 20_000
    assert refusal("20,000", "daily_requests", german) == ("two_readings", "20", "20000")


@pytest.mark.parametrize("text", ["\u20ac40", "40 EUR", "CHF 40", "40\u5143", "\u00a540"])
def test_a_foreign_amount_is_refused_by_the_name_of_its_currency(text: str) -> None:
    assert refusal(text, "budget")[0] == "foreign_currency"


@pytest.mark.parametrize(
    ("answer", "read"),
    [("Yes", "yes"), ("y", "yes"), ("TRUE", "yes"), ("\u662f", "yes"), ("n", "no"), ("\u5426", "no")],
)
def test_yes_and_no(answer: str, read: str) -> None:
    assert Scenario.from_answers({"prompt_tried": answer}).prompt_tried == read


@pytest.mark.parametrize(
    ("name", "text", "choice"),
    [
        ("quality_need", "High", "high"),
        ("currency", "usd", "USD"),
        ("currency", "\u20ac", "EUR"),
        ("method", "QLoRA", "qlora"),
        ("serving_route", "Rented GPU", "rented_gpu"),
        ("hosting_allowed", "self-hosted", "self_hosted"),
        ("model_size", "7B", "7b"),
        ("serving_precision", "BF16", "bf16"),
    ],
)
def test_a_choice_in_any_case_and_with_anything_between_its_words(name: str, text: str, choice: str) -> None:
    assert getattr(Scenario.from_answers({name: text}), name) == choice


def value_of(name: str) -> st.SearchStrategy[float]:
    """Any value that the question allows, often with three decimals or fewer."""
    question = QUESTIONS[name]
    low, high = question.low or 0.0, question.high or 0.0
    if question.whole:
        return st.integers(int(low), int(high)).map(float)
    few = st.integers(0, 999_999).map(lambda k: min(max(k / 1000, low), high))
    return st.one_of(few, st.floats(low, high).map(lambda x: x if abs(x) >= 1e-12 else 0.0))


ANY_ANSWER = st.sampled_from(NUMBERS).flatmap(lambda name: st.tuples(st.just(name), value_of(name)))


@given(ANY_ANSWER, st.sampled_from(["yaml", "json"]))
@settings(max_examples=300, deadline=None)
def test_what_a_file_holds_is_read_back_unchanged(answer: tuple[str, float], form: str) -> None:
    case = Scenario.from_answers({**NEEDED, answer[0]: answer[1], "ranges": {answer[0]: [answer[1], answer[1]]}})
    assert parse_scenario(dump_scenario(case, form)) == case  # type: ignore[arg-type]


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_whole_number_is_written_as_one(form: str) -> None:
    measured = {"daily_requests": {"value": 15018, "low": 14000, "high": 16000, "file": "log.csv"}}
    told = {"daily_requests": 15018, "hourly_rate": 42.5, "ranges": {"hourly_rate": [40, 50.5]}, "measured": measured}
    case = Scenario.from_answers({**NEEDED, **told, "exchange_rates": {"JPY": 150}})
    written = dump_scenario(case, form)  # type: ignore[arg-type]
    assert not re.search(r"\d\.0\b", written)
    assert re.search(r"\b15018\b", written)
    assert "50.5" in written
    assert parse_scenario(written) == case


@given(ANY_ANSWER)
@settings(max_examples=200, deadline=None)
def test_what_an_address_holds_is_read_back(answer: tuple[str, float]) -> None:
    name, value = answer[0], float(f"{answer[1]:.12g}")
    case = Scenario.from_answers({**NEEDED, name: value, "ranges": {name: [value, value]}})
    arrived = address.read(query_of(case, catalog(), "en"), catalog(), lambda _: None)
    assert arrived.issues == ()
    assert arrived.case == case


@given(ANY_ANSWER, st.sampled_from(languages()))
@settings(max_examples=200, deadline=None)
def test_what_a_field_shows_is_read_back(answer: tuple[str, float], language: str) -> None:
    name, t = answer[0], Translator(language)
    question = QUESTIONS[name]
    shown = shown_number(answer[1], question.unit, t)
    again = parsed_number(shown, question, t)
    assert again == pytest.approx(answer[1], rel=1e-11, abs=1e-12)


@given(st.text(max_size=12), st.sampled_from(NUMBERS))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_number_or_a_refusal_of_its_field(text: str, name: str) -> None:
    for notation in (IN_FILES, FORM):
        assert {issue.field for issue in faults_of(text, name, notation)} <= {name}


@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from([".", ","]))
def test_a_count_with_three_digits_after_a_sign_is_never_a_thousandth(whole: int, rest: int, sign: str) -> None:
    text = f"{whole}{sign}{rest:03}"
    faults = [issue.code for issue in faults_of(text, "daily_requests", IN_FILES)]
    assert faults == (["two_readings"] if sign == "." else [])
    assert faults or read(text, "daily_requests") == whole * 1000 + rest


@pytest.mark.parametrize("text", ["2026-11-05", "2026/11/5", "2026.11.05", "2026\u5e7411\u67085\u65e5"])
def test_a_day_that_begins_with_its_year(text: str) -> None:
    assert Scenario.from_answers({"as_of": text}).as_of == date(2026, 11, 5)
