"""Nothing that somebody entered is lost: Undo, Back, reload, another language, a copied link."""

import json
import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Locator, expect

from advisor.text.i18n import Translator
from tests.browser.conftest import AppPage, OpenPage

CASE = {"preset": "extraction"}
REQUESTS = "Requests a day"
AFTER_THE_LAG_MS = 1_200
TOLD_TWICE = """() => {
    const before = history.length;
    history.pushState({}, '', '/levers');
    history.pushState({}, '', '/levers?lang=en');
    return history.length - before;
}"""
"""A page whose script takes its time is first told by its bare address; a fast one is not."""


def requests(tab: AppPage) -> Locator:
    return tab.page.get_by_label(REQUESTS, exact=True).first


def tell(tab: AppPage, text: str) -> None:
    requests(tab).fill(text)
    requests(tab).press("Enter")
    expect(tab.page).to_have_url(re.compile(f"daily_requests={text}"))
    tab.settled()
    tab.page.wait_for_timeout(AFTER_THE_LAG_MS)


def tried(tab: AppPage, name: str) -> object:
    return json.loads(parse_qs(urlsplit(tab.page.url).query).get(name, ["null"])[0])


def undo(tab: AppPage) -> None:
    tab.page.get_by_role("button", name="Undo").first.click()
    tab.settled()


def test_undo_takes_back_one_answer_after_the_other(open_page: OpenPage) -> None:
    tab = open_page("", daily_requests="777", quality_need="high", budget="5000")
    for text in ("1111", "2222"):
        tell(tab, text)
    for before in ("1,111", "777"):
        undo(tab)
        expect(requests(tab)).to_have_value(before)
    undo(tab)
    expect(tab.page.get_by_text("Nothing has been changed yet")).to_be_visible()
    expect(requests(tab)).to_have_value("777")


def test_the_browsers_back_takes_back_an_answer_and_forward_gives_it_again(open_page: OpenPage) -> None:
    tab = open_page("", daily_requests="777", quality_need="high", budget="5000")
    tell(tab, "1111")
    tab.page.go_back()
    tab.settled()
    expect(requests(tab)).to_have_value("777")
    tab.page.wait_for_timeout(AFTER_THE_LAG_MS)
    tab.page.go_forward()
    tab.settled()
    expect(requests(tab)).to_have_value("1,111")


def test_one_back_leads_to_the_page_before(open_page: OpenPage) -> None:
    tab = open_page("risk", **CASE)
    before = tab.page.evaluate("history.length")
    tab.page.get_by_text("Money", exact=True).first.click()
    tab.page.get_by_text("Cash flow", exact=True).last.click()
    expect(tab.page).to_have_url(re.compile(r"/cash_flow\?.*preset=extraction"))
    tab.settled()
    assert tab.page.evaluate("history.length") == before + 1
    tab.page.go_back()
    expect(tab.page).to_have_url(re.compile(r"/risk\?.*preset=extraction"))
    tab.settled()
    expect(tab.page.get_by_role("heading", level=1)).to_have_text(Translator("en")("page.risk.title"))


def test_a_page_that_is_told_twice_is_one_step(open_page: OpenPage) -> None:
    assert open_page("risk", **CASE).page.evaluate(TOLD_TWICE) == 1


def test_a_loaded_example_and_a_cleared_case_ask_nothing_and_can_be_undone(open_page: OpenPage) -> None:
    tab = open_page("", daily_requests="777", quality_need="high", budget="5000")
    tab.page.get_by_role("button", name="Chat assistant").or_(
        tab.page.get_by_role("radio", name="Chat assistant")
    ).click()
    expect(tab.page).to_have_url(re.compile("preset=chat"))
    undo(tab)
    expect(requests(tab)).to_have_value("777")
    tab.page.get_by_role("button", name="Clear the case").click()
    tab.settled()
    expect(requests(tab)).to_have_value("")
    undo(tab)
    expect(requests(tab)).to_have_value("777")


def test_what_sliders_try_out_is_in_the_link_of_the_presentation_and_outlives_a_reload(open_page: OpenPage) -> None:
    tab = open_page("present", **CASE)
    slider = tab.page.get_by_role("slider").first
    slider.focus()
    for _ in range(3):
        slider.press("ArrowLeft")
    expect(tab.page).to_have_url(re.compile("what_if="))
    tab.settled()
    shown = slider.input_value()
    tab.page.reload()
    tab.settled()
    expect(tab.page.get_by_role("slider").first).to_have_value(shown)
    tab.page.wait_for_timeout(AFTER_THE_LAG_MS)
    tab.page.get_by_role("button", name="Reset sliders").click()
    expect(tab.page).not_to_have_url(re.compile("what_if="))


