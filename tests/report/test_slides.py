"""Slides: the memo's figures in charts that hold their own numbers, all on the page, in a company's own look."""

import subprocess
from io import BytesIO
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from PIL import Image
from pptx import Presentation
from pptx.util import Inches
from pypdf import PdfReader

from advisor.charts.style import wrapped
from advisor.core.notices import InputError
from advisor.decision.advice import Advice, advise
from advisor.report.case import memo_of
from advisor.report.deck import BarChart, CurveChart, Deck, build_deck
from advisor.report.document import KeyFigures, Verdict
from advisor.report.pdf import pixels_of
from advisor.report.pptx import CELL, EMU, HEIGHT, check_template, render_pptx
from advisor.scenario import Scenario, logo_text
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.text.memo_phrases import ask_of, range_cards
from advisor.text.phrases import field_label
from tests import cases
from tests.report.test_build import SERVING, advice_for, advice_of
from tests.scenario.test_report_fields import GOOD, svg

CATALOG = cases.catalog()
SLIDES = 6


def deck_of(advice: Advice, language: str = "en", **about: object) -> Deck:
    told = advice.scenario.with_(**about) if about else None
    return build_deck(advice, CATALOG, Translator(language), about=told)


def opened(content: bytes):
    return Presentation(BytesIO(content))


def pictures(slide) -> list:
    return [shape for shape in slide.shapes if shape.element.tag.endswith("}pic")]


def charts(deck: Deck, kind: type) -> list:
    return [piece for slide in deck.slides for piece in slide.pieces if isinstance(piece, kind)]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("preset", SERVING)
def test_each_case_has_six_slides_that_say_everything_and_stay_on_their_page(preset: str, language: str) -> None:
    shown = opened(render_pptx(deck_of(advice_of(preset), language)))
    assert len(shown.slides) == SLIDES
    for slide in shown.slides:
        assert slide.shapes.title.text.strip()
        assert slide.notes_slide.notes_text_frame.text.strip()
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= shown.slide_width
            assert shape.top + shape.height <= shown.slide_height, (slide.shapes.title.text, shape.name)
            if shape.has_chart or shape.has_table:
                assert shape.element.xpath("./*/p:cNvPr")[0].get("descr")


@pytest.mark.parametrize("language", languages())
def test_rows_of_a_table_are_as_high_as_their_words_and_stay_on_the_page(language: str) -> None:
    """An office program makes a row higher where its words need it, so that one too low pushes others off the page."""
    about = {"prepared_for": "Board of directors", "prepared_by": "Finance", "company": "Example GmbH"}
    for name in ("extraction", "code-completion"):
        for slide in opened(render_pptx(deck_of(advice_of(name), language, **about))).slides:
            for shape in (shape for shape in slide.shapes if shape.has_table):
                table = shape.table
                bottom = shape.top / EMU
                for row in table.rows:
                    cells = zip(row.cells, table.columns, strict=True)
                    lines = max(len(wrapped(cell.text, c.width / EMU - 15, CELL)) for cell, c in cells)
                    assert row.height / EMU >= lines * CELL * 1.2, row.cells[0].text
                    bottom += row.height / EMU
                assert bottom <= HEIGHT, slide.shapes.title.text


def test_the_first_slide_asks_and_the_second_shows_the_ranges_of_the_memo() -> None:
    advice, t = advice_of("extraction"), Translator("en")
    deck = deck_of(advice)
    (verdict,) = charts(deck, Verdict)
    assert verdict.sentence == ask_of(memo_of(advice), t).sentence
    (figures,) = charts(deck, KeyFigures)
    cards = range_cards(advice.headline, advice.assessment.assumptions, t)
    assert [(item.label, item.value, item.note) for item in figures.items] == [tuple(card) for card in cards]


def test_the_break_even_is_marked_at_the_payback_of_the_card() -> None:
    advice = advice_of("extraction")
    for chart in charts(deck_of(advice), CurveChart):
        (mark,) = (curve for curve in chart.curves if curve.style == "mark")
        assert mark.points == ((advice.headline.payback.p50, 0.0),)


def test_charts_hold_the_figures_in_a_workbook_of_their_own() -> None:
    advice = advice_of("extraction")
    deck = deck_of(advice)
    native = [s.chart for slide in opened(render_pptx(deck)).slides for s in slide.shapes if s.has_chart]
    told = [*charts(deck, CurveChart), *charts(deck, BarChart)]
    assert len(native) == len(told) == 4
    for chart in native:
        book = openpyxl.load_workbook(BytesIO(chart.part.chart_workbook.xlsx_part.blob))
        held = {cell.value for row in book.active.iter_rows() for cell in row if isinstance(cell.value, int | float)}
        for series in chart.plots[0].series:
            assert all(any(abs(value - h) <= 1e-9 * max(1.0, abs(h)) for h in held) for value in series.values)
    cash = next(c for c in native if c.plots[0].series[0].name.startswith("Only 1 in 10"))
    np.testing.assert_allclose(cash.plots[0].series[1].values, advice.simulation.cumulative[1])


def test_the_words_of_a_chart_name_the_numbers_that_it_shows() -> None:
    (bars,) = (chart for chart in charts(deck_of(advice_of("chat")), BarChart) if len(chart.series) == 2)
    every = [field_label(Translator("en"), each.id) for each in advice_of("chat").assessment.evidence.matter]
    assert tuple(name for name in every if name in bars.alt) == bars.rows


