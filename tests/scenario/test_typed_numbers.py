"""Numbers as people of many countries type them, with their units, at every door: understood or refused by field."""

import csv
import io
import json

import pytest

from advisor.assumptions.given import read_case
from advisor.core.notices import InputError, Issue
from advisor.core.units import CURRENCIES
from advisor.report.portfolio import read_portfolio
from advisor.scenario import QUESTIONS, Scenario
from advisor.scenario.names import unit_of_head
from advisor.scenario.reading import SHARES, Notation, read_number
from advisor.scenario.said_units import under_head
from advisor.text.i18n import Translator
from advisor.text.labels import labels
from advisor.text.languages import languages
from advisor.text.phrases import issue_text
from advisor.ui import address
from tests.cases import catalog

NEED = {"daily_requests": "10000", "quality_need": "high", "budget": "5000"}
FORM = Notation(".", ",", in_percent=True)
BOM, THIN, NARROW, NO_WIDTH = "\ufeff", "\u2009", "\u202f", "\u200b"


def of_file(text: str) -> Scenario:
    return read_case(text, catalog(), labels())[0]


def of_row(answers: dict[str, str]) -> Scenario:
    table = io.StringIO()
    csv.writer(table).writerows([answers.keys(), answers.values()])
    (row,) = read_portfolio(table.getvalue().encode(), catalog()).candidates
    assert row.case is not None
    if isinstance(row.case, InputError):
        raise row.case
    return row.case


def of_address(answers: dict[str, str]) -> Scenario:
    arrived = address.read(answers, catalog(), lambda _: None)
    if arrived.issues:
        raise InputError(arrived.issues)
    return arrived.case


FILES = {
    "yaml": lambda said: of_file("".join(f"{name}: {json.dumps(text)}\n" for name, text in said.items())),
    "json": lambda said: of_file(json.dumps(said)),
    "table": of_row,
    "address": of_address,
}


def answered(door: str, name: str, text: str, currency: str = "USD") -> float | None:
    """What a text means at a door; a field of the form stands for itself."""
    if door == "form":
        return read_number(text, QUESTIONS[name], currency, FORM)
    return getattr(FILES[door]({**NEED, "currency": currency, name: text}), name)


def refused(door: str, name: str, text: str) -> Issue:
    """The one fault of this text, which names its field and, in each language, says it in one sentence of its own."""
    with pytest.raises(InputError) as caught:
        answered(door, name, text)
    (issue,) = caught.value.issues
    assert issue.field == name
    said = [issue_text(Translator(language), issue) for language in languages()]
    assert all(name in each for each in said)
    assert len({*said}) == len(said)
    return issue


COUNTS = [
    # groups of a country
    ("1\u2019000\u2019000", 1_000_000),
    ("1\u00b4000", 1000),
    ("1`000", 1000),
    (f"20{THIN}000", 20_000),
    (f"1{NARROW}250{NARROW}000", 1_250_000),
    ("1,50,000", 150_000),
    ("1,00,00,000", 10_000_000),
    ("15,00,000.5", 1_500_000.5),
    ("\u0662\u0660\u066c\u0660\u0660\u0660", 20_000),
    ("\u0662\u066b\u0665", 2.5),
    # words and signs of a scale
    ("1.2e6", 1_200_000),
    ("2 lakh", 200_000),
    ("1.5 crore", 15_000_000),
    ("2 Mio.", 2_000_000),
    ("3 mln", 3_000_000),
    ("20 Tsd.", 20_000),
    ("3w", 30_000),
    # the unit of the question
    ("20k/day", 20_000),
    ("20 k requests per day", 20_000),
    ("1.500.000 requests", 1_500_000),
    ("20 000 req/day", 20_000),
    ("3.5\u4e07/\u5929", 35_000),
    ("2\u4e07\u6b21/\u5929", 20_000),
    # what stands around
    ("~20000", 20_000),
    ("about 20k", 20_000),
    ("\u7ea62\u4e07", 20_000),
    ("'20000", 20_000),
    ("\u201c20000\u201d", 20_000),
    (f"{BOM}20{NO_WIDTH}000", 20_000),
]


@pytest.mark.parametrize(("text", "number"), COUNTS)
@pytest.mark.parametrize("door", [*FILES, "form"])
def test_a_count_is_the_same_at_every_door(door: str, text: str, number: float) -> None:
    assert answered(door, "daily_requests", text) == number


