"""In how many bits a row of a serving table keeps weights and cache, and in what it multiplies."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from advisor.catalog.benchmarks import precision_published
from advisor.engineering.descriptions import Card, Compute
from advisor.engineering.validation import serving_words as words
from advisor.engineering.validation.cells import Row, written

NUMBER = re.compile(r"\d+(?:\.\d+)?")
OF_THE_CACHE = re.compile(
    r"[,;+/&(]?\s*(?:(?:FP|BF|INT|E|Q)?(?P<before>4|8|16)(?:[- ]?BITS?|_E\dM\d|_0)?[- ]*KV(?:[- _]?CACHE)?\b"
    r"|\bKV(?:[- _]?CACHE)?(?:[- _]?DTYPE)?(?:[ =:(-]*|\s+IN\s+)"
    r"(?:FP|BF|INT|E|Q)?(?P<after>4|8|16)(?:[- ]?BITS?|_E\dM\d|_0)?\b)\)?"
)
"""The part of a precision that is about the cache: "FP16 weights, FP8 KV cache", "W4A16 KV8"."""
OF_ANY_BITS = re.compile(r"(?<![\d.])([2-8])[- ]?BITS?\b")
TERNARY = {"TQ1_0": 1.69, "TQ2_0": 2.06}
"""Bits of weights with three values, as llama.cpp packs them [bit/parameter]."""
SMALL_GGUF: Mapping[str, float] = {"XXS": 0.06, "XS": 0.3, "S": 0.5, "M": 0.7}
"""What the sizes of IQ1 to IQ3 of llama.cpp have beyond their digit [bit/parameter]."""
IQ = re.compile(r"\bIQ([123])_(XXS|XS|S|M)\b")
IN_A_NAME = re.compile(
    r"NVFP4|MXFP4|FP4|FP8|(?:AWQ|GPTQ)[-_ ]?INT[48]|AWQ|GPTQ|INT4|INT8|NF4|W4A16|W8A8|W8A16"
    r"|\d(?:\.\d+)?[-_ ]?BPW|\bI?Q\d_[K01][A-Z_]*|\bIQ\d_[A-Z]+|(?<![\d.])[2-8][-_ ]?BITS?\b"
)
KNOWN = re.compile(
    r"(?<!\d)(?:4|8|16|32)(?!\d)|Q\d|BPW|[2-7][- ]?BIT|HALF|FLOAT|AWQ|GPTQ|"
    r"^(?:NO|NONE|UNQUANTI[SZ]ED|FULL|\u65e0|\u4e0d\u91cf\u5316)$"
)
"""What says a precision: a number of bits, or that there is none but the usual 16."""


@dataclass(frozen=True)
class Stored:
    """Bits of a weight, of an embedding and of a cached value, and data type of the matrix products."""

    weight_bits: float
    embedding_bits: float
    kv_bits: float
    compute: Compute
    stated: bool


def precision_of(row: Row, card: Card) -> Stored:
    """Precision of a row, 16 bits where nothing says it.

    Parameters
    ----------
    row : mapping of str to object, cells by column
    card : Card

    Returns
    -------
    Stored
    """
    cell = written(row, "weight_precision").upper()
    cache = OF_THE_CACHE.search(cell)
    of_weights = OF_THE_CACHE.sub("", cell).strip(" +,;/&") if cache else cell
    name = of_weights or _precision_of_model(row)
    weight_bits, embedding_bits, compute = _precision(name or "16", row, card)
    cache = cache or OF_THE_CACHE.search(written(row, "notes").upper())
    beside = float(cache["before"] or cache["after"]) if cache else None
    return Stored(weight_bits, embedding_bits, _kv_bits(row, beside, compute), compute, KNOWN.search(name) is not None)


def _precision_of_model(row: Row) -> str:
    """The precision as the model's name says it, or as it is published; Ollama packs all but MXFP4 in 4 bits."""
    model = written(row, "model").upper()
    found = IN_A_NAME.search(model)
    if found:
        return found.group().replace("_", " ") if "BPW" in found.group() or "BIT" in found.group() else found.group()
    published = precision_published(model)
    return "Q4_K_M" if "ollama" in written(row, "engine").lower() and published != "MXFP4" else published


def _precision(name: str, row: Row, card: Card) -> tuple[float, float, Compute]:
    """Bits of a weight, bits of the embeddings, and data type of the matrix products."""
    if words.LLAMA_CPP.search(written(row, "engine")) and re.fullmatch(r"INT[48]", name):
        name = f"Q{name[-1]}_{'K' if name == 'INT4' else '0'}"
    bpw = re.search(r"(\d+(?:\.\d+)?)[- ]?BPW", name)
    small = IQ.search(name)
    gguf = re.search(r"\bI?Q(\d)_(K|0|1)", name)
    few = OF_ANY_BITS.search(name)
    if bpw:
        return float(bpw.group(1)), max(float(bpw.group(1)), 6), "bf16"
    if name in TERNARY:
        return TERNARY[name], TERNARY[name], "bf16"
    if small:
        bits = float(small.group(1)) + SMALL_GGUF[small.group(2)]
        return bits, bits, "bf16"
    if gguf:
        bits = float(gguf.group(1)) + (0.9 if gguf.group(2) == "K" and int(gguf.group(1)) <= 4 else 0.6)
        return bits, bits, "bf16"
    if "FP4" in name:
        return (4.25 if "MX" in name else 4.5), 16, _compute_of_fp4(name, card)
    if words.FOUR_BITS.search(name):
        return 4.25, 16, "bf16"
    if "FP8" in name or "W8A8" in name:
        peak = card.fp8_tflops if "FP8" in name else card.int8_tops
        return 8, 16, ("fp8" if "FP8" in name else "int8") if peak else "bf16"
    if few and few.group(1) != "8":
        return float(few.group(1)) + 0.25, 16, "bf16"
    if "8" in name:
        return 8.25, 16, "bf16"
    if "32" in name:
        return 32, 32, "bf16"
    return 16, 16, "bf16"


def _compute_of_fp4(name: str, card: Card) -> Compute:
    """FP4 is multiplied as such from Blackwell and CDNA 4 on; MXFP4 weights meet 8-bit activations there."""
    if not card.fp4_tflops:
        return "bf16"
    return "fp8" if "MX" in name and "CDNA" not in card.architecture and card.fp8_tflops else "fp4"


def _kv_bits(row: Row, beside: float | None, compute: Compute) -> float:
    """Bits of a cached value. Where not stated, models quantised for TensorRT-LLM have an 8-bit KV cache."""
    bits = NUMBER.search(written(row, "kv_precision"))
    if bits and float(bits.group()) in (4, 8, 16, 32):
        return float(bits.group())
    if beside is not None:
        return beside
    return 8.0 if compute in ("fp8", "fp4") and words.TENSORRT.search(written(row, "engine")) else 16.0
