"""Prompts above the long-context tier of today's model, by their share of the requests; by hand.

Gemini 2.5 Pro costs 1.25 a million prompt tokens and 10 a million answer tokens, above 200,000 tokens 2.50 and 15. Half
of the requests at 100,000 and half at 300,000 tokens, all with 1,000 of answer:

    short      0.1 x 1.25 + 0.001 x 10 = 0.135
    long       0.3 x 2.50 + 0.001 x 15 = 0.765
    mean       (0.135 + 0.765) / 2     = 0.45, with one failed attempt in a hundred sent again 0.4545
"""

from datetime import date

import pytest

from advisor.assumptions import resolve
from advisor.assumptions.batch import resolve_many
from advisor.catalog.hosted_prices import hosted_price, price_book
from advisor.catalog.long_prompts import mixed_price
from advisor.formulas.tokens import long_prompt_tokens, short_prompt_tokens
from advisor.scenario import Scenario
from tests.cases import DAY, advice, catalog

CASE = {
    "daily_requests": 1000,
    "quality_need": "normal",
    "budget": 50_000,
    "input_tokens": 200_000,
    "output_tokens": 1000,
    "current_model": "google/gemini-2.5-pro",
    "example_tokens": 2000,
    "sequence_tokens": 2048,
    "serving_route": "own_figure",
    "tuned_cost_per_request": 0.05,
}
RETRIED = 1 + 0.01 + 0.01**2
CODES = {
    *("long_prompt_tier", "near_long_prompt_tier", "long_prompts_mixed", "long_prompts_estimated"),
    *("long_prompts_disagree", "long_prompts_cost_the_same"),
}


def case(**answers: object) -> Scenario:
    return Scenario.from_answers({**CASE, **answers})


def paid(**answers: object) -> float:
    metrics = advice(case(**answers)).assessment.metrics
    assert metrics is not None
    assert metrics.current_cost_per_request is not None
    return metrics.current_cost_per_request


def said(**answers: object) -> set[str]:
    return {notice.code for notice in resolve(case(**answers), catalog(), DAY).notices} & CODES


def test_half_at_100_000_and_half_at_300_000_tokens_cost_04545_a_request() -> None:
    expected = 0.45 * RETRIED
    assert expected == pytest.approx(0.4545, abs=5e-5)
    assert paid(long_prompt_share=0.5, long_prompt_tokens=300_000) == pytest.approx(expected)
    # The others spread evenly up to the tier are 100,000 tokens long, which leaves 300,000 for the long ones.
    assert paid(long_prompt_share=0.5) == pytest.approx(expected)


def test_a_token_more_on_average_makes_no_step() -> None:
    assert paid(input_tokens=200_001) / paid() == pytest.approx(2, rel=0.02)
    share = {"long_prompt_share": 0.5}
    assert paid(input_tokens=200_001, **share) == pytest.approx(paid(**share), rel=1e-4)


