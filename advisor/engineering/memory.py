"""Memory of a training run on each of its cards, whether it fits, and what would make it fit."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.engineering.descriptions import Architecture, Card, Method, TrainingRun
from advisor.formulas import memory as formula
from advisor.formulas.constants import GIB

Constants = Mapping[str, float]
Values = NDArray[np.float64]

BYTES_16_BIT, BYTES_32_BIT = 2.0, 4.0
COMMON_RANK = 16
SHARDED_WEIGHTS = ("fsdp", "zero3")
SHARDED_GRADIENTS = ("fsdp", "zero3", "zero2")
SHARDED_OPTIMIZER = ("fsdp", "zero3", "zero2", "zero1")
DEEPSPEED = ("zero1", "zero2", "zero3")
LARGEST_MICRO_BATCH = 512
REMEMBERED_TARGETS = 1_024
METHODS: tuple[Method, ...] = ("full", "lora", "qlora")
BITS: Mapping[Method, float] = {"full": 16, "lora": 16, "qlora": 4}

TARGET_WORDS = {
    "q": r"attention|(?<!c_)attn|qkv|q_proj|query|c_attn|default|\bq\b",
    "k": r"attention|(?<!c_)attn|qkv|k_proj|key|c_attn|default|\bk\b",
    "v": r"attention|(?<!c_)attn|qkv|v_proj|value|c_attn|default|\bv\b",
    "o": r"attention|(?<!c_)attn|o_proj|out_proj|projection|dense\b|\bo\b",
    "gate": r"mlp|gate|\bw1\b",
    "up": r"mlp|up_proj|fc|dense_h|\bw3\b",
    "down": r"mlp|down_proj|fc|dense_4h|\bw2\b",
    "head": r"head",
}
"""Names that frameworks give the matrices of a layer."""


@dataclass(frozen=True)
class MemoryEstimate:
    """Memory per card, one entry for each run; the terms at the peak add up to ``process_gib``."""

    terms_gib: Mapping[str, Values]
    moment: NDArray[np.str_]
    allocated_gib: Values
    reserved_gib: Values
    process_gib: Values


class Remedy(NamedTuple):
    """A change that makes a run fit."""

    code: str
    run: TrainingRun
    saved_gib: float


class _State(NamedTuple):
    """Bytes per trained parameter."""

    weights: float
    gradients: float
    optimizer: float
    temporaries: float


def has_fp32_masters(run: TrainingRun) -> bool:
    """Weights trained in 32 bit. Unknown: only under FSDP, where Hugging Face loads trained weights so."""
    if run.fp32_masters is None:
        return run.method == "full" and run.sharding == "fsdp"
    return run.fp32_masters


def has_fp32_residual(run: TrainingRun) -> bool:
    """Hidden states and embeddings in 32 bit. Unknown: plain NF4, which peft prepares so; FSDP cannot mix types."""
    if run.fp32_residual is None:
        plain_nf4 = run.method == "qlora" and not run.gptq and run.software == "plain"
        return plain_nf4 and run.sharding not in SHARDED_WEIGHTS
    return run.fp32_residual


def _state(run: TrainingRun) -> _State:
    """Types of weight, gradient, moments, and the optimizer's copies. DDP copies gradients to send them."""
    if run.method != "full":
        state = _State(BYTES_32_BIT, BYTES_32_BIT, 2 * BYTES_32_BIT, 0)
    elif run.sharding in DEEPSPEED or run.software == "megatron":
        state = _State(BYTES_16_BIT, BYTES_32_BIT, 3 * BYTES_32_BIT, 0)
    else:
        width = BYTES_32_BIT if has_fp32_masters(run) else BYTES_16_BIT
        state = _State(width, width, 2 * width, width)
    two_moments = 2 * state.gradients
    master = state.optimizer - two_moments
    words = run.optimizer.lower()
    if "paged" in words:
        state = state._replace(optimizer=master, temporaries=0)
    elif "8bit" in words or "8-bit" in words:
        state = state._replace(optimizer=master + 2, temporaries=0)
    elif "adafactor" in words:
        state = state._replace(optimizer=master)
    elif "sgd" in words or "lion" in words:
        state = state._replace(optimizer=master + two_moments / 2)
    if run.sharding == "ddp":
        state = state._replace(gradients=2 * state.gradients)
    return state._replace(optimizer=0, temporaries=0) if run.cpu_offload else state


