"""Tables, results and configurations as tools and blogs write them: every cell is read right, or a word is said."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from advisor.core.notices import InputError
from advisor.engineering.from_catalog import with_named_shape
from advisor.engineering.validation.serving_rows import Deployed, deployed
from advisor.engineering.validation.tables import TABLES, TableRead, TableRow, read_table
from advisor.engineering.validation.training_rows import training_run
from tests.engineering.pasted import CARDS, MODELS

FILE = Path(__file__).resolve().parents[1] / "fixtures" / "tool_tables.yaml"
CASES: dict[str, dict[str, Any]] = {case["name"]: case for case in yaml.safe_load(FILE.read_text(encoding="utf-8"))}


def read_of(case: dict[str, Any]) -> TableRead:
    return read_table(case["text"].encode(), TABLES[case["table"]])


def seen(row: TableRow, kind: str) -> dict[str, object] | str:
    """What a row describes, in the words of the file."""
    assert row.cells is not None
    cells = with_named_shape(row.cells, MODELS)
    found = deployed(cells, CARDS, MODELS) if kind == "serving" else training_run(cells)
    if isinstance(found, str):
        return found
    run: Any = found.setup if isinstance(found, Deployed) else found
    more = {"card": found.setup.card.name, "replicas": found.replicas} if isinstance(found, Deployed) else {}
    return {**vars(run), "params": round(run.model.params / 1e9, 2), **more}


@pytest.mark.parametrize("case", [c for c in CASES.values() if "rows" in c], ids=lambda case: case["name"])
def test_every_row_is_what_its_author_meant(case: dict[str, Any]) -> None:
    read = read_of(case)
    assert len(read.rows) == len(case["rows"])
    for row, expected in zip(read.rows, case["rows"], strict=True):
        found = seen(row, case["table"])
        if isinstance(found, dict) and isinstance(expected, dict):
            found = {k: list(v) if isinstance(v := found[k], tuple) else v for k in expected}
        assert found == expected, row.cells


@pytest.mark.parametrize("case", [c for c in CASES.values() if "refused" in c], ids=lambda case: case["name"])
def test_what_is_no_table_of_runs_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        read_of(case)
    assert {issue.code for issue in refused.value.issues} == {*case["refused"]}


@pytest.mark.parametrize(
    ("name", "code", "field"),
    [
        ("two models in a cell", "cells_of_two_names", "model"),
        ("two models or methods in a cell", "cells_of_two_names", "method"),
        ("cards of which a row names two kinds, or a part", "cells_of_two_names", "gpu"),
        ("users of a card", "cells_read_as", "concurrency_or_batch"),
        ("users of a card, as the head says", "cells_read_as", "concurrency_or_batch"),
        ("sglang.bench_serving, whose random lengths are a limit", "cells_read_as", "input_len"),
        ("a batch of tokens", "cells_read_as", "global_batch"),
        ("three decimals throughout, beside decimals behind a point", "decimals_read_as", "file"),
        ("three decimals throughout, beside decimals behind a comma", "decimals_read_as", "file"),
        ("groups of thousands beside decimals behind a comma", "decimals_read_as", "file"),
        ("three decimals, and nothing tells", "cells_of_two_readings", "num_gpus"),
        ("a version is no decimal number", "cells_of_two_readings", "input_len"),
    ],
)
def test_what_is_read_otherwise_is_told(name: str, code: str, field: str) -> None:
    assert (field, code) in {(issue.field, issue.code) for issue in read_of(CASES[name]).told}


@pytest.mark.parametrize("name", ["verl, whose settings stand within others", "LitGPT"])
def test_settings_are_the_same_in_json(name: str) -> None:
    case = CASES[name]
    as_json = json.dumps(yaml.safe_load(case["text"]), indent=1)
    (same,), (row,) = read_of({**case, "text": as_json}).rows, read_of(case).rows
    assert seen(same, case["table"]) == seen(row, case["table"])


def test_a_setting_that_stands_twice_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        read_table(b"model: Qwen3-8B\nlora_r: 8\nmicro_batch_size: 1\nmodel: Qwen3-4B\n", TABLES["memory"])
    assert [issue.code for issue in refused.value.issues] == ["column_twice"]
