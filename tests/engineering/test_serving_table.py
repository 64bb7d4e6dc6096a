"""A table of measured serving speed: what its words mean, how well it is predicted, and that no row breaks it."""

import csv
from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.catalog.loader import load_catalog
from advisor.engineering.from_catalog import cards, models
from advisor.engineering.prediction import Prediction
from advisor.engineering.serving import LIMITS, estimate_serving
from advisor.engineering.validation.serving_rows import deployed
from advisor.engineering.validation.serving_speed import predicted_tokens_per_s, within_its_time_per_token

CATALOG = load_catalog()
CARDS = cards(CATALOG)
MODELS = models(CATALOG)
CONSTANTS = CATALOG.constants("serving")
TABLE = Path(__file__).parents[2] / "data" / "validation" / "serving.csv"
ROWS = list(csv.DictReader(TABLE.open(encoding="utf-8")))
ROW = {
    "engine": "vLLM", "engine_version": "0.9.1", "model": "Llama-3.1-8B", "params_b": "8.03", "active_params_b": "8.03",
    "weight_precision": "BF16", "gpu": "H100-SXM-80GB", "num_gpus": "1", "tensor_parallel": "1", "input_len": "500",
    "output_len": "200", "concurrency_or_batch": "max", "output_tokens_per_s": "5000", "total_tokens_per_s": "",
    "hidden_size": "4096", "num_layers": "32", "num_heads": "32", "num_kv_heads": "8", "head_dim": "128",
    "intermediate_size": "14336", "vocab_size": "128256", "benchmark_mode": "offline_max_throughput", "notes": "",
    "lengths_are": "fixed", "source_date": "2026",
}  # fmt: skip


def read(**changes):
    found = deployed(ROW | changes, CARDS, MODELS)
    assert not isinstance(found, str), found
    return found.setup


def predict(**changes):
    found = estimate(**changes)
    return found if isinstance(found, str) else found.middle


def estimate(**changes):
    return predicted_tokens_per_s([ROW | changes], CARDS, CONSTANTS, MODELS)[0]


def wide(**changes):
    """High over low end of the interval."""
    found = estimate(**changes)
    assert isinstance(found, Prediction), found
    return found.high / found.low


def test_the_shipped_table_is_predicted_as_well_as_the_product_says():
    found = predicted_tokens_per_s(ROWS, CARDS, CONSTANTS)
    predicted = [value if isinstance(value, str) else value.middle for value in found]
    assert sum(isinstance(value, str) for value in predicted) <= 3
    errors = {"alone": [], "loaded": []}
    for row, value in zip(ROWS, predicted, strict=True):
        if isinstance(value, float):
            measured = float(row["output_tokens_per_s"] or row["total_tokens_per_s"])
            alone = row["benchmark_mode"] in ("single_stream", "decode_only")
            errors["alone" if alone else "loaded"].append(abs(value / measured - 1))
    assert median(errors["alone"]) < 0.10
    assert median(errors["loaded"]) < 0.11


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"gpu": "Abacus-1"}, "gpu_unknown"),
        ({"gpu": ""}, "gpu_unknown"),
        ({"benchmark_mode": "", "concurrency_or_batch": ""}, "load_unknown"),
        ({"params_b": "", "model": "a model"}, "model_size_missing"),
        ({"params_b": "-3", "model": ""}, "model_size_missing"),
        ({"params_b": "700", "active_params_b": "700"}, "does_not_fit"),
    ],
)
def test_what_cannot_be_predicted_says_why(changes, reason):
    assert predict(**changes) == reason


def test_a_blank_result_asks_for_answer_tokens_and_a_total_alone_for_all():
    answer = predict()
    assert predict(output_tokens_per_s="") == answer
    assert predict(output_tokens_per_s="", total_tokens_per_s="9000") == pytest.approx(answer * 700 / 200)


def test_the_size_may_stand_in_the_name_and_the_shape_nowhere():
    shape = ("hidden_size", "num_layers", "num_heads", "num_kv_heads", "head_dim", "intermediate_size", "vocab_size")
    bare = predict(**dict.fromkeys(shape, ""), params_b="", active_params_b="")
    assert bare == pytest.approx(predict(), rel=0.25)


def test_kernels_launched_one_by_one_hold_a_small_model_back():
    alone = {"benchmark_mode": "single_stream", "weight_precision": "INT4-AWQ", "gpu": "RTX-4090", "engine_version": ""}
    recorded, launched = (predict(**alone, engine=name) for name in ("MLC-LLM", "AutoAWQ"))
    assert 1.1 < recorded / launched < 2
    assert read(**alone, engine="AutoAWQ").unknown == ()


