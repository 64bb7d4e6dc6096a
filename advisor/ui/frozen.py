"""A report as it was kept, drawn on a page from its blocks: the very words and figures of its PDF.

One element for the whole report. Charts are the pictures that were kept, on white paper in either theme.
"""

import base64
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Any

import streamlit as st

from advisor.report.document import (
    Approval,
    Block,
    Bullets,
    Chart,
    Document,
    Heading,
    KeyFigures,
    Note,
    PageBreak,
    Paragraph,
    Particular,
    Particulars,
    Sources,
    Table,
    Verdict,
)
from advisor.scenario import Logo
from advisor.store.records import Revision
from advisor.text.i18n import Translator
from advisor.text.languages import language_name, language_record, languages
from advisor.ui import heavy, layout, observed, tables, works
from advisor.ui.workers import Turn

STYLE = """<style>
.frozen {max-width: 62rem; line-height: 1.5; overflow-wrap: anywhere}
.frozen :is(h2, h3, h4, h5, h6) {line-height: 1.25; padding: 0; margin: 1.6rem 0 .5rem}
.frozen h2 {font-size: 1.75rem; margin-top: .5rem}
.frozen h3 {font-size: 1.4rem}
.frozen h4 {font-size: 1.15rem}
.frozen :is(h5, h6) {font-size: 1rem}
.frozen p {margin: 0 0 .7rem}
.frozen .verdict .label {font-size: 1.2rem}
.frozen .verdict .sentence {font-size: 1.3rem; font-weight: 650}
.frozen .logo {max-height: 3.2rem; max-width: 10rem; background: #ffffff; border-radius: .3rem; padding: .3rem}
.frozen dl {display: grid; grid-template-columns: repeat(auto-fit, minmax(min(13rem, 100%), 1fr)); gap: .7rem 1.5rem;
  margin: .5rem 0 1rem; padding: 0}
.frozen dd {margin: 0}
.frozen dl.sign dd {border-bottom: 1px solid currentColor; height: 2rem}
.frozen ol {list-style: none; padding: 0; margin: .4rem 0 1rem}
.frozen figure {margin: 1.2rem 0}
.frozen figcaption {font-weight: 650; margin-bottom: .4rem}
.frozen .paper {overflow-x: auto; background: #ffffff; border-radius: .5rem; padding: .6rem}
.frozen .paper img {display: block; width: 100%; min-width: 30rem; max-width: 46rem; height: auto}
.frozen .stacked :is(td, th) {overflow-wrap: break-word}
.frozen .stacked .total > * {font-weight: 700}
.frozen .stacked .topic th {font-weight: 700; padding-top: 1rem}
.frozen summary {cursor: pointer; padding: .4rem 0; min-height: 1.5rem}
.frozen a {color: light-dark(#0b5cad, #66b2ff)}
@media (min-width: 641px) {
  .frozen .stacked .figure {text-align: right; font-variant-numeric: tabular-nums; padding-left: .5rem}
  .frozen .stacked tbody th {font-weight: 400}
}
</style>"""
PICTURES = {"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg"}


def draw(document: Document, t: Translator, title: str = "") -> None:
    """The whole report below one another, in its own language, under the page's own ``title``.

    A language in which it was not kept is told.
    """
    if document.language != t.language:
        shown = document.language in languages()
        called = language_name(document.language) if shown else document.language
        st.caption(layout.plain(t("sharing.in_its_language", language=called)))
    st.html(tables.STYLE + STYLE + as_html(document, t, title))


def download(revision: Callable[[], Revision], name: str, t: Translator) -> None:
    """The report as PDF, to be saved as ``name``; ``revision`` is asked for on the click, outside any run of the page.

    In the reader's language, as far as it was kept. Where it raises, no file is made, and the button says so.
    """
    st.html(heavy.refusal(t("sharing.no_file"), t))
    st.download_button(
        t("ui.pdf"),
        data=observed.of_redraw(lambda: pdf_of(revision(), t.language)),
        file_name=f"{name}.pdf",
        mime="application/pdf",
        icon=":material/picture_as_pdf:",
        on_click="ignore",
        key=f"download.frozen.{name}.{t.language}",
        help=t("sharing.pdf_help"),
    )


