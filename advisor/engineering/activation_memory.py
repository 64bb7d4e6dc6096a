"""Memory of activations and logits of a training run on each of its cards."""

from collections.abc import Sequence

import numpy as np

from advisor.engineering.descriptions import PAIRS, TrainingRun
from advisor.engineering.linear_layers import adapted_layers, embedding_and_mlp_form
from advisor.engineering.training_slowdowns import as_computed
from advisor.engineering.usual import cards_of_a_copy
from advisor.engineering.weight_memory import (
    BYTES_16_BIT,
    BYTES_32_BIT,
    Constants,
    Values,
    has_fp32_residual,
    per_run,
)
from advisor.formulas import memory as formula


def _trained_inputs(run: TrainingRun, constants: Constants) -> float:
    """Bytes per token and layer that training a weight adds to frozen weights: its input, for its gradient."""
    if run.method == "full":
        return BYTES_16_BIT * run.model.mlp_width
    adapted = adapted_layers(run)
    outputs = constants["dora_output"] * sum(layer.outputs * layer.active for layer in adapted) if run.dora else 0.0
    return constants["adapter_input"] * sum(layer.inputs * layer.active for layer in adapted) + outputs


def _kept_without_checkpointing(run: TrainingRun, constants: Constants) -> float:
    """Share of a layer's activations kept for the backward pass; 0 where only the layer inputs are."""
    kept = {"none": 1.0, "selective": constants["kept_selective"]}.get(run.checkpointing or "full", 0.0)
    return kept * (constants["kept_quantised"] if run.method == "qlora" else 1)


def _layer_share(run: TrainingRun, constants: Constants) -> float:
    """Activations of the layer in progress during the backward pass, as a multiple of one forward pass."""
    return constants["layer_host"] if run.checkpointing == "host" else constants["layer"]


def _cards_over_tokens(run: TrainingRun) -> float:
    """Cards among which the activations of a micro-batch are divided: tensor parallel (its sequence parallel form, as
    Megatron has it) and context parallel."""
    return float((run.tensor_parallel or 1) * (run.context_parallel or 1))


def _layers_held(run: TrainingRun) -> float:
    """Layers whose inputs one card keeps. A pipeline's first stage keeps as many micro-batches as there are stages."""
    parts = cards_of_a_copy(run) / _cards_over_tokens(run)
    return run.model.layers / (1 if run.pipeline_parallel else max(1.0, parts))


def _sequences(run: TrainingRun) -> float:
    """Sequences in a micro-batch on one card: a pair is two of them, unless pairs are packed into the length."""
    return run.micro_batch * (2 if run.objective in PAIRS and not run.packing else 1) / _cards_over_tokens(run)


def _logit_bytes(run: TrainingRun, constants: Constants) -> float:
    """Bytes for each logit. A loop of unknown loss keeps four copies in the width of its hidden states; likelihoods of
    answers need whole logits."""
    if run.loss is not None:
        return constants[f"logit_{run.loss}"]
    if run.framework == "unsloth" and run.objective == "sft":
        return constants["logit_unsloth"]
    if run.objective != "sft":
        return constants["logit_plain"]
    return constants["logit_unknown"] * (BYTES_32_BIT / BYTES_16_BIT if has_fp32_residual(run) else 1)


def activation_terms(
    runs: Sequence[TrainingRun], constants: Constants, lengths: Values | None = None
) -> dict[str, Values]:
    """Memory of everything that grows with the tokens of a micro-batch, on one card.

    Parameters
    ----------
    runs : sequence of TrainingRun, as :func:`~advisor.engineering.usual.usual` completes them
    constants : mapping of str to float, of the memory estimator
    lengths : array (lengths, 1) [tokens/sample], at each of which every run is looked at instead of at its own

    Returns
    -------
    dict of str to array (runs,) or (lengths, runs) [bytes], terms of ``formulas.memory.MOMENTS``, and "stranded": freed
    logits that the allocator cannot reuse
    """
    length = per_run([run.seq_len for run in runs]) if lengths is None else lengths
    tokens = length * per_run([_sequences(run) for run in runs])
    hidden, heads = per_run([run.model.hidden for run in runs]), per_run([run.model.heads for run in runs])
    layers = per_run([_layers_held(run) for run in runs])
    plain_attention = per_run([run.flash_attention is False for run in runs])
    gated = per_run([embedding_and_mlp_form(run.model)[1] for run in runs])
    layer = formula.layer_activations(
        tokens,
        hidden,
        per_run([run.model.kv_heads * run.model.head_dim for run in runs]),
        per_run([as_computed(run).model.mlp_width for run in runs]),
        np.where(gated == 1, constants["ffn_gated"], constants["ffn_plain"]),
        per_run([_trained_inputs(run, constants) for run in runs]),
        plain_attention * formula.attention_scores(tokens, length, heads),
    )
    width = np.where(per_run([has_fp32_residual(run) for run in runs]) == 1, BYTES_32_BIT, BYTES_16_BIT)
    inputs = np.asarray(formula.saved_inputs(tokens, hidden, layers, width))
    kept = per_run([_kept_without_checkpointing(run, constants) for run in runs])
    on_card = 1 - per_run([run.checkpointing == "host" for run in runs])
    saved = np.where(kept > 0, np.maximum(kept * layers * layer, inputs), inputs * on_card)
    # FSDP registers a hook on the gradient of every layer's input to know when it may free frozen weights, and so
    # keeps that gradient: pytorch/pytorch#101982. In the measured peaks it is as large as the inputs themselves.
    hooked = per_run([run.method != "full" and run.sharding == "fsdp" and run.gpus > 1 for run in runs])
    whole = per_run(
        [run.loss in ("plain", "compiled") or (run.loss is None and run.objective != "sft") for run in runs]
    )
    vocab = per_run([run.model.vocab for run in runs])
    per_logit = per_run([_logit_bytes(run, constants) for run in runs])
    return {
        "saved": saved,
        "held": hooked * inputs * on_card,
        "layer": layer * per_run([_layer_share(run, constants) for run in runs]),
        "logits": np.asarray(formula.logits(tokens, vocab, per_logit)),
        "stranded": np.asarray(formula.logits(tokens, vocab, whole * constants["logit_stranded"])),
    }
