"""Logs and training sets that people hand over in the place of a case: what they are, and what they say of one."""

import csv
import io
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from advisor.core.notices import InputError, Issue
from advisor.core.tables import decoded, without_commas

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
    LogFormat("anthropic_usage", frozenset({"usage date (utc)", "output tokens"}), (), ()),
    LogFormat("bill", frozenset({"chargecategory", "billedcost"}), (), ()),
    LogFormat("bill", frozenset({"usage_date_utc", "cost_usd"}), (), ()),
    LogFormat(
        "gateway_log", frozenset({"tokens_prompt", "tokens_completion"}), ("tokens_prompt",), ("tokens_completion",)
    ),
    LogFormat("gateway_log", frozenset({"prompttokens", "completiontokens"}), ("prompttokens",), ("completiontokens",)),
    LogFormat("trace", frozenset({"contexttokens", "generatedtokens"}), ("contexttokens",), ("generatedtokens",)),
    LogFormat("trace", frozenset({"request tokens", "response tokens"}), ("request tokens",), ("response tokens",)),
    LogFormat(
        "gateway_log", frozenset({"prompt_tokens", "completion_tokens"}), ("prompt_tokens",), ("completion_tokens",)
    ),
)
COUNTS_NO_REQUESTS = frozenset({"anthropic_usage", "bill"})
"""Formats with a row for a period, which do not say how many requests it holds."""
JSON_FORMATS = (
    LogFormat(
        "openai_usage",
        frozenset({"num_model_requests", "input_tokens"}),
        ("input_tokens",),
        ("output_tokens",),
        "num_model_requests",
    ),
    LogFormat("anthropic_usage", frozenset({"uncached_input_tokens", "output_tokens"}), (), ()),
    LogFormat("bill", frozenset({"amount", "line_item"}), (), ()),
    LogFormat("bill", frozenset({"amount", "cost_type"}), (), ()),
    LogFormat("bill", frozenset({"billing_account_id", "sku"}), (), ()),
    LogFormat(
        "gateway_log",
        frozenset({"prompt_tokens", "completion_tokens", "api_requests"}),
        ("prompt_tokens",),
        ("completion_tokens",),
        "api_requests",
    ),
    LogFormat(
        "gateway_log",
        frozenset({"prompt_tokens", "completion_tokens", "requests"}),
        ("prompt_tokens",),
        ("completion_tokens",),
        "requests",
    ),
    LogFormat(
        "gateway_log", frozenset({"prompt_tokens", "completion_tokens"}), ("prompt_tokens",), ("completion_tokens",)
    ),
    LogFormat("trace", frozenset({"input_length", "output_length"}), ("input_length",), ("output_length",)),
    *(
        LogFormat("gateway_log", frozenset(keys), (), ())
        for keys in (
            {"inputtokencount"},
            {"usagemetadata"},
            {"resourcespans"},
            {"gen_ai.usage.input_tokens"},
            {"usage_details"},
        )
    ),
)
"""Logs and bills in JSON, by keys that stand anywhere in their beginning. Without places of lengths none are told."""
TRAINING_SETS: Mapping[str, tuple[frozenset[str], ...]] = {
    "chat_examples": (frozenset({"messages"}),),
    "preference_examples": (frozenset({"chosen", "rejected"}),),
    "prompt_examples": (frozenset({"prompt", "completion"}), frozenset({"prompt", "response"})),
    "instruction_examples": (frozenset({"instruction", "output"}),),
    "dialogue_examples": (frozenset({"conversations"}), frozenset({"conversation"})),
}
"""Training sets as JSON, JSON lines or a table, by the keys of an example."""
BEGINNING = 100_000
"""Characters in which the keys of a file in JSON are looked for."""
_KEY = re.compile(r'"([\w.]+)"\s*:')


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
    if lines[0].lstrip()[:1] in ("{", "["):
        return _training_set(text, lines) or _usage_in_json(text)
    return _table(lines)


def raise_if_recognised(content: bytes) -> None:
    """Refuse a file that is known here by what it is.

    Parameters
    ----------
    content : bytes

    Raises
    ------
    InputError
    """
    found = recognised(content)
    if found is not None:
        raise InputError([found])


def _training_set(text: str, lines: Sequence[str]) -> Issue | None:
    """A list of examples, or one on each line."""
    try:
        first = json.loads(text if lines[0].lstrip().startswith("[") else lines[0])
    except (ValueError, RecursionError):
        return None
    examples = len(first) if isinstance(first, list) else len(lines)
    first = first[0] if isinstance(first, list) and first else first
    return _examples({*first}, examples) if isinstance(first, dict) else None


def _examples(keys: Collection[str], examples: int) -> Issue | None:
    kind = next((kind for kind, sets in TRAINING_SETS.items() if any(each <= {*keys} for each in sets)), None)
    return None if kind is None else Issue("file", "is_training_set", {"kind": kind, "examples": examples})


def _usage_in_json(text: str) -> Issue | None:
    keys = {key.casefold() for key in _KEY.findall(text[:BEGINNING])}
    found = next((form for form in JSON_FORMATS if form.columns <= keys), None)
    if found is None:
        return None
    prompts = _amounts(text, found.prompt)
    requests = sum(_amounts(text, (found.requests,))) if found.requests else len(prompts)
    return _told(found.id, requests, sum(prompts), sum(_amounts(text, found.answer)))


def _amounts(text: str, names: Sequence[str]) -> list[float]:
    """The numbers that stand behind these keys."""
    return [_number(each) for name in names for each in re.findall(rf'"{name}"\s*:\s*"?([\d.]+)', text)]


def _table(lines: Sequence[str]) -> Issue | None:
    delimiter = max(",;\t|", key=lines[0].count)
    try:
        rows = list(csv.DictReader(io.StringIO("\n".join(lines)), delimiter=delimiter))
    except csv.Error:
        return None
    rows = [{str(name).strip().casefold(): cell for name, cell in row.items()} for row in rows]
    if not rows:
        return None
    found = next((form for form in FORMATS if form.columns <= {*rows[0]}), None)
    if found is None:
        return _examples(rows[0], len(rows))
    counts = [_number(row.get(found.requests)) if found.requests else 1.0 for row in rows]
    requests = 0.0 if found.id in COUNTS_NO_REQUESTS else sum(counts)
    prompt, answer = (
        sum(_number(row.get(name)) for row in rows for name in names) for names in (found.prompt, found.answer)
    )
    return _told(found.id, requests, prompt, answer)


def _told(kind: str, requests: float, prompt: float, answer: float) -> Issue:
    if not requests:
        return Issue("file", "is_usage_log", {"kind": kind})
    said = {"requests": round(requests), "prompt": round(prompt / requests), "answer": round(answer / requests)}
    return Issue("file", "is_usage_log_with_lengths", {"kind": kind, **said})


def _number(cell: object) -> float:
    try:
        value = float(without_commas(str(cell).strip()))
    except ValueError:
        return 0.0
    return value if 0 <= value < 1e15 else 0.0