class _Matrix(NamedTuple):
    """A linear layer, how many of it a layer stores and how many of them one token passes through."""

    inputs: float
    outputs: float
    stored: float = 1
    active: float = 1


def _matrices(model: Architecture) -> dict[str, _Matrix]:
    """Linear layers of one layer by their part; the head belongs to all layers together."""
    queries, keys = model.heads * model.head_dim, model.kv_heads * model.head_dim
    experts, active = model.experts or 1, model.experts_per_token or 1
    return {
        "q": _Matrix(model.hidden, queries),
        "k": _Matrix(model.hidden, keys),
        "v": _Matrix(model.hidden, keys),
        "o": _Matrix(queries, model.hidden),
        "gate": _Matrix(model.hidden, model.ffn, experts, active),
        "up": _Matrix(model.hidden, model.ffn, experts, active),
        "down": _Matrix(model.ffn, model.hidden, experts, active),
        "head": _Matrix(model.hidden, model.vocab, 1 / model.layers, 1 / model.layers),
    }


@cache
def shape_of(model: Architecture) -> tuple[bool, bool]:
    """Whether embeddings are tied and the MLP is gated: what the number of parameters agrees with best."""
    attention = 2 * model.hidden * (model.heads + model.kv_heads) * model.head_dim
    matrix = model.hidden * model.ffn * (model.experts or 1)

    def surplus(tied: bool, gated: bool) -> float:
        embedding = model.vocab * model.hidden * (2 - tied)
        return abs(embedding + model.layers * (attention + (3 if gated else 2) * matrix) - model.params)

    known = (False, True) if model.tied is None else (model.tied,)
    return min(((tied, gated) for gated in (True, False) for tied in known), key=lambda form: surplus(*form))


def _adapted(run: TrainingRun) -> tuple[_Matrix, ...]:
    """Matrices with an adapter. Unknown targets: every linear layer, which leaves out the head."""
    return _named_matrices(run.model, (run.lora_targets or "").lower())


@lru_cache(REMEMBERED_TARGETS)
def _named_matrices(model: Architecture, words: str) -> tuple[_Matrix, ...]:
    named = {name for name, pattern in TARGET_WORDS.items() if re.search(pattern, words)}
    if not named or re.search(r"\ball|linear", words):
        named |= TARGET_WORDS.keys() - {"head"}
    if not shape_of(model)[1]:
        named.discard("gate")
    return tuple(matrix for name, matrix in _matrices(model).items() if name in named)


def adapter_widths(run: TrainingRun) -> float:
    """Sum of input and output widths over the adapted matrices of a layer."""
    return sum((matrix.inputs + matrix.outputs) * matrix.stored for matrix in _adapted(run))


def _trained_inputs(run: TrainingRun, constants: Constants) -> float:
    """Bytes per token and layer that training adds to what frozen weights keep: the inputs of what is trained."""
    if run.method == "full":
        return BYTES_16_BIT * run.model.ffn * (run.model.experts_per_token or 1)
    return constants["adapter_input"] * sum(matrix.inputs * matrix.active for matrix in _adapted(run))


def _column(values: Sequence[float | bool | None]) -> Values:
    return np.array([float(value or 0) for value in values])


def _array(numbers: formula.Numbers) -> Values:
    return np.asarray(numbers, dtype=float)


