"""Workers return what the server would, one after another; one that fails costs one wish, and the next is served."""

import json
import os
import pickle
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from streamlit.testing.v1 import AppTest

from advisor.catalog.loader import load_catalog
from advisor.core.notices import InputError
from advisor.core.observing import LOG
from advisor.core.places import APP, WORKERS
from advisor.decision.advice import advise
from advisor.decision.funding import Prospect
from advisor.report.build import build_report
from advisor.report.frozen import frozen
from advisor.store import cases as store_cases
from advisor.store import exchange
from advisor.store.database import open_store
from advisor.text.i18n import Translator
from advisor.ui import heavy, state, works
from advisor.ui.logs import Redraw
from advisor.ui.worker import packed
from advisor.ui.workers import Turn, WorkerFault, WorkerPool
from advisor.usage.intake import Wish
from advisor.usage.summary import dump_profile
from tests.cases import DAY, preset
from tests.store import made

ROOT = Path(__file__).resolve().parents[2]
CATALOG = load_catalog()
CASE = preset("extraction")
ADVICE = advise(CASE, CATALOG, DAY)
SAID = ("en", "https://advisor.example.com/?preset=extraction")
STUB = """
import os, pickle, sys, time
to, received = os.fdopen(os.dup(1), "wb"), sys.stdin.buffer
while True:
    request = pickle.load(received)
    seconds = request.arguments[0]
    if seconds < 0:
        os._exit(3)
    time.sleep(seconds)
    for said in (("part", 0.5), ("done", (os.getpid(), request.work))):
        pickle.dump(said, to)
    to.flush()
"""
"""A worker that only sleeps, or dies of a negative time."""
MOMENT = 30.0
"""More than anything here takes, on a slow machine [s]."""


def nap(seconds: float, name: str = "nap") -> works.Request:
    return works.Request(name, (seconds,))


@pytest.fixture
def sleepers() -> Iterator[WorkerPool]:
    pool = WorkerPool(1, most=3, command=(sys.executable, "-c", STUB))
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def real() -> Iterator[WorkerPool]:
    pool = WorkerPool(1)
    yield pool
    pool.close()


class Crowd:
    """Wishes asked for in threads of their own, in the order given."""

    def __init__(self, pool: WorkerPool) -> None:
        self.pool, self.threads = pool, ThreadPoolExecutor(8)
        self.over: list[str] = []
        self.told: dict[str, list[int]] = {}

    def ask(self, name: str, seconds: float, *, is_page: bool = False) -> Future[None]:
        """Ask, and come back when the wish is in line or at work."""
        heard, places = threading.Event(), self.told.setdefault(name, [])

        def hear(place: int) -> None:
            places.append(place)
            heard.set()

        def do() -> None:
            self.pool.do(nap(seconds, name), Turn(is_page, hear))
            self.over.append(name)

        future = self.threads.submit(do)
        assert heard.wait(MOMENT)
        return future


# -- the same result ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("work", "arguments"),
    [
        (works.pdf, (SAID, CASE, ())),
        (works.slides, (SAID, CASE, None)),
        (works.workbook, ("zh", CASE)),
        (works.kept_content, (SAID, CASE, ())),
        (works.examination, ()),
    ],
)
def test_a_worker_returns_what_the_server_would(real: WorkerPool, work: object, arguments: tuple[object, ...]) -> None:
    name = getattr(work, "__name__", "")
    found = real.do(works.Request(name, arguments, case=works.plain(ADVICE)), Turn())
    assert unpacked(found) == unpacked(works.OF_A_CASE[name](ADVICE, CATALOG, *arguments))


