"""The quality gate: items it takes, and what passes by metric, human rating and worst group of requests."""

import pytest

from advisor.assumptions import resolve
from advisor.costs.quality_gate import (
    QualityGate,
    article_of,
    error_limit,
    example_quality,
    judge,
    quality_gate,
    speed_ups,
)
from tests.cases import DAY, advice, catalog, plain, preset

ENOUGH = QualityGate(0.02, 0.1, 0.85, 1546, 3942, 4000, 0.02, 0.02, 0.05)
RATING = ((8.5, 8.4), 10)


def test_four_hundred_items_do_not_show_two_points() -> None:
    """2.48647 x sqrt(0.1 / 400) where both versions answer the same items; apart it takes 3,942 each."""
    gate = quality_gate(resolve(preset("chat"), catalog(), DAY), catalog())
    assert (gate.items_needed, gate.items_apart, gate.items) == (1546, 3942, 400)
    assert gate.margin_seen == pytest.approx(0.0393, abs=1e-4)
    assert quality_gate(resolve(plain(evaluation_items=0), catalog(), DAY), catalog()).margin_seen is None


@pytest.mark.parametrize(
    ("metric", "status"),
    [((0.52, 0.51), "pass"), ((0.5, 0.52), "pass"), ((0.5, 0.48), "fail"), ((0, 0.5), "undefined")],
)
def test_the_gate_refuses_losses_only(metric: tuple[float, float], status: str) -> None:
    found = judge(ENOUGH, metric, *RATING)
    assert (found.statuses["metric"], found.combined) == (status, status)


def test_the_articles_readings_pass_and_are_not_proven_on_no_items() -> None:
    record = article_of(preset("article-004"), catalog())
    assert record is not None
    q = record.quality
    assert q is not None
    assert q == example_quality(catalog())
    readings = (q.metric_before, q.metric_after), (q.rating_before, q.rating_after), q.rating_scale
    assert readings == ((0.52, 0.51), (8.5, 8.4), 10)
    found = judge(ENOUGH, *readings)
    assert found.changes == {"metric": pytest.approx(-0.0192308, abs=1e-6)}
    assert (found.statuses, found.combined) == ({"metric": "pass", "rating": "pass"}, "pass")
    gate = quality_gate(resolve(preset("article-004"), catalog(), DAY), catalog())
    assert judge(gate, *readings).combined == "not_proven"


@pytest.mark.parametrize(("after", "status"), [(8.3, "pass"), (8.29, "fail"), (9.0, "pass")])
def test_a_rating_may_fall_by_two_tenths_of_ten_points(after: float, status: str) -> None:
    found = judge(ENOUGH, (0.52, 0.51), (8.5, after), 10)
    assert (found.statuses["rating"], found.combined) == (status, status)


@pytest.mark.parametrize(("after", "status"), [(0.57, "pass"), (0.569, "fail")])
def test_the_worst_group_may_fall_by_five_percent(after: float, status: str) -> None:
    found = judge(ENOUGH, (0.52, 0.52), *RATING, worst=(0.6, after))
    assert (found.statuses["slice"], found.combined) == (status, status)


def test_the_articles_speed_ups() -> None:
    record = article_of(preset("article-004"), catalog())
    assert record is not None
    assert [row.gain for row in speed_ups(record)] == pytest.approx([2, 3])
    assert [row.time_saved for row in speed_ups(record)] == pytest.approx([2 / 3, 0.75])
    assert [row.said.printed for row in speed_ups(record)] == [2, 3]


def test_other_cases_have_no_such_table() -> None:
    assert article_of(preset("extraction"), catalog()) is None
    assert article_of(preset("article-000"), catalog()) is None


def test_errors_eat_up_the_saving_from_their_break_even_share() -> None:
    case = preset("extraction", cost_per_failure=0.05)
    found = advice(case).assessment
    limit = error_limit(found.assumptions, found.metrics)
    assert limit is not None
    assert found.metrics is not None
    saving = found.metrics.baseline_cost_per_request - found.metrics.tuned_cost_per_request
    # Every wrong answer more costs 0.05 and no request saves less for it: the saving is gone at saving / 0.05.
    assert (limit.cost, limit.saving) == (0.05, pytest.approx(saving))
    assert 1 - limit.must_stay_right == pytest.approx(saving / 0.05)


@pytest.mark.parametrize("price", [None, 0, 1e-9])
def test_without_a_price_of_an_error_above_the_saving_there_is_no_limit(price: float | None) -> None:
    found = advice(preset("extraction", cost_per_failure=price)).assessment
    assert error_limit(found.assumptions, found.metrics) is None
