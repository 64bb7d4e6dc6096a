"""Backups: while others write, between both databases, of an earlier release, and of what is broken."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import select, update

from advisor.store import access, beside, cases, tables
from advisor.store.backup import back_up, restore
from advisor.store.database import Store, StoreError, open_store
from advisor.store.verifying import verify
from tests.store.made import actor, content

ADA = actor("ada")


def everything(store: Store) -> dict[str, list]:
    with store.reading() as connection:
        return {
            name: sorted(map(tuple, connection.execute(select(table)).all()), key=repr)
            for name, table in tables.metadata.tables.items()
        }


@pytest.fixture
def filled(store: Store) -> Store:
    case_id = cases.create(store, ADA, "Mail triage", content(pdf=bytes(range(256))), "why")
    cases.save(store, ADA, case_id, 1, content(2))
    access.let(store, ADA, case_id, "bob", "viewer")
    beside.add_note(store, ADA, case_id, "hourly_rate", "as agreed", "finance")
    beside.keep_draft(store, ADA, case_id, 2, "budget: 1", {"a": 1})
    beside.share(store, ADA, case_id, 1, actor(minutes=9).at)
    return store


def test_a_backup_holds_everything_in_one_file(filled: Store, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    found = back_up(filled, folder / "b.db")
    assert (found.cases, found.revisions, found.broken) == (1, 2, ())
    assert [path.name for path in folder.iterdir()] == ["b.db"]
    copy = open_store(f"sqlite:///{folder / 'b.db'}")
    assert everything(copy) == everything(filled)
    copy.close()


def test_a_backup_restores_to_either_database_and_goes_on(filled: Store, address: str, tmp_path: Path) -> None:
    before = everything(filled)
    back_up(filled, tmp_path / "b.db")
    target = open_store(address)
    restore(target, actor("root"), tmp_path / "b.db")
    after = everything(target)
    assert {name: rows for name, rows in after.items() if name != "audit"} == {
        name: rows for name, rows in before.items() if name != "audit"
    }
    assert len(after["audit"]) == len(before["audit"]) + 1
    (case,) = cases.listed(target, ADA)
    assert cases.save(target, ADA, case.id, 2, content(3)) == 3
    assert verify(target).broken == ()
    target.close()


def test_cases_that_are_there_are_not_overwritten_unasked(filled: Store, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "b.db")
    cases.create(filled, ADA, "Later", content())
    with pytest.raises(StoreError, match="store_not_empty"):
        restore(filled, ADA, tmp_path / "b.db")
    assert len(cases.listed(filled, ADA)) == 2
    restore(filled, ADA, tmp_path / "b.db", replace=True)
    assert [case.name for case in cases.listed(filled, ADA)] == ["Mail triage"]


def test_a_backup_whose_chain_is_broken_is_not_restored(filled: Store, tmp_path: Path) -> None:
    with filled.writing() as connection:
        connection.execute(update(tables.revisions).values(answers="budget: 1"))
    assert len(back_up(filled, tmp_path / "b.db").broken) == 1
    with pytest.raises(StoreError, match="store_backup_broken"):
        restore(filled, ADA, tmp_path / "b.db", replace=True)


@pytest.mark.parametrize("wrong", ["text", "missing", "folder"])
def test_what_is_no_backup_is_refused(store: Store, tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "b.db"
    if wrong == "text":
        path.write_text("budget: 1\n" * 1000)
    if wrong == "folder":
        path.mkdir()
    with pytest.raises(StoreError):
        restore(store, ADA, path)
    assert not (wrong == "missing" and path.exists())


def test_a_backup_under_writing_is_one_moment(store: Store, tmp_path: Path) -> None:
    """Writers add to cases of their own; every backup verifies, and restores to a state that was."""
    stop = Event()

    def write(number: int) -> None:
        me, seen = actor(f"user {number}"), 1
        case_id = cases.create(store, me, "case", content(pdf=b"x" * 20_000))
        while not stop.is_set():
            seen = cases.save(store, me, case_id, seen, content(seen))

    with ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(write, number) for number in range(4)]
        try:
            found = [back_up(store, tmp_path / f"{number}.db") for number in range(4)]
        finally:
            stop.set()
        for writer in writers:
            writer.result()
    assert [each.broken for each in found] == [()] * 4
    assert found[-1].revisions > found[0].revisions
    with closing(sqlite3.connect(tmp_path / "3.db")) as copy:
        saved = copy.execute("SELECT count(*) FROM audit WHERE action IN ('created', 'saved')").fetchone()[0]
    assert saved == found[-1].revisions  # the audit row is of the same transaction as its revision
    restore(store, ADA, tmp_path / "3.db", replace=True)
    assert verify(store).revisions == found[-1].revisions
