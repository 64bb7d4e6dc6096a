"""The data files of one catalog, the file of every record, and the version of the content."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn, Protocol

from advisor.catalog.reader import WHOLE_FILE, check_keys, entry_name, listed_in, parse_yaml
from advisor.core.notices import DataError, Issue, OwnDataError
from advisor.core.places import OWN_DATA
from advisor.core.yaml import line_of

OTHER_ROOMS = ("fonts", "locales", "sources", "validation")
"""Folders under ``data/`` that hold no records."""
READ_ELSEWHERE = ("prices/hosted.yaml",)
"""Files that count for the version but that ``hosted_prices`` reads and checks."""
OWN_PLACES = (
    "prices/gpu_rental/NAME.yaml",
    "prices/gpu_purchase/NAME.yaml",
    "prices/electricity/NAME.yaml",
    "prices/managed_tuning/NAME.yaml",
    "prices/hosted_contracts.yaml",
    "prices/exchange_rates.yaml",
    "hardware/gpus.yaml",
)
"""What a folder of the reader's may hold, beside what an update writes."""
SCHEMA_LINE = re.compile(rb"\A(?:\xef\xbb\xbf)?# yaml-language-server:[^\n]*\n")
"""First line of a data file, which tells an editor its schema. It is no fact, so it does not count for the version."""

MOST_BYTES = 64_000_000
"""A larger file is not read: the largest that an update writes is a tenth of it."""
MOST_YAML = 4_000_000
"""A larger file of records is not read: its reading would take minutes."""
DEEPEST = 100
"""Records nest less than a tenth as deep."""
BRACKET = re.compile(rb"[\[\]{}]")
INDENT = re.compile(rb"^[ \t?:-]+", re.MULTILINE)


class Named(Protocol):
    """A record with an id."""

    @property
    def id(self) -> str: ...


@dataclass(frozen=True)
class FileEntry:
    """A record as its file holds it, and the path to it from the top of the file."""

    file: str
    name: str
    content: Any
    path: tuple[int | str, ...]


