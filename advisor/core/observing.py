"""How whoever runs the app watches it: what its log looks like, and where its metrics are read."""

import os
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final, Literal, get_args

from advisor.core.notices import InputError, Issue

LOG: Final = "ADVISOR_LOG"
"""Variable with the form of the log; text where it is not set."""
METRICS_PORT: Final = "ADVISOR_METRICS_PORT"
"""Variable with the port of the metrics, also as ``ADDRESS:PORT``; none are taken where it is not set."""
HERE: Final = "127.0.0.1"
LARGEST_PORT: Final = 65_535
LONGEST_SHOWN: Final = 40
LogForm = Literal["text", "json", "full"]
"""Lines for people, lines for machines, and lines that also hold what an exception says, which may be of a case."""


def is_asked_for() -> bool:
    """Whether anything of this is set."""
    return any(os.environ.get(name, "").strip() for name in (LOG, METRICS_PORT))


def log_form() -> LogForm:
    """The form that is asked for. Raises :class:`InputError` for one that there is not."""
    wish = os.environ.get(LOG, "").strip() or "text"
    for known in get_args(LogForm):
        if wish == known:
            return known  # type: ignore[no-any-return]
    raise InputError([Issue(LOG, "log_form_unknown", {"value": wish[:LONGEST_SHOWN], "known": "text, json, full"})])


def metrics_address() -> tuple[str, int] | None:
    """Address and port on which metrics are read; ``None`` without. Raises :class:`InputError` for what is neither."""
    wish = os.environ.get(METRICS_PORT, "").strip()
    if not wish:
        return None
    host, _, port = wish.rpartition(":")
    address = _address(host.strip("[]") or HERE)
    if address is None or not port.isdecimal() or not 0 < int(port) <= LARGEST_PORT:
        raise InputError([Issue(METRICS_PORT, "metrics_port_unreadable", {"value": wish[:LONGEST_SHOWN]})])
    return str(address), int(port)


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
