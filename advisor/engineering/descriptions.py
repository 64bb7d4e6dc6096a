"""What the estimators are told: a model, a card, a training run, a serving setup.

``None`` means "not known"; an estimator then uses what is common and says so.
"""

from dataclasses import dataclass
from typing import Literal

Method = Literal["full", "lora", "qlora"]
Checkpointing = Literal["none", "selective", "full", "host"]
"""Activations kept for the backward pass: all, some operations', one input per layer, the same but in host memory."""
Sharding = Literal["none", "ddp", "zero1", "zero2", "zero3", "fsdp"]
LossKernel = Literal["plain", "compiled", "fused"]
Software = Literal["plain", "fused", "megatron"]
"""Plain Hugging Face; fused or compiled kernels (Unsloth, Liger, torch.compile, MosaicML); Megatron or NeMo."""
Link = Literal["pcie", "nvlink", "network"]


@dataclass(frozen=True)
class Architecture:
    """Shape of a decoder-only transformer. Parameters are counts, not billions; ``ffn`` is that of ONE expert."""

    params: float
    active_params: float
    hidden: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    ffn: int
    vocab: int
    tied: bool | None = None
    experts: int | None = None
    experts_per_token: int | None = None


@dataclass(frozen=True)
class Card:
    """One accelerator: GiB, GB/s, dense TFLOP/s, W; ``link_gb_s`` is the total of its links, ``None`` for PCIe only."""

    name: str
    architecture: str
    memory_gib: float
    bandwidth_gb_s: float
    bf16_tflops: float
    fp8_tflops: float | None = None
    fp4_tflops: float | None = None
    link_gb_s: float | None = None
    int8_tops: float | None = None
    memory_type: str | None = None
    tdp_w: float | None = None


@dataclass(frozen=True)
class TrainingRun:
    """One fine-tuning run as an engineer describes it. Lengths are tokens per sample as processed."""

    model: Architecture
    method: Method
    micro_batch: int
    seq_len: int
    weight_bits: float = 16
    optimizer: str = "adamw"
    fp32_masters: bool | None = None
    lora_rank: int | None = None
    lora_targets: str | None = None
    checkpointing: Checkpointing | None = None
    flash_attention: bool | None = None
    gpus: int = 1
    sharding: Sharding = "none"
    cpu_offload: bool = False
    loss: LossKernel = "plain"
    software: Software = "plain"
    variable_lengths: bool = False
    link: Link | None = None
    accumulation: int = 1
    fp8: bool = False
    gptq: bool = False
    """4-bit weights packed by GPTQ, which take longer to unpack than NF4."""
    fp32_residual: bool | None = None
    """Hidden states and embeddings kept in 32 bit around a 16-bit or quantised base."""
    whole_model_gathered: bool = False
    """FSDP that keeps frozen weights gathered through the backward pass, as PyTorch before 2.1 does."""


Engine = Literal["compiled", "python", "python_before_2025", "llama_cpp"]
"""Kernels built for the model (TensorRT-LLM, TurboMind, MLC); a loop in Python (vLLM, SGLang); llama.cpp."""
Compute = Literal["bf16", "fp8", "int8", "fp4"]
"""What is multiplied; weight-only quantisation stays at bf16, its weights are widened first."""
Load = Literal["single", "decode", "static", "closed", "burst", "saturated", "open"]
"""One request at a time; the same without its prompt; a fixed batch; users who wait for their answer and ask again;
all requests at once; as many as fit; requests that arrive at a rate."""


@dataclass(frozen=True)
class ServingSetup:
    """One replica of a served model and its load. Lengths are mean tokens per request.

    ``concurrency`` is ``None`` where memory and the engine set it; ``requests`` is the length of a finite run.
    ``longest_over_mean`` is that of the answers: 1 for fixed lengths, ``None`` where they vary as in chats.
    """

    model: Architecture
    card: Card
    input_tokens: float
    output_tokens: float
    weight_bits: float = 16
    embedding_bits: float = 16
    kv_bits: float = 16
    compute: Compute = "bf16"
    tensor_parallel: int = 1
    layer_split: int = 1
    engine: Engine = "python"
    http: bool = False
    load: Load = "saturated"
    concurrency: float | None = None
    max_sequences: float | None = None
    requests: float | None = None
    requests_per_s: float | None = None
    longest_over_mean: float | None = 1
    tpot_limit_s: float | None = None
