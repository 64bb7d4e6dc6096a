"""Intervals hold what they promise: 8 in 10 contain the truth, on traffic whose days differ."""

import numpy as np
import pandas as pd
import pytest

from advisor.usage.measures import quantiles, volume
from advisor.usage.measures.sampling import Blocks, blocks_of, ratio, strata_of, student_90, weekdays
from advisor.usage.records import Measured

LOGS = 400
FIRST = np.datetime64("2026-03-03")


def days_of(count):
    return FIRST + np.arange(count)


def weekend(days):
    return weekdays(days) > 4


def simulated(count, chance, noise=0.2, rise=0.0):
    """Requests by hour: quiet nights and weekends, and a mood of each day that all its hours share."""
    days = days_of(count)
    mood = chance.lognormal(0, noise, count) * np.where(weekend(days), 0.4, 1.0) * np.exp(rise * np.arange(count) / 365)
    hours = 1 + 0.8 * np.sin(np.arange(24) / 24 * 2 * np.pi)
    return days, chance.poisson(200 * mood[:, None] * hours * chance.lognormal(0, 0.15, (count, 24))).astype(float)


def held(intervals, truth):
    found = [each for each in intervals if isinstance(each, Measured)]
    assert len(found) > LOGS / 2
    return np.mean([each.low <= truth <= each.high for each in found])


@pytest.mark.parametrize("count", [7, 14, 30, 90])
def test_a_mean_length_whose_days_differ(count):
    """Prompts are 1,000 tokens and 1,200 at weekends, 10 % more or less on a day as a whole."""
    chance, found = np.random.default_rng(count), []
    for _ in range(LOGS):
        days, requests = simulated(count, chance)
        n = requests.sum(axis=1)
        tokens = n * chance.normal(1_000, 100, count) * np.where(weekend(days), 1.2, 1.0)
        found.append(ratio(tokens, n, Blocks(np.arange(count), strata_of(days), "day")))
    share = weekend(days_of(count)).mean()
    truth = (1_000 * (1 - share) + 1_200 * 0.4 * share) / (1 - share + 0.4 * share)
    assert 0.7 < held(found, truth) < 0.9


@pytest.mark.parametrize(("count", "most"), [(7, 1.0), (14, 0.9), (28, 0.9), (56, 0.9)])
def test_a_mean_day(count, most):
    """A week alone cannot tell a Sunday from a bad day: its interval is wider than need be, never narrower."""
    chance, found = np.random.default_rng(count), []
    for _ in range(LOGS):
        days, requests = simulated(count, chance)
        found.append(ratio(requests.sum(axis=1), np.ones(count), Blocks(np.arange(count), strata_of(days), "day")))
    moods = np.exp(0.2**2 / 2 + 0.15**2 / 2) * np.where(weekend(days_of(count)), 0.4, 1.0).mean()
    assert 0.7 < held(found, 200 * 24 * moods) <= most


@pytest.mark.parametrize("count", [14, 56])
def test_weekends_against_working_days(count):
    chance = np.random.default_rng(count)
    logs = (simulated(count, chance) for _ in range(LOGS))
    assert 0.7 < held([volume.weekend_ratio(n.sum(axis=1), days) for days, n in logs], 0.4) < 0.9


@pytest.mark.parametrize(("count", "noise"), [(28, 0.05), (90, 0.2)])
def test_growth(count, noise):
    chance = np.random.default_rng(count)
    logs = (simulated(count, chance, noise, np.log(1.5)) for _ in range(LOGS))
    assert 0.7 < held([volume.growth(n.sum(axis=1), days) for days, n in logs], 0.5) < 0.9


@pytest.mark.parametrize("count", [14, 42])
def test_busiest_hours(count, monkeypatch):
    """The quantile over days is that of a log without end; fewer drawings keep the test short."""
    monkeypatch.setattr("advisor.usage.measures.sampling.RESAMPLES", 100)
    _, endless = simulated(7_000, np.random.default_rng(0))
    truth = np.quantile(endless.max(axis=1), 0.95) / endless.mean()
    chance = np.random.default_rng(count)
    found = [volume.peak_factor(simulated(count, chance)[1]) for _ in range(LOGS)]
    assert 0.7 < held(found, truth) < 0.9


