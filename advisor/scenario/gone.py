"""Questions that are asked no more: cases that still answer them load, and the reader is told what was left out."""

from collections.abc import Mapping

from advisor.core.notices import Issue
from advisor.scenario.values import quoted

GONE_FIELDS: dict[str, str] = {}
"""Field that is gone -> last release that asked it. Whoever removes a question adds its line here."""
TABLES_BY_FIELD = ("ranges", "owners", "measured")
"""Answers that are tables with a field's name before each entry."""


def without_gone(answers: Mapping[str, object]) -> tuple[dict[str, object], tuple[Issue, ...]]:
    """Raw answers without those to questions that are gone, and one issue for each question left out.

    A field that was never a question stays, so that its refusal names the one that was meant.
    """
    kept = {name: value for name, value in answers.items() if name not in GONE_FIELDS}
    gone = {name: None for name in answers if name in GONE_FIELDS}
    for table in TABLES_BY_FIELD:
        entries = kept.get(table)
        if isinstance(entries, Mapping) and not GONE_FIELDS.keys().isdisjoint(entries):
            gone |= {name: None for name in entries if name in GONE_FIELDS}
            kept[table] = {name: value for name, value in entries.items() if name not in GONE_FIELDS} or None
    return kept, tuple(Issue(quoted(name), "field_gone", {"version": GONE_FIELDS[name]}) for name in gone)
