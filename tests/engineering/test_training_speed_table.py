"""A table of measured training speed: what is read from its words, and that no row breaks it."""

import csv
from collections import defaultdict
from pathlib import Path
from statistics import mean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.catalog.loader import load_catalog
from advisor.engineering.from_catalog import cards
from advisor.engineering.prediction import Prediction
from advisor.engineering.validation.training_speed import predicted_tokens_per_s_per_gpu, speed_run

CATALOG = load_catalog()
CARDS = cards(CATALOG)
CONSTANTS = CATALOG.constants("training")
TABLE = Path(__file__).parents[2] / "data" / "validation" / "speed.csv"
ROWS = list(csv.DictReader(TABLE.open(encoding="utf-8")))
ROW = {
    "source": "a lab", "model": "Llama-3.1-8B", "params_b": "8.03", "method": "lora", "precision": "bf16",
    "micro_batch": "2", "seq_len": "2048", "num_gpus": "1", "gpu_canonical": "A100-80GB", "hidden_size": "4096",
    "num_layers": "32", "num_heads": "32", "num_kv_heads": "8", "intermediate_size": "14336", "vocab_size": "128256",
    "run_type": "finetune", "grad_checkpointing": "yes", "notes": "",
}  # fmt: skip


def read(**changes):
    pair = speed_run(ROW | changes, CARDS)
    assert not isinstance(pair, str), pair
    return pair[0]


def test_half_of_the_rows_of_every_source_are_predicted_within_a_quarter():
    predicted = predicted_tokens_per_s_per_gpu(ROWS, CARDS, CONSTANTS)
    errors = defaultdict(list)
    for row, value in zip(ROWS, predicted, strict=True):
        errors[row["source"]].append(abs(value.middle / float(row["tokens_per_s_per_gpu"]) - 1))
    medians = {source: median(found) for source, found in errors.items()}
    assert max(medians.values()) < 0.25, medians
    assert mean(medians.values()) < 0.10


def test_every_row_of_the_shipped_table_is_predicted():
    predicted = predicted_tokens_per_s_per_gpu(ROWS, CARDS, CONSTANTS)
    assert len(predicted) == len(ROWS)
    assert all(0 < value.low < value.middle for value in predicted)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"gpu_canonical": "Abacus-1"}, "gpu_unknown"),
        ({"gpu_canonical": ""}, "gpu_unknown"),
        ({"method": "prayer"}, "unknown_method"),
        ({"seq_len": ""}, "no_seq_len"),
        ({"seq_len": "-5"}, "no_seq_len"),
        ({"seq_len": "nan"}, "no_seq_len"),
        ({"params_b": "", "hidden_size": "", "model": ""}, "no_params"),
    ],
)
def test_what_a_row_does_not_say_has_a_reason(changes, reason):
    assert speed_run(ROW | changes, CARDS) == reason


@pytest.mark.parametrize(
    ("words", "software"),
    [
        ({"notes": "Unsloth, packing"}, "fused"),
        ({"notes": "torch.compile"}, "fused"),
        ({"notes": "packing, no liger"}, "plain"),
        ({"source": "Megatron-LM results"}, "megatron"),
        ({"source": "Unsloth README", "notes": "method HF"}, "plain"),
        ({"run_type": "pretrain_benchmark"}, "fused"),
        ({"source": "NVIDIA benchmarks"}, "megatron"),
        ({"notes": "on an NVIDIA A100"}, "plain"),
        ({}, "plain"),
    ],
)
def test_the_software_is_read_from_words(words, software):
    assert read(**words).software == software


@pytest.mark.parametrize(
    ("words", "sharding"),
    [
        ({}, "ddp"),
        ({"notes": "DeepSpeed ZeRO-3"}, "zero3"),
        ({"notes": "FULL_SHARD"}, "fsdp"),
        ({"method": "full"}, "fsdp"),
        ({"params_b": "70", "hidden_size": "", "num_layers": ""}, "fsdp"),
        ({"notes": "Megatron TP4"}, "none"),
        ({"num_gpus": "1", "notes": "FSDP"}, "none"),
    ],
)
def test_sharding_is_read_or_what_is_common(words, sharding):
    assert read(**({"num_gpus": "4"} | words)).sharding == sharding


def test_a_shape_nobody_states_is_that_of_a_usual_model():
    blank = dict.fromkeys(("hidden_size", "num_layers", "num_heads", "num_kv_heads", "intermediate_size"), "")
    model = read(**blank).model
    assert model.params == pytest.approx(8.03e9)
    assert 3072 <= model.hidden <= 5120
    stated, inferred = predicted_tokens_per_s_per_gpu([ROW, ROW | blank], CARDS, CONSTANTS)
    assert inferred.middle == pytest.approx(stated.middle, rel=0.2)


def test_experts_are_read_from_a_name():
    mixture = read(model="Mixtral-8x7B", params_b="46.7").model
    assert (mixture.experts, mixture.experts_per_token) == (8, 2)
    assert mixture.active_params == pytest.approx(12.9e9, rel=0.02)
    assert read(model="Qwen3-30B-A3B", params_b="30.5").model.active_params == pytest.approx(3e9)


def test_a_micro_batch_nobody_states_is_filled_from_the_global_one():
    assert read(micro_batch="", global_batch="1", seq_len="512").micro_batch == 1
    assert read(micro_batch="", global_batch="64", seq_len="512").micro_batch == 8
    assert read(micro_batch="2", global_batch="64", num_gpus="4").accumulation == 8


def test_a_truncation_limit_is_not_the_length_of_the_samples():
    assert read(seq_len_kind="max").seq_len == 1024
    assert read(seq_len_kind="max", notes="sample packing").seq_len == 2048
    assert read(seq_len_kind="fixed").seq_len == 2048


def test_a_quantised_base_is_qlora():
    assert read(precision="bf16, bnb nf4").method == "qlora"
    assert read(method="qlora", precision="8-bit").weight_bits == 8
    assert read(method="qlora", precision="fp16 GPTQ 4-bit").gptq


def test_an_empty_table_is_no_predictions():
    assert predicted_tokens_per_s_per_gpu([], CARDS, CONSTANTS) == []


garbage = st.one_of(
    st.none(), st.text(max_size=12), st.sampled_from(["", "nan", "-inf", "1e999", "0", "-3", "1e-9", "true", "8x7b"]),
    st.integers(-10, 10**9), st.floats(),
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(sorted(ROW)), garbage))
def test_no_row_raises(changes):
    (value,) = predicted_tokens_per_s_per_gpu([ROW | changes], CARDS, CONSTANTS)
    assert isinstance(value, str | Prediction)


@given(st.sets(st.sampled_from(sorted(ROW))))
def test_missing_columns_do_not_raise(missing):
    row = {name: value for name, value in ROW.items() if name not in missing}
    assert isinstance(predicted_tokens_per_s_per_gpu([row], CARDS, CONSTANTS)[0], str | Prediction)
