"""The address of an engine, such as ``trino://ada@trino.example.com:443/hive/logs``. It holds no secret.

A password in it is refused: what stands in a command is seen by whoever lists the programs of the machine, and stays in
the history of the shell. Secrets come from the surroundings, or from the engine's own means to sign in.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from advisor.core.notices import InputError, Issue

FIELD = "--engine"
LOCAL_SPARK = re.compile(r"local(\[(\d{1,3}|\*)\])?")


@dataclass(frozen=True)
class EngineKind:
    """How the address of one engine reads. ``options`` may stand behind its question mark."""

    example: str
    options: tuple[str, ...] = ()
    needs_host: bool = False
    fewest_parts: int = 0
    most_parts: int = 0


KINDS: Mapping[str, EngineKind] = {
    "duckdb": EngineKind("duckdb:///folder/file.duckdb", fewest_parts=1, most_parts=100),
    "spark": EngineKind("spark://local"),
    "trino": EngineKind(
        "trino://user@host:port/catalog/schema", ("http_scheme",), needs_host=True, fewest_parts=1, most_parts=2
    ),
    "bigquery": EngineKind("bigquery://project/dataset", ("location",), needs_host=True, most_parts=1),
    "snowflake": EngineKind(
        "snowflake://user@account/database/schema?warehouse=name",
        ("warehouse", "role", "authenticator"),
        needs_host=True,
        fewest_parts=1,
        most_parts=2,
    ),
    "databricks": EngineKind(
        "databricks://host/sql/1.0/warehouses/id?catalog=name&schema=name",
        ("catalog", "schema"),
        needs_host=True,
        fewest_parts=1,
        most_parts=10,
    ),
}
"""Every engine by the scheme of its address."""

SECRETS: Mapping[str, tuple[str, ...]] = {
    "trino": ("TRINO_PASSWORD",),
    "snowflake": ("SNOWFLAKE_PASSWORD", "SNOWFLAKE_TOKEN"),
    "databricks": ("DATABRICKS_TOKEN",),
    "bigquery": ("GOOGLE_APPLICATION_CREDENTIALS",),
}
"""Variables that hold what signs a user in, by engine."""


@dataclass(frozen=True)
class EngineAddress:
    """Where an engine is. ``parts`` are those of the path, ``options`` what stands behind the question mark."""

    engine: str
    host: str = ""
    port: int | None = None
    user: str | None = None
    parts: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """The address without user and options, for messages."""
        place = "/".join((self.host if self.port is None else f"{self.host}:{self.port}", *self.parts))
        return f"{self.engine}://{place}"


def address_of(url: str) -> EngineAddress:
    """The address that a text names. Raises :class:`InputError`; no message repeats what stands before an ``@``."""
    scheme, found, _ = url.partition("://")
    kind = KINDS.get(scheme)
    if not found or kind is None:
        named = "?" if "@" in scheme else scheme
        raise InputError([Issue(FIELD, "engine_unknown", {"value": named[:40], "known": ", ".join(_examples())})])
    wrong = InputError([Issue(FIELD, "engine_address", {"engine": scheme, "example": kind.example})])
    if scheme == "spark":
        return _spark(url.removeprefix("spark://"), wrong)
    try:
        split = urlsplit(url)
        port, host = split.port, split.hostname or ""
    except ValueError:
        raise wrong from None
    if split.password is not None:
        raise InputError([Issue(FIELD, "engine_secret_in_address", {"variables": ", ".join(SECRETS.get(scheme, ()))})])
    options = dict(parse_qsl(split.query, keep_blank_values=True))
    parts = _parts(split) if scheme != "duckdb" else (unquote(f"{split.netloc}{split.path}"),)
    if kind.needs_host != bool(host) and scheme != "duckdb":
        raise wrong
    if not kind.fewest_parts <= len(parts) <= kind.most_parts or not all(parts) or {*options} - {*kind.options}:
        raise wrong
    user = None if split.username is None else unquote(split.username)
    return EngineAddress(scheme, "" if scheme == "duckdb" else host, port, user, parts, options)


def _spark(place: str, wrong: InputError) -> EngineAddress:
    """``local``, ``local[4]``, the host and port of a cluster, or nothing: what the surroundings configure."""
    if not place or LOCAL_SPARK.fullmatch(place):
        return EngineAddress("spark", place)
    host, found, port = place.partition(":")
    if not found or not re.fullmatch(r"[\w.-]+", host) or not re.fullmatch(r"\d{1,5}", port):
        raise wrong
    return EngineAddress("spark", host, int(port))


def _parts(split: SplitResult) -> tuple[str, ...]:
    path = split.path.strip("/")
    return tuple(unquote(part) for part in path.split("/")) if path else ()


def _examples() -> Sequence[str]:
    return [kind.example for kind in KINDS.values()]
