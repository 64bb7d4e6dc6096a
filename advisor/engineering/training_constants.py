"""Runs and cards as arrays, and the constants of the training estimator as they apply to each run."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from advisor.engineering.descriptions import (
    PAIRS,
    REFERENCED,
    Architecture,
    Card,
    Checkpointing,
    Software,
    TrainingRun,
)
from advisor.engineering.distinct import distinct
from advisor.engineering.linear_layers import adapted_layers
from advisor.engineering.training_layout import computes_in_turn, link_of, model_cards, rates_of, within_a_copy
from advisor.engineering.training_slowdowns import (
    INT8,
    as_computed,
    attention_slowdown,
    experts_of,
    is_mixture,
    loops_over_experts,
    matmul_slowdown,
    software_slowdown,
    visits_slowdown,
)
from advisor.engineering.usual import usual
from advisor.engineering.weight_memory import COMMON_RANK
from advisor.formulas import memory as memory_formulas
from advisor.formulas import training as formulas

Array = NDArray[np.float64]
Constants = Mapping[str, float]

FAMILIES = ("Blackwell", "CDNA", "RDNA", "Turing", "Volta")
"""Architectures that sustain more or less of their peak at the same power than Ampere, Ada and Hopper."""
NEWER_THAN_ATTENTION_KERNELS = ("Hopper", "Blackwell")
"""Architectures for which common attention kernels were not written."""
NEWER_THAN_TRAINERS = ("Hopper", "Blackwell", "CDNA")
"""Architectures of which kernels that were not written for them reach a smaller share."""
USUAL_CHECKPOINTING: Mapping[Software | None, Checkpointing] = {"megatron": "none"}
"""Megatron keeps its activations, other trainers compute them again."""
WEIGHT_SHARDING = ("zero3", "fsdp")
GRADIENT_REDUCTION = ("ddp", "zero1", "zero2")
STATE_SHARDING = ("zero1", "zero2", "zero3", "fsdp")


@dataclass(frozen=True)
class RunNumbers:
    """What the runs and cards state, as arrays: FLOP/s, bytes/s, counts."""

    peak: Array  # dense 16-bit [FLOP/s]
    bandwidth: Array  # bytes/s
    tokens: Array  # of a micro-batch, both answers of a pair
    sequence: Array  # tokens
    seen: Array  # tokens of a sequence over which attention looks, at most its window
    model_cards: Array  # that share one model: tensor, pipeline and context parallel
    stages: Array  # of the pipeline
    copies: Array  # of the model, or of its shards
    expert_cards: Array  # over which experts are spread
    accumulation: Array  # micro-steps in an optimizer step
    following: Array  # micro-steps that follow one another through a pipeline
    full: Array  # 1 for full fine-tuning, 0 for adapters
    recomputed: Array  # share of the forward pass that checkpointing repeats
    head_trained: Array  # 1 where the output layer is trained whole
    trained_parameters: Array  # without adapters, which are few
    adapter_parameters: Array  # of adapters beyond the usual rank, multiplied for one token
    compared: Array  # forward passes beside the trained one: reference model, old policy
    layer_parameters: Array  # multiplied for one token, without embeddings
    packed_parameters: Array  # stored in 4 bit
    head_parameters: Array
    weight_bytes: Array
    hidden: Array
    vocabulary: Array
    layers: Array
    heads: Array
    attention_width: Array
    kv_width: Array
    mlp_width: Array
    experts: Array  # 0 in a dense model
    experts_per_token: Array
    dispatched_bytes: Array  # that a layer copies to sort tokens by expert
    scattered_bytes: Array  # that cross to the cards of experts in one pass
    layer_cards: Array  # that share the matrices of a layer: tensor parallel
    summed_bytes: Array  # of results that those add together in one pass
    context_cards: Array  # that share the tokens of a sample
    seen_bytes: Array  # of keys and values that those exchange in one pass


@dataclass(frozen=True)
class RunConstants:
    """Constants of the estimator as they apply to each run: chosen by its software, precision, links and card."""

    share_of_peak: Array  # fraction
    slowdown: Array  # of software that is not known [multiple]
    matmul_slowdown: Array  # of experts and of int8 [multiple]
    attention_slowdown: Array  # multiple
    fp8_speedup: Array  # multiple
    scores_written: Array  # 1 without flash attention
    visits: Array  # reads and writes of what a layer keeps
    logit_bytes: Array  # read and written for each logit
    ramp_tokens: Array  # tokens
    launch_seconds: Array  # s per layer and pass
    expert_seconds: Array  # s per expert and pass, 0 with grouped kernels
    between_seconds: Array  # s between two steps of the optimizer
    rollouts: Array  # how much longer a step takes that generates its answers [multiple]
    unpack_bytes: Array  # bytes per 4-bit parameter and pass
    gathers: Array  # all-gathers of the weights in a micro-step
    reductions: Array  # of the gradients in an optimizer step
    link: Array  # bytes/s
    inner_link: Array  # bytes/s, between the cards of one model
    host_link: Array  # bytes/s, to weights in the memory of the host; inf where there are none
    overlapped: Array  # 1 where communication overlaps with computation
    state_shards: Array  # cards that share the optimizer state
    optimizer_bandwidth: Array  # bytes/s


def run_numbers(runs: Sequence[TrainingRun], cards: Sequence[Card], constants: Constants) -> RunNumbers:
    """Runs and cards as arrays, one entry for each run.

    Parameters
    ----------
    runs : sequence of TrainingRun
    cards : sequence of Card, one for each run
    constants : mapping of str to float, of the training estimator

    Returns
    -------
    RunNumbers
    """
    own, which = distinct(runs)
    of_runs = {name: values[which] for name, values in _of_runs([*map(as_computed, own)], constants).items()}
    return RunNumbers(
        peak=1e12 * _array(card.bf16_tflops for card in cards),
        bandwidth=1e9 * _array(card.bandwidth_gb_s for card in cards),
        **of_runs,
    )


def _of_runs(runs: Sequence[TrainingRun], constants: Constants) -> dict[str, Array]:
    """The fields of :class:`RunNumbers` that do not depend on the card."""
    models = [run.model for run in runs]
    shares = {"none": 0.0, "selective": constants["selective_recompute"], "full": 1.0, "host": 1.0}
    params, hidden = (_array(getattr(model, name) for model in models) for name in ("params", "hidden"))
    per_token = _array(model.experts_per_token or 1 for model in models)
    mixture = _array(is_mixture(model) for model in models)
    embedding = hidden * _array(model.vocab for model in models)
    embeddings = _embeddings(models, params, embedding)
    tokens = _array(run.micro_batch * run.seq_len * (2 if run.objective in PAIRS else 1) for run in runs)
    split, full = [model_cards(run) for run in runs], np.array([run.method == "full" for run in runs], dtype=bool)
    experts_on = _array(min(run.expert_parallel or 1, run.gpus) for run in runs)
    packed = _array(run.method == "qlora" and run.weight_bits < INT8 for run in runs)
    return {
        "tokens": tokens,
        "sequence": _array(run.seq_len for run in runs),
        "seen": _array(float(seen_tokens(run.model, run.seq_len)) for run in runs),
        "model_cards": _array(split),
        "stages": _array(run.gpus if computes_in_turn(run) else run.pipeline_parallel or 1 for run in runs),
        "copies": _array(max(1.0, run.gpus / cards_of_one) for run, cards_of_one in zip(runs, split, strict=True)),
        "expert_cards": experts_on,
        "accumulation": _array(run.accumulation for run in runs),
        "following": _array(1 if computes_in_turn(run) else run.accumulation for run in runs),
        "full": full.astype(float),
        "recomputed": _array(
            shares[run.checkpointing or USUAL_CHECKPOINTING.get(run.software, "full")] for run in runs
        ),
        "head_trained": _array(run.method == "full" or run.trained_embeddings for run in runs),
        "trained_parameters": np.where(full, params, embeddings * _array(run.trained_embeddings for run in runs)),
        "adapter_parameters": _array(_adapters(run) for run in runs),
        "compared": _array(_compared(run, constants) for run in runs),
        "layer_parameters": np.maximum(_array(model.active_params for model in models) - embeddings, 0.0),
        "packed_parameters": packed * (params - embeddings),
        "head_parameters": np.minimum(embedding, params),
        "weight_bytes": params * _array(run.weight_bits for run in runs) / 8,
        "hidden": hidden,
        "vocabulary": _array(model.vocab for model in models),
        "layers": _array(model.layers for model in models),
        "heads": _array(model.heads for model in models),
        "attention_width": _array(model.heads * model.head_dim for model in models),
        "kv_width": _array(model.kv_heads * model.head_dim for model in models),
        "mlp_width": _array(model.mlp_width for model in models),
        "experts": _array(experts_of(model) for model in models),
        "experts_per_token": per_token,
        "dispatched_bytes": mixture * 8 * tokens * hidden * per_token,
        "scattered_bytes": mixture * 2 * tokens * hidden * per_token * _array(model.layers for model in models),
        "layer_cards": _array(run.tensor_parallel or 1 for run in runs),
        "summed_bytes": 2 * 2 * tokens * hidden * _array(_layers_of_a_stage(run) for run in runs),
        "context_cards": _array(run.context_parallel or 1 for run in runs),
        "seen_bytes": 2
        * tokens
        * _array(2 * m.kv_heads * m.head_dim for m in models)
        * _array(map(_layers_of_a_stage, runs)),
    }


def _layers_of_a_stage(run: TrainingRun) -> float:
    return run.model.layers / (run.pipeline_parallel or 1)


def _adapters(run: TrainingRun) -> float:
    """Parameters that one token passes of adapters beyond the usual rank, whose cost is part of the constants."""
    beyond = (run.lora_rank or COMMON_RANK) - COMMON_RANK
    if run.method == "full" or beyond <= 0:
        return 0.0
    widths = sum((each.inputs + each.outputs) * each.active for each in adapted_layers(run))
    return float(memory_formulas.adapter_parameters(run.model.layers, beyond, widths))


def is_newer(card: Card, families: Sequence[str], constants: Constants) -> bool:
    """Whether common kernels leave a part of a card idle.

    They do not where its stated peak is far below what its chip could do, as on RTX 5090
    and H20: power to spare shows it.

    Parameters
    ----------
    card : Card
    families : sequence of str, architectures that are newer than the kernels
    constants : mapping of str to float, of the training estimator

    Returns
    -------
    bool
    """
    spare = card.tdp_w is not None and card.tdp_w / card.bf16_tflops >= constants["watts_enough"]
    return not spare and any(name in card.architecture for name in families)


def run_constants(runs: Sequence[TrainingRun], cards: Sequence[Card], constants: Constants) -> RunConstants:
    """Constants of the estimator for each run.

    Parameters
    ----------
    runs : sequence of TrainingRun
    cards : sequence of Card, one for each run
    constants : mapping of str to float, of the training estimator

    Returns
    -------
    RunConstants
    """
    own, which = distinct(runs)
    completed = [as_computed(usual(run)) for run in own]
    of_runs = {name: values[which] for name, values in _constants_of_runs(completed, constants).items()}
    pairs = [(completed[k], card) for k, card in zip(which.tolist(), cards, strict=True)]
    newer = _array(is_newer(card, NEWER_THAN_ATTENTION_KERNELS, constants) for card in cards)
    links = [link_of(run, card) for run, card in pairs]
    inner = [link_of(within_a_copy(run), card) for run, card in pairs]
    return RunConstants(
        **{name: of_runs[name] for name in ALONE},
        share_of_peak=_share_of_peak(cards, constants)
        * _array(_young_share(run, card, constants) for run, card in pairs),
        matmul_slowdown=_array(matmul_slowdown(run, card, constants) for run, card in pairs),
        attention_slowdown=np.where(newer, of_runs["late"], 1.0) * of_runs["attention"],
        fp8_speedup=np.where([run.fp8 and card.fp8_tflops is not None for run, card in pairs], constants["fp8"], 1.0),
        link=rates_of(links, cards, constants),
        inner_link=rates_of(inner, cards, constants),
        host_link=np.where((of_runs["offloaded"] > 0) & (of_runs["gathers"] > 0), 1e9 * constants["host_gb_s"], np.inf),
        overlapped=_array(link != "pcie" for link in links),
        optimizer_bandwidth=np.where(
            of_runs["offloaded"] > 0,
            1e9 * constants["host_gb_s"],
            1e9 * _array(card.bandwidth_gb_s for card in cards),
        ),
    )


ALONE = (
    *("slowdown", "scores_written", "visits", "logit_bytes", "ramp_tokens", "launch_seconds", "expert_seconds"),
    *("between_seconds", "rollouts", "unpack_bytes", "gathers", "reductions", "state_shards"),
)
"""Constants that do not depend on the card."""


def _constants_of_runs(runs: Sequence[TrainingRun], constants: Constants) -> dict[str, Array]:
    """Those of ``ALONE``, and what others are made of, for runs as they usually are."""
    full = _array(run.method == "full" for run in runs)
    sharded = _array(run.sharding in WEIGHT_SHARDING for run in runs)
    copies = _array(max(1.0, run.gpus / model_cards(run)) for run in runs)
    megatron = [run.software == "megatron" for run in runs]
    shards = _array(run.sharding in STATE_SHARDING for run in runs) + megatron
    chosen = {name: _array(constants[f"{name}_{run.software or 'plain'}"] for run in runs) for name in OF_SOFTWARE}
    return {
        "late": _array(constants["attention_late_megatron" if m else "attention_late"] for m in megatron),
        "attention": _array(attention_slowdown(run, constants) for run in runs),
        "offloaded": _array(run.cpu_offload for run in runs),
        "slowdown": _array(software_slowdown(run, constants) for run in runs),
        "scores_written": _array(run.flash_attention is False for run in runs),
        "visits": chosen["visits"] * _array(visits_slowdown(run, constants) for run in runs),
        "logit_bytes": chosen["logit_bytes"],
        "ramp_tokens": chosen["ramp_tokens"],
        "launch_seconds": 1e-3 * chosen["launch_ms"],
        "expert_seconds": 1e-3 * constants["expert_ms"] * _array(loops_over_experts(run) for run in runs)
        + 1e-3 * constants["gather_ms"] * _array(loops_over_experts(run) and run.sharding == "zero3" for run in runs),
        "between_seconds": 1e-3 * chosen["between_ms"],
        "rollouts": _array(constants["rollouts"] if run.objective == "grpo" else 1.0 for run in runs),
        "unpack_bytes": np.where([run.gptq for run in runs], constants["unpack_gptq"], constants["unpack_nf4"]),
        "gathers": sharded * (2 + full),
        "reductions": 2 * np.minimum(1.0, _array(run.sharding in GRADIENT_REDUCTION for run in runs) + megatron),
        "state_shards": np.where(shards > 0, copies, 1.0),
    }


OF_SOFTWARE = ("visits", "logit_bytes", "ramp_tokens", "launch_ms", "between_ms")
"""Constants of which every class of software has its own."""


def _array(values: Iterable[float]) -> Array:
    return np.fromiter(values, dtype=float)


def _embeddings(models: Sequence[Architecture], params: Array, embedding: Array) -> Array:
    """Parameters of input embedding and output layer together, one matrix or two."""
    layers, hidden, heads, kv_heads, head_dim, ffn = (
        _array(getattr(model, name) for model in models)
        for name in ("layers", "hidden", "heads", "kv_heads", "head_dim", "ffn")
    )
    mlp = hidden * ffn * _array(model.experts or 1 for model in models)
    attention = 2 * hidden * (heads + kv_heads) * head_dim
    counted = formulas.embedding_copies(params, layers, attention, mlp, embedding)
    stated = np.where([bool(model.tied) for model in models], 1.0, 2.0)
    copies = np.where([model.tied is None for model in models], counted, stated)
    return np.minimum(copies * embedding, params / 2)


def seen_tokens(model: Architecture, length: Array | float) -> Array:
    """Sequence length that would cost as much attention: layers with a window look back over it alone.

    Parameters
    ----------
    model : Architecture
    length : float or array [tokens], of the sequence

    Returns
    -------
    array [tokens]
    """
    whole = np.asarray(length, dtype=float)
    if not model.windowed_layers or model.window is None:
        return whole
    within = np.where(model.window >= whole, whole, 2 * model.window - model.window**2 / whole)
    return np.asarray((model.windowed_layers * within + (model.layers - model.windowed_layers) * whole) / model.layers)


def _compared(run: TrainingRun, constants: Constants) -> float:
    """Forward passes beside the one that is trained on. [forward passes]

    DPO asks a reference model for the same answers; KTO asks it for mismatched ones too, and the model as well; GRPO
    asks a reference and the model before its update. PPO has a value model of its own and is not estimated.
    """
    if run.objective not in REFERENCED:
        return 0.0
    return constants.get(f"compared_{run.objective}", float("nan"))


def _young_share(run: TrainingRun, card: Card, constants: Constants) -> float:
    """What trainers of general parts reach of newer cards, of what software made for them reaches. [fraction]"""
    family = next((name for name in NEWER_THAN_TRAINERS if is_newer(card, (name,), constants)), None)
    if run.software == "megatron" or family is None:
        return 1.0
    return constants[f"young_{family.lower()}_{run.software or 'plain'}"]


def _share_of_peak(cards: Sequence[Card], constants: Constants) -> Array:
    """Share of the dense peak that large matrix products sustain on each card."""
    usual_watts = constants["watts_usual"]
    watts = _array(usual_watts if card.tdp_w is None else card.tdp_w / card.bf16_tflops for card in cards)
    families = [next((name for name in FAMILIES if name in card.architecture), None) for card in cards]
    factor = _array(1.0 if name is None else constants[f"family_{name.lower()}"] for name in families)
    share = formulas.sustained_share(
        watts, constants["watts_enough"], constants["watts_exponent"], factor, constants["share_best"]
    )
    return np.asarray(share)
