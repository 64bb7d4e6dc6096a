"""A range on a number that others follow from moves what they move, as another value of it would."""

from dataclasses import replace

import numpy as np
import pytest

from advisor.decision.advice import sampling
from advisor.money.cash_flows import evaluate
from advisor.risk.simulation import draw, simulate
from tests.cases import advice, catalog, preset

STATED = [
    ("list_price_discount", {"list_price_discount": 0.2}, (0.0, 0.4)),
    ("list_price_discount", {}, (0.0, 0.3)),
    ("cached_input_share", {"cached_input_share": 0.2}, (0.1, 0.4)),
    ("cached_input_share", {"cached_input_share": 0.6, "static_prompt_share": 0.8}, (0.4, 0.8)),
    ("cached_input_share", {"cached_input_share": 0.6}, (0.5, 0.8)),
]


@pytest.mark.parametrize(("name", "answers", "ends"), STATED)
def test_a_stated_range_moves_the_result(name: str, answers: dict[str, float], ends: tuple[float, float]) -> None:
    told = advice(preset("extraction", **answers, ranges={name: list(ends)}))
    a = told.assessment.assumptions
    sure = {k: replace(row, low=row.value, high=row.value) for k, row in a.rows.items() if row.is_uncertain}
    alone = simulate(draw(replace(a, rows={**a.rows, **sure, name: a[name]}), sampling(catalog())))
    assert list(alone.columns) == [name]
    at_ends = [evaluate(a.replaced({name: end})).cash_flows.sum() for end in ends]
    assert np.ptp(alone.npv_if_passed) > 0.5 * abs(at_ends[0] - at_ends[1]) > 0
    assert told.actions is not None
    assert name in told.actions.facts
    assert name in {swing.id for swing in told.assessment.evidence.matter}


@pytest.mark.parametrize(("name", "answers", "ends"), STATED)
def test_each_draw_is_the_case_with_that_number(
    name: str, answers: dict[str, float], ends: tuple[float, float]
) -> None:
    case = preset("extraction", **answers)
    a = advice(case).assessment.assumptions
    for end in ends:
        other = advice(case.with_(**{name: end})).assessment.assumptions
        there, here = evaluate(a.replaced({name: end})), evaluate(other)
        assert there.today.monthly_cost == pytest.approx(here.today.monthly_cost, rel=1e-9), end
        if there.baseline.id == here.baseline.id:
            assert there.baseline.monthly_cost == pytest.approx(here.baseline.monthly_cost, rel=1e-9), end


def test_a_price_that_is_entered_or_that_the_bill_tells_follows_no_discount() -> None:
    a = advice(preset("extraction", current_input_price=3.0)).assessment.assumptions
    assert a["current_input_price"].follows is None
    assert a["current_output_price"].follows is not None
    billed = preset("extraction", current_monthly_bill=1_000_000.0)
    assert advice(billed).assessment.assumptions["current_output_price"].follows is None


def test_a_number_with_a_range_of_its_own_is_drawn_by_that() -> None:
    ranges = {"list_price_discount": [0.0, 0.4], "current_output_price": [9.0, 11.0]}
    told = advice(preset("extraction", list_price_discount=0.2, current_output_price=10.0, ranges=ranges))
    assert told.simulation is not None
    both = (told.simulation.columns[name] for name in ranges)
    assert abs(np.corrcoef(*both)[0, 1]) < 0.1
