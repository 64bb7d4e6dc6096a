"""What stands beside kept cases, for the command ``cases``: share links, notes, members, the audit, drafts."""

import argparse
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from advisor.cli.files import shown, write, write_json
from advisor.core.notices import InputError, Issue
from advisor.report.link import shared_at
from advisor.report.text import columns
from advisor.scenario import QUESTIONS
from advisor.scenario.names import question_named
from advisor.store import access, beside, cases
from advisor.store.database import Store
from advisor.store.records import Actor, AuditEntry, CaseNote, ShareLink
from advisor.text.i18n import Translator
from advisor.text.labels import labels
from advisor.text.phrases import field_label

MOST_DAYS = 3650
Action = Callable[[Store, argparse.Namespace, Translator, Actor], None]


def _share(store: Store, options: argparse.Namespace, t: Translator, me: Actor) -> None:
    """Make a link; its address, which is told only now."""
    if not 1 <= options.days <= MOST_DAYS:
        raise InputError([Issue("--days", "sharing_days", {"value": str(options.days)[:20], "maximum": MOST_DAYS})])
    shared_at(options.app_address, "", t.language)  # refused before anything is made
    number = cases.find(store, me, options.case).latest if options.revision is None else options.revision
    end = beside.end_of(me.at.date() + timedelta(days=options.days))
    token, link = beside.share(store, me, options.case, number, end)
    address = shared_at(options.app_address, token, t.language)
    if options.json:
        write_json({**_link_record(link, me.at), "address": address})
        return
    write(t("sharing.made", number=link.number, date=t.date(link.expires_at.date())) + f"\n{address}\n")
    if not options.app_address:
        write(t("sharing.below_the_app") + "\n")


def _links(store: Store, options: argparse.Namespace, t: Translator, me: Actor) -> None:
    found = beside.links_of(store, me, options.case)
    if options.json:
        write_json([_link_record(link, me.at) for link in found])
        return
    _table(
        ("id", "revision", "made", "by", "state"),
        [(link.id, str(link.number), t.moment(link.at), shown(link.by), _state(link, me.at, t)) for link in found],
        t("sharing.none"),
        t,
    )


def _revoke(store: Store, options: argparse.Namespace, t: Translator, me: Actor) -> None:
    """End a link; one that there is not is told, since a slip of the pen would leave another open."""
    if options.link not in {link.id for link in beside.links_of(store, me, options.case)}:
        raise InputError([Issue("LINK", "sharing_no_such_link", {"link": shown(options.link)[:60]})])
    beside.revoke(store, me, options.case, options.link)
    if options.json:
        (link,) = (each for each in beside.links_of(store, me, options.case) if each.id == options.link)
        write_json(_link_record(link, me.at))
        return
    write(t("sharing.revoked") + "\n")


def _notes(store: Store, options: argparse.Namespace, t: Translator, me: Actor) -> None:
    found = beside.notes_of(store, me, options.case)
    if options.json:
        write_json([_note_record(note) for note in found])
        return
    _table(
        ("assumption", "note", "told_by", "by", "at"),
        [(_label(n.assumption, t), shown(n.text), shown(n.told_by), shown(n.by), t.moment(n.at)) for n in found],
        t("sharing.no_notes"),
        t,
    )


def _note(store: Store, options: argparse.Namespace, t: Translator, me: Actor) -> None:
    """Write a note on an assumption that the latest revision rests on, or that is a question."""
    revision = cases.revision(store, me, options.case)
    known = {str(number["id"]) for number in revision.content.prices} | set(QUESTIONS)
    assumption = options.assumption if options.assumption in known else question_named(options.assumption, labels())
    if assumption is None:
        raise InputError([Issue("ASSUMPTION", "sharing_no_assumption", {"value": shown(options.assumption)[:60]})])
    note_id = beside.add_note(store, me, options.case, assumption, options.text, options.told_by)
    if options.json:
        (note,) = (each for each in beside.notes_of(store, me, options.case) if each.id == note_id)
        write_json(_note_record(note))
        return
    write(t("sharing.noted", assumption=_label(assumption, t)) + "\n")