@pytest.mark.parametrize(
    ("text", "currency", "name", "number"),
    [
        ("\u20ac 40.000,00", "EUR", "budget", 40_000),
        ("40.000,50 EUR", "EUR", "budget", 40_000.5),
        ("US $40k", "USD", "budget", 40_000),
        ("$40,000 USD", "USD", "budget", 40_000),
        ("40,000 dollars", "USD", "budget", 40_000),
        ("40k$", "USD", "budget", 40_000),
        ("40'000.-", "GBP", "budget", 40_000),
        ("4\u4e07\u7f8e\u91d1", "USD", "budget", 40_000),
        ("40 Tsd. \u20ac", "EUR", "budget", 40_000),
        ("$84/mo", "USD", "other_monthly_cost", 84),
        ("1,651 USD per month", "USD", "other_monthly_cost", 1651),
        ("$0.03 / request", "USD", "current_cost_per_request", 0.03),
        ("$1.25/1M tokens", "USD", "current_input_price", 1.25),
        ("\u20ac2,49 per GPU hour", "EUR", "serving_gpu_price", 2.49),
    ],
)
@pytest.mark.parametrize("door", [*FILES, "form"])
def test_an_amount_is_the_same_at_every_door(door: str, text: str, currency: str, name: str, number: float) -> None:
    assert answered(door, name, text, currency) == number


@pytest.mark.parametrize(
    ("text", "name", "share"),
    [
        ("\u221215 %", "volume_growth", -0.15),
        ("\u201315%", "volume_growth", -0.15),
        ("15 pct", "fallback_share", 0.15),
        ("15 per cent", "fallback_share", 0.15),
        ("%15", "fallback_share", 0.15),
        ("\uff0515", "fallback_share", 0.15),
        ("15,5 %", "fallback_share", 0.155),
        ("15 % p.a.", "discount_rate", 0.15),
        ("15%/yr", "discount_rate", 0.15),
        ("15% per year", "volume_growth", 0.15),
        ("15%/\u5e74", "volume_growth", 0.15),
    ],
)
@pytest.mark.parametrize("door", [*FILES, "form"])
def test_a_share_is_the_same_at_every_door(door: str, text: str, name: str, share: float) -> None:
    assert answered(door, name, text) == pytest.approx(share)


@pytest.mark.parametrize(
    ("name", "text", "code", "says"),
    [
        # two numbers in one text
        ("daily_requests", "20,0000", "two_readings", ("20", "200000")),
        ("budget", "4,0000", "two_readings", ("4", "40000")),
        ("daily_requests", "20-30k", "range_said", ()),
        ("daily_requests", "20k\u2013\u200930k", "range_said", ()),
        ("budget", "40 to 50k", "range_said", ()),
        # another unit
        ("daily_requests", "600k/month", "other_unit", ("requests/day",)),
        ("daily_requests", "1200 calls per hour", "other_unit", ("requests/day",)),
        ("daily_requests", "14 rpm", "other_unit", ("requests/day",)),
        ("budget", "$40k/year", "other_unit", ("money",)),
        ("deploy_months", "6 weeks per year", "other_unit", ("months",)),
        ("serving_gpu_price", "$1,800 per month", "other_unit", ("money/GPU/h",)),
        ("current_input_price", "$0.00125 per 1k tokens", "other_unit", ("money/Mtok",)),
        ("fallback_share", "15% p.a.", "other_unit", ("fraction",)),
        ("serving_power_kw", "360 W", "other_unit", ("kW",)),
        # another currency
        ("budget", "A$40k", "foreign_currency", ("A$",)),
        ("budget", "\u20b94,00,000", "foreign_currency", ("\u20b9",)),
        ("budget", "CHF 40'000", "foreign_currency", ("CHF",)),
        # neither
        ("daily_requests", "20000+", "not_a_number", ()),
        ("daily_requests", "\u00bd", "not_a_number", ()),
        ("daily_requests", "n/a", "not_a_number", ()),
        ("daily_requests", "20.000.0", "not_a_number", ()),
        ("engineer_hours", "2w", "not_a_number", ()),
        ("budget", "$" * 50_000, "not_a_number", ()),
        ("daily_requests", "1 " * 25_000, "not_a_number", ()),
    ],
)
@pytest.mark.parametrize("door", [*FILES, "form"])
def test_a_text_that_is_no_one_number_is_refused_by_its_field(
    door: str, name: str, text: str, code: str, says: tuple[str, ...]
) -> None:
    issue = refused(door, name, text)
    assert issue.code == code
    assert {*says} <= {*issue.params.values()}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("text", ["30k EUR", "CHF 40'000"])
def test_the_fault_of_another_currency_says_what_to_do(language: str, text: str) -> None:
    t, issue = Translator(language), refused("yaml", "budget", text)
    of_file, of_form = issue_text(t, issue), issue_text(t, issue, in_form=True)
    assert t("word.named_field", label=t("field.currency.label"), id="currency") in of_file
    assert t("field.currency.label") in of_form
    assert "currency" not in of_form.removeprefix(t("field.budget.label"))
    assert all(code in of_form for code in CURRENCIES)


@pytest.mark.parametrize(
    ("name", "text", "percent", "read"),
    [
        ("fallback_share", "15", "15%", "1500%"),
        ("batch_share", "1.5", "1.5%", "150%"),
        ("trim_share", "80", "80%", "8000%"),
    ],
)
@pytest.mark.parametrize("door", FILES)
def test_whole_percent_of_a_share_is_asked_about(door: str, name: str, text: str, percent: str, read: str) -> None:
    issue = refused(door, name, text)
    assert issue.code == "share_or_percent"
    assert (issue.params["percent"], issue.params["read"]) == (percent, read)
    assert answered(door, name, percent) == pytest.approx(float(text) / 100)


