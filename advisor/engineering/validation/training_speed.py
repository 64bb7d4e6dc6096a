"""Rows of a table of measured training speed, read as training runs and predicted.

Columns are those of ``data/validation/speed.csv``; numeric columns may be missing or blank. What has no column
(framework, sharding, kernels) is recognised by keywords in ``source``, ``notes``, ``run_type`` and ``precision``.
"""

import re
from collections.abc import Mapping, Sequence
from math import isfinite

from advisor.engineering.descriptions import Architecture, Card, Checkpointing, Method, Sharding, Software, TrainingRun
from advisor.engineering.from_catalog import card_named
from advisor.engineering.prediction import Prediction, spread
from advisor.engineering.training import estimate_speed
from advisor.formulas.constants import GIB

Row = Mapping[str, object]

UNKNOWN_GPU = "gpu_unknown"
UNKNOWN_METHOD = "method_unknown"
NO_LENGTH = "sequence_length_missing"
NO_SIZE = "model_size_missing"

DENIED = re.compile(r"\b(?:no|without|w/o)[ -][\w-]+")
MEGATRON = re.compile(r"megatron|\bmcore\b|nemo|transformer.?engine|mlperf")
VENDOR = re.compile(r"\bnvidia\b")
"""A source of this name benchmarks its own software, Megatron or NeMo; in a note the name only belongs to a card."""
PACKED = re.compile(r"pack|padding.?free")
MODEL_PARALLEL = re.compile(r"\b[tp]p\W?\d")
FUSED = re.compile(
    r"unsloth|liger|torch\.?compile|\bcompiled?\b|mosaic|llm-foundry|composer|torchtitan|\bthunder\b|fused|fast.?kernel"
)
PLAIN = re.compile(r"\bhf\b|hugging ?face|\btrl\b")
FULL_METHOD = re.compile(r"full|\bsft\b|pre-?train|\bft\b|fine-?tun")
FOUR_BITS = re.compile(r"nf4|fp4|int4|4[- ]?bit|gptq|awq|qlora")
GPTQ = re.compile(r"gptq|int4")
EIGHT_BITS = re.compile(r"int8|8[- ]?bit")
SHARDINGS: tuple[tuple[Sharding, str], ...] = (
    ("ddp", r"\bddp\b"),
    ("zero3", r"zero-?3|zero.?stage.?3"),
    ("zero2", r"zero-?2|zero.?stage.?2|shard_grad_op"),
    ("zero1", r"zero-?1|zero.?stage.?1"),
    ("fsdp", r"fsdp|full_shard|hsdp"),
)
CHECKPOINTING: Mapping[str, Checkpointing] = {
    "yes": "full", "true": "full", "full": "full",
    "no": "none", "false": "none", "none": "none", "selective": "selective",
}  # fmt: skip
EXPERTS_IN_NAME = re.compile(r"(?<![\d.])(\d+)x\d+(?:\.\d+)?b\b")
ACTIVE_IN_NAME = re.compile(r"\ba(\d+(?:\.\d+)?)b\b|(\d+(?:\.\d+)?)b active")
USUAL_EXPERTS_PER_TOKEN = 2
USUAL_VOCABULARY = 64_000
USUAL_WIDTH_PER_LAYER = 128
USUAL_HEAD = 128
USUAL_MICRO_TOKENS = 4096
"""Tokens of a micro-batch where its size is not stated."""
USUAL_FILL = 0.5
"""Mean length over the maximum length where only the maximum is stated and samples are not packed."""
ROOM_FOR_WEIGHTS = 0.6
"""Share of a card above which weights are taken to be sharded."""


