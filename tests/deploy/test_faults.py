"""What goes wrong in a house: a replica dies under people at work, and a release with a migration takes over."""

import re
import shlex
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
from playwright.sync_api import Browser, expect
from sqlalchemy import inspect, select

from advisor.store import cases
from advisor.store.database import Store, StoreError, open_store
from advisor.store.records import Actor
from advisor.store.tables import VERSION, alembic_version
from advisor.store.verifying import verify
from advisor.ui import launch
from advisor.ui.people import key_of
from tests.browser.conftest import AppPage
from tests.deploy.conftest import PEOPLE, Signed, settled, signed_house
from tests.deploy.house import ROOT, answered_by
from tests.deploy.visitor import GONE, Visitor
from tests.store.conftest import NOT_ROOT, new_database
from tests.store.made import content

pytestmark = pytest.mark.deploy
AT_ONCE = 8
"""Pages that are opened at the same time."""
FEW = 8
SAVERS = (0, 1, 20, 21)
"""Who also saves, for which the report of the revision is built; two on either replica."""
REST_SECONDS, AFTER_SECONDS = 5.0, 3.0
"""Between two answers of a person, and from the kill until everybody stops."""
LED_PAST_SECONDS = 5.5
"""So long nginx leads browsers past a replica that failed, with a margin: ``fail_timeout`` of its configuration."""
LONGEST_SECONDS = 300.0
TYPED = 20_000
"""Daily requests that a person types: this, and from it on one more each time."""
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
AS_OTHER = {"cwd": "/", **NOT_ROOT}
"""How PostgreSQL is run, which refuses to be root."""


@dataclass
class Worker:
    """A person at work, and what the app has acknowledged so far."""

    number: int
    actor: Actor
    tab: Visitor
    case: str
    revision: int = 1
    typed: int = TYPED
    is_saved: bool = True
    away_seconds: float = 0.0

    def begin(self) -> None:
        self.tab.load(case=self.case)
        assert self.title() in self.tab.text_seen()

    def title(self) -> str:
        return f"Nightingale {self.number}"

    def work(self) -> bool:
        """Type another number, and save where this is one who saves; false where the replica went away meanwhile."""
        try:
            self.tab.type("w.main.daily_requests", str(self.typed + 1))
            self.typed, self.is_saved = self.typed + 1, False
            if self.number in SAVERS:
                self.tab.save("")
                self.revision, self.is_saved = self.revision + 1, True
        except GONE:
            return False
        return True

    def come_back(self) -> None:
        self.away_seconds = self.tab.reloaded()


def at_once(workers: list[Worker], what: Callable[[Worker], T]) -> list[T]:
    with ThreadPoolExecutor(AT_ONCE) as people:
        return list(people.map(what, workers))


def workers_of(signed: Signed, store: Store, count: int) -> list[Worker]:
    """People with a kept case of their own open, half of them on either replica."""
    found = []
    for number in range(count):
        actor = Actor(key_of(signed.issuer, f"user{number}"), datetime.now(UTC))
        case = cases.create(store, actor, f"Nightingale {number}", content(TYPED))
        tab = signed.person(f"user{number}", signed.house.replicas[number % 2])
        found.append(Worker(number, actor, tab, case))
    at_once(found, Worker.begin)
    return found


def nothing_is_lost(store: Store, workers: list[Worker]) -> None:
    """Every save that was acknowledged is kept, every chain is whole, and every page shows its case again."""
    for worker in workers:
        kept = cases.history(store, worker.actor, worker.case)
        assert worker.revision <= len(kept) <= worker.revision + 1  # one may have been kept and its answer cut off
        assert worker.tab.case == worker.case
        assert worker.title() in worker.tab.text_seen()
        if not worker.is_saved:
            assert worker.tab.answer("daily_requests") == str(worker.typed)
        elif worker.revision > 1:
            answers = cases.revision(store, worker.actor, worker.case, worker.revision).content.answers
            assert f"daily_requests: {worker.typed}" in answers
    assert verify(store).broken == ()


@pytest.fixture
def killed(signed: Signed) -> Iterator[Signed]:
    yield signed
    for replica in signed.house.replicas:
        if replica.process is None:
            replica.start()
    time.sleep(LED_PAST_SECONDS)


def test_a_replica_is_killed_under_40_people_at_work(killed: Signed) -> None:
    """Those whose replica it was are on the other after reloading, signed in, with their case and what they typed."""
    doomed, store = killed.house.replicas[0], open_store(killed.house.database)
    workers = workers_of(killed, store, PEOPLE)
    saved, stop = Event(), Event()

    def work(worker: Worker) -> bool:
        """Until everybody stops, or the replica is gone."""
        while not stop.is_set():
            if not worker.work():
                return False
            if worker.revision > 1 and worker.number % 2 == 0:
                saved.set()
            stop.wait(REST_SECONDS)
        return True

    with ThreadPoolExecutor(PEOPLE) as people:
        working = [people.submit(work, worker) for worker in workers]
        assert saved.wait(LONGEST_SECONDS), "nobody on the replica that is to die has saved"
        doomed.kill()
        stop.wait(AFTER_SECONDS)
        stop.set()
        stayed = [each.result() for each in working]
    on_doomed = [worker for worker in workers if worker.number % 2 == 0]
    assert [worker.number for worker, here in zip(workers, stayed, strict=True) if not here and worker.number % 2] == []
    at_once(workers, Worker.come_back)
    nothing_is_lost(store, workers)
    away = sorted(worker.away_seconds for worker in on_doomed)
    answers, revisions = sum(each.typed - TYPED for each in workers), sum(each.revision - 1 for each in workers)
    print(f"\n{PEOPLE} people, {answers} answers and {revisions} revisions acknowledged around the kill; none lost.")
    print(f"{len(on_doomed)} were on the replica that died, {stayed.count(False)} met it at work;")
    print(f"back after {statistics.median(away):.1f} s (median), {away[-1]:.1f} s (longest), {AT_ONCE} at once.")
    doomed.start()
    store.close()
    for worker in workers:
        worker.tab.close()


