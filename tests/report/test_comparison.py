"""The comparison in words and on paper: every case has its column, differences are against the first."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from advisor.decision.advice import preset_scenario
from advisor.decision.comparison import compare
from advisor.report import comparison as words
from advisor.report.document import Chart, Note, Table
from advisor.report.pdf import render_pdf
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests import cases

CATALOG = cases.catalog()
NAMES = ("Now", "Next", "Later")
FOUND = compare(
    [preset_scenario(n, CATALOG) for n in ("extraction", "article-001", "classification")], CATALOG, cases.DAY
)


@pytest.mark.parametrize("language", languages())
def test_each_table_has_a_column_for_each_case_and_one_for_each_difference(language: str) -> None:
    t = Translator(language)
    for table in (words.figures_table, words.costs_table):
        heads, rows = table(FOUND, NAMES, t)
        assert heads[1:4] == NAMES
        assert len(heads) == 6
        assert all(len(row) == len(heads) for row in rows)


def test_differences_are_those_of_the_figures_told_first() -> None:
    t = Translator("en")
    (row,) = (r for r in words.figures_table(FOUND, NAMES, t)[1] if r[0] == t("compare.figure.npv"))
    means = [advice.headline.npv.mean for advice in FOUND.advices]
    assert row[1:4] == tuple(t.money(mean, "USD") for mean in means)
    assert row[4].lstrip("+") == t.money(means[1] - means[0], "USD")


def test_costs_of_a_column_add_up_to_those_of_the_case() -> None:
    for k, advice in enumerate(FOUND.advices):
        once = sum(amount for (group, _), amount in words._costs(advice).items() if group == "once")
        assert once == pytest.approx(advice.assessment.metrics.investment), k


@pytest.mark.parametrize("language", languages())
def test_the_document_shows_charts_with_words_and_prints(language: str) -> None:
    document = words.build_comparison(FOUND, NAMES, CATALOG, Translator(language))
    charts = [block for block in document.blocks if isinstance(block, Chart)]
    assert len(charts) == 1 + 2
    assert all(chart.alt for chart in charts)
    tables = [block for block in document.blocks if isinstance(block, Table)]
    assert len(tables) == 3
    rounding = Translator(language)("word.rounding")
    assert rounding in tables[1].note
    assert any(rounding in block.text for block in document.blocks if isinstance(block, Note))
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(render_pdf(document))).pages)
    assert all(name in text for name in NAMES)


def test_names_that_are_the_same_are_numbered() -> None:
    assert words.distinct(["A", "B", "A", "A"]) == ["A", "B", "A (2)", "A (3)"]