def _bytes_per_weight(run: TrainingRun, constants: Constants) -> float:
    """Of a linear layer. 4 and 8 bit carry scales; other widths, such as 4.5, already count them."""
    if run.method == "full":
        return _state(run).weights
    known = {4.0: constants["base_4_bit"], 8.0: constants["base_8_bit"]}
    bits = float(run.weight_bits) if run.method == "qlora" else 16.0
    return known.get(bits, bits / 8)


def _kept_without_checkpointing(run: TrainingRun, constants: Constants) -> float:
    """Share of a layer's activations that stays, 0 where only layer inputs do."""
    kept = {"none": 1.0, "selective": constants["kept_selective"]}.get(run.checkpointing or "full", 0.0)
    return kept * (constants["kept_quantised"] if run.method == "qlora" else 1)


def _layer_share(run: TrainingRun, constants: Constants) -> float:
    return constants["layer_host"] if run.checkpointing == "host" else constants["layer"]


def _divided(run: TrainingRun, where: Sequence[str]) -> float:
    """Cards that share a term. Several cards without data parallelism hold the model in parts."""
    return run.gpus if run.sharding in (*where, "none") else 1


def _tensor_parallel(run: TrainingRun) -> float:
    """Cards that share every matrix: Megatron without data parallelism."""
    return run.gpus if run.software == "megatron" and run.sharding == "none" else 1


def _parameter_terms(runs: Sequence[TrainingRun], constants: Constants) -> dict[str, Values]:
    """Bytes on one card of everything whose size does not depend on the batch."""
    full = _column([run.method == "full" for run in runs])
    tied = _column([shape_of(run.model)[0] for run in runs])
    params, layers = _column([run.model.params for run in runs]), _column([run.model.layers for run in runs])
    hidden, vocab = _column([run.model.hidden for run in runs]), _column([run.model.vocab for run in runs])
    embedding = np.minimum(formula.embedding_parameters(vocab, hidden, tied), params)
    rank = _column([0 if run.method == "full" else run.lora_rank or COMMON_RANK for run in runs])
    adapter = formula.adapter_parameters(layers, rank, _column([adapter_widths(run) for run in runs]))
    trained = np.where(full == 1, params, adapter)

    states = np.array([_state(run) for run in runs]).T
    per_weight = _column([_bytes_per_weight(run, constants) for run in runs])
    wide = _column([has_fp32_residual(run) for run in runs])
    per_embedding = np.where(full == 1, states[0], np.where(wide == 1, BYTES_32_BIT, BYTES_16_BIT))
    base = formula.base_bytes(params - embedding, embedding, per_weight, per_embedding)
    stored = base + np.where(full == 1, 0, adapter * states[0])

    over_weights, over_gradients, over_optimizer = (
        _column([_divided(run, where) for run in runs])
        for where in (SHARDED_WEIGHTS, SHARDED_GRADIENTS, SHARDED_OPTIMIZER)
    )
    sharded = _column([run.sharding in SHARDED_WEIGHTS and run.gpus > 1 for run in runs])
    on_card = 1 - sharded * _column([run.cpu_offload for run in runs])
    layer_bytes = (params - embedding) * np.minimum(per_weight, BYTES_16_BIT) / layers
    gathered = formula.gathered_weights(layer_bytes, embedding * per_embedding, constants["gathered_layers"])
    unsharded = _column([run.whole_model_gathered for run in runs])
    gradients = trained * states[1] / over_gradients * on_card
    accumulates = full * _column([run.accumulation > 1 for run in runs])
    return {
        "weights": stored / over_weights * on_card,
        "gathered": sharded * np.where(unsharded == 1, base, np.minimum(gathered, base)),
        "gradients": gradients,
        "accumulated": accumulates * gradients,
        "optimizer": trained * states[2] / over_optimizer,
        "temporaries": trained * states[3] / over_optimizer,
    }


