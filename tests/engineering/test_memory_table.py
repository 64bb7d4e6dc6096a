"""A table of measured memory: what is read from a row, what is refused and why, and that no row breaks the reading."""

import csv
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.catalog.loader import load_catalog
from advisor.engineering.descriptions import TrainingRun
from advisor.engineering.from_catalog import cards
from advisor.engineering.prediction import FITS, FitVerdict
from advisor.engineering.validation.memory import predicted_fit, predicted_gb_per_gpu
from advisor.engineering.validation.model_rows import architecture, usual_shape
from advisor.engineering.validation.training_rows import training_run

CATALOG = load_catalog()
CONSTANTS, CARDS = CATALOG.constants("memory"), cards(CATALOG)
VALIDATION = Path(__file__).parents[2] / "data" / "validation"
REASONS = {"unknown_method", "unreadable_num_gpus", "no_params", "no_micro_batch", "no_seq_len", "no_card"}
ROW = {
    "source": "a laboratory",
    "model": "Llama-3-8B",
    "params_b": "8.03",
    "hidden_size": "4096",
    "num_layers": "32",
    "num_heads": "32",
    "num_kv_heads": "8",
    "intermediate_size": "14336",
    "vocab_size": "128256",
    "method": "lora",
    "weight_precision_bits": "16",
    "optimizer": "adamw_torch",
    "lora_rank": "16",
    "lora_targets": "q_proj,v_proj",
    "micro_batch": "4",
    "seq_len": "4096",
    "grad_checkpointing": "yes",
    "num_gpus": "1",
    "sharding": "none",
    "gpu_canonical": "A100-80GB",
    "memory_kind": "nvidia_smi",
    "unit": "GiB",
    "notes": "",
}


def table(name):
    with (VALIDATION / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def run_of(**changed):
    run = training_run(ROW | changed)
    assert isinstance(run, TrainingRun)
    return run


def predicted(**changed):
    return predicted_gb_per_gpu([ROW | changed], CARDS, CONSTANTS)[0].middle


def verdicts_on(rows):
    found = predicted_fit(rows, CARDS, CONSTANTS)
    return [said.verdict if isinstance(said, FitVerdict) else said for said in found]


def test_every_row_to_score_on_is_predicted():
    rows = table("memory.csv")
    assert len(rows) == 434
    assert all(0 < value.low < value.middle < value.high for value in predicted_gb_per_gpu(rows, CARDS, CONSTANTS))


def test_verdicts_are_never_certain_and_wrong_about_what_ran():
    verdicts = verdicts_on(table("memory.csv"))
    # Two of 434: fp32 masters and ZeRO-2 fill the card to its last block.
    assert verdicts.count("no") <= 4
    assert verdicts.count("tight") <= 0.15 * len(verdicts)


def test_verdicts_on_runs_that_did_or_did_not_fit():
    rows = table("fits.csv")
    verdicts = verdicts_on(rows)
    told = [(row["fits"][:2] == "no", verdict) for row, verdict in zip(rows, verdicts, strict=True)]
    assert {verdict for _, verdict in told} <= {"yes", "tight", "no"} | REASONS
    assert told.count((False, "no")) <= 1  # a run at its published maximum, at a probability of a third
    assert told.count((True, "yes")) <= 1
    assert told.count((True, "no")) >= 40


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"method": "prompt tuning"}, "unknown_method"),
        ({"method": None, "lora_rank": None}, "unknown_method"),
        ({"params_b": "about 7", "model": "", "hidden_size": ""}, "no_params"),
        ({"params_b": "-7", "model": "", "hidden_size": ""}, "no_params"),
        ({"params_b": "nan", "model": "", "hidden_size": ""}, "no_params"),
        ({"micro_batch": "0"}, "no_micro_batch"),
        ({"seq_len": "inf"}, "no_seq_len"),
        ({"num_gpus": "some"}, "unreadable_num_gpus"),
    ],
)
def test_what_is_missing_is_named(changed, reason):
    assert training_run(ROW | changed) == reason
    assert predicted_gb_per_gpu([ROW | changed, ROW], CARDS, CONSTANTS)[0] == reason
    assert predicted_fit([ROW | changed], CARDS, CONSTANTS) == [reason]


def test_a_card_of_unknown_size_has_no_verdict():
    assert predicted_fit([ROW | {"gpu_canonical": "a fast one"}], CARDS, CONSTANTS) == ["no_card"]


def test_a_model_of_known_size_gets_a_usual_shape():
    bare = {name: ROW[name] for name in ("params_b", "method", "micro_batch", "seq_len")}
    assert architecture(bare).hidden == 4224
    assert usual_shape(7e9) == (4096, 32, 14336)
    assert usual_shape(70e9)[:2] == (8320, 79)
    whole, guessed = predicted_gb_per_gpu([ROW | {"memory_kind": ""}, bare], CARDS, CONSTANTS)
    assert guessed.middle == pytest.approx(whole.middle, rel=0.15)


