"""Public traces of requests: Azure 2023, BurstGPT, Mooncake. The last two count time from their own beginning."""

from typing import Any

from advisor.usage.readers.rows import Columns, Row, UsageFormat, known

BLOCK_TOKENS = 512


def _one(**columns: Any) -> Columns:
    import ibis

    one, none = ibis.literal(1).cast("int64"), ibis.literal(0).cast("int64")
    return {"bucket_seconds": none, "requests": one, **columns}


def _azure(row: Row) -> Columns:
    return _one(ts=row.time("time"), input_tokens=row.whole("input"), output_tokens=row.whole("output"))


def _from_start(row: Row, per_second: float) -> Any:
    """Time since the trace began, as if that were 1970-01-01 00:00."""
    passed = row.number("time")
    row.fault("no_time", passed.isnull())
    milliseconds = (passed * (1000 / per_second)).round()
    return (milliseconds < 1e12).ifelse(milliseconds, None).try_cast("int64").as_timestamp("ms").cast("timestamp")


def _burstgpt(row: Row) -> Columns:
    output = row.whole("output")
    return _one(
        ts=_from_start(row, 1.0),
        model=row.text("model"),
        input_tokens=row.whole("input"),
        output_tokens=output,
        latency_ms=row.number("elapsed") * 1000,
        ok=output > 0,
        use_case=row.text("kind"),
    )


def _mooncake(row: Row) -> Columns:
    import ibis

    blocks = row.text("blocks").re_extract(r"^\[([\d, ]*)\]$", 1).replace(" ", "").nullif("")
    return _one(
        ts=_from_start(row, 1000.0),
        input_tokens=row.whole("input"),
        output_tokens=row.whole("output"),
        block_hashes=blocks.split(","),
        block_tokens=ibis.ifelse(blocks.notnull(), BLOCK_TOKENS, None).cast("int64"),
    )


FROM_START = frozenset({"burstgpt_trace", "mooncake_trace"})
"""Formats that give no date."""
FORMATS = (
    UsageFormat(
        "azure_trace",
        "usage",
        {"time": ("TIMESTAMP",), "input": ("ContextTokens",), "output": ("GeneratedTokens",)},
        known("timestamp contexttokens generatedtokens"),
        _azure,
    ),
    UsageFormat(
        "burstgpt_trace",
        "usage",
        {
            "time": ("Timestamp",),
            "model": ("Model",),
            "input": ("Request tokens",),
            "output": ("Response tokens",),
            "elapsed": ("Elapsed time",),
            "kind": ("Log Type",),
        },
        known("timestamp request_tokens response_tokens"),
        _burstgpt,
    ),
    UsageFormat(
        "mooncake_trace",
        "usage",
        {
            "time": ("timestamp",),
            "input": ("input_length",),
            "output": ("output_length",),
            "blocks": ("hash_ids",),
        },
        known("timestamp input_length output_length"),
        _mooncake,
    ),
)