DOUBTED = [
    ("volume_growth", "20", "20%", "2000%"),
    ("discount_rate", "10", "10%", "1000%"),
    ("discount_rate", "7,5", "7.5%", "750%"),
    ("contingency_share", "15", "15%", "1500%"),
    ("retrain_cost_share", "25.0", "25%", "2500%"),
    ("evaluation_share", "10", "10%", "1000%"),
]


@pytest.mark.parametrize(("name", "text", "percent", "share"), DOUBTED)
@pytest.mark.parametrize("door", FILES)
def test_a_share_above_one_may_be_percent_and_is_asked_about(
    door: str, name: str, text: str, percent: str, share: str
) -> None:
    issue = refused(door, name, text)
    assert (issue.code, issue.params["first"], issue.params["second"]) == ("two_readings", percent, share)
    assert answered(door, name, percent) == pytest.approx(float(percent[:-1]) / 100)
    assert answered(door, name, f"{float(percent[:-1]) / 100:g}") == pytest.approx(float(percent[:-1]) / 100)


@pytest.mark.parametrize(("name", "text", "percent", "share"), DOUBTED)
def test_numbers_of_json_and_ends_of_ranges_are_asked_about_too(name: str, text: str, percent: str, share: str) -> None:
    number = float(text.replace(",", "."))
    for said in ({name: number}, {"ranges": {name: [0.01, number]}}, {"ranges": {name: ["1%", text]}}):
        with pytest.raises(InputError) as caught:
            of_file(json.dumps({"preset": "extraction", **said}))
        assert [(issue.field, issue.code) for issue in caught.value.issues] == [(name, "two_readings")]


# -- units in the head of a column ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "cell", "name", "number"),
    [
        ("Daily requests (k)", "20", "daily_requests", 20_000),
        ("daily_requests (in thousands)", "20", "daily_requests", 20_000),
        ("Budget (k$)", "40", "budget", 40_000),
        ("Budget [USD]", "40,000", "budget", 40_000),
        ("\u9884\u7b97\uff08\u4e07\u7f8e\u5143\uff09", "4", "budget", 40_000),
        ("fallback share (%)", "15", "fallback_share", 0.15),
        ("fallback share (%)", "0.5", "fallback_share", 0.005),
        ("fallback share (%)", "0.5%", "fallback_share", 0.005),
        ("Volume growth (% a year)", "20", "volume_growth", 0.2),
        ("Volume growth (%)", "\u22120.5", "volume_growth", -0.005),
        ("fallback share (%)", "5e-1", "fallback_share", 0.005),
        ("fallback share (0-1)", "0.15", "fallback_share", 0.15),
        ("fallback share (0\u2013100)", "15", "fallback_share", 0.15),
        ("Budget (k$)", "$40", "budget", 40_000),
        ("Budget (k$)", "40k", "budget", 40_000),
        ("Budget (approved)", "40000", "budget", 40_000),
        ("Budget (2026)", "40000", "budget", 40_000),
    ],
)
def test_a_head_gives_its_unit_to_the_numbers_under_it(head: str, cell: str, name: str, number: float) -> None:
    said = {key: value for key, value in NEED.items() if key != name} | {head: cell}
    for door in FILES:
        assert getattr(FILES[door](said), name) == pytest.approx(number), door


@pytest.mark.parametrize(
    ("head", "name", "code"),
    [
        ("Budget (EUR)", "budget", "foreign_currency"),
        ("Budget (EUR net)", "budget", "not_a_number"),
        ("Budget (USD per month)", "budget", "other_unit"),
        ("daily_requests (per month)", "daily_requests", "other_unit"),
        ("Daily requests (calls/hour)", "daily_requests", "other_unit"),
        ("Budget ('000)", "budget", "not_a_number"),
    ],
)
def test_a_head_of_another_unit_is_no_silent_factor(head: str, name: str, code: str) -> None:
    said = {key: value for key, value in NEED.items() if key != name} | {head: "400"}
    for door in FILES:
        with pytest.raises(InputError) as caught:
            FILES[door](said)
        assert (name, code) in [(issue.field, issue.code) for issue in caught.value.issues], door


@pytest.mark.parametrize("language", languages())
def test_the_units_that_the_product_shows_are_its_own(language: str) -> None:
    t = Translator(language)
    for name, question in QUESTIONS.items():
        for currency in CURRENCIES if question.is_number else ():
            unit = t("ui.percent_a_year") if question.unit == "fraction/year" else t.unit(question.unit, currency)
            head = t("ui.label_unit", label=name, unit="%" if question.unit == "fraction" else unit)
            said = under_head("5", unit_of_head(head, name, labels()))
            expected = 0.05 if question.unit in SHARES else 5
            assert read_number(str(said), question, currency) == pytest.approx(expected), head
