"""Gateways between a team and providers: LiteLLM, OpenRouter, Helicone, and any log of prompt and completion tokens."""

from typing import Any

from advisor.usage.readers.rows import Columns, Row, UsageFormat, known, one_of, settled, sum_of

NO_REFERENCE = "00000000-0000-0000-0000-000000000000"
FAILED = ("failure", "failed", "error")


def _bare_model(row: Row, provider: Any) -> Any:
    """The model without the provider in front of it."""
    import ibis

    model = row.text("model")
    return ibis.ifelse(model.startswith(provider + "/"), model.substr(provider.length() + 1), model).coalesce(model)


def _litellm(row: Row) -> Columns:
    import ibis

    provider = row.text("provider").lower()
    reasoning, status = row.whole("reasoning"), row.text("status").lower()
    read, written, total = row.whole("read"), row.whole("written"), row.whole("total")
    found = settled(
        row.whole("input"),
        (read, written),
        row.whole("output"),
        reasoning,
        total,
        cache_inside=True,
        reasoning_inside=True,
    )
    start, end, first = (row.seconds_since_1970(name) for name in ("start", "end", "first"))
    duration = row.number("latency").coalesce(((end - start) * 1000).round(3))
    return {
        "ts": row.time("start"),
        "bucket_seconds": ibis.literal(0).cast("int64"),
        "requests": ibis.literal(1).cast("int64"),
        "provider": provider,
        "model": _bare_model(row, provider).coalesce(row.text("group")),
        "input_tokens": found.input,
        "cache_read_tokens": read,
        "cache_write_tokens": written,
        "output_tokens": found.output,
        "output_reasoning_tokens": reasoning,
        "cost": row.number("cost"),
        "currency": "USD",
        "cost_kind": "estimated",
        "latency_ms": duration,
        "ttft_ms": ((first > start) & (first < end)).ifelse(((first - start) * 1000).round(3), None),
        "ok": one_of(status, FAILED).ifelse(False, status.isnull().ifelse(None, True)),
        "served_from_response_cache": row.flag("cache_hit").fill_null(False),
        "request_id": row.text("id"),
        "key": row.text("key"),
        "use_case": row.text("tags").re_extract(r'^\["([^"]+)"', 1).nullif("").coalesce(row.text("team")),
        "_by_total": found.by_total,
        "_unlike": found.unlike,
    }


def _litellm_daily(row: Row) -> Columns:
    import ibis

    provider = row.text("provider").lower()
    return {
        "ts": row.time("start"),
        "bucket_seconds": ibis.literal(86_400).cast("int64"),
        "requests": row.whole("requests"),
        "provider": provider,
        "model": _bare_model(row, provider).coalesce(row.text("group")),
        "input_tokens": row.whole("input"),
        "cache_read_tokens": row.whole("read"),
        "cache_write_tokens": row.whole("written"),
        "output_tokens": row.whole("output"),
        "cost": row.number("cost"),
        "currency": "USD",
        "cost_kind": "estimated",
        "key": row.text("key"),
        "use_case": row.text("tag").coalesce(row.text("team")),
    }


def _openrouter(row: Row) -> Columns:
    import ibis

    own = row.number("own_key_cost").fill_null(0)
    return {
        "ts": row.time("start"),
        "bucket_seconds": ibis.literal(0).cast("int64"),
        "requests": ibis.literal(1).cast("int64"),
        "provider": "openrouter",
        "model": row.text("model"),
        "input_tokens": row.whole("input"),
        "cache_read_tokens": row.whole("read"),
        "output_tokens": row.whole("output"),
        "output_reasoning_tokens": row.whole("reasoning"),
        "cost": row.number("cost", signed=True) + own,
        "currency": "USD",
        "cost_kind": "billed",
        "latency_ms": row.number("latency"),
        "ttft_ms": row.number("first"),
        "ok": (row.text("finish").lower() != "error").fill_null(True),
        "request_id": row.text("id"),
        "key": row.text("key"),
        "use_case": row.text("app"),
    }


