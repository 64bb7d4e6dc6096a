"""The examples of articles 000, 002, 003 and 004 through the whole engine: what the articles print, or why not."""

import pytest

from advisor.assumptions import resolve
from advisor.core.records import Economics
from advisor.costs.cost_levers import LeverBill, savings
from advisor.costs.project_plan import by_the_month, plan_cost, project_plan
from advisor.money.cash_flows import evaluate
from tests.cases import DAY, catalog, preset

MEASURED = ("article_training", "article_inference")
HIDDEN = "article_process"
CLAIMS = ("article_int8", "article_batches", "article_cache")


def money(name: str, **changes: object) -> Economics:
    found = evaluate(resolve(preset(name, **changes), catalog(), DAY))
    assert isinstance(found, Economics)
    return found


def bench() -> LeverBill:
    return LeverBill(preset("article-004"), catalog(), DAY)


def left(*chosen: str) -> float:
    return savings(bench(), chosen, "priority").total_after


@pytest.mark.parametrize(
    ("changes", "bill"),
    [
        pytest.param({}, 32.18915, id="S000-10: wear over the calendar, as the article spreads it"),
        pytest.param({"engineer_hours": 702 / 3600}, 31.30026, id="S000-10: its own sum of the steps"),
        pytest.param({"card_hours_per_year": 1200}, 32.58155, id="S000-10: wear over the hours of use"),
        pytest.param({"card_hours_per_year": 1200, "hourly_rate": 90}, 18.54266, id="S000-07: a student"),
        pytest.param({"card_hours_per_year": 1200, "hourly_rate": 325}, 65.67322, id="S000-07: a senior engineer"),
    ],
)
def test_article_000_costs(changes: dict[str, float], bill: float) -> None:
    assert float(money("article-000", **changes).investment) == pytest.approx(bill, abs=5e-6)


@pytest.mark.parametrize(
    ("changes", "bill"),
    [
        pytest.param({}, 81.24, id="S002-08: three hours booked, as printed"),
        pytest.param({"training_hours": 0.39125}, 31.78515, id="S002-07: three tries by the article's own formula"),
        pytest.param({"training_hours": 0.39125, "training_runs": 1}, 10.59505, id="S002-05: one run of 23 minutes"),
        pytest.param({"training_hours": 2}, 162.48, id="S002-07: the upper end of its window"),
    ],
)
def test_article_002_costs(changes: dict[str, float], bill: float) -> None:
    assert float(money("article-002", **changes).investment) == pytest.approx(bill)


def test_article_004_costs_600_before() -> None:
    found = money("article-004")
    assert float(found.investment) == pytest.approx(400)
    assert float(found.tuned.steady_monthly_cost) == pytest.approx(200)


def test_article_004_falls_to_190_as_printed() -> None:
    walk = savings(bench(), MEASURED, "priority")
    assert (walk.total_before, walk.total_after) == (pytest.approx(600), pytest.approx(190))
    assert [float(step.saving) for step in walk.steps] == [pytest.approx(270), pytest.approx(140)]
    assert 1 - walk.total_after / walk.total_before == pytest.approx(0.683, abs=5e-4)


def test_article_004_hidden_cost_is_240_and_leaves_208() -> None:
    walk = savings(bench(), (HIDDEN, *MEASURED), "priority")
    assert walk.before == pytest.approx({"hidden": 240, "training": 160, "inference": 200, "rest": 0})
    assert walk.after == pytest.approx({"hidden": 96, "training": 52, "inference": 60, "rest": 0})
    assert walk.total_after == pytest.approx(208)
    assert [float(step.saving) for step in walk.steps] == [pytest.approx(x) for x in (144, 108, 140)]


def test_article_004_claims_do_not_multiply_to_what_it_measured() -> None:
    assert left("article_lora") == pytest.approx(400 * 0.3 + 200)
    assert left("article_lora", "article_fp16") == pytest.approx(400 * 0.3 / 1.3 + 200)
    assert left(*CLAIMS) == pytest.approx(400 + 200 / 1.4 / 2.5 * 0.7)
    found = bench()
    int8, batches, cache = (found.records[name] for name in CLAIMS)
    for end, serving, cached in ((batches.multiplier.high, 71.4286, 50), (batches.multiplier.low, 47.6190, 33.3333)):
        pulled = [found.lever(int8), found.lever(batches, end)]
        assert found.cost(pulled) - 400 == pytest.approx(serving, abs=1e-3)
        assert found.cost([*pulled, found.lever(cache)]) - 400 == pytest.approx(cached, abs=1e-3)


def test_article_004_measurements_take_the_place_of_claims() -> None:
    walk = savings(bench(), (*MEASURED, *CLAIMS, "article_lora", "article_fp16"), "priority")
    assert walk.total_after == pytest.approx(190)
    assert set(walk.displaced) == {*CLAIMS, "article_lora", "article_fp16"}


@pytest.mark.parametrize(("requests", "bill"), [(40, 600), (80, 800), (0, 400)])
def test_article_004_grows_with_the_requests(requests: float, bill: float) -> None:
    found = LeverBill(preset("article-004", daily_requests=requests), catalog(), DAY)
    assert found.cost([]) == pytest.approx(bill)


def test_article_003_plan_as_printed_and_what_each_stop_has_cost() -> None:
    case = preset("article-003")
    plan = project_plan(case, resolve(case, catalog(), DAY), catalog())
    cost = plan_cost(plan.steps, plan.prices)
    assert (cost.total, cost.hours, cost.gpu_hours) == (75, 8, 5)
    assert cost.spent.tolist() == [15, 15, 30, 30, 60, 75]


def test_article_003_month_is_60_times_the_same_card_by_the_hour() -> None:
    case = preset("article-003")
    plan = project_plan(case, resolve(case, catalog(), DAY), catalog())
    found = by_the_month(plan_cost(plan.steps, plan.prices), plan.monthly, 30)
    assert found is not None
    assert (found.hourly, found.monthly, found.multiple, found.break_even_hours) == (200, 12000, 60, 300)
