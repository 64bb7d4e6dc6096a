"""What only a browser shows: real widgets, accessibility, themes, narrow screens, links, downloads."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, Theme

PAGES = {
    "": "questionnaire",
    "recommendation": "recommendation",
    "payback": "payback",
    "prices": "prices",
    "method": "method",
}
CASE = {"preset": "extraction"}


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_accessible_and_fits(open_page: OpenPage, path: str, lang: str, theme: Theme, width: int) -> None:
    tab = open_page(path, lang, theme, width, **CASE)
    assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in tab.axe()] == []
    assert not tab.overflows()
    assert tab.errors == []
    assert tab.external_requests == []
    assert tab.page.evaluate("document.documentElement.lang") == {"en": "en", "zh": "zh-CN"}[lang]


@pytest.mark.parametrize("path", [p for p in PAGES if p])
def test_a_deep_link_shows_its_page_with_frame_and_language(open_page: OpenPage, path: str) -> None:
    tab = open_page(path, "zh", **CASE)
    expect(tab.page.get_by_role("heading", level=1)).to_be_visible()
    assert tab.page.get_by_text("\u4e2d\u6587").first.is_visible()
    assert "lang=zh" in tab.page.url
    assert tab.errors == []


def test_language_switches_lose_no_answer_on_the_next_click(open_page: OpenPage) -> None:
    tab = open_page("", "en", **CASE)
    page = tab.page
    for name in ("\u4e2d\u6587", "English", "\u4e2d\u6587"):
        page.get_by_role("radio", name=name).or_(page.get_by_role("button", name=name, exact=True)).first.click()
        tab.settled()
    # The next click on any widget is where translated labels lose answers: fold a group open and change a number.
    page.get_by_text("\u6d41\u91cf").first.click() if page.get_by_text("\u6d41\u91cf").count() else None
    field = page.locator("input[type=text]").first
    field.fill("61,000")
    field.press("Enter")
    tab.settled()
    assert "daily_requests=61000" in page.url
    assert "preset=extraction" in page.url
    assert re.search(r"currency=(?!USD)", page.url) is None
    assert "quality_need" not in page.url


def test_switching_pages_keeps_language_and_case(open_page: OpenPage) -> None:
    tab = open_page("payback", "zh", daily_requests="777", quality_need="high", budget="5000")
    page = tab.page
    page.locator("[data-testid=stPageLink] a, a[href*=questionnaire]").first.click() if page.locator(
        "[data-testid=stPageLink] a"
    ).count() else page.goto(f"{tab.server}/recommendation?{page.url.split('?')[1]}")
    tab.settled()
    assert "lang=zh" in page.url
    assert "daily_requests=777" in page.url


def test_a_reload_keeps_what_was_entered(open_page: OpenPage) -> None:
    tab = open_page("")
    field = tab.page.locator("input[type=text]").first
    field.fill("4321")
    field.press("Enter")
    tab.settled()
    tab.page.reload()
    tab.settled()
    assert tab.page.locator("input[type=text]").first.input_value() == "4,321"


def test_the_report_and_the_files_download(open_page: OpenPage, tmp_path: Path) -> None:
    tab = open_page("recommendation", **CASE)
    for ending, start in ((".pdf", b"%PDF"), (".yaml", b"schema"), (".csv", b"\xef\xbb\xbf")):
        buttons = tab.page.locator("[data-testid=stDownloadButton] button")
        index = {".pdf": 0, ".yaml": 1, ".csv": 2}[ending]
        with tab.page.expect_download() as waiting:
            buttons.nth(index).click()
        target = tmp_path / f"file{ending}"
        waiting.value.save_as(target)
        assert waiting.value.suggested_filename.endswith(ending)
        assert target.read_bytes().startswith(start)


def test_a_slider_redraws_with_the_unchanged_case_behind(open_page: OpenPage) -> None:
    tab = open_page("payback", **CASE)
    before = tab.page.locator(".figures .value").first.inner_text()
    slider = tab.page.get_by_role("slider").first
    slider.focus()
    for _ in range(8):
        slider.press("ArrowLeft")
    tab.settled()
    assert tab.page.locator("[data-testid=stMain] .figures .value").first.inner_text() != before
    assert "daily_requests" not in tab.page.url


def test_the_dark_theme_keeps_charts_readable(open_page: OpenPage) -> None:
    tab = open_page("payback", theme="dark", **CASE)
    texts = tab.page.locator("[data-testid=stVegaLiteChart] svg text")
    fills = texts.evaluate_all("found => found.map(e => e.getAttribute('fill'))")
    assert fills
    assert not {"#000", "black", "#000000"} & set(fills)
