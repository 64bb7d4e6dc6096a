"""Memory of weights, adapters, gradients and optimizer state of a training run on each of its cards."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.engineering.descriptions import TrainingRun
from advisor.engineering.linear_layers import adapter_widths, embedding_and_mlp_form
from advisor.formulas import memory as formula

Constants = Mapping[str, float]
Values = NDArray[np.float64]

BYTES_16_BIT, BYTES_32_BIT = 2.0, 4.0
COMMON_RANK = 16
SHARDED_WEIGHTS = ("fsdp", "zero3")
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


def has_fp32_masters(run: TrainingRun) -> bool:
    """Whether the trained weights are kept in 32 bit.

    Where it is not known: only under FSDP, where Hugging Face loads trained weights so.

    Parameters
    ----------
    run : TrainingRun

    Returns
    -------
    bool
    """
    if run.fp32_masters is None:
        return run.method == "full" and run.sharding == "fsdp"
    return run.fp32_masters


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
        plain_nf4 = run.method == "qlora" and not run.gptq and run.software == "plain"
        return plain_nf4 and run.sharding not in SHARDED_WEIGHTS
    return run.fp32_residual


def _training_state(run: TrainingRun) -> _TrainingState:
    """Bytes per trained parameter, from method, sharding and optimizer. DDP keeps a second copy of the gradients."""
    if run.method != "full":
        state = _TrainingState(BYTES_32_BIT, BYTES_32_BIT, 2 * BYTES_32_BIT, 0)
    elif run.sharding in DEEPSPEED or run.software == "megatron":
        state = _TrainingState(BYTES_16_BIT, BYTES_32_BIT, 3 * BYTES_32_BIT, 0)
    else:
        width = BYTES_32_BIT if has_fp32_masters(run) else BYTES_16_BIT
        state = _TrainingState(width, width, 2 * width, width)
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


def _bytes_per_weight(run: TrainingRun, constants: Constants) -> float:
    """Bytes per weight of a linear layer. 4 and 8 bit add their scales; other widths, such as 4.5, include them."""
    if run.method == "full":
        return _training_state(run).weights
    known = {4.0: constants["base_4_bit"], 8.0: constants["base_8_bit"]}
    bits = float(run.weight_bits) if run.method == "qlora" else 16.0
    return known.get(bits, bits / 8)


def cards_sharing(run: TrainingRun, shardings: Sequence[str]) -> int:
    """Cards that divide a term among them.

    Several cards without any data parallelism hold the model in parts and divide every term.

    Parameters
    ----------
    run : TrainingRun
    shardings : sequence of Sharding, those that shard the term

    Returns
    -------
    int [cards]
    """
    return run.gpus if run.sharding in (*shardings, "none") else 1


def weight_terms(runs: Sequence[TrainingRun], constants: Constants) -> dict[str, Values]:
    """Memory of everything whose size does not depend on the batch, on one card.

    Parameters
    ----------
    runs : sequence of TrainingRun
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
    trained = np.where(full == 1, params, adapter)

    states = np.array([_training_state(run) for run in runs]).T
    per_weight = per_run([_bytes_per_weight(run, constants) for run in runs])
    fp32_residual = per_run([has_fp32_residual(run) for run in runs])
    per_embedding = np.where(full == 1, states[0], np.where(fp32_residual == 1, BYTES_32_BIT, BYTES_16_BIT))
    base = formula.base_bytes(params - embedding, embedding, per_weight, per_embedding)
    base = base + BYTES_16_BIT * per_run([run.model.encoder_params for run in runs])
    stored = base + np.where(full == 1, 0, adapter * states[0])

    over_weights, over_gradients, over_optimizer = (
        per_run([cards_sharing(run, shardings) for run in runs])
        for shardings in (SHARDED_WEIGHTS, SHARDED_GRADIENTS, SHARDED_OPTIMIZER)
    )
    sharded = per_run([run.sharding in SHARDED_WEIGHTS and run.gpus > 1 for run in runs])
    on_card = 1 - sharded * per_run([run.cpu_offload for run in runs])
    layer_bytes = (params - embedding) * np.minimum(per_weight, BYTES_16_BIT) / layers
    gathered = formula.gathered_weights(layer_bytes, embedding * per_embedding, constants["gathered_layers"])
    unsharded = per_run([run.whole_model_gathered for run in runs])
    gradients = trained * states[1] / over_gradients * on_card
    accumulates = full * per_run([run.accumulation > 1 for run in runs])
    return {
        "weights": stored / over_weights * on_card,
        "gathered": sharded * np.where(unsharded == 1, base, np.minimum(gathered, base)),
        "gradients": gradients,
        "accumulated": accumulates * gradients,
        "optimizer": trained * states[2] / over_optimizer,
        "temporaries": trained * states[3] / over_optimizer,
    }
