"""One reader for every table of training runs: what public configurations say becomes a field, the rest stays open."""

import pytest

from advisor.engineering.descriptions import TrainingRun
from advisor.engineering.validation.training_rows import training_run

ROW = {
    "source": "a laboratory",
    "model": "Llama-3.1-8B",
    "params_b": "8.03",
    "method": "lora",
    "micro_batch": "2",
    "seq_len": "2048",
    "num_gpus": "8",
    "grad_checkpointing": "",
}


def run_of(**changed: str) -> TrainingRun:
    run = training_run(ROW | changed)
    assert isinstance(run, TrainingRun)
    return run


def test_what_nothing_says_stays_open() -> None:
    run = run_of(method="full")
    open_ = (run.loss, run.checkpointing, run.sharding, run.fp32_masters, run.framework, run.version)
    assert open_ == (None,) * 6
    assert (run.flash_attention, run.variable_lengths, run.tensor_parallel) == (None, None, None)


@pytest.mark.parametrize(
    ("notes", "framework", "software"),
    [
        ("Unsloth 2025.6.1", "unsloth", "fused"),
        ("axolotl, deepspeed zero3", "axolotl", "plain"),
        ("LLaMA-Factory, FA2", "llama_factory", "plain"),
        ("torchtitan, FSDP2, torch.compile", "torchtitan", "fused"),
        ("torchtune full_finetune_distributed", "torchtune", "plain"),
        ("NVIDIA NeMo AutoModel, FSDP2 backend", "automodel", "plain"),
        ("NeMo 2.0, TP4 PP2", "megatron", "megatron"),
        ("Megatron-Bridge", "megatron", "megatron"),
        ("Primus Megatron-LM on ROCm", "megatron", "megatron"),
        ("trl SFTTrainer with Liger kernel", "trl", "fused"),
        ("DeepSpeed ZeRO-3", "deepspeed", "plain"),
    ],
)
def test_software_is_told_by_its_backend_not_its_vendor(notes: str, framework: str, software: str) -> None:
    run = run_of(notes=notes)
    assert (run.framework, run.software) == (framework, software)


@pytest.mark.parametrize(
    ("changed", "masters"),
    [
        ({"sharding": "fsdp", "weight_precision_bits": "16"}, True),
        ({"sharding": "deepspeed zero3", "weight_precision_bits": "16", "notes": "bf16: true"}, True),
        ({"sharding": "fsdp", "notes": "pure bf16"}, False),
        ({"sharding": "fsdp", "notes": "bf16-true"}, False),
        ({"num_gpus": "1", "weight_precision_bits": "16"}, False),
        ({"num_gpus": "1", "weight_precision_bits": "32"}, True),
        ({"num_gpus": "1"}, None),
    ],
)
def test_bf16_true_is_mixed_precision_where_weights_are_sharded(changed: dict[str, str], masters: bool | None) -> None:
    assert run_of(method="full", **changed).fp32_masters is masters


@pytest.mark.parametrize(
    ("notes", "field", "value"),
    [
        ("TP4 PP2 EP8", "tensor_parallel", 4),
        ("TP4 PP2 EP8", "pipeline_parallel", 2),
        ("TP4 PP2 EP8", "expert_parallel", 8),
        ("tensor_model_parallel_size=2", "tensor_parallel", 2),
        ("context parallel 4", "context_parallel", 4),
        ("optimizer_in_bwd", "optimizer_in_backward", True),
        ("activation offloading to CPU", "checkpointing", "host"),
        ("cut cross entropy", "loss", "fused"),
        ("transformers, chunked cross entropy", "loss", "chunked"),
        ("sample packing", "packing", True),
        ("torch.compile", "compiled", True),
        ("modules_to_save: embed_tokens, lm_head", "trained_embeddings", True),
        ("fp32 gradient accumulation, fp32 grads", "gradient_bits", 32),
        ("paged_adamw_8bit", "optimizer", "paged_adamw_8bit"),
        ("optimizer on the CPU", "cpu_offload", True),
        ("GRPO, vLLM colocated, gpu_memory_utilization=0.4", "engine_share", 0.4),
        ("vision-language, one image each", "vision", True),
        ("unsloth 2025.3.1", "version", (2025, 3, 1)),
        ("own trainer on transformers", "own_loop", True),
        ("TRL", "own_loop", False),
        ("attention over a padding mask", "masked_attention", True),
        ("padding mask, flash attention 2", "masked_attention", None),
        ("packed to 8192", "masked_attention", False),
        ("adapters in fp32", "adapters_float32", True),
        ("bf16 autocast", "adapters_float32", False),
        ("bnb_4bit_compute_dtype=float32", "quantised_float32", True),
        ("nf4, compute dtype bf16", "quantised_float32", False),
        ("nf4", "quantised_float32", None),
    ],
)
def test_features_of_a_recipe_are_fields(notes: str, field: str, value: object) -> None:
    assert getattr(run_of(notes=notes), field) == value


