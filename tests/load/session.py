"""One reader of the app without a browser, of whom there may be many at once: an open page and its WebSocket."""

import asyncio
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from tests.open_page import OVER, OpenPage, PageFault, read

LONGEST_ANSWER, LONGEST_FILE, LONGEST_START = 60.0, 300.0, 120.0
"""So long a session waits for an answer, a file and its first page [s]."""


@dataclass
class Session:
    """A page and its connection; ``files`` are those that were asked for."""

    page: OpenPage
    stream: ClientConnection
    files: dict[str, asyncio.Future[str]] = field(default_factory=dict)
    runs: asyncio.Queue[int] = field(default_factory=asyncio.Queue)
    reader: asyncio.Task[None] | None = None

    async def take_in(self) -> None:
        """Take in what the server sends, until it closes."""
        async for content in self.stream:
            message = read(content)
            if message.WhichOneof("type") == "backend_operation_response":
                self._take_file(message)
            elif (ended := self.page.take(message)) is not None:
                self.runs.put_nowait(ended)

    def _take_file(self, message: ForwardMsg) -> None:
        said = message.backend_operation_response
        waiting = self.files.pop(said.request_id)
        if said.error_msg:
            waiting.set_exception(PageFault(said.error_msg))
        else:
            waiting.set_result(said.deferred_file.url)

    async def change(self, key: str, value: str | bool) -> float:
        """Give a widget a value; seconds until the page shows what follows from it."""
        widget, began = self.page.widget(key), time.perf_counter()
        is_text = isinstance(value, str)
        state = WidgetState(id=widget.id, **{"string_value" if is_text else "bool_value": value})
        self.page.forget()
        while not self.runs.empty():
            self.runs.get_nowait()
        await self.send(self.page.changed(widget, state))
        await self.drawn(LONGEST_ANSWER)
        return time.perf_counter() - began

    async def file(self, key: str) -> bytes:
        """Click a download as a browser does: the part around it is redrawn, the file built, then fetched."""
        widget = self.page.widget(key)
        wish = self.page.file_wish(widget)
        waiting = asyncio.get_running_loop().create_future()
        self.files[wish.backend_operation_request.request_id] = waiting
        if not widget.is_silent:
            await self.send(self.page.clicked(widget))
        await self.send(wish)
        path = await asyncio.wait_for(waiting, LONGEST_FILE)
        return await asyncio.to_thread(fetched, self.page.address + path)

    async def send(self, message: BackMsg) -> None:
        await self.stream.send(message.SerializeToString())

    async def drawn(self, longest: float) -> None:
        """Wait until a run of the page has ended with the page as it is to stay."""
        async with asyncio.timeout(longest):
            while await self.runs.get() not in OVER:
                pass

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
        open_timeout=LONGEST_START,
        max_size=None,
        ping_interval=None,
        compression=None,
        proxy=None,
    )
    session = Session(OpenPage(address, urlencode({"lang": "en", **query})), stream)
    session.reader = asyncio.create_task(session.take_in())
    await session.send(session.page.opened(page))
    await session.drawn(LONGEST_START)
    return session


def fetched(address: str) -> bytes:
    with urlopen(address, timeout=LONGEST_ANSWER) as answer:
        content: bytes = answer.read()
        return content
