"""The cheaper model that is suggested: the best priced of the nearest size, worked by hand on the price list."""

from datetime import date

import pytest

from advisor.catalog.hosted_prices import hosted_models, hosted_price, price_book
from advisor.catalog.step_down import step_down
from tests.cases import catalog

ON, LAST = date(2026, 11, 28), date(2028, 11, 28)
HALF = 0.5
READING, WRITING = 1155, 211.0


def found(model: str, *over: str, reading: int = READING, last: date = LAST) -> str | None:
    return step_down(model, ON, last, ((1.0, reading),), WRITING, HALF, frozenset(catalog().lifetimes) | {*over})


def cost(model: str, last: date = LAST) -> float:
    price = hosted_price(model, last)
    return (price.input_price or 0) * READING + (price.output_price or 0) * WRITING


@pytest.mark.parametrize(
    ("today", "cheaper"),
    [
        ("openai/gpt-6.1-terra", "openai/gpt-6-luna"),  # 0.22 a thousand requests; 5.6-luna, the dearest, 0.48
        ("openai/gpt-6.1-sol", "openai/gpt-5.4-mini"),  # one step down: 1.82, against 2.21 for 6.1-terra; luna is two
        ("openai/gpt-5.6-sol", "openai/gpt-6.1-sol"),  # a later model as large as today's at half the price
        ("openai/gpt-6-luna", None),  # nothing smaller, nothing cheaper
        ("anthropic/claude-opus-4-8", "anthropic/claude-sonnet-5-5"),  # of equal prices the later
        ("anthropic/claude-sonnet-5-5", "anthropic/claude-haiku-5-5"),  # 0.22 against 2.21 for haiku-4-5
        (
            "aws/global.anthropic.claude-sonnet-5-5",  # nova-lite costs less and is another maker's
            "aws/global.anthropic.claude-haiku-5-5",
        ),
        ("mistral/mistral-large-4", "mistral/mistral-small-2603"),  # medium costs more than large: two steps down
        ("x-ai/grok-4.7", None),  # 1.97 is more than half of 3.58
    ],
)
def test_the_best_priced_of_the_nearest_size(today: str, cheaper: str | None) -> None:
    assert found(today) == cheaper


def test_a_price_is_that_of_the_last_day_by_what_is_announced() -> None:
    """From 2027-01-01 gemini-3.8-flash costs 3.31 instead of 1.66, no longer less than half of 3.5-flash's 3.63."""
    assert found("google/gemini-4-argon") == "google/gemini-3.8-flash"
    assert found("google/gemini-3.5-flash", last=date(2026, 12, 20)) == "google/gemini-3.8-flash"
    assert found("google/gemini-3.5-flash") == "google/gemini-2.5-flash-lite"


def test_what_retires_is_left_out() -> None:
    assert found("openai/gpt-6.1-terra", "openai/gpt-6-luna") == "openai/gpt-5.6-luna"
    assert found("openai/gpt-6.1-terra", "openai/gpt-6-luna", "openai/gpt-5.6-luna") is None


def test_a_prompt_has_to_fit_in() -> None:
    """gpt-oss holds 131,072 tokens, prompt and answer together."""
    assert found("groq/openai/gpt-oss-120b") == "groq/openai/gpt-oss-20b"
    assert found("groq/openai/gpt-oss-120b", reading=130_900) is None


def test_a_model_that_is_not_offered_stands_beside_the_one_that_costs_most_like_it() -> None:
    old = "openai/gpt-4-turbo"
    assert old not in hosted_models(ON)
    suggested = found(old)
    assert suggested is not None
    assert cost(suggested) <= HALF * cost(old)


def test_every_suggestion_costs_half_or_less_and_is_of_the_same_line() -> None:
    lines = {
        f"{vendor}/{name}": (vendor, line)
        for vendor, own in price_book().offered.items()
        for line, steps in own.items()
        for step in steps
        for name in step
    }
    told = 0
    for model in hosted_models(ON):
        suggested = found(model)
        if suggested is not None:
            assert cost(suggested) <= HALF * cost(model)
            assert lines[suggested] == lines[model]
            told += 1
    assert told > 30
