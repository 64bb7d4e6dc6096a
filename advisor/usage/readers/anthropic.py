"""Anthropic: pages of the usage and cost reports, and the tables of the Console, with commas or tabs."""

from collections.abc import Mapping
from typing import Any

from advisor.usage.readers.openai import buckets, first_result
from advisor.usage.readers.rows import Columns, Row, UsageFormat, either, known, sum_of

DAY = 86_400
CENTS = 100.0
"""The cost report states cents."""


def _is_usage(page: Mapping[str, Any]) -> bool:
    first, data = first_result(page), page.get("data")
    if first is None or not isinstance(data, list):
        return False
    return "uncached_input_tokens" in first or bool(not first and data and "starting_at" in data[0])


def _is_costs(page: Mapping[str, Any]) -> bool:
    first = first_result(page) or {}
    return "amount" in first and not isinstance(first["amount"], Mapping)


def _tokens(row: Row) -> dict[str, Any]:
    """Input is given without what a cache holds; no count of requests is given."""
    fresh, read = row.whole("fresh"), row.whole("read")
    written = either(row.whole("written_5m"), row.whole("written_1h"), row.whole("written"))
    return {
        "provider": "anthropic",
        "model": row.text("model"),
        "input_tokens": sum_of(fresh, read, written),
        "cache_read_tokens": read,
        "cache_write_tokens": written,
        "output_tokens": row.whole("output"),
        "batch": (row.text("tier").lower() == "batch"),
        "key": row.text("key"),
        "use_case": row.text("workspace"),
    }


def _report(row: Row) -> Columns:
    seconds = row.seconds_since_1970("end") - row.seconds_since_1970("start")
    return {"ts": row.time("start"), "bucket_seconds": seconds.round().try_cast("int64"), **_tokens(row)}


def _console(row: Row) -> Columns:
    import ibis

    return {"ts": row.time("start"), "bucket_seconds": ibis.literal(DAY).cast("int64"), **_tokens(row)}


def _money(row: Row, per_unit: float, item: Any) -> Columns:
    import ibis

    seconds = row.seconds_since_1970("end") - row.seconds_since_1970("start")
    cost = row.number("cost", signed=True) / per_unit
    listed = row.number("list_cost", signed=True) / per_unit
    return {
        "ts": row.time("start"),
        "bucket_seconds": seconds.round().try_cast("int64").fill_null(DAY),
        "provider": "anthropic",
        "model": row.text("model"),
        "item": item,
        "category": ibis.ifelse(cost < 0, "credit", "usage"),
        "cost": cost,
        "list_cost": listed,
        "currency": row.text("currency").upper().fill_null("USD"),
        "use_case": row.text("workspace"),
    }


def _cost_report(row: Row) -> Columns:
    return _money(row, CENTS, row.text("item").coalesce(row.text("kind")))


def _cost_table(row: Row) -> Columns:
    return _money(row, 1.0, row.text("item").coalesce(row.text("kind")))


FORMATS = (
    UsageFormat(
        "anthropic_usage",
        "usage",
        {
            "start": ("starting_at",),
            "end": ("ending_at",),
            "model": ("model",),
            "fresh": ("uncached_input_tokens",),
            "read": ("cache_read_input_tokens",),
            "written_5m": ("cache_creation/ephemeral_5m_input_tokens",),
            "written_1h": ("cache_creation/ephemeral_1h_input_tokens",),
            "output": ("output_tokens",),
            "tier": ("service_tier",),
            "key": ("api_key_id",),
            "workspace": ("workspace_id",),
        },
        known("uncached_input_tokens output_tokens starting_at"),
        _report,
        nested=_is_usage,
        rows_of=buckets,
    ),
    UsageFormat(
        "anthropic_costs",
        "bill",
        {
            "start": ("starting_at",),
            "end": ("ending_at",),
            "model": ("model",),
            "item": ("description",),
            "kind": ("token_type", "cost_type"),
            "cost": ("amount",),
            "list_cost": ("list_amount",),
            "currency": ("currency",),
            "workspace": ("workspace_id",),
        },
        known("starting_at amount currency"),
        _cost_report,
        nested=_is_costs,
        rows_of=buckets,
    ),
    UsageFormat(
        "anthropic_console",
        "usage",
        {
            "start": ("usage_date_utc",),
            "model": ("model_version", "model"),
            "fresh": ("usage_input_tokens_no_cache", "input_tokens"),
            "read": ("usage_input_tokens_cache_read", "cache_read_input_tokens", "input_tokens_cache_read"),
            "written_5m": (
                *("usage_input_tokens_cache_write_5m", "cache_write_5m_input_tokens", "cache_write_input_tokens_5m"),
                *("input_tokens_cache_write_5m", "5m_cache_write_input_tokens"),
            ),
            "written_1h": (
                *("usage_input_tokens_cache_write_1h", "cache_write_1h_input_tokens", "cache_write_input_tokens_1h"),
                *("input_tokens_cache_write_1h", "1h_cache_write_input_tokens"),
            ),
            "written": ("cache_write_input_tokens", "cache_creation_input_tokens"),
            "output": ("usage_output_tokens", "output_tokens"),
            "tier": ("usage_type", "service_tier"),
            "key": ("api_key",),
            "workspace": ("workspace",),
        },
        known(
            "usage_date_utc usage_input_tokens_no_cache usage_output_tokens",
            "usage_date_utc input_tokens output_tokens",
        ),
        _console,
    ),
    UsageFormat(
        "anthropic_cost_table",
        "bill",
        {
            "start": ("usage_date_utc",),
            "end": ("usage_end_utc",),
            "model": ("model_version", "model"),
            "item": ("description",),
            "kind": ("token_type", "cost_type"),
            "cost": ("cost_usd",),
            "list_cost": ("list_price_usd",),
            "workspace": ("workspace",),
        },
        known("usage_date_utc cost_usd"),
        _cost_table,
    ),
)
