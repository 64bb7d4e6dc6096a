"""What the words of serving benchmarks mean: kinds of load, datasets with known lengths, limits, layouts, engines."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from advisor.catalog.benchmarks import BenchmarkModel, benchmarks
from advisor.engineering.descriptions import Load


@dataclass(frozen=True)
class Lengths:
    """Mean prompt and answer of a dataset [tokens/request]; ``vary``: as lengths in chats do."""

    prompt: float
    answer: float
    vary: bool = True


@dataclass(frozen=True)
class LatencyLimits:
    """LatencyLimits of a benchmark on the time to the first token and on the time per output token [s]."""

    ttft: float
    tpot: float


LOADS: Mapping[str, Load] = {
    "single_stream": "single",
    "decode_only": "decode",
    "static_batch": "static",
    "closed_loop_concurrency": "closed",
    "burst_all_at_once": "burst",
    "offline_max_throughput": "saturated",
    "online_open_loop_qps": "open",
}
LOAD_WORDS: tuple[tuple[re.Pattern[str], Load], ...] = (
    (
        re.compile(r"interactive|\bserver\b|latency[ _-]?(?:limit|bound|constrain)|under (?:a )?(?:sla|slo|latency)"),
        "limited",
    ),
    (re.compile(r"decode[ _-]?only|\btg\d*\b"), "decode"),
    (re.compile(r"single|batch[ _=-]*1\b|\bbs ?= ?1\b|one (?:request|user)"), "single"),
    (re.compile(r"offline|throughput|saturat|\binf(?:inite|inity)?\b"), "saturated"),
    (re.compile(r"static|fixed batch"), "static"),
    (re.compile(r"burst|at once"), "burst"),
    (re.compile(r"qps|open[ _-]?loop|poisson|request[ _-]?rate|\brps\b|arriv"), "open"),
    (re.compile(r"concurren|closed|\busers?\b|online|serving"), "closed"),
)
"""Other words for a kind of load, the first that is found."""
MLPERF = re.compile(r"ml ?perf|mlcommons", re.I)
OF_MLPERF = re.compile(r"[-_]99(?:\.9)?$")
"""How MLPerf ends a model's name: the share of its quality that an answer keeps."""
CHAT_LENGTHS = re.compile(r"dataset|sharegpt|conversation|chat|orca|mlperf", re.I)
FIXED_LENGTHS = re.compile(r"random|synthetic|sonnet|fixed|ignore[-_ ]?eos", re.I)
TWO_LENGTHS = re.compile(
    r"\b(\d+(?:\.\d+)?k?)(?: ?(?:in|input|prompt)(?: tokens?)?)? ?(?:/|\bx\b|->|→|:|,|\+) ?(\d+(?:\.\d+)?k?) ?"
    r"(?:out|output|generated|answer|tokens|isl|in/out)\b", re.I
)  # fmt: skip
ISL = re.compile(r"\b(?:isl|input(?:[-_ ]len(?:gth)?)?|prompt(?:[-_ ]len(?:gth)?)?)[ =:]*(\d+(?:\.\d+)?k?)\b", re.I)
OSL = re.compile(
    r"\b(?:osl|output(?:[-_ ]len(?:gth)?)?|gen(?:eration)?[-_ ]len(?:gth)?|max[-_ ]tokens)[ =:]*(\d+(?:\.\d+)?k?)\b",
    re.I,
)
PAIR = re.compile(r"(\d[\d,]*(?:\.\d+)?k?)(?:\b\D+?|(?<=k))(\d[\d,]*(?:\.\d+)?k?)\b", re.I)
"""Both lengths of a cell that is about them: "1000/1000", "2k/512", "1k1k", "input 128 output 2048"."""
ENDLESS = re.compile(r"\binf(?:inite|inity)?\b", re.I)
NUMBER_OF_USERS = re.compile(
    r"(?:concurren\w*|users?|batch(?:[ _]?size)?|\bbs|clients)[ =:]*(\d[\d,]*)\b"
    r"|(\d[\d,]*) ?(?:concurren\w*|users?\b|clients)",
    re.I,
)
RATE = re.compile(
    r"(?:qps|rps|request[ _-]?rate)[ =:]*(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?) ?(?:qps|rps|req(?:uest)?s?/s(?:ec)?)\b", re.I
)
ANSWER_LIMIT = re.compile(r"\bmax(?:imum)?\b|max_tokens|up to|limit", re.I)
ANSWER_CAP = re.compile(r"(?:max|up to) (\d+)(?: tokens)? out", re.I)
WITHOUT_PROMPT = re.compile(r"decode only|decode tokens|1000 ?/ ?(?:median |mean )?tpot|\btg ?\d+\b|eval rate", re.I)

