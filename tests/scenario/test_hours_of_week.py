"""The hours of a week as an answer: read from lists and addresses, kept through files, refused by name."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.catalog.loader import load_catalog
from advisor.core.notices import InputError
from advisor.report.link import query_of
from advisor.scenario import Measurement, Scenario, dump_scenario, hours_answer, hours_shape, parse_scenario
from advisor.ui import address

OFFICE = [0.0] * 8 + [50.0] * 10 + [5.0] * 6
"""Requests in each hour of a day: none at night, most from eight to six."""
WEEK = (OFFICE * 5 + [1.0] * 48)[:168]
NEED = {"daily_requests": 20_000, "quality_need": "high", "budget": 20_000}
LOADS = st.lists(st.just(0.0) | st.floats(1e-12, 1e9), min_size=24, max_size=24).filter(any)


def case(hours: object, **more: object) -> Scenario:
    return Scenario.from_answers({**NEED, "hours_of_week": hours, **more})


def test_an_answer_is_thousandths_of_the_mean() -> None:
    assert hours_answer([1] * 23 + [25]) == ".".join(["500"] * 23 + ["12500"])
    assert hours_shape(hours_answer([1] * 23 + [25]))[-1] == 12.5


@given(LOADS)
@settings(max_examples=100)
def test_the_mean_is_one_and_reading_again_changes_nothing(hours: list[float]) -> None:
    answer = hours_answer(hours)
    assert sum(hours_shape(answer)) == pytest.approx(24)
    assert case(answer).hours_of_week == answer


@given(st.lists(st.integers(0, 10_000), min_size=168, max_size=168).filter(any), st.integers(1, 1000))
@settings(max_examples=50)
def test_only_proportions_count(hours: list[int], factor: int) -> None:
    assert hours_answer([hour * factor for hour in hours]) == hours_answer(hours)


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_files_and_addresses_keep_it_with_its_record(form: str) -> None:
    record = Measurement(value=hours_answer(WEEK), file="gateway.csv", rows=140_000)
    kept = Scenario.from_answers(NEED).with_measured({"hours_of_week": record})
    assert parse_scenario(dump_scenario(kept, form)) == kept  # type: ignore[arg-type]
    assert kept.record_of("hours_of_week") is not None
    params = query_of(kept, load_catalog(), "en")
    assert address.read(params, load_catalog(), lambda _: None).case == kept
    assert len(params["hours_of_week"]) < 900
    assert len(params["measured"]) < 150


def test_another_shape_does_not_rest_on_the_record() -> None:
    record = Measurement(value=hours_answer(WEEK), file="gateway.csv")
    kept = Scenario.from_answers(NEED).with_measured({"hours_of_week": record})
    assert kept.corrected("hours_of_week", WEEK).record_of("hours_of_week") is not None
    assert kept.corrected("hours_of_week", [*WEEK[1:], WEEK[0]]).record_of("hours_of_week") is None


@pytest.mark.parametrize("written", [OFFICE, json.dumps(OFFICE), "\n".join(f"- {hour}" for hour in OFFICE)])
def test_a_file_lists_the_hours(written: Sequence[float] | str) -> None:
    text = "\n".join(f"{name}: {value}" for name, value in NEED.items())
    value = written if isinstance(written, str) else str(written)
    assert parse_scenario(
        f"{text}\nhours_of_week:\n{value}\n" if "\n" in value else f"{text}\nhours_of_week: {value}\n"
    )
    told = {**NEED, "hours_of_week": OFFICE}
    assert parse_scenario(json.dumps(told)) == case(OFFICE)


def test_numbers_may_be_written_as_people_do() -> None:
    assert case(["1 200"] * 12 + ["2.4k"] * 12) == case([1] * 12 + [2] * 12)


@pytest.mark.parametrize(
    ("hours", "code", "params"),
    [
        ([1] * 23, "hours_count", {"count": 23}),
        ([], "hours_count", {"count": 0}),
        ([1] * 10_000, "hours_count", {"count": 10_000}),
        (5, "hours_count", {"count": 1}),
        ("busy", "hours_count", {"count": 1}),
        ("1.5", "hours_count", {"count": 2}),
        ({"Monday": 1}, "hours_count", {"count": 1}),
        ([0] * 24, "hours_all_zero", {}),
        (".".join(["0"] * 168), "hours_all_zero", {}),
        ([1] * 23 + [-1], "hours_number", {"place": 24, "value": "-1"}),
        ([float("nan")] + [1] * 23, "hours_number", {"place": 1, "value": "nan"}),
        ([1, float("inf")] + [1] * 22, "hours_number", {"place": 2, "value": "inf"}),
        ([True] + [1] * 23, "hours_number", {"place": 1, "value": "True"}),
        ([[1]] + [1] * 23, "hours_number", {"place": 1, "value": "[...]"}),
        ([None] + [1] * 23, "hours_number", {"place": 1, "value": "None"}),
        ([10**5000] + [1] * 23, "hours_number", {"place": 1, "value": "..."}),
        (["busy"] + [1] * 23, "not_a_number", {"value": "busy"}),
        (["20.000"] + [1] * 23, "two_readings", None),
    ],
)
def test_what_is_no_shape_is_refused_by_name(hours: object, code: str, params: dict[str, object] | None) -> None:
    with pytest.raises(InputError) as refused:
        case(hours)
    (issue,) = refused.value.issues
    assert (issue.field, issue.code) == ("hours_of_week", code)
    assert params is None or dict(issue.params) == params


def test_huge_numbers_are_a_shape_too() -> None:
    assert case([1e308] * 24) == case([1] * 24)
