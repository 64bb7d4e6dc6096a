"""A model of one's own on the command line: its path, its fields and its text mean the same."""

import json
from pathlib import Path

import pytest

from advisor.assumptions.given import read_case
from advisor.catalog.loader import load_catalog
from advisor.catalog.own_model import own_model_text
from advisor.cli import main
from advisor.report.link import query_of
from advisor.scenario import dump_scenario
from advisor.ui.address import read

CONFIG = json.loads(Path("tests/fixtures/model_configs/configs.json").read_text(encoding="utf-8"))
NEEDED = "daily_requests: 20000\nquality_need: high\nbudget: 40000\n"
QWEN = CONFIG["Qwen/Qwen3.5-27B"]["config"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.json").write_text(json.dumps(QWEN, indent=2))
    return tmp_path


@pytest.mark.parametrize(
    "said",
    [
        "open_model: config.json",
        f"open_model: {json.dumps(QWEN)}",
        f"open_model: '{json.dumps(QWEN)}'",
        "open_model: |\n  " + json.dumps(QWEN, indent=2).replace("\n", "\n  "),
        f"open_model: {own_model_text(QWEN)}",
    ],
    ids=["path", "mapping", "text", "block", "kept"],
)
def test_every_way_to_write_a_model_means_the_same(folder: Path, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "case.yaml").write_text(NEEDED + said + "\n")
    assert main(["costs", str(folder / "case.yaml")]) == 0
    told = capsys.readouterr().out
    (folder / "case.yaml").write_text(NEEDED + f"open_model: {own_model_text(QWEN)}\n")
    assert main(["costs", str(folder / "case.yaml")]) == 0
    assert told == capsys.readouterr().out


def test_a_missing_file_is_told_with_the_question(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "case.yaml").write_text(NEEDED + "open_model: nowhere/config.json\n")
    assert main(["assess", str(folder / "case.yaml")]) == 2
    told = capsys.readouterr().err
    assert "open_model" in told
    assert "nowhere/config.json" in told


def test_a_table_names_a_file_beside_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = (
        "id,daily_requests,quality_need,budget,open_model\na,20000,high,40000,config.json\nb,20000,high,40000,x.json\n"
    )
    (folder / "cases.csv").write_text(table)
    assert main(["portfolio", str(folder / "cases.csv")]) == 0
    first, second = capsys.readouterr().out.splitlines()[1:3]
    assert "open_model" not in first
    assert "x.json" in second


def test_file_and_address_keep_the_model() -> None:
    catalog = load_catalog()
    case, _ = read_case(NEEDED + f"open_model: {json.dumps(QWEN)}", catalog)
    assert case.open_model == own_model_text(QWEN)
    for form in ("yaml", "json"):
        assert read_case(dump_scenario(case, form), catalog)[0] == case  # type: ignore[arg-type]
    assert "  hidden_size: 5120\n" in dump_scenario(case)
    query = query_of(case, catalog, "en")
    assert len(query["open_model"]) < 450
    assert read(query, catalog, lambda _: None).case == case


def test_an_address_reads_no_file_of_the_server() -> None:
    arrived = read({"open_model": "/etc/config.json"}, load_catalog(), lambda _: None)
    assert arrived.case.open_model is None
    assert [issue.code for issue in arrived.issues] == ["model_file_elsewhere"]
