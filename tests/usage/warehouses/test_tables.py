"""A table of an engine gives what the same rows give as a file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pytest

from advisor.core.notices import InputError
from advisor.usage.importing import import_usage
from advisor.usage.intake import Wish, measured_table
from advisor.usage.profile import profile
from advisor.usage.readers.hashing import hashed_with
from advisor.usage.warehouses.dialects import DIALECTS
from advisor.usage.warehouses.tables import import_table
from tests.usage.asked import MAPPING
from tests.usage.synthetic import write_month

ROWS = 1_500


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("log") / "month.parquet"
    write_month(path, ROWS)
    return path


@pytest.fixture
def database(log: Path, tmp_path: Path) -> Iterator[str]:
    path = tmp_path / "team.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute(f"CREATE SCHEMA logs; CREATE TABLE logs.calls AS SELECT * FROM '{log}'")
        connection.execute("INSERT INTO logs.calls SELECT * FROM logs.calls LIMIT 3")
        connection.execute('INSERT INTO logs.calls SELECT * REPLACE (NULL AS "startTime") FROM logs.calls LIMIT 2')
    before = path.read_bytes()
    yield str(path)
    assert path.read_bytes() == before


def told(database: str, table: str, use_case: str | None = None, **wish: Any) -> Any:
    return measured_table(f"duckdb://{database}", table, Wish(salt="s", **wish), use_case, lambda _: None)


def test_a_table_tells_what_its_file_tells(database: str, log: Path) -> None:
    found, expected = told(database, "logs.calls"), profile(import_usage([log], salt="s"))
    assert found.figures == expected.figures
    assert found.not_known == expected.not_known
    assert found.by_use_case == expected.by_use_case
    assert (found.files, found.formats, found.duplicates) == (("logs.calls",), ("litellm_spend",), 3)
    assert [(each.reason, each.rows) for each in found.rejected] == [("no_time", 2)]


def test_one_use_case_of_a_table(database: str) -> None:
    whole = told(database, "logs.calls").by_use_case
    assert told(database, "logs.calls", "support").requests == whole["support"]


def test_what_is_not_there_is_told(database: str) -> None:
    for table, code in (("logs.call", "engine_table_missing"), ("logs.a.b.c", "engine_table_name")):
        with pytest.raises(InputError) as raised:
            told(database, table)
        assert [issue.code for issue in raised.value.issues] == [code]
    with pytest.raises(InputError) as raised:
        told(database + "x", "calls")
    assert raised.value.issues[0].code == "engine_file_missing"
    assert not Path(database + "x").exists()


def test_a_key_has_the_same_name_from_a_table_and_from_a_file() -> None:
    keys = ibis.memtable({"key": ["a", "b", None, "schlüssel"]})
    both = keys.select(table=DIALECTS["duckdb"].hashed_with("salt")(keys.key), file=hashed_with("salt")(keys.key))
    found = ibis.duckdb.connect().to_pyarrow(both).to_pylist()
    assert [row["table"] for row in found] == [row["file"] for row in found]
    assert [row["table"] is None for row in found] == [False, False, True, False]


def test_fields_stand_in_structures_maps_and_json_text() -> None:
    rows = {
        "timestamp": ["2026-09-07T10:00:00Z"],
        "modelId": ["arn:aws:x/anthropic.claude-sonnet-4"],
        "requestId": ["r"],
        "schemaType": ["ModelInvocationLog"],
        "input": [{"inputTokenCount": 100, "cacheReadInputTokenCount": 20}],
        "output": ['{"outputTokenCount": 7}'],
        "requestMetadata": [{"use_case": "mail"}],
    }
    table = ibis.memtable(rows).mutate(requestMetadata=ibis.map(["use_case"], ["mail"]))
    found = import_table(table, "calls", "duckdb", salt="s").usage
    assert found is not None
    row = found.to_pyarrow().to_pylist()[0]
    assert (row["input_tokens"], row["output_tokens"], row["use_case"]) == (120, 7, "mail")


def test_a_mapping_that_names_a_missing_column_is_refused() -> None:
    with pytest.raises(InputError) as raised:
        import_table(ibis.memtable({"called_at": ["x"]}), "calls", "duckdb", mapping=MAPPING)
    assert {issue.code for issue in raised.value.issues} == {"usage_mapping_column"}


def test_a_moment_with_a_zone_is_taken_in_utc() -> None:
    table = ibis.memtable({"ts": ["2026-09-07 01:30:00+02:00"], "prompt_tokens": [1], "completion_tokens": [1]})
    table = table.mutate(ts=table.ts.cast("timestamp('Europe/Berlin')"))
    found = import_table(table, "calls", "duckdb").usage
    assert found is not None
    assert str(found.to_pyarrow().to_pylist()[0]["ts"]) == "2026-09-06 23:30:00"
