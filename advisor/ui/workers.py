"""A few processes beside the server that do what takes seconds, and the line in front of them.

Python runs one thread at a time, so that a report computed in the server would stop every page. Whoever asks waits in
a thread of their own: first in line, then for the process.
"""

import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Timer
from typing import Any

from advisor.core.notices import InputError, Issue
from advisor.core.places import PACKAGE, WORKERS
from advisor.ui import works
from advisor.ui.worker import packed, send

log = logging.getLogger(__name__)
COMMAND = (sys.executable, "-P", "-m", "advisor.ui.worker")
MOST_IN_LINE = 24
"""More than these are sent away: the last of them waits for about a minute."""
LONGEST_SECONDS = 300.0
LOOK_SECONDS = 0.5
"""So often whoever waits is told the place in line."""
Process = subprocess.Popen[bytes]


class WorkerFault(RuntimeError):
    """A fault of the product in a worker, with its traceback."""


@dataclass(eq=False)
class Turn:
    """One wish. Where a page waits for it, it goes before files.

    ``told`` is called with the place in line, from 1, again and again while it waits, with 0 when its turn has come.
    """

    is_page: bool = False
    told: Callable[[int], object] | None = None


class WorkerPool:
    """``count`` processes, started when they are first needed; at most ``most`` wishes wait for them."""

    def __init__(
        self, count: int, most: int = MOST_IN_LINE, command: tuple[str, ...] = COMMAND, longest: float = LONGEST_SECONDS
    ) -> None:
        self.count, self.most, self.command, self.longest = count, most, command, longest
        self._line: list[Turn] = []
        self._resting: list[Process] = []
        self._busy = 0
        self._changed = Condition()

    def do(self, request: works.Request, turn: Turn, tell: works.Tell = works.untold) -> Any:
        """The result of a work, when its turn has come; ``tell`` is told how much of it is done.

        Raises :class:`InputError` where the line is full, the process died or took too long, and what the work itself
        refuses; :class:`~advisor.ui.works.OtherData`; :class:`WorkerFault`.
        """
        self._wait(turn)
        process, is_sound = None, False
        try:
            process = self._rested() or self._started()
            said, value = self._exchange(process, request, tell)
            is_sound = True
        finally:
            if process is not None and not is_sound:
                _end(process)
            self._give_back(process if is_sound else None)
        return _result(said, value)

    def is_idle(self) -> bool:
        """Whether a wish would be done at once."""
        with self._changed:
            return not self._line and self._busy < self.count

    def waiting(self) -> int:
        """Works in line, which no worker has begun."""
        return len(self._line)

    def close(self) -> None:
        """End the processes that rest."""
        while (process := self._rested()) is not None:
            _end(process)

    def _wait(self, turn: Turn) -> None:
        """Until the turn has come. Whoever goes away while waiting leaves the line."""
        with self._changed:
            if len(self._line) >= self.most:
                raise InputError([Issue(WORKERS, "line_full", {"most": self.most})])
            before = next((k for k, other in enumerate(self._line) if turn.is_page and not other.is_page), None)
            self._line.insert(len(self._line) if before is None else before, turn)
        has_come = False
        try:
            while (place := self._place(turn)) > 0:
                _tell(turn, place)
            has_come = True
            _tell(turn, 0)
        except BaseException:  # of Streamlit's own, which ends a run of the page wherever it tells something
            with self._changed:
                self._busy -= has_come
            raise
        finally:
            with self._changed:
                if turn in self._line:
                    self._line.remove(turn)
                self._changed.notify_all()

    def _place(self, turn: Turn) -> int:
        """Place in line after a moment; 0 where the turn has come, which leaves the line and counts as at work."""
        with self._changed:
            if self._changed.wait_for(lambda: self._line[0] is turn and self._busy < self.count, LOOK_SECONDS):
                self._line.pop(0)
                self._busy += 1
                return 0
            return self._line.index(turn) + 1

    def _give_back(self, process: Process | None) -> None:
        with self._changed:
            self._busy -= 1
            if process is not None:
                self._resting.append(process)
            self._changed.notify_all()

    def _rested(self) -> Process | None:
        """A process that waits for work; those that ended in the meantime are gone."""
        while True:
            with self._changed:
                process = self._resting.pop() if self._resting else None
            if process is None or process.poll() is None:
                return process
            _end(process)

    def _started(self) -> Process:
        path = os.pathsep.join(filter(None, (str(PACKAGE.parent), os.environ.get("PYTHONPATH", ""))))
        environment = {**os.environ, "PYTHONPATH": path}
        try:
            return subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        except OSError as error:
            log.error("no worker can be started: %s", error)
            raise InputError([Issue(WORKERS, "worker_ended", {})]) from None

    def _exchange(self, process: Process, request: works.Request, tell: works.Tell) -> tuple[str, Any]:
        """What the process says at last. One that takes too long is ended."""
        assert process.stdin is not None
        assert process.stdout is not None
        limit = Timer(self.longest, process.kill)
        limit.start()
        try:
            send(packed(request), process.stdin)
            while True:
                said, value = pickle.load(process.stdout)
                if said != "part":
                    return said, value
                tell(value)
        except (EOFError, OSError, pickle.UnpicklingError):
            log.error("a worker ended at work: %s, exit code %s", request.work, process.poll())
            raise InputError([Issue(WORKERS, "worker_ended", {})]) from None
        finally:
            limit.cancel()


def _tell(turn: Turn, place: int) -> None:
    if turn.told is not None:
        turn.told(place)


def _result(said: str, value: Any) -> Any:
    match said:
        case "done":
            return value
        case "refused":
            raise InputError(value)
        case "other_data":
            raise works.OtherData
        case _:
            raise WorkerFault(value)


def _end(process: Process) -> None:
    """End a process and what leads to it."""
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:  # what was on its way has nobody to go to
                continue
    process.wait()
