"""An engine opened for reading. What Ibis would make there of its own is not made: see each engine's function.

A session is in UTC wherever that can be said of it. What a driver says of a failure may repeat a secret and stays away:
a user is told the kind of failure.
"""

import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from advisor.core.notices import InputError, Issue
from advisor.usage.engine import THREADS, stoppable
from advisor.usage.warehouses.address import FIELD, EngineAddress

DRIVERS: Mapping[str, str] = {
    "spark": "pyspark",
    "trino": "trino",
    "bigquery": "google.cloud.bigquery",
    "snowflake": "snowflake.connector",
    "databricks": "databricks.sql",
}
"""The module of each engine's driver; the extra that brings it has the engine's name."""
FAILURES: Mapping[str, tuple[str, ...]] = {
    "duckdb": ("duckdb.Error",),
    "spark": ("pyspark.errors.PySparkException", "py4j.protocol.Py4JError", "py4j.protocol.Py4JNetworkError"),
    "trino": ("trino.exceptions.Error", "requests.exceptions.RequestException"),
    "bigquery": ("google.api_core.exceptions.GoogleAPIError", "google.auth.exceptions.GoogleAuthError"),
    "snowflake": ("snowflake.connector.errors.Error",),
    "databricks": ("databricks.sql.exc.Error",),
}
"""What each driver raises."""
Surroundings = Mapping[str, str]


@contextmanager
def opened(address: EngineAddress, surroundings: Surroundings = os.environ) -> Iterator[Any]:
    """A connection of Ibis to an engine, closed behind it.

    Raises :class:`InputError` where its driver is not installed, the engine is not there, or it fails later on.
    """
    _check_driver(address, surroundings)
    with stoppable(), _told(address, is_open=False):
        connection = _OPEN[address.engine](address, surroundings)
    try:
        with stoppable(), _told(address, is_open=True):
            yield connection
    finally:
        connection.disconnect()


def _check_driver(address: EngineAddress, surroundings: Surroundings) -> None:
    module = DRIVERS.get(address.engine)
    try:
        is_there = module is None or find_spec(module) is not None
    except ModuleNotFoundError:  # a package above the module
        is_there = False
    if not is_there:
        raise InputError([Issue(FIELD, "engine_extra_missing", {"engine": address.engine})])
    is_remote = not address.host and "SPARK_REMOTE" in surroundings
    if address.engine == "spark" and not is_remote and shutil.which("java") is None and "JAVA_HOME" not in surroundings:
        raise InputError([Issue(FIELD, "engine_java_missing", {})])


@contextmanager
def _told(address: EngineAddress, is_open: bool) -> Iterator[None]:
    """What a driver raises as an error of the input, with the name of its kind."""
    import ibis

    raised = tuple(_named(name) for name in FAILURES[address.engine])
    try:
        yield
    except (*raised, ibis.common.exceptions.IbisError, OSError) as error:
        params = {"engine": address.shown, "fault": type(error).__name__}
        failed, unreachable = Issue(FIELD, "engine_failed", params), Issue(FIELD, "engine_unreachable", params)
        raise InputError([failed if is_open else unreachable]) from None


def _named(name: str) -> type[BaseException]:
    module, _, kind = name.rpartition(".")
    found: type[BaseException] = getattr(import_module(module), kind)
    return found


def _duckdb(address: EngineAddress, _: Surroundings) -> Any:
    """A database file, read only; it reaches no other file and no network."""
    import ibis

    path = Path(address.parts[0])
    if not path.is_file():
        raise InputError([Issue(FIELD, "engine_file_missing", {"path": str(path)[:200]})])
    spill = tempfile.mkdtemp(prefix="usage-")
    connection = ibis.duckdb.connect(str(path), read_only=True, threads=THREADS, temp_directory=spill)
    weakref.finalize(connection, shutil.rmtree, spill, ignore_errors=True)
    for setting in ("SET TimeZone = 'UTC'", "SET enable_external_access = false", "SET lock_configuration = true"):
        connection.raw_sql(setting)
    return connection


