"""OpenAI: pages of the usage and cost API, the same as tables, and the dashboard's table."""

from collections.abc import Iterator, Mapping
from typing import Any

from advisor.usage.readers.rows import Columns, Row, UsageFormat, known


def buckets(page: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The results of a page's buckets, each with the bucket's times."""
    for bucket in page.get("data") or ():
        if isinstance(bucket, Mapping):
            times = {name: value for name, value in bucket.items() if name != "results"}
            for result in bucket.get("results") or ():
                if isinstance(result, Mapping):
                    yield {**times, **result}


def first_result(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The first result of a page of buckets; empty where its buckets are, ``None`` where it is no such page."""
    data = page.get("data")
    if not isinstance(data, list) or not all(isinstance(b, Mapping) and "results" in b for b in data):
        return None
    return next((dict(result) for result in buckets(page)), {})


def _is_usage(page: Mapping[str, Any]) -> bool:
    first = first_result(page)
    return page.get("object") == "page" and first is not None and not isinstance(first.get("amount"), Mapping)


def _is_costs(page: Mapping[str, Any]) -> bool:
    return isinstance((first_result(page) or {}).get("amount"), Mapping)


def _usage(row: Row) -> Columns:
    start = row.time("start")
    seconds = row.seconds_since_1970("end") - row.seconds_since_1970("start")
    tier = row.text("tier").lower()
    return {
        "ts": start,
        "bucket_seconds": seconds.round().try_cast("int64"),
        "requests": row.whole("requests"),
        "provider": "openai",
        "model": row.text("model"),
        "input_tokens": row.whole("input"),
        "cache_read_tokens": row.whole("cached"),
        "cache_write_tokens": row.whole("written"),
        "output_tokens": row.whole("output"),
        "batch": row.flag("batch").coalesce((tier == "batch").nullif(False)),
        "key": row.text("key"),
        "use_case": row.text("project"),
    }


def _costs(row: Row) -> Columns:
    import ibis

    start = row.time("start")
    seconds = row.seconds_since_1970("end") - row.seconds_since_1970("start")
    item, cost = row.text("item"), row.number("cost", signed=True)
    return {
        "ts": start,
        "bucket_seconds": seconds.round().try_cast("int64"),
        "provider": "openai",
        "model": item.contains(", ").ifelse(item.split(", ")[0], None),
        "item": item,
        "category": ibis.ifelse(cost < 0, "credit", "usage"),
        "quantity": row.number("quantity", signed=True),
        "cost": cost,
        "currency": row.text("currency").upper(),
        "use_case": row.text("project"),
    }


def _dashboard(row: Row) -> Columns:
    import ibis

    return {
        "ts": row.time("time"),
        "bucket_seconds": ibis.literal(86_400 if row.has("is_daily") else 300).cast("int64"),
        "requests": row.whole("requests"),
        "provider": "openai",
        "model": row.text("model"),
        "input_tokens": row.whole("input"),
        "cache_read_tokens": row.whole("cached"),
        "output_tokens": row.whole("output"),
        "cost": row.number("cost"),
        "currency": row.number("cost").notnull().ifelse("USD", None),
        "cost_kind": row.number("cost").notnull().ifelse("billed", None),
        "batch": row.flag("batch"),
        "key": row.text("key"),
        "use_case": row.text("project"),
    }


FORMATS = (
    UsageFormat(
        "openai_usage",
        "usage",
        {
            "start": ("start_time",),
            "end": ("end_time",),
            "requests": ("num_model_requests",),
            "model": ("model",),
            "input": ("input_tokens",),
            "cached": ("input_cached_tokens",),
            "written": ("input_cache_write_tokens",),
            "output": ("output_tokens",),
            "batch": ("batch",),
            "tier": ("service_tier",),
            "key": ("api_key_id",),
            "project": ("project_id", "project_name"),
        },
        known("num_model_requests input_tokens start_time"),
        _usage,
        nested=_is_usage,
        rows_of=buckets,
    ),
    UsageFormat(
        "openai_costs",
        "bill",
        {
            "start": ("start_time",),
            "end": ("end_time",),
            "item": ("line_item",),
            "quantity": ("quantity",),
            "cost": ("amount/value", "amount_value"),
            "currency": ("amount/currency", "amount_currency"),
            "project": ("project_id", "project_name"),
        },
        known("start_time amount_value line_item"),
        _costs,
        nested=_is_costs,
        rows_of=buckets,
    ),
    UsageFormat(
        "openai_dashboard",
        "usage",
        {
            "time": ("aggregation_timestamp", "timestamp", "date", "usage_date"),
            "is_daily": ("date", "usage_date"),
            "requests": ("n_requests",),
            "model": ("model", "snapshot_id"),
            "input": ("n_context_tokens_total",),
            "cached": ("n_cached_context_tokens_total",),
            "output": ("n_generated_tokens_total",),
            "cost": ("amount", "cost"),
            "batch": ("batch",),
            "key": ("api_key_id", "api_key_name"),
            "project": ("project_id", "project_name", "project"),
        },
        known("n_context_tokens_total n_generated_tokens_total"),
        _dashboard,
    ),
)
