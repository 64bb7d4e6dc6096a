"""How a row of a serving table spreads a model over its cards: parts of layers, layers, copies, experts."""

import math
import re
from dataclasses import dataclass

from advisor.engineering.descriptions import Architecture, Card, Load
from advisor.engineering.validation import serving_words as words
from advisor.engineering.validation.cells import Row, amount, written
from advisor.engineering.validation.cells import said as says
from advisor.engineering.validation.serving_model import LARGEST_WHOLE
from advisor.formulas.constants import GIB

FULL_OF_WEIGHTS = 0.65
"""Share of a card's memory up to which weights leave enough room for the cache of many users."""


@dataclass(frozen=True)
class Layout:
    """Cards in tensor parallel, cards that take the layers in turn, copies of all that; ``guessed``: not stated."""

    tensor: int
    split: int = 1
    replicas: int = 1
    expert_parallel: bool = False
    own_cache: bool = False
    guessed: bool = False


def layout_of(row: Row, model: Architecture, weight_bits: float, card: Card, load: Load) -> Layout:
    """Layout of a row.

    Parameters
    ----------
    row : mapping of str to object, cells by column
    model : Architecture
    weight_bits : float [bit/parameter]
    card : Card
    load : Load

    Returns
    -------
    Layout
    """
    said = _apart(f"{written(row, 'notes')} {written(row, 'engine')} {written(row, 'gpu_layout')}")
    box = _count(amount(row, "num_gpus")) or 1
    stated = _count(amount(row, "tensor_parallel"))
    tensor = stated or _found(words.TENSOR, said)
    pipeline = _count(amount(row, "pipeline_parallel")) or _found(words.PIPELINE, said)
    copies = _count(amount(row, "replicas")) or _found(words.REPLICAS, said) or _found(words.COPIES, said)
    stated_experts = (amount(row, "expert_parallel") or 0) > 1 or bool(says(row, "enable_expert_parallel"))
    experts = (stated_experts or bool(words.EXPERTS.search(said))) and model.experts is not None
    own_cache = bool(words.OWN_CACHE.search(said) or says(row, "enable_dp_attention"))
    if amount(row, "num_gpus") and tensor and copies and 1 < copies <= tensor == box:
        own_cache = True  # no cards are left for copies: ranks of one engine, as SGLang counts them
    if experts and copies and copies > 1 and model.active_params < model.params:
        own_cache = True  # data-parallel ranks of one engine: experts shared, a cache each
    if own_cache:
        return Layout(
            max(tensor or 1, copies or 1, min(box, (tensor or 1) * (copies or 1)) if copies else box),
            1,
            1,
            experts,
            True,
        )
    if pipeline and pipeline > 1:
        at_once = load not in ("single", "decode")  # with many sequences all stages of a pipeline work at once
        return Layout((tensor or 1) * (pipeline if at_once else 1), 1 if at_once else pipeline, copies or 1, experts)
    if copies and copies > 1:
        return Layout(tensor or max(box // copies, 1), 1, copies, experts)
    in_turn = bool(words.LAYER_SPLIT.search(said) or words.LLAMA_CPP.search(written(row, "engine")))
    if not tensor:
        return _not_stated(row, model, weight_bits, card, load, box, in_turn)
    too_big = model.params * weight_bits / 8 > card.memory_gib * GIB * tensor
    if not (in_turn or too_big) and box > tensor and _is_whole_system(row):
        return Layout(tensor, 1, box // tensor, experts, False)
    return Layout(
        tensor, max(box // tensor, 1) if in_turn or too_big else 1, 1, experts, False, box > tensor and not in_turn
    )


def _apart(said: str) -> str:
    """Degrees of parallelism apart from each other: ``TP8PP2``; ``DEP8`` and ``TEP8`` tell two at once."""
    said = re.sub(r"\bDEP[-= ]?(\d{1,3})\b", r"dp-attention dp \1 ep \1", said, flags=re.IGNORECASE)
    said = re.sub(r"\bTEP[-= ]?(\d{1,3})\b", r"tp \1 ep \1", said, flags=re.IGNORECASE)
    return re.sub(r"(?<=[tpde]p\d)(?=[tpde]p\d)|(?<=[tpde]p\d\d)(?=[tpde]p\d)", " ", said, flags=re.IGNORECASE)


def _not_stated(
    row: Row, model: Architecture, weight_bits: float, card: Card, load: Load, box: int, in_turn: bool
) -> Layout:
    """All cards for one copy, as engines of one server do; benchmarks of whole systems fill them with copies."""
    if box == 1:
        return Layout(1)
    if in_turn or "exllama" in written(row, "engine").lower():
        return Layout(1, box)
    if not _is_whole_system(row) or load in ("single", "decode"):
        return Layout(box, guessed=True)
    weights = model.params * weight_bits / 8
    fewest = max(weights / (FULL_OF_WEIGHTS * card.memory_gib * GIB), 1.0)
    tensor = min(2 ** math.ceil(math.log2(fewest)), box)
    return Layout(tensor, 1, max(box // tensor, 1), guessed=True)


def _is_whole_system(row: Row) -> bool:
    """Whether the figure is that of a whole system, as those of MLPerf are, rather than of one engine in it."""
    said = f"{written(row, 'source')} {written(row, 'source_id')} {written(row, 'notes')}"
    return bool(words.MLPERF.search(said))


def _found(pattern: re.Pattern[str], said: str) -> int | None:
    match = pattern.search(said)
    return _count(float(match.group(1))) if match and match.group(1) else None


def _count(value: float | None) -> int | None:
    return int(value) if value is not None and 1 <= value <= LARGEST_WHOLE else None
