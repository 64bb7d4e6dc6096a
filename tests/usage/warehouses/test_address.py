"""Addresses of engines: what each needs, and that no message repeats a secret."""

import pytest

from advisor.core.notices import InputError
from advisor.usage.warehouses.address import KINDS, EngineAddress, address_of


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("duckdb:///a/B.duckdb", EngineAddress("duckdb", parts=("/a/B.duckdb",))),
        ("duckdb://b.duckdb", EngineAddress("duckdb", parts=("b.duckdb",))),
        ("spark://local", EngineAddress("spark", "local")),
        ("spark://local[4]", EngineAddress("spark", "local[4]")),
        ("spark://", EngineAddress("spark")),
        ("spark://master.example:7077", EngineAddress("spark", "master.example", 7077)),
        ("trino://ada@t.example:443/hive/logs", EngineAddress("trino", "t.example", 443, "ada", ("hive", "logs"))),
        ("bigquery://project/dataset", EngineAddress("bigquery", "project", parts=("dataset",))),
        (
            "snowflake://ada@acme-x/db/public?warehouse=small",
            EngineAddress("snowflake", "acme-x", None, "ada", ("db", "public"), {"warehouse": "small"}),
        ),
        (
            "databricks://d.example/sql/1.0/warehouses/abc?catalog=main",
            EngineAddress(
                "databricks", "d.example", parts=("sql", "1.0", "warehouses", "abc"), options={"catalog": "main"}
            ),
        ),
    ],
)
def test_an_address_in_full(url: str, address: EngineAddress) -> None:
    assert address_of(url) == address


@pytest.mark.parametrize("engine", KINDS)
def test_the_example_of_each_engine_is_one(engine: str) -> None:
    assert address_of(KINDS[engine].example.replace(":port", ":8080")).engine == engine


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("oracle://ada:s3cret@host/x", "engine_unknown"),
        ("s3cret@trino", "engine_unknown"),
        ("trino://ada:s3cret@host/hive", "engine_secret_in_address"),
        ("snowflake://ada:s3cret@acme/db", "engine_secret_in_address"),
        ("trino://ada@host/hive?password=s3cret", "engine_address"),
        ("databricks://h.example/sql?access_token=s3cret", "engine_address"),
        ("spark://ada:s3cret@host:7077", "engine_address"),
        ("trino://host:99999999/hive", "engine_address"),
        ("trino://host", "engine_address"),
        ("trino://host/a/b/c", "engine_address"),
        ("bigquery://", "engine_address"),
        ("spark://host", "engine_address"),
        ("duckdb://", "engine_address"),
    ],
)
def test_what_is_no_address_is_told_without_its_secret(url: str, code: str) -> None:
    with pytest.raises(InputError) as told:
        address_of(url)
    assert [issue.code for issue in told.value.issues] == [code]
    assert "s3cret" not in str([issue.params for issue in told.value.issues])


def test_what_is_shown_of_an_address_names_no_user() -> None:
    assert address_of("trino://ada@t.example:443/hive/logs").shown == "trino://t.example:443/hive/logs"
    assert address_of("snowflake://ada@acme/db?role=secret").shown == "snowflake://acme/db"