@pytest.mark.parametrize(
    ("method", "notes", "told"),
    [
        ("dpo qlora", "", ("qlora", "dpo")),
        ("dpo_full", "", ("full", "dpo")),
        ("dpo_lora", "", ("lora", "dpo")),
        ("KTO", "LoRA", ("lora", "kto")),
        ("orpo", "qlora, trl", ("qlora", "orpo")),
        ("lora", "trl DPOTrainer", ("lora", "dpo")),
        ("GRPO full fine-tuning", "", ("full", "grpo")),
        ("sft", "DPO comes later", ("full", "sft")),
        ("lora", "", ("lora", "sft")),
    ],
)
def test_preference_tuning_is_an_objective_beside_the_method(method: str, notes: str, told: tuple[str, str]) -> None:
    run = run_of(method=method, notes=notes)
    assert (run.method, run.objective) == told


def test_a_model_may_be_named_only() -> None:
    run = training_run({"model": "Qwen3-8B", "method": "lora", "micro_batch": "1", "seq_len": "512"})
    assert isinstance(run, TrainingRun)
    assert run.model.params == 8e9
    moe = run_of(model="Qwen3-30B-A3B", params_b="30.5", num_experts="128", experts_per_token="8").model
    assert (moe.experts, moe.active_params) == (128, 3e9)


def test_a_batch_or_length_that_is_left_out_is_a_usual_one() -> None:
    run = run_of(micro_batch="", global_batch="16")
    assert (run.micro_batch, run.micro_batch_assumed, run.seq_len_assumed) == (2, True, False)
    run = run_of(seq_len="")
    assert (run.seq_len, run.micro_batch_assumed, run.seq_len_assumed) == (2048, False, True)


@pytest.mark.parametrize(
    ("told", "method"),
    [
        ({"lora_rank": "16"}, "lora"),
        ({"lora_rank": "16", "weight_precision_bits": "4"}, "qlora"),
        ({"notes": "QLoRA on one card"}, "qlora"),
        ({"notes": "full fine-tuning, without LoRA"}, "full"),
        ({"config": "qwen3_8b_full-param.yaml"}, "full"),
        ({"notes": "\u5168\u53c2\u6570\u5fae\u8c03"}, "full"),
    ],
)
def test_a_method_that_is_left_blank_is_told_by_the_rank_or_in_words(told: dict[str, str], method: str) -> None:
    assert run_of(method="", **told).method == method


@pytest.mark.parametrize("notes", ["", "TRL SFTTrainer", "fine-tuned on full nodes"])
def test_words_that_name_no_method_leave_it_open(notes: str) -> None:
    assert training_run(ROW | {"method": "", "notes": notes}) == "unknown_method"


SHAPE = {
    "hidden_size": "4096", "num_layers": "32", "num_heads": "32", "num_kv_heads": "32", "intermediate_size": "11008",
    "vocab_size": "151936",
}  # fmt: skip


def test_text_passes_the_decoder_of_a_vision_model_alone() -> None:
    run = run_of(model="Some-VL", params_b="9.6", notes="one image in each sample", **SHAPE)
    assert run.vision
    assert run.model.params == run.model.active_params == pytest.approx(7.72e9, rel=0.001)
    assert run.model.encoder_params == pytest.approx(9.6e9 - run.model.params)


@pytest.mark.parametrize(
    "changed",
    [
        {"params_b": "9.6", **SHAPE},  # no word of images
        {"params_b": "7.8", "notes": "one image in each sample", **SHAPE},  # what is beside the shape is biases
        {"params_b": "9.6", "notes": "one image in each sample"},  # no shape to count
    ],
)
def test_parameters_stay_whole_where_no_encoder_can_be_told_apart(changed: dict[str, str]) -> None:
    model = run_of(model="Some-VL" if "notes" in changed else "Some", **changed).model
    assert (model.params, model.encoder_params) == (float(changed["params_b"]) * 1e9, 0)
