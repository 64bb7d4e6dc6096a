"""Every revision of a kept case as it was, and who did what to the case."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import streamlit as st

from advisor.core.places import file_stem
from advisor.report import then_and_now as words
from advisor.store.records import AuditEntry, KeptCase, RevisionHead
from advisor.text.i18n import Translator
from advisor.text.phrases import field_label
from advisor.ui import case_actions, database, frozen, layout, people
from advisor.ui.tables import stacked_table

PLACE = "history"
AUDIT_COLUMNS = ("when", "who", "what", "detail")
FILES = (("pdf", "application/pdf"), ("md", "text/markdown"), ("yaml", "application/yaml"))


def draw(case: KeptCase, t: Translator) -> None:
    """The history, and any revision of it as files or to work on."""
    with layout.folded(
        t("cases.history", count=t.number(case.latest, 0)), "case.history", icon=":material/list:"
    ) as is_open:
        if is_open:
            _history(case, t)
    case_actions.say_refused(PLACE, t)


def _history(case: KeptCase, t: Translator) -> None:
    from advisor.store import cases

    heads = cases.history(database.store(), people.actor(), case.id)[::-1]
    columns = [t(f"store.column.{name}") for name in ("revision", "at", "by", "verdict", "payback", "why")]
    rows = [
        (
            t.number(head.number, 0),
            t.moment(head.at),
            people.name_of(head.by, t),
            words.verdict_text(head.headline, t),
            words.payback_text(head.headline, t),
            head.why,
        )
        for head in heads
    ]
    stacked_table(rows, columns, t("cases.history_table"), f"history-{case.id[:8]}")
    number = st.selectbox(
        t("store.column.revision"),
        [head.number for head in heads],
        key=f"w.case.revision.{case.id}.{case.latest}",
        format_func=lambda each: t("cases.revision_choice", number=each, date=_day(heads, each, t)),
    )
    _one(case, int(number), t)


def _day(heads: Sequence[RevisionHead], number: int, t: Translator) -> str:
    return t.date(next(head.at.date() for head in heads if head.number == number))


def _one(case: KeptCase, number: int, t: Translator) -> None:
    """A revision as it was: its files, and the way to go on from it."""
    from advisor.report.keeping import report_of
    from advisor.store import cases

    stem = file_stem(case.name)
    with st.container(horizontal=True, key="revision-actions"):
        for suffix, mime in FILES:
            key = f"{suffix}.{case.id}.{number}.history"
            name = f"{stem}-{number}.{suffix}"
            case_actions.file(
                t(f"cases.file.{suffix}"), _build(case.id, number, f".{suffix}", t.language), name, mime, key
            )
        if st.button(t("cases.work_on_revision", number=number), key="w.case.work_on_revision", icon=":material/edit:"):
            case_actions.open_case(PLACE, case, number)
    if number < case.latest:
        st.caption(t("cases.older_revision", latest=case.latest))
    if st.toggle(t("cases.read_here"), key=f"w.case.read.{case.id}"):
        frozen.draw(report_of(cases.revision(database.store(), people.actor(), case.id, number), t.language), t)


def _build(case_id: str, number: int, suffix: str, language: str) -> Callable[[], bytes]:
    store, me = database.store(), people.actor()

    def build() -> bytes:
        from advisor.report.keeping import file_of
        from advisor.store import cases

        revision = cases.revision(store, me, case_id, number)
        return frozen.pdf_of(revision, language) if suffix == ".pdf" else file_of(revision, suffix, language)

    return build


# -- the audit ----------------------------------------------------------------------------------------


def audit(case: KeptCase, t: Translator) -> None:
    """Who did what to the case and when, the last first."""
    with layout.folded(t("cases.audit"), "case.audit", icon=":material/fact_check:") as is_open:
        if not is_open:
            return
        from advisor.store import access

        entries = access.audit_of(database.store(), people.actor(), case.id)[::-1]
        columns = [t(f"cases.column.{name}") for name in AUDIT_COLUMNS]
        rows = [(t.moment(each.at), people.name_of(each.by, t), _action(each, t), _detail(each, t)) for each in entries]
        stacked_table(rows, columns, t("cases.audit"), f"audit-{case.id[:8]}")


def _action(entry: AuditEntry, t: Translator) -> str:
    key = f"cases.audit.{entry.action}"
    return t(key) if t.has(key) else entry.action


def _detail(entry: AuditEntry, t: Translator) -> str:
    """What was changed from what to what, or which revision, assumption or person it was about."""
    return t("word.comma").join(_parts(entry.detail, t))


def _parts(detail: Mapping[str, Any], t: Translator) -> Iterator[str]:
    for name, value in detail.get("after", {}).items():
        old, new = (_told(name, each, t) for each in (detail["before"].get(name), value))
        yield t("cases.changed_part", name=t(f"cases.part.{name}"), old=old, new=new)
    if "number" in detail:
        yield t("cases.detail.number", number=detail["number"])
    if "assumption" in detail:
        yield field_label(t, str(detail["assumption"]))
    if "user" in detail:
        role = detail.get("access")
        may = t("cases.role.none") if role is None else t(f"cases.role.{role}")
        yield t("cases.detail.user", user=people.name_of(str(detail["user"]), t), role=may)


def _told(name: str, value: object, t: Translator) -> str:
    """A status, a list of tags, a yes or no, or a name in words."""
    if name == "status":
        return t(f"store.status.{value}")
    if name == "archived":
        return t("word.yes") if value else t("word.no")
    if name == "tags" and isinstance(value, str):
        return t("word.comma").join(json.loads(value)) or t("cases.no_tags")
    return str(value)
