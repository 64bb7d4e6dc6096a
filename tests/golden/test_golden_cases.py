"""The published worked cases, run through the whole engine instead of single formulas."""

import numpy as np
import pytest

from advisor.formulas import finance
from tests.cases import advice, plain, preset

EXTENDED = {
    # The extended article 001: GPU and operations 1130 a month, two months to deploy, two to ramp, retraining 900.
    "days_per_month": 365 / 12,
    "horizon_months": 24,
    "discount_rate": 0.1,
    "tuned_cost_per_request": 0.0015,
    "hosting_price_decline": 0.2,
    "other_monthly_cost": 1130,
    "deploy_months": 2,
    "ramp_months": 2,
    "engineer_hours": 6120 / 50,
}


def test_article_001_prints_2036_2700_and_a_payback_of_0_754_months() -> None:
    found = advice(preset("article-001"))
    m = found.assessment.metrics
    assert m is not None
    assert m.investment == pytest.approx(2036)
    assert m.monthly_savings == pytest.approx(2700)
    assert m.payback_months == pytest.approx(0.7540740740740739)
    assert m.steady_payback_months == pytest.approx(m.payback_months)
    assert m.annual_roi == pytest.approx(14.913555992141457)
    assert found.recommendation.verdict == "strong_yes"


def test_article_001_needs_3771_1257_and_629_requests_a_day_for_its_bands() -> None:
    m = advice(preset("article-001")).assessment.metrics
    assert m is not None
    assert {k: v for k, v in m.band_requests.items()} == pytest.approx(
        {2: 3770.37037037, 6: 1256.79012346, 12: 628.39506173}, rel=1e-6
    )


def test_article_000_bill_is_32_19_over_calendar_hours_and_32_58_over_used_hours() -> None:
    calendar = advice(preset("article-000")).assessment.metrics
    used = advice(preset("article-000", card_hours_per_year=1200)).assessment.metrics
    assert calendar is not None
    assert used is not None
    assert calendar.investment == pytest.approx(0.10026145890410959 + 32.08888888888889)
    assert used.investment == pytest.approx(32.58155188888889)


def test_article_003_project_is_five_gpu_hours_at_15_yuan() -> None:
    m = advice(preset("article-003")).assessment.metrics
    assert m is not None
    assert m.investment == pytest.approx(75)


def test_flat_twelve_months_reproduce_the_undiscounted_and_the_discounted_series() -> None:
    flat = advice(preset("article-001")).assessment.metrics
    discounted = advice(preset("article-001", discount_rate=0.1)).assessment.metrics
    assert flat is not None
    assert discounted is not None
    assert flat.npv == pytest.approx(30364)
    assert discounted.npv == pytest.approx(28745.317139192863)
    assert discounted.discounted_payback_months == pytest.approx(0.7600871666345362)


def test_falling_api_price_never_recovers_the_investment_inside_two_years() -> None:
    found = advice(plain(api_price_decline=0.85, **EXTENDED)).assessment
    assert found.economics is not None
    assert found.metrics is not None
    assert found.economics.cash_flows[:5] == pytest.approx([-6120, 0, 0, -241.22575888423296, 331.4348634780895])
    assert found.metrics.npv == pytest.approx(-22812.46784180346)
    assert (found.metrics.payback_status, found.metrics.irr_status) == ("not_within_horizon", "undefined_no_root")


def test_the_case_dies_at_a_decline_of_36_percent_and_at_10747_requests() -> None:
    retraining = {"retrain_every_months": 6, "retrain_cost_share": 900 / 6120}
    at_value = advice(plain(api_price_decline=0.360362944, **retraining, **EXTENDED)).assessment.metrics
    by_volume = advice(plain(api_price_decline=0.4, **retraining, **EXTENDED)).assessment.metrics
    assert at_value is not None
    assert by_volume is not None
    assert at_value.npv == pytest.approx(0, abs=0.01)
    assert by_volume.break_even_requests == pytest.approx(10746.724197223, rel=1e-6)


def test_fixed_hosting_that_eats_the_saving_never_pays_back() -> None:
    case = plain(daily_requests=100, other_monthly_cost=730, engineer_hours=2036 / 50)
    m = advice(case).assessment.metrics
    assert m is not None
    assert (m.payback_status, m.payback_months, m.irr_status) == ("never", None, "undefined_no_inflow")


def test_money_recovered_and_lost_again_is_a_no_and_stopping_in_time_is_another_plan() -> None:
    """A caution until 2026-11, because leaving in month 5 would pay. The whole horizon loses, so the plan as it stands
    is a no; looked at for five months the same project is worth its money."""
    case = plain(
        days_per_month=365 / 12,
        horizon_months=24,
        discount_rate=0.1,
        tuned_cost_per_request=0,
        other_monthly_cost=1500,
        api_price_decline=0.85,
        engineer_hours=40,
    )
    found = advice(case)
    m = found.assessment.metrics
    assert m is not None
    assert m.payback_status == "reversed_later"
    assert (m.exit_month, m.npv_with_exit) == (5, pytest.approx(1801.571839035817))
    assert found.recommendation.verdict == "no"
    assert advice(case.with_(horizon_months=5)).recommendation.verdict in ("strong_yes", "yes")


def test_growth_of_60_percent_and_three_months_of_delay() -> None:
    case = plain(
        daily_requests=2000,
        days_per_month=365 / 12,
        horizon_months=24,
        discount_rate=0.1,
        tuned_cost_per_request=0.002,
        volume_growth=0.6,
        deploy_months=3,
        engineer_hours=100,
    )
    m = advice(case).assessment.metrics
    assert m is not None
    assert m.payback_months == pytest.approx(10.9411644028893)
    assert m.npv == pytest.approx(10489.038887576831)
    assert m.irr == pytest.approx(1.9768606579134196)


def test_line_items_and_cash_flows_tell_the_same_money() -> None:
    for name in ("article-001-today", "extraction", "chat", "copywriting"):
        e = advice(preset(name)).assessment.economics
        assert e is not None
        once = sum(float(i.cost) for i in e.tuned.line_items if i.frequency == "one_time" and i.cost is not None)
        assert once == pytest.approx(float(e.investment))
        assert e.cash_flows[0] == pytest.approx(-once)
        assert np.diff(np.cumsum(e.cash_flows)) == pytest.approx(e.baseline.monthly_cost - e.tuned.monthly_cost)


def test_npv_at_the_break_even_volume_is_zero() -> None:
    chosen = advice(preset("extraction")).assessment.assumptions
    # The machine is named: cheaper cards may carry another volume, and the search keeps to those of the case.
    machine = {name: chosen[name].value for name in ("serving_gpu", "gpus_per_replica", "serving_gpu_price")}
    case = preset("extraction", **machine)
    m = advice(case).assessment.metrics
    assert m is not None
    at = advice(case.with_(daily_requests=m.break_even_requests)).assessment
    assert at.metrics is not None
    assert at.economics is not None
    # Whole GPUs make steps: at the found volume the case pays, one request in a million below it does not.
    below = advice(case.with_(daily_requests=(m.break_even_requests or 0) * (1 - 1e-6))).assessment.metrics
    assert below is not None
    assert finance.npv(at.economics.cash_flows, 0.1) >= 0 > below.npv
