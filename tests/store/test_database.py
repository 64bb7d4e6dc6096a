"""Where the database is, how it is brought up to this release, and what is said when it cannot be used."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, inspect, select, text

from advisor.core import places
from advisor.store import tables
from advisor.store.database import MIGRATIONS, Store, StoreError, _address, _engine, look_at, open_store, upgrade
from advisor.text.i18n import Translator
from advisor.text.phrases import error_text
from tests.store.conftest import new_database

EARLIER = ("0001", "0002")
"""Versions of the tables that were released before this one."""


def code_of(error: pytest.ExceptionInfo[StoreError]) -> str:
    for language in ("en", "zh"):
        assert "{" not in error_text(Translator(language), error.value)
    return error.value.issues[0].code


def opened_at(address: str, version: str) -> Store:
    """A database as the release with this version left it."""
    store = Store(_engine(_address(address)), address)
    Path(address.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    upgrade(store, version)
    return store


def test_without_any_setting_it_is_a_file_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(places.DATABASE, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    open_store().close()
    assert (tmp_path / "finetune-advisor" / "cases.db").is_file()


def test_the_address_may_be_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(places.DATABASE, f"sqlite:///{tmp_path / 'other.db'}")
    open_store().close()
    assert (tmp_path / "other.db").is_file()


def test_what_is_acknowledged_is_on_the_disk(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    with store.writing() as connection:
        read = [connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")]
    assert read == ["wal", 2, 1]


def test_the_migrations_make_the_tables_that_are_read(store: Store) -> None:
    with store.writing() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []


def test_the_last_migration_is_the_one_that_is_asked_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [tables.VERSION]


@pytest.mark.parametrize("version", EARLIER)
def test_a_database_of_an_earlier_release_keeps_what_is_in_it(address: str, version: str) -> None:
    old = opened_at(address, version)
    row = dict(id="c", name="n", owner="o", status="draft", tags="[]", archived=False, created_at="", changed_at="")
    with old.writing() as connection:
        assert inspect(connection).has_table("links") == (version != "0001")
        assert not inspect(connection).has_table("people")
        connection.execute(insert(tables.cases).values(**row, latest=0, head=""))
    old.close()
    new = open_store(address)
    with new.reading() as connection:
        assert connection.scalars(select(tables.cases.c.name)).all() == ["n"]
        assert connection.scalars(select(tables.links.c.id)).all() == []
        assert connection.scalars(select(tables.people.c.user)).all() == []
    new.close()


def test_many_may_open_it_for_the_first_time_at_once(address: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        for store in pool.map(lambda _: open_store(address), range(8)):
            store.close()


def test_a_newer_database_is_left_alone(address: str) -> None:
    store = open_store(address)
    with store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(StoreError) as error:
        open_store(address)
    assert code_of(error) == "store_newer"


@pytest.mark.parametrize("address", ["mysql://a/b", "cases.db", "", "postgresql://"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(StoreError) as error:
        open_store(address or " ")
    assert code_of(error) in ("store_bad_address", "store_unreachable")


def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    with pytest.raises(StoreError) as error:
        open_store("postgresql://me:secret@127.0.0.1:1/cases")
    assert code_of(error) == "store_unreachable"
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("kept", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_does_not_keep_every_character_is_refused(server: str, kept: str) -> None:
    """PostgreSQL takes the encoding of the system's locale, which in a bare container is none."""
    address = new_database(server, f"ENCODING '{kept}' LOCALE 'C' TEMPLATE template0")
    for door in (open_store, look_at):
        with pytest.raises(StoreError) as refused:
            door(address)
        assert code_of(refused) == "store_encoding"
        assert refused.value.issues[0].params["value"] == kept


def test_a_folder_that_cannot_be_made_is_told() -> None:
    with pytest.raises(StoreError) as error:
        open_store("sqlite:////proc/nowhere/cases.db")
    assert code_of(error) == "store_unreachable"


def test_a_database_that_may_only_be_read_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "cases.db"
    open_store(f"sqlite:///{path}").close()
    store = open_store(f"sqlite:///file:{path}?mode=ro&uri=true")
    with store.reading() as connection:
        assert connection.scalars(select(tables.cases.c.id)).all() == []
    with pytest.raises(StoreError) as error, store.writing() as connection:
        connection.execute(text("DELETE FROM cases"))
    assert code_of(error) == "store_read_only"
    store.close()


def test_a_full_disk_is_told_and_nothing_is_half_written(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'cases.db'}")
    long = dict(case_id="c", at="", by="", action="a", detail="x" * 1_000_000)

    def fill() -> None:
        with store.writing() as connection:
            pages = connection.scalar(text("PRAGMA page_count"))
            connection.execute(text(f"PRAGMA max_page_count={pages + 3}"))
            connection.execute(insert(tables.audit).values(**{**long, "detail": "short"}))
            connection.execute(insert(tables.audit).values(**long))

    with pytest.raises(StoreError) as error:
        fill()
    assert code_of(error) == "store_full"
    with store.reading() as connection:
        assert connection.scalars(select(tables.audit.c.id)).all() == []


def test_another_file_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "cases.db").write_text("daily_requests: 1000\n" * 100)
    with pytest.raises(StoreError) as error:
        open_store(f"sqlite:///{tmp_path / 'cases.db'}")
    assert code_of(error) == "store_no_database"


def test_readers_keep_no_writer_waiting(address: str) -> None:
    one, other = open_store(address), open_store(address)
    with one.reading() as reader:
        before = reader.scalars(select(tables.audit.c.id)).all()
        with other.writing() as writer:
            writer.execute(insert(tables.audit).values(case_id="c", at="", by="", action="a", detail=""))
        assert reader.scalars(select(tables.audit.c.id)).all() == before == []
    one.close()
    other.close()


def test_the_command_line_answers_without_a_database() -> None:
    script = "import sys, advisor.cli; print({'sqlalchemy', 'alembic', 'psycopg'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_a_database_is_looked_at_without_making_or_moving_anything(address: str) -> None:
    before = look_at(address)
    assert before.version is None
    if before.kind == "sqlite":
        assert (before.size, before.at) == (None, None)
        assert not Path(address.removeprefix("sqlite:///")).parent.exists()
    open_store(address).close()
    after = look_at(address)
    assert after.version == tables.VERSION
    assert after.size is not None
    assert after.size > 10_000
    assert (after.at is None) == (after.kind == "sqlite")


def test_a_password_among_the_parameters_is_not_told() -> None:
    for opened in (open_store, look_at):
        with pytest.raises(StoreError) as refused:
            opened("postgresql://127.0.0.1:1/none?user=ada&password=hunter2&connect_timeout=2")
        assert "hunter2" not in str(refused.value)
        assert "127.0.0.1:1/none" in str(refused.value)
