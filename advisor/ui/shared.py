"""The page of a share link: one revision as it was kept, to read without signing in and without changing anything.

The token stands in the address and nowhere else: it is not written down, and no address that is followed from here is
told where the reader came from. The link is looked at anew whenever the page is drawn and when the PDF is asked for,
so that one that is revoked shows nothing more; a file that somebody has already saved is theirs.
"""

import logging
from datetime import UTC, datetime

import streamlit as st

from advisor.core.notices import InputError
from advisor.core.places import file_stem
from advisor.report.link import SHARE_LINK, URL_LANGUAGE
from advisor.store.records import Revision, SharedRevision
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.ui import database, frozen, language, layout, state

log = logging.getLogger(__name__)
WRITTEN = "shared_language"
"""The language that this page has last written into its address."""
DISCREET = """<script>
for (const [name, content] of [['referrer', 'no-referrer'], ['robots', 'noindex']]) {
  if (document.querySelector(`meta[name=${name}]`)) continue;
  const said = document.createElement('meta');
  said.name = name; said.content = content;
  document.head.append(said);
}
</script>"""


def draw() -> None:
    """Ask for the link once, and show what is behind it or that there is nothing."""
    t = state.translator()
    _keep_language(t)
    st.html(DISCREET, unsafe_allow_javascript=True)
    token = st.query_params.get(SHARE_LINK, "")
    found = _found(token, t)
    if found is not None:
        st.title(layout.plain(found.name), anchor=False)
        head = found.revision.head
        told = {"number": head.number, "saved": t.date(head.at.date()), "expires": t.date(found.expires_at.date())}
        st.markdown(layout.plain(t("sharing.read_only", **told)))
    with st.container(horizontal=True, key="shared", vertical_alignment="center"):
        if found is not None:
            _pdf(token, found, t)
        language.switch(t)
    if found is not None:
        from advisor.report.keeping import report_of

        frozen.draw(report_of(found.revision, t.language), t, found.name)


def _keep_language(t: Translator) -> None:
    """The address tells the language, so that a reload keeps it; the browser's Back brings back the one before."""
    came, written = st.query_params.get(URL_LANGUAGE), st.session_state.get(WRITTEN)
    if written == t.language and came in languages() and came != written:
        st.session_state.update({state.LANGUAGE: came, WRITTEN: came})
        st.rerun()
    st.session_state[WRITTEN] = t.language
    if came != t.language:
        st.query_params[URL_LANGUAGE] = t.language


def _found(token: str, t: Translator) -> SharedRevision | None:
    """What is behind the link; of one that is unknown, run out or revoked the same is said."""
    from advisor.store import beside

    try:
        if token and database.is_there():
            return beside.behind_link(database.store(), token, datetime.now(UTC))
        said = t("sharing.gone")
    except beside.UnknownLink:
        said = t("sharing.gone")
    except InputError:  # whoever follows a link is not told where the database is
        log.exception("a shared revision could not be read")
        said = t("sharing.not_now")
    st.title(t("page.shared.title"), anchor=False)
    st.warning(layout.plain(said), icon=":material/link_off:")
    return None


def _pdf(token: str, found: SharedRevision, t: Translator) -> None:
    from advisor.store import beside

    store = database.store()

    def again() -> Revision:
        return beside.shared(store, token, datetime.now(UTC))

    frozen.download(again, f"{file_stem(found.name)}-{found.revision.head.number}-{t.language}", t)
