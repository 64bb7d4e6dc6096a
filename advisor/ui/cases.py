"""Kept cases: found in a list, one of them opened below it, several taken in and handed out."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from advisor.core.notices import InputError
from advisor.report import then_and_now as words
from advisor.store.records import LOCAL_USER, STATUSES, KeptCase
from advisor.text.i18n import Translator
from advisor.ui import case_actions, case_files, case_today, database, kept_case, layout, people, state

COLUMNS = ("name", "status", "owner", "verdict", "payback", "revision", "changed", "tags")
SHOWN_AT_ONCE, SHOWN, GO_TO = 20, "cases.shown", "cases.go_to"
COME = "document.querySelector('.st-key-kept')?.scrollIntoView();"
STYLE = """<style>
[class*=st-key-caserow] {border-bottom: 1px solid color-mix(in srgb, currentColor 22%, transparent); gap: 0 1rem;
  padding: .35rem 0}
[class*=st-key-caserow-chosen] {background: color-mix(in srgb, currentColor 7%, transparent)}
[class*=st-key-caserow] [data-testid=stButton] {width: 15rem}
[class*=st-key-caserow] button {justify-content: flex-start; text-align: left; height: auto; padding: .3rem .5rem;
  width: 100%}
[class*=st-key-caserow] button > div {justify-content: flex-start; width: 100%}
[class*=st-key-caserow] button p {white-space: normal; overflow-wrap: anywhere; font-weight: 600}
[class*=st-key-caserow] [data-testid=stElementContainer]:has(dl.kept) {flex: 1 1 20rem; min-width: 0}
dl.kept {display: grid; gap: 0 .8rem; margin: 0; align-items: center; font-size: .95rem;
  grid-template-columns: 6.5rem minmax(8rem, 2fr) minmax(7rem, 1fr) 4.6rem 7.6rem minmax(4rem, 1fr)}
dl.kept.owned {grid-template-columns: 6.5rem 8rem minmax(8rem, 2fr) minmax(6rem, 1fr) 4.6rem 7.6rem minmax(4rem, 1fr)}
.st-key-kept {scroll-margin-top: 8rem}
dl.kept dd {margin: 0; overflow-wrap: anywhere}
dl.kept dt {font-size: .88rem; font-weight: 600; opacity: .9}
dl.kept.head {position: relative; margin-left: 16rem}
dl.kept.head::before {content: attr(data-name); position: absolute; left: -15.5rem; font-size: .88rem; font-weight: 600;
  opacity: .9}
