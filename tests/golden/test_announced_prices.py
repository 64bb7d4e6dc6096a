"""A price that is announced for a later day, through the whole engine; by hand.

On 2026-11-20 gemini-3.8-flash costs 0.75 and 3.75 a million tokens; from 2027-01-01 it costs 1.50 and 7.50. That day is
42 days away and lies in month 2 (42 / 30.4 = 1.4).

    a request     1,000 x 0.75 + 100 x 3.75 a million   = 0.001125
    month 1       300,000 requests                      = 337.50
    from month 2  twice as much                         = 675.00
    tuned         300,000 x 0.0005                      = 150.00
    the project   10 hours at 50                        = 500.00
    net           -500, 187.50, then eleven times 525   = 5,462.50
    payback       1 month + (500 - 187.50) / 525        = 1.595 months
"""

from datetime import date

import numpy as np
import pytest

from advisor.assumptions import resolve
from advisor.assumptions.batch import resolve_many
from advisor.core.records import Economics
from advisor.formulas import finance
from advisor.money.baseline import with_baseline
from advisor.money.cash_flows import evaluate
from advisor.report.json import result_record
from advisor.report.text import render_text
from advisor.scenario import Scenario
from advisor.text.i18n import Translator
from tests.cases import DAY, advice, catalog, plain

MODEL = "google/gemini-3.8-flash"
ANSWERS = {
    "current_cost_per_request": None,
    "current_model": MODEL,
    "daily_requests": 10_000,
    "days_per_month": 30,
    "input_tokens": 1000,
    "output_tokens": 100,
    "static_prompt_share": 0,
    "trim_share": 0,
    "retry_share": 0,
    "tuned_cost_per_request": 0.0005,
    "engineer_hours": 10,
    "hourly_rate": 50,
    "horizon_months": 12,
}


def case(**answers: object) -> Scenario:
    return plain(**{**ANSWERS, **answers})


def money(scenario: Scenario) -> Economics:
    found = advice(scenario).assessment.economics
    assert found is not None
    return found


def test_the_new_price_counts_from_the_month_in_which_it_begins() -> None:
    found = advice(case()).assessment
    assert found.economics is not None
    assert found.metrics is not None
    assert found.economics.today.monthly_cost == pytest.approx([337.5] + [675] * 11)
    assert found.economics.cash_flows == pytest.approx([-500, 187.5] + [525] * 11)
    assert float(np.sum(found.economics.cash_flows)) == pytest.approx(5462.5)
    assert found.metrics.payback_months == pytest.approx(1 + 312.5 / 525)


def test_a_month_at_todays_prices_stays_at_todays_prices() -> None:
    e = money(case())
    assert float(e.today.steady_monthly_cost) == pytest.approx(337.5)
    assert float(e.monthly_savings) == pytest.approx(187.5)


def test_the_yearly_change_of_prices_comes_on_top() -> None:
    """Month 13 is one year on: 675 less a fifth."""
    e = money(case(api_price_decline=0.2, horizon_months=24))
    assert e.today.monthly_cost[12] == pytest.approx(540)
    assert e.today.monthly_cost[1] == pytest.approx(675 * 0.8 ** (1 / 12))


def test_what_falls_back_pays_the_new_price() -> None:
    """A tenth of the requests: 150 + 33.75, then 150 + 67.50."""
    assert money(case(fallback_share=0.1)).tuned.monthly_cost[:3] == pytest.approx([183.75, 217.5, 217.5])


def test_prices_that_were_entered_stay() -> None:
    """0.75 and 3.75 entered: 337.50 in every month. Only the answers' price entered: 1,000 x 0.75 a million double."""
    entered = case(current_input_price=0.75, current_output_price=3.75)
    assert money(entered).today.monthly_cost == pytest.approx([337.5] * 12)
    half = money(case(current_output_price=3.75)).today.monthly_cost
    assert half == pytest.approx([337.5] + [300_000 * (1000 * 1.5 + 100 * 3.75) / 1e6] * 11)
    codes = {notice.code for notice in advice(entered).assessment.notices}
    assert "price_changes_entered" in codes
    assert "price_changes" not in codes


