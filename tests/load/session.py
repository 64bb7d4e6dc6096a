"""One reader of the app without a browser: speaks Streamlit's protocol over its WebSocket, and reads what is drawn."""

import asyncio
import time
import uuid
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

LONGEST_ANSWER, LONGEST_FILE, LONGEST_START = 60.0, 300.0, 120.0
"""So long a session waits for an answer, a file and its first page [s]."""
OVER = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class SessionFault(RuntimeError):
    """The app did not do what it does for a browser."""


@dataclass
class Widget:
    """What can be operated: its id, the part of the page that is redrawn for it, and the file that it offers.

    ``is_silent``: a click on it redraws nothing.
    """

    id: str
    fragment: str
    file: str = ""
    is_silent: bool = False


@dataclass
class Session:
    """An open page. ``widgets`` are those drawn so far, ``seen`` the HTML and captions since :meth:`forget`."""

    address: str
    stream: ClientConnection
    widgets: list[Widget] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    files: dict[str, asyncio.Future[str]] = field(default_factory=dict)
    runs: asyncio.Queue[int] = field(default_factory=asyncio.Queue)
    query: str = ""
    id: str = ""
    page: str = ""
    reader: asyncio.Task[None] | None = None

    async def read(self) -> None:
        """Take in what the server sends, until it closes."""
        async for content in self.stream:
            message = ForwardMsg()
            message.ParseFromString(content if isinstance(content, bytes) else content.encode())
            self._take(message)

    def _take(self, message: ForwardMsg) -> None:
        match message.WhichOneof("type"):
            case "delta":
                self._draw(message.delta)
            case "new_session":
                self.id = message.new_session.initialize.session_id or self.id
            case "navigation":
                self.page = message.navigation.page_script_hash
            case "page_info_changed":
                self.query = message.page_info_changed.query_string
            case "script_finished":
                self.runs.put_nowait(message.script_finished)
            case "backend_operation_response":
                said = message.backend_operation_response
                waiting = self.files.pop(said.request_id)
                if said.error_msg:
                    waiting.set_exception(SessionFault(said.error_msg))
                else:
                    waiting.set_result(said.deferred_file.url)

    def _draw(self, delta: Delta) -> None:
        if delta.WhichOneof("type") == "add_block":
            if delta.add_block.expandable.id:
                self.widgets.append(Widget(delta.add_block.expandable.id, delta.fragment_id))
            return
        element = delta.new_element
        match element.WhichOneof("type"):
            case "html":
                self.seen.append(unescape(element.html.body))
            case "markdown":
                self.seen.append(element.markdown.body)
            case "alert":
                self.seen.append(element.alert.body)
            case "text_input":
                self.widgets.append(Widget(element.text_input.id, delta.fragment_id))
            case "download_button":
                button = element.download_button
                self.widgets.append(Widget(button.id, delta.fragment_id, button.deferred_file_id, button.ignore_rerun))

    def widget(self, key: str) -> Widget:
        """The widget with ``key`` as it was drawn last."""
        found = next((each for each in reversed(self.widgets) if key in each.id), None)
        if found is None:
            raise SessionFault(f"{key} is not on the page: {self.seen[-3:]}")
        return found

    async def change(self, key: str, value: str | bool) -> float:
        """Give a widget a value; seconds until the page shows what follows from it. Its HTML is in ``seen``."""
        widget, began = self.widget(key), time.perf_counter()
        self.forget()
        message = self._rerun(widget.fragment)
        state = message.rerun_script.widget_states.widgets.add(id=widget.id)
        if isinstance(value, str):
            state.string_value = value
        else:
            state.bool_value = value
        await self.stream.send(message.SerializeToString())
        await self.drawn(LONGEST_ANSWER)
        return time.perf_counter() - began

    async def file(self, key: str) -> bytes:
        """Click a download as a browser does: the part around it is redrawn, the file built, then fetched."""
        widget, request = self.widget(key), uuid.uuid4().hex
        wish = BackMsg()
        wish.backend_operation_request.request_id, wish.backend_operation_request.session_id = request, self.id
        wish.backend_operation_request.deferred_file.file_id = widget.file
        waiting = self.files[request] = asyncio.get_running_loop().create_future()
        if not widget.is_silent:
            click = self._rerun(widget.fragment)
            click.rerun_script.widget_states.widgets.add(id=widget.id, trigger_value=True)
            await self.stream.send(click.SerializeToString())
        await self.stream.send(wish.SerializeToString())
        path = await asyncio.wait_for(waiting, LONGEST_FILE)
        return await asyncio.to_thread(fetched, self.address + path)

    async def drawn(self, longest: float) -> None:
        """Wait until a run of the page has ended with the page as it is to stay."""
        async with asyncio.timeout(longest):
            while await self.runs.get() not in OVER:
                pass

    def forget(self) -> None:
        """What was drawn and done before is not looked at again; of widgets the last few hundred are known."""
        self.seen.clear()
        del self.widgets[:-400]
        while not self.runs.empty():
            self.runs.get_nowait()

    def _rerun(self, fragment: str = "") -> BackMsg:
        message = BackMsg()
        client = message.rerun_script
        client.query_string, client.page_script_hash, client.fragment_id = self.query, self.page, fragment
        client.context_info.locale, client.context_info.timezone = "en-US", "UTC"
        client.context_info.url = self.address
        return message

    async def close(self) -> None:
        await self.stream.close()
        if self.reader is not None:
            await self.reader


async def opened(address: str, page: str = "", **query: str) -> Session:
    """A session whose first page is drawn."""
    parts = urlsplit(address)
    stream = await connect(
        f"ws://{parts.netloc}/_stcore/stream",
        subprotocols=["streamlit"],  # type: ignore[list-item]
        max_size=None,
        ping_interval=None,
        compression=None,
        proxy=None,
    )
    session = Session(address, stream, query=urlencode({"lang": "en", **query}))
    session.reader = asyncio.create_task(session.read())
    message = session._rerun()
    message.rerun_script.page_name = page
    await stream.send(message.SerializeToString())
    await session.drawn(LONGEST_START)
    return session


def fetched(address: str) -> bytes:
    with urlopen(address, timeout=LONGEST_ANSWER) as answer:
        content: bytes = answer.read()
        return content