def test_an_unsaid_vocabulary_is_what_the_layers_leave_of_the_parameters():
    assert architecture(ROW | {"vocab_size": ""}).vocab == pytest.approx(128256, rel=0.01)
    llama_2 = {"params_b": "6.74", "num_kv_heads": "32", "intermediate_size": "11008", "vocab_size": "unknown"}
    assert architecture(ROW | llama_2).vocab == pytest.approx(32000, rel=0.02)
    assert architecture(ROW | {"params_b": "5", "vocab_size": ""}).vocab == 128_000


def test_experts_are_read_from_the_model_name():
    model = architecture(ROW | {"model": "Mixtral-8x7B", "params_b": "46.7"})
    assert (model.experts, model.experts_per_token) == (8, 2)
    assert architecture(ROW).experts is None


@pytest.mark.parametrize(
    ("notes", "loss"),
    [
        ("a trainer", None),
        ("liger kernel, packing", "fused"),
        ("TRL, packing, no liger kernel", "plain"),
        ("axolotl, NO cut cross entropy", "plain"),
        ("cut cross entropy", "fused"),
        ("fused LoRA/CE/RMSNorm kernels", "compiled"),
        ("torch.compile", "compiled"),
        ("Unsloth", None),
        ("Unsloth 2025.3.1", "fused"),
        ("unsloth==2024.4", "compiled"),
        ("torchtune", "fused"),
        ("trl, chunked cross entropy", "chunked"),
        ("own trainer on Hugging Face models", None),
    ],
)
def test_the_loss_is_read_from_the_words_of_a_row(notes, loss):
    assert run_of(notes=notes).loss == loss


def test_a_note_that_names_the_trainer_outweighs_the_name_of_the_table():
    assert run_of(source="Unsloth benchmarks").checkpointing == "host"
    assert run_of(source="Unsloth benchmarks", notes="Hugging Face + FA2").loss == "plain"


@pytest.mark.parametrize(
    ("said", "gpus", "sharding"),
    [
        ("FSDP", "2", "fsdp"),
        ("DeepSpeed ZeRO-3", "4", "zero3"),
        ("zero2", "2", "zero2"),
        ("deepspeed stage 1", "2", "zero1"),
        ("", "2", None),
        ("", "1", "none"),
        ("none", "2", "none"),
    ],
)
def test_sharding(said, gpus, sharding):
    assert run_of(sharding=said, num_gpus=gpus).sharding == sharding


@pytest.mark.parametrize(
    ("said", "method"),
    [("LoRA", "lora"), ("SFT with QLoRA", "qlora"), ("DoRA", "lora"), ("full-parameter", "full"), ("SFT", "full")],
)
def test_method(said, method):
    assert run_of(method=said).method == method


def test_an_eight_bit_base_under_lora_is_quantised():
    assert run_of(weight_precision_bits="8").method == "qlora"
    assert run_of(method="full", weight_precision_bits="32").fp32_masters is True


def test_the_prediction_is_in_the_unit_and_measure_of_the_row():
    assert predicted(unit="GB") == pytest.approx(predicted() * 2**30 / 1e9)
    assert predicted(unit="MiB") == pytest.approx(predicted(unit="unknown") * 1024)
    allocated, reserved, process = (predicted(memory_kind=kind) for kind in ("torch_active", "", "nvidia_smi"))
    assert allocated < reserved < process


def test_a_run_that_does_not_fit_shows_by_how_much():
    assert predicted(micro_batch="64") > 2 * 80
    assert predicted(micro_batch="64") == pytest.approx(predicted(micro_batch="64", gpu_canonical=""), rel=0.3)


def test_a_card_is_full_where_its_tensors_fit_and_what_the_allocator_would_keep_does_not():
    tight = {"micro_batch": "12", "gpu_canonical": "A100-80GB"}
    free = predicted_gb_per_gpu([ROW | tight | {"gpu_canonical": ""}], CARDS, CONSTANTS)[0].middle
    tensors = predicted(**tight, memory_kind="torch_allocated")
    assert tensors < 80 < free
    assert predicted(**tight) == pytest.approx(80, rel=0.03)


words = st.one_of(
    st.none(), st.text(max_size=12), st.sampled_from(["-1", "1e400", "nan", "0", "7", "8x7b", "yes", "no"])
)


@given(st.lists(st.dictionaries(st.sampled_from([*ROW, "fits", "gpu_memory_gb", "cpu_offload"]), words), max_size=4))
def test_no_row_breaks_the_reading(changes):
    rows = [ROW | change for change in changes]
    for value in predicted_gb_per_gpu([*rows, *changes], CARDS, CONSTANTS):
        assert value in REASONS if isinstance(value, str) else math.isfinite(value.high) and value.low > 0
    for verdict in verdicts_on(rows):
        assert verdict in REASONS | {*FITS}
