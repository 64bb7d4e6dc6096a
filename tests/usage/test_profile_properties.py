"""What must not change a figure: the order of rows, how they are cut into files or buckets; what scales it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.usage.profile import FIGURES, REASONS, profile
from tests.usage.tables import at, bill, hourly, imported, measured, usage, value

DAYS = 15
CALLS = st.lists(
    st.fixed_dictionaries(
        {
            "ts": st.integers(0, DAYS * 86_400 - 1).map(lambda second: at(0, 0, second)),
            "input_tokens": st.integers(0, 300_000) | st.none(),
            "output_tokens": st.integers(0, 3_000) | st.none(),
            "model": st.sampled_from(("gpt-6.1-terra", "our-own", None)),
            "provider": st.just("openai"),
            "ok": st.booleans() | st.none(),
            "batch": st.booleans() | st.none(),
            "prompt_hash": st.sampled_from("abcdef"),
            "cost": st.floats(0, 10) | st.none(),
            "cost_kind": st.just("billed"),
            "currency": st.just("USD"),
            "use_case": st.sampled_from(("chat", "mail")),
        }
    ),
    min_size=1,
    max_size=40,
    unique_by=lambda row: row["ts"],
)
FEW = settings(max_examples=6, deadline=None)


def same(first, second, names=FIGURES):
    assert first.not_known == second.not_known
    for name in first.figures.keys() & set(names):
        one, other = first.figures[name], second.figures[name]
        assert one.value == pytest.approx(other.value, rel=1e-9, abs=1e-12), name
        assert one.rows == other.rows, name


@FEW
@given(CALLS)
def test_every_figure_is_known_or_has_a_reason_and_shares_are_shares(rows):
    found = measured(rows)
    assert found.figures.keys() | found.not_known.keys() == FIGURES.keys()
    assert not found.figures.keys() & found.not_known.keys()
    assert set(found.not_known.values()) <= set(REASONS)
    for name, each in found.figures.items():
        assert each.value <= 1 or FIGURES[name] != "fraction", name
        assert each.low is None or each.low <= each.value <= each.high, name
    assert sum(found.by_use_case.values()) == found.requests == len(rows)


@FEW
@given(CALLS, st.randoms())
def test_the_order_of_rows_changes_nothing(rows, chance):
    shuffled = list(rows)
    chance.shuffle(shuffled)
    same(measured(rows), measured(shuffled))


@FEW
@given(CALLS, st.integers(0, 40))
def test_how_rows_are_cut_into_files_changes_nothing(rows, cut):
    together = imported(rows)
    parts = [part for part in (rows[:cut], rows[cut:]) if part]
    union = usage(parts[0]) if len(parts) == 1 else usage(parts[0]).union(usage(parts[1]))
    same(profile(together), profile(replace(together, usage=union)))


@pytest.mark.parametrize("times", [3, 1_000])
def test_more_of_the_same_scales_volumes_and_no_mean(times):
    def rows(scale):
        return hourly(
            21,
            lambda day, hour: scale * (20 + hour + day % 7),
            input_tokens=scale * 1_000,
            output_tokens=scale * 100,
            cost=scale * 0.5,
            cost_kind="billed",
            currency="USD",
        )

    one, many = measured(rows(1)), measured(rows(times))
    for name in ("daily_requests", "monthly_bill"):
        assert value(many, name) == pytest.approx(times * value(one, name))
    for name in ("input_tokens", "output_tokens", "peak_factor", "weekend_ratio", "volume_growth", "cost_per_request"):
        assert value(many, name) == pytest.approx(value(one, name), abs=1e-9)


def test_single_requests_and_their_sums_by_hour_tell_the_same():
    single = [
        {"ts": at(day, hour) + timedelta(minutes=k), "input_tokens": 100 * k, "cache_read_tokens": 10 * k}
        for day in range(14)
        for hour in range(24)
        for k in range(1 + hour % 3)
    ]
    sums = [
        {
            "ts": at(day, hour),
            "bucket_seconds": 3_600,
            "requests": 1 + hour % 3,
            "input_tokens": sum(100 * k for k in range(1 + hour % 3)),
            "cache_read_tokens": sum(10 * k for k in range(1 + hour % 3)),
        }
        for day in range(14)
        for hour in range(24)
    ]
    one, other = measured(single), measured(sums)
    for name in ("daily_requests", "input_tokens", "cached_input_share", "weekend_ratio", "volume_growth"):
        assert one.figures[name].value == pytest.approx(other.figures[name].value, abs=1e-9), name
    assert one.hours_of_week == other.hours_of_week


def test_a_bill_in_two_files_is_one_bill():
    rows = [{"ts": at(day), "cost": float(day)} for day in range(14)]
    both = bill(rows[:5]).union(bill(rows[5:]))
    told = profile(replace(imported(None), bill=both))
    assert value(told, "monthly_bill") == value(measured(None, rows), "monthly_bill")


def test_progress_rises_to_the_end():
    told = []
    measured(hourly(2), progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1
