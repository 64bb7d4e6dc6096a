"""Linear layers of a decoder-only transformer, and which of them a LoRA adapter targets."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from advisor.engineering.descriptions import Architecture, TrainingRun

REMEMBERED_TARGETS = 1_024
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
"""Patterns for the names that frameworks give the linear layers."""


class LinearLayer(NamedTuple):
    """One weight matrix of a transformer layer; experts of a mixture count as copies of it."""

    inputs: float  # input width
    outputs: float  # output width
    stored: float = 1  # copies that a transformer layer stores
    active: float = 1  # copies that one token passes through


def _linear_layers(model: Architecture) -> dict[str, tuple[LinearLayer, ...]]:
    """Linear layers of one transformer layer, by the names of TARGET_WORDS; the output head counts 1 / layers."""
    head = LinearLayer(model.hidden, model.vocab, 1 / model.layers, 1 / model.layers)
    into = tuple(LinearLayer(model.hidden, width, *copies) for width, *copies in _mlp_widths(model))
    down = tuple(layer._replace(inputs=layer.outputs, outputs=layer.inputs) for layer in into)
    return {**_attention_layers(model), "gate": into, "up": into, "down": down, "head": (head,)}


def _attention_layers(model: Architecture) -> dict[str, tuple[LinearLayer, ...]]:
    """Matrices of the attention; latent attention makes queries, and keys with values, in two steps."""
    queries, keys = model.heads * model.head_dim, model.kv_heads * model.head_dim
    if model.kv_lora_rank is None:
        query, key = LinearLayer(model.hidden, queries), LinearLayer(model.hidden, keys)
        return {"q": (query,), "k": (key,), "v": (key,), "o": (LinearLayer(queries, model.hidden),)}
    rank, values = model.q_lora_rank, model.heads * (model.value_dim or model.head_dim)
    two_steps = (LinearLayer(model.hidden, rank or 0), LinearLayer(rank or 0, queries))
    keys_and_values = model.heads * (model.head_dim - model.rope_head_dim) + values
    return {
        "q": two_steps if rank else (LinearLayer(model.hidden, queries),),
        "k": (LinearLayer(model.hidden, model.kv_lora_rank + model.rope_head_dim),),
        "v": (LinearLayer(model.kv_lora_rank, keys_and_values),),
        "o": (LinearLayer(values, model.hidden),),
    }


def _mlp_widths(model: Architecture) -> tuple[tuple[int, float, float], ...]:
    """Widths of the MLPs of a layer, each with the copies stored and those that one token passes, in the mean."""
    dense = model.dense_layers / model.layers
    sparse = 1 - dense
    widths = [(model.ffn, sparse * (model.experts or 1), sparse * (model.experts_per_token or 1))]
    widths += [(model.shared_ffn, sparse, sparse)] if model.shared_ffn else []
    widths += [(model.dense_ffn or model.ffn, dense, dense)] if dense else []
    return tuple(widths)


@cache
def embedding_and_mlp_form(model: Architecture) -> tuple[bool, bool]:
    """Whether the embeddings are tied and whether the MLP is gated.

    Nobody states the second and not everybody the first: the form whose parameters come nearest to the stated total.

    Parameters
    ----------
    model : Architecture

    Returns
    -------
    tuple of bool, bool (tied, gated)
    """
    held = {name: _held(layers) for name, layers in _linear_layers(model).items() if name != "head"}

    def difference(tied: bool, gated: bool) -> float:
        embedding = model.vocab * model.hidden * (2 - tied)
        return abs(embedding + model.layers * (sum(held.values()) - (0 if gated else held["gate"])) - model.params)

    known = (False, True) if model.tied is None else (model.tied,)
    return min(((tied, gated) for gated in (True, False) for tied in known), key=lambda form: difference(*form))


def _held(layers: tuple[LinearLayer, ...]) -> float:
    """Parameters of these matrices in one transformer layer."""
    return sum(layer.inputs * layer.outputs * layer.stored for layer in layers)


def adapted_layers(run: TrainingRun) -> tuple[LinearLayer, ...]:
    """Linear layers that carry an adapter.

    Parameters
    ----------
    run : TrainingRun; without ``lora_targets`` every linear layer but the output head

    Returns
    -------
    tuple of LinearLayer
    """
    return _named_layers(run.model, (run.lora_targets or "").lower())


@lru_cache(REMEMBERED_TARGETS)
def _named_layers(model: Architecture, words: str) -> tuple[LinearLayer, ...]:
    """Linear layers that the words of a training configuration name."""
    named = {name for name, pattern in TARGET_WORDS.items() if re.search(pattern, words)}
    if not named or re.search(r"\ball|linear", words):
        named |= TARGET_WORDS.keys() - {"head"}
    if not embedding_and_mlp_form(model)[1]:
        named.discard("gate")
    return tuple(layer for name, layers in _linear_layers(model).items() if name in named for layer in layers)


def adapter_widths(run: TrainingRun) -> float:
    """Sum of the input and output widths of the adapted matrices of a layer: rank x this = adapter parameters.

    Parameters
    ----------
    run : TrainingRun

    Returns
    -------
    float [parameters per rank and layer]
    """
    return sum((layer.inputs + layer.outputs) * layer.stored for layer in adapted_layers(run))
