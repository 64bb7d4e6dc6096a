"""The facts the product ships: they load, hang together and stay plausible."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from advisor.catalog.catalog import Catalog
from advisor.catalog.fields import ModelSize
from advisor.catalog.loader import DATA_ROOT, load_catalog
from advisor.catalog.model_fields import parameters_of_fields
from advisor.catalog.records import Source
from advisor.core.notices import DataError
from advisor.core.units import CURRENCIES

GATHERED = date(2026, 11, 20)
SIZES = ["7b", "13b", "34b", "70b"]
"""Of article 001's table."""
FREE = {"Apache-2.0", "MIT"}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def sources_in(record: object) -> Iterator[Source]:
    if isinstance(record, Source):
        yield record
    elif isinstance(record, BaseModel):
        for name in type(record).model_fields:
            yield from sources_in(getattr(record, name))
    elif isinstance(record, tuple):
        for part in record:
            yield from sources_in(part)


def test_every_record_names_a_source_that_was_read(catalog: Catalog) -> None:
    books = [catalog.gpus, catalog.models, catalog.prices, catalog.exchange_rates, catalog.training_table]
    books += [catalog.parameters, catalog.presets, *catalog.coefficients.values()]
    for book in books:
        assert book
        for key, record in book.items():
            found = list(sources_in(record))
            assert found, f"{key} names no source"
            assert all(date(2026, 1, 1) <= source.retrieved <= date.today() for source in found), key


def test_peaks_are_dense(catalog: Catalog) -> None:
    """A sparse figure is twice the dense one: no card of a generation may exceed its dense peak."""
    ceilings = {"Turing": 131, "Volta": 130, "Ampere": 312, "Ada": 367, "Hopper": 990, "Blackwell": 2500}
    ceilings |= {"CDNA2": 383, "CDNA3": 1308, "CDNA4": 2500, "RDNA3": 123, "Gaudi": 1835}
    for gpu in catalog.gpus.values():
        generation = gpu.architecture.split()[0]
        assert generation in ceilings, f"{gpu.id}: name the highest dense 16-bit peak of {generation} in this test"
        assert gpu.bf16_dense_tflops <= ceilings[generation], gpu.id
        if gpu.fp8_dense_tflops is not None:
            assert gpu.fp8_dense_tflops / gpu.bf16_dense_tflops <= 4.01, gpu.id
        if gpu.int8_dense_tops is not None:
            assert 1 <= gpu.int8_dense_tops / gpu.bf16_dense_tflops <= 4.05, gpu.id


def test_a_label_names_one_card(catalog: Catalog) -> None:
    labels_of = [{label.lower() for label in (gpu.id, gpu.name, *gpu.names)} for gpu in catalog.gpus.values()]
    labels = [label for own in labels_of for label in own]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize(
    ("gpu_id", "memory_gib", "bandwidth", "peak", "power"),
    [
        ("a100-sxm-80gb", 80, 2039, 312, 400),
        ("h100-sxm-80gb", 79.65, 3350, 989.4, 700),
        ("a10g-24gb", 22.49, 600, 70, 300),
        ("a10-24gb", 22.49, 600, 125, 150),
        ("rtx-4090d-24gb", 23.99, 1008, 147.1, 425),
    ],
)
def test_cards_that_are_easily_confused(
    catalog: Catalog, gpu_id: str, memory_gib: float, bandwidth: float, peak: float, power: float
) -> None:
    gpu = catalog.gpu(gpu_id)
    found = (gpu.memory_gib, gpu.memory_bandwidth_gb_per_s, gpu.bf16_dense_tflops, gpu.tdp_w)
    assert found == (memory_gib, bandwidth, peak, power)


def test_a_card_holds_what_its_id_says(catalog: Catalog) -> None:
    for gpu in catalog.gpus.values():
        nominal = float(gpu.id.rsplit("-", 1)[1].removesuffix("gb"))
        assert 0.92 <= gpu.memory_gib / nominal <= 1, gpu.id


def test_the_training_table_is_the_article_s(catalog: Catalog) -> None:
    table = catalog.training_table
    assert list(table) == SIZES
    assert [table[size].gpus for size in SIZES] == [1, 2, 4, 8]
    assert [(table[s].lora_hours.low, table[s].lora_hours.high) for s in SIZES] == [(2, 4), (4, 8), (8, 16), (16, 48)]
    assert [(table[s].full_hours.low, table[s].full_hours.high) for s in SIZES] == [
        (8, 24),
        (24, 72),
        (72, 168),
        (168, 504),
    ]
    assert [table[s].stated_cost_usd.high for s in SIZES] == [50, 200, 800, 3000]


def test_each_size_has_a_usual_model_of_that_size(catalog: Catalog) -> None:
    sizes = get_args(ModelSize)
    usual = {size: catalog.usual_model(size) for size in sizes}
    assert len([m for m in catalog.models.values() if m.usual_of_size is not None]) == len(sizes)
    assert all(usual[size].model_size == size for size in sizes)
    assert [usual[s].params_b for s in sizes] == sorted(usual[s].params_b for s in sizes)


