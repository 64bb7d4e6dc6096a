"""Every way an edit can spoil a data file is refused, naming the file, the record, the fault and the mend."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from advisor.catalog.loader import load_catalog
from advisor.core.notices import DataError

Writer = Callable[..., Path]

GPUS = "hardware/gpus.yaml"
TABLE = "hardware/training_table.yaml"
MODELS = "models/family.yaml"
RENTAL = "prices/gpu_rental/cloud.yaml"
PURCHASE = "prices/gpu_purchase/shop.yaml"
RATES = "prices/exchange_rates.yaml"
TRAFFIC = "parameters/traffic.yaml"
PRESET = "presets/example.yaml"
RULES = "rules/decision.yaml"
SKU = "cloud/card-80gb"

# (name, file, text to replace, its replacement, record named, words of the fault, words of the mend)
SPOILED = [
    (
        "a key twice",
        RENTAL,
        "    gpu: card-80gb\n",
        "    gpu: card-80gb\n    gpu: card-80gb\n",
        "line 7",
        "'gpu' stands twice",
        "",
    ),
    ("a key misspelt", RENTAL, "unit:", "units:", SKU, "'units' is unknown", "'unit'"),
    ("a nested key misspelt", RENTAL, "value: 2.49", "valeu: 2.49", SKU, "valeu", "'value'"),
    (
        "a key of the file misspelt",
        RENTAL,
        "provider_class:",
        "provider_clas:",
        "Cloud",
        "provider_clas",
        "'provider_class'",
    ),
    ("a key missing", RENTAL, "    unit: USD/GPU/h\n", "", SKU, "'unit' is missing", "add"),
    ("a source missing", GPUS, "source:", "note: x\n    sources:", "card-80gb", "'sources' is unknown", "'source'"),
    (
        "a source without its day",
        GPUS,
        ", retrieved: 2026-02-01",
        "",
        "card-80gb",
        "'source.retrieved' is missing",
        "add",
    ),
    ("a source without an address", GPUS, ', url: "https://example.org/"', "", "card-80gb", "has no url", "judgement"),
    ("a source that is no address", GPUS, "https://", "ftp://", "card-80gb", "not a web address", "https://"),
    ("an unknown kind", GPUS, "kind: published", "kind: guess", "card-80gb", "'guess'", "'measured'"),
    ("text for a number", GPUS, "tdp_w: 400", "tdp_w: 400 W", "card-80gb", "tdp_w: '400 W'", "plain number"),
    ("a thousands separator", GPUS, "2039", "2_039", "card-80gb", "'2_039'", "plain number"),
    ("a clock time", GPUS, "2039", "20:39", "card-80gb", "'20:39'", "plain number"),
    (
        "zero for unknown",
        GPUS,
        "fp8_dense_tflops: null",
        "fp8_dense_tflops: 0",
        "card-80gb",
        "fp8_dense_tflops: 0",
        "above 0",
    ),
    ("a number for text", GPUS, "name: Card", "name: 4090", "card-80gb", "name: 4090", "quotes"),
    ("a unit outside the vocabulary", RENTAL, "USD/GPU/h", "USD/GPU/hour", SKU, "'USD/GPU/hour'", "USD/GPU/h"),
    ("a unit of another book", PURCHASE, "USD/GPU", "USD/kWh", "shop/card-80gb", "does not suit gpu_purchase", "GPU"),
    (
        "a price in the model's own currency",
        RENTAL,
        "USD/GPU/h",
        "money/GPU/h",
        SKU,
        "does not suit gpu_rental",
        "GPU/h",
    ),
    (
        "an unknown GPU in a price",
        RENTAL,
        "gpu: card-80gb",
        "gpu: card-80g",
        SKU,
        "'card-80g' does not exist",
        "card-80gb",
    ),
    ("an unknown GPU in the table", TABLE, "gpu: card-80gb", "gpu: other", "table-7b", "'other' does not exist", "add"),
    (
        "an unknown model",
        "prices/managed_tuning/vendor.yaml",
        "open-7b",
        "open-8b",
        "vendor/training",
        "'open-8b'",
        "open-7b",
    ),
    ("an unknown preset", PRESET, "order: 1", "order: 1\ncompare_with: other", "example", "'other' does not exist", ""),
    ("a currency without a rate", RENTAL, "USD/GPU/h", "CNY/GPU/h", SKU, "'CNY' does not exist", ""),
    ("a price without its GPU", RENTAL, "    gpu: card-80gb\n", "", SKU, "gpu is missing", "name a gpu"),
    ("an unknown size of model", TABLE, "model_size: 7b", "model_size: 8b", "table-7b", "'8b'", "'7b'"),
    ("days out of order", RENTAL, "2026-01-15", "2025-12-31", SKU, "2025-12-31 follows 2026-01-01", "order"),
    ("a day twice", RENTAL, "2026-01-15", "2026-01-01", SKU, "2026-01-01 follows 2026-01-01", "once"),
    ("a price from after it was read", RENTAL, "2026-01-15", "2026-02-02", SKU, "later than retrieved", "date"),
    (
        "verified before it held",
        RENTAL,
        "last_verified: 2026-02-01",
        "last_verified: 2026-01-10",
        SKU,
        "last_verified",
        "looked",
    ),
    ("a day that does not exist", RENTAL, "2026-01-15", "2026-02-30", "line 12", "2026-02-30", ""),
    (
        "a day with a time",
        RENTAL,
        "verified: 2026-02-01",
        "verified: 2026-02-01 10:00:00",
        SKU,
        "last_verified",
        "without a time",
    ),
    ("a price of zero", RENTAL, "2.49", "0", SKU, "greater than 0", "above 0"),
    ("a negative price", RENTAL, "2.49", "-2.49", SKU, "greater than 0", "above 0"),
    ("an endless price", RENTAL, "2.49", ".inf", SKU, "finite", "plain number"),
    ("a price that is no number", RENTAL, "2.49", ".nan", SKU, "finite", "plain number"),
    ("a decimal comma", RENTAL, "2.49", '"2,49"', SKU, "'2,49' is not a number", "2.49"),
    ("a truth value for a price", RENTAL, "2.49", "true", SKU, "True is not a number", "2.49"),
    ("an interval out of order", TRAFFIC, "low: 0.1", "low: 0.5", "growth", "exceeds high", "exchange"),
    ("a value outside its interval", TRAFFIC, "value: 0.2", "value: 0.9", "growth", "outside its interval", "widen"),
    (
        "a constant outside its interval",
        "estimators/memory.yaml",
        "value: 0.5",
        "value: 0.5\n    interval: {low: 1, high: 2, shape: pert}",
        "context_gib",
        "outside its interval",
        "widen",
    ),
    ("a parameter in words", TRAFFIC, "value: 0.2", "value: 20 %", "growth", "'20 %' is text", "plain number"),
    ("a parameter that is a list", TRAFFIC, "value: 0.2", "value: [0.2]", "growth", "neither a number", "plain number"),
    (
        "a lognormal from zero",
        TRAFFIC,
        "low: 0.1, high: 0.4, shape: pert",
        "low: 0, high: 0.4, shape: lognormal",
        "growth",
        "lognormal",
        "pert",
    ),
    ("a range out of order", TABLE, "low: 8,", "low: 80,", "table-7b", "low 80 exceeds high 24", "exchange"),
    (
        "more active than all parameters",
        MODELS,
        "active_params_b: 7",
        "active_params_b: 8",
        "open-7b",
        "exceeds params_b",
        "dense",
    ),
    ("experts by halves", MODELS, "heads: 32\n", "heads: 32\n    experts: 8\n", "open-7b", "together", "both"),
    ("a window by halves", MODELS, "heads: 32\n", "heads: 32\n    windowed_layers: 8\n", "open-7b", "together", "both"),
    (
        "more windows than layers",
        MODELS,
        "heads: 32\n",
        "heads: 32\n    windowed_layers: 33\n    window_tokens: 512\n",
        "open-7b",
        "exceeds layers",
        "count",
    ),
    ("an empty text", PRESET, "title: Example", 'title: ""', "example", "title", "one character"),
    ("a text by language", PRESET, "title: Example", "title: {en: Example}", "example", "title", "write text"),
    (
        "half a provenance",
        PRESET,
        "1000}\n",
        "1000}\nfield_notes: {requests_per_day: {note: A, kind: judgement}}\n",
        "example",
        "kind and source do not stand together",
        "both",
    ),
    (
        "a measured answer from nowhere",
        PRESET,
        "1000}\n",
        "1000}\nfield_notes: {a: {note: A, kind: measured, source: {title: C, retrieved: 2026-02-01}}}\n",
        "example",
        "has no url",
        "judgement",
    ),
    ("payback bands out of order", RULES, "below_months: 2,", "below_months: 20,", "rules", "do not ascend", "order"),
    ("a dollar that is not one", RATES, "value: 1,", "value: 2,", "USD", "not 1", "1"),
    (
        "a rate of another currency",
        RATES,
        "unit: USD/USD",
        "unit: CNY/USD",
        "USD",
        "does not suit currency USD",
        "USD/USD",
    ),
    ("broken YAML", GPUS, "name: Card", "name: [Card", "line", "not valid YAML", "correct"),
    ("a key that is a list", GPUS, "    name: Card", "    [name]: Card", "line 4", "key is not text", "correct"),
    ("a tab", GPUS, "    name: Card", "\tname: Card", "line 4", "not valid YAML", "correct"),
    ("a stray key at the top", GPUS, "\ngpus:", "\nunits: x\ngpus:", "units", "'units' is unknown", "'gpus'"),
    ("a record that is no mapping", GPUS, "\ngpus:\n", "\ngpus:\n  - card\n", "gpus[1]", "'card' is refused", "keys"),
    (
        "heads in no groups",
        MODELS,
        "kv_heads: 8",
        "kv_heads: 7",
        "open-7b",
        "no multiple of kv_heads 7",
        "configuration",
    ),
    (
        "power from nowhere",
        "prices/electricity/grid.yaml",
        "    region: Here\n",
        "",
        "grid/here",
        "region is missing",
        "name",
    ),
    (
        "tuning of nothing",
        "prices/managed_tuning/vendor.yaml",
        "    item: training\n",
        "",
        "vendor/training",
        "item is missing",
        "sold",
    ),
    ("an endless parameter", TRAFFIC, "value: 0.2", "value: .inf", "growth", "not finite", "plain number"),
    (
        "a matrix out of order",
        RULES,
        "matrix: {low: 100,",
        "matrix: {low: 5000,",
        "rules",
        "low exceeds high",
        "exchange",
    ),
    (
        "a rule twice",
        RULES,
        "rules:\n",
        "rules:\n  - {id: R12, name: again, basis: None}\n",
        "rules",
        "twice",
        "own id",
    ),
    ("an id with a blank", GPUS, "id: card-80gb", "id: card 80gb", "card 80gb", "holds a blank", "hyphens"),
]


def refusal_of(root: Path) -> DataError:
    with pytest.raises(DataError) as caught:
        load_catalog(root)
    return caught.value


def test_the_smallest_tree_loads(data_tree: Writer) -> None:
    assert list(load_catalog(data_tree()).prices) == [SKU, "shop/card-80gb", "grid/here", "vendor/training"]


@pytest.mark.parametrize(
    ("file", "old", "new", "record", "fault", "mend"), [case[1:] for case in SPOILED], ids=[case[0] for case in SPOILED]
)
def test_a_spoiled_record_is_refused(
    data_tree: Writer, minimal: dict[str, str], file: str, old: str, new: str, record: str, fault: str, mend: str
) -> None:
    assert old in minimal[file], "the case no longer spoils anything"
    error = refusal_of(data_tree({file: minimal[file].replace(old, new, 1)}))
    assert error.file == f"data/{file}"
    assert error.record.startswith(record)
    assert fault in error.fault
    assert mend in error.mend
    assert "pydantic" not in str(error)
    assert "\n" not in str(error)


def test_every_size_of_the_table_has_one_usual_model(data_tree: Writer, minimal: dict[str, str]) -> None:
    models = minimal["models/family.yaml"].replace("usual_of_size: 7b", "usual_of_size: null")
    error = refusal_of(data_tree({"models/family.yaml": models}))
    assert (error.record, error.fault) == ("table-7b", "model_size 7b is the usual_of_size of 0 models")
    assert "exactly one" in error.mend


@pytest.mark.parametrize(
    ("changes", "file", "record", "fault"),
    [
        ({GPUS: ""}, GPUS, "whole file", "holds no record"),
        ({GPUS: "# nothing\n"}, GPUS, "whole file", "holds no record"),
        ({GPUS: "- a\n- b\n"}, GPUS, "whole file", "no keys"),
        ({GPUS: "gpus: []\n"}, GPUS, "gpus", "not a list of records"),
        ({GPUS: "gpus: 卡".encode("gbk")}, GPUS, "whole file", "not UTF-8"),
        ({GPUS: b"gpus: \x07"}, GPUS, "whole file", "not valid YAML"),
        ({GPUS: None}, GPUS, "whole file", "is missing"),
        ({RULES: None}, RULES, "whole file", "is missing"),
        ({PRESET: None}, "presets", "whole folder", "no .yaml file"),
        ({RENTAL: None}, "prices/gpu_rental", "whole folder", "no .yaml file"),
        ({"prices/gpu_rental/other.yml": "x: 1"}, "prices/gpu_rental/other.yml", "whole file", "does not read"),
        ({"prices/gpu_rentals/other.yaml": "x: 1"}, "prices/gpu_rentals/other.yaml", "whole file", "does not read"),
        ({TRAFFIC: "growth: {}\n"}, TRAFFIC, "parameters", "only key"),
    ],
)  # fmt: skip
def test_a_spoiled_file_is_refused(
    data_tree: Writer, changes: dict[str, Any], file: str, record: str, fault: str
) -> None:
    error = refusal_of(data_tree(changes))
    assert (error.file, error.record) == (f"data/{file}", record)
    assert fault in error.fault
    assert error.mend


@pytest.mark.parametrize(
    ("file", "copy", "record"),
    [
        (RENTAL, "prices/gpu_rental/zz.yaml", SKU),
        (RENTAL, "prices/gpu_purchase/zz.yaml", SKU),
        (MODELS, "models/zz.yaml", "open-7b"),
        (TRAFFIC, "parameters/zz.yaml", "growth"),
        (PRESET, "presets/zz.yaml", "example"),
    ],
)
def test_an_id_stands_in_one_file_only(
    data_tree: Writer, minimal: dict[str, str], file: str, copy: str, record: str
) -> None:
    text = minimal[file].replace("USD/GPU/h", "USD/GPU") if "purchase" in copy else minimal[file]
    error = refusal_of(data_tree({copy: text}))
    assert (error.record, "already used" in error.fault) == (record, True)
    assert {error.file, f"data/{file}", f"data/{copy}"} == {f"data/{file}", f"data/{copy}"}


def test_two_presets_never_share_a_place(data_tree: Writer, minimal: dict[str, str]) -> None:
    error = refusal_of(data_tree({"presets/zz.yaml": minimal[PRESET].replace("id: example", "id: second")}))
    assert error.file == "data/presets/zz.yaml"
    assert "order" in error.fault


def test_one_size_of_model_has_one_row(data_tree: Writer, minimal: dict[str, str]) -> None:
    row = minimal[TABLE].split("rows:\n")[1].replace("table-7b", "table-7b-again")
    error = refusal_of(data_tree({TABLE: minimal[TABLE] + row.lstrip("\n")}))
    assert (error.file, error.record) == (f"data/{TABLE}", "table-7b-again")
    assert "table-7b" in error.fault
