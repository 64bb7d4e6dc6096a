"""Draws go through the code of the point case: shrunk to a point they are it, the same seed gives the same bytes."""

from dataclasses import replace

import numpy as np
import pytest

from advisor.assumptions import resolve
from advisor.core.records import TODAY, Assumptions, Economics
from advisor.decision.advice import advise, sampling
from advisor.decision.alternatives import alternatives
from advisor.formulas import finance
from advisor.money.cash_flows import evaluate
from advisor.risk.simulation import (
    DIMENSIONS,
    GATE,
    Correlation,
    Sampling,
    columns,
    draw,
    simulate,
    untuned_npv,
)
from advisor.risk.summary import chance_of_payback, information, risk_of
from tests.cases import DAY, advice, catalog, plain, preset

LIVE = sampling(catalog())
MANY = 16_384
"""Draws beside which those of every figure are held."""


def assumptions(name: str, **changes: object) -> Assumptions:
    a = resolve(preset(name, **changes), catalog(), DAY)
    return replace(a, baseline=advice(preset(name, **changes)).assessment.assumptions.baseline)


def shrunk(a: Assumptions) -> Assumptions:
    rows = {name: replace(row, low=row.value, high=row.value) for name, row in a.rows.items() if row.is_uncertain}
    return replace(a, rows={**a.rows, **rows})


@pytest.mark.parametrize("name", ["extraction", "article-001", "chat"])
def test_intervals_shrunk_to_a_point_give_the_point_case(name: str) -> None:
    a = shrunk(assumptions(name, gate_result="passed"))
    found = simulate(draw(a, LIVE))
    metrics = advice(preset(name)).assessment.metrics
    assert metrics is not None
    assert found.npv_if_passed == pytest.approx(np.full(LIVE.count, metrics.npv))
    assert found.payback == pytest.approx(np.full(LIVE.count, metrics.payback_months or np.nan), nan_ok=True)


def test_a_failed_gate_loses_the_investment_and_nothing_else() -> None:
    a = shrunk(assumptions("code-completion"))
    found = simulate(draw(a, LIVE))
    assert 0 < found.worlds.chance < 1
    assert found.worlds.failed == pytest.approx(-found.investment)
    assert risk_of(found).back_share == pytest.approx(found.worlds.chance * np.mean(~np.isnan(found.payback)))


def test_the_gate_fails_as_often_as_said() -> None:
    found = simulate(draw(shrunk(assumptions("code-completion", gate_success_share=0.6)), LIVE))
    assert found.worlds.chance == pytest.approx(0.6)


def test_the_same_seed_gives_the_same_bytes_and_another_one_others() -> None:
    a = assumptions("extraction")
    first, again = simulate(draw(a, LIVE)), simulate(draw(a, LIVE))
    other = simulate(draw(a, replace(LIVE, seed=LIVE.seed + 1)))
    assert first.npv_if_passed.tobytes() == again.npv_if_passed.tobytes()
    assert first.npv_if_passed.tobytes() != other.npv_if_passed.tobytes()


@pytest.mark.parametrize("name", ["extraction", "customer-service", "code-completion"])
def test_probabilities_agree_with_independent_random_draws(name: str) -> None:
    """Three standard errors of the random run: the Sobol points' own error is far smaller."""
    a = assumptions(name)
    even, random = (simulate(draw(a, replace(LIVE, count=MANY, sobol=sobol))) for sobol in (True, False))
    for chance in (lambda s: s.npv_if_passed > 0, lambda s: s.payback <= 12):
        p, q = float(np.mean(chance(even))), float(np.mean(chance(random)))
        assert abs(p - q) <= 3 * np.sqrt(max(p * (1 - p), 0.01) / MANY)


def test_few_points_are_near_many() -> None:
    """Eight times as many points move a share by less than two of the standard errors of independent draws."""
    a = assumptions("extraction")
    live, report = risk_of(simulate(draw(a, LIVE))), risk_of(simulate(draw(a, sampling(catalog(), MANY))))
    assert abs(live.positive_share - report.positive_share) < 2 * live.standard_error


def test_options_meet_the_same_luck() -> None:
    """A number has the same draws in every case that holds it, whatever else the case holds."""
    one, other = columns(assumptions("extraction"), LIVE), columns(assumptions("customer-service"), LIVE)
    for name in ("deploy_months", "api_price_decline", "training_runs"):
        assert np.array_equal(one[name], other[name]), name


def test_every_dimension_has_its_own_column() -> None:
    assert sorted(DIMENSIONS.values()) == list(range(len(DIMENSIONS)))
    assert DIMENSIONS[GATE] == 0


def test_correlated_numbers_keep_their_own_spread() -> None:
    a = assumptions("customer-service")
    tied, free = columns(a, LIVE), columns(a, replace(LIVE, correlations=()))
    assert np.corrcoef(tied["engineer_hours"], tied["deploy_months"])[0, 1] > 0.4
    assert abs(np.corrcoef(free["engineer_hours"], free["deploy_months"])[0, 1]) < 0.1
    assert np.quantile(tied["deploy_months"], (0.1, 0.9)) == pytest.approx(
        np.quantile(free["deploy_months"], (0.1, 0.9)), rel=0.02
    )


