"""Speed of a fine-tuning run on a card, and its bottleneck."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from advisor.engineering.descriptions import Card, Checkpointing, Link, Software, TrainingRun
from advisor.formulas import training as formulas
from advisor.formulas import training_run

Array = NDArray[np.float64]
Constants = Mapping[str, float]

FAMILIES = ("Blackwell", "CDNA", "Turing", "Volta")
"""Architectures that sustain more or less of their peak at the same power than Ampere, Ada and Hopper."""
NEWER_THAN_ATTENTION_KERNELS = ("Hopper", "Blackwell")
"""Architectures for which common attention kernels were not written."""
USUAL_CHECKPOINTING: Mapping[Software, Checkpointing] = {"plain": "full", "fused": "full", "megatron": "none"}
WEIGHT_SHARDING = ("zero3", "fsdp")
GRADIENT_REDUCTION = ("ddp", "zero1", "zero2")
GPUS_PER_NODE = 8


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
    optimizer_s: Array
    micro_step_s: Array  # forward and backward pass of one micro-batch
    tokens_per_s_per_gpu: Array
    mfu: Array  # fraction, without recomputation
    hfu: Array  # fraction, with recomputation
    bottleneck: tuple[str, ...]


@dataclass(frozen=True)
class _RunNumbers:
    """What the runs and cards state, as arrays: FLOP/s, bytes/s, counts."""

    peak: Array  # dense 16-bit [FLOP/s]
    bandwidth: Array  # bytes/s
    tokens: Array  # of a micro-batch
    sequence: Array  # tokens
    gpus: Array
    accumulation: Array  # micro-steps in an optimizer step
    full: Array  # 1 for full fine-tuning, 0 for adapters
    recomputed: Array  # share of the forward pass that checkpointing repeats
    parameters: Array
    layer_parameters: Array  # multiplied for one token, without embeddings
    packed_parameters: Array  # stored in 4 bit
    head_parameters: Array
    weight_bytes: Array
    hidden: Array
    layers: Array
    heads: Array
    attention_width: Array
    kv_width: Array
    mlp_width: Array


@dataclass(frozen=True)
class _RunConstants:
    """Constants of the estimator as they apply to each run: chosen by its software, precision, links and card."""

    share_of_peak: Array  # fraction
    attention_slowdown: Array  # multiple
    fp8_speedup: Array  # multiple
    expert_slowdown: Array  # multiple
    scores_written: Array  # 1 without flash attention
    visits: Array  # reads and writes of what a layer keeps
    ramp_tokens: Array  # tokens
    launch_seconds: Array  # s per layer
    unpack_bytes: Array  # bytes per 4-bit parameter and pass
    gathers: Array  # all-gathers of the weights in a micro-step
    reductions: Array  # of the gradients in an optimizer step
    link: Array  # bytes/s
    overlapped: Array  # 1 where communication overlaps with computation
    state_shards: Array  # cards that share the optimizer state
    optimizer_bandwidth: Array  # bytes/s


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
    run = _run_numbers(runs, cards, constants)
    constant = _run_constants(runs, cards, constants)
    needed, executed = _flop(run, np.zeros_like(run.recomputed)), _flop(run, run.recomputed)
    computing = _computing(run, constant, executed)
    compute_s = np.sum(list(computing.values()), axis=0)
    launch_s = run.layers * constant.launch_seconds
    link_s = _link_seconds(run, constant, constants)
    optimizer_s = _optimizer_seconds(run, constant, constants)
    step_s = np.asarray(formulas.micro_step_seconds(compute_s, launch_s, link_s, constant.overlapped, optimizer_s))
    exposed = computing | {
        "launch_s": np.where(launch_s > compute_s, launch_s, 0.0),
        "link_s": np.where((constant.overlapped > 0) & (link_s < compute_s), 0.0, link_s),
        "optimizer_s": optimizer_s,
    }
    names = [name.removesuffix("_s") for name in exposed]
    return SpeedEstimate(
        **computing,
        launch_s=launch_s,
        link_s=link_s,
        optimizer_s=optimizer_s,
        micro_step_s=step_s,
        tokens_per_s_per_gpu=np.asarray(formulas.tokens_per_second(run.tokens, step_s)),
        mfu=np.asarray(formulas.utilisation(needed["matmul"] + needed["attention"], step_s, run.peak)),
        hfu=np.asarray(formulas.utilisation(executed["matmul"] + executed["attention"], step_s, run.peak)),
        bottleneck=tuple(names[index] for index in np.argmax(list(exposed.values()), axis=0)),
    )


def estimate_run_hours(
    speed: SpeedEstimate, gpus: Array | float, tokens: Array | float, evaluation_share: float, startup_hours: float
) -> Array:
    """Wall-clock hours of each run.

    Parameters
    ----------
    speed : SpeedEstimate
    gpus : float or array (runs,) [GPUs]
    tokens : float or array (runs,) [tokens], processed: padded or packed
    evaluation_share : float [fraction], of the training hours
    startup_hours : float [h]

    Returns
    -------
    array (runs,) [h]
    """
    training = training_run.hours_at_speed(tokens, speed.tokens_per_s_per_gpu, gpus)
    return np.asarray(training_run.run_hours(training, evaluation_share, startup_hours))


def share_of_peak(
    runs: Sequence[TrainingRun], cards: Sequence[Card], tokens_per_s_per_gpu: Array | float, constants: Constants
) -> Array:
    """Share of the card's peak that a stated speed requires: of its 8-bit peak where it has one.

    Recomputation by checkpointing does not count, so that no run is doubted because of it.

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
    run = _run_numbers(runs, cards, constants)
    needed = _flop(run, np.zeros_like(run.recomputed))
    peak = run.peak * np.where([card.fp8_tflops is not None for card in cards], constants["fp8"], 1.0)
    seconds = np.asarray(run.tokens / tokens_per_s_per_gpu)
    return np.asarray(training_run.required_share_of_peak(needed["matmul"] + needed["attention"], seconds, peak))