@dataclass
class DataFiles:
    """Data files below one root; each is read once, and the file of every record is remembered for messages.

    ``own`` are folders of the reader's, whose records come on top; ``label`` is what messages call the root. Their
    ``faults`` are gathered, to be told all at once, with the names of the records that are ``broken`` by them and the
    prices that are no records yet, ``unbuilt``.
    """

    root: Path
    unread: dict[str, bytes]
    label: str
    own: "tuple[DataFiles, ...]" = ()
    read: dict[str, bytes] = field(default_factory=dict)
    origin: dict[tuple[str, str], str] = field(default_factory=dict)
    places: dict[tuple[str, str], tuple[int | str, ...]] = field(default_factory=dict)
    faults: list[DataError] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    unbuilt: list[FileEntry] = field(default_factory=list)

    @classmethod
    def of(cls, root: Path, own: Sequence[Path] = ()) -> "DataFiles":
        """All files with records below ``root``, and below the folders of the reader's ``own``."""
        files = (path for path in sorted(root.rglob("*.y*ml")) if path.relative_to(root).parts[0] not in OTHER_ROOMS)
        data = cls(root, {path.relative_to(root).as_posix(): path.read_bytes() for path in files}, root.name)
        data.own = tuple(data._own(folder) for folder in own)
        return data

    def _own(self, folder: Path) -> "DataFiles":
        """What a folder of the reader's holds; what cannot be read is a fault."""
        label = str(folder.absolute())
        if not os.path.isdir(folder):
            issue, mend = Issue(OWN_DATA, "own_no_folder"), "create it, or name another in ADVISOR_DATA"
            self.faults.append(DataError(label, OWN_DATA, "is no folder", mend, issue))
            return DataFiles(folder, {}, label)
        found = {}
        for path in sorted(folder.rglob("*")):
            if os.path.isfile(path) and not _is_hidden(path, folder):
                name = path.relative_to(folder).as_posix()
                try:
                    found[name] = _content(path, f"{label}/{name}")
                except DataError as error:
                    self.faults.append(error)
        return DataFiles(folder, found, label)

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """Inside, faults of a folder of the reader's are kept, to be told with all others; any other is raised."""
        try:
            yield
        except DataError as error:
            folder = next((each for each in self.own if each.label == self._folder_of(error.file)), None)
            if folder is None:
                raise
            for each in (error, *error.others):
                self.broken.add(each.record)
                self.faults.append(each.placed(each.file, each.line or folder._line(each)))

    def _line(self, error: DataError) -> int | None:
        content = self.read.get(error.file.removeprefix(f"{self.label}/"))
        if not error.path or content is None:
            return None
        return line_of(content.decode("utf-8-sig", "replace"), error.path)

    def is_lost(self, path: str) -> bool:
        """Whether a file of the reader's called so could not be read at all, so that nobody knows what it names."""
        return any(fault.file.endswith(f"/{path}") and len(fault.path) < 2 for fault in self.faults)

    def refuse_faults(self) -> None:
        """Raises :class:`OwnDataError` where a folder of the reader's holds any."""
        if self.faults:
            raise OwnDataError(sorted(self.faults, key=lambda fault: (fault.file, fault.line or 0)))

    def take(self, path: str) -> tuple[str, dict[str, Any]]:
        """Label and content of one file."""
        label = f"{self.label}/{path}"
        if path not in self.unread:
            raise DataError(label, "whole file", "is missing", "restore it")
        return label, parse_yaml(self.bytes_of(path), label)

    def bytes_of(self, path: str) -> bytes:
        """Content of one file that is there, which then counts as read."""
        self.read[path] = self.unread.pop(path)
        return self.read[path]

    def take_folder(self, folder: str) -> list[tuple[str, dict[str, Any]]]:
        """Label and content of every YAML file directly in one folder."""
        paths = self._yaml_in(folder)
        if not paths:
            raise DataError(f"{self.label}/{folder}", "whole folder", "holds no .yaml file", "restore its files")
        return [self.take(path) for path in paths]

    def take_own(self, *paths: str) -> list[tuple[str, dict[str, Any]]]:
        """Label and content of these files in each of the reader's folders, where it has them."""
        return self._taken((folder, path) for folder in self.own for path in paths if path in folder.unread)

    def take_own_folder(self, name: str) -> list[tuple[str, dict[str, Any]]]:
        """Label and content of every YAML file directly in a folder of each of the reader's."""
        return self._taken((folder, path) for folder in self.own for path in folder._yaml_in(name))

    def _taken(self, wanted: Iterable[tuple["DataFiles", str]]) -> list[tuple[str, dict[str, Any]]]:
        found = []
        for folder, path in wanted:
            with self.gathering():
                label, content = f"{folder.label}/{path}", folder.bytes_of(path)
                _check_shape(content, label)
                found.append((label, parse_yaml(content, label)))
        return found

    def listed(self, raw: dict[str, Any], key: str, file: str) -> list[FileEntry]:
        """The entries of the list ``key``, which is all that the file may hold."""
        with self.gathering():
            check_keys(raw, key, file)
        with self.gathering():
            found = listed_in(raw, key, file)
            return [FileEntry(file, entry_name(each, key, at), each, (key, at)) for at, each in enumerate(found)]
        return []

    def _yaml_in(self, folder: str) -> list[str]:
        return sorted(path for path in self.unread if path.rpartition("/")[0] == folder and path.endswith(".yaml"))

    def claim(self, kind: str, name: str, file: str, path: tuple[int | str, ...] = ()) -> None:
        """Record that ``file`` holds ``name``; refuses a second record of the same kind and name."""
        if (kind, name) in self.origin:
            there = self.origin[kind, name]
            issue = Issue(name[:60], "own_already_there", {"there": there})
            raise DataError(file, name, f"{kind} is already used in {there}", "choose another", issue, path=path)
        self.origin[kind, name], self.places[kind, name] = file, path

    def claim_over(
        self, kind: str, name: str, file: str, path: tuple[int | str, ...] = (), *, of_update: bool = False
    ) -> bool:
        """As ``claim``, but a folder of the reader's may continue a record below it; whether this one does.

        A file that an update wrote lies below the others of its folder.
        """
        before = self.origin.get((kind, name))
        in_folder = before is not None and self._folder_of(file) == self._folder_of(before)
        continues = before is not None and (not in_folder or (of_update and before != file))
        if continues:
            del self.origin[kind, name]
        self.claim(kind, name, file, path)
        return continues

    def _folder_of(self, file: str) -> str:
        return next((own.label for own in reversed(self.own) if file.startswith(f"{own.label}/")), self.label)

    def origin_of(self, record: Named) -> str:
        """File that holds a record."""
        return self.origin[f"{type(record).__name__} id", record.id]

    def place_of(self, record: Named) -> tuple[int | str, ...]:
        """Path to a record from the top of its file, empty where nobody recorded it."""
        return self.places[f"{type(record).__name__} id", record.id]

    def finish(self) -> str:
        """Version of all content that was read; refuses files that nothing reads."""
        self.read |= {path: self.unread.pop(path) for path in READ_ELSEWHERE if path in self.unread}
        digest = sha256()
        for files in (self, *self.own):
            for path in sorted(files.unread):
                with self.gathering():
                    files._refuse_unread(path)
            if files is not self:
                digest.update(b"own\0")
            for path, content in sorted(files.read.items()):
                facts = SCHEMA_LINE.sub(b"", content.replace(b"\r\n", b"\n"))
                digest.update(path.encode(errors="surrogateescape") + b"\0" + facts + b"\0")
        return digest.hexdigest()[:12]

    def _refuse_unread(self, path: str) -> None:
        near = get_close_matches(path, self.read, n=1) or get_close_matches(path, OWN_PLACES, n=1)
        mend = f"did you mean the place of {near[0]}?" if near else "remove it"
        if near:
            issue = Issue("file", "own_not_read_here_near", {"near": near[0]})
        else:
            issue = Issue("file", "own_not_read_here", {"known": ", ".join(OWN_PLACES)})
        fault = "is in a place the catalog does not read"
        raise DataError(f"{self.label}/{path}", WHOLE_FILE, fault, mend, issue)


