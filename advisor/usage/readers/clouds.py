"""What clouds write of calls: Bedrock, Azure's gateway, Vertex."""

from typing import Any

from advisor.usage.readers.rows import Columns, Row, UsageFormat, known, settled, sum_of


def _bedrock(row: Row) -> Columns:
    import ibis

    read, written = row.whole("read"), row.whole("written")
    return {
        "ts": row.time("time"),
        "bucket_seconds": ibis.literal(0).cast("int64"),
        "requests": ibis.literal(1).cast("int64"),
        "provider": "aws",
        "model": row.text("model").re_replace(r"^arn:.*/", ""),
        "input_tokens": sum_of(row.whole("input"), read, written),
        "cache_read_tokens": read,
        "cache_write_tokens": written,
        "output_tokens": row.whole("output"),
        "latency_ms": row.number("latency"),
        "ok": row.text("error").isnull(),
        "request_id": row.text("id"),
        "key": row.text("key"),
        "use_case": row.text("use_case"),
    }


def _azure_gateway(row: Row) -> Columns:
    """The size of a body decides over how many rows a call is spread; each repeats its counts."""
    import ibis

    found = settled(
        row.whole("input"),
        (),
        row.whole("output"),
        ibis.null("int64"),
        row.whole("total"),
        cache_inside=True,
        reasoning_inside=True,
    )
    return {
        "ts": row.time("time"),
        "bucket_seconds": ibis.literal(0).cast("int64"),
        "requests": ibis.literal(1).cast("int64"),
        "provider": "azure",
        "model": row.text("model").coalesce(row.text("deployment")),
        "input_tokens": found.input,
        "output_tokens": found.output,
        "request_id": row.text("id"),
        "use_case": row.text("deployment"),
        "_unlike": found.unlike,
    }


def _vertex(row: Row) -> Columns:
    """One row of the log stands for several calls where only a sample of them was logged."""
    import ibis

    rate = row.number("rate").fill_null(1.0)
    sane = (rate > 0) & (rate <= 1)
    row.fault("number_unreadable", ~sane)
    times = ibis.ifelse(sane, (1.0 / rate).round(), 1.0).cast("int64")

    def scaled(count: Any) -> Any:
        return count * times

    reasoning = row.whole("reasoning")
    return {
        "ts": row.time("time"),
        "bucket_seconds": ibis.literal(0).cast("int64"),
        "requests": times,
        "provider": "google",
        "model": row.text("model").re_replace(r"^.*/models/", ""),
        "input_tokens": scaled(row.whole("input")),
        "cache_read_tokens": scaled(row.whole("read")),
        "output_tokens": scaled(sum_of(row.whole("output"), reasoning)),
        "output_reasoning_tokens": scaled(reasoning),
        "latency_ms": row.number("latency"),
        "request_id": row.text("id"),
        "use_case": row.text("use_case"),
        "_scaled": times > 1,
        "_rounded": sane & ((times * rate - 1.0).abs() > 1e-6),
    }


_VERTEX = "full_response!/usageMetadata"
FORMATS = (
    UsageFormat(
        "bedrock_invocations",
        "usage",
        {
            "time": ("timestamp",),
            "model": ("modelId",),
            "input": ("input/inputTokenCount",),
            "read": ("input/cacheReadInputTokenCount",),
            "written": ("input/cacheWriteInputTokenCount",),
            "output": ("output/outputTokenCount",),
            "latency": ("output/outputBodyJson/metrics/latencyMs",),
            "error": ("errorCode",),
            "id": ("requestId",),
            "key": ("identity/arn",),
            "use_case": ("requestMetadata/use_case", "requestMetadata/application", "requestMetadata/project"),
        },
        known("modelid schematype requestid", "modelid input_inputtokencount timestamp"),
        _bedrock,
    ),
    UsageFormat(
        "azure_gateway_log",
        "usage",
        {
            "time": ("TimeGenerated", "timegenerated_utc", "time"),
            "model": ("ModelName", "properties/modelName", "properties/ModelName"),
            "deployment": ("DeploymentName", "properties/deploymentName", "properties/DeploymentName"),
            "input": ("PromptTokens", "properties/promptTokens", "properties/PromptTokens"),
            "output": ("CompletionTokens", "properties/completionTokens", "properties/CompletionTokens"),
            "total": ("TotalTokens", "properties/totalTokens", "properties/TotalTokens"),
            "id": ("CorrelationId", "correlationId"),
        },
        known("correlationid prompttokens completiontokens", "correlationid properties_prompttokens"),
        _azure_gateway,
    ),
    UsageFormat(
        "vertex_log",
        "usage",
        {
            "time": ("logging_time",),
            "model": ("model", "full_response!/modelVersion"),
            "rate": ("sampling_rate",),
            "input": (f"{_VERTEX}/promptTokenCount",),
            "read": (f"{_VERTEX}/cachedContentTokenCount",),
            "output": (f"{_VERTEX}/candidatesTokenCount",),
            "reasoning": (f"{_VERTEX}/thoughtsTokenCount",),
            "latency": ("metadata!/request_latency",),
            "id": ("request_id",),
            "use_case": ("endpoint",),
        },
        known("logging_time full_response"),
        _vertex,
    ),
)
