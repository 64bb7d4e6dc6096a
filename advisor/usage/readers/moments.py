"""Moments out of cells: ISO 8601, numbers since 1970, and dates whose order of day and month the file decides.

What could be two moments is none: 10/1/2026 without an order, and CST, which is a time of China, Cuba and Chicago.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

DateOrder = Literal["day_first", "month_first"]
DATE_ORDERS: tuple[DateOrder, ...] = ("day_first", "month_first")
_CLOCK = r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?"
_HALF = r"\s*[AaPp]\.?[Mm]\.?"
_ZONE = r"\s?([Zz]|UTC|GMT|[+-]\d{2}(:?\d{2})?|[A-Za-z_]+/[A-Za-z_/+-]+)"
_ISO = rf"^\d{{4}}-\d{{1,2}}-\d{{1,2}}([T ]{_CLOCK}({_ZONE})?)?$"
_PLAIN = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?Z?$"
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


def as_moment(cell: Any, zone: str | None, order: str | None, time: EngineTime = USUAL_TIME) -> Any:
    """A moment in UTC, null where there is none. Text that names no zone is UTC, or in ``zone``."""
    kind = cell.type()
    if kind.is_numeric():
        return since_1970(cell.try_cast("float64"), time)
    if kind.is_date() or (kind.is_timestamp() and zone is None):
        return cell.cast("timestamp")
    return _of_text(cell.cast("string"), zone, order, time)


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


def _of_text(text: Any, zone: str | None, order: str | None, time: EngineTime) -> Any:
    """The plainest spelling first, which most logs have."""
    if zone is not None:
        return _of_any_text(text, zone, order, time)
    fast = time.of_plain_text(text)
    others = fast.isnull().ifelse(text, None)  # the database would work out parts of what follows for every row
    return fast.coalesce(_of_any_text(others, zone, order, time))


def _of_any_text(text: Any, zone: str | None, order: str | None, time: EngineTime) -> Any:
    iso = text.re_replace(r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})", r"\1-\2-\3")
    if order is not None:
        iso = text.re_search(_YEAR_LAST).ifelse(_year_first(text, order), iso)
    if zone is not None:
        clock = iso.re_search(r"^\d{4}-\d{1,2}-\d{1,2}$").ifelse(" 00:00:00", "")
        iso = iso.re_search(_LOCAL).ifelse(iso + clock + f" {zone}", iso)
    iso = iso.re_search(_ISO).ifelse(iso, None)
    tidied = iso.re_replace(r",(\d+)", r".\1").re_replace(r"(:\d{2}(?:\.\d+)?) ([+-])", r"\1\2")
    iso = (iso.contains(",") | iso.contains(" +") | iso.contains(" -")).ifelse(tidied, iso)
    number = text.re_search(r"^\d{9,19}(\.\d+)?$").ifelse(text, None).try_cast("float64")
    return iso.try_cast("timestamp('UTC')").cast("timestamp").coalesce(since_1970(number, time))


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
