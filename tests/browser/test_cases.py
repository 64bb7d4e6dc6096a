"""A case is saved, found on the page Cases, opened there and worked on again, in a real browser."""

import pytest
from playwright.sync_api import expect

from advisor.text.i18n import Translator
from tests.browser.conftest import DESK, PHONE, SETTLE_MS, AppPage, OpenPage, Theme

FIRST_REPORT_MS = 60_000
"""The first report of a server takes some seconds, of a busy one many."""
FOLDS = ("cases.today", "cases.notes", "cases.audit")


def saved(tab: AppPage, name: str, t: Translator) -> None:
    tab.page.get_by_role("button", name=t("ui.save"), exact=True).first.click()
    dialog = tab.page.get_by_role("dialog")
    expect(dialog).to_be_visible(timeout=SETTLE_MS)
    dialog.get_by_label(t("ui.save_name")).fill(name)
    dialog.get_by_role("button", name=t("ui.save"), exact=True).click()
    expect(dialog).to_have_count(0, timeout=FIRST_REPORT_MS)
    tab.settled()


@pytest.mark.parametrize(("lang", "theme", "width"), [("en", "light", DESK), ("zh", "dark", PHONE)])
def test_a_case_is_saved_found_and_worked_on_again(open_page: OpenPage, lang: str, theme: Theme, width: int) -> None:
    t, name = Translator(lang), f"Mail triage {lang}"
    tab = open_page("cases", lang, theme, width, preset="extraction")
    saved(tab, name, t)
    tab = open_page("cases", lang, theme, width, preset="chat")
    tab.page.get_by_role("button", name=name).click()
    expect(tab.page.get_by_role("heading", name=name)).to_be_in_viewport()
    for fold in FOLDS:
        tab.page.get_by_text(t(fold), exact=True).first.click()
        tab.settled()
    assert tab.axe() == []
    assert not tab.overflows()
    tab.page.get_by_role("button", name=t("cases.work_on"), exact=True).click()
    tab.settled()
    expect(tab.page.get_by_role("heading", level=1)).to_contain_text(t("page.your_case.title"))
    expect(tab.page.locator(".case")).to_have_text(name)
    assert "case=" in tab.page.url
    assert tab.external_requests == []
    assert tab.errors == []
