"""Tables as text, whatever program wrote them: encoding, sign between cells, decimal sign, title and total lines."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from advisor.core.notices import InputError, Issue

LARGEST_TABLE_MB = 100
LARGEST_TABLE_BYTES = LARGEST_TABLE_MB * 1_000_000
LONGEST_CELL = 131_072
"""Characters; the limit of Python's own reader holds for the whole process and may have been raised."""
BLANK, RULED = " \t", ":-"
"""Of a cell that says nothing; in a table of Markdown also the line below the names."""
DELIMITERS = (",", ";", "\t", "|")
SAMPLE_BYTES, SAMPLE_CHARS, MOST_TITLE_LINES = 200_000, 65_536, 10
TOTALS = frozenset(
    [
        *("total", "totals", "grand total", "sum", "subtotal", "average", "avg", "mean", "summe", "gesamt"),
        *("gesamtsumme", "insgesamt", "zwischensumme", "durchschnitt", "somme", "total g\u00e9n\u00e9ral", "moyenne"),
        *("\u5408\u8ba1", "\u603b\u8ba1", "\u5c0f\u8ba1", "\u603b\u548c", "\u5171\u8ba1", "\u603b\u6570"),
        *("\u5e73\u5747", "\u5e73\u5747\u503c"),
    ]
)
CHINESE_SHARE = 0.7
"""Of the letters beyond ASCII, the share in pairs of the 3,755 commonest characters or Chinese signs from which a text
is Chinese; those pairs are nearly all of a Chinese text, and rare among accented letters."""
SHARE_OF_NULS = 0.2
"""Of the bytes of a text in UTF-16 without its mark; names of columns and numbers have one in two."""
_PAIR = re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]")
_CONTROL = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f]")
_NUMBER = re.compile(r"[+-]?[\d.,]*\d")
GROUP_OR_DECIMALS = re.compile(r"[+-]?(?!0+[.,])\d{1,3}[.,]\d{3}")
"""Three digits after a sign: a group of thousands in one country, decimals in another."""
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?|[+-]?[1-9]\d?(?:,\d\d)+,\d{3}(?:\.\d*)?")
"""A number with commas between its groups of three digits, or of two before the last three as in India."""
_BEHIND_A_COMMA = re.compile(r"[+-]?\d*,\d+")
_DECIMAL = {
    sign: re.compile(
        rf"[+-]?{unless}(?:\d*{s}\d{{1,2}}|\d+{s}\d{{4,}}|0*{s}\d+|\d{{4,}}{s}\d+|[1-9]\d{{0,2}}(?:{g}\d{{3}})+{s}\d+"
        rf"|[1-9]\d{{0,2}}(?:{g}\d{{3}}){{2,}})"
    )
    for sign, s, g, unless in ((",", ",", r"\.", r"(?![1-9]\d{0,3},\d{4}$)"), (".", r"\.", ",", ""))
}
"""By decimal sign: numbers that show that it is the one; four digits behind a comma may be a group, as in Chinese."""


