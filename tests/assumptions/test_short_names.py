"""Models, cards, presets and routes as people call them: the one that is meant, or what can be meant, in every door."""

from collections.abc import Callable

import pytest

from advisor.assumptions.given import case_of_row, read_case
from advisor.assumptions.short_names import id_named
from advisor.catalog.hosted_prices import is_hosted
from advisor.catalog.presets import PresetRecord
from advisor.cli.cases import named_case
from advisor.core.notices import InputError
from advisor.text.i18n import Translator
from advisor.text.labels import labels
from advisor.text.languages import languages
from advisor.text.phrases import issue_text
from advisor.ui import address
from tests.cases import catalog

NEED = {"daily_requests": "20000", "quality_need": "high", "budget": "40000"}
FOUND = [
    # a hosted model, in the list of its maker
    ("current_model", "gpt 5 mini", "openai/gpt-5-mini"),
    ("current_model", "GPT5-mini", "openai/gpt-5-mini"),
    ("current_model", "openai o3-mini", "openai/o3-mini"),
    ("current_model", "OpenAI: o3-mini", "openai/o3-mini"),
    ("current_model", "claude sonnet 4.5", "anthropic/claude-sonnet-4-5"),
    ("current_model", "claude-sonnet-4-5", "anthropic/claude-sonnet-4-5"),
    ("current_model", "Claude 4.5 Sonnet", "anthropic/claude-sonnet-4-5"),
    ("current_model", "Anthropic Claude Sonnet 4.5", "anthropic/claude-sonnet-4-5"),
    ("tuned_model", "Gemini-2.5-Pro", "google/gemini-2.5-pro"),
    ("cheaper_model", "\u201co3-mini\u201d\u200b", "openai/o3-mini"),
    # a snapshot as logs name it, at its own price
    ("current_model", "gpt-5-mini-2025-08-07", "openai/gpt-5-mini"),
    ("current_model", "gpt-4o-2024-08-06", "openai/gpt-4o"),
    ("current_model", "gpt-4o-2024-05-13", "openai/gpt-4o-2024-05-13"),
    ("current_model", "claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4-5"),
    (
        "current_model",
        "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0",
    ),
    # an open model
    ("open_model", "qwen3 8b instruct", "qwen3-8b"),
    ("open_model", "Qwen 3 8B", "qwen3-8b"),
    ("open_model", "qwen3:8b", "qwen3-8b"),
    ("open_model", "llama3.1 8b", "llama-3.1-8b"),
    ("open_model", "meta-llama/Meta-Llama-3.1-8B-Instruct", "llama-3.1-8b"),
    # a card
    ("serving_gpu", "A100 80G PCIe", "a100-pcie-80gb"),
    ("serving_gpu", "4090", "rtx-4090-24gb"),
    ("serving_gpu", "GeForce 4090", "rtx-4090-24gb"),
    ("serving_gpu", "rtx3090ti", "rtx-3090-ti-24gb"),
    ("serving_gpu", "H200 SXM", "h200-141gb"),
    ("serving_gpu", "L40-S", "l40s-48gb"),
    ("training_gpu", "h100-sxm-80", "h100-sxm-80gb"),
    ("training_gpu", "1x 4090", "rtx-4090-24gb"),
    # a preset
    ("preset", "Customer Service", "customer-service"),
    ("preset", "code_completion", "code-completion"),
    ("preset", " EXTRACTION ", "extraction"),
]
REFUSED = [
    # several
    ("serving_gpu", "H100", "several_ids", ["h100-pcie-80gb", "h100-nvl-94gb", "h100-sxm-80gb"]),
    ("serving_gpu", "A100 40", "several_ids", ["a100-pcie-40gb", "a100-sxm-40gb"]),
    ("serving_gpu", "h-200", "several_ids", ["h200-141gb", "h200-nvl-141gb"]),
    ("open_model", "qwen 7b", "several_ids", ["qwen2.5-7b", "qwen2.5-coder-7b"]),
    ("open_model", "Llama 4", "several_ids", ["llama-4-scout", "llama-4-maverick"]),
    ("managed_route", "gpt-4.1 mini", "several_ids", ["azure-openai/gpt-4.1-mini", "openai/gpt-4.1-mini"]),
    ("preset", "001", "several_ids", ["article-001", "article-001-today"]),
    # a part of a name
    ("current_model", "sonnet 4.5", "unknown_id_near", ["anthropic/claude-sonnet-4-5"]),
    ("current_model", "deepseek v3.1", "unknown_id_near", ["deepseek/deepseek-v3.1-terminus"]),
    # misspelt, the likeliest first
    ("current_model", "o3-minii", "unknown_id_near", ["openai/o3-mini"]),
    ("current_model", "gpt-4.1 mni", "unknown_id_near", ["openai/gpt-4.1-mini"]),
    ("current_model", "claude-sonet-4.5", "unknown_id_near", ["anthropic/claude-sonnet-4-5"]),
    ("current_model", "gemni 2.5 pro", "unknown_id_near", ["google/gemini-2.5-pro"]),
    ("open_model", "lamma 3.1 8b", "unknown_id_near", ["llama-3.1-8b"]),
    ("open_model", "microsoft/Phi-3-mini-4k-instruct", "unknown_id_near", ["phi-3-mini"]),
    ("open_model", "unsloth/Meta-Llama-3.1-8B-Instruct-bnb-4bit", "unknown_id_near", ["llama-3.1-8b"]),
    ("serving_gpu", "H1000", "unknown_id_near", ["h100-sxm-80gb"]),
    ("preset", "extracton", "unknown_id_near", ["extraction"]),
    # a number of cards
    ("serving_gpu", "8xH100", "several_cards", ["h100-pcie-80gb", "h100-sxm-80gb"]),
    ("training_gpu", "2 x 4090", "several_cards", ["rtx-4090-24gb"]),
    ("training_gpu", "4\u00d7A100-80GB", "several_cards", ["a100-pcie-80gb", "a100-sxm-80gb"]),
    ("serving_gpu", "H100 x 8", "several_cards", ["h100-sxm-80gb"]),
    ("serving_gpu", "4090 x2", "several_cards", ["rtx-4090-24gb"]),
    ("serving_gpu", "dual RTX 3090", "several_cards", ["rtx-3090-24gb"]),
    ("serving_gpu", "DGX H100", "several_cards", ["h100-sxm-80gb"]),
    ("training_gpu", "2x8 H100", "several_cards", ["16", "h100-sxm-80gb"]),
    ("training_gpu", "H100x8\u5361", "several_cards", ["h100-sxm-80gb"]),
    # several names where one is asked for
    ("serving_gpu", "RTX 5090 + A6000", "several_named", ["rtx-5090-32gb", "rtx-a6000-48gb"]),
    ("serving_gpu", "2x5090 + 1xA6000", "several_named", ["rtx-5090-32gb", "rtx-a6000-48gb"]),
    ("serving_gpu", "H100/H200", "several_named", ["h100-sxm-80gb", "h200-141gb"]),
    ("training_gpu", "A100, H200 SXM", "several_named", ["a100-sxm-80gb", "h200-141gb"]),
    ("training_gpu", "4090\u548c3090", "several_named", ["rtx-4090-24gb", "rtx-3090-24gb"]),
    ("current_model", "gpt-4o and gpt-5-mini", "several_named", ["openai/gpt-4o", "openai/gpt-5-mini"]),
    ("open_model", "qwen3-8b / llama 3.1 8b", "several_named", ["qwen3-8b", "llama-3.1-8b"]),
    # nothing alike: what there is
    ("serving_gpu", "TPU v5e", "unknown_id", ["rtx-3090-24gb"]),
    ("current_model", "\u901a\u4e49\u5343\u95ee", "unknown_id", ["anthropic/"]),
    ("preset", "\u5ba2\u670d", "unknown_id", ["customer-service"]),
]


