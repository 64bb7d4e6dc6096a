"""Architecture of the model that a row of measurements names; what the row leaves out is that of a usual model."""

import re
from dataclasses import replace

from advisor.catalog.benchmarks import benchmarks, size_named
from advisor.engineering.descriptions import Architecture
from advisor.engineering.validation.cells import Row, count, number, said, text
from advisor.formulas import model_parameters as formula

SMALLEST_VOCAB, LARGEST_VOCAB = 25_000, 300_000
SMALLEST_ENCODER = 0.05
"""Share of the parameters that is an encoder of images; less is biases, norms and a rounded size."""
SIZE_IN_NAME = re.compile(r"(?<![\d.a-z])(\d+(?:\.\d+)?)\s*([bm])(?![a-z])")
EXPERTS_IN_NAME = re.compile(r"(?<![\d.])(\d{1,3})\s*x\s*\d+(?:\.\d+)?b\b|\b(\d{1,3}) experts\b|\b(\d{1,3})e\b")
ACTIVE_IN_NAME = re.compile(r"\ba(\d+(?:\.\d+)?)b\b|(\d+(?:\.\d+)?)b active")


def usual_shape(params: float) -> tuple[int, int, int]:
    """Hidden size, layers and MLP width of a current dense model of this size.

    Power laws through Llama 7B (4096, 32) and 70B (8192, 80): width grows with the 0.31st power of the parameters,
    depth with the 0.39th; the MLP is 3.5 times as wide as the hidden size (Llama 3).

    Parameters
    ----------
    params : float [count]

    Returns
    -------
    tuple of int, int, int (hidden size, layers, MLP width)
    """
    scale = params / 7e9
    hidden = max(256, 128 * round(32 * scale**0.31))
    return hidden, max(4, round(32 * scale**0.39)), 128 * round(3.5 * hidden / 128)


def parameters(row: Row) -> float | None:
    """Parameters of a row's model, from its column, its name ("Qwen3-8B", "Mistral-Nemo") or its width and depth.

    Parameters
    ----------
    row : mapping of str to object, cells by column

    Returns
    -------
    float or None [count]
    """
    billions = number(row, "params_b")
    if billions is not None:
        return billions * 1e9
    named = SIZE_IN_NAME.search(text(row, "model"))
    experts = EXPERTS_IN_NAME.search(text(row, "model"))
    if named and not experts:
        return float(named[1]) * (1e9 if named[2] == "b" else 1e6)
    sized = size_named(text(row, "model"))
    if sized is not None:
        return sized.params_b * 1e9
    hidden, layers = count(row, "hidden_size"), count(row, "num_layers")
    return None if hidden is None or layers is None else 12.0 * layers * float(hidden) ** 2


def architecture(row: Row) -> Architecture | str:
    """Architecture of a row's model.

    Parameters
    ----------
    row : mapping of str to object, cells by column

    Returns
    -------
    Architecture, or the code "no_params" where the size is missing
    """
    params = parameters(row)
    if params is None:
        return "no_params"
    usual_hidden, usual_layers, usual_ffn = usual_shape(params)
    experts, per_token = _experts(row)
    hidden = count(row, "hidden_size") or usual_hidden
    heads = count(row, "num_heads") or max(1, round(hidden / 128))
    model = Architecture(
        params=params,
        active_params=params,
        hidden=hidden,
        layers=count(row, "num_layers") or usual_layers,
        heads=heads,
        kv_heads=count(row, "num_kv_heads") or max(1, round(heads / 4)),
        head_dim=count(row, "head_dim") or max(1, round(hidden / heads)),
        ffn=count(row, "intermediate_size") or max(1, round(usual_ffn / (experts or 1))),
        vocab=count(row, "vocab_size") or _usual_vocabulary(),
        experts=experts,
        experts_per_token=per_token,
        shared_ffn=count(row, "shared_intermediate_size") or 0,
        all_experts_computed=bool(said(row, "all_experts_computed")),
    )
    if count(row, "vocab_size") is None and has_shape(row):
        model = replace(model, vocab=_vocab_left(model))
    return replace(model, active_params=_active(row, model))


def has_shape(row: Row) -> bool:
    """Whether a row states the shape of its model, not its size alone.

    Parameters
    ----------
    row : mapping of str to object, cells by column

    Returns
    -------
    bool
    """
    return all(number(row, column) for column in ("hidden_size", "num_layers", "intermediate_size"))


def without_encoder(row: Row, model: Architecture) -> Architecture:
    """The decoder of a model that reads images, its encoder beside it: text passes through the decoder alone.

    Parameters
    ----------
    row : mapping of str to object, cells by column
    model : Architecture, all parameters of the row

    Returns
    -------
    Architecture, as it was where the row does not state the whole shape or the shape accounts for the parameters
    """
    if not (has_shape(row) and count(row, "vocab_size")):
        return model
    attention = formula.attention(model.hidden, model.heads, model.kv_heads, model.head_dim)
    mlp = formula.mlp(model.hidden, model.ffn, gated=True) * (model.experts or 1)
    decoder = model.layers * (attention + mlp) + formula.embeddings(model.vocab, model.hidden, tied=False)
    encoder = model.params - decoder
    if encoder < SMALLEST_ENCODER * model.params:
        return model
    active = min(model.active_params, decoder) if model.experts is None else model.active_params - encoder
    return replace(model, params=decoder, active_params=active, encoder_params=encoder)


def _active(row: Row, model: Architecture) -> float:
    """Parameters that one token passes through: stated, named ("A3B"), or all but the experts that it skips."""
    named, sized = ACTIVE_IN_NAME.search(text(row, "model")), size_named(text(row, "model"))
    of_the_name = float(named[1] or named[2]) if named else None if sized is None else sized.active_params_b
    stated = number(row, "active_params_b") or of_the_name
    skipped = (model.experts or 1) - (model.experts_per_token or 1)
    active = model.params - 3.0 * skipped * model.layers * model.hidden * model.ffn if stated is None else stated * 1e9
    return active if 0 < active <= model.params else model.params


def _usual_vocabulary() -> int:
    return round(benchmarks().unstated.vocabulary.value)


def _vocab_left(model: Architecture) -> int:
    """Vocabulary that accounts for the parameters outside the layers: MLP gated or not, embeddings tied or not."""
    attention = 2 * model.hidden * (model.heads + model.kv_heads) * model.head_dim
    matrix = model.hidden * model.ffn * (model.experts or 1)
    for matrices in (3, 2):
        left = (model.params - model.layers * (attention + matrices * matrix)) / model.hidden
        for vocab in (left / 2, left):
            if SMALLEST_VOCAB <= vocab <= LARGEST_VOCAB:
                return round(vocab)
    return _usual_vocabulary()


def _experts(row: Row) -> tuple[int | None, int | None]:
    """Experts and experts per token, from their columns, the model ("8x7B") or a note ("8 experts, top-2")."""
    words = text(row, "model", "notes")
    named = EXPERTS_IN_NAME.search(words)
    experts = count(row, "num_experts") or (int(named[1] or named[2] or named[3]) if named else 1)
    if experts < 2:
        return None, None
    chosen = re.search(r"\btop-?(\d)\b", words)
    usual = round(benchmarks().unstated.experts_per_token.value)
    per_token = count(row, "experts_per_token") or (int(chosen[1]) if chosen else usual)
    return experts, min(experts, per_token)
