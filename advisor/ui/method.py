"""Every formula with the case's own numbers, the conventions, the words, and what the articles got wrong."""

import streamlit as st

from advisor.evidence.method import build_method
from advisor.ui import layout, state


def draw() -> None:
    t = state.translator()
    view = build_method(state.advice(), t, state.catalog().rules)
    st.title(t("page.method.title"))
    st.markdown(t("page.method.intro"))
    formulas, conventions, glossary, articles = st.tabs(
        [t(f"page.method.{x}") for x in ("formulas", "conventions", "glossary", "articles")]
    )
    with formulas:
        for formula in view.formulas:
            with st.container(border=True):
                st.subheader(formula.title)
                st.markdown(layout.plain(formula.words))
                st.latex(formula.symbols)
                st.latex(formula.worked)
                st.caption(layout.plain(formula.source))
    with conventions:
        for convention in view.conventions:
            st.markdown(f"- {layout.plain(convention)}")
    with glossary:
        layout.table(
            view.glossary, [t("ui.column.term"), t("ui.column.meaning")], t("page.method.glossary"), whole=True
        )
    with articles:
        st.markdown(t("page.method.articles_intro"))
        for note in view.article_notes:
            with st.container(border=True):
                st.markdown(
                    t(
                        "page.method.note",
                        article=note.article,
                        prints=layout.plain(note.prints),
                        gives=layout.plain(note.gives),
                    )
                )
                st.caption(layout.plain(note.why))
