"""Moments as DuckDB reads them fastest: by a format where the shape of a text tells one, and not by a pattern."""

from typing import Any

from advisor.usage.readers.moments import EngineTime

WHOLE, LONGEST = len("2026-10-01 10:00:00"), len("2026-10-01 10:00:00.123456")
ZONE = "Z"


def _function(name: str, kinds: tuple[str, ...], result: str) -> Any:
    import ibis

    def of_one(first: Any) -> Any: ...
    def of_two(first: Any, second: Any) -> Any: ...

    return ibis.udf.scalar.builtin(name=name, signature=(kinds, result))(of_one if len(kinds) == 1 else of_two)


def _seconds(moment: Any) -> Any:
    return _function("epoch_us", ("timestamp",), "int64")(moment) / 1e6


def _of_plain_text(text: Any) -> Any:
    """A format is strict, and what it does not fit costs most: so each text is tried by the one of its own shape.

    It takes blanks around and one digit for two, which the length and the place of the point rule out.
    """
    import ibis

    by_format = _function("try_strptime", ("string", "string"), "timestamp")
    nothing = ibis.null("timestamp")
    length, is_split = text.length(), (text.find(".") == WHOLE) & ~text.contains("+")

    def shaped(between: str) -> Any:
        day = f"%Y-%m-%d{between}%H:%M:%S"
        in_utc = ibis.cases(
            (length == WHOLE + 1, by_format(text, f"{day}{ZONE}")),
            (is_split & (length <= LONGEST + 1), by_format(text, f"{day}.%f{ZONE}")),
            else_=nothing,
        )
        return ibis.cases(
            (length == WHOLE, by_format(text, day)),
            (text.endswith(ZONE), in_utc),
            (is_split & (length <= LONGEST), by_format(text, f"{day}.%f")),
            else_=nothing,
        )

    has_blanks = text.startswith(" ") | text.endswith(" ") | text.contains("  ")
    with_blank = has_blanks.ifelse(nothing, shaped(" "))
    return text.contains("T").ifelse(text.contains(" ").ifelse(nothing, shaped("T")), with_blank)


DUCKDB_TIME = EngineTime(seconds_of=_seconds, of_plain_text=_of_plain_text)
