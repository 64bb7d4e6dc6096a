"""What is typical of a use stands in the case until somebody states it."""

from typing import get_args

import pytest

from advisor.assumptions import resolve
from advisor.assumptions.batch import Resolved, resolve_many
from advisor.assumptions.relevance import relevant_questions
from advisor.catalog.hosted_prices import hosted_models
from advisor.core.records import Assumptions
from advisor.scenario import QUESTIONS, Scenario
from advisor.scenario.choices import UseCase
from advisor.text.i18n import Translator
from tests.cases import DAY, advice, catalog

NEEDS = {"daily_requests": 20_000, "quality_need": "normal", "budget": 40_000}
USES = tuple(catalog().uses)


def case(**answers: object) -> Scenario:
    return Scenario.from_answers({**NEEDS, **answers})


def rows(**answers: object) -> Assumptions:
    return resolve(case(**answers), catalog(), DAY)


def test_there_are_the_six_uses_that_the_question_offers() -> None:
    assert USES == QUESTIONS["use_case"].choices == get_args(UseCase)
    assert len(USES) == 6


@pytest.mark.parametrize("use", USES)
def test_a_use_says_lengths_model_and_shape_of_the_traffic(use: str) -> None:
    typical = catalog().uses[use].typical
    assert (
        {"input_tokens", "output_tokens", "static_prompt_share", "current_model"} <= typical.keys() <= QUESTIONS.keys()
    )
    found = rows(use_case=use)
    for name, variant in typical.items():
        row = found[name]
        assert row.source is not None
        told = (row.value, row.kind, row.set_by, row.source.title)
        assert told == (variant.value, variant.kind, "use", variant.source.title)
        ends = None if variant.interval is None else (variant.interval.low, variant.interval.high)
        assert row.plausible == ends
    assert typical["current_model"].value in hosted_models(DAY)


@pytest.mark.parametrize("use", USES)
def test_what_the_reader_states_goes_before_what_is_typical(use: str) -> None:
    stated = {"input_tokens": 777.0, "output_tokens": 55.0, "current_model": "openai/gpt-6.1-terra", "peak_factor": 2.5}
    found = rows(use_case=use, **stated)
    assert {name: found[name].value for name in stated} == stated
    assert {found[name].set_by for name in stated} == {"user"}


@pytest.mark.parametrize("use", [None, *USES])
def test_there_is_a_verdict_with_and_without_a_use(use: str | None) -> None:
    found = advice(case(use_case=use))
    assert found.assessment.metrics is not None
    assert found.recommendation.verdict != "need_more_input"


def test_without_a_use_nothing_is_typical_of_one() -> None:
    assert {row.set_by for row in rows().values()} == {"default", "user"}


def test_a_row_typical_of_a_use_is_told_as_that_in_both_languages() -> None:
    assert Translator("en")("set_by.use") == "Typical for this use"
    assert Translator("zh")("set_by.use") == "该用途的典型值"
    for record in catalog().uses.values():
        for text in (record.summary, *(variant.source.title for variant in record.typical.values())):
            if not text.startswith("Azure"):
                assert Translator("zh").fact(text) != text


def test_many_cases_together_take_their_uses_too() -> None:
    cases = [case(use_case=use, daily_requests=volume) for use in (None, *USES) for volume in (500, 50_000)]
    for alone, found in zip(cases, resolve_many(cases, catalog(), DAY), strict=True):
        assert isinstance(found, Resolved)
        expected = resolve(alone, catalog(), DAY)
        assert {n: found.own.get(n, r.value) for n, r in found.like.items()} == {
            n: r.value for n, r in expected.items()
        }


def test_the_use_always_matters() -> None:
    assert "use_case" in relevant_questions(Scenario(), catalog())
