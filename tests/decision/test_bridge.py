"""The walk from the article's case to today's explains the whole difference."""

import pytest

from advisor.decision.advice import walk_from_compared
from advisor.decision.bridge import walk
from tests.cases import DAY, advice, catalog, preset


def test_the_walk_begins_at_the_article_and_ends_at_the_case() -> None:
    case = preset("article-001-today")
    steps = walk_from_compared(case, catalog(), DAY)
    start, end = advice(preset("article-001")).assessment.metrics, advice(case).assessment.metrics
    assert start is not None
    assert end is not None
    assert (steps[0].npv, steps[-1].npv) == (pytest.approx(start.npv), pytest.approx(end.npv))
    assert (steps[0].investment, steps[-1].investment) == (pytest.approx(2036), pytest.approx(end.investment))
    assert steps[-1].payback_status == end.payback_status


def test_a_walk_to_itself_does_not_move() -> None:
    case = preset("article-001")
    assert [s.npv for s in walk(case, case, catalog(), DAY)] == pytest.approx([30364] * 8)


def test_a_case_without_comparison_has_no_walk() -> None:
    assert walk_from_compared(preset("chat"), catalog(), DAY) == ()
