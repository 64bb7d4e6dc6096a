"""The page of the report on odds: many draws, the same words as on screen, at most one page, silent without money."""

import re
from functools import cache
from io import BytesIO

import pytest
from pypdf import PdfReader

from advisor.decision.advice import Advice, advise
from advisor.decision.examination import examine
from advisor.decision.switching_values import switching_value_table
from advisor.report.case import ReportedCase
from advisor.report.document import Block, Bullets, Chart, Document, Note, PageBreak, Paragraph, Table
from advisor.report.pdf import render_pdf
from advisor.report.sections.risk import MOST_SWITCHING, risk_section
from advisor.risk.simulation import LIVE_DRAWS, SEED
from advisor.scenario import Scenario
from advisor.text.headline_phrases import chance_text
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.text.phrases import field_label
from tests import cases
from tests.cases import DAY as ON

CATALOG = cases.catalog()
SHOWN = ("extraction", "customer-service", "code-completion", "chat", "article-001")
LANGUAGES = languages()
ENGLISH_SENTENCE = re.compile(r"[A-Za-z']+(?:,? [A-Za-z']+){4,}")


def advice_of(name: str) -> Advice:
    return cases.advice(cases.preset(name))


@cache
def section(name: str, language: str) -> list[Block]:
    return risk_section(ReportedCase(advice_of(name), CATALOG, Translator(language)))


def told(blocks: list[Block]) -> str:
    """Every word of the section."""
    parts: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph | Note):
            parts.append(block.text)
        elif isinstance(block, Bullets):
            parts += block.items
        elif isinstance(block, Table):
            parts += [block.caption, block.note, *(c.title for c in block.columns), *(x for r in block.rows for x in r)]
        elif isinstance(block, Chart):
            parts += [block.caption, block.alt]
    return "\n".join(parts)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SHOWN)
def test_the_chance_and_its_figures_are_those_of_the_verdict(name: str, language: str) -> None:
    t, advice = Translator(language), advice_of(name)
    found, headline = advice.risk, advice.headline
    assert found is not None
    assert headline is not None
    said = told(section(name, language))
    assert chance_text(headline, t) in said
    for value in (found.npv.p10, found.npv.p50, found.npv.p90):
        assert t.money(value, advice.assessment.assumptions.currency) in said
    assert t.number(LIVE_DRAWS, 0) in said
    assert str(SEED) in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SHOWN)
def test_nobody_is_sent_to_find_out_a_number_where_none_needs_it(name: str, language: str) -> None:
    """It stood above "No single number needs finding out before you decide"."""
    said = told(section(name, language))
    if not examine(advice_of(name), CATALOG).facts:
        assert Translator(language)("report.settled.next_number") not in said


@pytest.mark.parametrize("name", SHOWN)
def test_the_nearest_flips_come_first(name: str) -> None:
    t, switching_values = Translator("en"), switching_value_table(advice_of(name), CATALOG, ON)
    tables = [b for b in section(name, "en") if isinstance(b, Table) and b.caption == t("risk.report.switching")]
    reached = sorted(
        examine(advice_of(name), CATALOG).turning,
        key=lambda f: abs(f.distance) if f.distance is not None else 1e9,
    )
    shown = [row[0] for table in tables for row in table.rows]
    assert shown == [field_label(t, switch.id) for switch in reached[:MOST_SWITCHING]]
    for switch in switching_values:
        if switch.switches_at is None:
            assert field_label(t, switch.id) in told(section(name, "en"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [name for name in sorted(CATALOG.presets) if cases.preset(name).daily_requests])
def test_it_fits_on_one_page(name: str, language: str) -> None:
    """A page of its own behind the one with the title."""
    blocks = (Paragraph("title page"), PageBreak(), *section(name, language))
    document = Document("t", "s", "zh" if language == "zh" else "en", "a", ON, "f", blocks)
    assert len(PdfReader(BytesIO(render_pdf(document))).pages) == 2


@pytest.mark.parametrize("name", SHOWN)
def test_chinese_holds_no_english_sentence(name: str) -> None:
    assert not ENGLISH_SENTENCE.search(told(section(name, "zh")))


def test_a_case_without_money_has_no_such_page() -> None:
    advice = advise(Scenario(), CATALOG, ON)
    assert risk_section(ReportedCase(advice, CATALOG, Translator("en"))) == []
    assert section("article-000", "en") == []
