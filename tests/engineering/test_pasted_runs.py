"""Tables of runs as people have them: heads of their own, cards with their number, lists in JSON."""

from pathlib import Path

import pytest

from advisor.catalog.loader import load_catalog
from advisor.engineering.descriptions import TrainingRun
from advisor.engineering.from_catalog import cards, models, with_named_shape
from advisor.engineering.prediction import Prediction
from advisor.engineering.validation.heads import counted_cards
from advisor.engineering.validation.memory import card_gib
from advisor.engineering.validation.serving_rows import Deployed, deployed
from advisor.engineering.validation.tables import TABLES, TableRead, predict, read_table
from advisor.engineering.validation.training_rows import training_run

CATALOG = load_catalog()
CARDS, MODELS = cards(CATALOG), models(CATALOG)
SHIPPED = Path(__file__).parents[2] / "data" / "validation"


def table(kind: str, *lines: str) -> TableRead:
    return read_table("\n".join(lines).encode(), TABLES[kind])


def cells_of(read: TableRead) -> dict[str, str]:
    assert read.rows[0].cells is not None
    return dict(with_named_shape(read.rows[0].cells, MODELS))


def run_of(*lines: str, kind: str = "memory") -> TrainingRun:
    run = training_run(cells_of(table(kind, *lines)))
    assert isinstance(run, TrainingRun), run
    return run


def served(*lines: str) -> Deployed:
    found = deployed(cells_of(table("serving", *lines)), CARDS, MODELS)
    assert isinstance(found, Deployed), found
    return found


def told(read: TableRead, code: str) -> str:
    return "".join(str(issue.params["columns"]) for issue in read.told if issue.code == code)


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


def test_cards_counted_beside_their_name_are_those_of_the_run() -> None:
    assert served("model,gpu,concurrency", "Llama-3.3-70B,8xH100,64").setup.tensor_parallel == 8
    assert served("model,gpu,tp,concurrency", "Llama-3.3-70B,A100-SXM4-80GB x 4,2,64").setup.tensor_parallel == 2
    assert run_of("model,method,micro_batch,seq_len,gpu", "Llama-3.1-8B,full,1,2048,2 x RTX 4090").gpus == 2
    assert (
        run_of("model,method,micro_batch,seq_len,gpu_memory_gb", "Qwen3-8B,full,1,2048,8x80GB", kind="fits").gpus == 8
    )
    stated = cells_of(table("speed", "model,gpu,num_gpus,seq_len", "Llama-3.1-8B,8xH100,16,2048"))
    assert (stated["gpu"], stated["num_gpus"]) == ("H100", "16")


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


def test_columns_of_a_serving_table_under_other_heads() -> None:
    heads = (
        "Model,GPU,\u5361\u6570,\u7cbe\u5ea6,\u8f93\u5165\u957f\u5ea6,\u8f93\u51fa\u957f\u5ea6,"
        "\u5e76\u53d1\u6570,\u63a8\u7406\u6846\u67b6,KV cache dtype"
    )
    setup = served(heads, "Qwen3-32B,H20,2,FP8,1024,512,32,vLLM,fp8_e4m3").setup
    said = (setup.tensor_parallel, setup.weight_bits, setup.kv_bits, setup.input_tokens, setup.output_tokens)
    assert (*said, setup.concurrency, setup.load) == (2, 8, 8, 1024, 512, 32, "closed")


def test_a_list_in_json_is_a_table() -> None:
    entry = (
        '{"backend": "vllm", "model_id": "meta-llama/Llama-3.3-70B-Instruct", "gpu": "8xH100 80GB HBM3", "tp": 8,'
        ' "request_rate": "inf", "max_concurrency": 64, "input_len": 1000, "output_len": 500, "itls": [[0.1, 0.2]]}'
    )
    for content in (entry, f"[{entry}]"):
        setup = served(content).setup
        assert (setup.tensor_parallel, setup.concurrency, setup.input_tokens, setup.output_tokens) == (8, 64, 1000, 500)


def test_what_was_read_under_another_name_or_not_at_all_is_told() -> None:
    read = table("memory", "Model,Method,Batch size,Seq len,GPUs,VRAM (GB),colour", "Qwen3-8B,lora,1,2048,2,,red")
    assert told(read, "heads_read_as") == "Batch size = micro_batch, GPUs = num_gpus"
    assert told(read, "columns_not_read") == "VRAM (GB), colour"


