"""Runs and cards as arrays, and the constants of the training estimator as they apply to each run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from advisor.engineering.descriptions import (
    PAIRS,
    REFERENCED,
    Architecture,
    Card,
    Checkpointing,
    Link,
    Software,
    TrainingRun,
)
from advisor.engineering.training_slowdowns import (
    INT8,
    attention_slowdown,
    experts_of,
    is_mixture,
    loops_over_experts,
    matmul_slowdown,
    software_slowdown,
    visits_slowdown,
)
from advisor.engineering.usual import usual
from advisor.formulas import training as formulas

Array = NDArray[np.float64]
Constants = Mapping[str, float]
T = TypeVar("T")
ForEach = Callable[[Callable[[T], float]], Array]
"""What makes an array of a value of every thing; see :func:`for_each`."""

FAMILIES = ("Blackwell", "CDNA", "Turing", "Volta")
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
GPUS_PER_NODE, GPUS_PER_RACK = 8, 72
RACK_SCALE = ("gb200", "gb300")
"""Cards whose NVLink joins a whole rack."""


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
    full: Array  # 1 for full fine-tuning, 0 for adapters
    recomputed: Array  # share of the forward pass that checkpointing repeats
    head_trained: Array  # 1 where the output layer is trained whole
    trained_parameters: Array  # without adapters, which are few
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
    models = [run.model for run in runs]
    of_run, of_model, of_card = for_each(runs), for_each(models), for_each(cards)
    shares = {"none": 0.0, "selective": constants["selective_recompute"], "full": 1.0, "host": 1.0}
    params, hidden, layers = (of_model(attrgetter(name)) for name in ("params", "hidden", "layers"))
    per_token = of_model(lambda model: model.experts_per_token or 1)
    mixture = of_model(is_mixture)
    vocabulary = of_model(lambda model: model.vocab)
    embedding = hidden * vocabulary
    embeddings = _embeddings(of_model, params, embedding)
    tokens = of_run(lambda run: run.micro_batch * run.seq_len * (2 if run.objective in PAIRS else 1))
    full, trained = of_run(lambda run: run.method == "full"), of_run(lambda run: run.trained_embeddings)
    packed = of_run(lambda run: run.method == "qlora" and run.weight_bits < INT8)
    return RunNumbers(
        peak=1e12 * of_card(lambda card: card.bf16_tflops),
        bandwidth=1e9 * of_card(lambda card: card.bandwidth_gb_s),
        tokens=tokens,
        sequence=of_run(lambda run: run.seq_len),
        seen=of_run(_seen),
        model_cards=of_run(model_cards),
        stages=of_run(lambda run: run.pipeline_parallel or 1),
        copies=of_run(_copies),
        expert_cards=of_run(lambda run: min(run.expert_parallel or 1, run.gpus)),
        accumulation=of_run(lambda run: run.accumulation),
        full=full,
        recomputed=of_run(lambda run: shares[run.checkpointing or USUAL_CHECKPOINTING.get(run.software, "full")]),
        head_trained=of_run(lambda run: run.method == "full" or run.trained_embeddings),
        trained_parameters=np.where(full > 0, params, embeddings * trained),
        compared=of_run(lambda run: _compared(run, constants)),
        layer_parameters=np.maximum(of_model(lambda model: model.active_params) - embeddings, 0.0),
        packed_parameters=packed * (params - embeddings),
        head_parameters=np.minimum(embedding, params),
        weight_bytes=params * of_run(lambda run: run.weight_bits) / 8,
        hidden=hidden,
        vocabulary=vocabulary,
        layers=layers,
        heads=of_model(lambda model: model.heads),
        attention_width=of_model(lambda model: model.heads * model.head_dim),
        kv_width=of_model(lambda model: model.kv_heads * model.head_dim),
        mlp_width=of_model(lambda model: model.mlp_width),
        experts=of_model(experts_of),
        experts_per_token=per_token,
        dispatched_bytes=mixture * 8 * tokens * hidden * per_token,
        scattered_bytes=mixture * 2 * tokens * hidden * per_token * layers,
    )


def model_cards(run: TrainingRun) -> int:
    """Cards that share one copy of the model: tensor, pipeline and context parallel, at most those of the run.

    Parameters
    ----------
    run : TrainingRun

    Returns
    -------
    int [GPUs]
    """
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
    described = {key: usual(run) for key, run in {id(run): run for run in runs}.items()}
    runs = [described[id(run)] for run in runs]
    of_run, of_card, pairs = for_each(runs), for_each(cards), list(zip(runs, cards, strict=True))
    full, sharded = of_run(lambda run: run.method == "full"), of_run(lambda run: run.sharding in WEIGHT_SHARDING)
    newer = of_card(lambda card: is_newer(card, NEWER_THAN_ATTENTION_KERNELS, constants))
    links = [_link(run, card) for run, card in pairs]
    rates = {"pcie": constants["pcie_gb_s"], "network": constants["network_gb_s"]}
    megatron = of_run(lambda run: run.software == "megatron")
    shards = of_run(lambda run: run.sharding in STATE_SHARDING) + megatron
    late = np.where(megatron > 0, constants["attention_late_megatron"], constants["attention_late"])
    chosen = {name: of_run(partial(_of_software, name, constants)) for name in OF_SOFTWARE}
    looped, gathered = of_run(loops_over_experts), of_run(lambda run: run.sharding == "zero3")
    fast, wired = constants["nvlink_share"] * of_card(lambda card: card.link_gb_s or 0), np.array(links)
    reduced = of_run(lambda run: run.sharding in GRADIENT_REDUCTION) + megatron
    return RunConstants(
        share_of_peak=_share_of_peak(of_card, constants)
        * np.array([_young_share(run, card, constants) for run, card in pairs]),
        slowdown=of_run(lambda run: software_slowdown(run, constants)),
        matmul_slowdown=np.array([matmul_slowdown(run, card, constants) for run, card in pairs]),
        attention_slowdown=np.where(newer > 0, late, 1.0) * of_run(lambda run: attention_slowdown(run, constants)),
        fp8_speedup=np.where([run.fp8 and card.fp8_tflops is not None for run, card in pairs], constants["fp8"], 1.0),
        scores_written=of_run(lambda run: run.flash_attention is False),
        visits=chosen["visits"] * of_run(lambda run: visits_slowdown(run, constants)),
        logit_bytes=chosen["logit_bytes"],
        ramp_tokens=chosen["ramp_tokens"],
        launch_seconds=1e-3 * chosen["launch_ms"],
        expert_seconds=1e-3 * constants["expert_ms"] * looped + 1e-3 * constants["gather_ms"] * (looped * gathered),
        between_seconds=1e-3 * chosen["between_ms"],
        rollouts=of_run(lambda run: constants["rollouts"] if run.objective == "grpo" else 1.0),
        unpack_bytes=of_run(lambda run: constants["unpack_gptq" if run.gptq else "unpack_nf4"]),
        gathers=sharded * (2 + full),
        reductions=2 * np.minimum(1.0, reduced),
        link=1e9 * np.select([wired == name for name in rates], list(rates.values()), fast),
        overlapped=(wired != "pcie").astype(float),
        state_shards=np.where(shards > 0, of_run(_copies), 1.0),
        optimizer_bandwidth=1e9
        * np.where(
            of_run(lambda run: run.cpu_offload) > 0, constants["host_gb_s"], of_card(lambda card: card.bandwidth_gb_s)
        ),
    )


OF_SOFTWARE = ("visits", "logit_bytes", "ramp_tokens", "launch_ms", "between_ms")
"""Constants of which every class of software has its own."""


def for_each(things: Sequence[T]) -> ForEach[T]:
    """What makes an array of a value of every thing, worked out once for a thing that stands there many times.

    Parameters
    ----------
    things : sequence, of runs or of cards: a search tries the same runs on every card

    Returns
    -------
    callable, from a function of one thing to an array (things,)
    """
    distinct = {id(thing): thing for thing in things}
    numbers = {key: number for number, key in enumerate(distinct)}
    places = np.fromiter((numbers[id(thing)] for thing in things), dtype=np.intp)
    return lambda value: np.fromiter((value(thing) for thing in distinct.values()), dtype=float)[places]


def _of_software(name: str, constants: Constants, run: TrainingRun) -> float:
    return constants[f"{name}_{run.software or 'plain'}"]


def _copies(run: TrainingRun) -> float:
    """Copies of the model, or of its shards."""
    return max(1.0, run.gpus / model_cards(run))


def _embeddings(of_model: ForEach[Architecture], params: Array, embedding: Array) -> Array:
    """Parameters of input embedding and output layer together, one matrix or two."""
    sizes = ("layers", "hidden", "heads", "kv_heads", "head_dim", "ffn")
    layers, hidden, heads, kv_heads, head_dim, ffn = (of_model(attrgetter(name)) for name in sizes)
    mlp = hidden * ffn * of_model(lambda model: model.experts or 1)
    attention = 2 * hidden * (heads + kv_heads) * head_dim
    counted = formulas.embedding_copies(params, layers, attention, mlp, embedding)
    stated = np.where(of_model(lambda model: bool(model.tied)) > 0, 1.0, 2.0)
    copies = np.where(of_model(lambda model: model.tied is None) > 0, counted, stated)
    return np.minimum(copies * embedding, params / 2)


def _seen(run: TrainingRun) -> float:
    """Sequence length that would cost as much attention: layers with a window look back over it alone. [tokens]"""
    model, length = run.model, float(run.seq_len)
    if not model.windowed_layers or model.window is None or model.window >= length:
        return length
    within = 2 * model.window - model.window**2 / length
    return (model.windowed_layers * within + (model.layers - model.windowed_layers) * length) / model.layers


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


def _share_of_peak(of_card: ForEach[Card], constants: Constants) -> Array:
    """Share of the dense peak that large matrix products sustain on each card."""
    usual_watts = constants["watts_usual"]
    watts = of_card(lambda card: usual_watts if card.tdp_w is None else card.tdp_w / card.bf16_tflops)
    factor = of_card(lambda card: _of_family(card, constants))
    share = formulas.sustained_share(
        watts, constants["watts_enough"], constants["watts_exponent"], factor, constants["share_best"]
    )
    return np.asarray(share)


def _of_family(card: Card, constants: Constants) -> float:
    name = next((name for name in FAMILIES if name in card.architecture), None)
    return 1.0 if name is None else constants[f"family_{name.lower()}"]


def _link(run: TrainingRun, card: Card) -> Link:
    """Link between the cards of a run; where it is not stated, what servers with this card have."""
    if run.link is not None:
        return run.link if card.link_gb_s is not None or run.link != "nvlink" else "pcie"
    if card.link_gb_s is None:
        return "pcie"
    return "nvlink" if run.gpus <= linked_cards(card) else "network"