def speed_run(row: Row, cards: Mapping[str, Card]) -> tuple[TrainingRun, Card] | str:
    """The training run and the card that a row describes.

    Parameters
    ----------
    row : mapping of str to object, cells by column
    cards : mapping of str to Card, as from ``from_catalog.cards``

    Returns
    -------
    tuple of TrainingRun, Card, or the code of what is missing
    """
    card = card_named(cards, _word(row, "gpu_canonical")) or card_named(cards, _word(row, "gpu"))
    if card is None:
        return UNKNOWN_GPU
    text = DENIED.sub(" ", " ".join(_word(row, name) for name in ("source", "notes", "run_type", "precision")))
    method = _method(row, text)
    if method is None:
        return UNKNOWN_METHOD
    limit = _number(row, "seq_len")
    if limit is None:
        return NO_LENGTH
    unfilled = _word(row, "seq_len_kind") == "max" and not PACKED.search(text)
    length = limit * USUAL_FILL if unfilled else limit
    model = _architecture(row)
    if model is None:
        return NO_SIZE
    gpus = _count(row, "num_gpus") or 1
    software = _software(row, text)
    micro_batch = _micro_batch(row, length, gpus)
    bits = _weight_bits(row, method)
    fits = model.params * bits / 8 / GIB < ROOM_FOR_WEIGHTS * card.memory_gib
    run = TrainingRun(
        model=model,
        method=method,
        micro_batch=micro_batch,
        seq_len=max(1, round(length)),
        weight_bits=bits,
        checkpointing=CHECKPOINTING.get(_word(row, "grad_checkpointing")),
        flash_attention=False if re.search(r"\bno[ -]flash", _word(row, "notes")) else None,
        gpus=gpus,
        sharding=_sharding(text, gpus, splits=software == "megatron", shards=method == "full" or not fits),
        cpu_offload="offload" in text,
        software=software,
        variable_lengths=_word(row, "seq_len_kind") in ("max", "longest_sample"),
        accumulation=max(1, round((_number(row, "global_batch") or 0) / (micro_batch * gpus))),
        fp8="fp8" in _word(row, "precision"),
        gptq=GPTQ.search(_word(row, "precision")) is not None,
    )
    return run, card


def predicted_tokens_per_s_per_gpu(
    rows: Sequence[Row], cards: Mapping[str, Card], constants: Mapping[str, float]
) -> list[Prediction | str]:
    """Predicted training speed of each row.

    Parameters
    ----------
    rows : sequence of mapping of str to object, cells by column
    cards : mapping of str to Card, as from ``from_catalog.cards``
    constants : mapping of str to float, of the training estimator

    Returns
    -------
    list of Prediction [tokens/s/GPU], or the code of what is missing
    """
    read = [speed_run(row, cards) for row in rows]
    known = [pair for pair in read if not isinstance(pair, str)]
    speeds = iter(
        estimate_speed([run for run, _ in known], [card for _, card in known], constants).tokens_per_s_per_gpu
    )
    return [
        pair
        if isinstance(pair, str)
        else spread(float(next(speeds)) * _training_share(row, constants), constants["sigma"])
        for row, pair in zip(rows, read, strict=True)
    ]


def _training_share(row: Row, constants: Mapping[str, float]) -> float:
    """Share of the stated time that is training: MLPerf states the time to a target loss, evaluations included."""
    return constants["mlperf_training_share"] if "mlperf" in _word(row, "run_type") else 1.0


def _word(row: Row, name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value).strip().lower()


def _number(row: Row, name: str) -> float | None:
    """A positive number, ``None`` for blanks and anything else."""
    try:
        value = float(_word(row, name).replace(",", ""))
    except ValueError:
        return None
    return value if isfinite(value) and value > 0 else None


def _count(row: Row, name: str) -> int | None:
    value = _number(row, name)
    return None if value is None or value < 1 else round(value)


def _method(row: Row, text: str) -> Method | None:
    stated = _word(row, "method")
    if "qlora" in stated or ("lora" in stated and FOUR_BITS.search(_word(row, "precision"))):
        return "qlora"
    if "lora" in stated:
        return "lora"
    return "full" if FULL_METHOD.search(stated or text) else None


