"""The profile as a file: it comes back as it went, without rows of a log, and nothing else is taken for one."""

import json
from dataclasses import replace

import pytest

from advisor.core.notices import InputError
from advisor.usage.records import Rejected
from advisor.usage.summary import LARGEST_BYTES, dump_profile, read_profile
from tests.usage.tables import hourly, measured


@pytest.fixture(scope="module")
def found():
    rows = hourly(15, input_tokens=5_000, output_tokens=70, model="gpt-6.1-terra", provider="openai", use_case="chat")
    return measured(rows)


@pytest.fixture(scope="module")
def written(found):
    return dump_profile(found)


def changed(written, **fields):
    return json.dumps(json.loads(written) | fields).encode()


def issue(content):
    with pytest.raises(InputError) as refused:
        read_profile(content)
    (only,) = refused.value.issues
    return only


def test_it_comes_back_as_it_went(found, written):
    assert read_profile(written.encode()) == replace(found, notices=())


def test_no_example_of_a_row_and_no_folder_is_written(found):
    left_out = Rejected("not_a_number", 3, "/home/ada/log.csv", 7, "call me on 555-1234")
    text = dump_profile(replace(found, rejected=(left_out,), files=("/home/ada/log.csv",)))
    assert "555" not in text
    assert "ada" not in text
    read = read_profile(text.encode())
    assert read.rejected == (Rejected("not_a_number", 3, "log.csv", 7, ""),)
    assert read.files == ("log.csv",)


def test_names_of_a_log_may_be_anything(found):
    odd = replace(found, use_case="a\x00b\u202e" + "c" * 1_000, by_use_case={"\n": 4})
    assert read_profile(dump_profile(odd).encode()).by_use_case == {" ": 4}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"format": "scenario"}',
        b'{"format": "usage-profile", "format": "usage-profile"}',
        b'{"format": NaN}',
        b" " * (LARGEST_BYTES + 1),
    ],
    ids=range(9),
)
def test_another_file_is_refused_with_what_to_choose(content):
    assert issue(content).code in ("usage_profile_unreadable", "usage_profile_field")


def test_another_version(written):
    told = issue(changed(written, version=2))
    assert (told.code, told.params) == ("usage_profile_other_version", {"version": "2"})


FIGURE = {"unit": "requests/day", "value": 1.0, "low": None, "high": None, "rows": 5, "blocks": None}


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"extra": 1}, "file"),
        ({"rows": "5"}, "rows"),
        ({"rows": True}, "rows"),
        ({"rows": 1.5}, "rows"),
        ({"rows": -1}, "rows"),
        ({"days": 1e300}, "days"),
        ({"days": int("9" * 400)}, "days"),
        ({"first": "2026-13-01"}, "first"),
        ({"first": "2027-01-01"}, "last"),
        ({"currency": "\u202eUSD"}, "currency"),
        ({"files": "log.csv"}, "files"),
        ({"formats": ["../../etc"]}, "formats.0"),
        ({"hours_of_week": [1.0] * 167}, "hours_of_week"),
        ({"daily": [["2026-09-07", 1.0], ["2026-09-07", 1.0]]}, "daily"),
        ({"daily": [["2026-09-07"]]}, "daily.0"),
        ({"by_use_case": {f"{k}": 1 for k in range(201)}}, "by_use_case"),
        ({"models": [{"name": "m"}]}, "models.0"),
        ({"rejected": [{"reason": "Bad Reason", "rows": 1, "file": "f", "line": None}]}, "rejected.0.reason"),
        ({"not_known": {}}, "figures"),
        ({"not_known": {"peak_factor": "because"}}, "not_known.peak_factor"),
        ({"figures": {"daily_requests": FIGURE}}, "figures"),
    ],
)
def test_a_changed_field_is_named(written, fields, place):
    told = issue(changed(written, **fields))
    assert (told.code, told.params["place"]) == ("usage_profile_field", place)
    assert len(told.params["value"]) <= 40


@pytest.mark.parametrize(
    "part",
    [
        {"value": -1.0},
        {"value": None},
        {"low": 2.0, "high": 3.0},
        {"low": 0.5},
        {"unit": "fraction"},
        {"blocks": "week"},
        {"more": 1},
    ],
)
def test_a_changed_figure_is_named(written, part):
    figures = json.loads(written)["figures"]
    told = issue(changed(written, figures=figures | {"daily_requests": {**FIGURE, **part}}))
    assert told.params["place"].startswith("figures.daily_requests")


def test_a_share_above_1_and_a_name_that_is_no_figure(written):
    figures = json.loads(written)["figures"]
    above = {**FIGURE, "unit": "fraction", "value": 1.5}
    assert (
        issue(changed(written, figures=figures | {"batch_share": above})).params["place"] == "figures.batch_share.value"
    )
    assert issue(changed(written, figures=figures | {"bogus": FIGURE})).params["place"] == "figures.bogus"