@pytest.mark.parametrize("kind", TABLES)
def test_shipped_heads_are_all_known(kind: str) -> None:
    path = SHIPPED / f"{kind}.csv"
    assert read_table(path.read_bytes(), TABLES[kind]).told == ()


def served_as(**cells: str) -> Deployed:
    row = {"model": "Llama-3.1-8B", "gpu": "H100", "engine": "vLLM 0.9", "isl": "500", "osl": "200"} | cells
    return served(";".join(row), ";".join(row.values()))


@pytest.mark.parametrize(
    ("cell", "weights", "cache", "compute"),
    [
        ("FP16 weights, FP8 KV cache", 16, 8, "bf16"),
        ("FP8 + FP8 KV", 8, 8, "fp8"),
        ("W4A16 KV8", 4.25, 8, "bf16"),
        ("bf16 (KV fp8)", 16, 8, "bf16"),
        ("W8A8, KV cache in INT4", 8, 4, "int8"),
        ("gptq_marlin", 4.25, 16, "bf16"),
        ("awq_marlin", 4.25, 16, "bf16"),
        ("GPTQ-Int8", 8.25, 16, "bf16"),
        ("HQQ 3-bit", 3.25, 16, "bf16"),
        ("6bit", 6.25, 16, "bf16"),
        ("4", 4.25, 16, "bf16"),
        ("16-bit", 16, 16, "bf16"),
        ("IQ2_XXS", 2.06, 16, "bf16"),
        ("IQ3_M", 3.7, 16, "bf16"),
    ],
)
def test_a_precision_says_weights_and_cache_apart(cell: str, weights: float, cache: float, compute: str) -> None:
    setup = served_as(precision=cell, concurrency="8").setup
    assert (setup.weight_bits, setup.kv_bits, setup.compute) == (weights, cache, compute)


@pytest.mark.parametrize(
    ("model", "engine", "bits", "params"),
    [
        ("Qwen2.5-7B-Instruct-GPTQ-Int8", "vLLM", 8.25, 7.62),
        ("unsloth/Llama-3.1-8B-Instruct-bnb-4bit", "vLLM", 4.25, 8.03),
        ("mlx-community/Llama-3.1-8B-Instruct-8bit", "vLLM", 8.25, 8.03),
        ("Llama-3.1-8B-Instruct-exl2-4.65bpw", "exllamav2", 4.65, 8.03),
        ("RedHatAI/Meta-Llama-3.1-8B-Instruct-quantized.w8a8", "vLLM", 8, 8.03),
        ("Qwen3-30B-A3B-UD-Q4_K_XL.gguf", "llama.cpp", 4.9, 30.5),
        ("Qwen3-8B-IQ3_XXS.gguf", "llama.cpp", 3.06, 8.19),
        ("gemma-3-27b-it-qat-q4_0", "llama.cpp", 4.6, 27),
        ("deepseek-r1:32b", "ollama", 4.9, 32),
        ("gpt-oss:20b", "ollama", 4.25, 20.9),
        ("DeepSeek-R1-0528", "vLLM", 8, 671),
    ],
)
def test_a_precision_in_the_name_of_a_model(model: str, engine: str, bits: float, params: float) -> None:
    setup = served_as(model=model, engine=engine, gpu="8xH200", concurrency="1").setup
    assert setup.weight_bits == bits
    assert setup.model.params / 1e9 == pytest.approx(params, rel=0.03)


def test_a_tag_that_states_the_size_is_that_of_the_model_before_it() -> None:
    whole = served_as(model="deepseek-r1:671b", engine="ollama", gpu="8xH200", concurrency="1").setup.model
    assert (round(whole.params / 1e9), round(whole.active_params / 1e9)) == (671, 37)
    part = served_as(model="deepseek-r1:8b", engine="ollama", concurrency="1").setup.model
    assert part.params == part.active_params == 8e9


