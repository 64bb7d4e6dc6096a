"""What people were misread with, entered at every door that takes it: one meaning with one verdict, or one refusal.

Each kind was reported once; the others of a kind are made up after it. A door of files takes all of a case at once; at
the form each answer is typed or picked in this order, names as the form offers them.
"""

import csv
import io
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from advisor.assumptions.given import read_case
from advisor.core.places import APP
from advisor.scenario import QUESTIONS, Scenario
from advisor.text.i18n import Translator
from advisor.text.labels import labels
from tests.cases import advice, catalog
from tests.cli.conftest import run  # noqa: F401  the command line in process
from tests.ui.conftest import (  # noqa: F401  pages on the day of the tests, with nothing kept
    database_of_its_own,
    nobody_signs_in,
    on_the_day_of_the_tests,
)

Said = Mapping[str, str]
NEED: Said = {"daily_requests": "20000", "quality_need": "high", "budget": "40000"}
TITLES = frozenset({"title"})
"""Left out of a comparison: a table calls its case by it, and the form asks for it under a fold."""


@dataclass(frozen=True)
class Input:
    """Texts by question; the ``meant`` answers among them; the questions that are ``refused`` everywhere.

    A bare share is percent in the form alone, as its label says: ``form_reads`` what files ask about, ``form_asks``
    what they read. ``not_offered``: models of before, which the form has no name of.
    """

    said: Said
    meant: Mapping[str, object] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()
    form_reads: Mapping[str, object] = field(default_factory=dict)
    form_asks: frozenset[str] = frozenset()
    not_offered: frozenset[str] = frozenset()
    language: str = "en"


def read(language: str = "en", not_offered: Collection[str] = (), **said: tuple[str, object]) -> Input:
    """An input of which each text has one meaning."""
    texts = {**NEED, **{name: text for name, (text, _) in said.items()}}
    meant = {name: value for name, (_, value) in said.items()}
    return Input(texts, meant, not_offered=frozenset(not_offered), language=language)


def refused(language: str = "en", **said: str) -> Input:
    return Input({**NEED, **said}, refused=frozenset(said), language=language)


def percent(form: Mapping[str, float], language: str = "en", **said: str) -> Input:
    """Whole percent without a sign: what a file asks about is what the form's label says."""
    return Input({**NEED, **said}, refused=frozenset(said), form_reads=form, language=language)


