"""Update the prices in a folder of the reader's: ask every source, check what all of it makes, write it at once."""

import math
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from advisor.catalog.catalog import Catalog
from advisor.catalog.hosted_prices import published_at as hosted_published_at
from advisor.catalog.loader import load_catalog, read_catalog
from advisor.catalog.own_hosted import OwnHosted, trying, use_own
from advisor.core.notices import InputError, Issue, OwnDataError, nearest
from advisor.core.places import own_folders
from advisor.price_sources import electricity, exchange_rates, gpu_offers, hosted_models
from advisor.price_sources.answers import SourceAnswer
from advisor.price_sources.fetch import Places, within

FOLDER_FIELD = "--into"
Reader = Callable[[str, Catalog, date, str], SourceAnswer]


@dataclass(frozen=True)
class PriceSourceEntry:
    """A source: where it is published (empty: it ships with the product) and what reads it."""

    published_at: Callable[[], str]
    read: Reader


SOURCES: Mapping[str, PriceSourceEntry] = {
    "genai-prices": PriceSourceEntry(hosted_published_at, hosted_models.hosted_models),
    "gpuhunt": PriceSourceEntry(gpu_offers.published_at, gpu_offers.gpu_offers),
    "ecb": PriceSourceEntry(lambda: exchange_rates.PUBLISHED_AT, exchange_rates.exchange_rates),
    "bundled-ecb": PriceSourceEntry(lambda: "", exchange_rates.bundled_rates),
    "eurostat": PriceSourceEntry(lambda: electricity.PUBLISHED_AT, electricity.electricity_prices),
}
ASKED_BY_DEFAULT = ("genai-prices", "gpuhunt", "ecb")
"""What is asked where nobody names a source; electricity moves twice a year, and only cases that own cards pay it."""


@dataclass(frozen=True)
class PriceUpdate:
    """What the sources answered: ``files`` for the folder, and the catalog and hosted prices with them in place.

    ``before`` is the version of the catalog that the answers were held against; ``written`` unless it is only proposed.
    """

    folder: Path
    answers: tuple[SourceAnswer, ...]
    files: Mapping[str, bytes]
    catalog: Catalog
    hosted: OwnHosted
    before: str
    written: bool = False


def folders_with(folder: Path) -> tuple[Path, ...]:
    """The folders that ``ADVISOR_DATA`` names and that are there, with the folder of an update below all others."""
    named = [each for each in own_folders() if each.is_dir() or each == folder]
    return tuple(named) if folder in named else (folder, *named)


def catalog_before(folder: Path) -> Catalog:
    """The catalog as it is with that folder, which need not exist yet."""
    return load_catalog(own=_folders_before(folder))


def _folders_before(folder: Path) -> list[Path]:
    return [each for each in folders_with(folder) if each.is_dir()]


def update_prices(
    folder: Path,
    names: Sequence[str],
    on: date,
    before: Catalog,
    places: Places | None = None,
    *,
    dry_run: bool = False,
) -> PriceUpdate:
    """Ask the sources called ``names``, on the day ``on``, and write what they answer into ``folder``.

    ``places`` are read in the place of where a source is published. Raises :class:`InputError` or :class:`DataError`,
    and then nothing was written and prices are as they were; else they are those of the update from now on.
    """
    _check_names((*names, *(places or {})))
    if not dry_run:
        _check_folder(folder)
    found = _held_against(before, folder, names, on, places or {}, lambda name: None)
    if not dry_run:
        _write(folder, found.files)
    use_own(found.hosted)
    return replace(found, written=not dry_run and bool(found.files))


def propose_prices(
    folder: Path, names: Sequence[str], on: date, asking: Callable[[str], None], seconds: float
) -> PriceUpdate:
    """What an update would write into ``folder`` as it is now; nothing is written, and prices stay as they are.

    Before each source ``asking`` is called with its name; it has so many ``seconds``. Raises as ``update_prices``.
    """
    _check_names(names)
    _check_folder(folder)
    before, hosted = read_catalog(own=_folders_before(folder))
    with trying(hosted):
        return _held_against(before, folder, names, on, {}, asking, seconds)


def keep_prices(proposed: PriceUpdate) -> PriceUpdate:
    """Write what was proposed. Raises :class:`InputError` where the folder is not as it was then, or not writable."""
    folder = proposed.folder
    _check_folder(folder)
    if read_catalog(own=_folders_before(folder))[0].version != proposed.before:
        raise InputError([Issue(FOLDER_FIELD, "folder_changed", {"path": str(folder)})])
    _write(folder, proposed.files)
    return replace(proposed, written=True)


def _check_names(names: Sequence[str]) -> None:
    for name in names:
        if name not in SOURCES:
            near = nearest(name, SOURCES)
            raise InputError(
                [Issue("--source", "source_unknown", {"name": name[:40], "known": ", ".join(near or SOURCES)})]
            )


def _held_against(
    before: Catalog,
    folder: Path,
    names: Sequence[str],
    on: date,
    places: Places,
    asking: Callable[[str], None],
    seconds: float = math.inf,
) -> PriceUpdate:
    """What the sources answer, checked as a whole. Raises :class:`InputError` with the fault of each that fails."""
    answers: list[SourceAnswer] = []
    faults: list[Issue] = []
    for name in names:
        asking(name)
        try:
            with within(seconds):
                answers.append(_ask(name, places.get(name), before, on))
        except InputError as error:
            faults += error.issues
    if faults:
        raise InputError(faults)
    files = {path: content for answer in answers for path, content in answer.files.items()}
    catalog, hosted = _tried(folder, files)
    return PriceUpdate(folder, tuple(answers), files, catalog, hosted, before.version)


def _ask(name: str, place: str | None, before: Catalog, on: date) -> SourceAnswer:
    source = SOURCES[name]
    return source.read(source.published_at() if place is None else place, before, on, name)


def is_writable(folder: Path) -> bool:
    """Whether an update can be written into a folder, or the folder be made."""
    there = next((each for each in (folder, *folder.absolute().parents) if each.exists()), folder)
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)


def _check_folder(folder: Path) -> None:
    if not is_writable(folder):
        raise InputError([Issue(FOLDER_FIELD, "folder_not_writable", {"path": str(folder)})])


def _tried(folder: Path, files: Mapping[str, bytes]) -> tuple[Catalog, OwnHosted]:
    """The catalog with these files in the folder, checked as a whole in a copy of it."""
    with tempfile.TemporaryDirectory(prefix="prices-") as beside:
        staged = Path(beside) / "staged"
        if folder.is_dir():
            shutil.copytree(folder, staged, ignore=shutil.ignore_patterns(".*"))
        for path, content in files.items():
            (staged / path).parent.mkdir(parents=True, exist_ok=True)
            (staged / path).write_bytes(content)
        staged.mkdir(exist_ok=True)
        try:
            return read_catalog(own=[staged if each == folder else each for each in folders_with(folder)])
        except OwnDataError as error:
            here = [(each, each.file.replace(str(staged), str(folder.absolute()))) for each in error.faults]
            raise OwnDataError([each.placed(file, each.line) for each, file in here]) from None


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """All files beside their places first, then each in its place; what cannot be written leaves all as it was."""
    beside: dict[Path, Path] = {}
    try:
        for path, content in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            beside[target] = target.with_name(f".{target.name}.new")
            beside[target].write_bytes(content)
        for target, new in beside.items():
            os.replace(new, target)
    except OSError as error:
        raise InputError([Issue(FOLDER_FIELD, "folder_not_writable", {"path": str(folder)})]) from error
    finally:
        for new in beside.values():
            new.unlink(missing_ok=True)
