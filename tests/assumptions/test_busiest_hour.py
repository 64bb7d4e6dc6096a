"""With the hours of a week the busiest moment follows from them, and the machines, the draws and many cases with it."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.assumptions import resolve
from advisor.assumptions.batch import resolve_many
from advisor.catalog.loader import load_catalog
from advisor.core.notices import InputError
from advisor.core.records import Assumptions
from advisor.risk.simulation import Sampling, columns
from advisor.scenario import Measurement, Scenario, hours_answer, hours_shape
from tests.cases import catalog

ON = date(2026, 11, 29)
NEED = {"daily_requests": 400_000, "quality_need": "high", "budget": 200_000, "serving_route": "rented_gpu"}
NEED |= {"current_model": "openai/gpt-6.1-sol", "input_tokens": 900, "output_tokens": 150}
WITHIN = load_catalog().number("within_hour_factor")
OFFICE = hours_answer([0.0] * 8 + [50.0] * 10 + [5.0] * 6)
FLAT = hours_answer([1] * 168)


def found(**answers: object) -> Assumptions:
    return resolve(Scenario.from_answers({**NEED, **answers}), catalog(), ON)


def test_it_is_the_busiest_hour_times_the_reserve_within_an_hour() -> None:
    row = found(hours_of_week=OFFICE)["peak_factor"]
    assert row.value == pytest.approx(50 / (530 / 24) * WITHIN, rel=1e-3)
    assert (row.kind, row.set_by) == ("yours", "user")
    assert found(hours_of_week=OFFICE)["within_hour_factor"].value == WITHIN


def test_a_flat_week_leaves_the_reserve_alone() -> None:
    assert found(hours_of_week=FLAT).number("peak_factor") == WITHIN
    same = found(peak_factor=WITHIN)
    assert found(hours_of_week=FLAT).choice("serving_gpu") == same.choice("serving_gpu")


def test_it_names_the_record_of_the_hours() -> None:
    record = Measurement(value=OFFICE, file="gateway.csv", last=date(2026, 10, 31))
    case = Scenario.from_answers(NEED).with_measured({"hours_of_week": record})
    row = resolve(case, catalog(), ON)["peak_factor"]
    assert (row.kind, row.effective) == ("measured", date(2026, 10, 31))
    assert row.source is not None
    assert row.source.title == "gateway.csv (2026-10-31)"


def test_it_is_drawn_as_far_as_the_reserve_is_not_known() -> None:
    row, reserve = found(hours_of_week=OFFICE)["peak_factor"], load_catalog().parameter("within_hour_factor").interval
    assert reserve is not None
    assert isinstance(row.value, float)
    assert (row.low, row.high) == pytest.approx([row.value / WITHIN * bound for bound in (reserve.low, reserve.high)])
    drawn = columns(found(hours_of_week=OFFICE), Sampling(count=256))["peak_factor"]
    assert row.low <= drawn.min() < row.value < drawn.max() <= row.high


def test_a_higher_answer_of_the_reader_has_no_range_of_the_reserve() -> None:
    assert found(hours_of_week=OFFICE, peak_factor=9)["peak_factor"] == found(peak_factor=9)["peak_factor"]


@pytest.mark.parametrize(("told", "kept", "code"), [(9, 9.0, "peak_above_hours"), (2, None, "peak_from_hours")])
def test_a_higher_answer_of_the_reader_is_kept_and_both_are_told(told: float, kept: float | None, code: str) -> None:
    a = found(hours_of_week=OFFICE, peak_factor=told)
    assert a.number("peak_factor") == (kept or found(hours_of_week=OFFICE).number("peak_factor"))
    (notice,) = (n for n in a.notices if n.code.startswith("peak_"))
    assert notice.code == code


def test_what_a_preset_says_of_the_peak_gives_way() -> None:
    case = Scenario.from_answers({**NEED, "preset": "extraction", "peak_factor": 2, "hours_of_week": FLAT})
    assert resolve(case, catalog(), ON).number("peak_factor") == WITHIN


def test_without_machines_it_says_nothing() -> None:
    hosted = {"serving_route": "hosted", "tuned_input_price": 1, "tuned_output_price": 1}
    assert found(**hosted, hours_of_week=OFFICE).rows == found(**hosted).rows


LOADS = st.sampled_from([None, FLAT, OFFICE])
CASES = st.fixed_dictionaries(
    {"daily_requests": st.sampled_from([3_000, 400_000, 9_000_000])},
    optional={"hours_of_week": LOADS, "peak_factor": st.sampled_from([1.2, 6.0]), "min_replicas": st.just(2)},
)


@given(st.lists(CASES, min_size=2, max_size=6))
@settings(max_examples=30, deadline=None)
def test_many_cases_at_once_give_what_each_gives_alone(answers: list[dict[str, object]]) -> None:
    cases = [Scenario.from_answers({**NEED, **each}) for each in answers]
    for case, together in zip(cases, resolve_many(cases, catalog(), ON), strict=True):
        assert not isinstance(together, InputError)
        alone = resolve(case, catalog(), ON)
        for name in ("peak_factor", "serving_gpu", "gpus_per_replica", "replica_tokens_per_second"):
            assert together.own.get(name, together.like[name].value) == alone[name].value
        assert ("within_hour_factor" in together.like) == (case.hours_of_week is not None)


@given(st.lists(st.integers(0, 100), min_size=24, max_size=24).filter(any), st.integers(0, 23), st.integers(1, 100))
@settings(max_examples=40)
def test_a_shape_with_more_in_its_busiest_hour_never_has_a_lower_peak(hours: list[int], quiet: int, moved: int) -> None:
    busiest = max(range(24), key=hours.__getitem__)
    taken = min(moved, hours[quiet])
    sharper = [*hours]
    sharper[quiet] -= taken
    sharper[busiest] += taken
    before, after = (max(hours_shape(hours_answer(shape))) for shape in (hours, sharper))
    assert after >= before