def _flop(run: _RunNumbers, recomputed: Array) -> dict[str, Array]:
    """FLOP of one micro-step. The output layer lies outside the checkpoints and is never recomputed."""
    passes = formulas.matmul_passes(run.full, recomputed)
    head_passes = formulas.matmul_passes(run.full, 0.0)
    layers = formulas.matmul_flop(passes, run.layer_parameters, run.tokens)
    head = formulas.matmul_flop(head_passes, run.head_parameters, run.tokens)
    attention = formulas.attention_flop(run.tokens, run.sequence, run.attention_width, run.layers, recomputed)
    return {"matmul": np.asarray(layers + head), "attention": np.asarray(attention)}


def _computing(run: _RunNumbers, constant: _RunConstants, flop: Mapping[str, Array]) -> dict[str, Array]:
    """Seconds of the parts of the computation of a micro-step, which run one after the other."""
    matmul = formulas.compute_seconds(flop["matmul"], run.peak, constant.share_of_peak)
    attention = formulas.compute_seconds(flop["attention"], run.peak, constant.share_of_peak)
    kept = formulas.activation_bytes(run.tokens, run.hidden, run.kv_width, run.mlp_width)
    scores = formulas.score_bytes(run.tokens, run.sequence, run.heads)
    moved = kept + constant.scores_written * scores
    elementwise = formulas.elementwise_bytes(moved, run.layers, constant.visits, run.recomputed)
    passes = formulas.matmul_passes(run.full, run.recomputed)
    unpacked = formulas.unpack_bytes(run.packed_parameters, passes, constant.unpack_bytes)
    filled = {
        "matmul_s": np.asarray(matmul / constant.fp8_speedup * constant.expert_slowdown),
        "attention_s": np.asarray(attention * constant.attention_slowdown),
        "memory_s": np.asarray(formulas.transfer_seconds(elementwise, run.bandwidth)),
    }
    slower = formulas.ramp(run.tokens, constant.ramp_tokens) - 1
    return filled | {
        "small_batch_s": np.asarray(np.sum(list(filled.values()), axis=0) * slower),
        "unpacking_s": np.asarray(formulas.transfer_seconds(unpacked, run.bandwidth)),
    }


def _link_seconds(run: _RunNumbers, constant: _RunConstants, constants: Constants) -> Array:
    """All-gathers of sharded weights in every micro-step, the reduction of gradients once in an optimizer step."""
    gathered = formulas.collective_bytes(run.weight_bytes, constant.gathers, run.gpus)
    gradients = constants["gradient_bytes"] * run.parameters
    reduced = formulas.collective_bytes(gradients, constant.reductions, run.gpus)
    return np.asarray(formulas.transfer_seconds(gathered + reduced / run.accumulation, constant.link))


def _optimizer_seconds(run: _RunNumbers, constant: _RunConstants, constants: Constants) -> Array:
    """One pass over the optimizer state, spread over the micro-steps of an optimizer step."""
    state = constants["optimizer_bytes"] * run.parameters * run.full / constant.state_shards
    return np.asarray(formulas.transfer_seconds(state / run.accumulation, constant.optimizer_bandwidth))


