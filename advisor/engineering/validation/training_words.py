"""What the words of a training configuration say about software, kernels and training state.

Public tables have no column for most of it: it stands in notes, in the name of the framework, in that of the source.
"""

import re
from collections.abc import Mapping

from advisor.engineering.descriptions import Checkpointing, Framework, LossKernel, Objective, Sharding, Software

DENIED = re.compile(
    r"\b(?:no|not|non|without|w/o|instead of|disabled?)[\s-]+(?:an?\s+|using\s+)?(?:\w+\s+)?"
    r"(?:liger|cut|cce|fused|chunked|unsloth|triton|flash|pack|compil|offload|checkpoint|deepspeed|fsdp|quanti)[\w-]*(?:[\s-]+cross.?entropy|[\s-]+kernels?)?"
)
FRAMEWORKS: tuple[tuple[Framework, str], ...] = (
    ("unsloth", r"unsloth"),
    ("axolotl", r"axolotl"),
    ("llama_factory", r"llama[\s_-]?factory|llama[\s_-]efficient[\s_-]tuning|chatglm-efficient-tuning"),
    ("torchtune", r"torch\s?tune|\btune run\b"),
    ("torchtitan", r"torch\s?titan"),
    ("lit_gpt", r"lit-?gpt|lightning|\bfabric\b"),
    ("llm_foundry", r"llm-?foundry|mosaic|composer"),
    ("automodel", r"automodel"),
    ("megatron", r"megatron|\bmcore\b|\bnemo\b|\bprimus\b|mlperf|dgxc"),
    ("ms_swift", r"ms-?swift|\bswift\b"),
    ("fms", r"\bfms\b|fms-|\bfoak\b"),
    ("trl", r"\btrl\b|(?:sft|dpo|kto|orpo|grpo|ppo)_?trainer|alignment.handbook|open-?r1"),
    ("transformers", r"hugging\s?face|\bhf\b|transformers|\bpeft\b|accelerate"),
)
DEEPSPEED = re.compile(r"deep\s?speed|zero-?[123]|zero.?stage")
"""Shards for other frameworks, and is one of its own only where no other is named."""
MEGATRON = re.compile(r"megatron|\bmcore\b|\bnemo\b|\bprimus\b|mlperf|dgxc|\bbridge\b")
"""Software with its own kernels and parallel layouts."""
NATIVE = re.compile(r"torch\s?titan|torch\s?tune|automodel|fsdp\s?2|fully_shard|llm-?foundry|composer")
"""Trainers of PyTorch's own parts; a vendor's name beside one of them says nothing of Megatron."""
FUSED = re.compile(
    r"unsloth|liger|torch\.?compile|\bcompiled?\b|mosaic|llm-?foundry|composer|torch\s?titan|\bthunder\b|fused|"
    r"fast.?kernel|\bfoak\b|cut.cross|\bcce\b"
)
PLAIN = re.compile(
    r"\bhf\b|hugging\s?face|fms-accel|fsdp_qlora|deep\s?speed|\btrl\b|transformers|\bpeft\b|\bddp\b|"
    r"axolotl|llama.?factory|\bswift\b"
)
MODEL_PARALLEL = re.compile(r"\b[tp]p\W?\d")
SHARDINGS: tuple[tuple[Sharding, str], ...] = (
    ("zero3", r"zero[\s_-]*(?:stage)?[\s_-]*3|stage[\s_-]*3|(?<![a-z0-9])z3(?![a-z0-9])"),
    ("zero2", r"zero[\s_-]*(?:stage)?[\s_-]*2|stage[\s_-]*2|(?<![a-z0-9])z2(?![a-z0-9])|shard_grad_op"),
    ("zero1", r"zero[\s_-]*(?:stage)?[\s_-]*1|stage[\s_-]*1|(?<![a-z0-9])z1(?![a-z0-9])|distributed.?optimi[sz]er"),
    ("fsdp", r"fsdp|full_shard|hsdp|hybrid_shard|fully_shard"),
    ("ddp", r"\bddp\b|no_shard|data.?parallel"),
)
OBJECTIVES: tuple[tuple[Objective, str], ...] = (
    ("orpo", r"orpo|simpo|cpo"),
    ("kto", r"\bkto|kto\b|kto_"),
    ("dpo", r"dpo|ipo\b"),
    ("grpo", r"grpo|dapo|gspo|rloo|reinforce"),
    ("ppo", r"ppo|rlhf|\bgae\b"),
    ("reward", r"reward.?model|\brm\b|rm_"),
)
DEGREES: Mapping[str, str] = {
    "tensor": r"\b(?:tp|tensor[\s_-]*(?:model[\s_-]*)?parallel(?:ism|[\s_-]*size)?|mp)\W{0,3}(\d+)",
    "pipeline": r"\b(?:pp|pipeline[\s_-]*(?:model[\s_-]*)?parallel(?:ism|[\s_-]*size)?)\W{0,3}(\d+)",
    "context": r"\b(?:cp|sp|(?:context|sequence|ulysses)[\s_-]*parallel(?:ism|[\s_-]*size)?)\W{0,3}(\d+)",
    "expert": r"\b(?:ep|expert[\s_-]*(?:model[\s_-]*)?parallel(?:ism|[\s_-]*size)?)\W{0,3}(\d+)",
}
OWN_LOOP = re.compile(
    r"\b(?:own|custom|home-?made|self-written|from.scratch) (?:\w+ )?(?:trainer|training|loop|script)"
)
"""A loop that computes its loss as it likes."""
WITHOUT_PEFT: tuple[Framework, ...] = (
    "unsloth", "torchtune", "lit_gpt", "llm_foundry", "automodel", "megatron", "axolotl", "llama_factory",
)  # fmt: skip
"""Frameworks that do not leave a quantised base with 32-bit hidden states, as peft does."""
WHOLE_LOGITS_UNTIL = (2024, 11)
"""Unsloth before this version computes 32-bit logits for the whole batch."""


