"""Each format in one function: what a row of it adds, or ``ValueError`` where it must be left out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from tests.usage.reference.cells import (
    Read,
    Record,
    amount,
    count,
    moment,
    period,
    plus,
    text,
    together,
    value_at,
    word,
)


def used(
    ts: float,
    given: float | None,
    made: float | None,
    *,
    requests: float | None = 1,
    read: float | None = None,
    written: float | None = None,
    thought: float | None = None,
    cost: float | None = None,
    id: str | None = None,
    failed: bool = False,
) -> Read:
    """A row of usage, unless it says nothing or its parts are more than their whole."""
    if given is None and made is None and cost is None and not failed:
        raise ValueError("nothing")
    if given is not None and (read or 0) + (written or 0) > given:
        raise ValueError("cache")
    if made is not None and (thought or 0) > made:
        raise ValueError("reasoning")
    tokens = {"input_tokens": given, "cache_read_tokens": read, "cache_write_tokens": written, "output_tokens": made}
    return Read({"ts": ts, "requests": requests, **tokens, "output_reasoning_tokens": thought, "cost": cost}, id)


def billed(ts: float, cost: float | None) -> Read:
    if cost is None:
        raise ValueError("no cost")
    return Read({"ts": ts, "cost": cost})


def by_total(
    given: Any, beside: float, made: Any, thought: float | None, total: int | None, inside: tuple[bool, bool]
) -> tuple[Any, Any]:
    """Input and output with their parts: as the format says, or as the total of the row shows."""
    ways = [inside, *((a, b) for a, b in product((True, False), repeat=2))]
    sums = [
        (given if a else plus(given, beside), made if b else plus(made, thought))
        for a, b in sorted(ways, key=lambda way: _likely(way, inside))
    ]
    fitting = [pair for pair in sums if (pair[0] or 0) + (pair[1] or 0) == total]
    return sums[0] if total is None or not fitting else fitting[0]


def _likely(way: tuple[bool, bool], first: tuple[bool, bool]) -> int:
    order = [first, (True, True), (False, False), (not first[0], first[1]), (first[0], not first[1])]
    return order.index(way)


def openai_usage(row: Record) -> Read:
    ts = period(row, ("start_time",), ("end_time",))
    read, written = count(row, "input_cached_tokens"), count(row, "input_cache_write_tokens")
    return used(
        *(ts, count(row, "input_tokens"), count(row, "output_tokens")),
        requests=count(row, "num_model_requests"),
        read=read,
        written=written,
    )


def openai_costs(row: Record) -> Read:
    ts = moment(row, "start_time", beside=("end_time",))
    amount(row, "quantity", signed=True)
    return billed(ts, amount(row, "amount/value", "amount_value", signed=True))


def openai_dashboard(row: Record) -> Read:
    ts = moment(row, "aggregation_timestamp", "timestamp", "date", "usage_date")
    return used(
        *(ts, count(row, "n_context_tokens_total"), count(row, "n_generated_tokens_total")),
        requests=count(row, "n_requests"),
        read=count(row, "n_cached_context_tokens_total"),
        cost=amount(row, "amount", "cost"),
    )


def anthropic_usage(row: Record) -> Read:
    ts = period(row, ("starting_at",), ("ending_at",))
    fresh, read = count(row, "uncached_input_tokens"), count(row, "cache_read_input_tokens")
    kept = [count(row, f"cache_creation/ephemeral_{each}_input_tokens") for each in ("5m", "1h")]
    made, written = count(row, "output_tokens"), together(*kept)
    return used(ts, plus(fresh, read, written), made, requests=None, read=read, written=written)


def anthropic_costs(row: Record) -> Read:
    ts = moment(row, "starting_at", beside=("ending_at",))
    amount(row, "list_amount", signed=True)
    cents = amount(row, "amount", signed=True)
    return billed(ts, None if cents is None else cents / 100)


def anthropic_console(row: Record) -> Read:
    ts = moment(row, "usage_date_utc")
    fresh = count(row, "usage_input_tokens_no_cache", "input_tokens")
    read = count(row, "usage_input_tokens_cache_read", "cache_read_input_tokens", "input_tokens_cache_read")
    ways = ("usage_input_tokens_cache_write_{}", "cache_write_{}_input_tokens", "cache_write_input_tokens_{}")
    ways += ("input_tokens_cache_write_{}", "{}_cache_write_input_tokens")
    kept = [count(row, *(way.format(each) for way in ways)) for each in ("5m", "1h")]
    written = together(*kept, count(row, "cache_write_input_tokens", "cache_creation_input_tokens"))
    made = count(row, "usage_output_tokens", "output_tokens")
    return used(ts, plus(fresh, read, written), made, requests=None, read=read, written=written)


def anthropic_cost_table(row: Record) -> Read:
    ts = moment(row, "usage_date_utc", beside=("usage_end_utc",))
    amount(row, "list_price_usd", signed=True)
    return billed(ts, amount(row, "cost_usd", signed=True))


def bedrock(row: Record) -> Read:
    ts = moment(row, "timestamp")
    read, written = count(row, "input/cacheReadInputTokenCount"), count(row, "input/cacheWriteInputTokenCount")
    fresh, made = count(row, "input/inputTokenCount"), count(row, "output/outputTokenCount")
    amount(row, "output/outputBodyJson/metrics/latencyMs")
    failed = text(row, "errorCode") is not None
    named = text(row, "requestId")
    return used(ts, plus(fresh, read, written), made, read=read, written=written, id=named, failed=failed)


def azure_gateway(row: Record) -> Read:
    ts = moment(row, "TimeGenerated", "timegenerated_utc", "time")
    given, made, total = (
        count(row, name, f"properties/{name[0].lower()}{name[1:]}", f"properties/{name}")
        for name in ("PromptTokens", "CompletionTokens", "TotalTokens")
    )
    given, made = by_total(given, 0, made, None, total, (True, True))
    return used(ts, given, made, id=text(row, "CorrelationId", "correlationId"))


def vertex(row: Record) -> Read:
    ts, rate = moment(row, "logging_time"), amount(row, "sampling_rate")
    rate = 1.0 if rate is None else rate
    if not 0 < rate <= 1:
        raise ValueError("rate")
    place = "full_response/usageMetadata"
    given, read = count(row, f"{place}/promptTokenCount"), count(row, f"{place}/cachedContentTokenCount")
    made, thought = count(row, f"{place}/candidatesTokenCount"), count(row, f"{place}/thoughtsTokenCount")
    amount(row, "metadata/request_latency")
    times = round(1 / rate)
    found = (None if each is None else each * times for each in (given, plus(made, thought), read, thought))
    given, made, read, thought = found
    return used(ts, given, made, requests=times, read=read, thought=thought, id=text(row, "request_id"))


def focus(row: Record) -> Read:
    ts, category = moment(row, "ChargePeriodStart", beside=("ChargePeriodEnd",)), word(row, "ChargeCategory")
    amount(row, "ListCost", signed=True)
    amount(row, "ConsumedQuantity", "x_ConsumedTokens", signed=True)
    if category not in ("usage", "tax", "credit", "purchase", "adjustment"):
        raise ValueError(category)
    return billed(ts, amount(row, "BilledCost", signed=True))


def google(row: Record) -> Read:
    ts = moment(row, "usage_start_time", beside=("usage_end_time",))
    amount(row, "cost_at_list", signed=True)
    amount(row, "usage/amount", "usage_amount", signed=True)
    if word(row, "cost_type") not in ("", "regular", "tax", "adjustment", "rounding_error", "credit"):
        raise ValueError("category")
    return billed(ts, amount(row, "cost", signed=True))


def google_charges(row: Record) -> Iterator[Record]:
    yield row
    credits = value_at(row, "credits")
    for credit in credits if isinstance(credits, list) else ():
        if isinstance(credit, Mapping):
            times = {name: value_at(row, name) for name in ("usage_start_time", "usage_end_time")}
            yield {**times, "cost": credit.get("amount")}


def litellm_spend(row: Record) -> Read:
    beside = ("endTime", "end_time", "completionStartTime")
    ts, place = moment(row, "startTime", "start_time", beside=beside), "metadata/usage_object"
    read = count(row, f"{place}/prompt_tokens_details/cached_tokens", f"{place}/cache_read_input_tokens")
    written = count(row, f"{place}/cache_creation_input_tokens", f"{place}/prompt_tokens_details/cache_creation_tokens")
    thought = count(row, f"{place}/completion_tokens_details/reasoning_tokens")
    given, made = count(row, "prompt_tokens"), count(row, "completion_tokens")
    total, beside = count(row, "total_tokens"), (read or 0) + (written or 0)
    given, made = by_total(given, beside, made, thought, total, (True, True))
    amount(row, "request_duration_ms")
    failed = word(row, "status") in ("failure", "failed", "error")
    more = {"cost": amount(row, "spend"), "id": text(row, "request_id"), "failed": failed}
    return used(ts, given, made, read=read, written=written, thought=thought, **more)


def litellm_daily(row: Record) -> Read:
    return used(
        *(moment(row, "date"), count(row, "prompt_tokens"), count(row, "completion_tokens")),
        requests=count(row, "api_requests"),
        read=count(row, "cache_read_input_tokens"),
        written=count(row, "cache_creation_input_tokens"),
        cost=amount(row, "spend"),
    )


def openrouter(row: Record) -> Read:
    amount(row, "generation_time_ms")
    amount(row, "time_to_first_token_ms")
    return used(
        *(moment(row, "created_at"), count(row, "tokens_prompt"), count(row, "tokens_completion")),
        read=count(row, "tokens_cached"),
        thought=count(row, "tokens_reasoning"),
        cost=plus(amount(row, "cost_total", signed=True), amount(row, "byok_usage_inference")),
        id=text(row, "generation_id"),
        failed=word(row, "finish_reason_normalized") == "error",
    )


def openrouter_daily(row: Record) -> Read:
    return used(
        *(moment(row, "date"), count(row, "prompt_tokens"), count(row, "completion_tokens")),
        requests=count(row, "requests"),
        thought=count(row, "reasoning_tokens"),
        cost=plus(amount(row, "usage"), amount(row, "byok_usage_inference")),
    )


def helicone(row: Record) -> Read:
    ts, status = moment(row, "request_created_at"), count(row, "status", "response_status")
    read, written = count(row, "prompt_cache_read_tokens"), count(row, "prompt_cache_write_tokens")
    given, made = count(row, "prompt_tokens"), count(row, "completion_tokens")
    total, beside = count(row, "total_tokens"), (read or 0) + (written or 0)
    given, made = by_total(given, beside, made, None, total, (True, True))
    amount(row, "delay_ms")
    amount(row, "time_to_first_token")
    failed = status is not None and not 200 <= status <= 299
    more = {"cost": amount(row, "cost_usd", "cost"), "id": text(row, "request_id"), "failed": failed}
    return used(ts, given, made, read=read, written=written, **more)


def langfuse(row: Record) -> Read:
    ts = moment(row, "start_time", "startTime", beside=("end_time", "endTime"))
    if word(row, "type") not in ("", "generation", "embedding"):
        raise ValueError("kind")

    def tokens(*names: str) -> int | None:
        return count(row, *(f"{place}/{name}" for place in ("usage_details", "usageDetails") for name in names))

    read = tokens("input_cached_tokens", "cache_read_input_tokens")
    written = tokens("cache_creation_input_tokens", "input_cache_creation")
    thought, total, beside = tokens("output_reasoning_tokens"), tokens("total"), (read or 0) + (written or 0)
    given, made = by_total(tokens("input"), beside, tokens("output"), thought, total, (False, False))
    amount(row, "latency")
    amount(row, "time_to_first_token", "timeToFirstToken")
    cost = amount(row, "total_cost", "totalCost", "calculatedTotalCost")
    more = {"cost": cost, "id": text(row, "id"), "failed": word(row, "level") == "error"}
    return used(ts, given, made, read=read, written=written, thought=thought, **more)


def attribute(row: Record, read: Callable[..., Any], *names: str) -> Any:
    """What an attribute of a span says, which OTLP writes as a list of keys and values."""
    given = row.get("attributes")
    if isinstance(given, list):
        pairs = [item for item in given if isinstance(item, Mapping) and isinstance(item.get("value"), Mapping)]
        given = {str(item.get("key")): next(iter(item["value"].values()), None) for item in pairs}
    return read({"attributes": given, **{k: v for k, v in row.items() if k != "attributes"}}, *_places(names))


def _places(names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        yield from (f"attributes/{name}", name)


def otel(row: Record) -> Read:
    def tokens(*names: str) -> int | None:
        return attribute(row, count, *(f"gen_ai.usage.{name}" for name in names))  # type: ignore[no-any-return]

    read = tokens("cache_read.input_tokens", "cache_read_input_tokens")
    written = tokens("cache_creation.input_tokens", "cache_write.input_tokens", "cache_creation_input_tokens")
    given, made = tokens("input_tokens", "prompt_tokens"), tokens("output_tokens", "completion_tokens")
    thought, total = tokens("reasoning.output_tokens", "reasoning_tokens"), tokens("total_tokens")
    operation = attribute(row, text, "gen_ai.operation.name")
    around = ("invoke_agent", "create_agent", "execute_tool", "invoke_workflow")
    if operation in around or (operation is None and given is None and made is None):
        raise ValueError("kind")
    attribute(row, amount, "gen_ai.response.time_to_first_chunk", "gen_ai.server.time_to_first_token")
    beside = (read or 0) + (written or 0)
    is_outside = given is not None and beside > given
    settled, made = by_total(given, beside, made, thought, total, (True, True))
    trace, span = text(row, "traceId", "trace_id"), text(row, "spanId", "span_id")
    status = (text(row, "status/code", "status_code") or "").upper()
    failed = attribute(row, text, "error.type") is not None or status in ("2", "STATUS_CODE_ERROR", "ERROR")
    return used(
        moment(row, "startTimeUnixNano", "start_time_unix_nano", "start_time", "timestamp"),
        *(plus(given, beside) if is_outside else settled, made),
        read=read,
        written=written,
        thought=thought,
        id=None if trace is None or span is None else trace + span,
        failed=failed,
    )


def azure_trace(row: Record) -> Read:
    return used(moment(row, "TIMESTAMP"), count(row, "ContextTokens"), count(row, "GeneratedTokens"))


def from_start(row: Record, place: str, per_second: float) -> float:
    """Seconds since a trace began."""
    passed = amount(row, place)
    if passed is None or passed * 1000 / per_second >= 1e12:
        raise ValueError("time")
    return passed / per_second


def burstgpt(row: Record) -> Read:
    ts, made = from_start(row, "Timestamp", 1), count(row, "Response tokens")
    amount(row, "Elapsed time")
    return used(ts, count(row, "Request tokens"), made, failed=made == 0)


def mooncake(row: Record) -> Read:
    return used(from_start(row, "timestamp", 1000), count(row, "input_length"), count(row, "output_length"))


def gateway_log(row: Record) -> Read:
    ts = moment(row, "timestamp", "ts", "time", "created_at", "created", "start_time", "date")
    given, made, total = (
        count(row, f"{name}_tokens", f"usage/{name}_tokens") for name in ("prompt", "completion", "total")
    )
    read = count(row, "cached_tokens", "usage/prompt_tokens_details/cached_tokens")
    given, made = by_total(given, read or 0, made, None, total, (True, True))
    amount(row, "latency_ms", "duration_ms")
    return used(ts, given, made, read=read, id=text(row, "request_id", "id"))


def itself(record: Record) -> Iterator[Record]:
    yield record


def buckets(page: Record) -> Iterator[Record]:
    """Results of a page's buckets with the times of the bucket; a row of a table as it is."""
    data = page.get("data")
    if not isinstance(data, list):
        yield page
        return
    for bucket in data:
        inner = bucket.get("results") if isinstance(bucket, Mapping) else None
        for result in inner if isinstance(inner, list) else ():
            if isinstance(result, Mapping):
                yield {**bucket, **result}


