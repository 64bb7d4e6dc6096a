"""Who told us: notes on any number that a kept case rests on."""

import streamlit as st

from advisor.report import then_and_now as words
from advisor.store.records import CaseNote, KeptCase
from advisor.text.i18n import Translator
from advisor.text.phrases import field_label
from advisor.ui import case_actions, database, layout, people

PLACE, WRITTEN = "notes", "cases.notes_written"


def draw(case: KeptCase, t: Translator) -> None:
    """The notes of a case, and for who may change it a place to write another."""
    with layout.folded(t("cases.notes"), "case.notes", icon=":material/edit:") as is_open:
        if is_open:
            _notes(case, t)
    case_actions.say_refused(PLACE, t)


def _notes(case: KeptCase, t: Translator) -> None:
    from advisor.store import beside

    found = beside.notes_of(database.store(), people.actor(), case.id)
    if not found:
        st.caption(t("cases.no_notes"))
    for note in found:
        _note(case, note, t)
    if case.access != "viewer":
        _another(case, t)


def _note(case: KeptCase, note: CaseNote, t: Translator) -> None:
    at, by = t.moment(note.at), people.name_of(note.by, t)
    told = t("cases.note_told", told_by=note.told_by, at=at, by=by) if note.told_by else t("cases.note", at=at, by=by)
    with st.container(horizontal=True, key=f"note-{note.id}", vertical_alignment="center"):
        st.markdown(
            f"**{layout.plain(field_label(t, note.assumption))}** {layout.plain(note.text)}  \n{layout.plain(told)}"
        )
        if case.access != "viewer":
            label = t("cases.note_remove")
            key = f"w.note.remove.{note.id}"
            st.button(label, key=key, type="tertiary", icon=":material/delete:", on_click=_remove, args=(case, note, t))


def _another(case: KeptCase, t: Translator) -> None:
    """A form that is empty again once its note is written, and keeps what was typed where it is refused."""
    from advisor.store import cases

    revision = cases.revision(database.store(), people.actor(), case.id)
    labels = words.by_label((str(row["id"]) for row in revision.content.prices), t)
    key = f"w.note.{case.id}.{st.session_state.get(WRITTEN, 0)}"
    with st.form(f"form.{key}"):
        st.selectbox(t("cases.note_on"), list(labels), format_func=lambda name: labels.get(name, name), key=f"{key}.on")
        st.text_area(t("cases.note_text"), max_chars=2000, height=80, key=f"{key}.text")
        st.text_input(t("cases.note_told_by"), max_chars=200, key=f"{key}.told_by")
        st.form_submit_button(t("cases.note_add"), key="w.note.add", on_click=_add, args=(case, key, t))


def _add(case: KeptCase, key: str, t: Translator) -> None:
    from advisor.store import beside

    assumption, text, told_by = (str(st.session_state[f"{key}.{part}"]) for part in ("on", "text", "told_by"))

    def add() -> str:
        beside.add_note(database.store(), people.actor(), case.id, assumption, text, told_by)
        st.session_state[WRITTEN] = st.session_state.get(WRITTEN, 0) + 1
        return t("cases.note_added", name=field_label(t, assumption))

    case_actions.tried(PLACE, add)


def _remove(case: KeptCase, note: CaseNote, t: Translator) -> None:
    from advisor.store import beside

    def remove() -> str:
        beside.remove_note(database.store(), people.actor(), case.id, note.id)
        return t("cases.note_removed", name=field_label(t, note.assumption))

    case_actions.tried(PLACE, remove)