COMPILED = re.compile(
    r"tensorrt|trt|turbomind|lmdeploy|mlc|exllama|ctranslate|mindie|fastertransformer|\bnim\b",
    re.I,
)
LAUNCHED = re.compile(r"tinychat|autoawq|llm-awq", re.I)
PYTHON_ENGINES = re.compile(
    r"vllm|sglang|\btgi\b|text.generation|aphrodite|lightllm|deepspeed|friendli|dynamo|atom\b", re.I
)
EAGER = re.compile(r"transformers|hugging ?face(?!.*(?:tgi|text.gen))|\bhf\b|pytorch|eager", re.I)
TENSORRT = re.compile(r"tensorrt|trt|\bnim\b", re.I)
LLAMA_CPP = re.compile(
    r"llama[._-]?cpp|ggml|gguf|ollama|ctransformers|koboldcpp|lm ?studio|llama-(?:bench|server)"
    r"|^(?:cuda|vulkan|metal|rocm|hip|sycl|blas)(?:, ?\w+)*$",
    re.I,
)
GGUF = re.compile(r"\bI?Q\d_[K01XSMN]|\.gguf\b", re.I)
"""Weights as llama.cpp stores them."""
FIRST_GOOD_VERSION = {"vllm": (0, 8), "sglang": (0, 4), "tgi": (3, 0), "text-generation": (3, 0)}
"""First release without the slow Python scheduler."""
FIRST_ASYNCHRONOUS = (0, 6)
"""First release of vLLM that prepares answers while the card computes."""
HTTP = re.compile(r"\bserve\b|server|http|triton|openai|endpoint|\bapi\b", re.I)
REMOTE = re.compile(r"llmperf|network included|remote client|over the internet|cloud pod", re.I)
SAME_PROMPT = re.compile(r"same prompt|identical prompts?|prompt repeated|prefix[- ]cach\w+ (?:hit|warm)", re.I)
SPECULATIVE = re.compile(r"(?<!no )(?<!without )(?<!non-)speculat|eagle|medusa|\bmtp\b|draft model|lookahead", re.I)
FOUR_BITS = re.compile(r"(?<![\d.])4[- ]?BIT|INT4|W4|NF4|Q4|^4$|^(?:AWQ|GPTQ)(?:[_ -]?MARLIN)?$")

