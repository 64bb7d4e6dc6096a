"""A worker process: reads one :class:`~advisor.ui.works.Request` after another and writes what came of it.

It is started by :mod:`advisor.ui.workers` as ``python -m advisor.ui.worker``, not by ``multiprocessing``: that would
run the main module again, and Streamlit puts the page being drawn in its place. It ends when the server does.
"""

import copyreg
import io
import logging
import os
import pickle
import signal
import sys
import traceback
from types import MappingProxyType
from typing import IO, Any

from advisor.core.notices import InputError
from advisor.ui import logs, works

log = logging.getLogger("advisor.ui.worker")  # it is the main module, which has another name


BEHIND_THE_SERVER = 10


class _Plain(pickle.Pickler):
    """Also writes mappings that cannot be changed."""

    dispatch_table = copyreg.dispatch_table.copy()
    dispatch_table[MappingProxyType] = lambda mapping: (works.fixed, (dict(mapping),))


def packed(value: Any) -> bytes:
    """One value on its way to the other process."""
    held = io.BytesIO()
    _Plain(held, pickle.HIGHEST_PROTOCOL).dump(value)
    return held.getvalue()


def send(value: bytes, to: IO[bytes]) -> None:
    to.write(value)
    to.flush()


def main() -> None:
    """Work until nothing more comes. What is printed goes to the log, since the answers have standard output."""
    to, received = os.fdopen(os.dup(1), "wb"), sys.stdin.buffer
    os.dup2(2, 1)
    logs.begin_as_set()
    if hasattr(os, "nice"):  # where there are not enough cores for all, answers go before files
        os.nice(BEHIND_THE_SERVER)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C ends the server, and with it what it sends
    while True:
        try:
            _answer(pickle.load(received), to)
        except (EOFError, BrokenPipeError):
            return


def _answer(request: works.Request, to: IO[bytes]) -> None:
    """How far it is as ``("part", share)``, then the result or why there is none."""

    def tell(part: float) -> None:
        send(packed(("part", part)), to)

    logs.now.set(request.redraw)
    try:
        said = packed(("done", works.done(request, tell)))
    except InputError as error:
        said = packed(("refused", error.issues))
    except works.OtherData:
        said = packed(("other_data", None))
    except Exception:
        log.exception("work failed")
        said = packed(("failed", traceback.format_exc()))
    send(said, to)


if __name__ == "__main__":
    main()
