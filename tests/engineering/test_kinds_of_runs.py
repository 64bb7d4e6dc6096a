"""Runs as people describe them, three invented ones of each kind that was once answered wrongly, through the tables."""

from collections.abc import Mapping

import pytest

from advisor.catalog.loader import load_catalog
from advisor.engineering.prediction import FitVerdict, Prediction
from advisor.engineering.validation.predictions import predict
from advisor.engineering.validation.tables import TABLES, read_table

CATALOG = load_catalog()


def found(table: str, row: Mapping[str, object]) -> Prediction | FitVerdict | str:
    text = f"{','.join(row)}\n{','.join(str(cell) for cell in row.values())}\n"
    (value,) = predict(TABLES[table], read_table(text.encode(), TABLES[table]).rows, CATALOG)
    return value


def middle(table: str, row: Mapping[str, object]) -> float:
    value = found(table, row)
    assert isinstance(value, Prediction), value
    return value.middle


def verdict(row: Mapping[str, object]) -> str:
    value = found("fits", row)
    assert isinstance(value, FitVerdict), value
    return value.verdict


@pytest.mark.parametrize(
    ("count", "billions", "method", "length"),
    [(7_000_000_000, 7, "qlora", 2048), (3_090_000_000, 3.09, "lora", 1024), (32_760_000_000, 32.76, "qlora", 512)],
)
def test_parameters_may_be_counted_one_by_one(count: int, billions: float, method: str, length: int) -> None:
    row = {"method": method, "micro_batch": 1, "seq_len": length}
    assert middle("memory", row | {"params_b": count}) == pytest.approx(middle("memory", row | {"params_b": billions}))


@pytest.mark.parametrize(
    ("size", "card_gb", "length", "said"), [(7, 80, 512, "no"), (8, 94, 1024, "no"), (3, 24, 256, "no")]
)
def test_full_fine_tuning_needs_32_bit_weights_on_one_card_as_on_many(
    size: float, card_gb: int, length: int, said: str
) -> None:
    row = {"method": "full", "params_b": size, "micro_batch": 1, "seq_len": length, "gpu_memory_gb": card_gb}
    assert verdict(row) == said
    one = middle("memory", row | {"num_gpus": 1})
    assert one > 15 * size
    sharded = middle("memory", row | {"num_gpus": 2, "sharding": "fsdp"})
    assert sharded > 0.45 * one


@pytest.mark.parametrize(
    ("model", "length", "card_gb"),
    [("Llama-3.1-8B", 98_304, 80), ("Qwen2.5-7B", 81_920, 80), ("Llama-3.1-8B", 49_152, 48)],
)
def test_a_long_context_with_unsloth_of_no_version_is_never_simply_said_to_fit(
    model: str, length: int, card_gb: int
) -> None:
    row = {
        "model": model, "method": "qlora", "weight_precision_bits": 4, "micro_batch": 1, "seq_len": length,
        "gpu_memory_gb": card_gb, "notes": "unsloth",
    }  # fmt: skip
    assert verdict(row) in ("tight", "no")
    value = found("memory", row)
    assert isinstance(value, Prediction)
    assert value.high > 1.5 * value.middle


@pytest.mark.parametrize(
    ("model", "length", "notes"),
    [("Qwen2.5-0.5B", 1024, "trl"), ("Qwen3-4B", 2048, "trl"), ("Llama-3.1-8B", 1024, "axolotl")],
)
def test_a_pair_of_answers_takes_more_than_one(model: str, length: int, notes: str) -> None:
    row = {"model": model, "weight_precision_bits": 4, "micro_batch": 1, "seq_len": length, "notes": notes}
    alone = middle("memory", row | {"method": "qlora"})
    assert middle("memory", row | {"method": "dpo qlora"}) > 1.15 * alone
    assert isinstance(found("memory", row | {"method": "ppo qlora"}), str)


@pytest.mark.parametrize(
    ("model", "card", "length"),
    [("Llama-2-7B", "RTX3090-24GB", 256), ("Qwen2.5-14B", "A100-80GB", 1024), ("Llama-3.1-8B", "L40S", 512)],
)
def test_8_bit_weights_are_several_times_slower_than_16_bit_ones(model: str, card: str, length: int) -> None:
    row = {
        "model": model, "method": "lora", "micro_batch": 8, "seq_len": length, "gpu": card, "num_gpus": 1,
        "seq_len_kind": "fixed", "notes": "hf peft",
    }  # fmt: skip
    assert 2 < middle("speed", row | {"precision": "bf16"}) / middle("speed", row | {"precision": "int8"}) < 7


