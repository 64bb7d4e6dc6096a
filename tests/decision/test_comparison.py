"""Cases side by side: the bridge adds up to the cent, nothing that differs is left out, money is in one currency."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.decision.advice import preset_scenario
from advisor.decision.comparison import MOST_CHANGES, bridge_between, compare
from advisor.scenario import Scenario
from tests import cases

CATALOG = cases.catalog()
NAMES = sorted(name for name in CATALOG.presets if cases.preset(name).daily_requests)
CENT = 0.005


def preset(name: str) -> Scenario:
    return preset_scenario(name, CATALOG)


def case(**answers: object) -> Scenario:
    return Scenario.from_answers({"daily_requests": 20_000, "quality_need": "normal", "budget": 20_000, **answers})


@pytest.mark.parametrize(("first", "other"), list(zip(NAMES, NAMES[1:] + NAMES[:1], strict=True)))
def test_a_bridge_leads_from_one_result_to_the_other(first: str, other: str) -> None:
    found = compare([preset(first), preset(other)], CATALOG, cases.DAY)
    (bridge,) = found.bridges
    assert [bridge.start, bridge.end] == [advice.assessment.metrics.npv for advice in found.advices]
    assert bridge.start + sum(change.amount for change in bridge.changes) == pytest.approx(bridge.end, abs=CENT)
    assert len(bridge.changes) <= MOST_CHANGES + 1


def test_one_changed_answer_is_the_whole_difference() -> None:
    bridge = bridge_between(case(), case(ops_hours=40), CATALOG, cases.DAY)
    assert [change.ids for change in bridge.changes] == [("ops_hours",)]
    assert bridge.changes[0].amount == pytest.approx(bridge.end - bridge.start)


def test_the_same_case_differs_in_nothing() -> None:
    found = compare([case(), case()], CATALOG, cases.DAY)
    assert found.differences == ()
    assert found.bridges[0].changes == ()


def test_what_follows_from_an_answer_is_told_apart_from_it() -> None:
    found = compare([case(current_model="openai/gpt-6.1-sol"), case()], CATALOG, cases.DAY)
    told = {each.id: each.is_answer for each in found.differences}
    assert told.pop("current_model")
    assert told
    assert not any(told.values())


def test_cases_in_two_currencies_are_compared_in_that_of_the_first() -> None:
    found = compare([case(), case(currency="CNY", budget=136_000)], CATALOG, cases.DAY)
    assert {advice.assessment.assumptions.currency for advice in found.advices} == {"USD"}
    investments = [advice.headline.investment.p50 for advice in found.advices]
    assert investments[0] == pytest.approx(investments[1], rel=1e-9)


def test_without_a_known_price_there_is_no_bridge() -> None:
    found = compare([case(), case(serving_route="own_figure")], CATALOG, cases.DAY)
    assert found.bridges == (None,)


def test_an_answer_that_needs_another_one_is_told_together_with_it() -> None:
    other = case(serving_route="own_figure", tuned_cost_per_request=0.002)
    bridge = bridge_between(case(), other, CATALOG, cases.DAY)
    assert ("serving_route", "tuned_cost_per_request") in [change.ids for change in bridge.changes]


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "daily_requests": st.integers(100, 1_000_000),
        "quality_need": st.sampled_from(["normal", "high"]),
        "engineer_hours": st.integers(0, 500),
        "horizon_months": st.integers(1, 48),
        "current_model": st.sampled_from(["openai/gpt-6.1-sol"]),
        "volume_growth": st.integers(-5, 20).map(lambda tenths: tenths / 10),
        "as_of": st.sampled_from([date(2026, 9, 1), date(2026, 11, 20)]),
    },
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ANSWERS, ANSWERS)
def test_every_bridge_adds_up_both_ways(before: dict[str, object], after: dict[str, object]) -> None:
    first, other = case(**before), case(**after)
    there, back = (bridge_between(*pair, CATALOG, cases.DAY) for pair in ((first, other), (other, first)))
    for bridge in (there, back):
        assert bridge.start + sum(change.amount for change in bridge.changes) == pytest.approx(bridge.end, abs=CENT)
    assert (there.start, there.end) == (back.end, back.start)
