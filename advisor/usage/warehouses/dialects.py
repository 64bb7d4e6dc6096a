"""The few functions whose names differ between engines and that Ibis has no expression for on all of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from advisor.usage.readers.duckdb_time import DUCKDB_TIME
from advisor.usage.readers.hashing import HASH_DIGITS, before_key
from advisor.usage.readers.moments import USUAL_TIME, EngineTime

MICRO = 1_000_000


@dataclass(frozen=True)
class Dialect:
    """How one engine does what each does by another name.

    ``digest`` hashes a text to hexadecimal digits, ``json_text`` takes a text out of a place within JSON, ``in_utc``
    tells a moment with a zone in UTC, ``time`` turns moments into numbers and back.
    """

    digest: Callable[[Any], Any]
    json_text: Callable[[Any, Sequence[str]], Any]
    in_utc: Callable[[Any], Any]
    time: EngineTime = USUAL_TIME

    def hashed_with(self, salt: str) -> Callable[[Any], Any]:
        """A function of text expressions, which gives the same as ``readers.hashing`` does for files."""
        return lambda key: self.digest(_text(before_key(salt)) + key).lower().left(HASH_DIGITS)


def _text(value: str) -> Any:
    import ibis

    return ibis.literal(value)


def _function(name: str, result: str, *values: Any) -> Any:
    """A function of the engine's own SQL on one value or two."""
    import ibis

    def of_one(first: Any) -> Any: ...
    def of_two(first: Any, second: Any) -> Any: ...

    kinds = tuple(value.type() for value in values)
    builtin = ibis.udf.scalar.builtin(name=name, signature=(kinds, result))
    return builtin(of_one if len(values) == 1 else of_two)(*values)


def _sha2(key: Any) -> Any:
    import ibis

    return _function("sha2", "string", key, ibis.literal(256, type="int32"))


def _sha256_of_trino(key: Any) -> Any:
    return _function("to_hex", "string", _function("sha256", "binary", _function("to_utf8", "binary", key)))


def _sha256_of_bigquery(key: Any) -> Any:
    return _function("TO_HEX", "string", _function("SHA256", "binary", key))


def _json(function: str, place: Callable[[Sequence[str]], str]) -> Callable[[Any, Sequence[str]], Any]:
    return lambda value, keys: _function(function, "string", value, _text(place(keys)))


def _dotted(keys: Sequence[str]) -> str:
    return "".join(f'."{key}"' for key in keys)


def _in_brackets(keys: Sequence[str], quote: str) -> str:
    return "$" + "".join(f"[{quote}{key}{quote}]" for key in keys)


def _json_of_snowflake(value: Any, keys: Sequence[str]) -> Any:
    text = value if value.type().is_string() else _function("TO_JSON", "string", value)
    return _function("JSON_EXTRACT_PATH_TEXT", "string", text, _text(_dotted(keys).removeprefix(".")))


def _by_cast(moment: Any) -> Any:
    """Where the session is in UTC, or a moment knows no other zone."""
    return moment.cast("timestamp('UTC')").cast("timestamp")


def _in_utc_of_trino(moment: Any) -> Any:
    return _function("at_timezone", "timestamp('UTC')", moment, _text("UTC")).cast("timestamp")


def _in_utc_of_snowflake(moment: Any) -> Any:
    return _function("CONVERT_TIMEZONE", "timestamp('UTC')", _text("UTC"), moment).cast("timestamp")


def _by_microseconds(function: str) -> Callable[[Any], Any]:
    def seconds(moment: Any) -> Any:
        micro = _function(function, "int64", moment.cast("timestamp('UTC')"))
        return (micro // MICRO).cast("float64") + (micro % MICRO) / 1e6

    return seconds


def _seconds_of_trino(moment: Any) -> Any:
    return _function("to_unixtime", "float64", moment)


def _by_function(name: str) -> Callable[[Any], Any]:
    return lambda number: _function(name, "timestamp('UTC')", number).cast("timestamp")


_SPARK = Dialect(
    _sha2,
    _json("get_json_object", lambda keys: _in_brackets(keys, "'")),
    _by_cast,
    EngineTime(_by_microseconds("unix_micros"), _by_function("timestamp_millis")),
)
DIALECTS: Mapping[str, Dialect] = {
    "duckdb": Dialect(
        lambda key: _function("sha256", "string", key),
        _json("json_extract_string", lambda keys: "$" + _dotted(keys)),
        _by_cast,
        DUCKDB_TIME,
    ),
    "spark": _SPARK,
    "databricks": _SPARK,
    "trino": Dialect(
        _sha256_of_trino,
        _json("json_extract_scalar", lambda keys: _in_brackets(keys, '"')),
        _in_utc_of_trino,
        EngineTime(_seconds_of_trino),
    ),
    "bigquery": Dialect(
        _sha256_of_bigquery,
        _json("JSON_VALUE", lambda keys: "$" + _dotted(keys)),
        _by_cast,
        EngineTime(_by_microseconds("UNIX_MICROS")),
    ),
    "snowflake": Dialect(_sha2, _json_of_snowflake, _in_utc_of_snowflake),
}
"""By engine, as in ``address.KINDS``."""
