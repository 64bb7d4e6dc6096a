"""The command ``review``: recompute every kept case, and say which moved and why."""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from advisor.catalog.loader import load_catalog
from advisor.cli.files import shown, write, write_json
from advisor.cli.kept import actor, repricing_lines, repricing_record
from advisor.core.notices import InputError, Issue
from advisor.decision.repricing import Repricing
from advisor.report import then_and_now as words
from advisor.store import cases
from advisor.store.database import Store, open_store
from advisor.store.records import Actor, KeptCase, Revision
from advisor.text.i18n import Translator
from advisor.text.phrases import issue_text, joined


@dataclass(frozen=True)
class ReviewedCase:
    """A kept case with its latest revision beside today's prices, or with ``issues``: why it cannot be computed."""

    case: KeptCase
    revision: Revision
    found: Repricing | None
    issues: tuple[Issue, ...] = ()


def tell_review(options: argparse.Namespace, t: Translator, at: datetime) -> bool:
    """Recompute every kept case; whether verdict and payback of all stand where they stood."""
    store, catalog = open_store(), load_catalog()
    try:
        reviewed = []
        for me, case in _all(store, actor(at), everybody=options.everybody):
            revision = cases.revision(store, me, case.id)
            try:
                found = ReviewedCase(case, revision, words.repriced(revision, catalog, at.date()))
            except InputError as error:  # answers that this release does not take any more
                found = ReviewedCase(case, revision, None, error.issues)
            reviewed.append(found)
    finally:
        store.close()
    moved = [each for each in reviewed if each.found is not None and words.has_moved(each.found)]
    faulty = [each for each in reviewed if each.found is None]
    if options.json:
        records = [_moved_record(each) for each in moved]
        write_json(
            {"cases": len(reviewed), "moved": records, "not_computed": [_fault_record(each, t) for each in faulty]}
        )
    else:
        write("".join("\n".join(_lines(each, t)) + "\n\n" for each in (*moved, *faulty)))
        write(t("store.review_done", count=t.number(len(reviewed), 0), moved=t.number(len(moved), 0)) + "\n")
    return not moved and not faulty


def _all(store: Store, me: Actor, *, everybody: bool) -> Iterator[tuple[Actor, KeptCase]]:
    """The cases that a user may see; for whoever looks after the database those of everybody, each once."""
    if not everybody:
        yield from ((me, case) for case in cases.listed(store, me))
        return
    for owner in cases.owners(store):
        their = Actor(owner, me.at)
        yield from ((their, case) for case in cases.listed(store, their) if case.access == "owner")


def _lines(each: ReviewedCase, t: Translator) -> Iterator[str]:
    head = each.revision.head
    if each.found is None:
        why = joined((issue_text(t, issue) for issue in each.issues), t)
        yield t("cases.not_reviewed", name=f"{shown(each.case.name)} ({each.case.id})", why=shown(why))
        return
    yield f"{shown(each.case.name)} ({each.case.id})"
    yield "  " + t("store.revision", number=head.number, at=t.moment(head.at), by=shown(head.by))
    yield from (f"  {line}" for line in repricing_lines(each.found, t))


def _moved_record(each: ReviewedCase) -> dict[str, Any]:
    assert each.found is not None
    return {**_which(each), **repricing_record(each.found)}


def _fault_record(each: ReviewedCase, t: Translator) -> dict[str, Any]:
    return {**_which(each), "why": [issue_text(t, issue) for issue in each.issues]}


def _which(each: ReviewedCase) -> dict[str, Any]:
    return {
        "id": each.case.id,
        "name": each.case.name,
        "owner": each.case.owner,
        "revision": each.revision.head.number,
    }
