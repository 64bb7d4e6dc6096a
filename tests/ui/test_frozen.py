"""A kept report drawn on a page says what its PDF says, and nothing in it can run."""

import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from html import unescape
from io import BytesIO
from itertools import pairwise

import pytest
from PIL import Image

from advisor.report.build import build_report
from advisor.report.charts_svg import svg_to_png
from advisor.report.document import Approval, Chart, Document, Particular, Particulars, Sources
from advisor.text.i18n import Translator
from advisor.ui import frozen
from tests.cases import advice, catalog, preset
from tests.report.sample_document import hostile, sample
from tests.store.made import content
from tests.ui.shown import JOINER

TAG = re.compile(r"<(/?[a-z][a-z0-9]*)[^>]*>")
HIDDEN = {"tone", "align", "svg"}
"""Fields that are looks, not words."""
EN = Translator("en")


def read(html: str) -> str:
    """What is read of HTML: its text and the words for those who cannot see a picture."""
    alts = " ".join(re.findall(r'(?:alt|aria-label)="([^"]*)"', html))
    return unescape(f"{TAG.sub(chr(10), html)} {alts}").replace(JOINER, "")


def words(value: object) -> Iterator[str]:
    """Every text of a block."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from words(each)
    elif is_dataclass(value):
        for each in fields(value):
            if each.name not in HIDDEN:
                yield from words(getattr(value, each.name))


def document(*blocks: object) -> Document:
    base = sample("en")
    return Document(base.title, "", "en", "", base.date, "", blocks)  # type: ignore[arg-type]


def of_preset(name: str, language: str) -> Document:
    return build_report(advice(preset(name)), catalog(), Translator(language))


REPORTS: dict[str, Callable[[], Document]] = {
    "extraction-zh": lambda: of_preset("extraction", "zh"),
    "article-002-en": lambda: of_preset("article-002", "en"),
    "sample-en": lambda: sample("en"),
    "sample-zh": lambda: sample("zh"),
}


@pytest.mark.parametrize("name", REPORTS)
def test_every_word_and_figure_of_the_report_is_drawn(name: str) -> None:
    kept = REPORTS[name]()
    shown = read(frozen.as_html(kept, EN))
    missing = [text for text in words((kept.title, kept.subtitle, kept.footer, kept.blocks)) if text not in shown]
    assert missing == []


def test_kinds_that_the_memo_alone_has_are_drawn() -> None:
    blocks = (
        Particulars((Particular("Case", "A", "https://advisor.example.com/"), Particular("Other", "B"))),
        Approval("Approved as asked", ("Name", "Date")),
        Sources(("A list", "Another")),
    )
    html = frozen.as_html(document(*blocks), EN)
    assert set(words(blocks)) - {"https://advisor.example.com/", ""} <= set(read(html).split("\n")) | {
        "A list",
        "Another",
    }
    assert "[2] Another" in html
    assert 'rel="noopener noreferrer"' in html


def test_an_address_that_is_none_of_the_web_is_not_followed() -> None:
    html = frozen.as_html(document(Particulars((Particular("Case", "A", "javascript:alert(1)"),))), EN)
    assert "javascript:" not in html


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "\x00\ud800 {x}"])
def test_what_a_user_wrote_is_text(text: str) -> None:
    before, after = (frozen.as_html(hostile(each), EN) for each in ("A", text))
    assert [tag[1] for tag in TAG.finditer(before)] == [tag[1] for tag in TAG.finditer(after)]
    assert "onerror=alert(1)>" not in after


def test_a_chart_is_a_picture_with_its_words_in_the_font_of_the_report() -> None:
    (chart,) = (block for block in sample("en").blocks if isinstance(block, Chart))
    html = frozen.as_html(document(chart), EN)
    assert f'alt="{chart.alt}"' in html
    assert "<svg" not in html
    (coded,) = re.findall(r"data:image/png;base64,([^\"]*)", html)
    assert b64decode(coded) == svg_to_png(chart.svg)


def test_a_colour_that_shines_through_is_that_of_the_paper() -> None:
    mark = '<path d="M0,0h4v4h-4Z" fill="#D55E00" opacity="0.4"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4">{mark}</svg>'
    picture = Image.open(BytesIO(svg_to_png(svg))).convert("RGBA")
    paper, ink, share = 255, (0xD5, 0x5E, 0x00), 0.4
    expected = tuple(round(paper + (each - paper) * share) for each in ink)
    assert picture.getpixel((4, 4)) == pytest.approx((*expected, 255), abs=1)


def test_no_level_of_headings_is_skipped() -> None:
    found = [int(level) for level in re.findall(r"<h(\d)", frozen.as_html(sample("en"), EN))]
    assert found[0] == 2
    assert all(later <= earlier + 1 for earlier, later in pairwise(found))


def test_a_report_tells_its_own_language() -> None:
    assert 'lang="zh-CN"' in frozen.as_html(sample("zh"), EN)
    assert 'lang="en"' in frozen.as_html(sample("en"), Translator("zh"))


def test_the_pdf_is_the_one_that_was_kept() -> None:
    from advisor.report.frozen import frozen as freeze
    from advisor.store.records import Revision, RevisionHead
    from tests.store.made import DAY

    head = RevisionHead(1, DAY, "ada", "", "", {}, "", "")
    kept = content(pdf=b"%PDF as it was")
    assert frozen.pdf_of(Revision("id", head, kept), "en") == b"%PDF as it was"
    without = type(kept)(**{**vars(kept), "pdf": None, "report": freeze(sample("zh"))})
    assert frozen.pdf_of(Revision("id", head, without), "en").startswith(b"%PDF-")
