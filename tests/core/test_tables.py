"""A table is read whatever program wrote it: encoding, sign between cells, decimal sign, lines above and below."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.core.notices import InputError
from advisor.core.tables import decimal_sign, read_lines

NAMES = ("id", "title", "requests", "share")
CELLS = (("a", "Gr\u00f6\u00dfe caf\u00e9", "20000", "0.15"), ("b", "plain", "1234", "0.5"))
CHINESE = (
    ("\u5ba2\u670d", "\u5ba2\u670d\u52a9\u624b\uff08\u8bd5\u7528\uff09", "20000", "0.15"),
    ("b", "\u5408\u540c\u62bd\u53d6", "7", "0.5"),
)


def read(content: bytes):
    return read_lines(content, lambda head: head if head in NAMES else None, lambda name: name in ("requests", "share"))


def written(rows, delimiter: str = ",", before: str = "") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([NAMES, *rows])
    return before + text.getvalue()


def cells_of(content: bytes) -> tuple[tuple[str, ...], ...]:
    return tuple(cells for _, cells in read(content).rows)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "cp1252"])
def test_every_encoding_and_every_sign_between_cells(encoding: str, delimiter: str) -> None:
    rows = CELLS if encoding == "cp1252" else CHINESE
    assert cells_of(written(rows, delimiter).encode(encoding)) == rows


@pytest.mark.parametrize(
    "word",
    [
        "na\u00efve",
        "\u00dcberpr\u00fcfung f\u00fcr Stra\u00dfe",
        "Se\u00f1or",
        "fa\u00e7ade \u2013 50 \u20ac",
        "\u00c9T\u00c9",
    ],
)
def test_accents_are_not_taken_for_chinese(word: str) -> None:
    rows = (("a", word, "1", "0.5"),)
    assert cells_of(written(rows).encode("cp1252")) == rows


@pytest.mark.parametrize("word", ["\u5408", "\u7279\u6b8a\u5ba2\u6237", "\u4f60\u597d, world", "A\u7ec4"])
def test_a_little_chinese_is_enough(word: str) -> None:
    rows = (("a", word, "1", "0.5"),)
    assert cells_of(written(rows).encode("gb18030")) == rows


def test_what_was_recognised_is_told() -> None:
    codes = [(issue.code, dict(issue.params)) for issue in read(written(CELLS, ";").encode("cp1252")).told]
    assert codes == [("table_read_as", {"encoding": "CP1252", "delimiter": ";"})]
    assert read(written(CELLS).encode("utf-8-sig")).told == ()


@pytest.mark.parametrize(
    "before", ["sep=;\r\n", '"sep=;"\n', "Cases of 2026\n\n", "Cases; by team\nall amounts in dollars\n", "\n\n"]
)
def test_lines_above_the_names_of_the_columns_are_left_out(before: str) -> None:
    found = read(written(CELLS, ";", before).encode())
    assert tuple(cells for _, cells in found.rows) == CELLS
    assert found.rows[0][0] == before.count("\n") + 2
    titles = [issue.params["count"] for issue in found.told if issue.code == "titles_left_out"]
    assert titles == ([sum(bool(line) for line in before.split("\n"))] if "Cases" in before else [])


@pytest.mark.parametrize("word", ["Total", "TOTALS", "sum:", "\u5408\u8ba1", "\u603b\u8ba1\uff1a"])
def test_a_total_is_left_out_with_a_word(word: str) -> None:
    found = read(written((*CELLS, (word, "", "21234", ""))).encode())
    assert tuple(cells for _, cells in found.rows) == CELLS
    assert [(issue.code, issue.params["line"]) for issue in found.told] == [("total_left_out", 4)]


@pytest.mark.parametrize(
    ("cells", "sign"),
    [
        (("0,15", "1,250"), ","),
        (("1.234.567", "20.000"), ","),
        (("1.234,5", "7"), ","),
        (("0.15", "1.250"), "."),
        (("1,234,567", "20,000"), "."),
        (("1,234.5",), "."),
        (("20.000", "40.000"), None),
        (("20,000",), None),
        (("0,15", "0.15"), None),
        (("high", ""), None),
    ],
)
def test_the_decimal_sign_of_a_column(cells: tuple[str, ...], sign: str | None) -> None:
    assert decimal_sign(cells) == sign


def test_one_number_tells_how_its_column_is_written() -> None:
    rows = (("a", "", "1.234.567", "0,15"), ("b", "", "20.000", "1,250"), ("1.250", "1.250", "300", "-"))
    assert cells_of(written(rows, ";").encode()) == (
        ("a", "", "1234567", "0.15"),
        ("b", "", "20000", "1.2500"),
        ("1.250", "1.250", "300", "-"),
    )


PLAIN = (
    st.text(alphabet="abcdefgh xyz\u5ba2\u670d\u52a9\u624b\u5408\u540c", min_size=1, max_size=8)
    .map(str.strip)
    .filter(bool)
)


@given(
    st.lists(st.tuples(PLAIN, PLAIN), min_size=1, max_size=5),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-16", "gb18030"]),
)
@settings(max_examples=150, deadline=None)
def test_a_table_says_the_same_in_every_dress(rows: list[tuple[str, str]], delimiter: str, encoding: str) -> None:
    made = tuple((one, other, "7", "0.5") for one, other in rows)
    assert cells_of(written(made, delimiter).encode(encoding)) == made


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_table_or_are_refused(content: bytes) -> None:
    try:
        found = read(content)
    except InputError as error:
        found, codes = None, {issue.code for issue in error.issues}
        assert codes
    assert found is None or found.columns


@pytest.mark.parametrize(
    ("numbers", "example", "value"),
    [
        (("1.200.000", "35,000"), "35,000", "35"),
        (("0,5", "40.000"), "40.000", "40000"),
        (("12,5", "7"), "12,5", "12.5"),
    ],
)
def test_decimals_behind_a_comma_are_told_with_a_number_that_could_be_another(
    numbers: tuple[str, ...], example: str, value: str
) -> None:
    rows = [("a", "t", each, "0,5") for each in numbers]
    (told,) = [each for each in read(written(rows, ";").encode()).told if each.code == "decimals_read_as"]
    assert (told.params["example"], told.params["value"]) == (example, value)
