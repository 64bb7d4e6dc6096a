"""What Prometheus reads, on a port of its own; loaded only where one is asked for."""

from collections.abc import Callable

from prometheus_client import Counter, Gauge, Histogram, start_http_server

from advisor import __version__

BUCKETS = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60)
"""Bounds of a redraw [s]."""
REDRAWS = Histogram("advisor_redraw_seconds", "Time to draw a page or a part of it", ("page", "drawn"), buckets=BUCKETS)
FILES = Histogram("advisor_file_seconds", "Time to build a file that was asked for", buckets=BUCKETS)
WORK = Histogram(
    "advisor_work_seconds", "Time from asking a worker to its result, wait included", ("work", "ended"), buckets=BUCKETS
)
ASKED = Counter("advisor_asked", "Results asked for, computed or remembered", ("what",))
COMPUTED = Counter("advisor_computed", "Results that were not remembered and had to be computed", ("what",))
ERRORS = Counter("advisor_errors", "Faults that a user met", ("place", "kind"))
QUEUE = Gauge("advisor_queue_length", "Heavy work that waits", ("what",))
RELEASE = Gauge("advisor_release", "Always 1; the release is the label", ("version",))


def serve(address: str, port: int) -> None:
    """Answer on this address from now on. Raises :class:`OSError` where that is not possible."""
    start_http_server(port, addr=address)
    RELEASE.labels(__version__).set(1)


def watch_queue(what: str, length: Callable[[], int]) -> None:
    """Ask this function for the length of a queue whenever metrics are read."""
    QUEUE.labels(what).set_function(length)
