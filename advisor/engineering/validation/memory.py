"""Published tables of memory read as training runs; predictions in the unit and for the tool of each row."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from advisor.engineering.descriptions import (
    Architecture,
    Checkpointing,
    LossKernel,
    Method,
    Sharding,
    Software,
    TrainingRun,
)
from advisor.engineering.memory import estimate_memory, fits
from advisor.engineering.prediction import Prediction, spread
from advisor.formulas.constants import GIB

Row = Mapping[str, str | None]

COMMON_VOCAB = 128_000
"""Near Llama 3 (128256) and Qwen 2.5 (152064); the 32000 of older models would predict too little memory."""
SMALLEST_VOCAB, LARGEST_VOCAB = 25_000, 300_000
MEASURES = {"smi": "process_gib", "reserved": "reserved_gib", "active": "allocated_gib", "allocated": "allocated_gib"}
UNITS = {"gb": 1e9, "gib": GIB, "mb": 1e6, "mib": 2.0**20}
METHODS: Mapping[str, Method] = {"qlora": "qlora", "lora": "lora", "dora": "lora", "full": "full", "sft": "full"}
DENIED = re.compile(
    r"\b(?:no|not|without)\s+(?:\w+\s+)?(?:liger|cut|fused|chunked|unsloth|triton|flash)[\w-]*(?:\s+cross.?entropy)?"
)


def _text(row: Row, *columns: str) -> str:
    return " ".join(str(row.get(column) or "").strip().lower() for column in columns).strip()


def number(row: Row, column: str) -> float | None:
    """A positive, finite number of a cell.

    Parameters
    ----------
    row : mapping of str to str or None, cells by column
    column : str

    Returns
    -------
    float, or None for anything else [unit of the column]
    """
    try:
        value = float(_text(row, column).replace(",", ""))
    except ValueError:
        return None
    return value if math.isfinite(value) and 0 < value < 1e12 else None


def _count(row: Row, column: str, otherwise: float) -> int:
    """A whole number of at least 1; ``otherwise`` where the cell holds none."""
    return max(1, round(number(row, column) or otherwise))


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


def architecture(row: Row) -> Architecture | str:
    """Architecture of a row's model; what the row leaves out is that of a usual model of its size.

    Parameters
    ----------
    row : mapping of str to str or None, cells by column

    Returns
    -------
    Architecture, or the code "no_params" where the size is missing
    """
    billions = number(row, "params_b")
    if billions is None:
        return "no_params"
    params = billions * 1e9
    usual_hidden, usual_layers, usual_ffn = usual_shape(params)
    hidden = _count(row, "hidden_size", usual_hidden)
    heads = _count(row, "num_heads", max(1, hidden / 128))
    experts, per_token = _experts(row)
    model = Architecture(
        params=params,
        active_params=(number(row, "active_params_b") or billions) * 1e9,
        hidden=hidden,
        layers=_count(row, "num_layers", usual_layers),
        heads=heads,
        kv_heads=_count(row, "num_kv_heads", max(1, heads / 4)),
        head_dim=_count(row, "head_dim", max(1, hidden / heads)),
        ffn=_count(row, "intermediate_size", usual_ffn / (experts or 1)),
        vocab=_count(row, "vocab_size", COMMON_VOCAB),
        experts=experts,
        experts_per_token=per_token,
    )
    known = all(number(row, column) for column in ("hidden_size", "num_layers", "intermediate_size"))
    return replace(model, vocab=_vocab_left(model)) if known and number(row, "vocab_size") is None else model


def _vocab_left(model: Architecture) -> int:
    """Vocabulary that accounts for the parameters outside the layers: MLP gated or not, embeddings tied or not."""
    attention = 2 * model.hidden * (model.heads + model.kv_heads) * model.head_dim
    matrix = model.hidden * model.ffn * (model.experts or 1)
    for matrices in (3, 2):
        left = (model.params - model.layers * (attention + matrices * matrix)) / model.hidden
        for vocab in (left / 2, left):
            if SMALLEST_VOCAB <= vocab <= LARGEST_VOCAB:
                return round(vocab)
    return COMMON_VOCAB


def _experts(row: Row) -> tuple[int | None, int | None]:
    """Experts and experts per token, from their columns, the model ("8x7B") or a note ("8 experts, top-2")."""
    words = _text(row, "model", "notes")
    named = re.search(r"\b(\d{1,3})\s*x\s*\d+(?:\.\d+)?b\b", words) or re.search(r"\b(\d{1,3}) experts\b", words)
    experts = _count(row, "num_experts", float(named[1]) if named else 1)
    if experts < 2:
        return None, None
    chosen = re.search(r"\btop-?(\d)\b", words)
    return experts, min(experts, _count(row, "experts_per_token", float(chosen[1]) if chosen else 2))


def _sharding(row: Row, gpus: int) -> Sharding:
    """Sharding from its column; several cards without a word about it run DDP."""
    words = _text(row, "sharding")
    if "fsdp" in words:
        return "fsdp"
    stage = re.search(r"(?:zero|stage)[\s_-]*([123])", words)
    if stage:
        return {"1": "zero1", "2": "zero2", "3": "zero3"}[stage[1]]  # type: ignore[return-value]
    if "deepspeed" in words:
        return "zero2"
    return "ddp" if gpus > 1 and ("ddp" in words or not words) else "none"


def _software_words(row: Row) -> str:
    """Text that may name the software; a note that names Hugging Face outweighs the name of the table."""
    told = DENIED.sub(" ", _text(row, "framework", "optimizer", "sharding", "notes"))
    plain = re.search(r"hugging ?face|\bhf\b", told) and "unsloth" not in told
    return told if plain else DENIED.sub(" ", _text(row, "source")) + " " + told


def _software(words: str) -> Software:
    if re.search(r"megatron|nemo\b", words):
        return "megatron"
    return "plain" if _loss(words) == "plain" else "fused"


def _loss(words: str) -> LossKernel:
    if re.search(r"liger|cut cross|cross-entropy chunk|chunked|unsloth|fused cross|fused.?linear", words):
        return "fused"
    return "compiled" if re.search(r"fused|triton|compile|fast.kernel|lit-?gpt|megatron", words) else "plain"


def _checkpointing(row: Row, words: str) -> Checkpointing | None:
    said = _text(row, "grad_checkpointing")
    if re.match(r"(?:no|none|false|off|0)\b", said):
        return "none"
    if "selective" in said:
        return "selective"
    if "unsloth" in words or "offload" in said or "host" in said:
        return "host"
    return "full" if said.startswith(("yes", "true", "on", "1", "full")) else None


def _weight_bits(row: Row, method: Method, words: str) -> float:
    """Bits per weight with their scales: NF4 with single quantisation 4.5, GPTQ 4.15."""
    bits = number(row, "weight_precision_bits") or (4 if method == "qlora" else 16)
    if bits == 4 and re.search(r"gptq|awq", words):
        return 4.15
    if bits == 4 and re.search(r"nf4(?!-dq|.{0,12}double)", words) and "nf4-dq" not in words and "bnb.nf4" in words:
        return 4.5
    return bits


def memory_run(row: Row) -> TrainingRun | str:
    """The training run that a row describes.

    Parameters
    ----------
    row : mapping of str to str or None, cells by column

    Returns
    -------
    TrainingRun, or the code of what is missing
    """
    named = [method for word, method in METHODS.items() if word in _text(row, "method")]
    if not named:
        return "unknown_method"
    model = architecture(row)
    if isinstance(model, str):
        return model
    micro_batch, length = number(row, "micro_batch"), number(row, "seq_len")
    if micro_batch is None:
        return "no_micro_batch"
    if length is None:
        return "no_seq_len"
    if number(row, "num_gpus") is None and _text(row, "num_gpus"):
        return "unreadable_num_gpus"
    bits = number(row, "weight_precision_bits")
    method: Method = "qlora" if named[0] == "lora" and bits is not None and bits <= 8 else named[0]
    gpus = _count(row, "num_gpus", 1)
    words = _software_words(row)
    sharding = _sharding(row, gpus)
    return TrainingRun(
        model=model,
        method=method,
        micro_batch=max(1, round(micro_batch)),
        seq_len=max(1, round(length)),
        weight_bits=_weight_bits(row, method, words),
        optimizer=_text(row, "optimizer") or "adamw",
        fp32_masters=None if bits is None or method != "full" else bits >= 32,
        lora_rank=None if method == "full" else _count(row, "lora_rank", 16),
        lora_targets=_text(row, "lora_targets") or None,
        checkpointing=_checkpointing(row, words),
        flash_attention=False if _text(row, "flash_attention").startswith(("no", "false")) else None,
        gpus=gpus,
        sharding=sharding,
        cpu_offload=_text(row, "cpu_offload").startswith(("yes", "true", "1")),
        loss=_loss(words),
        software=_software(words),
        variable_lengths=_text(row, "seq_len_kind") == "longest_sample",
        gptq=re.search(r"gptq|awq", words) is not None,
        fp32_residual=False if re.search(r"accelerated|unsloth", words) else None,
        whole_model_gathered=method != "full" and re.search(r"lit-?gpt|lightning", words) is not None,
    )


def _card_gib(row: Row) -> float | None:
    """Memory of the row's card [GiB] from its name: nominal gigabytes of a card are binary."""
    found = re.search(r"(\d+(?:\.\d+)?)\s*g(?:i)?b", _text(row, "gpu_canonical"))
    return float(found[1]) if found and float(found[1]) > 0 else None


