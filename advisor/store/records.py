"""What goes into the store and what comes out: plain values, times in UTC."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args

Status = Literal["draft", "proposed", "approved", "running", "stopped"]
Access = Literal["viewer", "editor", "owner"]
LinkState = Literal["works", "over", "revoked"]
STATUSES: tuple[str, ...] = get_args(Status)
ACCESS: tuple[str, ...] = get_args(Access)
"""From the least to the most that one may do."""
AUDITED = (
    *("created", "saved", "changed", "duplicated", "deleted", "noted", "note_removed", "shared", "revoked"),
    *("imported", "access", "restored"),
)
"""What may be done to a case, as the audit calls it."""
LOCAL_USER = "local"
"""Whoever uses the product where nobody signs in: owns everything."""
NOBODY = ""
"""Whoever has not signed in where people do: owns nothing, is let into nothing, and cannot keep anything."""


@dataclass(frozen=True)
class Actor:
    """Who does something, and when; the time has its zone."""

    user: str
    at: datetime


@dataclass(frozen=True)
class Person:
    """Who signed in, as they were called the last time; what the provider of identities did not tell is empty."""

    user: str
    name: str
    email: str
    issuer: str
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True)
class Forgotten:
    """A person who was deleted: into how many cases they were let, and how many they own, which stay."""

    user: str
    shared: int
    owned: int


@dataclass(frozen=True)
class Content:
    """What a revision freezes.

    ``answers`` is the text of a scenario file; ``evidence`` are the measured records behind answers and, as
    ``actuals``, the months compared with the plan; ``prices`` every number of the model with its source and date;
    ``headline`` the verdict and the figures told first; ``report`` the document of blocks. All but the first and the
    ``pdf`` are values of JSON.
    """

    answers: str
    as_of: date
    language: str
    product_version: str
    catalog_version: str
    evidence: Mapping[str, Any]
    prices: Sequence[Mapping[str, Any]]
    headline: Mapping[str, Any]
    report: Mapping[str, Any]
    pdf: bytes | None = None


@dataclass(frozen=True)
class RevisionHead:
    """A line of a case's history. ``hash`` is over the content and ``previous``, the hash of the revision before."""

    number: int
    at: datetime
    by: str
    why: str
    catalog_version: str
    headline: Mapping[str, Any]
    previous: str
    hash: str


@dataclass(frozen=True)
class Revision:
    """A revision as it was saved."""

    case_id: str
    head: RevisionHead
    content: Content


@dataclass(frozen=True)
class KeptCase:
    """A case and where it stands; ``access`` is what the asking user may do, ``headline`` that of the ``latest``."""

    id: str
    name: str
    owner: str
    status: str
    tags: tuple[str, ...]
    archived: bool
    created_at: datetime
    changed_at: datetime
    latest: int
    access: str
    headline: Mapping[str, Any]


@dataclass(frozen=True)
class AuditEntry:
    """What was done to a case; it stays when the case is gone."""

    case_id: str
    at: datetime
    by: str
    action: str
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class CaseNote:
    """What somebody wrote down about an assumption, and who told it."""

    id: str
    assumption: str
    text: str
    told_by: str
    at: datetime
    by: str


@dataclass(frozen=True)
class CaseDraft:
    """What a user typed and has not saved, from the revision ``seen`` on; ``beside`` is what is only tried out."""

    case_id: str
    seen: int
    answers: str
    beside: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True)
class ShareLink:
    """A read-only link to one revision. Its token is told once, when it is made; only its hash is kept."""

    id: str
    case_id: str
    number: int
    at: datetime
    by: str
    expires_at: datetime
    revoked_at: datetime | None

    def state_at(self, at: datetime) -> LinkState:
        """Whether the link works at this time, or why it does not."""
        if self.revoked_at is not None:
            return "revoked"
        return "works" if self.expires_at > at else "over"


@dataclass(frozen=True)
class SharedRevision:
    """What a share link shows: a revision, the name of its case now, and when the link ends."""

    name: str
    revision: Revision
    expires_at: datetime


@dataclass(frozen=True)
class NamedDraft:
    """A draft with the name of the case that it stands beside; empty for one that is not kept yet."""

    name: str
    draft: CaseDraft
