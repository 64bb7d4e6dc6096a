"""The PDF: same bytes, accessible, self-contained, complete, and deaf to whatever a user writes into it."""

import base64
import hashlib
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import altair as alt
import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from pypdf import PdfReader

from advisor.report.charts_svg import chart_to_svg
from advisor.report.document import Block, Chart, Column, Document, Heading, Note, PageBreak, Paragraph, Table
from advisor.report.pdf import FONT_DIR, MISSING, code_points, printable, render_pdf
from advisor.text.languages import languages
from tests.report.sample_document import SVG, hostile, sample

ROOT = Path(__file__).parents[2]
LANGUAGES = languages()
LONG_WORD = "x" * 10_000
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
HOSTILE = {
    "typst": '#panic("x") *b* _i_ $x^2$ #read("/etc/passwd") @cite \\ <script> // /* ] } ` = - + https://a.b',
    "html": "</text><image href='file:///etc/passwd'/>&amp;&#0;",
    "latex": "\\textbf{x} {{page}} {pages} ${HOME} %s",
    "emoji": "go 🚀👨‍👩‍👧 ✔️ go",
    "rare hanzi": "喆镕𠮷",
    "right to left": "abc \u202egnp.exe שלום مرحبا",
    "joiners": "a\u200db\u200bc\u00add\ufeffe",
    "combining": "e\u0301 a\u0323\u0489",
    "control": "a\x00b\x07c\x1bd\te\r\nf\u2028g",
    "not a character": "\ud800 \ufffe \ue000 \ufffd",
    "long word": LONG_WORD,
    "long Chinese": "微调" * 500,
    "spaces": " \u202f\u2009\u3000 ",
    "empty": "",
}


def tool(name: str, pdf: bytes, *arguments: str, tmp_path: Path) -> str:
    """Output of a command-line tool; ``@`` among the arguments stands for the file."""
    if shutil.which(name) is None:
        pytest.fail(f"{name} is not installed. `make test` installs it (Debian packages poppler-utils and qpdf).")
    (tmp_path / "report.pdf").write_bytes(pdf)
    command = [name, *(str(tmp_path / "report.pdf") if a == "@" else a for a in arguments)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stdout}{done.stderr}"
    return done.stdout


def squeezed(text: str) -> str:
    """Text without white space, which line breaks change."""
    return re.sub(r"\s", "", text)


def text_of(pdf: bytes, tmp_path: Path) -> str:
    """All the text of a PDF, squeezed."""
    return squeezed(tool("pdftotext", pdf, "-enc", "UTF-8", "@", "-", tmp_path=tmp_path))


