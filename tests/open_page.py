"""An open page of the app to who speaks Streamlit's protocol without a browser: what it shows and what can be sent.

How messages come and go is for whoever holds the connection.
"""

import uuid
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import parse_qs

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

OVER = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
"""How a run ends after which the page stays as it is."""
MOST_WIDGETS = 400
"""So many that were drawn last are known; those that are no longer drawn are not told."""


class PageFault(RuntimeError):
    """The app did not do what it does for a browser."""


@dataclass(frozen=True)
class Widget:
    """What can be operated: its id, the part of the page that is redrawn for it, and the file that it offers.

    ``is_silent``: a click on it redraws nothing.
    """

    id: str
    fragment: str
    file: str = ""
    is_silent: bool = False


@dataclass
class OpenPage:
    """A page at ``address``. ``widgets`` by their id, the one drawn last at the end; ``seen`` since :meth:`forget`."""

    address: str
    query: str = ""
    session: str = ""
    script: str = ""
    widgets: dict[str, Widget] = field(default_factory=dict)
    values: dict[str, WidgetState] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    # -- what is shown ----------------------------------------------------------------------------------

    def take(self, message: ForwardMsg) -> int | None:
        """Remember what a message says; how a run ended, if it did."""
        match message.WhichOneof("type"):
            case "delta":
                self._draw(message.delta)
            case "new_session":
                self.session = message.new_session.initialize.session_id or self.session
            case "navigation":
                self.script = message.navigation.page_script_hash
            case "page_info_changed":
                self.query = message.page_info_changed.query_string
            case "script_finished":
                return message.script_finished
        return None

    def forget(self) -> None:
        """What was drawn before is not looked at again."""
        self.seen.clear()
        for id_ in [*self.widgets][:-MOST_WIDGETS]:
            del self.widgets[id_]

    def widget(self, key: str) -> Widget:
        """The widget with ``key`` as it was drawn last. Raises :class:`PageFault` where there is none."""
        found = next((each for each in reversed(self.widgets.values()) if key in each.id), None)
        if found is None:
            raise PageFault(f"{key} is not on the page; the last texts: {[each[:200] for each in self.seen[-3:]]}")
        return found

    def text_seen(self) -> str:
        """Everything drawn since :meth:`forget`, as one text."""
        return "\n".join(self.seen)

    def answer(self, name: str) -> str:
        """What the address holds under a name."""
        return parse_qs(self.query.lstrip("?")).get(name, [""])[0]

    def _draw(self, delta: Delta) -> None:
        drawn = delta.add_block if delta.WhichOneof("type") == "add_block" else delta.new_element
        kind = drawn.WhichOneof("type")
        if kind is None:
            return
        part = getattr(drawn, kind)
        id_, told = getattr(part, "id", ""), getattr(part, "body", "")
        if id_ and isinstance(id_, str):
            self.widgets.pop(id_, None)
            is_file = kind == "download_button"
            offered = (part.deferred_file_id, part.ignore_rerun) if is_file else ()
            self.widgets[id_] = Widget(id_, delta.fragment_id, *offered)
        if told and isinstance(told, str):
            self.seen.append(unescape(told))

    # -- what is sent -----------------------------------------------------------------------------------

    def rerun(self, fragment: str = "") -> BackMsg:
        """The page, or a part of it, is to be drawn anew, with all that was entered."""
        message = BackMsg()
        client = message.rerun_script
        client.query_string, client.page_script_hash, client.fragment_id = self.query, self.script, fragment
        client.widget_states.widgets.extend(self.values.values())
        client.context_info.locale, client.context_info.timezone = "en-US", "UTC"
        client.context_info.url = f"{self.address}/"
        return message

    def opened(self, page: str) -> BackMsg:
        """The first message: the page that is asked for."""
        message = self.rerun()
        message.rerun_script.page_name = page
        return message

    def changed(self, widget: Widget, state: WidgetState) -> BackMsg:
        """A widget has another value, and keeps it."""
        self.values[widget.id] = state
        return self.rerun(widget.fragment)

    def clicked(self, widget: Widget) -> BackMsg:
        message = self.rerun(widget.fragment)
        message.rerun_script.widget_states.widgets.add(id=widget.id, trigger_value=True)
        return message

    def file_wish(self, widget: Widget) -> BackMsg:
        """The file that a button offers is to be built."""
        wish = BackMsg()
        asked = wish.backend_operation_request
        asked.request_id, asked.session_id, asked.deferred_file.file_id = uuid.uuid4().hex, self.session, widget.file
        return wish


def read(content: bytes | str) -> ForwardMsg:
    """A message of the server as it arrived."""
    message = ForwardMsg()
    message.ParseFromString(content if isinstance(content, bytes) else content.encode())
    return message
