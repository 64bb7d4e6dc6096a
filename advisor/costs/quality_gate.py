"""The quality check that a cheaper model has to pass, and the speed and quality that an article measured."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from advisor.catalog.articles import ArticleRecord, QualityMeasured, SpeedMeasured
from advisor.catalog.catalog import Catalog
from advisor.core.records import Assumptions, Metrics
from advisor.formulas.cost_levers import reduction, speed_up
from advisor.formulas.quality import (
    break_even_accuracy,
    combined_status,
    gate_status,
    items_needed,
    margin_seen,
    paired_variance,
    proven_status,
    rating_status,
    relative_change,
    unpaired_variance,
)
from advisor.scenario import Scenario

GATE: Final = (
    *("gate_margin", "gate_discordant_share", "gate_pass_rate", "gate_confidence", "gate_power"),
    *("gate_rating_drop", "gate_slice_margin"),
)
BeforeAfter = tuple[float, float]


@dataclass(frozen=True)
class QualityGate:
    """What the quality check asks for and what the case's evaluation can show. Shares of all answers.

    Both versions answer the same items and disagree on ``discordant_share`` of them; ``items_apart`` are needed of each
    where they answer different ones, at a ``pass_rate``. ``rating_drop`` is a share of the rating's scale,
    ``slice_margin`` of the metric in the worst group of requests.
    """

    margin: float
    discordant_share: float
    pass_rate: float
    items_needed: int
    items_apart: int
    items: float
    margin_seen: float | None
    rating_drop: float
    slice_margin: float


@dataclass(frozen=True)
class Judged:
    """Each gate's word, and one for all of them: a pass on too few items is not proven."""

    changes: Mapping[str, float]
    statuses: Mapping[str, str]
    combined: str


@dataclass(frozen=True)
class SpeedUp:
    """Work of an article before and after its levers: more done in the same time, and time saved. [fraction]"""

    said: SpeedMeasured
    gain: float
    time_saved: float


@dataclass(frozen=True)
class ErrorLimit:
    """What one more wrong answer costs, what tuning saves a request [money], and the right answers it takes [fraction].

    ``must_stay_right`` is the share of today's good answers above which the saving is not yet eaten up.
    """

    cost: float
    saving: float
    must_stay_right: float


def error_limit(a: Assumptions, metrics: Metrics | None) -> ErrorLimit | None:
    """Where errors eat up the saving; ``None`` without a price of an error or without a saving below that price."""
    if metrics is None or not a.knows("cost_per_failure"):
        return None
    without, tuned = metrics.baseline_cost_per_request, metrics.tuned_cost_per_request
    cost = float(a.number("cost_per_failure"))
    saving = 0.0 if without is None or tuned is None else without - tuned
    if not 0 < saving < cost:
        return None
    return ErrorLimit(cost, saving, float(break_even_accuracy(cost - saving, saving)))


def quality_gate(a: Assumptions, catalog: Catalog) -> QualityGate:
    """Items it takes to see a loss of the size that would matter, beside those the case has."""
    margin, differ, pass_rate, confidence, power, drop, slices = (catalog.number(name) for name in GATE)
    variance = paired_variance(differ)
    needed, apart = (
        int(np.ceil(items_needed(each, margin, confidence, power))) for each in (variance, unpaired_variance(pass_rate))
    )
    items = float(a.number("evaluation_items"))
    seen = float(margin_seen(variance, items, confidence, power)) if items else None
    return QualityGate(margin, differ, pass_rate, needed, apart, items, seen, drop, slices)


def judge(
    gate: QualityGate, metric: BeforeAfter, rating: BeforeAfter, scale: float, worst: BeforeAfter | None = None
) -> Judged:
    """Metric of all answers, human rating in points of ``scale``, metric of the worst group of requests if known.

    More is better in each, and every gain passes.
    """
    pairs = {"metric": metric} | ({} if worst is None else {"slice": worst})
    changes = {name: float(relative_change(*pair, True)) for name, pair in pairs.items()}
    allowed = {"metric": gate.margin, "slice": gate.slice_margin}
    found = {name: gate_status(change, allowed[name], np.inf) for name, change in changes.items()}
    found["rating"] = rating_status(*rating, gate.rating_drop * scale)
    proven = found | {"metric": proven_status(found["metric"], gate.items, gate.items_needed)}
    statuses = {name: str(status) for name, status in found.items()}
    return Judged(changes, statuses, str(combined_status(list(proven.values()))))


def article_of(scenario: Scenario, catalog: Catalog) -> ArticleRecord | None:
    """The case's article, where it measured quality."""
    record = catalog.articles.get(scenario.preset or "")
    return record if record is not None and record.quality is not None else None


def example_quality(catalog: Catalog) -> QualityMeasured:
    """Readings to begin with: those that an article measured."""
    return next(record.quality for record in catalog.articles.values() if record.quality is not None)


def speed_ups(record: ArticleRecord) -> tuple[SpeedUp, ...]:
    """What the article's times before and after come to."""
    return tuple(
        SpeedUp(said, float(speed_up(said.before, said.after)), float(reduction(said.before, said.after)))
        for said in record.speed
    )