def _members(store: Store, options: argparse.Namespace, t: Translator, me: Actor) -> None:
    """The owner and whom he let in."""
    owner = cases.find(store, me, options.case).owner
    found = {owner: "owner", **access.members_of(store, me, options.case)}
    if options.json:
        write_json([{"user": user, "access": may} for user, may in found.items()])
        return
    _table(("user", "access"), [(shown(user), t(f"sharing.access.{may}")) for user, may in found.items()], "", t)


def _let(store: Store, options: argparse.Namespace, t: Translator, me: Actor) -> None:
    may = None if options.access == "none" else options.access
    access.let(store, me, options.case, options.user, may)
    if options.json:
        write_json({"user": options.user, "access": may})
        return
    write(t("sharing.let", user=shown(options.user), access=t(f"sharing.access.{options.access}")) + "\n")


def _audit(store: Store, options: argparse.Namespace, t: Translator, me: Actor) -> None:
    found = access.audit_of(store, me, options.case)
    if options.json:
        write_json([_entry_record(entry) for entry in found])
        return
    rows = [(t.moment(e.at), shown(e.by), _action(e, t), _detail(e)) for e in found]
    _table(("at", "by", "action", "detail"), rows, "", t)


def _drafts(store: Store, options: argparse.Namespace, t: Translator, me: Actor) -> None:
    """What the user typed in the app and has not saved."""
    found = beside.drafts_of(store, me)
    if options.json:
        told = [{**vars(each.draft), "name": each.name, "at": each.draft.at.isoformat()} for each in found]
        write_json(told)
        return
    rows = [
        (each.draft.case_id, shown(each.name) or t("sharing.new_case"), str(each.draft.seen), t.moment(each.draft.at))
        for each in found
    ]
    _table(("id", "name", "revision", "at"), rows, t("sharing.no_drafts"), t)


BESIDE: dict[str, Action] = {
    "share": _share,
    "links": _links,
    "revoke": _revoke,
    "notes": _notes,
    "note": _note,
    "members": _members,
    "let": _let,
    "audit": _audit,
    "drafts": _drafts,
}


# -- words and records --------------------------------------------------------------------------------


def _table(names: Sequence[str], rows: Sequence[tuple[str, ...]], nothing: str, t: Translator) -> None:
    """Rows under their heads, or that there are none."""
    if not rows:
        write(nothing + "\n")
        return
    head = tuple(t(f"sharing.column.{name}") for name in names)
    write("".join(f"{line}\n" for line in columns([head, *rows])))


def _state(link: ShareLink, now: datetime, t: Translator) -> str:
    ends = t.date((link.revoked_at or link.expires_at).date())
    return t(f"sharing.state.{link.state_at(now)}", date=ends)


def _label(name: str, t: Translator) -> str:
    return field_label(t, name) if t.has(f"field.{name}.label") else name


def _action(entry: AuditEntry, t: Translator) -> str:
    key = f"sharing.action.{entry.action}"
    return t(key) if t.has(key) else entry.action


def _detail(entry: AuditEntry) -> str:
    return shown(", ".join(f"{name}: {value}" for name, value in entry.detail.items() if value is not None))


def _link_record(link: ShareLink, now: datetime) -> dict[str, Any]:
    return {
        "id": link.id,
        "revision": link.number,
        "by": link.by,
        "at": link.at.isoformat(),
        "expires_at": link.expires_at.isoformat(),
        "revoked_at": link.revoked_at and link.revoked_at.isoformat(),
        "state": link.state_at(now),
    }


def _note_record(note: CaseNote) -> dict[str, Any]:
    return {**vars(note), "at": note.at.isoformat()}


def _entry_record(entry: AuditEntry) -> dict[str, Any]:
    return {"at": entry.at.isoformat(), "by": entry.by, "action": entry.action, "detail": dict(entry.detail)}
