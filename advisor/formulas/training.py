"""Time of a training run: what one micro-step costs on one card, then steps, hours and GPU hours.

A micro-step is one forward and backward pass over ``tokens`` = micro-batch x sequence length on one GPU.
Amounts are whole (FLOP, bytes, parameters), rates per second (FLOP/s, bytes/s). Every argument may be a
float or an array. Undefined is nan.
"""

import numpy as np
from numpy.typing import NDArray

from advisor.formulas.constants import SECONDS_PER_HOUR
from advisor.formulas.division import ratio

Numbers = float | NDArray[np.float64]


def tokens_padded(examples: Numbers, epochs: Numbers, padded_length: Numbers) -> Numbers:
    """Tokens the cards work through when every example is padded to one length [tokens].

    Padding costs as much as text: 200-token examples padded to 1024 are five times their tokens.
    """
    return examples * epochs * padded_length


def tokens_packed(examples: Numbers, epochs: Numbers, mean_length: Numbers, packing_efficiency: Numbers) -> Numbers:
    """Tokens the cards work through when short examples share a sequence [tokens].

    ``packing_efficiency`` is the share of a sequence that is text. Never put the maximum length here.
    """
    return ratio(examples * epochs * mean_length, packing_efficiency)


def optimizer_steps(examples: Numbers, effective_batch: Numbers, epochs: Numbers) -> Numbers:
    """Optimiser steps of a run [steps]. Every epoch ends in a short batch: round up first, then multiply."""
    steps_per_epoch: Numbers = np.ceil(np.round(ratio(examples, effective_batch), 9))
    return steps_per_epoch * epochs


def matmul_passes(trained_share: Numbers, recomputed_share: Numbers) -> Numbers:
    """Forward-sized matrix products of one step [forward passes].

    Forward, gradient of the activations, gradient of the weights that are trained (LoRA saves this one of
    three, not more), and what checkpointing computes a second time.
    """
    return 2 + trained_share + recomputed_share


def matmul_flop(passes: Numbers, parameters: Numbers, tokens: Numbers) -> Numbers:
    """Matrix products [FLOP]: a multiply and an add for every parameter, token and pass.

    ``parameters`` without the input embedding, which is looked up, not multiplied; of a mixture of
    experts only those a token visits.
    """
    return 2 * passes * parameters * tokens


def embedding_copies(
    parameters: Numbers, layers: Numbers, layer_attention: Numbers, layer_mlp: Numbers, embedding: Numbers
) -> Numbers:
    """Whether input embedding and output layer are one matrix or two [copies], by what the total leaves over.

    ``layer_mlp`` is one matrix of the MLP, all experts together; a gated MLP has three, a plain one two.
    """
    candidates = [(copies, matrices) for copies in (1.0, 2.0) for matrices in (3.0, 2.0)]
    totals = [layers * (layer_attention + matrices * layer_mlp) + copies * embedding for copies, matrices in candidates]
    nearest = np.argmin(np.abs(np.asarray(totals) - parameters), axis=0)
    copies: Numbers = np.asarray([copies for copies, _ in candidates])[nearest]
    return copies


def attention_flop(
    tokens: Numbers, sequence: Numbers, width: Numbers, layers: Numbers, recomputed_share: Numbers
) -> Numbers:
    """Causal attention, forward and backward [FLOP]; ``width`` = heads x head dimension.

    A token looks back over half the sequence on average: 4 x width x sequence / 2 a layer. The backward
    pass of flash attention takes 2.5 forward passes, it computes the scores again (Dao 2023).
    """
    forward = 2 * layers * width * sequence * tokens
    return forward * (3.5 + recomputed_share)


def sustained_share(
    watts_per_tflops: Numbers, enough: Numbers, exponent: Numbers, family: Numbers, best: Numbers
) -> Numbers:
    """Share of the dense peak that large matrix products keep up [fraction].

    Peaks are computed at a clock that the power limit does not allow for long: the fewer watts a card
    has for each TFLOP/s of its data sheet, the further it throttles; with ``enough`` it does not.
    ``family`` is what a generation of chips does better or worse at the same power.
    """
    throttled = family * ratio(watts_per_tflops, enough) ** exponent
    return best * np.minimum(1.0, throttled)


def compute_seconds(flop: Numbers, peak: Numbers, share: Numbers) -> Numbers:
    """Time of so many FLOP at a share of the dense peak [s]. Data sheets print the sparse peak, twice it."""
    return ratio(flop, peak * share)


def activation_bytes(tokens: Numbers, hidden: Numbers, kv_width: Numbers, mlp_width: Numbers) -> Numbers:
    """What one layer with a gated MLP keeps for its backward pass, 16 bit [bytes] (Korthikanti et al. 2022).

    About 34 bytes per hidden unit in Llama; ``mlp_width`` counts every expert a token visits.
    """
    return tokens * (12 * hidden + 4 * kv_width + 6 * mlp_width)


