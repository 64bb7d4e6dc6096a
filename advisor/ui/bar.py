"""Always in sight: what the case is called, Undo, a link to it, its report; on a telephone the verdict in one line."""

from html import escape

import streamlit as st

from advisor.decision.advice import Advice
from advisor.decision.rules import tone_of
from advisor.text.i18n import Translator
from advisor.text.phrases import verdict_label
from advisor.ui import copying, exports, heavy, history, kept, language, layout, people, saving, sign_in, state

STYLE = """<style>
.st-key-bar {padding: .3rem 0; gap: .5rem; align-items: center; background: light-dark(#ffffff, #12161c)}
[data-testid=stMain] {scroll-padding: 4.5rem 0 3.5rem}
@media (min-width: 769px) and (min-height: 500px) {
  [data-testid=stLayoutWrapper]:has(> .st-key-bar) {position: sticky; top: 3.75rem; z-index: 90}
  .st-key-bar > [data-testid=stElementContainer]:has(.case) {flex: 100 1 10rem; max-width: max-content}
  .st-key-bar .case {overflow: hidden; text-overflow: ellipsis; white-space: nowrap}
  [data-testid=stMain] {scroll-padding-top: 11.5rem}
}
.st-key-bar [data-testid=stHtml] {flex: 0 1 auto}
.st-key-bar .case {font-weight: 650; min-width: 6rem}
.line {display: none}
@media (max-width: 600px) {
  .st-key-bar .case {flex-basis: 100%}
  .line {display: block; position: fixed; left: 0; right: 0; bottom: 0; z-index: 100; padding: .55rem 1rem;
    border-left: .5rem solid var(--tone); background: light-dark(#ffffff, #12161c); font-weight: 650;
    border-top: 1px solid color-mix(in srgb, currentColor 30%, transparent)}
}
[data-testid=stApp]:has([data-testid=stExpandSidebarButton]) [data-testid=stSidebarContent] {display: none}
[data-testid=stPageLink] a:focus-visible {box-shadow: 0 0 0 .2rem light-dark(#0b5cad80, #66b2ff80)}
@media print {.st-key-bar, .line {display: none}}
</style>"""
"""Streamlit wraps the bar in a box of its own height, in which it could not stick; so the box does. The name of a case
takes what the buttons leave. What the keyboard reaches scrolls to where neither the head of the page nor the
verdict at its foot covers it, a link shows its focus as buttons do, and a side that is closed is not walked through."""


def draw(t: Translator) -> None:
    """The bar under the navigation. It is drawn with the whole page, so nothing in it depends on the last answer."""
    with st.container(horizontal=True, key="bar"):
        name = escape(state.case_title(t))
        st.html(f'<div class="case" title="{name}">{name}</div>', width="content")
        st.button(t("ui.undo"), icon=":material/undo:", on_click=history.undo, key="w.bar.undo", help=t("ui.undo_help"))
        saving.button(t)
        is_of_members = kept.current() is not None and people.asks()
        copied = t("ui.link_copied_members") if is_of_members else t("ui.link_copied")
        share = copying.copy_button(t("ui.copy_link"), copied)
        st.html(copying.STYLE + share, width="content", unsafe_allow_javascript=True)
        exports.pdf_button(t)
        language.switch(t)
        sign_in.who(t)
    st.html(heavy.refusal(t("heavy.no_file"), t))


def verdict_line(advice: Advice, t: Translator) -> str:
    """The verdict for the foot of a narrow screen, as HTML; wide ones have it beside the page."""
    found = advice.recommendation
    tone = tone_of(found)
    sign = layout.sign(tone)
    return (
        f'<div class="line" style="--tone:{layout.TONE_COLOURS[tone]}">{sign} {escape(verdict_label(t, found))}</div>'
    )
