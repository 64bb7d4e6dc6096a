"""The worked prices of a request, through the items that the application shows for today's model."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from advisor.assumptions import resolve
from advisor.catalog.catalog import Catalog
from advisor.catalog.loader import load_catalog
from advisor.core.records import Assumptions
from advisor.options import keep_as_is
from advisor.options.declared import total
from advisor.scenario import Scenario

CASES = yaml.safe_load(Path(__file__).with_name("api_cost.yaml").read_text(encoding="utf-8"))["cases"]
NOT_ASKED = {"removed_static_share", "failure_rate", "retries"}
BEFORE_EVERY_RATE = date(2000, 1, 1)
SAME = ("cache_hit_share", "batch_share", "batch_discount")
SHOWN = [case for case in CASES if not NOT_ASKED & case["inputs"].keys()]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def assumptions(inputs: dict, catalog: Catalog) -> Assumptions:
    tokens = inputs["static_input_tokens"] + inputs["dynamic_input_tokens"]
    answers = {
        "input_tokens": tokens,
        "static_prompt_share": inputs["static_input_tokens"] / tokens if tokens else 0,
        "output_tokens": inputs["output_tokens"],
        "current_input_price": inputs["input_price"],
        "current_output_price": inputs["output_price"],
        "current_cached_input_price": inputs["input_price"] * inputs.get("cache_read_multiplier", 1),
        "current_cache_write_price": inputs["input_price"] * inputs.get("cache_write_multiplier", 1),
        "cached_batch_discount": inputs.get("batch_discount", 0) * inputs.get("cache_and_batch_stack", 1),
        "retry_share": inputs.get("failure_rate", 0),
        **{name: inputs.get(name, 0) for name in SAME},
    }
    return resolve(Scenario.from_answers({"currency": "USD", **answers}), catalog, date(2026, 11, 20))


@pytest.mark.parametrize("case", SHOWN, ids=lambda case: case["name"])
def test_the_items_add_up_to_the_worked_price(case: dict, catalog: Catalog) -> None:
    items = keep_as_is.line_items(assumptions(case["inputs"], catalog))
    assert total(items) == pytest.approx(case["expect"]["cost_per_request"], rel=1e-9)


def test_most_cases_are_shown() -> None:
    assert {"G060", "G061", "G063", "G066"} <= {case["reference"] for case in SHOWN}


def test_one_unknown_price_leaves_the_others_known(catalog: Catalog) -> None:
    """Without an exchange rate the default of the cache price is open; the prices given in the currency stay."""
    answers = {"currency": "CNY", "current_input_price": 3, "current_output_price": 15, "batch_share": 0}
    a = resolve(Scenario.from_answers(answers), catalog, BEFORE_EVERY_RATE)
    prices = {item.id: item.unit_price for item in keep_as_is.line_items(a)}
    assert prices["current_cached_prompt"] is None
    assert (prices["current_prompt"], prices["current_answer"]) == (3, 15)
