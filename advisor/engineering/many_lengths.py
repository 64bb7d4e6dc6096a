"""Training speed of the same runs at many sequence lengths: what no length changes is worked out once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from advisor.engineering.descriptions import Architecture, Card, TrainingRun
from advisor.engineering.distinct import distinct
from advisor.engineering.training import SpeedEstimate, speed_of
from advisor.engineering.training_constants import (
    RunConstants,
    RunNumbers,
    run_constants,
    run_numbers,
    seen_tokens,
)
from advisor.engineering.training_layout import model_cards
from advisor.engineering.training_slowdowns import LONG_SAMPLE
from advisor.engineering.training_spread import SMALL_BATCH, spread_of

Array = NDArray[np.float64]
Constants = Mapping[str, float]


@dataclass(frozen=True)
class RunsOfAnyLength:
    """Runs of one model on their cards, whatever their length.

    ``numbers`` are those of samples of one token. ``sigma`` is the uncertainty below the first of ``edges``, from one
    edge to the next, and above the last.
    """

    model: Architecture
    numbers: RunNumbers
    chosen: RunConstants
    edges: Array  # tokens/sample
    sigma: Array  # (edges + 1, runs) [-]


def runs_of_any_length(runs: Sequence[TrainingRun], cards: Sequence[Card], constants: Constants) -> RunsOfAnyLength:
    """What can be said of the runs before their length is known.

    Parameters
    ----------
    runs : sequence of TrainingRun, at least one, all of one model; their own lengths are passed over
    cards : sequence of Card, one for each run
    constants : mapping of str to float, of the training estimator

    Returns
    -------
    RunsOfAnyLength
    """
    own, which = distinct(runs)
    small = [ceil(SMALL_BATCH * model_cards(run) / run.micro_batch) for run in own]
    edges, until = np.array(sorted({*small, LONG_SAMPLE}), dtype=float), np.array(small)[which]

    def of_lengths(lengths: Sequence[int]) -> list[TrainingRun]:
        changed = [replace(run, seq_len=length) for run, length in zip(own, lengths, strict=True)]
        return [changed[k] for k in which.tolist()]

    of_one = of_lengths([1] * len(own))
    least, middle, most = (
        spread_of(of_lengths(lengths), cards, constants)
        for lengths in ([1] * len(own), small, [LONG_SAMPLE] * len(own))
    )
    begins = np.concatenate([[1.0], edges])[:, np.newaxis]
    return RunsOfAnyLength(
        own[0].model,
        run_numbers(of_one, cards, constants),
        run_constants(of_one, cards, constants),
        edges,
        np.where(begins >= LONG_SAMPLE, most, np.where(begins >= until, middle, least)),
    )


def speed_at_lengths(runs: RunsOfAnyLength, lengths: Array, constants: Constants) -> SpeedEstimate:
    """Speed of every run at every length.

    Parameters
    ----------
    runs : RunsOfAnyLength
    lengths : array (lengths, 1) [tokens/sample]
    constants : mapping of str to float, of the training estimator

    Returns
    -------
    SpeedEstimate [s, tokens/s/GPU, fraction], each (lengths, runs)
    """
    one = runs.numbers
    numbers = replace(
        one,
        tokens=one.tokens * lengths,
        sequence=lengths,
        seen=seen_tokens(runs.model, lengths),
        dispatched_bytes=one.dispatched_bytes * lengths,
        scattered_bytes=one.scattered_bytes * lengths,
        summed_bytes=one.summed_bytes * lengths,
        seen_bytes=one.seen_bytes * lengths,
    )
    sigma = runs.sigma[np.searchsorted(runs.edges, lengths[:, 0], side="right")]
    return speed_of(numbers, runs.chosen, sigma, constants)
