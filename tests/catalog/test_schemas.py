"""The JSON Schemas of the data files: as the records are, named by every file, and true of it."""

import os
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from advisor.catalog.fields import UNIT_VOCABULARY
from advisor.catalog.loader import load_catalog
from advisor.catalog.reader import parse_yaml
from advisor.cli import main
from advisor.cli.schemas import FOLDER, KINDS, data_schema, kind_of, schema_files
from advisor.core.places import DATA
from advisor.core.units import is_unit

FILES = sorted(path.relative_to(DATA).as_posix() for path in DATA.rglob("*.yaml"))


def as_json(value: Any) -> Any:
    """A day is text to an editor, as it is in JSON."""
    if isinstance(value, dict):
        return {key: as_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_json(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def faults(kind: str, content: bytes) -> list[str]:
    found = jsonschema.Draft202012Validator(data_schema(kind)).iter_errors(as_json(parse_yaml(content, kind)))
    return [f"{error.json_path}: {error.message[:200]}" for error in found]


def test_the_kept_schemas_are_those_of_the_records() -> None:
    """After a change of a record: ``python -m advisor schema --data data/schemas``."""
    kept = {path.name: path.read_text(encoding="utf-8") for path in (DATA / FOLDER).iterdir()}
    mend = "run: python -m advisor schema --data data/schemas"
    assert kept == schema_files(), mend


def test_every_file_names_its_schema_and_suits_it() -> None:
    for name in FILES:
        content = (DATA / name).read_bytes()
        schema = os.path.relpath(DATA / FOLDER / f"{kind_of(name)}.schema.json", (DATA / name).parent)
        first = content.decode("utf-8").splitlines()[0]
        assert first == f"# yaml-language-server: $schema={Path(schema).as_posix()}", name
        assert faults(kind_of(name), content) == [], name


def test_every_kind_has_a_file() -> None:
    assert {kind_of(name) for name in FILES} == set(KINDS)


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("hardware/gpus.yaml", "vendor: NVIDIA", "vendr: NVIDIA"),
        ("prices/gpu_rental/lambda.yaml", "unit: USD/GPU/h", "unit: USD/GPU/hour"),
        ("parameters/plan.yaml", "kind: judgement", "kind: guess"),
        ("presets/chat.yaml", "daily_requests:", "daily_request:"),
    ],
)
def test_a_slip_is_marked(name: str, right: str, wrong: str) -> None:
    text = (DATA / name).read_text(encoding="utf-8")
    assert right in text
    assert faults(kind_of(name), text.replace(right, wrong, 1).encode())


def test_a_schema_offers_every_unit_and_no_other() -> None:
    currencies = ("USD", "CNY", "EUR", "GBP", "JPY")
    prices = {
        f"{c}/{per}" for c in currencies for per in ("GPU/h", "GPU/month", "GPU", "kWh", "Mtok", "h", "month", "USD")
    }
    assert all(is_unit(unit) for unit in UNIT_VOCABULARY)
    assert prices <= set(UNIT_VOCABULARY)


def test_a_file_of_no_kind_is_told() -> None:
    with pytest.raises(KeyError, match=r"gpus/new\.yaml"):
        kind_of("gpus/new.yaml")


def test_the_line_that_names_the_schema_is_no_fact(tmp_path: Path) -> None:
    for path in DATA.rglob("*.yaml"):
        target = tmp_path / path.relative_to(DATA)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes().partition(b"\n")[2])
    assert load_catalog(tmp_path).version == load_catalog().version
    changed = tmp_path / "hardware" / "gpus.yaml"
    changed.write_bytes(b"# another remark\n" + changed.read_bytes())
    assert load_catalog(tmp_path).version != load_catalog().version


def test_the_command_writes_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--data", str(tmp_path / "new")]) == 0
    assert {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "new").iterdir()} == schema_files()
    assert len(capsys.readouterr().out.splitlines()) == len(KINDS)


@pytest.mark.parametrize(("language", "said"), [("en", "--data: "), ("zh", "--data\uff1a")])
def test_a_folder_that_cannot_be_is_told(
    language: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["schema", "--language", language, "--data", str(tmp_path / "file" / "in")]) == 2
    assert capsys.readouterr().err.startswith(said)
