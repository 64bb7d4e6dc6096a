"""A usage log or a training set in the place of a case is called by its name, with what can be taken from it."""

from pathlib import Path

import pytest

from advisor.assumptions.given import read_case
from advisor.core.notices import InputError
from advisor.core.usage_logs import recognised
from tests.cases import catalog

OPENAI = "num_model_requests,model,input_tokens,output_tokens,input_cached_tokens\n412,m,1130872,298114,402176\n"
LOGS = {
    "an export of the API": (OPENAI, "openai_usage", (412, 2745, 724)),
    "the same of a spreadsheet": (OPENAI.replace(",", ";"), "openai_usage", (412, 2745, 724)),
    "an export of the dashboard": (
        "n_requests,n_context_tokens_total,n_generated_tokens_total\n10,5000,1000\n30,5000,1000\n",
        "openai_dashboard",
        (40, 250, 50),
    ),
    "a trace of Azure": ("TIMESTAMP,ContextTokens,GeneratedTokens\na,374,44\nb,396,109\n", "trace", (2, 385, 76)),
    "BurstGPT": ("Timestamp,Model,Request tokens,Response tokens\n5,GPT-4,472,18\n", "trace", (1, 472, 18)),
    "OpenRouter": ("created_at,tokens_prompt,tokens_completion\na,1000,300\nb,500,100\n", "gateway_log", (2, 750, 200)),
    "a log of Azure": ("TimeGenerated,PromptTokens,CompletionTokens\na,1200,80\n", "gateway_log", (1, 1200, 80)),
    "pages of the API": (
        '{"object":"page","data":[{"results":[{"input_tokens":5000,"output_tokens":1000,"num_model_requests":10},\n'
        '{"input_tokens":3000,"output_tokens":200,"num_model_requests":6}]}]}',
        "openai_usage",
        (16, 500, 75),
    ),
    "days of LiteLLM": (
        '[{"date":"d","prompt_tokens":9000,"completion_tokens":3000,"api_requests":12}]',
        "gateway_log",
        (12, 750, 250),
    ),
    "answers as they came": (
        '{"model":"m","usage":{"prompt_tokens":500,"completion_tokens":50}}\n' * 4,
        "gateway_log",
        (4, 500, 50),
    ),
    "Mooncake": ('{"timestamp":1,"input_length":6955,"output_length":52}\n', "trace", (1, 6955, 52)),
    "a gateway": ("id,prompt_tokens,completion_tokens\n1,1000,300\n2,x,-5\n", "gateway_log", (2, 500, 150)),
}


@pytest.mark.parametrize(("content", "kind", "said"), LOGS.values(), ids=LOGS)
def test_what_a_usage_log_says(content: str, kind: str, said: tuple[int, int, int]) -> None:
    found = recognised(content.encode("utf-8-sig"))
    assert found is not None
    assert found.code == "is_usage_log_with_lengths"
    assert found.params == {"kind": kind, **dict(zip(("requests", "prompt", "answer"), said, strict=True))}


FIXTURES = Path(__file__).parents[1] / "fixtures" / "usage"


@pytest.mark.parametrize("path", [each for each in FIXTURES.iterdir() if each.suffix not in (".md", ".gz")], ids=str)
def test_each_log_that_can_be_measured_is_recognised_in_any_place(path: Path) -> None:
    found = recognised(path.read_bytes())
    assert found is not None
    assert found.code in ("is_usage_log", "is_usage_log_with_lengths")


def test_an_export_that_counts_no_requests_gives_no_lengths() -> None:
    found = recognised(b"usage_date_utc,usage_input_tokens_no_cache,usage_output_tokens\n2026-01-01,5000,100\n")
    assert found is not None
    assert (found.code, found.params) == ("is_usage_log", {"kind": "anthropic_usage"})


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ('{"messages":[{"role":"user","content":"hi"}]}\n' * 3, "chat_examples"),
        ('{"prompt":"a","completion":"b"}\n\n' * 3, "prompt_examples"),
        ('{"instruction":"a","input":"","output":"b"}\n' * 3, "instruction_examples"),
        ('{"conversations":[]}\n' * 3, "dialogue_examples"),
        ('{"prompt":"a","chosen":"b","rejected":"c"}\n' * 3, "preference_examples"),
        ('[\n {"instruction":"a","output":"b"},\n {"instruction":"a","output":"b"},\n {}\n]', "instruction_examples"),
        ("prompt,completion\na,b\nc,d\ne,f\n", "prompt_examples"),
        ("instruction;input;output\na;;b\nc;;d\ne;;f\n", "instruction_examples"),
    ],
)
def test_a_training_set_tells_its_examples(content: str, kind: str) -> None:
    with pytest.raises(InputError) as refused:
        read_case(content, catalog())
    (found,) = refused.value.issues
    assert (found.code, found.params) == ("is_training_set", {"kind": kind, "examples": 3})


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"a,b\n1,2\n", b"{", b"[" * 5_000, b"daily_requests: 5\n", b"\0"]
)
def test_anything_else_is_not_taken_for_one(content: bytes) -> None:
    assert recognised(content) is None