def score_bytes(tokens: Numbers, sequence: Numbers, heads: Numbers) -> Numbers:
    """Attention scores a layer writes out without flash attention [bytes]. Grows with length squared."""
    return 5 * heads * sequence * tokens


def elementwise_bytes(kept_bytes: Numbers, layers: Numbers, visits: Numbers, recomputed_share: Numbers) -> Numbers:
    """Memory traffic of norms, activation functions, residuals and adapters of one step [bytes].

    ``visits``: how often what a layer keeps is read or written, in quarters: one forward, two backward,
    and half of one for what checkpointing repeats, since a repeated pass writes less.
    """
    share = (3 + 0.5 * recomputed_share) / 4
    return visits * layers * kept_bytes * share


def transfer_seconds(moved_bytes: Numbers, bandwidth: Numbers) -> Numbers:
    """Time to move so many bytes [s]."""
    return ratio(moved_bytes, bandwidth)


def ramp(tokens: Numbers, ramp_tokens: Numbers) -> Numbers:
    """How much slower small micro-batches run, because they do not fill the card [multiple]."""
    return 1 + ratio(ramp_tokens, tokens)


def unpack_bytes(parameters: Numbers, passes: Numbers, bytes_per_parameter: Numbers) -> Numbers:
    """Traffic of turning low-bit weights into 16 bit, once in every pass [bytes].

    Independent of the tokens, so it weighs most on small batches. All experts count, not only those visited.
    """
    return parameters * passes * bytes_per_parameter


def collective_bytes(whole_bytes: Numbers, collectives: Numbers, gpus: Numbers) -> Numbers:
    """Bytes one card sends and receives for ``collectives`` gathers or reductions of the whole [bytes]."""
    return collectives * whole_bytes * ratio(gpus - 1, gpus)


def micro_step_seconds(
    compute: Numbers, launch_floor: Numbers, link: Numbers, overlapped: Numbers, optimizer: Numbers
) -> Numbers:
    """One micro-step [s]; ``overlapped`` is 1 where communication hides behind computation, 0 where it waits.

    Kernels cannot be issued faster than the launch floor. Only the longer of two overlapped works counts;
    adding them, or forgetting the link of cards without NVLink, are the two classic mistakes.
    """
    issued = np.maximum(compute, launch_floor)
    hidden = np.maximum(issued, link)
    exposed = issued + link
    seconds: Numbers = np.where(overlapped, hidden, exposed)[()] + optimizer
    return seconds


def tokens_per_second(tokens: Numbers, micro_step: Numbers) -> Numbers:
    """Training speed of one card [tokens/s]."""
    return ratio(tokens, micro_step)


def utilisation(flop: Numbers, seconds: Numbers, peak: Numbers) -> Numbers:
    """Share of the card's dense peak [fraction].

    MFU when ``flop`` is what the model needs, HFU when it includes what checkpointing repeats: a third
    more for full fine-tuning. The two must not be compared.
    """
    return ratio(flop, seconds * peak)


def required_share_of_peak(flop_per_step: Numbers, seconds_per_step: Numbers, peak: Numbers) -> Numbers:
    """Share of the dense peak that a stated step time asks for [fraction].

    Above 1 no card can do it; above 0.8 none has been seen to. A step of 1.5 s for 7B parameters, batch
    32 and 1024 tokens (article 002) asks 2.94 of an A100.
    """
    return utilisation(flop_per_step, seconds_per_step, peak)


def hours_at_utilisation(flop: Numbers, peak: Numbers, share_of_peak: Numbers, gpus: Numbers) -> Numbers:
    """Hours of so much arithmetic at an assumed share of the peak [h].

    The share must count recomputation if ``flop`` does: 0.5 of one is 0.375 of the other.
    """
    seconds = ratio(flop, peak * share_of_peak * gpus)
    return seconds / SECONDS_PER_HOUR


def hours_at_speed(tokens: Numbers, tokens_per_s_per_gpu: Numbers, gpus: Numbers) -> Numbers:
    """Hours to work through the processed tokens [h]."""
    seconds = ratio(tokens, tokens_per_s_per_gpu * gpus)
    return seconds / SECONDS_PER_HOUR


def hours_at_step_time(steps: Numbers, seconds_per_step: Numbers) -> Numbers:
    """Hours of a run whose step time somebody measured [h]. Ask first whether the card can do it."""
    return steps * seconds_per_step / SECONDS_PER_HOUR


def run_hours(training_hours: Numbers, evaluation_share: Numbers, startup_hours: Numbers) -> Numbers:
    """Wall clock of one run [h]: training, evaluation and checkpoints beside it, loading before it."""
    return training_hours * (1 + evaluation_share) + startup_hours


def planned_gpu_hours(hours_per_run: Numbers, gpus: Numbers, runs: Numbers) -> Numbers:
    """GPU hours to pay for [GPU h], ``runs`` counting the failed ones: the first run is rarely the one kept."""
    return hours_per_run * gpus * runs
