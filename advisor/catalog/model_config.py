"""A Hugging Face ``config.json`` as the fields of a model's shape."""

from collections.abc import Mapping

from advisor.catalog.model_families import (
    ALL_WINDOWED,
    DEFAULTS,
    ENCODER_DECODERS,
    ENCODERS,
    EVERY,
    NOT_GATED,
    TIED,
    UNCOUNTED,
)
from advisor.catalog.model_fields import BILLION, FIELD, Reading, in_billions, parameters_of_fields
from advisor.core.notices import InputError, Issue
from advisor.formulas import model_parameters as formula

NESTED = ("text_config", "llm_config", "language_config")
"""Where models that also see or hear keep the shape of their language model."""
ENCODERS_BESIDE = ("vision_config", "audio_config")
IMAGE_TOKENS = ("mm_tokens_per_image", "vision_soft_tokens_per_image", "image_seq_length")
MLP_WIDTHS = ("intermediate_size", "n_inner", "ffn_dim", "ffn_hidden_size", "moe_intermediate_size")
WINDOWED_KINDS = frozenset({"sliding_attention", "chunked_attention", "sliding", "local"})
FULL_KINDS = frozenset({"full_attention", "attention", "full", "global"})
STATE_KINDS = {"linear_attention": "linear", "mamba": "mamba", "mamba2": "mamba"}
TWO_HALVES = 2
"""A state is kept in 32 bit, the size of two 16-bit values."""


def fields_of_config(config: Mapping[str, object]) -> dict[str, object]:
    """Fields of the shape that a configuration describes. Raises :class:`InputError` naming each faulty field."""
    inner = next((found for name in NESTED if isinstance(found := config.get(name), dict)), None)
    said = dict(config) if inner is None else {**config, **{k: v for k, v in inner.items() if v is not None}}
    kind = str(said.get("model_type") or "")[:40]
    _check_kind(kind, config)
    reading = Reading({**DEFAULTS.get(kind, {}), **{k: v for k, v in said.items() if v is not None}})
    fields = _widths(reading, kind)
    reading.refuse()
    _experts(reading, fields, kind)
    _latent(reading, fields)
    counts = _kinds(reading, kind, Reading.sure(fields, "layers"))
    _windows(reading, fields, counts)
    extra = _states(reading, fields, counts) + _other_parts(reading, fields, kind)
    reading.refuse()
    whole, active = parameters_of_fields(fields)
    encoder = sum(_encoder(config.get(name)) for name in ENCODERS_BESIDE)
    fields["params_b"], fields["active_params_b"] = in_billions(whole + extra), in_billions(active + extra)
    fields["encoder_params_b"] = in_billions(encoder) if encoder else None
    fields["image_tokens"] = Reading(config).count(*IMAGE_TOKENS)
    fields["name"] = _name(config, kind, whole + extra)
    return fields


def _name(config: Mapping[str, object], kind: str, params: float) -> str:
    """What the file calls the model, or its kind and size."""
    said = next((str(config[key]) for key in ("name", "_name_or_path") if isinstance(config.get(key), str)), "")
    return said.rstrip("/").rpartition("/")[2] or f"{kind or 'model'}-{params / BILLION:.3g}B"


def _check_kind(kind: str, config: Mapping[str, object]) -> None:
    """Refuse what is no decoder, or one with layers that nothing here describes."""
    if kind in ENCODER_DECODERS or config.get("is_encoder_decoder") is True:
        raise InputError([Issue(FIELD, "model_is_encoder_decoder", {"value": kind or "?"})])
    if kind in ENCODERS:
        raise InputError([Issue(FIELD, "model_is_encoder", {"value": kind})])
    if kind in UNCOUNTED or "hybrid_override_pattern" in config:
        raise InputError([Issue(FIELD, "model_layers_unknown", {"value": kind or "?"})])


