"""Open the database, bring it to the tables of this release, and say in one issue why it cannot be used."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from alembic.util.exc import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from advisor.core.notices import InputError, Issue
from advisor.core.places import database_address
from advisor.core.system_faults import system_fault
from advisor.store.tables import VERSION, alembic_version

if TYPE_CHECKING:
    import psycopg

FIELD = "STORE"
Kind = Literal["sqlite", "postgresql"]
UNICODE = "UTF8"
"""As PostgreSQL calls it."""
WAIT_SECONDS = 30
"""How long a writer waits for the others before it is told that the database is busy."""
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={WAIT_SECONDS * 1000}")
MIGRATION_LOCK = 7_203_114
"""Key of PostgreSQL's advisory lock under which one process at a time changes the tables."""
MIGRATIONS = Path(__file__).with_name("migrations")
UNREACHABLE_STATES = ("08", "28", "3D", "57")
"""Classes of SQLSTATE: connection, authorization, no such database, shut down."""


class StoreError(InputError):
    """The database cannot be used as it is; nothing of what was to be written is there."""


@dataclass(frozen=True)
class Store:
    """An open database. ``place`` is its address without password and parameters."""

    engine: Engine
    place: str

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that is written as a whole or not at all. Raises :class:`StoreError`."""
        with said_of(self.place), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view that keeps no writer waiting. Raises :class:`StoreError`."""
        is_sqlite = self.engine.dialect.name == "sqlite"
        options = {"reads": True} if is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with said_of(self.place), self.engine.connect() as connection, connection.execution_options(**options).begin():
            yield connection

    def close(self) -> None:
        """Give its connections back."""
        self.engine.dispose()


@dataclass(frozen=True)
class DatabaseState:
    """What a database is without opening it for use.

    ``version`` is that of its tables, ``None`` where there are none yet; ``size`` is in bytes, ``None`` where there is
    no file yet; ``at`` is its own clock as seconds since 1970, ``None`` of a file, which has none.
    """

    kind: Kind
    place: str
    version: str | None
    size: int | None
    at: float | None


def open_store(address: str | None = None) -> Store:
    """The database at this address, else that of the settings; made on first use, and brought up to this release.

    Raises :class:`StoreError`.
    """
    url = _address(database_address() if address is None else address)
    store = Store(_engine(url), _place(url))
    if url.drivername.startswith("sqlite"):
        _make_folder(url, store.place)
    if _version(store) != VERSION:
        upgrade(store)
    return store


def look_at(address: str) -> DatabaseState:
    """A database as it stands; nothing in it is made, moved or written. Raises :class:`StoreError`."""
    url = _address(address)
    is_file = url.drivername == "sqlite"
    kind: Kind = "sqlite" if is_file else "postgresql"
    if is_file and not os.path.isfile(url.database or ""):
        return DatabaseState(kind, _place(url), None, None, None)
    store = Store(_engine(url), _place(url))
    try:
        version = _version(store)
        size = "page_count * page_size FROM pragma_page_count, pragma_page_size"
        clock = "pg_database_size(current_database()), extract(epoch FROM clock_timestamp())"
        with store.reading() as connection:
            told = connection.execute(text(f"SELECT {size if is_file else clock}")).one()
    finally:
        store.close()
    return DatabaseState(kind, store.place, version, int(told[0]), None if is_file else float(told[1]))


def upgrade(store: Store, to: str = "head") -> None:
    """Bring the tables up to the version ``to``. Raises :class:`StoreError` where they are newer than this release."""
    from alembic import command
    from alembic.config import Config

    with store.writing() as connection:
        if store.engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, to)
        except CommandError:  # the version that stands in the database is none of ours
            raise _refused("store_newer", FIELD, path=store.place, known=VERSION) from None


def _version(store: Store) -> str | None:
    with store.reading() as connection:
        if not inspect(connection).has_table(alembic_version.name):
            return None
        return connection.scalar(select(alembic_version.c.version_num))


def _place(url: URL) -> str:
    """The address without what lets anybody in: no password, and no parameters, which may hold one."""
    return url.set(query={}).render_as_string(hide_password=True)


def _address(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError:
        raise _refused("store_bad_address", FIELD) from None
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise _refused("store_bad_address", FIELD)
    return url


def _engine(url: URL) -> Engine:
    if url.drivername != "sqlite":
        said = {"client_encoding": UNICODE}  # else the driver reads bytes where the database keeps no characters
        engine = create_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=20, connect_args=said)
        event.listen(engine, "connect", partial(_check_characters, place=_place(url)))
        return engine
    engine = create_engine(url, connect_args={"timeout": WAIT_SECONDS})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _check_characters(connection: "psycopg.Connection", _: object, place: str) -> None:
    """Refuse a database that cannot keep every name and answer. Raises :class:`StoreError`."""
    kept = connection.info.parameter_status("server_encoding") or ""
    if kept != UNICODE:
        raise _refused("store_encoding", FIELD, path=place, value=kept)


def _prepare(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # transactions begin where SQLAlchemy says, not at the first write
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """A writer takes the lock at once: one that read first could not have it after another wrote in between."""
    reads = connection.get_execution_options().get("reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _make_folder(url: URL, place: str) -> None:
    name = url.database or ":memory:"
    if name == ":memory:" or name.startswith("file:"):
        return
    try:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refused("store_unreachable", FIELD, path=place, fault=system_fault(error)) from None


@contextmanager
def said_of(place: str) -> Iterator[None]:
    """What the database at a place answers, as :class:`StoreError`."""
    try:
        yield
    except DBAPIError as error:
        raise StoreError([_issue(error.orig, place)]) from error
    except sqlite3.Error as error:  # raised while a connection is prepared
        raise StoreError([_issue(error, place)]) from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _refused("store_full", FIELD, path=place) from error
        raise _refused("store_unreachable", FIELD, path=place, fault=system_fault(error)) from error


def _issue(error: BaseException | None, place: str) -> Issue:
    """What is wrong with the database, from what it answered."""
    code = "store_fault"
    known = getattr(error, "sqlite_errorcode", 0) & 0xFF
    state = getattr(error, "sqlstate", None) or ("08" if type(error).__name__ == "OperationalError" else "")
    if known == sqlite3.SQLITE_FULL or state == "53100":
        code = "store_full"
    elif known in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM) or state in ("25006", "42501"):
        code = "store_read_only"
    elif known in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or state in ("40001", "40P01", "55P03"):
        code = "store_busy"
    elif known in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        code = "store_no_database"
    elif known == sqlite3.SQLITE_CANTOPEN or (not known and state[:2] in UNREACHABLE_STATES):
        code = "store_unreachable"
    return Issue(FIELD, code, {"path": place, "fault": (str(error).splitlines() or [""])[0]})


def _refused(code: str, field: str, **params: object) -> StoreError:
    return StoreError([Issue(field, code, params)])
