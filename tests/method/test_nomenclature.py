"""The table of names knows every name, with the unit the code gives it."""

import re
from dataclasses import fields
from pathlib import Path

from advisor.advise import Advice, advise
from advisor.catalog.loader import Catalog
from advisor.results import Metrics
from advisor.scenario import QUESTIONS, Scenario
from advisor.units import is_unit
from tests.method.conftest import ON

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


def test_every_line_item_stands_with_its_unit(advices: dict[str, Advice], catalog: Catalog) -> None:
    hosted = {"daily_requests": 9, "current_cost_per_request": 1, "serving_route": "hosted"}
    other = advise(Scenario.from_answers({**hosted, "tuned_input_price": 1, "tuned_output_price": 1}), catalog, ON)
    results = [a.assessment.economics for a in (*advices.values(), other)]
    items = [i for e in results if e for i in (*e.baseline.line_items, *e.tuned.line_items)]
    assert section("Line items") == {i.id: i.unit for i in items}
