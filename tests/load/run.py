"""Many readers at once, on loopback: ``make load``, or ``python -m tests.load.run steady|files|churn``.

``steady``: readers on two processes who change an answer about every 20 seconds, some of whom ask for files, and who
come back in a new session after every ninth answer. ``files``: what an answer takes while ten reports are asked for at
once, beside nothing else, with and without workers. ``churn``: readers who come, answer and go. Every answer is checked
against the figures of the library for that reader's own number. Times belong to the machine; what is held to are ratios
of one run.
"""

import argparse
import asyncio
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from advisor.catalog.loader import load_catalog
from advisor.core.places import APP, WORKERS
from advisor.decision.advice import advise
from advisor.scenario import Scenario
from advisor.text.headline_phrases import headline_cards, headline_text
from advisor.text.i18n import Translator
from tests.browser.conftest import running_app
from tests.load.session import Session, opened
from tests.open_page import PageFault

ANSWERS = {"quality_need": "high", "budget": "40000"}
REQUESTS = "w.main.daily_requests.en"
REPORT, FOLD, WORKBOOK = "download.bar", "fold.more_files", ".xlsx"
EVERY_SECONDS, JITTER = 20.0, 0.25
NUMBERS_EACH = 3
PDF_READERS, WORKBOOK_READERS, FILE_EVERY = 10, 20, 6
"""Each tenth reader asks for a report after every sixth answer, each twentieth for a workbook."""
ANSWERS_A_VISIT = 9
"""Then a reader goes, and comes back in a session of its own: about every three minutes."""
AT_ONCE = 10
LOOK_SECONDS = 5.0


@dataclass(frozen=True)
class Told:
    """A number of requests a day, and the texts that an answer with it shows."""

    requests: int
    texts: tuple[str, ...]

    @property
    def typed(self) -> str:
        return f"{self.requests:,}"


def told(count: int, first: int = 8_000, step: int = 137) -> list[Told]:
    """Numbers of which no two show the same, each with what the library says of it."""
    catalog, t, found = load_catalog(), Translator("en"), []
    for k in range(count):
        requests = first + k * step
        case = Scenario.from_answers({"daily_requests": requests, "quality_need": "high", "budget": 40000})
        advice = advise(case, catalog, date.today())
        assert advice.headline is not None
        a = advice.assessment.assumptions
        cards = [card.value for card in headline_cards(advice.headline, a, t)]
        found.append(Told(requests, (headline_text(advice.headline, a.currency, t), *cards)))
    assert len({each.texts for each in found}) == count
    return found


