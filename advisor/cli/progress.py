"""How far long work has come, on a terminal's error stream; nowhere else, so that files of output stay clean."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

CLEAR = "\r\x1b[K"


@contextmanager
def told_progress(words: str) -> Iterator[Callable[[float], None]]:
    """A call that takes the part that is done, 0 to 1, and rewrites one line, which is gone in the end."""
    stream = sys.stderr
    if stream is None or not stream.isatty():
        yield lambda part: None
        return
    last = -1

    def tell(part: float) -> None:
        nonlocal last
        percent = int(100 * min(max(part, 0.0), 1.0))
        if percent != last:
            last = percent
            stream.write(f"{CLEAR}{words} {percent} %")
            stream.flush()

    try:
        tell(0.0)
        yield tell
    finally:
        stream.write(CLEAR)
        stream.flush()
