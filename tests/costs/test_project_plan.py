"""A project in steps: consistent with the bill of the case, in its currency."""

from dataclasses import replace

import pytest

from advisor.assumptions import resolve
from advisor.core.notices import UnknownPrice
from advisor.core.records import Assumptions
from advisor.costs.project_plan import (
    FULL_RUN,
    REHEARSAL,
    Monthly,
    Plan,
    by_the_month,
    plan_cost,
    project_plan,
    rehearsal_saves,
    stage_gates,
)
from advisor.options.declared import total
from advisor.options.tune import project_items
from advisor.scenario import Scenario
from tests.cases import DAY, catalog, preset


def assumptions(case: Scenario) -> Assumptions:
    return resolve(case, catalog(), DAY)


def plan_of(case: Scenario) -> Plan:
    return project_plan(case, assumptions(case), catalog())


@pytest.mark.parametrize("name", ["article-000", "article-001", "article-002", "extraction", "copywriting", "chat"])
def test_steps_cost_what_the_project_costs_but_for_rehearsals_and_disks(name: str) -> None:
    case = preset(name)
    plan = plan_of(case)
    cost = plan_cost(plan.steps, plan.prices)
    extra = sum(
        float(own) for step, own in zip(plan.steps, cost.costs.gpu, strict=True) if step.id.startswith("first_")
    )
    project = total(project_items(assumptions(case)))
    assert project is not None
    assert cost.total - extra - cost.paused_disk == pytest.approx(float(project))


def test_rehearsals_come_before_the_run_and_take_less() -> None:
    plan = plan_of(preset("extraction"))
    hours = {step.id: step.hours for step in plan.steps}
    assert [step.id for step in plan.steps][2:5] == [REHEARSAL, "first_500", FULL_RUN]
    assert hours[REHEARSAL] < hours["first_500"] < hours[FULL_RUN]


def test_few_examples_need_no_stage_as_large_as_the_whole() -> None:
    assert [s.id for s in plan_of(preset("extraction", training_examples=300)).steps][2:4] == [REHEARSAL, FULL_RUN]
    assert REHEARSAL not in {s.id for s in plan_of(preset("extraction", training_examples=80)).steps}


def test_a_rehearsal_pays_only_where_full_runs_are_dear() -> None:
    plan = plan_of(preset("extraction", training_examples=5000))
    cheap = rehearsal_saves(plan.steps, plan.prices, catalog())
    assert cheap is not None
    assert cheap > 0
    tiny = plan_of(preset("extraction", training_examples=101))
    little = rehearsal_saves(tiny.steps, tiny.prices, catalog())
    assert little is not None
    assert little < 0
    told = plan_of(preset("article-003"))
    assert rehearsal_saves(told.steps, told.prices, catalog()) is None


def test_an_own_card_pays_no_disk_while_it_rests() -> None:
    assert plan_of(preset("article-000")).prices.paused_disk_hour == 0
    assert plan_of(preset("extraction")).prices.paused_disk_hour > 0


def test_a_told_plan_is_told_in_the_currency_of_the_case() -> None:
    told = plan_of(preset("article-003"))
    case = preset("article-003", currency="USD", training_gpu_price=15 / 7)
    in_dollars = plan_of(case)
    assert in_dollars.monthly.price is not None
    assert told.monthly.price is not None
    assert in_dollars.monthly.price < told.monthly.price / 5
    assert in_dollars.monthly.price / in_dollars.monthly.hour_price == pytest.approx(300)


def test_without_a_price_by_the_month_nothing_is_compared() -> None:
    plan = plan_of(preset("extraction"))
    cost = plan_cost(plan.steps, plan.prices)
    assert by_the_month(cost, plan.monthly, 30) is None
    assert by_the_month(cost, Monthly(365.0, 0.5, 31), 30) is not None


def test_without_the_price_of_an_hour_there_is_no_plan() -> None:
    case = preset("extraction", training_gpu="rtx-3090-24gb", training_source="own_card")
    a = assumptions(case)
    unpriced = replace(a, rows={**a.rows, "card_price": replace(a.rows["card_price"], value=None)})
    with pytest.raises(UnknownPrice):
        project_plan(case, unpriced, catalog())


@pytest.mark.parametrize("name", ["extraction", "copywriting", "chat", "article-001"])
def test_what_a_graded_run_needs_is_spent_by_the_time_it_is_graded(name: str) -> None:
    """Examples are bought before they are checked, and a run is trained on them before it is graded."""
    case = preset(name)
    a = assumptions(case)
    items = {item.id: item for item in project_items(a)}
    bought = float(total((items["bought_examples"],)) or 0)
    gates = {gate.step: gate for gate in stage_gates(case, a, catalog())}
    assert gates["data"].spent >= bought
    plan = project_plan(case, a, catalog())
    spent = dict(zip((step.id for step in plan.steps), plan_cost(plan.steps, plan.prices).spent, strict=True))
    assert {name: gate.spent for name, gate in gates.items()} == {name: spent[name] for name in gates}
    late = ("contingency", "other_one_time", "serving_cards")
    release = [float(total((items[name],)) or 0) for name in late if name in items]
    setup = catalog().number("plan_setup_share")
    work = float(total((items["engineering"],)) or 0) * (1 - setup)
    assert gates["evaluation"].next_spend == pytest.approx(work + sum(release), rel=0.002)  # the paused disk


def test_a_vendor_is_paid_for_the_run_before_it_is_graded() -> None:
    case = preset("extraction", training_source="managed", managed_route="together/up-to-16b")
    a = assumptions(case)
    compute = [item for item in project_items(a) if item.category == "compute"]
    step = next(step for step in plan_of(case).steps if step.id == FULL_RUN)
    assert step.bought == pytest.approx(float(total(compute) or 0))
    assert step.bought > 0