def spans(document: Record) -> Iterator[Record]:
    if "resourceSpans" not in document:
        yield document
        return
    for resource in document["resourceSpans"] or ():
        for scope in resource.get("scopeSpans") or ():
            yield from (span for span in scope.get("spans") or () if isinstance(span, Mapping))


@dataclass(frozen=True)
class Format:
    """One function of a row; ``header`` are columns that tell its table; ``rows`` takes a nested record apart."""

    read: Callable[[Record], Read]
    header: tuple[str, ...] = ()
    rows: Callable[[Record], Iterator[Record]] = itself
    rows_of_table: Callable[[Record], Iterator[Record]] = itself


FORMATS: Mapping[str, Format] = {
    "openai_usage": Format(openai_usage, ("num_model_requests input_tokens start_time",), buckets),
    "openai_costs": Format(openai_costs, ("start_time amount_value line_item",), buckets),
    "openai_dashboard": Format(openai_dashboard, ("n_context_tokens_total n_generated_tokens_total",)),
    "anthropic_usage": Format(anthropic_usage, ("uncached_input_tokens output_tokens starting_at",), buckets),
    "anthropic_costs": Format(anthropic_costs, ("starting_at amount currency",), buckets),
    "anthropic_console": Format(
        anthropic_console,
        (
            "usage_date_utc usage_input_tokens_no_cache usage_output_tokens",
            "usage_date_utc input_tokens output_tokens",
        ),
    ),
    "anthropic_cost_table": Format(anthropic_cost_table, ("usage_date_utc cost_usd",)),
    "bedrock_invocations": Format(bedrock),
    "azure_gateway_log": Format(azure_gateway, ("correlationid prompttokens completiontokens",)),
    "vertex_log": Format(vertex, ("logging_time full_response",)),
    "focus": Format(focus, ("chargecategory billedcost chargeperiodstart",)),
    "google_billing": Format(
        google,
        ("billing_account_id cost usage_start_time", "sku_description cost usage_start_time"),
        google_charges,
        google_charges,
    ),
    "litellm_spend": Format(litellm_spend, ("request_id spend prompt_tokens completion_tokens",)),
    "litellm_daily": Format(litellm_daily, ("date spend prompt_tokens completion_tokens api_requests",)),
    "openrouter_activity": Format(openrouter, ("generation_id tokens_prompt tokens_completion",)),
    "openrouter_daily": Format(openrouter_daily, ("date model_permaslug usage prompt_tokens",)),
    "helicone": Format(helicone, ("request_created_at prompt_tokens completion_tokens",)),
    "langfuse": Format(langfuse, ("type start_time usage_details",)),
    "otel_spans": Format(otel, rows=spans),
    "azure_trace": Format(azure_trace, ("timestamp contexttokens generatedtokens",)),
    "burstgpt_trace": Format(burstgpt, ("timestamp request_tokens response_tokens",)),
    "mooncake_trace": Format(mooncake),
    "gateway_log": Format(gateway_log, ("prompt_tokens completion_tokens",)),
}
