"""Each format: the file that goes in, the canonical rows that come out, worked out by hand, and what is left out."""

from pathlib import Path
from typing import Any

import pytest

from advisor.usage.importing import import_usage
from advisor.usage.readers import FORMATS
from tests.usage.read import FIXTURES, imported, rows

USAGE = ("requests", "input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens", "cost", "ok")
BILL = ("category", "cost", "list_cost", "item")
N = None
CASES: dict[str, tuple[str, list[tuple[Any, ...]], dict[str, int], int]] = {
    "openai_usage_page.json": (
        "openai_usage",
        [(1, 1_000, 0, N, 100, N, N), (12, 27_444, 8_448, 0, 5_000, N, N)],
        {"parts_above_total": 1},
        0,
    ),
    "openai_costs_page.json": (
        "openai_costs",
        [("usage", 0.06, N, "gpt-5.6-terra, input"), ("credit", -0.01, N, "Credit grant")],
        {"no_cost": 1},
        0,
    ),
    "openai_dashboard.csv": (
        "openai_dashboard",
        [(1_250, 2_500_000, 2_000_000, N, 125_000, 0.55, N), (N, 1_000, 0, N, 10, N, N)],
        {"number_unreadable": 1},
        0,
    ),
    "anthropic_usage_report.json": (
        "anthropic_usage",
        [(N, 900 + 100, 0, 100, 50, N, N), (N, 1_500 + 200_000 + 500, 200_000, 500, 500, N, N)],
        {"negative": 1},
        0,
    ),
    "anthropic_cost_report.json": (
        "anthropic_costs",
        [("usage", 1.2345, N, "Claude Sonnet 4.5 Usage - Input Tokens"), ("credit", -0.2345, N, "Credit")],
        {"number_unreadable": 1},
        0,
    ),
    "anthropic_console_usage.csv": (
        "anthropic_console",
        [(N, 1_000, 0, 0, 200, N, N), (N, 46_981 + 250_000 + 15_969, 250_000, 15_969, 16_932, N, N)],
        {"number_unreadable": 1, "cells_wrong": 1},
        0,
    ),
    "anthropic_console_usage.tsv": (
        "anthropic_console",
        [(N, 46_981 + 250_000 + 15_969, 250_000, 15_969, 16_932, N, N), (N, 1_000, 0, 0, 20, N, N)],
        {"time_unreadable": 1},
        0,
    ),
    "anthropic_cost_table.csv": (
        "anthropic_cost_table",
        [("usage", 1.25, 2.5, "Claude Opus 5 - input"), ("credit", -0.5, N, "Starting credit")],
        {"no_cost": 1},
        0,
    ),
    "bedrock_invocation.jsonl": (
        "bedrock_invocations",
        [(1, 120 + 2_048, 2_048, 0, 200, N, True), (1, N, N, N, N, N, False)],
        {"line_unreadable": 1},
        1,
    ),
    "azure_gateway_log.csv": (
        "azure_gateway_log",
        [(1, 1_000, N, N, 200, N, N), (1, 500, N, N, 50, N, N)],
        {"time_unreadable": 1},
        1,
    ),
    "vertex_log.jsonl": (
        "vertex_log",
        [(10, 10_000, 6_000, N, (100 + 50) * 10, N, N), (3, 300, N, N, 30, N, N)],
        {"number_unreadable": 1},
        0,
    ),
    "google_billing.jsonl": (
        "google_billing",
        [
            ("usage", 2.5, 3.0, "Gemini 3 Flash Text Input - Predictions"),
            ("credit", -0.5, N, "Promotion"),
            ("tax", 0.4, N, "Tax"),
        ],
        {"no_cost": 1},
        0,
    ),
    "focus_1_2.csv": (
        "focus",
        [
            ("usage", 0.3, 0.3, "gpt-5-mini input tokens"),
            ("tax", 0.06, N, "VAT"),
            ("credit", -0.1, N, "Starting credit"),
            ("purchase", 100.0, N, "Commitment"),
        ],
        {"category_unknown": 1},
        0,
    ),
    "litellm_spendlogs.csv": (
        "litellm_spend",
        [
            (1, 1_000, 800, N, 300, 0.0021, True),
            (1, 1_000, N, N, 300, 0.0, True),
            (1, 0, N, N, 0, 0.0, False),
            (1, 200 + 800, 800, N, 300, 0.001, True),
        ],
        {"number_unreadable": 1},
        1,
    ),
    "litellm_daily.json": (
        "litellm_daily",
        [(10, 10_000, 8_000, 0, 3_000, 0.02, N)],
        {"parts_above_total": 1},
        0,
    ),
    "openrouter_activity.csv": (
        "openrouter_activity",
        [(1, 10_389, 8_192, N, 137, 0.0123, True), (1, 100, 0, N, 0, 0.02, False)],
        {"parts_above_total": 1},
        1,
    ),
    "openrouter_activity.json": (
        "openrouter_daily",
        [(5, 5_000, N, N, 125, 0.015 + 0.012, N)],
        {"time_unreadable": 1},
        0,
    ),
    "langfuse_observations_v2.jsonl": (
        "langfuse",
        [
            (1, 200 + 800, 800, N, 200 + 100, 0.0007, True),
            (1, N, N, N, N, N, False),
            (1, 1_000, 800, N, 200, 0.0007, True),
        ],
        {"other_kind": 1},
        1,
    ),
    "helicone.csv": (
        "helicone",
        [
            (1, 1_000, 800, 0, 100, 0.0005, True),
            (1, 200 + 800, 800, 0, 100, 0.0005, True),
            (1, 1_000, 800, 0, 100, 0.0, True),
            (1, N, N, N, N, N, False),
        ],
        {"no_tokens": 1},
        0,
    ),
    "otel_genai_span.json": ("otel_spans", [(1, 1_000, 800, 0, 300, N, True)], {}, 0),
    "otel_spans.json": (
        "otel_spans",
        [(1, 1_000, 800, N, 300, N, True), (1, 200 + 800, 800, N, 30, N, True), (1, N, N, N, N, N, False)],
        {"other_kind": 2},
        0,
    ),
    "azure_llm_trace_2023.csv": (
        "azure_trace",
        [(1, 4_808, N, N, 10, N, N), (1, 3_180, N, N, 8, N, N)],
        {"number_unreadable": 1},
        0,
    ),
    "burstgpt.csv": (
        "burstgpt_trace",
        [(1, 472, N, N, 18, N, True), (1, 100, N, N, 0, N, False), (1, N, N, N, 20, N, True)],
        {"number_unreadable": 1},
        0,
    ),
    "mooncake.jsonl": (
        "mooncake_trace",
        [(1, 6_955, N, N, 52, N, N), (1, 6_472, N, N, 26, N, N), (1, 100, N, N, 1, N, N)],
        {"negative": 1},
        0,
    ),
    "gateway_log.jsonl": (
        "gateway_log",
        [(1, 500, 400, N, 50, N, N), (1, 500, N, N, 50, N, N)],
        {"time_unreadable": 1},
        0,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_file_becomes_these_rows(name: str) -> None:
    form, expected, rejected, duplicates = CASES[name]
    found = imported(name)
    columns = USAGE if FORMATS[form].table == "usage" else BILL
    read = [tuple(row.get(column) for column in columns) for row in rows(found)]
    assert found.formats == (form,)
    assert sorted(map(rounded, read), key=str) == sorted(map(rounded, expected), key=str)
    assert {each.reason: each.rows for each in found.rejected} == rejected
    assert found.duplicates == duplicates
    assert found.rows_used == len(expected)
    assert found.rows_read == len(expected) + duplicates + sum(rejected.values())


def rounded(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Amounts to ten decimals, since a sum of decimals in binary is off by less."""
    return tuple(round(cell, 10) if isinstance(cell, float) else cell for cell in row)


def test_every_format_has_a_file() -> None:
    assert {*FORMATS} == {form for form, *_ in CASES.values()}


@pytest.mark.parametrize(
    ("name", "place", "known"),
    [
        ("litellm_spendlogs.csv", 0, {"latency_ms": 2_000.0, "ttft_ms": 400.0, "provider": "openai"}),
        ("litellm_spendlogs.csv", 0, {"model": "gpt-5-mini", "cost_kind": "estimated", "output_reasoning_tokens": 100}),
        ("litellm_spendlogs.csv", 1, {"served_from_response_cache": True}),
        ("litellm_spendlogs.csv", 2, {"use_case": "search"}),
        ("helicone.csv", 2, {"served_from_response_cache": True}),
        ("langfuse_observations_v2.jsonl", 0, {"latency_ms": 2_000.0, "ttft_ms": 400.0, "use_case": "extract"}),
        ("langfuse_observations_v2.jsonl", 1, {"latency_ms": 1_500.0}),
        ("otel_spans.json", 0, {"latency_ms": 2_000.0, "use_case": "search", "provider": "openai"}),
        ("bedrock_invocation.jsonl", 1, {"model": "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "provider": "aws"}),
        ("anthropic_usage_report.json", 0, {"batch": True, "bucket_seconds": 3_600}),
        ("openrouter_activity.csv", 0, {"model": "openai/gpt-5-mini", "provider": "openrouter", "cost_kind": "billed"}),
        ("mooncake.jsonl", 1, {"block_tokens": 512}),
        ("focus_1_2.csv", 0, {"quantity": 1_200_000.0, "unit": "tokens", "currency": "USD", "bucket_seconds": 86_400}),
    ],
)
def test_and_this_is_known_of_a_row(name: str, place: int, known: dict[str, object]) -> None:
    row = rows(imported(name))[place]
    assert {column: row.get(column) for column in known} == known


@pytest.mark.parametrize(
    ("name", "code", "count"),
    [
        ("litellm_spendlogs.csv", "usage_cache_by_total", 1),
        ("langfuse_observations_v2.jsonl", "usage_cache_by_total", 1),
        ("helicone.csv", "usage_cache_by_total", 1),
        ("otel_spans.json", "usage_cache_by_total", 1),
        ("gateway_log.jsonl", "usage_totals_differ", 1),
        ("vertex_log.jsonl", "usage_scaled_up", 2),
        ("vertex_log.jsonl", "usage_rate_rounded", 1),
        ("mooncake.jsonl", "usage_time_from_start", None),
    ],
)
def test_what_had_to_be_decided_is_said(name: str, code: str, count: int | None) -> None:
    assert [n.params.get("rows") for n in imported(name).notices if n.code == code] == [count]


@pytest.mark.parametrize(
    ("name", "absent"),
    [
        ("anthropic_console_usage.csv", {"requests", "cost", "latency_ms", "ok", "request_id"}),
        ("azure_llm_trace_2023.csv", {"model", "provider", "cache_read_tokens", "cost", "ok"}),
        ("openai_usage_page.json", {"cost", "currency", "output_reasoning_tokens", "latency_ms"}),
    ],
)
def test_what_a_format_cannot_give_is_not_known(name: str, absent: set[str]) -> None:
    found = imported(name)
    assert absent <= found.not_given
    assert not any(absent & {*row} for row in rows(found))


def test_an_hour_of_azure() -> None:
    """19,366 rows; sums of the published file, added up by a loop."""
    found = imported("azure_conv_hour.csv.gz")
    table = found.usage
    assert table is not None
    sums = table.agg(rows=table.count(), given=table.input_tokens.sum(), made=table.output_tokens.sum())
    assert sums.to_pyarrow().to_pylist() == [{"rows": 19_366, "given": 22_361_870, "made": 4_088_665}]
    assert (found.rows_read, found.rows_used, found.rejected) == (19_366, 19_366, ())


@pytest.mark.parametrize("name", ["openai_usage_page.json", "anthropic_usage_report.json"])
def test_pages_that_end_in_another_one_are_told_to_be_a_part(tmp_path: Path, name: str) -> None:
    last = (FIXTURES / name).read_text(encoding="utf-8")
    first = last.replace('"has_more":false', '"has_more":true')
    (tmp_path / "first.json").write_text(first, encoding="utf-8")
    (tmp_path / "last.json").write_text(last.replace("1500", "1501").replace("27444", "27445"), encoding="utf-8")
    (tmp_path / "both.jsonl").write_text(f"{first.strip()}\n{last.strip()}\n", encoding="utf-8")

    def told(*names: str) -> list[object]:
        found = import_usage([tmp_path / each for each in names], salt="s")
        return [n.params["files"] for n in found.notices if n.code == "usage_pages_missing"]

    assert told("first.json") == ["first.json"]
    assert told("last.json") == told("first.json", "last.json") == told("both.jsonl") == []


def test_a_plain_log_whose_heading_names_the_currency_has_its_cost(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text(
        "timestamp,model,prompt_tokens,completion_tokens,cost_usd,cost\n2026-11-01T10:00:00Z,m,10,5,0.25,9\n"
    )
    (row,) = rows(import_usage([log], salt="s"))
    assert (row["cost"], row["currency"], row["cost_kind"]) == (0.25, "USD", "estimated")
    log.write_text("timestamp,model,prompt_tokens,completion_tokens,cost\n2026-11-01T10:00:00Z,m,10,5,9\n")
    (row,) = rows(import_usage([log], salt="s"))
    assert "cost" not in row
