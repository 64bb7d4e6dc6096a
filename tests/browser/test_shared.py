"""The page behind a share link as its reader sees it: whole on a telephone, alone, and gone when the link ends."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from advisor.core.places import APP
from advisor.report.build import build_report
from advisor.report.keeping import content_of
from advisor.store import beside, cases
from advisor.store.database import Store, open_store
from advisor.store.records import LOCAL_USER, Actor
from advisor.text.i18n import Translator
from tests.browser.conftest import DESK, PHONE, AppPage, Theme, pages_of, running_app
from tests.cases import advice, catalog, preset

PDF = b"%PDF-1.7 as it was kept"
LATER_MS = 15_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def log(folder: Path) -> Path:
    return folder / "app.log"


@pytest.fixture(scope="module")
def app(folder: Path) -> Iterator[str]:
    with running_app(APP, folder) as address:
        yield address


@pytest.fixture(scope="module")
def store(folder: Path) -> Iterator[Store]:
    found = open_store(f"sqlite:///{folder / 'cases.db'}")
    yield found
    found.close()


@pytest.fixture(scope="module")
def kept(store: Store) -> dict[str, str]:
    """By language a kept case whose report is in it."""
    found = {}
    for language in ("en", "zh"):
        t = Translator(language)
        content = content_of(advice(preset("extraction")), catalog(), t, PDF)
        found[language] = cases.create(store, now(), "Mail triage: 邮件分类", content)
    return found


def now() -> Actor:
    return Actor(LOCAL_USER, datetime.now(UTC))


@pytest.fixture
def tab(app: str, browser: Browser) -> Iterator[object]:
    with pages_of(app, browser) as open_page:

        def open_(token: str, lang: str = "en", theme: Theme = "light", width: int = DESK) -> AppPage:
            return open_page("shared", lang, theme, width, link=token)

        yield open_


VIEWS = [("en", "light", DESK), ("zh", "dark", DESK), ("zh", "light", PHONE), ("en", "dark", PHONE)]


@pytest.mark.parametrize(("lang", "theme", "width"), VIEWS)
def test_a_shared_report_is_accessible_fits_and_stands_alone(
    tab, store: Store, kept: dict[str, str], lang: str, theme: Theme, width: int
) -> None:
    token, _ = beside.share(store, now(), kept[lang], 1, now().at + timedelta(days=7))
    shown = tab(token, lang, theme, width)
    expect(shown.page.get_by_role("heading", level=1)).to_contain_text("Mail triage")
    document = build_report(advice(preset("extraction")), catalog(), Translator(lang))
    expect(shown.page.get_by_role("heading", level=2)).to_have_text(document.title)
    for picture in shown.page.locator(".paper img").all():
        assert picture.get_attribute("alt")
        assert picture.evaluate("e => e.complete && e.naturalWidth > 0")
    assert shown.page.locator("[data-testid=stTopNavLink], [data-testid=stSidebarNavLink]").count() == 0
    assert shown.page.locator("[data-testid=stSidebar]").count() == 0
    assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in shown.axe()] == []
    assert not shown.overflows()
    assert shown.errors == []
    assert shown.external_requests == []


def test_a_link_keeps_its_address_and_dies_when_it_is_revoked(
    tab, store: Store, kept: dict[str, str], log: Path
) -> None:
    token, made = beside.share(store, now(), kept["en"], 1, now().at + timedelta(days=7))
    shown, page = (found := tab(token)), found.page
    page.get_by_role("radio", name="中文").click()
    page.wait_for_url(re.compile("lang=zh"))
    shown.settled()
    assert parse_qs(urlsplit(page.url).query) == {"link": [token], "lang": ["zh"]}
    page.reload()
    shown.settled()
    expect(page.get_by_text("只读")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="PDF").click()
    assert download.value.suggested_filename == "Mail-triage-邮件分类-1-zh.pdf"
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(b"%PDF")
    assert content != PDF  # that one is in English
    beside.revoke(store, now(), kept["en"], made.id)
    page.get_by_role("button", name="PDF").click()
    error = page.get_by_test_id("stDownloadButtonError")
    expect(error).to_be_attached(timeout=LATER_MS)  # Streamlit's own words in it are hidden
    told = error.evaluate("e => getComputedStyle(e, '::after').content")
    assert Translator("zh")("sharing.no_file") in told
    number = re.search(r"[0-9A-Z]{6}-\d+", told)
    assert number is not None
    assert f"file failed request={number[0]} page=shared" in log.read_text(errors="replace")
    page.reload()
    shown.settled()
    expect(page.get_by_role("alert")).to_contain_text("此链接没有报告")
    expect(page.locator("body")).not_to_contain_text("Mail triage")
    assert shown.axe() == []
    assert page.evaluate("document.querySelector('meta[name=referrer]').content") == "no-referrer"
    printed = log.read_text(errors="replace")
    assert token not in printed
    assert "UnknownLink" in printed  # that a file was refused is written down