def test_each_release_of_an_engine_waits_less_for_its_scheduler():
    alone = {"benchmark_mode": "single_stream", "engine": "vLLM"}
    rates = [predict(**alone, engine_version=version) for version in ("0.5.4", "0.6.3", "0.8.0")]
    assert rates == sorted(rates)


def test_old_engines_add_slowly_over_pcie_and_not_over_nvlink():
    alone = {"benchmark_mode": "single_stream", "engine": "vLLM", "num_gpus": "2", "tensor_parallel": "2"}

    def gain(gpu: str) -> float:
        return predict(**alone, gpu=gpu, engine_version="0.7.3") / predict(**alone, gpu=gpu, engine_version="0.5.4")

    assert gain("RTX-4090") > gain("A100-SXM-80GB")


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"engine": "TensorRT-LLM"}, "engine", "compiled"),
        ({"engine": "vLLM", "engine_version": "v0.5.4"}, "engine", "python_before_2025"),
        ({"engine": "vLLM", "engine_version": "v0.6.3"}, "engine", "python_2024"),
        ({"engine": "vLLM 0.7.3", "engine_version": ""}, "engine", "python_2024"),
        ({"engine": "TGI", "engine_version": "2.4"}, "engine", "python_before_2025"),
        ({"engine": "AutoAWQ"}, "engine", "launched"),
        ({"engine": "llm-awq (TinyChat)"}, "engine", "launched"),
        ({"engine": "vLLM", "engine_version": "", "source_date": "2023-11"}, "engine", "python_before_2025"),
        ({"engine": "SGLang", "engine_version": "v0.5.1"}, "engine", "python"),
        ({"engine": "llama.cpp"}, "engine", "llama_cpp"),
        ({"engine": "llama.cpp", "num_gpus": "4", "tensor_parallel": "1"}, "layer_split", 4),
        ({"num_gpus": "8", "tensor_parallel": ""}, "tensor_parallel", 8),
        ({"num_gpus": "8", "tensor_parallel": "2", "notes": "-pp 2"}, "tensor_parallel", 4),
        ({"tensor_parallel": "2", "notes": "-pp 2", "benchmark_mode": "single_stream"}, "layer_split", 2),
        ({"weight_precision": "AWQ"}, "weight_bits", 4.25),
        ({"weight_precision": "Q8_0"}, "weight_bits", 8.6),
        ({"weight_precision": "FP8"}, "compute", "fp8"),
        ({"weight_precision": "FP8", "gpu": "A100-80GB"}, "compute", "bf16"),
        ({"weight_precision": "INT8-W8A8", "gpu": "A100-80GB"}, "compute", "int8"),
        ({"weight_precision": "INT4-AWQ"}, "weight_bits", 4.25),
        ({"weight_precision": "INT4-W4A16"}, "weight_bits", 4.25),
        ({"weight_precision": "EXL2-3.0bpw"}, "weight_bits", 3.0),
        ({"weight_precision": "Q4_K_M"}, "weight_bits", 4.9),
        ({"weight_precision": "FP16"}, "weight_bits", 16),
        ({"weight_precision": ""}, "weight_bits", 16),
        ({"kv_precision": "FP8"}, "kv_bits", 8),
        ({"notes": "vllm serve some/model"}, "http", True),
        ({"benchmark_mode": "single_stream", "notes": "output rate = 1000 / median TPOT"}, "load", "decode"),
        ({"benchmark_mode": "burst_all_at_once", "concurrency_or_batch": "all 300 requests at once"}, "requests", 300),
        ({"benchmark_mode": "closed_loop_concurrency", "concurrency_or_batch": "16"}, "concurrency", 16),
        ({"benchmark_mode": "online_open_loop_qps", "concurrency_or_batch": "qps=4"}, "requests_per_s", 4),
        ({"benchmark_mode": "", "concurrency_or_batch": "1"}, "load", "single"),
        ({"lengths_are": "mean of dataset (ShareGPT)"}, "longest_over_mean", None),
        ({"lengths_are": "mean of dataset (ShareGPT, max 512 out)"}, "longest_over_mean", 2.56),
    ],
)
def test_words_are_read_as_an_engineer_reads_them(changes, field, value):
    assert getattr(read(**changes), field) == value


def test_data_parallel_copies_multiply():
    assert predict(notes="--data-parallel-size 4") == pytest.approx(4 * predict(), rel=0.01)


