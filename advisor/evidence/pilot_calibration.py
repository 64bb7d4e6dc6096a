"""What a pilot's runs say of the estimates at the case's own length: speed, memory, and whether the card holds it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from advisor.catalog.catalog import Catalog
from advisor.costs.training.run import TrainingPlan
from advisor.engineering.descriptions import TrainingRun
from advisor.engineering.from_catalog import card_of
from advisor.engineering.memory import MemoryEstimate, estimate_memory, fit_probability, fits
from advisor.engineering.prediction import Prediction, spread
from advisor.engineering.sizing import answers_of
from advisor.engineering.training import estimate_speed
from advisor.evidence.results_table import ResultRow
from advisor.formulas.calibration import CalibratedError, calibrated_error
from advisor.formulas.constants import GIB

GB: Final = 1e9
"""Bytes."""
RUN_SPREAD: Final = {"speed": "pilot_speed_spread", "memory": "pilot_memory_spread"}
"""How far two runs of one set-up differ, by what is measured."""


@dataclass(frozen=True)
class Calibration:
    """An estimate before and after the pilot, at the case's own length, each with its 80 % interval.

    ``ratio`` is measured over estimated, carried to that length. ``id`` is speed [tokens/s] or memory [GiB of a card].
    """

    id: str
    before: Prediction
    after: Prediction
    ratio: float
    runs: int
    lengths: tuple[float, ...]
    own_length: float


@dataclass(frozen=True)
class FitOfCase:
    """Whether the card of the case, by name, holds its run: word and probability, before and after the pilot."""

    gpu: str
    before: str
    after: str
    chance_before: float
    chance_after: float


@dataclass(frozen=True)
class PlacedRun:
    """A row at its conditions; what it leaves out is as in the case.

    ``is_other`` where card, model or method differ; ``at_case`` where length and number of cards are the case's too.
    """

    row: ResultRow
    run: TrainingRun
    gpu: str
    is_other: bool
    at_case: bool


def memory_gib(row: ResultRow) -> float | None:
    if "memory_gib" in row.numbers:
        return row.numbers["memory_gib"]
    return row.numbers["memory_gb"] * GB / GIB if "memory_gb" in row.numbers else None


def speed_calibration(placed: Sequence[PlacedRun], plan: TrainingPlan, catalog: Catalog) -> Calibration | None:
    """Training speed of the whole machine at the case's length; ``None`` without runs or without an estimate."""
    if not placed or plan.tokens_per_s is None or plan.gpu is None:
        return None
    constants = catalog.constants("training")
    cards = [card_of(catalog.gpu(each.gpu)) for each in placed]
    there = estimate_speed([each.run for each in placed], cards, constants)
    here = estimate_speed([plan.run(catalog)], [card_of(catalog.gpu(plan.gpu))], constants)
    counts = np.array([each.run.gpus for each in placed], dtype=float)
    estimated = there.tokens_per_s_per_gpu * counts / answers_of(plan.work.objective)
    measured = np.array([each.row.numbers["training_tokens_per_second"] for each in placed])
    return _calibrated(
        "speed", measured / estimated, there.sigma, placed, spread(plan.tokens_per_s, float(here.sigma[0])),
        float(here.sigma[0]), plan, catalog,
    )  # fmt: skip


def memory_calibration(
    placed: Sequence[PlacedRun], plan: TrainingPlan, catalog: Catalog
) -> tuple[Calibration, FitOfCase]:
    """Peak memory of a card at the case's length, and whether it fits."""
    constants, gpu = catalog.constants("memory"), catalog.gpu(str(plan.gpu))
    there = estimate_memory([each.run for each in placed], constants)
    here = estimate_memory([plan.run(catalog)], constants)
    estimated = np.array([_of_kind(there, k, each.row) for k, each in enumerate(placed)])
    measured = np.array([memory_gib(each.row) or np.nan for each in placed])
    sigma, middle = float(here.sigma[0]), float(here.process_gib[0])
    found = _calibrated(
        "memory", measured / estimated, there.sigma, placed, spread(middle, sigma), sigma, plan, catalog
    )
    error = _error("memory", measured / estimated, there.sigma, placed, sigma, plan, catalog)
    after = replace(
        here,
        need_gib=here.need_gib * error.ratio,
        need_if_larger_gib=here.need_gib * error.ratio,
        sigma=np.array([error.sigma]),
    )
    words = [str(fits(each, gpu.memory_gib, constants)[0]) for each in (here, after)]
    chances = [float(fit_probability(each, gpu.memory_gib, constants)[0]) for each in (here, after)]
    return found, FitOfCase(gpu.short_name, words[0], words[1], chances[0], chances[1])


def _of_kind(found: MemoryEstimate, place: int, row: ResultRow) -> float:
    """The estimate of what was measured: the process as the driver shows it, or what the library says it holds."""
    kinds = {"process": found.process_gib, "reserved": found.reserved_gib, "allocated": found.allocated_gib}
    return float(kinds[row.texts.get("memory_kind", "process")][place])


def _error(
    name: str,
    ratios: np.ndarray,
    sigmas: np.ndarray,
    placed: Sequence[PlacedRun],
    own_sigma: float,
    plan: TrainingPlan,
    catalog: Catalog,
) -> CalibratedError:
    lengths = np.array([each.run.seq_len for each in placed], dtype=float)
    share, run_spread = catalog.number("pilot_common_share"), catalog.number(RUN_SPREAD[name])
    return calibrated_error(ratios, sigmas, lengths, own_sigma, float(plan.work.sequence), share, run_spread)


def _calibrated(
    name: str,
    ratios: np.ndarray,
    sigmas: np.ndarray,
    placed: Sequence[PlacedRun],
    before: Prediction,
    own_sigma: float,
    plan: TrainingPlan,
    catalog: Catalog,
) -> Calibration:
    error = _error(name, ratios, sigmas, placed, own_sigma, plan, catalog)
    lengths = tuple(sorted({float(each.run.seq_len) for each in placed}))
    after = spread(before.middle * error.ratio, error.sigma)
    return Calibration(name, before, after, error.ratio, len(placed), lengths, float(plan.work.sequence))
