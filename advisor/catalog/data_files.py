"""The data files of one catalog, the file of every record, and the version of the content."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from advisor.catalog.reader import parse_yaml
from advisor.core.notices import DataError
from advisor.core.places import OWN_DATA

OTHER_ROOMS = ("fonts", "locales", "sources", "validation")
"""Folders under ``data/`` that hold no records."""
READ_ELSEWHERE = ("prices/hosted.yaml",)
"""Files that count for the version but that ``hosted_prices`` reads and checks."""
SCHEMA_LINE = re.compile(rb"\A(?:\xef\xbb\xbf)?# yaml-language-server:[^\n]*\n")
"""First line of a data file, which tells an editor its schema. It is no fact, so it does not count for the version."""


class Named(Protocol):
    """A record with an id."""

    @property
    def id(self) -> str: ...


@dataclass
class DataFiles:
    """Data files below one root; each is read once, and the file of every record is remembered for messages.

    ``own`` are folders of the reader's, whose records come on top; ``label`` is what messages call the root.
    """

    root: Path
    unread: dict[str, bytes]
    label: str
    own: "tuple[DataFiles, ...]" = ()
    read: dict[str, bytes] = field(default_factory=dict)
    origin: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Path, own: Sequence[Path] = ()) -> "DataFiles":
        """All files with records below ``root``, and below the folders of the reader's ``own``."""
        files = (path for path in sorted(root.rglob("*.y*ml")) if path.relative_to(root).parts[0] not in OTHER_ROOMS)
        return cls(root, _contents(files, root), root.name, tuple(cls._own(folder) for folder in own))

    @classmethod
    def _own(cls, folder: Path) -> "DataFiles":
        if not folder.is_dir():
            raise DataError(str(folder), OWN_DATA, "is no folder", "create it, or name another in ADVISOR_DATA")
        files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not _is_hidden(path, folder))
        return cls(folder, _contents(files, folder), str(folder))

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
        return [folder.take(path) for folder in self.own for path in paths if path in folder.unread]

    def take_own_folder(self, name: str) -> list[tuple[str, dict[str, Any]]]:
        """Label and content of every YAML file directly in a folder of each of the reader's."""
        return [folder.take(path) for folder in self.own for path in folder._yaml_in(name)]

    def _yaml_in(self, folder: str) -> list[str]:
        return sorted(path for path in self.unread if path.rpartition("/")[0] == folder and path.endswith(".yaml"))

    def claim(self, kind: str, name: str, file: str) -> None:
        """Record that ``file`` holds ``name``; refuses a second record of the same kind and name."""
        if (kind, name) in self.origin:
            raise DataError(file, name, f"{kind} is already used in {self.origin[kind, name]}", "choose another")
        self.origin[kind, name] = file

    def claim_over(self, kind: str, name: str, file: str, *, of_update: bool = False) -> bool:
        """As ``claim``, but a folder of the reader's may continue a record below it; whether this one does.

        A file that an update wrote lies below the others of its folder.
        """
        before = self.origin.get((kind, name))
        in_folder = before is not None and self._folder_of(file) == self._folder_of(before)
        continues = before is not None and (not in_folder or (of_update and before != file))
        if continues:
            del self.origin[kind, name]
        self.claim(kind, name, file)
        return continues

    def _folder_of(self, file: str) -> str:
        return next((own.label for own in reversed(self.own) if file.startswith(f"{own.label}/")), self.label)

    def origin_of(self, record: Named) -> str:
        """File that holds a record."""
        return self.origin[f"{type(record).__name__} id", record.id]

    def finish(self) -> str:
        """Version of all content that was read; refuses files that nothing reads."""
        self.read |= {path: self.unread.pop(path) for path in READ_ELSEWHERE if path in self.unread}
        digest = sha256()
        for files in (self, *self.own):
            files._refuse_unread()
            if files is not self:
                digest.update(b"own\0")
            for path, content in sorted(files.read.items()):
                facts = SCHEMA_LINE.sub(b"", content.replace(b"\r\n", b"\n"))
                digest.update(path.encode() + b"\0" + facts + b"\0")
        return digest.hexdigest()[:12]

    def _refuse_unread(self) -> None:
        for path in sorted(self.unread):
            near = get_close_matches(path, self.read, n=1)
            mend = f"did you mean the place of {near[0]}?" if near else "remove it"
            raise DataError(f"{self.label}/{path}", "whole file", "is in a place the catalog does not read", mend)


def _contents(files: Iterable[Path], root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def _is_hidden(path: Path, folder: Path) -> bool:
    """Files of an editor, of version control and of an update that is being written; and what explains the folder."""
    parts = path.relative_to(folder).parts
    return any(part.startswith(".") for part in parts) or path.suffix in (".md", ".txt")
