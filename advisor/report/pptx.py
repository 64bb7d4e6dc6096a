"""Slides as a PowerPoint file with charts that can be edited, on a company's own template where there is one.

User text is put in as text, never as markup. Raises :class:`InputError` where the template cannot be read.
"""

import datetime
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from advisor.charts.style import wrapped
from advisor.core.notices import InputError, Issue
from advisor.report.deck import BarChart, CurveChart, Deck, Piece, Slide
from advisor.report.document import Bullets, Column, KeyFigures, Paragraph, Particulars, Table, Verdict
from advisor.report.native_charts import add_bars, add_curves, say_alt
from advisor.scenario import Logo
from advisor.text.languages import language_record

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide as NativeSlide
    from pptx.slide import SlideLayout

LARGEST_TEMPLATE_BYTES = 20_000_000
EMU = 12_700
"""Units of the format in a point."""
WIDTH, HEIGHT = 960, 540
"""A slide without a template [pt], 16 to 9."""
MARGIN, GAP = 46, 12
TITLE_TOP, TITLE_HEIGHT = 26, 56
TITLE, LEAD, FIGURE, BODY, CELL, SMALL = 28, 20, 20, 16, 14, 12
"""Heights of letters [pt]."""
LINE = 1.3
CARD = 92
CELL_LINE, CELL_ROOM, ROW_AIR = 1.2, 14.4, 6
"""Of a cell: a line over the height of its letters, the room beside its words [pt], more above and below at most."""
LOGO_HEIGHT = 44
OWN_PLACES = frozenset({"TITLE", "CENTER_TITLE", "DATE", "FOOTER", "SLIDE_NUMBER"})
"""Placeholders of a layout that leave the slide free."""


def render_pptx(deck: Deck, template: bytes | None = None) -> bytes:
    """The deck as the bytes of its file; its pages have the look of the ``template``."""
    presentation = _opened(template)
    for slide in deck.slides:
        _Page(presentation, deck, slide, is_own=template is None).draw()
    said = presentation.core_properties
    said.title, said.author, said.language = deck.title, deck.author, language_record(deck.language).tag
    said.created = said.modified = datetime.datetime.combine(deck.date, datetime.time())
    said.last_modified_by = deck.author
    written = BytesIO()
    presentation.save(written)
    return written.getvalue()


