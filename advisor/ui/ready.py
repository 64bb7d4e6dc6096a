"""What keeps a server from starting: looked at before it serves anybody, so that nobody meets it half set up."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from streamlit import config

from advisor.core.notices import InputError, Issue
from advisor.core.observing import LONGEST_SHOWN, log_form, metrics_address
from advisor.core.places import DATABASE, REPLICAS, database_address
from advisor.core.sign_in import missing_files, named_files
from advisor.core.system_faults import system_fault
from advisor.ui import heavy, listening, people

SQLITE = "sqlite:///"
CONNECT_TIMEOUT, CONNECT_SECONDS = "PGCONNECT_TIMEOUT", "10"
"""How long the driver waits for a server that does not answer; without it, minutes."""
SECRETS_OPTION = "secrets.files"


def faults() -> tuple[Issue, ...]:
    """What is wrong with the settings. The database is opened, and brought up to this release where it is older."""
    files = named_files()
    if files:  # Streamlit reads the variable only once it serves
        config.set_option(SECRETS_OPTION, [str(file) for file in files])
    found = [*listening.faults()]
    replicas, address = 1, None
    for asked in (heavy.worker_count, log_form, metrics_address):
        found += _refused(asked)
    try:
        replicas = _replicas()
        address = database_address()
    except InputError as error:
        found += error.issues
    found += _of_sign_in(replicas)
    return (*found, *(_of_database(address, replicas) if address is not None else ()))


def _refused(asked: Callable[[], object]) -> tuple[Issue, ...]:
    """What is wrong with a setting that is read by this function."""
    try:
        asked()
    except InputError as error:
        return error.issues
    return ()


def _replicas() -> int:
    """How many servers answer the same people. Raises :class:`InputError` for what is no whole number from 1."""
    told = os.environ.get(REPLICAS, "").strip() or "1"
    if not (told.isascii() and told.isdecimal() and int(told) >= 1):
        raise InputError([Issue(REPLICAS, "start_replicas", {"value": told[:LONGEST_SHOWN]})])
    return int(told)


def _of_sign_in(replicas: int) -> tuple[Issue, ...]:
    issues = missing_files() or people.faults()
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
