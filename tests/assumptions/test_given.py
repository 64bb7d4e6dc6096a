"""A case as people give it: short names, presets below own answers, every fault at once, in every door."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.assumptions import resolve
from advisor.assumptions.currency import in_currency
from advisor.assumptions.given import case_of_row, cleared_answers, read_case, with_known_names
from advisor.core.notices import InputError
from advisor.decision.advice import preset_scenario
from advisor.scenario import QUESTIONS, REQUIRED, Scenario, dump_scenario
from advisor.text.i18n import Translator
from advisor.text.labels import labels
from advisor.text.languages import languages
from advisor.text.phrases import error_text
from advisor.ui import address
from tests.cases import DAY, catalog
from tests.cli.conftest import run, table  # noqa: F401  the command line in process

NEEDED = "daily_requests: 20000\nquality_need: high\nbudget: 40000\n"
OWN = {"daily_requests": "60000", "quality_need": "high", "budget": "40000"}


def read(text: str) -> Scenario:
    return read_case(text, catalog(), labels())[0]


def faults(text: str) -> dict[str, tuple[str, str]]:
    with pytest.raises(InputError) as caught:
        read(text)
    for language in languages():
        lines = error_text(Translator(language), caught.value).split("\n")
        assert all(issue.field in line for issue, line in zip(caught.value.issues, lines, strict=True))
        assert all(len(line) < 500 for line in lines)
    return {i.field: (i.code, str(i.params.get("near", i.params.get("known", "")))) for i in caught.value.issues}


@pytest.mark.parametrize(
    ("price", "source"),
    [
        ("训练显卡购买价", "自有显卡"),
        ("card_price", "A graphics card you own"),
        ("card_price", "A GPU you own"),
    ],
)
def test_what_labels_said_for_gpu_before_is_still_read(price: str, source: str) -> None:
    case = read(f"{NEEDED}{price}: 1800\ntraining_source: {source}\n")
    assert (case.card_price, case.training_source) == (1800.0, "own_card")


@pytest.mark.parametrize("month", ["month", "月", "按月", "By the month"])
def test_a_rental_term_is_read_by_what_it_was_called_before_too(month: str) -> None:
    assert read(f"{NEEDED}rental_term: {month}\n").rental_term == "month"


@pytest.mark.parametrize(
    ("name", "said", "meant"),
    [
        ("current_model", "o3-mini", "openai/o3-mini"),
        ("current_model", "GPT-5 mini", "openai/gpt-5-mini"),
        ("cheaper_model", "claude-sonnet-5", "anthropic/claude-sonnet-5"),
        ("open_model", "Llama 3.1 8B", "llama-3.1-8b"),
        ("open_model", "meta-llama/Llama-3.1-8B-Instruct", "llama-3.1-8b"),
        ("open_model", "Qwen/Qwen3-8B", "qwen3-8b"),
        ("serving_gpu", "RTX 4090", "rtx-4090-24gb"),
        ("serving_gpu", "NVIDIA GeForce RTX 4090", "rtx-4090-24gb"),
        ("serving_gpu", "NVIDIA H100 80GB HBM3", "h100-sxm-80gb"),
        ("training_gpu", "NVIDIA A100-SXM4-80GB", "a100-sxm-80gb"),
        ("training_gpu", "Tesla T4", "t4-16gb"),
        ("training_gpu", "A100 PCIe 40 GB", "a100-pcie-40gb"),
        ("preset", "Extraction", "extraction"),
        ("preset", "Chat", "chat"),
    ],
)
def test_a_short_name_is_found_where_only_one_is_meant(name: str, said: str, meant: str) -> None:
    assert getattr(read(f"{NEEDED}{name}: {said}\n"), name) == meant
    assert getattr(case_of_row({**OWN, name: said}, catalog()), name) == meant
    arrived = address.read({**OWN, name: said}, catalog(), lambda _: None)
    assert (getattr(arrived.case, name), arrived.issues) == (meant, ())


@pytest.mark.parametrize(
    ("name", "said", "told"),
    [
        ("serving_gpu", "H100", ("h100-pcie-80gb", "h100-nvl-94gb", "h100-sxm-80gb")),
        ("serving_gpu", "a100 80gb", ("a100-pcie-80gb", "a100-sxm-80gb")),
        ("training_gpu", "TPU", ("rtx-3090-24gb",)),
        ("open_model", "llama3", ("llama-3.1-8b", "llama-3.3-70b")),
        ("open_model", "mixtral", ("mixtral-8x7b",)),
        ("current_model", "sonnet", ("anthropic/claude-sonnet-5",)),
        ("preset", "nonsense", ("extraction", "chat")),
    ],
)
def test_what_can_be_meant_is_told(name: str, said: str, told: tuple[str, ...]) -> None:
    ((field, (_, listed)),) = faults(f"{NEEDED}{name}: {said}\n").items()
    assert field == name
    assert {*told} <= {*listed.split(", ")}


def test_three_wrong_names_are_told_at_once() -> None:
    found = faults(f"{NEEDED}current_model: gpt-9-max\nopen_model: llama3\nserving_gpu: H100\n")
    assert list(found) == ["current_model", "open_model", "serving_gpu"]


def test_of_three_short_names_those_with_several_meanings_are_told() -> None:
    assert read(f"{NEEDED}current_model: gpt5\n").current_model == "openai/gpt-5"
    found = faults(f"{NEEDED}current_model: gpt5\nopen_model: llama3\nserving_gpu: H100\n")
    assert {name: code for name, (code, _) in found.items()} == dict.fromkeys(
        ("open_model", "serving_gpu"), "several_ids"
    )


def test_whole_percent_of_a_spreadsheet_is_asked_about() -> None:
    assert list(faults(f"{NEEDED}volume_growth: 20\ndiscount_rate: 10\n")) == ["volume_growth", "discount_rate"]
    case = read(f"{NEEDED}volume_growth: 20%\ndiscount_rate: 10%\n")
    assert (case.volume_growth, case.discount_rate) == (0.2, 0.1)
    assert read(f"{NEEDED}volume_growth: 1.5\n").volume_growth == 1.5


@pytest.mark.parametrize("text", ["daily_requests: 5\n\tbudget: 7\n", "owners:\n\tdata: me\n", "budget:\n\t- 5\n"])
def test_a_tab_that_yaml_cannot_read_is_named(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read(text)
    assert [(i.code, i.params["line"]) for i in caught.value.issues] == [("tab_in_yaml", 2)]


def test_a_tab_before_a_value_is_read_or_named() -> None:
    """YAML takes it there; PyYAML does where it is built with libyaml."""
    text = NEEDED.replace("daily_requests: ", "daily_requests:\t")
    try:
        assert read(text) == read(NEEDED)
    except InputError:
        assert list(faults(text).values()) == [("tab_in_yaml", "")]


def test_faults_of_every_kind_are_told_at_once() -> None:
    told = "daily_requests: 20.000\nQuality: high\nmethod: prompting\n"
    found = faults(f"{told}hourly_rate: \u20ac50\nserving_gpu: H100\n")
    assert {field: code for field, (code, _) in found.items()} == {
        "serving_gpu": "several_ids",
        "daily_requests": "two_readings",
        "hourly_rate": "foreign_currency",
        "method": "unknown_choice",
        "Quality": "unknown_field_near",
        "quality_need": "missing",
        "budget": "missing",
    }


def test_what_the_form_takes_a_file_takes() -> None:
    case = read("daily_requests: 20k\nquality_need: high\nbudget: 40,000\nfallback_share: 15%\n")
    assert (case.daily_requests, case.budget, case.fallback_share) == (20_000, 40_000, 0.15)


def test_names_in_any_case() -> None:
    told = "Daily_Requests: 20000\nQuality Need: High\nBudget: 40000\n"
    case = read(f"{told}Currency: usd\nmethod: QLoRA\nprompt_tried: Yes\n")
    assert case == read(f"{NEEDED}currency: USD\nmethod: qlora\nprompt_tried: 'yes'\n")


@pytest.mark.parametrize("language", languages())
def test_the_labels_on_screen_are_names_as_well(language: str) -> None:
    t = Translator(language)
    for name, question in QUESTIONS.items():
        for choice in question.choices:
            said = f"{t(f'field.{name}.label')}: '{t(f'choice.{choice}')}'\n"
            case = read(NEEDED.replace("quality_need: high\n", "") + said if name == "quality_need" else NEEDED + said)
            assert getattr(case, name) == choice


def test_a_question_answered_twice_under_two_names() -> None:
    assert faults(f"{NEEDED}Budget: 7\n") == {"budget": ("answered_twice", "")}


# -- presets --------------------------------------------------------------------------------------------------


def test_a_preset_means_the_same_in_every_door() -> None:
    told = {**OWN, "preset": "extraction"}
    expected = preset_scenario("extraction", catalog()).with_(daily_requests=60_000, quality_need="high", budget=40_000)
    in_file = read("".join(f"{name}: {value}\n" for name, value in told.items()))
    in_json = read('{"daily_requests": 60000, "quality_need": "high", "budget": 40000, "preset": "extraction"}')
    in_row = case_of_row(dict(told), catalog())
    in_address = address.read(told, catalog(), lambda _: None).case
    assert in_file == in_json == in_row == in_address == expected


@pytest.mark.parametrize("said", ["~", "\x1b[2J", "x" * 200, "nonsense"])
def test_an_address_with_no_preset_of_that_name_keeps_the_rest(said: str) -> None:
    arrived = address.read({**OWN, "preset": said}, catalog(), lambda case: resolve(case, catalog(), DAY))
    assert {issue.field for issue in arrived.issues} == {"preset"}
    assert arrived.case == Scenario.from_answers(OWN)


def test_a_file_with_a_preset_needs_nothing_more() -> None:
    assert read("preset: extraction\n") == preset_scenario("extraction", catalog())


def test_a_file_of_before_holds_the_whole_case() -> None:
    assert read(f"schema: 1\n{NEEDED}preset: extraction\n").answers().keys() == {
        *("daily_requests", "quality_need", "budget", "preset")
    }


@given(st.sampled_from(sorted(catalog().presets)), st.data())
@settings(max_examples=60, deadline=None)
def test_a_saved_case_comes_back_whatever_it_left_of_its_preset(name: str, data: st.DataObject) -> None:
    case = preset_scenario(name, catalog())
    answered = [each for each in catalog().preset(name).answers if each not in REQUIRED]
    left_out = data.draw(st.sets(st.sampled_from(answered))) if answered else set()
    case = Scenario.from_answers({key: value for key, value in case.answers().items() if key not in left_out})
    if not case.missing:
        assert read(dump_scenario(case, cleared=cleared_answers(case, catalog()))) == case
        assert read(dump_scenario(case, "json", cleared=cleared_answers(case, catalog()))) == case


def test_ids_stay_what_they_are() -> None:
    books = {"open_model": catalog().models, "serving_gpu": catalog().gpus, "managed_route": catalog().routes}
    for name, each in ((name, each) for name, ids in books.items() for each in ids):
        assert with_known_names({name: each}, catalog()) == ({name: each}, [])


@pytest.mark.parametrize("language", languages())
def test_the_command_line_tells_every_fault(run, tmp_path: Path, language: str) -> None:  # noqa: F811
    path = tmp_path / "case.yaml"
    path.write_text(f"{NEEDED}open_model: llama3\nserving_gpu: H100\nvolume_growth: 20\n")
    _, err = run("assess", str(path), "--language", language, code=2)
    assert len(err.splitlines()) == 3
    assert all(part in err for part in ("open_model", "llama-3.1-8b", "h100-sxm-80gb", "20%", "2000%"))


@pytest.mark.parametrize("preset", ["article-001", "chat"])
@pytest.mark.parametrize("currency", ["EUR", "CNY", "USD"])
def test_a_preset_means_the_same_in_another_currency_at_every_door(preset: str, currency: str) -> None:
    """A cost of $0.01 for each request was CN¥0.01 where a file, a row or an address asked for yuan."""
    meant = in_currency(preset_scenario(preset, catalog()), currency, catalog(), date.max).answers()
    said = {"preset": preset, "currency": currency}
    assert read(f"preset: {preset}\ncurrency: {currency}\n").answers() == meant
    assert case_of_row(said, catalog()).answers() == meant
    assert address.read(said, catalog(), lambda case: None).case.answers() == meant


def test_an_amount_beside_a_preset_and_its_rate_is_the_cases_own() -> None:
    own = "preset: article-001\ncurrency: EUR\nbudget: 5000\nexchange_rates: {EUR: 0.5}\n"
    assert (read(own).budget, read(own).current_cost_per_request) == (5000, 0.005)


def test_an_address_keeps_an_amount_that_is_the_presets_number_in_another_currency() -> None:
    case = in_currency(preset_scenario("article-001", catalog()), "EUR", catalog(), DAY).with_(budget=5000.0)
    there = address.read(address.written(case, catalog(), "en", {}), catalog(), lambda case: None)
    assert (there.case.budget, there.case.current_cost_per_request) == (5000, case.current_cost_per_request)
