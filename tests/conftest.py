"""Property tests draw the same examples on every machine and are not timed; long files are begun first."""

from pathlib import Path

from hypothesis import settings

LONG_FIRST = ("browser", "properties", "usage", "hostile", "report", "ui")
"""Folders whose files take longest. A file is one worker's: a long one that is begun last leaves the others idle."""

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None, print_blob=True)
settings.load_profile("repeatable")


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="write golden texts anew instead of comparing them")


def pytest_collection_modifyitems(config, items):
    """Workers take files in this order, and make test asks them not to sort by the number of tests instead."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _place(Path(item.path)))


def _place(path):
    room = path.relative_to(Path(__file__).parent).parts[0]
    return LONG_FIRST.index(room) if room in LONG_FIRST else len(LONG_FIRST)
