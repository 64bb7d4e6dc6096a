"""The data files of one catalog, the file of every record, and the version of the content."""

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from advisor.catalog.reader import parse_yaml
from advisor.core.notices import DataError

OTHER_ROOMS = ("fonts", "locales", "validation")
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
    """Data files below one root; each is read once, and the file of every record is remembered for messages."""

    root: Path
    unread: dict[str, bytes]
    read: dict[str, bytes] = field(default_factory=dict)
    origin: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Path) -> "DataFiles":
        """All files with records below ``root``."""
        files = (path for path in sorted(root.rglob("*.y*ml")) if path.relative_to(root).parts[0] not in OTHER_ROOMS)
        return cls(root, {path.relative_to(root).as_posix(): path.read_bytes() for path in files})

    def take(self, path: str) -> tuple[str, dict[str, Any]]:
        """Label and content of one file."""
        label = f"{self.root.name}/{path}"
        if path not in self.unread:
            raise DataError(label, "whole file", "is missing", "restore it")
        self.read[path] = self.unread.pop(path)
        return label, parse_yaml(self.read[path], label)

    def take_folder(self, folder: str) -> list[tuple[str, dict[str, Any]]]:
        """Label and content of every YAML file directly in one folder."""
        paths = sorted(path for path in self.unread if path.rpartition("/")[0] == folder and path.endswith(".yaml"))
        if not paths:
            raise DataError(f"{self.root.name}/{folder}", "whole folder", "holds no .yaml file", "restore its files")
        return [self.take(path) for path in paths]

    def claim(self, kind: str, name: str, file: str) -> None:
        """Record that ``file`` holds ``name``; refuses a second record of the same kind and name."""
        if (kind, name) in self.origin:
            raise DataError(file, name, f"{kind} is already used in {self.origin[kind, name]}", "choose another")
        self.origin[kind, name] = file

    def origin_of(self, record: Named) -> str:
        """File that holds a record."""
        return self.origin[f"{type(record).__name__} id", record.id]

    def finish(self) -> str:
        """Version of all content that was read; refuses files that nothing reads."""
        self.read |= {path: self.unread.pop(path) for path in READ_ELSEWHERE if path in self.unread}
        for path in sorted(self.unread):
            near = get_close_matches(path, self.read, n=1)
            mend = f"did you mean the place of {near[0]}?" if near else "remove it"
            raise DataError(f"{self.root.name}/{path}", "whole file", "is in a place the catalog does not read", mend)
        digest = sha256()
        for path, content in sorted(self.read.items()):
            facts = SCHEMA_LINE.sub(b"", content.replace(b"\r\n", b"\n"))
            digest.update(path.encode() + b"\0" + facts + b"\0")
        return digest.hexdigest()[:12]