@pytest.mark.parametrize(
    ("model", "least", "most"), [("Qwen2.5-0.5B", 2, 8), ("Qwen3-0.6B", 2, 9), ("Llama-3.2-1B", 3, 10)]
)
def test_models_below_7b_have_estimates_of_their_own(model: str, least: float, most: float) -> None:
    row = {"model": model, "method": "lora", "micro_batch": 1, "seq_len": 1024, "notes": "trl"}
    assert least < middle("memory", row) < most


def test_a_model_too_large_for_a_copy_on_every_card_is_taken_as_sharded() -> None:
    """The estimate of speed took it so, that of memory put 140 GB of weights on cards of 80."""
    row = {"model": "Llama-3.1-70B", "method": "lora", "micro_batch": 1, "seq_len": 2048, "gpu": "A100-80GB",
           "num_gpus": 8, "grad_checkpointing": "yes"}  # fmt: skip
    unsaid, sharded = found("memory", row), found("memory", row | {"sharding": "fsdp"})
    assert isinstance(unsaid, Prediction)
    assert isinstance(sharded, Prediction)
    assert unsaid.middle == pytest.approx(sharded.middle)
    assert unsaid.high / unsaid.low > sharded.high / sharded.low
    assert "sharding" in unsaid.assumed
    assert verdict(row) == "yes"
    assert verdict(row | {"sharding": "ddp"}) == "no"


def test_no_sharding_is_a_copy_on_every_card_unless_layers_lie_on_several() -> None:
    row = {"model": "Llama-3.1-8B", "method": "lora", "micro_batch": 4, "seq_len": 2048, "gpu": "A100-80GB",
           "num_gpus": 4, "notes": "trl"}  # fmt: skip
    none, in_turn = row | {"sharding": "none"}, row | {"sharding": "none", "notes": "trl device_map auto"}
    assert middle("memory", none) == pytest.approx(middle("memory", row | {"sharding": "ddp"}))
    assert middle("memory", in_turn) < 0.8 * middle("memory", none)
    assert middle("speed", none) == pytest.approx(middle("speed", row | {"sharding": "ddp"}))
    assert middle("speed", in_turn) < 0.4 * middle("speed", none)


@pytest.mark.parametrize(
    "words", [{"method": "galore"}, {"method": "full", "optimizer": "galore_adamw"}, {"method": "full GaLore"}]
)
def test_galore_trains_all_with_small_moments(words: Mapping[str, str]) -> None:
    row = {"model": "Llama-3.1-8B", "micro_batch": 1, "seq_len": 1024, "notes": "llama factory"}
    assert middle("memory", row | words) < 0.7 * middle("memory", row | {"method": "full", "optimizer": "adamw"})


def test_dora_is_slower_and_less_certain_than_lora() -> None:
    row = {"model": "Llama-3.1-8B", "micro_batch": 4, "seq_len": 1024, "gpu": "A100-80GB", "notes": "hf peft"}
    lora, dora = found("speed", row | {"method": "lora"}), found("speed", row | {"method": "dora"})
    assert isinstance(lora, Prediction)
    assert isinstance(dora, Prediction)
    assert 0.4 * lora.middle < dora.middle < 0.95 * lora.middle
    assert dora.high / dora.low > lora.high / lora.low


def test_memory_of_a_run_that_says_nothing_of_checkpointing_may_be_that_without() -> None:
    row = {"model": "Llama-3.1-8B", "method": "lora", "micro_batch": 1, "seq_len": 2048, "gpu": "A100-80GB"}
    unsaid = found("memory", row)
    assert isinstance(unsaid, Prediction)
    assert unsaid.low < middle("memory", row | {"grad_checkpointing": "yes"})
    assert middle("memory", row | {"grad_checkpointing": "no"}) <= unsaid.high * (1 + 1e-9)
    known = found("memory", row | {"notes": "llama factory"})
    assert isinstance(known, Prediction)
    assert known.high / known.low < 0.7 * unsaid.high / unsaid.low
