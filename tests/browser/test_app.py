"""What only a browser shows: real widgets, accessibility, themes, narrow screens, links, downloads."""

import re
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from tests.browser.conftest import ROOT, AppPage, OpenPage, running_app

CASE = {"preset": "extraction"}
CHINESE = "\u4e2d\u6587"


def test_a_deep_link_on_a_cold_server_shows_its_page(browser: Browser) -> None:
    with running_app(ROOT / "app.py") as address:
        context = browser.new_context(locale="en-US")
        tab = AppPage(context.new_page(), address)
        tab.page.goto(f"{address}/cash_flow?preset=extraction")
        tab.settled()
        expect(tab.page.get_by_role("dialog")).to_have_count(0)
        expect(tab.page.get_by_role("heading", level=1)).to_have_text("When does the money come back?")
        expect(tab.page.get_by_test_id("stTopNavSection")).to_have_count(4)
        context.close()


def choose(tab: AppPage, name: str) -> None:
    """Press one segment of a segmented control."""
    tab.page.get_by_role("radio", name=name, exact=True).first.click()
    tab.settled()


def test_language_switches_lose_no_answer_on_the_next_click(open_page: OpenPage) -> None:
    tab = open_page("", "en", preset="copywriting")
    for name in (CHINESE, "English", CHINESE):
        choose(tab, name)
    # The click after the switch is where a browser sends stale labels: boxes then fall back to their first option.
    choose(tab, "\u4e00\u822c")
    expect(tab.page).to_have_url(re.compile("quality_need=normal"))
    assert "currency" not in tab.page.url
    tab.page.get_by_role("textbox").first.fill("611")
    tab.page.get_by_role("textbox").first.press("Enter")
    tab.settled()
    expect(tab.page).to_have_url(re.compile("daily_requests=611"))
    assert {"currency", "current_model", "model_size"} & set(parse_qs(urlsplit(tab.page.url).query)) == set()


def test_switching_pages_keeps_language_and_case(open_page: OpenPage) -> None:
    tab = open_page("", "zh", daily_requests="777", quality_need="high", budget="5000")
    for section, name in (("\u8d44\u91d1", "\u73b0\u91d1\u6d41"), ("\u4f9d\u636e", "\u65b9\u6cd5")):
        tab.page.get_by_test_id("stTopNavSection").filter(has_text=section).click()
        tab.page.get_by_role("menuitem", name=name, exact=True).click()
        expect(tab.page.get_by_role("heading", level=1)).to_have_count(1)
        tab.settled()
        query = parse_qs(urlsplit(tab.page.url).query)
        assert (query["lang"], query["daily_requests"], query["budget"]) == (["zh"], ["777"], ["5000"])
    expect(tab.page.get_by_role("textbox").first).to_have_value("777")


def test_a_fold_stays_open_after_an_answer_and_shows_its_fault(open_page: OpenPage) -> None:
    tab = open_page("", **CASE)
    tab.page.get_by_text("Your traffic", exact=True).click()
    tab.settled()
    field = tab.page.get_by_label("Volume growth (% a year)", exact=True)
    for text in ("30", "-200"):
        field.fill(text)
        field.press("Enter")
        tab.settled()
        expect(field).to_be_visible()
    expect(tab.page.get_by_test_id("stAlert").filter(has_text="Volume growth")).to_be_visible()
    expect(field).to_have_value("-200")


def test_another_currency_converts_what_was_entered(open_page: OpenPage) -> None:
    tab = open_page("", preset="chat")
    before = tab.page.locator("[data-testid=stMain] .figures .value").first.inner_text()
    tab.page.get_by_role("combobox", name=re.compile("Currency")).click()
    tab.page.get_by_role("option", name=re.compile("US dollar")).click()
    tab.settled()
    expect(tab.page).to_have_url(re.compile("hourly_rate=23"))
    expect(tab.page.locator("[data-testid=stMain] .figures .value").first).to_have_text(before)


def test_a_reload_keeps_what_was_entered(open_page: OpenPage) -> None:
    tab = open_page("")
    field = tab.page.locator("input[type=text]").first
    field.fill("4321")
    field.press("Enter")
    expect(tab.page).to_have_url(re.compile("daily_requests=4321"))
    tab.page.reload()
    tab.settled()
    expect(tab.page.locator("input[type=text]").first).to_have_value("4,321")


