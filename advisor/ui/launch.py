"""Start the app in this process, from whatever folder it was asked for."""

from streamlit.web import cli

from advisor.core.places import APP


def launch() -> int:
    """Serve the app until it is interrupted. Settings are those beside ``app.py``, or ``STREAMLIT_...`` variables."""
    cli.main(["run", str(APP)], prog_name="streamlit", standalone_mode=False)
    return 0
