"""What takes seconds, away from the pages: in worker processes, or in the server where it is to have none.

A download is built while its button turns; who has to wait sees the place in line beside it.
"""

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import count
from threading import Event
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar

import streamlit as st
from streamlit import runtime

from advisor.catalog.catalog import Catalog
from advisor.core.notices import InputError, Issue
from advisor.core.places import WORKERS
from advisor.decision.advice import Advice
from advisor.scenario import Scenario
from advisor.text.i18n import Translator
from advisor.text.phrases import joined
from advisor.ui import observed, works
from advisor.ui.logs import now
from advisor.ui.workers import LOOK_SECONDS, MOST_IN_LINE, Turn, WorkerPool

log = logging.getLogger(__name__)
USUAL_WORKERS, MOST_WORKERS = 2, 64
OTHER_THREADS = 16
"""Threads of the server's loop beside those in which downloads wait."""
ASKED = "asked"
PATIENCE_SECONDS = LOOK_SECONDS + 0.2
"""So long a clicked button waits to hear whether its file waits."""
MOST_PATIENCE_SECONDS = 30.0
AGAIN_SECONDS = 1.0
FILES_KEPT = 32
P = ParamSpec("P")
R = TypeVar("R")


def worker_count() -> int:
    """How many worker processes there are to be: ``ADVISOR_WORKERS``, else one for every core beside the first, two at
    most; 0 for none. Raises :class:`InputError` for what is no such number."""
    told = os.environ.get(WORKERS, "").strip()
    if not told:
        return max(1, min(USUAL_WORKERS, _cores() - 1))
    if not (told.isascii() and told.isdecimal() and int(told) <= MOST_WORKERS):
        raise InputError([Issue(WORKERS, "worker_count", {"value": told[:40], "most": MOST_WORKERS})])
    return int(told)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _of_server() -> WorkerPool:
    return WorkerPool(worker_count())


def _pool() -> WorkerPool | None:
    """The workers of this server; none outside a real server, and where there are to be none."""
    is_served = runtime.exists() and type(runtime.get_instance()) is runtime.Runtime
    return _of_server() if is_served and worker_count() > 0 else None


def when_idle(work: Callable[[R], object], of: R) -> None:
    """Do what nobody has asked for yet, unless that would make somebody wait; then it is left."""
    pool = _pool()
    if pool is None or pool.is_idle():
        with suppress(InputError):
            work(of)


def of_case(
    turn: Turn,
    work: Callable[Concatenate[Advice, Catalog, P], R],
    advice: Advice,
    catalog: Catalog,
    *arguments: P.args,
    **named: P.kwargs,
) -> R:
    """A work of :data:`~advisor.ui.works.OF_A_CASE`. Raises as :meth:`~advisor.ui.workers.WorkerPool.do`."""

    def request() -> works.Request:
        return works.Request(work.__name__, arguments, named, works.plain(advice), now.get())

    return _done(turn, request, lambda: work(advice, catalog, *arguments, **named))


def of_cases(
    turn: Turn,
    work: Callable[Concatenate[Sequence[Scenario], Catalog, date, P], R],
    cases: Sequence[Scenario],
    catalog: Catalog,
    on: date,
    *arguments: P.args,
    **named: P.kwargs,
) -> R:
    """A work of :data:`~advisor.ui.works.OF_CASES`; raises likewise."""

    def request() -> works.Request:
        return works.Request(work.__name__, arguments, named, works.plain_cases(cases, catalog, on), now.get())

    return _done(turn, request, lambda: work(cases, catalog, on, *arguments, **named))


def _done(turn: Turn, request: Callable[[], works.Request], here: Callable[[], R]) -> R:
    """Done by a worker; in the server where there is none, and where the data on disk are no longer the server's."""
    pool = _pool()
    if pool is not None:
        asked = request()
        try:
            with observed.work(asked.work):
                found: R = pool.do(asked, turn)
            return found
        except works.OtherData:
            log.warning("the data on disk have changed since the server read them: %s is done in it", asked.work)
    return here()


def for_page(
    work: Callable[Concatenate[Advice, Catalog, P], R], advice: Advice, catalog: Catalog, *a: P.args, **named: P.kwargs
) -> R:
    """The same, for a page that waits."""
    return of_case(Turn(is_page=True), work, advice, catalog, *a, **named)


def of_no_case(
    turn: Turn, work: Callable[Concatenate[works.Tell, P], R], tell: works.Tell, *arguments: P.args, **named: P.kwargs
) -> R:
    """A work of :data:`~advisor.ui.works.OF_NO_CASE`; raises likewise."""
    pool = _pool()
    if pool is None:
        return work(tell, *arguments, **named)
    request = works.Request(work.__name__, arguments, named, redraw=now.get())
    with observed.work(request.work):
        found: R = pool.do(request, turn, tell)
    return found


