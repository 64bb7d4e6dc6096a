"""Save the case in sight as a kept one or as its next revision, and meet what somebody else saved in between."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from advisor.core.notices import InputError, Issue
from advisor.scenario import LONGEST_NAME, Scenario
from advisor.store.records import CaseNote, Content, Revision
from advisor.text.i18n import Translator
from advisor.ui import (
    autosave,
    changes,
    conflict_words,
    database,
    heavy,
    kept,
    layout,
    notes_of_case,
    people,
    state,
    works,
)
from advisor.ui.tables import stacked_table

CONFLICT, SAVED, GO = "conflict", "saved", "save_go"
LONGEST_TO_COPY = 90
"""So much of a name leaves room for what the name of a second one adds."""


def button(t: Translator) -> None:
    """Ask for a name, or for the reason of the next revision."""
    asked = st.button(t("ui.save"), icon=":material/save:", key="w.bar.save", help=t("ui.save_help"))
    if asked or GO in st.session_state:
        case = _own()
        title = t("ui.save_new") if case is None else t("ui.save_revision", name=case.name)
        st.dialog(layout.plain(title))(_ask)(t)
    said = st.session_state.pop(SAVED, None)
    if said is not None:
        st.toast(layout.plain(said), icon=":material/check:")


def _own() -> kept.OpenCase | None:
    """The kept case that saving adds to; ``None`` where it makes a new one, as for whoever may only read this one."""
    case = kept.current()
    return None if case is None or case.access == "viewer" else case


def _ask(t: Translator) -> None:
    case, title = _own(), state.scenario().title
    if case is None and kept.current() is not None:
        st.info(t("ui.save_viewer"))
    with st.form("save", border=False):  # in which Enter saves
        if case is None:
            preset = title or (state.case_title(t) if state.scenario().preset else "")
            st.text_input(t("ui.save_name"), value=preset, max_chars=LONGEST_NAME, key="w.save.name")
            st.text_input(t("ui.save_tags"), key="w.save.tags", help=t("ui.save_tags_help"))
        elif title and title != case.saved.title:
            st.caption(layout.plain(t("ui.save_renames", name=title)))
        st.text_area(t("ui.save_why"), key="w.save.why", max_chars=1000, height=80, help=t("ui.save_why_help"))
        st.form_submit_button(t("ui.save"), type="primary", key="w.save.go", on_click=_wanted)
    if st.session_state.pop(GO, False):
        with st.spinner(t("ui.saving")):
            is_saved = _save(case, t)
        if is_saved:
            st.rerun()  # closes the dialog


def _wanted() -> None:
    st.session_state[GO] = True


def _save(case: kept.OpenCase | None, t: Translator) -> bool:
    """Save what was asked for, or say why it cannot be."""
    asked = {name: str(st.session_state.get(f"w.save.{name}", "")) for name in ("name", "tags", "why")}
    try:
        if case is None:
            as_new(asked["name"], asked["tags"], asked["why"], t)
        else:
            as_next(case, asked["why"], t)
    except InputError as error:
        layout.faults(error.issues, t)
        return False
    return True


def as_new(name: str, tags: str, why: str, t: Translator) -> None:
    """Keep the session's case under a name. Raises :class:`~advisor.core.notices.InputError`."""
    from advisor.store import cases

    told = " ".join(name.split())
    content = _content(kept.titled(state.scenario(), told), t)
    _take_up(cases.create(database.store(), people.actor(), told, content, why, tags_of(tags)), t)


def tags_of(text: str) -> list[str]:
    """Tags as they are typed, with commas of either language or the mark of a Chinese list between them."""
    return [tag.strip() for tag in text.replace("\uff0c", ",").replace("\u3001", ",").split(",") if tag.strip()]


def as_next(case: kept.OpenCase, why: str, t: Translator) -> None:
    """Add a revision; where somebody else saved one in between, nothing is written and both are shown.

    A title that was changed becomes the name. Raises :class:`~advisor.core.notices.InputError` for any other fault; of
    a case that is gone the answers stay, as those of one that is not kept.
    """
    from advisor.store import access, cases

    store, me, mine = database.store(), people.actor(), state.scenario()
    other = " ".join((mine.title or "").split()) if mine.title != case.saved.title else ""
    try:
        name = other or cases.find(store, me, case.id).name
        content = _content(kept.titled(mine, name), t, notes_of_case.of(case.id, me))
        cases.save(store, me, case.id, case.seen, content, why, other or None)
    except cases.Conflict as conflict:
        st.session_state[CONFLICT] = (case.id, conflict.theirs, why)
        return
    except access.UnknownCase as error:
        kept.forget(case.id)
        raise InputError([Issue("CASE", "kept_gone", {})]) from error
    _take_up(case.id, t)