LAYER_SPLIT = re.compile(r"layer split|pipeline|not tp\b|sequential|device_map|naive", re.I)
TENSOR = re.compile(
    r"(?:\btp|--tensor-parallel-size|--tp-size|tp_size|tensor[ -]parallel(?:ism)?)[ =:-]{0,2}(\d{1,3})\b", re.I
)
PIPELINE = re.compile(
    r"(?:\bpp|--pipeline-parallel-size|--pp-size|pp_size|pipeline[ -]parallel)[ =:-]{0,2}(\d{1,2})\b", re.I
)
REPLICAS = re.compile(
    r"(?:(?<![a-z])dp|--data-parallel-size|--dp-size|dp_size|data[ -]parallel(?:ism)?|replicas)[ =:-]{0,2}(\d{1,3})\b",
    re.I,
)
COPIES = re.compile(r"(\d{1,3}) (?:x )?(?:data[ -]parallel )?(?:replicas|instances|copies|servers|dp ranks)\b", re.I)
EXPERTS = re.compile(
    r"(?:(?<![a-z])ep|--ep-size|ep_size|expert[ -]parallel(?:ism)?)[ =:-]{0,2}(?!1\b)(\d{1,3})\b"
    r"|enable-expert-parallel|\bdeepep\b",
    re.I,
)
OWN_CACHE = re.compile(
    r"dp[-_ ]?attention|attention[-_ ]?dp|attention data[- ]parallel|enable-dp-attention|\badp\b", re.I
)
LLAMA_BENCH = re.compile(
    r"(?=pp|tg)(?:pp ?(?P<prompt>\d+))? ?\+? ?(?:tg ?(?P<answer>\d+))?(?: ?@ ?d ?(?P<depth>\d+))?", re.I
)
"""How llama-bench names a test: tg128 writes as many tokens, pp512 reads a prompt, @ d4096 behind such a text."""
DISAGGREGATED = re.compile(
    r"(?<!non-)(?<!not )(?<!no )(?<!non)disaggregat|(?<!\w)\d{1,3} ?P ?[+/-]? ?\d{1,3} ?D(?!\w)"
    r"|\bPD[- ]?(?:sep|split|disagg)|PD ?\u5206\u79bb",
    re.I,
)
"""Prompts and answers on cards of their own: "1P1D"."""
MAX_SEQUENCES = re.compile(r"(?:max[-_]num[-_]seqs|max[-_]batch[-_]size|max-running-requests)[ =:]+(\d+)", re.I)
RUN_OF = re.compile(r"(\d+(?:[.,]\d{3})*)[ -](?:successful )?(?:requests|prompts|samples)", re.I)

_MS = r"(?:\bp?9?9?(?:th)? ?)?(\d+(?:\.\d+)?) ?(ms|s|sec|seconds)\b"
_CUE = (
    r"(?: ?(?:p\d\d,?|limit(?: of)?|sla|slo|target|constraint|at most|under|below|within|max(?:imum)?|of|is"
    r"|<=|<|≤|=|:|\(|\)))*"
)
_TPOT = r"\b(?:tpot|itl|tbt|time per output token|inter-?token(?: latency)?)\b"
_TTFT = r"\b(?:ttft|time to first token)\b"
_OF_P = r" ?(?:\(?p\d\d\)? ?)?"
TPOT_LIMITS = (re.compile(_TPOT + _CUE + " ?" + _MS, re.I), re.compile(_MS + _OF_P + _TPOT, re.I))
TTFT_LIMITS = (re.compile(_TTFT + _CUE + " ?" + _MS, re.I), re.compile(_MS + _OF_P + _TTFT, re.I))
"""A limit behind what it is of, and before it: "TPOT < 50 ms", "50 ms TPOT"."""
PERCENTILE = re.compile(r"\bp ?\d\d(?:\.\d+)?\b|\b\d\d(?:\.\d+)?(?:th|st|nd|rd)?(?: percentile| ?%)", re.I)
SPEED_FOR_ONE = re.compile(r"(\d+(?:\.\d+)?) ?tok(?:en)?s? ?(?:/|per) ?s", re.I)
BOTH_LIMITS = re.compile(r"ttft ?/ ?tpot\W{0,4}" + _MS + r" ?/ ?" + _MS, re.I)
USER_SPEED = re.compile(r"(\d+(?:\.\d+)?) ?(?:tok(?:en)?s?)(?:/s|/sec| per second)? ?(?:/|per) ?user", re.I)
LIMITING = re.compile(r"limit|sla\b|slo\b|target|constrain|at most|under|below|within|<|≤|max", re.I)
"""Without such a word a time is a result, not a limit."""

RESULT = re.compile(r"median|mean|average|avg|measured|p50", re.I)
SIZE_IN_NAME = re.compile(r"(?<![\dx.a-z])(\d+(?:\.\d+)?) ?b\b", re.I)
ACTIVE_IN_NAME = re.compile(r"(?<![a-z])a(\d+(?:\.\d+)?) ?b\b", re.I)


def mlperf_model(name: str) -> BenchmarkModel | None:
    """The model of MLPerf that a row names.

    Parameters
    ----------
    name : str, as the row writes it

    Returns
    -------
    BenchmarkModel or None where it is none of them
    """
    plain = re.sub(r"[^a-z0-9.]+", "-", name.lower())
    return next((each for each in benchmarks().mlperf.entries if each.is_in(plain)), None)
