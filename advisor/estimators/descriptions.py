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
    """One accelerator: GiB, GB/s, dense TFLOP/s; ``link_gb_s`` is the total of its links, ``None`` for PCIe only."""

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
