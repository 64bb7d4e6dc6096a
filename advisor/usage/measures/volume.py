"""Volume: requests a day, their growth, the shape of the week and the busiest hours.

Only whole days count. A first or last day that the log covers in part is left out: the first is whole where the log
begins in its first hour, the last where it ends in its last hour. Days in between without a row had no request.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from advisor.usage.measures.sampling import (
    FEWEST_DAYS,
    WEEKDAYS,
    Array,
    Blocks,
    Days,
    jackknife_error,
    ratio,
    resampled,
    strata_of,
    student_90,
    weekdays,
)
from advisor.usage.measures.scans import DAY, HOUR, Overview
from advisor.usage.records import Measured

if TYPE_CHECKING:  # imported where it is used: heavy
    import pandas as pd

FEWEST_FOR_A_WEEK = 14
"""Days that show each weekday twice: fewer tell a busy Monday from growth only by luck."""
DAYS_A_YEAR, HOURS_A_DAY = 365, 24
FRIDAY = 4
PEAK_QUANTILE = 0.95
WIDEST_GROWTH = 10.0
"""How many times the lower end the upper end of a year's growth may be; beyond, the log does not tell it."""
STEPS, NEAR = 50, 1e-10

Found = dict[str, Measured | str]
"""Figures by name, or the reason why one is not known."""
Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Volume:
    """Requests by hour of the whole days of a log, and what they tell."""

    found: Found
    daily: tuple[tuple[date, float], ...]
    hours_of_week: tuple[float, ...]
    left_out: int
    without_rows: int


def whole_days(first: datetime, last: datetime) -> Days:
    """Days that lie whole between two moments, give or take an hour at each end."""
    begun = first - timedelta(hours=1) + timedelta(microseconds=1)
    start = np.datetime64(begun.date()) + (begun != datetime.combine(begun.date(), datetime.min.time()))
    return np.arange(start, np.datetime64((last + timedelta(hours=1)).date()), dtype="datetime64[D]")


def volume(cells: "pd.DataFrame", seen: Overview) -> Volume:
    """What the whole days tell, or why they do not."""
    days = whole_days(seen.first, seen.last)
    reason = _no_days(seen, days)
    if reason is not None:
        return Volume(_all(reason), (), (), 0, 0)
    by_hour = _by_hour(cells, days)
    counts = by_hour.sum(axis=1)
    daily = tuple(zip(days.tolist(), counts.tolist(), strict=True))
    found: Found = {"daily_requests": _mean(counts, days, cells)}
    if len(days) < FEWEST_FOR_A_WEEK:
        found |= dict.fromkeys(("volume_growth", "weekend_ratio", "peak_factor"), "shorter_than_14_days")
    else:
        found |= {"volume_growth": growth(counts, days), "weekend_ratio": weekend_ratio(counts, days)}
        found["peak_factor"] = "buckets_longer_than_an_hour" if seen.longest_bucket > HOUR else peak_factor(by_hour)
    shaped = isinstance(found["peak_factor"], Measured)
    shape = hours_of_week(by_hour, days) if shaped else ()
    edges = {seen.first.date(), (seen.last - timedelta(microseconds=1)).date()}
    return Volume(found, daily, shape, len(edges - set(days.tolist())), int((counts == 0).sum()))


def _no_days(seen: Overview, days: Days) -> str | None:
    if seen.uncounted:
        return "requests_not_counted"
    if seen.longest_bucket > DAY:
        return "buckets_longer_than_a_day"
    if seen.days < 1:
        return "shorter_than_a_day"
    return None if len(days) else "no_whole_day"


def _all(reason: str) -> Found:
    """Growth and shape need more than a day; where there is none, they miss for the same reason."""
    return dict.fromkeys(("daily_requests", "volume_growth", "weekend_ratio", "peak_factor"), reason)


def _by_hour(cells: "pd.DataFrame", days: Days) -> Matrix:
    """Requests of each hour of each whole day."""
    hours = cells["hour"].to_numpy().astype("datetime64[h]")
    place = (hours - days[0].astype("datetime64[h]")).astype(np.int64)
    inside = (place >= 0) & (place < len(days) * HOURS_A_DAY)
    sums = np.bincount(place[inside], weights=cells["n"].to_numpy()[inside], minlength=len(days) * HOURS_A_DAY)
    return sums.astype(np.float64).reshape(len(days), HOURS_A_DAY)


def _mean(counts: Array, days: Days, cells: "pd.DataFrame") -> Measured:
    kind = "day" if len(days) >= FEWEST_DAYS else None
    blocks = Blocks(np.arange(len(days)), strata_of(days), "day" if kind else None)
    found = ratio(counts, np.ones(len(days)), blocks)
    on = cells["hour"].to_numpy().astype("datetime64[D]")
    rows = cells["rows"].to_numpy()[(on >= days[0]) & (on <= days[-1])].sum()
    return replace(found or Measured(0.0), rows=int(rows))


