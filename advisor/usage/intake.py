"""From what a user points to, logs, bills or a summary, to the profile: the same for page and command line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from advisor.core.notices import InputError, Issue
from advisor.scenario import quoted
from advisor.usage.importing import ColumnMapping, import_usage, read_mapping
from advisor.usage.profile import profile
from advisor.usage.readers import FORMATS
from advisor.usage.records import Imported, UsageProfile
from advisor.usage.summary import FORMAT, LARGEST_BYTES, read_profile

HEAD_BYTES = 200
LARGEST_MAPPING_BYTES = 64_000
READING = 0.5
"""Part of the work that is done when the files are read; measuring is about as much."""
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Wish:
    """How files are to be read: by which format, else it is recognised, with what mapping of columns."""

    form: str | None = None
    mapping: ColumnMapping | None = None
    salt: str = ""


def wish_of(form: str | None, mapping: bytes | None, salt: str) -> Wish:
    """The wish as a user tells it. Raises :class:`InputError` where the format is not known or the mapping is none."""
    if form is not None and form not in FORMATS:
        raise InputError([Issue("--format", "usage_format_unknown", {"value": quoted(form), "known": ", ".join(FORMATS)})])
    return Wish(form, None if mapping is None else read_mapping(mapping), salt)


def measured(paths: Sequence[Path], wish: Wish, use_case: str | None, progress: Progress) -> UsageProfile:
    """The profile of all requests, or of those of one use case; ``progress`` is told the part that is done, 0 to 1.

    Raises :class:`InputError`.
    """
    summary = summary_of(paths)
    if summary is None:
        return profile(_imported(paths, wish, progress), use_case, _part(progress, READING, 1.0))
    if use_case not in (None, summary.use_case):
        raise InputError([Issue("--use-case", "usage_summary_has_one_use_case", {})])
    return summary


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
    whole = profile(imported, None, _part(progress, READING, 0.75))
    names = sorted(whole.by_use_case, key=lambda name: -whole.by_use_case[name])[:most]
    found: dict[str | None, UsageProfile] = {None: whole}
    for k, name in enumerate(names if len(whole.by_use_case) > 1 else ()):
        found[name] = profile(imported, name, _part(progress, 0.75 + 0.25 * k / len(names), 0.75 + 0.25 * (k + 1) / len(names)))
    return found


def summary_of(paths: Sequence[Path]) -> UsageProfile | None:
    """The profile that a single file holds already; ``None`` where what is given are logs and bills."""
    if len(paths) != 1 or not paths[0].is_file():
        return None
    with paths[0].open("rb") as file:
        head = file.read(HEAD_BYTES)
        if f'"{FORMAT}"'.encode() not in head:
            return None
        return read_profile(head + file.read(LARGEST_BYTES))


def _imported(paths: Sequence[Path], wish: Wish, progress: Progress) -> Imported:
    part = _part(progress, 0.0, READING)
    return import_usage(paths, form=wish.form, mapping=wish.mapping, salt=wish.salt, progress=part)


def _part(progress: Progress, begins: float, ends: float) -> Progress:
    """Tells a part of the work as a part of the whole."""
    return lambda done: progress(begins + (ends - begins) * done)
