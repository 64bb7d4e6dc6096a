"""One kept case: its figures as they were frozen, what can be done with it, and the sections below."""

from collections.abc import Callable
from dataclasses import replace
from html import escape

import streamlit as st

from advisor.core.places import file_stem
from advisor.decision.rules import TONES
from advisor.report import then_and_now as words
from advisor.scenario import LONGEST_NAME
from advisor.store.records import STATUSES, KeptCase
from advisor.text.i18n import Translator
from advisor.ui import (
    case_actions,
    case_history,
    case_notes,
    case_today,
    database,
    frozen,
    kept,
    layout,
    members,
    people,
    saving,
    sharing,
    state,
)

PLACE = "case"


def draw(case: KeptCase, t: Translator) -> None:
    """Everything about a case that the user may see."""
    with st.container(border=True, key="kept"):
        for section in SECTIONS:
            section(case, t)


# -- as it was frozen ---------------------------------------------------------------------------------


def _figures(case: KeptCase, t: Translator) -> None:
    """Name, status and the figures of the latest revision, of which nothing is computed anew."""
    from advisor.store import cases

    latest = cases.history(database.store(), people.actor(), case.id)[-1]
    marks = [t(f"store.status.{case.status}"), *case.tags]
    now = kept.current()
    if now is not None and now.id == case.id:
        marks.append(t("cases.at_work"))
    if case.archived:
        marks.append(t("cases.is_archived"))
    if case.access != "owner":
        marks.append(t(f"cases.access.{case.access}", owner=people.name_of(case.owner, t)))
    saved = {"number": case.latest, "at": t.moment(latest.at), "by": people.name_of(latest.by, t)}
    said = [t("store.revision", **saved), *([t("store.why", why=latest.why)] if latest.why else [])]
    rests = t("store.rests_on", date=t.date(words.priced_on(case.headline)), catalog=latest.catalog_version)
    tone = TONES.get(str(case.headline.get("verdict")), "unknown")
    verdict = (
        f'<div class="verdict" style="--tone:{layout.TONE_COLOURS[tone]}"><div class="label" role="heading"'
        f' aria-level="3">{layout.sign(tone)} '
        f"{escape(words.verdict_text(case.headline, t))}</div>"
        f'<div class="sentence">{escape(t("word.comma").join(marks))}</div>'
        f'<div class="reason">{"<br>".join(escape(each) for each in (*said, rests))}</div></div>'
    )
    cards = "".join(layout.card(*each) for each in words.frozen_cards(case.headline, t))
    st.subheader(layout.plain(case.name))
    st.html(f'{verdict}<div class="figures">{cards}</div><p class="small">{escape(t("cases.frozen_note"))}</p>')


# -- what can be done ---------------------------------------------------------------------------------


def _actions(case: KeptCase, t: Translator) -> None:
    """Work on it, copy it, lay it aside, delete it, and its files; what the user may not do is not offered."""
    with st.container(horizontal=True, key="case-actions"):
        label, help_text = t("cases.work_on"), t("cases.work_on_help")
        if st.button(label, type="primary", icon=":material/edit:", key="w.case.work_on", help=help_text):
            case_actions.open_case(PLACE, case, None)
        st.button(t("cases.duplicate"), key="w.case.duplicate", on_click=_duplicate, args=(case, t))
        if case.access != "viewer":
            label = t("cases.bring_back") if case.archived else t("cases.archive")
            st.button(label, key="w.case.archive", on_click=_archive, args=(case, t))
        if case.access == "owner":
            _delete_button(case, t)
        _files(case, t)
    case_actions.say_refused(PLACE, t)


def _files(case: KeptCase, t: Translator) -> None:
    """The report as it was frozen, and the case with its whole history."""
    from advisor.store import cases, exchange

    store, me, number, language = database.store(), people.actor(), case.latest, t.language

    def report() -> bytes:
        return frozen.pdf_of(cases.revision(store, me, case.id, number), language)

    def export() -> str:
        return exchange.exported(store, me, case.id)

    key, stem = f"{case.id}.{number}", file_stem(case.name)
    case_actions.file(t("cases.pdf"), report, f"{stem}-{number}.pdf", "application/pdf", f"pdf.{key}")
    case_actions.file(t("cases.json"), export, f"{stem}.json", "application/json", f"json.{key}")