def pdf_of(revision: Revision, language: str) -> bytes:
    """The PDF that was kept; where none was, or readers of this language have another, the kept report printed."""
    from advisor.report.keeping import kept_pdf_of, report_in

    kept = kept_pdf_of(revision, language)
    return _printed(revision.head.hash, language, report_in(revision, language)) if kept is None else kept


@st.cache_data(max_entries=16, show_spinner=False)
def _printed(content_hash: str, language: str, _report: Mapping[str, Any]) -> bytes:
    """Remembered by everything that was frozen."""
    return heavy.of_no_case(Turn(is_page=True), works.kept_pdf, works.untold, _report)


# -- the document ---------------------------------------------------------------------------------------


def as_html(document: Document, t: Translator, above: str = "") -> str:
    """The report as HTML in which every text is escaped; what the page says ``above`` is not said again."""
    parts = [_logo(document.logo, document.logo_alt)] if document.logo else []
    is_said = document.title == above
    parts += [] if is_said else [f"<h2>{escape(document.title)}</h2>"]
    parts += [_small(document.subtitle), *_blocks(document, t, 1 if is_said else 2)]
    parts.append(_small(" · ".join(filter(None, (document.author, document.footer)))))
    known = document.language in languages()
    tag = language_record(document.language).tag if known else document.language
    told = f'<article class="frozen" lang="{escape(tag)}">{"".join(parts)}</article>'
    return told.encode(errors="replace").decode()  # half a character, which only a file made by hand can hold


def _blocks(document: Document, t: Translator, rank: int) -> Iterator[str]:
    """Each block, under a heading of this ``rank``; a table without a caption is called by the heading above it, and
    no level of headings is skipped."""
    above, level = document.title, 0
    for block in document.blocks:
        if isinstance(block, Heading):
            if block.text.strip():
                above, level = block.text, max(1, min(block.level, level + 1))
                yield _heading(block.text, level + rank)
        elif isinstance(block, Table):
            yield _table(block, above, t)
        else:
            yield _block(block, above)


def _heading(text: str, level: int) -> str:
    rank = min(level, 6)
    return f"<h{rank}>{escape(text)}</h{rank}>"


def _block(block: Block, above: str) -> str:
    match block:
        case Paragraph(text):
            return f"<p>{escape(text)}</p>"
        case Verdict():
            return _verdict(block)
        case KeyFigures(items):
            return f'<div class="figures">{"".join(layout.card(it.label, it.value, it.note) for it in items)}</div>'
        case Particulars(items):
            return f"<dl>{''.join(_particular(it) for it in items)}</dl>"
        case Approval(text, lines):
            blanks = "".join(f'<div><dt class="small">{escape(line)}</dt><dd></dd></div>' for line in lines)
            return f'<p><b>{escape(text)}</b></p><dl class="sign">{blanks}</dl>'
        case Bullets(items):
            return f"<ul>{''.join(f'<li>{escape(it)}</li>' for it in items)}</ul>"
        case Sources(items):
            told = (f'<li class="small">[{k}] {escape(it)}</li>' for k, it in enumerate(items, start=1))
            return f"<ol>{''.join(told)}</ol>"
        case Chart():
            return _chart(block, above)
        case Note(text):
            return _small(text)
        case PageBreak() | _:
            return ""


def _small(text: str) -> str:
    return f'<p class="small">{escape(text)}</p>' if text else ""


