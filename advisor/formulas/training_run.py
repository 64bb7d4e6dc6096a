"""Amount and duration of a training run: processed tokens, optimiser steps, hours and GPU hours.

Rates are per second (FLOP/s, tokens/s). Every argument may be a float or an array. Undefined is nan.
"""

import numpy as np
from numpy.typing import NDArray

from advisor.formulas.constants import SECONDS_PER_HOUR
from advisor.formulas.division import ratio
from advisor.formulas.training import utilisation

Numbers = float | NDArray[np.float64]


def tokens_padded(examples: Numbers, epochs: Numbers, padded_length: Numbers) -> Numbers:
    """Tokens the cards work through when every example is padded to one length [tokens].

    Padding costs as much as text: 200-token examples padded to 1024 are five times their tokens.

    Parameters
    ----------
    examples : float or array [examples/epoch]
    epochs : float or array [count]
    padded_length : float or array [tokens/example]

    Returns
    -------
    float or array [tokens]
    """
    return examples * epochs * padded_length


def tokens_packed(examples: Numbers, epochs: Numbers, mean_length: Numbers, packing_efficiency: Numbers) -> Numbers:
    """Tokens the cards work through when short examples share a sequence [tokens].

    ``packing_efficiency`` is the share of a sequence that is text. Never put the maximum length here.

    Parameters
    ----------
    examples : float or array [examples/epoch]
    epochs : float or array [count]
    mean_length : float or array [tokens/example]
    packing_efficiency : float or array [fraction]

    Returns
    -------
    float or array [tokens]
    """
    return ratio(examples * epochs * mean_length, packing_efficiency)


def optimizer_steps(examples: Numbers, effective_batch: Numbers, epochs: Numbers) -> Numbers:
    """Optimiser steps of a run [steps]. Every epoch ends in a short batch: round up first, then multiply.

    Parameters
    ----------
    examples : float or array [examples/epoch]
    effective_batch : float or array [examples/step]
    epochs : float or array [count]

    Returns
    -------
    float or array [steps]
    """
    steps_per_epoch: Numbers = np.ceil(np.round(ratio(examples, effective_batch), 9))
    return steps_per_epoch * epochs


def required_share_of_peak(flop_per_step: Numbers, seconds_per_step: Numbers, peak: Numbers) -> Numbers:
    """Share of the dense peak that a stated step time asks for [fraction].

    Above 1 it is impossible; above 0.8 it has never been measured. A step of 1.5 s for 7B parameters, batch
    32 and 1024 tokens (article 002) asks 2.94 of an A100.

    Parameters
    ----------
    flop_per_step : float or array [FLOP]
    seconds_per_step : float or array [s]
    peak : float or array [FLOP/s], dense, of one card

    Returns
    -------
    float or array [fraction]

    References
    ----------
    Article 002, for the step of 1.5 s.
    """
    return utilisation(flop_per_step, seconds_per_step, peak)


def hours_at_utilisation(flop: Numbers, peak: Numbers, share_of_peak: Numbers, gpus: Numbers) -> Numbers:
    """Hours of so much arithmetic at an assumed share of the peak [h].

    The share must count recomputation if ``flop`` does: 0.5 of one is 0.375 of the other.

    Parameters
    ----------
    flop : float or array [FLOP]
    peak : float or array [FLOP/s], dense, of one card
    share_of_peak : float or array [fraction]
    gpus : float or array [GPUs]

    Returns
    -------
    float or array [h]
    """
    seconds = ratio(flop, peak * share_of_peak * gpus)
    return seconds / SECONDS_PER_HOUR


def hours_at_speed(tokens: Numbers, tokens_per_s_per_gpu: Numbers, gpus: Numbers) -> Numbers:
    """Hours to work through the processed tokens [h].

    Parameters
    ----------
    tokens : float or array [tokens]
    tokens_per_s_per_gpu : float or array [tokens/s/GPU]
    gpus : float or array [GPUs]

    Returns
    -------
    float or array [h]

    References
    ----------
    Model of this tool.
    """
    seconds = ratio(tokens, tokens_per_s_per_gpu * gpus)
    return seconds / SECONDS_PER_HOUR


def hours_at_step_time(steps: Numbers, seconds_per_step: Numbers) -> Numbers:
    """Hours of a run whose step time somebody measured [h]. Ask first whether the card can do it.

    Parameters
    ----------
    steps : float or array [steps]
    seconds_per_step : float or array [s/step]

    Returns
    -------
    float or array [h]
    """
    return steps * seconds_per_step / SECONDS_PER_HOUR


def run_hours(training_hours: Numbers, evaluation_share: Numbers, startup_hours: Numbers) -> Numbers:
    """Wall clock of one run [h]: training, evaluation and checkpoints beside it, loading before it.

    Parameters
    ----------
    training_hours : float or array [h]
    evaluation_share : float or array [fraction], of the training hours
    startup_hours : float or array [h]

    Returns
    -------
    float or array [h]

    References
    ----------
    Model of this tool.
    """
    return training_hours * (1 + evaluation_share) + startup_hours


def planned_gpu_hours(hours_per_run: Numbers, gpus: Numbers, runs: Numbers) -> Numbers:
    """GPU hours to pay for [GPU h], ``runs`` counting the failed ones: the first run is rarely the one kept.

    Parameters
    ----------
    hours_per_run : float or array [h]
    gpus : float or array [GPUs]
    runs : float or array [count]

    Returns
    -------
    float or array [GPU h]
    """
    return hours_per_run * gpus * runs