def _duplicate(case: KeptCase, t: Translator) -> None:
    from advisor.store import cases

    def copy() -> str:
        name = t("cases.duplicate_name", name=case.name[: saving.LONGEST_TO_COPY])
        case_actions.choose(cases.duplicate(database.store(), people.actor(), case.id, name))
        return t("cases.duplicated", name=name)

    case_actions.tried(PLACE, copy)


def _archive(case: KeptCase, t: Translator) -> None:
    from advisor.store import cases

    def lay_aside() -> str:
        cases.change(database.store(), people.actor(), case.id, archived=not case.archived)
        case_actions.choose(case.id)
        return t("store.back", name=case.name) if case.archived else t("store.archived", name=case.name)

    case_actions.tried(PLACE, lay_aside)


def _delete_button(case: KeptCase, t: Translator) -> None:
    """Asks first."""
    with st.popover(t("cases.delete"), icon=":material/delete:"):
        st.markdown(layout.plain(t("cases.delete_what", name=case.name, count=t.number(case.latest, 0))))
        st.button(t("cases.delete_go"), key="w.case.delete", type="primary", on_click=_delete, args=(case, t))


def _delete(case: KeptCase, t: Translator) -> None:
    from advisor.store import cases

    def remove() -> str:
        cases.remove(database.store(), people.actor(), case.id)
        kept.forget(case.id)
        case_actions.choose(None)
        return t("store.deleted", name=case.name)

    case_actions.tried(PLACE, remove)


# -- name, status, tags -------------------------------------------------------------------------------


def _details(case: KeptCase, t: Translator) -> None:
    """Name, status and tags to change; what somebody else changed in the meantime stands in the fields at once."""
    case_actions.say_refused("details", t)
    if case.access == "viewer":
        return
    key = f"w.case.{case.id}.{case.changed_at.timestamp()}"
    with st.form(f"form.{key}", border=False):
        name, status, tags = st.columns([3, 2, 3])
        longest = max(LONGEST_NAME, len(case.name))
        name.text_input(t("store.column.name"), case.name, max_chars=longest, key=f"{key}.name")
        status.selectbox(
            t("store.column.status"),
            STATUSES,
            STATUSES.index(case.status),
            format_func=lambda each: t(f"store.status.{each}"),
            key=f"{key}.status",
        )
        shown = t("word.comma").join(case.tags)
        tags.text_input(t("store.column.tags"), shown, key=f"{key}.tags", help=t("ui.save_tags_help"))
        st.form_submit_button(t("cases.change"), key="w.case.change", on_click=_change, args=(case, key, t))


def _change(case: KeptCase, key: str, t: Translator) -> None:
    """Write down what differs from what was shown."""
    from advisor.store import cases

    name, status = (str(st.session_state[f"{key}.{part}"]) for part in ("name", "status"))
    tags = saving.tags_of(str(st.session_state[f"{key}.tags"]))
    asked = {
        "name": None if name == case.name else name,
        "status": None if status == case.status else status,
        "tags": None if sorted(set(tags)) == sorted(case.tags) else tags,
    }

    def change() -> str:
        if not any(value is not None for value in asked.values()):
            return t("cases.nothing_changed")
        cases.change(database.store(), people.actor(), case.id, **asked)  # type: ignore[arg-type]
        found = cases.find(database.store(), people.actor(), case.id)
        _call(found)
        case_actions.choose(case.id)
        return t("store.changed", name=found.name)

    case_actions.tried("details", change)


def _call(case: KeptCase) -> None:
    """The session that works on a case calls it by its name of now, unless it has changed the title itself."""
    now, mine = kept.current(), state.scenario()
    if now is None or now.id != case.id or now.name == case.name:
        return
    saved = kept.titled(now.saved, case.name)
    if mine.title == now.saved.title:
        st.session_state[state.SCENARIO] = kept.titled(mine, case.name)
    kept.work_on(replace(now, name=case.name, saved=saved))


SECTIONS: tuple[Callable[[KeptCase, Translator], None], ...] = (
    _figures,
    _actions,
    _details,
    case_history.draw,
    case_today.draw,
    case_notes.draw,
    sharing.draw,
    members.draw,
    case_history.audit,
)
"""What stands of a case on the page, from the top down; each is given the case as the user may see it."""
