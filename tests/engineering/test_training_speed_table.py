"""A table of measured training speed: what is read from its words, and that no row breaks it."""

import csv
from collections import defaultdict
from pathlib import Path
from statistics import mean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.catalog.loader import load_catalog
from advisor.engineering.from_catalog import cards, models, with_named_shape
from advisor.engineering.prediction import Prediction
from advisor.engineering.training_slowdowns import as_computed
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


SLOW = ("tprimat", "axolotl", "KTransformers")
"""Sources that no constant is fitted to and that stay far off: mixtures whose expert kernels nobody states."""


def test_half_of_the_rows_of_most_sources_are_predicted_within_an_eighth():
    """Of the two sources that are farthest off, one is a card of 72 W, the other says only a limit of its lengths."""
    predicted = predicted_tokens_per_s_per_gpu(ROWS, CARDS, CONSTANTS)
    errors = defaultdict(list)
    for row, value in zip(ROWS, predicted, strict=True):
        errors[row["source"]].append(abs(value.middle / float(row["tokens_per_s_per_gpu"]) - 1))
    medians = sorted(median(found) for source, found in errors.items() if not source.startswith(SLOW))
    assert medians[-3] < 0.25, medians
    assert mean(medians[:-2]) < 0.125


def test_the_interval_holds_what_was_measured_without_being_wide_where_all_is_known():
    predicted = predicted_tokens_per_s_per_gpu(ROWS, CARDS, CONSTANTS)
    inside, width = defaultdict(list), defaultdict(list)
    for row, value in zip(ROWS, predicted, strict=True):
        inside[row["source"]].append(value.low <= float(row["tokens_per_s_per_gpu"]) <= value.high)
        width[row["source"]].append(value.high / value.low)
    assert 0.75 < mean(mean(found) for found in inside.values()) < 0.95
    assert median(width["mosaicml/llm-foundry benchmarking"]) < 1.8


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
        ({"seq_len": "-5"}, "no_seq_len"),
        ({"micro_batch": "0"}, "no_micro_batch"),
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
        ({"notes": "packing, no liger"}, None),
        ({"notes": "TRL SFTTrainer, no liger"}, "plain"),
        ({"source": "Megatron-LM results"}, "megatron"),
        ({"source": "Unsloth README", "notes": "method HF"}, "plain"),
        ({"run_type": "pretrain_benchmark"}, "fused"),
        ({"source": "NVIDIA benchmarks"}, "megatron"),
        ({"source": "NVIDIA NeMo AutoModel", "notes": "FSDP2"}, "plain"),
        ({"source": "NVIDIA NeMo", "notes": "torchtitan backend, compiled"}, "fused"),
        ({"notes": "own trainer on Hugging Face transformers"}, None),
        ({"notes": "on an NVIDIA A100"}, None),
        ({}, None),
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


def speed(**changes):
    (value,) = predicted_tokens_per_s_per_gpu(
        [ROW | {"notes": "TRL", "seq_len_kind": "fixed"} | changes], CARDS, CONSTANTS
    )
    return value


def width(**changes):
    value = speed(**changes)
    return value.high / value.low


def test_software_nobody_names_is_slower_than_the_fastest_and_wide():
    unnamed, fused = speed(notes=""), speed(notes="Unsloth 2025.3")
    assert unnamed.middle < speed().middle < fused.middle
    assert width(notes="") > 1.7 * width(notes="Unsloth 2025.3")
    assert unnamed.low < 0.7 * unnamed.middle


def test_int8_is_several_times_slower_than_bf16():
    """A run of alpaca-lora reported about five times (case F07); newer kernels lose less."""
    short = {"micro_batch": "8", "global_batch": "128", "seq_len": "150", "gpu_canonical": "RTX3090-24GB"}
    bf16, int8 = (speed(precision=precision, **short) for precision in ("bf16", "int8"))
    assert 2 < bf16.middle / int8.middle < 6
    assert int8.low < bf16.middle / 5 < int8.high


def test_quantised_weights_are_slower_and_the_more_uncertain_the_longer_the_samples():
    assert speed(method="qlora", precision="nf4").middle < speed().middle
    assert width(method="qlora", precision="nf4", seq_len="8192") > width(method="qlora", precision="nf4") > width()


@pytest.mark.parametrize(
    ("method", "times"),
    [
        ("dpo_lora", 4 / 3),  # forward, gradient of activations, recomputation; one pass of the reference more
        ("kto_lora", 2),  # three passes more
        ("grpo_lora", 5),  # two passes more, and three times as long with the generation of answers
        ("orpo_lora", 1),
    ],
)
def test_preferences_take_more_passes(method, times):
    """Per token, at large batches; a pair has the tokens of both answers. A third: attention and overheads differ."""
    plain, found = speed(micro_batch="8"), speed(micro_batch="8", method=method)
    assert plain.middle / found.middle == pytest.approx(times, rel=0.15)
    assert width(method=method) > width()


