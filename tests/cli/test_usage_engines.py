"""A log at an engine on the command line: what is asked for, what is told where it cannot be, in both languages."""

import json
from pathlib import Path

import duckdb
import pytest

from advisor.cli import main
from advisor.text.languages import languages
from tests.usage.synthetic import write_month


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ADVISOR_DATA", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def test_a_table_of_a_database_file_leads_to_a_verdict(run, tmp_path: Path) -> None:
    log, database, told = (tmp_path / name for name in ("month.parquet", "team.duckdb", "usage.json"))
    write_month(log, 1_000)
    with duckdb.connect(database) as connection:
        connection.execute(f"CREATE TABLE calls AS SELECT * FROM '{log}'")
    call = ("usage", "--engine", f"duckdb://{database}", "--table", "calls", "-o", str(told), "--case", "extraction")
    found = json.loads(run(*call, "--json")[0])
    assert {"verdict", "headline"} <= found["case"]["after"].keys()
    assert found["answers"]["daily_requests"]["file"] == "calls"
    assert str(tmp_path) not in told.read_text()


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(
    ("call", "named"),
    [
        ((), "--table"),
        (("--engine", "spark://local"), "--table"),
        (("--table", "calls"), "--engine"),
        (("log.csv", "--engine", "spark://local", "--table", "calls"), "--engine"),
        (("--engine", "oracle://ada:s3cret@host", "--table", "calls"), "trino://"),
        (("--engine", "trino://ada:s3cret@host/hive", "--table", "calls"), "TRINO_PASSWORD"),
        (("--engine", "trino://host", "--table", "calls"), "trino://user@host:port/catalog/schema"),
        (("--engine", "trino://ada@host/hive", "--table", "calls"), "finetune-advisor[trino]"),
        (("--engine", "snowflake://ada@acme/db", "--table", "calls"), "finetune-advisor[snowflake]"),
        (("--engine", "duckdb:///nowhere.duckdb", "--table", "calls"), "/nowhere.duckdb"),
    ],
)
def test_one_clear_line_where_it_cannot_be(
    call: tuple[str, ...], named: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["usage", *call, "--language", language]) == 2
    err = capsys.readouterr().err
    assert len(err.strip().splitlines()) == 1
    assert named in err
    assert "s3cret" not in err


def test_what_is_no_database_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "notes.duckdb"
    wrong.write_text("not a database" * 500)
    assert main(["usage", "--engine", f"duckdb://{wrong}", "--table", "calls"]) == 2
    assert "cannot be opened" in capsys.readouterr().err


def test_a_path_is_read_by_spark_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = tmp_path / "team.duckdb"
    duckdb.connect(database).close()
    assert main(["usage", "--engine", f"duckdb://{database}", "--table", "/etc/passwd"]) == 2
    assert "duckdb reads tables" in capsys.readouterr().err