def test_the_report_and_the_files_download(open_page: OpenPage, tmp_path: Path) -> None:
    tab = open_page("answer", **CASE)
    for name, ending, start in (
        ("PDF", ".pdf", b"%PDF"),
        ("Recommendation (PDF)", ".pdf", b"%PDF"),
        ("Scenario file (YAML)", ".yaml", b"schema"),
        ("Monthly table (CSV)", ".csv", b"\xef\xbb\xbf"),
        ("Slides (PowerPoint)", ".pptx", b"PK"),
    ):
        if ending == ".csv":
            tab.page.get_by_text("Slides, workbook, monthly table").click()
            tab.settled()
        with tab.page.expect_download() as waiting:
            tab.page.get_by_role("button", name=name).filter(has_text=name).first.click()
        target = tmp_path / f"file{ending}"
        waiting.value.save_as(target)
        assert waiting.value.suggested_filename.endswith(ending)
        assert target.read_bytes().startswith(start)


def test_a_report_asked_for_while_the_page_is_drawn_is_of_what_was_typed(open_page: OpenPage, tmp_path: Path) -> None:
    """The verdict stands there at once, what would change it seconds later: the button is clicked before that."""
    tab = open_page(**CASE)
    tab.page.goto(f"{tab.server}/answer?lang=en&daily_requests=15017&budget=41000")
    button = tab.page.locator("[data-testid=stDownloadButton] button").first
    for requests in ("15,017", "15,018"):
        with tab.page.expect_download(timeout=60_000) as waiting:
            tab.page.get_by_label("Requests a day", exact=True).fill(requests)
            button.click()
        waiting.value.save_as(tmp_path / "report.pdf")
        text = "".join(page.extract_text() for page in PdfReader(tmp_path / "report.pdf").pages)
        assert requests in text
    with tab.page.expect_download() as waiting:
        tab.page.get_by_label("Requests a day", exact=True).fill("15,019")
        tab.page.get_by_role("button", name="Scenario file (YAML)").click()
    assert "daily_requests: 15019" in Path(waiting.value.path()).read_text(encoding="utf-8")


def test_a_slider_redraws_with_the_unchanged_case_behind(open_page: OpenPage) -> None:
    tab = open_page("cash_flow", **CASE)
    before = tab.page.locator(".figures .value").first.inner_text()
    slider = tab.page.get_by_role("slider").first
    slider.focus()
    for _ in range(8):
        slider.press("ArrowLeft")
    expect(tab.page.locator("[data-testid=stMain] .figures .value").first).not_to_have_text(before)
    expect(tab.page).to_have_url(re.compile("what_if="))
    assert "daily_requests" not in parse_qs(urlsplit(tab.page.url).query)


READ_FOR_CHARTS = """() => performance.getEntriesByType('resource').map(e => e.name)
    .filter(name => /vega/i.test(name) && name.endsWith('.js')).length"""


def test_what_draws_charts_is_read_while_the_questions_are(open_page: OpenPage) -> None:
    tab = open_page(**CASE)
    page, ahead = tab.page, tab.page.locator("[data-testid=stVegaLiteChart]")
    expect(ahead).to_have_count(1)
    expect(ahead).to_be_hidden()
    read = page.evaluate(READ_FOR_CHARTS)
    assert read > 0
    page.locator("[data-testid=stMain] a[href*=answer]").first.click()
    page.wait_for_url("**/answer?*")
    tab.settled()
    expect(ahead.locator("svg.marks").first).to_be_visible()
    assert page.evaluate(READ_FOR_CHARTS) == read


def test_each_slider_of_risk_keeps_what_the_others_tried(open_page: OpenPage) -> None:
    tab = open_page("risk", preset="extraction")
    page, keep = tab.page, tab.page.get_by_role("button", name="Keep these numbers")
    expect(keep).to_be_hidden()
    expect(page.get_by_text("Before the change")).to_have_count(0)
    for place, key in ((0, "ArrowLeft"), (1, "ArrowRight"), (0, "ArrowLeft")):
        page.get_by_role("slider").nth(place).focus()
        page.get_by_role("slider").nth(place).press(key)
        tab.settled()
    expect(keep).to_be_visible()
    expect(page.get_by_text("Kept: 60,000 requests a day")).to_be_visible()
    expect(page.get_by_text("Kept: 40% a year")).to_be_visible()
    expect(page.get_by_text("Before the change")).to_have_count(1)
    expect(page.locator("[data-testid=stVegaLiteChart]")).to_have_count(4)
    page.get_by_role("button", name="Reset sliders").click()
    tab.settled()
    expect(page.get_by_role("slider").first).to_have_value("60000")
    expect(keep).to_be_hidden()