@pytest.mark.parametrize(("name", "said", "meant"), FOUND)
def test_a_name_of_one_meaning_is_found_at_every_door(name: str, said: str, meant: str) -> None:
    text = "".join(f'{key}: "{value}"\n' for key, value in (NEED | {name: said}).items())
    cases = [
        read_case(text, catalog(), labels())[0],
        case_of_row({**NEED, name: said}, catalog()),
        address.read({**NEED, name: said}, catalog(), lambda _: None).case,
    ]
    assert [getattr(each, name) for each in cases] == [meant] * 3


@pytest.mark.parametrize("preset", catalog().presets.values(), ids=lambda preset: preset.id)
@pytest.mark.parametrize("language", languages())
def test_a_preset_is_found_by_its_title_in_any_language(preset: PresetRecord, language: str) -> None:
    title = Translator(language).fact(preset.title)
    text = "".join(f'{key}: "{value}"\n' for key, value in (NEED | {"preset": title}).items())
    cases = [
        read_case(text, catalog(), labels())[0],
        case_of_row({**NEED, "preset": title}, catalog(), labels()),
        address.read({**NEED, "preset": title}, catalog(), lambda _: None).case,
        named_case(title, catalog())[0],
    ]
    assert [each.preset for each in cases] == [preset.id] * 4


