"""The command ``cases``: keep cases, and see them as they were and at today's prices."""

import argparse
import os
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from advisor.catalog.loader import load_catalog
from advisor.cli.beside_cases import BESIDE
from advisor.cli.files import read_file, shown, writable, write, write_file, write_json
from advisor.core.notices import InputError, Issue
from advisor.decision.repricing import Repricing
from advisor.report import then_and_now as words
from advisor.report.text import columns
from advisor.scenario import LONGEST_NAME
from advisor.store import beside, cases
from advisor.store.access import plain_text
from advisor.store.database import Store, open_store
from advisor.store.records import LOCAL_USER, Actor, KeptCase, Revision
from advisor.text.i18n import Translator
from advisor.text.phrases import within

USER = "ADVISOR_USER"
"""Variable that says who acts on the command line, where several people share a database."""
LARGEST_IMPORT_BYTES = 200_000_000
MOST_SHOWN = 20
WRITTEN = (".pdf", ".md", ".yaml", ".yml", ".json")


def actor(at: datetime) -> Actor:
    """Who runs the command: the user named in the settings, else the one local user."""
    return Actor(os.environ.get(USER, "").strip() or LOCAL_USER, at)


def tell_cases(options: argparse.Namespace, t: Translator, at: datetime) -> None:
    """Do one of the actions on kept cases."""
    store = open_store()
    try:
        ACTIONS[options.action](store, options, t, actor(at))
    finally:
        store.close()


# -- actions ------------------------------------------------------------------------------------------


def _list(store: Store, options: argparse.Namespace, t: Translator, me: Actor) -> None:
    found = [case for case in cases.listed(store, me, archived=options.archived) if _is_wanted(case, options)]
    if options.json:
        write_json([_case_record(case) for case in found])
        return
    if not found:
        write(t("store.none") + "\n")
        return
    names = ("id", "name", "status", "revision", "verdict", "changed", "tags")
    head = tuple(t(f"store.column.{name}") for name in names)
    write("".join(f"{line}\n" for line in columns([head, *(_row(case, t) for case in found)])))


def _show(store: Store, options: argparse.Namespace, t: Translator, me: Actor) -> None:
    """The figures as they were frozen, and beside them what they would be today where that is asked for."""
    case = cases.find(store, me, options.case)
    revision = cases.revision(store, me, options.case, options.revision)
    repricing = None
    if options.reprice:
        repricing = words.repriced(revision, load_catalog(), me.at.date())
    if options.json:
        today = repricing and repricing_record(repricing)
        write_json({**_case_record(case), "revision": _revision_record(revision), "today": today})
        return
    lines = [shown(case.name), *_revision_lines(revision, t)]
    if repricing is not None:
        lines += ["", *repricing_lines(repricing, t)]
    write("\n".join(lines) + "\n")


def _save(store: Store, options: argparse.Namespace, t: Translator, me: Actor) -> None:
    """Keep a scenario as a new case, or as the next revision of one."""
    from advisor.cli.cases import named_case
    from advisor.decision.advice import advise
    from advisor.report.build import build_report
    from advisor.report.keeping import content_of
    from advisor.report.pdf import render_pdf

    if (options.into is None) == (options.name is None):
        raise InputError([Issue("--name", "store_name_or_into", {})])
    if options.into is not None and options.seen is None:
        raise InputError([Issue("--seen", "store_seen_missing", {})])
    catalog = load_catalog()
    scenario, _ = named_case(options.scenario, catalog)
    name = _unconflicted(store, options, me).name if options.into is not None else plain_text(options.name, "NAME")
    scenario = scenario.corrected("title", name[:LONGEST_NAME])  # its report is called what it is kept under
    advice = advise(scenario, catalog, me.at.date())
    notes = beside.notes_of(store, me, options.into) if options.into is not None else ()
    report = build_report(advice, catalog, t, notes=notes)
    content = content_of(advice, catalog, t, render_pdf(report) if options.pdf else None, report=report, notes=notes)
    if options.into is None:
        case_id = cases.create(store, me, options.name, content, options.why, options.tag or ())
        number = 1
    else:
        case_id, number = options.into, cases.save(store, me, options.into, options.seen, content, options.why)
    write(t("store.saved", number=number, case=case_id) + "\n")


def _unconflicted(store: Store, options: argparse.Namespace, me: Actor) -> KeptCase:
    """The case to save into; what another user saved meanwhile is told before anything is computed."""
    case = cases.find(store, me, options.into)
    if case.latest != options.seen:
        raise InputError([cases.unseen(cases.revision(store, me, options.into).head)])
    return case


def _set(store: Store, options: argparse.Namespace, t: Translator, me: Actor) -> None:
    tags = None if options.tag is None else [tag for tag in options.tag if tag]
    cases.change(store, me, options.case, name=options.name, status=options.status, tags=tags)
    write(t("store.changed", name=shown(cases.find(store, me, options.case).name)) + "\n")


def _archive(store: Store, options: argparse.Namespace, t: Translator, me: Actor) -> None:
    cases.change(store, me, options.case, archived=not options.back)
    name = shown(cases.find(store, me, options.case).name)
    write(t("store.back" if options.back else "store.archived", name=name) + "\n")


def _delete(store: Store, options: argparse.Namespace, t: Translator, me: Actor) -> None:
    name = cases.find(store, me, options.case).name
    if not options.yes:
        raise InputError([Issue("--yes", "store_not_confirmed", {"name": shown(name)})])
    cases.remove(store, me, options.case)
    write(t("store.deleted", name=shown(name)) + "\n")