def _activation_terms(runs: Sequence[TrainingRun], constants: Constants) -> dict[str, Values]:
    """Bytes on one card of everything that grows with the tokens of a micro batch."""
    length = _column([run.seq_len for run in runs])
    tokens = length * _column([run.micro_batch / _tensor_parallel(run) for run in runs])
    hidden, heads = _column([run.model.hidden for run in runs]), _column([run.model.heads for run in runs])
    layers = _column([run.model.layers / _divided(run, ()) * _tensor_parallel(run) for run in runs])
    plain_attention = _column([run.flash_attention is False for run in runs])
    gated = _column([shape_of(run.model)[1] for run in runs])
    layer = formula.layer_activations(
        tokens,
        hidden,
        _column([run.model.kv_heads * run.model.head_dim for run in runs]),
        _column([run.model.ffn * (run.model.experts_per_token or 1) for run in runs]),
        np.where(gated == 1, constants["ffn_gated"], constants["ffn_plain"]),
        _column([_trained_inputs(run, constants) for run in runs]),
        plain_attention * formula.attention_scores(tokens, length, heads),
    )
    width = np.where(_column([has_fp32_residual(run) for run in runs]) == 1, BYTES_32_BIT, BYTES_16_BIT)
    inputs = _array(formula.saved_inputs(tokens, hidden, layers, width))
    kept = _column([_kept_without_checkpointing(run, constants) for run in runs])
    on_card = 1 - _column([run.checkpointing == "host" for run in runs])
    saved = np.where(kept > 0, np.maximum(kept * layers * layer, inputs), inputs * on_card)
    # FSDP hooks the gradient of every layer's input to know when frozen weights may go, and so keeps it:
    # pytorch/pytorch#101982. As large as the inputs themselves in the measured peaks.
    hooked = _column([run.method != "full" and run.sharding == "fsdp" and run.gpus > 1 for run in runs])
    unfused = _column([run.loss != "fused" for run in runs])
    vocab = _column([run.model.vocab for run in runs])
    return {
        "saved": saved,
        "held": hooked * inputs * on_card,
        "layer": layer * _column([_layer_share(run, constants) for run in runs]),
        "logits": _array(formula.logits(tokens, vocab, _column([constants[f"logit_{run.loss}"] for run in runs]))),
        "stranded": _array(formula.logits(tokens, vocab, unfused * constants["logit_stranded"])),
    }


def estimate_memory(runs: Sequence[TrainingRun], constants: Constants) -> MemoryEstimate:
    """Peak memory per card of every run.

    Unknown checkpointing is full, unknown attention is flash, unknown rank 16 on every linear layer:
    what current trainers do unless told otherwise.
    """
    terms = {**_parameter_terms(runs, constants), **_activation_terms(runs, constants)}
    sums = formula.moments(terms)
    highest = np.argmax(sums, axis=0)
    allocated = sums.max(axis=0) + constants["workspace_gib"] * GIB

    several = _column([run.gpus > 1 for run in runs])
    spread = np.where(_column([run.variable_lengths for run in runs]) == 1, constants["spread"], 1)
    passing = np.maximum(terms["held"] + terms["layer"], terms["logits"] + terms["stranded"])
    cached = (terms["saved"] + passing * spread) * constants["slack"]
    standing = terms["weights"] + terms["optimizer"] + terms["gathered"] + terms["accumulated"]
    update = terms["gradients"] + terms["temporaries"] - terms["accumulated"]
    unused, context, collective = (constants[name] * GIB for name in ("unused_gib", "context_gib", "collective_gib"))
    reserved = _array(formula.reserved(standing, cached, update, constants["unshared"], allocated, unused))
    process = _array(formula.process(reserved, context, several, collective))

    names = list(formula.MOMENTS)
    at_peak = {
        name: np.where([name in formula.MOMENTS[names[index]] for index in highest], terms[name], 0) / GIB
        for name in terms
        if name != "stranded"
    }
    at_peak |= {
        "workspace": np.full(len(runs), constants["workspace_gib"]),
        "allocator": (reserved - allocated) / GIB,
        "context": (process - reserved) / GIB,
    }
    return MemoryEstimate(at_peak, np.array(names)[highest], allocated / GIB, reserved / GIB, process / GIB)


