"""A kept revision among compared cases: at today's prices as the others, or as it was when it was kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from advisor.assumptions.given import read_case
from advisor.catalog.catalog import Catalog
from advisor.core.notices import Issue
from advisor.decision.as_kept import AsKept, as_kept
from advisor.report.sections.ledger import number_name
from advisor.scenario import Scenario
from advisor.store.records import Revision
from advisor.text.i18n import Translator
from advisor.text.labels import labels

MOST_NAMED = 5
FROZEN_FIGURES = ("verdict", "payback", "npv")
"""What is shown as it was frozen where the case cannot be computed so again."""


@dataclass(frozen=True)
class ComparedRevision:
    """A kept revision beside other cases: what it is called there, the case that is computed, and how it stands there.

    ``frozen`` is its headline as :func:`~advisor.decision.repricing.frozen_headline` made it, where that does not come
    out again and is shown in rows of its own.
    """

    name: str
    case: Scenario
    says: str
    frozen: Mapping[str, Any] | None = None


def at_todays_prices(
    revision: Revision, name: str, catalog: Catalog, t: Translator
) -> tuple[ComparedRevision, tuple[Issue, ...]]:
    """The revision of the case ``name`` as the other cases are, and an issue for each answer whose question is gone.

    Raises :class:`~advisor.core.notices.InputError` where it can no longer be read.
    """
    case, gone = read_case(revision.content.answers, catalog, labels())
    called = revision_name(revision, name, t)
    return ComparedRevision(called, case.with_(as_of=None), t("compare_kept.today", case=called)), gone


def as_it_was(
    revision: Revision, name: str, catalog: Catalog, t: Translator, found: AsKept | None = None
) -> tuple[ComparedRevision, tuple[Issue, ...]]:
    """The same with the prices that it froze; at today's, beside what it froze, where those give other figures now.

    ``found`` where :func:`recomputed` is at hand. Raises :class:`~advisor.core.notices.InputError` as above.
    """
    at_today, gone = at_todays_prices(revision, name, catalog, t)
    found = found or recomputed(revision, catalog)
    moved = t("word.comma").join([number_name(each, t) for each in found.moved[:MOST_NAMED]])
    said = {"case": at_today.name, "date": t.date(revision.content.as_of), "numbers": moved}
    if found.case is None:
        key = "compare_kept.cannot_of" if moved else "compare_kept.cannot"
        return ComparedRevision(at_today.name, at_today.case, t(key, **said), revision.head.headline), gone
    key = "compare_kept.as_kept_with" if moved else "compare_kept.as_kept"
    return ComparedRevision(at_today.name, found.case, t(key, **said)), gone


def recomputed(revision: Revision, catalog: Catalog) -> AsKept:
    """The revision computed as of its day. Raises :class:`~advisor.core.notices.InputError` where it cannot be read."""
    case = read_case(revision.content.answers, catalog, labels())[0]
    return as_kept(case, revision.head.headline, revision.content.prices, catalog, revision.content.as_of)


def revision_name(revision: Revision, name: str, t: Translator) -> str:
    """What a revision of the case ``name`` is called beside others."""
    day = t.date(revision.head.at.astimezone(UTC).date())
    return t("compare_kept.name", case=name, number=revision.head.number, date=day)


def frozen_rows(kept: Sequence[ComparedRevision | None], t: Translator) -> list[tuple[str, list[str]]]:
    """Each figure as it was frozen, a cell for each case; none where every one came out again."""
    frozen = [None if each is None else each.frozen for each in kept]
    if not any(frozen):
        return []
    return [
        (t(f"compare_kept.frozen.{name}"), ["" if each is None else _figure(name, each, t) for each in frozen])
        for name in FROZEN_FIGURES
    ]


def _figure(name: str, headline: Mapping[str, Any], t: Translator) -> str:
    """A figure of a frozen headline in words; a verdict that a later release has no words for by its code."""
    if name == "verdict":
        key = f"verdict.{headline['verdict']}.label"
        return t(key) if t.has(key) else str(headline["verdict"])
    figure = headline.get(name)
    if figure is None:
        return t("word.unknown")
    if name == "npv":
        return t.money(figure["mean"], headline["currency"])
    return t("status.not_within_horizon") if figure["p50"] is None else t.months(figure["p50"])
