"""The checks of ``doctor``: each looks at one thing that the app needs and says what it found, as codes."""

import os
import re
import stat
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Literal

from advisor import __version__
from advisor.core.notices import DataError, InputError, Issue
from advisor.core.places import DATABASE, HOME, OWN_DATA, OWN_NAME, database_address, own_folders

State = Literal["fine", "look", "broken"]
STATES: Mapping[str, State] = {
    "release": "fine",
    "python_other": "look",
    "packages": "fine",
    "packages_differ": "look",
    "packages_unknown": "look",
    "packages_missing": "broken",
    "data": "fine",
    "data_broken": "broken",
    "prices": "fine",
    "prices_old": "look",
    "own_none": "fine",
    "own_there": "fine",
    "own_fixed": "look",
    "own_missing": "broken",
    "clock": "fine",
    "clock_behind": "broken",
    "database_new": "fine",
    "database": "fine",
    "database_older": "look",
    "database_apart": "look",
    "chains": "fine",
    "chains_broken": "broken",
    "fonts": "fine",
    "fonts_missing": "broken",
    "writes": "fine",
    "writes_not": "broken",
    "sign_in_none": "fine",
    "sign_in": "fine",
    "secrets_open": "look",
    "watched": "fine",
    "watched_full": "look",
    "refused": "broken",
}
"""Everything that a check can find, and how bad it is; what is not fine has a mend."""
OLDEST_PYTHON, NEWER_PYTHON = (3, 11), (3, 15)
PIN = re.compile(r"([\w.-]+)(?:\[[^\]]*\])?==([\w.]+)\s*(?:;.*)?")
EXTRA = re.compile(r";.*\bextra\s*==")
MOST_SECONDS_APART = 30
"""Between this machine and its database; links and sign-ins end by the clock."""


@dataclass(frozen=True)
class CheckResult:
    """What a check found, by its code; an ``issue`` or a ``fault`` of the data says it where one was met."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    issue: Issue | None = None
    fault: DataError | None = None

    @property
    def state(self) -> State:
        """How bad it is."""
        return STATES[self.code]


def findings(secrets: Sequence[Path], at: datetime) -> Iterator[CheckResult]:
    """All checks, one after the other, at this moment."""
    found = list(versions())
    yield from found
    if any(each.code == "packages_missing" for each in found):
        return  # the others would end in what is missing
    yield from data(at)
    yield from own_data()
    yield from database(at)
    yield from fonts(at)
    yield from write_access()
    yield from sign_in(secrets)
    yield from watching()


def versions() -> Iterator[CheckResult]:
    """This release, Python, and the packages against their pins."""
    python = ".".join(map(str, sys.version_info[:3]))
    fits = OLDEST_PYTHON <= sys.version_info[:2] < NEWER_PYTHON
    yield CheckResult("release" if fits else "python_other", {"version": __version__, "python": python})
    pins, differing, missing = pinned(), [], []
    if not pins:
        yield CheckResult("packages_unknown")
        return
    for name, version in pins.items():
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            missing.append(name)
            continue
        if found != version:
            differing.append(f"{name} {found} ({version})")
    if missing:
        yield CheckResult("packages_missing", {"packages": ", ".join(missing)})
    if differing:
        yield CheckResult("packages_differ", {"packages": ", ".join(differing)})
    if not missing and not differing:
        yield CheckResult("packages", {"count": len(pins)})


def pinned() -> dict[str, str]:
    """The version of each package that this release is tested with: of a checkout, else as it was installed.

    Those of extras are left out, which nobody has to install. None where this copy is neither.
    """
    project = HOME / "pyproject.toml"
    if project.is_file():
        wanted = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["dependencies"]
    else:
        try:
            wanted = metadata.requires(OWN_NAME) or []
        except metadata.PackageNotFoundError:
            wanted = []
    needed = (each for each in wanted if not EXTRA.search(each))
    return {found[1]: found[2] for each in needed if (found := PIN.fullmatch(each))}


def data(at: datetime) -> Iterator[CheckResult]:
    """The records and how old their prices are; the clock, which cannot be behind the day of a price."""
    from advisor.catalog.hosted_prices import price_book_date
    from advisor.catalog.loader import load_catalog

    try:
        catalog = load_catalog()
    except DataError as error:
        yield CheckResult("data_broken", fault=error)
        return
    on, limit = at.date(), catalog.rules.price_stale_after_days
    checked = [point.last_verified for sku in catalog.prices if (point := catalog.price(sku, on)) is not None]
    checked += [rate.last_verified for rate in catalog.exchange_rates.values()]
    checked.append(price_book_date())
    newest, old = max(checked), sum((on - day).days > limit for day in checked)
    told = {"count": len(checked), "newest": newest, "limit": limit, "hosted": price_book_date()}
    yield CheckResult("data", {"version": catalog.version})
    yield CheckResult("prices_old", {**told, "old": old}) if old else CheckResult("prices", told)
    if at.date() < newest - timedelta(days=1):  # a day may have begun elsewhere
        yield CheckResult("clock_behind", {"at": f"{at:%Y-%m-%d %H:%M} UTC", "newest": newest})
    else:
        yield CheckResult("clock", {"at": f"{at:%Y-%m-%d %H:%M} UTC"})


def own_data() -> Iterator[CheckResult]:
    """Folders of prices of the team's own."""
    folders = own_folders()
    if not folders:
        yield CheckResult("own_none", {"variable": OWN_DATA})
    for folder in folders:
        if not os.path.isdir(folder):
            yield CheckResult("own_missing", {"variable": OWN_DATA, "path": folder})
        else:
            yield CheckResult("own_there" if os.access(folder, os.W_OK) else "own_fixed", {"path": folder})


