"""The page that asks to sign in, and in the bar who one is and the way out. Nothing where people do not sign in."""

import streamlit as st

from advisor.core.notices import InputError
from advisor.text.i18n import Translator
from advisor.ui import database, language, layout, people

KNOWN = "known"
"""Where a session keeps that this sign-in has been written down."""
LEAVE = """
{ const here = new URL(location.href);
here.searchParams.set('lang', '%(lang)s');
sessionStorage.setItem('advisor.back', here.href);
localStorage.setItem('advisor.left', Date.now()); }
"""
"""Signing in leads to the front page; the address that was asked for waits in this tab. Other tabs of this browser, in
which somebody may still be signed in, hear of it."""
ARRIVE = """
{ const back = sessionStorage.getItem('advisor.back');
sessionStorage.removeItem('advisor.back');
const to = back && new URL(back);
if (to && to.origin === location.origin && (to.pathname !== location.pathname
    || [...to.searchParams].some(([name, value]) => name !== 'lang' || value !== '%(lang)s'))) location.replace(to);
if (!window.leaves) {
  window.leaves = true;
  window.addEventListener('storage', e => {
    if (e.key === 'advisor.left') location.replace(location.origin + location.pathname);
  });
} }
"""
"""Back to the address that was asked for, of this app and no other; and out when somebody signs out in another tab."""


def gate(t: Translator) -> None:
    """Stop here with the page that asks to sign in, unless somebody has, or nobody has to."""
    if not people.asks():
        return
    issues = people.faults()
    if issues or not people.is_signed_in():
        _page(t, can_sign_in=not issues)
        layout.faults(issues, t)
        st.stop()
    _run(ARRIVE, t)
    if not st.session_state.get(KNOWN):
        _write_down(t)


def who(t: Translator) -> None:
    """In the bar: who signed in, and the way out."""
    found = people.identity()
    if found is None:
        return
    with st.popover(layout.plain(found.name or found.email or found.user), icon=":material/person:", key="w.bar.who"):
        if found.email:
            st.markdown(layout.plain(found.email))
        st.button(t("people.sign_out"), icon=":material/logout:", on_click=st.logout, key="w.bar.sign_out")


def _page(t: Translator, *, can_sign_in: bool) -> None:
    with st.container(key="sign_in", width=640):
        st.title(t("app.title"))
        st.markdown(t("people.welcome"))
        with st.container(horizontal=True):
            if can_sign_in:
                st.button(t("people.sign_in"), type="primary", on_click=st.login, key="w.sign_in")
            language.switch(t)
    _run(LEAVE, t)


def _run(script: str, t: Translator) -> None:
    st.html(f"<script>{script % {'lang': t.language}}</script>", unsafe_allow_javascript=True)


def _write_down(t: Translator) -> None:
    """What a person is called, once a session. Where that cannot be kept they are told and work all the same."""
    from advisor.store import people as known

    found = people.identity()
    assert found is not None
    try:
        known.seen(database.store(), people.actor(), found.name, found.email, found.issuer)
        st.session_state[KNOWN] = True
    except InputError as error:
        layout.faults(error.issues, t)
