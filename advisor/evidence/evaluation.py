"""A team's own evaluation: the same items answered by both models, and whether the quality gate is passed."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from advisor.catalog.catalog import Catalog
from advisor.core.notices import InputError, Issue, Notice
from advisor.evidence.results_table import (
    LARGEST,
    ResultColumn,
    ResultRow,
    ResultTable,
    read_results,
    template,
    yes_or_no,
)
from advisor.formulas.paired_results import (
    ConfidenceLimits,
    chance_of_less_loss,
    change_variance,
    gate_of_limits,
    holm,
    mean_interval,
    paired_interval,
    paired_score,
    share_interval,
    t_probability,
)
from advisor.formulas.quality import items_needed
from advisor.scenario import QUESTIONS, Measurement, quoted

ITEM, TODAY, TUNED, SLICE = "item", "score_today", "score_tuned", "slice"
COLUMNS: Final = (
    ResultColumn(ITEM, names=("id", "itemid", "question", "questionid")),
    ResultColumn(TODAY, "score", -LARGEST, LARGEST, ("baseline", "scorebaseline", "today", "before")),
    ResultColumn(TUNED, "score", -LARGEST, LARGEST, ("tuned", "after", "candidate", "scorecandidate")),
    ResultColumn(SLICE, names=("group", "segment", "category")),
)
ONE_SIDED: Final = 0.95
"""Confidence of each end, so that the interval between both ends is one of 90 %."""
OF_A_RECORD: Final = 0.8
MOST_SLICES: Final = 60
DUST: Final = 1e-12
LEAST_GRADED: Final = 20
"""Items from which on scores in between decide: of fewer, Student's t rests on a shape that nobody has seen."""
Kind = Literal["right_or_wrong", "shares", "rating"]
Scores = NDArray[np.float64]


@dataclass(frozen=True)
class PairedScores:
    """Scores of both models on the same items, as shares of the scale; ``slices`` is empty text where none is named.

    ``left_out`` are items without both scores.
    """

    table: ResultTable
    kind: Kind
    today: Scores
    tuned: Scores
    slices: tuple[str, ...]
    left_out: int


@dataclass(frozen=True)
class PartResult:
    """Quality of all items or of one slice of them. Shares of the scale.

    ``low`` and ``high`` are one-sided limits of 95 % each; ``None`` where nothing can be said. ``missing`` are items
    that it still takes to know if the next go as those did; 0 once decided, ``None`` where no number of them would do.
    ``gained`` and ``lost`` are items on which only one of the two is right; ``None`` of scores in between.
    """

    name: str
    items: int
    today: float
    tuned: float
    difference: float
    low: float | None
    high: float | None
    gained: int | None
    lost: int | None
    status: str
    missing: int | None
    p_failed: float = math.nan


@dataclass(frozen=True)
class EvaluationResult:
    """The gate on all items, each slice beside it, and the answers that the evaluation gives.

    ``gate`` is passed, failed or open. A slice counts as passed by itself; as failed only with all slices in mind.
    """

    file: str
    kind: Kind
    margin: float
    slice_margin: float
    power: float
    whole: PartResult
    slices: tuple[PartResult, ...]
    gate: str
    records: Mapping[str, Measurement]
    notices: tuple[Notice, ...]


def evaluation_template() -> str:
    """An example of the table: one row an item."""
    rows = [("q1", 1, 1, "invoices"), ("q2", 0, 1, "invoices"), ("q3", 1, 0, "letters"), ("q4", 1, 1, "letters")]
    return template((ITEM, TODAY, TUNED, SLICE), rows)


def read_scores(
    content: bytes, file: str, scale: tuple[float, float] | None = None, good: float | None = None
) -> PairedScores:
    """The scores in a table: right or wrong, shares from 0 to 1, or ratings on a stated ``scale``.

    From the score ``good`` on an answer counts as right. Raises :class:`InputError`.
    """
    words = tuple(replace(column, unit="text") if column.unit == "score" else column for column in COLUMNS)
    table = read_results(content, file, words, (TODAY, TUNED))
    _check_items(table.rows)
    scores = [tuple(_score(row, name) for name in (TODAY, TUNED)) for row in table.rows]
    both = [k for k, pair in enumerate(scores) if None not in pair]
    if not both:
        raise InputError([Issue("file", "evaluation_no_pairs", {})])
    values = np.array([scores[k] for k in both], dtype=float)
    lines = [table.rows[k].line for k in both]
    kind = _kind(values, scale, good)
    values = _as_shares(values, lines, scale) if good is None else (values >= good).astype(float)
    slices = tuple(table.rows[k].texts.get(SLICE, "") for k in both)
    if len({*slices}) > MOST_SLICES:
        raise InputError(
            [Issue(SLICE, "evaluation_too_many_slices", {"count": len({*slices}), "maximum": MOST_SLICES})]
        )
    return PairedScores(table, kind, values[:, 0], values[:, 1], slices, len(scores) - len(both))


