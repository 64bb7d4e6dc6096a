"""Streamlit's own variables, looked at before it reads them: what is wrong with one would end in a traceback."""

import errno
import os
import socket

from click import BadParameter
from streamlit.web import cli

from advisor.core.notices import Issue
from advisor.core.observing import LARGEST_PORT, LONGEST_SHOWN
from advisor.core.places import APP

PORT, ADDRESS, SOCKET_FILE = "STREAMLIT_SERVER_PORT", "STREAMLIT_SERVER_ADDRESS", "unix://"


def faults() -> tuple[Issue, ...]:
    """What cannot be read, and a port or an address at which no server can listen."""
    try:
        told = cli.main_run.make_context("run", [str(APP)]).params
    except BadParameter as error:
        variable = getattr(error.param, "envvar", None) or "STREAMLIT_..."
        return (Issue(str(variable), "start_setting", {"value": os.environ.get(str(variable), "")[:LONGEST_SHOWN]}),)
    port, address = told["server_port"], told["server_address"]
    if port is not None and not 0 <= port <= LARGEST_PORT:
        return (Issue(PORT, "start_port", {"value": str(port), "most": str(LARGEST_PORT)}),)
    if address and not address.startswith(SOCKET_FILE) and not _is_of_this_machine(address):
        return (Issue(ADDRESS, "start_address", {"value": address[:LONGEST_SHOWN]}),)
    return ()


def taken() -> tuple[Issue, ...]:
    """A port that was asked for and that another program listens at, where the settings have no :func:`faults`.

    Only who is about to listen asks: a check beside a running server would find that one.
    """
    told = cli.main_run.make_context("run", [str(APP)]).params
    port, address = told["server_port"], told["server_address"] or ""
    if not port or address.startswith(SOCKET_FILE):
        return ()
    for family, kind, protocol, _, place in socket.getaddrinfo(address or "0.0.0.0", port, type=socket.SOCK_STREAM):
        with socket.socket(family, kind, protocol) as probe:
            # As the server does: a port whose program has just ended is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(place)
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    return (Issue(PORT, "start_port_taken", {"value": str(port)}),)
    return ()


def _is_of_this_machine(address: str) -> bool:
    """Whether a server may listen there; on which port is not looked at, since this one may have it already."""
    try:
        found = socket.getaddrinfo(address, 0, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    for family, kind, protocol, _, place in found:
        try:
            with socket.socket(family, kind, protocol) as probe:
                probe.bind(place)
                return True
        except OSError:
            continue
    return False
