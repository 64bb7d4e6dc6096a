"""A person at the app without a browser: speaks Streamlit's protocol through the door, and keeps its cookies."""

import json
import ssl
import time
import uuid
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import parse_qs, urlencode

import httpx2
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME, XSRF_COOKIE_NAME
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import ClientConnection, connect

REPLICA_COOKIE = "advisor_replica"
COOKIE_DOMAIN = "localhost.local"
"""What Python's jar of cookies calls a host without a dot."""
LONGEST_SECONDS = 240.0
RETRY_SECONDS = 0.5
OVER = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
GONE = (ConnectionClosed, InvalidHandshake, OSError, TimeoutError)
"""How it shows that the replica of a session is no longer there."""


@dataclass(frozen=True)
class Widget:
    """What can be operated, and the part of the page that is redrawn for it."""

    id: str
    fragment: str


@dataclass
class Visitor:
    """A tab on the app at ``address``; ``widgets`` are those drawn so far, ``seen`` the texts of the last run."""

    address: str
    trust: ssl.SSLContext
    browser: httpx2.Client
    query: str = ""
    page: str = ""
    session: str = ""
    widgets: dict[str, Widget] = field(default_factory=dict)
    values: dict[str, WidgetState] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    stream: ClientConnection | None = None

    # -- what a browser does by itself ----------------------------------------------------------------

    def load(self, page: str = "", **query: str) -> None:
        """Open the page, as by typing its address; reloading it with the query it has is the same without ``query``."""
        if query:
            self.query = urlencode({"lang": "en", **query})
        self.close()
        self.browser.get(f"{self.address}/{page}").raise_for_status()  # with the cookie that leads to a replica
        self.browser.get(f"{self.address}/_stcore/health").raise_for_status()  # with the one against forged requests
        self.widgets, self.values, self.page, self.session = {}, {}, "", ""
        self.stream = self._connected()
        message = self._rerun("")
        message.rerun_script.page_name = page
        self._run(message)

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
            self.stream.close()
            self.stream = None

    # -- what a person does -----------------------------------------------------------------------------

    def type(self, key: str, value: str) -> None:
        """Type into the field with ``key``."""
        widget = self.widget(key)
        self.values[widget.id] = WidgetState(id=widget.id, string_value=value)
        self._run(self._rerun(widget.fragment))

    def click(self, key: str) -> None:
        """Press a button, and let it go again."""
        widget = self.widget(key)
        message = self._rerun(widget.fragment)
        message.rerun_script.widget_states.widgets.add(id=widget.id, trigger_value=True)
        self._run(message)

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
        asked.file_urls_request.request_id, asked.file_urls_request.session_id = uuid.uuid4().hex, self.session
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
            self.values[widget.id] = state
            self._run(self._rerun(widget.fragment))
        return answer

    # -- what is seen -----------------------------------------------------------------------------------

    @property
    def case(self) -> str:
        """The id of the kept case in the address; empty where there is none."""
        return self.answer("case")

    def answer(self, name: str) -> str:
        """What the address holds under a name."""
        return parse_qs(self.query.lstrip("?")).get(name, [""])[0]

    def widget(self, key: str) -> Widget:
        """The widget whose id holds ``key``."""
        found = [widget for id_, widget in self.widgets.items() if key in id_]
        assert found, f"{key} is not on the page; the last texts: {[each[:200] for each in self.seen[-3:]]}"
        return found[-1]

    def text_seen(self) -> str:
        """Everything that the last run drew, as one text."""
        return "\n".join(self.seen)

    # -- the protocol -------------------------------------------------------------------------------------

    def _connected(self) -> ClientConnection:
        cookies = "; ".join(f"{name}={value}" for name, value in self.browser.cookies.items())
        return connect(
            f"{self.address.replace('https:', 'wss:', 1)}/_stcore/stream",
            ssl=self.trust,
            subprotocols=["streamlit", self.browser.cookies[XSRF_COOKIE_NAME]],  # type: ignore[list-item]
            additional_headers={"Cookie": cookies},
            origin=self.address,  # type: ignore[arg-type]
            max_size=None,
            compression=None,
            proxy=None,
            open_timeout=LONGEST_SECONDS,
            legacy=True,
        )

    def _rerun(self, fragment: str) -> BackMsg:
        message = BackMsg()
        client = message.rerun_script
        client.query_string, client.page_script_hash, client.fragment_id = self.query, self.page, fragment
        client.widget_states.widgets.extend(self.values.values())
        client.context_info.locale, client.context_info.timezone = "en-US", "UTC"
        client.context_info.url = f"{self.address}/"
        return message

    def _send(self, message: BackMsg) -> None:
        assert self.stream is not None
        self.stream.send(message.SerializeToString())

    def _run(self, message: BackMsg) -> None:
        """Send what was done, and take in what is drawn until nothing more follows."""
        self.seen.clear()
        self._send(message)
        while self._take(self._next()) not in OVER:
            pass

    def _next(self) -> ForwardMsg:
        assert self.stream is not None
        content, message = self.stream.recv(timeout=LONGEST_SECONDS), ForwardMsg()
        message.ParseFromString(content if isinstance(content, bytes) else content.encode())
        return message

    def _places_for_files(self) -> FileURLs:
        while True:
            message = self._next()
            if message.WhichOneof("type") == "file_urls_response":
                found: FileURLs = message.file_urls_response.file_urls[0]
                return found
            self._take(message)

    def _take(self, message: ForwardMsg) -> int | None:
        """Remember what a message says; how a run ended, if it did."""
        match message.WhichOneof("type"):
            case "delta":
                self._draw(message.delta)
            case "new_session":
                self.session = message.new_session.initialize.session_id or self.session
            case "navigation":
                self.page = message.navigation.page_script_hash
            case "page_info_changed":
                self.query = message.page_info_changed.query_string
            case "script_finished":
                return message.script_finished
        return None

    def _draw(self, delta: Delta) -> None:
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind is None:
            return
        part = getattr(element, kind)
        if getattr(part, "id", "") and isinstance(part.id, str):
            self.widgets[part.id] = Widget(part.id, delta.fragment_id)
        told = getattr(part, "body", "")
        if isinstance(told, str) and told:
            self.seen.append(unescape(told))


def visitor(address: str, trust: ssl.SSLContext, user: dict[str, str] | None = None, secret: str = "") -> Visitor:
    """Somebody with a browser that has never been here; a ``user`` has signed in before, where ``secret`` vouches."""
    browser = httpx2.Client(verify=trust, timeout=LONGEST_SECONDS)
    if user is not None:
        told = json.dumps({"origin": address, "is_logged_in": True, **user})
        cookie = create_signed_value(secret, USER_COOKIE_NAME, told).decode()
        browser.cookies.set(USER_COOKIE_NAME, cookie, domain=COOKIE_DOMAIN)
    return Visitor(address, trust, browser)