LONG_PROMPTS: dict[str, tuple[str, object]] = {
    "output_tokens": ("1000", 1000),
    "current_model": ("google/gemini-2.5-pro", "google/gemini-2.5-pro"),
    "example_tokens": ("2000", 2000),
    "sequence_tokens": ("2048", 2048),
    "serving_route": ("own_figure", "own_figure"),
    "tuned_cost_per_request": ("0.05", 0.05),
}
INPUTS = {
    # one group of three digits behind the sign of a country
    "F01": Input(
        {"currency": "EUR", "quality_need": "high", "daily_requests": "20.000", "budget": "40.000"},
        {"currency": "EUR"},
        frozenset({"daily_requests", "budget"}),
    ),
    "F01 other numbers": refused(daily_requests="8.500", budget="12.500"),
    "F01 a rate": refused(hourly_rate="62.500", daily_requests="7.250"),
    "F01 Chinese": refused("zh", daily_requests="12.000", budget="99.000"),
    "F01 two groups": read(daily_requests=("1.250.000", 1_250_000), budget=("1'200'000", 1_200_000)),
    # what the form takes
    "F14": read(daily_requests=("20k", 20_000), budget=("40,000", 40_000), fallback_share=("15%", 0.15)),
    "F14 words": read(daily_requests=("1.2M", 1_200_000), budget=("$75k", 75_000), batch_share=("25 percent", 0.25)),
    "F14 units": read(daily_requests=("20k/day", 20_000), budget=("US$ 40,000.00", 40_000), hourly_rate=("$65/h", 65)),
    "F14 Chinese": read(
        "zh",
        daily_requests=("2\u4e07\u6b21/\u5929", 20_000),
        budget=("7.5\u4e07\u7f8e\u5143", 75_000),
        fallback_share=("8\uff05", 0.08),
    ),
    # a decimal comma
    "F02": Input({**NEED, "fallback_share": "0,15"}, {"fallback_share": 0.15}, form_asks=frozenset({"fallback_share"})),
    "F02 percent": read(fallback_share=("12,5 %", 0.125), hourly_rate=("62,5", 62.5)),
    # whole percent
    "F12": percent({"volume_growth": 0.2, "discount_rate": 0.1}, volume_growth="20", discount_rate="10"),
    "F12 other numbers": percent({"volume_growth": 0.35, "discount_rate": 0.08}, volume_growth="35", discount_rate="8"),
    "F12 shares below 1": percent({"batch_share": 0.3, "fallback_share": 0.12}, batch_share="30", fallback_share="12"),
    "F12 Chinese": percent({"cached_input_share": 0.88}, "zh", cached_input_share="88"),
    "F12 with signs": read(volume_growth=("-5 %", -0.05), discount_rate=("12 % p.a.", 0.12)),
    # lengths, and a share of the input as providers report it
    "F08": read(
        input_tokens=("500", 500),
        output_tokens=("3000", 3000),
        current_input_price=("1.25", 1.25),
        current_output_price=("10", 10),
        tuned_output_tokens=("200", 200),
    ),
    "F08 units": read(output_tokens=("4,096 tokens", 4096), current_input_price=("$1.25/1M tokens", 1.25)),
    "F09": read(
        current_cost_per_request=("0.00603", 0.00603),
        serving_route=("own_figure", "own_figure"),
        tuned_cost_per_request=("0", 0),
        other_monthly_cost=("$84/mo", 84),
    ),
    "F10": read(input_tokens=("200000", 200_000), **LONG_PROMPTS),
    "F10b": read(input_tokens=("200,001", 200_001), **LONG_PROMPTS),
    "F10 Chinese": read("zh", input_tokens=("20\u4e07", 200_000), **LONG_PROMPTS),
    "F11": read(input_tokens=("2006", 2006), cached_input_share=("95.7%", 0.957), current_model=("openai/gpt-4o",) * 2),
    "F11 Chinese": read("zh", cached_input_share=("\u767e\u5206\u4e4b90", 0.9)),
    # names
    "F13": read("en", ["current_model"], current_model=("o3-mini", "openai/o3-mini")),
    "F13 others": read(
        "en",
        ["current_model"],
        current_model=("Claude 4.5 Sonnet", "anthropic/claude-sonnet-4-5"),
        serving_gpu=("RTX 4090", "rtx-4090-24gb"),
    ),
    "F13 Chinese": read(
        "zh", current_model=("gpt 4o mini", "openai/gpt-4o-mini"), open_model=("Qwen/Qwen3-8B", "qwen3-8b")
    ),
    "F13b": refused(serving_gpu="H100"),
    "F13b others": refused(serving_gpu="A100", training_gpu="8xH100"),
    "F13b Chinese": refused("zh", serving_gpu="8\u5361H100", training_gpu="H200 8\u5361"),
    "F16": read(open_model=("phi-3-mini",) * 2),
    "F16 others": read(open_model=("Qwen2.5-0.5B", "qwen2.5-0.5b")),
    "F21": Input(
        {**NEED, "current_model": "gpt5", "open_model": "llama3", "serving_gpu": "H100"},
        {"current_model": "openai/gpt-5"},
        frozenset({"open_model", "serving_gpu"}),
    ),
    "F21 others": refused(current_model="gpt-99", open_model="qwen", serving_gpu="A100", budget="40.000"),
    "F04b": read(
        open_model=("llama-2-7b",) * 2,
        method=("full",) * 2,
        training_gpus=("1", 1),
        training_gpu=("a100-sxm-80gb",) * 2,
    ),
    # currencies
    "another currency": refused(budget="30k EUR", hourly_rate="\u20ac50"),
    "another currency, Chinese": refused("zh", budget="28\u4e07\u5143"),
    "another than the one said last": Input(
        {"currency": "CNY", "daily_requests": "20000", "quality_need": "high", "budget": "$40,000"},
        {"currency": "CNY"},
        frozenset({"budget"}),
    ),
    "the one said first": Input(
        {"currency": "CNY", **NEED, "budget": "\u00a5300,000"}, {"currency": "CNY", "budget": 300_000}, language="zh"
    ),
}


def expected(given: Input) -> dict[str, object]:
    """Every answer that is read, as a case holds it."""
    plain = {**NEED, **given.said, **given.meant}
    return Scenario.from_answers({n: v for n, v in plain.items() if n not in given.refused | TITLES}).answers()


