"""Speed of a fine-tuning run on a card, and its bottleneck."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from advisor.engineering.descriptions import Card, TrainingRun
from advisor.engineering.training_constants import RunConstants, RunNumbers, run_constants, run_numbers
from advisor.engineering.training_spread import spread_of
from advisor.formulas import training as formulas
from advisor.formulas import training_run
from advisor.formulas import training_step as step

Array = NDArray[np.float64]
Constants = Mapping[str, float]


@dataclass(frozen=True)
class SpeedEstimate:
    """Seconds of one micro-step by what they are spent on, and the speed that follows; one entry for each run.

    ``launch_s`` is the least time it takes to launch the kernels; ``link_s`` may overlap with computation.
    ``bottleneck`` names the largest part that is not hidden behind another.
    """

    matmul_s: Array
    attention_s: Array
    memory_s: Array  # elementwise operations, bound by memory bandwidth
    small_batch_s: Array  # added because a small batch does not fill the card
    unpacking_s: Array  # dequantisation of 4-bit weights
    launch_s: Array
    link_s: Array
    optimizer_s: Array  # and what is done between steps: data, logging
    micro_step_s: Array  # forward and backward pass of one micro-batch
    tokens_per_s_per_gpu: Array
    sigma: Array  # standard deviation of the logarithm of measured over estimated speed
    mfu: Array  # fraction, without recomputation
    hfu: Array  # fraction, with recomputation
    bottleneck: tuple[str, ...]


def estimate_speed(runs: Sequence[TrainingRun], cards: Sequence[Card], constants: Constants) -> SpeedEstimate:
    """Speed of every run on its card.

    Parameters
    ----------
    runs : sequence of TrainingRun
    cards : sequence of Card, one for each run
    constants : mapping of str to float, of the training estimator

    Returns
    -------
    SpeedEstimate [s, tokens/s/GPU, fraction], one entry for each run

    References
    ----------
    The constants and their sources stand in ``data/estimators/training.yaml``.
    """
    numbers, chosen = run_numbers(runs, cards, constants), run_constants(runs, cards, constants)
    return speed_of(numbers, chosen, spread_of(runs, cards, constants), constants)


def speed_of(run: RunNumbers, constant: RunConstants, sigma: Array, constants: Constants) -> SpeedEstimate:
    """The same from arrays: every run at many lengths costs one pass.

    Parameters
    ----------
    run : RunNumbers, each (runs,) or (lengths, runs)
    constant : RunConstants, each (runs,)
    sigma : array (runs,) or (lengths, runs) [-]
    constants : mapping of str to float, of the training estimator

    Returns
    -------
    SpeedEstimate [s, tokens/s/GPU, fraction], of the shape of the runs
    """
    needed, executed = _flop(run, np.zeros_like(run.recomputed)), _flop(run, run.recomputed)
    computing = _computing(run, constant, executed)
    compute_s = _together(computing)
    launch_s = _launch_seconds(run, constant)
    issued_s = np.asarray(step.issued_seconds(compute_s, launch_s))
    link_s = _link_seconds(run, constant, constants)
    update_s = _update_seconds(run, constant, constants)
    filling = step.pipeline_filling(run.following, run.stages)
    training_s = step.micro_step_seconds(
        issued_s, link_s, constant.overlapped, constants["exposed_share"], filling, update_s
    )
    step_s = np.asarray(training_s * constant.rollouts)
    exposed = computing | {
        "launch_s": np.where(launch_s > compute_s, launch_s, 0.0),
        "link_s": np.where((constant.overlapped > 0) & (link_s < issued_s), 0.0, link_s),
        "optimizer_s": update_s,
    }
    names = [name.removesuffix("_s") for name in exposed]
    learnt = run.tokens / run.model_cards
    needed_flop = (needed["matmul"] + needed["attention"]) / run.model_cards
    executed_flop = (executed["matmul"] + executed["attention"]) / run.model_cards
    return SpeedEstimate(
        **computing,
        launch_s=launch_s,
        link_s=link_s,
        optimizer_s=update_s,
        micro_step_s=step_s,
        tokens_per_s_per_gpu=np.asarray(formulas.tokens_per_second(learnt, step_s)),
        sigma=sigma,
        mfu=np.asarray(formulas.utilisation(needed_flop, step_s, run.peak)),
        hfu=np.asarray(formulas.utilisation(executed_flop, step_s, run.peak)),
        bottleneck=tuple(np.array(names)[np.argmax(np.broadcast_arrays(*exposed.values()), axis=0)].ravel().tolist()),
    )


def share_of_peak(
    runs: Sequence[TrainingRun], cards: Sequence[Card], tokens_per_s_per_gpu: Array | float, constants: Constants
) -> Array:
    """Share of the card's peak that a stated speed requires: of its 8-bit peak where it has one.

    Recomputation by checkpointing does not count, nor do experts that were not chosen, so that no run is doubted
    because of them.

    Parameters
    ----------
    runs : sequence of TrainingRun
    cards : sequence of Card, one for each run
    tokens_per_s_per_gpu : float or array (runs,) [tokens/s/GPU], stated
    constants : mapping of str to float, of the training estimator

    Returns
    -------
    array (runs,) [fraction]
    """
    least = [replace(each, grouped_experts=True) if each.model.all_experts_computed else each for each in runs]
    run = run_numbers(least, cards, constants)
    needed = _flop(run, np.zeros_like(run.recomputed))
    peak = run.peak * np.where([card.fp8_tflops is not None for card in cards], constants["fp8"], 1.0)
    seconds = np.asarray(run.tokens / tokens_per_s_per_gpu)
    return np.asarray(training_run.required_share_of_peak(needed["matmul"] + needed["attention"], seconds, peak))


def _flop(run: RunNumbers, recomputed: Array) -> dict[str, Array]:
    """FLOP of one micro-step on all its cards. The output layer lies outside the checkpoints, never recomputed."""
    repeated = recomputed + run.compared
    passes = formulas.matmul_passes(run.full, repeated)
    head_passes = formulas.matmul_passes(run.head_trained, run.compared)
    layers = formulas.matmul_flop(passes, run.layer_parameters, run.tokens)
    adapters = formulas.matmul_flop(formulas.matmul_passes(1.0, repeated), run.adapter_parameters, run.tokens)
    head = formulas.matmul_flop(head_passes, run.head_parameters, run.tokens)
    attention = formulas.attention_flop(run.tokens, run.seen, run.attention_width, run.layers, repeated)
    return {"matmul": np.asarray(layers + adapters + head), "attention": np.asarray(attention)}


def _together(seconds: Mapping[str, Array]) -> Array:
    """Seconds of all parts."""
    return np.asarray(sum(seconds.values()))


def _computing(run: RunNumbers, constant: RunConstants, flop: Mapping[str, Array]) -> dict[str, Array]:
    """Seconds of the parts of the computation of a micro-step, which run one after the other, on each of its cards."""
    matmul = formulas.compute_seconds(flop["matmul"], run.peak, constant.share_of_peak)
    attention = formulas.compute_seconds(flop["attention"], run.peak, constant.share_of_peak)
    kept = formulas.activation_bytes(run.tokens, run.hidden, run.kv_width, run.mlp_width) + run.dispatched_bytes
    scores = formulas.score_bytes(run.tokens, run.sequence, run.heads)
    moved = kept + constant.scores_written * scores
    elementwise = formulas.elementwise_bytes(moved, run.layers, constant.visits, run.recomputed + 2 * run.compared)
    logits = formulas.loss_bytes(run.tokens, run.vocabulary, constant.logit_bytes)
    passes = formulas.matmul_passes(run.full, run.recomputed + run.compared)
    unpacked = formulas.unpack_bytes(run.packed_parameters, passes, constant.unpack_bytes)
    cards, slower = run.model_cards, constant.slowdown
    filled = {
        "matmul_s": np.asarray(matmul / constant.fp8_speedup * constant.matmul_slowdown * slower / cards),
        "attention_s": np.asarray(attention * constant.attention_slowdown * slower / cards),
        "memory_s": np.asarray(formulas.transfer_seconds(elementwise + logits, run.bandwidth) * slower / cards),
    }
    ramp = formulas.ramp(run.tokens, constant.ramp_tokens) - 1
    return filled | {
        "small_batch_s": np.asarray(_together(filled) * ramp),
        "unpacking_s": np.asarray(formulas.transfer_seconds(unpacked, run.bandwidth) * slower / cards),
    }


def _launch_seconds(run: RunNumbers, constant: RunConstants) -> Array:
    """Seconds in which the processor issues the kernels of one micro-step, or calls expert after expert."""
    passes = formulas.matmul_passes(run.full, run.recomputed + run.compared)
    layers = run.layers / run.stages
    launched = step.launch_seconds(layers, passes, constant.launch_seconds)
    chosen = run.tokens * run.experts_per_token
    looped = step.expert_loop_seconds(run.experts, chosen, layers, passes, constant.expert_seconds)
    return np.asarray((launched + looped) * constant.slowdown)


def _link_seconds(run: RunNumbers, constant: RunConstants, constants: Constants) -> Array:
    """All-gathers of sharded weights in every micro-step, the reduction of gradients once in an optimizer step.

    Tokens of a mixture cross to the cards of their experts and back, forward and backward.
    """
    gathered = formulas.collective_bytes(run.weight_bytes, constant.gathers, run.copies)
    gradients = constants["gradient_bytes"] * run.trained_parameters / run.model_cards
    reduced = formulas.collective_bytes(gradients, constant.reductions, run.copies)
    scattered = formulas.collective_bytes(run.scattered_bytes, 4.0, run.expert_cards)
    moved = gathered + reduced / run.accumulation + scattered
    from_host = constant.gathers * run.weight_bytes / run.model_cards / run.copies
    return np.asarray(
        formulas.transfer_seconds(moved, constant.link)
        + formulas.transfer_seconds(from_host, constant.host_link)
        + _inner_seconds(run, constant)
    )


def _inner_seconds(run: RunNumbers, constant: RunConstants) -> Array:
    """What the cards of one model send one another: results of each half layer, added and shared again in every pass;
    keys and values of one another's tokens."""
    passes = formulas.matmul_passes(0.0, run.recomputed + run.compared)
    summed = formulas.collective_bytes(run.summed_bytes / run.context_cards, 2 * passes, run.layer_cards)
    seen = formulas.collective_bytes(run.seen_bytes / run.layer_cards, passes, run.context_cards)
    return np.asarray(formulas.transfer_seconds(summed + seen, constant.inner_link))


def _update_seconds(run: RunNumbers, constant: RunConstants, constants: Constants) -> Array:
    """One pass over the optimizer state and what is done between steps, spread over the micro-steps of a step."""
    state = constants["optimizer_bytes"] * run.trained_parameters / run.model_cards / constant.state_shards
    moved = formulas.transfer_seconds(state, constant.optimizer_bandwidth)
    return np.asarray((moved + constant.between_seconds) / run.accumulation)
