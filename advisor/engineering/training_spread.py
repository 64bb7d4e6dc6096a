"""How far an estimate of training speed may be off: a part that is always there, and one for all that is not known."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from advisor.engineering.descriptions import Card, TrainingRun
from advisor.engineering.training_constants import WEIGHT_SHARDING, for_each, linked_cards, model_cards
from advisor.engineering.training_slowdowns import INT8, LONG_SAMPLE, is_mixture, loops_over_experts
from advisor.engineering.usual import usual_sharding

SMALL_BATCH = 2048  # tokens
SHARDED = (*WEIGHT_SHARDING, "zero1", "zero2")
WITHOUT_ROWS = ("Blackwell", "CDNA", "Turing", "Volta")
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
    variances = (constants[f"sigma_{part}"] ** 2 * holds for part, holds in _holding(runs, cards).items())
    return np.asarray(np.sqrt(sum(variances)))


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
    return tuple(name for name, holds in _holding([run], [card]).items() if holds[0])


def _holding(runs: Sequence[TrainingRun], cards: Sequence[Card]) -> dict[str, NDArray[np.float64]]:
    """What makes an estimate uncertain: 1 for the runs of which it holds, 0 for the others."""
    of_run, of_card = for_each(runs), for_each(cards)
    several = of_run(lambda run: run.gpus > 1)
    linked = of_card(lambda card: card.link_gb_s is not None)
    beyond = of_run(lambda run: run.gpus) > of_card(linked_cards)
    plain = of_run(lambda run: run.software == "plain")
    return {
        "always": np.ones(len(runs)),
        "unnamed": of_run(lambda run: run.software is None and not run.own_loop),
        "own_loop": of_run(lambda run: run.own_loop),
        "framework": of_run(lambda run: run.framework is None and run.software == "fused"),
        "plain": plain,
        "newer": plain * of_card(lambda card: "Hopper" in card.architecture),
        "card": of_card(lambda card: any(name in card.architecture for name in WITHOUT_ROWS)),
        "experts": of_run(lambda run: is_mixture(run.model)),
        "expert_loop": of_run(lambda run: loops_over_experts(run) and run.grouped_experts is None),
        "small_batch": of_run(lambda run: run.micro_batch * run.seq_len / model_cards(run) < SMALL_BATCH),
        "micro_batch": of_run(lambda run: run.micro_batch_assumed),
        "checkpointing": of_run(lambda run: run.checkpointing is None),
        "lengths": of_run(lambda run: run.variable_lengths is not False and not run.packing),
        "int8": of_run(lambda run: run.method == "qlora" and round(run.weight_bits) == INT8),
        "quantised": of_run(_quantised),
        "quantised_long": of_run(
            lambda run: _quantised(run) and run.seq_len >= LONG_SAMPLE and run.quantised_float32 is None
        ),
        "layout": several * of_run(lambda run: run.software == "megatron" and model_cards(run) == 1),
        "pcie": several * (1 - linked) * of_run(lambda run: usual_sharding(run) in SHARDED),
        "offload": of_run(lambda run: run.cpu_offload),
        "nodes": beyond.astype(float),
        "objective": of_run(lambda run: run.objective != "sft"),
        "rollouts": of_run(lambda run: run.objective == "grpo"),
        "vision": of_run(lambda run: run.vision),
    }


def _quantised(run: TrainingRun) -> bool:
    return run.method == "qlora" and run.software != "fused"
