"""Damaged files of every format: refused by name, or read so that a second reader comes to the same sums.

``USAGE_HOSTILE_FILES`` asks for more of them than a quick run has.
"""

import codecs
import gzip
import os
import random
import re
from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path

import pytest

from advisor.core.notices import InputError
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.text.phrases import issue_text
from advisor.usage.importing import import_usage
from advisor.usage.records import Imported
from tests.usage.read import FIXTURES, rows
from tests.usage.reference import SUMMED, sums

SEED = 20_261_129
BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
PARTS = 10
COUNT = int(os.environ.get("USAGE_HOSTILE_FILES", "100"))
NAMES = sorted(p.name for p in FIXTURES.iterdir() if p.suffix in (".csv", ".tsv", ".json", ".jsonl"))
ODD = (
    *("", "-1", "NaN", "nan", "Infinity", "1e308", "1e400", "99999999999999999999", "-0", "0x10", "1_000", "1,000"),
    *("1.5", "1e3", "null", "true", "[]", "{}", "12:30", "2026-13-45", "\u0663", "1 000", "'", "9" * 400),
)
DATES = (
    *(
        "10/1/2026",
        "13/10/2026 10:00",
        "10/13/2026",
        "1.10.2026",
        "2026-10-01T10:00:00+08:00",
        "2026-10-01 10:00:00 PM",
    ),
    *("2026-10-01T10:00:00-0530", "2026/10/1", "2026.10.1", "20261001", "2026-10-01T24:00:00Z", "2026-10-01T10:00:60Z"),
    *("26-10-01", "2026-10-01 10:00:00 Asia/Shanghai", "2026-10-01T10:00:00 CET", "46296.5", "Oct 1, 2026", "2026-W40"),
    *("1790848800", "1790848800123", "1790848800.5", "-1790848800", "2026-10", "2026-10-01T10:00:00.123456789Z"),
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


def commas(text: str, r: random.Random) -> bytes:
    """Numbers with commas in cells of their own, as spreadsheets write them."""
    quoted = [f'"{cell}"' for cell in ("1,5", "1.234,56", "1,234", "1,234,567", "1,234.5", "0,5", "1,23,456")]
    found = [m for m in re.finditer(r"(?<=[,:\t])\d+(\.\d+)?(?=[,}\t\r\n])", text)]
    for m in sorted(r.sample(found, min(len(found), r.randint(1, 2))), key=lambda m: -m.start()):
        text = text[: m.start()] + r.choice(quoted) + text[m.end() :]
    return text.encode()


def moments(text: str, r: random.Random) -> bytes:
    """Dates in other orders, zones and clocks."""
    found = [m for m in re.finditer(r"20\d\d[-/]\d\d?[-/]\d\d?([T ][\d:.]+Z?)?", text)]
    for m in sorted(r.sample(found, min(len(found), r.randint(1, 3))), key=lambda m: -m.start()):
        text = text[: m.start()] + r.choice(DATES) + text[m.end() :]
    return text.encode()


WAYS: tuple[Callable[[str, random.Random], bytes], ...] = (
    *(flip, cut, numbers, numbers, renamed, twice, nested, encoded, zipped, commas, moments),
)


def drawn(part: int) -> Iterator[tuple[str, str, bytes]]:
    """Number and name of a file, the way it was damaged, its content."""
    r = random.Random(SEED + part)
    for number in range(COUNT // PARTS):
        name, way = r.choice(NAMES), r.choice(WAYS)
        yield f"{number}-{name}", way.__name__, way((FIXTURES / name).read_text(encoding="utf-8"), r)


def read_sums(found: Imported) -> dict[str, float]:
    """Rows of a file and those used, with their times, requests, tokens and cost, as imported."""
    used = rows(found)
    totals = {name: sum(row.get(name) or 0 for row in used) for name in SUMMED if name != "ts"}
    since = sum(row["ts"].replace(tzinfo=UTC).timestamp() for row in used)
    return {"read": found.rows_read, "rows": len(used), "ts": since, **totals}


def content_of(content: bytes, found: Imported) -> str:
    """The text of a file, in the encoding that was told where it is not one of Unicode's."""
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    told = [str(n.params["encoding"]) for n in found.notices if n.code == "usage_encoding"]
    if b"\0" in content:
        told = ["utf-32" if content[:4] == codecs.BOM_UTF32_LE else "utf-16" if content[:2] in BOMS else "utf-16-le"]
    for encoding in told or ("utf-8-sig", "utf-16"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError("a file was read in an encoding that nobody was told")


def check_told(error: InputError, name: str) -> None:
    """Each fault has words in every language and names the file."""
    for issue in error.issues:
        assert issue.code.startswith("usage_")
        assert name in str(issue.params["file"])
        for language in languages():
            assert name in issue_text(Translator(language), issue)


def differences(name: str, content: bytes, folder: Path) -> str:
    """What is wrong with how a damaged file is read; nothing where it is refused, or gives what the second reader has.

    Rows that were read are used, left out for a reason, or twice.
    """
    path = folder / name
    path.write_bytes(content)
    try:
        found = import_usage([path])
    except InputError as error:
        check_told(error, name)
        return ""
    left = found.duplicates + sum(each.rows for each in found.rejected)
    if found.rows_read != found.rows_used + left:
        return f"{found.rows_read} rows are {found.rows_used} used and {left} left out"
    read, (form,) = read_sums(found), found.formats
    expected = sums(form, content_of(content, found), any(n.code == "usage_decimal_comma" for n in found.notices))
    return "" if read == pytest.approx(expected, rel=1e-9, abs=1e-3) else f"{form}: read {read}, expected {expected}"


@pytest.mark.parametrize("part", range(PARTS))
def test_a_damaged_file_is_refused_or_adds_up(part: int, tmp_path: Path) -> None:
    for name, way, content in drawn(part):
        assert not differences(name, content, tmp_path), (part, name, way)


@pytest.mark.parametrize("clock", ["00:00:1.5", "00:5", "00:00:01.5", "0:00"])
def test_both_readers_take_the_same_clocks(clock: str, tmp_path: Path) -> None:
    log = "timestamp,model,prompt_tokens,completion_tokens\n2026-10-01T10:00:00Z,m,100,10\n2026-10-01T{},m,50,5\n"
    assert not differences("log.csv", log.format(clock).encode(), tmp_path)


@pytest.mark.parametrize("cost", ["1,5", "1.234,56", ",5", "1,234,567", "1.2.3,4"])
def test_both_readers_take_the_same_commas(cost: str, tmp_path: Path) -> None:
    """Two amounts with a comma tell the mark; what can only have a point is left out by both."""
    head = "usage_date_utc,model,description,token_type,cost_usd,list_price_usd,workspace\n"
    amounts = (f'"{cost}"', '"2,75"', "-0.50", '"7,25"')
    table = head + "".join(f"2026-10-0{k},,Claude,,{each},,Default\n" for k, each in enumerate(amounts, 1))
    assert not differences("costs.csv", table.encode(), tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_the_second_reader_agrees_on_sound_files(name: str, tmp_path: Path) -> None:
    assert not differences(name, (FIXTURES / name).read_bytes(), tmp_path)
