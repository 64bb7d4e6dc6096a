"""Twenty writers are killed at once, each acknowledged by then: nothing acknowledged is lost, every chain is whole."""

import selectors
import signal
import subprocess
import sys
import time
from pathlib import Path

from advisor.store import cases
from advisor.store.database import Store
from advisor.store.verifying import verify
from tests.store.made import content
from tests.store.writer import EVERYBODY

ROOT = Path(__file__).parents[2]
WRITERS = 20
LONGEST_SECONDS = 240
"""Twenty processes have to start; on a busy machine that takes most of it."""


def started(address: str, shared: str) -> list[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.store.writer", address]
    return [
        subprocess.Popen([*command, f"writer {number}", shared], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for number in range(WRITERS)
    ]


def wait_for_each(writers: list[subprocess.Popen[str]]) -> list[list[str]]:
    """The first line of each writer."""
    waiting, first = selectors.DefaultSelector(), [[""] for _ in writers]
    for number, writer in enumerate(writers):
        waiting.register(writer.stdout, selectors.EVENT_READ, number)
    until = time.monotonic() + LONGEST_SECONDS
    while waiting.get_map():
        for key, _ in waiting.select(timeout=max(until - time.monotonic(), 0)):
            first[key.data] = [key.fileobj.readline()]
            waiting.unregister(key.fileobj)
        assert time.monotonic() < until
    return first


def acknowledged(lines: list[str]) -> set[tuple[str, int]]:
    """Revisions that a writer was told are saved; a line that the kill cut short is none."""
    whole = (line.split() for line in lines if line.endswith("\n"))
    return {(case_id, int(number)) for case_id, number in whole}


def test_nothing_acknowledged_is_lost(store: Store, ready: str) -> None:
    shared = cases.create(store, EVERYBODY, "Shared", content())
    begun = time.monotonic()
    writers = started(ready, shared)
    try:
        lines = wait_for_each(writers)
    finally:
        for writer in writers:
            writer.send_signal(signal.SIGKILL)
    for writer, told in zip(writers, lines, strict=True):
        told += (writer.communicate()[0] or "").splitlines(keepends=True)
    told = [acknowledged(each) for each in lines]
    wanted = set().union(*told)
    assert all(told)
    assert {writer.returncode for writer in writers} == {-signal.SIGKILL}
    found = verify(store)
    kept = {
        (case.id, head.number)
        for case in cases.listed(store, EVERYBODY)
        for head in cases.history(store, EVERYBODY, case.id)
    }
    print(
        f"{store.place.split(':')[0]}: {len(wanted)} acknowledged, {len(kept)} kept, {time.monotonic() - begun:.1f} s"
    )
    assert found.broken == ()
    assert wanted <= kept
    number = cases.find(store, EVERYBODY, shared).latest
    assert cases.save(store, EVERYBODY, shared, number, content()) == number + 1  # no lock is left behind
