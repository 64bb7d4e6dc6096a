"""Seconds of a micro-step that no card makes shorter, and how the parts of a step follow or hide one another.

Kernels are issued by the processor, experts called one after the other, a pipeline fills and drains. Every argument may
be a float or an array.
"""

import numpy as np
from numpy.typing import NDArray

from advisor.formulas.division import ratio

Numbers = float | NDArray[np.float64]


def launch_seconds(layers: Numbers, passes: Numbers, seconds_per_layer: Numbers) -> Numbers:
    """Time the processor takes to issue the kernels of a micro-step [s].

    It does not shrink with a faster card or a smaller batch, which is why small batches gain little on newer cards.

    Parameters
    ----------
    layers : float or array [count]
    passes : float or array [forward passes]
    seconds_per_layer : float or array [s], of one pass

    Returns
    -------
    float or array [s]
    """
    return layers * passes * seconds_per_layer


def expert_loop_seconds(
    experts: Numbers, chosen_tokens: Numbers, layers: Numbers, passes: Numbers, seconds_per_expert: Numbers
) -> Numbers:
    """Time to call the experts of a mixture one after the other, as trainers without grouped kernels do [s].

    Parameters
    ----------
    experts : float or array [count], of one layer
    chosen_tokens : float or array [tokens], tokens times the experts of each: no more experts are called
    layers : float or array [count]
    passes : float or array [forward passes]
    seconds_per_expert : float or array [s]

    Returns
    -------
    float or array [s]
    """
    called: Numbers = np.minimum(experts, chosen_tokens)
    return called * layers * passes * seconds_per_expert


def issued_seconds(compute: Numbers, launch: Numbers) -> Numbers:
    """Time of computing whose kernels are issued meanwhile [s].

    The longer of both where one is much longer; near each other they wait for one another in turn, because the
    queue of kernels runs empty in some parts of a step and not in others.

    Parameters
    ----------
    compute : float or array [s]
    launch : float or array [s]

    Returns
    -------
    float or array [s]
    """
    seconds: Numbers = np.cbrt(np.asarray(compute) ** 3 + np.asarray(launch) ** 3)[()]
    return seconds


def pipeline_filling(micro_steps: Numbers, stages: Numbers) -> Numbers:
    """How much longer a step takes because a pipeline has to fill and to drain [multiple] (Narayanan et al. 2021).

    Parameters
    ----------
    micro_steps : float or array [count], of one step of the optimizer
    stages : float or array [count]

    Returns
    -------
    float or array [multiple]

    References
    ----------
    Narayanan et al. 2021.
    """
    return 1 + ratio(stages - 1, micro_steps)


def micro_step_seconds(
    issued: Numbers, link: Numbers, overlapped: Numbers, exposed_share: Numbers, filling: Numbers, update: Numbers
) -> Numbers:
    """One micro-step [s]; ``overlapped`` is 1 where communication hides behind computation, 0 where it waits.

    Only the longer of two overlapped works counts, and the share of the communication that has nothing to hide
    behind; adding them, or forgetting the link of cards without NVLink, are the two classic mistakes.

    Parameters
    ----------
    issued : float or array [s]
    link : float or array [s]
    overlapped : float or array [0/1]
    exposed_share : float or array [fraction], of overlapped communication
    filling : float or array [multiple], of a pipeline
    update : float or array [s], optimizer and what is done between steps

    Returns
    -------
    float or array [s]
    """
    hidden = np.maximum(issued, link) + exposed_share * link
    seconds: Numbers = np.where(overlapped, hidden, issued + link)[()] * filling + update
    return seconds
