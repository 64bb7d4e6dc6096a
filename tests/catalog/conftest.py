"""A smallest data tree that loads, written to a temporary folder, for tests that break it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SOURCE = '{title: A page, url: "https://example.org/", retrieved: 2026-02-01}'

MINIMAL = {
    "uses.yaml": f"""
uses:
  - id: a-use
    icon: label
    summary: What it does
    typical:
      growth: {{value: 0.3, kind: judgement, source: {SOURCE}}}
""",
    "hardware/gpus.yaml": f"""
gpus:
  - id: card-80gb
    name: Card
    vendor: Maker
    architecture: First
    launched: "2020-11"
    memory_gib: 80
    memory_bandwidth_gb_per_s: 2039
    bf16_dense_tflops: 312
    fp8_dense_tflops: null
    tdp_w: 400
    link_gb_per_s: 600
    launch_price_usd: null
    kind: published
    source: {SOURCE}
""",
    "estimators/memory.yaml": f"""
coefficients:
  context_gib:
    unit: GiB
    value: 0.5
    kind: measured
    source: {SOURCE}
    note: Why
""",
    "hardware/training_table.yaml": """
rows:
  - id: table-7b
    model_size: 7b
    gpu: card-80gb
    gpus: 1
    lora_hours: {low: 2, high: 4}
    full_hours: {low: 8, high: 24}
    stated_cost_usd: {low: 10, high: 50}
    samples: 1000
    epochs: 3
    kind: published
    source: {title: Table, article: "001", retrieved: 2026-02-01}
""",
    "models/family.yaml": f"""
models:
  - id: open-7b
    name: Open 7B
    family: open
    params_b: 7
    active_params_b: 7
    hidden_size: 4096
    layers: 32
    heads: 32
    kv_heads: 8
    ffn_size: 11008
    vocab_size: 32000
    model_size: 7b
    usual_of_size: 7b
    kind: published
    source: {SOURCE}
""",
    "prices/exchange_rates.yaml": f"""
rates:
  - currency: USD
    unit: USD/USD
    values:
      - {{effective_from: 2025-01-01, value: 1, kind: published, source: {SOURCE}}}
    last_verified: 2026-02-01
""",
    "prices/gpu_rental/cloud.yaml": f"""
provider: Cloud
provider_class: specialist
skus:
  - id: cloud/card-80gb
    gpu: card-80gb
    pricing_category: standard
    charge_frequency: usage_based
    unit: USD/GPU/h
    list_unit_prices:
      - {{effective_from: 2026-01-01, value: 2.49, kind: published, source: {SOURCE}}}
      - {{effective_from: 2026-01-15, value: 1.99, kind: published, source: {SOURCE}}}
    last_verified: 2026-02-01
""",
    "prices/gpu_purchase/shop.yaml": f"""
provider: Shop
provider_class: retail
skus:
  - id: shop/card-80gb
    gpu: card-80gb
    pricing_category: standard
    charge_frequency: one_time
    unit: USD/GPU
    list_unit_prices:
      - {{effective_from: 2026-01-01, value: 9000, kind: published, source: {SOURCE}}}
    last_verified: 2026-02-01
""",
    "prices/electricity/grid.yaml": f"""
provider: Grid
provider_class: utility
skus:
  - id: grid/here
    region: Here
    pricing_category: standard
    charge_frequency: usage_based
    unit: USD/kWh
    list_unit_prices:
      - {{effective_from: 2026-01-01, value: 0.12, kind: published, source: {SOURCE}}}
    last_verified: 2026-02-01
""",
    "prices/managed_tuning/vendor.yaml": f"""
provider: Vendor
provider_class: vendor
skus:
  - id: vendor/training
    item: training
    model: open-7b
    pricing_category: standard
    charge_frequency: usage_based
    unit: USD/Mtok
    list_unit_prices:
      - {{effective_from: 2026-01-01, value: 0.5, kind: published, source: {SOURCE}}}
    last_verified: 2026-02-01
""",
    "parameters/traffic.yaml": """
