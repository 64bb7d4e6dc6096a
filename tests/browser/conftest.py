"""A running app and a real browser for the tests in this folder.

``open_page`` opens a page of the app; the result knows what it requested outside and what it logged as an error.
A missing browser fails the tests: a page nobody has looked at has not passed.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode
from urllib.request import urlopen

import axe_playwright_python  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    sync_playwright,
)

from advisor.core.places import DATABASE
from advisor.text.languages import language_record

ROOT = Path(__file__).resolve().parents[2]
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
START_SECONDS, SETTLE_MS, REDRAW_MS = 60, 120_000, 400
"""The first page of a new server waits for its libraries, on a slow machine while another worker reads the same."""
DESK, PHONE, HEIGHT_PX = 1280, 390, 900
"""Size of a wide and a narrow window [px]."""

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--process-per-site",  # windows of one context share the scripts of the page, compiled
]
IDLE = "[data-testid=stApp][data-test-script-state=notRunning][data-test-connection-state=CONNECTED]"
DRAWN = """() => !document.querySelector('[data-testid=stSkeleton]')
    && [...document.querySelectorAll('[data-testid=stVegaLiteChart]')].every(e => e.querySelector('svg, canvas'))"""
HEIGHT = """() => Math.max(...['stMain', 'stSidebarContent'].map(
    id => document.querySelector(`[data-testid=${id}]`)?.scrollHeight || 0))"""
TOO_WIDE = """() => [document.documentElement, document.querySelector('[data-testid=stMain]')].some(
    e => e.scrollWidth > e.clientWidth)"""
VIOLATIONS = """tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']}).then(all => all.violations)"""
COLD_DEEP_LINK = "The page that you have requested does not seem to exist"  # said once by a new server, see the shell
HARMLESS = ("/_stcore/health", "/_stcore/host-config")  # a deep link asks for them below its own path first

PAGES = {
    "": "your_case",
    "answer": "answer",
    "present": "present",
    "cases": "cases",
    "cash_flow": "cash_flow",
    "alternatives": "alternatives",
    "risk": "risk",
    "portfolio": "portfolio",
    "training": "training",
    "serving": "serving",
    "rent_or_buy": "rent_or_buy",
    "levers": "levers",
    "usage": "usage",
    "prices": "prices",
    "method": "method",
    "accuracy": "accuracy",
    "training_data": "training_data",
}
"""Addresses of the pages, and their names."""

Theme = Literal["light", "dark"]


