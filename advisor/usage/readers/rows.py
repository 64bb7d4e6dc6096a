"""What a reader of one format is made of: its fields, how it is recognised, and cells cast so that nothing is guessed.

Everything here is an Ibis expression on a table whose columns are named after the fields of a format. A cell that is
not empty and cannot be read makes its row faulty, by a reason; an empty cell is *not known*.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from advisor.usage.readers.decimals import COMMA_NUMBER, DecimalMark
from advisor.usage.readers.moments import USUAL_TIME, DateOrder, EngineTime, is_year_last, per_second, with_moments

MOST = 10.0**12
"""Tokens, requests or money of one row. More is a slip of columns."""
FIRST_YEAR, LAST_YEAR = 2000, 2100
NOTHING = ("", "null", "NULL", "None", "\\N")
"""Texts that programs write for no value."""
FIRST_SIGN = "!"
"""The first character that is no blank."""
PLAIN_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
COUNT_IN_GROUPS = r"^[+-]?\d{1,3}(,\d{3})+$"
ONE_OR_A_THOUSAND = r"^[+-]?[1-9]\d{0,2}\.000$"
AMOUNT_IN_GROUPS = r"^[+-]?\d{1,3}(,\d{3}){2,}(\.\d+)?$|^[+-]?\d{1,3}(,\d{3})+\.\d+$"
"""Groups of thousands that can be nothing else: 1,250 requests, but not 1,250 of a currency."""
REASONS = (
    "line_unreadable",
    "other_kind",
    "no_time",
    "time_unreadable",
    "date_order",
    "number_unreadable",
    "negative",
    "too_large",
    "no_tokens",
    "no_cost",
    "parts_above_total",
    "category_unknown",
)
"""Why a row is left out (words: ``usage.rejected.<reason>``); of several reasons of a row the first counts."""
Columns = Mapping[str, Any]
"""Canonical columns by name, as expressions; what is missing is not known."""


@dataclass(frozen=True)
class UsageFormat:
    """One format of log or bill.

    ``fields`` names what is read: each field with the places it may stand in, as ``column`` or ``key/inner key``; a
    key that ends in ``!`` may hold JSON as text. Nothing else of a file is read. ``known_by`` are sets of places, in
    the spelling of :func:`plain`, of which one must be there in full. ``rows_of`` takes a nested object apart into flat
    ones; ``nested`` says of which objects. With ``one_by_one`` every file is taken apart so, of whatever kind.
    """

    id: str
    table: Literal["usage", "bill"]
    fields: Mapping[str, tuple[str, ...]]
    known_by: tuple[frozenset[str], ...]
    read: "Callable[[Row], Columns]"
    nested: Callable[[Mapping[str, Any]], bool] | None = None
    rows_of: Callable[[Mapping[str, Any]], Iterator[Mapping[str, Any]]] | None = None
    one_by_one: bool = False
    needs: frozenset[str] = field(default_factory=frozenset)
    """Fields that the reader of a mapping file says must be there as columns."""
    date_order: DateOrder | None = None
    """Which of two numbers is the day in a date that ends in its year; ``None`` where nobody said."""
    decimal: DecimalMark | None = None
    """What stands before the cents in a table; ``None`` where nobody said, and then it is a point."""


def plain(name: str) -> str:
    """A name of a column or place as it is compared: ``Usage Date (UTC)`` is ``usage_date_utc``."""
    return re.sub(r"\W+", "_", name.strip().casefold()).strip("_")


def known(*sets: str) -> tuple[frozenset[str], ...]:
    """Sets of places, each given as one text with blanks between."""
    return tuple(frozenset(each.split()) for each in sets)


class Row:
    """The cells of a table by the names of fields, cast.

    A reader is run twice: first to hear which cells it asks for as what, then on a table in which they stand cast and
    checked (:func:`parsed`), so that no expression repeats the casting of another.
    """

    def __init__(
        self,
        cells: Any,
        ready: Any = None,
        date_order: DateOrder | None = None,
        decimal: DecimalMark | None = None,
        engine_time: EngineTime = USUAL_TIME,
    ) -> None:
        self.cells, self.ready, self.date_order, self.decimal = cells, ready, date_order, decimal
        self.engine_time = engine_time
        self.zone: str | None = None
        self.asked: dict[str, tuple[str, str]] = {}
        self.faults: list[tuple[str, Any]] = []

    def has(self, name: str) -> bool:
        return name in self.cells.columns

    def fault(self, reason: str, condition: Any) -> None:
        """Rows in which ``condition`` holds are left out."""
        self.faults.append((reason, condition))

    def text(self, name: str) -> Any:
        """Text without blanks around it; null where it is empty."""
        return self._cell("text", name, "string")

    def whole(self, name: str) -> Any:
        """A count: a whole number from 0."""
        return self._cell("whole", name, "int64")

    def number(self, name: str, *, signed: bool = False) -> Any:
        """A finite number; from 0 unless ``signed``."""
        return self._cell("signed" if signed else "number", name, "float64")

    def flag(self, name: str) -> Any:
        """True or false; null where neither is said."""
        return self._cell("flag", name, "boolean")

    def time(self, name: str) -> Any:
        """A moment in UTC, which must be there: ISO 8601, 2026/9/1, or seconds, ms, us or ns since 1970; with
        ``date_order`` also 9/1/2026."""
        return self._cell("time", name, "timestamp")

    def seconds_since_1970(self, name: str) -> Any:
        """A moment as seconds, for durations."""
        return self._cell("seconds", name, "float64")

    def _cell(self, kind: str, name: str, type_: str) -> Any:
        import ibis

        key = f"{name}__{kind}"
        self.asked[key] = (kind, name)
        if self.ready is None or key not in self.ready.columns:
            return ibis.coalesce(ibis.null(type_), ibis.null(type_))  # a bare null would turn == into "is null"
        return self.ready[key]


def parsed(row: Row) -> tuple[Any, list[str]]:
    """The table with every cell that was asked for, and the names of the columns that say what is wrong with them."""
    cells, asked = _stripped(row.cells), row.asked
    here = {key: (kind, name) for key, (kind, name) in asked.items() if row.has(name)}
    needs = {(_MADE_FROM[kind], name) for kind, name in here.values() if kind in _MADE_FROM}
    numbers = {f"{name}__{made}": _MAKE[made](cells[name], row) for made, name in sorted(needs) if made in _MAKE}
    moments = sorted(name for made, name in needs if made == "moment")
    staged = with_moments(cells.mutate(**numbers), moments, row.zone, row.date_order, row.engine_time)
    columns, faults = {}, {}
    for key, (kind, name) in here.items():
        columns[key], fault = _PARSE[kind](staged, name, row)
        if fault is not None:
            faults[f"{key}__fault"] = fault
    for key, (kind, _) in asked.items():
        if kind == "time" and key not in here:
            faults[f"{key}__fault"] = _literal("no_time")
    return staged.mutate(**columns, **faults), [*faults]


def _literal(value: str) -> Any:
    import ibis

    return ibis.literal(value)


def _stripped(table: Any) -> Any:
    if "_native" in table.columns:  # written by a program that has a value for nothing
        return table
    texts = [name for name in table.columns if name != "_file" and table[name].type().is_string()]
    return table.mutate(**{name: _without_nothing(table[name]) for name in texts})


def _without_nothing(cell: Any) -> Any:
    """The text without blanks around it, null where it is nothing; few cells have any, and taking them off is slow."""
    import ibis

    text = ibis.ifelse((cell < FIRST_SIGN) | (cell.right(1) < FIRST_SIGN), cell.strip(), cell)
    for word in NOTHING:
        text = text.nullif(word)
    return text


def one_of(value: Any, words: Iterable[str]) -> Any:
    """Whether a text is one of these. A list after IN would make DuckDB join every row of the file with it."""
    import ibis

    return ibis.or_(*(value == word for word in words))


def _as_count(cell: Any, decimal: DecimalMark | None) -> Any:
    """The cell as a number, unless it could be one or a thousand, as 1.000 could."""
    if decimal == "comma" or not cell.type().is_string():
        return _as_number(cell, COUNT_IN_GROUPS, decimal)
    digits = cell.try_cast("int64")
    is_plain = digits.cast("string") == cell  # most cells, and no pattern is as fast
    slow = _as_number(cell.re_search(ONE_OR_A_THOUSAND).ifelse("", cell), COUNT_IN_GROUPS, decimal)
    return is_plain.fill_null(False).ifelse(digits.cast("float64"), slow)


def _as_number(cell: Any, groups: str, decimal: DecimalMark | None) -> Any:
    """The cell as a number, groups of thousands taken out where they can be nothing else."""
    if not cell.type().is_string():
        return cell.try_cast("float64")
    if decimal == "comma":
        with_point = cell.replace(".", "").replace(",", ".")
        return cell.re_search(COMMA_NUMBER).ifelse(with_point, None).try_cast("float64")
    grouped = cell.re_search(groups).ifelse(cell.replace(",", ""), None)
    return cell.re_search(PLAIN_NUMBER).ifelse(cell, grouped).try_cast("float64")


def _fault_of_number(cell: Any, number: Any, is_usual: Any, is_sane: Any, signed: bool) -> Any:
    """The reason for which a number is refused, or null. Most are as usual, and the rest is worked out for others."""
    import ibis

    return ibis.cases(
        (cell.isnull() | is_usual.fill_null(False), ibis.null("string")),
        (~is_sane.fill_null(False), "number_unreadable"),
        ((number < 0) & (not signed), "negative"),
        (number.abs() > MOST, "too_large"),
        else_=ibis.null("string"),
    )


def _whole(table: Any, name: str) -> tuple[Any, Any]:
    import ibis

    if table[name].type().is_integer():
        count = table[name].try_cast("int64")
        reason = ibis.cases((count < 0, "negative"), (count > int(MOST), "too_large"), else_=ibis.null("string"))
        return count, reason
    number = table[f"{name}__count"]
    is_whole = number == number.try_cast("int64").cast("float64")
    is_sane = is_whole & (number.abs() <= MOST)  # which holds for no infinity, and nothing that is no number
    count = ibis.ifelse(is_sane, number, ibis.null("float64")).try_cast("int64")
    fault = _fault_of_number(table[name], number, is_sane & (number >= 0), _is_finite(number) & is_whole, False)
    return count, fault


def _amount(table: Any, name: str, signed: bool) -> tuple[Any, Any]:
    import ibis

    number = table[f"{name}__amount"]
    is_sane = number.abs() <= MOST
    sane = ibis.ifelse(is_sane, number, ibis.null("float64"))
    is_usual = is_sane if signed else is_sane & (number >= 0)
    return sane, _fault_of_number(table[name], number, is_usual, _is_finite(number), signed)


def _text(table: Any, name: str) -> tuple[Any, None]:
    return table[name].cast("string"), None


def _flag(table: Any, name: str) -> tuple[Any, None]:
    import ibis

    if table[name].type().is_boolean():
        return table[name], None
    word = table[name].cast("string").lower()
    said = ((one_of(word, ("true", "t", "1", "yes")), True), (one_of(word, ("false", "f", "0", "no")), False))
    return ibis.cases(*said, else_=ibis.null("boolean")), None


def _in_range(moment: Any) -> Any:
    import ibis

    return (moment >= ibis.timestamp(f"{FIRST_YEAR}-01-01")) & (moment < ibis.timestamp(f"{LAST_YEAR}-01-01"))


def _time(table: Any, name: str) -> tuple[Any, Any]:
    import ibis

    moment = table[f"{name}__moment"]
    is_text = table[name].type().is_string()
    unordered = [is_year_last(moment.isnull().ifelse(table[name], None))] if is_text else []
    reason = ibis.cases(
        (table[name].isnull(), "no_time"),
        *((is_unordered, "date_order") for is_unordered in unordered),
        (~_in_range(moment).fill_null(False), "time_unreadable"),
        else_=ibis.null("string"),
    )
    return ibis.ifelse(_in_range(moment), moment, ibis.null("timestamp")), reason


def _seconds(table: Any, name: str, row: Row) -> tuple[Any, None]:
    """To a microsecond where the cell is text; as exact as a number is."""
    import ibis

    moment, kind = table[f"{name}__moment"], table[name].type()
    exact = row.engine_time.seconds_of(moment)
    if not kind.is_temporal():
        number = table[f"{name}__digits"] if kind.is_string() else table[name].try_cast("float64")
        exact = number.notnull().ifelse(number / per_second(number), exact)
    return ibis.ifelse(_in_range(moment), exact, ibis.null("float64")), None


_MADE_FROM = {
    **{"whole": "count", "number": "amount", "signed": "amount"},
    **{"time": "moment", "seconds": "moment"},
}
_MAKE: Mapping[str, Callable[[Any, Row], Any]] = {
    "count": lambda cell, row: _as_count(cell, row.decimal),
    "amount": lambda cell, row: _as_number(cell, AMOUNT_IN_GROUPS, row.decimal),
}
_PARSE: Mapping[str, Callable[[Any, str, Row], tuple[Any, Any]]] = {
    "text": lambda table, name, _: _text(table, name),
    "whole": lambda table, name, _: _whole(table, name),
    "number": lambda table, name, _: _amount(table, name, False),
    "signed": lambda table, name, _: _amount(table, name, True),
    "flag": lambda table, name, _: _flag(table, name),
    "time": lambda table, name, _: _time(table, name),
    "seconds": _seconds,
}


def _is_finite(number: Any) -> Any:
    return number.notnull() & ~(number.isnan() | number.isinf())  # to Spark, what is not known is no infinity


def sum_of(*parts: Any) -> Any:
    """The sum of counts of which the first must be known; what is not reported counts as none."""
    first, *others = parts
    for part in others:
        first = first + part.fill_null(0)
    return first


def either(*values: Any) -> Any:
    """The sum of what is known; null where nothing is."""
    import ibis

    known_parts = ibis.or_(*(value.notnull() for value in values))
    total = values[0].fill_null(0)
    for value in values[1:]:
        total = total + value.fill_null(0)
    return known_parts.ifelse(total, None)


@dataclass(frozen=True)
class Settled:
    """Input with its cached tokens, output with its reasoning; ``by_total`` where the row's total decided otherwise
    than the format says, ``unlike`` where its total is none of the sums that it could be."""

    input: Any
    output: Any
    by_total: Any
    unlike: Any


def settled(
    given: Any,
    cached: Iterable[Any],
    answer: Any,
    reasoning: Any,
    total: Any,
    *,
    cache_inside: bool,
    reasoning_inside: bool,
) -> Settled:
    """Whether cached tokens are part of the input and reasoning part of the output, row by row.

    ``cache_inside`` and ``reasoning_inside`` are what the format says. Where the row states a total, and it is the sum
    of another reading, that reading is taken.
    """
    import ibis

    beside = sum_of(ibis.literal(0), *cached)
    thought = reasoning.fill_null(0)
    readings = [(cache_inside, reasoning_inside), (True, True), (False, False), (not cache_inside, reasoning_inside)]
    readings += [(cache_inside, not reasoning_inside)]
    sums = {
        (inside, within): (given if inside else given + beside, answer if within else answer + thought)
        for inside, within in readings
    }
    first = readings[0]
    fits = {key: (pair[0].fill_null(0) + pair[1].fill_null(0)) == total for key, pair in sums.items()}
    others = [key for key in dict.fromkeys(readings) if key != first]
    is_plain = total.isnull() | fits[first]
    found = [
        ibis.cases(
            (is_plain, sums[first][k]),
            *((fits[key], sums[key][k]) for key in others),
            else_=sums[first][k],
        )
        for k in (0, 1)
    ]
    fits_other = ibis.or_(*(fits[key] for key in others))  # asked of few rows, and not worked out for the rest
    by_total, unlike = is_plain.ifelse(False, fits_other), is_plain.ifelse(False, ~fits_other)
    return Settled(found[0], found[1], by_total.fill_null(False), unlike.fill_null(False))
