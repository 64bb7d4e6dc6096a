"""A table as a spreadsheet, read back by another program: numbers compute, texts stay texts, headings stay in sight."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from advisor.report.table_file import table_xlsx
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.cases import DAY


def sheet(columns: list[str], rows: list[list[object]], title: str = "Months") -> Worksheet:
    return load_workbook(BytesIO(table_xlsx(columns, rows, title, DAY))).active


@pytest.mark.parametrize("language", languages())
def test_amounts_shares_and_months_are_numbers_with_their_formats(language: str) -> None:
    t = Translator(language)
    cells = [t.money(-1234.567, "USD"), t.percent(0.1234, 1), t.months(12.345), t.value(0.5, "money/GPU/h", "CNY")]
    row = sheet(list("abcd"), [cells])[2]
    assert [cell.value for cell in row] == [-1234.567, 0.1234, 12.345, 0.5]
    assert [cell.data_type for cell in row] == ["n"] * 4
    assert row[0].number_format == f'"{t.symbol("USD")}"#,##0'
    assert row[1].number_format == "#,##0.0%"
    assert row[2].number_format.startswith('#,##0.0"')
    assert t.symbol("CNY") in row[3].number_format


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-", "@name", "http://example.com", "12", "", "\t=1"])
def test_a_text_stays_the_text_that_it_is(text: str) -> None:
    cell = sheet(["Name", "Other"], [[text, "x"]])["A2"]
    assert (cell.value or "") == text
    assert cell.data_type in ("s", "inlineStr") or not text
    assert cell.hyperlink is None


def test_what_is_not_known_is_no_number() -> None:
    t = Translator("en")
    row = sheet(list("abcd"), [[t.money(None, "USD"), float("nan"), None, True]])[2]
    assert [cell.value for cell in row] == [t("word.unknown"), "nan", None, "True"]


def test_headings_stay_in_sight_and_columns_are_as_wide_as_what_is_in_them() -> None:
    page = sheet(["Name", "Note"], [["x", "a long note " * 20], ["数字" * 8, "b"]])
    assert page.freeze_panes == "A2"
    assert [page.column_dimensions[letter].width > wanted for letter, wanted in (("A", 33), ("B", 60))] == [True, True]
    assert page["B2"].alignment.wrap_text


@pytest.mark.parametrize("title", ["", "a/b: [c]*?", "'x'", "History", "x" * 80, "对比" * 20])
def test_any_title_gives_a_sheet(title: str) -> None:
    assert sheet(["a"], [["b"]], title)["A2"].value == "b"


def test_the_same_table_gives_the_same_file() -> None:
    assert table_xlsx(["a"], [["b"]], "t", DAY) == table_xlsx(["a"], [["b"]], "t", DAY)


@given(st.floats(-1e12, 1e12), st.integers(0, 6), st.sampled_from(languages()))
def test_a_number_is_the_one_that_was_rounded_to_be_read(value: float, digits: int, language: str) -> None:
    t = Translator(language)
    for shown in (t.number(value, digits), t.money(value, "EUR", digits), t.percent(value, digits)):
        assert sheet(["a"], [[shown]])["A2"].value == pytest.approx(value, rel=1e-12)
