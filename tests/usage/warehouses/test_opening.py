"""What is sent to an engine when it is opened, by drivers that only note it: nothing that makes anything there."""

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from advisor.core.notices import InputError
from advisor.usage.warehouses.address import address_of
from advisor.usage.warehouses.opening import DRIVERS, _databricks, _snowflake, opened

DESCRIBED = '{"columns": [{"name": "a", "type": {"name": "bigint"}, "nullable": true}]}'


class NotingConnection:
    """A connection of a driver that answers each statement with the description of one table."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.given: dict[str, Any] = {}

    def connect(self, **given: Any) -> "NotingConnection":
        self.given = given
        return self

    def cursor(self) -> "NotingConnection":
        return self

    def __enter__(self) -> "NotingConnection":
        return self

    def __exit__(self, *_: object) -> None: ...

    def close(self) -> None: ...

    def execute(self, statement: str, *_: object) -> "NotingConnection":
        self.sent.append(statement)
        return self

    def fetchall(self) -> list[tuple[str, ...]]:
        return [(DESCRIBED,)]

    def fetchone(self) -> tuple[str, ...]:
        return (DESCRIBED,)


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> NotingConnection:
    noting = NotingConnection()
    for name in ("snowflake", "snowflake.connector", "databricks", "databricks.sql", "databricks.sql.exc"):
        module = ModuleType(name)
        module.__path__ = []  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, name, module)
        parent, _, child = name.rpartition(".")
        if parent:
            monkeypatch.setattr(sys.modules[parent], child, module, raising=False)
    for name in ("snowflake.connector", "databricks.sql"):
        monkeypatch.setattr(sys.modules[name], "connect", noting.connect, raising=False)
    monkeypatch.delitem(sys.modules, "ibis.backends.databricks", raising=False)
    monkeypatch.delitem(sys.modules, "advisor.usage.warehouses.reading_databricks", raising=False)
    return noting


def test_snowflake_gets_no_database_of_functions(driver: NotingConnection) -> None:
    secrets = {"SNOWFLAKE_PASSWORD": "s3cret"}
    _snowflake(address_of("snowflake://ada@acme/db/public?warehouse=small"), secrets)
    assert [statement.split(" SET ")[0] for statement in driver.sent] == ["ALTER SESSION"]
    wanted = {"user": "ada", "account": "acme", "database": "db", "schema": "public", "warehouse": "small"}
    assert wanted.items() <= driver.given.items()
    assert driver.given["password"] == "s3cret"


def test_databricks_gets_no_volume_and_no_view(driver: NotingConnection) -> None:
    address = address_of("databricks://d.example/sql/1.0/warehouses/abc?catalog=main&schema=logs")
    connection = _databricks(address, {"DATABRICKS_TOKEN": "s3cret"})
    schema = connection.get_schema("calls", catalog="main", database="logs")
    assert dict(schema.items())["a"].is_int64()
    assert driver.sent[-1] == "DESCRIBE TABLE EXTENDED `main`.`logs`.`calls` AS JSON"
    assert {statement.split()[0] for statement in driver.sent} <= {"SELECT", "DESCRIBE"}
    assert driver.given["http_path"] == "/sql/1.0/warehouses/abc"
    assert driver.given["session_configuration"] == {"timezone": "UTC"}


@pytest.mark.parametrize("engine", DRIVERS)
def test_a_missing_driver_is_told_by_its_extra(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("advisor.usage.warehouses.opening.find_spec", lambda name: None)
    with pytest.raises(InputError) as told, opened(SimpleNamespace(engine=engine, host="h", shown=""), {}):  # type: ignore[arg-type]
        pass
    assert [(issue.code, issue.params) for issue in told.value.issues] == [("engine_extra_missing", {"engine": engine})]


def test_spark_without_java_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("advisor.usage.warehouses.opening.find_spec", lambda name: name)
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(InputError) as told, opened(address_of("spark://local"), {}):
        pass
    assert [issue.code for issue in told.value.issues] == ["engine_java_missing"]
