"""What goes wrong in a house: a replica dies under people at work, and a release with a migration takes over."""

import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import TypeVar

import pytest
from sqlalchemy import inspect, select

from advisor.store import cases
from advisor.store.database import Store, open_store
from advisor.store.records import Actor
from advisor.store.tables import VERSION, alembic_version
from advisor.store.verifying import verify
from advisor.ui import launch
from advisor.ui.people import key_of
from tests.deploy.conftest import PEOPLE, Signed, signed_house
from tests.deploy.house import ROOT
from tests.deploy.visitor import GONE, Visitor
from tests.store.conftest import new_database

pytestmark = pytest.mark.deploy
AT_ONCE = 8
"""People of whom something is asked at the same time; all have their page open throughout."""
SAVE_EVERY = 10
"""One of so many saves, for which the report of the revision is built."""
FEW = 8
TYPED, TYPED_LATER = 20_000, 30_000
"""Daily requests that a person types: this and their number."""
NEXT = f"{int(VERSION) + 1:04}"
MIGRATION = '''"""A column and a table that the release before does not know."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "{to}", "{since}"


def upgrade() -> None:
    op.add_column("cases", sa.Column("colour", sa.Text, nullable=False, server_default="none"))
    op.create_table("colours", sa.Column("name", sa.String(40), primary_key=True))
'''
T = TypeVar("T")


@dataclass
class Worker:
    """A person at work, and what the app has acknowledged so far."""

    number: int
    tab: Visitor
    case: str = ""
    revision: int = 0
    typed: int = 0
    away_seconds: float = 0.0

    def saves(self) -> bool:
        return self.number % SAVE_EVERY in (0, 1)

    def begin(self) -> None:
        self.typed = TYPED + self.number
        self.tab.load(daily_requests=str(self.typed), budget="20000", quality_need="high")
        if self.saves():
            self.save(f"Case {self.number}")

    def save(self, name: str = "") -> None:
        case = self.tab.save(name)
        assert case
        self.case, self.revision = case, self.revision + 1

    def work(self) -> bool:
        """Type another number, and save where this is one who saves; false where the replica went away meanwhile."""
        asked = TYPED_LATER + self.number
        try:
            self.tab.type("w.main.daily_requests", str(asked))
            self.typed = asked
            if self.saves():
                self.save()
        except GONE:
            return False
        return True

    def come_back(self) -> None:
        self.away_seconds = self.tab.reloaded()


def at_once(workers: list[Worker], what: Callable[[Worker], T]) -> list[T]:
    with ThreadPoolExecutor(AT_ONCE) as people:
        return list(people.map(what, workers))


def workers_of(signed: Signed, count: int) -> list[Worker]:
    """People with their page open, half of them on either replica."""
    first, second = signed.house.replicas
    return [Worker(n, signed.person(f"user{n}", first if n % 2 else second)) for n in range(count)]


def nothing_is_lost(signed: Signed, store: Store, workers: list[Worker]) -> None:
    """Every save that was acknowledged is kept, every chain is whole, and every page shows its case again."""
    for worker in workers:
        actor = Actor(key_of(signed.issuer, f"user{worker.number}"), datetime.now(UTC))
        kept = cases.listed(store, actor)
        assert [each.id for each in kept] == ([worker.case] if worker.case else [])
        assert worker.tab.case == worker.case
        if worker.case:
            assert len(cases.history(store, actor, worker.case)) >= worker.revision
            assert f"Case {worker.number}" in worker.tab.text_seen()
        else:
            assert worker.tab.answer("daily_requests") == str(worker.typed)
        assert worker.tab.widget("w.main.daily_requests")
    assert verify(store).broken == ()


@pytest.fixture
def killed(signed: Signed) -> Iterator[Signed]:
    yield signed
    for replica in signed.house.replicas:
        if replica.process is None:
            replica.start()


