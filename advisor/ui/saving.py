"""Save the case in sight as a kept one or as its next revision, and meet what somebody else saved in between."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from advisor.core.notices import InputError
from advisor.scenario import Scenario
from advisor.store.records import CaseNote, Content, Revision
from advisor.text.i18n import Translator
from advisor.ui import autosave, heavy, kept, layout, notes_of_case, people, state, works
from advisor.ui.tables import stacked_table

CONFLICT, SAVED, GO = "conflict", "saved", "save_go"


def button(t: Translator) -> None:
    """Ask for a name, or for the reason of the next revision."""
    asked = st.button(t("ui.save"), icon=":material/save:", key="w.bar.save", help=t("ui.save_help"))
    if asked or GO in st.session_state:
        case = kept.current()
        title = t("ui.save_new") if case is None else t("ui.save_revision", name=case.name)
        st.dialog(layout.plain(title))(_ask)(t)
    said = st.session_state.pop(SAVED, None)
    if said is not None:
        st.toast(layout.plain(said), icon=":material/check:")


def _ask(t: Translator) -> None:
    case = kept.current()
    if case is not None and case.access == "viewer":
        st.info(t("ui.save_viewer"))
        return
    with st.form("save", border=False):  # in which Enter saves
        if case is None:
            preset = state.scenario().title or (state.case_title(t) if state.scenario().preset else "")
            st.text_input(t("ui.save_name"), value=preset, max_chars=200, key="w.save.name")
            st.text_input(t("ui.save_tags"), key="w.save.tags", help=t("ui.save_tags_help"))
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

    case_id = cases.create(kept.store(), people.actor(), name, _content(_titled(name), t), why, tags_of(tags))
    _take_up(case_id, t)


def tags_of(text: str) -> list[str]:
    """Tags as they are typed, with commas of either language or the mark of a Chinese list between them."""
    return [tag.strip() for tag in text.replace("\uff0c", ",").replace("\u3001", ",").split(",") if tag.strip()]


def as_next(case: kept.OpenCase, why: str, t: Translator) -> None:
    """Add a revision; where somebody else saved one in between, nothing is written and both are shown.

    Raises :class:`~advisor.core.notices.InputError` for any other fault.
    """
    from advisor.store import cases

    try:
        content = _content(state.scenario(), t, notes_of_case.of(case.id, people.actor()))
        cases.save(kept.store(), people.actor(), case.id, case.seen, content, why)
    except cases.Conflict as conflict:
        st.session_state[CONFLICT] = (case.id, conflict.theirs, why)
        return
    _take_up(case.id, t)


def _titled(name: str) -> Scenario:
    """The case with a title: the name it is kept under where it has none of its own."""
    case = state.scenario()
    return case if case.title else case.corrected("title", name)


def _content(case: Scenario, t: Translator, notes: tuple[CaseNote, ...] = ()) -> Content:
    said = (t.language, state.link_of(case))
    return heavy.for_page(works.kept_content, state.advice(case), state.catalog(), said, case, notes)


def _take_up(case_id: str, t: Translator) -> None:
    """Go on with what was just saved."""
    autosave.keeper().forget()
    case = kept.read(case_id, state.catalog())
    kept.work_on(case)
    st.session_state[state.SCENARIO] = case.saved
    st.session_state.pop(CONFLICT, None)
    st.session_state[SAVED] = t("ui.saved_as", name=case.name, number=case.seen)


# -- a conflict ---------------------------------------------------------------------------------------


def conflict(t: Translator) -> None:
    """Both sides, where somebody saved a revision that the session has not seen; it stays until one is chosen."""
    met: tuple[str, Revision, str] | None = st.session_state.get(CONFLICT)
    case = kept.current()
    if met is None or case is None or met[0] != case.id:
        return
    _, theirs, why = met
    head = theirs.head
    by, at = people.name_of(head.by, t), head.at.strftime("%Y-%m-%d %H:%M UTC")
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
    """Every answer that is not the same in mine, in theirs and in what both began from."""
    from advisor.decision.comparison import compare
    from advisor.report import comparison as words

    saved = kept.read(case.id, state.catalog(), theirs.head.number).saved
    cases = [state.without_about(each) for each in (state.scenario(), saved, case.saved)]
    names = [t("ui.conflict_column_mine"), t("ui.conflict_column_theirs"), t("ui.conflict_column_base")]
    found = compare(cases, state.catalog(), state.today())
    answered = replace(found, differences=tuple(each for each in found.differences if each.is_answer))
    if not answered.differences:
        st.info(t("ui.conflict_same"))
        return
    heads, rows = words.assumptions_table(answered, names, state.catalog(), t)
    stacked_table([row[:-1] for row in rows], heads[:-1], t("ui.conflict_table"), "conflict")


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
    _tried(lambda: as_new(t("ui.conflict_apart_name", name=case.name), "", why, t))


def _tried(what: Callable[[], None]) -> None:
    try:
        what()
    except InputError as error:
        st.session_state[state.DOOR] = error.issues
