"""Runs the worked cases of ``results.yaml``: evaluations and months after the launch, through the whole reading."""

from pathlib import Path

import pytest
import yaml

from advisor.evidence.actual_months import read_actuals
from advisor.evidence.actuals import CAUSES, compare_actuals
from advisor.evidence.evaluation import evaluate_scores, read_scores
from advisor.evidence.results_table import template
from tests.cases import DAY, catalog, plain

WORKED = yaml.safe_load((Path(__file__).parent / "results.yaml").read_text(encoding="utf-8"))


def scores_csv(today_right: int, gained: int, lost: int, items: int) -> bytes:
    """As many items as the case says, of which the last ones are right with neither model."""
    pairs = [(1, 0)] * lost + [(1, 1)] * (today_right - lost) + [(0, 1)] * gained
    pairs += [(0, 0)] * (items - len(pairs))
    return template(("score_today", "score_tuned"), pairs).encode()


@pytest.mark.parametrize("case", WORKED["evaluations"], ids=lambda case: case["name"])
def test_evaluation(case) -> None:
    content = scores_csv(*(case[name] for name in ("today_right", "gained", "lost", "items")))
    found, wanted = evaluate_scores(read_scores(content, "scores.csv"), catalog(), case["margin"]), case["expect"]
    assert (found.whole.today, found.whole.tuned) == pytest.approx((wanted["today"], wanted["tuned"]))
    assert found.whole.difference == pytest.approx(wanted["difference"])
    assert (found.gate, found.whole.missing) == (wanted["gate"], wanted["missing"])


@pytest.mark.parametrize("case", WORKED["months"], ids=lambda case: case["name"])
def test_month(case) -> None:
    content = template(tuple(case["month"]), [tuple(case["month"].values())]).encode()
    found = compare_actuals(read_actuals(content, "months.csv", "USD"), plain(**case["case"]), catalog(), DAY)
    wanted = case["expect"]
    assert dict(found.steps) == pytest.approx(wanted["steps"], abs=1e-9)
    assert tuple(found.steps) == CAUSES
    assert (found.planned_saving, found.actual_saving) == (wanted["planned_saving"], wanted["actual_saving"])
