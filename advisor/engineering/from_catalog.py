"""Catalog records, and card names in other people's tables, as descriptions that the estimators take."""

import re
from collections.abc import Mapping

from advisor.catalog.benchmarks import benchmarks
from advisor.catalog.catalog import Catalog
from advisor.catalog.records import Gpu, ModelRecord
from advisor.core.notices import nearest
from advisor.core.tables import without_commas
from advisor.engineering.descriptions import Architecture, Card

NOT_OF_THE_CARD = re.compile(
    r"^\s*\d+\s*x\s+|^\s*\d+x(?=[a-z])|nvidia|geforce|tesla|amd|instinct|graphics|hbm\d?e?\b|gddr\d\w?\b"
)
FORM_FACTOR = re.compile(r"sxm\d?(?![a-z])")
NOT_IN_A_NAME = re.compile(r"[^a-z0-9]")
MEMORY_SUFFIX = re.compile(r"(?<=[a-z0-9])[^a-z0-9]*(\d+)[^a-z0-9]*g(?:i?b)?\W*(?:hbm\d?e?|gddr\d\w?)?\W*$")
MEMORY_WORD = re.compile(r"(?<![a-z0-9.])(\d{1,4})\s*-?g(?:i?b)?(?![a-z0-9])")
MOST_NEAR = 4
SAME_MEMORY = (0.92, 1.09)
"""Range of reported GiB over nominal GB: 22.49 of "24 GB", 179 of "192 GB"."""


def cards(catalog: Catalog) -> Mapping[str, Card]:
    """Every card of the catalog under its id and all its names, to look up with :func:`card_named`.

    Parameters
    ----------
    catalog : Catalog

    Returns
    -------
    mapping of str to Card, by lower-case and by normalised name
    """
    known = ((gpu, label) for gpu in catalog.gpus.values() for label in (gpu.id, gpu.name, *gpu.names))
    return {key: card_of(gpu) for gpu, label in known for key in (label.lower(), _normalised(label))}


def card_of(gpu: Gpu) -> Card:
    """The card as servers have it: without the NVLink bridge, which few of them do.

    Parameters
    ----------
    gpu : Gpu

    Returns
    -------
    Card [GiB, GB/s, TFLOP/s, W]
    """
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
    """The card that a table calls ``label``, whatever its spaces, hyphens, vendor or stated memory.

    A stated memory must be that of the card: "H100-94GB" is not the card of 80 GB.

    Parameters
    ----------
    known : mapping of str to Card, as from :func:`cards`
    label : str

    Returns
    -------
    Card or None if there is no such card
    """
    found = known.get(label.strip().lower()) or known.get(_normalised(label))
    stated = MEMORY_SUFFIX.search(label.lower())
    if found is not None:
        return found
    if stated is None:
        return _of_words(known, label)
    rest = f"{label[: stated.start()]} {label[stated.end() :]}"
    card = known.get(_normalised(f"{rest} {stated[1]}gb")) or known.get(_normalised(rest))
    low, high = SAME_MEMORY
    gb = float(stated.group(1))
    is_it = card is not None and low * gb <= card.memory_gib <= high * gb
    return card if is_it else _of_words(known, label)


def near_cards(known: Mapping[str, Card], label: str) -> tuple[str, ...]:
    """Cards whose names share a word with a label that is no card's, else those that are spelt much like it.

    Parameters
    ----------
    known : mapping of str to Card, as from :func:`cards`
    label : str

    Returns
    -------
    tuple of str, ids
    """
    words = {word for word in _words_of(label)[0] if re.search(r"[a-z]", word) and re.search(r"\d", word)}
    shared = dict.fromkeys(card.name for key, card in known.items() if words & _words_of(key)[0])
    return tuple(shared)[:MOST_NEAR] or nearest(
        "-".join(sorted(_words_of(label)[0])), {card.name for card in known.values()}
    )


