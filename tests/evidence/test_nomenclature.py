"""The table of names knows every name, with the unit the code gives it."""

import re
from dataclasses import fields
from pathlib import Path

import numpy as np

from advisor.assumptions import resolve
from advisor.catalog.catalog import Catalog
from advisor.core.records import METRICS, Metrics
from advisor.core.units import is_unit
from advisor.decision.advice import Advice, preset_scenario
from advisor.options import tune
from advisor.options.declared import Demand
from advisor.options.registry import UNTUNED
from advisor.scenario import QUESTIONS, Scenario
from tests.evidence.conftest import ON

PAGE = Path(__file__).resolve().parents[2] / "docs" / "nomenclature.md"
ROW = re.compile(r"^\| `(\w+)` \| [^|]* \| [^|]+ \| `([^`]+)` \|$", re.MULTILINE)


def section(title: str) -> dict[str, str]:
    """Name to unit of one section."""
    text = PAGE.read_text(encoding="utf-8").split(f"\n## {title}\n")[1].split("\n## ")[0]
    return dict(ROW.findall(text))


def test_every_question_stands_with_its_unit() -> None:
    assert section("Questions") == {q.id: q.unit for q in QUESTIONS.values()}


def test_every_metric_stands() -> None:
    listed = section("Metrics")
    assert list(listed) == [f.name for f in fields(Metrics)]
    assert all(is_unit(unit) or unit == "money/month" for unit in listed.values())
    units = {name: metric.unit for name, metric in METRICS.items()} | {"monthly_savings": "money/month"}
    assert {name: listed[name] for name in METRICS} == units


OWN = {"daily_requests": 9, "current_cost_per_request": 1, "serving_route": "own_card"}
HOSTED = {"daily_requests": 9, "current_cost_per_request": 1, "serving_route": "hosted"}
MANAGED = {"managed_route": "azure-openai/gpt-4o-mini", "training_source": "managed", "serving_route": "hosted"}
QUALITY = {"daily_requests": 9, "cost_per_failure": 5, "review_share": 0.1, "current_fixed_monthly_cost": 9}


def test_every_line_item_stands_with_its_unit(advices: dict[str, Advice], catalog: Catalog) -> None:
    others = [HOSTED | {"tuned_input_price": 1, "tuned_output_price": 1}, MANAGED, QUALITY, OWN]
    found = [resolve(Scenario.from_answers(case), catalog, ON) for case in others]
    found += [a.assessment.assumptions for a in advices.values()]
    month = Demand(np.ones(1), np.ones(1), call_price=1.0)  # the last as well, in which GPUs are sold
    items = [i for a in found for i in tune.declare(a, month).line_items]
    results = [a.assessment.economics for a in advices.values()]
    items += [i for e in results if e for i in (*e.today.line_items, *e.tuned.line_items)]
    rich = resolve(preset_scenario("extraction", catalog).with_(**QUALITY), catalog, ON)
    items += [i for option in UNTUNED.values() for i in option.declare(rich, Demand(np.ones(1))).line_items]
    assert section("Line items") == {i.id: i.unit for i in items}