def evaluate_scores(scores: PairedScores, catalog: Catalog, margin: float | None = None) -> EvaluationResult:
    """The gate with a ``margin`` of loss that is borne, as a share of the scale; ``None``: the usual one."""
    usual, slice_margin = catalog.number("gate_margin"), catalog.number("gate_slice_margin")
    wanted = usual if margin is None else margin
    worst = max(slice_margin, wanted)
    power = catalog.number("gate_power")
    whole = _part("", scores.today, scores.tuned, scores.kind, wanted, power)
    named = dict.fromkeys(name for name in scores.slices if name)
    where = np.array(scores.slices)
    parts = [
        _part(name, scores.today[where == name], scores.tuned[where == name], scores.kind, worst, power)
        for name in named
    ]
    slices = _with_all_in_mind(parts)
    fails = whole.status == "failed" or any(part.status == "failed" for part in slices)
    gate = "failed" if fails else whole.status
    records = dict(_records(scores, whole, gate))
    notices = tuple(_notices(scores, whole, len(slices), worst))
    return EvaluationResult(scores.table.file, scores.kind, wanted, worst, power, whole, slices, gate, records, notices)


# --- Reading --------------------------------------------------------------------------------------


def _score(row: ResultRow, name: str) -> float | None:
    text = row.texts.get(name, "")
    column = next(column for column in COLUMNS if column.id == name)
    return column.read(yes_or_no(text), row.line, "USD") if text else None


def _check_items(rows: Sequence[ResultRow]) -> None:
    """The same item twice is not two items."""
    seen: dict[str, int] = {}
    for row in rows:
        name = row.texts.get(ITEM)
        if name is not None and name in seen:
            said = {"value": name, "line": row.line, "first": seen[name]}
            raise InputError([Issue(ITEM, "evaluation_item_twice", said)])
        if name is not None:
            seen[name] = row.line


def _kind(values: Scores, scale: tuple[float, float] | None, good: float | None) -> Kind:
    if good is not None or (scale in (None, (0.0, 1.0)) and np.isin(values, (0.0, 1.0)).all()):
        return "right_or_wrong"
    return "shares" if scale in (None, (0.0, 1.0)) else "rating"


def _as_shares(values: Scores, lines: Sequence[int], scale: tuple[float, float] | None) -> Scores:
    low, high = scale or (0.0, 1.0)
    outside = (values < low) | (values > high)
    if outside.any():
        place, column = np.argwhere(outside)[0]
        said = {"line": lines[place], "value": quoted(f"{values[place, column]:g}")}
        name = (TODAY, TUNED)[column]
        if scale is None:
            raise InputError([Issue(name, "evaluation_scale_not_said", {**said})])
        limits = {"minimum": low, "maximum": high}
        raise InputError([Issue(name, "results_outside", {**said, **limits})])
    return np.asarray((values - low) / (high - low))


# --- What they show -------------------------------------------------------------------------------


def _part(name: str, today: Scores, tuned: Scores, kind: Kind, margin: float, power: float) -> PartResult:
    items, change = len(today), tuned - today
    gained, lost = int((change > 0).sum()), int((change < 0).sum())
    mean = float(change.mean())
    right_or_wrong = kind == "right_or_wrong"
    limits = _limits(change, gained, lost, 2 * ONE_SIDED - 1, right_or_wrong=right_or_wrong)
    known = not math.isnan(float(limits.low))
    decides = right_or_wrong or items >= LEAST_GRADED
    status = str(gate_of_limits(limits.low, limits.high, margin)) if decides else "open"
    if right_or_wrong:
        spread = float(change_variance(gained, lost, items))
        p = float(chance_of_less_loss(paired_score(gained, lost, items, -margin)))
    else:
        spread = _deviation(change) ** 2
        p = t_probability((mean + margin) / math.sqrt(spread / items), items - 1) if spread else math.nan
    return PartResult(
        name,
        items,
        float(today.mean()),
        float(tuned.mean()),
        mean,
        float(limits.low) if known else None,
        float(limits.high) if known else None,
        gained if right_or_wrong else None,
        lost if right_or_wrong else None,
        status,
        _missing(status, spread, mean + margin, items, power),
        p,
    )


