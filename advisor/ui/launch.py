"""Start the app in this process, from whatever folder it was asked for."""

import os
import sys

from streamlit import logger
from streamlit.web import cli

from advisor.core.observing import is_asked_for
from advisor.core.places import APP, DATABASE, DATABASE_FILE, REPLICAS

WRONG_SETTINGS = 2
ALARMED = ("streamlit.runtime.caching.cache_data_api", "streamlit.config")
"""They warn of what a check does: it remembers something before a server runs, and reads settings twice."""


def is_set_up() -> bool:
    """Whether somebody said where cases are kept or how many servers there are: on one's own machine nobody has."""
    return any(os.environ.get(name, "").strip() for name in (DATABASE, DATABASE_FILE, REPLICAS))


def launch() -> int:
    """Serve the app until it is interrupted. Settings are those beside ``app.py``, or ``STREAMLIT_...`` variables.

    Where a server for several people is set up, its settings are looked at first; what is wrong with them is told, a
    line each, and nothing is served.
    """
    if is_set_up():
        code = check(quiet=True)
        if code:
            return code
    if is_asked_for():
        from advisor.ui import observed  # before the server starts, whose first page may be long in coming

        observed.begin()
    cli.main(["run", str(APP)], prog_name="streamlit", standalone_mode=False)
    return 0


def check(*, quiet: bool = False) -> int:
    """Say what keeps a server from starting with these settings, a line each; the exit code."""
    from advisor.core.surroundings import surrounding_language
    from advisor.text.i18n import Translator
    from advisor.text.languages import nearest_language

    for name in ALARMED:
        logger.get_logger(name).setLevel("ERROR")
    from advisor.ui import ready

    t = Translator(nearest_language(surrounding_language()))
    told = ready.lines(t)
    if told:
        print(*told, sep="\n", file=sys.stderr)
        return WRONG_SETTINGS
    if not quiet:
        print(t("start.ready"))
    return 0
