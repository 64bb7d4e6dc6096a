"""Tables of runs as people have them: heads of their own, cards with their number, lists in JSON."""

from pathlib import Path

import pytest

from advisor.catalog.loader import load_catalog
from advisor.engineering.descriptions import TrainingRun
from advisor.engineering.from_catalog import cards, models, with_named_shape
from advisor.engineering.validation.heads import counted_cards
from advisor.engineering.validation.serving_rows import Deployed, deployed
from advisor.engineering.validation.tables import TABLES, TableRead, read_table
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
