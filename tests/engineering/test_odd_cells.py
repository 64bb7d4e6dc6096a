"""Cells of pasted tables that say something else than they seem to: told or asked back, never another number."""

import json

import pytest

from advisor.engineering.descriptions import TrainingRun
from advisor.engineering.prediction import FitVerdict, Prediction
from advisor.engineering.validation.cells import number
from advisor.engineering.validation.predictions import predict, unknown_cards
from advisor.engineering.validation.tables import TABLES, TableRead, read_table
from advisor.engineering.validation.training_rows import training_run
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.text.phrases import issue_text
from tests.engineering.pasted import CATALOG, cells_of, run_of, served_as, table

SERVING = "model;gpu;isl;osl;engine"
ROW = "Qwen3-8B;H100;500;200;vLLM 0.9"
TRAINING = "model;method;seq_len;gpu"


def serving(head: str, cell: str) -> TableRead:
    return table("serving", f"{SERVING};{head}", f"{ROW};{cell}")


def training(head: str, cell: str, kind: str = "speed") -> TableRead:
    return table(kind, f"{TRAINING};{head}", f"Qwen3-8B;lora;2048;H100;{cell}")


def codes(read: TableRead) -> list[str]:
    return [issue.code for issue in read.told if issue.field != "file"]


@pytest.mark.parametrize(
    "head", ["concurrency", "users", "num_prompts", "max_num_seqs", "request_rate", "tp", "replicas"]
)
def test_a_count_with_a_group_of_thousands_behind_a_point_is_asked_back(head: str) -> None:
    read = serving(head, "1.000")
    assert codes(read) == ["cells_of_two_readings"]
    issue = next(issue for issue in read.told if issue.code == "cells_of_two_readings")
    assert (issue.params["value"], issue.params["first"], issue.params["second"]) == ("1.000", "1", "1000")


@pytest.mark.parametrize(
    ("cell", "users"),
    [
        ("1,000", 1000),
        ("1k", 1000),
        ("1.5k users", 1500),
        ("1 000", 1000),
        ("1\u4e07", 10_000),
        ("1E+03", 1000),
        ("2,000 users", 2000),
        ("~64", 64),
        ("max concurrency 64", 64),
    ],
)
def test_users_however_they_are_written(cell: str, users: float) -> None:
    assert served_as(concurrency=cell).setup.concurrency == users


@pytest.mark.parametrize(
    "cell",
    [
        "1.000 users",
        "10-12",
        "10 \u2013 12",
        "8/16/32",
        "8, 16",
        ">100",
        "<10",
        "=8*2",
        "08.Jan",
        "#REF!",
        "4(\u4ebf959",
    ],
)
def test_users_that_are_no_one_number_are_left_out_and_told(cell: str) -> None:
    read = serving("concurrency", cell)
    assert len(codes(read)) == 1
    assert not cells_of(read)["concurrency_or_batch"]


@pytest.mark.parametrize("cell", ["n/a", "\u2013", "-", "NaN", "?", "#N/A"])
def test_a_cell_that_says_nothing_is_a_blank_one(cell: str) -> None:
    read = serving("concurrency", cell)
    assert (codes(read), cells_of(read)["concurrency_or_batch"]) == ([], "")
    assert "precision" in served_as(concurrency="8", precision=cell).setup.unknown


def test_a_precision_that_nobody_knows_is_not_taken_as_stated() -> None:
    assert "precision" in served_as(concurrency="8", precision="default").setup.unknown
    for known in ("half", "bfloat16", "16-bit", "float32", "none"):
        assert "precision" not in served_as(concurrency="8", precision=known).setup.unknown


@pytest.mark.parametrize(("cell", "rate"), [("10 req/s", 10), ("600/min", 10), ("4 QPS", 4), ("1.5", 1.5)])
def test_a_rate_with_its_unit(cell: str, rate: float) -> None:
    setup = served_as(request_rate=cell).setup
    assert (setup.load, setup.requests_per_s) == ("open", rate)


@pytest.mark.parametrize("cell", ["-1", "0", "often"])
def test_a_rate_that_is_none_is_told(cell: str) -> None:
    assert len(codes(serving("request_rate", cell))) == 1