def told(words: str) -> str:
    """The words without what they deny ("no liger kernel").

    Parameters
    ----------
    words : str, in lower case

    Returns
    -------
    str
    """
    return DENIED.sub(" ", words)


def framework(told_words: str, source: str) -> Framework | None:
    """Software that runs the training; what a row says outweighs the name of its source.

    Parameters
    ----------
    told_words : str
    source : str

    Returns
    -------
    Framework or None where none is named
    """
    for words in (told_words, source):
        for name, pattern in FRAMEWORKS:
            if re.search(pattern, words) and not (name == "megatron" and NATIVE.search(words)):
                return name
    return "deepspeed" if DEEPSPEED.search(f"{told_words} {source}") else None


def software(told_words: str, source: str) -> Software | None:
    """Class of software; what a row says outweighs the name of its source, which may compare several.

    Parameters
    ----------
    told_words : str
    source : str

    Returns
    -------
    Software or None where nothing says it
    """
    if OWN_LOOP.search(told_words):
        return None
    for words in (told_words, source):
        if MEGATRON.search(words) and not NATIVE.search(words):
            return "megatron"
        if FUSED.search(words):
            return "fused"
        if PLAIN.search(words) or NATIVE.search(words):
            return "plain"
        if MODEL_PARALLEL.search(words):
            return "megatron"
    vendors_own = "nvidia" in source and not NATIVE.search(f"{told_words} {source}")
    return "megatron" if vendors_own else None


def grouped_experts(words: str) -> bool | None:
    """Whether the tokens of all experts are multiplied at once.

    Parameters
    ----------
    words : str

    Returns
    -------
    bool or None where it is not known
    """
    if re.search(r"loop over (?:the )?experts|experts? loop|eager experts|naive moe", words):
        return False
    return (
        True if re.search(r"group(?:ed)?[\s_-]?(?:gemm|mm|experts?)|scatter-?moe|megablocks|deep-?ep", words) else None
    )


def masked_attention(words: str) -> bool | None:
    """Whether attention looks over a mask of padding, which flash attention and packed samples do without.

    Parameters
    ----------
    words : str

    Returns
    -------
    bool or None where it is not known
    """
    if re.search(r"(?:attention|padding) mask|efficient attention|padded to", words):
        return None if re.search(r"flash|\bfa[23]\b", words) else True
    return False if re.search(r"flash|\bfa[23]\b|(?<!un)pack(?!age)|padding.?free", words) else None


def adapters_float32(words: str) -> bool | None:
    """Whether adapters compute in 32 bit: as stated; autocast lowers them.

    Parameters
    ----------
    words : str

    Returns
    -------
    bool or None where it is not known
    """
    if re.search(r"(?:adapters?|lora(?: weights)?) (?:compute |kept |are )?in (?:fp32|float32|32.bit)", words):
        return True
    return False if re.search(r"autocast|(?:adapters?|lora) in (?:bf16|bfloat16|16.bit)", words) else None


def quantised_float32(words: str) -> bool | None:
    """Whether 4-bit weights are multiplied in 32 bit: "compute dtype float32".

    Parameters
    ----------
    words : str

    Returns
    -------
    bool or None where it is not known
    """
    found = re.search(r"compute[\s_-]*(?:d?type)?[\s\w=:.]{0,12}?(float32|fp32|bf16|bfloat16|fp16|float16)", words)
    return None if found is None else found[1] in ("float32", "fp32")


def loss(words: str, name: Framework | None, release: tuple[int, ...] | None) -> LossKernel | None:
    """Kernel of the loss: as stated, else what the framework does unless told otherwise.

    Parameters
    ----------
    words : str
    name : Framework or None
    release : tuple of int or None, version of the framework

    Returns
    -------
    LossKernel or None where it is not known
    """
    if re.search(r"liger|cut[\s_-]cross|\bcce\b|fused.?linear|linear.?cross.?entropy|flce", words):
        return "fused"
    if re.search(r"chunked|cross-entropy chunk|chunk.{0,6}loss", words):
        return "fused" if name in ("axolotl", "unsloth") else "chunked"
    if name == "unsloth":
        return None if release is None else "fused" if release >= WHOLE_LOGITS_UNTIL else "compiled"
    if name == "torchtune":  # measured 16.2 GiB with LoRA and 7.4 with QLoRA: there is no room for whole logits
        return "fused"
    if re.search(r"fused|triton|compile|fast.?kernel|\bfoak\b", words) or name in ("lit_gpt", "megatron", "torchtitan"):
        return "compiled"
    if OWN_LOOP.search(words):
        return None
    return "plain" if name in ("transformers", "trl", "ms_swift", "fms", "llama_factory", "axolotl") else None


