"""Rows of published serving measurements, read as setups of the serving estimator and predicted."""

import math
import re
from collections.abc import Mapping, Sequence

from advisor.engineering.descriptions import Architecture, Card, Compute, Engine, Load, ServingSetup
from advisor.engineering.from_catalog import card_named
from advisor.engineering.prediction import Prediction, spread
from advisor.engineering.serving import Constants, estimate_serving
from advisor.formulas.constants import GIB

Row = Mapping[str, object]
UNKNOWN_GPU = "gpu_unknown"
UNKNOWN_LOAD = "load_unknown"
NO_SIZE = "model_size_missing"
DOES_NOT_FIT = "does_not_fit"
LOADS: Mapping[str, Load] = {
    "single_stream": "single",
    "decode_only": "decode",
    "static_batch": "static",
    "closed_loop_concurrency": "closed",
    "burst_all_at_once": "burst",
    "offline_max_throughput": "saturated",
    "online_open_loop_qps": "open",
}
NUMBER = re.compile(r"\d+(?:\.\d+)?")
COMPILED = re.compile(
    r"tensorrt|trt|turbomind|lmdeploy|mlc|exllama|tinychat|autoawq|llm-awq|ctranslate|mindie|fastertransformer", re.I
)
FOUR_BITS = re.compile(r"4[- ]?BIT|INT4|W4|NF4|Q4|^(?:AWQ|GPTQ)$")
TENSORRT = re.compile(r"tensorrt|trt", re.I)
LLAMA_CPP = re.compile(r"llama\.?cpp|ggml|gguf|ollama|ctransformers|koboldcpp|lm ?studio", re.I)
LAYER_SPLIT = re.compile(r"layer split|pipeline|not tp\b|sequential|device_map|naive", re.I)
HTTP = re.compile(r"\bserve\b|server|http|triton|openai|endpoint|\bapi\b", re.I)
PIPELINE = re.compile(r"(?:-pp|--pipeline-parallel-size|--pp-size|pp_size)[ =]+(\d+)", re.I)
REPLICAS = re.compile(r"(?:-dp|--data-parallel-size|--dp-size|dp_size)[ =]+(\d+)", re.I)
MAX_SEQUENCES = re.compile(r"(?:max[-_]num[-_]seqs|max[-_]batch[-_]size|max-running-requests)[ =:]+(\d+)", re.I)
ANSWER_CAP = re.compile(r"(?:max|up to) (\d+)(?: tokens)? out", re.I)
WITHOUT_PROMPT = re.compile(r"decode only|decode tokens|1000 ?/ ?(?:median |mean )?tpot", re.I)
CHAT_LENGTHS = re.compile(r"dataset|sharegpt|conversation|chat", re.I)
FIXED_LENGTHS = re.compile(r"random|synthetic|sonnet", re.I)
RUN_OF = re.compile(r"(\d+)[ -](?:successful )?(?:requests|prompts)", re.I)
DATED = re.compile(r"\b(20\d\d)\b")
FIRST_GOOD_VERSION = {"vllm": (0, 8), "sglang": (0, 4), "tgi": (3, 0), "text-generation": (3, 0)}
"""First release without the slow Python scheduler."""
SIZE_IN_NAME = re.compile(r"(?<![\dx.])(\d+(?:\.\d+)?) ?b\b", re.I)
LARGEST_MODEL_B, LARGEST_WHOLE = 100_000, 10_000_000
USUAL_WIDTH_PER_LAYER, USUAL_HEAD, USUAL_KV_HEADS = 128, 128, 8
SHARED_TABLE_B = 2.0
"""Billions of parameters below which open models share the embedding and the output table."""
SHORT_PROMPT, SHORT_ANSWER = 16.0, 256.0
"""Tokens where a row states no length: a short question, an answer of usual length."""


def predicted_tokens_per_s(
    rows: Sequence[Row], cards: Mapping[str, Card], constants: Constants
) -> list[Prediction | str]:
    """Predicted throughput of the whole deployment of each row.

    Parameters
    ----------
    rows : sequence of mapping of str to object, cells by column
    cards : mapping of str to Card, as from ``from_catalog.cards``
    constants : mapping of str to float, of the serving estimator

    Returns
    -------
    list of Prediction [tokens/s], or the code of what is missing: answer tokens, or prompt and answer tokens where the
    row states only their total
    """
    read = [serving_setup(row, cards) for row in rows]
    setups = [setup for setup in read if isinstance(setup, ServingSetup)]
    rates = iter(estimate_serving(setups, constants).output_tokens_per_s if setups else ())
    found: list[Prediction | str] = []
    for row, setup in zip(rows, read, strict=True):
        if isinstance(setup, str):
            found.append(setup)
            continue
        rate = float(next(rates)) * _replicas(row) * (_total_per_output(setup) if _wants_total(row) else 1.0)
        found.append(spread(rate, constants["sigma"]) if math.isfinite(rate) else DOES_NOT_FIT)
    return found


