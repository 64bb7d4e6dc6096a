"""Value, rate of return and payback of random projects against other programs."""

import numpy as np
import pytest
import pyxirr
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.formulas import finance, rate_of_return

FEW = settings(max_examples=100)

# Outflows first, then inflows: one change of sign, so exactly one rate of return. Some months may be empty.
outflows = st.lists(st.floats(1, 1e6), min_size=1, max_size=6)
inflows = st.lists(st.one_of(st.just(0.0), st.floats(1, 1e6)), min_size=1, max_size=36).filter(any)
projects = st.tuples(outflows, inflows).map(lambda parts: np.array([*(-x for x in parts[0]), *parts[1]]))
annual_rate = st.floats(-0.5, 3)


@FEW
@given(projects, annual_rate)
def test_value_is_that_of_another_program(flows, rate):
    gross = finance.npv(np.abs(flows), rate)
    assert finance.npv(flows, rate) == pytest.approx(pyxirr.npv(finance.monthly_rate(rate), flows), abs=1e-12 * gross)


@FEW
@given(projects)
def test_rate_of_return_is_that_of_another_program(flows):
    ours, theirs = rate_of_return.irr(flows), pyxirr.irr(flows)
    assert ours.status == "ok"
    if theirs is not None:
        assert ours.monthly == pytest.approx(theirs, rel=1e-6, abs=1e-7)
        assert ours.annual == pytest.approx((1 + theirs) ** 12 - 1, rel=1e-5, abs=1e-6)


@FEW
@given(projects)
def test_payback_is_that_of_counting_by_hand(flows):
    found = finance.payback(flows)
    missing = -flows[0]
    for month, flow in enumerate(flows[1:], 1):
        if flow > 0 and flow >= missing * (1 - 1e-9):
            assert found.months == pytest.approx(month - 1 + missing / flow, abs=1e-6)
            assert found.status == "ok"
            return
        missing -= flow
    assert np.isnan(found.months)
    assert found.status == "not_within_horizon"
