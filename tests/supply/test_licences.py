"""The page of licences is that of the packages of now, and no licence is there that nobody has argued for."""

import re
from importlib import metadata
from pathlib import Path

import pytest

from tests.supply import licences
from tests.supply.licences import ALLOWED, PAGE, REASONS, licensed, page, parts
from tests.supply.lock import runtime

ROW = re.compile(r"^\| ([\w.-]+) \| ([\w.]+) \| ([\w. ()-]+) \| (?:metadata|text) \|$", re.MULTILINE)
ABSENT = re.compile(r"not installed here: ([\w, .-]+)\. A")


def test_the_page_has_every_package_with_its_version_and_licence() -> None:
    """After a change of packages: make licences. What only another machine needs is not compared on this one."""
    written = {name: (version, licence) for name, version, licence in ROW.findall(PAGE.read_text(encoding="utf-8"))}
    now = {name: (version, licence) for name, version, licence in ROW.findall(page())}
    assert now
    assert {name: written.get(name) for name in now} == now
    (absent,) = ABSENT.findall(PAGE.read_text(encoding="utf-8"))
    assert {*written, *absent.split(", ")} - {"none"} == {*runtime()}


def test_every_licence_is_one_that_was_argued_for() -> None:
    found = [licensed(name) for name, row in runtime().items() if row.needed_here]
    assert [each for each in found if not parts(each.licence) <= ALLOWED.keys()] == []
    assert set(ALLOWED.values()) == REASONS.keys()


class Package(metadata.Distribution):
    """An installed package with this metadata and this licence text."""

    def __init__(self, said: str, text: str = "") -> None:
        self.said, self.licence = said, text

    def read_text(self, filename: str) -> str | None:
        held = {
            "METADATA": f"Name: some\nVersion: 1\n{self.said}\n",
            "RECORD": "some-1.dist-info/LICENSE,,\nsome/LICENSE,,\n",
        }
        return held.get(filename)

    def locate_file(self, path: object) -> Path:
        raise FileNotFoundError(path)


@pytest.mark.parametrize(
    ("said", "text", "licence"),
    [
        ("License-Expression: MIT AND Zlib", "", "MIT AND Zlib"),
        ("License: Apache License 2.0", "", "Apache-2.0"),
        ("License: see the file\nClassifier: License :: OSI Approved :: MIT License", "", "MIT"),
        ("Classifier: License :: OSI Approved :: BSD License", "... Neither the name of ...", "BSD-3-Clause"),
        ("License-Expression: AGPL-3.0-only", "Neither the name", "AGPL-3.0-only"),
    ],
)
def test_a_licence_is_told_by_metadata_or_by_the_text(
    monkeypatch: pytest.MonkeyPatch, said: str, text: str, licence: str
) -> None:
    monkeypatch.setattr(licences.metadata, "distribution", lambda _name: Package(said))
    monkeypatch.setattr(licences, "text_of", lambda _found: text)
    assert licensed("some").licence == licence


@pytest.mark.parametrize("said", ["", "License: Proprietary", "Classifier: License :: OSI Approved :: BSD License"])
def test_a_licence_that_nothing_tells_is_refused(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setattr(licences.metadata, "distribution", lambda _name: Package(said))
    monkeypatch.setattr(licences, "text_of", lambda _found: "All rights reserved")
    with pytest.raises(ValueError, match="some: which licence is not told"):
        licensed("some")
