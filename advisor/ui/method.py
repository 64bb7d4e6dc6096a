"""Every formula with the case's own numbers, the conventions, the words, and what the articles got wrong."""

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from advisor.core.notices import InputError
from advisor.evidence.method import GROUPS, ArticleNote, Formula, Method, Term, build_method, steps
from advisor.evidence.method.html import SYMBOL
from advisor.report.sections.ledger import note_columns, note_rows
from advisor.text.i18n import Translator
from advisor.ui import layout, notes_of_case, state
from advisor.ui.tables import stacked_table

STYLE = """<style>
.index h3 {font-size: 1rem; margin: .9rem 0 .2rem; padding: 0}
nav.index ul {columns: 17rem; column-gap: 2rem; margin: 0; padding: 0; list-style: none}
nav.index ul.short {columns: 9rem}
.index li {break-inside: avoid; padding: .1rem 0}
.index a {color: light-dark(#0b5cad, #66b2ff)}
[data-testid=stHtml] dl.terms {padding: 0; margin: 0}
.terms > div {margin-bottom: .6rem}
.terms dt {font-weight: 650}
.terms dd {margin: 0}
[data-testid=stMain] :is([id^=formula-], [id^=term-], [id^=part-]) {scroll-margin-top: 4.5rem}
[data-testid=stMarkdownContainer] p:has(.katex):not(:first-child) {overflow-x: auto; overflow-y: hidden;
  padding-block: .15rem; line-height: 2}
[data-testid=stMarkdownContainer] p:not(:first-child) .katex .base {margin-block: .2em}
</style>"""
ARRIVE = """<script>
setTimeout(() => {
  location.hash && document.getElementById(location.hash.slice(1))?.scrollIntoView();
}, 300);
</script>"""
"""The place that the address names did not exist yet when the page was opened."""


def draw() -> None:
    t = state.translator()
    st.title(t("page.method.title"))
    st.markdown(t("page.method.intro"))
    whole = build_method(state.advice(), t, state.catalog().rules)
    notes = _notes(t)
    wanted = st.text_input(
        t("page.method.search"), key=f"w.search.{t.language}", placeholder=t("page.method.search_example"), live=True
    )
    view = _matching(whole, str(wanted or "").strip().casefold())
    told = [row for row in notes if str(wanted or "").strip().casefold() in " ".join(row).casefold()]
    st.html(STYLE + _index(view, t, with_told=bool(told)))
    if not any((view.formulas, view.conventions, view.glossary, view.article_notes, told)):
        st.info(layout.plain(t("page.method.nothing_found", text=str(wanted))))
    _formulas(view.formulas, {f.id: f.title for f in whole.formulas}, t)
    if told:
        st.header(t("told.heading"), anchor="part-told")
        stacked_table(told, note_columns(t), t("told.heading"), "told")
    if view.conventions:
        _heading("conventions", t)
        st.markdown("\n".join(f"- {layout.plain(convention)}" for convention in view.conventions))
    if view.glossary:
        _heading("glossary", t)
        st.html(_glossary(view.glossary))
    if view.article_notes:
        _heading("articles", t)
        _article_notes(view.article_notes, t)
    st.html(ARRIVE, unsafe_allow_javascript=True)


def _notes(t: Translator) -> list[tuple[str, ...]]:
    """What was written down about numbers of the open kept case, a row each; the database is asked only for one."""
    try:
        return note_rows(notes_of_case.of_open_case(), t)
    except InputError as error:
        layout.faults(error.issues, t)
        return []


def _matching(view: Method, wanted: str) -> Method:
    """What contains the words searched for; everything where nothing is."""

    def says(*texts: str) -> bool:
        return wanted in " ".join(texts).casefold()

    return Method(
        formulas=tuple(f for f in view.formulas if says(f.title, f.words)),
        conventions=tuple(text for text in view.conventions if says(text)),
        glossary=tuple(term for term in view.glossary if says(term.name, term.meaning)),
        article_notes=tuple(n for n in view.article_notes if says(n.prints, n.gives, n.why)),
    )


