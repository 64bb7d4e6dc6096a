"""Start the app in this process, from whatever folder it was asked for."""

import time
from threading import Thread

from streamlit import runtime
from streamlit.web import cli

from advisor.core.observing import is_asked_for
from advisor.core.places import APP

LOOK_EVERY_SECONDS = 0.01


def launch() -> int:
    """Serve the app until it is interrupted. Settings are those beside ``app.py``, or ``STREAMLIT_...`` variables."""
    if is_asked_for():
        from advisor.ui import observed  # before the server starts, whose first page may be long in coming

        observed.begin()
    Thread(target=_read_ahead, daemon=True).start()
    cli.main(["run", str(APP)], prog_name="streamlit", standalone_mode=False)
    return 0


def _read_ahead() -> None:
    """Load the first page as soon as the server runs, while the browser reads its own scripts."""
    while not runtime.exists():
        time.sleep(LOOK_EVERY_SECONDS)
    from advisor.ui import loaded, shell  # noqa: F401

    loaded.read_ahead()
