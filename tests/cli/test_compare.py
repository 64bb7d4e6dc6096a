"""Comparing on the command line: printed, as JSON, as a file, and refused in one line."""

import json
from pathlib import Path

import pytest

from advisor.scenario import dump_scenario
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.cases import preset


@pytest.mark.parametrize("language", languages())
def test_two_cases_are_printed_side_by_side(run, tmp_path: Path, language: str) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(dump_scenario(preset("extraction").with_(title="Next year", ops_hours=30)), encoding="utf-8")
    printed = run("compare", "extraction", str(own), "--language", language)[0]
    t = Translator(language)
    assert "Next year" in printed
    assert t("field.ops_hours.label") in printed
    assert printed.count(t("word.rounding")) == 2  # below the figures and below the costs


def test_figures_are_those_of_each_case_alone(run) -> None:
    compared = json.loads(run("compare", "extraction", "classification", "--json")[0])
    for name, told in zip(("extraction", "classification"), compared["cases"], strict=True):
        alone = json.loads(run("assess", name, "--json")[0])
        assert told["verdict"] == alone["verdict"]
    (bridge,) = compared["bridges"]
    assert bridge["start"] + sum(change["amount"] for change in bridge["changes"]) == pytest.approx(bridge["end"])


def test_a_comparison_is_written_to_hand_on(run, tmp_path: Path) -> None:
    for suffix in ("pdf", "md"):
        target = tmp_path / f"compared.{suffix}"
        run("compare", "chat", "extraction", "classification", "-o", str(target))
        assert target.stat().st_size > 1000


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("names", [("chat",), ("chat", "chat", "chat", "chat"), ("chat", "gone.yaml")])
def test_what_cannot_be_compared_is_one_clear_error(run, names: tuple[str, ...], language: str) -> None:
    printed = run("compare", *names, "--language", language, code=2)[1]
    assert len(printed.splitlines()) == 1
