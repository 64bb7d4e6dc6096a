"""Two kept revisions side by side in a real browser: chosen, as they were kept, taken along as a spreadsheet."""

import time
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Browser, expect

from advisor.store import cases
from advisor.store.database import open_store
from advisor.store.records import LOCAL_USER, Actor
from tests.browser.conftest import DESK, HEIGHT_PX, REDRAW_MS, ROOT, AppPage, running_app
from tests.cases import DAY, preset
from tests.kept import content

REOPEN_SECONDS = 60
BEFORE = DAY - timedelta(days=120)
ME = Actor(LOCAL_USER, datetime(BEFORE.year, BEFORE.month, BEFORE.day, 9, tzinfo=UTC))
NAME = "Invoice mail triage, Hamburg office"


def kept_twice(database: Path) -> None:
    store = open_store(f"sqlite:///{database}")
    case = cases.create(store, ME, NAME, content(preset("extraction"), BEFORE), "first look")
    cases.save(store, ME, case, 1, content(preset("extraction", ops_hours=30), BEFORE))
    store.close()


def pick(tab: AppPage, place: int, option: str) -> None:
    """Choose in one of the fields that take several; a redraw of the page may close the list that was just opened."""
    field = tab.page.get_by_test_id("stMultiSelect").nth(place)
    offered = tab.page.get_by_role("option").filter(has_text=option)
    deadline = time.monotonic() + REOPEN_SECONDS
    while not offered.is_visible() and time.monotonic() < deadline:
        field.locator("input").click()
        tab.page.wait_for_timeout(REDRAW_MS)
    offered.click()
    expect(field).to_contain_text(option)
    tab.settled()
    tab.page.keyboard.press("Escape")


def test_two_revisions_as_they_were_kept(browser: Browser, tmp_path: Path) -> None:
    kept_twice(tmp_path / "cases.db")
    with running_app(ROOT / "app.py", tmp_path) as server:
        context = browser.new_context(viewport={"width": DESK, "height": HEIGHT_PX}, locale="en-US")
        tab = AppPage(context.new_page(), server)
        tab.page.goto(f"{server}/compare?preset=extraction&lang=en")
        tab.settled()
        tab.page.get_by_text("Kept cases", exact=True).click()
        tab.settled()
        pick(tab, 0, NAME)
        pick(tab, 1, "first look")
        tab.page.get_by_text("As it was kept", exact=True).click()
        tab.settled()
        expect(tab.page.get_by_text("Every figure that was kept comes out again.")).to_have_count(2)

        tab.page.get_by_role("button", name="Take this table").first.click()
        offered = tab.page.get_by_role("button", name="As XLSX, for a spreadsheet")
        expect(offered).to_be_visible()
        with tab.page.expect_download() as waiting:
            offered.click()
        sheet = load_workbook(BytesIO(waiting.value.path().read_bytes())).active
        assert sum(isinstance(cell, float) for row in sheet.iter_rows(values_only=True) for cell in row) > 20
        assert tab.axe() == []
        tab.page.keyboard.press("Escape")
        tab.narrowed()
        assert not tab.overflows()
        assert tab.errors == []
        assert tab.external_requests == []
        context.close()