@dataclass(frozen=True)
class Lines:
    """Columns by name, rows of cells with the line each begins in, and what the reader is told of the reading.

    ``heads`` are the names of the columns as they stand in the file, ``sign`` that of its decimals where they show it.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    told: tuple[Issue, ...]
    heads: tuple[str, ...] = ()
    sign: str | None = None


def read_lines(content: bytes, name_of: Callable[[str], str | None], is_number: Callable[[str], bool]) -> Lines:
    """The table in a file. ``name_of`` gives the name of a column by what heads it, ``None`` where it is unknown.

    The line with the most known names is the header. Raises :class:`InputError` for what is no table.
    """
    text, encoding = decoded(content)
    lines = list(io.StringIO(text, newline=""))
    given = re.fullmatch(r"\"?sep=(.)\"?\s*", lines[0], re.IGNORECASE) if lines else None
    first = 1 if given else 0
    header, delimiter = _header(lines[first:], (given[1], *DELIMITERS) if given else DELIMITERS, name_of)
    if header is None:
        raise _refused("table_empty", "file")
    begins = first + header
    columns, rows = _cells("".join(lines[begins:]), delimiter, begins)
    names = tuple(name_of(column) or column for column in columns)
    kept = [row for row in rows if not _is_total(row[1])]
    told = _told(encoding, delimiter, sum(bool(line.strip()) for line in lines[first:begins]), rows, kept)
    return with_one_sign(Lines(names, tuple(kept), told, tuple(columns)), is_number)


def with_one_sign(found: Lines, is_number: Callable[[str], bool]) -> Lines:
    """The rows with a point for the decimals of each column of numbers, as far as the whole file shows their sign."""
    signs, of_all = _signs(found.columns, found.rows, is_number)
    told = (*found.told, *_told_of_decimals(found.heads, found.rows, signs))
    return replace(found, rows=tuple(_with_one_sign(found.rows, signs)), told=told, sign=of_all)


def decoded(content: bytes) -> tuple[str, str]:
    """Text of a file and the name of its encoding. Raises :class:`InputError` where it is no text."""
    if len(content) > LARGEST_TABLE_BYTES:
        raise _refused("table_too_large", "file", maximum=LARGEST_TABLE_MB)
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return text.removeprefix("\ufeff"), encoding
    fault = next((k for k, byte in enumerate(content) if byte > 0x7E or (byte < 0x20 and byte not in b"\t\r\n")), 0)
    raise _refused("table_not_utf8", "file", line=content.count(b"\n", 0, fault) + 1)


def _encodings(content: bytes) -> Iterator[str]:
    """Encodings to try, the likeliest first."""
    sample = content[:SAMPLE_BYTES]
    if sample[:2] in (b"\xff\xfe", b"\xfe\xff"):
        yield "utf-16"
        return
    if sample.count(0) > len(sample) * SHARE_OF_NULS:
        yield "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
        return
    yield "utf-8"
    beyond = sum(byte > 0x7F for byte in sample)
    paired = 2 * len(_PAIR.findall(sample))
    chinese_first = beyond > 0 and paired / beyond >= CHINESE_SHARE
    yield from ("gb18030", "cp1252") if chinese_first else ("cp1252", "gb18030")


def _header(
    lines: Sequence[str], delimiters: Sequence[str], name_of: Callable[[str], str | None]
) -> tuple[int | None, str]:
    """The line with the most known names, and what parts its cells; of equals the first line, the most cells."""
    best: tuple[int, int] = (0, 0)
    found: tuple[int | None, str] = (None, delimiters[0])
    filled = [k for k, line in enumerate(lines) if line.strip()][:MOST_TITLE_LINES]
    for at in filled:
        for delimiter in delimiters:
            row = next(csv.reader([lines[at][:SAMPLE_CHARS]], delimiter=delimiter), [])
            cells = [cell.strip() for cell in row]
            known = sum(bool(cell) and name_of(cell) is not None for cell in cells)
            if found[0] is None or known > best[0] or (known == best[0] and at == found[0] and len(cells) > best[1]):
                best, found = (known, len(cells)), (at, delimiter)
    return found


def _cells(text: str, delimiter: str, before: int) -> tuple[list[str], list[tuple[int, tuple[str, ...]]]]:
    """Names of the columns, and rows with the line of the file in which each begins."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: list[str] = []
    rows: list[tuple[int, tuple[str, ...]]] = []
    begins = before + 1
    try:
        for cells in lines:
            if any(len(cell) > LONGEST_CELL for cell in cells):
                raise _refused("table_cell_too_long", "file", line=begins, maximum=LONGEST_CELL)
            if not columns:
                columns = [cell.strip() for cell in cells]
            elif any(cell.strip(BLANK + RULED if delimiter == "|" else BLANK) for cell in cells):
                rows.append((begins, tuple(cell.strip() for cell in cells)))
            begins = before + lines.line_num + 1
    except csv.Error as error:
        raise not_csv(error, "file", begins) from None
    return columns, rows


def not_csv(error: csv.Error, field: str, line: int) -> InputError:
    """What is wrong with the cells of the row that begins in this line, by what the reader of CSV says in English."""
    said = str(error)
    if "unexpected end" in said:
        return _refused("table_quote_open", field, line=line)
    if "expected after" in said:
        return _refused("table_quote_inside", field, line=line)
    if "field larger" in said:
        return _refused("table_cell_too_long", field, line=line, maximum=LONGEST_CELL)
    return _refused("table_not_csv", field, line=line)


def _is_total(cells: Sequence[str]) -> bool:
    first = next((cell for cell in cells if cell), "")
    return first.casefold().strip("*_").rstrip(":\uff1a ") in TOTALS


