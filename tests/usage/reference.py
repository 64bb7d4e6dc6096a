"""A second reading of the flat formats, in plain Python, row by row: what an import must add up to.

It knows nothing of the product's readers. Each format is a function of one row that gives input, cached and output
tokens and cost, or raises ``ValueError`` where the row must be left out.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

NOTHING = ("", "null", "NULL", "None", "\\N")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
MOMENT = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d*)?)?\s?(?:Z|UTC|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+", re.ASCII)
Sums = tuple[int | None, int | None, int | None, float | None]


def text(row: Mapping[str, Any], *names: str) -> str | None:
    for name in names:
        value: Any = row
        for key in name.split("/"):
            if isinstance(value, str):
                try:
                    value = json.loads(value)
                except (ValueError, RecursionError):
                    value = None
            value = value.get(key) if isinstance(value, Mapping) else None
        if isinstance(value, bool):
            value = str(value).lower()
        if value is not None and str(value).strip() not in NOTHING:
            return str(value).strip()
    return None


def amount(row: Mapping[str, Any], *names: str, signed: bool = False) -> float | None:
    cell = text(row, *names)
    if cell is None:
        return None
    if not NUMBER.fullmatch(cell):
        raise ValueError(cell)
    value = float(cell)
    if not abs(value) <= 1e12 or (value < 0 and not signed):
        raise ValueError(cell)
    return value


def count(row: Mapping[str, Any], *names: str) -> int | None:
    cell = text(row, *names)
    if cell is not None and GROUPED.fullmatch(cell):
        cell = cell.replace(",", "")
    value = amount({"x": cell}, "x")
    if value is not None and value != int(value):
        raise ValueError(cell)
    return None if value is None else int(value)


def moment(row: Mapping[str, Any], *names: str) -> None:
    cell = text(row, *names)
    if cell is None:
        raise ValueError(names)
    if re.fullmatch(r"\d{9,19}(\.\d+)?", cell):
        number = float(cell)
        seconds = number / (1 if number < 1e11 else 1e3 if number < 1e14 else 1e6 if number < 1e17 else 1e9)
        if not 946_684_800 <= seconds < 4_102_444_800:
            raise ValueError(cell)
        return
    found = MOMENT.fullmatch(cell)
    if found is None or not 2000 <= int(found[1]) < 2100:
        raise ValueError(cell)
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def within(part: int | None, other: int | None, whole: int | None) -> None:
    if whole is not None and (part or 0) + (other or 0) > whole:
        raise ValueError("parts")


def azure(row: Mapping[str, Any]) -> Sums:
    moment(row, "TIMESTAMP")
    return count(row, "ContextTokens"), None, count(row, "GeneratedTokens"), None


def console(row: Mapping[str, Any]) -> Sums:
    moment(row, "usage_date_utc")
    fresh, read = count(row, "usage_input_tokens_no_cache"), count(row, "usage_input_tokens_cache_read")
    short, long = count(row, "usage_input_tokens_cache_write_5m"), count(row, "usage_input_tokens_cache_write_1h")
    given = None if fresh is None else fresh + (read or 0) + (short or 0) + (long or 0)
    return given, read, count(row, "usage_output_tokens"), None


def dashboard(row: Mapping[str, Any]) -> Sums:
    moment(row, "date")
    count(row, "n_requests")
    given, read = count(row, "n_context_tokens_total"), count(row, "n_cached_context_tokens_total")
    within(read, None, given)
    return given, read, count(row, "n_generated_tokens_total"), amount(row, "amount")


def openrouter(row: Mapping[str, Any]) -> Sums:
    moment(row, "created_at")
    given, read = count(row, "tokens_prompt"), count(row, "tokens_cached")
    made, thought = count(row, "tokens_completion"), count(row, "tokens_reasoning")
    amount(row, "generation_time_ms")
    amount(row, "time_to_first_token_ms")
    cost, own = amount(row, "cost_total", signed=True), amount(row, "byok_usage_inference")
    within(read, None, given)
    within(thought, None, made)
    return given, read, made, None if cost is None else cost + (own or 0)


def bedrock(row: Mapping[str, Any]) -> Sums:
    moment(row, "timestamp")
    fresh, read = count(row, "input/inputTokenCount"), count(row, "input/cacheReadInputTokenCount")
    written, made = count(row, "input/cacheWriteInputTokenCount"), count(row, "output/outputTokenCount")
    amount(row, "output/outputBodyJson/metrics/latencyMs")
    given = None if fresh is None else fresh + (read or 0) + (written or 0)
    return given, read, made, None


def mooncake(row: Mapping[str, Any]) -> Sums:
    if amount(row, "timestamp") is None:
        raise ValueError("time")
    return count(row, "input_length"), None, count(row, "output_length"), None


def focus(row: Mapping[str, Any]) -> Sums:
    moment(row, "ChargePeriodStart")
    category = (text(row, "ChargeCategory") or "").lower()
    cost = amount(row, "BilledCost", signed=True)
    amount(row, "ListCost", signed=True)
    amount(row, "ConsumedQuantity", signed=True)
    if category not in ("usage", "tax", "credit", "purchase", "adjustment") or cost is None:
        raise ValueError(category)
    return None, None, None, cost


class Format:
    """How a flat format is read a second time; ``id_of`` a request that counts once, ``failed`` one without tokens."""

    def __init__(
        self,
        read: Callable[[Mapping[str, Any]], Sums],
        id_of: str = "",
        failed: Callable[[Any], bool] = lambda _: False,
    ) -> None:
        self.read, self.id_of, self.failed = read, id_of, failed


FLAT: Mapping[str, Format] = {
    "azure_llm_trace_2023.csv": Format(azure),
    "anthropic_console_usage.csv": Format(console),
    "openai_dashboard.csv": Format(dashboard),
    "openrouter_activity.csv": Format(
        openrouter, "generation_id", lambda row: (text(row, "finish_reason_normalized") or "").lower() == "error"
    ),
    "bedrock_invocation.jsonl": Format(bedrock, "requestId", lambda row: text(row, "errorCode") is not None),
    "mooncake.jsonl": Format(mooncake),
    "focus_1_2.csv": Format(focus),
}


def records(name: str, content: str) -> Iterator[Mapping[str, Any]]:
    if name.endswith(".csv"):
        header, *lines = [cells for cells in csv.reader(io.StringIO(content, newline=""), strict=True) if cells]
        yield from (dict(zip(header, cells, strict=True)) for cells in lines if len(cells) == len(header))
        return
    for line in content.splitlines():
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(record, dict):
            yield record


def sums(name: str, content: str) -> dict[str, float]:
    """Rows used, tokens and cost of a file, each request once: the first that has tokens."""
    form, kept, seen = FLAT[name], [], {}
    for record in records(name, content):
        try:
            found = form.read(record)
            if found[0] is None and found[2] is None and found[3] is None and not form.failed(record):
                continue
        except ValueError:
            continue
        key = text(record, form.id_of) if form.id_of else None
        if key is None:
            kept.append(found)
        elif key not in seen or (seen[key][0] is None, seen[key][3] is None) > (found[0] is None, found[3] is None):
            seen[key] = found
    everything = [*kept, *seen.values()]
    names = ("input_tokens", "cache_read_tokens", "output_tokens", "cost")
    return {"rows": len(everything)} | {n: sum(row[k] or 0 for row in everything) for k, n in enumerate(names)}
