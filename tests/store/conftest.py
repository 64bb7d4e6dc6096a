"""Both databases: a file of SQLite, and a PostgreSQL of the tests' own that starts in half a second."""

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from advisor.store.database import Store, open_store
from advisor.store.tables import metadata

NOT_ROOT = {"user": "postgres"} if hasattr(os, "geteuid") and os.geteuid() == 0 else {}
"""PostgreSQL refuses to run as root."""


def programs() -> Path | None:
    """The folder of PostgreSQL's own programs, which Debian does not put on the path."""
    found = shutil.which("initdb")
    known = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return known[-1] if known else None


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Address of a running PostgreSQL, reached through a socket of its own."""
    bin_folder = programs()
    if bin_folder is None:
        pytest.skip("no PostgreSQL on this machine")
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # a path of a socket may not be long
    try:
        if NOT_ROOT:
            shutil.chown(folder, "postgres")
        data, quiet = folder / "data", {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder, **NOT_ROOT}
        made = [bin_folder / "initdb", "-A", "trust", "-E", "UTF8", "--no-sync", "-U", "tests", "-D", data]
        subprocess.run(made, **quiet)
        options = f"-k {folder} -c listen_addresses='' -c max_connections=60 -c fsync=off"
        control = [bin_folder / "pg_ctl", "-w", "-D", data, "-l", folder / "log"]
        subprocess.run([*control, "-o", options, "start"], **quiet)
        try:
            yield f"postgresql://tests@/{{name}}?host={folder}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **quiet)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(server: str, how: str = "") -> str:
    """The address of an empty database, made with these words of PostgreSQL's ``CREATE DATABASE``."""
    name = f"t{uuid.uuid4().hex}"
    address = server.format(name="postgres").replace("postgresql:", "postgresql+psycopg:")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} {how}"))
    engine.dispose()
    return server.format(name=name)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database in which nothing is."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'kept' / 'cases.db'}"
    return new_database(request.getfixturevalue("server"))


@pytest.fixture(scope="session")
def prepared_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of SQLite with every table, to be copied: migrating anew for each test takes most of its time."""
    path = tmp_path_factory.mktemp("prepared") / "cases.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def prepared_database(server: str) -> str:
    """The address of a database of the server with every table."""
    address = new_database(server)
    open_store(address).close()
    return address


@pytest.fixture(params=["sqlite", "postgresql"])
def ready(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with every table and nothing in them."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("prepared_file"), tmp_path / "cases.db")
        return f"sqlite:///{tmp_path / 'cases.db'}"
    address: str = request.getfixturevalue("prepared_database")
    _empty(address)
    return address


def _empty(address: str) -> None:
    store = open_store(address)
    with store.writing() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY CASCADE"))
    store.close()


@pytest.fixture
def store(ready: str) -> Iterator[Store]:
    opened = open_store(ready)
    yield opened
    opened.close()
