"""The questions that an import of a table and its profile ask an engine, in the engine's own SQL."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from advisor.usage.measures.reuse import reuse
from advisor.usage.profile import profile
from advisor.usage.records import USAGE_COLUMNS, Imported
from advisor.usage.warehouses.tables import import_table

LOG: Mapping[str, str] = {
    **dict.fromkeys(("request_id", "model", "api_key", "team", "prompt_hash", "system_prompt", "status"), "string"),
    "called_at": "timestamp('UTC')",
    **dict.fromkeys(("prompt_tokens", "completion_tokens", "cached_tokens"), "int64"),
    "cost": "decimal(18, 6)",
    "took_ms": "float64",
    "details": "string",
}
"""A log of a team's own, as a warehouse holds it: a moment with a zone, money as a decimal, JSON as text."""
MAPPING: Mapping[str, object] = {
    **{"ts": "called_at", "model": "model", "request_id": "request_id", "use_case": "team", "key": "api_key"},
    **{"input_tokens": "prompt_tokens", "output_tokens": "completion_tokens", "cache_read_tokens": "cached_tokens"},
    **{"output_reasoning_tokens": "details/usage/reasoning_tokens", "prompt_hash": "prompt_hash"},
    **{"cost": "cost", "cost_kind": {"constant": "billed"}, "currency": {"constant": "USD"}, "latency_ms": "took_ms"},
    **{"provider": {"constant": "openai"}, "prefix": "system_prompt", "input_includes_cache": True},
}
ROWS: Sequence[Mapping[str, Any]] = [
    {
        "request_id": f"r{k // 2}",
        "model": ("gpt-4.1-mini", "gpt-4o")[k % 2],
        "api_key": "k",
        "team": "mail",
        "prompt_hash": f"p{k % 3}",
        "system_prompt": "s",
        "status": "ok",
        "called_at": datetime(2026, 9, 7, tzinfo=UTC) + timedelta(hours=7 * k),
        "prompt_tokens": 100 + 300_000 * (k == 9),
        "completion_tokens": 20 + k,
        "cached_tokens": 10,
        "cost": Decimal("0.5"),
        "took_ms": 400.5,
        "details": '{"usage": {"reasoning_tokens": 5}}',
    }
    for k in range(60)
]
"""Rows that make the profile ask everything it can: a request twice, a prompt beyond the limit of its model."""
MADE_UP = re.compile(r"ibis_(?:table_)?\w*?_?[a-z0-9]{26}|\b[0-9a-f]{32}\b")
"""Names that Ibis makes up anew each time."""


USAGE: Sequence[Mapping[str, Any]] = [
    {
        "ts": datetime(2026, 9, 7) + timedelta(hours=7 * k),
        "bucket_seconds": 0,
        "requests": 1,
        "provider": "openai",
        "model": ("gpt-4.1-mini", "gpt-4o")[k % 2],
        "input_tokens": 700 + 300_000 * (k == 9),
        "cache_read_tokens": 10,
        "output_tokens": 20 + k,
        "output_reasoning_tokens": 5,
        "cost": None if k == 3 else 0.5,
        "currency": "USD",
        "cost_kind": "billed",
        "latency_ms": 400.5,
        "ok": k != 4,
        "prompt_hash": f"p{k % 3}",
        "prefix_hash": "p",
        "block_hashes": ["a", "b"],
        "block_tokens": 512,
        "use_case": "mail",
    }
    for k in range(60)
]
"""Rows of the canonical table that make the profile ask all it can: one prompt is beyond the limit of its model."""
Ask = Callable[[Any, str], object]


def queries(dialect: str, engine: str) -> list[tuple[str, str]]:
    """What each question is of, and its SQL: an import of a log, its profile, and the reuse of blocks."""
    asked = {
        "a log of a team's own": (LOG, ROWS, "calls", _imported),
        "the canonical table": ({**USAGE_COLUMNS}, USAGE, "usage", _profiled),
        "the canonical table, with hashes of prefixes alone": ({**USAGE_COLUMNS}, PREFIXES, "usage", _reuse),
    }
    return [
        (title, query)
        for title, (columns, rows, name, ask) in asked.items()
        for query in _asked_of(rows, columns, name, dialect, engine, ask)
    ]


PREFIXES = [{**row, "block_hashes": None, "prompt_hash": None} for row in USAGE[:3]]


def _imported(table: Any, engine: str) -> object:
    return import_table(table, "calls", engine, mapping=MAPPING, salt="salt")


def _profiled(table: Any, _: str) -> object:
    return profile(Imported(table, None, ("trace",), ("usage",), len(USAGE), len(USAGE)))


def _reuse(table: Any, _: str) -> object:
    return reuse(table)


def _asked_of(
    rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], name: str, dialect: str, engine: str, ask: Ask
) -> list[str]:
    """What is asked of a table with these columns, where the answers are those of DuckDB on some rows."""
    with _noted() as answers:
        ask(ibis.memtable(pa.Table.from_pylist([*rows], schema=ibis.schema(columns).to_pyarrow())), "duckdb")
    with _noted([found for _, found in answers]) as asked:
        ask(ibis.table(columns, name=name), engine)
    return [_named(str(ibis.to_sql(question, dialect=dialect, pretty=True))) for question, _ in asked]


@contextmanager
def _noted(answers: Sequence[pd.DataFrame] | None = None) -> Iterator[list[tuple[ir.Table, pd.DataFrame]]]:
    """Notes each question with its answer, which is one of ``answers`` where these are given."""
    noted: list[tuple[ir.Table, pd.DataFrame]] = []
    plain = ir.Table.to_pandas

    def to_pandas(question: ir.Table, **more: Any) -> pd.DataFrame:
        found = plain(question, **more) if answers is None else answers[len(noted)]
        noted.append((question, found))
        return found.copy()

    ir.Table.to_pandas = to_pandas
    try:
        yield noted
    finally:
        ir.Table.to_pandas = plain


def _named(sql: str) -> str:
    """Made-up names in the order of their appearance."""
    names = {name: f"made_up_{k}" for k, name in enumerate(dict.fromkeys(MADE_UP.findall(sql)), 1)}
    return MADE_UP.sub(lambda found: names[found[0]], sql)