def _weight_bits(row: Row, method: Method) -> float:
    stated = _number(row, "weight_precision_bits")
    if stated is not None or method != "qlora":
        return stated or 16
    return 8 if EIGHT_BITS.search(_word(row, "precision")) else 4


def _software(row: Row, text: str) -> Software:
    """Software class. A row's own notes outweigh the name of its source: a comparison has rows of several kinds."""
    notes = DENIED.sub(" ", _word(row, "notes"))
    for words in (notes, text):
        if MEGATRON.search(words):
            return "megatron"
        if FUSED.search(words):
            return "fused"
        if PLAIN.search(words):
            return "plain"
        if MODEL_PARALLEL.search(words):
            return "megatron"
    if VENDOR.search(_word(row, "source")):
        return "megatron"
    return "fused" if "pretrain" in _word(row, "run_type") else "plain"


def _sharding(text: str, gpus: int, splits: bool, shards: bool) -> Sharding:
    """Sharding. ``splits``: the software divides the model itself over the cards (tensor and pipeline parallel)."""
    if gpus == 1:
        return "none"
    for sharding, pattern in SHARDINGS:
        if re.search(pattern, text):
            return sharding
    if splits:
        return "none"
    return "fsdp" if shards else "ddp"


def _micro_batch(row: Row, length: float, gpus: int) -> int:
    stated = _count(row, "micro_batch")
    if stated is not None:
        return stated
    share = (_number(row, "global_batch") or USUAL_MICRO_TOKENS) / gpus
    return max(1, round(min(share, USUAL_MICRO_TOKENS / length)))


def _architecture(row: Row) -> Architecture | None:
    """Architecture of a row's model; what the row leaves out is that of a usual model of its size."""
    billions = _number(row, "params_b")
    hidden, layers = _count(row, "hidden_size"), _count(row, "num_layers")
    if billions is None and (hidden is None or layers is None):
        return None
    size = 1e9 * billions if billions is not None else 12 * (layers or 0) * float(hidden or 0) ** 2
    hidden = hidden or _usual_hidden(size)
    layers = layers or max(1, round(size / (12 * hidden**2)))
    heads = _count(row, "num_heads") or max(1, hidden // USUAL_HEAD)
    kv_heads = _count(row, "num_kv_heads") or heads
    head_dim = _count(row, "head_dim") or max(1, hidden // heads)
    ffn = _count(row, "intermediate_size") or 4 * hidden
    experts, per_token = _experts(row)
    spared = 0 if experts is None or per_token is None else 3 * (experts - per_token) * layers * hidden * ffn
    named = ACTIVE_IN_NAME.search(_word(row, "model"))
    stated = 1e9 * float(named.group(1) or named.group(2)) if named else None
    active = 1e9 * (_number(row, "active_params_b") or 0) or stated or (size - spared)
    return Architecture(
        params=size,
        active_params=active if 0 < active <= size else size,
        hidden=hidden,
        layers=layers,
        heads=heads,
        kv_heads=kv_heads,
        head_dim=head_dim,
        ffn=ffn,
        vocab=_count(row, "vocab_size") or USUAL_VOCABULARY,
        experts=experts,
        experts_per_token=per_token,
    )


def _usual_hidden(size: float) -> int:
    """Width of a dense model of ``size`` parameters: 12 h^2 parameters a layer, one layer for every 128 of width."""
    width: float = (size * USUAL_WIDTH_PER_LAYER / 12) ** (1 / 3)
    return max(USUAL_HEAD, USUAL_HEAD * round(width / USUAL_HEAD))


def _experts(row: Row) -> tuple[int | None, int | None]:
    named = EXPERTS_IN_NAME.search(_word(row, "model"))
    experts = _count(row, "num_experts") or (int(named.group(1)) if named else None)
    if experts is None or experts < 2:
        return None, None
    return experts, min(experts, _count(row, "experts_per_token") or USUAL_EXPERTS_PER_TOKEN)
