"""A person who signed in at one replica is signed in at the other, in Chromium and through the door."""

import re

import pytest
from playwright.sync_api import Browser, expect

from advisor.text.i18n import Translator
from tests.browser.conftest import AppPage
from tests.deploy.conftest import CLIENT_SECRET, COOKIE_SECRET, Signed, settled
from tests.deploy.visitor import REPLICA_COOKIE

pytestmark = pytest.mark.deploy
ENGLISH = Translator("en")


def test_who_signed_in_at_one_replica_is_signed_in_at_the_other(browser: Browser, signed: Signed) -> None:
    house = signed.house
    context = browser.new_context(ignore_https_errors=True, reduced_motion="reduce")
    context.route(re.compile("^https://(?!localhost)"), lambda route: route.abort())  # how the provider's pages look
    tab = AppPage(context.new_page(), house.address)

    def led_to(number: int) -> None:
        cookie = house.cookie_for(house.replicas[number])
        context.add_cookies([{"name": REPLICA_COOKIE, "value": cookie, "url": house.address}])

    opened_at = [f'upstream="127.0.0.1:{replica.port} 101"' for replica in house.replicas]
    before = [len(house.logged(text, 0)) for text in opened_at]
    led_to(0)
    tab.page.goto(f"{house.address}/?lang=en&daily_requests=20000&budget=20000&quality_need=high")
    settled(tab)
    tab.page.get_by_role("button", name=ENGLISH("people.sign_in"), exact=True).click()
    tab.page.wait_for_url(f"{signed.issuer}/**")
    tab.page.get_by_role("button", name="ada", exact=True).click()
    tab.page.wait_for_url(f"{house.address}/**")
    expect(tab.page.get_by_role("button", name="Ada")).to_be_visible(timeout=60_000)
    settled(tab)
    expect(tab.page).to_have_url(re.compile("daily_requests=20000"))

    led_to(1)
    tab.page.reload()
    expect(tab.page.get_by_role("button", name="Ada")).to_be_visible(timeout=60_000)
    settled(tab)
    expect(tab.page).to_have_url(re.compile("daily_requests=20000"))
    assert tab.errors == []
    cookies = [cookie for cookie in context.cookies() if cookie["name"].startswith("_streamlit_user")]
    assert cookies
    assert all(cookie["httpOnly"] for cookie in cookies)
    context.close()  # which ends the last session: it stands in the log from then on
    for text, count in zip(opened_at, before, strict=True):
        assert len(house.logged(text, count + 1)) > count, text
    logged = house.everything_logged()
    assert [told for told in (COOKIE_SECRET, CLIENT_SECRET, "code=") if told in logged] == []