@pytest.mark.parametrize(
    ("head", "cell"),
    [
        ("micro_batch", "0"),
        ("micro_batch", "1.5"),
        ("micro_batch", "1-2"),
        ("num_gpus", "2.5"),
        ("num_gpus", "zero"),
        ("global_batch", "1.024"),
        ("global_batch", "4M tokens"),
        ("grad accum", "1.024"),
        ("grad accum", "x"),
        ("lora rank", "1.024"),
        ("lora rank", "-16"),
        ("nodes", "two"),
        ("hidden_size", "4.096"),
        ("hidden_size", "4k"),
    ],
)
def test_a_count_that_is_none_is_told_and_left_out(head: str, cell: str) -> None:
    assert len(codes(training(head, cell))) == 1


@pytest.mark.parametrize(
    ("head", "cell", "tokens"),
    [
        ("seq_len", "4k", "4096"),
        ("seq_len", "32K tokens", "32768"),
        ("seq_len", "1.5k", "1536"),
        ("seq_len (k tokens)", "4", "4096"),
        ("seq_len", "8\u5343", "8000"),
    ],
)
def test_thousands_of_tokens_are_read_and_told(head: str, cell: str, tokens: str) -> None:
    read = table("speed", f"model;method;gpu;{head}", f"Qwen3-8B;lora;H100;{cell}")
    assert codes(read) == ["cells_read_as"]
    assert cells_of(read)["seq_len"] == tokens


def test_a_count_of_cards_in_words_is_told() -> None:
    assert codes(training("\u5361\u6570", "\u516b")) == ["cells_no_number"]
    assert cells_of(training("GPUs", "8 cards"))["num_gpus"] == "8"


def test_a_length_below_ten_tokens_with_three_decimals_is_asked_back() -> None:
    read = table("serving", "model;gpu;concurrency;isl;osl", "Qwen3-8B;H100;8;2.048;200", "Qwen3-8B;H100;8;512.5;200")
    assert codes(read) == ["cells_of_two_readings"]


def test_about_so_many_is_understood_and_told() -> None:
    read = training("micro_batch", "~2")
    assert (codes(read), cells_of(read)["micro_batch"]) == (["cells_read_as"], "2")
    read = training("micro_batch", "2[1]")
    assert (codes(read), cells_of(read)["micro_batch"]) == (["cells_read_as"], "2")


def test_the_batch_beside_that_of_a_card_is_the_global_one() -> None:
    heads = "model,method,per device batch size,batch size,seq_len,gpu,num_gpus"
    run = run_of(heads, "Qwen3-8B,lora,2,64,2048,H100,8")
    assert (run.micro_batch, run.accumulation) == (2, 4)
    read = table("memory", heads, "Qwen3-8B,lora,2,64,2048,H100,8")
    told = next(issue.params["columns"] for issue in read.told if issue.code == "heads_read_as")
    assert told == "per device batch size = micro_batch, batch size = global_batch"
    heads = "model,method,micro_batch,\u6279\u5927\u5c0f,seq_len,gpu,num_gpus"
    assert run_of(heads, "Qwen3-8B,lora,2,64,2048,H100,8").accumulation == 4
    heads = "model,method,per device batch size,batch size,gradient accumulation,seq_len,gpu,num_gpus"
    assert run_of(heads, "Qwen3-8B,lora,2,64,4,2048,H100,8").accumulation == 4
    assert run_of("model,method,batch size,seq_len,gpu", "Qwen3-8B,lora,4,2048,H100").micro_batch == 4


def test_users_come_before_a_batch_and_the_other_is_told_as_not_read() -> None:
    read = table("serving", "model,gpu,batch size,users,isl,osl", "Qwen3-8B,H100,8,64,500,200")
    assert cells_of(read)["concurrency_or_batch"] == "64"
    assert [issue.params["columns"] for issue in read.told if issue.code == "columns_not_read"] == ["batch size"]


def test_full_fine_tuning_without_lora_is_full_fine_tuning() -> None:
    heads = "model;method;micro_batch;seq_len"
    assert run_of(heads, "Qwen3-8B;Full fine tuning (no LoRA);1;2048").method == "full"
    assert run_of(heads, "Qwen3-8B;LoRA (not QLoRA);1;2048").method == "lora"


def test_a_limit_with_its_own_unit_keeps_it() -> None:
    assert served_as(load="max throughput", **{"TPOT SLO (ms)": "0.05 s"}).setup.tpot_limit_s == 0.05
    assert served_as(load="max throughput", **{"TPOT SLO (ms)": "50"}).setup.tpot_limit_s == 0.05


