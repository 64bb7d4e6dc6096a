"""Runs ``refused_input.yaml``: inputs that no formula may see. Its names are those of article 001's calculator."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from advisor.assumptions import resolve
from advisor.catalog.loader import load_catalog
from advisor.core.notices import InputError
from advisor.scenario import Scenario

CASES = yaml.safe_load(Path(__file__).with_name("refused_input.yaml").read_text(encoding="utf-8"))["cases"]
BEFORE_EVERY_RATE = date(2000, 1, 1)
FIELDS = {
    "data_hours": "data_preparation_hours",
    "hourly_rate": "hourly_rate",
    "gpu_price": "training_gpu_price",
    "train_hours": "training_hours",
    "iterations": "training_runs",
    "daily_requests": "daily_requests",
    "cost_now": "current_cost_per_request",
    "cost_ft": "tuned_cost_per_request",
}
ANSWERS = [case for case in CASES if "rates" not in case["inputs"]]
CONVERSIONS = [case for case in CASES if "rates" in case["inputs"]]


def test_no_case_is_left_out() -> None:
    assert sorted(case["reference"] for case in ANSWERS + CONVERSIONS) == ["G011", "G012", "G017", "G026", "G173"]


@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: case["name"])
def test_an_answer_is_refused_by_its_field(case: dict) -> None:
    with pytest.raises(InputError) as caught:
        Scenario.from_answers({FIELDS[name]: value for name, value in case["inputs"].items()})
    (issue,) = caught.value.issues
    assert (issue.field, issue.code) == (FIELDS[case["expect"]["field"]], case["expect"]["error"])


@pytest.mark.parametrize("case", CONVERSIONS, ids=lambda case: case["name"])
def test_a_currency_without_a_rate_gives_no_number(case: dict) -> None:
    """The currency is known, its rate is not: the product says so and leaves every price of the defaults open."""
    inputs, currency = case["inputs"], case["expect"]["field"]
    scenario = Scenario.from_answers({"currency": inputs["currency_to"], "exchange_rates": inputs["rates"]})
    assumptions = resolve(scenario, load_catalog(), BEFORE_EVERY_RATE)
    assert [n.params["currency"] for n in assumptions.notices if n.code == "rate_missing"] == [currency]
    assert not assumptions.knows("hourly_rate")
    assert not assumptions.knows(f"exchange_rate_{currency}")


@pytest.mark.parametrize("case", CONVERSIONS, ids=lambda case: case["name"])
def test_a_rate_of_a_currency_nobody_knows_is_refused(case: dict) -> None:
    with pytest.raises(InputError) as caught:
        Scenario.from_answers({"exchange_rates": {**case["inputs"]["rates"], "XAU": 1}})
    assert caught.value.issues[0].code == case["expect"]["error"]