def _limits(change: Scores, gained: int, lost: int, confidence: float, *, right_or_wrong: bool) -> ConfidenceLimits:
    items = len(change)
    if right_or_wrong:
        return paired_interval(gained, lost, items, confidence)
    return mean_interval(float(change.mean()), _deviation(change), items, confidence)


def _deviation(values: Scores) -> float:
    """Standard deviation, 0 where only the last binary digits differ."""
    return float(values.std(ddof=1)) if len(values) > 1 and np.ptp(values) > DUST else 0.0


def _missing(status: str, variance: float, distance: float, items: int, power: float) -> int | None:
    """Items still to be graded, if the true difference is the one seen; at the margin itself none would do."""
    if status != "open":
        return 0
    needed = float(items_needed(variance, abs(distance), ONE_SIDED, power))
    if not variance or math.isnan(needed) or needed > LARGEST:
        return None
    return max(math.ceil(needed) - items, LEAST_GRADED - items if items < LEAST_GRADED else 1)


def _with_all_in_mind(parts: Sequence[PartResult]) -> tuple[PartResult, ...]:
    """A slice that looks failed by itself is open unless it still does with every slice looked at."""
    adjusted = holm([1.0 if math.isnan(part.p_failed) else part.p_failed for part in parts])
    return tuple(
        replace(part, status="open", missing=None) if part.status == "failed" and p > 1 - ONE_SIDED else part
        for part, p in zip(parts, adjusted, strict=True)
    )


def _records(scores: PairedScores, whole: PartResult, gate: str) -> Iterator[tuple[str, Measurement]]:
    """Answers of the case. A rating says nothing about how many answers are good."""
    file, rows = scores.table.file, float(whole.items)
    if scores.kind != "rating":
        ends = _limits(
            scores.tuned - scores.today,
            whole.gained or 0,
            whole.lost or 0,
            OF_A_RECORD,
            right_or_wrong=scores.kind == "right_or_wrong",
        )
        yield "quality_difference", _record("quality_difference", whole.difference, ends, file, rows)
        if whole.today >= (QUESTIONS["success_share"].low or 0.0):
            yield "success_share", _record("success_share", whole.today, _today(scores, whole), file, rows)
    yield "evaluation_set", Measurement(value="yes", file=file, rows=rows)
    if gate != "open":  # until then, more items are needed than were graded
        yield "evaluation_items", Measurement(value=rows, file=file, rows=rows)
        yield "gate_result", Measurement(value=gate, file=file, rows=rows)


def _today(scores: PairedScores, whole: PartResult) -> ConfidenceLimits:
    if scores.kind == "right_or_wrong":
        return share_interval(float(scores.today.sum()), float(whole.items), OF_A_RECORD)
    return mean_interval(whole.today, _deviation(scores.today), whole.items, OF_A_RECORD)


def _record(name: str, value: float, ends: ConfidenceLimits, file: str, rows: float) -> Measurement:
    """A measured answer with its 80 % interval, inside the bounds of the question."""
    low, high = float(ends.low), float(ends.high)
    if math.isnan(low):
        return Measurement(value=value, file=file, rows=rows)
    question = QUESTIONS[name]
    return Measurement(
        value=value,
        file=file,
        rows=rows,
        low=min(max(low, question.low or -1.0), value),
        high=max(min(high, question.high or 1.0), value),
    )


def _notices(scores: PairedScores, whole: PartResult, slices: int, margin: float) -> Iterator[Notice]:
    if scores.left_out:
        yield Notice("evaluation_left_out", "warning", {"count": scores.left_out})
    if whole.low is None:
        yield Notice("evaluation_no_spread", "warning", {"items": whole.items})
    if scores.kind != "right_or_wrong" and whole.items < LEAST_GRADED:
        yield Notice("evaluation_few_items", "warning", {"items": LEAST_GRADED})
    if scores.kind == "shares":
        yield Notice("evaluation_partial_credit", "info", {})
    if scores.kind == "rating":
        yield Notice("evaluation_rating", "info", {})
    if slices:
        yield Notice("evaluation_many_slices", "info", {"count": slices, "share": margin})
