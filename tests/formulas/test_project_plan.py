"""Plans: the sums agree however they are added up, and draws run beside single numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.formulas import project_plan

FEW = settings(max_examples=60)

step = st.tuples(st.floats(0, 200), st.integers(0, 8), st.floats(0, 5), st.floats(1, 4))
step_lists = st.lists(step, min_size=1, max_size=12).map(
    lambda rows: project_plan.PlanSteps(*np.array(rows, dtype=float).T)
)
prices = st.builds(project_plan.Prices, st.floats(0, 50), st.floats(0, 300), st.floats(0, 1))


@FEW
@given(step_lists, prices)
def test_steps_and_kinds_add_up_to_the_same_project(steps, price):
    costs = project_plan.step_costs(steps, price)
    spent = project_plan.spent_when_stopping(costs)
    assert spent[-1] == pytest.approx(project_plan.cost_by_step(costs).sum())
    assert spent[-1] == pytest.approx(sum(project_plan.totals_by_kind(costs)))
    assert (np.diff(spent) >= 0).all()


@FEW
@given(step_lists, prices, st.floats(1, 4))
def test_a_dearer_gpu_never_lowers_a_step(steps, price, factor):
    dearer = price._replace(gpu_hour=price.gpu_hour * factor)
    now, later = (project_plan.cost_by_step(project_plan.step_costs(steps, p)) for p in (price, dearer))
    assert (later >= now).all()


@FEW
@given(step_lists, prices)
def test_a_project_that_always_goes_on_is_expected_to_cost_everything(steps, price):
    cost = project_plan.cost_by_step(project_plan.step_costs(steps, price))
    assert project_plan.expected_cost(cost, 1.0) == pytest.approx(cost.sum())
    assert project_plan.expected_cost(cost, 0.0) == pytest.approx(cost[0])
    assert project_plan.expected_cost(cost, 0.5) <= cost.sum() * (1 + 1e-12)


def test_draws_of_a_plan_are_plans_of_the_draws():
    draws = np.random.default_rng(3).uniform(0.5, 3, (20, 6))
    machines = np.array([1, 0, 1, 0, 1, 1])
    prices = project_plan.Prices(gpu_hour=15.0, wage=100.0, paused_disk_hour=0.05)
    together = project_plan.step_costs(project_plan.PlanSteps(draws, machines, 1.0, 1.0), prices)
    for number, hours in enumerate(draws):
        alone = project_plan.step_costs(project_plan.PlanSteps(hours, machines, 1.0, 1.0), prices)
        assert (
            project_plan.spent_when_stopping(together)[number].tolist()
            == project_plan.spent_when_stopping(alone).tolist()
        )
        assert [kind[number] for kind in project_plan.totals_by_kind(together)] == pytest.approx(
            list(project_plan.totals_by_kind(alone)), rel=1e-12
        )


def test_a_step_without_gpu_pays_people_and_disk_only():
    costs = project_plan.step_costs(
        project_plan.PlanSteps(2.0, np.array([0, 1]), 1.0, 1.0), project_plan.Prices(15.0, 100.0, 0.05)
    )
    assert costs.gpu.tolist() == [0, 30]
    assert costs.people.tolist() == [200, 200]
    assert costs.paused_disk.tolist() == [0.1, 0]


def test_stopping_costs_the_steps_up_to_there():
    cost = np.array([2.75, 7.75, 14.0])
    assert project_plan.expected_cost(cost, np.array([1.0, 0.0, 1.0])) == pytest.approx(10.5)
    assert project_plan.expected_cost(np.stack([cost, 2 * cost]), 0.0).tolist() == [2.75, 5.5]


def test_no_generated_example_is_usable():
    assert np.isnan(project_plan.synthetic_example_price(500, 300, 0.5, 10, 0.0))