def test_correlations_that_contradict_each_other_are_refused() -> None:
    ties = [("engineer_hours", "deploy_months", 0.99), ("deploy_months", "training_runs", 0.99)]
    ties.append(("engineer_hours", "training_runs", -0.99))
    with pytest.raises(ValueError, match=r"\w"):
        columns(assumptions("extraction"), Sampling(correlations=tuple(Correlation(*tie) for tie in ties)))


def test_a_range_of_ones_own_narrows_the_draws() -> None:
    wide = simulate(draw(assumptions("customer-service"), LIVE))
    narrow = simulate(draw(assumptions("customer-service", ranges={"daily_requests": [39_000, 41_000]}), LIVE))
    assert np.ptp(narrow.columns["daily_requests"]) <= 2_000
    assert np.ptp(wide.columns["daily_requests"]) > 40_000
    assert narrow.npv_if_passed.std() < wide.npv_if_passed.std()


def test_a_single_draw_is_the_point_formula_of_its_own_numbers() -> None:
    """No second implementation: row k of the run is the ordinary evaluation of row k's numbers."""
    a = assumptions("extraction")
    found = simulate(draw(a, LIVE))
    for k in (0, 7, 1000):
        e = evaluate(a.replaced({name: float(column[k]) for name, column in found.columns.items()}))
        assert isinstance(e, Economics)
        assert found.npv_if_passed[k] == pytest.approx(float(finance.npv(e.cash_flows, a.number("discount_rate"))))


def test_knowing_one_number_is_worth_no_more_than_knowing_all() -> None:
    measured = {"serving_gpu": "h100-sxm-80gb", "gpus_per_replica": 1, "replica_tokens_per_second": 326}
    found = simulate(draw(assumptions("code-completion", **measured), sampling(catalog(), MANY)))
    told = information(found)
    whole = risk_of(found).evpi
    assert GATE in [each.id for each in told[:2]]
    assert all(0 <= each.worth <= whole * 1.02 for each in told)
    assert sum(each.variance_share for each in told) == pytest.approx(1)


def test_the_chance_in_words() -> None:
    chances, months = chance_of_payback(simulate(draw(assumptions("article-001"), LIVE)))
    assert chances == 9
    assert months is not None
    assert months < 2
    assert chance_of_payback(simulate(draw(assumptions("chat"), LIVE))) == (0, None)


def test_money_back_at_the_end_of_the_limit_is_back_within_it() -> None:
    """360 saved at 30 a month: twelve months in every draw."""
    savings = {"daily_requests": 100, "current_cost_per_request": 0.01, "tuned_cost_per_request": 0}
    case = plain(engineer_hours=7.2, horizon_months=24, **savings)
    found = simulate(draw(shrunk(advice(case).assessment.assumptions), LIVE))
    assert np.all(found.payback == 12)
    told = risk_of(found)
    assert told.within_limit_share == told.if_passed.within_limit_share == 1


def test_the_verdict_rests_on_the_same_draws_everywhere() -> None:
    found = advise(preset("extraction"), catalog(), DAY)
    assert found.risk is not None
    assert found.risk.sampling == LIVE
    assert found.risk.positive_share == risk_of(simulate(draw(found.assessment.assumptions, LIVE))).positive_share


@pytest.mark.parametrize("name", ["extraction", "customer-service"])
def test_the_baseline_is_worth_as_much_beside_tuning_as_alone(name: str) -> None:
    """What tuning brings against today is what it adds to the baseline plus what the baseline brings by itself."""
    a = advice(preset(name)).assessment.assumptions
    assert a.baseline != TODAY
    found = simulate(draw(a, LIVE))
    assert found.baseline_npv == pytest.approx(untuned_npv(draw(a, LIVE), a.baseline))
    assert np.count_nonzero(untuned_npv(draw(a, LIVE), TODAY)) == 0
    own = next(row for row in alternatives(advice(preset(name)), catalog()) if row.is_case)
    assert own.today_p10 == pytest.approx(found.against_today.quantiles(0.1)[0])
    assert own.npv_p10 == pytest.approx(risk_of(found).npv.p10)


@pytest.mark.parametrize("name", ["extraction", "customer-service"])
def test_without_spread_the_baseline_gains_what_it_gains_in_the_point_case(name: str) -> None:
    metrics = advice(preset(name)).assessment.metrics
    assert metrics is not None
    gained = metrics.npv_against_today - metrics.npv
    assert gained > 0
    a = shrunk(assumptions(name))
    assert simulate(draw(a, LIVE)).baseline_npv == pytest.approx(np.full(LIVE.count, gained))
    assert untuned_npv(draw(a, LIVE), a.baseline) == pytest.approx(np.full(LIVE.count, gained))


def test_where_no_draw_is_good_enough_there_is_nothing_to_learn_about_the_quality() -> None:
    found = simulate(draw(assumptions("code-completion", gate_success_share=0.0), LIVE))
    assert found.worlds.chance == 0
    told = information(found)
    assert GATE not in {each.id for each in told}
    assert all(np.isfinite([each.worth, each.variance_share]).all() for each in told)
