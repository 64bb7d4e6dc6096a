"""Memory of weights, adapters, gradients and optimizer state of a training run on each of its cards."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.engineering.descriptions import TrainingRun
from advisor.engineering.linear_layers import adapter_widths, embedding_and_mlp_form
from advisor.engineering.usual import SHARDED_WEIGHTS, cards_of_a_copy
from advisor.formulas import memory as formula
from advisor.formulas.constants import GIB

Constants = Mapping[str, float]
Values = NDArray[np.float64]

BYTES_16_BIT, BYTES_32_BIT = 2.0, 4.0
COMMON_RANK = 16
SHARDED_GRADIENTS = ("fsdp", "zero3", "zero2")
SHARDED_OPTIMIZER = ("fsdp", "zero3", "zero2", "zero1")
DEEPSPEED = ("zero1", "zero2", "zero3")


class _TrainingState(NamedTuple):
    """Bytes per trained parameter."""

    weights: float
    gradients: float
    optimizer: float  # moments and fp32 master weights
    temporaries: float  # copies that the optimizer makes during its step


def per_run(values: Sequence[float | bool | None]) -> Values:
    """One number for each run as an array; unknown counts as 0.

    Parameters
    ----------
    values : sequence of float, bool or None [any unit]

    Returns
    -------
    array (runs,) [unit of values]
    """
    return np.array([float(value or 0) for value in values])


def has_fp32_residual(run: TrainingRun) -> bool:
    """Whether hidden states and embeddings are kept in 32 bit around a 16-bit or quantised base.

    Where it is not known: plain NF4, which ``prepare_model_for_kbit_training`` of peft prepares so; not under FSDP,
    which cannot mix data types.

    Parameters
    ----------
    run : TrainingRun

    Returns
    -------
    bool
    """
    if run.fp32_residual is None:
        peft = run.software == "plain" or run.framework in ("trl", "transformers", "ms_swift")
        plain_nf4 = run.method == "qlora" and not run.gptq and peft
        return plain_nf4 and run.sharding not in SHARDED_WEIGHTS
    return run.fp32_residual


def _training_state(run: TrainingRun) -> _TrainingState:
    """Bytes per trained parameter, from method, sharding and optimizer. DDP keeps a second copy of the gradients."""
    if run.method != "full":
        state = _TrainingState(BYTES_32_BIT, BYTES_32_BIT, 2 * BYTES_32_BIT, 0)
    elif not run.fp32_masters:
        state = _TrainingState(BYTES_16_BIT, BYTES_16_BIT, 2 * BYTES_16_BIT, BYTES_16_BIT)
    elif run.sharding in DEEPSPEED or run.software == "megatron":
        state = _TrainingState(BYTES_16_BIT, BYTES_32_BIT, 3 * BYTES_32_BIT, 0)
    else:
        state = _TrainingState(BYTES_32_BIT, BYTES_32_BIT, 2 * BYTES_32_BIT, BYTES_32_BIT)
    if run.gradient_bits is not None:
        state = state._replace(gradients=run.gradient_bits / 8)
    state = _of_optimizer(run, state)
    if run.sharding == "ddp":
        state = state._replace(gradients=2 * state.gradients)
    if run.optimizer_in_backward:
        state = state._replace(gradients=state.gradients / run.model.layers, temporaries=0)
    return state._replace(optimizer=0, temporaries=0) if run.cpu_offload else state


def _of_optimizer(run: TrainingRun, state: _TrainingState) -> _TrainingState:
    """The state with what its optimizer keeps and copies."""
    moment = BYTES_16_BIT if run.method == "full" and not run.fp32_masters else BYTES_32_BIT
    master = state.optimizer - 2 * moment
    words = run.optimizer.lower()
    if "paged" in words:
        return state._replace(optimizer=master, temporaries=0)
    if any(name in words for name in ("galore", "apollo")):
        return state._replace(optimizer=master, temporaries=0 if "8" in words else state.temporaries)
    if "8bit" in words or "8-bit" in words or "8_bit" in words:
        return state._replace(optimizer=master + 2, temporaries=0)
    if "adafactor" in words:
        return state._replace(optimizer=master)
    if any(name in words for name in ("sgd", "lion", "muon")):
        return state._replace(optimizer=master + moment)
    return state._replace(temporaries=0) if "fused" in words else state


def _bytes_per_weight(run: TrainingRun, constants: Constants) -> float:
    """Bytes per weight of a linear layer. 4 and 8 bit add their scales; other widths, such as 4.5, include them."""
    if run.method == "full":
        return _training_state(run).weights
    known = {4.0: constants["base_4_bit"], 8.0: constants["base_8_bit"]}
    bits = float(run.weight_bits) if run.method == "qlora" else 16.0
    return known.get(bits, bits / 8)


def cards_sharing(run: TrainingRun, shardings: Sequence[str]) -> float:
    """Cards that divide a term among them: those of one copy of the model, and its copies where they shard the term.

    Context parallel cards hold the same weights. Experts are divided over expert parallel cards as well.

    Parameters
    ----------
    run : TrainingRun
    shardings : sequence of Sharding, those that shard the term

    Returns
    -------
    float [cards]
    """
    parts = max(1.0, cards_of_a_copy(run) / (run.context_parallel or 1))
    if run.sharding in shardings:
        return max(parts, float(run.gpus))
    experts = expert_share(run)
    over_experts = max(parts, float(min(run.expert_parallel or 1, run.gpus) * (run.pipeline_parallel or 1)))
    return 1 / (experts / over_experts + (1 - experts) / parts)


def expert_share(run: TrainingRun) -> float:
    """Share of the parameters that stands in experts.

    Parameters
    ----------
    run : TrainingRun

    Returns
    -------
    float [fraction]
    """
    model = run.model
    return (
        min(0.99, 3.0 * model.experts * model.layers * model.hidden * model.ffn / model.params) if model.experts else 0
    )


def _reference_bytes(run: TrainingRun, over_weights: float) -> float:
    """A frozen 16-bit copy of the model to compare with, sharded as the model is."""
    return BYTES_16_BIT * run.model.params / over_weights if run.reference_model else 0


def weight_terms(runs: Sequence[TrainingRun], constants: Constants) -> dict[str, Values]:
    """Memory of everything whose size does not depend on the batch, on one card.

    Parameters
    ----------
    runs : sequence of TrainingRun, as :func:`~advisor.engineering.usual.usual` completes them
    constants : mapping of str to float, of the memory estimator

    Returns
    -------
    dict of str to array (runs,) [bytes], terms of ``formulas.memory.MOMENTS``
    """
    full = per_run([run.method == "full" for run in runs])
    tied = per_run([embedding_and_mlp_form(run.model)[0] for run in runs])
    params, layers = per_run([run.model.params for run in runs]), per_run([run.model.layers for run in runs])
    hidden, vocab = per_run([run.model.hidden for run in runs]), per_run([run.model.vocab for run in runs])
    embedding = np.minimum(formula.embedding_parameters(vocab, hidden, tied), params)
    rank = per_run([0 if run.method == "full" else run.lora_rank or COMMON_RANK for run in runs])
    adapter = formula.adapter_parameters(layers, rank, per_run([adapter_widths(run) for run in runs]))
    # A trained embedding is a copy in 16 bit of its own, with half the bytes of an adapter in every part of the state.
    trained = np.where(full == 1, params, adapter + per_run([run.trained_embeddings for run in runs]) * embedding / 2)

    states = np.array([_training_state(run) for run in runs]).T
    per_weight = per_run([_bytes_per_weight(run, constants) for run in runs])
    fp32_residual = per_run([has_fp32_residual(run) for run in runs])
    per_embedding = np.where(full == 1, states[0], np.where(fp32_residual == 1, BYTES_32_BIT, BYTES_16_BIT))
    base = np.asarray(formula.base_bytes(params - embedding, embedding, per_weight, per_embedding))
    base = base + BYTES_16_BIT * per_run([run.model.encoder_params for run in runs])
    stored = base + np.where(full == 1, 0, trained * states[0])

    over_weights, over_gradients, over_optimizer = (
        per_run([cards_sharing(run, shardings) for run in runs])
        for shardings in (SHARDED_WEIGHTS, SHARDED_GRADIENTS, SHARDED_OPTIMIZER)
    )
    reference = per_run([_reference_bytes(run, over) for run, over in zip(runs, over_weights, strict=True)])
    # Sharding takes weights and gradients to the host also where there is one card.
    weights_off = per_run([run.cpu_offload and run.sharding in SHARDED_WEIGHTS for run in runs])
    gradients_off = per_run([run.cpu_offload and run.sharding in SHARDED_GRADIENTS for run in runs])
    gradients = trained * states[1] / over_gradients * (1 - gradients_off)
    # Megatron keeps one buffer of 32-bit gradients for good; others have gradients only from backward to step.
    accumulates = full * per_run([run.accumulation > 1 or run.software == "megatron" for run in runs])
    return {
        "weights": (stored / over_weights + reference) * (1 - weights_off),
        "gathered": _gathered(runs, base, np.minimum(per_weight, BYTES_16_BIT), embedding * per_embedding, constants),
        "gradients": gradients,
        "accumulated": accumulates * gradients,
        "optimizer": trained * states[2] / over_optimizer,
        "temporaries": trained * states[3] / over_optimizer,
    }


def _gathered(
    runs: Sequence[TrainingRun], base: Values, per_weight: Values, embedding_bytes: Values, constants: Constants
) -> Values:
    """Weights that a card collects from the others, and DeepSpeed's buckets for that [bytes]."""
    sharded = per_run([run.sharding in SHARDED_WEIGHTS and (run.gpus > 1 or run.cpu_offload) for run in runs])
    linear = np.maximum(per_run([run.model.params for run in runs]) * per_weight - embedding_bytes, 0)
    layers = per_run([run.model.layers for run in runs])
    gathered = formula.gathered_weights(linear / layers, embedding_bytes, constants["gathered_layers"])
    whole = per_run([run.whole_model_gathered for run in runs])
    buckets = per_run([run.sharding in DEEPSPEED and run.gpus > 1 and run.software != "megatron" for run in runs])
    held = sharded * np.where(whole == 1, base, np.minimum(gathered, base))
    return np.asarray(held + buckets * np.minimum(constants["bucket_gib"] * GIB, base))
