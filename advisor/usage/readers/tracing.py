"""Tracing of applications: Langfuse and OpenTelemetry."""

from collections.abc import Iterator, Mapping
from typing import Any

from advisor.usage.readers.rows import Columns, Row, UsageFormat, known, one_of, settled

MODEL_CALLS = ("GENERATION", "EMBEDDING")
OTHER_SPANS = ("invoke_agent", "create_agent", "execute_tool", "invoke_workflow")
"""Spans around calls; some repeat the sum of the tokens of the calls within."""


def _langfuse(row: Row) -> Columns:
    """Input and output are without cache and reasoning by design; some senders include them, which the total shows."""
    import ibis

    kind = row.text("kind").upper()
    row.fault("other_kind", ~one_of(kind, MODEL_CALLS).fill_null(True))
    read, written = row.whole("read"), row.whole("written")
    reasoning, total, cost = row.whole("reasoning"), row.whole("total"), row.number("cost")
    found = settled(
        row.whole("input"),
        (read, written),
        row.whole("output"),
        reasoning,
        total,
        cache_inside=False,
        reasoning_inside=False,
    )
    seconds = row.seconds_since_1970("end") - row.seconds_since_1970("start")
    name = row.text("prompt_name")
    return {
        "ts": row.time("start"),
        "bucket_seconds": ibis.literal(0).cast("int64"),
        "requests": ibis.literal(1).cast("int64"),
        "model": row.text("model"),
        "input_tokens": found.input,
        "cache_read_tokens": read,
        "cache_write_tokens": written,
        "output_tokens": found.output,
        "output_reasoning_tokens": reasoning,
        "cost": cost,
        "currency": cost.notnull().ifelse("USD", None),
        "cost_kind": cost.notnull().ifelse("estimated", None),
        "latency_ms": row.number("latency").coalesce(seconds) * 1000,
        "ttft_ms": row.number("first") * 1000,
        "ok": (row.text("level").upper() != "ERROR").fill_null(True),
        "request_id": row.text("id"),
        "prefix": name + "@" + row.text("prompt_version").fill_null(""),
        "key": row.text("user"),
        "use_case": row.text("trace").coalesce(row.text("name")),
        "_by_total": found.by_total,
        "_unlike": found.unlike,
    }


