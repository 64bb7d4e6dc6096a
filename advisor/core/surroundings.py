"""What the surroundings of a process say about whoever started it."""

import os

LANGUAGE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Where POSIX says in which language a program speaks; the first that is set decides."""


def surrounding_language() -> str | None:
    """The locale of the process; ``None`` where none is set."""
    return next((v for v in (os.environ.get(name) for name in LANGUAGE_VARIABLES) if v), None)