def test_a_replica_is_killed_under_40_people_at_work(killed: Signed, record_property: Callable[..., None]) -> None:
    """Those whose replica it was are on the other after reloading, signed in, with their case."""
    doomed = killed.house.replicas[0]
    workers = workers_of(killed, PEOPLE)
    at_once(workers, Worker.begin)
    assert sum(worker.revision for worker in workers) == len([each for each in workers if each.saves()])
    enough, done = Event(), []

    def work(worker: Worker) -> bool:
        done.append(worker.number)
        if len(done) > PEOPLE // 3:
            enough.set()
        return worker.work()

    with ThreadPoolExecutor(AT_ONCE) as people:
        working = [people.submit(work, worker) for worker in workers]
        assert enough.wait(120)
        doomed.kill()
        finished = [each.result() for each in working]
    on_doomed = [worker for worker in workers if worker.number % 2]
    assert not all(finished)
    assert all(ok for ok, worker in zip(finished, workers, strict=True) if worker not in on_doomed)
    at_once(workers, Worker.come_back)
    store = open_store(killed.house.database)
    nothing_is_lost(killed, store, workers)
    store.close()
    away = sorted(worker.away_seconds for worker in on_doomed)
    told = (
        f"{len(on_doomed)} of {PEOPLE} had to reload; seconds until back: {statistics.median(away):.1f}, {away[-1]:.1f}"
    )
    record_property("killed", told)
    print(told, f"cut off at work: {finished.count(False)}")
    doomed.start()
    assert at_once(workers, Worker.work) == [True] * PEOPLE
    for worker in workers:
        worker.tab.close()


def next_release(folder: Path) -> Path:
    """This release with one migration more, as the next may have it."""
    for name in ("app.py", "pages", "data", ".streamlit"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "advisor", folder / "advisor", ignore=shutil.ignore_patterns("__pycache__"))
    store = folder / "advisor" / "store"
    text = (store / "tables.py").read_text(encoding="utf-8")
    assert f'VERSION = "{VERSION}"' in text
    (store / "tables.py").write_text(text.replace(f'VERSION = "{VERSION}"', f'VERSION = "{NEXT}"'), encoding="utf-8")
    migration = MIGRATION.format(to=NEXT, since=VERSION)
    (store / "migrations" / "versions" / f"v{NEXT}_colours.py").write_text(migration, encoding="utf-8")
    return folder


def version_of(store: Store) -> str:
    with store.reading() as connection:
        return str(connection.scalar(select(alembic_version.c.version_num)))


def test_a_release_with_a_migration_takes_over_one_replica_after_the_other(server: str, tmp_path: Path) -> None:
    """People work throughout: the old release goes on with the new tables, and only cannot be started any more."""
    (tmp_path / "next").mkdir()
    release = next_release(tmp_path / "next")
    (tmp_path / "house").mkdir()
    with signed_house(tmp_path / "house", new_database(server)) as signed:
        first, second = signed.house.replicas
        store = open_store(signed.house.database)
        workers = workers_of(signed, FEW)
        at_once(workers, Worker.begin)

        first.stop()
        first.start(release)
        assert version_of(store) == NEXT
        with store.reading() as connection:
            assert inspect(connection).has_table("colours")
        assert all(worker.work() for worker in workers if worker.number % 2 == 0)  # on the release of before
        old = subprocess.run(
            [sys.executable, "-m", "advisor"], cwd=ROOT, env=second.environment, capture_output=True, text=True
        )
        assert old.returncode == launch.WRONG_SETTINGS
        assert "written by a newer release" in old.stderr
        assert old.stderr.count("\n") == 1
        at_once([worker for worker in workers if worker.number % 2], Worker.come_back)

        second.stop()
        began = time.monotonic()
        at_once([worker for worker in workers if worker.number % 2 == 0], Worker.come_back)
        second.start(release)
        print(f"while the second restarted, back on the first after {time.monotonic() - began:.1f} s")
        assert all(at_once(workers, Worker.work))
        at_once(workers, Worker.come_back)
        nothing_is_lost(signed, store, workers)
        store.close()
        assert "Traceback" not in signed.house.everything_logged()
        for worker in workers:
            worker.tab.close()
