"""What must hold for any project, not only for the worked cases."""

from itertools import pairwise

import numpy as np
import pytest
import pyxirr
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.formulas import cash_flow_timing, decision_matrix, finance, hardware, rate_of_return, replicas, tokens
from advisor.formulas.division import ratio

FEW = settings(max_examples=60)

share = st.floats(0, 1)
money = st.floats(1, 1e6)
rate = st.floats(-0.5, 3)
projects = st.tuples(money, st.lists(st.floats(0.01, 1e5), min_size=1, max_size=36)).map(
    lambda project: np.array([-project[0], *project[1]])
)
any_series = st.lists(st.integers(-1000, 1000), min_size=2, max_size=24).map(lambda values: np.array(values, float))


@FEW
@given(projects, rate, rate)
def test_a_higher_rate_lowers_the_value_of_paying_now_for_later(flows, one, other):
    low, high = sorted((one, other))
    dust = 1e-12 * finance.npv(np.abs(flows), low)
    assert finance.npv(flows, high) <= finance.npv(flows, low) + dust


@FEW
@given(any_series)
def test_the_value_is_zero_at_every_internal_rate(flows):
    for root in rate_of_return.irr(flows).roots_monthly:
        weights = (1 + root) ** -np.arange(flows.size)
        assert abs(weights @ flows) <= 1e-6 * (weights @ np.abs(flows))


@FEW
@given(projects)
def test_irr_agrees_with_another_program_where_it_is_unique(flows):
    ours = rate_of_return.irr(flows)
    theirs = pyxirr.irr(flows)
    assert ours.status == "ok"
    if theirs is not None:
        assert ours.monthly == pytest.approx(theirs, rel=1e-6, abs=1e-7)


@FEW
@given(st.lists(st.floats(-0.5, 2), min_size=1, max_size=4, unique=True))
def test_every_planted_rate_is_found(rates):
    planted = sorted(rates)
    if any(right - left < 0.01 for left, right in pairwise(planted)):
        return
    flows = -np.atleast_1d(np.poly(1 + np.array(planted)))
    assert rate_of_return.irr(flows).roots_monthly == pytest.approx(planted, abs=1e-7)


@FEW
@given(projects, st.floats(0, 1))
def test_investing_more_never_pays_back_sooner(flows, extra):
    dearer = flows.copy()
    dearer[0] *= 1 + extra
    sooner, later = finance.payback_months(flows), finance.payback_months(dearer)
    assert np.isnan(later) or later >= sooner - 1e-9


@FEW
@given(any_series, st.floats(0, 1))
def test_the_right_to_leave_is_never_worth_less_than_nothing(flows, annual_rate):
    assert finance.exit_option(flows, annual_rate).npv_with_exit >= finance.npv(flows, annual_rate) - 1e-6


@FEW
@given(money, st.integers(1, 36), st.floats(1e-4, 1), st.floats(0, 1e4))
def test_at_the_break_even_volume_the_project_ends_at_zero(investment, months, saving, fixed):
    volume = finance.break_even_requests_per_day(investment, months, saving, fixed, 30)
    flows = cash_flow_timing.net_cash_flows(investment, np.full(months, volume * saving * 30), fixed)
    assert flows.sum() == pytest.approx(0, abs=1e-9 * max(investment, fixed * months))
    assert finance.payback(flows) == (pytest.approx(months), "ok")


@FEW
@given(money, st.floats(0.01, 200), st.floats(0.01, 200))
def test_converting_there_and_back_changes_nothing(amount, rate_from, rate_to):
    there = finance.convert(amount, rate_from, rate_to)
    assert finance.convert(there, rate_to, rate_from) == pytest.approx(amount)


tokens_per_request = st.integers(0, 100_000)
prices = st.tuples(st.floats(0.001, 100), st.floats(0.001, 100))


def bill(static, dynamic, output, price, *, hit=0.0, read=1.0, **batch):
    """Cost of a request whose cache reads cost ``read`` of the input price, and its writes the input price."""
    input_price, output_price = price
    unit = tokens.token_prices(input_price, input_price * read, input_price, output_price, **batch)
    split = tokens.billed_tokens_per_request(static, dynamic, output, cache_hit_share=hit)
    return tokens.api_cost_per_request(split, unit)


@FEW
@given(tokens_per_request, tokens_per_request, tokens_per_request, prices, share, share)
def test_the_cost_of_a_request_is_additive_in_its_tokens(static, dynamic, output, price, hit, batch):
    levers = {"hit": hit, "read": 0.1, "batch_share": batch, "batch_discount": 0.5}
    parts = [(static, 0, 0), (0, dynamic, 0), (0, 0, output)]
    separate = sum(bill(*part, price, **levers) for part in parts)
    assert bill(static, dynamic, output, price, **levers) == pytest.approx(separate)


@FEW
@given(tokens_per_request, prices, share, share, share)
def test_a_cache_without_write_premium_never_costs_more(static, price, hit, read, batch):
    batching = {"batch_share": batch, "batch_discount": 0.5, "cached_batch_discount": 0.5}
    cached = bill(static, 300, 200, price, hit=hit, read=read, **batching)
    assert cached <= bill(static, 300, 200, price, **batching) * (1 + 1e-12)
    assert bill(static, 300, 200, price, hit=hit, read=read) <= bill(static, 300, 200, price) * (1 + 1e-12)


