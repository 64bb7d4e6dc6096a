"""Start the app in this process, from whatever folder it was asked for."""

from streamlit.web import cli

from advisor.core.observing import is_asked_for
from advisor.core.places import APP


def launch() -> int:
    """Serve the app until it is interrupted. Settings are those beside ``app.py``, or ``STREAMLIT_...`` variables."""
    if is_asked_for():
        from advisor.ui import observed  # before the server starts, whose first page may be long in coming

        observed.begin()
    cli.main(["run", str(APP)], prog_name="streamlit", standalone_mode=False)
    return 0
