"""Property tests draw the same examples on every machine and are not timed."""

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None, print_blob=True)
settings.load_profile("repeatable")


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="write golden texts anew instead of comparing them")
