"""With the keyboard alone: whatever has the focus is seen, and the bar of the case stays in reach."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, AppPage, OpenPage

MOST_STOPS = 120
COVERED = """() => {
    const focused = document.activeElement, box = focused.getBoundingClientRect();
    const middle = (low, high, most) => (Math.max(low, 0) + Math.min(high, most)) / 2;
    const x = middle(box.left, box.right, innerWidth), y = middle(box.top, box.bottom, innerHeight);
    const seen = document.elementFromPoint(x, y);
    return focused === document.body || focused.tagName === 'MAIN' || box.height > innerHeight / 2
        || (seen && (focused.contains(seen) || seen.contains(focused)))
        ? null : focused.getAttribute('aria-label') || focused.innerText}"""
"""What has the focus and cannot be seen for something that lies over it, or because it is outside the window."""
CASE = {"preset": "extraction"}
TWO_LINES_PX = 80
"""Two rows of buttons of 40 px."""


def stops(tab: AppPage, key: str) -> Iterator[str | None]:
    """What is covered at each stop, up to the end of the page."""
    for _ in range(MOST_STOPS):
        tab.page.keyboard.press(key)
        if tab.page.evaluate("document.activeElement === document.body"):
            return
        yield tab.page.evaluate(COVERED)
    pytest.fail(f"more than {MOST_STOPS} stops, or a circle")


@pytest.mark.parametrize(("path", "width"), [("", DESK), ("prices", DESK), ("prices", PHONE)])
def test_nothing_lies_over_what_has_the_focus(open_page: OpenPage, path: str, width: int) -> None:
    tab = open_page(path, width=width, **CASE)
    assert [name for name in stops(tab, "Tab") if name is not None] == []
    assert [name for name in stops(tab, "Shift+Tab") if name is not None] == []


def test_the_bar_of_the_case_stays_in_sight_on_a_wide_window(open_page: OpenPage) -> None:
    tab = open_page("prices", **CASE)
    tab.page.get_by_text("The whole price book", exact=True).scroll_into_view_if_needed()
    for name in ("Undo", "Save", "Share link", "PDF"):
        expect(tab.page.get_by_test_id("stMain").get_by_role("button", name=name).first).to_be_in_viewport()


def test_the_name_of_the_case_stands_whole_beside_the_buttons(open_page: OpenPage) -> None:
    bar = open_page("answer", **CASE).page.locator(".st-key-bar")
    assert bar.locator(".case").evaluate("e => e.scrollWidth <= e.clientWidth")
    assert bar.evaluate("e => e.clientHeight") < TWO_LINES_PX


def test_the_way_to_the_answer_shows_that_it_has_the_focus(open_page: OpenPage) -> None:
    tab = open_page("", **CASE)
    way = tab.page.get_by_role("link", name="See the full answer")
    tab.page.get_by_role("textbox", name="Today's monthly bill").focus()
    tab.page.keyboard.press("Tab")
    expect(way).to_be_focused()
    expect(way).not_to_have_css("box-shadow", "none")
