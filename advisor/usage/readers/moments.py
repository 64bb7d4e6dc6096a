"""Moments out of cells: ISO 8601, numbers since 1970, and dates whose order of day and month the file decides.

What could be two moments is none: 10/1/2026 without an order, and CST, which is a time of China, Cuba and Chicago.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

DateOrder = Literal["day_first", "month_first"]
DATE_ORDERS: tuple[DateOrder, ...] = ("day_first", "month_first")
_CLOCK = r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?"
_HALF = r"\s*[AaPp]\.?[Mm]\.?"
_ZONE = r"\s?([Zz]|UTC|GMT|[+-]\d{2}(:?\d{2})?|[A-Za-z_]+/[A-Za-z_/+-]+)"
_ISO = rf"^\d{{4}}-\d{{1,2}}-\d{{1,2}}([T ]{_CLOCK}({_ZONE})?)?$"
_PLAIN = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?Z?$"
_DIGITS = r"^\d{9,19}(\.\d+)?$"
_LOCAL = rf"^\d{{4}}-\d{{1,2}}-\d{{1,2}}([T ]{_CLOCK})?$"
_YEAR_LAST = rf"^(\d{{1,2}})[/.-](\d{{1,2}})[/.-](\d{{4}})(,?[T ]\s*{_CLOCK}({_HALF})?({_ZONE})?)?$"


def _seconds(moment: Any) -> Any:
    return moment.truncate("s").epoch_seconds().cast("float64") + (moment.microsecond() % 1_000_000) / 1e6


def _of_milliseconds(number: Any) -> Any:
    return number.as_timestamp("ms").cast("timestamp")


def _of_plain_text(text: Any) -> Any:
    return text.re_search(_PLAIN).ifelse(text, None).try_cast("timestamp")


@dataclass(frozen=True)
class EngineTime:
    """How an engine tells a moment in seconds since 1970, to a microsecond, and makes one of whole milliseconds or of
    text in the plainest spelling, ``2026-10-01 10:00:00``, with ``T``, a fraction or ``Z``; other text gives null."""

    seconds_of: Callable[[Any], Any] = _seconds
    of_milliseconds: Callable[[Any], Any] = _of_milliseconds
    of_plain_text: Callable[[Any], Any] = _of_plain_text


USUAL_TIME = EngineTime()
"""As Ibis has it for most engines."""


def with_moments(
    table: Any, names: Sequence[str], zone: str | None, order: str | None, time: EngineTime = USUAL_TIME
) -> Any:
    """The table with a moment in UTC for each of these columns, ``<name>__moment``, null where there is none.

    Text that names no zone is UTC, or in ``zone``. Each step is a column of its own: what stands within another
    expression is written, and planned, as often as it is used there.
    """
    texts = [name for name in names if _is_read_as_text(table[name].type(), zone)]
    table = table.mutate(**{f"{n}__moment": _of_value(table[n], time) for n in names if n not in texts})
    return _with_moments_of_texts(table, texts, zone, order, time) if texts else table


def _is_read_as_text(kind: Any, zone: str | None) -> bool:
    return not (kind.is_numeric() or kind.is_date() or (kind.is_timestamp() and zone is None))


def _of_value(cell: Any, time: EngineTime) -> Any:
    return since_1970(cell.try_cast("float64"), time) if cell.type().is_numeric() else cell.cast("timestamp")


def is_year_last(cell: Any) -> Any:
    return cell.re_search(_YEAR_LAST)


def day_and_month(cell: Any) -> tuple[Any, Any]:
    """The first two numbers of a date that ends in its year; null in any other cell."""
    first, second = (cell.re_extract(_YEAR_LAST, k).nullif("").try_cast("int64") for k in (1, 2))
    return first, second


def per_second(number: Any) -> Any:
    """How many of its unit a second has: moments since 1970 in seconds, ms, us and ns differ by their size."""
    import ibis

    return ibis.cases((number < 1e11, 1.0), (number < 1e14, 1e3), (number < 1e17, 1e6), else_=1e9)


def since_1970(number: Any, time: EngineTime) -> Any:
    import ibis

    milliseconds = number / per_second(number) * 1000
    sane = ~(milliseconds.isnan() | milliseconds.isinf()) & milliseconds.between(0, 5e12)
    return time.of_milliseconds(ibis.ifelse(sane, milliseconds, ibis.null("float64")).round().try_cast("int64"))


def _with_moments_of_texts(
    table: Any, names: Sequence[str], zone: str | None, order: str | None, time: EngineTime
) -> Any:
    """The plainest spelling first, which most logs have; the steps after it see no cell that it read."""

    def step(to: str, made: Callable[[Any, str], Any]) -> None:
        nonlocal table
        table = table.mutate(**{f"{name}__{to}": made(table, name) for name in names})

    if zone is None:
        step("plain", lambda t, n: time.of_plain_text(t[n].cast("string")))
        step("rest", lambda t, n: t[f"{n}__plain"].isnull().ifelse(t[n].cast("string"), None))
    else:
        step("rest", lambda t, n: t[n].cast("string"))
    step("digits", lambda t, n: t[f"{n}__rest"].re_search(_DIGITS).ifelse(t[f"{n}__rest"], None).try_cast("float64"))
    step("iso", lambda t, n: _dashed(t[f"{n}__rest"], order))
    if zone is not None:
        step("iso", lambda t, n: _in_zone(t[f"{n}__iso"], zone))
    step("iso", lambda t, n: t[f"{n}__iso"].re_search(_ISO).ifelse(t[f"{n}__iso"], None))
    step("iso", lambda t, n: _tidied(t[f"{n}__iso"]).try_cast("timestamp('UTC')").cast("timestamp"))
    step("moment", lambda t, n: t[f"{n}__iso"].coalesce(since_1970(t[f"{n}__digits"], time)))
    if zone is None:
        step("moment", lambda t, n: t[f"{n}__plain"].coalesce(t[f"{n}__moment"]))
    return table


def _dashed(text: Any, order: str | None) -> Any:
    """A date as ISO 8601 has it."""
    iso = text.re_replace(r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})", r"\1-\2-\3")
    return iso if order is None else text.re_search(_YEAR_LAST).ifelse(_year_first(text, order), iso)


def _in_zone(iso: Any, zone: str) -> Any:
    clock = iso.re_search(r"^\d{4}-\d{1,2}-\d{1,2}$").ifelse(" 00:00:00", "")
    return iso.re_search(_LOCAL).ifelse(iso + clock + f" {zone}", iso)


def _tidied(iso: Any) -> Any:
    """A decimal point, and no blank before an offset."""
    tidied = iso.re_replace(r",(\d+)", r".\1").re_replace(r"(:\d{2}(?:\.\d+)?) ([+-])", r"\1\2")
    return (iso.contains(",") | iso.contains(" +") | iso.contains(" -")).ifelse(tidied, iso)


def _year_first(text: Any, order: str) -> Any:
    """A date that ends in its year as ISO 8601 has it, hours of a half day as those of a day."""
    import ibis

    places = r"\3-\1-\2 \4" if order == "month_first" else r"\3-\2-\1 \4"
    turned = text.re_replace(_YEAR_LAST, places).re_replace(r"(-\d{1,2}) ,?[T ]?\s*", r"\1 ").strip()
    halved = rf"^(\S+ )(\d{{1,2}})(:\S*?){_HALF}"
    hour = turned.re_extract(halved, 2).nullif("").try_cast("int64")
    late = turned.re_search(r"[Pp]\.?[Mm]\.?").ifelse(12, 0)
    of_day = ibis.ifelse(hour.between(1, 12), (hour % 12 + late).cast("string"), "no hour")
    whole = turned.re_extract(halved, 1) + of_day + turned.re_replace(halved, r"\3")
    return hour.notnull().ifelse(whole, turned)