def _run_numbers(runs: Sequence[TrainingRun], cards: Sequence[Card], constants: Constants) -> _RunNumbers:
    """Runs and cards as arrays, one entry for each run."""
    models = [run.model for run in runs]
    recomputed = {"none": 0.0, "selective": constants["selective_recompute"], "full": 1.0, "host": 1.0}
    params = _array(model.params for model in models)
    hidden = _array(model.hidden for model in models)
    layers = _array(model.layers for model in models)
    attention_width = _array(model.heads * model.head_dim for model in models)
    kv_width = _array(model.kv_heads * model.head_dim for model in models)
    ffn = _array(model.ffn for model in models)
    embedding = hidden * _array(model.vocab for model in models)
    mlp = hidden * ffn * _array(model.experts or 1 for model in models)
    attention = 2 * hidden * (attention_width + kv_width)
    counted = formulas.embedding_copies(params, layers, attention, mlp, embedding)
    copies = np.where(
        [model.tied is None for model in models], counted, np.where([bool(model.tied) for model in models], 1.0, 2.0)
    )
    embeddings = np.minimum(copies * embedding, params / 2)
    bits = _array(run.weight_bits for run in runs)
    packed = _array(run.method == "qlora" for run in runs)
    return _RunNumbers(
        peak=1e12 * _array(card.bf16_tflops for card in cards),
        bandwidth=1e9 * _array(card.bandwidth_gb_s for card in cards),
        tokens=_array(run.micro_batch * run.seq_len for run in runs),
        sequence=_array(run.seq_len for run in runs),
        gpus=_array(run.gpus for run in runs),
        accumulation=_array(run.accumulation for run in runs),
        full=_array(run.method == "full" for run in runs),
        recomputed=_array(recomputed[run.checkpointing or USUAL_CHECKPOINTING[run.software]] for run in runs),
        parameters=params,
        layer_parameters=np.maximum(_array(model.active_params for model in models) - embeddings, 0.0),
        packed_parameters=packed * (params - embeddings),
        head_parameters=np.minimum(embedding, params),
        weight_bytes=params * bits / 8,
        hidden=hidden,
        layers=layers,
        heads=_array(model.heads for model in models),
        attention_width=attention_width,
        kv_width=kv_width,
        mlp_width=_array(model.mlp_width for model in models),
    )


def _run_constants(runs: Sequence[TrainingRun], cards: Sequence[Card], constants: Constants) -> _RunConstants:
    """Constants of the estimator for each run."""
    pairs = list(zip(runs, cards, strict=True))
    full = _array(run.method == "full" for run in runs)
    sharded = _array(run.sharding in WEIGHT_SHARDING for run in runs)
    captured = [run.software == "megatron" for run in runs]
    newer = _array(any(name in card.architecture for name in NEWER_THAN_ATTENTION_KERNELS) for card in cards)
    links = [_link(run, card) for run, card in pairs]
    rates = {"pcie": constants["pcie_gb_s"], "network": constants["network_gb_s"]}
    host = _array(run.cpu_offload for run in runs)
    bandwidth = 1e9 * _array(card.bandwidth_gb_s for card in cards)
    gpus = _array(run.gpus for run in runs)
    return _RunConstants(
        share_of_peak=_share_of_peak(cards, constants),
        attention_slowdown=constants["attention_slowdown"] * np.where(newer, constants["attention_late"], 1.0),
        fp8_speedup=np.where([run.fp8 and card.fp8_tflops is not None for run, card in pairs], constants["fp8"], 1.0),
        expert_slowdown=np.where([run.model.experts is not None for run in runs], constants["experts"], 1.0),
        scores_written=_array(run.flash_attention is False for run in runs),
        visits=_array(constants[f"visits_{run.software}"] for run in runs),
        ramp_tokens=np.where(captured, constants["ramp_tokens_recorded"], constants["ramp_tokens"]),
        launch_seconds=1e-3 * _array(constants[f"launch_ms_{run.software}"] for run in runs),
        unpack_bytes=np.where([run.gptq for run in runs], constants["unpack_gptq"], constants["unpack_nf4"]),
        gathers=sharded * (2 + full),
        reductions=2 * full * _array(run.sharding in GRADIENT_REDUCTION for run in runs),
        link=1e9
        * _array(
            constants["nvlink_share"] * (card.link_gb_s or 0) if link == "nvlink" else rates[link]
            for link, card in zip(links, cards, strict=True)
        ),
        overlapped=_array(link != "pcie" for link in links),
        state_shards=np.where(sharded > 0, gpus, 1.0),
        optimizer_bandwidth=np.where(host, 1e9 * constants["host_gb_s"], bandwidth),
    )


def _array(values: Iterable[float]) -> Array:
    return np.fromiter(values, dtype=float)


def _share_of_peak(cards: Sequence[Card], constants: Constants) -> Array:
    """Share of the dense peak that large matrix products sustain on each card."""
    usual = constants["watts_usual"]
    watts = _array(usual if card.tdp_w is None else card.tdp_w / card.bf16_tflops for card in cards)
    families = [next((name for name in FAMILIES if name in card.architecture), None) for card in cards]
    factor = _array(1.0 if name is None else constants[f"family_{name.lower()}"] for name in families)
    share = formulas.sustained_share(
        watts, constants["watts_enough"], constants["watts_exponent"], factor, constants["share_best"]
    )
    return np.asarray(share)


def _link(run: TrainingRun, card: Card) -> Link:
    """Link between the cards of a run; where it is not stated, what servers with this card have."""
    if run.link is not None:
        return run.link if card.link_gb_s is not None or run.link != "nvlink" else "pcie"
    if card.link_gb_s is None:
        return "pcie"
    return "nvlink" if run.gpus <= GPUS_PER_NODE else "network"
