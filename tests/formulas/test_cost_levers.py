"""Levers: the total knows no order, steps add up, claims stand aside for a measurement."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.formulas import cost_levers
from advisor.formulas.cost_levers import Lever

FEW = settings(max_examples=60)
# Savings are differences of bills of up to 3e5: their sum keeps ten digits of it.
SUM_TOLERANCE = 1e-10

DOMAINS = {"waste": ["hidden"], "training": ["train_compute", "unit_price"], "serving": ["infer", "unit_price"]}
NAMES = ["hidden", "train_compute", "infer", "unit_price"]
FLOORS = {"hidden": 0.3, "train_compute": 0.15, "infer": 0.1}

bills = st.fixed_dictionaries({part: st.floats(0, 1e5) for part in DOMAINS})
lever = st.tuples(
    st.sampled_from(NAMES), st.floats(0.05, 1.2), st.booleans(), st.frozensets(st.integers(0, 5), max_size=2)
)
sets = st.lists(lever, max_size=6).map(
    lambda drawn: [
        Lever(f"l{n}", domain, multiplier, measured, frozenset(f"l{other}" for other in excluded if other != n))
        for n, (domain, multiplier, measured, excluded) in enumerate(drawn)
    ]
)


def cost_of(bill):
    """What the bill comes to under a choice of levers."""
    return lambda pulled: cost_levers.total(cost_levers.bill_after(bill, pulled, DOMAINS, FLOORS))


@FEW
@given(bills, sets, st.randoms(use_true_random=False))
def test_the_total_does_not_depend_on_the_order(bill, chosen, random):
    shuffled = random.sample(chosen, len(chosen))
    assert cost_levers.bill_after(bill, shuffled, DOMAINS, FLOORS) == cost_levers.bill_after(
        bill, chosen, DOMAINS, FLOORS
    )


@FEW
@given(bills, sets, st.permutations(NAMES))
def test_the_steps_of_every_order_add_up_to_the_whole_saving(bill, chosen, priority):
    before = cost_levers.total(bill)
    saved = before - cost_levers.total(cost_levers.bill_after(bill, chosen, DOMAINS, FLOORS))
    cost = cost_of(bill)
    by_money = cost_levers.by_money(chosen, cost)
    for order in (chosen, cost_levers.by_priority(chosen, priority), by_money):
        steps = cost_levers.waterfall(order, cost)
        assert sum(step.saving for step in steps) == pytest.approx(saved, abs=SUM_TOLERANCE * (1 + before))


@FEW
@given(bills, sets)
def test_no_part_of_the_bill_becomes_negative(bill, chosen):
    assert min(cost_levers.bill_after(bill, chosen, DOMAINS, FLOORS).values()) >= 0


@FEW
@given(sets)
def test_what_counts_has_no_conflict_left(chosen):
    count = cost_levers.counted(chosen)
    ids = {lever.id for lever in count}
    assert not any(lever.excludes & ids for lever in count)
    for domain in NAMES:
        own = [lever for lever in count if lever.domain == domain]
        assert len(own) <= 1 or not any(lever.measured for lever in own)


def test_draws_of_a_multiplier_give_draws_of_the_bill():
    draws = np.array([0.2, 0.6, 0.9])
    chosen = [Lever("int8", "infer", draws), Lever("cache", "infer", 0.7), Lever("spot", "unit_price", 0.5)]
    together = cost_levers.bill_after({"serving": 200.0}, chosen, DOMAINS, FLOORS)["serving"]
    one_by_one = [
        cost_levers.bill_after({"serving": 200.0}, [Lever("int8", "infer", float(d)), *chosen[1:]], DOMAINS, FLOORS)
        for d in draws
    ]
    assert together.tolist() == [left["serving"] for left in one_by_one]
    assert [step.lever for step in cost_levers.waterfall(chosen, cost_of({"serving": 200.0}))] == [
        "int8",
        "cache",
        "spot",
    ]


def test_a_floor_stops_claims_and_not_a_measurement():
    claims = [Lever("a", "infer", 0.1), Lever("b", "infer", 0.5)]
    assert cost_levers.domain_multiplier(claims, "infer", FLOORS) == 0.1
    assert cost_levers.domain_multiplier([Lever("m", "infer", 0.04, measured=True)], "infer", FLOORS) == 0.04


def test_the_same_lever_twice_counts_once():
    twice = [Lever("cache", "infer", 0.7), Lever("cache", "infer", 0.8)]
    assert [lever.multiplier for lever in cost_levers.counted(twice)] == [0.8]


def test_without_levers_the_bill_stays():
    assert cost_levers.bill_after({"serving": 200.0}, [], DOMAINS, FLOORS) == {"serving": 200.0}
    assert cost_levers.waterfall([], cost_of({"serving": 200.0})) == []


def test_nothing_cannot_be_reduced():
    assert np.isnan(cost_levers.reduction(0.0, 0.0))
