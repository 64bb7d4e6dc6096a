"""The page on security: every threat names tests, and the tests that it names are there."""

import ast
import re
from functools import cache
from pathlib import Path

from advisor.store import tables

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def part(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def rows(title: str) -> list[list[str]]:
    """Cells of the first table under a heading, without its head."""
    lines = [line for line in part(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@cache
def named_in(file: str) -> frozenset[str]:
    path = ROOT / file
    if not path.is_file():
        return frozenset()
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return frozenset(node.name for node in body if isinstance(node, ast.FunctionDef))


def test_every_threat_names_tests_and_nothing_else() -> None:
    threats = rows("Threats")
    assert len(threats) >= 20
    for threat, met, held in threats:
        assert met, threat
        assert TEST.findall(held), threat
        assert re.fullmatch(r"[\s,]*", TEST.sub("", held)), threat


def test_the_tests_that_are_named_are_there() -> None:
    named = TEST.findall(PAGE)
    assert [f"{file}::{name}" for file, name in named if name not in named_in(file)] == []


def test_every_table_of_the_database_is_told() -> None:
    told = {name for cell in rows("What is stored where") for name in re.findall(r"\(`(\w+)`\)", cell[0])}
    assert told == set(tables.metadata.tables)
