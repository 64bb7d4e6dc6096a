"""Logs and training sets that people hand over in the place of a case: what they are, and what they say of one."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from advisor.core.notices import Issue
from advisor.core.tables import decoded

MOST_LINES = 100_000
"""Beyond them a file is still recognised, and its means are those of its beginning."""


@dataclass(frozen=True)
class LogFormat:
    """A format by the columns that only it has. ``requests`` holds a count; without it each row is one request."""

    id: str
    columns: frozenset[str]
    prompt: tuple[str, ...]
    answer: tuple[str, ...]
    requests: str | None = None


FORMATS = (
    LogFormat(
        "openai_usage",
        frozenset({"num_model_requests", "input_tokens", "output_tokens"}),
        ("input_tokens",),
        ("output_tokens",),
        "num_model_requests",
    ),
    LogFormat(
        "openai_dashboard",
        frozenset({"n_requests", "n_context_tokens_total", "n_generated_tokens_total"}),
        ("n_context_tokens_total",),
        ("n_generated_tokens_total",),
        "n_requests",
    ),
    LogFormat(
        "anthropic_usage",
        frozenset({"usage_input_tokens_no_cache", "usage_output_tokens"}),
        (
            "usage_input_tokens_no_cache",
            "usage_input_tokens_cache_write_5m",
            "usage_input_tokens_cache_write_1h",
            "usage_input_tokens_cache_read",
        ),
        ("usage_output_tokens",),
    ),
    LogFormat("trace", frozenset({"contexttokens", "generatedtokens"}), ("contexttokens",), ("generatedtokens",)),
    LogFormat("trace", frozenset({"request tokens", "response tokens"}), ("request tokens",), ("response tokens",)),
    LogFormat(
        "gateway_log", frozenset({"prompt_tokens", "completion_tokens"}), ("prompt_tokens",), ("completion_tokens",)
    ),
)
COUNTS_NO_REQUESTS = frozenset({"anthropic_usage"})
"""Formats with a row for a period, which do not say how many requests it holds."""
TRAINING_SETS: Mapping[str, frozenset[str]] = {
    "chat_examples": frozenset({"messages"}),
    "prompt_examples": frozenset({"prompt", "completion"}),
    "instruction_examples": frozenset({"instruction", "output"}),
    "dialogue_examples": frozenset({"conversations"}),
}
"""Training sets as JSON lines, by the keys of an example."""


def recognised(content: bytes) -> Issue | None:
    """What a file is and what it says of a case, if it is a usage log or a training set that is known here.

    Parameters
    ----------
    content : bytes

    Returns
    -------
    Issue or None
    """
    try:
        text, _ = decoded(content)
    except ValueError:
        return None
    lines = [line for line in text.splitlines()[:MOST_LINES] if line.strip()]
    if not lines:
        return None
    return _training_set(lines) if lines[0].lstrip().startswith("{") else _usage_log(lines)


def _training_set(lines: Sequence[str]) -> Issue | None:
    try:
        first = json.loads(lines[0])
    except (ValueError, RecursionError):
        return None
    kind = next((kind for kind, keys in TRAINING_SETS.items() if isinstance(first, dict) and keys <= {*first}), None)
    return None if kind is None else Issue("file", "is_training_set", {"kind": kind, "examples": len(lines)})


def _usage_log(lines: Sequence[str]) -> Issue | None:
    delimiter = max(",;\t", key=lines[0].count)
    try:
        rows = list(csv.DictReader(io.StringIO("\n".join(lines)), delimiter=delimiter))
    except csv.Error:
        return None
    rows = [{str(name).strip().casefold(): cell for name, cell in row.items()} for row in rows]
    found = next((form for form in FORMATS if rows and form.columns <= {*rows[0]}), None)
    if found is None:
        return None
    counts = [_number(row.get(found.requests)) if found.requests else 1.0 for row in rows]
    requests = 0.0 if found.id in COUNTS_NO_REQUESTS else sum(counts)
    prompt, answer = (
        sum(_number(row.get(name)) for row in rows for name in names) for names in (found.prompt, found.answer)
    )
    if not requests:
        return Issue("file", "is_usage_log", {"kind": found.id})
    said = {"requests": round(requests), "prompt": round(prompt / requests), "answer": round(answer / requests)}
    return Issue("file", "is_usage_log_with_lengths", {"kind": found.id, **said})


def _number(cell: object) -> float:
    try:
        value = float(str(cell).replace(",", ""))
    except ValueError:
        return 0.0
    return value if 0 <= value < 1e15 else 0.0