def _openrouter_daily(row: Row) -> Columns:
    import ibis

    return {
        "ts": row.time("start"),
        "bucket_seconds": ibis.literal(86_400).cast("int64"),
        "requests": row.whole("requests"),
        "provider": "openrouter",
        "model": row.text("model"),
        "input_tokens": row.whole("input"),
        "output_tokens": row.whole("output"),
        "output_reasoning_tokens": row.whole("reasoning"),
        "cost": sum_of(row.number("cost"), row.number("own_key_cost")),
        "currency": "USD",
        "cost_kind": "billed",
    }


def _helicone(row: Row) -> Columns:
    import ibis

    read, written, total = row.whole("read"), row.whole("written"), row.whole("total")
    found = settled(
        row.whole("input"),
        (read, written),
        row.whole("output"),
        ibis.null("int64"),
        total,
        cache_inside=True,
        reasoning_inside=True,
    )
    status, reference = row.whole("status"), row.text("reference")
    cost = row.number("cost")
    return {
        "ts": row.time("start"),
        "bucket_seconds": ibis.literal(0).cast("int64"),
        "requests": ibis.literal(1).cast("int64"),
        "provider": row.text("provider").lower(),
        "model": row.text("model"),
        "input_tokens": found.input,
        "cache_read_tokens": read,
        "cache_write_tokens": written,
        "output_tokens": found.output,
        "cost": cost,
        "currency": cost.notnull().ifelse("USD", None),
        "cost_kind": cost.notnull().ifelse("estimated", None),
        "latency_ms": row.number("latency"),
        "ttft_ms": row.number("first"),
        "ok": status.notnull().ifelse(status.between(200, 299), None),
        "served_from_response_cache": row.flag("cache_hit").fill_null(False)
        | (reference != NO_REFERENCE).fill_null(False),
        "request_id": row.text("id"),
        "key": row.text("user"),
        "use_case": row.text("use_case"),
        "_by_total": found.by_total,
        "_unlike": found.unlike,
    }


def _plain(row: Row) -> Columns:
    import ibis

    read, total, cost = row.whole("read"), row.whole("total"), row.number("cost")
    found = settled(
        row.whole("input"),
        (read,),
        row.whole("output"),
        ibis.null("int64"),
        total,
        cache_inside=True,
        reasoning_inside=True,
    )
    return {
        "ts": row.time("time"),
        "bucket_seconds": ibis.literal(0).cast("int64"),
        "requests": ibis.literal(1).cast("int64"),
        "provider": row.text("provider").lower(),
        "model": row.text("model"),
        "input_tokens": found.input,
        "cache_read_tokens": read,
        "output_tokens": found.output,
        "cost": cost,
        "currency": cost.notnull().ifelse("USD", None),
        "cost_kind": cost.notnull().ifelse("estimated", None),
        "latency_ms": row.number("latency"),
        "request_id": row.text("id"),
        "_by_total": found.by_total,
        "_unlike": found.unlike,
    }


