"""Months after the launch: the bridge adds up, the way back is the same, and the coming months follow the last ones."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.assumptions import resolve
from advisor.core.notices import InputError
from advisor.evidence.actual_months import actuals_template, read_actuals
from advisor.evidence.actuals import compare_actuals
from advisor.evidence.results_table import template
from advisor.formulas import finance
from advisor.money.cash_flows import evaluate, timeline, tuned_by_category
from advisor.scenario import Scenario
from tests.cases import DAY, catalog, plain, preset

PLAIN = plain(
    current_cost_per_request=0.1,
    daily_requests=1000,
    days_per_month=30,
    serving_route="own_figure",
    tuned_cost_per_request=0.02,
    fallback_share=0.1,
    ops_hours=10,
    hourly_rate=50,
    other_monthly_cost=0,
    deploy_months=0,
    horizon_months=12,
    engineer_hours=100,
)


def compared(content: str, case: Scenario = PLAIN, on: date = DAY):
    return compare_actuals(read_actuals(content.encode(), "months.csv", case.base_currency), case, catalog(), on)


def months(*rows: dict[str, object]) -> str:
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    return template(columns, [tuple(row.get(name) for name in columns) for row in rows])


@pytest.mark.parametrize("name", ["extraction", "article-001", "chat"])
def test_the_costs_by_category_are_the_whole_cost(name: str) -> None:
    a = resolve(preset(name), catalog(), DAY)
    line = timeline(a)
    found = evaluate(a, line)
    parts = np.sum(list(tuned_by_category(a, line).values()), axis=0)
    assert parts == pytest.approx(found.tuned.monthly_cost)


def test_months_as_planned_change_nothing() -> None:
    row = {"requests": 30_000, "fallback_share": 0.1, "hosting_bill": 600, "api_bill": 300, "people_hours": 10}
    found = compared(months(*({"month": k, **row} for k in (1, 2, 3))))
    assert set(found.steps.values()) == {0.0}
    assert found.flows == pytest.approx(found.planned_flows)
    assert found.now == found.plan


def test_what_happened_is_a_cash_flow_and_the_rest_goes_on_as_the_last_months() -> None:
    """Requests doubled: 6,000 - 1,200 - 600 - 500 = 3,700 a month instead of 1,600, and so for the nine to come."""
    found = compared(months(*({"month": k, "requests": 60_000} for k in (1, 2, 3))))
    assert found.flows[1:] == pytest.approx([3700.0] * 12)
    assert found.rest == pytest.approx(float(finance.npv(np.array([0.0] + [3700.0] * 9), 0.0)))
    assert found.records["daily_requests"].value == pytest.approx(2000)
    assert found.now.payback_months == pytest.approx(5000 / 3700)


def test_a_bill_that_stays_higher_is_planned_with() -> None:
    found = compared(months({"month": 1, "hosting_bill": 1200, "api_bill": 300}))
    assert found.flows[1:] == pytest.approx([1000.0] * 12)


def test_what_was_paid_before_the_launch_is_month_0() -> None:
    found = compared(months({"month": 0, "people_hours": 150, "other": 500}, {"month": 1, "requests": 30_000}))
    assert found.planned_flows[0] == -5000
    assert found.flows[0] == -8000
    assert found.steps["investment"] == -3000
    assert found.actual_saving - found.planned_saving == -3000


def test_a_month_without_a_row_counts_as_planned_and_is_told() -> None:
    found = compared(months({"month": 3, "requests": 60_000}))
    assert found.flows[1:4] == pytest.approx([1600.0, 1600.0, 3700.0])
    assert [n.params for n in found.notices if n.code == "actuals_months_planned"] == [{"count": 2}]


def test_calendar_months_are_counted_from_the_day_of_the_case() -> None:
    """DAY is 20 November: month 1 is December, so March of the next year is month 4; from the 15th back, month 5."""
    assert compared(months({"month": "2027-03", "requests": 1})).months[0].number == 4
    early = compared(months({"month": "2027-03", "requests": 1}), on=date(2026, 11, 15))
    assert early.months[0].number == 5


def test_requests_are_taken_back_to_the_first_month_of_the_plan_and_what_was_counted_is_known() -> None:
    """With growth of a tenth a year, 33,000 requests in the 13th month are 1,000 a day on the first day of the plan."""
    case = PLAIN.with_(horizon_months=24, volume_growth=0.1)
    found = compared(months({"month": 13, "requests": 33_000}), case)
    assert found.records["daily_requests"].value == pytest.approx(1000)
    assert found.records["daily_requests"].counted == pytest.approx(1100)
    assert "daily_requests" not in compared(months({"month": 13, "hosting_bill": 1200}), case).records
    flat = compared(months({"month": 13, "requests": 33_000}), case.with_(volume_growth=0))
    assert flat.records["daily_requests"].counted is None


def test_the_records_make_a_case() -> None:
    found = compared(months({"month": "2027-03", "requests": 60_000, "fallback_share": 0.3, "people_hours": 20}))
    case = PLAIN.with_measured(found.records)
    assert (case.daily_requests, case.fallback_share, case.ops_hours) == (2000, 0.3, 20)
    record = case.record_of("daily_requests")
    assert record is not None
    assert (record.first, record.last, record.rows) == (date(2027, 3, 1), date(2027, 3, 31), 60_000)


def test_the_example_goes_with_a_case() -> None:
    found = compared(actuals_template(), preset("extraction"))
    assert [month.number for month in found.months] == [4, 5]
    assert found.flows[0] != found.planned_flows[0]


AMOUNT = st.one_of(st.none(), st.floats(0, 1e5).map(lambda value: round(value, 2)))
ROW = st.fixed_dictionaries(
    {
        "requests": st.one_of(st.none(), st.integers(1, 10**6)),
        "fallback_share": st.one_of(st.none(), st.sampled_from(["0%", "12.5%", "100%"])),
        "hosting_bill": AMOUNT,
        "api_bill": AMOUNT,
        "people_hours": AMOUNT,
        "other": AMOUNT,
    }
)


@settings(max_examples=40, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=4), st.booleans())
def test_the_bridge_adds_up_to_the_cent_whatever_happened(rows, invested: bool) -> None:
    told = [{"month": k, **row} for k, row in enumerate(rows, 0 if invested else 1)]
    found = compared(months(*told))
    steps = sum((Decimal(f"{value:.2f}") for value in found.steps.values()), Decimal(0))
    assert steps == Decimal(f"{found.actual_saving:.2f}") - Decimal(f"{found.planned_saving:.2f}")


@settings(max_examples=15, deadline=None)
@given(st.integers(500, 3000), st.integers(500, 3000), st.floats(0, 0.5), st.floats(0, 0.5))
def test_swapping_plan_and_actual_flips_the_sign_of_the_whole(first, second, low, high) -> None:
    """A case with the other's requests and fallback, told the first's: the same gap the other way."""
    low, high = round(low, 3), round(high, 3)
    ends = ((first, low), (second, high))
    gaps = []
    for (requests, share), (actual, handed) in (ends, ends[::-1]):
        case = PLAIN.with_(daily_requests=requests, fallback_share=share)
        found = compared(months({"month": 1, "requests": actual * 30, "fallback_share": f"{handed * 100:.1f}%"}), case)
        gaps.append(found.actual_saving - found.planned_saving)
    assert gaps[0] == pytest.approx(-gaps[1], abs=0.011)


@pytest.mark.parametrize(
    ("content", "field", "code", "line"),
    [
        ("requests\n5\n", "month", "results_column_missing", None),
        ("month\n3\n", "file", "actuals_nothing_known", None),
        ("month,requests\nsoon,5\n", "month", "actuals_no_month", 2),
        ("month,requests\n2027-13,5\n", "month", "actuals_no_month", 2),
        ("month,requests\n2025-01,5\n", "month", "actuals_before_plan", 2),
        ("month,requests\n99,5\n", "month", "actuals_after_plan", 2),
        ("month,requests\n1,5\n1,6\n", "month", "actuals_month_twice", 3),
        ("month,requests\n1,many\n", "requests", "results_no_number", 2),
        ("month,hosting_bill\n1,-5\n", "hosting_bill", "results_outside", 2),
        ("month,hosting_bill\n1,€500\n", "hosting_bill", "results_foreign_currency", 2),
        ("month,fallback_share\n1,20\n", "fallback_share", "results_share_or_percent", 2),
        ("month,input_tokens\n1,500000\n", "input_tokens", "actuals_tokens_alone", 2),
        ("month,requests\n,5\n", "month", "actuals_no_month", 2),
    ],
)
def test_a_faulty_table_is_told_by_column_and_line(content, field, code, line) -> None:
    with pytest.raises(InputError) as caught:
        compared(content)
    issue = caught.value.issues[0]
    assert (issue.field, issue.code, issue.params.get("line")) == (field, code, line)


def test_a_case_whose_money_is_unknown_has_no_plan() -> None:
    with pytest.raises(InputError) as caught:
        compared("month,requests\n1,5\n", Scenario.from_answers({"quality_need": "normal", "budget": 1000}))
    assert caught.value.issues[0].code == "actuals_no_plan"