@pytest.mark.parametrize(("cell", "billions"), [("7,5B", "7.5"), ("7.5 B", "7.5"), ("500M", "0.5"), ("1,5T", "1500")])
def test_parameters_with_their_unit_and_any_decimal_sign(cell: str, billions: str) -> None:
    read = table("memory", "params_b;method;micro_batch;seq_len", f"{cell};lora;1;2048")
    assert cells_of(read)["params_b"] == billions


@pytest.mark.parametrize("cell", ["1.500M", "1,500M"])
def test_parameters_of_two_readings_are_told(cell: str) -> None:
    assert codes(table("memory", "params_b;method;micro_batch;seq_len", f"{cell};lora;1;2048"))


def test_the_memory_of_a_card_in_any_unit() -> None:
    heads = "model,method,micro_batch,seq_len"
    for head, cell in (("VRAM (MiB)", "24576"), ("VRAM (TB)", "0.024"), ("VRAM (GiB)", "24"), ("VRAM", "24576")):
        read = table("fits", f"{heads},{head}", f"Qwen3-8B,lora,1,2048,{cell}")
        assert float(cells_of(read)["gpu_memory_gb"]) == 24
    read = table("fits", f"{heads},VRAM (MiB)", "Qwen3-8B,lora,1,2048,16")
    assert [issue.params["value"] for issue in read.told if issue.code == "cells_not_plausible"] == ["16 mib"]


def in_unit(unit: str) -> float:
    lines = "model,method,micro_batch,seq_len,unit", f"Qwen3-8B,lora,1,2048,{unit}"
    found = predict(TABLES["memory"], table("memory", *lines).rows, CATALOG)[0]
    assert isinstance(found, Prediction)
    return found.middle


def test_memory_is_predicted_in_the_unit_of_the_row() -> None:
    gib = in_unit("")
    for unit, factor in (("MiB", 1024), ("TiB", 1 / 1024), ("TB", 1.073741824e-3), ("MB per GPU", 1073.741824)):
        assert in_unit(unit) == pytest.approx(gib * factor)
    assert in_unit("GiB/GPU") == gib
    heads = "model,method,micro_batch,seq_len,unit"
    assert codes(table("memory", heads, "Qwen3-8B,lora,1,2048,furlongs")) == ["unit_unknown"]


def test_memory_is_predicted_in_the_unit_that_heads_what_was_measured() -> None:
    lines = "model,method,micro_batch,seq_len,Peak memory (MiB)", "Qwen3-8B,lora,1,2048,34500"
    read = table("memory", *lines)
    found = predict(TABLES["memory"], read.rows, CATALOG)[0]
    assert isinstance(found, Prediction)
    assert found.middle == pytest.approx(in_unit("MiB"))
    assert [issue.params for issue in read.told] == [{"column": "Peak memory (MiB)", "unit": "MiB"}]


def test_cards_that_are_not_known_are_told_once_with_near_names() -> None:
    names = ["GB200 NVL72", "HGX H100", "HGX H100", "TPU v5e", "Apple M3 Ultra", "Ascend 910B", "MI300X x8", "", "H100"]
    read = table("serving", "model,gpu,concurrency", *(f"Llama-3.3-70B,{name},8" for name in names))
    told = {str(issue.params["value"]): issue for issue in unknown_cards(TABLES["serving"], read.rows, CATALOG)}
    assert [*told] == ["GB200 NVL72", "HGX H100", "TPU v5e", "Apple M3 Ultra", "Ascend 910B"]
    assert "h100-sxm-80gb" in str(told["HGX H100"].params["near"])
    assert {issue.field for issue in told.values()} == {"gpu"}


def test_a_card_alone_says_what_memory_a_run_has() -> None:
    read = table("fits", "model,method,micro_batch,seq_len,gpu", "Qwen3-8B,lora,1,2048,H100")
    assert isinstance(predict(TABLES["fits"], read.rows, CATALOG)[0], FitVerdict)


