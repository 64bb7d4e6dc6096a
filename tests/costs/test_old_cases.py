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

from advisor.scenario import parse_scenario
from advisor.ui import state

CASES = Path(__file__).resolve().parents[1] / "fixtures" / "cases"
NAMES = tuple(sorted(path.stem for path in CASES.glob("*.yaml")))


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    held: dict[str, Any] = {state.LANGUAGE: "en"}
    monkeypatch.setattr("streamlit.session_state", held)
    return held


def file_of(name: str) -> bytes:
    return (CASES / f"{name}.yaml").read_bytes()


def address_of(name: str) -> dict[str, str]:
    text = (CASES / f"{name}.address").read_text(encoding="utf-8").strip()
    return dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True))


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
def test_an_address_of_then_brings_back_the_case_of_its_file(name: str, session: dict[str, Any]) -> None:
    found = state._from_url(address_of(name))
    assert session[state.DOOR] == ()
    assert found == parse_scenario(file_of(name))