def _told(growth: float) -> float:
    """Without the last bits of a sum: equal days neither grew nor fell."""
    return round(float(growth), 9) + 0.0


def growth(counts: Array, days: Days) -> Measured | str:
    """Growth of requests in a year: a log-linear model of daily counts with an effect of each weekday. [fraction/year]

    The model is fitted by quasi-likelihood (Poisson with any overdispersion), which takes days without requests as they
    are. Its error is a jackknife over days by one step from the fit. Weekdays without any request are left out.
    """
    of_week = weekdays(days)
    active = np.bincount(of_week, weights=counts, minlength=WEEKDAYS) > 0
    used = active[of_week]
    if used.sum() < FEWEST_FOR_A_WEEK // 2 or not active.any():
        return "too_few_requests"
    y, at = counts[used], np.arange(len(days))[used] / DAYS_A_YEAR
    effects = np.eye(WEEKDAYS)[of_week[used]][:, active]
    design = np.column_stack([at - at.mean(), effects])
    freedom = len(y) - design.shape[1]
    fit = _fitted(y, design)
    if fit is None or freedom < 1:
        return "too_few_requests"
    rate, without = fit
    error = float(np.sqrt((len(y) - 1) / len(y) * ((without - without.mean()) ** 2).sum()))
    reach = student_90(freedom) * error
    if 2 * reach > np.log(WIDEST_GROWTH):
        return "growth_too_uncertain"
    low, value, high = (_told(np.expm1(end)) for end in (rate - reach, rate, rate + reach))
    return Measured(value, low, high, rows=len(y), blocks="day")


def _fitted(y: Array, design: Matrix) -> tuple[float, Array] | None:
    """First coefficient of a log-linear model of counts, and what it would be without each of them."""
    beta = np.concatenate([[0.0], np.log(np.maximum((design[:, 1:] * y[:, None]).sum(0), 1) / design[:, 1:].sum(0))])
    for _ in range(STEPS):
        mean = np.exp(np.clip(design @ beta, -30, 30))
        weighted = design * mean[:, None]
        information = weighted.T @ design
        if np.linalg.matrix_rank(information) < design.shape[1]:
            return None
        step = np.linalg.solve(information, design.T @ (y - mean))
        beta = beta + step
        if np.abs(step).max() < NEAR:
            break
    mean = np.exp(np.clip(design @ beta, -30, 30))
    inverse = np.linalg.inv((design * mean[:, None]).T @ design)
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design) * mean
    moved = (design @ inverse[:, 0]) * (y - mean) / np.maximum(1 - leverage, 1e-9)
    return float(beta[0]), beta[0] - moved


def weekend_ratio(counts: Array, days: Days) -> Measured | str:
    """Requests of a day of the weekend over those of a working day."""
    weekend = weekdays(days) > FRIDAY
    parts = [(counts[part], strata_of(days)[part]) for part in (weekend, ~weekend)]
    rest, work = (float(sums.mean()) for sums, _ in parts)
    if rest <= 0 or work <= 0:
        return "too_few_requests" if work <= 0 else Measured(0.0, rows=len(days))
    errors = [jackknife_error((sums.sum() - sums) / (len(sums) - 1), strata) for sums, strata in parts]
    spread = float(np.hypot(errors[0][0] / rest, errors[1][0] / work))
    value, reach = rest / work, student_90(sum(freedom for _, freedom in errors)) * spread
    return Measured(value, max(value * (1 - reach), 0.0), value * (1 + reach), rows=len(days), blocks="day")


def peak_factor(by_hour: Matrix) -> Measured | str:
    """Busiest hours against the mean hour: on 19 of 20 days no hour is busier.

    The 95 % quantile, over days, of the requests in the busiest hour of a day, over the mean of all hours. The very
    busiest hour of a log would grow with the length of the log and rest on one day. Within an hour some minutes are
    busier still.
    """
    mean = by_hour.mean()
    if mean <= 0:
        return "too_few_requests"
    busiest, sums = by_hour.max(axis=1), by_hour.mean(axis=1)

    def factor(drawn: npt.NDArray[np.int64]) -> float:
        return float(np.quantile(busiest[drawn], PEAK_QUANTILE) / max(sums[drawn].mean(), mean / 1e6))

    low, high = resampled(len(busiest), factor)
    value = factor(np.arange(len(busiest)))
    return Measured(value, min(low, value), max(high, value), rows=len(busiest), blocks="day")


def hours_of_week(by_hour: Matrix, days: Days) -> tuple[float, ...]:
    """Mean requests of each hour of the week, Monday 00:00 UTC first."""
    of_week = weekdays(days)
    return tuple(float(value) for day in range(WEEKDAYS) for value in by_hour[of_week == day].mean(axis=0))
