"""Volume: whole days, growth, the week and the busiest hours, each by numbers one can add up by hand."""

import math
from datetime import date

import pytest

from tests.usage.tables import at, daily, hourly, measured, value

OF_DAYS = ("daily_requests", "volume_growth", "weekend_ratio", "peak_factor")


def reasons(found, names=OF_DAYS):
    return {found.not_known.get(name) for name in names}


class TestWholeDays:
    def test_partial_first_and_last_days_are_left_out_and_that_is_told(self):
        rows = [{"ts": at(0, 12 + k)} for k in range(12)]
        rows += [{"ts": at(day, hour)} for day in (1, 2, 3) for hour in range(24)]
        rows += [{"ts": at(4, hour)} for hour in range(5)]
        found = measured(rows)
        assert value(found, "daily_requests") == 24
        assert [day for day, _ in found.daily] == [date(2026, 9, 8), date(2026, 9, 9), date(2026, 9, 10)]
        assert ("usage_partial_days_left_out", {"count": 2}) in [(n.code, n.params) for n in found.notices]

    def test_a_day_from_its_first_to_its_last_hour_is_whole(self):
        rows = [{"ts": at(day, hour)} for day in (0, 1) for hour in (0.5, 12, 23.2)]
        assert value(measured(rows), "daily_requests") == 3

    def test_a_day_without_a_row_had_no_request(self):
        rows = [{"ts": at(day, hour)} for day in (0, 1, 3) for hour in (0, 23.5)]
        found = measured(rows)
        assert [count for _, count in found.daily] == [2, 2, 0, 2]
        assert value(found, "daily_requests") == 1.5
        assert "usage_days_without_rows" in [n.code for n in found.notices]

    def test_buckets_count_with_their_requests_and_reach_to_their_end(self):
        found = measured(daily(3, lambda day: (100, 200, 600)[day]))
        assert value(found, "daily_requests") == 300
        assert (found.days, found.requests, found.first, found.last) == (3, 900, date(2026, 9, 7), date(2026, 9, 9))
        assert "usage_last_day_may_be_partial" in [n.code for n in found.notices]

    def test_an_hour_is_no_day(self):
        found = measured([{"ts": at(0, 12, k)} for k in range(100)])
        assert reasons(found) == {"shorter_than_a_day"}
        assert (found.daily, found.hours_of_week) == ((), ())

    def test_a_day_and_a_half_may_hold_no_whole_day(self):
        assert reasons(measured([{"ts": at(0, 12)}, {"ts": at(1, 20)}])) == {"no_whole_day"}

    def test_sums_of_a_month_have_no_days(self):
        rows = [{"ts": at(0), "bucket_seconds": 30 * 86_400, "requests": 9_000}]
        assert reasons(measured(rows)) == {"buckets_longer_than_a_day"}

    def test_a_row_that_does_not_count_its_requests_is_not_one(self):
        found = measured(daily(20, lambda day: None, input_tokens=1_000))
        assert reasons(found) == {"requests_not_counted"}
        assert found.requests is None

    def test_thirteen_days_give_a_volume_but_no_growth_week_or_peak(self):
        found = measured(hourly(13))
        assert value(found, "daily_requests") == 240
        assert reasons(found, OF_DAYS[1:]) == {"shorter_than_14_days"}
        assert found.hours_of_week == ()


class TestGrowth:
    def test_growth_of_counts_that_double_in_a_year(self):
        found = measured(daily(28, lambda day: round(1e9 * 2 ** (day / 365))))
        assert value(found, "volume_growth") == pytest.approx(1, rel=1e-5)

    def test_a_week_with_quiet_weekends_does_not_grow(self):
        found = measured(daily(16, lambda day: 20 if day % 7 > 4 else 100))
        assert (value(found, "volume_growth"), found.figures["volume_growth"].low) == (0, 0)  # without noise of sums

    def test_a_fall_is_negative(self):
        found = measured(daily(28, lambda day: round(1e9 * math.exp(-day / 365))))
        assert value(found, "volume_growth") == pytest.approx(math.exp(-1) - 1, rel=1e-5)

    def test_an_offer_that_rests_at_weekends_has_a_growth_of_its_working_days(self):
        found = measured(daily(28, lambda day: 0 if day % 7 > 4 else round(1e9 * 2 ** (day / 365))))
        assert value(found, "volume_growth") == pytest.approx(1, rel=1e-5)

    def test_noise_of_two_weeks_tells_no_growth_of_a_year(self):
        found = measured(daily(14, lambda day: 100 + 37 * (day * 5 % 7) + 11 * (day % 3)))
        assert found.not_known["volume_growth"] == "growth_too_uncertain"

    def test_no_request_at_all(self):
        found = measured(daily(20, lambda day: 0))
        assert reasons(found, OF_DAYS[1:]) == {"too_few_requests", "buckets_longer_than_an_hour"}
        assert value(found, "daily_requests") == 0


class TestWeek:
    def test_the_weekend_against_working_days(self):
        found = measured(hourly(14, lambda day, hour: 3 if day % 7 > 4 else 12))
        assert value(found, "weekend_ratio") == 0.25

    def test_hours_of_the_week_begin_on_monday_midnight(self):
        found = measured(hourly(21, lambda day, hour: 24 * (day % 7) + hour))
        assert found.hours_of_week == tuple(range(168))

    def test_the_peak_is_the_busiest_hour_of_19_days_in_20(self):
        """Every day has one hour of 40 and 23 of 10: 40 over a mean of 11.25."""
        found = measured(hourly(14, lambda day, hour: 40 if hour == 9 else 10))
        assert value(found, "peak_factor") == pytest.approx(40 / 11.25)

    def test_one_wild_day_does_not_set_the_peak_alone(self):
        calm = measured(hourly(42))
        wild = measured(hourly(42, lambda day, hour: 1_000 if (day, hour) == (20, 9) else 10))
        assert value(calm, "peak_factor") == 1
        assert value(wild, "peak_factor") < 1.1

    def test_buckets_of_a_day_have_no_busiest_hour(self):
        found = measured(daily(14))
        assert found.not_known["peak_factor"] == "buckets_longer_than_an_hour"
        assert found.hours_of_week == ()
        assert value(found, "weekend_ratio") == 1
