"""From what a user points to, logs, bills or a summary, to the profile: the same for page and command line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from advisor.core.notices import InputError, Issue
from advisor.usage.engine import stoppable
from advisor.usage.importing import import_usage, read_mapping
from advisor.usage.profile import profile
from advisor.usage.records import Imported, UsageProfile
from advisor.usage.summary import FORMAT, LARGEST_BYTES, read_profile

HEAD_BYTES = 200
LARGEST_MAPPING_BYTES = 64_000
READING, MEASURING = 0.5, 0.75
"""Parts of the work that are done when the files are read, and when all requests are measured."""
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Wish:
    """How files are to be read: by which format, else it is recognised, with what mapping of columns, in which order
    of day and month where their dates end in the year, and with which decimal mark where amounts do not tell it."""

    form: str | None = None
    mapping: Mapping[str, object] | None = None
    salt: str = ""
    dates: str | None = None
    decimal: str | None = None


def wish_of(
    form: str | None, mapping: bytes | None, salt: str, dates: str | None = None, decimal: str | None = None
) -> Wish:
    """The wish as a user tells it. Raises :class:`InputError` where the mapping is none."""
    return Wish(form, None if mapping is None else read_mapping(mapping), salt, dates, decimal)


def measured(paths: Sequence[Path], wish: Wish, use_case: str | None, progress: Progress) -> UsageProfile:
    """The profile of all requests, or of those of one use case; ``progress`` is told the part that is done, 0 to 1.

    Raises :class:`InputError`.
    """
    summary = summary_of(paths)
    if summary is None:
        with stoppable():
            return profile(_imported(paths, wish, progress), use_case, _part(progress, READING, 1.0))
    if use_case not in (None, summary.use_case):
        raise InputError([Issue("--use-case", "usage_summary_has_one_use_case", {})])
    return summary


def measured_table(url: str, table: str, wish: Wish, use_case: str | None, progress: Progress) -> UsageProfile:
    """The profile of a table of an engine, which is asked and not changed; else as :func:`measured`."""
    from advisor.usage.warehouses.address import address_of
    from advisor.usage.warehouses.opening import opened
    from advisor.usage.warehouses.sources import source_of
    from advisor.usage.warehouses.tables import import_table

    address = address_of(url)
    with opened(address) as connection:
        source = source_of(connection, address, table)
        imported = import_table(
            source,
            table,
            address.engine,
            form=wish.form,
            mapping=wish.mapping,
            dates=wish.dates,
            decimal=wish.decimal,
            salt=wish.salt,
        )
        progress(READING)
        return profile(imported, use_case, _part(progress, READING, 1.0))


def measured_by_use_case(
    paths: Sequence[Path], wish: Wish, most: int, progress: Progress
) -> Mapping[str | None, UsageProfile]:
    """The profile of all requests under ``None``, then those of the most used use cases, ``most`` of them.

    Raises :class:`InputError`.
    """
    summary = summary_of(paths)
    if summary is not None:
        return {summary.use_case: summary}
    imported = _imported(paths, wish, progress)
    whole = profile(imported, None, _part(progress, READING, MEASURING))
    found: dict[str | None, UsageProfile] = {None: whole}
    names = sorted(whole.by_use_case, key=lambda name: -whole.by_use_case[name])[:most]
    step = (1 - MEASURING) / max(len(names), 1)
    for k, name in enumerate(names if len(whole.by_use_case) > 1 else ()):
        found[name] = profile(imported, name, _part(progress, MEASURING + k * step, MEASURING + (k + 1) * step))
    return found


def summary_of(paths: Sequence[Path]) -> UsageProfile | None:
    """The profile that a single file holds already; ``None`` where what is given are logs and bills.

    Raises :class:`InputError` for a summary that is not as this product writes it.
    """
    if len(paths) != 1 or not paths[0].is_file():
        return None
    try:
        with paths[0].open("rb") as file:
            head = file.read(HEAD_BYTES)
            is_summary = f'"{FORMAT}"'.encode() in head
            content = head + file.read(LARGEST_BYTES) if is_summary else b""
    except OSError:  # told where it is read as a log
        return None
    return read_profile(content) if is_summary else None


def _imported(paths: Sequence[Path], wish: Wish, progress: Progress) -> Imported:
    part = _part(progress, 0.0, READING)
    return import_usage(
        paths,
        form=wish.form,
        mapping=wish.mapping,
        dates=wish.dates,
        decimal=wish.decimal,
        salt=wish.salt,
        progress=part,
    )


def _part(progress: Progress, begins: float, ends: float) -> Progress:
    """Tells a part of the work as a part of the whole."""
    return lambda done: progress(begins + (ends - begins) * done)
