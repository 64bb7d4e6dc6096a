"""The model of a row of a serving table: what the row states, then what its name says, then what is usual."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from advisor.catalog.benchmarks import FamilyAttention, benchmarks, size_named
from advisor.catalog.records import ModelRecord
from advisor.engineering.descriptions import Architecture
from advisor.engineering.from_catalog import architecture_of, model_named
from advisor.engineering.validation import serving_words as words
from advisor.engineering.validation.cells import Row, amount, written

LARGEST_MODEL_B, LARGEST_WHOLE = 100_000, 10_000_000
USUAL_WIDTH_PER_LAYER, USUAL_HEAD, USUAL_KV_HEADS = 128, 128, 8
SHARED_TABLE_B = 2.0
"""Billions of parameters below which open models share the embedding and the output table."""
WITHOUT_A_COLUMN = (
    *("kv_lora_rank", "rope_head_dim", "q_lora_rank", "value_dim", "dense_layers", "dense_ffn", "shared_ffn"),
    *("linear_layers", "state_values", "cached_values", "windowed_values", "encoder_params"),
)
"""What of a model no table has a column for."""


def model_of(row: Row, known: Mapping[str, ModelRecord]) -> Architecture | None:
    """Architecture of a row's model.

    Parameters
    ----------
    row : mapping of str to object, cells by column
    known : mapping of str to ModelRecord, as from ``from_catalog.models``

    Returns
    -------
    Architecture, or None where nothing says its size
    """
    name = written(row, "model")
    record = model_named(known, name)
    found = None if record is None else architecture_of(record)
    row = _with_what_the_name_says(row, name, found)
    size = amount(row, "params_b")
    if size is None or not 0 < size < LARGEST_MODEL_B:
        return None
    usual_layers = max((size * 1e9 / (12 * USUAL_WIDTH_PER_LAYER**2)) ** (1 / 3), 2.0)
    layers = whole(row, "num_layers", usual_layers)
    hidden = whole(row, "hidden_size", layers * USUAL_WIDTH_PER_LAYER)
    head_dim = whole(row, "head_dim", 0)
    heads = whole(row, "num_heads", hidden / (head_dim or USUAL_HEAD))
    experts, chosen = whole(row, "num_experts", 0), whole(row, "experts_per_token", 0)
    routed = bool(experts and 0 < chosen <= experts)
    active = amount(row, "active_params_b") or size
    windowed, window = _window(name, layers, found)
    latent = _of_family(name, lambda family: family.latent_rank is not None)
    shape = Architecture(
        params=size * 1e9,
        active_params=min(active, size) * 1e9,
        hidden=hidden,
        layers=layers,
        heads=heads,
        kv_heads=whole(row, "num_kv_heads", min(heads, USUAL_KV_HEADS)),
        head_dim=head_dim or max(hidden // heads, 1),
        ffn=whole(row, "intermediate_size", 4 * hidden),
        vocab=int(min(amount(row, "vocab_size") or 0, size * 1e9 / (2 * hidden))),
        tied=size < SHARED_TABLE_B if found is None or found.tied is None else found.tied,
        experts=experts if routed else None,
        experts_per_token=chosen if routed else None,
        windowed_layers=windowed,
        window=window,
        kv_lora_rank=latent.latent_rank if latent else None,
        rope_head_dim=latent.latent_rope if latent else 0,
    )
    if found is None or not _alike(size, found.params / 1e9):
        return shape
    return replace(shape, **{column: getattr(found, column) for column in WITHOUT_A_COLUMN})


def _with_what_the_name_says(row: Row, name: str, found: Architecture | None) -> Row:
    """The row with blank cells filled by the catalog's model of that name, or by the size in or of its name."""
    sized = size_named(name)
    known = {} if sized is None else {"params_b": sized.params_b, "active_params_b": sized.active_params_b}
    said = {column: value for column, value in known.items() if value is not None}
    size = words.SIZE_IN_NAME.search(name)
    active = words.ACTIVE_IN_NAME.search(name)
    if size:
        said["params_b"] = float(size.group(1))
    if active:
        said["active_params_b"] = float(active.group(1))
    if found is not None:
        said |= _cells_of(found)
    same_size = amount(row, "params_b") is None or _alike(amount(row, "params_b"), said.get("params_b"))
    return {**row, **{column: value for column, value in said.items() if same_size and not written(row, column)}}


def _alike(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and 0.8 < one / max(other, 1e-9) < 1.25


def _cells_of(model: Architecture) -> dict[str, float]:
    cells: dict[str, float | None] = {
        "params_b": model.params / 1e9,
        "active_params_b": model.active_params / 1e9,
        "hidden_size": model.hidden,
        "num_layers": model.layers,
        "num_heads": model.heads,
        "num_kv_heads": model.kv_heads,
        "head_dim": model.head_dim,
        "intermediate_size": model.ffn,
        "vocab_size": model.vocab,
        "num_experts": model.experts,
        "experts_per_token": model.experts_per_token,
    }
    return {column: value for column, value in cells.items() if value is not None}


def _window(name: str, layers: int, found: Architecture | None) -> tuple[int, int | None]:
    """Layers that look back some tokens only, and how many.

    Windows in all layers are those of a first release, whose version has to be named: "Mistral-7B" may be a later one.
    """
    if found is not None and found.window is not None and found.windowed_layers < found.layers:
        return found.windowed_layers, found.window
    family = _of_family(name, lambda family: family.window is not None)
    return (0, None) if family is None else (round(layers * family.windowed_share), family.window)


def _of_family(name: str, told: Callable[[FamilyAttention], bool]) -> FamilyAttention | None:
    """The first family of that name of which something is told."""
    return next((each for each in benchmarks().attention.entries if told(each) and each.is_in(name)), None)


def whole(row: Row, column: str, otherwise: float) -> int:
    """A whole number of a cell, or another where it is not stated.

    Parameters
    ----------
    row : mapping of str to object, cells by column
    column : str
    otherwise : float [unit of the column]

    Returns
    -------
    int [unit of the column]
    """
    value = amount(row, column)
    return int(value) if value is not None and 1 <= value <= LARGEST_WHOLE else int(max(otherwise, 0.0))
