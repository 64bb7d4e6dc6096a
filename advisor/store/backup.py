"""Copies of the whole database. A backup is one file of SQLite whichever database it is of, and restores to either."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, delete, func, insert, select, text

from advisor.core.notices import Issue
from advisor.store import tables
from advisor.store.access import record
from advisor.store.database import FIELD, Store, StoreError, open_store, said_of
from advisor.store.records import Actor
from advisor.store.verifying import Verified, verify

ROWS_AT_ONCE = 200
WHOLE = ""
"""In the place of a case's id: what was done to the database as a whole."""


def back_up(store: Store, target: Path) -> Verified:
    """Write everything into a file, while others may write; what was walked of it. Raises :class:`StoreError`.

    The file is written beside the target and verified before it takes its place.
    """
    with said_of(str(target)), _beside(target) as path:
        if store.engine.dialect.name == "sqlite":
            _copy_file(store, path)
        else:
            copy = open_store(f"sqlite:///{path}")
            with store.reading() as source, copy.writing() as connection:
                _copy_rows(source, connection)
            copy.close()
        _in_one_file(path)
        found = _verified(path)
        os.replace(path, target)
    return found


def restore(store: Store, actor: Actor, source: Path, *, replace: bool = False) -> Verified:
    """Put a backup in the place of what is in the database, as one transaction; what was walked of it.

    Raises :class:`StoreError` for a file that is no backup or whose chains are broken, and where there are cases
    already and nobody said to ``replace`` them.
    """
    with said_of(str(source)), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "backup.db"
        read_only = sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)
        with closing(read_only) as opened, closing(sqlite3.connect(path)) as copy:
            opened.backup(copy)
        backup = open_store(f"sqlite:///{path}")  # brings a backup of an earlier release up to this one
        found = verify(backup)
        if found.broken:
            first = found.broken[0]
            told = {"path": str(source), "name": first.name, "number": first.number}
            raise StoreError([Issue(FIELD, "store_backup_broken", told)])
        with backup.reading() as read, store.writing() as connection:
            _make_room(connection, replace)
            _copy_rows(read, connection)
            record(connection, actor, WHOLE, "restored", cases=found.cases, revisions=found.revisions)
        backup.close()
    return found


def _make_room(connection: Connection, replace: bool) -> None:
    count = connection.scalar(select(func.count()).select_from(tables.cases)) or 0
    if count and not replace:
        raise StoreError([Issue(FIELD, "store_not_empty", {"count": count})])
    for table in reversed(tables.metadata.sorted_tables):
        connection.execute(delete(table))


def _copy_rows(source: Connection, target: Connection) -> None:
    for table in tables.metadata.sorted_tables:
        found = source.execution_options(yield_per=ROWS_AT_ONCE).execute(select(table))
        for part in found.mappings().partitions():
            target.execute(insert(table), [dict(row) for row in part])
    if target.dialect.name == "postgresql":  # rows came with their numbers, which the sequence does not know of
        target.execute(text("SELECT setval('audit_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM audit), false)"))


def _copy_file(store: Store, path: Path) -> None:
    with store.engine.connect() as connection, closing(sqlite3.connect(path)) as copy:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.backup(copy)


def _in_one_file(path: Path) -> None:
    """A copy keeps the journal of its source, which is a second file; a backup is to be one."""
    with closing(sqlite3.connect(path)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")


def _verified(path: Path) -> Verified:
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder) / "backup.db"
        with closing(sqlite3.connect(path)) as opened, closing(sqlite3.connect(copied)) as copy:
            opened.backup(copy)
        store = open_store(f"sqlite:///{copied}")
        found = verify(store)
        store.close()
    return found


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A file in the folder of the target that is gone afterwards, unless it took the target's place."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(handle)
    path = Path(name)
    try:
        yield path
    finally:
        for each in (path, Path(f"{name}-wal"), Path(f"{name}-shm")):
            each.unlink(missing_ok=True)
