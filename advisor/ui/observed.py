"""What whoever runs the app sees of it: a number for each redraw, a log, and metrics where a port is set.

Drawing code calls a few functions here; without a port each returns at once.
"""

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from types import ModuleType
from typing import TypeVar

import streamlit as st
from streamlit import runtime

from advisor import __version__
from advisor.core.notices import InputError
from advisor.core.observing import metrics_address
from advisor.text.i18n import Translator
from advisor.ui import logs
from advisor.ui.logs import UNREADABLE, Redraw, now

log = logging.getLogger(__name__)
Found = TypeVar("Found")
SESSION = "observed"
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""None of them is taken for another when it is read out."""
SIGNS = 6
WHOLE, PART, CLICK = "whole", "part", "click"


@dataclass
class _Session:
    """What the numbers of a session begin with, how many there were, and its page."""

    sign: str
    redraws: int = 0
    page: str = ""


@dataclass
class _Process:
    """What was begun in this process."""

    is_logging: bool = False
    is_served: bool = False
    metrics: ModuleType | None = None


process = _Process()


def begin() -> None:
    """Log and serve metrics as the settings say, once; what a setting does not say is logged, and left out."""
    if process.is_logging:
        return
    process.is_logging = True
    logs.begin_as_set()
    logs.take_from_streamlit()
    try:
        address = metrics_address()
    except InputError:
        log.exception(UNREADABLE)
        address = None
    if address is not None:
        _serve(*address)
    log.info("begun", extra={"version": __version__})


def _serve(address: str, port: int) -> None:
    from advisor.ui import metrics

    try:
        metrics.serve(address, port)
    except OSError:
        log.exception("metrics cannot be served", extra={"port": port})
        return
    process.metrics = metrics


def begin_in_server() -> bool:
    """The same where a real server runs, at its first page; whether that was now."""
    if process.is_served or not runtime.exists() or type(runtime.get_instance()) is not runtime.Runtime:
        return False
    process.is_served = True
    begin()
    logs.take_over()
    return True


@contextmanager
def redraw(drawn: str = WHOLE) -> Iterator[None]:
    """Draw a page, or a part of it alone: under a number of its own, logged and measured when it is over."""
    before = now.get()
    if before is not None and not before.is_over:  # a part within the whole page
        yield
        return
    one = _numbered(drawn)
    try:
        yield
    finally:
        one.is_over = True
        if process.metrics is not None:
            process.metrics.REDRAWS.labels(one.page, drawn).observe(one.seconds)
        log.info("drawn", extra={"duration_ms": round(one.seconds * 1000), "drawn": drawn})


def _numbered(drawn: str) -> Redraw:
    """What begins now, under the next number of the session."""
    session: _Session = st.session_state.setdefault(SESSION, _Session(_sign()))
    session.redraws += 1
    one = Redraw(f"{session.sign}-{session.redraws}", session.page, drawn, perf_counter())
    now.set(one)
    return one


def _sign() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(SIGNS))


def on_page(name: str) -> None:
    """The page that is drawn, by its name in the code."""
    one, session = now.get(), st.session_state.get(SESSION)
    if one is not None:
        one.page = name
    if session is not None:
        session.page = name


def failed(error: Exception, t: Translator) -> str:
    """Log and count what kept a page from being drawn; what its reader is told, with the number to quote."""
    log.exception("page failed")
    _count_error("page", error)
    return failed_text(t)


def failed_text(t: Translator) -> str:
    """What the reader of a page that could not be drawn is told, with the number to quote."""
    return f"{t('app.page_failed')}\n\n{number_to_quote(t)}".strip()


def number_to_quote(t: Translator) -> str:
    """The number of this redraw in a sentence; nothing outside any."""
    one = now.get()
    return "" if one is None else t("observed.quote", number=one.number)


def lost(error: BaseException) -> None:
    """Log and count what no page caught, under a number of its own: no redraw has begun, or one is over."""
    _numbered(CLICK).is_over = True
    log.error("not caught by a page", exc_info=error)
    _count_error("uncaught", error)


def _count_error(place: str, error: BaseException) -> None:
    if process.metrics is not None:
        process.metrics.ERRORS.labels(place, type(error).__name__).inc()


def asked(what: str, found: Found) -> Found:
    """Count that a result was asked for; those that were not computed were remembered."""
    if process.metrics is not None:
        process.metrics.ASKED.labels(what).inc()
    return found


def computed(what: str, found: Found) -> Found:
    """Count that a result was computed."""
    if process.metrics is not None:
        process.metrics.COMPUTED.labels(what).inc()
    return found


def of_redraw(build: Callable[[], Found]) -> Callable[[], Found]:
    """A file is built on a click, outside any redraw: under the number of the one that offered it."""
    offered = now.get()

    def built() -> Found:
        now.set(offered)
        began = perf_counter()
        try:
            return build()
        except Exception as error:
            log.exception("file failed")
            _count_error("file", error)
            raise
        finally:
            if process.metrics is not None:
                process.metrics.FILES.observe(perf_counter() - began)

    return built


@contextmanager
def work(name: str) -> Iterator[None]:
    """Work of seconds that a worker does: measured with its wait, told apart by how it ended."""
    began, ended = perf_counter(), "done"
    try:
        yield
    except Exception as error:
        ended = type(error).__name__
        raise
    finally:
        if process.metrics is not None:
            process.metrics.WORK.labels(name, ended).observe(perf_counter() - began)


def watch_queue(what: str, length: Callable[[], int]) -> None:
    """Tell the length of a queue of heavy work in the metrics; asked whenever they are read."""
    if process.metrics is not None:
        process.metrics.watch_queue(what, length)
