"""The frame of every page: title, language, navigation on top, the case in the sidebar."""

import logging

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from advisor.core.notices import DataError, InputError, OwnDataError
from advisor.core.places import DATA
from advisor.report.link import SHARED
from advisor.scenario import REQUIRED
from advisor.text.i18n import Translator, is_complete
from advisor.text.languages import language_name, language_record
from advisor.ui import (
    ahead,
    autosave,
    bar,
    fields,
    framework_words,
    headline,
    heavy,
    history,
    kept,
    layout,
    loaded,
    observed,
    own_folder,
    people,
    pictures,
    saving,
    sign_in,
    state,
    uncaught,
)

log = logging.getLogger(__name__)
PAGES: dict[str, tuple[str, ...]] = {
    "decide": ("your_case", "answer", "present", "compare", "cases"),
    "money": ("cash_flow", "alternatives", "risk", "portfolio"),
    "engineering": ("training", "serving", "rent_or_buy", "levers"),
    "evidence": ("usage", "training_data", "results", "prices", "method", "accuracy"),
}
FRONT = "your_case"
"""The page that asks the case itself; its address is empty."""
ANSWER = "answer"
OPEN_TO_ALL = frozenset({SHARED})
"""Pages that stand alone: without sign-in, the way to other pages, or a case of the session."""
WHOLE_WIDTH = frozenset({"", "present", "cases", "portfolio", *OPEN_TO_ALL})
"""Pages without anything at their side."""
OTHER_VERDICTS = frozenset({"cases", "portfolio", "present"})
"""Pages that tell verdicts of other cases, or of what is tried out: that of the session's case, at the foot of a
telephone, would be taken for one of theirs."""
ALONE = """<style>@media (min-width: 769px) {
[data-testid=stSidebar], [data-testid=stExpandSidebarButton] {display: none}
}</style>"""
"""On a telephone the way to other pages is at the side, and stays."""
MOVED = {
    "questionnaire": FRONT,
    "recommendation": "answer",
    "payback": "cash_flow",
    "options": "alternatives",
    "hardware": "rent_or_buy",
    "plan": "training",
}
"""Addresses of before, and the page that stands there now."""
ACCESSIBLE = """
if (!window.accessible) {
  const mend = () => {
    document.querySelectorAll('[data-testid=stSidebarNav] ul, [data-testid=stSidebarNav] li')
      .forEach(e => e.getAttribute('role') || e.setAttribute('role', 'presentation'));
    document.querySelectorAll('.katex-display, p:has(.katex)').forEach(
      e => e.scrollWidth > e.clientWidth ? e.setAttribute('tabindex', '0') : e.removeAttribute('tabindex'));
    const said = window.coldStart && document.querySelector('[role=dialog]');
    if (said && said.textContent.includes('Page not found')) said.querySelector('button[aria-label]')?.click();
  };
  window.accessible = new MutationObserver(mend);
  window.accessible.observe(document.body, {childList: true, subtree: true});
  document.fonts.addEventListener('loadingdone', mend);
  window.addEventListener('resize', mend);
  mend();
}
"""
"""Three faults of Streamlit's own: on a narrow screen section titles stand between list items, which is no list; a
long formula scrolls but cannot be reached with the keyboard; and because a folder ``pages`` exists, a process that has
run no script yet answers a deep link with the right page under a "Page not found" dialog, which is closed here."""

TYPED_FIRST = """
if (!window.typed) {
  window.typed = {last: 0, told: 0};
  const fields = ['stTextInput', 'stNumberInput', 'stTextArea'].map(name => `[data-testid=${name}]`).join();
  document.addEventListener('input', event => {
    if (event.target.closest(fields) && !event.target.closest('[data-testid=stForm]')) window.typed.last = Date.now();
  }, true);
  new MutationObserver(changes => {
    if (changes.some(change => change.target.dataset.testScriptState === 'running')) window.typed.told = Date.now();
  }).observe(document.body, {subtree: true, attributeFilter: ['data-test-script-state']});
  document.addEventListener('click', async event => {
    const clicked = event.target.closest('a[href], button');
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
    if (!clicked || elsewhere || window.typed.told >= window.typed.last) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const end = Date.now() + 1500;
    while (window.typed.told < window.typed.last && Date.now() < end) await new Promise(go => setTimeout(go, 10));
    window.typed.last = 0;
    clicked.click();
  }, true);
}
"""
"""A number that is typed reaches the script when its field loses the focus, which a click on a link or button takes
away: the click follows once the script has begun with the number. Sent together, Streamlit forgets the number where the
link leads to another page, and the button acts on the case before. A form sends what is in it with its own button."""


def _read_data(t: Translator) -> None:
    """Read settings and the catalog; a fault in a folder of the reader's is told in their language, and stops all."""
    try:
        heavy.worker_count()
        state.catalog()
    except InputError as error:
        layout.faults(error.issues, t)
        st.stop()
    except OwnDataError as error:
        log.warning("own data refused: %s", error)
        own_folder.tell(error, t)
        st.stop()


