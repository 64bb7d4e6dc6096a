"""A person at the app without a browser: an open page, through the door, and the cookies that are kept for it."""

import asyncio
import json
import ssl
import time
import uuid
from collections.abc import Coroutine
from dataclasses import dataclass, field
from threading import Thread
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx2
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME, XSRF_COOKIE_NAME
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.open_page import OVER, OpenPage, Widget, read

REPLICA_COOKIE = "advisor_replica"
COOKIE_DOMAIN = "localhost.local"
"""What Python's jar of cookies calls a host without a dot."""
LONGEST_SECONDS = 240.0
RETRY_SECONDS = 0.5
GONE = (ConnectionClosed, InvalidHandshake, OSError, TimeoutError)
"""How it shows that the replica of a session is no longer there."""
T = TypeVar("T")
LOOP = asyncio.new_event_loop()
"""All streams live in one loop, on a thread of its own: no thread may read a TLS connection of OpenSSL while another
writes to it. The synchronous client of ``websockets`` does so, and now and then never sent its request, where session
tickets of TLS 1.3 came in at that moment."""
Thread(target=LOOP.run_forever, daemon=True).start()


def awaited(what: Coroutine[Any, Any, T]) -> T:
    """The result of what the streams' loop does, within ``LONGEST_SECONDS``."""
    return asyncio.run_coroutine_threadsafe(asyncio.wait_for(what, LONGEST_SECONDS), LOOP).result()


@dataclass
class Visitor:
    """A tab on the app at ``address``, and the page that is open in it, which has seen the texts of the last run."""

    address: str
    trust: ssl.SSLContext
    browser: httpx2.Client
    page: OpenPage = field(init=False)
    stream: ClientConnection | None = None

    def __post_init__(self) -> None:
        self.page = OpenPage(self.address)

    # -- what a browser does by itself ----------------------------------------------------------------

    def load(self, page: str = "", **query: str) -> None:
        """Open the page, as by typing its address; reloading it with the query it has is the same without ``query``."""
        self.page = OpenPage(self.address, urlencode({"lang": "en", **query}) if query else self.page.query)
        self.close()
        self.browser.get(f"{self.address}/{page}").raise_for_status()  # with the cookie that leads to a replica
        self.browser.get(f"{self.address}/_stcore/health").raise_for_status()  # with the one against forged requests
        self.stream = self.connected()
        self._run(self.page.opened(page))

    def reloaded(self, page: str = "") -> float:
        """Reload until the page is there again, as a browser does by itself; seconds that took."""
        began = time.monotonic()
        while True:
            try:
                self.load(page)
            except (*GONE, httpx2.HTTPError):
                assert time.monotonic() - began < LONGEST_SECONDS, "no replica answered"
                time.sleep(RETRY_SECONDS)
            else:
                return time.monotonic() - began

    def close(self) -> None:
        """Leave the tab."""
        if self.stream is not None:
            awaited(self.stream.close())
            self.stream = None

    # -- what a person does -----------------------------------------------------------------------------

    def type(self, key: str, value: str) -> None:
        """Type into the field with ``key``."""
        widget = self.widget(key)
        self._run(self.page.changed(widget, WidgetState(id=widget.id, string_value=value)))

    def click(self, key: str) -> None:
        """Press a button, and let it go again."""
        self._run(self.page.clicked(self.widget(key)))

    def save(self, name: str) -> str:
        """Save the case under a name, or as its next revision; its id once the app has said that it is kept."""
        self.click("w.bar.save")
        if name:
            self.type("w.save.name", name)
        self.click("w.save.go")
        return self.case

    def upload(self, key: str, name: str, content: bytes) -> httpx2.Response:
        """Give a file to an uploader, as a browser does: ask where to, put it there, then say that it is there."""
        widget, asked = self.widget(key), BackMsg()
        asked.file_urls_request.request_id, asked.file_urls_request.session_id = uuid.uuid4().hex, self.page.session
        asked.file_urls_request.file_names.append(name)
        self._send(asked)
        urls = self._places_for_files()
        headers = {"X-Xsrftoken": self.browser.cookies[XSRF_COOKIE_NAME]}
        address = f"{self.address}{urls.upload_url}"
        answer = self.browser.put(address, files={"file": (name, content)}, headers=headers)
        if answer.is_success:
            state = WidgetState(id=widget.id)
            state.file_uploader_state_value.uploaded_file_info.add(
                file_id=urls.file_id, name=name, size=len(content), file_urls=urls
            )
            self._run(self.page.changed(widget, state))
        return answer

    # -- what is seen -----------------------------------------------------------------------------------

    @property
    def case(self) -> str:
        """The id of the kept case in the address, without the revision beside changes; empty where there is none."""
        return self.answer("case").partition("@")[0]

    def answer(self, name: str) -> str:
        """What the address holds under a name."""
        return self.page.answer(name)

    def widget(self, key: str) -> Widget:
        """The widget whose id holds ``key``."""
        return self.page.widget(key)

    def text_seen(self) -> str:
        """Everything that the last run drew, as one text."""
        return self.page.text_seen()

    # -- the protocol -------------------------------------------------------------------------------------

    def connected(self) -> ClientConnection:
        return awaited(self._connecting())

    async def _connecting(self) -> ClientConnection:
        cookies = "; ".join(f"{name}={value}" for name, value in self.browser.cookies.items())
        return await connect(
            f"{self.address.replace('https:', 'wss:', 1)}/_stcore/stream",
            ssl=self.trust,
            subprotocols=["streamlit", self.browser.cookies[XSRF_COOKIE_NAME]],  # type: ignore[list-item]
            additional_headers={"Cookie": cookies},
            origin=self.address,  # type: ignore[arg-type]
            max_size=None,
            max_queue=None,
            compression=None,
            proxy=None,
            open_timeout=LONGEST_SECONDS,
        )

    def _send(self, message: BackMsg) -> None:
        assert self.stream is not None
        awaited(self.stream.send(message.SerializeToString()))

    def _run(self, message: BackMsg) -> None:
        """Send what was done, and take in what is drawn until nothing more follows."""
        self.page.forget()
        self._send(message)
        while self.page.take(self._next()) not in OVER:
            pass

    def _next(self) -> ForwardMsg:
        assert self.stream is not None
        return read(awaited(self.stream.recv()))

    def _places_for_files(self) -> FileURLs:
        while True:
            message = self._next()
            if message.WhichOneof("type") == "file_urls_response":
                found: FileURLs = message.file_urls_response.file_urls[0]
                return found
            self.page.take(message)


def visitor(address: str, trust: ssl.SSLContext, user: dict[str, str] | None = None, secret: str = "") -> Visitor:
    """Somebody with a browser that has never been here; a ``user`` has signed in before, where ``secret`` vouches."""
    browser = httpx2.Client(verify=trust, timeout=LONGEST_SECONDS)
    if user is not None:
        told = json.dumps({"origin": address, "is_logged_in": True, **user})
        cookie = create_signed_value(secret, USER_COOKIE_NAME, told).decode()
        browser.cookies.set(USER_COOKIE_NAME, cookie, domain=COOKIE_DOMAIN)
    return Visitor(address, trust, browser)
