"""Errors of predictions against measurements.

The error of a row is predicted / measured - 1. Rows of one source resemble each other and sources differ in
size by a factor of a hundred, so every figure is computed within a group of rows first (a source; for serving a source
and a kind of load) and then averaged over the groups: no large source outweighs the small ones.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, median

import numpy as np

from advisor.engineering.prediction import FITS

SHARES = (10, 15, 20, 30)
"""Errors in percent: ``Score.within`` has the share of rows within each."""


@dataclass(frozen=True)
class MeasuredRow:
    """One published measurement and its prediction; ``predicted`` is ``None`` with a reason."""

    id: str
    source: str
    link: str
    kind: str
    """Method of training or kind of load."""
    group: tuple[str, ...]
    """Rows that count together."""
    measured: float
    predicted: float | None
    reason: str
    cells: Mapping[str, str]
    low: float | None = None
    high: float | None = None
    """Ends of the 80 % interval of the prediction."""
    fit: str | None = None
    """Whether the run is said to fit its card, a word of ``FITS``, where memory is compared and the card is known."""

    @property
    def error(self) -> float | None:
        return None if self.predicted is None else self.predicted / self.measured - 1

    @property
    def is_inside(self) -> bool:
        """Whether the measurement lies in the interval."""
        return self.low is not None and self.high is not None and self.low <= self.measured <= self.high


@dataclass(frozen=True)
class FitRow:
    """One published run that fitted its card or failed, and the verdict on it: a word of ``FITS``, or a reason.

    ``probability`` that it fits [fraction] is ``None`` with a reason.
    """

    id: str
    source: str
    link: str
    ran: bool
    verdict: str
    probability: float | None
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Score:
    """Figures over some rows, all as fractions.

    80 % of the measurements lie between ``measured_low`` and ``measured_high``, measured / predicted - 1: the range
    that a reader of one prediction wants to know.
    """

    rows: int
    unpredicted: int  # rows without a prediction
    median_error: float  # absolute
    within: Mapping[int, float]  # share of rows by percent of error
    bias: float  # median signed error
    measured_low: float
    measured_high: float
    inside: float  # share of measurements in the 80 % interval of their prediction
    width: float  # median of the upper over the lower end of that interval [multiple]
    worst: str  # row farthest off
    worst_error: float


@dataclass(frozen=True)
class FitScore:
    """How often each verdict was given to runs that fitted and to runs that failed."""

    rows: int
    unpredicted: int
    ran: Mapping[str, int]
    failed: Mapping[str, int]

    @property
    def ran_share(self) -> float | None:
        """Share of the runs that fitted and were not ruled out; "tight" says that a run may just fit."""
        return _share(self.ran["yes"] + self.ran["tight"], self.ran["no"])

    @property
    def balanced_accuracy(self) -> float | None:
        """Mean accuracy over runs that fitted and runs that failed; of the failed ones "tight" does not count."""
        return _mean(self.ran_share, _share(self.failed["no"], self.failed["yes"]))

    @property
    def balanced_accuracy_if_tight_fits(self) -> float | None:
        """The same with a failed run called "tight" counted as wrong."""
        return _mean(self.ran_share, _share(self.failed["no"], self.failed["yes"] + self.failed["tight"]))


def score(rows: Iterable[MeasuredRow]) -> Score | None:
    """Figures within each group of rows, averaged over the groups.

    Parameters
    ----------
    rows : iterable of MeasuredRow

    Returns
    -------
    Score [fraction], or None where no row has a prediction
    """
    listed = list(rows)
    predicted: dict[tuple[str, ...], list[MeasuredRow]] = {}
    for row in listed:
        if row.error is not None:
            predicted.setdefault(row.group, []).append(row)
    if not predicted:
        return None
    errors = {row.id: row.error for rows in predicted.values() for row in rows if row.error is not None}
    worst = max(errors, key=lambda name: abs(errors[name]))
    groups = [[row.error for row in rows if row.error is not None] for rows in predicted.values()]
    return Score(
        rows=len(listed),
        unpredicted=len(listed) - sum(map(len, groups)),
        median_error=fmean(median(map(abs, group)) for group in groups),
        within={share: fmean(_share_within(group, share / 100) for group in groups) for share in SHARES},
        bias=fmean(median(group) for group in groups),
        measured_low=fmean(_quantile(group, 0.1) for group in groups),
        measured_high=fmean(_quantile(group, 0.9) for group in groups),
        inside=fmean(fmean(row.is_inside for row in rows) for rows in predicted.values()),
        width=fmean(median(_width(row) for row in rows) for rows in predicted.values()),
        worst=worst,
        worst_error=errors[worst],
    )


def scores_by(rows: Iterable[MeasuredRow], key: Callable[[MeasuredRow], str]) -> dict[str, Score]:
    """A score for each part of the rows, without parts that have no prediction.

    Parameters
    ----------
    rows : iterable of MeasuredRow
    key : callable, MeasuredRow to the name of its part

    Returns
    -------
    dict of str to Score, in the order in which the parts first appear
    """
    parts: dict[str, list[MeasuredRow]] = {}
    for row in rows:
        parts.setdefault(key(row), []).append(row)
    return {name: found for name, part in parts.items() if (found := score(part)) is not None}


def as_cost(rows: Iterable[MeasuredRow]) -> list[MeasuredRow]:
    """The same rows as cost per request: hours of a deployment, so the inverse of its throughput.

    The price of the cards is in measured and predicted cost alike; errors do not depend on it.

    Parameters
    ----------
    rows : iterable of MeasuredRow [tokens/s]

    Returns
    -------
    list of MeasuredRow [s/token]
    """
    return [
        replace(
            row,
            measured=1 / row.measured,
            predicted=_inverse(row.predicted),
            low=_inverse(row.high),
            high=_inverse(row.low),
        )
        for row in rows
    ]


def fit_score(rows: Iterable[FitRow]) -> FitScore:
    """Counts of each verdict over runs that fitted and runs that failed.

    Parameters
    ----------
    rows : iterable of FitRow

    Returns
    -------
    FitScore [count]
    """
    listed = [(row.ran, row.verdict) for row in rows]
    counts = {side: {verdict: listed.count((side, verdict)) for verdict in FITS} for side in (True, False)}
    judged = sum(sum(count.values()) for count in counts.values())
    return FitScore(len(listed), len(listed) - judged, counts[True], counts[False])


def _inverse(value: float | None) -> float | None:
    return None if value is None else 1 / value


def _width(row: MeasuredRow) -> float:
    return math.inf if row.low is None or row.high is None else row.high / row.low


def _share_within(errors: Sequence[float], limit: float) -> float:
    return sum(abs(error) <= limit for error in errors) / len(errors)


def _quantile(errors: Sequence[float], share: float) -> float:
    """Quantile of measured / predicted - 1 [fraction]."""
    return float(np.quantile(1 / (1 + np.asarray(errors)) - 1, share))


def _share(right: int, wrong: int) -> float | None:
    return right / (right + wrong) if right + wrong else None


def _mean(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else (one + other) / 2