def _index(view: Method, t: Translator, *, with_told: bool) -> str:
    """Links to everything below, by topic."""
    groups = [
        (t(f"page.method.group.{group}"), [(f"formula-{f.id}", f.title) for f in view.formulas if f.group == group])
        for group in GROUPS
    ]
    shown = "".join(f"<h3>{escape(title)}</h3>{_links(links)}" for title, links in groups if links)
    if view.glossary:
        terms = _links(((f"term-{term.id}", term.name) for term in view.glossary), "short")
        shown += f"<h3>{escape(t('page.method.glossary'))}</h3>{terms}"
    others = (("conventions", view.conventions), ("articles", view.article_notes))
    links = [(f"part-{name}", t(f"page.method.{name}")) for name, rows in others if rows]
    links += [("part-told", t("told.heading"))] if with_told else []
    shown += f"<h3>{escape(t('page.method.beside'))}</h3>{_links(links)}" if links else ""
    label = escape(t("page.method.index"))
    return f'<nav class="index" aria-label="{label}"><h2>{label}</h2>{shown}</nav>'


def _links(links: Iterable[tuple[str, str]], kind: str = "") -> str:
    shown = "".join(f'<li><a href="#{place}">{escape(name)}</a></li>' for place, name in links)
    return f'<ul class="{kind}">{shown}</ul>'


def _heading(name: str, t: Translator) -> None:
    st.header(t(f"page.method.{name}"), anchor=f"part-{name}")


def _formulas(formulas: Sequence[Formula], titles: dict[str, str], t: Translator) -> None:
    """Each formula under its topic: what it says, in symbols, with the case's numbers, what it is built from."""
    for group in GROUPS:
        shown = [formula for formula in formulas if formula.group == group]
        if shown:
            st.header(t(f"page.method.group.{group}"), anchor=f"part-{group}")
        for formula in shown:
            with st.container(border=True):
                st.subheader(formula.title, anchor=f"formula-{formula.id}")
                st.markdown(_body(formula, titles, t))


def _body(formula: Formula, titles: dict[str, str], t: Translator) -> str:
    worked = "\\\n".join(map(_math, steps(formula.worked)))
    parts = [_words(formula.words), _math(formula.symbols), worked]
    links = [f"[{layout.plain(titles[name])}](#formula-{name})" for name in formula.built_from]
    if links:
        parts.append(t("page.method.built_from", links=t("word.comma").join(links)))
    return "\n\n".join([*parts, f":small[{layout.plain(formula.source)}]"])


def _words(text: str) -> str:
    """What a formula says in words, its symbols as the lines below write them."""
    said, *symbols = SYMBOL.split(text)
    found = layout.plain(said)
    for letter, index, rest in zip(symbols[::3], symbols[1::3], symbols[2::3], strict=True):
        low = index if len(index) == 1 else rf"\text{{{index}}}"
        found += f"${letter}_{{{low}}}${layout.plain(rest)}"
    return found


def _math(latex: str) -> str:
    r"""A line of mathematics within the text, so that a long one breaks at its signs."""
    return rf"$\displaystyle {latex}$"


def _glossary(terms: Iterable[Term]) -> str:
    rows = (f'<div id="term-{x.id}"><dt>{escape(x.name)}</dt><dd>{escape(x.meaning)}</dd></div>' for x in terms)
    return f'<dl class="terms">{"".join(rows)}</dl>'


def _article_notes(notes: Iterable[ArticleNote], t: Translator) -> None:
    st.markdown(t("page.method.articles_intro"))
    for note in notes:
        with st.container(border=True):
            said = {"prints": layout.plain(note.prints), "gives": layout.plain(note.gives)}
            st.markdown(t("page.method.note", article=note.article, **said))
            st.caption(layout.plain(note.why))
