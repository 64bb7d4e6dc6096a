"""What the requirements files hold: a package a row, with its version, its hashes and the machines that need it."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Locked:
    """One package of a requirements file; ``hashes`` are those of its files on the registry."""

    name: str
    version: str
    needed_here: bool
    hashes: frozenset[str]


def locked(text: str) -> dict[str, Locked]:
    """The packages of a requirements file by name. A line that is no exact pin is a ValueError."""
    joined = text.replace("\\\n", " ")
    rows = (line for line in joined.splitlines() if line.strip() and not line.startswith("#"))
    return {row.name: row for row in map(_row, rows)}


def _row(line: str) -> Locked:
    requirement = Requirement(line.split("--hash")[0].strip())
    exact = [each.version for each in requirement.specifier if each.operator == "=="]
    if len(exact) != len(requirement.specifier) or len(exact) != 1:
        raise ValueError(f"not pinned: {line[:60]}")
    here = requirement.marker is None or requirement.marker.evaluate()
    return Locked(canonicalize_name(requirement.name), exact[0], here, frozenset(HASH.findall(line)))


def runtime() -> dict[str, Locked]:
    return locked((ROOT / "requirements.txt").read_text(encoding="utf-8"))


def development() -> dict[str, Locked]:
    return locked((ROOT / "requirements-dev.txt").read_text(encoding="utf-8"))


def pins() -> tuple[list[str], list[str]]:
    """The pins of pyproject.toml: those of the product, those of its development."""
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return document["project"]["dependencies"], document["dependency-groups"]["dev"]


def needed(requirements: Iterable[str]) -> set[str]:
    """Names of the packages that these need on this machine, themselves included, as the installed packages say."""
    open_, found = list(requirements), set[tuple[str, str]]()
    while open_:
        requirement = Requirement(open_.pop())
        name = canonicalize_name(requirement.name)
        for extra in ("", *requirement.extras):
            if (name, extra) not in found:
                found.add((name, extra))
                open_ += needs(name, extra)
    return {name for name, _ in found}


def needs(name: str, extra: str) -> Iterator[str]:
    """What an installed package needs on this machine with this extra, or with none (the empty text)."""
    for line in metadata.requires(name) or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            yield str(requirement)
