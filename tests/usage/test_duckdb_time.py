"""Moments read by a format are those that patterns and casts read, for every spelling that either knows."""

from itertools import product

import ibis
import pytest

from advisor.usage.readers.duckdb_time import DUCKDB_TIME
from advisor.usage.readers.moments import USUAL_TIME, EngineTime, with_moments
from advisor.usage.readers.rows import FIRST_YEAR, LAST_YEAR

DAYS = (
    "2026-10-01",
    " 2026-10-01",
    "2026/10/01",
    "2026-1-2",
    "2026-02-30",
    "0226-10-01",
    "+026-10-01",
    "26-10-01",
    "1/10/2026",
)
CLOCKS = (
    *("", " 10:00", " 10:00:00", "T10:00:00", "T9:05:07", " 10:00:60", " 24:00:00", " 10", " -1:00:00"),
    *("T 10:00:0", "  9:00:00", "T00:00:1", " 10:0:00", " 9:5:7", " 10: 0:00"),
)
FRACTIONS = ("", ".", ".5", ".125", ".123456", ".1234567", ".123456789", ",250", ".1e3", ".+02")
ZONES = (
    "",
    "Z",
    "z",
    " Z",
    "+02",
    "-07",
    "+02:00",
    " +0200",
    "+02:00:30",
    " UTC",
    " Asia/Shanghai",
    " CST",
    " PM",
    " ",
)
OTHERS = ("", "epoch", "infinity", "1767225600", "1767225600123", "20261001", "nonsense", "2026-10", "2026-10-01 (BC)")
TEXTS = ["".join(parts) for parts in product(DAYS, CLOCKS, FRACTIONS, ZONES)] + [*OTHERS]


@pytest.fixture(scope="module")
def texts() -> ibis.expr.types.Table:
    connection = ibis.duckdb.connect()
    connection.raw_sql("SET TimeZone = 'UTC'")
    return connection.create_table("texts", ibis.memtable({"text": TEXTS}))


def moments(texts: ibis.expr.types.Table, time: EngineTime) -> dict[str, object]:
    """Moment and seconds of each text; a year that no reader takes is none."""
    read = with_moments(texts, ["text"], None, None, time)
    read = read.select("text", moment=read.text__moment)
    years = read.moment.year().between(FIRST_YEAR, LAST_YEAR - 1)
    read = read.mutate(moment=years.ifelse(read.moment, None))
    read = read.mutate(seconds=time.seconds_of(read.moment)).to_pyarrow().to_pylist()
    return {row["text"]: (row["moment"], row["seconds"]) for row in read}


def test_a_format_reads_what_a_pattern_reads(texts: ibis.expr.types.Table) -> None:
    by_format, by_pattern = moments(texts, DUCKDB_TIME), moments(texts, USUAL_TIME)
    differing = {text: (by_format[text], by_pattern[text]) for text in TEXTS if by_format[text] != by_pattern[text]}
    assert differing == {}
    assert sum(moment is not None for moment, _ in by_format.values()) > 500


def test_the_plainest_spellings_are_read_by_a_format(texts: ibis.expr.types.Table) -> None:
    plain = [f"2026-10-01{sep}10:00:00{rest}" for sep in " T" for rest in ("", "Z", ".5", ".5Z", ".123456", ".123456Z")]
    read = texts.filter(texts.text.isin(plain))
    read = read.select(moment=DUCKDB_TIME.of_plain_text(read.text)).to_pyarrow().to_pylist()
    assert sum(row["moment"] is not None for row in read) == len(plain)