@pytest.mark.parametrize(("path", "follows"), [("risk", "stDownloadButton"), ("cash_flow", "stExpander")])
def test_a_slider_moves_the_marks_of_its_pictures_and_builds_none_anew(
    open_page: OpenPage, path: str, follows: str
) -> None:
    tab = open_page(path, **CASE)
    live = tab.page.locator("[data-testid=stVegaLiteChart] svg.marks")
    expect(live.nth(1)).to_be_visible()
    expect(tab.page.get_by_test_id(follows).last).to_be_visible()  # all that stands below is drawn
    slider = tab.page.get_by_role("slider").first
    slider.focus()
    slider.press("ArrowLeft")  # the first change draws the case before it as well
    expect(tab.page.get_by_role("button", name="Reset sliders")).to_be_visible()
    tab.settled()
    words = live.nth(1).text_content()
    live.evaluate_all("found => found.slice(0, 2).forEach(e => e.classList.add('seen-before'))")
    for _ in range(5):
        slider.press("ArrowLeft")
    expect(live.nth(1)).not_to_have_text(words or "")
    expect(tab.page.locator("svg.seen-before")).to_have_count(2)
    shown = tab.page.get_by_test_id("stElementToolbarButton").filter(visible=True)
    live.first.hover()
    expect(shown.filter(has=tab.page.get_by_label("Download as PNG")).first).to_be_visible()
    expect(shown.filter(has=tab.page.get_by_label("Show data"))).to_have_count(0)


def test_the_dark_theme_keeps_charts_readable(open_page: OpenPage) -> None:
    tab = open_page("cash_flow", theme="dark", **CASE)
    texts = tab.page.locator("[data-testid=stVegaLiteChart] svg text")
    expect(texts.first).to_be_visible()
    fills = texts.evaluate_all("found => found.map(e => e.getAttribute('fill'))")
    assert fills
    assert not {"#000", "black", "#000000"} & set(fills)


@pytest.mark.parametrize(("path", "least"), [("answer", 250), ("cash_flow", 150)])
def test_columns_beside_an_open_side_are_wide_enough_for_words(open_page: OpenPage, path: str, least: int) -> None:
    """On a tablet: charts of Answer, whose legends were cut, and sliders, whose names were parted within words."""
    tab = open_page(path, width=800, **CASE)
    kind = "[data-testid=stVegaLiteChart]" if path == "answer" else "[data-testid=stSlider]"
    columns = tab.page.locator("[data-testid=stMain] [data-testid=stColumn]").filter(has=tab.page.locator(kind))
    widths = columns.evaluate_all("found => found.map(e => e.clientWidth)")
    assert widths
    assert min(widths) >= least


def test_every_page_can_be_left_on_a_telephone_and_no_empty_side_stands_beside_one(open_page: OpenPage) -> None:
    tab = open_page("present", "en", width=390, **CASE)
    tab.page.get_by_test_id("stExpandSidebarButton").click()
    expect(tab.page.get_by_test_id("stSidebarNav")).to_be_visible()
    tab = open_page("answer", "en", **CASE)
    expect(tab.page.get_by_test_id("stSidebar")).to_be_visible()
    tab.page.get_by_test_id("stTopNavSection").filter(has_text="Decide").click()
    tab.page.get_by_role("menuitem", name="Your case", exact=True).click()
    expect(tab.page.get_by_role("heading", level=1)).to_have_text("Should we fine-tune a model?")
    tab.settled()
    expect(tab.page.get_by_test_id("stSidebar")).to_be_hidden()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_presentation_prints_to_one_page(open_page: OpenPage, language: str, paper: str) -> None:
    shown = open_page("present", lang=language, preset="customer-service", daily_requests="300000")
    paged = PdfReader(BytesIO(shown.page.pdf(format=paper, landscape=True)))
    assert len(paged.pages) == 1
