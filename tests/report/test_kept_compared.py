"""Kept revisions in words: their names, how they stand beside others, and what was frozen in rows of its own."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from advisor.decision.advice import advise
from advisor.decision.comparison import compare
from advisor.report import comparison as words
from advisor.report.kept_compared import as_it_was, at_todays_prices
from advisor.report.pdf import render_pdf
from advisor.scenario import Scenario
from advisor.store.records import Revision, RevisionHead
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.cases import DAY, catalog, preset
from tests.kept import content

BEFORE = DAY - timedelta(days=120)
T = Translator("en")


def revision(case: Scenario, number: int = 1) -> Revision:
    """A case as it was kept four months ago."""
    kept = content(case, BEFORE)
    at = datetime(BEFORE.year, BEFORE.month, BEFORE.day, 9, tzinfo=UTC)
    head = RevisionHead(number, at, "local", "", kept.catalog_version, kept.headline, "", "")
    return Revision("c", head, kept)


@pytest.mark.parametrize("language", languages())
def test_two_revisions_of_one_case_have_names_of_their_own(language: str) -> None:
    t = Translator(language)
    names = [at_todays_prices(revision(preset("extraction"), n), "Mail", catalog(), t)[0].name for n in (1, 2)]
    assert len(set(names)) == 2
    for number, name in enumerate(names, start=1):
        assert str(number) in name
        assert t.date(BEFORE) in name


@pytest.mark.parametrize("language", languages())
def test_as_it_was_gives_the_frozen_figures_without_rows_of_their_own(language: str) -> None:
    t, kept = Translator(language), revision(preset("extraction"))
    found, _ = as_it_was(kept, "Mail", catalog(), t)
    assert found.frozen is None
    assert t.date(BEFORE) in found.says
    then = advise(found.case, catalog(), DAY).headline
    assert then is not None
    assert then.npv.mean == pytest.approx(kept.head.headline["npv"]["mean"])


def test_at_todays_prices_a_day_that_was_fixed_does_not_hold() -> None:
    found, _ = at_todays_prices(revision(preset("extraction", as_of=BEFORE)), "Mail", catalog(), T)
    assert advise(found.case, catalog(), DAY).assessment.assumptions.on == DAY


@pytest.mark.parametrize("language", languages())
def test_what_does_not_come_out_again_is_shown_as_it_was_frozen_on_the_page_and_on_paper(language: str) -> None:
    t, kept = Translator(language), revision(preset("extraction"))
    other = {**kept.head.headline, "npv": {**kept.head.headline["npv"], "mean": 98_765.0}, "verdict": "gone_word"}
    found, _ = as_it_was(replace(kept, head=replace(kept.head, headline=other)), "Mail", catalog(), t)
    assert found.frozen == other
    compared, beside = compare([preset("chat"), found.case], catalog(), DAY), [None, found]
    _, rows = words.figures_table(compared, ["Now", found.name], t, beside)
    assert [row[2] for row in rows if row[0] == t("compare_kept.frozen.npv")] == [t.money(98_765.0, "USD")]
    assert [row[2] for row in rows if row[0] == t("compare_kept.frozen.verdict")] == ["gone_word"]
    document = words.build_comparison(compared, ["Now", found.name], catalog(), t, beside)
    pages = "".join(page.extract_text() for page in PdfReader(BytesIO(render_pdf(document))).pages)
    assert t.money(98_765.0, "USD") in pages


def test_a_moved_number_is_named() -> None:
    kept = revision(preset("extraction"))
    prices = [{**p, "value": p["value"] * 2} if p["id"] == "serving_gpu_price" else p for p in kept.content.prices]
    found, _ = as_it_was(replace(kept, content=replace(kept.content, prices=prices)), "Mail", catalog(), T)
    assert T("field.serving_gpu_price.label") in found.says


def test_without_kept_cases_nothing_is_added() -> None:
    found = compare([preset("chat"), preset("extraction")], catalog(), DAY)
    names = ["A", "B"]
    assert words.figures_table(found, names, T, [None, None]) == words.figures_table(found, names, T)
