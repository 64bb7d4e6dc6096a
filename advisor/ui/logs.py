"""The log of the app: one record a line, and nothing of anybody's case in it.

Of a record only what we wrote ourselves is told: the words of its call, never what was filled into them; values under
the names in ``TOLD``, which are numbers and short marks; and of an exception its type, the codes of its issues and the
places in the code it came through, never its message, which quotes what could not be read. Words of a library are not
ours, so of its records only the place is told.
"""

import json
import logging
import re
import sys
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from types import TracebackType

from advisor.core.notices import InputError
from advisor.core.observing import LogForm, log_form
from advisor.core.places import HOME

OURS = "advisor"
TOLD = ("duration_ms", "drawn", "port", "version")
"""Names under which a call may hand over a value with ``extra``."""
MARK = re.compile(r"[\w.:+-]{1,60}", re.ASCII)
"""What a value in words may be."""
LIBRARY = "told by a library"
FULL = "%(asctime)s %(levelname)s %(name)s: %(message)s"
UNREADABLE = "a setting cannot be read; the command doctor says which"
MOST_CAUSES, MOST_PLACES = 5, 60

log = logging.getLogger(__name__)


@dataclass
class Redraw:
    """One drawing of a page, or of a part of it: the number that a user can quote, and since when it is drawn."""

    number: str
    page: str
    drawn: str
    began: float
    is_over: bool = False

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return perf_counter() - self.began


now: ContextVar[Redraw | None] = ContextVar("redraw", default=None)
"""What this thread draws, or drew last."""


class OneLine(logging.Formatter):
    """A record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(fields_of(record), ensure_ascii=False)


class Readable(logging.Formatter):
    """The same as a line for people, with one below it for each place in the code."""

    def format(self, record: logging.LogRecord) -> str:
        told = fields_of(record)
        head = " ".join(str(told.pop(name)) for name in ("time", "level", "logger"))
        event, places = told.pop("event"), told.pop("stack", None)
        rest = " ".join(f"{name}={_listed(value)}" for name, value in told.items())
        return "\n    ".join([f"{head}: {event} {rest}".rstrip(), *(places if isinstance(places, list) else ())])


def fields_of(record: logging.LogRecord) -> dict[str, object]:
    """All that may be told of a record."""
    is_ours = record.name == OURS or record.name.startswith(f"{OURS}.")
    told: dict[str, object] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "event": record.msg if is_ours and isinstance(record.msg, str) else LIBRARY,
    }
    redraw = now.get()
    if redraw is not None:
        told.update(request=redraw.number, page=redraw.page)
    if is_ours:
        told.update((name, value) for name in TOLD if _may_be_told(value := getattr(record, name, None)))
    told["at"] = f"{_short(record.pathname)}:{record.lineno}"
    error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    if error is not None:
        told.update(_of_error(error))
    return told


def _may_be_told(value: object) -> bool:
    return isinstance(value, int | float) or (isinstance(value, str) and MARK.fullmatch(value) is not None)


def _of_error(error: BaseException) -> dict[str, object]:
    """Types of an exception and of what led to it, the codes of issues, and the places it came through."""
    chain = list(_causes(error))
    codes = [issue.code for each in chain if isinstance(each, InputError) for issue in each.issues]
    told: dict[str, object] = {"error": [type(each).__name__ for each in chain]}
    if codes:
        told["issues"] = codes
    return {**told, "stack": list(_places(error.__traceback__))[-MOST_PLACES:]}


def _causes(error: BaseException) -> Iterator[BaseException]:
    one: BaseException | None = error
    for _ in range(MOST_CAUSES):
        if one is None:
            return
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _places(trace: TracebackType | None) -> Iterator[str]:
    while trace is not None:
        code = trace.tb_frame.f_code
        yield f"{_short(code.co_filename)}:{trace.tb_lineno} {code.co_name}"
        trace = trace.tb_next


def _short(file: str) -> str:
    """A file of code without the folder that this copy of the product, or of a library, lies in."""
    path = Path(file)
    if path.is_relative_to(HOME) and "site-packages" not in path.parts:
        return path.relative_to(HOME).as_posix()
    parts = path.parts
    after = parts.index("site-packages") + 1 if "site-packages" in parts else len(parts) - 1
    return "/".join(parts[after:])


def _listed(value: object) -> str:
    return "<".join(map(str, value)) if isinstance(value, list) else str(value)


# -- taking over what is logged -------------------------------------------------------------------------


class _ToStandardError(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to what is standard error at that moment."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def begin_as_set() -> None:
    """Log as the setting says; in text where it cannot be read."""
    try:
        begin(log_form())
    except InputError:
        begin("text")
        log.exception(UNREADABLE)


def begin(form: LogForm) -> None:
    """From now on everything in this process is logged in this form, also what a library or a lost thread says."""
    handler = _ToStandardError()
    handler.setFormatter({"json": OneLine(), "text": Readable(), "full": logging.Formatter(FULL)}[form])
    root = logging.getLogger()
    for before in [each for each in root.handlers if isinstance(each, _ToStandardError)]:
        root.removeHandler(before)
    root.addHandler(handler)
    logging.getLogger(OURS).setLevel(logging.INFO if form == "json" else logging.WARNING)
    logging.captureWarnings(True)
    threading.excepthook = _lost
    _hand_on_all()


def take_over() -> None:
    """In a server that runs: what it has made since hands on too, and nothing is printed past every logger.

    Where Rich is installed Streamlit prints an exception with it, its message and lines of code.
    """
    import streamlit

    streamlit.set_option("logger.enableRich", False)
    _hand_on_all()


def _hand_on_all() -> None:
    """Loggers that write by themselves hand on instead."""
    for logger in list(logging.root.manager.loggerDict.values()):
        if isinstance(logger, logging.Logger):
            _hand_on(logger)


def _hand_on(logger: logging.Logger) -> None:
    for handler in list(logger.handlers):
        if isinstance(handler, logging.StreamHandler) and not isinstance(handler, logging.FileHandler):
            logger.removeHandler(handler)
            logger.propagate = True


def take_from_streamlit() -> None:
    """Streamlit gives each of its loggers a writer of its own when it is first asked for."""
    from streamlit import logger as theirs

    made = theirs.setup_formatter

    def handed_on(logger: logging.Logger) -> None:
        made(logger)
        _hand_on(logger)

    theirs.setup_formatter = handed_on
    _hand_on_all()


def _lost(said: threading.ExceptHookArgs) -> None:
    """A thread ended by an exception; Python itself would write its message."""
    if said.exc_value is not None and said.exc_type is not SystemExit:
        log.error("a thread failed", exc_info=said.exc_value)
