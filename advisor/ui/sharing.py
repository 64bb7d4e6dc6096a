"""Share links of a kept case: made for one revision and some days, shown once, listed, revoked."""

from datetime import date, datetime, timedelta
from html import escape
from urllib.parse import urljoin

import streamlit as st

from advisor.core.notices import InputError
from advisor.report.link import shared_at
from advisor.store.records import KeptCase, RevisionHead, ShareLink
from advisor.text.i18n import Translator
from advisor.ui import copying, database, layout, people

PRESETS_DAYS = (7, 30, 90)
OWN_DAY = 0
"""Chosen in the place of a number of days: a day of one's own."""
LONGEST_DAYS = 3650
MADE, REFUSED = "share_made", "share_refused"
REVISION, DAYS, UNTIL = "w.share.revision", "w.share.days", "w.share.until"


def draw(case: KeptCase, t: Translator) -> None:
    """For those who may change the case: its links, folded; nothing is read from the database until it is opened."""
    if case.access == "viewer":
        return
    with layout.folded(t("sharing.title"), "sharing", icon=":material/link:") as is_open:
        if is_open:
            _draw(case, t)


def _draw(case: KeptCase, t: Translator) -> None:
    from advisor.store import beside, cases

    me = people.actor()
    try:
        heads = cases.history(database.store(), me, case.id)
        links = beside.links_of(database.store(), me, case.id)
    except InputError as error:
        layout.faults(error.issues, t)
        return
    st.caption(t("sharing.intro"))
    _new(case, heads, me.at.date(), t)
    layout.faults(st.session_state.pop(REFUSED, ()), t)
    _made(case, t)
    _listed(case, links, me.at, t)


def _new(case: KeptCase, heads: tuple[RevisionHead, ...], today: date, t: Translator) -> None:
    """Which revision, until when."""
    told = {head.number: t("sharing.revision", number=head.number, date=t.date(head.at.date())) for head in heads}
    numbers = sorted(told, reverse=True)
    st.selectbox(t("sharing.which"), numbers, key=f"{REVISION}.{case.id}", format_func=lambda number: told[number])
    days = st.segmented_control(
        t("sharing.how_long"),
        (*PRESETS_DAYS, OWN_DAY),
        default=PRESETS_DAYS[1],
        key=f"{DAYS}.{case.id}",
        required=True,
        format_func=lambda count: t("sharing.days", count=count) if count else t("sharing.own_day"),
    )
    if days == OWN_DAY:
        last = today + timedelta(days=LONGEST_DAYS)
        st.date_input(
            t("sharing.until"),
            today + timedelta(days=PRESETS_DAYS[0]),
            min_value=today,
            max_value=last,
            format="YYYY-MM-DD",
            key=f"{UNTIL}.{case.id}",
        )
    st.button(t("sharing.make"), key="w.share.make", icon=":material/add_link:", on_click=_make, args=(case.id, t))


def _make(case_id: str, t: Translator) -> None:
    """Make the link that was asked for, or keep why there is none."""
    from advisor.store import beside

    me, chosen = people.actor(), st.session_state
    days = chosen[f"{DAYS}.{case_id}"]
    until = chosen[f"{UNTIL}.{case_id}"] if days == OWN_DAY else me.at.date() + timedelta(days=days)
    try:
        number, end = chosen[f"{REVISION}.{case_id}"], beside.end_of(until)
        token, link = beside.share(database.store(), me, case_id, number, end)
        chosen[MADE] = (case_id, link, _address(token, t))
    except InputError as error:
        chosen[REFUSED] = error.issues


def _address(token: str, t: Translator) -> str:
    """Beside the page that the reader looks at; below the root where its address is not known."""
    try:
        return shared_at(urljoin(st.context.url or "", "."), token, t.language)
    except InputError:
        return shared_at("", token, t.language)


def _made(case: KeptCase, t: Translator) -> None:
    """The link that was just made: this once, as only its hash is kept."""
    made: tuple[str, ShareLink, str] | None = st.session_state.pop(MADE, None)
    if made is None or made[0] != case.id:
        return
    _, link, address = made
    with st.container(border=True, key="share.made"):
        st.markdown(layout.plain(t("sharing.made", number=link.number, date=t.date(link.expires_at.date()))))
        st.code(address, language=None, wrap_lines=True)
        button = copying.copy_button(t("sharing.to_clipboard"), t("ui.link_copied"), address)
        st.html(copying.STYLE + button, unsafe_allow_javascript=True)


def _listed(case: KeptCase, links: tuple[ShareLink, ...], now: datetime, t: Translator) -> None:
    """Those that work, each with a button that ends it; below them those that have ended."""
    alive = [link for link in reversed(links) if link.state_at(now) == "works"]
    ended = [link for link in reversed(links) if link not in alive]
    if not links:
        st.caption(t("sharing.none"))
    for link in alive:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(layout.plain(link_text(link, now, t)))
            st.button(
                t("sharing.revoke"),
                key=f"w.share.revoke.{link.id}",
                help=t("sharing.revoke_help"),
                on_click=_revoke,
                args=(case.id, link.id),
            )
    if ended:
        lines = "".join(f"<li>{escape(link_text(link, now, t))}</li>" for link in ended)
        st.html(f'<p class="small">{escape(t("sharing.ended"))}</p><ul class="small">{lines}</ul>')


def link_text(link: ShareLink, now: datetime, t: Translator) -> str:
    """A link in words: what it shows, who made it and when, whether it works."""
    ends = t.date((link.revoked_at or link.expires_at).date())
    told = {"number": link.number, "by": people.name_of(link.by, t), "made": t.date(link.at.date())}
    return t("sharing.link", **told, state=t(f"sharing.state.{link.state_at(now)}", date=ends))


def _revoke(case_id: str, link_id: str) -> None:
    from advisor.store import beside

    try:
        beside.revoke(database.store(), people.actor(), case_id, link_id)
    except InputError as error:
        st.session_state[REFUSED] = error.issues
