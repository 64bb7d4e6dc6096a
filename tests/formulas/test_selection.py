"""Which projects one budget pays for: against every set, never over the budget, and never less for more of it."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.formulas.selection import best_within, by_worth, ranked_within, values_by_budget

AMOUNTS = st.integers(0, 5_000).map(lambda cents: cents / 100)
PROJECTS = st.lists(st.tuples(AMOUNTS, st.integers(-3_000, 9_000).map(float)), max_size=9)


def columns(projects: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    costs, values = np.array(projects, dtype=float).reshape(-1, 2).T
    return costs, values


def best_of_every_set(costs: np.ndarray, values: np.ndarray, budget: float) -> float:
    """The most that any set within the budget is worth, in whole cents."""
    parts, whole = np.round(costs * 100).astype(int), round(budget * 100)
    sets = (set_ for count in range(len(costs) + 1) for set_ in combinations(range(len(costs)), count))
    return max(sum(values[k] for k in each) for each in sets if sum(parts[k] for k in each) <= whole)


@given(PROJECTS, AMOUNTS)
def test_no_set_within_the_budget_is_worth_more(projects: list[tuple[float, float]], budget: float) -> None:
    costs, values = columns(projects)
    found = best_within(costs, values, budget)
    assert found is not None
    assert round(costs[found].sum() * 100) <= round(budget * 100)
    assert values[found].sum() == pytest.approx(best_of_every_set(costs, values, budget))


@given(PROJECTS, AMOUNTS, AMOUNTS)
def test_more_budget_never_brings_less(projects: list[tuple[float, float]], budget: float, more: float) -> None:
    costs, values = columns(projects)
    less, greater = best_within(costs, values, budget), best_within(costs, values, budget + more)
    assert less is not None
    assert greater is not None
    assert values[greater].sum() >= values[less].sum() - 1e-9


@given(PROJECTS, AMOUNTS)
def test_by_rank_the_budget_holds_and_nothing_worthless_is_taken(
    projects: list[tuple[float, float]], budget: float
) -> None:
    costs, values = columns(projects)
    taken = ranked_within(costs, values, budget)
    assert round(costs[taken].sum() * 100) <= round(budget * 100)
    assert (values[taken] > 0).all()


@settings(max_examples=20)
@given(st.integers(0, 1_000))
def test_odd_amounts_never_add_up_to_more_than_the_budget(seed: int) -> None:
    """Costs that are no whole cents are rounded up before they are added."""
    random = np.random.default_rng(seed)
    costs, values = random.lognormal(8, 1, 60), random.lognormal(8, 1, 60)
    budget = float(costs.sum() / 3)
    found = best_within(costs, values, budget)
    assert found is not None
    assert costs[found].sum() <= budget
    assert values[found].sum() >= values[ranked_within(costs, values, budget)].sum() - 1e-6


def test_the_best_set_is_not_always_the_best_ranked() -> None:
    """Worked by hand: 6 for 5 is the best rate, but 5 + 5 for 4 + 4 fills a budget of 8 better."""
    costs, values = np.array([5.0, 4.0, 4.0]), np.array([6.5, 5.0, 5.0])
    assert ranked_within(costs, values, 8.0).tolist() == [True, False, False]
    found = best_within(costs, values, 8.0)
    assert found is not None
    assert found.tolist() == [False, True, True]


@given(AMOUNTS)
def test_a_project_that_costs_the_whole_budget_fits(amount: float) -> None:
    found = best_within(np.array([amount]), np.array([1.0]), amount)
    assert found is not None
    assert found.tolist() == [True]


def test_what_costs_nothing_comes_first_where_it_brings_something() -> None:
    costs, values = np.array([1.0, 0.0, 0.0]), np.array([100.0, 1.0, -1.0])
    assert by_worth(costs, values).tolist() == [1, 0, 2]
    found = best_within(costs, values, 0.0)
    assert found is not None
    assert found.tolist() == [False, True, False]


def test_too_many_sums_are_said_and_not_guessed() -> None:
    """Costs of powers of two, each worth what it costs: every set has a sum of its own."""
    costs = 2.0 ** np.arange(20)
    assert best_within(costs, costs, float(costs.sum() // 3), most_states=1_000) is None


def test_no_projects() -> None:
    found = best_within(np.empty(0), np.empty(0), 10.0)
    assert found is not None
    assert found.tolist() == []


@given(PROJECTS, AMOUNTS)
def test_the_curve_of_budgets_says_what_each_buys(projects: list[tuple[float, float]], budget: float) -> None:
    costs, values = columns(projects)
    found, taken = values_by_budget(costs, values), best_within(costs, values, budget)
    assert found is not None
    assert taken is not None
    budgets, bought = found
    assert (np.diff(budgets) > 0).all()
    assert (np.diff(bought) > 0).all()
    reached = np.searchsorted(np.round(budgets * 100), round(budget * 100), side="right") - 1
    assert bought[reached] == pytest.approx(values[taken].sum()) if reached >= 0 else not taken.any()