def test_ticked_levers_outlive_a_reload(open_page: OpenPage) -> None:
    tab = open_page("levers", **CASE)
    box = tab.page.get_by_test_id("stCheckbox").first
    was = box.get_by_role("checkbox").is_checked()
    box.locator("label").click()
    expect(tab.page).to_have_url(re.compile("levers="))
    tab.settled()
    tab.page.reload()
    tab.settled()
    expect(tab.page.get_by_test_id("stCheckbox").first.get_by_role("checkbox")).to_be_checked(checked=not was)


def test_a_price_typed_into_the_plan_outlives_a_reload(open_page: OpenPage) -> None:
    tab = open_page("training", **CASE)
    field = tab.page.get_by_label(re.compile("GPU, per hour")).last
    field.fill("7.5")
    field.press("Enter")
    expect(tab.page).to_have_url(re.compile("plan="))
    tab.settled()
    assert tried(tab, "plan") == {"gpu_hour": 7.5}
    tab.page.reload()
    tab.settled()
    expect(tab.page.get_by_label(re.compile("GPU, per hour")).last).to_have_value("7.5")


def test_another_language_in_the_middle_keeps_answers_and_what_is_tried_out(open_page: OpenPage) -> None:
    tab = open_page("cash_flow", **CASE)
    slider = tab.page.get_by_role("slider").first
    slider.focus()
    slider.press("ArrowLeft")
    expect(tab.page).to_have_url(re.compile("what_if="))
    tab.settled()
    before = tried(tab, "what_if")
    tab.page.get_by_role("radio", name="中文", exact=True).first.click()
    expect(tab.page).to_have_url(re.compile("lang=zh"))
    tab.settled()
    assert tried(tab, "what_if") == before
    assert "preset=extraction" in tab.page.url


def test_copy_link_copies_the_address(open_page: OpenPage) -> None:
    tab = open_page("answer", **CASE)
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.page.get_by_role("button", name="Share link").click()
    expect(tab.page.get_by_role("button", name="Link copied")).to_be_visible()
    assert tab.page.evaluate("navigator.clipboard.readText()") == tab.page.url


def test_a_tap_on_a_link_right_after_typing_takes_the_number_along(server: str, browser: Browser) -> None:
    """A finger takes the focus from the field and follows the link in the same moment."""
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    context = browser.new_context(**phone, locale="en-US")
    tab = AppPage(context.new_page(), server)
    tab.page.goto(f"{server}/?lang=en&daily_requests=15017&budget=41000")
    tab.settled()
    tab.page.get_by_label("Requests a day", exact=True).first.fill("15,018")
    tab.page.locator("[data-testid=stMain] a[href*=answer]").first.tap()
    expect(tab.page).to_have_url(re.compile("/answer.*daily_requests=15018"))
    context.close()


def test_undo_right_after_typing_takes_back_what_was_typed(open_page: OpenPage) -> None:
    tab = open_page(**{"daily_requests": "15017", "budget": "41000"})
    field = tab.page.get_by_label("Requests a day", exact=True).first
    field.fill("15,018")
    tab.page.get_by_role("button", name="Undo").click()
    tab.settled()
    expect(field).to_have_value("15,017")


def test_a_link_copied_right_after_typing_holds_what_was_typed(open_page: OpenPage) -> None:
    tab = open_page(**{"daily_requests": "15017", "budget": "41000"})
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.page.get_by_label("Requests a day", exact=True).first.fill("15,018")
    tab.page.get_by_role("button", name="Share link").click()
    expect(tab.page.get_by_role("button", name="Link copied")).to_be_visible()
    assert "daily_requests=15018" in str(tab.page.evaluate("navigator.clipboard.readText()"))


def test_addresses_of_before_lead_to_the_pages_of_now_with_the_case(open_page: OpenPage) -> None:
    for old, new in (("recommendation", "answer"), ("payback", "cash_flow"), ("plan", "training")):
        tab = open_page(old, daily_requests="777", quality_need="high", budget="5000")
        expect(tab.page).to_have_url(re.compile(f"/{new}\\?"))
        assert "daily_requests=777" in tab.page.url
