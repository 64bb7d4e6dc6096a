"""How the cards of a training run share one model, and what links them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from advisor.engineering.descriptions import Card, Link, TrainingRun

Array = NDArray[np.float64]
Constants = Mapping[str, float]

GPUS_PER_NODE, GPUS_PER_RACK = 8, 72
RACK_SCALE = ("gb200", "gb300")
"""Cards whose NVLink joins a whole rack."""


def computes_in_turn(run: TrainingRun) -> bool:
    """Whether the layers of one model lie on all cards, which compute in turn: nothing is said to be shared.

    Parameters
    ----------
    run : TrainingRun

    Returns
    -------
    bool
    """
    stated = (run.tensor_parallel, run.pipeline_parallel, run.context_parallel, run.expert_parallel)
    return run.gpus > 1 and run.sharding == "none" and run.software != "megatron" and not any(stated)


def model_cards(run: TrainingRun) -> int:
    """Cards that share one copy of the model: tensor, pipeline and context parallel, at most those of the run.

    Parameters
    ----------
    run : TrainingRun

    Returns
    -------
    int [GPUs]
    """
    if computes_in_turn(run):
        return run.gpus
    cards = (run.tensor_parallel or 1) * (run.pipeline_parallel or 1) * (run.context_parallel or 1)
    return max(1, min(cards, run.gpus))


def linked_cards(card: Card) -> int:
    """Cards that fast links join: those of a machine, or of a rack.

    Parameters
    ----------
    card : Card

    Returns
    -------
    int [GPUs]
    """
    return GPUS_PER_RACK if card.name.startswith(RACK_SCALE) else GPUS_PER_NODE


def rates_of(links: Sequence[Link], cards: Sequence[Card], constants: Constants) -> Array:
    """Rates of the links of the runs [bytes/s].

    Parameters
    ----------
    links : sequence of Link
    cards : sequence of Card, one for each link
    constants : mapping of str to float, of the training estimator

    Returns
    -------
    array [bytes/s]
    """
    known = {"pcie": constants["pcie_gb_s"], "network": constants["network_gb_s"]}
    return 1e9 * np.array(
        [
            constants["nvlink_share"] * (card.link_gb_s or 0) if link == "nvlink" else known[link]
            for link, card in zip(links, cards, strict=True)
        ]
    )


def within_a_copy(run: TrainingRun) -> TrainingRun:
    """The run as far as the cards that share layers and samples see it: those of one machine, where they are so few.

    Parameters
    ----------
    run : TrainingRun

    Returns
    -------
    TrainingRun
    """
    cards = (run.tensor_parallel or 1) * (run.context_parallel or 1)
    return replace(run, gpus=cards, link=None if run.link == "network" else run.link)


def link_of(run: TrainingRun, card: Card) -> Link:
    """Link between the cards of a run; where it is not stated, what servers with this card have.

    Parameters
    ----------
    run : TrainingRun
    card : Card

    Returns
    -------
    Link
    """
    if run.link is not None:
        return run.link if card.link_gb_s is not None or run.link != "nvlink" else "pcie"
    if card.link_gb_s is None:
        return "pcie"
    return "nvlink" if run.gpus <= linked_cards(card) else "network"
