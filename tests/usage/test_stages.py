"""A query in stages says the same as one whose every column is written out, in a fraction of its length."""

from typing import Any

import ibis

from advisor.usage.stages import in_stages


def columns(table: Any, times: int) -> dict[str, Any]:
    """A column that rests on the one before it, twice, so often."""
    value = table.a.cast("int64")
    for _ in range(times):
        value = value.fill_null(0) + (value + table.b).fill_null(1)
    return {"sum": value, "a": table.a, "is_odd": value % 2 == 1}


def test_the_rows_are_those_of_a_plain_selection() -> None:
    table = ibis.memtable({"a": ["1", "2", None], "b": [10, 20, 30]})
    wanted = columns(table, 4)
    plain, staged = table.select(**wanted), in_stages(table, wanted)
    assert staged.schema() == plain.schema()
    assert staged.to_pyarrow().to_pylist() == plain.to_pyarrow().to_pylist()


def test_the_query_grows_with_the_steps_and_not_with_their_power() -> None:
    table = ibis.table({"a": "string", "b": "int64"}, name="log")
    lengths = [len(str(ibis.to_sql(in_stages(table, columns(table, n)), dialect="duckdb"))) for n in (6, 12)]
    assert lengths[1] < 3 * lengths[0]


def test_nothing_to_share_is_one_selection() -> None:
    table = ibis.memtable({"a": ["1"]})
    assert in_stages(table, {"a": table.a, "n": ibis.literal(1)}).to_pyarrow().to_pylist() == [{"a": "1", "n": 1}]