def test_what_cannot_be_estimated_says_why():
    assert speed_run(ROW | {"method": "ppo_lora"}, CARDS) == "ppo_models_unknown"


def test_small_batches_gain_little_from_a_faster_card():
    small = {
        "params_b": "0.6",
        "hidden_size": "1024",
        "num_layers": "28",
        "intermediate_size": "3072",
        "seq_len": "512",
    }
    here, there = (speed(gpu_canonical=card, **small).middle for card in ("A100-80GB", "H100-80GB"))
    assert there / here < 1.3
    here, there = (speed(gpu_canonical=card, micro_batch="8").middle for card in ("A100-80GB", "H100-80GB"))
    assert there / here > 1.5


def test_plain_trainers_reach_less_of_new_cards_than_software_made_for_them():
    for card in ("H100-80GB", "B200", "MI300X"):
        assert speed(gpu_canonical=card, notes="Megatron").middle > 1.2 * speed(gpu_canonical=card).middle


def test_experts_called_one_after_the_other_take_many_times_longer():
    mixture = {
        "model": "Qwen3-30B-A3B", "params_b": "30.5", "hidden_size": "2048", "num_layers": "48", "num_heads": "32",
        "num_kv_heads": "4", "intermediate_size": "768", "num_experts": "128", "experts_per_token": "8",
        "num_gpus": "8", "method": "full", "gpu_canonical": "H100-80GB", "seq_len": "4096",
    }  # fmt: skip
    looped, grouped = speed(**mixture), speed(**mixture | {"notes": "TRL, grouped GEMM"})
    assert grouped.middle > 3 * looped.middle
    assert looped.high / looped.low > grouped.high / grouped.low
    gathered = speed(**mixture | {"notes": "TRL, DeepSpeed ZeRO-3"})
    assert gathered.middle < looped.middle / 3


def test_a_trainer_on_transformers_computes_every_expert_of_llama_4():
    scout = {"model": "Llama-4-Scout", "params_b": "109", "method": "qlora", "gpu_canonical": "H100-80GB"}
    stated = ("source", "micro_batch", "seq_len", "num_gpus", "grad_checkpointing")
    shape = dict.fromkeys(ROW, "") | with_named_shape({name: ROW[name] for name in stated} | scout, models(CATALOG))
    axolotl, own_kernels = (speed(**shape | {"source": name}) for name in ("axolotl", "torchtune"))
    assert axolotl.middle < own_kernels.middle / 2
    every, chosen = read(**shape), read(**shape | {"all_experts_computed": ""})
    assert as_computed(every).model.mlp_width == 17 * 8192  # sixteen experts and the one that every token passes
    assert as_computed(chosen) == chosen


def test_a_pipeline_has_to_fill():
    layout = {"method": "full", "num_gpus": "8", "micro_batch": "1", "notes": "Megatron TP1 PP4"}
    few, many = (speed(**layout, global_batch=batch).middle for batch in ("4", "64"))
    assert few < 0.6 * many  # 1 + 3 / 2 against 1 + 3 / 32 times the work


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


def speed_on(card, **changes):
    (found,) = predicted_tokens_per_s_per_gpu([ROW | {"gpu_canonical": card} | changes], CARDS, CONSTANTS)
    return found.middle


def test_4_bit_weights_in_32_bit_are_slowest_where_there_are_few_such_units():
    """19.5 of 312 TFLOP/s on A100; a workstation card made of a graphics chip has a quarter of its 16-bit peak."""

    def loss(card):
        told = {"method": "qlora", "precision": "4-bit", "seq_len": "8192"}
        half = speed_on(card, notes="TRL, compute dtype bf16", **told)
        return half / speed_on(card, notes="TRL, compute dtype float32", **told)

    assert 5 < loss("A100-80GB") < 12
    assert 1.5 < loss("RTX-A6000") < 3


@pytest.mark.parametrize(
    ("method", "told"),
    [
        ("full", "padding-free"),
        ("lora", "bf16 autocast"),
        ("qlora", "compute dtype bf16"),
    ],
)
def test_what_a_loop_of_ones_own_says_outweighs_the_defaults_of_its_libraries(method, told):
    assert speed_on("A100-80GB", method=method, notes=f"own training loop, {told}") > 1.1 * speed_on(
        "A100-80GB", method=method, notes="own training loop"
    )


def test_weights_that_fill_a_card_leave_room_for_one_sample():
    bare = {"micro_batch": "", "seq_len": "1024"}
    assert read(**bare).micro_batch == 4
    filled = {"params_b": "34", "hidden_size": "", "num_layers": ""}
    assert read(**bare, **filled).micro_batch == 1