@pytest.mark.parametrize(
    ("model", "tier"),
    [("google/gemini-2.5-pro", 200_000), ("openai/gpt-6-luna", 272_000), ("x-ai/grok-4.7", 199_999)],
)
@pytest.mark.parametrize("cached", [{}, {"cached_input_share": 0.5}])
def test_the_tier_begins_above_its_limit_and_is_told_near_it(model: str, tier: int, cached: dict[str, object]) -> None:
    own = {"current_model": model, **cached}
    below, at, above = (paid(**own, input_tokens=tier + step) for step in (-1, 0, 1))
    assert at == pytest.approx(below, rel=1e-4)
    assert above / at == pytest.approx(2, rel=0.05)
    for step in (-1, 0, 1):
        told = said(**own, input_tokens=tier + step)
        assert "near_long_prompt_tier" in told
        assert ("long_prompt_tier" in told) == (step == 1)
    for far in (tier // 4, tier * 3):
        assert "near_long_prompt_tier" not in said(**own, input_tokens=far)
    half = {**own, "long_prompt_share": 0.5}
    assert paid(**half, input_tokens=tier + 1) == pytest.approx(paid(**half, input_tokens=tier), rel=1e-3)


def test_prices_are_means_over_the_tokens_and_over_the_requests() -> None:
    """Three quarters of the prompt tokens are in long prompts: 0.25 x 1.25 + 0.75 x 2.50; half of the answers."""
    a = resolve(case(long_prompt_share=0.5, long_prompt_tokens=300_000), catalog(), DAY)
    assert a.number("current_input_price") == pytest.approx(2.1875)
    assert a.number("current_output_price") == pytest.approx(12.5)
    assert a["current_input_price"].note == price_book().gaps.mean
    assert resolve(case(), catalog(), DAY)["current_input_price"].note is None


def test_none_and_all_above_the_tier_pay_its_one_price() -> None:
    below, above = paid(input_tokens=100_000), paid(input_tokens=300_000)
    assert paid(input_tokens=100_000, long_prompt_share=0) == pytest.approx(below)
    assert paid(input_tokens=300_000, long_prompt_share=1) == pytest.approx(above)


@pytest.mark.parametrize(
    ("answers", "codes"),
    [
        ({}, {"near_long_prompt_tier"}),
        ({"input_tokens": 300_000}, {"long_prompt_tier"}),
        ({"long_prompt_share": 0.5}, {"long_prompts_estimated"}),
        ({"long_prompt_share": 0.5, "long_prompt_tokens": 300_000}, {"long_prompts_mixed"}),
        # A fifth above 200,000 tokens are 40,000 on average at least.
        ({"long_prompt_share": 0.2, "input_tokens": 20_000}, {"long_prompts_estimated", "long_prompts_disagree"}),
        # A tenth at 250,000 and the others at 200,000 at most are 205,000 on average at most.
        (
            {"long_prompt_share": 0.1, "long_prompt_tokens": 250_000, "input_tokens": 230_000},
            {"long_prompts_mixed", "long_prompts_disagree"},
        ),
        ({"long_prompt_share": 0.5, "current_model": "openai/gpt-4.1"}, {"long_prompts_cost_the_same"}),
        ({"current_model": "openai/gpt-4.1"}, set()),
    ],
)
def test_what_is_told(answers: dict[str, object], codes: set[str]) -> None:
    assert said(**answers) == codes


def test_a_model_without_a_tier_costs_the_same() -> None:
    model = {"current_model": "openai/gpt-4.1"}
    assert paid(**model, long_prompt_share=0.5, long_prompt_tokens=300_000) == pytest.approx(paid(**model))


def test_another_models_own_tier_decides_for_it() -> None:
    """Beside long prompts of 300,000 tokens grok-4.7 (tier 199,999) pays for both lengths, GPT-6 Luna above 272,000."""
    prompts = ((0.5, 100_000), (0.5, 300_000))
    for model in ("x-ai/grok-4.7", "openai/gpt-6-luna"):
        low, high = (hosted_price(model, DAY, tokens).input_price or 0 for tokens in (100_000, 300_000))
        assert high == 2 * low
        assert mixed_price(model, DAY, prompts).input_price == pytest.approx(low / 4 + high * 3 / 4)
    assert mixed_price("openai/gpt-6-luna", DAY, ((0.5, 100_000), (0.5, 250_000))).input_price == pytest.approx(
        hosted_price("openai/gpt-6-luna", DAY, 0).input_price
    )


def test_an_announced_price_is_mixed_as_well() -> None:
    model = next(m for m in ("google/gemini-4-argon",) if hosted_price(m, DAY).announced)
    found = mixed_price(model, DAY, ((0.5, 1000), (0.5, 3000)))
    ((day, later),) = found.announced
    assert day == date(2026, 12, 1)
    assert (found.input_price, later.input_price) == (pytest.approx(2), pytest.approx(4))


@pytest.mark.parametrize(
    ("mean", "share", "tier", "length"),
    [
        (200_000, 0.5, 200_000, 300_000),  # 200 = (100 + 300) / 2
        (50_000, 0.05, 200_000, 200_000),  # the least: 5 % of 200,000 leave 42,105 for each of the others
        (300_000, 0.9, 200_000, 322_222),  # (300 - 10) / 0.9
        (200_000, 0.1, 200_000, 400_000),  # twice the tier instead of (200 - 90) / 0.1; the others 178,000
        (300_000, 0.2, 200_000, 700_000),  # (300 - 160) / 0.2: with the others at the tier the mean needs as much
        (300_000, 1, 200_000, 300_000),
    ],
)
def test_the_length_of_long_prompts_that_nobody_measured(mean: float, share: float, tier: float, length: float) -> None:
    found = long_prompt_tokens(mean, share, tier)
    assert found == pytest.approx(length, abs=1)
    assert share * found + (1 - share) * short_prompt_tokens(mean, share, found) == pytest.approx(mean)


def test_many_cases_together_are_what_each_is_alone() -> None:
    shares = (None, 0.0, 0.1, 0.5, 1.0)
    cases = [case(long_prompt_share=share) for share in shares]
    cases += [case(long_prompt_share=0.5, long_prompt_tokens=tokens) for tokens in (250_000, 300_000)]
    for scenario, found in zip(cases, resolve_many(cases, catalog(), DAY), strict=True):
        assert not isinstance(found, Exception)
        alone = resolve(scenario, catalog(), DAY)
        own = found.like.replaced(found.own)
        for name in ("current_input_price", "current_output_price", "cheaper_input_price"):
            assert own[name].value == pytest.approx(alone[name].value)
        assert found.like.notices == alone.notices