def database(at: datetime) -> Iterator[CheckResult]:
    """Which database there is, whether it answers, of which release its tables are, and its chains."""
    from advisor.store.database import look_at
    from advisor.store.tables import VERSION

    try:
        found = look_at(database_address())
        if found.size is None:
            yield CheckResult("database_new", {"path": found.place})
            return
        told = {"kind": found.kind, "path": found.place, "size": found.size / 1e6, "version": VERSION}
        if found.at is not None and abs(found.at - at.timestamp()) > MOST_SECONDS_APART:
            yield CheckResult("database_apart", {"seconds": round(abs(found.at - at.timestamp()))})
        if found.version is None or found.version < VERSION:
            yield CheckResult("database_older", {**told, "found": found.version or "–"})
        elif found.version > VERSION:
            yield CheckResult("refused", issue=Issue("STORE", "store_newer", {"path": found.place, "known": VERSION}))
        else:
            yield CheckResult("database", told)
            yield from _chains()
    except InputError as error:
        yield from (CheckResult("refused", issue=issue) for issue in error.issues)


def _chains() -> Iterator[CheckResult]:
    from advisor.store.database import open_store
    from advisor.store.verifying import verify

    store = open_store()
    try:
        walked = verify(store)
    finally:
        store.close()
    told = {"cases": walked.cases, "revisions": walked.revisions}
    yield CheckResult("chains_broken", {"broken": len(walked.broken)}) if walked.broken else CheckResult("chains", told)


def fonts(at: datetime) -> Iterator[CheckResult]:
    """A page is typeset with the fonts of the report, whose characters would otherwise be missing from a PDF."""
    from advisor.report.document import Document
    from advisor.report.pdf import WEIGHTS, faces, render_pdf
    from advisor.text.languages import ENGLISH, language_name, language_record, languages

    wanted = {language_record(code).font for code in languages()}
    told, found = {"fonts": ", ".join(sorted(wanted))}, faces()
    if any((name, weight) not in found for name in wanted for weight in WEIGHTS):
        yield CheckResult("fonts_missing", told)
        return
    sample = " ".join(map(language_name, languages()))  # each in its own characters
    try:
        size = len(render_pdf(Document(sample, "", ENGLISH, "", at.date(), "", ())))
    except (OSError, RuntimeError):  # the list of characters is not there, or Typst refuses
        yield CheckResult("fonts_missing", told)
    else:
        yield CheckResult("fonts", {**told, "size": size / 1e3})


def write_access() -> Iterator[CheckResult]:
    """Folders that the app writes into: that of a database in a file, and the one for what is only needed a while."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    wanted = {Path(tempfile.gettempdir()): "TMPDIR"}
    try:
        url = make_url(database_address())
        if url.drivername == "sqlite" and url.database:
            wanted[_nearest(Path(url.database).parent)] = DATABASE
    except ArgumentError:
        pass  # told where the database is looked at
    for folder, variable in wanted.items():
        fits = os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK)
        yield CheckResult("writes" if fits else "writes_not", {"path": folder, "variable": variable})


def _nearest(folder: Path) -> Path:
    """The folder, else the one in which it would be made."""
    return next((each for each in (folder, *folder.parents) if os.path.exists(each)), folder)


def places_of_secrets() -> tuple[Path, ...]:
    """Where the app looks for its secrets, the last one first in force."""
    from advisor.core.sign_in import named_files

    folders = dict.fromkeys((Path.home(), HOME, Path.cwd()))
    return named_files() or tuple(folder / ".streamlit" / "secrets.toml" for folder in folders)


def sign_in(secrets: Sequence[Path]) -> Iterator[CheckResult]:
    """Whether people sign in, and whether what they need for it stands in the secrets."""
    from advisor.core.sign_in import missing_files, section_of, settings_faults

    section = section_of(secrets)
    wrong = missing_files() or settings_faults(section)
    yield from (CheckResult("refused", issue=issue) for issue in wrong)
    if not wrong:
        yield CheckResult("sign_in_none" if section is None else "sign_in")
    for file in secrets:
        if _is_open_to_others(file):
            yield CheckResult("secrets_open", {"path": file})


def _is_open_to_others(file: Path) -> bool:
    """Whether the rights of a file of this user's are too wide; one that is mounted belongs to somebody else."""
    if os.name != "posix":
        return False
    try:
        found = file.stat()
        return found.st_uid == os.geteuid() and bool(found.st_mode & (stat.S_IRWXG | stat.S_IRWXO))
    except OSError:  # it is not there, or not to be looked at
        return False


def watching() -> Iterator[CheckResult]:
    """How the running app is watched."""
    from advisor.core.observing import log_form, metrics_address

    try:
        where = metrics_address()
        form, told = log_form(), "–" if where is None else f"{where[0]}:{where[1]}"
        yield CheckResult("watched_full" if form == "full" else "watched", {"form": form, "metrics": told})
    except InputError as error:
        yield from (CheckResult("refused", issue=issue) for issue in error.issues)
