"""The commands ``cases`` and ``review``: keep cases, see them as they were, and recompute them at today's prices."""

import argparse
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from advisor.catalog.loader import Catalog, load_catalog
from advisor.cli.files import read_file, shown, writable, write, write_file, write_json
from advisor.core.notices import InputError, Issue
from advisor.decision.repricing import NumberThen, Repricing, reprice
from advisor.report.text import columns
from advisor.scenario import Scenario
from advisor.store import cases
from advisor.store.database import Store, open_store
from advisor.store.records import LOCAL_USER, Actor, KeptCase, Revision
from advisor.text.i18n import Translator
from advisor.text.phrases import field_label

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


def tell_review(options: argparse.Namespace, t: Translator, at: datetime) -> bool:
    """Recompute every kept case; whether verdict and payback of all stand where they stood."""
    store, me, catalog = open_store(), actor(at), load_catalog()
    try:
        found = [(case, *_repriced(store, me, case.id, catalog, at.date())) for case in cases.listed(store, me)]
    finally:
        store.close()
    moved = [each for each in found if each[2].turns or each[2].payback_moved]
    if options.json:
        write_json({"cases": len(found), "moved": [_moved_record(*each) for each in moved]})
        return not moved
    for case, revision, repricing in moved:
        write("\n".join(_moved_lines(case, revision, repricing, t)) + "\n\n")
    write(t("store.review_done", count=t.number(len(found), 0), moved=t.number(len(moved), 0)) + "\n")
    return not moved


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
        repricing = _reprice(revision, load_catalog(), me.at.date())
    if options.json:
        today = repricing and _repricing_record(repricing)
        write_json({**_case_record(case), "revision": _revision_record(revision), "today": today})
        return
    lines = [shown(case.name), *_revision_lines(revision, t)]
    if repricing is not None:
        lines += ["", *_repricing_lines(repricing, t)]
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
    advice = advise(scenario, catalog, me.at.date())
    report = build_report(advice, catalog, t)
    content = content_of(advice, catalog, t, render_pdf(report) if options.pdf else None, report=report)
    if options.into is None:
        case_id = cases.create(store, me, options.name, content, options.why, options.tag or ())
        number = 1
    else:
        case_id, number = options.into, cases.save(store, me, options.into, options.seen, content, options.why)
    write(t("store.saved", number=number, case=case_id) + "\n")


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
        (str(h.number), _time(h.at), shown(h.by), _verdict(h.headline, t), _payback(h.headline, t), shown(h.why))
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
        write_file(target, _file_of(cases.revision(store, me, options.case, options.revision), suffix))
    write(t("cli.written", path=shown(options.output)) + "\n")


def _file_of(revision: Revision, suffix: str) -> bytes:
    """A revision as it was: the answers, or the report."""
    if suffix in (".yaml", ".yml"):
        return revision.content.answers.encode()
    from advisor.report.keeping import report_of

    if suffix == ".md":
        from advisor.report.markdown import render_markdown

        return render_markdown(report_of(revision)).encode()
    from advisor.report.pdf import render_pdf

    return revision.content.pdf or render_pdf(report_of(revision))


def _import(store: Store, options: argparse.Namespace, t: Translator, me: Actor) -> None:
    from advisor.store.exchange import imported

    content = read_file(options.file, "FILE", LARGEST_IMPORT_BYTES)
    if content is None:
        raise InputError([Issue("FILE", "file_not_found", {"path": shown(options.file)})])
    case_id = imported(store, me, content)
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
    verdict, changed = _verdict(case.headline, t), _time(case.changed_at)
    return case.id, shown(case.name), status, str(case.latest), verdict, changed, shown(tags)


def _revision_lines(revision: Revision, t: Translator) -> Iterator[str]:
    head, headline = revision.head, revision.head.headline
    yield t("store.revision", number=head.number, at=_time(head.at), by=shown(head.by))
    if head.why:
        yield t("store.why", why=shown(head.why))
    yield t("store.frozen", verdict=_verdict(headline, t), payback=_payback(headline, t), npv=_money(headline, t))
    yield t("store.rests_on", date=t.date(revision.content.as_of), catalog=head.catalog_version)


