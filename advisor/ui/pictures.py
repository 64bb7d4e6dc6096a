"""The pictures of a page as files, in the language of the page: PNG for a slide, SVG to draw on."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from advisor.text.i18n import Translator
from advisor.ui import heavy, layout, works
from advisor.ui.workers import Turn

if TYPE_CHECKING:
    import altair as alt

WIDTH = 760
"""Width of a plot [pixels]; on screen it follows the window."""


def forget() -> None:
    """A page begins: what the last one drew is no longer offered."""
    st.session_state[layout.PICTURES] = {}


def downloads(t: Translator) -> None:
    """A fold with each picture of the page, drawn as a file when somebody asks for it; nothing where there is none."""
    found: dict[str, alt.LayerChart] = st.session_state.get(layout.PICTURES, {})
    if not found:
        return
    with layout.folded(t("ui.pictures"), "pictures", icon=":material/image:") as is_open:
        for number, title in enumerate(found if is_open else (), start=1):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(layout.plain(title))
                for kind, mime in (("png", "image/png"), ("svg", "image/svg+xml")):
                    st.download_button(
                        kind.upper(),
                        data=file_of(found, title, kind, t.language),
                        file_name=f"picture-{number}.{kind}",
                        mime=mime,
                        on_click="ignore",
                        key=f"picture.{number}.{kind}.{t.language}",
                        help=t("ui.picture_as", title=title, kind=kind.upper()),
                    )


def file_of(found: "dict[str, alt.LayerChart]", title: str, kind: str, language: str) -> Callable[[], bytes]:
    """Draws the picture as it then stands: a click finds an empty session, so it carries what it needs."""

    def build() -> bytes:
        chart = found[title].properties(width=WIDTH).to_dict()
        return heavy.of_no_case(Turn(is_page=True), works.picture, works.untold, chart, kind, language)

    return build
