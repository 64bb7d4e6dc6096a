"""How far predictions lie from measurements.

One row's error is predicted / measured - 1. Rows of one source resemble each other and sources differ in
size by a hundred times, so every figure is taken within a group of rows first (a source; for serving a source and
a kind of load) and then averaged over the groups: a large table never drowns the small ones.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, median

import numpy as np

SHARES = (10, 15, 20, 30)
"""Percent of error within which rows are counted."""


@dataclass(frozen=True)
class MeasuredRow:
    """One published measurement and what the estimator says of it; ``predicted`` is ``None`` with a reason."""

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

    @property
    def error(self) -> float | None:
        return None if self.predicted is None else self.predicted / self.measured - 1


@dataclass(frozen=True)
class FitRow:
    """One published run that fitted its card or did not, and the verdict: "yes", "tight", "no" or a reason."""

    id: str
    source: str
    link: str
    ran: bool
    verdict: str
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Score:
    """Figures over some rows; all fractions. ``bias`` is the median signed error, ``worst`` the row farthest off.

    ``measured_low`` and ``measured_high``: eight of ten measurements lie between these shares of the prediction,
    as differences from it. That is what a reader of one prediction wants to know.
    """

    rows: int
    unpredicted: int
    median_error: float
    within: Mapping[int, float]
    bias: float
    measured_low: float
    measured_high: float
    worst: str
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
        """Share of the runs that fitted and were not ruled out: "tight" says that a run may just fit."""
        return _share(self.ran["yes"] + self.ran["tight"], self.ran["no"])

    @property
    def balanced_accuracy(self) -> float | None:
        """Mean over both sides; of the failed runs only clear verdicts count, "tight" is neither right nor wrong."""
        return _mean(self.ran_share, _share(self.failed["no"], self.failed["yes"]))

    @property
    def balanced_accuracy_if_tight_fits(self) -> float | None:
        """The same where a failed run called "tight" counts as a wrong promise."""
        return _mean(self.ran_share, _share(self.failed["no"], self.failed["yes"] + self.failed["tight"]))


def score(rows: Iterable[MeasuredRow]) -> Score | None:
    """Figures of each group averaged over the groups; ``None`` when no row has a prediction."""
    listed = list(rows)
    errors: dict[tuple[str, ...], list[float]] = {}
    for row in listed:
        if row.error is not None:
            errors.setdefault(row.group, []).append(row.error)
    if not errors:
        return None
    predicted = [(row.error, row.id) for row in listed if row.error is not None]
    worst_error, worst = max(predicted, key=lambda pair: abs(pair[0]))
    groups = list(errors.values())
    return Score(
        rows=len(listed),
        unpredicted=len(listed) - len(predicted),
        median_error=fmean(median(map(abs, group)) for group in groups),
        within={share: fmean(_share_within(group, share / 100) for group in groups) for share in SHARES},
        bias=fmean(median(group) for group in groups),
        measured_low=fmean(_quantile(group, 0.1) for group in groups),
        measured_high=fmean(_quantile(group, 0.9) for group in groups),
        worst=worst,
        worst_error=worst_error,
    )


def scores_by(rows: Iterable[MeasuredRow], key: Callable[[MeasuredRow], str]) -> dict[str, Score]:
    """A score for each part of the rows that has predictions, in the order in which the parts first appear."""
    parts: dict[str, list[MeasuredRow]] = {}
    for row in rows:
        parts.setdefault(key(row), []).append(row)
    return {name: found for name, part in parts.items() if (found := score(part)) is not None}


def as_cost(rows: Iterable[MeasuredRow]) -> list[MeasuredRow]:
    """The same rows as money per request: hours of a deployment, so the inverse of its speed.

    The price of the cards stands in measured and predicted cost alike; errors do not depend on it.
    """
    return [
        replace(row, measured=1 / row.measured, predicted=None if row.predicted is None else 1 / row.predicted)
        for row in rows
    ]


def fit_score(rows: Iterable[FitRow]) -> FitScore:
    """How often each verdict was given to runs of either side."""
    listed = [(row.ran, row.verdict) for row in rows]
    counts = {
        side: {verdict: listed.count((side, verdict)) for verdict in ("yes", "tight", "no")} for side in (True, False)
    }
    judged = sum(sum(count.values()) for count in counts.values())
    return FitScore(len(listed), len(listed) - judged, counts[True], counts[False])


def _share_within(errors: Sequence[float], limit: float) -> float:
    return sum(abs(error) <= limit for error in errors) / len(errors)


def _quantile(errors: Sequence[float], share: float) -> float:
    """Quantile of measured / predicted - 1 [fraction]."""
    return float(np.quantile(1 / (1 + np.asarray(errors)) - 1, share))


def _share(right: int, wrong: int) -> float | None:
    return right / (right + wrong) if right + wrong else None


def _mean(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else (one + other) / 2
