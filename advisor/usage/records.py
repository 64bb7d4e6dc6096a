"""The canonical table of usage and bills, what an import leaves out, and the profile measured on the table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from advisor.core.notices import Notice

if TYPE_CHECKING:  # imported where it is used: heavy
    from ibis.expr.types import Table

USAGE_COLUMNS: Mapping[str, str] = {
    "ts": "timestamp",
    "bucket_seconds": "int64",
    "requests": "int64",
    "provider": "string",
    "model": "string",
    "input_tokens": "int64",
    "cache_read_tokens": "int64",
    "cache_write_tokens": "int64",
    "output_tokens": "int64",
    "output_reasoning_tokens": "int64",
    "cost": "float64",
    "currency": "string",
    "cost_kind": "string",
    "batch": "boolean",
    "latency_ms": "float64",
    "ttft_ms": "float64",
    "ok": "boolean",
    "served_from_response_cache": "boolean",
    "request_id": "string",
    "prompt_hash": "string",
    "prefix_hash": "string",
    "block_hashes": "array<string>",
    "block_tokens": "int64",
    "key_hash": "string",
    "use_case": "string",
}
"""Columns of the table ``usage`` and their types, as Ibis writes them; null is *not known*, never 0 or 1.

``ts`` is the start, in UTC, of a request (``bucket_seconds`` 0) or of a bucket. Input includes what is read from and
written to a cache; output includes reasoning. Tokens and cost are those of all requests of the row. ``prompt_hash`` is
of the whole prompt, ``prefix_hash`` of its first ``block_tokens`` tokens, each of ``block_hashes`` of the prompt up to
the end of one block of ``block_tokens`` tokens. ``cost_kind`` is ``billed``, ``estimated`` or ``list``. Rows that a
gateway answered from its own cache stay, marked, and count in no token and no cost.
"""
BILL_COLUMNS: Mapping[str, str] = {
    "ts": "timestamp",
    "bucket_seconds": "int64",
    "provider": "string",
    "model": "string",
    "item": "string",
    "category": "string",
    "quantity": "float64",
    "unit": "string",
    "cost": "float64",
    "list_cost": "float64",
    "currency": "string",
    "use_case": "string",
}
"""Columns of the table ``bill``, one row an amount of money. ``category`` is ``usage``, ``tax``, ``credit``,
``purchase`` or ``adjustment``."""
MOST_EXAMPLES = 5


@dataclass(frozen=True)
class Rejected:
    """Rows left out for one ``reason`` (words: ``usage.rejected.<reason>``), with the first of them as an example."""

    reason: str
    rows: int
    file: str
    line: int | None
    example: str


@dataclass(frozen=True)
class Imported:
    """What was read from files: the canonical tables and what is not in them.

    ``usage`` has the columns ``USAGE_COLUMNS``, ``bill`` those of ``BILL_COLUMNS``; a file gives one, the other, or
    both. ``not_given`` are columns that the formats cannot give. ``duplicates`` are rows with a request id seen before,
    left out as well. Of a large file in which each ``request_id`` stands once, ids are empty text.
    """

    usage: "Table | None"
    bill: "Table | None"
    formats: tuple[str, ...]
    files: tuple[str, ...]
    rows_read: int
    rows_used: int
    duplicates: int = 0
    rejected: tuple[Rejected, ...] = ()
    not_given: frozenset[str] = frozenset()
    notices: tuple[Notice, ...] = ()


BlockKind = Literal["day", "hour"]


@dataclass(frozen=True)
class Measured:
    """A figure of the profile with the 80 % interval of its sampling error, from whole days, and the rows behind it.

    ``low`` and ``high`` are ``None`` where too few days were seen to tell. ``blocks`` says what was left out in turn to
    tell them: days, or hours where few days were seen, and then they are too narrow.
    """

    value: float
    low: float | None = None
    high: float | None = None
    rows: int | None = None
    blocks: BlockKind | None = None


@dataclass(frozen=True)
class ModelShare:
    """What one model was used for; ``model_id`` as price lists know it.

    ``requests`` and ``cost`` are its shares of all requests and of the billed cost, ``list_cost`` its share of what all
    models with a known price would cost at list prices; the tokens are means of a request.
    """

    name: str
    model_id: str | None
    requests: float | None
    input_tokens: float | None
    output_tokens: float | None
    cost: float | None
    list_cost: float | None


Unit = Literal[
    "requests/day", "tokens/request", "fraction", "fraction/year", "share", "ms", "money/request", "money/month"
]


@dataclass(frozen=True)
class UsageProfile:
    """What was measured on usage and bills, without any text of a prompt or an answer.

    ``figures`` are by the names of ``advisor.usage.profile.FIGURES``, each with its unit there; ``not_known`` says for
    each of the others why (words: ``usage.not_known.<reason>``). ``hours_of_week`` are mean requests in each hour of
    the week, Monday 00:00 UTC first (168 numbers); empty where it is not known. ``by_use_case`` are requests of each.
    """

    formats: tuple[str, ...]
    files: tuple[str, ...]
    first: date | None
    last: date | None
    days: float
    rows: int
    requests: int | None
    currency: str | None
    figures: Mapping[str, Measured]
    not_known: Mapping[str, str]
    models: tuple[ModelShare, ...] = ()
    hours_of_week: tuple[float, ...] = ()
    daily: tuple[tuple[date, float], ...] = ()
    by_use_case: Mapping[str, int] = field(default_factory=dict)
    use_case: str | None = None
    duplicates: int = 0
    rejected: tuple[Rejected, ...] = ()
    notices: tuple[Notice, ...] = ()
