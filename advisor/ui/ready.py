"""What keeps a server from starting: looked at before it serves anybody, so that nobody meets it half set up."""

import os
import tempfile
from pathlib import Path

from streamlit import config

from advisor.core.notices import InputError, Issue
from advisor.core.places import DATABASE, REPLICAS, database_address
from advisor.core.system_faults import system_fault
from advisor.text.i18n import Translator
from advisor.text.phrases import issue_text
from advisor.ui import heavy, people

SQLITE = "sqlite:///"
CONNECT_TIMEOUT, CONNECT_SECONDS = "PGCONNECT_TIMEOUT", "10"
"""How long the driver waits for a server that does not answer; without it, minutes."""
SECRETS_OPTION, SECRETS_VARIABLE = "secrets.files", "STREAMLIT_SECRETS_FILES"


def lines(t: Translator) -> list[str]:
    """What is wrong with the settings of this server, one line each; none where it can start."""
    return [" ".join(issue_text(t, issue).split()) for issue in faults()]


def faults() -> tuple[Issue, ...]:
    """What is wrong with the settings. The database is opened, and brought up to this release where it is older."""
    files = os.environ.get(SECRETS_VARIABLE, "").split()
    if files:  # Streamlit reads the variable only once it serves
        config.set_option(SECRETS_OPTION, files)
    try:
        heavy.worker_count()
        replicas = _replicas()
        address = database_address()
    except InputError as error:
        return (*error.issues, *people.faults())
    return (*_of_sign_in(replicas), *_of_database(address, replicas))


def _replicas() -> int:
    """How many servers answer the same people. Raises :class:`InputError` for what is no whole number from 1."""
    told = os.environ.get(REPLICAS, "").strip() or "1"
    if not (told.isascii() and told.isdecimal() and int(told) >= 1):
        raise InputError([Issue(REPLICAS, "start_replicas", {"value": told[:40]})])
    return int(told)


def _of_sign_in(replicas: int) -> tuple[Issue, ...]:
    issues = people.faults()
    lacking = [issue for issue in issues if "cookie_secret" in str(issue.params.get("missing", ""))]
    if replicas > 1 and lacking:
        return (Issue(lacking[0].field, "start_cookie_secret", {"count": replicas}),)
    return issues


def _of_database(address: str, replicas: int) -> tuple[Issue, ...]:
    from advisor.store.database import open_store

    if replicas > 1 and address.startswith("sqlite:"):
        return (Issue(DATABASE, "start_sqlite", {"count": replicas}),)
    try:
        if address.startswith(SQLITE):
            _try_folder(Path(address.removeprefix(SQLITE)).parent)
        os.environ.setdefault(CONNECT_TIMEOUT, CONNECT_SECONDS)
        open_store(address).close()
    except InputError as error:
        return error.issues
    return ()


def _try_folder(folder: Path) -> None:
    """Write beside the database once: SQLite needs files there. Raises :class:`InputError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        told = {"path": str(folder), "fault": system_fault(error)}
        raise InputError([Issue(DATABASE, "start_read_only", told)]) from None
