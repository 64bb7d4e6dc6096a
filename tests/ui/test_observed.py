"""What whoever runs the app sees of it: never anything of a case, and always the number that a user quotes."""

import ast
import json
import logging
import re
import socket
import threading
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from streamlit import error_util
from streamlit import logger as streamlit_logger
from streamlit.testing.v1 import AppTest

from advisor.core.notices import InputError, Issue
from advisor.core.observing import LOG, METRICS_PORT
from advisor.core.places import HOME, OWN_DATA
from advisor.store import beside, cases
from advisor.store.database import open_store
from advisor.store.records import LOCAL_USER, Actor
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.ui import history, launch, loaded, logs, observed, state, uncaught
from tests.cases import preset
from tests.store.made import content

SECONDS = 60
COMPANY, NOTE, VOLUME = "Zephyrine Holdings", "Brunhilde said forty", 987654
FILE, FAULT, PLACE = "payroll-of-zephyrine.csv", "4111 of Zephyrine", "folder-of-zephyrine"
UNCAUGHT = 'advisor_errors_total{kind="LookupError",place="uncaught"}'
NUMBER = re.compile(r"[2-9A-Z]{6}-\d+")


@pytest.fixture(autouse=True)
def as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is begun for a test ends with it."""
    monkeypatch.setattr(observed, "process", observed._Process())
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(streamlit_logger, "setup_formatter", streamlit_logger.setup_formatter)
    for name in ("_log_uncaught_app_exception", "show_uncaught_app_exception"):
        monkeypatch.setattr(error_util, name, getattr(error_util, name))
    root, ours = logging.getLogger(), logging.getLogger("advisor")
    handlers, level = list(root.handlers), ours.level
    yield
    root.handlers[:] = handlers
    ours.setLevel(level)
    logging.captureWarnings(False)
    streamlit_logger.update_formatter()
    for logger in streamlit_logger._loggers.values():
        logger.propagate = False


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> None:
    """The log as lines for machines."""
    monkeypatch.setenv(LOG, "json")
    observed.begin()


def lines(captured: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in captured.readouterr().err.splitlines()]


def opened(page: str | None = None, language: str = "en", **case: object) -> AppTest:
    app = AppTest.from_file(str(HOME / "app.py"), default_timeout=SECONDS)
    app.session_state["language"] = language
    app.session_state["scenario"] = preset("extraction", **case)
    app.run()
    return app if page is None else app.switch_page(page).run()


def quoted(app: AppTest) -> str:
    found = NUMBER.search(app.error[0].value)
    assert found is not None
    return found[0]


def breaks(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def broken(*_: object) -> str:
        raise error

    monkeypatch.setattr(state, "case_title", broken)


# -- nothing of a case ----------------------------------------------------------------------------------


def a_shared_case(address: str) -> str:
    store, actor = open_store(address), Actor(LOCAL_USER, datetime.now(UTC))
    case_id = cases.create(store, actor, COMPANY, content())
    token, _ = beside.share(store, actor, case_id, 1, actor.at + timedelta(days=1))
    store.close()
    return token


def upload(app: AppTest) -> None:
    app.file_uploader[0].set_value([(FILE, f"who,amount\n{COMPANY},{VOLUME}\n".encode(), "text/csv")])
    words = Translator(app.session_state["language"])("page.usage.read")
    next(button for button in app.button if button.label == words).click().run()


@pytest.mark.usefixtures("log")
def test_no_record_holds_anything_of_a_case(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, database_of_its_own: str
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    said: dict[str, object] = {"company": COMPANY, "title": NOTE, "daily_requests": VOLUME}
    token = a_shared_case(database_of_its_own)
    for page in ("decide/answer", "money/cash_flow"):
        opened(f"pages/{page}.py", **said)
    upload(opened("pages/evidence/usage.py", **said))
    shared = AppTest.from_file(str(HOME / "app.py"), default_timeout=SECONDS)
    shared.query_params.update({"link": token, "lang": "en"})
    shared.switch_page("pages/decide/shared.py").run()
    (tmp_path / f"{PLACE}.db").write_bytes(b"this is no database, but long enough to be read as one" * 40)
    monkeypatch.setenv("ADVISOR_DATABASE", f"sqlite:///{tmp_path / PLACE}.db")
    shared.run()
    with monkeypatch.context() as broken:
        breaks(broken, ValueError(FAULT))
        opened("pages/decide/answer.py", **said)
    (tmp_path / PLACE / "prices").mkdir(parents=True)
    (tmp_path / PLACE / "prices" / "gpu_rental.yaml").write_text(f"- id: {COMPANY}\n", encoding="utf-8")
    monkeypatch.setenv(OWN_DATA, str(tmp_path / PLACE))
    loaded.forget_data()
    try:
        opened(**said)
    finally:
        monkeypatch.delenv(OWN_DATA)
        loaded.forget_data()

    written = capsys.readouterr().err
    events = [json.loads(line)["event"] for line in written.splitlines()]
    assert {"drawn", "page failed", "a shared revision could not be read"} <= set(events)
    assert any("refused" in event for event in events)
    marks = [COMPANY, NOTE, str(VOLUME), FILE, FAULT, PLACE, token, token[:12], "Zephyrine", "?link"]
    marks += [str(tmp_path), str(HOME), "site-packages"]  # nor of the machine
    assert [mark for mark in marks if mark in written] == []


@pytest.mark.parametrize("form", ["text", "json"])
def test_of_an_exception_only_type_codes_and_places_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    monkeypatch.setenv(LOG, form)
    observed.begin()
    try:
        try:
            raise KeyError(FAULT)
        except KeyError as error:
            raise InputError([Issue(COMPANY, "not_a_number", {"value": NOTE})]) from error
    except InputError:
        logging.getLogger("advisor.ui.shell").exception("data refused: %s", FAULT)
    written = capsys.readouterr().err
    assert not any(mark in written for mark in (FAULT, COMPANY, NOTE))
    for told in ("InputError", "KeyError", "not_a_number", "tests/ui/test_observed.py:", "data refused"):
        assert told in written


def test_in_full_a_fault_is_told_with_its_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(LOG, "full")
    observed.begin()
    breaks(monkeypatch, ValueError(FAULT))
    opened()
    assert FAULT in capsys.readouterr().err


@pytest.mark.usefixtures("log")
def test_of_what_a_library_says_only_the_place_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("streamlit.made.later", "sqlalchemy.engine", "uvicorn.error"):
        logger = streamlit_logger.get_logger(name) if name.startswith("streamlit") else logging.getLogger(name)
        logger.error(f"about {COMPANY}")
    warnings.warn(COMPANY, stacklevel=1)
    found = lines(capsys)
    assert [each["event"] for each in found] == [logs.LIBRARY] * 4
    assert all("tests/ui/test_observed.py" in str(each["at"]) for each in found[:3])
    assert COMPANY not in repr(found)


@pytest.mark.usefixtures("log")
def test_a_logger_with_a_writer_of_its_own_is_taken_over(capsys: pytest.CaptureFixture[str]) -> None:
    server = logging.getLogger("uvicorn")
    server.addHandler(logging.StreamHandler())
    server.propagate = False
    logs.take_over()
    server.error(COMPANY)
    assert [each["logger"] for each in lines(capsys)] == ["uvicorn"]


@pytest.mark.usefixtures("log")
def test_a_thread_that_is_lost_is_logged_without_its_message(capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> None:
        raise ValueError(FAULT)

    thread = threading.Thread(target=broken)
    thread.start()
    thread.join()
    (told,) = lines(capsys)
    assert (told["event"], told["error"]) == ("a thread failed", ["ValueError"])


def calls() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted((HOME / "advisor").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and ast.unparse(node.func).startswith("log."):
                yield f"{path.relative_to(HOME)}:{node.lineno}", node


def is_literal(words: ast.expr) -> bool:
    """Whether it is a text, or a constant of the module, which is one."""
    return isinstance(words, ast.Constant) if not isinstance(words, ast.Name) else words.id.isupper()


def test_every_record_of_ours_says_literal_words_and_values_under_known_names() -> None:
    """What is filled into a record stands under a name of ``TOLD``; its words are the same for every case."""
    found = dict(calls())
    assert len(found) >= 8
    for place, call in found.items():
        assert is_literal(call.args[0]), place
        for handed in (each.value for each in call.keywords if each.arg == "extra"):
            assert isinstance(handed, ast.Dict), place
            assert {key.value for key in handed.keys if isinstance(key, ast.Constant)} <= set(logs.TOLD), place


def test_a_value_that_is_no_number_or_short_mark_is_left_out() -> None:
    record = logging.LogRecord("advisor.x", logging.INFO, __file__, 1, "drawn", None, None)
    record.__dict__.update(version="two words", drawn="part", duration_ms=3)
    told = logs.fields_of(record)
    assert (told["drawn"], told["duration_ms"]) == ("part", 3)
    assert "version" not in told


# -- the number to quote --------------------------------------------------------------------------------


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("language", languages())
def test_a_page_that_fails_tells_the_number_under_which_it_is_logged(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    breaks(monkeypatch, ValueError(FAULT))
    app = opened("pages/money/risk.py", language)
    number = quoted(app)
    assert app.error[0].value.endswith(Translator(language)("observed.quote", number=number))
    failed = [each for each in lines(capsys) if each["event"] == "page failed"]
    assert (failed[-1]["request"], failed[-1]["page"], failed[-1]["error"]) == (number, "risk", ["ValueError"])


@pytest.mark.usefixtures("log")
def test_every_redraw_has_a_number_of_its_own_and_is_logged_once(capsys: pytest.CaptureFixture[str]) -> None:
    app = opened("pages/money/alternatives.py")
    app.run()
    drawn = [each for each in lines(capsys) if each["event"] == "drawn"]
    session, numbers = zip(*(str(each["request"]).split("-") for each in drawn), strict=True)
    assert (len(set(session)), numbers) == (1, ("1", "2", "3"))
    assert [each["page"] for each in drawn] == ["your_case", "alternatives", "alternatives"]
    assert all(float(str(each["duration_ms"])) > 0 for each in drawn)


@pytest.mark.usefixtures("log")
def test_a_file_that_fails_is_logged_under_the_number_of_its_page(capsys: pytest.CaptureFixture[str]) -> None:
    def build() -> bytes:
        raise ValueError(FAULT)

    logs.now.set(logs.Redraw("ABCDEF-7", "answer", "whole", 0.0, is_over=True))
    asked = observed.of_redraw(build)
    logs.now.set(None)
    with pytest.raises(ValueError, match=FAULT):
        asked()
    (told,) = lines(capsys)
    assert (told["event"], told["request"], told["page"]) == ("file failed", "ABCDEF-7", "answer")


# -- metrics --------------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def read(port: int) -> dict[str, float]:
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    told = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in told}


def test_metrics_count_redraws_results_faults_and_what_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    port, volume = free_port(), VOLUME - 1  # of which nothing is remembered from other tests, whatever it is called
    monkeypatch.setenv(METRICS_PORT, str(port))
    observed.begin()
    observed.watch_queue("reports", lambda: 3)
    before = read(port)
    app = opened(daily_requests=volume)
    app.switch_page("pages/money/cash_flow.py").run()
    opened(daily_requests=volume)  # somebody else with the same answers
    breaks(monkeypatch, ValueError(FAULT))
    app.run()
    after = read(port)

    def more(name: str) -> float:
        return after[name] - before.get(name, 0)

    assert more('advisor_redraw_seconds_count{drawn="whole",page="your_case"}') == 2
    assert more('advisor_redraw_seconds_count{drawn="whole",page="cash_flow"}') == 2
    assert more('advisor_computed_total{what="advice"}') == 1
    assert more('advisor_asked_total{what="advice"}') == 2
    assert more('advisor_errors_total{kind="ValueError",place="page"}') == 1
    assert after['advisor_queue_length{what="reports"}'] == 3
    assert not [name for name in after if str(volume) in name]


def test_work_of_a_worker_is_measured_by_how_it_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    monkeypatch.setenv(METRICS_PORT, str(port))
    monkeypatch.setattr(observed, "process", observed._Process())
    observed.begin()
    with observed.work("pdf"):
        pass
    with pytest.raises(InputError), observed.work("pdf"):
        raise InputError([Issue("usage", "no_rows", {})])
    told = read(port)
    for ended in ("done", "InputError"):
        assert told[f'advisor_work_seconds_count{{ended="{ended}",work="pdf"}}'] == 1


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("language", languages())
def test_a_click_that_fails_is_told_counted_and_logged_under_one_number(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    def broken() -> None:
        raise LookupError(FAULT)

    port, t = free_port(), Translator(language)
    monkeypatch.setenv(METRICS_PORT, str(port))
    monkeypatch.setattr(observed, "process", observed._Process())
    observed.begin()
    logs.take_over()
    uncaught.take_over()
    monkeypatch.setattr(history, "undo", broken)
    before = read(port).get(UNCAUGHT, 0)
    app = opened("pages/money/risk.py", language)
    app.button(key="w.bar.undo").click().run()
    assert read(port)[UNCAUGHT] == before + 1
    number = quoted(app)
    assert [each.value for each in app.error] == [f"{t('app.page_failed')}\n\n{t('observed.quote', number=number)}"]
    assert not app.exception
    written = capsys.readouterr().err
    assert FAULT not in written
    (told,) = [each for each in map(json.loads, written.splitlines()) if "LookupError" in each.get("error", ())]
    assert (told["request"], told["page"], told["event"]) == (number, "risk", "not caught by a page")
    assert any("broken" in place for place in told["stack"])
    app.run()
    assert not app.error
    drawn = [each for each in lines(capsys) if each["event"] == "drawn"]
    assert drawn[-1]["request"] != number


def test_metrics_are_served_before_the_first_page(monkeypatch: pytest.MonkeyPatch) -> None:
    port, told = free_port(), []
    monkeypatch.setenv(METRICS_PORT, str(port))
    monkeypatch.setattr(launch.cli, "main", lambda *_, **__: told.append(read(port)))
    monkeypatch.setattr(launch.ahead, "begin", lambda: None)  # nothing serves here
    launch.launch()
    assert any(name.startswith("advisor_release") for name in told[0])


@pytest.mark.usefixtures("log")
def test_a_port_that_is_taken_is_logged_and_the_app_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv(METRICS_PORT, str(taken.getsockname()[1]))
        monkeypatch.setattr(observed, "process", observed._Process())
        observed.begin()
        assert not opened().exception
    assert "metrics cannot be served" in [each["event"] for each in lines(capsys)]


@pytest.mark.parametrize("setting", [LOG, METRICS_PORT])
def test_a_setting_that_cannot_be_read_is_logged_and_the_app_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], setting: str
) -> None:
    monkeypatch.setenv(LOG, "json")
    monkeypatch.setenv(setting, "all of it")
    observed.begin()
    assert not opened().exception
    written = capsys.readouterr().err
    assert logs.UNREADABLE in written
    assert written.startswith("{") == (setting == METRICS_PORT)
