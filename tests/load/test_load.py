"""Twenty readers at once on two processes: each sees the figures of its own answers, and files come besides.

The same as ``make load``, shorter: 20 seconds in which each answers about every 3, so that answers meet each other as
often as those of a hundred readers do. How long anything takes is measured there, on a machine that is left alone.
"""

import asyncio
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from tests.load import run

READERS, SECONDS, EVERY = 20, 20.0, 3.0


def test_twenty_readers_see_their_own_figures() -> None:
    with run.apps(2) as addresses, ThreadPoolExecutor(1) as apart:  # a browser's loop may run in this thread
        found = apart.submit(asyncio.run, run.steady(addresses, READERS, SECONDS, EVERY)).result()
    assert found.faults == []
    assert len(found.answers) >= READERS
    assert set(found.files) == {"PDF", "workbook"}


def test_a_process_that_has_ended_does_not_end_the_watch_on_memory() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert run.children(ended.pid) == []
    assert run.resident([ended.pid]) == 0.0 < run.resident([os.getpid(), ended.pid])
