"""Damaged files of every format: refused by name, or read so that a second reader comes to the same sums.

``USAGE_HOSTILE_FILES`` asks for more of them than a quick run has.
"""

import gzip
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from advisor.core.notices import InputError
from advisor.usage.importing import import_usage
from advisor.usage.records import Imported
from tests.usage.read import FIXTURES
from tests.usage.reference import FLAT, sums

SEED = 20_261_129
COUNT = int(os.environ.get("USAGE_HOSTILE_FILES", "100"))
NAMES = sorted(p.name for p in FIXTURES.iterdir() if p.suffix in (".csv", ".tsv", ".json", ".jsonl"))
ODD = (
    *("", "-1", "NaN", "nan", "Infinity", "1e308", "1e400", "99999999999999999999", "-0", "0x10", "1_000", "1,000"),
    *("1.5", "1e3", "null", "true", "[]", "{}", "12:30", "2026-13-45", "\u0663", "1 000", "'", "9" * 400),
)


def flip(text: str, r: random.Random) -> bytes:
    content = bytearray(text.encode())
    for _ in range(r.randint(1, 4)):
        content[r.randrange(len(content))] = r.randrange(256)
    return bytes(content)


def cut(text: str, r: random.Random) -> bytes:
    return text.encode()[: r.randrange(1, len(text))]


def exchanged(text: str, r: random.Random) -> str:
    """Some numbers of the file replaced by what is none, or too large, or negative."""
    signs = ',\t\n:}{[]"'
    starts = [k for k in range(1, len(text) - 1) if text[k].isdigit() and text[k - 1] in signs]
    for at in sorted(r.sample(starts, min(len(starts), r.randint(1, 3))), reverse=True):
        end = at
        while end < len(text) and text[end] not in signs:
            end += 1
        text = text[:at] + r.choice([odd for odd in ODD if "," not in odd]) + text[end:]
    return text


def numbers(text: str, r: random.Random) -> bytes:
    return exchanged(text, r).encode()


def renamed(text: str, r: random.Random) -> bytes:
    first, *rest = text.split("\n", 1)
    sign = "\t" if "\t" in first else ","
    cells = first.split(sign)
    at, other = r.randrange(len(cells)), r.randrange(len(cells))
    match r.randrange(3):
        case 0:
            cells[at] += "x"
        case 1:
            cells[at], cells[other] = cells[other], cells[at]
        case _:
            del cells[at]
    return "\n".join([sign.join(cells), *rest]).encode()


def twice(text: str, r: random.Random) -> bytes:
    lines = text.split("\n")
    return "\n".join([*lines, r.choice(lines), r.choice(lines)]).encode()


def nested(text: str, r: random.Random) -> bytes:
    at = r.randrange(len(text))
    return (text[:at] + r.choice(("[" * 2_000, '{"a":' * 500, "[]", '{"x":1}', '"')) + text[at:]).encode()


def encoded(text: str, r: random.Random) -> bytes:
    return text.encode(r.choice(("utf-16", "utf-16-le", "utf-32", "gb18030", "cp1252")), "replace")


def zipped(text: str, r: random.Random) -> bytes:
    content = gzip.compress(text.encode(), mtime=0)
    return content if r.random() < 0.3 else content[: r.randrange(2, len(content))]


WAYS: tuple[Callable[[str, random.Random], bytes], ...] = (
    *(flip, cut, numbers, numbers, renamed, twice, nested, encoded, zipped),
)


def read_sums(found: Imported) -> dict[str, float]:
    table = found.usage if found.usage is not None else found.bill
    assert table is not None
    names = [n for n in ("input_tokens", "cache_read_tokens", "output_tokens", "cost") if n in table.columns]
    (row,) = table.agg(rows=table.count(), **{n: table[n].sum() for n in names}).to_pyarrow().to_pylist()
    return (
        {"rows": 0}
        | {n: 0.0 for n in ("input_tokens", "cache_read_tokens", "output_tokens", "cost")}
        | {n: float(value or 0) for n, value in row.items()}
    )


def comparable(name: str, content: bytes, found: Imported) -> str | None:
    """The text for the second reader, where both read the same columns of the same format."""
    if name not in FLAT or found.notices:
        return None
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


@pytest.mark.parametrize("part", range(10))
def test_a_damaged_file_is_refused_or_adds_up(part: int, tmp_path: Path) -> None:
    r = random.Random(SEED + part)
    codes: set[str] = set()
    for number in range(COUNT // 10):
        name, way = r.choice(NAMES), r.choice(WAYS)
        content = way((FIXTURES / name).read_text(encoding="utf-8"), r)
        path = tmp_path / f"{number}-{name}"
        path.write_bytes(content)
        try:
            found = import_usage([path])
        except InputError as error:
            codes |= {issue.code for issue in error.issues}
            continue
        read = read_sums(found)
        assert found.rows_used == read["rows"], (part, number, name, way.__name__)
        left = found.duplicates + sum(each.rows for each in found.rejected)
        assert found.rows_read == found.rows_used + left, (part, number, name, way.__name__)
        text = comparable(name, content, found)
        if text is not None and way is numbers:
            assert read == pytest.approx(sums(name, text), rel=1e-9), (part, number, name, way.__name__)
    assert {code for code in codes if not code.startswith("usage_")} == set()