def _moved_lines(case: KeptCase, revision: Revision, found: Repricing, t: Translator) -> Iterator[str]:
    yield f"{shown(case.name)} ({case.id})"
    yield "  " + t(
        "store.revision", number=revision.head.number, at=_time(revision.head.at), by=shown(revision.head.by)
    )
    yield from (f"  {line}" for line in _repricing_lines(found, t))


def _repricing_lines(found: Repricing, t: Translator) -> Iterator[str]:
    """The verdict then and now, then each number that changed, then what the groups of them do to the value."""
    old, new = (_verdict(each, t) for each in (found.then, found.now))
    yield t("store.verdict_turns", old=old, new=new) if found.turns else t("store.verdict_stays", verdict=new)
    yield t("store.payback_moves", old=_payback(found.then, t), new=_payback(found.now, t))
    if not found.changes:
        yield t("store.no_number_changed")
        return
    currency = found.now["currency"]
    rows = [tuple(t(f"store.column.{name}") for name in ("number", "then", "now", "source"))]
    for change in found.changes[:MOST_SHOWN]:
        source = (change.now or change.then or _NOTHING).source or ""
        rows.append((_label(change.id, t), _value(change.then, currency, t), _value(change.now, currency, t), source))
    yield from (f"  {line}" for line in columns(rows))
    if len(found.changes) > MOST_SHOWN:
        yield "  " + t("store.more", count=t.number(len(found.changes) - MOST_SHOWN, 0))
    steps = [(t(f"walk.{step.id}.label"), t.money(step.npv, currency)) for step in found.steps]
    if steps:
        yield from (f"  {line}" for line in columns([(t("store.column.step"), t("store.column.npv")), *steps]))


_NOTHING = NumberThen(None, "", "", None, None, None)


def _label(name: str, t: Translator) -> str:
    return field_label(t, name) if t.has(f"field.{name}.label") else name


def _value(number: NumberThen | None, currency: str, t: Translator) -> str:
    return t("store.not_used") if number is None else t.value(number.value, number.unit, currency)


def _verdict(headline: Any, t: Translator) -> str:
    key = f"verdict.{headline.get('verdict')}.label"
    return t(key) if t.has(key) else str(headline.get("verdict", ""))


def _payback(headline: Any, t: Translator) -> str:
    if headline.get("payback") is None:
        return t("word.unknown")
    months = headline["payback"]["p50"]
    return t("store.no_payback") if months is None else t.months(months)


def _money(headline: Any, t: Translator) -> str:
    figure = headline.get("npv")
    return t("word.unknown") if figure is None else t.money(figure["mean"], headline["currency"])


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


# -- records ------------------------------------------------------------------------------------------


def _repriced(store: Store, me: Actor, case_id: str, catalog: Catalog, on: date) -> tuple[Revision, Repricing]:
    revision = cases.revision(store, me, case_id)
    return revision, _reprice(revision, catalog, on)


def _reprice(revision: Revision, catalog: Catalog, on: date) -> Repricing:
    return reprice(_scenario(revision, catalog), revision.head.headline, revision.content.prices, catalog, on)


def _scenario(revision: Revision, catalog: Catalog) -> Scenario:
    from advisor.assumptions.given import unfinished_case

    return unfinished_case(revision.content.answers, catalog)


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


def _repricing_record(found: Repricing) -> dict[str, Any]:
    changes = [
        {"id": c.id, "then": None if c.then is None else vars(c.then), "now": None if c.now is None else vars(c.now)}
        for c in found.changes
    ]
    steps = [vars(step) for step in found.steps]
    return {"turns": found.turns, "then": found.then, "now": found.now, "changes": changes, "steps": steps}


def _moved_record(case: KeptCase, revision: Revision, found: Repricing) -> dict[str, Any]:
    return {"id": case.id, "name": case.name, "revision": revision.head.number, **_repricing_record(found)}
