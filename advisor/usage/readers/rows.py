"""What a reader of one format is made of: its fields, how it is recognised, and cells cast so that nothing is guessed.

Everything here is an Ibis expression on a table whose columns are named after the fields of a format. A cell that is
not empty and cannot be read makes its row faulty, by a reason; an empty cell is *not known*.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

MOST = 10.0**12
"""Tokens, requests or money of one row. More is a slip of columns."""
FIRST_YEAR, LAST_YEAR = 2000, 2100
NOTHING = ("", "null", "NULL", "None", "\\N")
"""Texts that programs write for no value."""
PLAIN_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
COUNT_IN_GROUPS = r"^[+-]?\d{1,3}(,\d{3})+$"
AMOUNT_IN_GROUPS = r"^[+-]?\d{1,3}(,\d{3}){2,}(\.\d+)?$|^[+-]?\d{1,3}(,\d{3})+\.\d+$"
"""Groups of thousands that can be nothing else: 1,250 requests, but not 1,250 of a currency."""
REASONS = (
    "line_unreadable",
    "other_kind",
    "no_time",
    "time_unreadable",
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


def plain(name: str) -> str:
    """A name of a column or place as it is compared: ``Usage Date (UTC)`` is ``usage_date_utc``."""
    return re.sub(r"\W+", "_", name.strip().casefold()).strip("_")


def known(*sets: str) -> tuple[frozenset[str], ...]:
    """Sets of places, each given as one text with blanks between."""
    return tuple(frozenset(each.split()) for each in sets)


class Row:
    """The cells of a table by the names of fields. Keeps what makes a row faulty, in the order of ``REASONS``."""

    def __init__(self, table: Any, zone: str | None = None) -> None:
        self.table, self.zone = table, zone
        self.faults: list[tuple[str, Any]] = []

    def has(self, name: str) -> bool:
        return name in self.table.columns

    def fault(self, reason: str, condition: Any) -> None:
        """Rows in which ``condition`` holds are left out."""
        self.faults.append((reason, condition))

    def text(self, name: str) -> Any:
        """Text without blanks around it; null where it is empty."""
        import ibis

        if not self.has(name):
            return ibis.null("string")
        cell = self.table[name]
        if not cell.type().is_string():
            return cell.cast("string")
        stripped = cell.strip()
        return ibis.ifelse(stripped.isin(NOTHING), ibis.null("string"), stripped)

    def whole(self, name: str) -> Any:
        """A count: a whole number from 0."""
        import ibis

        if not self.has(name):
            return ibis.null("int64")
        cell = self.table[name]
        if cell.type().is_integer():
            found = cell.try_cast("int64")
            self._within(found)
            return found
        number, is_given = self._number(name, COUNT_IN_GROUPS)
        is_whole = _is_finite(number) & (number == number.floor())
        self.fault("number_unreadable", is_given & ~is_whole.fill_null(False))
        self._within(number)
        return ibis.ifelse(is_whole & (number.abs() <= MOST), number, ibis.null("float64")).cast("int64")

    def number(self, name: str, *, signed: bool = False) -> Any:
        """A finite number; from 0 unless ``signed``."""
        import ibis

        if not self.has(name):
            return ibis.null("float64")
        number, is_given = self._number(name)
        self.fault("number_unreadable", is_given & ~_is_finite(number).fill_null(False))
        self._within(number, signed)
        return number

    def _number(self, name: str, groups: str = AMOUNT_IN_GROUPS) -> tuple[Any, Any]:
        """The cell as a number, groups of thousands taken out where they can be nothing else; whether one is given."""
        cell = self.table[name]
        if not cell.type().is_string():
            return cell.try_cast("float64"), cell.notnull()
        text = self.text(name)
        grouped = text.re_search(groups)
        bare = text.re_search(PLAIN_NUMBER).ifelse(text, grouped.ifelse(text.replace(",", ""), None))
        return bare.try_cast("float64"), text.notnull()

    def _within(self, number: Any, signed: bool = False) -> None:
        if not signed:
            self.fault("negative", number < 0)
        self.fault("too_large", number.abs() > MOST)

    def flag(self, name: str) -> Any:
        """True or false; null where neither is said."""
        if self.has(name) and self.table[name].type().is_boolean():
            return self.table[name]
        word = self.text(name).lower()
        return word.isin(["true", "t", "1", "yes"]).ifelse(
            True, word.isin(["false", "f", "0", "no"]).ifelse(False, None)
        )

    def time(self, name: str) -> Any:
        """A moment in UTC; must be there."""
        found = self.moment(name)
        is_given = self.text(name).notnull()
        self.fault("no_time", ~is_given)
        self.fault("time_unreadable", is_given & found.isnull())
        return found

    def moment(self, name: str) -> Any:
        """A moment in UTC: ISO 8601, 2026/9/1, or seconds, ms, us or ns since 1970; null where it cannot be read."""
        import ibis

        if not self.has(name):
            return ibis.null("timestamp")
        cell = self.table[name]
        kind = cell.type()
        if kind.is_numeric():
            found = _since_1970(cell.try_cast("float64"))
        elif kind.is_date() or (kind.is_timestamp() and self.zone is None):
            found = cell.cast("timestamp")
        else:
            found = _moment_of_text(self.text(name), self.zone)
        in_range = (found >= ibis.timestamp(f"{FIRST_YEAR}-01-01")) & (found < ibis.timestamp(f"{LAST_YEAR}-01-01"))
        return ibis.ifelse(in_range, found, ibis.null("timestamp"))

    def seconds_since_1970(self, name: str) -> Any:
        """A moment as seconds, to a microsecond or better, for durations."""
        import ibis

        if not self.has(name):
            return ibis.null("float64")
        number = self.table[name].try_cast("float64")
        moment = self.moment(name)
        whole = moment.epoch_seconds().cast("int64").cast("float64")
        of_time = whole.floor() + (moment.microsecond() % 1_000_000) / 1e6
        return number.notnull().ifelse(number / _per_second(number), of_time)


def _is_finite(number: Any) -> Any:
    return ~(number.isnan() | number.isinf())


def _per_second(number: Any) -> Any:
    """How many of its unit a second has: moments since 1970 in seconds, ms, us and ns differ by their size."""
    import ibis

    return ibis.cases((number < 1e11, 1.0), (number < 1e14, 1e3), (number < 1e17, 1e6), else_=1e9)


def _since_1970(number: Any) -> Any:
    import ibis

    milliseconds = number / _per_second(number) * 1000
    sane = _is_finite(milliseconds) & milliseconds.between(0, 5e12)
    return (
        ibis.ifelse(sane, milliseconds, ibis.null("float64")).round().cast("int64").as_timestamp("ms").cast("timestamp")
    )


def _moment_of_text(text: Any, zone: str | None) -> Any:
    """Text that names no zone is UTC, or in ``zone``."""
    iso = text.re_replace(r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})", r"\1-\2-\3")
    iso = iso.re_search(r"^\d{4}-\d{1,2}-\d{1,2}").ifelse(iso, None)
    if zone is not None:
        is_local = iso.re_search(r"^\d{4}-\d{1,2}-\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?)?$")
        iso = is_local.ifelse(iso + f" {zone}", iso)
    number = text.re_search(r"^\d{9,19}(\.\d+)?$").ifelse(text, None).try_cast("float64")
    return iso.try_cast("timestamp('UTC')").cast("timestamp").coalesce(_since_1970(number))


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


def hashed_with(salt: str) -> Callable[[Any], Any]:
    """A function of text expressions: a key as 16 hexadecimal digits that nobody can turn back without the salt."""
    import ibis
    import pyarrow as pa

    def hashes(keys: Any) -> Any:
        coded = keys.combine_chunks() if isinstance(keys, pa.ChunkedArray) else keys
        coded = coded.dictionary_encode()
        return pa.array([_hash(key, salt) for key in coded.dictionary.to_pylist()], pa.string()).take(coded.indices)

    hashes.__name__ = "salted_hash"
    wrapped: Callable[[Any], Any] = ibis.udf.scalar.pyarrow(hashes, signature=(("string",), "string"))
    return wrapped


def _hash(key: str | None, salt: str) -> str | None:
    from hashlib import blake2b

    return None if key is None else blake2b(f"{salt}\0{key}".encode(), digest_size=8).hexdigest()


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
    found = [
        ibis.cases(
            (total.isnull() | fits[first], sums[first][k]),
            *((fits[key], sums[key][k]) for key in others),
            else_=sums[first][k],
        )
        for k in (0, 1)
    ]
    by_total = ~fits[first] & ibis.or_(*(fits[key] for key in others))
    unlike = ~ibis.or_(*fits.values())
    return Settled(found[0], found[1], by_total.fill_null(False), unlike.fill_null(False))
