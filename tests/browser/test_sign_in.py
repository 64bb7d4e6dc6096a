"""Two people sign in at a provider of the tests' own: the case of one is not the other's until it is opened to them."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Browser, BrowserContext, expect

from advisor.store import access, cases, people
from advisor.store.database import open_store
from advisor.store.records import Actor
from advisor.text.i18n import Translator
from advisor.text.languages import language_record
from advisor.ui.people import key_of
from tests.browser.conftest import DESK, HEIGHT_PX, PHONE, ROOT, AppPage, Theme, running_app

CLIENT_SECRET, COOKIE_SECRET = "only-the-provider-knows-this", "0123456789abcdef" * 4
SETTINGS = """[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "{cookie_secret}"
client_id = "advisor"
client_secret = "{client_secret}"
server_metadata_url = "{issuer}/.well-known/openid-configuration"
"""
USERS = [User(sub=name, claims={"name": name.title(), "email": f"{name}@example.org"}) for name in ("ada", "bob")]
ENGLISH = Translator("en")
NAME = "Nightingale"


@dataclass(frozen=True)
class Served:
    """The app while it runs, who vouches for people, and the folder with its database and log."""

    address: str
    issuer: str
    folder: Path

    def actor(self, name: str) -> Actor:
        return Actor(key_of(self.issuer, name), datetime.now(UTC))

    def log(self) -> str:
        return (self.folder / "app.log").read_text(encoding="utf-8", errors="replace")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("signed_in")
    with run_server_in_thread(user_claims=USERS) as provider:
        issuer = f"http://localhost:{provider.server_port}"
        told = {"issuer": issuer, "cookie_secret": COOKIE_SECRET, "client_secret": CLIENT_SECRET}
        (folder / "secrets.toml").write_text(SETTINGS.format(**told), encoding="utf-8")
        with running_app(Path(os.environ.get("ADVISOR_APP", ROOT / "app.py")), folder=folder) as address:
            yield Served(address, issuer, folder)


def opened(browser: Browser, served: Served, path: str, lang: str = "en", theme: Theme = "light") -> AppPage:
    """A tab of a browser that has never been here."""
    context = browser.new_context(
        viewport={"width": DESK, "height": HEIGHT_PX},
        color_scheme=theme,
        locale=language_record(lang).chart_dates,
        reduced_motion="reduce",
    )
    context.route(re.compile("^https:"), lambda route: route.abort())  # how the provider's own pages look
    tab = AppPage(context.new_page(), served.address)
    tab.page.goto(f"{served.address}{path}")
    tab.settled()
    return tab


def sign_in(tab: AppPage, served: Served, name: str) -> None:
    tab.page.get_by_role("button", name=ENGLISH("people.sign_in"), exact=True).click()
    tab.page.wait_for_url(f"{served.issuer}/**")
    tab.page.get_by_role("button", name=name, exact=True).click()
    tab.page.wait_for_url(f"{served.address}/**")
    expect(tab.page.get_by_role("button", name=name.title())).to_be_visible(timeout=30_000)
    tab.settled()


def sign_out(tab: AppPage, served: Served, name: str) -> None:
    tab.page.get_by_role("button", name=name.title()).click()
    tab.page.get_by_role("button", name=ENGLISH("people.sign_out")).click()
    tab.page.wait_for_url(f"{served.issuer}/**")
    tab.page.get_by_role("button", name="End session").click()
    tab.page.wait_for_url(f"{served.address}/**")
    expect(tab.page.get_by_role("button", name=ENGLISH("people.sign_in"), exact=True)).to_be_visible(timeout=30_000)


def save(tab: AppPage) -> str:
    """Save the case under its name; its id, which the address then holds."""
    tab.page.get_by_role("button", name=ENGLISH("ui.save"), exact=True).click()
    dialog = tab.page.get_by_role("dialog")
    dialog.get_by_label(ENGLISH("ui.save_name")).fill(NAME)
    dialog.get_by_label(ENGLISH("ui.save_name")).press("Tab")
    dialog.get_by_role("button", name=ENGLISH("ui.save"), exact=True).click()
    expect(tab.page).to_have_url(re.compile("case="), timeout=30_000)
    tab.settled()
    return parse_qs(urlsplit(tab.page.url).query)["case"][0]


def tokens(context: BrowserContext) -> list[str]:
    """What nobody may read: the cookies of a person, and what the server alone knows."""
    found = [cookie for cookie in context.cookies() if cookie["name"].startswith("_streamlit_user")]
    assert found
    assert all(cookie["httpOnly"] for cookie in found)
    return [*(str(cookie["value"]) for cookie in found), CLIENT_SECRET, COOKIE_SECRET]


def test_a_case_is_its_owners_until_it_is_opened_to_another(browser: Browser, served: Served) -> None:
    ada = opened(browser, served, "/training_data?lang=en&daily_requests=20000&budget=20000&quality_need=high")
    expect(ada.page.get_by_role("heading", level=1)).to_have_text(ENGLISH("app.title"))
    sign_in(ada, served, "ada")
    expect(ada.page).to_have_url(re.compile("/training_data.*daily_requests=20000"))  # the address that was asked for
    case = save(ada)
    hidden = tokens(ada.page.context)
    shown = ada.page.content()
    store = open_store(f"sqlite:///{served.folder / 'cases.db'}")
    assert [each.name for each in cases.listed(store, served.actor("ada"))] == [NAME]
    other = ada.page.context.new_page()
    other.goto(f"{served.address}/training_data?case={case}&lang=en")
    expect(other.locator(".case")).to_have_text(NAME, timeout=30_000)
    sign_out(ada, served, "ada")
    expect(other.get_by_role("button", name=ENGLISH("people.sign_in"), exact=True)).to_be_visible(timeout=30_000)
    assert NAME not in other.content()
    assert case not in other.url
    assert NAME not in ada.page.content()
    assert case not in ada.page.url

    bob = opened(browser, served, f"/?case={case}&lang=en")
    assert NAME not in bob.page.content()
    sign_in(bob, served, "bob")
    expect(bob.page.get_by_role("alert")).to_have_text(
        re.compile(re.escape(ENGLISH("error.kept_not_there", field="Case")))
    )  # that there is no such case of his
    assert NAME not in bob.page.content()
    assert cases.listed(store, served.actor("bob")) == ()

    person = people.by_email(store, served.actor("ada"), case, "bob@example.org")
    access.let(store, served.actor("ada"), case, person.user, "viewer")
    bob.page.goto(f"{served.address}/?case={case}&lang=en")
    expect(bob.page.locator(".case")).to_have_text(NAME, timeout=30_000)
    bob.settled()
    bob.page.get_by_role("button", name=ENGLISH("ui.save"), exact=True).click()
    expect(bob.page.get_by_text(ENGLISH("ui.save_viewer"))).to_be_visible()
    assert [head.number for head in cases.history(store, served.actor("ada"), case)] == [1]
    store.close()

    hidden += tokens(bob.page.context)
    for text in (shown, bob.page.content(), served.log()):
        assert [token for token in hidden if token in text] == []
    assert "Traceback" not in served.log()
    for tab in (ada, bob):
        tab.page.context.close()


@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("zh", "dark")])
def test_the_page_that_asks_to_sign_in_is_accessible_and_fits(
    browser: Browser, served: Served, lang: str, theme: Theme
) -> None:
    tab = opened(browser, served, f"/?lang={lang}", lang, theme)
    expect(tab.page.get_by_role("heading", level=1)).to_have_text(Translator(lang)("app.title"))
    assert tab.page.evaluate("document.documentElement.lang") == language_record(lang).tag
    assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in tab.axe()] == []
    tab.page.set_viewport_size({"width": PHONE, "height": HEIGHT_PX})
    tab.settled()
    assert not tab.overflows()
    assert tab.errors == []
    tab.page.context.close()
