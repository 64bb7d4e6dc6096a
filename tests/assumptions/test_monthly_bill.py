"""A bill and the requests it is for say what a request costs; what nobody stated of a request follows."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.assumptions import resolve
from advisor.assumptions.batch import Resolved, resolve_many
from advisor.core.records import Assumptions
from advisor.money.assessment import assess
from advisor.options import keep_as_is
from advisor.options.declared import total
from advisor.scenario import Scenario, dump_scenario, parse_scenario
from advisor.text.i18n import Translator
from advisor.text.phrases import notice_text
from tests.cases import DAY, advice, catalog

NEEDS = {"daily_requests": 10_000, "quality_need": "normal", "budget": 40_000}
MONTH = 365 / 12
STATED = {"current_input_price": 1.0, "current_cached_input_price": 1.0, "current_output_price": 5.0}


def case(**answers: object) -> Scenario:
    return Scenario.from_answers({**NEEDS, **answers})


def rows(**answers: object) -> Assumptions:
    return resolve(case(**answers), catalog(), DAY)


def today(a: Assumptions) -> float:
    """What today's setup costs in a month."""
    by_use = total(keep_as_is.line_items(a))
    flat = total(keep_as_is.flat_items(a))
    assert by_use is not None
    assert flat is not None
    return float(by_use) * float(a.number("daily_requests")) * float(a.number("days_per_month")) + float(flat)


def told(a: Assumptions) -> dict[str, str]:
    return {n.code: n.severity for n in a.notices if n.code.startswith("bill_")}


@pytest.mark.parametrize(
    ("answers", "code", "severity"),
    [
        ({"current_monthly_bill": 1000}, "bill_sets_lengths", "info"),
        ({"current_monthly_bill": 3000, "use_case": "summaries"}, "bill_sets_lengths", "info"),
        ({"current_monthly_bill": 500, "input_tokens": 1000}, "bill_sets_lengths", "info"),
        ({"current_monthly_bill": 3000, "currency": "CNY"}, "bill_sets_lengths", "info"),
        ({"current_monthly_bill": 1000, "current_fixed_monthly_cost": 300}, "bill_sets_lengths", "info"),
        (
            {"current_monthly_bill": 1000, "list_price_discount": 0.2, "cache_hit_share": 0.5},
            "bill_sets_lengths",
            "info",
        ),
        ({"current_monthly_bill": 50_000}, "bill_sets_prices", "warning"),
        ({"current_monthly_bill": 20, "use_case": "customer_service"}, "bill_sets_prices", "warning"),
        ({"current_monthly_bill": 500, "input_tokens": 2000, "output_tokens": 200}, "bill_sets_prices", "info"),
        ({"current_monthly_bill": 5000, "input_tokens": 2000, "output_tokens": 200}, "bill_sets_prices", "info"),
    ],
)
def test_today_costs_what_the_bill_says(answers: dict[str, object], code: str, severity: str) -> None:
    a = rows(**answers)
    assert today(a) == pytest.approx(float(str(answers["current_monthly_bill"])), rel=5e-4)
    assert told(a) == {code: severity}


@given(bill=st.floats(1, 1e6), requests=st.floats(10, 1e7), use=st.sampled_from([None, *catalog().uses]))
@settings(max_examples=60, deadline=None)
def test_whatever_the_bill_today_costs_it(bill: float, requests: float, use: str | None) -> None:
    a = rows(current_monthly_bill=bill, daily_requests=requests, use_case=use)
    assert today(a) == pytest.approx(bill, rel=5e-4)
    assert a.number("input_tokens") <= 5 * 3000


@pytest.mark.parametrize("bill", [90.0, 3_000.0, 123_456.78])
def test_prices_that_follow_from_a_bill_meet_it_to_the_cent(bill: float) -> None:
    """A finance person who enters 3,000 has to find 3,000 in the first month; only lengths are rounded to be read."""
    a = rows(current_monthly_bill=bill, input_tokens=100, output_tokens=100)
    assert "bill_sets_prices" in told(a)
    assert today(a) == pytest.approx(bill, abs=0.005)