def spans(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Spans of an OTLP document, attributes as one mapping; a span by itself as it is."""
    if "resourceSpans" not in document:
        yield {**document, "attributes": _named(document.get("attributes"))}
        return
    for resource in _mappings(document["resourceSpans"]):
        about = resource.get("resource")
        named = _named(about.get("attributes")) if isinstance(about, Mapping) else {}
        for scope in _mappings(resource.get("scopeSpans") or resource.get("instrumentationLibrarySpans")):
            for span in _mappings(scope.get("spans")):
                yield {**span, "attributes": _named(span.get("attributes")), "resource": {"attributes": named}}


def _mappings(value: object) -> Iterator[Mapping[str, Any]]:
    yield from (item for item in (value if isinstance(value, list) else ()) if isinstance(item, Mapping))


def _named(attributes: object) -> Mapping[str, Any]:
    """Attributes by name, whether written as a mapping or as OTLP's list of keys and typed values."""
    if isinstance(attributes, Mapping):
        return attributes
    pairs = ((item.get("key"), item.get("value")) for item in _mappings(attributes))
    return {str(key): next(iter(value.values()), None) for key, value in pairs if isinstance(value, Mapping)}


def _is_nested(document: Mapping[str, Any]) -> bool:
    return "resourceSpans" in document or (
        isinstance(document.get("attributes"), list) and "startTimeUnixNano" in document
    )


def _otel(row: Row) -> Columns:
    import ibis

    read, written, total = row.whole("read"), row.whole("written"), row.whole("total")
    given, output, reasoning = row.whole("input"), row.whole("output"), row.whole("reasoning")
    has_tokens, operation = given.notnull() | output.notnull(), row.text("operation")
    row.fault("other_kind", one_of(operation, OTHER_SPANS).fill_null(False) | (operation.isnull() & ~has_tokens))
    found = settled(given, (read, written), output, reasoning, total, cache_inside=True, reasoning_inside=True)
    beside = read.fill_null(0) + written.fill_null(0)
    is_outside = (beside > given).fill_null(False)
    status = row.text("status").upper()
    failed = row.text("error").notnull() | one_of(status, ("2", "STATUS_CODE_ERROR", "ERROR")).fill_null(False)
    seconds = row.seconds_since_1970("end") - row.seconds_since_1970("start")
    return {
        "ts": row.time("start"),
        "bucket_seconds": ibis.literal(0).cast("int64"),
        "requests": ibis.literal(1).cast("int64"),
        "provider": row.text("provider").lower(),
        "model": row.text("model"),
        "input_tokens": ibis.ifelse(is_outside, given + beside, found.input),
        "cache_read_tokens": read,
        "cache_write_tokens": written,
        "output_tokens": found.output,
        "output_reasoning_tokens": reasoning,
        "latency_ms": (seconds * 1000).round(3),
        "ttft_ms": row.number("first") * 1000,
        "ok": ~failed,
        "request_id": row.text("trace") + row.text("id"),
        "use_case": row.text("use_case"),
        "_by_total": found.by_total | is_outside,
        "_unlike": found.unlike & ~is_outside,
    }


def _attribute(*names: str) -> tuple[str, ...]:
    return tuple(f"{place}{name}" for place in ("attributes/", "") for name in names)


def _langfuse_fields() -> dict[str, tuple[str, ...]]:
    usage = {
        "input": ("input",),
        "output": ("output",),
        "read": ("input_cached_tokens", "cache_read_input_tokens"),
        "written": ("cache_creation_input_tokens", "input_cache_creation"),
        "reasoning": ("output_reasoning_tokens",),
        "total": ("total",),
    }
    places = {k: tuple(f"{p}!/{n}" for p in ("usage_details", "usageDetails") for n in v) for k, v in usage.items()}
    return {
        "kind": ("type",),
        "start": ("start_time", "startTime"),
        "end": ("end_time", "endTime"),
        "model": ("provided_model_name", "providedModelName", "model"),
        **places,
        "cost": ("total_cost", "totalCost", "calculatedTotalCost"),
        "latency": ("latency",),
        "first": ("time_to_first_token", "timeToFirstToken"),
        "level": ("level",),
        "id": ("id",),
        "user": ("user_id", "userId"),
        "prompt_name": ("prompt_name", "promptName"),
        "prompt_version": ("prompt_version", "promptVersion"),
        "trace": ("trace_name", "traceName"),
        "name": ("name",),
    }


FORMATS = (
    UsageFormat(
        "langfuse",
        "usage",
        _langfuse_fields(),
        known("type start_time usage_details", "type starttime usagedetails"),
        _langfuse,
    ),
    UsageFormat(
        "otel_spans",
        "usage",
        {
            "start": ("startTimeUnixNano", "start_time_unix_nano", "start_time", "timestamp"),
            "end": ("endTimeUnixNano", "end_time_unix_nano", "end_time"),
            "operation": _attribute("gen_ai.operation.name"),
            "provider": _attribute("gen_ai.provider.name", "gen_ai.system"),
            "model": _attribute("gen_ai.response.model", "gen_ai.request.model"),
            "input": _attribute("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"),
            "output": _attribute("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"),
            "total": _attribute("gen_ai.usage.total_tokens"),
            "read": _attribute("gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens"),
            "written": _attribute(
                *("gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.cache_write.input_tokens"),
                "gen_ai.usage.cache_creation_input_tokens",
            ),
            "reasoning": _attribute("gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens"),
            "first": _attribute("gen_ai.response.time_to_first_chunk", "gen_ai.server.time_to_first_token"),
            "error": _attribute("error.type"),
            "status": ("status/code", "status_code"),
            "trace": ("traceId", "trace_id"),
            "id": ("spanId", "span_id"),
            "use_case": ("resource/attributes/service.name", *_attribute("service.name", "gen_ai.agent.name")),
        },
        known(
            *("attributes_gen_ai_operation_name", "attributes_gen_ai_usage_input_tokens"),
            *("attributes_gen_ai_usage_prompt_tokens", "attributes_gen_ai_system", "gen_ai_operation_name"),
            *("gen_ai_usage_input_tokens", "gen_ai_usage_prompt_tokens"),
        ),
        _otel,
        nested=_is_nested,
        rows_of=spans,
    ),
)