def serving_setup(row: Row, cards: Mapping[str, Card]) -> ServingSetup | str:
    """The setup that a row describes.

    Parameters
    ----------
    row : mapping of str to object, cells by column
    cards : mapping of str to Card, as from ``from_catalog.cards``

    Returns
    -------
    ServingSetup, or the code of what is missing
    """
    card = card_named(cards, text(row, "gpu")) if text(row, "gpu") else None
    if card is None:
        return UNKNOWN_GPU
    load = _load_mode(row)
    if load is None:
        return UNKNOWN_LOAD
    if load == "single" and WITHOUT_PROMPT.search(f"{text(row, 'notes')} {text(row, 'derived_fields')}"):
        load = "decode"
    model = _architecture(row)
    if model is None:
        return NO_SIZE
    weight_bits, embedding_bits, compute = _precision(row, card)
    sharing, in_turn = _parallel(row, model, weight_bits, card)
    if load not in ("single", "decode") and PIPELINE.search(text(row, "notes")):
        sharing, in_turn = sharing * in_turn, 1  # with many sequences all stages of a pipeline work at once
    prompt, answer = _tokens(row, "input_len"), _tokens(row, "output_len")
    concurrency, requests, arrivals = _load(row, load)
    return ServingSetup(
        model=model,
        card=card,
        input_tokens=SHORT_PROMPT if prompt is None else prompt,
        output_tokens=answer or SHORT_ANSWER,
        weight_bits=weight_bits,
        embedding_bits=embedding_bits,
        kv_bits=_kv_bits(row, compute),
        compute=compute,
        tensor_parallel=sharing,
        layer_split=in_turn,
        engine=_engine(row),
        http=bool(HTTP.search(f"{text(row, 'engine')} {text(row, 'notes')}")),
        load=load,
        concurrency=concurrency,
        max_sequences=_found(MAX_SEQUENCES, text(row, "notes")),
        requests=requests,
        requests_per_s=arrivals,
        longest_over_mean=_longest_over_mean(row, answer or SHORT_ANSWER),
    )


def text(row: Row, column: str) -> str:
    """Text of a cell, stripped; empty where the column is missing or blank.

    Parameters
    ----------
    row : mapping of str to object, cells by column
    column : str

    Returns
    -------
    str
    """
    value = row.get(column)
    return "" if value is None or value != value else str(value).strip()


def number(row: Row, column: str) -> float | None:
    """A finite, non-negative number of a cell.

    Parameters
    ----------
    row : mapping of str to object, cells by column
    column : str

    Returns
    -------
    float, or None for anything else [unit of the column]
    """
    try:
        value = float(text(row, column).replace(",", ""))
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def _tokens(row: Row, column: str) -> float | None:
    """Length of a prompt or an answer; none that a request can have, a part of a token for instance, is not stated."""
    value = number(row, column)
    return value if value is not None and (value == 0 or 1 <= value <= LARGEST_WHOLE) else None


def _found(pattern: re.Pattern[str], words: str) -> float | None:
    match = pattern.search(words)
    return float(match.group(1)) if match else None


def _load_mode(row: Row) -> Load | None:
    """How load was applied; without a known mode, from the number of users."""
    named = LOADS.get(text(row, "benchmark_mode").lower())
    if named is not None:
        return named
    stated = text(row, "concurrency_or_batch").lower()
    if text(row, "single_stream").lower() in ("yes", "true") or stated in ("1", "1.0"):
        return "single"
    if not stated:
        return None
    return "saturated" if "max" in stated else "closed"


