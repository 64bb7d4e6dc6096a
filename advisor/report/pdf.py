"""The report as a tagged, archivable PDF (PDF/UA-1 and PDF/A-2a), typeset by Typst.

Text reaches the template only as JSON values, never as markup, so nothing a user writes can run.
The same document gives the same bytes, in every process.
"""

import datetime
import json
import re
import unicodedata
from dataclasses import fields
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from advisor.core.notices import InputError, Issue
from advisor.core.places import DATA
from advisor.core.units import CURRENCIES
from advisor.report.document import Block, Chart, Column, Document, Heading, KeyFigure, Paragraph, Particular, Table
from advisor.scenario import Logo
from advisor.text.i18n import Translator
from advisor.text.languages import ENGLISH, language_record

if TYPE_CHECKING:
    import typst

FONT_DIR = DATA / "fonts"
WEIGHTS = (400, 700)
"""Of text, and of what is bold."""
TEMPLATE = Path(__file__).with_name("template.typ")
STANDARDS: "list[typst.PDFStandard]" = ["ua-1", "a-2a"]

MISSING = "〓"  # what East Asian typesetting prints for a character that the font does not have
VARIATION_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
DENSE_COLUMNS = 3  # from this many columns, or rows, a table is set in smaller type
DENSE_ROWS = 19
UNBROKEN_ROWS = 12  # a table up to this long, and with little text, stays on one page
UNBROKEN_CHARACTERS = 1500
BODY, CELL_GAP = 493.0, 8.0
"""Width of the text and the space beside a column [pt], as in the template."""
DIGIT_EM, SMALLEST_TYPE = 0.56, 5.5
"""Width of a digit [em], and the type below which a figure is parted after all [pt]."""
SIZE = "[\u4e07\u4ebf]"
"""The word for the size of an amount, ten thousand or a hundred million, before the name of its currency."""
FIRST_WIDE = "\u2e80"
"""The first of the characters that are 1 em wide."""

PIXELS_PER_INCH = 288.0
"""Four pixels to a point."""

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


def render_pdf(document: Document) -> bytes:
    """The document as PDF bytes. Raises :class:`InputError` where its logo cannot be printed."""
    try:
        return typeset(json.dumps(_payload(document), ensure_ascii=False), document.date)
    except RuntimeError:
        if document.logo is not None:
            check_logo(document.logo)
        raise


def check_logo(logo: Logo, field: str = "logo") -> None:
    """Raise :class:`InputError` for a picture that cannot be printed: only typesetting tells."""
    bare = Document("–", "", ENGLISH, "", datetime.date(2000, 1, 1), "", (), logo=logo)
    try:
        typeset(json.dumps(_payload(bare), ensure_ascii=False), bare.date)
    except RuntimeError:
        raise InputError([Issue(field, "logo_unprintable", {})]) from None


def typeset(data: str, on: datetime.date) -> bytes:
    """What the template reads, as JSON, typeset as PDF bytes that say they were made on the day ``on``."""
    import typst

    compiler = typst.Compiler(str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=_fonts(), ignore_system_fonts=True)
    midnight = datetime.datetime.combine(on, datetime.time(), datetime.UTC)
    pdf = compiler.compile(
        sys_inputs={"data": data},
        format="pdf",
        pdf_standards=STANDARDS,
        timestamp=int(midnight.timestamp()),
    )
    if not isinstance(pdf, bytes):
        raise TypeError(f"Typst returned {type(pdf).__name__} instead of bytes")
    return pdf


def pixels_of(svg: bytes, height: int) -> bytes:
    """A drawing as a PNG for a place so high [pt]; what is half-transparent stays so, in its own colour.

    Its letters may be in any font of this machine: in ours alone those of another font would be left out.
    """
    import typst

    page = "#set page(width: auto, height: auto, margin: 0pt, fill: none)"
    image = f'#image(bytes(sys.inputs.svg), format: "svg", height: {height}pt)'
    png = typst.compile(
        f"{page}\n{image}".encode(),
        format="png",
        ppi=PIXELS_PER_INCH,
        font_paths=typst.Fonts(font_paths=[str(FONT_DIR)]),
        sys_inputs={"svg": svg.decode("utf-8", errors="replace")},
    )
    if not isinstance(png, bytes):
        raise TypeError(f"Typst returned {type(png).__name__} instead of bytes")
    return png