class AppPage:
    """A browser tab on the app: Playwright's page, and what went wrong in it."""

    def __init__(self, page: Page, server: str) -> None:
        self.page, self.server = page, server
        self.external_requests: list[str] = []
        self.errors: list[str] = []
        page.on("request", self._note_request)
        page.on("response", self._note_response)
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def settled(self) -> None:
        """Wait until the script has run and its last changes are drawn."""
        self.page.wait_for_selector(IDLE, timeout=SETTLE_MS)
        self.page.wait_for_timeout(REDRAW_MS)
        self.page.wait_for_selector(IDLE, timeout=SETTLE_MS)
        self.page.wait_for_function(DRAWN, timeout=SETTLE_MS)  # parts of the page are loaded when first needed

    def screenshot(self, path: Path) -> Path:
        """The whole page: its main area scrolls inside the window, so the window grows."""
        size = self.page.viewport_size
        assert size is not None
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.set_viewport_size({"width": size["width"], "height": max(size["height"], self._height() + 20)})
        self.settled()
        self.page.screenshot(path=path)
        self.page.set_viewport_size(size)
        return path

    def axe(self) -> list[dict[str, Any]]:
        """Violations of WCAG 2.2 A and AA."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        violations: list[dict[str, Any]] = self.page.evaluate(VIOLATIONS, WCAG)
        return violations

    def narrowed(self) -> None:
        """Make the window as narrow as a phone's."""
        self.resized(PHONE)

    def resized(self, width: int) -> None:
        """Make the window as wide as this [px]."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT_PX})
        self.settled()

    def overflows(self) -> bool:
        """True when the page or its main area, which scrolls by itself, is wider than its window."""
        return bool(self.page.evaluate(TOO_WIDE))

    def _height(self) -> int:
        return int(self.page.evaluate(HEIGHT))

    def _note_request(self, request: Request) -> None:
        local = (self.server, self.server.replace("http:", "ws:", 1), "data:", "blob:")
        if not request.url.startswith(local):
            self.external_requests.append(request.url)

    def _note_response(self, response: Response) -> None:
        if response.status >= 400 and not response.url.endswith(HARMLESS):
            self.errors.append(f"{response.status} {response.url}")

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(("Failed to load resource", COLD_DEEP_LINK)):
            self.errors.append(message.text)


OpenPage = Callable[..., AppPage]


@contextmanager
def running_app(script: Path, folder: Path | None = None, *, by_command: bool = False) -> Iterator[str]:
    """Address of a Streamlit script while it runs; the app may be started ``by_command``, as its users do.

    In the ``folder`` stand the database of its own, ``cases.db``, the log ``app.log`` and what ``secrets.toml`` says.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {"PORT": port, "ADDRESS": "127.0.0.1", "HEADLESS": "true", "FILE_WATCHER_TYPE": "none"}
    command = [sys.executable, "-m", *(["advisor"] if by_command else ["streamlit", "run", str(script)])]
    with tempfile.TemporaryDirectory() as temporary:
        kept = folder or Path(temporary)
        options = [] if by_command else ["--secrets.files", f"{kept / 'secrets.toml'}"]
        place = {"XDG_DATA_HOME": f"{kept}"} if by_command else {DATABASE: f"sqlite:///{kept / 'cases.db'}"}
        environment = {**os.environ, **place}
        environment |= {f"STREAMLIT_SERVER_{name}": f"{value}" for name, value in settings.items()}
        with (kept / "app.log").open("wb") as output:
            process = subprocess.Popen(
                [*command, *options], cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, env=environment
            )
        try:
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health", process, kept / "app.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Address of the app, started for this session."""
    with running_app(Path(os.environ.get("ADVISOR_APP", ROOT / "app.py"))) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=system_chromium(), args=CHROMIUM_FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def open_view(server: str, browser: Browser) -> Iterator[OpenPage]:
    """As ``open_page`` for tests that only look: windows of one language and theme share what was loaded once."""
    contexts: dict[tuple[str, Theme], BrowserContext] = {}
    with pages_of(server, browser, contexts) as open_:
        yield open_


@pytest.fixture
def open_page(server: str, browser: Browser) -> Iterator[OpenPage]:
    """``open_page("decide/result", lang="zh", theme="dark", width=390)``: a settled page in a fresh session."""
    with pages_of(server, browser) as open_:
        yield open_


@contextmanager
def pages_of(
    server: str, browser: Browser, shared: dict[tuple[str, Theme], BrowserContext] | None = None
) -> Iterator[OpenPage]:
    """Opens pages of an app, each in a session of its own that ends with the block.

    Each also has cookies and a store of its own, unless they are ``shared`` by language and theme.
    """
    contexts = []

    def open_(path: str = "", lang: str = "en", theme: Theme = "light", width: int = DESK, **query: str) -> AppPage:
        context = None if shared is None else shared.get((lang, theme))
        if context is None:
            context = browser.new_context(
                color_scheme=theme,
                locale=language_record(lang).chart_dates,
                reduced_motion="reduce",
                accept_downloads=True,
            )
            contexts.append(context)
            if shared is not None:
                shared[lang, theme] = context
                context.new_page().goto(f"{server}/_stcore/health")  # keeps their process when a window is closed
        tab = AppPage(context.new_page(), server)
        tab.page.set_viewport_size({"width": width, "height": HEIGHT_PX})
        tab.page.goto(f"{server}/{path.lstrip('/')}?{urlencode({'lang': lang, **query})}")
        tab.settled()
        return tab

    yield open_
    for context in contexts:
        context.close()


def system_chromium() -> str | None:
    """Path of the browser: the one named by CHROMIUM, else the system's; ``None``: Playwright's own.

    That without a window takes half of the processor's time of the whole one.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named) or pytest.fail(f"CHROMIUM names {named}, which cannot be run")
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the app did not start within {START_SECONDS} s:\n{log.read_text(errors='replace')[-4000:]}")