def _of_words(known: Mapping[str, Card], label: str) -> Card | None:
    """The only card that is called these words in any order, and has the memory among them if there is one.

    Cards without NVLink come as PCIe cards alone, so that word may stand beside their name.
    """
    words, gb = _words_of(label)
    if not words - {"pcie"}:
        return None
    named = [(card, *_words_of(key)) for key, card in known.items()]
    found = [(card, key_gb) for card, key_words, key_gb in named if key_words == words]
    if not found and "pcie" in words:
        bare = words - {"pcie"}
        found = [(card, key_gb) for card, key_words, key_gb in named if key_words == bare and card.link_gb_s is None]
    low, high = SAME_MEMORY
    is_it = [
        card
        for card, key_gb in found
        if key_gb == gb or (gb is not None and key_gb is None and low * gb <= card.memory_gib <= high * gb)
    ]
    return is_it[0] if len({card.name for card in is_it}) == 1 else None


def _words_of(label: str) -> tuple[frozenset[str], float | None]:
    """Words of a name that tell cards apart, and the memory among them [GB]."""
    plain = FORM_FACTOR.sub("sxm", label.lower())
    stated = MEMORY_WORD.search(plain)
    rest = plain if stated is None else f"{plain[: stated.start()]} {plain[stated.end() :]}"
    words = frozenset(re.findall(r"[^\W_]+", NOT_OF_THE_CARD.sub(" ", rest))) - benchmarks().beside_a_card
    return words, float(stated[1]) if stated else None


def architecture_of(model: ModelRecord) -> Architecture:
    """Architecture of a model of the catalog, in parameters rather than billions.

    Parameters
    ----------
    model : ModelRecord

    Returns
    -------
    Architecture
    """
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
        windowed_layers=model.windowed_layers or 0,
        window=model.window_tokens,
        kv_lora_rank=model.kv_lora_rank,
        rope_head_dim=model.rope_head_dim or 0,
        q_lora_rank=model.q_lora_rank,
        value_dim=model.value_dim,
        dense_layers=model.dense_layers or 0,
        dense_ffn=model.dense_ffn_size,
        shared_ffn=model.shared_ffn_size or 0,
        all_experts_computed=bool(model.all_experts_computed),
        linear_layers=model.linear_layers or 0,
        state_values=model.state_values or 0,
        cached_values=model.cached_values,
        windowed_values=model.windowed_values,
        encoder_params=(model.encoder_params_b or 0) * 1e9,
    )


NOT_OF_THE_SHAPE = re.compile(
    r"[-_ ](?:instruct|it|chat|base|hf|pt|sft|thinking|preview|bnb|4bit|8bit|16bit|int4|int8|w4a16|w8a8|fp8|fp16|bf16|"
    r"fp4|nvfp4|mxfp4|nf4|awq|gptq|gguf|exl2|mlx|unsloth|dynamic|quantized(?:\.w\d+a\d+)?|turbo|v0\.1|128e|16e|17b|"
    r"i?q\d(?:_[a-z0-9]+)*|ud|qat|marlin|\d+(?:\.\d+)?bpw|"
    r"4k|8k|32k|128k)(?![a-z0-9.])"
)
"""Words of a model's name that do not change its shape: how it was tuned, how its weights are stored."""
MAKERS = re.compile(r"^(?:meta-llama|meta|mistralai|microsoft|google|openai|nvidia)[-_ ](?=llama|phi|gpt|gemma)")
SHAPE_COLUMNS: Mapping[str, str] = {
    "params_b": "params_b",
    "active_params_b": "active_params_b",
    "hidden_size": "hidden_size",
    "num_layers": "layers",
    "num_heads": "heads",
    "num_kv_heads": "kv_heads",
    "head_dim": "head_dim",
    "intermediate_size": "ffn_size",
    "vocab_size": "vocab_size",
    "num_experts": "experts",
    "experts_per_token": "experts_per_token",
    "shared_intermediate_size": "shared_ffn_size",
    "all_experts_computed": "all_experts_computed",
}
"""Columns of a table of runs, and the fields of a model that say the same."""
REMARK, SIZE = re.compile(r"\s*\(([^()]*)\)\s*$"), re.compile(r"(\d+(?:\.\d+)?)\s*[bB](?![a-zA-Z])")
SAME_SIZE = 0.1
"""A stated number of parameters that is this far from the named model's is another model's."""