def _told(
    encoding: str, delimiter: str, titles: int, rows: Sequence[tuple[int, object]], kept: Sequence[tuple[int, object]]
) -> tuple[Issue, ...]:
    """What was recognised or left out that is not as in any other table."""
    told = []
    if encoding != "utf-8" or delimiter != ",":
        shown = {"\t": "TAB"}.get(delimiter, delimiter)
        told.append(Issue("file", "table_read_as", {"encoding": encoding.upper(), "delimiter": shown}))
    if titles:
        told.append(Issue("file", "titles_left_out", {"count": titles}))
    left = {line for line, _ in rows} - {line for line, _ in kept}
    told += [Issue("file", "total_left_out", {"line": line}) for line in sorted(left)]
    return tuple(told)


def _signs(
    columns: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]], is_number: Callable[[str], bool]
) -> tuple[dict[int, str], str | None]:
    """The sign of decimals by the place of each column whose numbers show it, and that of all where they agree.

    Where all others have their decimals behind a comma, so has a column of ``1.024`` or ``1,000`` alone.
    """
    cells = {k: _of_column(rows, k) for k, name in enumerate(columns) if name and is_number(name)}
    shown = {k: _shown(each) for k, each in cells.items()}
    every = {sign for signs in shown.values() for sign in signs}
    of_all = every.pop() if len(every) == 1 else None
    others = {k: of_all for k, signs in shown.items() if not signs and of_all == ","}
    found = {k: signs[0] for k, signs in shown.items() if len(signs) == 1} | others
    return dict(sorted(found.items())), of_all


def _of_column(rows: Sequence[tuple[int, Sequence[str]]], k: int) -> list[str]:
    return [cells[k] for _, cells in rows if k < len(cells)]


def _told_of_decimals(
    columns: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]], signs: Mapping[int, str]
) -> Iterator[Issue]:
    """The columns whose decimals stand behind a comma, and how one of their numbers is read: one of two readings."""
    told: dict[str, list[str]] = {}
    for k, sign in signs.items():
        numbers = [cell for cell in _of_column(rows, k) if "," in cell or GROUP_OR_DECIMALS.fullmatch(cell)]
        if sign == "," and numbers:
            told[columns[k]] = numbers
    numbers = [cell for cells in told.values() for cell in cells if _NUMBER.fullmatch(cell)]
    if numbers:
        example = min(numbers, key=lambda cell: (GROUP_OR_DECIMALS.fullmatch(cell) is None, "," not in cell))
        said = {"example": example, "value": f"{float(pointed(example, ',')):.12g}"}
        yield Issue("file", "decimals_read_as", {"sign": ",", "columns": ", ".join(told), **said})


def _with_one_sign(
    rows: Sequence[tuple[int, tuple[str, ...]]], signs: Mapping[int, str]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows with a point for the decimals of each column whose numbers show which sign they use."""
    for line, cells in rows:
        yield line, tuple(pointed(cell, signs[k]) if k in signs else cell for k, cell in enumerate(cells))


def decimal_sign(cells: Sequence[str]) -> str | None:
    """The decimal sign that the numbers of a column show; ``None`` where none or both do."""
    shown = _shown(cells)
    return shown[0] if len(shown) == 1 else None


def _shown(cells: Sequence[str]) -> list[str]:
    return [sign for sign, pattern in _DECIMAL.items() if any(pattern.fullmatch(cell) for cell in cells)]


def pointed(cell: str, sign: str) -> str:
    """A number with a point and no groups; four decimals tell it from a group of three digits."""
    if not _NUMBER.fullmatch(cell) or (sign == "." and not GROUP_OR_DECIMALS.fullmatch(cell)):
        return cell
    found = cell.replace("." if sign == "," else ",", "").replace(",", ".")
    return f"{found}0" if GROUP_OR_DECIMALS.fullmatch(found) else found


def without_commas(cell: str) -> str:
    """A number without groups of thousands, its decimals behind a point; the cell itself where a comma is neither.

    Three digits behind one comma are a group, unless nothing but 0 stands before it.
    """
    if _GROUPED.fullmatch(cell):
        return cell.replace(",", "")
    return cell.replace(",", ".") if _BEHIND_A_COMMA.fullmatch(cell) else cell


def _refused(code: str, field: str, **params: object) -> InputError:
    return InputError([Issue(field, code, params)])
