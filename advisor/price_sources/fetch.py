"""Fetch one answer of a source: within a time and a size, from the host that was named, never from elsewhere."""

import io
import json
import socket
import ssl
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO, Any, NoReturn
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from advisor.core.archives import ZIP_FAULTS
from advisor.core.notices import InputError, Issue
from advisor.core.system_faults import PREFIX, system_fault

SILENCE_SECONDS = 15.0
"""How long a source may say nothing."""
WHOLE_SECONDS = 60.0
"""How long one answer may take, however slowly it comes."""
CHUNK_BYTES = 1 << 16
WEB = ("https", "http")
_until: ContextVar[float] = ContextVar("until", default=float("inf"))


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Inside, all answers together may take so long; what comes later counts as not reached."""
    before = _until.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _until.reset(before)


class _Redirected(Exception):
    """A source sent us to another host or to something that is no web page."""


class _SameHost(HTTPRedirectHandler):
    """Follows a redirect only to the same host, and never from https to http."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if new.scheme not in WEB or new.netloc != old.netloc or (old.scheme, new.scheme) == WEB:
            raise _Redirected(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(place: str, source: str, most_bytes: int) -> bytes:
    """What stands at a web address or in a file. Raises :class:`InputError` where it cannot be had whole."""
    scheme = urlsplit(place).scheme.lower()
    if scheme in WEB:
        return _over_the_web(place, source, most_bytes)
    if "://" in place:
        raise InputError([Issue(source, "source_not_web", {"place": place[:200]})])
    return _from_a_file(place, source, most_bytes)


def _from_a_file(place: str, source: str, most_bytes: int) -> bytes:
    try:
        with open(Path(place).expanduser(), "rb") as file:
            content = file.read(most_bytes + 1)
    except (OSError, ValueError) as error:  # a path with a NUL is a ValueError
        told = {"place": place[:200], "fault": system_fault(error)}
        raise InputError([Issue(source, "source_unreachable", told)]) from None
    return _not_too_large(content, source, most_bytes)


def _over_the_web(place: str, source: str, most_bytes: int) -> bytes:
    opener = OpenerDirector()
    for handler in (
        ProxyHandler(),
        HTTPHandler(),
        HTTPSHandler(),
        HTTPDefaultErrorHandler(),
        HTTPErrorProcessor(),
        _SameHost(),
    ):
        opener.add_handler(handler)
    now, parts, size = time.monotonic(), [], 0
    until = min(now + WHOLE_SECONDS, _until.get())
    try:
        if until <= now:
            raise TimeoutError("the time for all answers is over")
        silence = min(SILENCE_SECONDS, until - now)
        with opener.open(Request(place, headers={"Accept-Encoding": "identity"}), timeout=silence) as answer:
            while part := answer.read1(CHUNK_BYTES):
                parts.append(part)
                size += len(part)
                if size > most_bytes:
                    break
                if time.monotonic() > until:
                    raise TimeoutError("the answer takes too long")
            told = answer.headers.get("Content-Length")
    except _Redirected as error:
        _redirected(source, place, str(error))
    except HTTPError as error:
        if 300 <= error.code < 400:
            _redirected(source, place, error.headers.get("Location") or error.reason)
        raise _refused("source_unreachable", source, place=place, fault=f"HTTP {error.code}") from None
    except (URLError, HTTPException, OSError, ValueError) as error:
        raise _refused("source_unreachable", source, place=place, fault=_cause(error)) from None
    if told is not None and told.isdigit() and size < int(told):
        raise InputError([Issue(source, "source_cut_short", {"place": place})])
    return _not_too_large(b"".join(parts), source, most_bytes)


def _cause(error: Exception) -> str:
    """Why no answer came, as a fault of the system; names and certificates have numbers of their own."""
    reason = error.reason if isinstance(error, URLError) and isinstance(error.reason, OSError) else error
    if isinstance(reason, socket.gaierror):
        return f"{PREFIX}no_host"
    return f"{PREFIX}no_trust" if isinstance(reason, ssl.SSLError) else system_fault(reason)


def _redirected(source: str, place: str, there: str) -> NoReturn:
    raise InputError([Issue(source, "source_redirected", {"place": place, "there": there[:200]})]) from None


def _not_too_large(content: bytes, source: str, most_bytes: int) -> bytes:
    if len(content) > most_bytes:
        raise InputError([Issue(source, "source_too_large", {"most": most_bytes})])
    return content


def unpacked(content: bytes, name: str, source: str, most_bytes: int) -> bytes:
    """One file of an archive; no more of it than ``most_bytes`` is ever unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(name) as file:
            found = file.read(most_bytes + 1)
    except (*ZIP_FAULTS, KeyError):
        raise _refused("source_archive_broken", source, file=name) from None
    return _not_too_large(found, source, most_bytes)


def text_of(content: bytes, source: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused("source_not_utf8", source, byte=error.start) from None


def json_of(text: str, source: str) -> Any:
    """The value of an answer in JSON, without numbers that are none. Raises :class:`InputError`."""

    def refuse(constant: str) -> NoReturn:
        raise _refused("source_price_impossible", source, subject="JSON", value=constant)

    try:
        return json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise _refused("source_not_json", source, line=error.lineno) from None
    except RecursionError:
        raise _refused("source_nested", source) from None


def unreadable(source: str, where: str, value: object) -> InputError:
    """The refusal of a value that is not what stands there in what the source publishes."""
    return _refused("source_value_unreadable", source, where=where[:80], value=str(value)[:60])


def lacking(source: str, what: str) -> InputError:
    """The refusal of an answer without a part, which is called as the source calls it."""
    return _refused("source_lacks", source, what=what)


def _refused(code: str, field: str, **params: object) -> InputError:
    return InputError([Issue(field, code, params)])


def place_below(base: str, *parts: str) -> str:
    """An address or path below another."""
    return "/".join((base.rstrip("/"), *parts))


Places = Mapping[str, str]
"""By source, the address, file or folder that is read in the place of its own."""