@pytest.mark.parametrize(
    ("cells", "load", "users", "rate"),
    [
        ({"load": "max_concurrency=64"}, "closed", 64, None),
        ({"load": "64 concurrent users"}, "closed", 64, None),
        ({"load": "bs=32"}, "closed", 32, None),
        ({"load": "batch 1"}, "single", 1, None),
        ({"load": "QPS 4"}, "open", None, 4),
        ({"concurrency": "QPS 4"}, "open", None, 4),
        ({"load": "2.5 req/s"}, "open", None, 2.5),
        ({"request_rate": "4.0", "num_prompts": "500"}, "open", None, 4),
        ({"request_rate": "4.0", "max_concurrency": "32"}, "closed", 32, None),
        ({"request_rate": "inf"}, "saturated", None, None),
        ({"load": "inf"}, "saturated", None, None),
        ({"test": "tg128"}, "decode", 1, None),
    ],
)
def test_a_load_however_it_is_told(cells: dict[str, str], load: str, users: float | None, rate: float | None) -> None:
    setup = served_as(**cells).setup
    assert (setup.load, setup.concurrency, setup.requests_per_s) == (load, users, rate)
    assert "users" not in setup.unknown


@pytest.mark.parametrize(
    ("cells", "lengths"),
    [
        ({"ISL/OSL": "1000/500"}, (1000, 500)),
        ({"ISL/OSL": "2k/512"}, (2048, 512)),
        ({"input/output": "input 128 output 2,048"}, (128, 2048)),
        ({"notes": "input 128 output 2048"}, (128, 2048)),
    ],
)
def test_both_lengths_in_one_cell(cells: dict[str, str], lengths: tuple[float, float]) -> None:
    setup = served_as(isl="", osl="", concurrency="8", **cells).setup
    assert (setup.input_tokens, setup.output_tokens) == lengths


def test_parallel_layouts_in_columns_and_in_words() -> None:
    def layout(**cells: str) -> tuple[int, float, bool, bool]:
        found = served_as(model="DeepSeek-V3", gpu="8xH200", engine="SGLang", concurrency="64", **cells)
        return (
            found.setup.tensor_parallel,
            found.replicas,
            found.setup.expert_parallel,
            found.setup.attention_data_parallel,
        )

    assert layout(config="TP8 EP8") == (8, 1, True, False)
    assert layout(tp="TP8", ep="1") == (8, 1, False, False)
    assert layout(tp="8", dp="8") == (8, 1, False, True)
    assert layout(tp="8", enable_dp_attention="true", enable_expert_parallel="true") == (8, 1, True, True)
    assert layout(tp="4", dp="2") == (4, 2, False, False)


def test_weights_of_llama_cpp_are_served_by_it_unless_another_engine_is_named() -> None:
    assert served_as(model="llama 7B Q4_0", engine="CUDA", test="tg128").setup.engine == "llama_cpp"
    assert served_as(precision="Q4_K_M", engine="vLLM", concurrency="8").setup.engine == "python"


def test_the_most_sequences_have_a_column() -> None:
    assert served_as(engine="TensorRT-LLM", max_batch_size="512", load="max throughput").setup.max_sequences == 512


def test_a_card_whose_memory_is_told_without_a_b() -> None:
    assert served_as(gpu="A100-80G", concurrency="8").setup.card.name == "a100-sxm-80gb"
    assert card_gib({"gpu": "RTX 4060 Ti 16G"}, CARDS) == pytest.approx(16, rel=0.1)


def test_a_limit_on_the_first_token_is_told_as_left_out() -> None:
    heads, row = "model,gpu,engine,isl,osl,SLA,scenario", "Llama-3.1-8B,H100,vLLM,500,200,TTFT < 2 s,max throughput"
    found = predict(TABLES["serving"], table("serving", heads, row).rows, CATALOG)[0]
    assert isinstance(found, Prediction)
    assert "first_token" in found.assumed


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


def test_a_total_of_prompts_and_answers_alone_asks_for_that_total() -> None:
    heads = "model,gpu,engine,concurrency,isl,osl"
    row = "Llama-3.1-8B,H100,vLLM,64,1000,200"
    tables = (
        (f"{heads},Output throughput (tok/s)", f"{row},1500"),
        (f"{heads},Total token throughput (tok/s)", f"{row},9000"),
    )
    answers, total = (predict(TABLES["serving"], table("serving", *lines).rows, CATALOG)[0] for lines in tables)
    assert isinstance(answers, Prediction)
    assert isinstance(total, Prediction)
    assert total.middle == pytest.approx(answers.middle * 1200 / 200)


def test_notes_of_a_cache_and_of_no_draft() -> None:
    setup = served_as(concurrency="8", notes="KV cache fp8, no speculative decoding").setup
    assert (setup.kv_bits, setup.speculative) == (8, False)
