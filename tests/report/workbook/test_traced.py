"""Numbers that record their formula: the value is that of numpy, the formula says the same in a spreadsheet."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.formulas import cash_flow_timing, finance
from advisor.formulas.arrays import as_array
from advisor.formulas.division import ratio
from advisor.report.workbook.formulas import Cell, Formulas
from advisor.report.workbook.steps import reached, steps
from advisor.report.workbook.traced import Trace, Traced

amounts = st.floats(-1e6, 1e6)


def written(number: Traced) -> str:
    """The formula of a number whose inputs stand in cells of their names."""
    cells = {id(each): Cell("S", 0, 0, each.extra) for each in reached([number]) if each.op == "input"}
    return Formulas(cells, 12).named(number, 0, "S")


def numbers(**values: float) -> list[Traced]:
    trace = Trace(12)
    return [trace.number(name, value) for name, value in values.items()]


def test_operations_are_written_as_they_were_done() -> None:
    a, b = numbers(a=6.0, b=4.0)
    assert written(a * b + 1) == "=a*b+1"
    assert written(a - (b - 1)) == "=a-(b-1)"
    assert written((a - b) / (2 * b)) == "=(a-b)/(2*b)"
    assert written((-a) ** 2) == "=(-a)^2"
    assert written(1 - (1 + a) ** (1 / b)) == "=1-(1+a)^(1/b)"
    assert written(np.where(a > b, np.maximum(a, 0), np.floor(b))) == "=IF(a>b,MAX(a,0),INT(b))"
    assert written((a > 1) & ~(b > 1)) == "=AND(a>1,NOT(b>1))"
    assert written(np.clip(a, 0.0, 1.0)) == "=MIN(MAX(a,0),1)"


def test_what_changes_nothing_is_not_written() -> None:
    a, b = numbers(a=6.0, b=4.0)
    assert written((0.0 + a) * 1.0 - 0.0) == "=a"
    assert written(0.0 - a * b) == "=-a*b"


def test_a_quotient_is_undefined_where_the_denominator_is_0() -> None:
    a, b = numbers(a=6.0, b=4.0)
    found = ratio(a, b)
    assert isinstance(found, Traced)
    assert found.may_be_nan
    assert written(found) == "=IF(b=0,NA(),a/IF(b=0,1,b))"
    assert written(found > 1) == "=IFERROR(IF(b=0,NA(),a/IF(b=0,1,b))+0>1+0,FALSE)"


def test_the_same_is_one_number() -> None:
    a, b = numbers(a=6.0, b=4.0)
    assert a * b is a * b
    assert a * b is not b * a


def test_a_branch_is_noted() -> None:
    a, b = numbers(a=6.0, b=4.0)
    assert a > b
    assert [written(branch) for branch in a.trace.branches.values()] == ["=a>b"]


def test_a_formula_is_not_lost_silently() -> None:
    (a,) = numbers(a=6.0)
    with pytest.raises(TypeError):
        float(a)
    with pytest.raises(KeyError):
        np.median(a[..., np.newaxis])
    assert as_array(a, float) is a


def test_a_number_used_again_gets_a_cell() -> None:
    a, b = numbers(a=6.0, b=4.0)
    shared = (a + b) * (a - b)
    wanted = [shared + 1, shared + 2]
    assert [*steps(wanted, {id(a), id(b), *map(id, wanted)})] == [shared]


@given(amounts, st.lists(amounts, min_size=12, max_size=12), st.floats(0.0, 0.5))
def test_values_are_those_of_plain_numbers(paid: float, saved: list[float], rate: float) -> None:
    trace = Trace(12)
    traced_flows: Any = cash_flow_timing.net_cash_flows(trace.number("paid", paid), np.array(saved) * trace.months, 0.0)  # type: ignore[arg-type]
    flows = cash_flow_timing.net_cash_flows(paid, np.array(saved) * np.arange(1.0, 13.0), 0.0)
    traced_rate: Any = trace.number("rate", rate)
    # numpy rounds the last digit of a power by where its array lies in memory: twelve
    # factors and their sum differ by some 20 roundings of the largest flow at most.
    near = 20 * np.finfo(float).eps * float(np.abs(flows).sum())
    for how in (finance.npv, finance.discounted):
        np.testing.assert_allclose(how(traced_flows, traced_rate).value, how(flows, rate), rtol=0, atol=near)  # type: ignore[union-attr]
    ours: Any = finance.exit_option(traced_flows, traced_rate)
    best = finance.exit_option(flows, rate)
    np.testing.assert_allclose(ours.npv_with_exit.value, best.npv_with_exit, rtol=0, atol=near)
    at_our_month = np.cumsum(finance.discounted(flows, rate))[int(ours.exit_month.value)]
    np.testing.assert_allclose(at_our_month, best.npv_with_exit, rtol=0, atol=near)
    for each in (finance.payback_months, finance.payback_status):
        assert np.array_equal(
            np.asarray(each(traced_flows).value), each(flows), equal_nan=each is finance.payback_months
        )  # type: ignore[union-attr]