def test_a_discount_holds_for_both_prices() -> None:
    assert money(case(list_price_discount=0.2)).today.monthly_cost[:2] == pytest.approx([270, 540])


def test_a_cheaper_model_doubles_too() -> None:
    """gemini-3.8-flash beside a model of today that costs 1.75 in every month."""
    other = {"current_model": "openai/gpt-6.1-sol", "cheaper_model": MODEL, "cheaper_model_passes": "yes"}
    e = money(case(**other, switch_hours=0, evaluation_items=0))
    assert e.baseline.id == "cheaper_model"
    assert e.baseline.monthly_cost == pytest.approx([337.5] + [675] * 11)
    assert e.tuned.monthly_cost == pytest.approx([150] * 12)


def test_a_tuned_model_that_a_vendor_serves_doubles_too() -> None:
    served = {"serving_route": "hosted", "tuned_model": MODEL, "current_model": "openai/gpt-6.1-sol"}
    answers = {name: value for name, value in ANSWERS.items() if name != "tuned_cost_per_request"}
    found = money(plain(**{**answers, **served, "prompt_removed_share": 0, "tuned_cost_per_request": None}))
    assert found.tuned.monthly_cost == pytest.approx([337.5] + [675] * 11)


def test_it_is_said_in_words_and_numbers() -> None:
    found, t = advice(case()), Translator("en")
    (notice,) = [n for n in found.assessment.notices if n.code == "price_changes"]
    assert notice.params == {
        "model": MODEL,
        "changes_on": date(2027, 1, 1),
        "input_price": 1.5,
        "output_price": 7.5,
        "month": 2,
    }
    record = result_record(found, t)
    rows = {row["id"]: row for row in record["assumptions"]}
    assert rows["current_input_price"]["announced"] == [{"on": "2027-01-01", "value": 1.5}]
    assert rows["current_output_price"]["announced"] == [{"on": "2027-01-01", "value": 7.5}]
    assert rows["hourly_rate"]["announced"] == []
    assert "$0.75 per million tokens; $1.50 per million tokens from Jan 1, 2027" in render_text(found, t)


def test_many_cases_together_are_what_each_is_alone() -> None:
    horizons = (1, 2, 12, 24)
    cases = [case(daily_requests=5_000 * n, horizon_months=n) for n in horizons]
    for scenario, found in zip(cases, resolve_many(cases, catalog(), DAY), strict=True):
        assert not isinstance(found, Exception)
        own = found.like.replaced(found.own)
        alone, _ = with_baseline(resolve(scenario, catalog(), DAY))
        together, _ = with_baseline(own)
        assert evaluate(together).cash_flows == pytest.approx(evaluate(alone).cash_flows)


def test_an_uncertain_price_keeps_its_announced_proportion() -> None:
    """A range around a listed price: where it is drawn at 0.60, the announced one is 1.20."""
    a = resolve(case(), catalog(), DAY).replaced({"current_input_price": np.array([0.75, 0.6])})
    monthly = evaluate(a).today.monthly_cost
    assert monthly[:, 1] == pytest.approx([675, 300_000 * (1000 * 1.2 + 100 * 7.5) / 1e6])
    assert evaluate(a.at(np.array([1]))).today.monthly_cost[0] == pytest.approx(monthly[1])


def test_the_break_even_volume_is_found_with_the_announced_price() -> None:
    volume = advice(case()).assessment.metrics.break_even_requests
    at = money(case(daily_requests=volume))
    assert float(finance.npv(at.cash_flows, 0)) == pytest.approx(0, abs=0.01)
    # 500 / (0.000625 x 30 + 11 x 30 x 0.00175) requests a day give exactly the investment back.
    assert volume == pytest.approx(500 / (30 * 0.000625 + 330 * 0.00175), rel=1e-5)