@dataclass
class Measured:
    """What readers met: seconds of each answer and file, faults in words, memory by time [MiB]."""

    answers: list[float] = field(default_factory=list)
    files: dict[str, list[float]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    memory: list[tuple[float, float, float]] = field(default_factory=list)
    """Seconds since the start, of the servers, of their workers."""

    def keep_file(self, kind: str, seconds: float) -> None:
        self.files.setdefault(kind, []).append(seconds)


# -- one reader -----------------------------------------------------------------------------------------


async def answer(session: Session, number: Told) -> float:
    """Tell a number; seconds until its own figures stand there. Raises :class:`PageFault` for others."""
    seconds = await session.change(REQUESTS, number.typed)
    shown = session.page.text_seen().replace("\u2060", "")
    missing = [text for text in number.texts if text.replace("\u2060", "") not in shown]
    if missing or session.page.answer("daily_requests") != str(number.requests):
        raise PageFault(f"{number.requests} a day: {missing} not shown at {session.page.query}")
    return seconds


async def ask_pdf(session: Session) -> None:
    content = await session.file(REPORT)
    if not content.startswith(b"%PDF-"):
        raise PageFault(f"no PDF but {content[:20]!r}")


async def ask_workbook(address: str, number: Told) -> None:
    """As a reader does it: the page Answer, the fold with more files, the button."""
    session = await opened(address, "answer", daily_requests=str(number.requests), **ANSWERS)
    try:
        await session.change(FOLD, True)
        content = await session.file(WORKBOOK)
    finally:
        await session.close()
    if not content.startswith(b"PK"):
        raise PageFault(f"no workbook but {content[:20]!r}")


async def reader(k: int, address: str, numbers: Sequence[Told], until: float, every: float, into: Measured) -> None:
    """Change an answer again and again until the time is over; a fault is noted, and the reader comes back."""
    chance, told_so_far = random.Random(k), 0
    await asyncio.sleep(every * chance.random())
    session: Session | None = None
    while time.monotonic() < until:
        number = numbers[told_so_far % len(numbers)]
        try:
            session = session or await opened(address, daily_requests="5000", **ANSWERS)
            into.answers.append(await answer(session, number))
            told_so_far += 1
            began = time.perf_counter()
            if k % PDF_READERS == 0 and told_so_far % FILE_EVERY == 1:
                await ask_pdf(session)
                into.keep_file("PDF", time.perf_counter() - began)
            elif k % WORKBOOK_READERS == 5 and told_so_far % FILE_EVERY == 1:
                await ask_workbook(address, number)
                into.keep_file("workbook", time.perf_counter() - began)
            if told_so_far % ANSWERS_A_VISIT == 0:
                await session.close()
                session = None
        except (PageFault, OSError, TimeoutError) as fault:
            into.faults.append(f"reader {k}: {type(fault).__name__}: {fault}"[:400])
        await asyncio.sleep(every * chance.uniform(1 - JITTER, 1 + JITTER))
    if session is not None:
        await session.close()


# -- many readers ---------------------------------------------------------------------------------------


async def steady(addresses: Sequence[str], readers: int, seconds: float, every: float = EVERY_SECONDS) -> Measured:
    """``readers`` on the processes in turn, for so long."""
    found, numbers = Measured(), told(readers * NUMBERS_EACH)
    until = time.monotonic() + seconds
    watch = asyncio.create_task(memory(found))
    own = [numbers[k * NUMBERS_EACH : (k + 1) * NUMBERS_EACH] for k in range(readers)]
    each = (reader(k, addresses[k % len(addresses)], own[k], until, every, found) for k in range(readers))
    await asyncio.gather(*each)
    watch.cancel()
    return found


async def beside_files(address: str, seconds: float, at_once: int = AT_ONCE) -> tuple[list[float], list[float], float]:
    """Seconds of answers while nothing else happens, those while reports are built, and what all reports took."""
    numbers = told(at_once + 40)
    asking = [await opened(address, daily_requests=str(each.requests), **ANSWERS) for each in numbers[:at_once]]
    session, rest = await opened(address, daily_requests="5000", **ANSWERS), numbers[at_once:]
    turn = iter(range(10**6))

    async def answers(enough: asyncio.Event) -> list[float]:
        found = []
        while not enough.is_set():
            found.append(await answer(session, rest[next(turn) % len(rest)]))
            await asyncio.sleep(0.15)
        return found

    await ask_pdf(session)  # a first report loads what all need
    quiet, over = asyncio.Event(), asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, quiet.set)
    idle, began = await answers(quiet), time.perf_counter()
    files = [asyncio.create_task(ask_pdf(each)) for each in asking]
    together = asyncio.gather(*files)
    together.add_done_callback(lambda _: over.set())
    busy = await answers(over)
    await together
    for each in (*asking, session):
        await each.close()
    return idle, busy, time.perf_counter() - began


async def churn(address: str, seconds: float) -> Measured:
    """Every second somebody comes, changes three answers a second apart and goes."""
    found, numbers, until = Measured(), told(300), time.monotonic() + seconds
    watch = asyncio.create_task(memory(found))
    gone: list[asyncio.Task[None]] = []

    async def visit(k: int) -> None:
        try:
            session = await opened(address, daily_requests="5000", **ANSWERS)
            for step in range(3):
                found.answers.append(await answer(session, numbers[(k + 100 * step) % len(numbers)]))
                await asyncio.sleep(1.0)
            await session.close()
        except (PageFault, OSError, TimeoutError) as fault:
            found.faults.append(f"visit {k}: {type(fault).__name__}: {fault}"[:400])

    while time.monotonic() < until:
        gone.append(asyncio.create_task(visit(len(gone))))
        await asyncio.sleep(1.0)
    await asyncio.gather(*gone)
    watch.cancel()
    return found


