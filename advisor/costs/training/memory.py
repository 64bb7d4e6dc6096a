"""Memory of the run: by part and method, on every size of card, and what to do where it does not fit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from advisor.catalog.articles import MemoryLedger
from advisor.catalog.catalog import Catalog
from advisor.catalog.records import Gpu, Source
from advisor.costs.training.run import TrainingPlan
from advisor.engineering.descriptions import METHODS, Method
from advisor.engineering.from_catalog import card_of
from advisor.engineering.memory import estimate_memory, fit_probability, fits
from advisor.engineering.remedies import Remedy, remedies
from advisor.engineering.serving_ways import GPU_COUNTS
from advisor.engineering.sizing import training_run
from advisor.formulas.constants import GIB
from advisor.scenario import Scenario

PARTS: Mapping[str, tuple[str, ...]] = {
    "weights": ("weights", "gathered"),
    "gradients": ("gradients", "accumulated"),
    "optimizer": ("optimizer", "temporaries"),
    "activations": ("saved", "held", "layer"),
    "logits": ("logits",),
    "reserve": ("workspace", "allocator", "context"),
}
"""The estimator's terms as a reader tells them apart; adapters are weights."""
GB = 1e9
"""Bytes."""
MICRO_BATCHES = (1, 2, 4, 8, 16, 32, 64)


@dataclass(frozen=True)
class MethodMemory:
    """Memory of each card at the peak of a step, by part [GiB]; ``moment`` says when that is.

    ``low`` and ``high`` are the ends of the 80 % interval of the total.
    """

    method: Method
    parts: Mapping[str, float]
    moment: str
    low: float
    high: float

    @property
    def total(self) -> float:
        return sum(self.parts.values())


@dataclass(frozen=True)
class Fit:
    """Whether so many cards hold the run: need of each with one sequence at a time [GiB], and the most at a time.

    ``low_gib`` and ``high_gib`` are the ends of the 80 % interval of the need, ``chance`` is the probability that one
    sequence at a time fits.
    """

    verdict: str
    chance: float
    need_gib: float
    low_gib: float
    high_gib: float
    micro_batch: int


@dataclass(frozen=True)
class Room:
    """Cards of one size and what 1, 2, 4 and 8 of them hold."""

    gpus: tuple[str, ...]
    memory_gib: float
    fits: tuple[Fit, ...]


@dataclass(frozen=True)
class WaysOut:
    """What would make the run fit on a card that does not hold it, one sequence at a time.

    ``chance`` is the probability that it fits as it is.
    """

    gpu: str
    verdict: str
    chance: float
    need_gib: float
    low_gib: float
    high_gib: float
    remedies: tuple[Remedy, ...]


@dataclass(frozen=True)
class ArticleMemory:
    """An article's sum of memory beside ours of the same run on one card, by part [GB, 10^9 bytes].

    Ours is the peak of a step, reached at ``moment``: what is gone by then counts nothing. ``tensors`` are ours without
    allocator and driver, ``wide_total`` ours with weights and optimizer in 32 bits.
    """

    said: MemoryLedger
    source: Source
    printed: Mapping[str, float | None]
    ours: Mapping[str, float]
    moment: str
    tensors: float
    wide_total: float

    @property
    def total(self) -> float:
        return sum(self.ours.values())


def article_memory(scenario: Scenario, catalog: Catalog) -> ArticleMemory | None:
    """The ledger of the case's article, where it has one."""
    record = catalog.articles.get(scenario.preset or "")
    if record is None or record.memory is None:
        return None
    said = record.memory
    wide = training_run(catalog, said.model, said.method, said.sequence, said.micro_batch, 1)
    estimate = estimate_memory([replace(wide, fp32_masters=False), wide], catalog.constants("memory"))
    gb = GIB / GB
    printed = {
        **{"weights": said.weights_gb, "gradients": said.gradients_gb, "optimizer": said.optimizer_gb},
        "activations": said.activations_gb,
    }
    return ArticleMemory(
        said=said,
        source=record.source,
        printed={part: printed.get(part) for part in PARTS},
        ours={part: sum(float(estimate.terms_gib[term][0]) for term in terms) * gb for part, terms in PARTS.items()},
        moment=str(estimate.moment[0]),
        tensors=float(estimate.allocated_gib[0]) * gb,
        wide_total=float(estimate.process_gib[1]) * gb,
    )