def predicted_gb_per_gpu(rows: Sequence[Row], constants: Mapping[str, float]) -> list[Prediction | str]:
    """Predicted peak memory of each row, in the unit of the row and as its tool measures it.

    An unknown tool counts as the allocator's figure, an unknown unit as GiB. No prediction exceeds the card's memory.

    Parameters
    ----------
    rows : sequence of mapping of str to str or None, cells by column
    constants : mapping of str to float, of the memory estimator

    Returns
    -------
    list of Prediction [GB, GiB, MB or MiB per GPU], or the code of what is missing
    """
    runs = [memory_run(row) for row in rows]
    known = [(place, run) for place, run in enumerate(runs) if isinstance(run, TrainingRun)]
    predicted: list[Prediction | str] = [run if isinstance(run, str) else "" for run in runs]
    if not known:
        return predicted
    estimate = estimate_memory([run for _, run in known], constants)
    for index, (place, _) in enumerate(known):
        row = rows[place]
        measure = next((name for word, name in MEASURES.items() if word in _text(row, "memory_kind")), "reserved_gib")
        gib = min(float(getattr(estimate, measure)[index]), _card_gib(row) or math.inf)
        predicted[place] = spread(gib * GIB / UNITS.get(_text(row, "unit"), GIB), constants["sigma"])
    return predicted


def predicted_fit(rows: Sequence[Row], constants: Mapping[str, float]) -> list[str]:
    """Whether each row's run fits its card.

    Parameters
    ----------
    rows : sequence of mapping of str to str or None, cells by column
    constants : mapping of str to float, of the memory estimator

    Returns
    -------
    list of str: "yes", "tight", "no", or the code of what is missing
    """
    runs = [memory_run(row) for row in rows]
    cards = [number(row, "gpu_memory_gb") or _card_gib(row) for row in rows]
    verdicts = [
        run if isinstance(run, str) else "no_card" if card is None else ""
        for run, card in zip(runs, cards, strict=True)
    ]
    known = [place for place, verdict in enumerate(verdicts) if not verdict]
    if known:
        estimate = estimate_memory([run for place in known if isinstance(run := runs[place], TrainingRun)], constants)
        sizes = np.array([cards[place] for place in known], dtype=float)
        for place, verdict in zip(known, fits(estimate, sizes, constants), strict=True):
            verdicts[place] = str(verdict)
    return verdicts