def strings(value: object) -> Iterator[str]:
    """Every string that a reader of the document should find on paper."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from strings(item)
    elif hasattr(value, "__dataclass_fields__"):
        hidden = {"svg", "alt", "tone", "align", "language", "author", "date", "labels"}
        for name in value.__dataclass_fields__:
            if name not in hidden:
                yield from strings(getattr(value, name))


def tags(pdf: bytes) -> list[dict[str, Any]]:
    """Every element of the structure tree."""
    found: list[dict[str, Any]] = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            found.append(node)
            if "/K" in node:
                walk(node["/K"])

    walk(PdfReader(BytesIO(pdf)).root_object["/StructTreeRoot"])
    return [node for node in found if "/S" in node]


@pytest.fixture(scope="module", params=LANGUAGES)
def document(request: pytest.FixtureRequest) -> Document:
    return sample(request.param)


@pytest.fixture(scope="module")
def pdf(document: Document) -> bytes:
    return render_pdf(document)


def test_same_document_gives_the_same_bytes_in_every_process(document: Document, pdf: bytes) -> None:
    assert render_pdf(document) == pdf
    code = (
        "import hashlib; from advisor.report.pdf import render_pdf; from tests.report.sample_document import sample;"
        f"print(hashlib.sha256(render_pdf(sample({document.language!r}))).hexdigest())"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == hashlib.sha256(pdf).hexdigest()


def test_pdf_is_sound(pdf: bytes, tmp_path: Path) -> None:
    assert "No syntax or stream encoding errors found" in tool("qpdf", pdf, "--check", "@", tmp_path=tmp_path)


def test_pdf_declares_language_title_and_standards(document: Document, pdf: bytes) -> None:
    reader = PdfReader(BytesIO(pdf))
    root: Any = reader.root_object
    assert root["/Lang"] == {"en": "en-US", "zh": "zh-CN"}[document.language]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert root["/MarkInfo"]["/Marked"].value is True
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == (document.title, document.author)
    assert reader.metadata["/CreationDate"].startswith(f"D:{document.date:%Y%m%d}")
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp


def test_pdf_is_tagged(document: Document, pdf: bytes) -> None:
    found = tags(pdf)
    count = Counter(node["/S"] for node in found)
    tables = [block for block in document.blocks if isinstance(block, Table)]
    charts = [block for block in document.blocks if isinstance(block, Chart)]
    assert count["/Title"] == 1
    assert count["/Table"] == len(tables)
    assert count["/TH"] == sum(len(table.columns) for table in tables)
    assert count["/TD"] == sum(len(row) for table in tables for row in table.rows)
    assert count["/Caption"] == len(tables) + len(charts)
    assert [node["/Alt"] for node in found if "/Alt" in node] == [chart.alt for chart in charts]
    levels = [int(node["/S"][2:]) for node in found if re.fullmatch(r"/H\d", node["/S"])]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_fonts_are_embedded_and_pictures_are_vectors(pdf: bytes, tmp_path: Path) -> None:
    fonts = tool("pdffonts", pdf, "@", tmp_path=tmp_path).splitlines()[2:]
    assert fonts
    for line in fonts:
        assert re.search(r"\+NotoSansSC-(Regular|Bold) .* yes yes yes ", line), line
    assert len(tool("pdfimages", pdf, "-list", "@", tmp_path=tmp_path).splitlines()) == 2  # the heading only


def test_pdf_contains_every_string(document: Document, pdf: bytes, tmp_path: Path) -> None:
    text = text_of(pdf, tmp_path)
    assert [s for s in strings(document) if squeezed(s) not in text] == []
    assert squeezed({"en": "Money back in month 10", "zh": "第 10 个月回本"}[document.language]) in text
    assert MISSING not in text


def test_pages_are_numbered_and_carry_title_footer_and_table_header(document: Document, pdf: bytes) -> None:
    pages = [squeezed(page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages]
    for number, page in enumerate(pages, 1):
        label = document.labels["page"].format(page=number, pages=len(pages))
        assert squeezed(label) in page
        assert squeezed(document.footer) in page
        assert squeezed(document.title) in page
    if document.language == "en":  # the long table spreads over pages
        assert (
            sum("USD/GPU/h" in page for page in pages) == sum("NameValueUnitKindSource" in page for page in pages) > 1
        )


@pytest.mark.parametrize("case", HOSTILE)
def test_text_is_printed_as_written_or_as_missing(case: str, tmp_path: Path) -> None:
    pdf = render_pdf(hostile(HOSTILE[case]))
    expected = squeezed(printable(HOSTILE[case]))
    if case == "right to left":
        expected = "abcgnp.exe〓〓〓〓〓〓〓〓〓"
    text = text_of(pdf, tmp_path)
    if len(expected) < 100:
        assert not expected or text.count(expected) >= 17
    else:  # it runs over many lines and pages; captions, column titles, head and foot are shortened
        assert text.count(expected[0]) >= 16 * expected.count(expected[0])


def test_long_words_stay_inside_the_margins(tmp_path: Path) -> None:
    url = "https://example.com/" + "a-long-path/" * 20
    document = hostile(f"{url} {'W' * 300} CamelCase{'Word' * 30} 中文{'y' * 200}中文")
    boxes = tool("pdftotext", render_pdf(document), "-bbox", "@", "-", tmp_path=tmp_path)
    right = [float(x) for x in re.findall(r'<word [^>]*xMax="([\d.]+)"', boxes)]
    assert max(right) <= 595.3 - 51 + 1


@pytest.mark.parametrize("amount", ["-$18,395", "-CN\u00a5130,000", "-US$5"])
def test_a_minus_sign_stays_on_the_line_of_its_amount(amount: str, tmp_path: Path) -> None:
    """Words of every length push the amount over the end of the line, one letter at a time."""
    blocks = tuple(Paragraph(f"{'word ' * 16}{'x' * k} {amount}") for k in range(1, 24))
    document = replace(sample("en"), blocks=blocks)
    lines = tool("pdftotext", render_pdf(document), "-layout", "@", "-", tmp_path=tmp_path).splitlines()
    assert not [line for line in lines if line.rstrip().endswith(("-", "-CN", "-US"))]
    assert sum(amount in line for line in lines) == len(blocks)


@pytest.mark.parametrize("amount", ["-2.81 万美元", "8,300 美元", "1,234 万元", "-5.6 亿日元"])
def test_a_chinese_amount_stays_on_one_line(amount: str, tmp_path: Path) -> None:
    blocks = tuple(Paragraph(f"{'字' * 40}{'x' * k}{amount}。") for k in range(1, 24))
    document = replace(sample("zh"), blocks=blocks)
    lines = tool("pdftotext", render_pdf(document), "-layout", "@", "-", tmp_path=tmp_path).splitlines()
    assert sum(amount in line for line in lines) == len(blocks)
    assert not [line for line in lines if line.strip().startswith("。")]


@pytest.mark.parametrize("amount", ["-2.81 万美元", "-1,128 亿日元"])
def test_a_chinese_amount_is_never_parted_in_its_column(amount: str, tmp_path: Path) -> None:
    columns = tuple(Column(f"c{k}", "right" if k else "left") for k in range(9))
    document = replace(sample("zh"), blocks=(Table("", columns, (("row", *[amount] * 8),)),))
    lines = tool("pdftotext", render_pdf(document), "-layout", "@", "-", tmp_path=tmp_path).splitlines()
    assert max(line.count(amount) for line in lines) == 8


@pytest.mark.parametrize("amount", ["-CN\u00a5130,927", "-$12,345,678", "\u00a51,234,567,890"])
def test_an_amount_is_never_parted_in_its_column(amount: str, tmp_path: Path) -> None:
    columns = tuple(Column(f"c{k}", "right" if k else "left") for k in range(9))
    document = replace(sample("en"), blocks=(Table("", columns, (("row", *[amount] * 8),)),))
    lines = tool("pdftotext", render_pdf(document), "-layout", "@", "-", tmp_path=tmp_path).splitlines()
    assert max(line.count(amount) for line in lines) == 8


def pages_of(*blocks: Block) -> list[str]:
    """Text of each page."""
    return [page.extract_text() for page in PdfReader(BytesIO(render_pdf(replace(sample("en"), blocks=blocks)))).pages]


LINES = range(33, 46)
"""Paragraphs of one line each: from those that nearly fill a page to a second one that is begun in earnest."""


def test_a_page_that_is_hardly_begun_is_gone_on_with() -> None:
    """A few lines left over from one part do not take a page of their own."""
    part = Heading("The next part"), Paragraph("begins here")

    def pages(count: int, *after: Block) -> int:
        return len(pages_of(*(Paragraph(f"Line {k}") for k in range(count)), *after))

    told = [(pages(k), pages(k, PageBreak(), *part), pages(k, PageBreak(is_soft=True), *part)) for k in LINES]
    assert sorted(set(told)) == [(1, 2, 2), (2, 3, 2), (2, 3, 3)]
    assert told == sorted(told)


def test_what_leads_into_a_chart_stays_with_it() -> None:
    chart = Chart(SVG.format(label="x"), "The chart", "A line.")
    for count in range(15, 33):
        pages = pages_of(
            *(Paragraph(f"Line {k}") for k in range(count)),
            Heading("A part"),
            Paragraph("It leads in."),
            chart,
            Note("n"),
        )
        (found,) = (text for text in pages if "The chart" in text)
        assert "A part" in found, count
        assert "It leads in." in found, count


def test_quotes_are_as_wide_as_their_shape_in_english_and_as_a_character_in_chinese(tmp_path: Path) -> None:
    widths = {}
    for language in LANGUAGES:
        document = replace(sample(language), blocks=(Paragraph("a \u201ci\u201d b"),))
        boxes = tool("pdftotext", render_pdf(document), "-bbox", "@", "-", tmp_path=tmp_path)
        start, end = (float(re.findall(rf'xMin="([\d.]+)" [^>]*>{word}<', boxes)[0]) for word in "ab")
        widths[language] = end - start
    assert widths["en"] < 2.5 * 9.5 < widths["zh"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("喆镕𠮷", "喆镕〓"),
        ("é Å", "é Å"),
        ("e\u0301", "é"),
        ("a\u200db\u00ad\u202ec\ufe0f", "abc"),
        ("a\x00\x07", "a〓〓"),
        ("1\u202f000\t2", "1 000 2"),
        ("→ ≥ ≤ × ≈ − – — … • ✓ ▲ ● ◆ ■ □ 〓 ¥ € £ % ‰ °", "→ ≥ ≤ × ≈ − – — … • ✓ ▲ ● ◆ ■ □ 〓 ¥ € £ % ‰ °"),
        ("一\r\n二\u2029三", "一\n二\n三"),
        ("\ud800🚀", "〓〓"),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize("style", ["Regular", "Bold"])
def test_code_point_list_is_what_the_font_has(style: str) -> None:
    font = TTFont(FONT_DIR / f"NotoSansSC-{style}.ttf", lazy=True)
    assert code_points(style) == set(font.getBestCmap())
    assert font["name"].getBestFamilyName() == "Noto Sans SC"
    assert font["OS/2"].usWeightClass == {"Regular": 400, "Bold": 700}[style]


def test_bold_lacks_nothing_that_regular_could_not_lend() -> None:
    assert code_points("Bold") <= code_points("Regular")
    assert {ord(c) for c in "喆镕"} <= code_points("Regular") - code_points("Bold")


def test_empty_document_and_empty_cells_render() -> None:
    empty = Document("", "", "en", "", sample("en").date, "", (Table("", (Column(""),), ()), Paragraph("")))
    assert render_pdf(empty).startswith(b"%PDF")


def test_table_refuses_a_short_row() -> None:
    with pytest.raises(ValueError, match=r"row 1 .* has 1 cells for 2 columns"):
        Table("Costs", (Column("a"), Column("b")), (("1", "2"), ("3",)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_chart_prints_its_labels_in_the_report_font(language: str, tmp_path: Path) -> None:
    label = '第 10 个月 <b> & "x" #read("/etc/passwd") 🚀'
    values = [{"month": m, "saving": 1000 * m} for m in range(12)]
    chart = alt.Chart(alt.Data(values=values)).mark_line().encode(x=alt.X("month:Q", title=label), y="saving:Q")
    svg = chart_to_svg(chart, language)
    assert svg == chart_to_svg(chart, language)
    assert set(re.findall(r'font-family="([^"]+)"', svg)) == {"Noto Sans SC"}
    document = Document("Chart", "", language, "", sample("en").date, "", (Chart(svg, "", "A line."),))
    text = text_of(render_pdf(document), tmp_path)
    assert squeezed(label.replace("🚀", MISSING)) in text
    assert "saving" in text


def test_chart_says_nothing_in_english_of_its_own() -> None:
    """Vega would call an axis "Y-axis titled ... for a linear scale", whatever the language of the reader."""
    chart = alt.Chart(alt.Data(values=[{"month": 1, "saving": 2}])).mark_line().encode(x="month:Q", y="saving:Q")
    assert "aria-label=" not in chart_to_svg(chart, "zh")


def test_chart_fetches_nothing() -> None:
    chart = alt.Chart("https://example.com/data.json").mark_line().encode(x="a:Q")
    with pytest.raises(ValueError, match="not allowed"):
        chart_to_svg(chart, "en")


def test_picture_in_svg_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(base64.b64decode(PIXEL))
    picture = f'<image href="{secret}" width="9" height="9"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{picture}</svg>'
    linked = Document("t", "", "en", "", sample("en").date, "", (Chart(svg, "", "A square."),))
    with pytest.raises(RuntimeError, match="link"):
        render_pdf(linked)