def test_single_requests_would_promise_too_much():
    """The interval by day is several times that of independent requests: the reason for whole days."""
    days, requests = simulated(28, np.random.default_rng(1))
    n = requests.sum(axis=1)
    long = n * np.clip(np.random.default_rng(2).normal(0.3, 0.1, 28), 0, 1)
    by_day = ratio(long, n, Blocks(np.arange(28), strata_of(days), "day"), 1.0)
    alone = 1.28 * np.sqrt(0.3 * 0.7 / n.sum())
    assert (by_day.high - by_day.low) / 2 > 4 * alone


@pytest.mark.parametrize(
    ("freedom", "quantile"), [(4, 1.5332), (6, 1.4398), (13, 1.3502), (29, 1.3114), (10_000, 1.2816)]
)
def test_student(freedom, quantile):
    assert student_90(freedom) == pytest.approx(quantile, abs=1e-3)


def test_a_jackknife_by_hand():
    """Means of 1 to 7 have a standard error of the square root of 28 / (6 x 7): 0.8165, times 1.4398."""
    found = ratio(np.arange(1.0, 8.0), np.ones(7), Blocks(np.arange(7), np.zeros(7, int), "day"))
    assert (found.value, found.high - found.value) == (4, pytest.approx(0.8165 * 1.4398, abs=1e-3))


def test_weekdays_of_whole_weeks_are_no_error():
    days = np.datetime64("2026-09-07") + np.arange(14)
    counts = np.where(weekend(days), 1.0, 5.0)
    found = ratio(counts, np.ones(14), Blocks(np.arange(14), strata_of(days), "day"))
    assert (found.low, found.high) == pytest.approx((found.value, found.value))


def test_few_days_are_cut_into_hours_and_fewer_tell_nothing():
    hours = np.datetime64("2026-09-07T00", "h") + np.arange(24 * 7)
    assert [blocks_of(hours[:count]).kind for count in (23, 24, 144, 168)] == [None, "hour", "hour", "day"]
    blocks = blocks_of(hours[:48])
    found = ratio(blocks.sums(np.arange(48.0)), blocks.sums(np.ones(48)), blocks)
    assert (found.blocks, found.low < found.value < found.high) == ("hour", True)


def test_what_never_happened_has_no_interval():
    blocks = Blocks(np.arange(10), np.zeros(10, int), "day")
    assert ratio(np.zeros(10), np.ones(10), blocks, 1.0) == Measured(0.0)
    assert ratio(np.ones(10), np.ones(10), blocks, 1.0) == Measured(1.0)
    assert ratio(np.zeros(10), np.zeros(10), blocks) is None


@pytest.mark.parametrize("count", [7, 30])
def test_a_quantile_of_lengths_whose_days_differ(count):
    """300 prompts a day, about 1,000 tokens long, 20 % more or less on a day as a whole: the 90 % quantile."""
    chance, found = np.random.default_rng(count), []
    for _ in range(LOGS):
        lengths = np.round(chance.lognormal(np.log(1_000), 0.5, (count, 300)) * chance.lognormal(0, 0.2, (count, 1)))
        values, counts = np.unique(lengths, return_counts=True)
        histogram = pd.DataFrame({"value": values, "n": counts.astype(float)})
        below = {
            f"below_input_tokens_{k}": (lengths <= value).sum(axis=1).astype(float)
            for k, value in enumerate(quantiles.thresholds(histogram))
        }
        cells = pd.DataFrame({"hour": days_of(count), "seen_input_tokens": 300.0, **below})
        missing = dict.fromkeys(quantiles.COLUMNS[1:], "not_reported")
        found.append(quantiles.quantiles(cells, {"input_tokens": histogram}, missing)["input_tokens_p90"])
    truth = 1_000 * np.exp(1.2815515655 * np.hypot(0.5, 0.2))
    assert 0.7 < held(found, truth) < 0.9
