"""The command dataset: what it tells, what it refuses, and the case that it writes."""

import json
from pathlib import Path

import pytest

from tests.datasets.made import chat, lines

RECORDS = [chat(f"What is {k} plus {k}?", f"The sum is {2 * k}.") for k in range(20)]


@pytest.fixture
def train(tmp_path: Path) -> str:
    path = tmp_path / "train.jsonl"
    path.write_text(lines([*RECORDS, RECORDS[0], {"messages": []}, chat("Mail?", "jane@example.org")]))
    return str(path)


def test_it_tells_what_is_in_a_set(run, train: str) -> None:
    told, _ = run("dataset", train)
    assert "line 22" in told
    assert "line 21 = 1" in told
    assert "jane" not in told


def test_it_speaks_chinese(run, train: str) -> None:
    told, _ = run("dataset", train, "--language", "zh")
    assert "\u7b2c 22 \u884c" in told


def test_as_json_the_counts_add_up(run, train: str, tmp_path: Path) -> None:
    held_out = tmp_path / "eval.jsonl"
    held_out.write_text(lines([RECORDS[3], chat("Who are you?", "Nobody.")]))
    told, _ = run(
        "dataset", train, "--evaluation", str(held_out), "--model", "gpt-4o", "--case", "extraction", "--json"
    )
    found = json.loads(told)
    assert (found["records"], found["examples"], found["overlap"]["prompts"]) == (23, 22, 1)
    assert found["cleaned"]["examples"] == 20
    assert found["answers"]["training_examples"]["value"] == 22
    assert found["answers"]["evaluation_items"]["value"] == 2
    assert found["costs"]["before"]["hours"] > found["costs"]["after"]["hours"]


def test_the_case_is_written_with_the_answers(run, train: str, tmp_path: Path) -> None:
    target = tmp_path / "case.yaml"
    run("dataset", train, "--case", "extraction", "--into", str(target))
    told, _ = run("assess", str(target), "--json")
    assert "train.jsonl" in told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--into", "case.yaml"), "--case"),
        (("--model", "gtp-four"), "gtp-four"),
        (("--sequence-tokens", "many"), "many"),
        (("--evaluation", "nowhere.jsonl"), "nowhere.jsonl"),
        (("--case", "nosuch.yaml"), "nosuch.yaml"),
    ],
)
def test_a_wrong_call_is_refused(run, train: str, arguments: tuple[str, ...], said: str) -> None:
    _, told = run("dataset", train, *arguments, code=2)
    assert said in told


def test_no_training_set(run, tmp_path: Path) -> None:
    path = tmp_path / "other.txt"
    path.write_text("Dear all,\nthis is a letter.\n")
    _, told = run("dataset", str(path), code=2)
    assert "prompt,completion" in told
