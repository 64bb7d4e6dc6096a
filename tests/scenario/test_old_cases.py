"""Cases kept by earlier releases load: their files, and the addresses people bookmarked and sent to each other.

``tests/fixtures/cases`` holds what 7d0df4b wrote for every preset of then and for five cases with many answers. The
files are never written anew: a new release adds its own beside them.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import yaml
from streamlit.testing.v1 import AppTest

from advisor.assumptions import resolve
from advisor.cli import main
from advisor.core.notices import InputError, Issue
from advisor.scenario import QUESTIONS, parse_scenario, read_scenario
from advisor.scenario.gone import GONE_FIELDS
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.text.phrases import issue_text
from advisor.ui import address, changes, state
from tests.cases import DAY, catalog

CASES = Path(__file__).resolve().parents[1] / "fixtures" / "cases"
NAMES = tuple(sorted(path.stem for path in CASES.glob("*.yaml")))
USUAL_THEN = {"open_model": "llama-3.1-8b"}
"""What the articles' presets say by now, so that their figures stay: an address holds only what differs from them."""


def file_of(name: str) -> bytes:
    return (CASES / f"{name}.yaml").read_bytes()


def address_of(name: str) -> dict[str, str]:
    text = (CASES / f"{name}.address").read_text(encoding="utf-8").strip()
    return dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True))


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    held: dict[str, Any] = {state.LANGUAGE: "en"}
    monkeypatch.setattr("streamlit.session_state", held)
    return held


def arrived(params: Mapping[str, str]) -> address.Arrived:
    return address.read(params, catalog(), lambda case: resolve(case, catalog(), DAY))


def plain(answers: Mapping[str, object]) -> object:
    return json.loads(json.dumps(answers, sort_keys=True))


def test_there_are_all_the_cases() -> None:
    assert len(NAMES) == 18
    assert {path.stem for path in CASES.glob("*.address")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_then_says_what_it_said(name: str) -> None:
    written = {key: value for key, value in yaml.safe_load(file_of(name)).items() if key != "schema"}
    assert plain(parse_scenario(file_of(name)).answers()) == plain(written)


@pytest.mark.parametrize("name", NAMES)
def test_an_address_of_then_brings_back_the_case_of_its_file(name: str) -> None:
    found = arrived(address_of(name))
    assert found.issues == ()
    gained = USUAL_THEN if name.startswith("preset-article") and not name.endswith("today") else {}
    assert found.case == parse_scenario(file_of(name)).with_(**gained)


# -- questions that are gone ------------------------------------------------------------------------------

NEEDED = b"daily_requests: 10000\nquality_need: normal\nbudget: 5000\n"
GONE = Issue("moon_phase", "field_gone", {"version": "0.1"})
"""A question nobody ever asked stands in for one that was taken away."""


@pytest.fixture
def moon_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(GONE_FIELDS, "moon_phase", "0.1")


def test_no_question_is_asked_and_gone_at_once() -> None:
    assert not GONE_FIELDS.keys() & QUESTIONS.keys()


@pytest.mark.usefixtures("moon_is_gone")
@pytest.mark.parametrize(
    "line", [b"moon_phase: full\n", b"owners: {moon_phase: Astronomy}\n", b"ranges: {moon_phase: [0, 1]}\n"]
)
def test_a_gone_field_of_a_file_is_named_and_left_out(line: bytes) -> None:
    assert read_scenario(NEEDED + line) == (parse_scenario(NEEDED), (GONE,))


@pytest.mark.usefixtures("moon_is_gone")
def test_the_other_ranges_stay_when_one_is_of_a_gone_field() -> None:
    case, gone = read_scenario(NEEDED + b"ranges: {moon_phase: [0, 1], daily_requests: [5000, 20000]}\n")
    assert (case.ranges, gone) == ({"daily_requests": (5000, 20000)}, (GONE,))


@pytest.mark.usefixtures("moon_is_gone")
def test_a_field_that_never_was_is_still_refused_with_the_one_meant() -> None:
    with pytest.raises(InputError) as refused:
        read_scenario(NEEDED + b"moon_phase: full\ndaily_request: 3\n")
    assert refused.value.issues == (Issue("daily_request", "unknown_field_near", {"near": "daily_requests"}),)


@pytest.mark.parametrize("language", languages())
def test_what_is_gone_is_told_in_words(language: str) -> None:
    told = issue_text(Translator(language), GONE)
    assert "moon_phase" in told
    assert "0.1" in told


@pytest.mark.usefixtures("moon_is_gone")
@pytest.mark.parametrize("language", languages())
def test_the_command_line_names_what_is_gone_beside_the_result(
    language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = []
    for name, line in (("then.yaml", b"moon_phase: full\n"), ("now.yaml", b"")):
        (tmp_path / name).write_bytes(NEEDED + line)
        assert not main(["assess", str(tmp_path / name), "--language", language, "--as-of", "2026-11-20"])
        results.append(capsys.readouterr())
    (then, told), (now, silent) = results
    assert then == now
    assert "moon_phase" in told
    assert silent == ""


@pytest.mark.usefixtures("moon_is_gone")
def test_an_address_keeps_all_but_what_is_gone_or_never_was() -> None:
    params = {"lang": "en", "preset": "extraction", "moon_phase": "full", "xyzzy": "mail", "budget": "777"}
    found = arrived(params)
    assert (found.case.preset, found.case.budget) == ("extraction", 777)
    assert [(i.field, i.code) for i in found.issues] == [
        ("moon_phase", "field_gone"),
        ("xyzzy", "unknown_field"),
    ]


@pytest.mark.usefixtures("moon_is_gone")
def test_a_loaded_file_replaces_the_case_and_names_what_is_gone(session: dict[str, Any]) -> None:
    changes.load_file(NEEDED + b"moon_phase: full\n")
    assert session[state.SCENARIO] == parse_scenario(NEEDED)
    assert session[state.DOOR] == (GONE,)


@pytest.mark.usefixtures("moon_is_gone")
@pytest.mark.parametrize("language", languages())
def test_the_page_names_what_is_gone_as_a_warning(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CASES.parents[2])
    app = AppTest.from_file(str(CASES.parents[2] / "app.py"), default_timeout=30)
    app.query_params.update({"lang": language, "preset": "extraction", "moon_phase": "full"})
    app.run()
    assert not app.exception
    assert not app.error
    assert any("moon_phase" in said.value.replace("\\", "") for said in app.warning)


@pytest.mark.usefixtures("moon_is_gone")
def test_a_gone_column_of_a_table_of_cases_is_named_and_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = []
    for text in ("id,preset,moon_phase\na,extraction,full\n", "id,preset\na,extraction\n"):
        (tmp_path / "table.csv").write_text(text)
        assert not main(["portfolio", str(tmp_path / "table.csv"), "--language", "en"])
        results.append(capsys.readouterr())
    (then, told), (now, silent) = results
    assert then == now
    assert "moon_phase" in told
    assert silent == ""