def printable(text: str) -> str:
    """``text`` with everything the fonts cannot show replaced by ``〓``.

    Letters with separate accents are composed first. Invisible format characters (joiners, variation selectors,
    text-direction overrides, soft hyphens) are dropped: they have no shape, and could only disguise other text.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    known = code_points("Regular")
    return "".join(_shown(c, known) for c in unicodedata.normalize("NFC", lines))


def _shown(character: str, known: frozenset[int]) -> str:
    if character == "\n" or ord(character) in known:
        return character
    category = unicodedata.category(character)
    if category == "Zs" or character == "\t":
        return " "
    return "" if category == "Cf" or character in VARIATION_SELECTORS else MISSING


@cache
def code_points(style: str) -> frozenset[int]:
    """Code points that a weight (``Regular`` or ``Bold``) covers, from the list beside the fonts."""
    sections = re.split(r"^\[(\w+)\]$", (FONT_DIR / "codepoints.txt").read_text(encoding="ascii"), flags=re.MULTILINE)
    spans = (item.partition("-") for item in sections[sections.index(style) + 1].split())
    return frozenset(point for low, _, high in spans for point in range(int(low, 16), int(high or low, 16) + 1))


def faces() -> frozenset[tuple[str, int]]:
    """Family and weight of each font that reports are set in, as Typst finds them."""
    return frozenset((face.family, face.weight) for face in _fonts().fonts())


@cache
def _fonts() -> "typst.Fonts":
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONT_DIR)])


def _payload(document: Document) -> Json:
    """What the template reads: printable strings and a few sizes."""
    blocks: list[Json] = []
    level, language = 0, language_record(document.language)
    named = _named(document.language)
    amounts = re.compile(rf"-?[A-Z]*[^\w\s]?\d[\d.,]*(?:{named})?")
    for block, after in zip_longest(document.blocks, document.blocks[1:]):
        if isinstance(block, Heading) and not block.text.strip():
            continue  # the standard forbids an empty heading
        values = _block(block, amounts)
        if isinstance(block, Paragraph):
            values["leads"] = isinstance(after, Chart)  # it stays on the page of the picture
        if isinstance(block, Heading):  # an outline may not skip a level
            level = values["level"] = max(1, min(block.level, level + 1))
        blocks.append(values)
    return {
        "title": printable(document.title).strip() or "–",  # and demands a title
        "subtitle": printable(document.subtitle),
        "author": printable(document.author),
        "footer": printable(document.footer),
        "page": printable(document.labels.get("page", "{page} / {pages}")),
        "lang": document.language,
        "region": language.region,
        "font": language.font,
        "leading": language.line_gap_em,
        "wide_quotes": language.wide_quotes,
        "named": named,
        "logo": None if document.logo is None else _logo(document.logo, document.logo_alt),
        "blocks": blocks,
    }


def _named(language: str) -> str:
    """What stands behind an amount, as a regular expression; empty where a currency has its sign before it."""
    t = Translator(language)
    told = [t.named_money("\0", currency).partition("\0") for currency in CURRENCIES]
    names = "|".join(re.escape(name.strip()) for before, _, name in told if not before)
    return f" ?{SIZE}?(?:{names})" if names else ""


def _logo(logo: Logo, alt: str) -> dict[str, Json]:
    """A drawing as text, pixels as numbers: both reach the template as values."""
    content: Json = [*logo.content] if logo.kind != "svg" else logo.content.decode("utf-8", errors="replace")
    return {"format": logo.kind, "content": content, "alt": printable(alt).strip() or MISSING}


def _block(block: Block, amounts: re.Pattern[str]) -> dict[str, Json]:
    """One block as plain values, with its kind; a table also with its type size and whether it stays on one page.

    ``amounts`` are what is never parted over two lines of a column of figures.
    """
    values: dict[str, Json] = {field.name: _plain(getattr(block, field.name)) for field in fields(block)}
    values["kind"] = type(block).__name__
    if isinstance(block, Chart):
        values["alt"] = values["alt"] or values["caption"] or MISSING  # the standard demands one
    if isinstance(block, Table):
        values["size"] = _type_size(block, amounts)
        characters = sum(len(cell) for row in block.rows for cell in row)
        values["whole"] = len(block.rows) <= UNBROKEN_ROWS and characters <= UNBROKEN_CHARACTERS
    return values


def _type_size(table: Table, amounts: re.Pattern[str]) -> float:
    """Type of a table [pt]: small where there is much of it, smaller still where an amount would not fit its column."""
    size = 8.0 if len(table.columns) >= DENSE_COLUMNS or len(table.rows) >= DENSE_ROWS else 9.0
    whole = sum(column.share for column in table.columns)
    for k, column in enumerate(table.columns):
        found = (each for row in table.rows for each in amounts.findall(row[k])) if column.align == "right" else ()
        longest = max(map(_width_em, found), default=0.0)
        if longest:
            size = min(size, (BODY * column.share / whole - CELL_GAP) / longest)
    return max(size, SMALLEST_TYPE)


def _width_em(text: str) -> float:
    return sum(1.0 if character >= FIRST_WIDE else DIGIT_EM for character in text)


def _plain(value: object) -> Json:
    """``value`` as JSON, every string in it printable."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, int | float):
        return value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Column | KeyFigure | Particular):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"no JSON for {type(value).__name__}")