@pytest.mark.parametrize(
    ("work", "arguments"), [(works.compared_pdf, ("zh", ("Now", "Later"), (None, None))), (works.prospects, ())]
)
def test_of_several_cases_a_worker_returns_what_the_server_would(
    real: WorkerPool, work: object, arguments: tuple[object, ...]
) -> None:
    name, cases = getattr(work, "__name__", ""), [CASE, preset("chat")]
    request = works.Request(name, arguments, case=works.plain_cases(cases, CATALOG, DAY))
    found, here = real.do(request, Turn()), works.OF_CASES[name](cases, CATALOG, DAY, *arguments)
    assert shape_of(found) == shape_of(here)


def shape_of(found: object) -> object:
    """Values, also those that stand in arrays."""
    if isinstance(found, Prospect):
        assert found.worlds is not None
        worlds = (found.worlds.passed.tolist(), found.worlds.failed.tolist(), found.worlds.chance)
        return found.verdict, found.currency, found.asks, found.value, worlds
    return [shape_of(each) for each in found] if isinstance(found, list) else found


def test_what_is_wrong_with_one_of_several_cases_is_told_beside_the_others(real: WorkerPool) -> None:
    cases = [CASE, preset("extraction", training_gpu="h100-sxm-80gb", training_tokens_per_second=9e6), CASE]
    request = works.Request("prospects", (), case=works.plain_cases(cases, CATALOG, DAY))
    first, faulty, last = real.do(request, Turn())
    assert isinstance(faulty, tuple)
    assert faulty == works.prospects(cases, CATALOG, DAY)[1]
    assert shape_of(first) == shape_of(last)


def test_kept_cases_are_packed_as_far_as_who_asks_may_see_them(real: WorkerPool, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'cases.db'}"
    store = open_store(address)
    mine, theirs = (store_cases.create(store, made.actor(user), "Mails", made.content()) for user in ("ada", "bob"))
    packed_by = [
        real.do(works.Request("archive", (address, made.actor("ada"), [mine])), Turn()),
        exchange.packed(store, made.actor("ada"), [mine]),
    ]
    store.close()
    there, here = map(unpacked, packed_by)
    assert there == here
    with pytest.raises(InputError):
        real.do(works.Request("archive", (address, made.actor("ada"), [mine, theirs])), Turn())


def test_a_kept_report_is_printed_alike(real: WorkerPool) -> None:
    report = frozen(build_report(ADVICE, CATALOG, Translator("en"), about=CASE))
    found = real.do(works.Request("kept_pdf", (report,)), Turn())
    assert found == works.kept_pdf(works.untold, report)


def unpacked(file: object, left_out: str = "") -> object:
    """The parts of slides and workbooks, without the second in which they are packed and numbers of a chart made."""
    if not isinstance(file, bytes) or not file.startswith(b"PK"):
        return file
    with ZipFile(BytesIO(file)) as packed_parts:
        names = [name for name in packed_parts.namelist() if name != left_out]
        return {name: unpacked(packed_parts.read(name), "docProps/core.xml") for name in names}


def test_what_a_work_refuses_is_told_as_in_the_server(real: WorkerPool) -> None:
    from advisor.datasets.measure import Counting
    from advisor.datasets.tokens import token_constants, vocabulary_of

    counting = Counting(vocabulary_of("openai/gpt-4.1"), token_constants(CATALOG), 512)
    request = works.Request("dataset", (("train.jsonl", b""), counting, None))
    with pytest.raises(InputError) as there:
        real.do(request, Turn())
    with pytest.raises(InputError) as here:
        works.done(request, works.untold)
    assert there.value.issues == here.value.issues


def test_logs_are_measured_alike_and_how_far_it_is_is_told(real: WorkerPool) -> None:
    log, parts = ROOT / "tests" / "fixtures" / "usage" / "bedrock_invocation.jsonl", list[float]()
    request = works.Request("usage", ([log], Wish(salt="grain"), 5))
    found = real.do(request, Turn(), parts.append)
    assert dump_profile(found[None]) == dump_profile(works.done(request, works.untold)[None])
    assert parts
    assert all(0 <= part <= 1 for part in parts)


