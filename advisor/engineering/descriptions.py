"""Inputs of the estimators: a model architecture, a card, a training run, a serving setup.

``None`` means "not known": the estimator then takes what is common, and its interval is wider.
"""

from dataclasses import dataclass
from typing import Literal

Method = Literal["full", "lora", "qlora"]
METHODS: tuple[Method, ...] = ("full", "lora", "qlora")
"""From the most memory to the least."""
Checkpointing = Literal["none", "selective", "full", "host"]
"""Activations kept for the backward pass: all, those of some operations, one input per layer, the same offloaded."""
Sharding = Literal["none", "ddp", "zero1", "zero2", "zero3", "fsdp"]
LossKernel = Literal["plain", "compiled", "chunked", "fused"]
"""Cross entropy over whole 32-bit logits; by one kernel over 16-bit logits; the same in pieces, the logits still whole;
head and loss in pieces, so that whole logits never exist (Liger, Cut Cross Entropy)."""
Software = Literal["plain", "fused", "megatron"]
"""Plain Hugging Face; fused or compiled kernels (Unsloth, Liger, torch.compile, MosaicML); Megatron or NeMo."""
Framework = Literal[
    "unsloth", "axolotl", "llama_factory", "ms_swift", "torchtune", "torchtitan", "lit_gpt", "llm_foundry",
    "automodel", "megatron", "fms", "trl", "transformers", "deepspeed",
]  # fmt: skip
"""Software that runs the training, whatever kernels it uses."""
Objective = Literal["sft", "dpo", "kto", "orpo", "grpo", "ppo", "reward"]
"""What is learned: answers; the better of two (DPO against a reference model, ORPO without one; KTO one answer at a
time); own answers by their reward (GRPO, PPO with a value model); a reward model."""
PAIRS: tuple[Objective, ...] = ("dpo", "orpo", "reward")
"""Objectives whose sample is two answers."""
REFERENCED: tuple[Objective, ...] = ("dpo", "kto", "grpo", "ppo")
"""Objectives that compare the model with what it was before."""
GENERATING: tuple[Objective, ...] = ("grpo", "ppo")
"""Objectives that generate answers during training."""
Link = Literal["pcie", "nvlink", "network"]


@dataclass(frozen=True)
class Architecture:
    """Shape of a decoder-only transformer. Parameters are counts, not billions; ``ffn`` is that of ONE expert.

    With latent attention (``kv_lora_rank``) heads and ``kv_heads`` are equal, ``head_dim`` is that of a query with its
    rotary part, and one vector for all heads is cached instead of keys and values.
    """

    params: float
    active_params: float  # of one token; all of them in a dense model
    hidden: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    ffn: int  # intermediate size of the MLP
    vocab: int  # tokens
    tied: bool | None = None  # input and output embeddings are one matrix
    experts: int | None = None
    experts_per_token: int | None = None
    windowed_layers: int = 0  # that look back ``window`` tokens only
    window: int | None = None  # tokens
    kv_lora_rank: int | None = None  # width of the vector that latent attention caches
    rope_head_dim: int = 0  # rotary part of a key, cached beside it
    q_lora_rank: int | None = None
    value_dim: int | None = None  # of a head with latent attention
    dense_layers: int = 0  # without experts in a mixture of experts
    dense_ffn: int | None = None  # intermediate size of their MLP
    shared_ffn: int = 0  # intermediate size of what every token passes beside its experts
    all_experts_computed: bool = False  # by the module of Transformers, for every token
    linear_layers: int = 0  # with linear attention or a state space: their memory does not grow with the text
    state_values: float = 0  # that all of them keep of one sequence
    cached_values: float | None = None  # of a token, all layers without a window; None: as heads or latent vector say
    windowed_values: float | None = None  # of a token, all layers with a window; None: as heads say
    encoder_params: float = 0  # of images or sound, beside ``params``

    @property
    def kv_values(self) -> tuple[float, float]:
        """Values that a token adds to the cache: for good, and while it is inside the window."""
        latent = self.kv_lora_rank
        each = 2 * self.kv_heads * self.head_dim if latent is None else latent + self.rope_head_dim
        growing = self.layers - self.windowed_layers - self.linear_layers
        lasting = growing * each if self.cached_values is None else self.cached_values
        return lasting, self.windowed_layers * each if self.windowed_values is None else self.windowed_values

    @property
    def kv_shards(self) -> int:
        """Cards that can share the cache between them; every card needs all of a latent vector."""
        return self.kv_heads if self.kv_lora_rank is None else 1

    @property
    def mlp_width(self) -> float:
        """Intermediate size that one token passes in a layer, experts and shared part together, in the mean."""
        sparse = self.ffn * (self.experts_per_token or 1) + self.shared_ffn
        dense = self.dense_layers * (self.dense_ffn or self.ffn)
        return (dense + (self.layers - self.dense_layers) * sparse) / self.layers


@dataclass(frozen=True)
class Card:
    """One accelerator. Peaks are dense, without structured sparsity."""

    name: str
    architecture: str
    memory_gib: float
    bandwidth_gb_s: float
    bf16_tflops: float
    fp8_tflops: float | None = None
    fp4_tflops: float | None = None
    link_gb_s: float | None = None  # all links to other cards together; None: PCIe only
    int8_tops: float | None = None
    memory_type: str | None = None
    tdp_w: float | None = None


