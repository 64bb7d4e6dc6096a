"""One run as its settings, a line each: a configuration of a trainer, the summary of a benchmark, printed arguments."""

import re

from advisor.core.notices import InputError
from advisor.core.tables import Lines, decoded

FEWEST, MOST = 3, 500
LARGEST_BYTES = 100_000
_SETTING = re.compile(r"([A-Za-z\u4e00-\u9fff][\w ()/.\u4e00-\u9fff-]{0,80}?)\s*(?::(?=\s|$)|=)\s*(.*)")
_NO_SETTING = re.compile(r"\s|#|//|[-=*]{2,}|- |\[.*\]$|[{}]")
"""How lines begin that are none: nested ones, comments, rules with or without a title in them."""
_COMMENT = re.compile(r"\s+#.*$")


def settings_in(content: bytes) -> Lines | None:
    """The settings as a table of one row; what is nested in others is left out.

    Parameters
    ----------
    content : bytes of the file

    Returns
    -------
    Lines, or None where not every line is a setting
    """
    if len(content) > LARGEST_BYTES:
        return None
    try:
        lines = decoded(content)[0].splitlines()
    except InputError:  # told where it is read as a table
        return None
    plain = [line for line in lines if line.strip() and not _NO_SETTING.match(line)]
    found = [match for line in plain if (match := _SETTING.fullmatch(line)) is not None]
    if not FEWEST <= len(found) <= MOST or len(found) < len(plain):
        return None
    names = tuple(match[1] for match in found)
    cells = tuple(_COMMENT.sub("", match[2]).strip().strip("\"'") for match in found)
    return Lines(names, ((1, cells),), (), names)