KEPT_APART = tuple(
    f"org.apache.spark.sql.catalyst.optimizer.{name}" for name in ("PushDownPredicates", "CollapseProject")
)
"""Rules of Spark that put a step of a reader into every place that uses it, and those into theirs: the whole grows
beyond what Spark can compile."""


def _spark(address: EngineAddress, _: Surroundings) -> Any:
    """A session of this machine, of a cluster, or as ``SPARK_REMOTE`` and Spark's own files configure it."""
    import ibis
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("advisor usage").config("spark.sql.session.timeZone", "UTC")
    builder = builder.config("spark.sql.optimizer.excludedRules", ",".join(KEPT_APART))
    if address.host.startswith("local"):
        builder = builder.master(f"local[{THREADS}]" if address.host == "local" else address.host)
        local = {"driver.host": "127.0.0.1", "driver.bindAddress": "127.0.0.1", "ui.enabled": "false"}
        for name, value in {
            **local,
            "ui.showConsoleProgress": "false",
            "log.level": "FATAL",
            "sql.shuffle.partitions": "4",
        }.items():
            builder = builder.config(f"spark.{name}", value)
    elif address.host:
        builder = builder.master(f"spark://{address.host}:{address.port}")
    return ibis.pyspark.connect(builder.getOrCreate())


def _trino(address: EngineAddress, surroundings: Surroundings) -> Any:
    import ibis

    password = surroundings.get("TRINO_PASSWORD")
    scheme = address.options.get("http_scheme", "https" if password or address.port in (None, 443) else "http")
    more = {"http_scheme": scheme, "port": address.port or (443 if scheme == "https" else 8080)}
    if password:
        from trino.auth import BasicAuthentication

        more["auth"] = BasicAuthentication(address.user or "", password)
    catalog, schema = (*address.parts, None)[:2]
    user = address.user or surroundings.get("USER", "advisor")
    return ibis.trino.connect(user=user, host=address.host, database=catalog, schema=schema, source="advisor", **more)


def _bigquery(address: EngineAddress, _: Surroundings) -> Any:
    """Signed in as Google's own libraries do; the browser is not asked, and no credentials are written down."""
    import ibis

    dataset = address.parts[0] if address.parts else ""
    return ibis.bigquery.connect(
        project_id=address.host,
        dataset_id=dataset,
        location=address.options.get("location"),
        auth_local_webserver=False,
        auth_cache="none",
    )


def _snowflake(address: EngineAddress, surroundings: Surroundings) -> Any:
    """Without the database ``ibis_udfs`` and its functions, which Ibis makes unless it is told not to."""
    import ibis

    database, schema = (*address.parts, None)[:2]
    secrets = {
        name: value for name in ("password", "token") if (value := surroundings.get(f"SNOWFLAKE_{name.upper()}"))
    }
    place = {"database": database, "schema": schema, **address.options}
    given = {name: value for name, value in place.items() if value}
    return ibis.snowflake.connect(create_object_udfs=False, user=address.user, account=address.host, **given, **secrets)


def _databricks(address: EngineAddress, surroundings: Surroundings) -> Any:
    from advisor.usage.warehouses.reading_databricks import ReadingDatabricks

    return ReadingDatabricks().connect(
        server_hostname=address.host,
        http_path="/" + "/".join(address.parts),
        access_token=surroundings.get("DATABRICKS_TOKEN"),
        catalog=address.options.get("catalog"),
        schema=address.options.get("schema", "default"),
        session_configuration={"timezone": "UTC"},
    )


_OPEN: Mapping[str, Callable[[EngineAddress, Surroundings], Any]] = {
    "duckdb": _duckdb,
    "spark": _spark,
    "trino": _trino,
    "bigquery": _bigquery,
    "snowflake": _snowflake,
    "databricks": _databricks,
}
