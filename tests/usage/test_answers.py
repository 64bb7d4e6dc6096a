"""Measured figures become answers of a case: each answers its question, and money is told once."""

import math
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.decision.advice import advise
from advisor.scenario import QUESTIONS, Scenario
from advisor.usage.answers import DOMINANT, dominant_model, file_of, measured_answers, remarks
from advisor.usage.records import Measured, UsageProfile
from tests.cases import DAY, catalog, preset
from tests.usage.profiles import FIGURES, LAST, MODEL, model, usage_profile

CASE = Scenario.from_answers({"daily_requests": 60_000, "quality_need": "high", "budget": 40_000})
COST = Measured(0.012, 0.0115, 0.0125, 1_875_500, "day")
MONEY = ("current_monthly_bill", "current_cost_per_request", "list_price_discount")


def answers(found: UsageProfile, case: Scenario = CASE, on: date = DAY):
    return measured_answers(found, case, catalog(), on)


def codes(found: UsageProfile, case: Scenario = CASE, on: date = DAY) -> list[str]:
    return [notice.code for notice in remarks(found, case, catalog(), on)]


def with_figures(**more: Measured) -> UsageProfile:
    return usage_profile({**FIGURES, **more})


def test_a_figure_becomes_an_answer_with_its_record() -> None:
    record = answers(usage_profile())["daily_requests"]
    assert (record.value, record.low, record.high, record.rows) == (60_500, 59_200, 61_800, 1_875_500)
    assert record.title == "spend-2026-10.parquet (2026-10-01 \u2013 2026-10-31; n = 1,875,500)"


def test_answers_stand_in_the_order_of_the_questions_and_a_case_takes_them() -> None:
    found = answers(usage_profile())
    assert list(found) == [name for name in QUESTIONS if name in found]
    changed = CASE.with_measured(found)
    assert all(changed.record_of(name) is not None for name in found)
    rows = advise(changed, catalog(), DAY).assessment.assumptions
    assert {name for name in found if name in rows.rows and rows[name].kind != "measured"} == set()


def test_growth_of_the_past_is_told_and_not_taken() -> None:
    assert "volume_growth" not in answers(usage_profile())
    assert "usage_growth" in codes(usage_profile())


def test_a_volume_that_fell_is_told_to_have_fallen_and_one_that_stood_is_not_told() -> None:
    fell = with_figures(volume_growth=Measured(-0.2, -0.3, -0.1, 31, "day"))
    assert [n.params for n in remarks(fell, CASE, catalog(), DAY) if n.code == "usage_decline"] == [{"share": 0.2}]
    stood = with_figures(volume_growth=Measured(-1e-9, -0.001, 0.001, 31, "day"))
    assert {"usage_growth", "usage_decline"} & set(codes(stood)) == set()


def test_why_a_bill_alone_is_not_taken_is_told() -> None:
    bill = usage_profile({"monthly_bill": Measured(600.0, 500.0, 700.0, 31, "day")}, models=(), daily=())
    assert answers(bill) == {}
    assert [n.params["money"] for n in remarks(bill, CASE, catalog(), DAY) if n.code == "usage_bill_alone"] == [600]
    assert "usage_bill_alone" not in codes(usage_profile())
    asked = CASE.with_(current_monthly_bill=500.0, days_per_month=30)
    assert answers(bill, asked)["current_monthly_bill"].value == pytest.approx(600 * 30 / (365 / 12), rel=1e-5)
    assert "usage_bill_alone" not in [n.code for n in remarks(bill, asked, catalog(), DAY)]


def test_an_interval_from_hours_is_too_narrow_for_the_case() -> None:
    hours = with_figures(daily_requests=replace(FIGURES["daily_requests"], blocks="hour"))
    record = answers(hours)["daily_requests"]
    assert (record.value, record.low, record.high) == (60_500, None, None)


def test_the_most_used_model_answers_only_where_it_stands_for_all() -> None:
    assert answers(usage_profile())["current_model"].value == MODEL
    mixed = usage_profile(models=(model(share=0.6), model("anthropic/claude-opus-4-6", 0.4)))
    assert "current_model" not in answers(mixed)
    assert "usage_models_mixed" in codes(mixed)
    unknown = usage_profile(models=(model("our-own", model_id=None),))
    assert "current_model" not in answers(unknown)
    assert "usage_model_unknown" in codes(unknown)
    unnamed = usage_profile(models=(model("", model_id=None),))
    assert {"usage_model_unknown", "usage_model_unnamed"} & set(codes(unnamed)) == {"usage_model_unnamed"}


def test_snapshots_of_one_model_are_one_model() -> None:
    halves = (model("snapshot-1", 0.5, model_id=MODEL), model("snapshot-2", 0.5, model_id=MODEL))
    assert dominant_model(usage_profile(models=halves)) == MODEL


def test_models_are_weighed_by_list_prices_where_requests_are_not_counted() -> None:
    most = model(share=None, list_cost=DOMINANT)
    rest = model("anthropic/claude-opus-4-6", None, list_cost=1 - DOMINANT)
    assert dominant_model(usage_profile(models=(rest, most), requests=None)) == MODEL


