"""Kept cases in real browsers: two that edit one case, and what is typed when the server is gone."""

import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import ROOT, SETTLE_MS, AppPage, OpenPage, running_app
from tests.browser.test_nothing_is_lost import requests, tell

WRITTEN_MS = 1500
WRITTEN_SECONDS = 60
"""A draft is written half a second after the last key, the first one of a server when its database is made."""


def save(tab: AppPage, name: str = "") -> None:
    tab.page.get_by_role("button", name="Save", exact=True).first.click()
    dialog = tab.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    if name:
        dialog.get_by_label("Name", exact=True).fill(name)
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog).to_be_hidden(timeout=SETTLE_MS)  # the first report of a server takes some seconds
    tab.settled()


def wait_for_draft(database: Path, text: str) -> None:
    """Until what was typed lies in the database, as whoever closes a browser half a minute later may expect."""
    end = time.monotonic() + WRITTEN_SECONDS
    while time.monotonic() < end:
        try:
            with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
                if any(text in answers for (answers,) in connection.execute("SELECT answers FROM drafts")):
                    return
        except sqlite3.OperationalError:  # not made yet
            pass
        time.sleep(0.2)
    pytest.fail(f"no draft with {text} within {WRITTEN_SECONDS} s")


def test_two_browsers_that_edit_one_case_meet_the_conflict(open_page: OpenPage) -> None:
    mine = open_page("", preset="article-004", daily_requests="20000")
    save(mine, "Help desk")
    expect(mine.page).to_have_url(re.compile(r"\?case=\w{32}&lang=en$"))
    case_id = re.search(r"case=(\w+)", mine.page.url)
    assert case_id is not None
    theirs = open_page("", case=case_id[1])
    expect(requests(theirs)).to_have_value("20,000")
    tell(theirs, "50000")
    save(theirs)
    tell(mine, "30000")
    save(mine)
    conflict = mine.page.locator(".st-key-conflict")
    expect(conflict).to_be_visible()
    expect(conflict.get_by_role("row", name=re.compile(r"30,000.*50,000.*20,000"))).to_be_visible()

    assert mine.axe() == []
    mine.narrowed()
    assert not mine.overflows()
    conflict.get_by_role("button", name="Save mine as the next revision").click()
    expect(conflict).to_be_hidden(timeout=SETTLE_MS)  # once the report is written
    mine.settled()
    mine.page.reload()
    mine.settled()
    expect(requests(mine)).to_have_value("30,000")
    assert (mine.errors, theirs.errors) == ([], [])


def test_two_windows_that_write_one_draft_are_told_at_once_and_on_the_next_page(open_page: OpenPage) -> None:
    mine, other = (open_page("", daily_requests="20000", quality_need="high") for _ in range(2))
    told = mine.page.get_by_text("in another window")
    tell(mine, "5000")
    mine.page.wait_for_timeout(WRITTEN_MS)
    tell(other, "6000")
    other.page.wait_for_timeout(WRITTEN_MS)
    tell(mine, "7000")
    mine.page.wait_for_timeout(WRITTEN_MS)
    tell(mine, "8000")
    expect(told).to_be_visible()
    mine.page.get_by_role("link", name="See the full answer").click()
    mine.settled()
    expect(mine.page.get_by_test_id("stAlert").get_by_text("in another window")).to_be_visible()


def test_the_enter_key_saves_from_the_name(open_page: OpenPage) -> None:
    tab = open_page("answer", preset="article-004")
    tab.page.get_by_role("button", name="Save", exact=True).first.click()
    name = tab.page.get_by_role("dialog").get_by_label("Name", exact=True)
    name.fill("By Enter")
    name.press("Enter")
    expect(tab.page.get_by_role("dialog")).to_be_hidden(timeout=SETTLE_MS)
    expect(tab.page).to_have_url(re.compile("case=[0-9a-f]+"))


def test_the_dialog_is_accessible_in_both_languages(open_page: OpenPage) -> None:
    for language, name in (("en", "Save"), ("zh", "保存")):
        tab = open_page("", lang=language, theme="dark", width=390, daily_requests="20000")
        tab.page.get_by_role("button", name=name, exact=True).first.click()
        expect(tab.page.get_by_role("dialog")).to_be_visible()
        tab.settled()
        assert tab.axe() == []
        assert not tab.overflows()


def test_what_was_typed_is_there_after_the_server_was_gone(browser: Browser, tmp_path: Path) -> None:
    with running_app(ROOT / "app.py", tmp_path) as server:
        tab = AppPage(browser.new_page(), server)
        tab.page.goto(f"{server}/?lang=en&daily_requests=20000")
        tab.settled()
        tell(tab, "4321")
        wait_for_draft(tmp_path / "cases.db", "4321")
        tab.page.close()
    with running_app(ROOT / "app.py", tmp_path) as server:
        tab = AppPage(browser.new_page(), server)
        tab.page.goto(f"{server}/?lang=en")
        tab.settled()
        tab.page.get_by_role("button", name="Go on with it").click()
        tab.settled()
        expect(requests(tab)).to_have_value("4,321")
        tab.page.close()
