"""The verdict, rule after rule, on facts as a reader would tell them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from advisor.catalog.loader import load_catalog
from advisor.core.notices import InputError
from advisor.decision.facts import Facts
from advisor.decision.rules import RULES, recommend
from advisor.risk.actions import Action, ActionTable, Outcomes, admitted
from advisor.risk.worlds import Worlds

DOCUMENT = yaml.safe_load(Path(__file__).with_name("decide.yaml").read_text(encoding="utf-8"))
CATALOG = load_catalog()
NOTHING = Worlds(np.zeros(1), np.zeros(1), 1.0)
NO_OUTCOMES = Outcomes(np.zeros(1), np.ones(1), 0.0)


def action(
    name: str, mean: float = 0.0, loss: float = 0.0, go: float = 1.0, cost: float = 0.0, months: float = 0.0
) -> Action:
    """A row of the table of actions; its percentiles play no part in the verdict."""
    return Action(name, mean, loss, cost, months, go, mean, NOTHING, NO_OUTCOMES)  # type: ignore[arg-type]


def facts_of(case: dict[str, Any]) -> Facts:
    told = dict(case["facts"])
    rows = told.pop("actions", None)
    table = None
    if rows is not None:
        every = [action("best_without", go=0.0), *(action(name, **row) for name, row in rows.items())]
        table = ActionTable(
            tuple(admitted(row, 0.5) for row in every), told.get("investment_p50", 6000), 0.5, 0.05, (), None
        )
    return Facts(horizon=24, actions=table, **told)


@pytest.mark.parametrize("case", DOCUMENT["cases"], ids=lambda case: case["name"])
def test_the_verdict(case: dict[str, Any]) -> None:
    found, expected = recommend(facts_of(case), CATALOG.rules), case["expect"]
    assert (found.verdict, found.rule, found.matrix) == (expected["verdict"], expected["rule"], expected["matrix"])
    assert [notice.code for notice in found.reasons[1:]] == expected["reasons"]
    assert [notice.code for notice in found.advice] == expected["advice"]
    assert found.conflict == expected["conflict"]


@pytest.mark.parametrize("case", DOCUMENT["superseded"], ids=lambda case: case["name"])
def test_what_earlier_rules_said_is_told_with_the_reason(case: dict[str, Any]) -> None:
    found = recommend(facts_of(case), CATALOG.rules)
    assert found.verdict == case["expect"]["verdict"]
    assert case["was"] != {"verdict": found.verdict, "rule": found.rule}
    assert len(case["why"]) > 20


@pytest.mark.parametrize("case", DOCUMENT["refused"], ids=lambda case: case["name"])
def test_what_cannot_be_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        recommend(facts_of(case), CATALOG.rules)
    assert [(issue.code, issue.field) for issue in caught.value.issues] == [
        (case["expect"]["error"], case["expect"]["field"])
    ]


def test_every_rule_decides_some_case() -> None:
    """A new rule needs a case in ``decide.yaml``. R00 only refuses; R08 is tried in tests/decision/test_rules.py."""
    decided = {case["expect"]["rule"] for case in DOCUMENT["cases"]}
    assert set(RULES) - decided == {"R00", "R08"}
    assert [rule.id for rule in CATALOG.rules.rules] == list(RULES)
