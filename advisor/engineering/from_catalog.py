"""Records of the catalog, and the labels of other people's tables, as the estimators are told them."""

import re
from collections.abc import Mapping

from advisor.catalog.loader import Catalog
from advisor.catalog.records import Gpu, ModelRecord
from advisor.engineering.descriptions import Architecture, Card

NOT_OF_THE_CARD = re.compile(r"^\s*\d+\s*x\s+|^\s*\d+x(?=[a-z])|nvidia|geforce|tesla|amd|instinct|graphics")
FORM_FACTOR = re.compile(r"sxm\d?(?![a-z])")
NOT_IN_A_NAME = re.compile(r"[^a-z0-9]")
MEMORY_SUFFIX = re.compile(r"(?<=[a-z0-9])[^a-z0-9]*(\d+)[^a-z0-9]*gi?b\W*$")
SAME_MEMORY = (0.92, 1.09)
"""GiB reported over nominal size: 22.49 of "24 GB", 179 of "192 GB"."""


def cards(catalog: Catalog) -> Mapping[str, Card]:
    """Every card of the catalog, under its id and under all its names, as :func:`card_named` reads them."""
    known = ((gpu, label) for gpu in catalog.gpus.values() for label in (gpu.id, gpu.name, *gpu.names))
    return {key: card_of(gpu) for gpu, label in known for key in (label.lower(), _folded(label))}


def card_of(gpu: Gpu) -> Card:
    """The card as servers have it: without the bridge that few of them do."""
    return Card(
        name=gpu.id,
        architecture=gpu.architecture,
        memory_gib=gpu.memory_gib,
        bandwidth_gb_s=gpu.memory_bandwidth_gb_per_s,
        bf16_tflops=gpu.bf16_dense_tflops,
        fp8_tflops=gpu.fp8_dense_tflops,
        fp4_tflops=gpu.fp4_dense_tflops,
        link_gb_s=None if gpu.link_is_bridge else gpu.link_gb_per_s,
        int8_tops=gpu.int8_dense_tops,
        memory_type=gpu.memory_type,
        tdp_w=gpu.tdp_w,
    )


def card_named(known: Mapping[str, Card], label: str) -> Card | None:
    """The card a table calls ``label``, whatever its spaces, hyphens, maker or stated memory; ``None`` if unknown.

    A stated memory must be that of the card: "H100-94GB" is not the card of 80 GB.
    """
    found = known.get(label.strip().lower()) or known.get(_folded(label))
    stated = MEMORY_SUFFIX.search(label.lower())
    if found is not None or stated is None:
        return found
    card = known.get(_folded(label[: stated.start()]))
    low, high = SAME_MEMORY
    return card if card is not None and low <= card.memory_gib / float(stated.group(1)) <= high else None


def architecture_of(model: ModelRecord) -> Architecture:
    """The shape of a model of the catalog; counts of parameters, not billions."""
    return Architecture(
        params=model.params_b * 1e9,
        active_params=model.active_params_b * 1e9,
        hidden=model.hidden_size,
        layers=model.layers,
        heads=model.heads,
        kv_heads=model.kv_heads,
        head_dim=model.head_dim or model.hidden_size // model.heads,
        ffn=model.ffn_size,
        vocab=model.vocab_size,
        tied=model.tied_embeddings,
        experts=model.experts,
        experts_per_token=model.experts_per_token,
    )


def _folded(label: str) -> str:
    """Only what tells cards apart: "NVIDIA A100-SXM4-80GB" and "a100 sxm 80 GB" are one."""
    plain = FORM_FACTOR.sub("sxm", NOT_OF_THE_CARD.sub("", label.lower()))
    return NOT_IN_A_NAME.sub("", plain)