_METADATA = "metadata!/usage_object"
FORMATS = (
    UsageFormat(
        "litellm_spend",
        "usage",
        {
            "start": ("startTime", "start_time"),
            "end": ("endTime", "end_time"),
            "first": ("completionStartTime",),
            "model": ("model",),
            "group": ("model_group",),
            "provider": ("custom_llm_provider",),
            "input": ("prompt_tokens",),
            "output": ("completion_tokens",),
            "total": ("total_tokens",),
            "read": (
                f"{_METADATA}/prompt_tokens_details/cached_tokens",
                f"{_METADATA}/cache_read_input_tokens",
            ),
            "written": (
                f"{_METADATA}/cache_creation_input_tokens",
                f"{_METADATA}/prompt_tokens_details/cache_creation_tokens",
            ),
            "reasoning": (f"{_METADATA}/completion_tokens_details/reasoning_tokens",),
            "cost": ("spend",),
            "latency": ("request_duration_ms",),
            "status": ("status",),
            "cache_hit": ("cache_hit",),
            "id": ("request_id",),
            "key": ("api_key",),
            "tags": ("request_tags",),
            "team": ("team_id",),
        },
        known("request_id spend prompt_tokens completion_tokens"),
        _litellm,
    ),
    UsageFormat(
        "litellm_daily",
        "usage",
        {
            "start": ("date",),
            "model": ("model",),
            "group": ("model_group",),
            "provider": ("custom_llm_provider",),
            "requests": ("api_requests",),
            "input": ("prompt_tokens",),
            "output": ("completion_tokens",),
            "read": ("cache_read_input_tokens",),
            "written": ("cache_creation_input_tokens",),
            "cost": ("spend",),
            "key": ("api_key",),
            "tag": ("tag",),
            "team": ("team_id",),
        },
        known("date spend prompt_tokens completion_tokens api_requests"),
        _litellm_daily,
    ),
    UsageFormat(
        "openrouter_activity",
        "usage",
        {
            "start": ("created_at",),
            "model": ("model_permaslug",),
            "input": ("tokens_prompt",),
            "read": ("tokens_cached",),
            "output": ("tokens_completion",),
            "reasoning": ("tokens_reasoning",),
            "cost": ("cost_total",),
            "own_key_cost": ("byok_usage_inference",),
            "latency": ("generation_time_ms",),
            "first": ("time_to_first_token_ms",),
            "finish": ("finish_reason_normalized",),
            "id": ("generation_id",),
            "key": ("api_key_name",),
            "app": ("app_name",),
        },
        known("generation_id tokens_prompt tokens_completion"),
        _openrouter,
    ),
    UsageFormat(
        "openrouter_daily",
        "usage",
        {
            "start": ("date",),
            "model": ("model_permaslug", "model"),
            "requests": ("requests",),
            "input": ("prompt_tokens",),
            "output": ("completion_tokens",),
            "reasoning": ("reasoning_tokens",),
            "cost": ("usage",),
            "own_key_cost": ("byok_usage_inference",),
        },
        known("date model_permaslug usage prompt_tokens"),
        _openrouter_daily,
    ),
    UsageFormat(
        "helicone",
        "usage",
        {
            "start": ("request_created_at",),
            "provider": ("provider",),
            "model": ("model", "response_model", "request_model"),
            "input": ("prompt_tokens",),
            "output": ("completion_tokens",),
            "total": ("total_tokens",),
            "read": ("prompt_cache_read_tokens",),
            "written": ("prompt_cache_write_tokens",),
            "cost": ("cost_usd", "cost"),
            "latency": ("delay_ms",),
            "first": ("time_to_first_token",),
            "status": ("status", "response_status"),
            "cache_hit": ("cache_hit",),
            "reference": ("cache_reference_id",),
            "id": ("request_id",),
            "user": ("user_id",),
            "use_case": ("properties!/use_case", "properties!/App", "properties!/Feature"),
        },
        known("request_created_at prompt_tokens completion_tokens"),
        _helicone,
    ),
)
PLAIN = UsageFormat(
    "gateway_log",
    "usage",
    {
        "time": ("timestamp", "ts", "time", "created_at", "created", "start_time", "date"),
        "provider": ("provider",),
        "model": ("model", "model_name"),
        "input": ("prompt_tokens", "usage/prompt_tokens"),
        "output": ("completion_tokens", "usage/completion_tokens"),
        "total": ("total_tokens", "usage/total_tokens"),
        "read": ("cached_tokens", "usage/prompt_tokens_details/cached_tokens"),
        "cost": ("cost_usd", "usage/cost_usd"),
        "latency": ("latency_ms", "duration_ms"),
        "id": ("request_id", "id"),
    },
    known("prompt_tokens completion_tokens", "usage_prompt_tokens usage_completion_tokens"),
    _plain,
)
"""The last to be tried: any log with the names that OpenAI's chat answers use."""
