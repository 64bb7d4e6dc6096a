"""What the words of serving benchmarks mean: kinds of load, datasets with known lengths, limits, layouts, engines."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

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
    (re.compile(r"offline|throughput|saturat|infinite"), "saturated"),
    (re.compile(r"static|fixed batch"), "static"),
    (re.compile(r"burst|at once"), "burst"),
    (re.compile(r"qps|open[ _-]?loop|poisson|request[ _-]?rate|\brps\b|arriv"), "open"),
    (re.compile(r"concurren|closed|\busers?\b|online|serving"), "closed"),
)
"""Other words for a kind of load, the first that is found."""
DATASETS: tuple[tuple[re.Pattern[str], Lengths], ...] = (
    (re.compile(r"share[ _-]?gpt", re.I), Lengths(220, 200)),
    (re.compile(r"sonnet", re.I), Lengths(550, 150, vary=False)),
    (re.compile(r"long[ _-]?bench", re.I), Lengths(9000, 200)),
    (re.compile(r"cnn[ _/-]*(?:daily)?|dailymail", re.I), Lengths(780, 73)),
    (re.compile(r"open[ _-]?orca", re.I), Lengths(290, 290)),
    (re.compile(r"lmsys|arena|wildchat", re.I), Lengths(100, 220)),
    (re.compile(r"alpaca|dolly", re.I), Lengths(30, 70)),
    (re.compile(r"mt[ _-]?bench", re.I), Lengths(100, 300)),
    (re.compile(r"gsm ?8k", re.I), Lengths(70, 150)),
    (re.compile(r"human[ _-]?eval|mbpp|mbxp", re.I), Lengths(150, 200)),
    (re.compile(r"arxiv|gov[ _-]?report|summari[sz]ation", re.I), Lengths(8000, 300)),
    (re.compile(r"llmperf", re.I), Lengths(550, 150, vary=False)),
)
"""Datasets of benchmarks and their usual means: of the dataset where answers come from it, else of the tool."""
MLPERF = re.compile(r"ml ?perf|mlcommons", re.I)
MLPERF_MODELS: tuple[tuple[re.Pattern[str], Lengths, LatencyLimits | None, LatencyLimits | None], ...] = (
    (re.compile(r"llama-?2-?70b", re.I), Lengths(294, 294), LatencyLimits(2.0, 0.2), LatencyLimits(0.45, 0.04)),
    (re.compile(r"405b", re.I), Lengths(9428, 685), LatencyLimits(6.0, 0.175), LatencyLimits(4.5, 0.08)),
    (re.compile(r"mixtral-?8x7b", re.I), Lengths(250, 145), LatencyLimits(2.0, 0.2), None),
    (re.compile(r"llama-?3(?:\.1)?-?8b", re.I), Lengths(778, 73), LatencyLimits(2.0, 0.1), LatencyLimits(0.5, 0.03)),
    (re.compile(r"deepseek-?(?:r1|v3)", re.I), Lengths(800, 3880), LatencyLimits(2.0, 0.08), LatencyLimits(1.5, 0.015)),
    (re.compile(r"gpt-?j", re.I), Lengths(920, 69), None, None),
)
"""Models of MLPerf inference: lengths of their dataset, limits of its scenarios server and interactive."""
RANDOM = re.compile(r"random|synthetic|dummy|fixed", re.I)
CHAT_LENGTHS = re.compile(r"dataset|sharegpt|conversation|chat|orca|mlperf", re.I)
FIXED_LENGTHS = re.compile(r"random|synthetic|sonnet|fixed|ignore[-_ ]?eos", re.I)
TWO_LENGTHS = re.compile(
    r"\b(\d+(?:\.\d+)?k?)(?: ?(?:in|input|prompt)(?: tokens?)?)? ?(?:/|\bx\b|->|→|:|,|\+) ?(\d+(?:\.\d+)?k?) ?"
    r"(?:out|output|generated|answer|tokens|isl|in/out)\b", re.I
)  # fmt: skip
ISL = re.compile(r"\b(?:isl|input[-_ ]len(?:gth)?|prompt[-_ ]len(?:gth)?)[ =:]*(\d+(?:\.\d+)?k?)\b", re.I)
OSL = re.compile(
    r"\b(?:osl|output[-_ ]len(?:gth)?|gen(?:eration)?[-_ ]len(?:gth)?|max[-_ ]tokens)[ =:]*(\d+(?:\.\d+)?k?)\b", re.I
)
ANSWER_LIMIT = re.compile(r"\bmax(?:imum)?\b|max_tokens|up to|limit", re.I)
ANSWER_CAP = re.compile(r"(?:max|up to) (\d+)(?: tokens)? out", re.I)
WITHOUT_PROMPT = re.compile(r"decode only|decode tokens|1000 ?/ ?(?:median |mean )?tpot|\btg ?\d+\b|eval rate", re.I)

COMPILED = re.compile(
    r"tensorrt|trt|turbomind|lmdeploy|mlc|exllama|tinychat|autoawq|llm-awq|ctranslate|mindie|fastertransformer|\bnim\b",
    re.I,
)
PYTHON_ENGINES = re.compile(
    r"vllm|sglang|\btgi\b|text.generation|aphrodite|lightllm|deepspeed|friendli|dynamo|atom\b", re.I
)
EAGER = re.compile(r"transformers|hugging ?face(?!.*(?:tgi|text.gen))|\bhf\b|pytorch|eager", re.I)
TENSORRT = re.compile(r"tensorrt|trt|\bnim\b", re.I)
LLAMA_CPP = re.compile(
    r"llama[._-]?cpp|ggml|gguf|ollama|ctransformers|koboldcpp|lm ?studio|llama-(?:bench|server)", re.I
)
FIRST_GOOD_VERSION = {"vllm": (0, 8), "sglang": (0, 4), "tgi": (3, 0), "text-generation": (3, 0)}
"""First release without the slow Python scheduler."""
HTTP = re.compile(r"\bserve\b|server|http|triton|openai|endpoint|\bapi\b", re.I)
REMOTE = re.compile(r"llmperf|network included|remote client|over the internet|cloud pod", re.I)
SAME_PROMPT = re.compile(r"same prompt|identical prompts?|prompt repeated|prefix[- ]cach\w+ (?:hit|warm)", re.I)
SPECULATIVE = re.compile(r"speculat|eagle|medusa|\bmtp\b|draft model|lookahead", re.I)
FOUR_BITS = re.compile(r"4[- ]?BIT|INT4|W4|NF4|Q4|^(?:AWQ|GPTQ)$")

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
    r"(?:(?<![a-z])ep|--ep-size|ep_size|expert[ -]parallel(?:ism)?)[ =:-]{0,2}(\d{1,3})\b"
    r"|enable-expert-parallel|\bdeepep\b",
    re.I,
)
OWN_CACHE = re.compile(
    r"dp[-_ ]?attention|attention[-_ ]?dp|attention data[- ]parallel|enable-dp-attention|\badp\b", re.I
)
MAX_SEQUENCES = re.compile(r"(?:max[-_]num[-_]seqs|max[-_]batch[-_]size|max-running-requests)[ =:]+(\d+)", re.I)
RUN_OF = re.compile(r"(\d+(?:[.,]\d{3})*)[ -](?:successful )?(?:requests|prompts|samples)", re.I)

_MS = r"(?:\bp?9?9?(?:th)? ?)?(\d+(?:\.\d+)?) ?(ms|s|sec|seconds)\b"
_CUE = (
    r"(?: ?(?:p\d\d|limit(?: of)?|sla|slo|target|constraint|at most|under|below|within|max(?:imum)?|of|is|p99"
    r"|<=|<|≤|=|:|,|\(|\)))*"
)
TPOT_LIMIT = re.compile(
    r"\b(?:tpot|itl|tbt|time per output token|inter-?token(?: latency)?)\b" + _CUE + " ?" + _MS, re.I
)
TTFT_LIMIT = re.compile(r"\b(?:ttft|time to first token)\b" + _CUE + " ?" + _MS, re.I)
BOTH_LIMITS = re.compile(r"ttft ?/ ?tpot\W{0,4}" + _MS + r" ?/ ?" + _MS, re.I)
USER_SPEED = re.compile(r"(\d+(?:\.\d+)?) ?(?:tok(?:en)?s?)(?:/s|/sec| per second)? ?(?:/|per) ?user", re.I)
LIMITING = re.compile(r"limit|sla\b|slo\b|target|constrain|at most|under|below|within|<|≤|max", re.I)
"""Without such a word a time is a result, not a limit."""

RESULT = re.compile(r"median|mean|average|avg|measured|p50", re.I)
LATENT = re.compile(
    r"deepseek-?(?:v2|v3|r1|coder-v2)(?!.*distill)|kimi-?k2|glm-?(?:5|4\.7-flash)|minicpm3|mistral-large-3|longcat",
    re.I,
)
LATENT_RANK, LATENT_ROPE = 512, 64
"""Of every public model with a latent cache."""
WINDOWED: tuple[tuple[re.Pattern[str], float, int], ...] = (
    (re.compile(r"gpt-?oss", re.I), 1 / 2, 128),
    (re.compile(r"gemma-?3", re.I), 5 / 6, 1024),
    (re.compile(r"gemma-?2", re.I), 1 / 2, 4096),
    (re.compile(r"llama-?4", re.I), 3 / 4, 8192),
    (re.compile(r"mistral-7b(?:-instruct)?-v0\.1", re.I), 1.0, 4096),
    (re.compile(r"qwen3-next|qwen3\.5", re.I), 3 / 4, 128),
)
"""Share of the layers that look back so many tokens only; a linear layer keeps about as much as a short window."""
FAMILIAR: tuple[tuple[re.Pattern[str], Mapping[str, float]], ...] = (
    (
        re.compile(r"deepseek-?(?:v3|r1)(?!.*distill)", re.I),
        {
            "params_b": 671,
            "active_params_b": 37,
            "num_layers": 61,
            "hidden_size": 7168,
            "num_heads": 128,
            "num_kv_heads": 128,
            "head_dim": 128,
            "num_experts": 256,
            "experts_per_token": 8,
            "vocab_size": 129280,
        },
    ),
    (
        re.compile(r"kimi-?k2", re.I),
        {
            "params_b": 1040,
            "active_params_b": 32,
            "num_layers": 61,
            "hidden_size": 7168,
            "num_heads": 64,
            "num_kv_heads": 64,
            "head_dim": 128,
            "num_experts": 384,
            "experts_per_token": 8,
            "vocab_size": 163840,
        },
    ),
    (
        re.compile(r"mixtral-?8x7b", re.I),
        {
            "params_b": 46.7,
            "active_params_b": 12.9,
            "num_layers": 32,
            "hidden_size": 4096,
            "num_heads": 32,
            "num_kv_heads": 8,
            "head_dim": 128,
            "num_experts": 8,
            "experts_per_token": 2,
            "vocab_size": 32000,
        },
    ),
    (
        re.compile(r"mixtral-?8x22b", re.I),
        {
            "params_b": 141,
            "active_params_b": 39,
            "num_layers": 56,
            "hidden_size": 6144,
            "num_heads": 48,
            "num_kv_heads": 8,
            "head_dim": 128,
            "num_experts": 8,
            "experts_per_token": 2,
            "vocab_size": 32768,
        },
    ),
)
"""Columns of models that tables name without their size."""
SIZE_IN_NAME = re.compile(r"(?<![\dx.a-z])(\d+(?:\.\d+)?) ?b\b", re.I)
ACTIVE_IN_NAME = re.compile(r"(?<![a-z])a(\d+(?:\.\d+)?) ?b\b", re.I)
OTHER_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "tensor_parallel": ("tp", "tp_size", "tensor_parallel_size"),
    "replicas": ("dp", "dp_size", "data_parallel", "data_parallel_size", "data_parallel_replicas", "num_replicas"),
    "expert_parallel": ("ep", "ep_size", "expert_parallel_size"),
    "pipeline_parallel": ("pp", "pp_size", "pipeline_parallel_size"),
    "input_len": ("isl", "input_tokens", "prompt_tokens", "prompt_len", "input_length"),
    "output_len": ("osl", "output_tokens", "answer_tokens", "gen_len", "output_length"),
    "concurrency_or_batch": ("concurrency", "batch_size", "batch", "users", "max_concurrency"),
    "num_prompts": ("num_requests", "n_prompts", "requests", "prompts", "samples"),
    "benchmark_mode": ("scenario", "mode", "load"),
    "lengths_are": ("dataset",),
    "weight_precision": ("precision", "dtype", "quantization", "quantisation"),
    "engine_version": ("version",),
    "tpot_limit": (
        "tpot_limit_ms",
        "tpot_limit_s",
        "tpot_sla",
        "tpot_sla_ms",
        "itl_limit",
        "itl_limit_ms",
        "tpot_slo_ms",
    ),
    "ttft_limit": ("ttft_limit_ms", "ttft_limit_s", "ttft_sla", "ttft_sla_ms", "ttft_slo_ms"),
    "limits": ("sla", "slo", "latency_limit", "latency_limits", "constraint", "constraints"),
    "user_speed": ("tokens_per_s_per_user", "tok_s_user", "interactivity"),
}
"""Other heads of a column."""