def _widths(reading: Reading, kind: str) -> dict[str, object]:
    """What every decoder has."""
    hidden = reading.count("hidden_size", "hidden_size", "n_embd", "d_model", needed=True)
    heads = reading.count("heads", "num_attention_heads", "n_head", "n_heads", needed=True)
    shared_keys = ("num_key_value_heads", "num_kv_heads", "multi_query_group_num")
    ffn = reading.count("ffn_size", *MLP_WIDTHS)
    if ffn is None and hidden is not None and kind in NOT_GATED:
        ffn = 4 * hidden
    if ffn is None and not reading.faults:
        reading.faults.append(Issue(FIELD, "model_field_missing", {"name": "intermediate_size"}))
    tied = reading.flag("tie_word_embeddings", "tied_embeddings")
    return {
        "hidden_size": hidden,
        "layers": reading.count("layers", "num_hidden_layers", "n_layer", "n_layers", "num_layers", needed=True),
        "heads": heads,
        "kv_heads": reading.count("kv_heads", *shared_keys, default=heads),
        "head_dim": reading.count("head_dim", "kv_channels", default=hidden // heads if hidden and heads else None),
        "ffn_size": ffn,
        "vocab_size": reading.count("vocab_size", "vocab_size", "padded_vocab_size", needed=True),
        "tied_embeddings": kind in TIED if tied is None else tied,
    }


def _experts(reading: Reading, fields: dict[str, object], kind: str) -> None:
    """Experts, what every token passes beside them, and the layers without any."""
    experts = reading.count("experts", "num_local_experts", "n_routed_experts", "num_experts", low=0)
    if experts is None or experts < 2 or (kind == "gemma4_text" and not reading.flag("enable_moe_block")):
        return
    layers, wide = Reading.sure(fields, "layers"), Reading.sure(fields, "ffn_size")
    width = reading.count("moe_intermediate_size", "expert_ffn_hidden_size", default=wide) or wide
    chosen = reading.count(
        "experts_per_token", "num_experts_per_tok", "top_k_experts", "moe_topk", "moe_top_k", needed=True
    )
    shared = reading.count("shared_expert_intermediate_size", "shared_intermediate_size", low=0) or 0
    shared = shared or (reading.count("n_shared_experts", "num_shared_experts", low=0) or 0) * width
    shared = wide if kind in ("llama4_text", "gemma4_text") else shared
    dense = min(_without_experts(reading, layers), layers)
    fields |= {"experts": experts, "experts_per_token": chosen, "ffn_size": width, "shared_ffn_size": shared or None}
    if kind == "llama4_text":
        fields["all_experts_computed"] = True
    if dense:
        fields["dense_layers"] = dense
        fields["dense_ffn_size"] = reading.count("intermediate_size_mlp", "dense_ffn_size", default=wide)


def _without_experts(reading: Reading, layers: int) -> int:
    """Layers of a mixture of experts that have none."""
    frequency = reading.values.get("moe_layer_freq")
    if isinstance(frequency, list):
        return sum(1 for each in frequency[:layers] if each in (0, "0"))
    every = reading.count("decoder_sparse_step", "interleave_moe_layer_step", default=1) or 1
    first = reading.count("first_k_dense_replace", low=0) or 0
    return max(layers - layers // every, first, len(reading.texts("mlp_only_layers")))


def _latent(reading: Reading, fields: dict[str, object]) -> None:
    """Latent attention: one vector for the keys and values of all heads."""
    rank = reading.count("kv_lora_rank")
    if rank is None:
        return
    rope = reading.count("rope_head_dim", "qk_rope_head_dim", needed=True) or 0
    plain = reading.count("qk_nope_head_dim", needed=True) or 0
    value = reading.count("value_dim", "v_head_dim", needed=True)
    index = reading.count("index_head_dim", low=0) or 0
    fields |= {
        "kv_lora_rank": rank,
        "rope_head_dim": rope,
        "q_lora_rank": reading.count("q_lora_rank"),
        "value_dim": value,
        "kv_heads": fields["heads"],
        "head_dim": plain + rope,
    }
    if index:  # the indexer of sparse attention keeps an 8-bit key beside it
        fields["cached_values"] = Reading.sure(fields, "layers") * (rank + rope + index // 2)


def _kinds(reading: Reading, kind: str, layers: int) -> dict[str, int]:
    """Layers by what they keep of a text: all of it, a window, a state."""
    name, listed = _listed(reading)
    if name and len(listed) != layers:
        params = {"name": name, "value": str(len(listed)), "other": "num_hidden_layers", "maximum": str(layers)}
        reading.faults.append(Issue(FIELD, "model_layer_types_differ", params))
    found = {"windowed": 0, "linear": 0, "mamba": 0}
    for each in listed:
        if each in WINDOWED_KINDS:
            found["windowed"] += 1
        elif each in STATE_KINDS:
            found[STATE_KINDS[each]] += 1
        elif each not in FULL_KINDS:
            reading.faults.append(Issue(FIELD, "model_layers_unknown", {"value": each}))
            return found
    if listed:
        return found
    every = reading.count("full_attention_interval")
    if every and "linear_num_value_heads" in reading.values:
        return {**found, "linear": layers - layers // every}
    if reading.flag("use_sliding_window") is False:
        return found
    if kind in ALL_WINDOWED:
        return {**found, "windowed": layers}
    if reading.flag("use_sliding_window"):
        before = reading.count("max_window_layers", low=0)
        return found if before is None else {**found, "windowed": max(layers - before, 0)}
    one_in = EVERY.get(kind)
    if one_in is not None:
        one_in = reading.count("sliding_window_pattern", "_sliding_window_pattern", default=one_in) or one_in
        return {**found, "windowed": layers - layers // one_in}
    return found


def _listed(reading: Reading) -> tuple[str, list[str]]:
    """The name of the list of what each layer is, and that list; nothing where there is none."""
    names = ("layer_types", "layers_block_type")
    return next(((name, found) for name in names if (found := reading.texts(name))), ("", []))


def _windows(reading: Reading, fields: dict[str, object], counts: dict[str, int]) -> None:
    """Layers that look back so many tokens only, and what the others cache where their heads differ."""
    layers = Reading.sure(fields, "layers")
    shared = min(reading.count("num_kv_shared_layers", low=0) or 0, layers - 1)
    window = reading.count("window_tokens", "sliding_window", "attention_chunk_size")
    windowed = counts["windowed"] if window is not None else 0
    if windowed:
        fields |= {"windowed_layers": windowed, "window_tokens": window}
    heads = reading.count("num_global_key_value_heads", default=Reading.sure(fields, "kv_heads")) or 1
    width = reading.count("global_head_dim", default=Reading.sure(fields, "head_dim")) or 1
    if windowed and (shared or {"num_global_key_value_heads", "global_head_dim"} & reading.values.keys()):
        own = 1 - shared / layers
        full = layers - windowed - counts["linear"] - counts["mamba"]
        each = 2 * Reading.sure(fields, "kv_heads") * Reading.sure(fields, "head_dim")
        fields["cached_values"] = max(1, round(own * full * 2 * heads * width))
        fields["windowed_values"] = max(1, round(own * windowed * each))


def _states(reading: Reading, fields: dict[str, object], counts: dict[str, int]) -> float:
    """Layers with a state instead of a cache; returns how much larger than attention all of them are."""
    linear, mamba = counts["linear"], counts["mamba"]
    if not linear + mamba:
        return 0.0
    hidden = Reading.sure(fields, "hidden_size")
    own = state = 0.0
    if linear:
        names = ("linear_num_key_heads", "linear_key_head_dim", "linear_num_value_heads", "linear_value_head_dim")
        keys, key, values, value = (reading.count(name, needed=True) or 1 for name in names)
        kernel = reading.count("linear_conv_kernel_dim", default=4) or 4
        own += linear * formula.linear_attention(hidden, keys, key, values, value, kernel)
        state += linear * (values * key * value * TWO_HALVES + (2 * keys * key + values * value) * kernel)
    if mamba:
        inner = hidden * (reading.count("mamba_expand", default=2) or 2)
        depth = reading.count("mamba_d_state", needed=True) or 1
        groups = reading.count("mamba_n_groups", default=1) or 1
        kernel = reading.count("mamba_d_conv", default=4) or 4
        own += mamba * formula.state_space(hidden, inner, groups, depth, reading.count("mamba_n_heads") or 1, kernel)
        state += mamba * (inner * depth * TWO_HALVES + (inner + 2 * groups * depth) * kernel)
    fields |= {"linear_layers": linear + mamba, "state_values": round(state)}
    return own - (linear + mamba) * _attention(fields)


def _attention(fields: Mapping[str, object]) -> float:
    """Parameters of the attention of one layer with grouped heads."""
    return formula.attention(*(Reading.sure(fields, name) for name in ("hidden_size", "heads", "kv_heads", "head_dim")))


def _other_parts(reading: Reading, fields: dict[str, object], kind: str) -> float:
    """Parameters that only some families have, beside those that every shape does."""
    hidden, heads, layers = (Reading.sure(fields, name) for name in ("hidden_size", "heads", "layers"))
    windowed, linear = (int(str(fields.get(name) or 0)) for name in ("windowed_layers", "linear_layers"))
    full = max(layers - windowed - linear, 0)
    extra = 0.0
    if kind in NOT_GATED or reading.text("hidden_act") == "relu2":
        extra -= layers * hidden * Reading.sure(fields, "ffn_size")
    if reading.flag("attn_output_gate"):
        extra += (layers - linear) * hidden * heads * Reading.sure(fields, "head_dim")
    if fields.get("windowed_values") is not None:
        width = reading.count("global_head_dim", default=Reading.sure(fields, "head_dim")) or 1
        kv_heads = reading.count("num_global_key_value_heads", default=Reading.sure(fields, "kv_heads")) or 1
        kept = 0.5 * kv_heads if reading.flag("attention_k_eq_v") else kv_heads  # one matrix for keys and values
        extra += full * (formula.attention(hidden, heads, kept, width) - _attention(fields))
    per_layer = reading.count("hidden_size_per_layer_input", low=0) or 0
    if per_layer:
        vocab = reading.count("vocab_size_per_layer_input", default=Reading.sure(fields, "vocab_size")) or 1
        extra += layers * per_layer * (vocab + 3 * hidden)
    if isinstance(reading.values.get("compress_ratios"), list):
        extra += _compressed(reading, fields)
    return extra


def _compressed(reading: Reading, fields: dict[str, object]) -> float:
    """DeepSeek V4: one head of keys that are values too, of which each layer keeps one in so many and a window.

    Returns how much larger than grouped attention all layers are.
    """
    hidden, heads, layers, width = (
        Reading.sure(fields, name) for name in ("hidden_size", "heads", "layers", "head_dim")
    )
    query = reading.count("q_lora_rank", needed=True) or 1
    output, groups = reading.count("o_lora_rank", needed=True) or 1, reading.count("o_groups", default=1) or 1
    window = reading.count("sliding_window", needed=True)
    said = [int(each) if each.isdecimal() else 0 for each in reading.texts("compress_ratios")[:layers]]
    ratios = [ratio for ratio in said if ratio > 0]
    fields |= {"windowed_layers": layers, "window_tokens": window, "windowed_values": layers * width}
    fields["cached_values"] = max(1, round(sum(width / ratio for ratio in ratios)))
    own = query * (hidden + heads * width) + hidden * width + heads * width * output + groups * output * hidden
    return layers * (own - _attention(fields)) + len(ratios) * 2 * hidden * width


def _encoder(said: object) -> float:
    """Parameters of an encoder of images or sound; 0 where the file does not describe one."""
    if not isinstance(said, dict):
        return 0.0
    reading = Reading(said)
    width = reading.count("hidden_size", "embed_dim", "vt_hidden_size", "d_model", "width")
    layers = reading.count("layers", "num_hidden_layers", "depth", "vt_num_hidden_layers", "encoder_layers")
    if width is None or layers is None:
        return 0.0
    inner = reading.count("intermediate_size", "vt_intermediate_size", "encoder_ffn_dim") or 4 * width
    return formula.encoder(width, layers, inner, gated=reading.text("hidden_act") == "silu")
