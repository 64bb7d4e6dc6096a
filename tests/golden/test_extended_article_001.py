"""Article 001 with the costs it leaves out, beside the published worked example of the same case, number by number."""

import numpy as np
import pytest

from advisor.core.records import Economics
from advisor.decision.advice import sampling
from advisor.formulas import cash_flow_timing, finance
from advisor.risk.simulation import draw, simulate
from advisor.risk.summary import risk_of
from tests.cases import advice, catalog, preset

EXAMPLE_FALL = 0.2
"""In the worked example the price of what falls back falls by 20 % a year; here it falls like the model's own, 40 %."""


def economics() -> Economics:
    found = advice(preset("article-001-extended")).assessment.economics
    assert found is not None
    return found


def test_the_bill_is_the_worked_examples() -> None:
    """6,120 once; 730 for the GPU, 400 for people, 900 a retraining every six months; 0.0015 a request falls back."""
    e = economics()
    steady = e.tuned.steady_costs
    assert e.investment == pytest.approx(6120)
    assert (steady["serving_gpus"], steady["operations"]) == (730, 400)
    assert steady["retraining"] * 6 == pytest.approx(900)
    assert steady["fallback"] == pytest.approx(10_000 * 365 / 12 * 0.0015)


def test_one_number_parts_the_point_case_from_the_worked_example() -> None:
    """-2,147 there, -481 here: the difference is what the slower fall of the fallback's price costs, to the dollar."""
    e, m = economics(), advice(preset("article-001-extended")).assessment.metrics
    assert m is not None
    years = (e.months - 1) / 12
    handed_over = e.monthly_requests * cash_flow_timing.adoption(e.months, 2.0, 2.0) * 0.0015
    dearer = handed_over * ((1 - EXAMPLE_FALL) ** years - 0.6**years)
    there = m.npv - float(finance.npv(np.append(0.0, dearer), 0.1))
    assert there == pytest.approx(-2147, abs=1)
    assert (m.payback_status, round(m.payback_months or 0)) == ("reversed_later", 11)


def test_the_odds_tell_the_worked_examples_story() -> None:
    """P(NPV > 0) 0.205 and P(payback <= 12) 0.224 there. A cheaper fallback lifts ours, so two points are allowed."""
    a = advice(preset("article-001-extended")).assessment.assumptions
    found = risk_of(simulate(draw(a, sampling(catalog(), 16_384))))
    assert found.positive_share == pytest.approx(0.205, abs=0.02)
    assert found.within_limit_share == pytest.approx(0.224, abs=0.02)
    assert found.npv.p50 == pytest.approx(-7523, rel=0.1)
    assert found.npv.p90 == pytest.approx(10_771, rel=0.15)
    assert found.evpi == pytest.approx(3024, rel=0.1)


def test_the_verdict_is_to_look_facts_up_where_the_article_says_strongly() -> None:
    """The worked example says pilot first: all knowledge is worth 3,024. A trial tells of the quality only, and that
    alone never makes tuning pay; half of the worth lies in facts that somebody can look up within hours."""
    assert advice(preset("article-001")).recommendation.verdict == "strong_yes"
    found = advice(preset("article-001-extended"))
    assert found.recommendation.verdict == "look_up_first"
    assert found.actions is not None
    assert found.risk is not None
    assert found.risk.evpi == pytest.approx(3024, rel=0.1)
    assert found.actions["tune_now"].mean < 0
    assert found.actions["trial_first"].go_share == 0
    assert 0 < found.actions["look_up_first"].mean < 3024