def test_copies_share_the_users_among_them():
    """Eight copies answer one request at a time no faster than one does; 64 users are eight for each copy."""
    alone = {"benchmark_mode": "single_stream", "concurrency_or_batch": "1"}
    assert predict(**alone, dp="8", num_gpus="8") == pytest.approx(predict(**alone))
    users = {"benchmark_mode": "closed_loop_concurrency"}
    of_eight = predict(**users, concurrency_or_batch="64", dp="8", num_gpus="8")
    assert of_eight == pytest.approx(8 * predict(**users, concurrency_or_batch="8"))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, ()),
        ({"input_len": "", "output_len": "", "lengths_are": ""}, ("lengths",)),
        ({"input_len": "", "output_len": "", "lengths_are": "ShareGPT"}, ("lengths_of_dataset",)),
        ({"engine": ""}, ("engine",)),
        ({"weight_precision": ""}, ("precision",)),
        ({"num_gpus": "4", "tensor_parallel": ""}, ("layout",)),
        ({"benchmark_mode": "interactive", "concurrency_or_batch": ""}, ("limit",)),
        ({"benchmark_mode": "closed loop", "concurrency_or_batch": ""}, ("users",)),
    ],
)
def test_what_nothing_says_is_told_and_widens_the_interval(changes, told):
    found = estimate(**changes)
    assert isinstance(found, Prediction)
    assert found.assumed == told
    if told:
        assert wide(**changes) > wide()


def test_lengths_hardly_matter_to_one_user_and_much_to_many():
    blank = {"input_len": "", "output_len": "", "lengths_are": ""}
    alone = {"benchmark_mode": "single_stream", "concurrency_or_batch": "1"}
    assert wide(**alone, **blank) < 1.1 * wide(**alone)
    assert wide(**blank) > 2 * wide()


@pytest.mark.parametrize(
    ("said", "prompt", "answer"),
    [
        ({"lengths_are": "ShareGPT V3"}, 220, 200),
        ({"notes": "vLLM benchmark, sonnet"}, 550, 150),
        ({"lengths_are": "LongBench"}, 9000, 200),
        ({"dataset": "cnn_dailymail", "lengths_are": ""}, 780, 73),
        ({"source": "MLPerf Inference v5.1", "model": "Llama-2-70B", "benchmark_mode": "offline"}, 294, 294),
        ({"lengths_are": "1024/1024 in/out"}, 1024, 1024),
        ({"notes": "ISL 2048, OSL 128"}, 2048, 128),
        ({"notes": "1k/8k tokens"}, 1024, 8192),
    ],
)
def test_lengths_come_from_the_name_of_a_dataset_or_from_words(said, prompt, answer):
    setup = read(**({"input_len": "", "output_len": "", "lengths_are": ""} | said))
    assert (setup.input_tokens, setup.output_tokens) == (prompt, answer)


@pytest.mark.parametrize(
    ("changes", "seconds"),
    [
        ({"notes": "TTFT p99 <= 450 ms, TPOT p99 <= 40 ms"}, 0.04),
        ({"notes": "limit TTFT/TPOT 450ms/40ms"}, 0.04),
        ({"notes": "at least 20 tokens/s per user, target"}, 0.05),
        ({"tpot_limit_ms": "50"}, 0.05),
        ({"TPOT limit (s)": "0.05"}, 0.05),
        ({"sla": "TPOT 80 ms"}, 0.08),
        ({"source": "MLPerf Inference v5.0", "model": "Llama-2-70B"}, 0.2),
        ({"source": "MLPerf Inference v5.0", "model": "Llama-2-70B", "benchmark_mode": "interactive"}, 0.04),
        ({"source": "MLPerf Inference v6.0", "model": "gpt-oss-120b"}, 0.08),
    ],
)
def test_limits_are_read_from_columns_notes_and_rules(changes, seconds):
    setup = read(**({"benchmark_mode": "server", "concurrency_or_batch": ""} | changes))
    assert setup.load == "limited"
    assert setup.tpot_limit_s == pytest.approx(seconds)


def test_a_measured_time_is_no_limit():
    assert read(notes="median TPOT 35 ms").tpot_limit_s is None


def test_a_limit_binds():
    free = predict(benchmark_mode="offline")
    loose, tight = (predict(benchmark_mode="server", tpot_limit_ms=ms) for ms in ("1000", "15"))
    assert tight < 0.8 * loose < free
    assert predict(benchmark_mode="server", tpot_limit_ms="1") > 0  # a published run answered somebody