def main() -> None:
    """Draw the frame, then the page in it, under a number that whoever sees it can quote."""
    ahead.wait()
    if observed.begin_in_server():
        uncaught.take_over()
    with observed.redraw():
        _draw()


def _draw() -> None:
    """A fault in the product's own data stops everything and is named."""
    people.keep_apart(state.LANGUAGE)
    try:
        t = state.translator()
        all_is_translated = is_complete(t.language)
        _read_data(t)
    except DataError as error:
        log.exception("data refused")
        st.error(layout.plain(str(error)))
        st.stop()
    first = loaded.first_run_of_process()
    st.set_page_config(page_title=t("app.title"), page_icon=str(DATA / "icon.png"), layout="wide")
    outside = people.must_sign_in()
    pages = _pages(t)
    page = st.navigation(pages, position="hidden" if outside else "top", expanded=True)
    observed.on_page(page.url_path or FRONT)
    _frame(t, alone=outside or page.url_path in WHOLE_WIDTH, cold=first)
    if page.url_path in OPEN_TO_ALL:
        st.navigation(pages, position="hidden")
        with layout.guarded(t):
            page.run()
    else:
        if first and outside:
            loaded.warm_up()  # whoever signs in next finds everything loaded
        sign_in.gate(t)
        _whole(page, t, all_is_translated=all_is_translated)
    if first:
        loaded.warm_up()


def _begin(t: Translator) -> None:
    """Read the case of the address. Where its database does not answer the address stays as it is, to try again."""
    try:
        state.scenario()
    except kept.Unreadable as error:
        st.title(t("app.title"))
        layout.faults(error.issues, t)
        st.button(t("deploy.try_again"), icon=":material/refresh:", key="w.try_again")
        st.stop()


def _whole(page: StreamlitPage, t: Translator, *, all_is_translated: bool) -> None:
    """A page with everything that is always in sight, on the session's case."""
    _begin(t)
    history.follow_address()
    state.held().begin()
    with layout.guarded(t):
        bar.draw(t)
        if page.url_path != "":
            _sidebar(t, with_verdict=page.url_path != ANSWER)
            if page.url_path not in OTHER_VERDICTS:
                st.html(bar.verdict_line(state.advice(), t))
            history.keep_link()  # before the page, whose last part may take seconds: Back and reload know of the answer
    layout.faults((*state.door(), *autosave.keeper().faults), t)
    with layout.guarded(t):
        autosave.tell_elsewhere(t)
        saving.older(t)
        saving.conflict(t)
    if page.url_path != "" and state.drafts():
        st.warning(layout.plain(layout.refused_text(t)), icon=":material/warning:")
    if not all_is_translated:
        st.caption(layout.plain(t("app.untranslated", language=language_name(t.language))))
    pictures.forget()
    with layout.guarded(t):
        page.run()
        pictures.downloads(t)
    history.keep_link()


def _pages(t: Translator) -> dict[str, list[StreamlitPage]]:
    found = {
        name: st.Page(f"pages/{section}/{name}.py", title=t(f"page.{name}.nav"), url_path=name, default=name == FRONT)
        for section, names in PAGES.items()
        for name in names
    }
    shown = {t(f"section.{section}"): [found[name] for name in names] for section, names in PAGES.items()}
    before = [_moved(old, found[name], t(f"page.{name}.nav")) for old, name in MOVED.items()]
    alone = st.Page(f"pages/decide/{SHARED}.py", title=t("page.shared.nav"), url_path=SHARED, visibility="hidden")
    shown[t("section.decide")] += [*before, alone]
    return shown


def _moved(old: str, page: StreamlitPage, title: str) -> StreamlitPage:
    """An address of before, which leads to the page of now with the case in it."""

    def lead() -> None:
        st.switch_page(page, query_params=st.query_params.to_dict())

    return st.Page(lead, title=title, url_path=old, visibility="hidden")


def _frame(t: Translator, *, alone: bool, cold: bool) -> None:
    """How every page looks, and in which language it is: Streamlit always tells the browser English. One element."""
    tag = language_record(t.language).tag
    script = f"document.documentElement.lang='{tag}';window.coldStart||={str(cold).lower()};{ACCESSIBLE}{TYPED_FIRST}"
    script += history.ONE_STEP + layout.WAYS + framework_words.script(t)
    look = layout.STYLE + bar.STYLE + (ALONE if alone else "")
    st.html(f"{look}<script>{script}</script>", unsafe_allow_javascript=True)


def _sidebar(t: Translator, *, with_verdict: bool) -> None:
    """The three answers and their verdict, on every page that does not ask or tell them itself."""
    with st.sidebar:
        for name in REQUIRED:
            fields.ask(name, "side")
        if with_verdict:
            headline.verdict_card(state.advice(), t, level=3)
            headline.short(state.advice(), t)