def memory_of_methods(plan: TrainingPlan, catalog: Catalog) -> tuple[MethodMemory, ...]:
    """Each method with the micro-batch and the number of cards of the case."""
    estimate = estimate_memory([plan.run(catalog, method) for method in METHODS], catalog.constants("memory"))
    ends = [estimate.prediction(k) for k in range(len(METHODS))]
    return tuple(
        MethodMemory(
            method,
            {part: sum(float(estimate.terms_gib[term][k]) for term in terms) for part, terms in PARTS.items()},
            str(estimate.moment[k]),
            ends[k].low,
            ends[k].high,
        )
        for k, method in enumerate(METHODS)
    )


def offered_cards(plan: TrainingPlan, catalog: Catalog) -> tuple[Gpu, ...]:
    """Cards that can be rented by the hour, and that of the case."""
    cards = catalog.gpus.values()
    return tuple(g for g in cards if g.id == plan.gpu or catalog.median_rental(g.id, plan.case.on)[0] is not None)


def rooms(plan: TrainingPlan, catalog: Catalog) -> tuple[Room, ...]:
    """What each size of card holds, smallest first, those with a price first among equals.

    The need does not depend on the card, only on their number.
    """
    offered = offered_cards(plan, catalog)
    sizes: dict[int, list[Gpu]] = {}
    for gpu in sorted(catalog.gpus.values(), key=lambda gpu: (round(gpu.memory_gib), gpu not in offered)):
        sizes.setdefault(round(gpu.memory_gib), []).append(gpu)
    work, constants = plan.work, catalog.constants("memory")
    pairs = [(count, size) for count in GPU_COUNTS for size in MICRO_BATCHES]
    runs = [
        training_run(catalog, work.model, work.method, work.sequence, size, count, work.objective)
        for count, size in pairs
    ]
    estimate = estimate_memory(runs, constants)
    need = [estimate.prediction(k * len(MICRO_BATCHES)) for k in range(len(GPU_COUNTS))]

    def holding(memory_gib: float) -> tuple[Fit, ...]:
        verdicts = fits(estimate, memory_gib, constants).reshape(len(GPU_COUNTS), -1)
        chances = fit_probability(estimate, memory_gib, constants).reshape(len(GPU_COUNTS), -1)
        return tuple(
            Fit(
                str(row[0]),
                float(chances[k, 0]),
                need[k].middle,
                need[k].low,
                need[k].high,
                max((size for size, verdict in zip(MICRO_BATCHES, row, strict=True) if verdict == "yes"), default=0),
            )
            for k, row in enumerate(verdicts)
        )

    return tuple(
        Room(tuple(gpu.id for gpu in cards), least, holding(least))
        for cards in sizes.values()
        for least in [min(gpu.memory_gib for gpu in cards)]
    )


def ways_out(plan: TrainingPlan, catalog: Catalog) -> WaysOut | None:
    """Remedies for the card of the case, or for the largest where none holds the run; ``None`` where it fits."""
    if plan.fits:
        return None
    servers = [gpu for gpu in offered_cards(plan, catalog) if not gpu.desktop]
    gpu = catalog.gpu(plan.gpu) if plan.gpu else max(servers, key=lambda each: each.memory_gib)
    run, constants = plan.run(catalog, micro_batch=1), catalog.constants("memory")
    estimate = estimate_memory([run], constants)
    verdict = str(fits(estimate, gpu.memory_gib, constants)[0])
    chance = float(fit_probability(estimate, gpu.memory_gib, constants)[0])
    need = estimate.prediction()
    found = tuple(remedies(run, card_of(gpu), constants))
    return WaysOut(gpu.id, verdict, chance, need.middle, need.low, need.high, found)