@pytest.mark.parametrize(
    ("changes", "mode"),
    [
        ({"benchmark_mode": "MLPerf offline"}, "saturated"),
        ({"benchmark_mode": "max throughput"}, "saturated"),
        ({"benchmark_mode": "batch=1"}, "single"),
        ({"benchmark_mode": "tg128"}, "decode"),
        ({"benchmark_mode": "concurrency sweep", "concurrency_or_batch": "32"}, "closed"),
        ({"benchmark_mode": "Poisson arrivals", "concurrency_or_batch": "qps=4"}, "open"),
        ({"benchmark_mode": "server", "concurrency_or_batch": "32"}, "closed"),
        ({"scenario": "Offline", "benchmark_mode": ""}, "saturated"),
        ({"benchmark_mode": "", "concurrency_or_batch": "", "users": "16"}, "closed"),
    ],
)
def test_other_words_for_a_kind_of_load(changes, mode):
    assert read(**changes).load == mode


@pytest.mark.parametrize(
    ("changes", "tensor", "split", "copies"),
    [
        ({"tp": "2", "dp": "4", "tensor_parallel": "", "num_gpus": "8"}, 2, 1, 4),
        ({"notes": "TP4 x DP2", "tensor_parallel": "", "num_gpus": "8"}, 4, 1, 2),
        ({"notes": "8 replicas", "tensor_parallel": "", "num_gpus": "8"}, 1, 1, 8),
        ({"pp": "2", "num_gpus": "2"}, 2, 1, 1),
        ({"pp": "2", "num_gpus": "2", "benchmark_mode": "single_stream", "concurrency_or_batch": "1"}, 1, 2, 1),
        ({"source": "MLPerf v5.0", "model": "Llama-2-70B", "params_b": "69", "active_params_b": "69",
          "weight_precision": "FP8", "benchmark_mode": "offline", "tensor_parallel": "", "num_gpus": "8"}, 2, 1, 4),
        ({"notes": "prompt eval pp512=2402 tok/s"}, 1, 1, 1),
    ],
)  # fmt: skip
def test_layouts(changes, tensor, split, copies):
    found = deployed(ROW | changes, CARDS, MODELS)
    assert (found.setup.tensor_parallel, found.setup.layer_split, found.replicas) == (tensor, split, copies)


DEEPSEEK = {
    **dict.fromkeys(("params_b", "active_params_b", "hidden_size", "num_layers", "num_heads", "num_kv_heads"), ""),
    **dict.fromkeys(("head_dim", "intermediate_size", "vocab_size", "weight_precision"), ""),
    "model": "deepseek-ai/DeepSeek-R1", "gpu": "H200-SXM-141GB", "num_gpus": "8", "tensor_parallel": "8",
}  # fmt: skip


def test_only_the_version_that_has_windows_in_all_layers_is_read_with_them():
    long = {"params_b": "7.2", "input_len": "20000", "output_len": "2000"}
    assert read(model="Mistral-7B", **long).model.window is None
    assert read(model="Mistral-7B-Instruct-v0.1", **long).model.window == 4096


def test_a_familiar_model_needs_its_name_only():
    setup = read(**DEEPSEEK)
    assert setup.model.params == pytest.approx(671e9, rel=1e-3)
    assert setup.model.active_params == pytest.approx(37e9, rel=0.03)
    assert (setup.model.kv_lora_rank, setup.model.rope_head_dim, setup.compute) == (512, 64, "fp8")


def test_each_card_with_a_cache_of_its_own_holds_more_sequences():
    """A latent cache cannot be shared between tensor-parallel cards: each holds all of it."""
    users = {"benchmark_mode": "offline", "input_len": "8000", "output_len": "8000"}
    assert predict(**DEEPSEEK, **users, notes="--enable-dp-attention") > 1.5 * predict(**DEEPSEEK, **users)


@pytest.mark.parametrize(
    ("model", "gpu", "precision", "compute"),
    [
        ("openai/gpt-oss-120b", "H100-SXM-80GB", "", "bf16"),
        ("openai/gpt-oss-120b", "B200-SXM-180GB", "", "fp8"),
        ("Llama-3.3-70B-NVFP4", "B200-SXM-180GB", "", "fp4"),
        ("Llama-3.3-70B", "H200-SXM-141GB", "NVFP4", "bf16"),
    ],
)
def test_fp4_is_multiplied_as_the_card_can(model, gpu, precision, compute):
    setup = read(model=model, gpu=gpu, weight_precision=precision, params_b="", active_params_b="")
    assert setup.compute == compute
    assert setup.weight_bits < 5


