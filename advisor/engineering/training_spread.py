"""How far an estimate of training speed may be off: a part that is always there, and one for all that is not known."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from advisor.engineering.descriptions import Card, TrainingRun
from advisor.engineering.distinct import distinct
from advisor.engineering.prediction import combined
from advisor.engineering.training_constants import WEIGHT_SHARDING
from advisor.engineering.training_layout import linked_cards, model_cards
from advisor.engineering.training_slowdowns import INT8, LONG_SAMPLE, is_mixture, loops_over_experts
from advisor.engineering.usual import usual_sharding

SMALL_BATCH = 2048  # tokens
NEWER = "Hopper"
"""The architecture for which plain trainers were not written."""
WITHOUT_ROWS = ("Blackwell", "CDNA", "RDNA", "Gaudi", "Turing", "Volta")
"""Architectures on which few or no runs were measured."""


def spread_of(
    runs: Sequence[TrainingRun], cards: Sequence[Card], constants: Mapping[str, float]
) -> NDArray[np.float64]:
    """Standard deviation of the logarithm of measured over estimated speed.

    Parameters
    ----------
    runs : sequence of TrainingRun
    cards : sequence of Card, one for each run
    constants : mapping of str to float, of the training estimator

    Returns
    -------
    array (runs,) [-]
    """
    own, which = distinct(cards)
    kinds = [_kind(card) for card in own]
    known: dict[tuple[object, ...], float] = {}

    def one(run: TrainingRun, place: int) -> float:
        key = (id(run), kinds[place])
        if key not in known:
            known[key] = combined(constants[f"sigma_{part}"] for part in parts(run, own[place]))
        return known[key]

    return np.fromiter((one(*pair) for pair in zip(runs, which.tolist(), strict=True)), dtype=float)


def _kind(card: Card) -> tuple[object, ...]:
    """What :func:`parts` looks at of a card."""
    named = (NEWER, *WITHOUT_ROWS)
    return (card.link_gb_s is None, linked_cards(card), *(name in card.architecture for name in named))


def parts(run: TrainingRun, card: Card) -> tuple[str, ...]:
    """Names of what makes the estimate of a run uncertain.

    Parameters
    ----------
    run : TrainingRun
    card : Card

    Returns
    -------
    tuple of str
    """
    several = run.gpus > 1
    small = run.micro_batch * run.seq_len / model_cards(run) < SMALL_BATCH
    quantised = run.method == "qlora"
    over_pcie = card.link_gb_s is None and several and usual_sharding(run) in (*WEIGHT_SHARDING, "zero1", "zero2")
    said = {
        "always": True,
        "unnamed": run.software is None and not run.own_loop,
        "own_loop": run.own_loop,
        "framework": run.framework is None and run.software == "fused",
        "plain": run.software == "plain",
        "newer": run.software == "plain" and NEWER in card.architecture,
        "card": any(name in card.architecture for name in WITHOUT_ROWS),
        "experts": is_mixture(run.model),
        "expert_loop": loops_over_experts(run) and run.grouped_experts is None,
        "small_batch": small,
        "micro_batch": run.micro_batch_assumed,
        "seq_len": run.seq_len_assumed,
        "checkpointing": run.checkpointing is None,
        "lengths": run.variable_lengths is not False and not run.packing,
        "dora": run.dora,
        "int8": quantised and round(run.weight_bits) == INT8,
        "quantised": quantised and run.software != "fused",
        "quantised_long": quantised
        and run.software != "fused"
        and run.seq_len >= LONG_SAMPLE
        and run.quantised_float32 is None,
        "layout": run.software == "megatron" and several and model_cards(run) == 1,
        "pcie": over_pcie,
        "offload": run.cpu_offload,
        "nodes": run.gpus > linked_cards(card),
        "objective": run.objective != "sft",
        "rollouts": run.objective == "grpo",
        "vision": run.vision,
    }
    return tuple(name for name, holds in said.items() if holds)
