"""Always in sight: what the case is called, Undo, a link to it, its report; on a telephone the verdict in one line."""

from html import escape

import streamlit as st

from advisor.decision.advice import Advice
from advisor.decision.rules import tone_of
from advisor.text.i18n import Translator
from advisor.text.phrases import verdict_label
from advisor.ui import exports, history, language, layout, saving, sign_in, state

STYLE = """<style>
.st-key-bar {position: sticky; top: 3.75rem; z-index: 90; padding: .3rem 0; align-items: center;
  background: light-dark(#ffffff, #12161c)}
.st-key-bar [data-testid=stHtml] {flex: 0 1 auto}
.st-key-bar .case {font-weight: 650; min-width: 6rem}
.st-key-bar button.share {font: inherit; font-size: .875rem; color: inherit; background: transparent; cursor: pointer;
  border: 1px solid color-mix(in srgb, currentColor 30%, transparent); border-radius: .5rem;
  padding: .25rem .75rem; min-height: 2.5rem; white-space: nowrap}
.st-key-bar button.share:hover, .st-key-bar button.share:focus-visible {border-color: currentColor}
.line {display: none}
@media (max-width: 600px) {
  .st-key-bar .case {flex-basis: 100%}
  .line {display: block; position: fixed; left: 0; right: 0; bottom: 0; z-index: 100; padding: .55rem 1rem;
    border-left: .5rem solid var(--tone); background: light-dark(#ffffff, #12161c); font-weight: 650;
    border-top: 1px solid color-mix(in srgb, currentColor 30%, transparent)}
}
@media print {.st-key-bar, .line {display: none}}
</style>"""
COPY = """
{ const button = document.querySelector('.st-key-bar button.share');
if (button && !button.dataset.ready) {
  button.dataset.ready = 'yes';
  button.addEventListener('click', async () => {
    const address = document.location.href, said = button.textContent;
    try { await navigator.clipboard.writeText(address); }
    catch {
      const field = document.createElement('textarea');
      field.value = address; document.body.append(field); field.select();
      document.execCommand('copy'); field.remove();
    }
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = said; }, 2000);
  });
} }
"""
"""In a block of its own, since another language runs it again in the same page."""


def draw(t: Translator) -> None:
    """The bar under the navigation. It is drawn with the whole page, so nothing in it depends on the last answer."""
    with st.container(horizontal=True, key="bar"):
        st.html(f'<div class="case">{escape(state.case_title(t))}</div>', width="content")
        st.button(t("ui.undo"), icon=":material/undo:", on_click=history.undo, key="w.bar.undo", help=t("ui.undo_help"))
        saving.button(t)
        share, copied = escape(t("ui.copy_link")), escape(t("ui.link_copied"), quote=True)
        st.html(
            f'<button class="share" type="button" data-copied="{copied}">{share}</button><script>{COPY}</script>',
            width="content",
            unsafe_allow_javascript=True,
        )
        exports.pdf_button(t)
        language.switch(t)
        sign_in.who(t)


def verdict_line(advice: Advice, t: Translator) -> str:
    """The verdict for the foot of a narrow screen, as HTML; wide ones have it beside the page."""
    found = advice.recommendation
    tone = tone_of(found)
    sign = f'<span aria-hidden="true">{layout.TONE_SIGNS[tone]}</span>'
    return (
        f'<div class="line" style="--tone:{layout.TONE_COLOURS[tone]}">{sign} {escape(verdict_label(t, found))}</div>'
    )