def _architecture(row: Row) -> Architecture | None:
    """Architecture of a row's model; what the row leaves out is that of a usual model of its size."""
    named = SIZE_IN_NAME.search(text(row, "model"))
    size = number(row, "params_b") or (float(named.group(1)) if named else 0.0)
    if not 0 < size < LARGEST_MODEL_B:
        return None
    usual_layers = max((size * 1e9 / (12 * USUAL_WIDTH_PER_LAYER**2)) ** (1 / 3), 2.0)
    layers = _whole(row, "num_layers", usual_layers)
    hidden = _whole(row, "hidden_size", layers * USUAL_WIDTH_PER_LAYER)
    head_dim = _whole(row, "head_dim", 0)
    heads = _whole(row, "num_heads", hidden / (head_dim or USUAL_HEAD))
    experts, chosen = _whole(row, "num_experts", 0), _whole(row, "experts_per_token", 0)
    routed = bool(experts and 0 < chosen <= experts)
    active = number(row, "active_params_b") or size
    return Architecture(
        params=size * 1e9,
        active_params=min(active, size) * 1e9,
        hidden=hidden,
        layers=layers,
        heads=heads,
        kv_heads=_whole(row, "num_kv_heads", min(heads, USUAL_KV_HEADS)),
        head_dim=head_dim or max(hidden // heads, 1),
        ffn=_whole(row, "intermediate_size", 4 * hidden),
        vocab=int(min(number(row, "vocab_size") or 0, size * 1e9 / (2 * hidden))),
        tied=size < SHARED_TABLE_B,
        experts=experts if routed else None,
        experts_per_token=chosen if routed else None,
    )


def _whole(row: Row, column: str, otherwise: float) -> int:
    value = number(row, column)
    return int(value) if value is not None and 1 <= value <= LARGEST_WHOLE else int(max(otherwise, 0.0))


def _precision(row: Row, card: Card) -> tuple[float, float, Compute]:
    """Bits of a weight, bits of the embeddings, and data type of the matrix products."""
    name = text(row, "weight_precision").upper()
    if LLAMA_CPP.search(text(row, "engine")) and re.fullmatch(r"INT[48]", name):
        name = f"Q{name[-1]}_{'K' if name == 'INT4' else '0'}"
    bpw = re.search(r"(\d+(?:\.\d+)?) ?BPW", name)
    gguf = re.search(r"\bI?Q(\d)_(K|0|1)", name)
    if bpw:
        return float(bpw.group(1)), max(float(bpw.group(1)), 6), "bf16"
    if gguf:
        bits = float(gguf.group(1)) + (0.9 if gguf.group(2) == "K" and int(gguf.group(1)) <= 4 else 0.6)
        return bits, bits, "bf16"
    if "FP4" in name:
        return 4.5, 16, "fp4" if card.fp4_tflops and "MX" not in name else "bf16"
    if FOUR_BITS.search(name):
        return 4.25, 16, "bf16"
    if "FP8" in name or "W8A8" in name:
        fp8 = "FP8" in name
        peak = card.fp8_tflops if fp8 else card.int8_tops
        return 8, 16, ("fp8" if fp8 else "int8") if peak else "bf16"
    if "8" in name:
        return 8.25, 16, "bf16"
    if "32" in name:
        return 32, 32, "bf16"
    return 16, 16, "bf16"


def _kv_bits(row: Row, compute: Compute) -> float:
    """Bits of a cached value. Where not stated, models quantised for TensorRT-LLM have an 8-bit KV cache."""
    bits = NUMBER.search(text(row, "kv_precision"))
    if bits and float(bits.group()) in (4, 8, 16, 32):
        return float(bits.group())
    return 8.0 if compute in ("fp8", "fp4") and TENSORRT.search(text(row, "engine")) else 16.0


def _parallel(row: Row, model: Architecture, weight_bits: float, card: Card) -> tuple[int, int]:
    """Cards in tensor parallel, and cards that compute their layers one after the other."""
    notes = text(row, "notes")
    box = int(number(row, "num_gpus") or 1)
    shared = int(number(row, "tensor_parallel") or 0)
    pipeline = _found(PIPELINE, notes)
    if pipeline:
        return max(shared, 1), int(pipeline)
    in_turn = bool(LAYER_SPLIT.search(notes) or LLAMA_CPP.search(text(row, "engine")))
    if not shared:
        return (1, box) if in_turn or "exllama" in text(row, "engine").lower() else (box, 1)
    too_big = model.params * weight_bits / 8 > card.memory_gib * GIB * shared
    return shared, max(box // shared, 1) if in_turn or too_big else 1


def _replicas(row: Row) -> float:
    return _found(REPLICAS, text(row, "notes")) or 1.0


def _engine(row: Row) -> Engine:
    name = text(row, "engine")
    if LLAMA_CPP.search(name):
        return "llama_cpp"
    if COMPILED.search(name):
        return "compiled"
    return "python_before_2025" if _is_old(row, name.lower()) else "python"


def _is_old(row: Row, name: str) -> bool:
    """Whether the engine still has the slow Python scheduler, by its version or the year of the source."""
    version = re.search(r"(\d+)\.(\d+)", text(row, "engine_version"))
    for known, first in FIRST_GOOD_VERSION.items():
        if known in name and version:
            return (int(version.group(1)), int(version.group(2))) < first
    year = DATED.search(text(row, "source_date"))
    return year is not None and int(year.group(1)) < 2025


def _load(row: Row, load: Load) -> tuple[float | None, float | None, float | None]:
    """Sequences at once, requests of the run and requests per second, where the row states them."""
    stated = text(row, "concurrency_or_batch").lower()
    count = NUMBER.search(stated)
    value = float(count.group()) if count else None
    run = _found(RUN_OF, text(row, "notes"))
    if load in ("single", "decode"):
        return value or 1.0, None, None
    if load == "burst":
        return None, value or run, None
    if load == "open":
        return None, run, value
    if load == "saturated" and "max" in stated:
        return None, None, None
    return value, None, None


def _longest_over_mean(row: Row, answer: float) -> float | None:
    """Longest over mean answer; ``None`` where lengths vary as in chats and are not capped."""
    words = f"{text(row, 'lengths_are')} {text(row, 'notes')}"
    cap = _found(ANSWER_CAP, words)
    if cap:
        return max(cap / answer, 1.0)
    return None if CHAT_LENGTHS.search(words) and not FIXED_LENGTHS.search(words) else 1.0


def _wants_total(row: Row) -> bool:
    return number(row, "output_tokens_per_s") is None and number(row, "total_tokens_per_s") is not None


def _total_per_output(setup: ServingSetup) -> float:
    return (setup.input_tokens + setup.output_tokens) / setup.output_tokens