def _check_shape(content: bytes, label: str) -> None:
    """Refuse what is too large to be read in time, or nests so deep that the parser would break off."""
    if len(content) > MOST_YAML:
        _refuse_large(label, MOST_YAML)
    deepest = open_now = 0
    for bracket in BRACKET.findall(content):
        open_now = open_now + 1 if bracket in b"[{" else max(open_now - 1, 0)
        deepest = max(deepest, open_now)
    if deepest > DEEPEST or any(len(found) > DEEPEST for found in INDENT.findall(content)):
        issue = Issue("file", "own_not_yaml")
        raise DataError(label, WHOLE_FILE, "nests too deep", "begin it like its neighbours", issue)


def _refuse_large(label: str, most: int) -> NoReturn:
    issue = Issue("file", "own_too_large", {"most": most // 1_000_000})
    raise DataError(label, WHOLE_FILE, f"is larger than {most} bytes", "part it into several files", issue)


def _content(path: Path, label: str) -> bytes:
    """Content of a file of the reader's. Raises :class:`DataError` where it cannot be read, or is too large."""
    try:
        if path.stat().st_size > MOST_BYTES:
            _refuse_large(label, MOST_BYTES)
        return path.read_bytes()
    except OSError as error:
        told, issue = error.strerror or str(error), Issue("file", "own_unreadable")
        raise DataError(label, WHOLE_FILE, f"cannot be read, {told}", "allow it, or remove the file", issue) from None


def _is_hidden(path: Path, folder: Path) -> bool:
    """Files of an editor, of version control and of an update that is being written; and what explains the folder."""
    parts = path.relative_to(folder).parts
    return any(part.startswith(".") for part in parts) or path.suffix in (".md", ".txt")