def test_a_part_of_a_title_is_told_with_the_presets_that_have_it() -> None:
    with pytest.raises(InputError) as caught:
        id_named("preset", "\u5ba2\u670d", catalog(), labels())
    assert str(caught.value.issues[0].params["near"]).split(", ") == ["article-001", "customer-service"]
    with pytest.raises(InputError) as caught:
        named_case("\u5ba2\u670d", catalog())
    assert "customer-service" in str(caught.value.issues[0].params["near"])


@pytest.mark.parametrize(("name", "said", "code", "told"), REFUSED)
def test_any_other_name_is_refused_with_what_can_be_meant(name: str, said: str, code: str, told: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        id_named(name, said, catalog())
    (issue,) = caught.value.issues
    assert (issue.field, issue.code) == (name, code)
    for language in languages():
        text = issue_text(Translator(language), issue)
        assert name in text
        assert said[:30] in text
        assert all(each in text for each in told)
    if code == "unknown_id_near":
        assert str(issue.params["near"]).split(", ")[0] == told[0]


def test_what_a_refusal_of_a_hosted_model_offers_has_a_price() -> None:
    for _, said, _, _ in (each for each in REFUSED if each[0] == "current_model"):
        with pytest.raises(InputError) as caught:
            id_named("current_model", said, catalog())
        near = str(caught.value.issues[0].params.get("near", ""))
        assert all(is_hosted(each) for each in near.split(", ") if each)


WRONG = {
    "current_model": ("gpt5-mni", "openai/gpt-5-mini"),
    "cheaper_model": ("sonnet 4.5", "anthropic/claude-sonnet-4-5"),
    "open_model": ("llama3", "llama-3.1-8b"),
    "serving_gpu": ("H100", "h100-sxm-80gb"),
    "training_gpu": ("2x4090", "rtx-4090-24gb"),
    "preset": ("extracton", "extraction"),
    "managed_route": ("gpt-4.1 mini", "openai/gpt-4.1-mini"),
}


def of_file(said: dict[str, str]) -> object:
    return read_case("".join(f"{key}: {value}\n" for key, value in said.items()), catalog(), labels())


def of_row(said: dict[str, str]) -> object:
    return case_of_row(dict(said), catalog())


def of_address(said: dict[str, str]) -> object:
    raise InputError(address.read(said, catalog(), lambda _: None).issues)


@pytest.mark.parametrize(
    "names", [[*WRONG], [*WRONG][:3], ["serving_gpu", "preset"], ["cheaper_model", "managed_route"]]
)
@pytest.mark.parametrize("door", [of_file, of_row, of_address])
def test_every_wrong_name_is_told_at_once(door: Callable[[dict[str, str]], object], names: list[str]) -> None:
    said = NEED | {name: WRONG[name][0] for name in names} | {"volume_growth": "20"}
    with pytest.raises(InputError) as caught:
        door(said)
    told = {issue.field: str(issue.params.get("near", "")) for issue in caught.value.issues}
    assert told.keys() == {*names, "volume_growth"}
    assert all(WRONG[name][1] in told[name] for name in names)
