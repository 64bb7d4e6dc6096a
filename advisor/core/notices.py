"""Notices and errors, as codes.

No sentence stands here. ``text`` turns a code and its parameters into words in the
reader's language: notice ``x`` is catalogue key ``notice.x``, an
issue is ``error.x``.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

MOST_LISTED = 14
"""Names that one sentence can list."""
Severity = Literal["info", "warning"]


@dataclass(frozen=True)
class Notice:
    """Something the reader must know about a result."""

    code: str
    severity: Severity = "info"
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Issue:
    """One fault in something the user gave: which field, what is wrong, what would be right."""

    field: str
    code: str
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)


class InputError(ValueError):
    """The user's input cannot be used. Carries one :class:`Issue` for each faulty field."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__("; ".join(f"{i.field}: {i.code} {dict(i.params)}" for i in self.issues))


class DataError(ValueError):
    """A file of data is wrong: file, record id, fault and mend, in English: its reader edits YAML.

    ``issue`` says the same as a code, wherever a folder of the reader's can hold the fault; ``path`` leads to it from
    the top of the file, ``line`` (from 1) is where it stands, and ``others`` were found with it.
    """

    def __init__(
        self,
        file: str,
        record: str,
        fault: str,
        mend: str,
        issue: Issue | None = None,
        *,
        path: tuple[int | str, ...] = (),
        line: int | None = None,
        others: "Iterable[DataError]" = (),
    ) -> None:
        self.file, self.record, self.fault, self.mend = file, record, fault, mend
        self.issue, self.path, self.line, self.others = issue, path, line, tuple(others)
        super().__init__(f"{file}: {record}: {fault}. Mend: {mend}")

    def placed(self, file: str, line: int | None) -> "DataError":
        """The same fault alone, of a file that is called so, in that line."""
        return DataError(file, self.record, self.fault, self.mend, self.issue, path=self.path, line=line)


class OwnDataError(DataError):
    """Folders of the reader's hold faults: all that were found, in the order of their files."""

    def __init__(self, faults: Iterable[DataError]) -> None:
        self.faults = tuple(faults)
        first = self.faults[0]
        super().__init__(first.file, first.record, first.fault, first.mend, first.issue, line=first.line)
        self.args = ("\n".join(str(each) for each in self.faults),)


class UnknownPrice(ValueError):
    """Money was asked for that rests on an unknown price, rate or number. Carries the ids of what is unknown."""

    def __init__(self, items: Iterable[str]) -> None:
        self.items = tuple(items)
        super().__init__(f"nobody knows {', '.join(self.items)}")


class UnknownId(KeyError):
    """No record has this id. Carries the nearest ids that exist."""

    def __init__(self, kind: str, unknown: str, known: Iterable[str]) -> None:
        self.kind, self.unknown, self.known = kind, unknown, tuple(known)
        self.near = nearest(unknown, self.known)
        super().__init__(
            f"{kind} {unknown!r} is not known" + (f"; did you mean {', '.join(self.near)}?" if self.near else "")
        )

    def __str__(self) -> str:
        return str(self.args[0])


def nearest(unknown: str, known: Iterable[str]) -> tuple[str, ...]:
    """Up to three names that are spelt much like this one."""
    return tuple(get_close_matches(unknown, list(known), n=3, cutoff=0.5))


def unknown_id(field: str, value: str, near: Iterable[str], known: Iterable[str]) -> Issue:
    """Nothing has this id: what is spelt like it, else what there is."""
    listed, meant = tuple(known), ", ".join(near)
    if meant:
        return Issue(field, "unknown_id_near", {"value": value[:40], "near": meant})
    more = ", ..." if len(listed) > MOST_LISTED else ""
    return Issue(field, "unknown_id", {"value": value[:40], "known": ", ".join(listed[:MOST_LISTED]) + more})
