"""The report as plain blocks.

Every string is already translated and formatted, so that a renderer decides only how things look.
User text is allowed anywhere: a block holds values, never markup.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from advisor.scenario import Logo

Tone = Literal["good", "fair", "poor", "unknown"]
Align = Literal["left", "right"]


@dataclass(frozen=True)
class Heading:
    """A section heading; level 1 is the highest below the title."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True)
class Verdict:
    """The banner: a short label, the recommendation in one sentence and the main reason."""

    tone: Tone
    label: str
    sentence: str
    reason: str = ""


@dataclass(frozen=True)
class KeyFigure:
    """One number that decided, what it is, and its range or condition."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class KeyFigures:
    """Two to four key figures side by side."""

    items: tuple[KeyFigure, ...]


@dataclass(frozen=True)
class Particular:
    """A name and what it is; ``link`` is a web address to follow."""

    label: str
    value: str
    link: str = ""


@dataclass(frozen=True)
class Particulars:
    """Names and values side by side, as at the head of a letter."""

    items: tuple[Particular, ...]


@dataclass(frozen=True)
class Approval:
    """A line to sign: what is approved, and what to fill in by hand."""

    text: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Bullets:
    """An unordered list."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Sources:
    """A list whose entries are referred to as ``[1]``, ``[2]`` and so on, in their order."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """One table column; ``share`` is its width relative to the others."""

    title: str
    align: Align = "left"
    share: float = 1.0


@dataclass(frozen=True)
class Table:
    """A table with its caption above and a note below.

    ``total_row`` says that the last row sums up the others; ``topics`` are headings between rows, each with the number
    of the row below it.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    total_row: bool = False
    topics: tuple[tuple[int, str], ...] = ()

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                raise ValueError(
                    f"row {number} of {self.caption!r} has {len(row)} cells for {len(self.columns)} columns"
                )


@dataclass(frozen=True)
class Chart:
    """A chart as SVG; ``alt`` says in words what it shows."""

    svg: str
    caption: str
    alt: str


@dataclass(frozen=True)
class Note:
    """Small print."""

    text: str


@dataclass(frozen=True)
class PageBreak:
    """What follows starts on a new page; where ``is_soft``, not if the page has only a few lines so far."""

    is_soft: bool = False


Block = (
    Heading
    | Paragraph
    | Verdict
    | KeyFigures
    | Particulars
    | Approval
    | Bullets
    | Sources
    | Table
    | Chart
    | Note
    | PageBreak
)


@dataclass(frozen=True)
class Document:
    """A whole report. ``labels["page"]`` is the page count, as in ``"Page {page} of {pages}"``.

    The ``logo`` stands at the top of the first page; ``logo_alt`` says in words what it is.
    """

    title: str
    subtitle: str
    language: str
    author: str
    date: datetime.date
    footer: str
    blocks: tuple[Block, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    logo: Logo | None = None
    logo_alt: str = ""
