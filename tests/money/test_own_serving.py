"""Serving on cards one owns: bought once, powered every month, sold at the end. By hand."""

import numpy as np
import pytest

from advisor.core.records import Economics
from advisor.decision.alternatives import alternatives
from advisor.formulas.hardware import book_value
from advisor.scenario import Scenario
from tests.cases import advice, catalog, preset

CARD, POWER, TARIFF, HOURS = 2000.0, 0.36, 0.16, 730.0
OWN = {
    "daily_requests": 9000,
    "volume_growth": 0,
    "current_cost_per_request": 0.00603,
    "days_per_month": 30.42,
    "serving_route": "own_card",
    "open_model": "phi-3-mini",
    "serving_gpu": "rtx-5090-32gb",
    "gpus_per_replica": 1,
    "min_replicas": 2,
    "replica_tokens_per_second": 2000,
    "reference_input_tokens": 1000,
    "reference_output_tokens": 200,
    "serving_card_price": CARD,
    "serving_power_kw": POWER,
    "electricity_price": TARIFF,
    "power_overhead": 1,
    "hours_per_month": HOURS,
    "card_residual_share": 0.25,
    "card_life_years": 4,
    "horizon_months": 24,
}
FREE = {
    **dict.fromkeys(["data_preparation_hours", "engineer_hours", "evaluation_items", "training_hours", "ops_hours"], 0),
    **dict.fromkeys(["bought_examples", "contingency_share", "retrain_cost_share", "other_monthly_cost"], 0),
    **dict.fromkeys(["fallback_share", "deploy_months", "ramp_months", "api_price_decline", "discount_rate"], 0),
    **{"training_gpus": 1, "training_gpu_price": 0, "training_runs": 0, "quality_difference": 0},
}


def money(**changes: object) -> Economics:
    answers = {"quality_need": "normal", "budget": 20_000, **OWN, **FREE, **changes}
    found = advice(Scenario.from_answers(answers)).assessment.economics
    assert found is not None
    return found


def test_the_agency_of_ten_clients_with_two_cards_of_its_own() -> None:
    """F09: two cards for 4,000 and 84 a month against 1,651 are paid back after 2.6 months."""
    found = advice(Scenario.from_answers({"quality_need": "normal", "budget": 20_000, **OWN, **FREE})).assessment
    e, m = found.economics, found.metrics
    assert e is not None
    assert m is not None
    assert m.investment == pytest.approx(4000)
    assert e.today.steady_monthly_cost == pytest.approx(9000 * 30.42 * 0.00603)
    assert float(e.today.steady_monthly_cost) == pytest.approx(1651, rel=0.001)
    power = 2 * POWER * HOURS * TARIFF
    assert power == pytest.approx(84.1, rel=0.001)
    assert e.tuned.steady_monthly_cost == pytest.approx(power)
    assert m.steady_payback_months == pytest.approx(4000 / (1651 - 84), rel=0.002)
    assert m.payback_months == pytest.approx(2.55, rel=0.01)


@pytest.mark.parametrize(
    ("cards", "price", "kilowatts", "tariff", "requests", "cost"),
    [
        (1, 9_500.0, 0.35, 0.31, 40_000, 0.0012),
        (4, 1_700.0, 0.45, 0.12, 25_000, 0.004),
        (8, 26_000.0, 0.0, 0.25, 300_000, 0.002),
        (2, 0.0, 0.3, 0.2, 5_000, 0.01),
    ],
)
def test_any_number_of_own_cards_is_paid_back_by_the_bill_less_the_power(
    cards: int, price: float, kilowatts: float, tariff: float, requests: int, cost: float
) -> None:
    changes = {
        **{"min_replicas": cards, "serving_card_price": price, "serving_power_kw": kilowatts},
        **{"electricity_price": tariff, "daily_requests": requests, "current_cost_per_request": cost},
        **{"replica_tokens_per_second": 1e6, "budget": 1e6, "current_monthly_bill": None},
    }
    answers = {"quality_need": "normal", "budget": 20_000, **OWN, **FREE, **changes}
    m = advice(Scenario.from_answers(answers)).assessment.metrics
    bill, power = requests * 30.42 * cost, cards * kilowatts * HOURS * tariff
    assert m is not None
    assert m.investment == pytest.approx(cards * price)
    assert bill > power
    assert m.steady_payback_months == pytest.approx(cards * price / (bill - power), abs=1e-6)


def test_the_cards_are_sold_in_the_last_month_for_what_the_straight_line_leaves() -> None:
    """After two of four years half of the loss of 75 % is gone: 2,000 - 750 = 1,250 a card."""
    e = money()
    assert book_value(CARD, 0.25, 4, 2) == 1250
    assert e.tuned.monthly_cost[-1] - e.tuned.monthly_cost[-2] == pytest.approx(-2 * 1250)
    assert book_value(CARD, 0.25, 4, 9) == 500


def test_the_cards_of_the_busiest_month_are_bought() -> None:
    """0.1 requests a second in the mean and three times that at the peak, 1.92 a second a card; doubled each year."""
    busy = {"min_replicas": 1, "replica_tokens_per_second": 50, "target_utilisation": 0.5}
    flat, doubled, halved = (money(**busy, volume_growth=growth) for growth in (0, 1, -0.5))
    assert doubled.investment >= 3 * flat.investment
    assert halved.investment == flat.investment
    assert np.all(np.diff(halved.tuned.monthly_cost[:-1]) <= 0)


def test_neither_the_contingency_nor_a_retraining_is_a_share_of_the_cards() -> None:
    e = money(contingency_share=0.15, retrain_cost_share=0.5, retrain_every_months=6)
    assert e.investment == pytest.approx(4000)
    assert e.tuned.steady_costs["retraining"] == 0


def test_buying_is_one_of_the_ways_where_the_case_rents() -> None:
    rows = {row.id: row for row in alternatives(advice(preset("extraction")), catalog())}
    assert rows["own_serving"].one_time is not None
    assert rows["own_serving"].answers["serving_route"] == "own_card"
    rented = advice(preset("extraction")).assessment.economics
    assert rented is not None
    assert rows["own_serving"].monthly is not None
    assert rows["own_serving"].monthly < rented.tuned.steady_monthly_cost


def test_a_suggested_card_comes_with_its_server_and_its_rated_power() -> None:
    """The L40S costs 9,749.95 as a card; 40 % more with the server around it. It is rated for 350 W."""
    left_open = dict.fromkeys(("serving_card_price", "serving_power_kw"))
    answers = {"quality_need": "normal", "budget": 20_000, **OWN, **FREE, "serving_gpu": "l40s-48gb", **left_open}
    a = advice(Scenario.from_answers(answers)).assessment.assumptions
    assert a.number("serving_card_price") == pytest.approx(9749.95 * 1.4)
    assert a.number("serving_power_kw") == pytest.approx(0.35)
    assert a["serving_card_price"].is_uncertain
    assert a["serving_power_kw"].is_uncertain