# -- the machine ----------------------------------------------------------------------------------------


async def memory(into: Measured) -> None:
    """Note the memory of all processes started here, again and again."""
    began = time.monotonic()
    while True:
        servers = children(os.getpid())
        workers = [child for server in servers for child in children(server)]
        into.memory.append((time.monotonic() - began, resident(servers), resident(workers)))
        await asyncio.sleep(LOOK_SECONDS)


def children(process: int) -> list[int]:
    """Processes that a process has started; none where the system does not tell, or where it has ended."""
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for task in tasks for child in _told(task)]


def resident(processes: Sequence[int]) -> float:
    """Memory that they occupy [MiB]; a process that has ended meanwhile occupies none."""
    pages = [int(said[1]) for each in processes if (said := _told(Path(f"/proc/{each}/statm")))]
    return sum(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20


def _told(file: Path) -> list[str]:
    """What the system tells of a process; nothing where it has ended."""
    try:
        return file.read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return []


@contextmanager
def apps(count: int, workers: str | None = None) -> Iterator[list[str]]:
    """Addresses of so many processes of the app, with folders of their own."""
    with ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, {} if workers is None else {WORKERS: workers}))
        folders = [Path(stack.enter_context(TemporaryDirectory())) for _ in range(count)]
        yield [stack.enter_context(running_app(APP, folder)) for folder in folders]


# -- what is printed ------------------------------------------------------------------------------------


def quantile(values: Sequence[float], share: float) -> float:
    """A share of the values lies below it."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def row(name: str, values: Sequence[float]) -> str:
    return (
        f"| {name} | {len(values)} | {quantile(values, 0.5):.2f} | {quantile(values, 0.95):.2f} | {max(values):.2f} |"
        if values
        else f"| {name} | 0 | | | |"
    )


HEAD = "| | number | p50 [s] | p95 [s] | longest [s] |\n| --- | --- | --- | --- | --- |"


def print_measured(found: Measured) -> None:
    print(HEAD)
    print(row("answer to new text", found.answers))
    for kind, seconds in sorted(found.files.items()):
        print(row(kind, seconds))
    print(f"\nerrors: {len(found.faults)}")
    print("".join(f"  {fault}\n" for fault in found.faults[:10]))
    print("| minute | servers [MiB] | workers [MiB] |\n| --- | --- | --- |")
    for place in sorted({round(k * (len(found.memory) - 1) / 12) for k in range(13)}):
        after, servers, workers = found.memory[place]
        print(f"| {after / 60:.1f} | {servers:.0f} | {workers:.0f} |")


def print_files(seconds: float) -> None:
    print(HEAD)
    for name, workers in (("workers", None), ("in the server", "0")):
        with apps(1, workers) as (address,):
            idle, busy, whole = asyncio.run(beside_files(address, seconds))
        print(row(f"{name}: answer, idle", idle))
        print(row(f"{name}: answer beside {AT_ONCE} reports", busy))
        middle, slow = (quantile(busy, share) / quantile(idle, share) for share in (0.5, 0.95))
        print(f"{name}: {middle:.2f} times idle at p50, {slow:.2f} at p95; all reports after {whole:.1f} s", flush=True)


def main(arguments: Sequence[str]) -> int:
    """1 where a reader met a fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("steady", "files", "churn"))
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--readers", type=int, default=100)
    options = parser.parse_args(arguments)
    seconds = options.minutes * 60
    if options.what == "files":
        print_files(min(seconds, 20.0))
        return 0
    with apps(2 if options.what == "steady" else 1) as addresses:
        if options.what == "steady":
            found = asyncio.run(steady(addresses, options.readers, seconds))
        else:
            found = asyncio.run(churn(addresses[0], seconds))
    print_measured(found)
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