def test_the_usual_model_of_a_size_is_a_current_one(catalog: Catalog) -> None:
    """No newer one with a free licence is known of its size; above 34B no dense one has a free licence."""
    for size in get_args(ModelSize):
        usual = catalog.usual_model(size)
        assert usual.released is not None
        assert usual.licence in FREE or size == "70b"
        rivals = [m for m in catalog.models.values() if m.model_size == size and (m.licence in FREE or size == "70b")]
        assert usual.released == max(m.released for m in rivals if m.released is not None), size
        assert usual.windowed_layers is None


def test_the_cards_and_models_that_teams_have_are_here(catalog: Catalog) -> None:
    """Enough to find one's own, three of the makers, and 40 models of 2025 and later."""
    assert len(catalog.gpus) >= 60
    assert {gpu.vendor for gpu in catalog.gpus.values()} >= {"NVIDIA", "AMD", "Intel"}
    assert len([m for m in catalog.models.values() if m.released and m.released >= "2025"]) >= 40


def test_fourteen_families_from_half_a_billion_parameters_up(catalog: Catalog) -> None:
    models = catalog.models.values()
    assert len({model.family for model in models}) >= 14
    assert min(model.params_b for model in models) < 0.5
    assert all(model.licence for model in models)
    assert all((model.licence in FREE) or model.licence_limits for model in models)


def test_parameters_of_a_model_follow_from_its_shape(catalog: Catalog) -> None:
    """Attention, gated feed-forward and embeddings add up to params_b within 2 %.

    Layers with a state, or with other heads than the rest, are no part of the fields: their models are counted from the
    whole configuration in ``test_own_model``.
    """
    for model in catalog.models.values():
        if model.linear_layers is None and model.cached_values is None:
            fields = model.model_dump() | {"head_dim": model.head_dim or model.hidden_size // model.heads}
            assert parameters_of_fields(fields)[0] / 1e9 == pytest.approx(model.params_b, rel=0.02), model.id


def test_rentals_lie_within_what_the_market_asks(catalog: Catalog) -> None:
    for card, low, high in (("a100-sxm-80gb", 0.8, 5), ("h100-sxm-80gb", 2, 8), ("rtx-4090-24gb", 0.2, 1.5)):
        middle, offers = catalog.median_rental(card, GATHERED)
        assert middle is not None
        assert offers >= 2
        assert low <= middle.value <= high, card


def test_every_currency_has_a_rate_today(catalog: Catalog) -> None:
    for currency in CURRENCIES:
        assert catalog.exchange_rate(currency, GATHERED) is not None


def test_the_prices_of_the_articles_are_kept(catalog: Catalog) -> None:
    expected = {
        "articles/000/a10g-24gb/hour": (5, "CNY/GPU/h"),
        "articles/000/rtx-4090d-24gb/new": (13500, "CNY/GPU"),
        "articles/000/china/residential": (0.58, "CNY/kWh"),
        "articles/001/a100-sxm-80gb/hour": (3, "USD/GPU/h"),
        "articles/002/a100-sxm-80gb/hour": (27.08, "CNY/GPU/h"),
        "articles/003/rtx-3090-24gb/hour": (15, "CNY/GPU/h"),
        "articles/003/a10-24gb/hour": (20, "CNY/GPU/h"),
        "articles/003/a100-sxm-80gb/hour": (40, "CNY/GPU/h"),
        "articles/003/a100-sxm-80gb/month": (12000, "CNY/GPU/month"),
    }
    articles = {sku.id: sku for sku in catalog.prices.values() if sku.provider_class == "article"}
    assert articles.keys() == expected.keys()
    for sku_id, (value, unit) in expected.items():
        point = catalog.price(sku_id, GATHERED)
        assert point is not None
        assert (point.value, point.unit) == (value, unit)


def test_data_files_hold_no_path_of_a_machine() -> None:
    for path in Path(DATA_ROOT).rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert not any(place in text for place in ("/home/", "/tmp/", "/work/")), path.name


def test_a_constant_of_the_product_is_known_or_refused(catalog: Catalog) -> None:
    """Nobody is asked for it, so an unknown one is a fault of the data and never 0."""
    assert catalog.number("adapter_overhead") == catalog.parameter("adapter_overhead").value
    unknown = catalog.parameter("adapter_overhead").model_copy(update={"value": None})
    broken = replace(catalog, parameters={**catalog.parameters, unknown.id: unknown})
    with pytest.raises(DataError, match="adapter_overhead: value is None"):
        broken.number(unknown.id)


def test_a_default_taken_over_from_an_article_is_a_judgement(catalog: Catalog) -> None:
    """An article that assumes a figure publishes no finding; one that timed a run or named a length measured it."""
    timed = {"startup_hours"}
    taken = {
        name
        for name, record in catalog.parameters.items()
        for said in (record, *record.markets.values(), *record.needs.values())
        if said.kind == "published" and said.source.url is None
    }
    assert taken == timed
    assert catalog.parameter("hourly_rate").kind == "judgement"
