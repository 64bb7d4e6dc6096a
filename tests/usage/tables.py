"""Canonical tables made by hand: rows as dicts, every column that a row does not name is null."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from advisor.usage.profile import profile
from advisor.usage.records import BILL_COLUMNS, USAGE_COLUMNS, Imported, UsageProfile

MONDAY = datetime(2026, 9, 7)
"""Noon is a working hour, and three weeks of Mondays lie before the end of the month."""
Row = Mapping[str, Any]


def table(rows: Iterable[Row], columns: Mapping[str, str]) -> Table:
    schema = ibis.schema(columns)
    full = [{name: row.get(name) for name in columns} for row in rows]
    return ibis.memtable(pa.Table.from_pylist(full, schema=schema.to_pyarrow()))


def usage(rows: Iterable[Row]) -> Table:
    """Rows of single requests, unless they name a bucket."""
    return table([{"bucket_seconds": 0, **row} for row in rows], USAGE_COLUMNS)


def bill(rows: Iterable[Row]) -> Table:
    """Amounts of a day, in US dollars for usage, unless they say otherwise."""
    usual = {"bucket_seconds": 86_400, "category": "usage", "currency": "USD"}
    return table([{**usual, **row} for row in rows], BILL_COLUMNS)


def imported(rows: Iterable[Row] | None, amounts: Iterable[Row] | None = None) -> Imported:
    return Imported(
        usage=None if rows is None else usage(rows),
        bill=None if amounts is None else bill(amounts),
        formats=("trace",),
        files=("log.csv",),
        rows_read=1,
        rows_used=1,
    )


def measured(rows: Iterable[Row] | None, amounts: Iterable[Row] | None = None, **more: Any) -> UsageProfile:
    return profile(imported(rows, amounts), **more)


def at(days: float = 0, hours: float = 0, seconds: float = 0) -> datetime:
    """A moment after Monday, 7 September 2026, 00:00 UTC."""
    return MONDAY + timedelta(days=days, hours=hours, seconds=seconds)


def hourly(days: int, requests: Any = lambda day, hour: 10, **row: Any) -> list[dict[str, Any]]:
    """Buckets of an hour over whole days from a Monday on."""
    return [
        {"ts": at(day, hour), "bucket_seconds": 3_600, "requests": requests(day, hour), **row}
        for day in range(days)
        for hour in range(24)
    ]


def daily(days: int, requests: Any = lambda day: 240, **row: Any) -> list[dict[str, Any]]:
    """Buckets of a day from a Monday on."""
    return [{"ts": at(day), "bucket_seconds": 86_400, "requests": requests(day), **row} for day in range(days)]


def value(found: UsageProfile, name: str) -> float:
    return found.figures[name].value
