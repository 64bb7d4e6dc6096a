"""What several pages draw alike: cards, notices, charts, tables, downloads."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from html import escape
from typing import TYPE_CHECKING, Literal

import streamlit as st

from advisor.core.notices import InputError, Issue, Notice
from advisor.text.i18n import Translator
from advisor.text.phrases import field_label, issue_text, notice_text
from advisor.ui import history, kept, observed, state

if TYPE_CHECKING:
    import altair as alt
    from streamlit.delta_generator import DeltaGenerator

TONE_COLOURS = {"good": "#009E73", "fair": "#E69F00", "poor": "#D55E00", "unknown": "#56B4E9"}
TONE_SIGNS = {"good": "\u2714", "fair": "\u25b2", "poor": "\u2716", "unknown": "?"}
"""Colour never speaks alone: each tone has a sign of its own."""

INK = {"expr": "luminance(background) < 0.4 ? '#e8ecf1' : '#1b2430'"}
LEGIBLE = {"aria": False, "axis": {"labelColor": INK, "titleColor": INK}, "legend": {"labelColor": INK}}
"""Streamlit's grey is too pale for axes and legends, and Vega tells screen readers of them in English."""
FEW_ROWS = 20
"""So many rows are shown whole; more are a table that scrolls."""
PICTURES = "pictures"
"""Where a page keeps the pictures it has drawn, by their titles."""
WORD_JOINER = "\u2060"
"""Keeps a minus sign on the line of its amount, and parts an address where Markdown would take it for a link."""
HYPHEN, MINUS = re.compile(r"(?<![A-Za-z])-"), re.compile(r"(?<![\w-])-(?=[A-Z]{0,3}[^\w\s-]?\d)")
ADDRESS = re.compile(r"(?<=http)(?=s?://)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
"""Places in a bare address; escapes alone do not keep it from becoming a link."""

STYLE = """<style>
[data-testid^=stBaseButton-primary] :is(p, [data-testid=stIconMaterial]) {color: light-dark(#ffffff, #0a0e13)}
[data-testid=stMainBlockContainer] {padding: 4.5rem clamp(1rem, 4vw, 4rem) 4rem}
[data-testid=stTooltipIcon] button:not([data-testid]) {box-sizing: content-box; padding: 4px; margin: -4px}
[data-testid=stMain] h1 {font-size: clamp(1.9rem, 8.5vw, 2.75rem)}
[data-testid=stSidebar] .verdict .label {font-size: 1.25rem}
[data-testid=stSidebar] .verdict .sentence, [data-testid=stSidebar] .verdict .reason {font-size: .95rem}
.verdict {border-left: .5rem solid var(--tone); background: color-mix(in srgb, var(--tone) 12%, transparent);
  border-radius: .5rem; padding: .9rem 1.1rem; margin-bottom: .6rem}
.verdict .label {font-size: 1.6rem; font-weight: 700; line-height: 1.25}
.verdict .sentence {font-size: 1.05rem; margin-top: .25rem}
.verdict .reason {margin-top: .5rem; opacity: .95}
.verdict.large .label {font-size: clamp(1.7rem, 3.2vw, 2.6rem)}
.verdict.large .sentence, .verdict.large .reason {font-size: clamp(1.05rem, 1.5vw, 1.35rem)}
.first {display: grid; gap: 0 1.5rem; margin-top: .5rem}
@media (min-width: 1000px) {.first {grid-template-columns: minmax(0, 2fr) minmax(0, 3fr)}}
.outlook {margin: 0 0 .6rem; line-height: 1.5}
.figures {display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr));
  gap: .8rem; margin: .4rem 0 .9rem; padding: 0}
.figures:has(> :nth-child(6):last-child) {grid-template-columns: repeat(auto-fit, minmax(max(9.5rem, 30%), 1fr))}
.figures:has(> :nth-child(3):last-child, > :nth-child(5):last-child) {display: flex; flex-wrap: wrap}
.figures:has(> :nth-child(3):last-child, > :nth-child(5):last-child) > div {flex: 1 1 9.5rem}
.first .figures:has(> :nth-child(5):last-child) > div {flex-basis: 30%; min-width: 8.5rem}
.figures.large:has(> :nth-child(5):last-child) > div {flex-basis: min(13rem, 100%)}
@media (max-width: 640px) {[data-testid=stMain] [data-testid=stHorizontalBlock] {gap: 1rem}}
@media (min-width: 641px) {
  [data-testid=stMain] [data-testid=stColumn] {min-width: min(9.5rem, 100%)}
  [data-testid=stMain] [data-testid=stColumn]:has([data-testid=stVegaLiteChart]) {min-width: min(16rem, 100%)}
}
.figures > div {border: 1px solid color-mix(in srgb, currentColor 22%, transparent);
  border-radius: .5rem; padding: .6rem .8rem}
.figures .name {font-size: .88rem; opacity: .9}
.figures .value {font-size: 1.25rem; font-weight: 650; margin: 0; overflow-wrap: break-word; text-wrap: balance}
.figures:has(> :nth-child(7)) {grid-template-columns: repeat(auto-fit, minmax(max(9.5rem, 20%), 1fr))}
.figures:has(> :nth-child(7)) .value {font-size: 1.1rem}
.verdict + .figures {margin-top: 1.2rem}
.figures.large {grid-template-columns: repeat(auto-fit, minmax(min(13rem, 100%), 1fr))}
.figures.large .name {font-size: clamp(.9rem, 1.2vw, 1.1rem)}
.figures.large .value {font-size: clamp(1.2rem, 2.2vw, 2rem)}
[data-testid=stCheckbox] [data-testid=stMarkdownContainer] p {white-space: normal}
.small {font-size: .88rem; opacity: .9}
[data-testid=stPopover] button:is(:hover, [aria-expanded=true]) {color: light-dark(#0b5cad, #66b2ff)}
[data-testid=stElementToolbarButton]:has([aria-label^="Show data"]) {display: none}
h3.part {font-size: 1.75rem; line-height: 1.2; margin: 0; padding: .5rem 0 1rem}
a.way {color: light-dark(#0b5cad, #66b2ff)}
.unseen {position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%)}
</style>"""

WAYS = """
if (!window.ways) {
  window.ways = true;
  document.addEventListener('click', e => {
    const opens = e.target.closest?.('button[popovertarget]');
    const panel = opens && document.getElementById(opens.getAttribute('popovertarget'));
    const shown = panel && (opens.dataset.why ?? panel.dataset.why);
    if (!shown || panel.matches(':popover-open')) return;
    const every = document.createElement('div');
    every.innerHTML = document.getElementById('why-all').dataset.why;
    panel.innerHTML = shown;
    panel.querySelectorAll('[data-rows]').forEach(list => list.dataset.rows.split(' ').forEach(
      name => list.append(every.querySelector(`[data-row=${name}]`) ?? '')));
  }, true);
  document.addEventListener('toggle', e => e.target.querySelectorAll?.('a.way').forEach(a => {
    const to = new URL(a.href);
    new URLSearchParams(location.search).forEach((v, k) => to.searchParams.has(k) || to.searchParams.append(k, v));
    a.href = to;
  }), true);
  document.addEventListener('click', e => {
    const way = e.target.closest?.('a.way');
    if (!way || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
    e.preventDefault();
    document.querySelectorAll('.why:popover-open').forEach(panel => panel.hidePopover());
    history.pushState(null, '', way.href);
    dispatchEvent(new PopStateEvent('popstate'));
  });
}
"""
"""A panel is filled when it is opened. A link out of it takes the case along, which the address holds, and turns the
page without loading it anew."""


def plain(text: str) -> str:
    """Text that Markdown leaves alone: two dollar amounts are no formula, and what a user typed is no markup."""
    kept = MINUS.sub(f"-{WORD_JOINER}", ADDRESS.sub(WORD_JOINER, text))
    return re.sub(r"([\\`*_{}\[\]()#+.!|~$<>:-])", r"\\\1", kept)


@contextmanager
def folded(title: str, name: str, *, icon: str | None = None, opened: bool = False) -> Iterator[bool]:
    """A folded part of the page, ``opened`` at first or not; says whether it is open, so a closed one costs nothing."""
    if opened:
        st.session_state.setdefault(f"fold.{name}", True)
    box = st.expander(title, key=f"fold.{name}", icon=icon, on_change="rerun")
    with box:
        yield bool(box.open)


@contextmanager
def guarded(t: Translator) -> Iterator[None]:
    """The last edge: a fault is logged, the reader keeps the answers and gets words, not a traceback."""
    try:
        yield
    except InputError as error:
        faults(error.issues, t)
    except Exception as error:
        st.error(observed.failed(error, t))


def part(draw: Callable[[], None]) -> Callable[[], None]:
    """A part of a page that is redrawn alone; the address follows what was tried out in it."""

    @st.fragment
    @wraps(draw)
    def alone() -> None:
        with observed.redraw(observed.PART), guarded(state.translator()):
            draw()
            history.keep_link()

    return alone


def is_open(name: str) -> bool:
    """Whether a folded part stands open."""
    return bool(st.session_state.get(f"fold.{name}"))


def sign(tone: str) -> str:
    """The sign of a tone, which says nothing to a screen reader beside the words of the verdict."""
    return f'<span aria-hidden="true">{TONE_SIGNS[tone]}</span>'


def cards(*rows: Iterable[tuple[str, str, str]]) -> None:
    """Name, value and small print of each, as rows of cards that wrap on a narrow screen."""
    st.html(cards_html(*rows))


def cards_html(*rows: Iterable[tuple[str, str, str]]) -> str:
    return "".join(f'<div class="figures">{"".join(card(*one) for one in shown)}</div>' for shown in rows)


def unbroken(text: str) -> str:
    """Text for HTML whose minus signs and dates stay whole at the end of a line; hyphens of words may part."""
    return HYPHEN.sub(f"-{WORD_JOINER}", escape(text))


def card(label: str, value: str, small: str = "") -> str:
    """A figure with its name, and what it rests on."""
    shown, note = unbroken(value), unbroken(small)
    below = f'<div class="small">{note}</div>' if small else ""
    return f'<div><div class="name">{escape(label)}</div><div class="value">{shown}</div>{below}</div>'


def refused_text(t: Translator) -> str:
    """Which fields hold an entry that could not be read, so that the answer leaves it out; empty where none does."""
    names = [field_label(t, name) for name in state.drafts()]
    return t("ui.refused", fields=t("word.comma").join(names)) if names else ""


def notices(found: Iterable[Notice], t: Translator, currency: str) -> None:
    """Warnings as boxes, everything else as small print."""
    for notice in found:
        text = plain(notice_text(t, notice, currency))
        if notice.severity == "warning":
            st.warning(text, icon=":material/warning:")
        else:
            st.caption(text)


def faults(issues: Sequence[Issue], t: Translator) -> None:
    """What was wrong with a link or a file; everything usable has been kept."""
    for issue in (kept.in_words(each, t) for each in issues):
        tell, sign = (st.warning, "warning") if issue.code == "field_gone" else (st.error, "error")
        tell(plain(issue_text(t, issue)), icon=f":material/{sign}:")


def remarks(issues: Sequence[Issue], t: Translator) -> None:
    """How a file was read, where that is worth a look: nothing is wrong with it."""
    if issues:
        st.info("\n".join(f"- {plain(issue_text(t, issue))}" for issue in issues), icon=":material/table_view:")


def heading(title: str, below: str = "") -> None:
    """A heading and the HTML under it as one element; ``st.subheader`` is read as Markdown, which takes longer."""
    st.html(f'<h3 class="part">{escape(title)}</h3>{below}')


def chart(spec: "alt.LayerChart", description: str, title: str = "") -> None:
    """A chart with its words for those who cannot see it; as a file it is called by its ``title``."""
    _remember(title or description, spec)
    st.altair_chart(spec.properties(config=LEGIBLE), width="stretch", alt=description)


def _remember(title: str, spec: "alt.LayerChart") -> None:
    """The page offers it as a file; a slider's next move takes its place under the same title."""
    st.session_state.setdefault(PICTURES, {})[title] = spec


def moving_chart(title: str, spec: "alt.LayerChart", description: str, reading: str = "", below: str = "") -> None:
    """A chart whose marks follow a slider, with how to read it, and the HTML ``below`` it in the same element.

    A changed alternative text would have the browser build the picture anew, so it is called by its title and the
    description stands below it, out of sight. Streamlit's "Show data" would show the rows by their field names in no
    reader's language and is hidden.
    """
    import pyarrow as pa  # a thirtieth of a second that the first page does not need

    _remember(title, spec)
    picture = {**spec.to_dict(), "config": LEGIBLE}
    picture["datasets"] = {name: pa.Table.from_pylist(rows) for name, rows in picture["datasets"].items()}
    st.vega_lite_chart(picture, width="stretch", alt=title)
    seen = f'<p class="small">{escape(reading)}</p>' if reading else ""
    st.html(f'{seen}<p class="unseen">{escape(description)}</p>{below}')


def in_rows(
    names: Sequence[str], width: int, align: Literal["top", "bottom"] = "bottom"
) -> "Iterator[tuple[DeltaGenerator, str]]":
    """Each name with its place, row after row: on a telephone they keep their order.

    At the bottom fields stand level beside one that has a longer label, at the top beside one with words below it.
    """
    for first in range(0, len(names), width):
        yield from zip(st.columns(width, vertical_alignment=align), names[first : first + width], strict=False)


def download(label: str, build: Callable[[], bytes | str], file_name: str, mime: str) -> None:
    """A file that is built when it is asked for."""
    st.download_button(
        label,
        data=observed.of_redraw(build),
        file_name=file_name,
        mime=mime,
        on_click="ignore",
        width="stretch",
        key=f"download.{file_name}.{state.language()}",
    )
