"""Which open-weight model is tuned, and what its licence asks."""

from datetime import date

import pytest

from advisor.assumptions import resolve
from advisor.catalog.loader import load_catalog
from advisor.scenario import Scenario
from advisor.text.i18n import Translator
from advisor.text.phrases import notice_text

CATALOG = load_catalog()
ON = date(2026, 11, 28)
CASE = {"daily_requests": 20_000, "quality_need": "normal", "budget": 20_000, "current_model": "openai/gpt-6-luna"}


@pytest.mark.parametrize(
    ("size", "model"),
    [("1b", "granite-4.0-1b"), ("3b", "granite-4.1-3b"), ("7b", "granite-4.1-8b"), ("70b", "llama-3.3-70b")],
)
def test_a_size_stands_for_a_model_that_is_served(size: str, model: str) -> None:
    a = resolve(Scenario.from_answers({**CASE, "model_size": size}), CATALOG, ON)
    assert a.choice("open_model") == model
    assert a.number("replica_tokens_per_second") > 0
    assert a.number("training_tokens_per_second") > 0


def test_a_small_model_is_served_and_trained_faster_than_a_large_one() -> None:
    sizes = ("1b", "3b", "7b", "13b", "34b")
    named = {"serving_gpu": "h100-sxm-80gb", "training_gpu": "h100-sxm-80gb", "gpus_per_replica": 1, "training_gpus": 2}
    found = [resolve(Scenario.from_answers({**CASE, **named, "model_size": size}), CATALOG, ON) for size in sizes]
    for name in ("replica_tokens_per_second", "training_tokens_per_second"):
        speeds = [a.number(name) for a in found]
        assert speeds == sorted(speeds, reverse=True), name


def test_the_case_of_a_user_with_a_small_model() -> None:
    """F16: phi-3-mini, which was refused when the smallest model had 7 billion parameters."""
    a = resolve(Scenario.from_answers({**CASE, "open_model": "phi-3-mini"}), CATALOG, ON)
    assert a.choice("open_model") == "phi-3-mini"


@pytest.mark.parametrize(("language", "said"), [("en", "700 million users"), ("zh", "7 亿")])
def test_a_licence_with_conditions_is_told(language: str, said: str) -> None:
    a = resolve(Scenario.from_answers({**CASE, "open_model": "llama-3.2-3b"}), CATALOG, ON)
    notices = [n for n in a.notices if n.code == "licence_limits"]
    assert len(notices) == 1
    assert said in notice_text(Translator(language), notices[0], "USD")
    free = resolve(Scenario.from_answers({**CASE, "open_model": "qwen3-0.6b"}), CATALOG, ON)
    assert "licence_limits" not in {n.code for n in free.notices}