def fits(estimate: MemoryEstimate, card_gib: float | Values, constants: Constants) -> NDArray[np.str_]:
    """Verdict for each run: "yes" with a margin for the error of the estimate, "no" where not even the tensors fit.

    Between the two it is "tight": the allocator then gives back what it caches, which costs speed and sometimes fails.
    """
    least = (estimate.allocated_gib + constants["context_gib"]) * (1 - constants["error_allocated"])
    most = estimate.process_gib * (1 + constants["error_process"])
    return np.where(least > card_gib, "no", np.where(most > card_gib, "tight", "yes"))


def _fitting(runs: Sequence[TrainingRun], card: Card, constants: Constants) -> tuple[NDArray[np.bool_], Values]:
    estimate = estimate_memory(runs, constants)
    return fits(estimate, card.memory_gib, constants) == "yes", estimate.process_gib


def largest_micro_batch(run: TrainingRun, card: Card, constants: Constants) -> int:
    """Most samples of this length per step and card that fit with the margin; 0 where one does not."""
    sizes = range(1, LARGEST_MICRO_BATCH + 1)
    fitting, _ = _fitting([replace(run, micro_batch=size) for size in sizes], card, constants)
    return int(fitting.sum())


def _in_portions(run: TrainingRun, card: Card, constants: Constants) -> TrainingRun:
    """The same samples per update in the largest portions that fit, single ones where none do."""
    samples = run.micro_batch * run.accumulation
    portions = [
        replace(run, micro_batch=size, accumulation=-(-samples // size)) for size in range(1, run.micro_batch + 1)
    ]
    fitting, _ = _fitting(portions, card, constants)
    return portions[max(0, int(fitting.sum()) - 1)]


def _with_other_means(run: TrainingRun) -> list[tuple[str, TrainingRun]]:
    """Changes that cost money or quality, dearest last."""
    cards = [count for count in (2, 4, 8) if count > run.gpus]
    adapter = METHODS[METHODS.index(run.method) + 1 :]
    return [
        ("eight_bit_optimizer", replace(run, optimizer="adamw_8bit")),
        *((f"shard_over_{count}", replace(run, gpus=count, sharding="fsdp")) for count in cards),
        *((method, replace(run, method=method, weight_bits=BITS[method], fp32_masters=None)) for method in adapter),
    ]


def remedies(run: TrainingRun, card: Card, constants: Constants) -> list[Remedy]:
    """Changes after which the run fits, the least costly first.

    The first ones leave the result as it is; "all_savings" is all of them at once. Where not even that
    is enough, the others, which cost money or quality, are also tried on top of it.
    """
    checkpointed = replace(run, checkpointing="full") if run.checkpointing in ("none", "selective") else run
    lean = _in_portions(replace(checkpointed, loss="fused"), card, constants)
    candidates = [
        ("fused_loss", replace(run, loss="fused")),
        ("checkpointing", checkpointed),
        ("smaller_micro_batch", _in_portions(run, card, constants)),
        ("all_savings", lean),
        *_with_other_means(run),
    ]
    if not _fitting([lean], card, constants)[0][0]:
        whole = replace(lean, micro_batch=run.micro_batch, accumulation=run.accumulation)
        candidates += [(code, _in_portions(more, card, constants)) for code, more in _with_other_means(whole)]
    fitting, needed = _fitting([run, *(changed for _, changed in candidates)], card, constants)
    found: dict[str, Remedy] = {}
    for (code, changed), fit, after in zip(candidates, fitting[1:], needed[1:], strict=True):
        known = [run, *(remedy.run for remedy in found.values())]
        if fit and changed not in known and code not in found:
            found[code] = Remedy(code, changed, float(needed[0] - after))
    order = dict.fromkeys(code for code, _ in candidates)
    return [found[code] for code in order if code in found]