def test_an_untested_alternative_is_hollow() -> None:
    advice = advice_of("extraction")
    (bars,) = (chart for chart in charts(deck_of(advice), BarChart) if len(chart.series) == 1)
    hollow = [bars.rows[k] for k in bars.series[0].hollow]
    assert hollow
    assert all("○" in name for name in hollow)


def test_nothing_is_invented_where_nothing_is_served_or_the_money_is_unknown() -> None:
    cost_alone = deck_of(advice_for(daily_requests=0))
    unknown = deck_of(advice_for(serving_route="own_figure"))
    for deck in (cost_alone, unknown):
        assert not charts(deck, CurveChart)
        assert 2 < len(deck.slides) < SLIDES
        render_pptx(deck)


def test_text_of_the_user_stays_text() -> None:
    hostile = "=1+1 <b>& {x} \\ 表"
    deck = deck_of(advice_of("chat"), prepared_for=hostile, company=hostile)
    shown = opened(render_pptx(deck))
    cells = [cell.text for s in shown.slides[0].shapes if s.has_table for row in s.table.rows for cell in row.cells]
    assert cells.count(hostile) == 2


@pytest.mark.parametrize("kind", sorted(GOOD))
def test_the_logo_stands_on_the_first_slide_with_its_words(kind: str) -> None:
    deck = deck_of(advice_of("chat"), logo=logo_text(GOOD[kind]), company="Northwind")
    first, *others = opened(render_pptx(deck)).slides
    (picture,) = (
        shape for shape in first.shapes if shape.shape_type is not None and shape.shape_type.name == "PICTURE"
    )
    assert "Northwind" in picture.element.xpath("./*/p:cNvPr")[0].get("descr")
    assert not [
        s for slide in others for s in slide.shapes if s.shape_type is not None and s.shape_type.name == "PICTURE"
    ]


def test_a_half_transparent_logo_keeps_its_colour() -> None:
    drawn = svg('<rect width="60" height="20" fill="#ff0000" opacity="0.5"/>')
    first = opened(render_pptx(deck_of(advice_of("chat"), logo=logo_text(drawn)))).slides[0]
    (picture,) = (each for each in first.shapes if each.shape_type is not None and each.shape_type.name == "PICTURE")
    pixels = Image.open(BytesIO(picture.image.blob)).convert("RGBA")
    assert pixels.getpixel((pixels.width // 4, pixels.height // 4)) == (255, 0, 0, 128)


def test_letters_of_a_logo_are_drawn_whatever_their_font() -> None:
    pixels = Image.open(BytesIO(pixels_of(GOOD["svg with letters"], 44)))
    assert pixels.getextrema()[3][1] == 255


# --- A company's own template ---------------------------------------------------------------------


def template() -> bytes:
    """Four to three, with a slide that is not to stay."""
    own = Presentation()
    own.slide_width, own.slide_height = Inches(10), Inches(7.5)
    own.slides.add_slide(own.slide_layouts[0]).shapes.title.text = "Confidential draft"
    written = BytesIO()
    own.save(written)
    return written.getvalue()


def test_slides_take_the_page_and_the_title_of_a_template() -> None:
    content = template()
    shown = opened(render_pptx(deck_of(advice_of("chat")), content))
    assert (shown.slide_width, shown.slide_height) == (Inches(10), Inches(7.5))
    assert len(shown.slides) == SLIDES
    assert "Confidential draft" not in [slide.shapes.title.text for slide in shown.slides]
    title, layout = shown.slides[1].shapes.title, shown.slides[1].slide_layout
    (own,) = (p for p in layout.placeholders if p.placeholder_format.type.name == "TITLE")
    assert (title.left, title.top, title.width) == (own.left, own.top, own.width)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"%PDF-1.7"], ids=["empty", "broken", "pdf"])
def test_what_is_no_presentation_is_refused(content: bytes) -> None:
    with pytest.raises(InputError) as refused:
        check_template(content, "--template", "own.pptx")
    assert [(issue.field, issue.code) for issue in refused.value.issues] == [("--template", "not_a_template")]


def test_a_workbook_is_no_template() -> None:
    written = BytesIO()
    openpyxl.Workbook().save(written)
    with pytest.raises(InputError):
        check_template(written.getvalue(), "--template", "own.pptx")


# --- As an office program draws them --------------------------------------------------------------


def test_an_office_program_draws_every_slide(tmp_path: Path) -> None:
    for language in languages():
        (tmp_path / f"{language}.pptx").write_bytes(render_pptx(deck_of(advice_of("extraction"), language)))
    call = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "pdf"]
    named = [str(tmp_path / f"{language}.pptx") for language in languages()]
    subprocess.run([*call, "--outdir", str(tmp_path), *named], check=True, capture_output=True, timeout=240)
    for language in languages():
        pages = PdfReader(tmp_path / f"{language}.pdf").pages
        assert len(pages) == SLIDES
        t = Translator(language)
        headings = [t("slides.sure"), t("report.heading.money"), t("report.heading.options")]
        drawn = ["".join(page.extract_text().split()) for page in pages[1:4]]
        assert all("".join(heading.split()) in text for heading, text in zip(headings, drawn, strict=True))


def test_the_slides_of_a_case_without_a_name_ask_its_question() -> None:
    case = Scenario.from_answers({"daily_requests": 10_000, "quality_need": "normal", "budget": 5_000})
    deck = deck_of(advise(case, CATALOG, cases.DAY))
    assert deck.title == deck.slides[0].title == Translator("en")("report.title")
