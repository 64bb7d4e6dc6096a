"""Which cards, how many and how fast: the estimators evaluated for every card of the catalog.

Nothing here depends on prices, volumes or dates, so results are cached by model and lengths.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.catalog.catalog import Catalog
from advisor.engineering.descriptions import (
    PAIRS,
    Method,
    Objective,
    TrainingRun,
)
from advisor.engineering.from_catalog import architecture_of, card_of
from advisor.engineering.many_lengths import RunsOfAnyLength, runs_of_any_length, speed_at_lengths
from advisor.engineering.memory import estimate_memory, fits
from advisor.engineering.serving import ServingEstimate
from advisor.engineering.serving_ways import GPU_COUNTS, REMEMBERED, deployments, estimates

Array = NDArray[np.float64]

MICRO_BATCHES = (1, 2, 4, 8)
"""Candidates per card. Larger ones gain little speed and train worse."""
TOGETHER = 16
"""Lengths of samples that are looked at together: so few that their setups stay in the cache of the processor."""


@dataclass(frozen=True)
class TrainingSetups:
    """Ways to train one model, one entry for each: ``gpus`` cards of one kind, with the fastest micro-batch that fits.

    Where nothing fits, ``tokens_per_s`` and ``mfu`` are nan. "tight" in ``fits`` does not count as fitting.
    """

    gpu: tuple[str, ...]  # ids of the catalog
    gpus: Array
    micro_batch: Array  # samples per card
    fits: NDArray[np.str_]  # yes, tight or no
    need_gib: Array  # of each card
    tokens_per_s: Array  # of all cards together
    mfu: Array  # fraction
    sigma: Array  # standard deviation of the logarithm of measured over estimated speed


@dataclass(frozen=True)
class ServingSetups:
    """Ways to serve one model, one entry for each: a replica on ``gpus`` cards of one kind.

    The batch is the largest that still gives each user the wanted speed.
    """

    gpu: tuple[str, ...]  # ids of the catalog
    gpus: Array
    estimate: ServingEstimate

    @property
    def carries(self) -> NDArray[np.bool_]:
        """True where the model fits and reaches the wanted speed."""
        return np.asarray(self.estimate.fits & (self.estimate.requests_per_s > 0))


def training_run(
    catalog: Catalog,
    model: str,
    method: Method,
    sequence: int,
    micro_batch: int,
    gpus: int,
    objective: Objective = "sft",
) -> TrainingRun:
    """A run as common trainers do it: checkpointing, flash attention, mixed precision, FSDP over several cards.

    Parameters
    ----------
    catalog : Catalog
    model : str, id of an open-weight model
    method : Method
    sequence : int [tokens/sample], as processed
    micro_batch : int [samples], per card
    gpus : int [GPUs]
    objective : Objective

    Returns
    -------
    TrainingRun
    """
    return TrainingRun(
        model=architecture_of(catalog.model(model)),
        method=method,
        micro_batch=micro_batch,
        seq_len=sequence,
        objective=objective,
        weight_bits=4 if method == "qlora" else 16,
        fp32_masters=method == "full",
        checkpointing="full",
        flash_attention=True,
        gpus=gpus,
        sharding="fsdp" if gpus > 1 else "none",
        loss="plain",
    )


@lru_cache(REMEMBERED)
def training_setups(
    catalog: Catalog, model: str, method: Method, sequence: int, objective: Objective = "sft"
) -> TrainingSetups:
    """Every card of the catalog in counts of 1, 2, 4 and 8, with the fastest micro-batch that fits.

    Parameters
    ----------
    catalog : Catalog
    model : str, id of an open-weight model
    method : Method
    sequence : int [tokens/sample], as processed
    objective : Objective

    Returns
    -------
    TrainingSetups, one entry for each card and count
    """
    return training_setups_together(catalog, model, method, [sequence], objective)[0]


def training_setups_together(
    catalog: Catalog, model: str, method: Method, sequences: Sequence[int], objective: Objective = "sft"
) -> list[TrainingSetups]:
    """``training_setups`` at many lengths at once.

    Parameters
    ----------
    catalog : Catalog
    model : str, id of an open-weight model
    method : Method
    sequences : sequence of int [tokens/sample], as processed
    objective : Objective

    Returns
    -------
    list of TrainingSetups, one for each element of sequences
    """
    ways = _training_ways(catalog, model, method, objective)
    found: list[TrainingSetups] = []
    for start in range(0, len(sequences), TOGETHER):
        found += _at_lengths(catalog, ways, np.array(sequences[start : start + TOGETHER], dtype=float)[:, np.newaxis])
    return found


class _TrainingWays(NamedTuple):
    """Every card in every count, whatever the length: ``runs`` are the counts with their micro-batches."""

    gpu: tuple[str, ...]
    gpus: Array
    runs: tuple[TrainingRun, ...]
    room_gib: Array
    on_cards: RunsOfAnyLength
    answers: float  # of one example


@lru_cache(REMEMBERED)
def _training_ways(catalog: Catalog, model: str, method: Method, objective: Objective) -> _TrainingWays:
    cards = [card_of(gpu) for gpu in catalog.gpus.values()]
    runs = tuple(
        training_run(catalog, model, method, 1, micro_batch, count, objective)
        for count in GPU_COUNTS
        for micro_batch in MICRO_BATCHES
    )
    holding = [card for card in cards for _ in runs]
    return _TrainingWays(
        gpu=tuple(card.name for card in cards for _ in GPU_COUNTS),
        gpus=np.array(GPU_COUNTS * len(cards), dtype=float),
        runs=runs,
        room_gib=np.array([[[card.memory_gib]] for card in cards]),
        on_cards=runs_of_any_length(runs * len(cards), holding, catalog.constants("training")),
        answers=answers_of(objective),
    )


def _at_lengths(catalog: Catalog, ways: _TrainingWays, lengths: Array) -> list[TrainingSetups]:
    """The setups for each of the lengths (lengths, 1) [tokens/sample]."""
    shape = (len(lengths), len(ways.gpu), len(MICRO_BATCHES))
    memory = estimate_memory(ways.runs, catalog.constants("memory"), lengths)
    verdict = np.moveaxis(fits(memory, ways.room_gib, catalog.constants("memory")), 0, 1).reshape(shape)
    need = np.broadcast_to(memory.process_gib[:, np.newaxis], (len(lengths), len(ways.room_gib), len(ways.runs)))
    speed = speed_at_lengths(ways.on_cards, lengths, catalog.constants("training"))
    rate, mfu, sigma = (a.reshape(shape) for a in (speed.tokens_per_s_per_gpu, speed.mfu, speed.sigma))
    best = np.argmax(np.where((verdict == "yes") & ~np.isnan(rate), rate, -1.0), axis=-1)[..., np.newaxis]

    def of_best(values: NDArray[Any]) -> NDArray[Any]:
        return np.take_along_axis(values.reshape(shape), best, axis=-1)[..., 0]

    works = (of_best(verdict) == "yes") & (of_best(rate) > 0)
    columns = {
        "micro_batch": np.array(MICRO_BATCHES, dtype=float)[best[..., 0]],
        "fits": of_best(verdict),
        "need_gib": of_best(need),
        "tokens_per_s": np.where(works, of_best(rate) * ways.gpus / ways.answers, np.nan),
        "mfu": np.where(works, of_best(mfu), np.nan),
        "sigma": np.where(works, of_best(sigma), np.nan),
    }
    found = [
        TrainingSetups(ways.gpu, ways.gpus, **{name: values[k] for name, values in columns.items()})
        for k in range(len(lengths))
    ]
    for each in found:
        _close(each)
    return found


def answers_of(objective: Objective) -> float:
    """Answers of one example: a pair is two. What a reference model reads counts in the speed.

    Parameters
    ----------
    objective : Objective

    Returns
    -------
    float [answers/example]
    """
    return 2.0 if objective in PAIRS else 1.0


def _close(record: TrainingSetups | ServingEstimate) -> None:
    """Make the arrays of a record read-only: it is remembered, and every later answer would change with them."""
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, np.ndarray):
            value.flags.writeable = False


@lru_cache(REMEMBERED)
def serving_setups(
    catalog: Catalog, model: str, input_tokens: float, output_tokens: float, precision: str, answer_speed: float
) -> ServingSetups:
    """Every card of the catalog in those counts of 1, 2, 4 and 8 that divide the model's attention heads.

    Parameters
    ----------
    catalog : Catalog
    model : str, id of an open-weight model
    input_tokens : float [tokens/request]
    output_tokens : float [tokens/request]
    precision : str, of the weights: a key of WEIGHT_BITS
    answer_speed : float [tokens/s], that each user sees

    Returns
    -------
    ServingSetups, one entry for each card and count

    Raises
    ------
    InputError
        If an answer has no token.
    """
    return serving_setups_together(catalog, model, precision, [(input_tokens, output_tokens, answer_speed)])[0]


def serving_setups_together(
    catalog: Catalog, model: str, precision: str, asked: Sequence[tuple[float, float, float]]
) -> list[ServingSetups]:
    """``serving_setups`` for many prompts, answers and speeds of one model at once.

    Parameters
    ----------
    catalog : Catalog
    model : str, id of an open-weight model
    precision : str, of the weights: a key of WEIGHT_BITS
    asked : sequence of (prompt, answer, speed for a user) [tokens/request, tokens/request, tokens/s]

    Returns
    -------
    list of ServingSetups, one for each element of asked

    Raises
    ------
    InputError
        If an answer has no token.
    """
    names, counts, one = deployments(catalog, model, precision)
    found: list[ServingSetups] = []
    for estimate in estimates(catalog, one, np.array(asked, dtype=float)):
        _close(estimate)
        found += [ServingSetups(names, counts, estimate.of_request(k)) for k in range(len(estimate.batch))]
    return found


def longest_run_hours(catalog: Catalog) -> float:
    """Duration of a run above which more or faster cards are considered.

    Parameters
    ----------
    catalog : Catalog

    Returns
    -------
    float [h]
    """
    return catalog.number("longest_run_hours")