@pytest.mark.parametrize(
    ("figures", "told", "kept"),
    [
        ({"cost_per_request": COST}, {}, "current_monthly_bill"),
        ({"cost_per_request": COST, "list_price_discount": Measured(0.12)}, {}, "list_price_discount"),
        ({"cost_per_request": COST, "list_price_discount": Measured(-0.3)}, {}, "current_monthly_bill"),
        ({"cost_per_request": COST, "list_price_discount": Measured(0.12)}, {"bill": 20_000}, "current_monthly_bill"),
        ({"cost_per_request": COST}, {"call": 0.02}, "current_cost_per_request"),
        ({"list_price_discount": Measured(0.12)}, {"call": 0.02}, None),
    ],
)
def test_money_is_told_once(figures: dict[str, Measured], told: dict[str, float], kept: str | None) -> None:
    names = {"bill": "current_monthly_bill", "call": "current_cost_per_request"}
    case = CASE.with_(**{names[name]: value for name, value in told.items()})
    assert [name for name in answers(with_figures(**figures), case) if name in MONEY] == ([kept] if kept else [])


def test_a_bill_without_lengths_tells_what_a_request_costs() -> None:
    bare = usage_profile({"daily_requests": FIGURES["daily_requests"], "cost_per_request": COST}, models=())
    assert answers(bare)["current_cost_per_request"].value == 0.012


def test_the_bill_is_that_of_a_month_of_the_case() -> None:
    case = CASE.with_(days_per_month=30)
    assert answers(with_figures(cost_per_request=COST), case)["current_monthly_bill"].value == pytest.approx(
        0.012 * 60_500 * 30
    )


def test_money_is_converted_at_the_rates_of_the_case() -> None:
    case = CASE.with_(currency="EUR", exchange_rates={"EUR": 0.5})
    dollars = answers(with_figures(cost_per_request=COST))["current_monthly_bill"]
    euros = answers(with_figures(cost_per_request=COST), case)["current_monthly_bill"]
    assert euros.value == pytest.approx(float(dollars.value) / 2, rel=1e-5)


def test_money_of_a_currency_without_a_rate_is_left_out_and_told() -> None:
    crowns = replace(with_figures(cost_per_request=COST), currency="SEK")
    assert not set(MONEY) & answers(crowns).keys()
    assert "usage_currency" in codes(crowns)


def test_long_prompts_are_told_only_of_the_model_whose_tier_was_counted() -> None:
    long = {"long_prompt_share": Measured(0.02), "long_prompt_tokens": Measured(300_000.0)}
    flat = usage_profile({**FIGURES, **long}, models=(model("openai/gpt-4o"),))
    assert "long_prompt_share" not in answers(flat)
    tiered = usage_profile({**FIGURES, **long}, models=(model("google/gemini-2.5-pro"),))
    assert answers(tiered)["long_prompt_share"].value == 0.02


def test_records_that_ended_long_ago_say_so() -> None:
    assert "usage_old" not in codes(usage_profile(), on=LAST + timedelta(days=30))
    assert "usage_old" in codes(usage_profile(), on=LAST + timedelta(days=200))


def test_several_files_are_named_by_the_first() -> None:
    assert file_of(usage_profile(files=("/tmp/x/a.csv", "b.csv", "c.csv"))) == "a.csv + 2"
    for name in ("x" * 500, "a\x1b[31m\n.csv", "\udcff", "", "\u202egpj.csv"):
        found = usage_profile(files=(name, "b.csv"))
        assert len(file_of(found)) <= 120
        assert CASE.with_measured(answers(found)).measured


@given(
    st.floats(-1e18, 1e18), st.floats(0, 1e12), st.floats(0, 1e12), st.sampled_from(["daily_requests", "peak_factor"])
)
def test_whatever_was_measured_the_answer_can_be_given(value: float, below: float, above: float, name: str) -> None:
    found = answers(usage_profile({name: Measured(value, value - below, value + above, 10, "day")}))
    record = found[name]
    assert isinstance(record.value, float)
    assert record.low is not None
    assert record.high is not None
    assert record.low <= record.value <= record.high
    assert math.isfinite(record.value)
    assert CASE.with_measured(found).record_of(name) == record


def test_measured_facts_narrow_the_fan() -> None:
    """The same answers with their records: less is open, so the simulated futures lie closer together."""
    found = answers(usage_profile())
    open_case = preset("extraction", preset=None)
    stated = open_case.with_(**{name: record.value for name, record in found.items()})
    usual, narrow = (advise(case, catalog(), DAY) for case in (stated, open_case.with_measured(found)))
    assert usual.headline is not None
    assert narrow.headline is not None

    def width(name: str) -> tuple[float, float]:
        fans = [getattr(each.headline, name) for each in (usual, narrow)]
        return fans[0].p90 - fans[0].p10, fans[1].p90 - fans[1].p10

    for name in ("npv", "npv_if_passed", "monthly_savings"):
        before, after = width(name)
        assert after < before, name


def test_requests_sent_again_are_not_counted_twice() -> None:
    found = with_figures(retry_share=Measured(0.02))
    assert answers(found)["daily_requests"].value == pytest.approx(60_500 * 0.98)
    assert answers(found)["retry_share"].value == 0.02


def test_what_prompts_begin_with_alike_is_the_repeated_part() -> None:
    found = with_figures(cacheable_share=Measured(0.3), cacheable_share_hour=Measured(0.4))
    assert answers(found)["static_prompt_share"].value == 0.4
    assert "usage_repeated_prompts" in codes(found)


def test_an_estimated_cost_is_no_bill() -> None:
    assert not set(MONEY) & answers(with_figures(estimated_cost_per_request=COST)).keys()
