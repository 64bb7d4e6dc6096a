"""Tables of serving runs as people have them: loads, lengths, precisions and layouts in words, lists in JSON."""

import math

import pytest

from advisor.engineering.prediction import Prediction
from advisor.engineering.validation.memory import card_gib
from advisor.engineering.validation.predictions import predict
from advisor.engineering.validation.serving_rows import deployed
from advisor.engineering.validation.tables import TABLES
from tests.engineering.pasted import CARDS, CATALOG, MODELS, cells_of, run_of, served, served_as, table, told


def test_cards_counted_beside_their_name_are_those_of_the_run() -> None:
    assert served("model,gpu,concurrency", "Llama-3.3-70B,8xH100,64").setup.tensor_parallel == 8
    assert served("model,gpu,tp,concurrency", "Llama-3.3-70B,A100-SXM4-80GB x 4,2,64").setup.tensor_parallel == 2
    assert run_of("model,method,micro_batch,seq_len,gpu", "Llama-3.1-8B,full,1,2048,2 x RTX 4090").gpus == 2
    assert (
        run_of("model,method,micro_batch,seq_len,gpu_memory_gb", "Qwen3-8B,full,1,2048,8x80GB", kind="fits").gpus == 8
    )
    stated = cells_of(table("speed", "model,gpu,num_gpus,seq_len", "Llama-3.1-8B,8xH100,16,2048"))
    assert (stated["gpu"], stated["num_gpus"]) == ("H100", "16")


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
        ("DeepSeek-R1-671B", "vLLM", 8, 671),
        ("Kimi K2 Instruct", "vLLM", 8, 1026),
        ("moonshotai/Kimi-K2-Thinking", "vLLM", 4.25, 1026),
        ("MiniMax M2.1", "SGLang", 8, 228.7),
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
        ({"ISL/OSL": "8k1k"}, (8192, 1024)),
        ({"ISL/OSL": "1,5k/512"}, (1536, 512)),
        ({"ISL/OSL": "1024,128"}, (1024, 128)),
        ({"isl": "8k", "osl": "1K"}, (8192, 1024)),
        ({"input/output": "input 128 output 2,048"}, (128, 2048)),
        ({"notes": "input 128 output 2048"}, (128, 2048)),
    ],
)
def test_both_lengths_in_one_cell(cells: dict[str, str], lengths: tuple[float, float]) -> None:
    setup = served_as(**({"isl": "", "osl": "", "concurrency": "8"} | cells)).setup
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


def test_a_limit_on_the_first_token_is_told_as_kept_on_average() -> None:
    heads, row = "model,gpu,engine,isl,osl,SLA,scenario", "Llama-3.1-8B,H100,vLLM,500,200,TTFT < 2 s,max throughput"
    found = predict(TABLES["serving"], table("serving", heads, row).rows, CATALOG)[0]
    assert isinstance(found, Prediction)
    assert "first_token" in found.assumed


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
    assert served_as(concurrency="8", notes="--kv-cache-dtype fp8").setup.kv_bits == 8


def test_heads_that_differ_in_their_brackets_alone_do_not_stand_twice() -> None:
    read = table("serving", "model,gpu,concurrency,Tokens/s (mean),Tokens/s (p99)", "Qwen3-8B,H100,8,900,700")
    assert cells_of(read)["output_tokens_per_s"] == "900"
    assert told(read, "columns_not_read") == "Tokens/s (p99)"


def test_a_number_of_two_readings_is_refused_under_every_head() -> None:
    read = table("serving", "model;gpu;concurrency;isl;osl", "Qwen3-8B;H100;8;1.024;128")
    assert deployed(cells_of(read), CARDS, MODELS) == "unreadable_lengths"
    assert [issue.code for issue in read.told if issue.field == "input_len"] == ["cells_of_two_readings"]


def test_a_rate_under_a_limit_and_a_burst_of_requests() -> None:
    setup = served_as(benchmark_mode="server 10 QPS, P99 TTFT < 2 s").setup
    assert (setup.load, setup.requests_per_s, setup.concurrency) == ("open", 10, None)
    setup = served_as(benchmark_mode="burst of 500 requests").setup
    assert (setup.load, setup.requests) == ("burst", 500)


@pytest.mark.parametrize(("cell", "seconds"), [("0,05 s", 0.05), ("50 ms", 0.05), ("0.05", 0.05), ("1,500 ms", 1.5)])
def test_a_limit_with_its_decimals_behind_a_comma(cell: str, seconds: float) -> None:
    assert served_as(concurrency="16", tpot_limit=cell).setup.tpot_limit_s == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("p99 50ms", 0.05), ("P95: 50 ms", 0.05), ("p99 0.05s", 0.05), ("99th percentile 50 ms", 0.05),
        ("p99 TPOT 50 ms", 0.05), ("50 ms (p99)", 0.05), ("95% < 50 ms", 0.05), ("5e-2 s", 0.05),
        ("20 tok/s", 0.05), ("20 tokens per second", 0.05), ("20 tokens/s/user", 0.05), ("50 ms/token", 0.05),
    ],
)  # fmt: skip
def test_a_limit_is_neither_its_percentile_nor_a_speed(cell: str, seconds: float) -> None:
    assert served_as(load="server", tpot_limit=cell).setup.tpot_limit_s == pytest.approx(seconds)


def test_the_percentile_of_the_first_token_is_no_time() -> None:
    found = [served_as(load="server", ttft_limit=cell).setup.ttft_limit_s for cell in ("p99 2 s", "P90 450ms", "2")]
    assert found == pytest.approx([2.0, 0.45, 2.0])


@pytest.mark.parametrize(
    ("sla", "first", "each"),
    [
        ("2s TTFT, 50ms TPOT", 2.0, 0.05),
        ("50ms TPOT, 2s TTFT", 2.0, 0.05),
        ("under 2s TTFT and 50ms TPOT", 2.0, 0.05),
        ("TTFT 2s, TPOT 50ms", 2.0, 0.05),
        ("TTFT < 2 s TPOT < 50 ms", 2.0, 0.05),
        ("TTFT (p99, 2s), ITL (p99, 50ms)", 2.0, 0.05),
        ("p99 50ms TPOT", math.inf, 0.05),
    ],
)
def test_a_limit_may_stand_before_what_it_is_of(sla: str, first: float, each: float) -> None:
    setup = served_as(load="server", SLA=sla).setup
    assert (setup.ttft_limit_s, setup.tpot_limit_s) == pytest.approx((first, each))


@pytest.mark.parametrize(
    "head", ["TPOT p99 limit (ms)", "p99 TPOT SLO (ms)", "TPOT target (ms)", "TBT SLO (ms)", "ITL SLA (ms)"]
)
def test_heads_of_limits(head: str) -> None:
    assert served_as(**{"load": "server", head: "50"}).setup.tpot_limit_s == pytest.approx(0.05)
