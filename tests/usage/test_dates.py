"""Dates that end in the year: in the order that a file tells or its user names, never in one that is guessed."""

import json
from pathlib import Path

import pytest

from advisor.core.notices import InputError
from advisor.usage.importing import import_usage, read_mapping
from tests.usage.read import rows

HEADER = "TimeGenerated [UTC],CorrelationId,ModelName,PromptTokens,CompletionTokens\n"


def log(folder: Path, *dates: str, name: str = "log.csv") -> Path:
    path = folder / name
    path.write_text(HEADER + "".join(f'"{date}",c{k},m,100,{k}\n' for k, date in enumerate(dates)), encoding="utf-8")
    return path


def read(*paths: Path, dates: str | None = None) -> list[str]:
    return [str(row["ts"]) for row in rows(import_usage(paths, dates=dates))]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (("10/1/2026", "10/13/2026"), ["2026-10-01 00:00:00", "2026-10-13 00:00:00"]),
        (("1/10/2026", "13/10/2026"), ["2026-10-01 00:00:00", "2026-10-13 00:00:00"]),
        (("1.10.2026 9:05", "13.10.2026 10:00:00"), ["2026-10-01 09:05:00", "2026-10-13 10:00:00"]),
        (
            ("10/1/2026, 12:00:00.500 AM", "10/31/2026, 1:00:00 PM"),
            ["2026-10-01 00:00:00.500000", "2026-10-31 13:00:00"],
        ),
        (("5/5/2026 10:00 am", "6/6/2026 12:00 p.m."), ["2026-05-05 10:00:00", "2026-06-06 12:00:00"]),
        (("10/13/2026 10:00:00 +02:00", "2026-10-14T10:00:00Z"), ["2026-10-13 08:00:00", "2026-10-14 10:00:00"]),
    ],
)
def test_a_day_beyond_the_twelfth_tells_the_order_of_its_file(
    tmp_path: Path, dates: tuple[str, ...], expected: list[str]
) -> None:
    assert read(log(tmp_path, *dates)) == expected


def test_an_order_that_nothing_tells_is_asked_for(tmp_path: Path) -> None:
    path = log(tmp_path, "10/1/2026", "11/2/2026")
    with pytest.raises(InputError) as caught:
        read(path)
    (issue,) = caught.value.issues
    assert (issue.code, issue.params) == ("usage_date_order", {"file": "log.csv", "date": "10/1/2026"})
    assert read(path, dates="month-first") == ["2026-10-01 00:00:00", "2026-11-02 00:00:00"]
    assert read(path, dates="day_first") == ["2026-01-10 00:00:00", "2026-02-11 00:00:00"]


def test_each_file_tells_its_own_order(tmp_path: Path) -> None:
    first = log(tmp_path, "10/13/2026", name="a.csv")
    second = tmp_path / "b.csv"
    second.write_text(HEADER + "14/10/2026,d1,m,1,1\n1/10/2026,d2,m,1,1\n", encoding="utf-8")
    assert read(first, second) == ["2026-10-01 00:00:00", "2026-10-13 00:00:00", "2026-10-14 00:00:00"]


def test_a_few_such_dates_among_others_are_left_out_by_name(tmp_path: Path) -> None:
    found = import_usage([log(tmp_path, "2026-10-01", "2026-10-02", "10/3/2026")])
    (rejected,) = found.rejected
    assert (found.rows_used, rejected.reason, rejected.rows, rejected.line) == (2, "date_order", 1, 4)


def test_both_orders_in_one_file_are_no_order(tmp_path: Path) -> None:
    path = log(tmp_path, "13/1/2026", "1/13/2026")
    with pytest.raises(InputError):
        read(path)
    named = import_usage([path], dates="day-first")
    assert [str(row["ts"]) for row in rows(named)] == ["2026-01-13 00:00:00"]
    assert [each.reason for each in named.rejected] == ["date_order"]


@pytest.mark.parametrize("slip", ["99/1/2026", "1/99/2026", "0/13/2026", "14/15/2026"])
def test_what_is_no_date_tells_no_order(tmp_path: Path, slip: str) -> None:
    with pytest.raises(InputError):
        read(log(tmp_path, "10/1/2026", slip))


def test_a_mapping_names_the_order_and_a_wrong_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    lines = [json.dumps({"when": f"{day}/2/2026 18:00", "in": 5, "out": 1}) for day in (1, 3)]
    path.write_text("\n".join(lines), encoding="utf-8")
    text = b"ts: when\ninput_tokens: in\noutput_tokens: out\ntime_zone: Asia/Shanghai\ndate_order: %s\n"
    found = import_usage([path], mapping=read_mapping(text % b"day-first"))
    assert [str(row["ts"]) for row in rows(found)] == ["2026-02-01 10:00:00", "2026-02-03 10:00:00"]
    for refused in (lambda: read_mapping(text % b"year"), lambda: import_usage([path], dates="year-first")):
        with pytest.raises(InputError):
            refused()


@pytest.mark.parametrize(
    "moment", ["2026-10-01 10:00 CST", "2026-10-01 10:00 CET", "2026-10-01 10:00 PM", "2026-10-01 00:00:", "10/1/26"]
)
def test_what_could_be_two_moments_is_none(tmp_path: Path, moment: str) -> None:
    found = import_usage([log(tmp_path, "2026-10-01", moment)])
    assert [(each.reason, each.rows) for each in found.rejected] == [("time_unreadable", 1)]


def test_a_count_that_could_be_one_or_a_thousand_is_none(tmp_path: Path) -> None:
    path = log(tmp_path, "2026-10-01", "2026-10-02")
    path.write_text(path.read_text(encoding="utf-8").replace("100,1", "1.000,1"), encoding="utf-8")
    found = import_usage([path])
    assert [(each.reason, each.rows) for each in found.rejected] == [("number_unreadable", 1)]