def _content(case: Scenario, t: Translator, notes: tuple[CaseNote, ...] = ()) -> Content:
    said = (t.language, state.link_of(case))
    return heavy.for_page(works.kept_content, state.advice(case), state.catalog(), said, case, notes)


def _take_up(case_id: str, t: Translator) -> None:
    """Go on with what was just saved."""
    autosave.keeper().saved()
    case = kept.read(case_id, state.catalog())
    kept.work_on(case)
    st.session_state[state.SCENARIO] = case.saved
    st.session_state.pop(CONFLICT, None)
    st.session_state[SAVED] = t("ui.saved_as", name=case.name, number=case.seen)


# -- an older revision --------------------------------------------------------------------------------


def older(t: Translator) -> None:
    """Where an older revision is open: that there is a later one, and the way to it."""
    case = kept.current()
    if case is None or not case.is_older or CONFLICT in st.session_state:
        return
    said = t("ui.older", number=case.seen, name=case.name, latest=case.latest)
    with st.container(horizontal=True, key="older", vertical_alignment="center"):
        st.markdown(layout.plain(said), width="content")
        st.button(t("ui.older_open", latest=case.latest), key="w.older.open", on_click=_open_latest, args=(case.id,))


def _open_latest(case_id: str) -> None:
    """Go on from the revision saved last; Undo brings the older one back."""

    def take() -> None:
        opened = kept.read(case_id, state.catalog())
        changes.replace_scenario(opened.saved)
        kept.work_on(opened)
        st.session_state.update({state.LEVERS: {}, state.PLAN: {}})

    _tried(take)


# -- a conflict ---------------------------------------------------------------------------------------


def conflict(t: Translator) -> None:
    """Both sides, where somebody saved a revision that the session has not seen; it stays until one is chosen."""
    met: tuple[str, Revision, str] | None = st.session_state.get(CONFLICT)
    case = kept.current()
    if met is None or case is None or met[0] != case.id:
        return
    _, theirs, why = met
    head = theirs.head
    by, at = people.name_of(head.by, t), t.moment(head.at)
    with st.container(border=True, key="conflict"):
        st.subheader(layout.plain(t("ui.conflict", name=case.name)))
        st.markdown(layout.plain(t("ui.conflict_what", number=head.number, by=by, at=at)))
        if head.why:
            st.markdown(layout.plain(t("store.why", why=head.why)))
        _both(case, theirs, t)
        with st.container(horizontal=True):
            for key, what in (("mine", _keep_mine), ("theirs", _take_theirs), ("apart", _keep_apart)):
                st.button(t(f"ui.conflict_{key}"), key=f"w.conflict.{key}", on_click=what, args=(case, theirs, why, t))


def _both(case: kept.OpenCase, theirs: Revision, t: Translator) -> None:
    """Everything that is not said the same in mine, in theirs and in what both began from."""
    from advisor.decision.comparison import compare
    from advisor.report import comparison as words

    saved = kept.read(case.id, state.catalog(), theirs.head.number).saved
    all_told = [state.scenario(), saved, case.saved]
    names = [t("ui.conflict_column_mine"), t("ui.conflict_column_theirs"), t("ui.conflict_column_base")]
    found = compare([state.without_about(each) for each in all_told], state.catalog(), state.today())
    answered = replace(found, differences=tuple(each for each in found.differences if each.is_answer))
    heads, rows = words.assumptions_table(answered, names, state.catalog(), t)
    both = [*(list(row[:-1]) for row in rows), *conflict_words.rows(all_told, t)]
    if not both:
        st.info(t("ui.conflict_same"))
        return
    stacked_table(both, heads[:-1], t("ui.conflict_table"), "conflict")


def _keep_mine(case: kept.OpenCase, theirs: Revision, why: str, t: Translator) -> None:
    """Mine becomes the revision after theirs, which stays in the history."""
    _tried(lambda: as_next(replace(case, seen=theirs.head.number), why, t))


def _take_theirs(case: kept.OpenCase, theirs: Revision, why: str, t: Translator) -> None:
    """Go on with theirs; Undo brings mine back into sight."""
    autosave.forget(case.id)
    _tried(lambda: _take_up(case.id, t))


def _keep_apart(case: kept.OpenCase, theirs: Revision, why: str, t: Translator) -> None:
    """Mine becomes a case of its own."""
    autosave.forget(case.id)
    _tried(lambda: as_new(_second_name(case, t), "", why, t))


def _second_name(case: kept.OpenCase, t: Translator) -> str:
    return t("ui.conflict_apart_name", name=case.name[:LONGEST_TO_COPY])


def _tried(what: Callable[[], None]) -> None:
    try:
        what()
    except InputError as error:
        st.session_state[state.DOOR] = error.issues