def models(catalog: Catalog) -> Mapping[str, ModelRecord]:
    """Every model of the catalog under its id and all its names, to look up with :func:`model_named`.

    Parameters
    ----------
    catalog : Catalog

    Returns
    -------
    mapping of str to ModelRecord, by normalised name
    """
    known = ((model, label) for model in catalog.models.values() for label in (model.id, model.name, *model.names))
    found: dict[str, ModelRecord] = {}
    for model, label in known:
        found.setdefault(_model_key(label), model)
    return found


def model_named(known: Mapping[str, ModelRecord], label: str) -> ModelRecord | None:
    """The model that a table or a hub calls ``label``: "unsloth/Qwen3-8B-bnb-4bit" is Qwen3 8B.

    A remark in brackets at the end is passed over unless it states another size: "Llama-4-Scout (109B MoE)".

    Parameters
    ----------
    known : mapping of str to ModelRecord, as from :func:`models`
    label : str

    Returns
    -------
    ModelRecord or None if there is no such model
    """
    if not label.strip():
        return None
    found = known.get(_model_key(label)) or _of_a_tag(known, label)
    bracket = REMARK.search(label)
    if found is not None or bracket is None:
        return found
    model = known.get(_model_key(label[: bracket.start()]))
    sizes = SIZE.findall(bracket[1])
    return model if model is not None and (not sizes or any(_is_of_size(s, model.params_b) for s in sizes)) else None


def _of_a_tag(known: Mapping[str, ModelRecord], label: str) -> ModelRecord | None:
    """The model before a tag that states its own size: "deepseek-r1:671b", not the distilled "deepseek-r1:8b"."""
    name, _, tag = label.partition(":")
    model = known.get(_model_key(name)) if tag else None
    return model if model is not None and any(_is_of_size(size, model.params_b) for size in SIZE.findall(tag)) else None


def with_named_shape(row: Mapping[str, str], known: Mapping[str, ModelRecord]) -> Mapping[str, str]:
    """The row with its blank columns of shape filled from the model it names; a row of another size stays as it is.

    Parameters
    ----------
    row : mapping of str to str, cells by column
    known : mapping of str to ModelRecord, as from :func:`models`

    Returns
    -------
    mapping of str to str
    """
    model = model_named(known, row.get("model") or "")
    if model is None or not _is_of_size(row.get("params_b") or "", model.params_b):
        return row
    said = ((column, getattr(model, name)) for column, name in SHAPE_COLUMNS.items())
    filled = {
        column: f"{value:g}" for column, value in said if value is not None and not (row.get(column) or "").strip()
    }
    return {**row, **filled}


def _is_of_size(cell: str, params_b: float) -> bool:
    try:
        return not cell.strip() or abs(float(without_commas(cell.strip())) / params_b - 1) <= SAME_SIZE
    except ValueError:
        return False


def _model_key(label: str) -> str:
    """The name without its owner, and without what does not change its shape."""
    plain = MAKERS.sub("", label.strip().lower().rpartition("/")[2].removesuffix(".gguf"))
    while (shorter := NOT_OF_THE_SHAPE.sub("", plain)) != plain:
        plain = shorter
    return re.sub(r"[^a-z0-9.]", "", plain)


def _normalised(label: str) -> str:
    """The label without what does not tell cards apart: "NVIDIA A100-SXM4-80GB" and "a100 sxm 80 GB" are one."""
    plain = FORM_FACTOR.sub("sxm", NOT_OF_THE_CARD.sub("", label.lower()))
    return NOT_IN_A_NAME.sub("", plain)
