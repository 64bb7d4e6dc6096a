"""A running server as whoever runs it sees it: its log by machine, its metrics, and the number on a page that fails."""

import json
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser

from advisor.core.observing import LOG, METRICS_PORT
from tests.browser.conftest import PHONE, ROOT, AppPage, pages_of, running_app

WORDS = "e => getComputedStyle(e, '::after').content"
COMPANY, FAULT = "Zephyrine Holdings", "4111 of Zephyrine"
BROKEN = f"""
from advisor.ui import heavy, history, risk, shell


def draw(*_):
    raise ValueError("{FAULT}")


def undo():
    raise LookupError("{FAULT}")


def built(*_, **__):
    raise OSError("{FAULT}")


risk.draw, history.undo, heavy.of_case = draw, undo, built
shell.main()
"""


@dataclass(frozen=True)
class Watched:
    """A server whose page Risk, button Undo and reports fail, its log and the port of its metrics."""

    address: str
    log: Path
    port: int

    def records(self) -> list[dict[str, object]]:
        """What was logged since the first page was drawn; before, Streamlit tells its address."""
        told = [line for line in self.log.read_text(encoding="utf-8").splitlines() if line.strip()]
        first = next(k for k, line in enumerate(told) if line.startswith("{"))
        return [json.loads(line) for line in told[first:]]

    def metrics(self) -> str:
        with urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as answer:
            return str(answer.read().decode())


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    folder = tmp_path_factory.mktemp("watched")
    (folder / "app.py").write_text(BROKEN, encoding="utf-8")
    (folder / "pages").symlink_to(ROOT / "pages")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with pytest.MonkeyPatch.context() as settings:
        settings.setenv(LOG, "json")
        settings.setenv(METRICS_PORT, str(port))
        with running_app(folder / "app.py", folder) as address:
            yield Watched(address, folder / "app.log", port)


def number_on(page: AppPage, lead: str) -> str:
    said = page.page.get_by_test_id("stAlert").inner_text()
    found = re.search(rf"{lead}\s*([2-9A-Z]{{6}}-\d+)", said)
    assert found is not None, said
    return found[1]


def number_after_undo(page: AppPage, undo: str, lead: str) -> str:
    page.page.get_by_role("button", name=undo).click()
    page.page.get_by_test_id("stAlert").wait_for()
    assert page.page.get_by_test_id("stException").count() == 0
    return number_on(page, lead)


def test_the_number_on_a_page_that_fails_is_in_the_log_and_nothing_of_the_case_is(
    watched: Watched, browser: Browser
) -> None:
    with pages_of(watched.address, browser) as open_page:
        page = open_page("risk", preset="extraction", title=COMPANY, daily_requests="987654")
        number = number_on(page, "when you ask:")
        chinese = number_on(open_page("risk", lang="zh", theme="dark", width=PHONE, preset="extraction"), "编号：")
        assert page.axe() == []
        clicked = number_after_undo(open_page("cash_flow", preset="extraction"), "Undo", "when you ask:")
        phone = open_page("cash_flow", lang="zh", theme="dark", width=PHONE, preset="extraction")
        clicked_in_chinese = number_after_undo(phone, "撤销", "编号：")
        assert phone.axe() == []
    failed = {str(each["request"]): each for each in watched.records() if each["event"] == "page failed"}
    assert {number, chinese} <= failed.keys()
    assert (failed[number]["page"], failed[number]["error"]) == ("risk", ["ValueError"])
    written = watched.log.read_text(encoding="utf-8")
    assert [mark for mark in (COMPANY, FAULT, "Zephyrine", "987654", "preset=") if mark in written] == []
    lost = {each["request"]: each["page"] for each in watched.records() if each.get("error") == ["LookupError"]}
    assert lost == {clicked: "cash_flow", clicked_in_chinese: "cash_flow"}
    told = watched.metrics()
    assert 'advisor_redraw_seconds_count{drawn="whole",page="risk"}' in told
    assert 'advisor_errors_total{kind="ValueError",place="page"}' in told


def test_the_number_under_a_file_that_fails_is_in_the_log(watched: Watched, browser: Browser) -> None:
    with pages_of(watched.address, browser) as open_page:
        for language, lead in (("en", "when you ask:"), ("zh", "编号：")):
            page = open_page("cash_flow", lang=language, preset="extraction").page
            page.locator(".st-key-bar").get_by_role("button", name="PDF").click()
            under = page.get_by_test_id("stDownloadButtonError")
            under.wait_for(state="attached")  # Streamlit's own words in it are hidden
            number = re.search(rf"{lead}\s*([2-9A-Z]{{6}}-\d+)", under.evaluate(WORDS))
            assert number is not None
            failed = [each for each in watched.records() if each["event"] == "file failed"]
            assert (failed[-1]["request"], failed[-1]["page"]) == (number[1], "cash_flow")


def test_metrics_are_not_told_at_the_address_of_the_app(watched: Watched) -> None:
    with urlopen(f"{watched.address}/metrics", timeout=10) as answer:
        assert "advisor_redraw_seconds" not in answer.read().decode()
