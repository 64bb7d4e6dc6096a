"""The verdict, rule after rule, on facts as a reader would tell them."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from advisor.catalog.loader import load_catalog
from advisor.core.notices import InputError
from advisor.decision.facts import Facts
from advisor.decision.rules import RULES, recommend
from advisor.risk.summary import Odds

DOCUMENT = yaml.safe_load(Path(__file__).with_name("decide.yaml").read_text(encoding="utf-8"))
CATALOG = load_catalog()
PLAIN = {"reason_payback_ok", "reason_middle_never"}


@pytest.mark.parametrize("case", DOCUMENT["cases"], ids=lambda case: case["name"])
def test_the_verdict(case: dict[str, Any]) -> None:
    odds = {name: Odds(*value) for name, value in case["facts"].items() if name == "if_passed"}
    found, expected = recommend(Facts(horizon=24, **{**case["facts"], **odds}), CATALOG.rules), case["expect"]
    assert (found.verdict, found.rule, found.matrix) == (expected["verdict"], expected["rule"], expected["matrix"])
    assert [notice.code for notice in found.reasons[1:]] == expected["reasons"]
    assert [notice.code for notice in found.advice] == expected["advice"]
    assert found.conflict == expected["conflict"]


@pytest.mark.parametrize("case", DOCUMENT["refused"], ids=lambda case: case["name"])
def test_what_cannot_be_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        recommend(Facts(**case["facts"]), CATALOG.rules)
    assert [(issue.code, issue.field) for issue in caught.value.issues] == [
        (case["expect"]["error"], case["expect"]["field"])
    ]


def test_every_rule_decides_some_case() -> None:
    """A new rule needs a case in ``decide.yaml``. R00 only refuses; R08 is tried in tests/decision/test_rules.py."""
    decided = {case["expect"]["rule"] for case in DOCUMENT["cases"]}
    assert set(RULES) - decided == {"R00", "R08"}
    assert [rule.id for rule in CATALOG.rules.rules] == sorted(RULES)