def test_an_open_page_comes_back_by_itself(browser: Browser, killed: Signed) -> None:
    """In Chromium, without reloading: the browser connects to the other replica, which draws what the address says."""
    house = killed.house
    context = browser.new_context(ignore_https_errors=True, reduced_motion="reduce")
    cookies = killed.person("bob", house.replicas[0]).browser.cookies
    context.add_cookies([{"name": name, "value": value, "url": house.address} for name, value in cookies.items()])
    tab = AppPage(context.new_page(), house.address)
    tab.page.goto(f"{house.address}/?lang=en&daily_requests=20000&budget=20000&quality_need=high")
    settled(tab)
    field = tab.page.locator("[class*='st-key-w-main-daily_requests'] input")
    field.fill("23456")
    field.press("Tab")
    expect(tab.page).to_have_url(re.compile("daily_requests=23456"), timeout=60_000)
    settled(tab)
    tab.page.evaluate("window.stillHere = true")
    served = answered_by(house.logged(" GET / ", 1)[-1])
    mine = next(replica for replica in house.replicas if served.endswith(f":{replica.port}"))
    mine.kill()
    began = time.monotonic()
    tab.page.wait_for_selector("[data-testid=stApp]:not([data-test-connection-state=CONNECTED])", timeout=60_000)
    settled(tab)
    expect(field).to_have_value("23,456", timeout=60_000)
    print(f"an open page was back after {time.monotonic() - began:.1f} s")
    expect(tab.page).to_have_url(re.compile("daily_requests=23456"))
    expect(tab.page.get_by_role("button", name="Bob")).to_be_visible()
    assert tab.page.evaluate("window.stillHere")
    context.close()


def opened_again(address: str) -> Store:
    """The database, once it answers."""
    until = time.monotonic() + LONGEST_SECONDS
    while True:
        try:
            return open_store(address)
        except StoreError:
            assert time.monotonic() < until
            time.sleep(0.2)


def test_the_app_goes_on_while_the_database_is_down(killed: Signed) -> None:
    """It says that it cannot save, loses nothing of what was typed, and saves once the database is back."""
    store = open_store(killed.house.database)
    worker = workers_of(killed, store, 1)[0]
    store.close()
    data = Path(killed.house.database.partition("host=")[2]) / "data"
    begun = shlex.split((data / "postmaster.opts").read_text(encoding="utf-8"))
    subprocess.run([Path(begun[0]).with_name("pg_ctl"), "-D", data, "-m", "immediate", "stop"], check=True, **AS_OTHER)
    try:
        worker.tab.type("w.main.daily_requests", "23456")
        assert worker.tab.answer("daily_requests") == "23456"
        worker.tab.save("")
        assert "cannot be reached" in worker.tab.text_seen()
        assert worker.tab.answer("daily_requests") == "23456"
        worker.come_back()
        assert "cannot be reached" in worker.tab.text_seen()
        assert worker.tab.widget("w.try_again")
        assert (worker.tab.case, worker.tab.answer("daily_requests")) == (worker.case, "23456")
    finally:
        subprocess.Popen(begun, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **AS_OTHER)
    store = opened_again(killed.house.database)
    worker.come_back()
    worker.tab.save("")
    found = cases.revision(store, worker.actor, worker.case, 2)
    assert "daily_requests: 23456" in found.content.answers
    store.close()
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
        workers = workers_of(signed, store, FEW)

        first.stop()
        first.start(release)
        assert version_of(store) == NEXT
        with store.reading() as connection:
            assert inspect(connection).has_table("colours")
        on_old, on_new = workers[1::2], workers[::2]
        assert all(at_once(on_old, Worker.work))
        old = subprocess.run(
            [sys.executable, "-m", "advisor"], cwd=ROOT, env=second.environment, capture_output=True, text=True
        )
        assert old.returncode == launch.WRONG_SETTINGS
        assert "written by a newer release" in old.stderr
        assert old.stderr.count("\n") == 1
        at_once(on_new, Worker.come_back)
        assert all(at_once(on_new, Worker.work))

        second.stop()
        at_once(on_old, Worker.come_back)
        second.start(release)
        at_once(workers, Worker.come_back)
        nothing_is_lost(store, workers)
        store.close()
        assert "Traceback" not in signed.house.everything_logged()
        for worker in workers:
            worker.tab.close()
