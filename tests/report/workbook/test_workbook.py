"""What stands in a workbook before anybody changes it, read by a second library."""

import re
import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook
from openpyxl.formula import Tokenizer

from advisor.core.notices import InputError
from advisor.core.records import METRICS
from advisor.report.case import memo_of
from advisor.report.workbook.render import SHEETS, render_workbook
from advisor.scenario import QUESTIONS, role_of
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.text.memo_phrases import ask_of
from tests.cases import advice, catalog, preset
from tests.report.workbook.changed_books import NAME, VALUE, book, cases, entered, errors, named, opened

LONGEST_FORMULA, LONGEST_TEXT_IN_ONE, LONGEST_MESSAGE, LONGEST_TITLE = 8192, 255, 255, 32
"""Beyond these Excel repairs a file, that is throws the cell away."""
FUNCTIONS = frozenset(
    [
        *("ABS(", "AND(", "AVERAGE(", "COUNTIF(", "IF(", "IFERROR(", "INDEX(", "INT(", "MATCH(", "MAX(", "MIN(", "NA("),
        *("NOT(", "OR(", "ROUND(", "ROUNDUP(", "ROWS(", "SUM(", "SUMPRODUCT("),
    ]
)
"""All of them are in every version of Excel since 2007, by these names in the file."""
LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+|[RrCc]|[Rr][0-9]*[Cc][0-9]*")
READABLE, LONGEST_READ = 200, 450
"""Characters of a formula that can be followed, and of the longest, why a payback is none; of the first sheet the words
are longer."""