def version(words: str, name: Framework | None) -> tuple[int, ...] | None:
    """Version of the framework ("unsloth 2025.3.1", "transformers==4.49").

    Parameters
    ----------
    words : str
    name : Framework or None

    Returns
    -------
    tuple of int or None where it is not stated
    """
    if name is None:
        return None
    pattern = {**dict(FRAMEWORKS), "deepspeed": DEEPSPEED.pattern}[name]
    found = re.search(rf"(?:{pattern})[\s=<>~]*v?(?:ersion)?\s?(\d+(?:\.\d+)+)", words)
    return tuple(int(part) for part in found[1].split(".")) if found else None


def year(words: str) -> int | None:
    """Latest year that the words name.

    Parameters
    ----------
    words : str

    Returns
    -------
    int or None
    """
    return max((int(found) for found in re.findall(r"\b(20[12]\d)\b", words)), default=None)


def checkpointing(cell: str, words: str, name: Framework | None) -> Checkpointing | None:
    """Which activations are kept.

    Parameters
    ----------
    cell : str, of the column about it
    words : str
    name : Framework or None

    Returns
    -------
    Checkpointing or None where it is not known
    """
    if re.match(r"(?:no|none|false|off|0)\b", cell):
        return "none"
    if re.search(r"selective|\bsac\b|op-level", cell) or (not cell and re.search(r"selective (?:re|ac|act|ch)", words)):
        return "selective"
    offloaded = (
        r"activation[\s\w-]{0,12}offload|offload[\s\w-]{0,10}(?:activation|checkpoint)|checkpoint[\s\w-]{0,20}offload"
    )
    if name == "unsloth" or re.search(r"offload|host|unsloth", cell) or re.search(offloaded, words):
        return "host"
    return "full" if cell.startswith(("yes", "true", "on", "1", "full")) else None


def sharding(cell: str, words: str, gpus: int) -> Sharding | None:
    """How the model is spread over the cards.

    Parameters
    ----------
    cell : str, of the column about it
    words : str
    gpus : int [GPUs]

    Returns
    -------
    Sharding, "none" where every card holds a part of the model, or None where it is not known
    """
    if gpus == 1 and not cell:
        return "none"
    for place in (cell, words):
        for name, pattern in SHARDINGS:
            if re.search(pattern, place):
                return name
        if "deepspeed" in place:
            return "zero2"
        if place is cell and re.match(r"none\b|no\b", cell):
            return "none"
    return "none" if gpus == 1 or any(re.search(p, words) for p in DEGREES.values()) else None


def objective(method: str, words: str) -> Objective:
    """What is learned, from the method, else from the trainer's name.

    Parameters
    ----------
    method : str
    words : str

    Returns
    -------
    Objective
    """
    for name, pattern in OBJECTIVES:
        if re.search(pattern, method):
            return name
    for name, pattern in OBJECTIVES:
        if "sft" not in method and re.search(rf"\b(?:{pattern.split('|')[0]})_?trainer|\b{name}\b", words):
            return name
    return "sft"


def masters(words: str, name: Framework | None, bits: float | None, sharded: bool) -> bool | None:
    """Whether trained weights exist in 32 bit.

    A configuration's "bf16: true" is mixed precision, with 32-bit weights wherever they are sharded; only a recipe that
    says so, or one card whose weights are stated to be stored in 16 bit, trains all in 16 bit.

    Parameters
    ----------
    words : str
    name : Framework or None
    bits : float or None [bits], stated of the stored weights
    sharded : bool

    Returns
    -------
    bool or None where it is not known
    """
    if re.search(
        r"pure[\s_-]?(?:bf16|bfloat16|fp16|16)|bf16-true|bf16_true|full_?bf16|(?:all|everything) in (?:bf16|16)", words
    ):
        return False
    if bits is not None and bits >= 32:
        return True
    if re.search(
        r"fp32 (?:master|weights)|32-bit (?:master|weights)|mixed[\s-]precision|amp_bf16|bf16-mixed|\bamp\b", words
    ):
        return True
    if name == "torchtune":
        return False
    if bits is not None and not sharded:
        return False
    return True if sharded else None


def degree(kind: str, words: str) -> int | None:
    """Cards that share a model in one way ("TP4", "expert parallel size 8").

    Parameters
    ----------
    kind : str, a key of DEGREES
    words : str

    Returns
    -------
    int [GPUs], or None where it is not stated
    """
    found = re.search(DEGREES[kind], words)
    return max(1, int(found[1])) if found else None