MONTHS = cash_flow_timing.months_axis(18)
SIX = [(0, 1e4), (0, 1e4), (0, 1e4), (0, 9), (0, 1), (0, 1)]
PER_DRAW = [
    (lambda n, g: cash_flow_timing.monthly_volume(n, g, MONTHS), [(0, 3e6), (-0.5, 1)]),
    (lambda d, r: cash_flow_timing.adoption(MONTHS, d, r), [(0, 6), (0, 6)]),
    (lambda d: cash_flow_timing.price_path(d, MONTHS), [(-0.5, 0.9)]),
    (lambda d: cash_flow_timing.is_live(MONTHS, d), [(0, 6)]),
    (lambda e, h, d: cash_flow_timing.retraining_due(MONTHS, e, h, d), [(0, 9), (12, 18), (0, 6)]),
    (lambda i, b: cash_flow_timing.net_cash_flows(i, b[..., None] * np.ones(18), 10.0), [(0, 1e5), (-10, 1e4)]),
    (finance.monthly_rate, [(-0.5, 1)]),
    (finance.profitability_index, [(-1e3, 1e3), (-1, 1)]),
    (finance.steady_payback, [(0, 1e3), (-100, 100)]),
    (finance.steady_payback_status, [(0, 1e3), (-100, 100)]),
    (finance.annual_roi, [(0, 1e3), (-100, 100)]),
    (finance.break_even_requests_per_day, [(0, 1e3), (1, 24), (-0.1, 0.1), (0, 100), (28, 31)]),
    (finance.convert, [(0, 1e3), (1, 9), (1, 9)]),
    (lambda s, d, o, p, h, b: bill(s, d, o, (p, 2 * p), hit=h, batch_share=b, batch_discount=0.5), SIX),
    (ratio, [(0, 9), (0, 2)]),
    (tokens.expected_attempts, [(0, 1), (0, 4)]),
    (tokens.unserved_share, [(0, 1), (0, 4)]),
    (hardware.annual_depreciation, [(0, 1e5), (0, 1), (1, 6)]),
    (hardware.depreciation_per_hour, [(0, 1e5), (0, 2)]),
    (hardware.energy, [(0, 2), (0, 100), (1, 2)]),
    (hardware.energy_cost, [(0, 2), (0, 100), (0, 1), (1, 2)]),
    (hardware.rental_cost, [(0, 9), (1, 8), (0, 100)]),
    (hardware.time_value, [(0, 100), (0, 100)]),
    (hardware.break_even_rental_hours, [(0, 1e4), (0, 5), (0, 5)]),
    (replicas.replicas_needed, [(0, 50), (1, 6), (0, 2), (0.5, 1), (0, 3)]),
    (lambda n: decision_matrix.matrix_cell(n, True, 100, 1000), [(0, 2000)]),
    (lambda m: decision_matrix.payback_band(m, [2, 6, 12]), [(0, 20)]),
    (decision_matrix.budget_status, [(0, 9), (0, 9), (0, 9)]),
    (decision_matrix.budget_gap, [(0, 9), (0, 9), (0, 9)]),
]


@pytest.mark.parametrize(("formula", "ranges"), PER_DRAW)
def test_an_array_of_draws_gives_what_each_draw_gives_alone(formula, ranges):
    random = np.random.default_rng(7)
    draws = [np.round(random.uniform(low, high, 40), 1) for low, high in ranges]
    together = formula(*draws)
    alone = np.array([formula(*one) for one in zip(*draws, strict=True)])
    assert np.shape(together) == alone.shape
    if alone.dtype.kind == "U":
        assert together.tolist() == alone.tolist()
    else:  # numpy raises arrays to a power by another routine than single numbers: equal but for the last digit
        np.testing.assert_allclose(together, alone, rtol=1e-12, atol=1e-15)


SERIES = np.random.default_rng(7).integers(-100, 120, (40, 13)).astype(float)
RATES = np.random.default_rng(8).uniform(0, 0.5, 40)


@pytest.mark.parametrize("measure", [finance.payback_months, finance.payback_status])
def test_payback_of_many_series_is_the_payback_of_each(measure):
    np.testing.assert_array_equal(measure(SERIES), [measure(series) for series in SERIES])


@pytest.mark.parametrize("measure", [finance.npv, finance.discounted, finance.exit_option])
def test_value_of_many_series_is_the_value_of_each(measure):
    alone = np.array([measure(series, rate) for series, rate in zip(SERIES, RATES, strict=True)])
    together = measure(SERIES, RATES)
    np.testing.assert_allclose(np.stack(together, axis=-1) if isinstance(together, tuple) else together, alone, 1e-12)


def test_return_over_the_horizon_of_many_series_is_that_of_each():
    alone = [finance.roi_horizon(series, invested) for series, invested in zip(SERIES, RATES, strict=True)]
    np.testing.assert_allclose(finance.roi_horizon(SERIES, RATES), alone, 1e-12)
