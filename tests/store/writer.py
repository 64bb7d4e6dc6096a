"""A process that saves until it is killed: ``python -m tests.store.writer ADDRESS NAME SHARED``.

A line ``CASE NUMBER`` goes out once a revision is acknowledged, by turns of a case of its own and of the one that all
writers share.
"""

import sys
import time

from advisor.store import cases
from advisor.store.cases import Conflict
from advisor.store.database import Store, open_store
from advisor.store.records import Actor
from tests.store.made import DAY, content

EVERYBODY = Actor("everybody", DAY)
REST_SECONDS = 0.01
"""Between two saves: SQLite queues nobody, so that among twenty who never rest one may wait beyond all patience."""


def main(address: str, name: str, shared: str) -> None:
    """Save without end."""
    store = open_store(address)
    own = cases.create(store, EVERYBODY, name, content(pdf=b"x" * 5000), name)
    _acknowledged(own, 1)
    seen = {own: 1, shared: 1}
    while True:
        for case_id in (own, shared):
            seen[case_id] = _saved(store, case_id, seen[case_id], name)
            _acknowledged(case_id, seen[case_id])
            time.sleep(REST_SECONDS)


def _saved(store: Store, case_id: str, seen: int, name: str) -> int:
    """The number of a new revision; what others saved in between is looked at first."""
    while True:
        try:
            return cases.save(store, EVERYBODY, case_id, seen, content(seen, pdf=b"x" * 5000), name)
        except Conflict as conflict:
            seen = conflict.theirs.head.number


def _acknowledged(case_id: str, number: int) -> None:
    sys.stdout.write(f"{case_id} {number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
