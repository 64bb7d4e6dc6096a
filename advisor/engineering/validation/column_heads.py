"""What columns of a table of runs are called: the usual names, and other heads that people and tools give them."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from advisor.catalog.fields import Positive, Record, Text
from advisor.catalog.reader import build, entries, parse_yaml
from advisor.core.places import DATA

COLUMNS = DATA / "validation" / "column_heads.yaml"
Table = Literal["memory", "fits", "speed", "serving"]
REMEMBERED = 1024
"""Heads, and sets of them, that are remembered: each row of a table has the same."""


@lru_cache(REMEMBERED)
def plain_head(head: str) -> str:
    """A head in lower case without accents, with one _ for what is neither letter nor digit.

    Parameters
    ----------
    head : str

    Returns
    -------
    str
    """
    letters = (c for c in unicodedata.normalize("NFKD", head) if not unicodedata.combining(c))
    return re.sub(r"\W+", "_", "".join(letters).casefold()).strip("_")


def _plain_heads(heads: object) -> object:
    return tuple(map(plain_head, heads)) if isinstance(heads, list) else heads


Heads = Annotated[tuple[str, ...], BeforeValidator(_plain_heads), Field(strict=False)]


class ColumnNumber(Record):
    """What a number in a column can be; a length may be a mean of whole numbers, an amount anything.

    ``or_none``: 0 says that there is none. ``units`` may follow the number, ``told_units`` too, but that reading is
    told; ``larger_in`` is what a larger one is in.
    """

    least: Positive
    most: Positive
    of: Literal["count", "degree", "length", "amount"]
    or_none: bool = False
    units: Mapping[Text, Positive] = Field(default_factory=dict)
    told_units: Mapping[Text, Positive] = Field(default_factory=dict)
    larger_in: tuple[Positive, ...] = Field(default=(), strict=False)


class UsualColumn(Record):
    """A column that is read, and what else may head it; a ``degree`` of parallelism is told in words instead.

    ``beside``: heads of another column that are this one's where that other has a head of its own; ``where``: such as
    are this one's where a certain head stands in the table.
    """

    id: str
    tables: tuple[Table, ...] = Field(strict=False)
    degree: bool = False
    heads: Heads = ()
    beside: Mapping[str, Heads] = Field(default_factory=dict)
    where: Mapping[str, Heads] = Field(default_factory=dict)
    number: ColumnNumber | None = None


@cache
def other_heads(kind: str) -> Mapping[str, tuple[str, ...]]:
    """Other heads of each column that has some, the likeliest column first.

    Parameters
    ----------
    kind : str, of the table: memory, fits, speed or serving

    Returns
    -------
    mapping of str to tuple of str
    """
    return {column.id: column.heads for column in _columns(kind) if column.heads and not column.degree}


@lru_cache(REMEMBERED)
def heads_in(kind: str, here: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
    """Heads of a table that stand for each column: "batch size" beside that of a card is the global one.

    Parameters
    ----------
    kind : str, of the table: memory, fits, speed or serving
    here : frozenset of str, heads of the table

    Returns
    -------
    mapping of str to tuple of str
    """
    found = dict(other_heads(kind))
    for column in _columns(kind):
        for heads in (heads for head, heads in column.where.items() if head in here):
            found = {name: tuple(head for head in others if head not in heads) for name, others in found.items()}
            found[column.id] = (*found[column.id], *heads)
        for other, heads in column.beside.items():
            own = {other, *found[other]} - {*heads}
            if own & here:
                found[other] = tuple(head for head in found[other] if head not in heads)
                found[column.id] = (*found[column.id], *heads)
    return {name: tuple(head for head in others if head in here) for name, others in found.items()}


@cache
def heads_of_degrees(kind: str) -> Mapping[str, tuple[str, ...]]:
    """Heads of the degrees of parallelism that have no column of their own.

    Parameters
    ----------
    kind : str, of the table: memory, fits, speed or serving

    Returns
    -------
    mapping of str to tuple of str
    """
    return {column.id: column.heads for column in _columns(kind) if column.degree}


@cache
def numbers() -> Mapping[str, ColumnNumber]:
    """What a number in each column of numbers can be.

    Returns
    -------
    mapping of str to ColumnNumber
    """
    return {column.id: column.number for column in _every_column() if column.number is not None}


@cache
def of_kind(*kinds: str) -> frozenset[str]:
    """Columns of numbers of these kinds.

    Parameters
    ----------
    kinds : str, count, degree, length or amount

    Returns
    -------
    frozenset of str
    """
    return frozenset(name for name, number in numbers().items() if number.of in kinds)


@cache
def columns_read(kind: str) -> frozenset[str]:
    """Usual names of the columns that describe the run, its source and what was measured.

    Parameters
    ----------
    kind : str, of the table: memory, fits, speed or serving

    Returns
    -------
    frozenset of str
    """
    return frozenset(column.id for column in _columns(kind) if not column.degree)


def _columns(kind: str) -> list[UsualColumn]:
    return [column for column in _every_column() if kind in column.tables]


@cache
def _every_column() -> tuple[UsualColumn, ...]:
    file = COLUMNS.relative_to(DATA).as_posix()
    raw = parse_yaml(COLUMNS.read_bytes(), file)
    return tuple(build(UsualColumn, entry, file, name) for name, entry in entries(raw, "columns", file))