def test_one_client_far_away_reads_no_faster_on_a_faster_card():
    far = {"notes": "llmperf, network included", "benchmark_mode": "burst_all_at_once", "concurrency_or_batch": "64"}
    fast, slow = (predict(**far, gpu=gpu, output_len="150") for gpu in ("H200-SXM-141GB", "L4"))
    near_fast, near_slow = (
        predict(**far | {"notes": ""}, gpu=gpu, output_len="150") for gpu in ("H200-SXM-141GB", "L4")
    )
    assert fast / slow < 0.6 * near_fast / near_slow


def test_requests_of_one_prompt_find_it_in_the_cache():
    waves = {"benchmark_mode": "static_batch", "concurrency_or_batch": "32", "input_len": "4000"}
    assert predict(**waves, notes="the same prompt repeated") > 1.2 * predict(**waves)


def test_a_run_of_few_requests_is_slower_than_a_long_one():
    users = {"benchmark_mode": "closed_loop_concurrency", "lengths_are": "ShareGPT"}
    few = predict(**users, concurrency_or_batch="max concurrency 64, 64 prompts")
    assert few < 0.9 * predict(**users, concurrency_or_batch="64")
    assert read(**users, concurrency_or_batch="64", num_prompts="640").requests == 640


anything = st.one_of(
    st.none(), st.text(max_size=20), st.floats(), st.integers(-10, 10**12),
    st.sampled_from(["1e400", "-1", "0", "nan", "inf", "Q0_K", "qps=INF", "all 0 requests at once", "-pp 0", "999"]),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(ROW)), anything), st.sets(st.sampled_from(sorted(ROW))))
def test_no_row_breaks_the_table(changes, missing):
    row = {key: value for key, value in (ROW | changes).items() if key not in missing}
    (found,) = predicted_tokens_per_s([row], CARDS, CONSTANTS)
    assert isinstance(found, str) or found.low > 0


def test_an_empty_table_predicts_nothing():
    assert predicted_tokens_per_s([], CARDS, CONSTANTS) == []


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("length", ["5e-324", "1e-300", "0.5", "1e300", "10000001"])
@pytest.mark.parametrize("column", ["input_len", "output_len"])
@pytest.mark.parametrize(
    "benchmark_mode", ["offline_max_throughput", "closed_loop_concurrency", "online_open_loop_qps"]
)
def test_a_length_that_no_request_has_is_not_stated(column: str, length: str, benchmark_mode: str):
    """A part of a token, or more than any model reads."""
    more = {"benchmark_mode": benchmark_mode, "concurrency_or_batch": "8", "requests_per_s": "2"}
    assert predict(**more, **{column: length}) == predict(**more, **{column: ""})


@pytest.mark.parametrize("seconds", [0.012, 0.02, 0.03])
def test_under_a_limit_as_much_is_served_as_the_time_per_token_allows(seconds: float) -> None:
    run = deployed(ROW | {"benchmark_mode": "closed_loop_concurrency", "concurrency_or_batch": "32"}, CARDS, MODELS)
    assert not isinstance(run, str)
    limited = within_its_time_per_token(run, seconds).setup
    found = estimate_serving([limited, replace(limited, tpot_limit_s=1.2 * seconds)], CONSTANTS)
    assert found.tpot_s[0] <= seconds * (1 + 1e-9)
    assert found.batch[0] < found.batch[1]


def test_the_interval_widens_as_a_limit_comes_near_the_time_of_one_sequence() -> None:
    """There a small error of the step decides how many run at once; a limit that decides nothing widens nothing."""
    run = read(benchmark_mode="offline_max_throughput")
    (alone,) = estimate_serving([replace(run, concurrency=1.0)], CONSTANTS).tpot_s
    setups = [replace(run, tpot_limit_s=limit) for limit in (1.05 * alone, 1.5 * alone, 100 * alone, None)]
    near, far, loose, none = estimate_serving(setups, CONSTANTS).sigma
    assert near > far > loose == none


def test_between_cards_a_hundred_answers_are_nearer_to_one_than_to_as_many_as_fit() -> None:
    """Messages below 8 MiB are added by kernels of the engine's own, whose time is mostly that of a start."""
    four = {"model": "Llama-3.1-70B", "params_b": "70.6", "active_params_b": "70.6", "num_gpus": "4"}
    shape = {"hidden_size": "8192", "num_layers": "80", "num_heads": "64", "intermediate_size": "28672"}
    setups = [
        read(**four, **shape, tensor_parallel="4", benchmark_mode="static_batch", concurrency_or_batch=f"{users}")
        for users in (1, 100, 600)
    ]
    one, hundred, most = estimate_serving(setups, CONSTANTS).terms[LIMITS.index("link")]
    assert one < hundred < (one + most) / 2
