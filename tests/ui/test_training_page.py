"""The page Training with its folds open, for cases that ask the most of it."""

import pytest

from advisor.scenario import Scenario
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.cases import catalog, preset
from tests.ui.shown import tables
from tests.ui.test_pages import Start, field, start, texts

__all__ = ["start"]
PAGE = "pages/engineering/training.py"
CASES = {
    "estimated": preset("extraction"),
    "hours given, no card": preset("article-001"),
    "own card that is too small": preset("article-000", sequence_tokens=8192),
    "fits nowhere": preset("extraction", open_model="llama-3.1-70b", method="full", training_gpus=1),
    "odd number of cards": preset("extraction", training_gpu="h100-sxm-80gb", training_gpus=3),
    "card without a price": preset("extraction", training_gpu="b300-288gb"),
    "nothing to learn": preset("extraction", training_examples=0),
    "free": preset("extraction", training_gpu="l4-24gb", training_gpu_price=0, training_runs=0),
    "very long examples": preset("extraction", example_tokens=200_000),
    "currency without a rate": preset("extraction", as_of="2019-01-01", currency="JPY"),
    "answers generated while it trains": preset("extraction", tuning_objective="grpo"),
    "the same with a value model, timed": preset(
        "extraction", tuning_objective="ppo", training_hours=12, training_gpu="h100-sxm-80gb", training_gpus=8
    ),
    "nothing answered": Scenario(),
}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("fold", ["training.engineers", "training.change"])
@pytest.mark.parametrize("name", CASES)
def test_every_part_stands_in_every_case(start: Start, name: str, fold: str, language: str) -> None:
    app = start(PAGE, language, CASES[name], fold)
    assert app.title[0].value == Translator(language)("page.training.title")
    assert not app.error


def test_a_machine_is_named_with_its_reason(start: Start) -> None:
    shown = texts(start(PAGE, case=CASES["estimated"])).replace("\\", "")
    assert "the cheapest that finishes within 24 hours" in shown
    assert "A100" in shown


def test_what_is_not_estimated_of_generating_runs_is_said(start: Start) -> None:
    shown = texts(start(PAGE, case=CASES["answers generated while it trains"])).replace("\\", "")
    assert "neither hours nor cost can be estimated" in shown
    assert "fits on no GPU" not in shown
    warned = [str(each.value) for each in start(PAGE, case=CASES["the same with a value model, timed"]).warning]
    assert any("value and reward models come on top" in words for words in warned)


def test_a_model_that_only_the_estimate_needs_is_named_when_unknown(start: Start) -> None:
    app = start(PAGE, case=preset("article-001", open_model="no-such-model"))
    (fault,) = app.error
    assert "no-such-model" in str(fault.value).replace("\\", "")


def test_what_does_not_fit_comes_with_remedies(start: Start) -> None:
    app = start(PAGE, case=CASES["own card that is too small"])
    (box,) = app.info
    assert "1. Compute the loss in pieces" in str(box.value).replace("\\", "")


def test_a_measured_speed_replaces_the_estimate_and_is_refused_beyond_the_peak(start: Start) -> None:
    case = preset("extraction", training_gpu="a100-sxm-80gb", training_gpus=1)
    app = start(PAGE, case=case, fold="training.change")
    for typed, refused in (("3,600", False), ("90,000", True)):
        field(app, "training_tokens_per_second").set_value(typed)  # type: ignore[attr-defined]
        app.run()
        assert any("faster than the hardware can compute" in str(e.value) for e in app.error) == refused
    assert app.session_state["scenario"].training_tokens_per_second == 3_600
    assert field(app, "training_tokens_per_second").value == "90,000"  # type: ignore[attr-defined]


def test_every_remedy_the_estimator_knows_has_words() -> None:
    from advisor.costs.training import training_plan, ways_out
    from tests.cases import DAY

    found = set()
    for model in ("llama-3.1-8b", "qwen2.5-14b", "qwen2.5-32b"):
        for gpu in ("rtx-4090-24gb", "a100-sxm-80gb"):
            case = preset("extraction", open_model=model, method="full", training_gpu=gpu, training_gpus=1)
            held = ways_out(training_plan(case, catalog(), DAY), catalog())
            found |= {remedy.code for remedy in held.remedies} if held else set()
    for code in found:
        key = "shard_over" if code.startswith("shard_over_") else code
        assert all(Translator(language).has(f"training.remedy.{key}") for language in languages())


@pytest.mark.parametrize("language", languages())
def test_the_articles_sum_of_memory_stands_beside_ours(start: Start, language: str) -> None:
    app, words = start(PAGE, language, preset("article-002")), Translator(language)("article.memory.title")
    assert words in [heading.value for heading in app.subheader]
    rows = [row for table in tables(app) for row in table]
    assert [row[1:] for row in rows if row[1:2] == ["65 GB"]] == [["65 GB", "83.4 GB"]]
    assert words not in [heading.value for heading in start(PAGE, language, CASES["estimated"]).subheader]


def test_a_prompt_longer_than_the_field_says_which_length_is_used(start: Start) -> None:
    """The field is a minimum: what the page counts with stands beside it."""
    case = preset("extraction", example_tokens=4_422)
    shown = texts(start(PAGE, "en", case, "training.change")).replace("\\", "")
    assert Translator("en")("training.sequence_used", sequence="4,422") in shown
    short = texts(start(PAGE, "en", preset("extraction", example_tokens=500), "training.change"))
    assert "Trained here in sequences" not in short
