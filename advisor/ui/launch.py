"""Start the app in this process, from whatever folder it was asked for."""

import logging
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from streamlit import logger
from streamlit.web import cli

from advisor.core.notices import Issue
from advisor.core.observing import is_asked_for
from advisor.core.places import APP, DATABASE, DATABASE_FILE, REPLICAS
from advisor.core.sign_in import SECRETS_FILES
from advisor.ui import ahead, listening

if TYPE_CHECKING:
    from advisor.text.i18n import Translator

WRONG_SETTINGS = 2
REMEMBERING, SETTINGS = "streamlit.runtime.caching.cache_data_api", "streamlit.config"
"""They warn of what a check does: it remembers something before a server runs, and reads settings twice."""
READ_TWICE = "An update to the [server] config option section was detected."


def is_set_up() -> bool:
    """Whether somebody said where cases are kept, who signs in or how many servers there are.

    On one's own machine nobody has.
    """
    return any(os.environ.get(name, "").strip() for name in (DATABASE, DATABASE_FILE, REPLICAS, SECRETS_FILES))


def launch() -> int:
    """Serve the app until it is interrupted. Settings are those beside ``app.py``, or ``STREAMLIT_...`` variables.

    Where a server for several people is set up, all its settings are looked at first; what is wrong with them is told,
    a line each, and nothing is served.
    """
    _quieten()
    wrong = (_faults() if is_set_up() else listening.faults()) or listening.taken()
    if wrong:
        return _refuse(wrong, _translator())
    if is_asked_for():
        from advisor.ui import observed  # before the server starts, whose first page may be long in coming

        observed.begin()
    ahead.begin()
    cli.main(["run", str(APP)], prog_name="streamlit", standalone_mode=False)
    return 0


def check() -> int:
    """Say what keeps a server from starting with these settings, a line each, or that nothing does; the exit code."""
    _quieten()
    from advisor.ui import people

    t = _translator()
    wrong = _faults()
    if wrong:
        return _refuse(wrong, t)
    print(t("start.ready"))
    if not people.asks():
        print(t("start.open_to_all"))
    return 0


def _faults() -> tuple[Issue, ...]:
    from advisor.ui import ready  # opens the database, which takes longer to import than to start without

    return ready.faults()


def _refuse(wrong: Sequence[Issue], t: "Translator") -> int:
    from advisor.text.phrases import issue_text

    print(*(" ".join(issue_text(t, issue).split()) for issue in wrong), sep="\n", file=sys.stderr)
    return WRONG_SETTINGS


def _translator() -> "Translator":
    from advisor.core.surroundings import surrounding_language
    from advisor.text.i18n import Translator
    from advisor.text.languages import nearest_language

    return Translator(nearest_language(surrounding_language()))


def _quieten() -> None:
    logger.get_logger(REMEMBERING).setLevel("ERROR")
    logger.get_logger(SETTINGS).addFilter(_is_news)  # a level would be set anew as soon as settings are read


def _is_news(record: logging.LogRecord) -> bool:
    return not record.getMessage().startswith(READ_TWICE)
