"""A figure explains itself: its tile opens formula and inputs, from there to the method and to the field."""

import re

import pytest
from playwright.sync_api import expect

from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.browser.conftest import DESK, PHONE, OpenPage, Theme

CASE = {"preset": "customer-service"}
PLACES: tuple[tuple[str, str, Theme, int, str], ...] = (
    ("answer", "first-npv", "light", DESK, "zh"),
    ("cash_flow", "irr", "dark", PHONE, "en"),
    ("cash_flow", "irr", "light", PHONE, "zh"),
    ("present", "first-payback", "dark", DESK, "en"),
)
"""On a telephone, where words have least room, in both languages."""


@pytest.mark.parametrize(("path", "figure", "theme", "width", "lang"), PLACES)
def test_a_tile_opens_its_formula_and_its_inputs(
    open_page: OpenPage, path: str, figure: str, theme: Theme, width: int, lang: str
) -> None:
    tab, t = open_page(path, lang, theme, width, **CASE), Translator(lang)
    tile = tab.page.locator(f"button.tile[data-figure={figure}]")
    panel = tab.page.locator("#why-panel")
    expect(panel).to_be_hidden()
    tile.focus()
    tile.press("Enter")
    expect(panel).to_be_visible()
    expect(panel.locator(".worked").last).to_contain_text("=")
    expect(panel.locator("li").first).to_contain_text(t("why.change"))
    assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in tab.axe()] == []
    assert panel.evaluate("e => e.scrollWidth <= e.clientWidth")
    panel.get_by_role("button", name=t("why.all_inputs")).click()
    expect(tab.page.locator("#why-all")).to_be_visible()
    assert tab.page.locator("#why-all li").count() > panel.locator("li").count()
    tab.page.keyboard.press("Escape")
    tab.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(tile).to_be_focused()
    assert tab.errors == []


@pytest.mark.parametrize("lang", languages())
def test_a_panel_leads_to_the_method_and_to_the_field(open_page: OpenPage, lang: str) -> None:
    tab, t = open_page("cash_flow", lang, **CASE), Translator(lang)
    tab.page.evaluate("window.sameDocument = true")
    tab.page.locator("button.tile[data-figure=first-payback]").click()
    tab.page.locator("#why-panel").get_by_text(t("why.method")).click()
    expect(tab.page.get_by_role("heading", level=1)).to_have_text(t("page.method.title"))
    expect(tab.page).to_have_url(re.compile(r"/method\?.*preset=customer-service.*#formula-payback$"))
    tab.settled()
    expect(tab.page.locator("#formula-payback")).to_be_in_viewport()
    tab.page.go_back()
    expect(tab.page.get_by_role("heading", level=1)).to_have_text(t("page.cash_flow.title"))
    tab.settled()
    tab.page.locator("button.tile[data-figure=first-payback]").click()
    change = tab.page.locator("#why-panel").get_by_text(t("why.change")).first
    wanted = re.search(r"[?&]field=(\w+)", str(change.get_attribute("href")))
    assert wanted
    change.click()
    expect(tab.page.get_by_role("heading", level=1)).to_have_text(t("page.your_case.title"))
    tab.settled()
    field = tab.page.get_by_test_id("stMain").get_by_label(re.compile(re.escape(t(f"field.{wanted[1]}.label"))))
    expect(field.first).to_be_visible()
    assert tab.page.evaluate("window.sameDocument")
    assert "preset=customer-service" in tab.page.url
    assert tab.errors == []


def test_the_method_is_opened_at_what_the_address_names(open_page: OpenPage) -> None:
    tab = open_page("method", "en", "light", PHONE, **CASE)
    for place in ("term-payback", "formula-current_request", "part-articles"):
        tab.page.locator(f"nav.index a[href='#{place}']").click()
        expect(tab.page.locator(f"#{place}")).to_be_in_viewport()
    hidden = """() => [...document.querySelectorAll('p:has(.katex)')].filter(
        e => e.scrollWidth > e.clientWidth && e.getAttribute('tabindex') !== '0').length"""
    assert tab.page.evaluate(hidden) == 0
