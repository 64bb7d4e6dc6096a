"""A table of measured serving speed: what its words mean, how well it is predicted, and that no row breaks it."""

import csv
from pathlib import Path
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.catalog.loader import load_catalog
from advisor.engineering.from_catalog import cards
from advisor.engineering.prediction import Prediction
from advisor.engineering.validation.serving_model import known_models
from advisor.engineering.validation.serving_rows import deployed
from advisor.engineering.validation.serving_speed import predicted_tokens_per_s

CATALOG = load_catalog()
CARDS = cards(CATALOG)
MODELS = known_models(CATALOG)
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


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"engine": "TensorRT-LLM"}, "engine", "compiled"),
        ({"engine": "vLLM", "engine_version": "v0.6.3"}, "engine", "python_before_2025"),
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
    assert predict(notes="--data-parallel-size 4") == pytest.approx(4 * predict())


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