def check_template(content: bytes, field: str, path: str) -> None:
    """Raise :class:`InputError`, which names ``field`` and ``path``, for what is no presentation."""
    if len(content) > LARGEST_TEMPLATE_BYTES:
        raise InputError(
            [Issue(field, "template_too_large", {"path": path, "maximum": LARGEST_TEMPLATE_BYTES // 1_000_000})]
        )
    _opened(content, field, path)


def _opened(template: bytes | None, field: str = "template", path: str = "") -> "Presentation":
    """A presentation without slides."""
    from pptx import Presentation
    from pptx.exc import PackageNotFoundError

    if template is None:
        blank = Presentation()
        blank.slide_width, blank.slide_height = WIDTH * EMU, HEIGHT * EMU
        return blank
    try:
        own = Presentation(BytesIO(template))
    except (BadZipFile, PackageNotFoundError, KeyError, ValueError):
        raise InputError([Issue(field, "not_a_template", {"path": path})]) from None
    listed: Any = own.slides._sldIdLst
    for entry in list(listed):
        own.part.drop_rel(entry.rId)
        listed.remove(entry)
    return own


class _Page:
    """One slide on its way: pieces are put below each other, and what is last takes the rest."""

    def __init__(self, presentation: "Presentation", deck: Deck, slide: Slide, *, is_own: bool) -> None:
        self.deck, self.slide = deck, slide
        self.width = int(presentation.slide_width or 0) / EMU
        self.height = int(presentation.slide_height or 0) / EMU
        self.native: NativeSlide = presentation.slides.add_slide(_layout(presentation))
        self.top = self._title(is_own) + GAP

    @property
    def room(self) -> float:
        """Width between the margins [pt]."""
        return self.width - 2 * MARGIN

    def draw(self) -> None:
        for piece in self.slide.pieces:
            self._put(piece)
        if self.slide is self.deck.slides[0] and self.deck.logo is not None:
            self._picture(self.deck.logo)
        notes = self.native.notes_slide.notes_text_frame
        if notes is not None:
            notes.text = "\n".join(self.slide.notes)

    def _title(self, is_own: bool) -> float:
        """Where it ends [pt]; a company's template says where its titles stand."""
        title = self.native.shapes.title
        if title is None:
            self._text([self.slide.title], TITLE_HEIGHT, TITLE, bold=True, top=TITLE_TOP)
            return TITLE_TOP + TITLE_HEIGHT
        title.text_frame.text = self.slide.title
        if is_own:
            from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

            title.left, title.top = _emu(MARGIN), _emu(TITLE_TOP)
            title.width, title.height = _emu(self.room), _emu(TITLE_HEIGHT)
            title.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
            paragraph = title.text_frame.paragraphs[0]
            paragraph.alignment = PP_ALIGN.LEFT
            paragraph.font.size, paragraph.font.bold = _emu(TITLE), True
        _speak(title.text_frame.paragraphs, self.deck)
        return float(title.top + title.height) / EMU

    def _put(self, piece: Piece) -> None:
        match piece:
            case Verdict(_, label, sentence, reason):
                self._text([label], self._lines(label, TITLE), TITLE, bold=True)
                self._text([sentence], self._lines(sentence, LEAD), LEAD)
                self._text([reason] if reason else [], self._lines(reason, BODY), BODY)
            case Paragraph(text):
                self._text([text], self._lines(text, BODY), BODY)
            case Bullets(items):
                shown = [f"\u2022 {item}" for item in items]
                self._text(shown, sum(self._lines(item, BODY) for item in shown), BODY)
            case KeyFigures():
                self._cards(piece)
            case Particulars(items):
                self._table((Column("", share=1.0), Column("", share=3.0)), [(it.label, it.value) for it in items])
            case Table(_, columns, rows):
                self._table(columns, rows)
            case CurveChart() | BarChart():
                add = add_curves if isinstance(piece, CurveChart) else add_bars
                place = (_emu(MARGIN), _emu(self.top), _emu(self.room), _emu(self.height - self.top - MARGIN / 2))
                add(self.native, piece, place, self.deck.money)  # type: ignore[arg-type]
            case _:
                raise TypeError(f"no slide shows {type(piece).__name__}")

    def _lines(self, text: str, size: float) -> float:
        """Height that a text takes [pt]."""
        return len(wrapped(text, self.room, size)) * size * LINE

    def _text(
        self, paragraphs: Sequence[str], height: float, size: float, *, bold: bool = False, top: float | None = None
    ) -> None:
        if not paragraphs:
            return
        place = (_emu(MARGIN), _emu(self.top if top is None else top), _emu(self.room), _emu(height))
        box = self.native.shapes.add_textbox(*place)
        _write(box.text_frame, paragraphs, size, self.deck, bold=bold)
        if top is None:
            self.top += height + GAP

    def _cards(self, figures: KeyFigures) -> None:
        """The figures side by side, each with its name above and what it rests on below."""
        wide = self.room / len(figures.items)
        tallest = 0.0
        for k, item in enumerate(figures.items):
            lines = len(wrapped(item.note, wide - GAP, SMALL))
            tallest = max(tallest, CARD + max(lines - 1, 0) * SMALL * LINE)
            place = (_emu(MARGIN + k * wide), _emu(self.top), _emu(wide - GAP), _emu(CARD))
            frame = self.native.shapes.add_textbox(*place).text_frame
            _write(frame, [item.label, item.value, item.note], SMALL, self.deck)
            value = frame.paragraphs[1]
            value.font.size, value.font.bold = _emu(FIGURE), True
        self.top += tallest + GAP

    def _table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
        """Rows below their headings, which are left out where no column has one."""
        titles = [column.title for column in columns]
        shown = [titles, *rows] if any(titles) else [*rows]
        if not shown:
            return
        whole = sum(column.share for column in columns)
        widths = [self.room * column.share / whole for column in columns]
        heights = self._row_heights(shown, widths)
        place = (_emu(MARGIN), _emu(self.top), _emu(self.room), _emu(sum(heights)))
        frame = self.native.shapes.add_table(len(shown), len(columns), *place)
        table = frame.table
        table.first_row, table.horz_banding = any(titles), False
        for row_of_table, height in zip(table.rows, heights, strict=True):
            row_of_table.height = _emu(height)
        for k, column in enumerate(columns):
            table.columns[k].width = _emu(widths[k])
            for at, row in enumerate(shown):
                _write(table.cell(at, k).text_frame, [row[k]], CELL, self.deck, is_right=column.align == "right")
        say_alt(frame, self.slide.title)
        self.top += sum(heights) + GAP

    def _row_heights(self, rows: Sequence[Sequence[str]], widths: Sequence[float]) -> list[float]:
        """What the words of each row take [pt], and some air where the page has room for it."""
        lines = [
            max(len(wrapped(text, wide - CELL_ROOM, CELL)) or 1 for text, wide in zip(row, widths, strict=True))
            for row in rows
        ]
        least = [count * CELL * CELL_LINE + CELL_ROOM / 2 for count in lines]
        spare = (self.height - self.top - MARGIN / 2 - sum(least)) / len(rows)
        return [height + min(max(spare, 0.0), ROW_AIR) for height in least]

    def _picture(self, logo: Logo) -> None:
        content = logo.content
        if logo.kind == "svg":
            from advisor.report.pdf import pixels_of

            content = pixels_of(content, LOGO_HEIGHT)
        picture = self.native.shapes.add_picture(BytesIO(content), 0, 0, height=_emu(LOGO_HEIGHT))
        picture.left, picture.top = (
            _emu(self.width - MARGIN) - picture.width,
            _emu(self.height - MARGIN / 2 - LOGO_HEIGHT),
        )
        say_alt(picture, self.deck.logo_alt)


def _layout(presentation: "Presentation") -> "SlideLayout":
    """The layout with a title that leaves most of the slide free."""

    def taken(layout: "SlideLayout") -> tuple[bool, int]:
        kinds = [placeholder.placeholder_format.type.name for placeholder in layout.placeholders]
        return not {"TITLE", "CENTER_TITLE"} & {*kinds}, sum(kind not in OWN_PLACES for kind in kinds)

    return min(presentation.slide_layouts, key=taken)


def _write(
    frame: Any, paragraphs: Sequence[str], size: float, deck: Deck, *, bold: bool = False, is_right: bool = False
) -> None:
    from pptx.enum.text import PP_ALIGN

    frame.word_wrap = True
    for k, text in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if k == 0 else frame.add_paragraph()
        paragraph.text = text
        paragraph.font.size, paragraph.font.bold = _emu(size), bold
        if is_right:
            paragraph.alignment = PP_ALIGN.RIGHT
    _speak(frame.paragraphs, deck)


def _speak(paragraphs: Sequence[Any], deck: Deck) -> None:
    """Say which language a text is in, so that the right letters and the right voice are chosen."""
    tag = language_record(deck.language).tag
    for paragraph in paragraphs:
        for run in paragraph.runs:
            run.font._element.set("lang", tag)


def _emu(points: float) -> Any:
    from pptx.util import Emu

    return Emu(round(points * EMU))
