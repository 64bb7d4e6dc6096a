"""Property tests draw the same examples on every machine and are not timed; long files are begun first.

The shipped data files are read once a process, whoever asks, and parsed once where others come on top; that they can be
read is tried in processes of their own.
"""

import gc
import pickle
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from advisor.catalog import data_files, loader
from advisor.catalog.reader import parse_yaml

LONG_FIRST = ("browser", "properties", "usage", "hostile", "report", "ui")
"""Folders whose files take longest. A file is one worker's: a long one that is begun last leaves the others idle."""

settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],  # by the clock too: fails where others use the processor
)
settings.load_profile("repeatable")

read_anew = loader.read_catalog


@cache
def shipped():
    return read_anew(own=())


def read_once(root: Path = loader.DATA_ROOT, own: Sequence[Path] | None = None):
    """``read_catalog`` for the tests; with folders of a team's own, or of other data, as it is."""
    asked = loader.own_folders() if own is None else own
    return read_anew(root, asked) if asked or root != loader.DATA_ROOT else shipped()


@cache
def parsed(content: bytes, file: str) -> bytes:
    return pickle.dumps(parse_yaml(content, file))


def parse_once(content: bytes, file: str):
    """``parse_yaml`` for the tests; each caller has a mapping of its own."""
    return pickle.loads(parsed(content, file))


loader.read_catalog = read_once  # before anybody imports it by its name
data_files.parse_yaml = parse_once


@pytest.fixture
def short_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports of one section, for tests of what is done with a report; whoever writes a whole one waits seconds."""
    from advisor.report import build  # with all that draws, which most runs of a few tests do not need

    for part in ("DECISION", "COST_ALONE"):
        monkeypatch.setattr(build, part, ((build.decision_section,),))
    monkeypatch.setattr(build, "ANNEX", ())


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="write golden texts anew instead of comparing them")


def pytest_collection_modifyitems(config, items):
    """Workers take files in this order, and make test asks them not to sort by the number of tests instead."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _place(Path(item.path)))


def pytest_collection_finish() -> None:
    """What is made anew for each test costs no more than it has to.

    The garbage collector walks what tests make, not ten thousand collected ones and all modules each time; and each
    ``AppTest`` looks through every installed package for components, of which there are none.
    """
    if "streamlit.testing.v1" in sys.modules:
        from streamlit.components.v2 import manifest_scanner

        manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
    gc.collect()
    gc.freeze()


def _place(path):
    room = path.relative_to(Path(__file__).parent).parts[0]
    return LONG_FIRST.index(room) if room in LONG_FIRST else len(LONG_FIRST)
