"""Whether a table writes 1,5 or 1.5: told by its own amounts, by its semicolons, or asked; never guessed.

The amount 1.234 alone could be a little more than one or a thousand.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from advisor.core.notices import InputError, Issue, unknown_id
from advisor.usage.files import UsageFile, table_rows
from advisor.usage.readers.decimals import DECIMAL_MARKS, DecimalMark
from advisor.usage.readers.rows import Row, UsageFormat, plain

ENOUGH_ROWS = 5_000
"""Rows that are looked at in any case; without a telling amount in them all others are too."""
CLEAR = 9
"""Of the amounts that tell their mark so many times more have to tell one than the other."""
AMOUNTS, COUNTS = ("number", "signed"), ("whole",)
SEMICOLON = ";"
"""Between cells where the comma is in the numbers."""
_NUMBER = re.compile(r"[+-]?([\d.,]*\d[\d.,]*)([eE][+-]?\d+)?", re.ASCII)
_EITHER = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_IN_DOTS = re.compile(r"\d{1,3}(\.\d{3})+(,\d*)?", re.ASCII)
_IN_COMMAS = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?", re.ASCII)
_THOUSANDTHS = re.compile(r"\d+\.0+", re.ASCII)


@dataclass
class _Told:
    """How many amounts can be read with one mark only, and the first that could be read with both."""

    comma: int = 0
    point: int = 0
    either: str = ""


def chosen_mark(mark: str | None) -> DecimalMark | None:
    """The mark that a user named. Raises :class:`InputError`."""
    found = next((each for each in DECIMAL_MARKS if each == mark), None)
    if mark is not None and found is None:
        raise InputError([unknown_id("--decimal", mark[:40], [], DECIMAL_MARKS)])
    return found


def with_mark(file: UsageFile, form: UsageFormat, chosen: DecimalMark | None) -> UsageFormat:
    """The format with the decimal mark of a file. Raises :class:`InputError` where only its user can know it.

    Only a table has one: JSON and Parquet hold numbers.
    """
    if file.kind != "csv":
        return form
    mark = chosen or form.decimal
    return replace(form, decimal=mark or _of_file(file, form))


def _of_file(file: UsageFile, form: UsageFormat) -> DecimalMark | None:
    """The mark that the amounts of a file tell; ``None`` where none of them has any."""
    told = _Told()
    for number, cells in enumerate(_amounts(file, form)):
        for cell, is_count in cells:
            _hear(cell, is_count, told)
        if number >= ENOUGH_ROWS and told.comma + told.point:
            break
    if told.comma + told.point:
        if told.comma >= CLEAR * told.point:
            return "comma"
        if told.point >= CLEAR * told.comma:
            return "point"
        if not told.either:  # whatever cannot be read so is left out by name
            return "comma" if told.comma > told.point else "point"
    elif not told.either:
        return None
    elif file.delimiter == SEMICOLON:
        return "comma"
    raise InputError([Issue("file", "usage_decimal_mark", {"file": file.name, "value": told.either})])


def _amounts(file: UsageFile, form: UsageFormat) -> Iterator[list[tuple[str, bool]]]:
    """Of every row the cells with amounts, and counts beside them; none where a format reads no amount of the file."""
    kinds = _kinds(form)
    columns = {plain(name): at for at, name in reversed([*enumerate(file.columns)])}
    found = {
        at: kind in COUNTS
        for name, kind in kinds.items()
        for place in form.fields.get(name, ())
        if (at := columns.get(plain(place.replace("!", "")))) is not None
    }
    if all(found.values()):
        return
    try:
        for _, cells in table_rows(file):
            if len(cells) == len(file.columns):
                yield [(cells[at], is_count) for at, is_count in found.items() if "." in cells[at] or "," in cells[at]]
    except InputError:  # an open quote is told where the rows are read
        return


def _kinds(form: UsageFormat) -> dict[str, str]:
    """By field whether the format reads an amount or a count from it."""
    import ibis

    asking = Row(ibis.table(dict.fromkeys(form.fields, "string"), name="asked"))
    form.read(asking)
    return {name: kind for kind, name in asking.asked.values() if kind in (*AMOUNTS, *COUNTS)}


def _hear(cell: str, is_count: bool, told: _Told) -> None:
    found = _NUMBER.fullmatch(cell.strip())
    if found is None:
        return
    digits, exponent = found[1], found[2]
    dots, commas = digits.count("."), digits.count(",")
    if is_count:  # a whole number holds a mark between thousands only
        told.comma += bool(_IN_DOTS.fullmatch(digits)) and not _THOUSANDTHS.fullmatch(digits)
        told.point += bool(_IN_COMMAS.fullmatch(digits))
    elif dots + commas == 1 and _EITHER.fullmatch(digits) and not exponent:
        told.either = told.either or cell.strip()[:40]
    elif dots + commas == 1:
        told.comma += commas
        told.point += dots
    else:
        told.comma += bool(_IN_DOTS.fullmatch(digits))
        told.point += bool(_IN_COMMAS.fullmatch(digits))