def formulas(found: Workbook) -> dict[tuple[str, str], str]:
    return {
        (sheet.title, cell.coordinate): str(cell.value)
        for sheet in found
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


@pytest.mark.parametrize(
    ("name", "language"), [*((name, "en") for name in cases()), *(("customer-service", code) for code in languages())]
)
def test_it_holds_nothing_that_excel_would_repair(name: str, language: str) -> None:
    content = book(cases()[name], language)
    found = opened(content)
    t = Translator(language)
    assert found.sheetnames == [t(f"workbook.sheet.{key}") for key in SHEETS]
    for place, text in formulas(found).items():
        tokens = Tokenizer(text).items
        assert len(text) < LONGEST_FORMULA, place
        assert {token.value for token in tokens if token.type == "FUNC" and token.subtype == "OPEN"} <= FUNCTIONS, place
        assert all(len(token.value) <= LONGEST_TEXT_IN_ONE for token in tokens if token.subtype == "TEXT"), place
    for defined in found.defined_names:
        assert re.fullmatch(r"[a-z_][a-z0-9_]*", defined, re.IGNORECASE), defined
        assert not LIKE_A_CELL.fullmatch(defined), defined
    for rule in found.worksheets[1].data_validations.dataValidation:
        assert len(rule.error) <= LONGEST_MESSAGE
        assert len(rule.errorTitle) <= LONGEST_TITLE
    assert errors(opened(content, values=True)) == []


@pytest.mark.parametrize("name", cases())
def test_programs_that_do_not_compute_show_the_figures_of_the_model(name: str) -> None:
    case = cases()[name]
    found, values = opened(book(case)), opened(book(case), values=True)
    metrics = advice(case).assessment.metrics
    assert metrics is not None
    for metric in METRICS:
        if f"result_{metric}" in found.defined_names:
            told, shown = getattr(metrics, metric), named(found, values, f"result_{metric}")
            same = shown in (None, "") if told is None else shown == pytest.approx(told, rel=1e-12)
            # The figure of a payback that never comes is none, where the model has the month of the flows alone.
            assert same, (metric, told, shown)


@pytest.mark.parametrize("name", cases())
def test_inputs_alone_are_open_and_within_the_bounds_of_their_question(name: str) -> None:
    case = cases()[name]
    content, a = book(case), advice(case).assessment.assumptions
    found = opened(content)
    places = entered(content)
    for sheet in found:
        assert sheet.protection.sheet
        assert not sheet.protection.password
        free = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
        assert free == (set(places.values()) if sheet is found.worksheets[1] else set())
    rules = {str(rule.sqref): rule for rule in found.worksheets[1].data_validations.dataValidation}
    for each, place in places.items():
        rule, question = rules[place], QUESTIONS.get(each)
        if question is not None:
            assert (float(rule.formula1), float(rule.formula2)) == (question.low, question.high)
            assert rule.type == ("whole" if question.whole else "decimal")
        assert found.worksheets[1][place].value == pytest.approx(a[each].value, rel=1e-12)


def test_an_input_comes_with_unit_source_kind_date_and_role() -> None:
    t, case = Translator("en"), preset("customer-service")
    a = advice(case).assessment.assumptions
    for row in opened(book(case)).worksheets[1].iter_rows(min_row=5):
        if row[NAME].value:
            told = a[str(row[NAME].value)]
            assert row[VALUE].value == pytest.approx(told.value, rel=1e-12)
            assert all(row[column].value for column in (0, 2, 7, 8, 9, 10)), told.id
            assert row[7].value == t(f"kind.{told.kind}")
            assert row[9].value == t(f"workbook.role.{role_of(told.id)}")


def test_formulas_can_be_followed() -> None:
    """They are short and name what they use; a row of months says the same in each month."""
    found = opened(book(preset("customer-service")))
    texts = formulas(found)
    assert max(len(text) for (sheet, _), text in texts.items() if sheet != "Summary") < LONGEST_READ
    assert sum(len(text) > READABLE for text in texts.values()) < len(texts) / 50
    sheet, cell = found.defined_names["tune_engineering_cost"].attr_text.replace("$", "").split("!")
    assert found[sheet.strip("'")][cell].value == "=engineer_hours*hourly_rate"
    sheet, cells = found.defined_names["months_requests"].attr_text.replace("$", "").split("!")
    first, second = (cell.value for cell in found[sheet.strip("'")][cells][0][:2])
    assert first == "=daily_requests*days_per_month*(1+volume_growth)^((E$4-1)/12)"
    assert second == first.replace("E$4", "F$4")


def test_frozen_figures_stand_as_values_with_seed_and_date() -> None:
    case = preset("customer-service")
    told = advice(case)
    assert told.headline is not None
    assert told.risk is not None
    sheet = opened(book(case)).worksheets[0]
    rows = {row[0].value: [cell.value for cell in row[1:5]] for row in sheet.iter_rows() if row[0].value}
    npv = told.headline.npv
    assert rows["Net present value over both results"] == pytest.approx(
        [npv.p10, npv.p50, npv.p90, npv.mean], rel=1e-12
    )
    assert rows["Chance that the quality gate is passed"][1] == pytest.approx(told.headline.chance)
    (made,) = [text for text in rows if str(text).startswith(f"{told.risk.sampling.count} simulated")]
    assert f"seed {told.risk.sampling.seed}" in made
    assert told.assessment.assumptions.on.isoformat() in made


def test_a_text_that_begins_as_a_formula_stays_text() -> None:
    case = preset("chat").with_(title='=HYPERLINK("http://x","y")', preset=None)
    sheet = opened(book(case)).worksheets[0]
    assert sheet["A1"].value == '=HYPERLINK("http://x","y")'
    assert sheet["A1"].data_type == "s"


def test_what_cannot_be_changed_is_listed() -> None:
    sheet = opened(book(preset("customer-service")))["Frozen choices"]
    rows = {row[0].value: row[2].value for row in sheet.iter_rows(max_col=3)}
    assert rows["Serving route"] == "Changing it needs the app"
    assert rows["Horizon"] == "Changing it needs the app"


def test_the_chart_is_native_and_shows_months_of_the_book() -> None:
    with zipfile.ZipFile(BytesIO(book(preset("customer-service")))) as parts:
        chart = parts.read("xl/charts/chart1.xml").decode()
    assert "<c:lineChart>" in chart
    assert chart.count("<c:ser>") == 2
    assert "Months" in chart


@pytest.mark.parametrize("language", languages())
def test_it_asks_for_what_every_page_asks_for(language: str) -> None:
    case, t = preset("customer-service", daily_requests=300_000, budget=50_000), Translator(language)
    asked = ask_of(memo_of(advice(case)), t).sentence
    assert "Granite" in asked  # a test first, which the verdict's own sentence leaves out
    assert asked in [cell.value for cell in opened(book(case, language)).worksheets[0]["B"]]


def test_without_a_price_there_is_no_workbook() -> None:
    told = advice(preset("chat").with_(serving_route="hosted"))
    assert told.assessment.economics is None
    with pytest.raises(InputError) as refused:
        render_workbook(told, catalog(), Translator("en"))
    assert refused.value.issues[0].code == "no_monthly_figures"


def test_the_same_case_gives_the_same_file() -> None:
    told = advice(preset("article-001"))
    assert render_workbook(told, catalog(), Translator("en")) == book(preset("article-001"))