@pytest.mark.parametrize(
    ("heads", "row", "told"),
    [
        ("gpu,num_gpus", "8xH100,4", ("4", "8xH100", "8")),
        ("gpu,num_gpus", "dual RTX 3090,4", ("4", "dual RTX 3090", "2")),
        ("gpu,gpus", "DGX H100,16", ("16", "DGX H100", "8")),
        ("\u663e\u5361,\u5361\u6570", "4\u5361A100,8\u5361", ("8\u5361", "4\u5361A100", "4")),
        ("gpu,num_gpus", "8xH100,8", None),
        ("gpu,num_gpus", "8xH100,", None),
        ("gpu,num_gpus,nodes", "8xH100,16,2", None),
        ("gpu,nodes,gpus_per_node", "8xH100,2,8", None),
        ("gpu,nodes,gpus_per_node", "2x8 H100,2,8", None),
        ("gpu,nodes,gpus_per_node", "16xH100,2,8", None),
        ("gpu,nodes,gpus_per_node", "4xH100,2,8", ("8", "4xH100", "4")),
        ("gpu,gpus_per_node", "8xH100,8", None),
        ("gpu,num_gpus", "H100,4", None),
    ],
)
def test_another_number_of_cards_beside_their_name_is_told(
    heads: str, row: str, told: tuple[str, str, str] | None
) -> None:
    """Cards on each of several nodes are no other number."""
    read = table("memory", f"model,method,micro_batch,seq_len,{heads}", f"Llama-3.1-8B,lora,1,2048,{row}")
    found = [issue for issue in read.told if issue.code == "cards_counted_twice"]
    assert [(i.params["value"], i.params["cell"], i.params["counted"]) for i in found] == (
        [] if told is None else [told]
    )
    for language in languages():
        assert all(str(i.params["value"]) in issue_text(Translator(language), i) for i in found)


def test_cards_of_a_node_are_not_said_to_be_taken_where_nothing_says_how_many_nodes() -> None:
    read = table("memory", "model,method,micro_batch,seq_len,gpu,gpus_per_node", "Llama-3.1-8B,lora,1,2048,8xH100,4")
    assert cells_of(read)["num_gpus"] == "8"
    assert codes(read) == []


LISTED = {"model": "Qwen3-8B", "method": "lora", "seq_len": "2048", "gpu": "H100", "num_gpus": "1.000"}


def listed(form: str, **cells: str) -> TableRead:
    """A row in a list of JSON or YAML, its numbers as texts."""
    row = LISTED | cells
    yaml = "- " + "\n  ".join(f"{name}: {cell}" for name, cell in row.items())
    return read_table((json.dumps([row]) if form == "json" else yaml).encode(), TABLES["speed"])


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_a_list_is_read_by_the_decimal_sign_of_its_other_numbers(form: str) -> None:
    """As a table is: 1.000 GPUs are one where 8.03 billions stand in the file, asked back where nothing shows it."""
    read = listed(form, params_b="8.03")
    assert cells_of(read)["num_gpus"] == "1"
    assert [i.params["columns"] for i in read.told if i.code == "decimals_read_as"] == ["num_gpus"]
    assert codes(listed(form)) == ["cells_of_two_readings"]


def test_a_list_whose_decimals_stand_behind_a_comma() -> None:
    read = listed("yaml", params_b="8,03", seq_len="2.048", num_gpus="2")
    assert (cells_of(read)["params_b"], cells_of(read)["seq_len"]) == ("8.03", "2048")
    assert [i.params["columns"] for i in read.told if i.code == "decimals_read_as"] == ["seq_len, params_b"]


def test_a_number_of_json_has_its_decimals_behind_a_point_whatever_its_texts_show() -> None:
    row = '[{"model": "Qwen3-8B", "method": "lora", "seq_len": 2048, "gpu": "H100", "params_b": 8.195, "notes": "0,5"}]'
    assert cells_of(read_table(row.encode(), TABLES["speed"]))["params_b"] == "8.195"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("7,5", 7.5),
        ("8,03", 8.03),
        ("0,4940", 0.494),
        ("1,024", 1024),
        ("1,024.5", 1024.5),
        ("1,50,000", 150_000),
        ("1e+0,4", None),
        ("1,2,3", None),
        ("12,34,5", None),
        (",5", 0.5),
    ],
)
def test_a_comma_parts_thousands_or_decimals_and_is_never_passed_over(cell: str, value: float | None) -> None:
    assert number({"params_b": cell}, "params_b") == value


@pytest.mark.parametrize("cell", ["1,2,3B", "12,34,5B"])
def test_commas_that_part_nothing_before_a_unit_are_told(cell: str) -> None:
    assert codes(training("params", cell)) == ["cells_of_several"]


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_parameters_behind_a_comma_in_a_list(form: str) -> None:
    """They were a hundred times as many."""
    run = training_run(cells_of(listed(form, params_b="8,03", num_gpus="1", micro_batch="1")))
    assert isinstance(run, TrainingRun)
    assert run.model.params == pytest.approx(8.03e9)
    two_readings = listed(form, params_b="8,03", num_gpus="1", seq_len="2,048", micro_batch="1")
    assert training_run(cells_of(two_readings)) == "no_seq_len"  # 2.048