@dataclass(frozen=True)
class TrainingRun:
    """One fine-tuning run as an engineer describes it."""

    model: Architecture
    method: Method
    micro_batch: int  # samples per card
    seq_len: int  # tokens per sample as processed: padded or packed
    objective: Objective = "sft"
    weight_bits: float = 16  # of the base model as stored
    optimizer: str = "adamw"
    optimizer_in_backward: bool = False
    """Every weight is updated as soon as its gradient exists, so that no gradients are kept."""
    fp32_masters: bool | None = None
    """Trained weights in 32 bit beside or instead of the 16-bit ones: mixed precision. False: all in 16 bit."""
    gradient_bits: float | None = None
    lora_rank: int | None = None
    lora_targets: str | None = None
    dora: bool = False
    """Adapters that also learn how long the columns of a weight are, and multiply it once more for that."""
    trained_embeddings: bool = False
    """Embedding and output head are trained whole beside the adapters."""
    checkpointing: Checkpointing | None = None
    flash_attention: bool | None = None
    gpus: int = 1
    nodes: int | None = None
    sharding: Sharding | None = "none"
    tensor_parallel: int | None = None
    pipeline_parallel: int | None = None
    context_parallel: int | None = None
    expert_parallel: int | None = None
    cpu_offload: bool = False
    loss: LossKernel | None = None
    software: Software | None = "plain"
    framework: Framework | None = None
    version: tuple[int, ...] | None = None
    """Of the framework."""
    year: int | None = None
    """Of the software or of the source."""
    compiled: bool | None = None
    variable_lengths: bool | None = False
    """Batches differ in length, so the allocator caches more."""
    packing: bool | None = None
    own_loop: bool = False
    """Trained by a loop of one's own, which takes the defaults of its libraries where nothing else is said."""
    masked_attention: bool | None = None
    """Attention over a mask of padding: kernels that take one are slower and skip nothing."""
    adapters_float32: bool | None = None
    """Adapters compute in 32 bit beside a 16-bit base: PEFT keeps them so, and no autocast lowers them."""
    quantised_float32: bool | None = None
    """Weights of 4 bit are multiplied in 32 bit, without tensor cores: what bitsandbytes does unless told otherwise."""
    link: Link | None = None
    accumulation: int = 1  # micro-steps in an optimizer step
    fp8: bool = False
    """Matrix products are computed in FP8."""
    fp8_base: bool = False
    """Weights under adapters are stored in FP8, whatever is computed in: neither taken apart as int8 is nor faster."""
    gptq: bool = False
    """4-bit weights packed by GPTQ, which take longer to unpack than NF4."""
    grouped_experts: bool | None = None
    """The tokens of all experts are multiplied at once, not expert after expert."""
    micro_batch_assumed: bool = False
    seq_len_assumed: bool = False
    sharding_assumed: bool = False
    """Nothing says how the cards share the model, but its weights leave one way alone."""
    fp32_residual: bool | None = None
    """Hidden states and embeddings kept in 32 bit around a 16-bit or quantised base."""
    whole_model_gathered: bool = False
    """FSDP that keeps frozen weights gathered through the backward pass, as PyTorch before 2.1 does."""
    reference_model: bool | None = None
    """A second copy of the weights on the card, to compare with; adapters are switched off instead."""
    engine_share: float | None = None
    """Share of the card that an engine for generation holds during training; 0 where it runs elsewhere."""
    vision: bool = False
    """Samples have images, whose encoder and tokens the description leaves out."""


Engine = Literal["compiled", "python", "python_2024", "python_before_2025", "llama_cpp", "launched", "eager"]
"""Kernels compiled for the model (TensorRT-LLM, TurboMind, MLC); a loop in Python (vLLM, SGLang), that of vLLM 0.6 and
0.7, an older one; llama.cpp; fused kernels under a model of Hugging Face (AutoAWQ, TinyChat); a model run operation by
operation (transformers)."""
Compute = Literal["bf16", "fp8", "int8", "fp4"]
"""Data type of the matrix products; weight-only quantisation is bf16: its weights are dequantised first."""
Load = Literal["single", "decode", "static", "closed", "burst", "saturated", "open", "limited"]
"""How load is applied: one request at a time; the same without its prompt; a fixed batch; closed loop, where each user
waits for the answer before asking again; all requests at once; as many as fit; open loop, at an arrival rate; the same
at the highest rate that keeps the limits."""
Unknown = Literal["lengths", "lengths_of_dataset", "answer_limit", "engine", "layout", "limit", "precision", "users"]
"""What the description of a deployment leaves open, each with its part of the interval."""


@dataclass(frozen=True)
class ServingSetup:
    """One replica of a served model and its load. Lengths are mean tokens per request."""

    model: Architecture
    card: Card
    input_tokens: float
    output_tokens: float
    weight_bits: float = 16  # with scales
    embedding_bits: float = 16
    kv_bits: float = 16
    compute: Compute = "bf16"
    tensor_parallel: int = 1  # cards
    layer_split: int = 1  # cards that compute their layers one after the other
    engine: Engine = "python"
    http: bool = False
    load: Load = "saturated"
    concurrency: float | None = None  # sequences at once; None: as memory and the engine allow
    max_sequences: float | None = None  # limit of the engine
    requests: float | None = None  # of a finite run
    requests_per_s: float | None = None  # arrival rate of an open loop
    longest_over_mean: float | None = 1  # of the answers: 1 for fixed lengths, None where they vary as in chats
    tpot_limit_s: float | None = None  # limit on the time per output token
    ttft_limit_s: float | None = None  # limit on the time to the first token, kept on average
    limits_kept: bool = False  # by a run that was measured, however slow its steps are by the estimate
    expert_parallel: bool = False  # whole experts on each card
    attention_data_parallel: bool = False  # each card keeps the cache of its own sequences
    remote_client: bool = False  # one client far away receives all answers
    cached_prompt: float = 0  # share of the prompts that an earlier request left in the cache
    speculative: bool = False  # a draft of several tokens is checked in one step
    unknown: tuple[Unknown, ...] = ()