def _history(store: Store, options: argparse.Namespace, t: Translator, me: Actor) -> None:
    heads = cases.history(store, me, options.case)
    if options.json:
        write_json([{**_head_record(head), "headline": head.headline} for head in heads])
        return
    names = ("revision", "at", "by", "verdict", "payback", "why")
    rows = [tuple(t(f"store.column.{name}") for name in names)]
    rows += [
        (
            str(h.number),
            t.moment(h.at),
            shown(h.by),
            words.verdict_text(h.headline, t),
            words.payback_text(h.headline, t),
            shown(h.why),
        )
        for h in heads
    ]
    write("".join(f"{line}\n" for line in columns(rows)))


def _export(store: Store, options: argparse.Namespace, t: Translator, me: Actor) -> None:
    """A revision's report or answers as a file; as JSON the case with everything that hangs on it."""
    target = writable(options.output, "", WRITTEN)
    suffix = target.suffix.lower()
    if suffix == ".json":
        from advisor.store.exchange import exported

        write_file(target, exported(store, me, options.case).encode())
    else:
        from advisor.report.keeping import file_of

        write_file(target, file_of(cases.revision(store, me, options.case, options.revision), suffix))
    write(t("cli.written", path=shown(options.output)) + "\n")


def _import(store: Store, options: argparse.Namespace, t: Translator, me: Actor) -> None:
    from advisor.store.exchange import taken_in

    content = read_file(options.file, "FILE", LARGEST_IMPORT_BYTES)
    if content is None:
        raise InputError([Issue("FILE", "file_not_found", {"path": shown(options.file)})])
    for case_id in taken_in(store, me, content):
        write(t("store.imported", name=shown(cases.find(store, me, case_id).name), case=case_id) + "\n")


ACTIONS = {
    "list": _list,
    "show": _show,
    "save": _save,
    "set": _set,
    "history": _history,
    "export": _export,
    "import": _import,
    "archive": _archive,
    "delete": _delete,
    **BESIDE,
}


# -- words --------------------------------------------------------------------------------------------


def _is_wanted(case: KeptCase, options: argparse.Namespace) -> bool:
    """Whether a case has the text, tag and status that are asked for."""
    return (
        (options.search or "").casefold() in case.name.casefold()
        and (options.tag is None or options.tag in case.tags)
        and (options.status is None or options.status == case.status)
    )


def _row(case: KeptCase, t: Translator) -> tuple[str, ...]:
    status, tags = t(f"store.status.{case.status}"), ", ".join(case.tags)
    verdict, changed = words.verdict_text(case.headline, t), t.moment(case.changed_at)
    return case.id, shown(case.name), status, str(case.latest), verdict, changed, shown(tags)


def _revision_lines(revision: Revision, t: Translator) -> Iterator[str]:
    head, headline = revision.head, revision.head.headline
    yield t("store.revision", number=head.number, at=t.moment(head.at), by=shown(head.by))
    if head.why:
        yield t("store.why", why=shown(head.why))
    yield t(
        "store.frozen",
        verdict=words.verdict_text(headline, t),
        payback=within(words.payback_text(headline, t)),
        npv=words.value_text(headline, t),
    )
    yield t("store.rests_on", date=t.date(revision.content.as_of), catalog=head.catalog_version)


def repricing_lines(found: Repricing, t: Translator) -> Iterator[str]:
    """The verdict then and now, then each number that changed, then what the groups of them do to the value."""
    yield from words.turn_lines(found, t)
    if not found.changes:
        return
    heads, rows = words.changes_table(found, t)
    yield from (f"  {line}" for line in columns([heads, *rows[:MOST_SHOWN]]))
    if len(rows) > MOST_SHOWN:
        yield "  " + t("store.more", count=t.number(len(rows) - MOST_SHOWN, 0))
    heads, rows = words.steps_table(found, t)
    if rows:
        yield from (f"  {line}" for line in columns([heads, *rows]))


# -- records ------------------------------------------------------------------------------------------


def _case_record(case: KeptCase) -> dict[str, Any]:
    return {
        **{name: getattr(case, name) for name in ("id", "name", "owner", "status", "archived", "latest", "access")},
        "tags": list(case.tags),
        "changed_at": case.changed_at.isoformat(),
        "headline": dict(case.headline),
    }


def _head_record(head: Any) -> dict[str, Any]:
    told = {name: getattr(head, name) for name in ("number", "by", "why", "catalog_version", "previous", "hash")}
    return {**told, "at": head.at.isoformat()}


def _revision_record(revision: Revision) -> dict[str, Any]:
    content = revision.content
    return {
        **_head_record(revision.head),
        "as_of": content.as_of.isoformat(),
        "product_version": content.product_version,
        "headline": content.headline,
        "prices": list(content.prices),
        "evidence": content.evidence,
        "answers": content.answers,
    }


def repricing_record(found: Repricing) -> dict[str, Any]:
    changes = [
        {"id": c.id, "then": None if c.then is None else vars(c.then), "now": None if c.now is None else vars(c.now)}
        for c in found.changes
    ]
    steps = [vars(step) for step in found.steps]
    return {"turns": found.turns, "then": found.then, "now": found.now, "changes": changes, "steps": steps}
