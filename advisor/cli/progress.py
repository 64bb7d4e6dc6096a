"""How far long work has come, on a terminal's error stream; elsewhere only where it is asked for."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

CLEAR = "\r\x1b[K"


@contextmanager
def told_progress(words: str, *, always: bool = False) -> Iterator[Callable[[float], None]]:
    """A call that takes the part that is done, 0 to 1, and rewrites one line, which is gone in the end.

    Where the stream is no terminal nothing is told, or ``always`` a line for each percent.
    """
    stream = sys.stderr
    if stream is None or not (stream.isatty() or always):
        yield lambda part: None
        return
    before, after = (CLEAR, "") if stream.isatty() else ("", "\n")
    last = -1

    def tell(part: float) -> None:
        nonlocal last
        percent = int(100 * min(max(part, 0.0), 1.0))
        if percent != last:
            last = percent
            stream.write(f"{before}{words} {percent} %{after}")
            stream.flush()

    try:
        tell(0.0)
        yield tell
    finally:
        stream.write(before)
        stream.flush()