@media (min-width: 1000px) {
  dl.kept:not(.head) dt {position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)}
}
@media (max-width: 999px) {
  dl.kept.head {display: none}
  dl.kept, dl.kept.owned {grid-template-columns: 1fr; padding: 0 .5rem}
  dl.kept > div {display: flex; justify-content: space-between; gap: 1rem; text-align: right}
  dl.kept dt {text-align: left; flex: none; font-weight: 400}
  [class*=st-key-caserow] [data-testid=stButton] {width: 100%}
  [class*=st-key-caserow] > div {width: 100%}
}
</style>"""
"""A wide window shows a line for each case under headings, a narrow one a card."""


def draw() -> None:
    t = state.translator()
    st.title(t("page.cases.title"))
    st.markdown(t("page.cases.intro"))
    case_actions.say_done()
    try:
        _all(t)
    except InputError as error:  # the database cannot be read
        layout.faults(error.issues, t)
    case_actions.forget_refused()


def _all(t: Translator) -> None:
    archived = bool(st.session_state.get("w.cases.archived"))
    listed = _listed(archived=archived)
    shown: Sequence[KeptCase] = listed
    if listed or archived:
        shown = _filtered(listed, t)
        if shown:
            _list(shown, t)
            case_today.review(shown, t)
        else:
            st.info(t("cases.no_match") if listed else t("cases.none_archived"), icon=":material/search_off:")
    else:
        st.info(t("cases.none"), icon=":material/save:")
        if database.is_there():
            _archived_too(t)
    case_files.draw(shown, t)
    chosen = _chosen(t)
    if chosen is not None:
        kept_case.draw(chosen, t)
        _go_to_chosen()


def _listed(*, archived: bool) -> tuple[KeptCase, ...]:
    """What the user may see; where nothing can have been kept yet, no database is opened."""
    if not database.is_there():
        return ()
    from advisor.store import cases

    return cases.listed(database.store(), people.actor(), archived=archived)


def _chosen(t: Translator) -> KeptCase | None:
    """The case that stands below the list; one that is gone is told once."""
    case_id = case_actions.chosen()
    if case_id is None:
        return None
    from advisor.store import cases

    try:
        return cases.find(database.store(), people.actor(), case_id)
    except InputError as error:
        layout.faults(error.issues, t)
        case_actions.choose(None)
        return None


def _open(case_id: str) -> None:
    case_actions.choose(case_id)
    st.session_state[GO_TO] = case_id


def _go_to_chosen() -> None:
    """A case that was just clicked comes into sight: under a long list it would open unseen."""
    case_id = st.session_state.pop(GO_TO, None)
    if case_id is not None:
        st.html(f"<script>/* {case_id} */{COME}</script>", unsafe_allow_javascript=True)


# -- the list -----------------------------------------------------------------------------------------


def _filtered(listed: Sequence[KeptCase], t: Translator) -> list[KeptCase]:
    """The cases that hold every word looked for in name or tags, of the statuses that are ticked."""
    text, status = st.columns([2, 3], vertical_alignment="bottom")
    wanted = text.text_input(t("cases.search"), key="w.cases.search", icon=":material/search:")
    ticked = status.pills(
        t("store.column.status"),
        STATUSES,
        selection_mode="multi",
        key="w.cases.status",
        format_func=lambda name: t(f"store.status.{name}"),
        wrap=True,
    )
    _archived_too(t)
    parts = wanted.casefold().split()
    return [case for case in listed if _has(case, parts) and (not ticked or case.status in ticked)]


def _archived_too(t: Translator) -> None:
    st.toggle(t("cases.archived"), key="w.cases.archived")


def _has(case: KeptCase, parts: Sequence[str]) -> bool:
    told = " ".join((case.name, *case.tags)).casefold()
    return all(part in told for part in parts)


def _list(shown: Sequence[KeptCase], t: Translator) -> None:
    """A row for each case, the one changed last first; a click on its name opens it below."""
    chosen, most = case_actions.chosen(), int(st.session_state.get(SHOWN, SHOWN_AT_ONCE))
    owned = any(case.owner != LOCAL_USER for case in shown)
    st.html(f"{STYLE}{_head(t, owned=owned)}")
    for case in shown[:most]:
        _row(case, t, owned=owned, is_chosen=case.id == chosen)
    if len(shown) > most:
        left = t.number(len(shown) - most, 0)
        more = {SHOWN: most + 5 * SHOWN_AT_ONCE}
        st.button(t("cases.more", count=left), key="w.cases.more", on_click=st.session_state.update, args=(more,))


def _names(*, owned: bool) -> list[str]:
    """Columns beside the name; where nobody signs in, everybody is the same owner."""
    return [name for name in COLUMNS[1:] if owned or name != "owner"]


def _head(t: Translator, *, owned: bool) -> str:
    cells = "".join(f"<div><dt>{escape(t(f'store.column.{name}'))}</dt></div>" for name in _names(owned=owned))
    look, name = "kept head owned" if owned else "kept head", escape(t("store.column.name"), quote=True)
    return f'<dl class="{look}" data-name="{name}" aria-hidden="true">{cells}</dl>'


def _row(case: KeptCase, t: Translator, *, owned: bool, is_chosen: bool) -> None:
    told = {
        "status": t(f"store.status.{case.status}"),
        "owner": people.name_of(case.owner, t),
        "verdict": words.verdict_text(case.headline, t),
        "payback": words.payback_text(case.headline, t),
        "revision": t.number(case.latest, 0),
        "changed": t.date(case.changed_at.date()),
        "tags": t("word.comma").join(case.tags),
    }
    cells = "".join(
        f"<div><dt>{escape(t(f'store.column.{name}'))}</dt><dd>{layout.unbroken(told[name])}</dd></div>"
        for name in _names(owned=owned)
        if told[name]
    )
    with st.container(
        horizontal=True, vertical_alignment="center", key=f"caserow{'-chosen' if is_chosen else ''}-{case.id}"
    ):
        icon = ":material/folder_open:" if is_chosen else ":material/folder:"
        st.button(
            layout.plain(case.name),
            key=f"w.cases.open.{case.id}",
            type="tertiary",
            icon=icon,
            on_click=_open,
            args=(case.id,),
        )
        st.html(f'<dl class="kept{" owned" if owned else ""}">{cells}</dl>')
