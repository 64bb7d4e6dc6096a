"""Published serving measurements, one row each, read as setups the serving estimator understands."""

import math
import re
from collections.abc import Mapping, Sequence

from advisor.estimators.cards import card_named
from advisor.estimators.descriptions import Architecture, Card, Compute, Engine, Load, ServingSetup
from advisor.estimators.inference import Constants, estimate_serving

Row = Mapping[str, object]
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
COMPILED = re.compile(r"tensorrt|trt|turbomind|mlc|exllama|tinychat|llm-awq|ctranslate|mindie|fastertransformer", re.I)
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
"""First release without the old scheduler loop."""
SHORT_PROMPT, SHORT_ANSWER = 16.0, 256.0
"""Assumed where a row states no length: a short question, an answer of usual length."""


def predicted_tokens_per_s(rows: Sequence[Row], cards: Mapping[str, Card], constants: Constants) -> list[float | str]:
    """What the whole deployment of every row should reach [tokens/s], or why nothing can be said.

    Answer tokens; prompt and answer tokens where the row gives only their total.
    """
    read = [serving_setup(row, cards) for row in rows]
    setups = [setup for setup in read if isinstance(setup, ServingSetup)]
    rates = iter(estimate_serving(setups, constants).output_tokens_per_s if setups else ())
    found: list[float | str] = []
    for row, setup in zip(rows, read, strict=True):
        if isinstance(setup, str):
            found.append(setup)
            continue
        rate = float(next(rates)) * _replicas(row) * (_total_per_output(setup) if _wants_total(row) else 1.0)
        found.append(rate if math.isfinite(rate) else "does_not_fit")
    return found


def serving_setup(row: Row, cards: Mapping[str, Card]) -> ServingSetup | str:
    """The setup a row describes, or the reason why it describes none."""
    card = card_named(cards, text(row, "gpu")) if text(row, "gpu") else None
    if card is None:
        return "card_unknown"
    load = LOADS.get(text(row, "benchmark_mode").lower())
    if load is None:
        load = "single" if text(row, "single_stream").lower() == "yes" else None
    if load is None:
        return "load_unknown"
    if load == "single" and WITHOUT_PROMPT.search(f"{text(row, 'notes')} {text(row, 'derived_fields')}"):
        load = "decode"
    model = _architecture(row)
    if model is None:
        return "model_unknown"
    weight_bits, embedding_bits, compute = _precision(text(row, "weight_precision"), card)
    cards_used, split = _parallel(row, model, weight_bits, card)
    prompt, answer = number(row, "input_len"), number(row, "output_len")
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
        tensor_parallel=cards_used,
        layer_split=split,
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
    value = row.get(column)
    return "" if value is None or value != value else str(value).strip()


def number(row: Row, column: str) -> float | None:
    """A finite, non-negative number, or ``None`` for a blank or for anything else."""
    try:
        value = float(text(row, column).replace(",", ""))
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def _found(pattern: re.Pattern[str], words: str) -> float | None:
    match = pattern.search(words)
    return float(match.group(1)) if match else None


def _architecture(row: Row) -> Architecture | None:
    params = number(row, "params_b")
    hidden, layers, heads = number(row, "hidden_size"), number(row, "num_layers"), number(row, "num_heads")
    if not (params and hidden and layers and heads):
        return None
    experts, chosen = number(row, "num_experts"), number(row, "experts_per_token")
    return Architecture(
        params=params * 1e9,
        active_params=min(number(row, "active_params_b") or params, params) * 1e9,
        hidden=int(hidden),
        layers=int(layers),
        heads=int(heads),
        kv_heads=int(number(row, "num_kv_heads") or heads),
        head_dim=int(number(row, "head_dim") or hidden / heads),
        ffn=int(number(row, "intermediate_size") or 4 * hidden),
        vocab=int(number(row, "vocab_size") or 0),
        tied=params < SMALL_MODEL_B,
        experts=int(experts) if experts and chosen else None,
        experts_per_token=int(chosen) if experts and chosen else None,
    )


SMALL_MODEL_B = 2.0
"""Billions of parameters below which open models share the embedding and the output table."""


def _precision(words: str, card: Card) -> tuple[float, float, Compute]:
    """Bits of a weight, bits of the embeddings, and what is multiplied."""
    name = words.upper()
    bpw = re.search(r"(\d+(?:\.\d+)?) ?BPW", name)
    gguf = re.search(r"\bI?Q(\d)_(K|0|1)", name)
    if bpw:
        return float(bpw.group(1)), 16, "bf16"
    if gguf:
        bits = float(gguf.group(1)) + (0.9 if gguf.group(2) == "K" else 0.5)
        return bits, bits, "bf16"
    if "FP4" in name:
        return 4.5, 16, "fp4" if card.fp4_tflops and "MX" not in name else "bf16"
    if "4" in name and "16" not in name.replace("A16", ""):
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
    """Bits of a cached value. Where nothing is stated, models quantised for TensorRT-LLM carry an 8-bit cache."""
    bits = NUMBER.search(text(row, "kv_precision"))
    if bits and float(bits.group()) in (4, 8, 16, 32):
        return float(bits.group())
    return 8.0 if compute in ("fp8", "fp4") and TENSORRT.search(text(row, "engine")) else 16.0


def _parallel(row: Row, model: Architecture, weight_bits: float, card: Card) -> tuple[int, int]:
    """Cards that share every layer, and cards that take layers in turn."""
    notes = text(row, "notes")
    box = int(number(row, "num_gpus") or 1)
    shared = int(number(row, "tensor_parallel") or 0)
    pipeline = _found(PIPELINE, notes)
    if pipeline:
        return max(shared, 1), int(pipeline)
    in_turn = bool(LAYER_SPLIT.search(notes) or LLAMA_CPP.search(text(row, "engine")))
    if not shared:
        return (1, box) if in_turn or "exllama" in text(row, "engine").lower() else (box, 1)
    too_big = model.params * weight_bits / 8 > card.memory_gib * 2**30 * shared
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
    """Longest answer over the mean answer; ``None`` where the lengths are those of chats and nothing caps them."""
    words = f"{text(row, 'lengths_are')} {text(row, 'notes')}"
    cap = _found(ANSWER_CAP, words)
    if cap:
        return max(cap / answer, 1.0)
    return None if CHAT_LENGTHS.search(words) and not FIXED_LENGTHS.search(words) else 1.0


def _wants_total(row: Row) -> bool:
    return number(row, "output_tokens_per_s") is None and number(row, "total_tokens_per_s") is not None


def _total_per_output(setup: ServingSetup) -> float:
    return (setup.input_tokens + setup.output_tokens) / setup.output_tokens