def let_wait() -> None:
    """Let as many downloads wait as there are places in line.

    Streamlit builds a download in a thread of its loop, of which there are four more than cores: the others would wait
    unseen, and be lost where their page was drawn anew in the meantime.
    """
    pool = _pool()
    if pool is not None:
        observed.watch_queue("heavy", pool.waiting)
        loop = runtime.get_instance()._get_async_objs().eventloop
        threads = ThreadPoolExecutor(MOST_IN_LINE + MOST_WORKERS + OTHER_THREADS, "loop")
        loop.call_soon_threadsafe(loop.set_default_executor, threads)


def warm_up() -> None:
    """Start a worker, or load here what it would."""
    of_no_case(Turn(), works.warm, works.untold)


# -- downloads ------------------------------------------------------------------------------------------


@dataclass
class Asked:
    """What a button was last asked for: its place in line, 0 while it does not wait."""

    place: int = 0
    is_clicked: bool = False
    begun: Event = field(default_factory=Event)
    drawn: Event = field(default_factory=Event)
    known: Event = field(default_factory=Event)

    def hear(self, place: int) -> None:
        self.place = place
        self.known.set()

    def begin(self) -> None:
        """The file was asked for. What was typed just before may still be on its way to the script, which draws the
        button anew once it has it."""
        self.drawn.clear()
        self.begun.set()
        self.drawn.wait(MOST_PATIENCE_SECONDS)

    def expect(self) -> None:
        """Wait, before the button is drawn anew, until its file is being built: drawn anew, it offers another one, and
        Streamlit forgets what it offered before, even if somebody has just asked for it."""
        self.begun.wait(MOST_PATIENCE_SECONDS)
        self.begun.clear()
        self.is_clicked = True

    def draw(self) -> None:
        """Let the file be built of what stands there now, and wait a moment whether it has to wait."""
        if self.is_clicked:
            self.is_clicked = False
            self.drawn.set()
            self.known.wait(PATIENCE_SECONDS)
            self.known.clear()


def download(
    label: str,
    build: Callable[[Turn], bytes],
    file_name: str,
    mime: str,
    t: Translator,
    *,
    key: str,
    type: Literal["primary", "secondary"] = "secondary",
    **look: Any,
) -> None:
    """A button for a file that takes seconds; the page around it is not drawn anew for it."""
    asked: Asked = st.session_state.setdefault(f"{ASKED}.{key}", Asked())

    def built() -> bytes:
        is_queued = _pool() is not None
        if is_queued:
            asked.begin()
        try:
            content = build(Turn(told=asked.hear))
            if is_queued:
                _keep(content, mime, file_name)
            return content
        finally:
            asked.hear(0)

    numbered = observed.of_redraw(built)

    @st.fragment
    def offer() -> None:
        asked.draw()
        clicked: Literal["ignore"] | Callable[[], None] = "ignore" if _pool() is None else asked.expect
        st.download_button(label, numbered, file_name, mime, key=key, type=type, on_click=clicked, **look)
        if asked.place > 0:
            st.fragment(_place, run_every=AGAIN_SECONDS)(asked, t)

    offer()


def _keep(content: bytes, mime: str, file_name: str) -> None:
    """Let Streamlit keep a file until some others were built after it.

    It forgets a built file with the second run of any page that ends, which on a busy server may be before the browser
    has fetched it. Kept outside any run, a file belongs to no session.
    """
    place = f"{ASKED}.{next(_built_so_far()) % FILES_KEPT}"
    files = runtime.get_instance().media_file_mgr
    files.add(content, mime, place, file_name, is_for_static_download=True)


@cache
def _built_so_far() -> Iterator[int]:
    return count()


def refusal(text: str, t: Translator) -> str:
    """Our words, as HTML, in the place of Streamlit's own under a download that failed: those are always English.

    With the number of the redraw that offers it, under which the log has what failed.
    """
    told = joined((text, observed.number_to_quote(t)), t)
    told = told.replace("\\", "").replace('"', "").replace("<", "")
    error = "[data-testid=stDownloadButtonError]"
    theirs = "font-size: 0; visibility: hidden"  # the second is for who has the page read aloud
    ours = f'content: "{told}"; font-size: .875rem; visibility: visible'
    return f"<style>{error} {{{theirs}}} {error}::after {{{ours}}}</style>"


def _place(asked: Asked, t: Translator) -> None:
    """The place in line until the turn has come; then the page is drawn once, which ends the asking."""
    if asked.place == 0:
        st.rerun()
    st.caption(t("heavy.place", place=asked.place))


def waits_text(place: int, t: Translator) -> str:
    """The place in line of a page that waits, in words; nothing for 0, which does not wait."""
    return t("heavy.page_place", place=place) if place > 0 else ""
