"""Tables of training runs as people have them: heads of their own, cards with their number, methods in words."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from advisor.engineering.from_catalog import card_named
from advisor.engineering.training_slowdowns import matmul_slowdown
from advisor.engineering.validation.counted_cards import counted_cards
from advisor.engineering.validation.tables import TABLES, read_table
from tests.engineering.pasted import CARDS, CATALOG, cells_of, run_of, table, told

SHIPPED = Path(__file__).parents[2] / "data" / "validation"


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("8xH100 80GB HBM3", (8, "H100 80GB HBM3")),
        ("2 x RTX 4090", (2, "RTX 4090")),
        ("2 \u00d7 H100 80GB SXM5", (2, "H100 80GB SXM5")),
        ("A100-SXM4-80GB x 4", (4, "A100-SXM4-80GB")),
        ("H100x8", (8, "H100")),
        ("RTX 4090 x2", (2, "RTX 4090")),
        ("A100-80GB*4", (4, "A100-80GB")),
        ("A100 (4x)", (4, "A100")),
        ("L40S (x2)", (2, "L40S")),
        ("8 GPUs H100", (8, "H100")),
        ("H100, 8 GPUs", (8, "H100")),
        ("8\u5361A100", (8, "A100")),
        ("1xA100 (40 GB)", (1, "A100 (40 GB)")),
        ("4x24GB", (4, "24GB")),
        ("H100x8\u5361", (8, "H100")),
        ("2x 7900 XTX", (2, "7900 XTX")),
        ("7900 XTX", None),
        ("7900xt", None),
        ("B200 (180GB)", None),
        ("A100 (80)", None),
        ("RTX 4090", None),
        ("p5.48xlarge", None),
        ("TPU v5e-8", None),
        ("", None),
    ],
)
def test_a_number_of_cards_beside_their_name(cell: str, found: tuple[int, str] | None) -> None:
    assert counted_cards(cell) == found


@pytest.mark.parametrize(
    ("heads", "row"),
    [
        ("Model,Method,Micro batch,Seq len,# GPUs,LoRA rank,DeepSpeed,Gradient checkpointing", "8,64,zero3,yes"),
        (
            "model_name,train_type,per_device_train_batch_size,cutoff_len,n_gpus,lora_r,zero_stage,recompute",
            "8,64,3,yes",
        ),
        ("Base model,finetuning_type,MBS,Sequence length (tokens),GPUs,Rank,sharding,AC", "8,64,ZeRO-3,yes"),
        (
            "\u6a21\u578b,\u5fae\u8c03\u65b9\u6cd5,\u6279\u5927\u5c0f,\u5e8f\u5217\u957f\u5ea6,\u5361\u6570,lora_r,"
            "deepspeed,\u68af\u5ea6\u68c0\u67e5\u70b9",
            "8\u5361,64,ds_z3_config,yes",
        ),
    ],
)
def test_columns_of_a_training_table_under_other_heads(heads: str, row: str) -> None:
    run = run_of(heads, f"Llama-3.1-8B,lora,2,4096,{row}")
    found = (run.method, run.micro_batch, run.seq_len, run.gpus, run.lora_rank, run.sharding, run.checkpointing)
    assert found == ("lora", 2, 4096, 8, 64, "zero3", "full")


def test_degrees_of_parallelism_have_columns() -> None:
    run = run_of(
        "model,method,gpu,GPUs,MBS,GBS,seq_len,TP,PP,CP,EP,framework",
        "Mixtral 8x7B,SFT,H100,64,1,128,4096,2,4,1,8,NeMo",
    )
    degrees = (run.tensor_parallel, run.pipeline_parallel, run.context_parallel, run.expert_parallel)
    assert (run.gpus, run.software, degrees) == (64, "megatron", (2, 4, 1, 8))


def test_steps_of_accumulation_make_the_batch() -> None:
    heads, row = "model,method,gpu,micro_batch,grad_accum,seq_len", "Llama-3.1-8B,full,4xA100,2,8,2048"
    assert cells_of(table("speed", heads, row))["global_batch"] == "64"


@pytest.mark.parametrize(
    ("cell", "offloaded"), [("ZeRO-3 + offload", True), ("zero3", False), ("zero3, no offload", False)]
)
def test_offload_beside_zero(cell: str, offloaded: bool) -> None:
    assert (
        run_of("model,method,micro_batch,seq_len,num_gpus,sharding", f'Qwen3-8B,full,1,2048,8,"{cell}"').cpu_offload
        == offloaded
    )


def test_a_unit_in_a_head_goes_to_the_numbers_below() -> None:
    assert cells_of(table("memory", "Params (M),method,micro_batch,seq_len", "135,full,1,2048"))["params_b"] == "0.135"
    heads = "\u53c2\u6570\u91cf\uff08\u4ebf\uff09,method,micro_batch,\u5e8f\u5217\u957f\u5ea6\uff08tokens\uff09"
    cells = cells_of(table("memory", heads, "720,full,1,2048"))
    assert (cells["params_b"], cells["seq_len"]) == ("72", "2048")


def test_what_was_read_under_another_name_or_not_at_all_is_told() -> None:
    read = table("memory", "Model,Method,Batch size,Seq len,GPUs,VRAM (GB),colour", "Qwen3-8B,lora,1,2048,2,,red")
    assert told(read, "heads_read_as") == "Batch size = micro_batch, GPUs = num_gpus"
    assert told(read, "columns_not_read") == "VRAM (GB), colour"


@pytest.mark.parametrize("kind", TABLES)
def test_shipped_heads_are_all_known(kind: str) -> None:
    path = SHIPPED / f"{kind}.csv"
    assert read_table(path.read_bytes(), TABLES[kind]).told == ()


@pytest.mark.parametrize(
    ("method", "model", "found"),
    [
        ("FFT", "Llama-3.1-8B", ("full", 16, None)),
        ("\u5168\u53c2\u6570\u5fae\u8c03", "Llama-3.1-8B", ("full", 16, None)),
        ("\u5168\u91cf\u5fae\u8c03", "Llama-3.1-8B", ("full", 16, None)),
        ("LoRA (8-bit)", "Llama-3.1-8B", ("qlora", 8, None)),
        ("LoRA int8", "Llama-3.1-8B", ("qlora", 8, None)),
        ("LoRA, 8-bit AdamW", "Llama-3.1-8B", ("lora", 16, None)),
        ("QDoRA", "Llama-3.1-8B", ("qlora", 4, None)),
        ("GPTQ LoRA", "Llama-3.1-8B", ("qlora", 4.15, None)),
        ("4bit\u91cf\u5316LoRA", "Llama-3.1-8B", ("qlora", 4, None)),
        ("LoRA r=128", "Llama-3.1-8B", ("lora", 16, 128)),
        ("LoRA (rank 64)", "Llama-3.1-8B", ("lora", 16, 64)),
        ("lora", "unsloth/Meta-Llama-3.1-8B-bnb-4bit", ("qlora", 4, None)),
        ("lora", "Qwen2.5-7B-Instruct-GPTQ-Int8", ("qlora", 8, None)),
        ("lora", "Qwen2.5-7B-Instruct-AWQ", ("qlora", 4.15, None)),
        ("full", "unsloth/Meta-Llama-3.1-8B-bnb-4bit", ("full", 16, None)),
    ],
)
def test_a_method_says_how_the_base_is_stored(method: str, model: str, found: tuple[str, float, int | None]) -> None:
    run = run_of("model;method;micro_batch;seq_len", f"{model};{method};1;2048")
    assert (run.method, run.weight_bits, run.lora_rank) == found


def test_a_stated_number_of_bits_outweighs_the_name_of_the_model() -> None:
    heads = "model,method,micro_batch,seq_len,weight_precision_bits"
    assert run_of(heads, "unsloth/Meta-Llama-3.1-8B-bnb-4bit,lora,1,2048,16").method == "lora"


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        *((cell, "full") for cell in ("\u2713", "\u5f00\u542f", "enabled", "yes")),
        *((cell, "none") for cell in ("\u2717", "\u5173\u95ed", "disabled", "no")),
    ],
)
def test_yes_and_no_as_people_tick_them(cell: str, found: str) -> None:
    assert run_of("model,method,micro_batch,seq_len,AC", f"Qwen3-8B,lora,1,2048,{cell}").checkpointing == found


@pytest.mark.parametrize(
    ("heads", "cells"),
    [
        ("nodes,gpus_per_node", "4,8"),
        ("num_gpus,notes", "4 nodes x 8,"),
        ("GPUs,notes", "4x8,"),
        ("nnodes,nproc_per_node", "4,8"),
    ],
)
def test_cards_of_several_nodes(heads: str, cells: str) -> None:
    assert run_of(f"model,method,gpu,micro_batch,seq_len,{heads}", f"Qwen3-8B,full,H100,1,2048,{cells}").gpus == 32


def test_attention_and_packing_have_columns() -> None:
    heads = "model,method,gpu,micro_batch,seq_len,packing,attn_implementation"
    run = run_of(heads, "Qwen3-8B,lora,H100,1,2048,true,flash_attention_2")
    assert (run.packing, run.flash_attention) == (True, True)
    run = run_of(heads, "Qwen3-8B,lora,H100,1,2048,false,eager")
    assert (run.packing, run.flash_attention) == (None, False)


def test_sharding_beside_the_method() -> None:
    assert run_of("model,method,micro_batch,seq_len,num_gpus", "Qwen3-8B,FSDP full,1,2048,8").sharding == "fsdp"


@pytest.mark.parametrize(
    ("heads", "row"),
    [
        ("model,method", "Llama-3.1-8B,FP8 LoRA"),
        ("model,method", "Llama-3.1-8B,LoRA (fp8)"),
        ("model,method", "RedHatAI/Meta-Llama-3.1-8B-Instruct-FP8,lora"),
        ("model,method,notes", "Llama-3.1-8B,lora,base weights in FP8"),
    ],
)
def test_a_base_in_fp8_under_adapters_has_eight_bits_and_is_not_taken_apart_as_int8(heads: str, row: str) -> None:
    """Nor is it said to compute in FP8, which is faster: how weights are stored does not tell that."""
    lines = (f"{heads},micro_batch,seq_len,gpu", f"{row},1,2048,H100")
    run = run_of(*lines)
    assert (run.method, run.weight_bits, run.fp8) == ("qlora", 8, False)
    plain = run_of(*(re.sub("FP8", "", line, flags=re.IGNORECASE) for line in lines))
    int8 = replace(run, fp8_base=False)
    assert plain.weight_bits == 16
    card = card_named(CARDS, "H100 SXM")
    assert card is not None
    slow = [matmul_slowdown(each, card, CATALOG.constants("training")) for each in (run, plain, int8)]
    assert slow[0] == slow[1] < slow[2]


@pytest.mark.parametrize("cells", ["lora,fp8", "LoRA (fp8 mixed precision),bf16"])
def test_computing_in_fp8_leaves_the_base_as_it_is(cells: str) -> None:
    run = run_of("model,micro_batch,seq_len,gpu,method,precision", f"Llama-3.1-8B,1,2048,H100,{cells}")
    assert (run.method, run.weight_bits) == ("lora", 16)