def _verdict(block: Verdict) -> str:
    reason = f'<div class="reason">{escape(block.reason)}</div>' if block.reason else ""
    sign = layout.sign(block.tone)
    return (
        f'<div class="verdict" style="--tone:{layout.TONE_COLOURS[block.tone]}">'
        f'<div class="label">{sign} {escape(block.label)}</div>'
        f'<div class="sentence">{escape(block.sentence)}</div>{reason}</div>'
    )


def _particular(it: Particular) -> str:
    value = escape(it.value)
    if it.link.startswith(("https://", "http://")):
        value = f'<a href="{escape(it.link)}" target="_blank" rel="noopener noreferrer">{value}</a>'
    return f'<div><dt class="small">{escape(it.label)}</dt><dd>{value}</dd></div>'


def _chart(block: Chart, above: str) -> str:
    """The picture as it was kept, in dots: it runs no script and fetches nothing."""
    name, caption = block.caption or above, _caption(block.caption)
    picture = f'<img src="{_data("png", _dots(block.svg))}" alt="{escape(block.alt)}">'
    return f'<figure>{caption}<div class="paper" {_scrolls(name)}>{picture}</div></figure>'


@st.cache_data(max_entries=200, show_spinner=False)
def _dots(svg: str) -> bytes:
    """Remembered by the picture itself: a tenth of a second each."""
    from advisor.report.charts_svg import svg_to_png

    return svg_to_png(svg)


def _caption(text: str) -> str:
    return f"<figcaption>{escape(text)}</figcaption>" if text else ""


def _scrolls(name: str) -> str:
    """What is wider than a telephone scrolls in its own place, with the keyboard too."""
    return f'tabindex="0" role="region" aria-label="{escape(name)}"'


def _data(kind: str, content: bytes) -> str:
    return f"data:{PICTURES.get(kind, 'image/png')};base64,{base64.b64encode(content).decode()}"


def _logo(logo: Logo, alt: str) -> str:
    return f'<img class="logo" src="{_data(logo.kind, logo.content)}" alt="{escape(alt)}">'


# -- tables ---------------------------------------------------------------------------------------------


def _table(block: Table, above: str, t: Translator) -> str:
    """Rows under their heads; on a telephone a card for each. A long one is folded, as it is looked into, not read."""
    topics, last = dict(block.topics), len(block.rows) - 1
    heads = "".join(f'<th scope="col"{_side(c.align)}>{escape(c.title)}</th>' for c in block.columns)
    rows = []
    for number, row in enumerate(block.rows):
        if number in topics:
            span = len(block.columns)
            rows.append(f'<tr class="topic"><th colspan="{span}" scope="rowgroup">{escape(topics[number])}</th></tr>')
        rows.append(_row(block, row, is_total=block.total_row and number == last))
    body = f'<table class="stacked" role="table"><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    shown = f'<div class="broad" {_scrolls(block.caption or above)}>{body}</div>'
    if len(block.rows) > layout.FEW_ROWS:
        count = escape(t("sharing.all_rows", count=t.number(len(block.rows))))
        shown = f"<details><summary>{count}</summary>{shown}</details>"
    return f"<figure>{_caption(block.caption)}{shown}{_small(block.note)}</figure>"


def _row(block: Table, row: tuple[str, ...], *, is_total: bool) -> str:
    first, *others = row
    cells = zip(block.columns[1:], others, strict=True)
    told = "".join(
        f'<td{_side(c.align, empty=not value)} data-label="{escape(c.title)}"><span>{_cell(value)}</span></td>'
        for c, value in cells
    )
    return f'<tr{" class=total" if is_total else ""}><th scope="row">{escape(first)}</th>{told}</tr>'


def _side(align: str, *, empty: bool = False) -> str:
    said = [*(["figure"] if align == "right" else []), *(["empty"] if empty else [])]
    return f' class="{" ".join(said)}"' if said else ""


def _cell(value: str) -> str:
    """A figure keeps its minus sign on its line."""
    return layout.unbroken(value) if tables.is_brief(value) else escape(value)
