"""Spark tells of a log what DuckDB tells of it, figure by figure."""

import re
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pytest
import sqlglot

from advisor.cli import main
from advisor.usage.importing import import_usage
from advisor.usage.profile import FIGURES, profile
from advisor.usage.records import USAGE_COLUMNS, Imported, UsageProfile
from advisor.usage.summary import dump_profile, read_profile
from advisor.usage.warehouses.address import address_of
from advisor.usage.warehouses.sources import source_of
from advisor.usage.warehouses.tables import import_table
from tests.benchmarks.usage_bench import GENERATE
from tests.usage.read import FIXTURES, rows
from tests.usage.synthetic import write_month

MILLION = 1_000_000
SAMPLES = (
    "azure_conv_hour.csv.gz",
    "bedrock_invocation.jsonl",
    "focus_1_2.csv",
    "gateway_log.jsonl",
    "litellm_spendlogs.csv",
)
SELECTS = (sqlglot.exp.Select, sqlglot.exp.Union, sqlglot.exp.With)


def on_spark(spark: Any, path: Path) -> Imported:
    source = source_of(spark, address_of("spark://local"), str(path))
    return import_table(source, path.name, "spark", salt="s")


def assert_same(found: UsageProfile, expected: UsageProfile) -> None:
    assert found.not_known == expected.not_known
    assert found.figures.keys() == expected.figures.keys()
    for name in FIGURES.keys() & expected.figures.keys():
        one, other = found.figures[name], expected.figures[name]
        for end in ("value", "low", "high"):
            wanted = getattr(other, end)
            told = getattr(one, end)
            assert told == (None if wanted is None else pytest.approx(wanted, rel=1e-9, abs=1e-12)), (name, end)
        assert (one.rows, one.blocks) == (other.rows, other.blocks), name
    for name in ("first", "last", "days", "rows", "requests", "currency", "by_use_case", "duplicates", "daily"):
        assert getattr(found, name) == getattr(expected, name), name
    assert found.hours_of_week == pytest.approx(expected.hours_of_week)
    assert [model.name for model in found.models] == [model.name for model in expected.models]
    assert {(each.reason, each.rows) for each in found.rejected} == {(e.reason, e.rows) for e in expected.rejected}
    assert {notice.code for notice in found.notices} == {notice.code for notice in expected.notices}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_of_each_kind_becomes_the_same_rows(spark: Any, name: str, tmp_path: Path) -> None:
    path = FIXTURES / name
    if ".csv" in name:  # as a warehouse holds it, in columns that have types
        path = tmp_path / f"{name.partition('.')[0]}.parquet"
        with duckdb.connect() as database:
            database.execute("SET TimeZone = 'UTC'")
            database.execute(f"COPY (SELECT * FROM read_csv('{FIXTURES / name}')) TO '{path}'")
    found, expected = on_spark(spark, path), import_usage([path], salt="s")
    assert [approximate(row) for row in rows(found)] == rows(expected)
    for name in ("formats", "rows_read", "rows_used", "duplicates", "not_given", "notices"):
        assert getattr(found, name) == getattr(expected, name), name
    assert [(each.reason, each.rows) for each in found.rejected] == [(e.reason, e.rows) for e in expected.rejected]


def approximate(row: dict[str, Any]) -> dict[str, Any]:
    return {name: pytest.approx(value, rel=1e-9) if isinstance(value, float) else value for name, value in row.items()}


def test_a_million_requests_with_prefixes(spark: Any, tmp_path: Path) -> None:
    file = tmp_path / "usage.parquet"
    duckdb.sql(GENERATE.format(rows=MILLION, file=file))

    def canonical(rows: Any) -> Imported:
        given = {"bucket_seconds": 0, "requests": 1}
        columns = {
            name: rows[name] if name in rows.columns else ibis.literal(given.get(name), type=kind)
            for name, kind in USAGE_COLUMNS.items()
        }
        return Imported(rows.select(**columns), None, ("trace",), (file.name,), MILLION, MILLION)

    with_zone = spark.read_parquet(str(file))
    plain = with_zone.mutate(ts=with_zone["ts"].cast("timestamp"))
    found, expected = profile(canonical(plain)), profile(canonical(ibis.duckdb.connect().read_parquet(file)))
    assert expected.figures["cacheable_share"].value > 0
    assert_same(found, expected)


def test_the_command_line_asks_and_changes_nothing(
    spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    once, log, told = tmp_path / "once.parquet", tmp_path / "log.parquet", tmp_path / "usage.json"
    write_month(once, 3_000)
    with duckdb.connect() as database:
        again = f"SELECT * FROM '{once}' UNION ALL (SELECT * FROM '{once}' LIMIT 7)"
        database.execute(f"COPY ({again}) TO '{log}'")
    asked: list[str] = []
    plain = type(spark).raw_sql
    monkeypatch.setattr(type(spark), "raw_sql", lambda self, query, **more: asked.append(query) or plain(self, query))
    monkeypatch.setattr(type(spark), "disconnect", lambda self: None)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr("advisor.cli.usage.installation_salt", lambda: "s")
    assert main(["usage", "--engine", "spark://local[2]", "--table", str(log), "-o", str(told), "--json"]) == 0
    capsys.readouterr()
    found = read_profile(told.read_bytes())
    assert found.duplicates == 7
    assert_same(found, read_profile(dump_profile(profile(import_usage([log], salt="s"))).encode()))
    assert len(asked) > 10
    assert [query for query in asked if not isinstance(sqlglot.parse_one(query, read="spark"), SELECTS)] == []
    assert {path.name for path in tmp_path.iterdir()} == {"once.parquet", "log.parquet", "usage.json"}


def test_a_table_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str], spark: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(type(spark), "disconnect", lambda self: None)
    assert main(["usage", "--engine", "spark://local[2]", "--table", "nowhere"]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_of_a_view_of_one_day_no_other_day_is_read(spark: Any, tmp_path: Path) -> None:
    """Named in a view, a day is a condition on the partition, although the session moves no condition down."""
    month, folder = tmp_path / "month.parquet", tmp_path / "log"
    write_month(month, 600)
    with duckdb.connect() as database:
        database.execute("SET TimeZone = 'UTC'")
        columns = "*, strftime(startTime, '%Y-%m-%d') AS day"
        database.execute(f"COPY (SELECT {columns} FROM '{month}') TO '{folder}' (FORMAT parquet, PARTITION_BY (day))")
    days = sorted(each.name.removeprefix("day=") for each in folder.iterdir())
    assert len(days) > 20
    spark.raw_sql(f"CREATE OR REPLACE TEMP VIEW one_day AS SELECT * FROM parquet.`{folder}` WHERE day = '{days[3]}'")
    found = import_table(source_of(spark, address_of("spark://local"), "one_day"), "one_day", "spark", salt="s")
    plan = spark._session.sql(spark.compile(found.usage))._jdf.queryExecution().executedPlan().toString()
    (partitions,) = set(re.findall(r"PartitionFilters: \[([^\]]*)\]", plan))
    assert f"= {days[3]}" in partitions
