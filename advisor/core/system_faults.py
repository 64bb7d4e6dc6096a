"""What the operating system says it could not do, as a code: its own words are in the language of the machine."""

import errno
from collections.abc import Mapping

PREFIX = "system:"
KINDS: Mapping[int, str] = {
    errno.ENOENT: "missing",
    errno.EACCES: "denied",
    errno.EPERM: "denied",
    errno.EROFS: "read_only",
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EISDIR: "folder",
    errno.ENOTDIR: "no_folder",
    errno.ENAMETOOLONG: "name_too_long",
    errno.ECONNREFUSED: "refused",
    errno.ETIMEDOUT: "too_slow",
}
OTHERS = ("name", "no_answer", "no_host", "no_trust", "number")
"""What has no number of its own, and the one for every other number."""
DENIED = f"{PREFIX}denied"


def system_fault(error: BaseException) -> str:
    """The cause as ``system:<kind>``, or ``system:<number>`` where the number has no words; for messages' ``fault``.

    A ``ValueError`` is of a name that no file or address can have; anything else that is no ``OSError`` is an answer
    that could not be understood.
    """
    if isinstance(error, TimeoutError):
        return f"{PREFIX}too_slow"
    if isinstance(error, OSError) and error.errno is not None:
        return f"{PREFIX}{KINDS.get(error.errno, error.errno)}"
    return f"{PREFIX}name" if isinstance(error, ValueError) else f"{PREFIX}no_answer"