def test_a_fault_of_the_product_comes_with_its_traceback_and_the_worker_goes_on(real: WorkerPool) -> None:
    broken = works.Request("pdf", (), case=works.plain(ADVICE))
    with pytest.raises(WorkerFault, match="TypeError"):
        real.do(broken, Turn())
    assert real.do(works.Request("workbook", ("en", CASE), case=works.plain(ADVICE)), Turn()).startswith(b"PK")


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="the system has no such order")
def test_a_worker_leaves_the_server_its_turn(real: WorkerPool) -> None:
    real.do(works.Request("warm", ()), Turn())
    (process,) = real._resting
    assert os.getpriority(os.PRIO_PROCESS, process.pid) > os.getpriority(os.PRIO_PROCESS, 0)


def test_a_worker_logs_a_fault_under_the_number_of_the_page(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(LOG, "json")
    pool, page = WorkerPool(1), Redraw("ABCDEF-7", "answer", "whole", 0.0, is_over=True)
    with pytest.raises(WorkerFault):
        pool.do(works.Request("pdf", (), case=works.plain(ADVICE), redraw=page), Turn())
    pool.close()
    (told,) = map(json.loads, capfd.readouterr().err.splitlines())
    assert (told["event"], told["request"], told["page"]) == ("work failed", "ABCDEF-7", "answer")
    assert told["error"] == ["TypeError"]


def test_other_data_on_disk_than_those_of_the_server_are_said(real: WorkerPool) -> None:
    asked = {"examination": works.plain(ADVICE), "prospects": works.plain_cases([CASE], CATALOG, DAY)}
    for work, case in asked.items():
        with pytest.raises(works.OtherData):
            real.do(works.Request(work, (), case=replace(case, version="another")), Turn())


def test_what_goes_to_a_worker_is_plain() -> None:
    """Answers, names and bytes: no advice, no catalog, nothing of a session."""
    sent = packed(works.Request("pdf", (SAID, CASE, ()), case=works.plain(ADVICE)))
    assert len(sent) < 20_000
    assert b"streamlit" not in sent
    assert pickle.loads(sent).case.answers == works.plain(ADVICE).answers


# -- the line -------------------------------------------------------------------------------------------


def test_whoever_comes_first_is_served_first_and_pages_before_files(sleepers: WorkerPool) -> None:
    crowd = Crowd(sleepers)
    wishes = [crowd.ask("first", 6.0), crowd.ask("second", 0.5), crowd.ask("third", 0.5)]
    wishes.append(crowd.ask("page", 0.5, is_page=True))
    for wish in wishes:
        wish.result(MOMENT)
    assert crowd.over == ["first", "page", "second", "third"]
    assert crowd.told["first"] == [0]
    assert crowd.told["second"][0] == 1
    assert crowd.told["third"][0] == 2
    assert all(places[-1] == 0 for places in crowd.told.values())


def test_a_full_line_sends_away_and_says_so(sleepers: WorkerPool) -> None:
    crowd = Crowd(sleepers)
    wishes = [crowd.ask(f"{k}", 6.0 if k == 0 else 0.0) for k in range(4)]
    with pytest.raises(InputError) as refused:
        sleepers.do(nap(0.0), Turn())
    assert [issue.code for issue in refused.value.issues] == ["line_full"]
    for wish in wishes:
        wish.result(MOMENT)
    assert sleepers.is_idle()


def test_a_worker_that_dies_costs_one_wish(sleepers: WorkerPool) -> None:
    before, _ = sleepers.do(nap(0.0), Turn())
    with pytest.raises(InputError) as broken:
        sleepers.do(nap(-1.0), Turn())
    assert [issue.code for issue in broken.value.issues] == ["worker_ended"]
    after, _ = sleepers.do(nap(0.0), Turn())
    assert after != before
    assert sleepers.is_idle()


def test_a_worker_that_died_at_rest_costs_none(sleepers: WorkerPool) -> None:
    before, _ = sleepers.do(nap(0.0), Turn())
    sleepers._resting[0].kill()
    sleepers._resting[0].wait()
    assert sleepers.do(nap(0.0), Turn())[0] != before


def test_one_that_takes_too_long_is_ended() -> None:
    pool = WorkerPool(1, command=(sys.executable, "-c", STUB), longest=0.5)
    began = time.monotonic()
    with pytest.raises(InputError) as ended:
        pool.do(nap(600.0), Turn())
    assert [issue.code for issue in ended.value.issues] == ["worker_ended"]
    assert time.monotonic() - began < MOMENT
    assert pool.is_idle()


def test_a_worker_that_cannot_be_started_is_told() -> None:
    pool = WorkerPool(1, command=("/nowhere/python",))
    with pytest.raises(InputError):
        pool.do(nap(0.0), Turn())
    assert pool.is_idle()


class GoneAway(BaseException):
    """As Streamlit ends a run of a page."""


def test_whoever_goes_away_leaves_the_line(sleepers: WorkerPool) -> None:
    crowd = Crowd(sleepers)
    first = crowd.ask("first", 4.0)

    def leave(place: int) -> None:
        raise GoneAway

    with pytest.raises(GoneAway):
        sleepers.do(nap(0.0), Turn(told=leave))
    last = crowd.ask("last", 0.0)
    assert crowd.told["last"][0] <= 1
    first.result(MOMENT)
    last.result(MOMENT)
    assert sleepers.is_idle()


def test_whoever_goes_away_as_the_turn_comes_or_at_work_leaves_a_place_free(sleepers: WorkerPool) -> None:
    def leave(_: float) -> None:
        raise GoneAway

    with pytest.raises(GoneAway):
        sleepers.do(nap(0.0), Turn(told=leave))
    with pytest.raises(GoneAway):
        sleepers.do(nap(0.0), Turn(), leave)
    assert sleepers.do(nap(0.0, "next"), Turn())[1] == "next"
    assert sleepers.is_idle()


# -- how many -------------------------------------------------------------------------------------------


def test_few_workers_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(WORKERS, raising=False)
    for cores, workers in ((1, 1), (2, 1), (3, 2), (64, 2)):
        monkeypatch.setattr(heavy, "_cores", lambda cores=cores: cores)
        assert heavy.worker_count() == workers
    monkeypatch.setenv(WORKERS, " 5 ")
    assert heavy.worker_count() == 5


@pytest.mark.parametrize("told", ["-1", "two", "1.5", "65", "٣", "1e3"])
def test_another_number_of_workers_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    monkeypatch.setenv(WORKERS, told)
    with pytest.raises(InputError) as refused:
        heavy.worker_count()
    (issue,) = refused.value.issues
    assert (issue.field, issue.code, issue.params["value"]) == (WORKERS, "worker_count", told)


@pytest.mark.parametrize(("language", "part"), [("en", "whole number from 0 to 64"), ("zh", "0 到 64")])
def test_a_server_with_such_a_number_says_so_in_the_language_of_the_reader(
    monkeypatch: pytest.MonkeyPatch, language: str, part: str
) -> None:
    monkeypatch.setenv(WORKERS, "many")
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params["lang"] = language
    app.run()
    assert not app.exception
    (told,) = app.error
    assert WORKERS.replace("_", "\\_") in told.value or WORKERS in told.value
    assert part in told.value


def test_parts_of_an_examination_are_not_worked_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first = advise(preset("extraction"), state.catalog(), DAY)
    again = replace(first)  # as it comes out where it is no longer remembered
    done = state.examined(first)
    state.examined(again)
    for name in ("volume_ladder", "alternatives"):
        monkeypatch.setattr(state, name, None)
    for found in (first, again):
        assert state.ladder_of(found) is done.ladder
        assert state.alternatives_of(found) is done.alternatives