def opened(language: str, **more: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params.update({"lang": language, **more})
    return app


def told(app: AppTest) -> list[str]:
    assert not app.exception
    return sorted(error.value.replace("\\", "") for error in app.error)


def case_of(app: AppTest) -> Scenario:
    found = app.session_state["scenario"]
    assert isinstance(found, Scenario)
    return found


def of_yaml(said: Said) -> bytes:
    return "".join(f"{name}: {text}\n" for name, text in said.items()).encode()


def of_json(said: Said) -> bytes:
    return json.dumps(said).encode()


def of_table(said: Said) -> bytes:
    table = io.StringIO()
    csv.writer(table).writerows([said.keys(), said.values()])
    return table.getvalue().encode()


@pytest.mark.parametrize("given", INPUTS.values(), ids=INPUTS)
def test_the_doors_of_files_agree(given: Input, run, tmp_path: Path) -> None:  # noqa: F811
    """A scenario file, the same as JSON, a row of a table and an address; on the command line and in the app."""
    commanded = _commanded(given, run, tmp_path)
    app = opened(given.language)
    app.session_state["fold.file"] = True
    app.run()
    for content, name in ((of_yaml(given.said), "case.yaml"), (of_json(given.said), "case.json")):
        app.file_uploader(key="w.file").set_value((name, content, "text/plain")).run()
        assert told(app) == commanded
        assert case_of(app).answers() == ({} if given.refused else expected(given))
    backwards = dict(reversed(given.said.items()))
    for said in (given.said, backwards)[: 2 if given.refused else 1]:
        app = opened(given.language, **said).run()
        assert told(app) == commanded
        assert case_of(app).answers() == expected(given)


def _commanded(given: Input, run, tmp_path: Path) -> list[str]:  # noqa: F811
    """What the command line says of the case, also as a row of a table; nothing where it computes it."""
    row = tmp_path / "table.csv"
    row.write_bytes(of_table(given.said))
    figures = None if given.refused else advice(_case_of_file(given), date.today()).assessment.metrics
    out, _ = run("portfolio", str(row), "--language", given.language, code=2 if figures is None else 0)
    (found,) = csv.DictReader(io.StringIO(out))
    if not given.refused:
        assert found["npv"] == ("" if figures is None else repr(figures.npv))
        return []
    path = tmp_path / "case.yaml"
    path.write_bytes(of_yaml(given.said))
    _, err = run("assess", str(path), "--language", given.language, code=2)
    lines = sorted(line.removeprefix(f"{path}: ").removeprefix(f"{path}\uff1a") for line in err.splitlines())
    for name in given.refused:
        assert sum(name in line for line in lines) == 1, (name, lines)
        assert name in found["reason"]
    assert all(line in found["reason"] for line in lines)
    return lines


def _case_of_file(given: Input) -> Scenario:
    case, _ = read_case(of_yaml(given.said), catalog(), labels())
    assert case.answers() == expected(given)
    return case


@pytest.mark.parametrize("given", INPUTS.values(), ids=INPUTS)
def test_the_form_agrees(given: Input) -> None:
    app = opened(given.language).run()
    picked = {name for name in given.said if not QUESTIONS[name].is_number}
    for name, text in given.said.items():
        if name not in picked:
            enter(app, given.language, name, text)
        elif name not in given.refused | given.not_offered:
            enter(app, given.language, name, str(given.meant.get(name, text)))
    unread, said = given.form_asks | (given.refused - picked - {*given.form_reads}), told(app)
    t = Translator(given.language)
    assert len(said) == len(unread)
    for name in unread:
        assert sum(t(f"field.{name}.label") in line and given.said[name] in line for line in said) == 1, (name, said)
    left_out = given.form_asks | given.not_offered
    answers = {name: value for name, value in expected(given).items() if name not in left_out}
    assert {n: v for n, v in case_of(app).answers().items() if n not in given.form_reads} == answers
    rows = advice(case_of(app)).assessment.assumptions.rows
    assert {name: rows[name].value for name in given.form_reads} == given.form_reads


def enter(app: AppTest, language: str, name: str, text: str) -> None:
    """Type or pick an answer where the form asks for it, found by its name where that is folded."""
    asked = field_of(app, language, name)
    if asked is None:
        app.text_input(key="w.search").set_value(name).run()
        asked = field_of(app, language, name)
    assert asked is not None, name
    asked.set_value(text).run()  # type: ignore[attr-defined]


def field_of(app: AppTest, language: str, name: str) -> object | None:
    fields = (*app.text_input, *app.selectbox, *app.button_group)
    return next((each for each in fields if each.key == f"w.main.{name}.{language}"), None)
