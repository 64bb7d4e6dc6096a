"""Records as rows of the tables and back, and the hash that chains revisions."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Column, Row

from advisor.store import tables
from advisor.store.records import Content, KeptCase, Revision, RevisionHead

HEAD_COLUMNS: tuple[Column[Any], ...] = tuple(
    tables.revisions.c[name]
    for name in ("number", "at", "by", "why", "catalog_version", "headline", "previous", "hash")
)
HASHED = (
    *("number", "at", "by", "why", "answers", "as_of", "language", "product_version", "catalog_version"),
    *("evidence", "prices", "headline", "report", "previous"),
)
FIRST_PREVIOUS = ""


def as_text(value: object) -> str:
    """A value of JSON in one spelling, whichever order it was made in. Raises ``ValueError`` for NaN and infinity."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def stamp(at: datetime) -> str:
    """A time in UTC as text that sorts by time. Raises ``ValueError`` where nobody knows the zone."""
    if at.tzinfo is None:
        raise ValueError("a time without its zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def time_of(text: str) -> datetime:
    return datetime.fromisoformat(text)


def digest(row: Mapping[str, Any]) -> str:
    """The hash of a revision's row: everything it says and the hash of the one before."""
    pdf = row["pdf"]
    told = {**{name: row[name] for name in HASHED}, "pdf": None if pdf is None else hashlib.sha256(pdf).hexdigest()}
    return hashlib.sha256(as_text(told).encode()).hexdigest()


def row_of(content: Content) -> dict[str, Any]:
    """The columns of a content."""
    return {
        "answers": content.answers,
        "as_of": content.as_of.isoformat(),
        "language": content.language,
        "product_version": content.product_version,
        "catalog_version": content.catalog_version,
        "evidence": as_text(content.evidence),
        "prices": as_text(content.prices),
        "headline": as_text(content.headline),
        "report": as_text(content.report),
        "pdf": content.pdf,
    }


def head_of(row: Row[Any]) -> RevisionHead:
    headline = json.loads(row.headline)
    return RevisionHead(
        row.number, time_of(row.at), row.by, row.why, row.catalog_version, headline, row.previous, row.hash
    )


def revision_of(row: Row[Any]) -> Revision:
    content = Content(
        answers=row.answers,
        as_of=date.fromisoformat(row.as_of),
        language=row.language,
        product_version=row.product_version,
        catalog_version=row.catalog_version,
        evidence=json.loads(row.evidence),
        prices=tuple(json.loads(row.prices)),
        headline=json.loads(row.headline),
        report=json.loads(row.report),
        pdf=row.pdf,
    )
    return Revision(row.case_id, head_of(row), content)


def case_of(row: Row[Any], access: str) -> KeptCase:
    return KeptCase(
        id=row.id,
        name=row.name,
        owner=row.owner,
        status=row.status,
        tags=tuple(json.loads(row.tags)),
        archived=row.archived,
        created_at=time_of(row.created_at),
        changed_at=time_of(row.changed_at),
        latest=row.latest,
        access=access,
        headline=json.loads(row.headline or "{}"),
    )