def test_lengths_stay_in_their_proportion_and_are_as_sure_as_a_stated_number() -> None:
    """Twice the bill of the typical lengths: twice as long."""
    plain = rows()
    a = rows(current_monthly_bill=2 * today(plain))
    for name in ("input_tokens", "output_tokens"):
        row = a[name]
        assert row.value == pytest.approx(2 * float(plain.number(name)), rel=1e-3)
        assert (row.set_by, row.kind) == ("bill", "estimate")
        assert (row.low, row.high) == (pytest.approx(0.8 * row.value), pytest.approx(1.2 * row.value))
        assert row.usual == (
            pytest.approx(2 * plain[name].low, rel=1e-3),
            pytest.approx(2 * plain[name].high, rel=1e-3),
        )
    dear = rows(current_monthly_bill=50_000)["input_tokens"]
    assert (dear.value, dear.low, dear.high, dear.usual) == (1155, 924, 1386, (400, 3000))
    known = rows(current_monthly_bill=1000, ranges={"current_monthly_bill": [900, 1500]})["input_tokens"]
    assert (known.low, known.high) == (pytest.approx(0.9 * known.value), pytest.approx(1.5 * known.value))


@pytest.mark.parametrize(
    "stated",
    [
        {"input_tokens": 2000, "output_tokens": 200, **STATED},
        {"current_cost_per_request": 0.02},
    ],
)
def test_what_is_stated_is_counted_and_the_difference_told(stated: dict[str, float]) -> None:
    with_bill, without = rows(**stated, current_monthly_bill=5000), rows(**stated)
    assert today(with_bill) == pytest.approx(today(without))
    assert told(with_bill) == {"bill_differs": "warning"}
    assert told(rows(**stated, current_monthly_bill=today(without))) == {}


def test_a_bill_that_is_flat_says_nothing_of_a_request() -> None:
    flat = {"current_fixed_monthly_cost": 200}
    a = rows(current_monthly_bill=150, **flat)
    assert told(a) == {"bill_is_flat": "warning"}
    assert a["input_tokens"] == rows(**flat)["input_tokens"]


@pytest.mark.parametrize("answers", [{"daily_requests": 0}, {"daily_requests": None}, {"current_monthly_bill": 0}])
def test_without_requests_or_a_bill_nothing_follows(answers: dict[str, object]) -> None:
    a = resolve(case(**{"current_monthly_bill": 1000, **answers}), catalog(), DAY)
    assert a["input_tokens"].set_by == "default"
    assert told(a) == {}


def test_a_bill_follows_the_requests_in_a_what_if_and_stays_where_they_are_corrected() -> None:
    known = case(current_monthly_bill=1000, current_fixed_monthly_cost=400)
    doubled = known.with_(daily_requests=20_000)
    assert doubled.current_monthly_bill == 1600
    for name in ("input_tokens", "output_tokens"):
        assert resolve(doubled, catalog(), DAY)[name] == resolve(known, catalog(), DAY)[name]
    assert known.corrected("daily_requests", 20_000).current_monthly_bill == 1000
    assert known.with_(daily_requests=20_000, current_monthly_bill=700).current_monthly_bill == 700
    assert known.with_(daily_requests=0).current_monthly_bill == 1000
    assert known.with_(current_monthly_bill=None).current_monthly_bill is None


def test_another_volume_costs_as_much_a_request() -> None:
    known = case(current_monthly_bill=2000)
    there = assess(resolve(known.with_(daily_requests=123_000), catalog(), DAY), ()).metrics
    here = advice(known).assessment.metrics
    assert there is not None
    assert here is not None
    assert there.current_cost_per_request == pytest.approx(here.current_cost_per_request)


def test_many_cases_together_follow_their_bills_too() -> None:
    cases = [
        case(current_monthly_bill=bill, daily_requests=volume, use_case=use, input_tokens=length)
        for bill in (200, 900, 50_000)
        for volume in (1000, 20_000)
        for use in (None, "extraction")
        for length in (None, 1500)
    ]
    for alone, found in zip(cases, resolve_many(cases, catalog(), DAY), strict=True):
        assert isinstance(found, Resolved)
        expected = resolve(alone, catalog(), DAY)
        values = {n: found.own.get(n, r.value) for n, r in found.like.items()}
        assert [*values] == [*expected]
        for name, row in expected.items():
            same = pytest.approx(row.value, 1e-12, 0) if isinstance(row.value, float) else row.value
            assert values[name] == same, name


def test_a_file_keeps_use_and_bill() -> None:
    known = case(current_monthly_bill=1000, use_case="extraction")
    assert parse_scenario(dump_scenario(known)) == known


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_words_say_what_is_assumed(language: str) -> None:
    t = Translator(language)
    (lengths,) = (n for n in rows(current_monthly_bill=2000).notices if n.code == "bill_sets_lengths")
    text = notice_text(t, lengths, "USD")
    assert "$0.00658" in text
    assert "openai/gpt-6.1-terra" in text
    assert "3,402" in text