parameters:
  growth:
    unit: fraction/year
    value: 0.2
    interval: {low: 0.1, high: 0.4, shape: pert}
    kind: judgement
    source: {title: Judgement, retrieved: 2026-02-01}
""",
    "presets/example.yaml": """
id: example
order: 1
title: Example
summary: An example
kind: judgement
source: {title: Judgement, retrieved: 2026-02-01}
answers: {requests_per_day: 1000}
""",
    "levers/domains.yaml": """
domains:
  - {id: hidden, part: hidden, floor: 0.3, kind: judgement, source: {title: Judgement, retrieved: 2026-02-01}}
""",
    "levers/general.yaml": """
levers:
  - id: checks
    domain: hidden
    name: Checks
    needs: An hour
    multiplier: {low: 0.4, base: 0.6, high: 0.9}
    kind: judgement
    source: {title: Judgement, retrieved: 2026-02-01}
""",
    "plans/example.yaml": """
plans:
  - id: example-plan
    preset: example
    currency: USD
    wage: 0
    steps:
      - {name: Run, hours: 1, gpus: 1, people: 1, stop: It fails}
    monthly: {price: 12000, hour_price: 40, days: 7, name: A100}
    source: {title: Plan, article: "003", retrieved: 2026-02-01}
""",
    "articles/example.yaml": """
articles:
  - id: example-tables
    preset: example
    kind: published
    source: {title: Tables, article: "002", retrieved: 2026-02-01}
    run:
      currency: USD
      steps: [{name: Run, seconds: 60, trains: true}]
      printed_seconds: 60
      working_hours: 2000
      wages: [{name: Somebody, salary: 100000, printed_value: 1}]
      power: [{name: Card, watts: 300}]
      used_hours: 1200
      printed_total: 0.1
      cloud: {price: cloud/card-80gb, seconds: 60, fee: 0, printed_total: 1}
    memory:
      model: open-7b
      method: full
      sequence: 1024
      micro_batch: 1
      weights_gb: 14
      gradients_gb: 14
      optimizer_gb: 28
      activations_gb: 9
      printed_total_gb: 65
""",
    "routes/vendor.yaml": f"""
routes:
  - id: vendor/open-7b
    provider: Vendor
    name: Vendor
    base: Open 7B
    model: open-7b
    training: vendor/training
    unknown: [hosting]
    newcomers: {{on: 2026-03-01, kind: published, source: {SOURCE}}}
    on_sale: {{on: 2026-06-01, kind: published, source: {SOURCE}}}
    retires: {{on: 2027-01-01, kind: published, source: {SOURCE}}}
""",
    "lifetimes/models.yaml": f"""
lifetimes:
  - id: vendor/closed
    retires: {{on: 2027-01-01, kind: published, source: {SOURCE}}}
""",
    "lifetimes/retirement_sources.yaml": f"""
retirement_sources:
  - {{id: vendor, kind: published, source: {SOURCE}}}
""",
    "rules/decision.yaml": """
matrix: {low: 100, high: 1000, article_low: 100, article_high: 1000}
bands:
  - {verdict: strong_yes, below_months: 2, article_below_months: 2}
  - {verdict: caution, below_months: 12, article_below_months: 12}
limits:
  fewest_examples: 50
  advised_examples: 100
  nearly_same_share: 0.05
  wait_months: 6
  facts_change_days: 30
price_stale_after_days: 60
fewest_offers: 3
rules:
  - {id: R12, name: payback_band, basis: Article 001}
source: {title: Article 001, article: "001", retrieved: 2026-02-01}
""",
}

Writer = Callable[..., Path]


@pytest.fixture
def data_tree(tmp_path: Path) -> Writer:
    """Writes the smallest tree, with ``changes`` to single files: new text, bytes, or None to leave the file out."""

    def write(changes: dict[str, Any] | None = None) -> Path:
        root = tmp_path / "data"
        for path, text in {**MINIMAL, **(changes or {})}.items():
            if text is None:
                continue
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(text if isinstance(text, bytes) else text.encode())
        return root

    return write


@pytest.fixture
def minimal() -> dict[str, str]:
    """Path and text of each file of the smallest tree."""
    return dict(MINIMAL)
