"""Provenance, notices, decisions and the behaviour of the whole engine on arrays."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.assumptions import resolve
from advisor.assumptions.currency import in_base, in_currency
from advisor.assumptions.relevance import FACTS, relevant_questions
from advisor.catalog.hosted_prices import hosted_models, hosted_price
from advisor.catalog.own_hosted import OwnHosted, trying
from advisor.core.notices import InputError
from advisor.core.records import Economics
from advisor.decision.advice import advise
from advisor.money.cash_flows import evaluate
from advisor.scenario import QUESTIONS, Scenario
from tests.cases import DAY, advice, catalog, plain, preset

PRESETS = tuple(catalog().presets)
BASE = {"daily_requests": 5000, "quality_need": "high", "budget": 50_000}


@pytest.mark.parametrize("name", PRESETS)
def test_every_number_has_unit_kind_and_source(name: str) -> None:
    rows = advice(preset(name)).assessment.assumptions
    for row in rows.values():
        if row.value is not None:
            assert row.unit
            assert row.source is not None or row.set_by == "user", row.id


@pytest.mark.parametrize("name", PRESETS)
def test_every_relevant_question_is_an_assumption_and_no_other(name: str) -> None:
    case = preset(name)
    rows = set(advice(case).assessment.assumptions) - {"exchange_rate_CNY", "exchange_rate_EUR"}
    assert rows - FACTS == relevant_questions(case, catalog())


@pytest.mark.parametrize("name", PRESETS)
def test_every_assumption_a_line_item_names_exists(name: str) -> None:
    found = advice(preset(name)).assessment
    assert found.economics is not None
    for option in (found.economics.baseline, found.economics.tuned):
        for item in option.line_items:
            assert set(item.uses) <= set(found.assumptions), item.id


def test_an_answer_is_the_users_own_and_a_default_is_not() -> None:
    rows = advice(Scenario.from_answers({**BASE, "hourly_rate": 80})).assessment.assumptions
    assert (rows["hourly_rate"].set_by, rows["hourly_rate"].kind) == ("user", "yours")
    assert rows["engineer_hours"].set_by == "default"


def test_a_presets_number_stays_the_presets_until_it_is_changed() -> None:
    rows = advice(preset("article-001", training_hours=5)).assessment.assumptions
    assert rows["hourly_rate"].set_by == "preset"
    assert rows["training_hours"].set_by == "user"


def test_defaults_follow_the_currency_and_the_users_rate() -> None:
    dollars = advice(Scenario.from_answers(BASE)).assessment.assumptions
    yuan = advice(
        Scenario.from_answers({**BASE, "currency": "CNY", "exchange_rates": {"CNY": 7.2}})
    ).assessment.assumptions
    for name in ("retrieval_monthly_cost", "serving_gpu_price", "current_input_price"):
        assert float(yuan.number(name)) == pytest.approx(7.2 * float(dollars.number(name)))
    assert yuan["exchange_rate_CNY"].set_by == "user"


def test_currency_changes_no_decision() -> None:
    """With wage and price of an example stated: unless they are, each market has its own."""
    dollars = advice(Scenario.from_answers({**BASE, "hourly_rate": 50, "example_price": 5}))
    rates = {"currency": "CNY", "exchange_rates": {"CNY": 7.2}}
    people = {"hourly_rate": 50 * 7.2, "example_price": 5 * 7.2}
    yuan = advice(Scenario.from_answers({**BASE, **people, "budget": 50_000 * 7.2, **rates}))
    assert dollars.recommendation.verdict == yuan.recommendation.verdict
    a, b = dollars.assessment.metrics, yuan.assessment.metrics
    assert a is not None
    assert b is not None
    assert b.npv == pytest.approx(7.2 * a.npv)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("current_model", "openai/gpt-99"),
        ("tuned_model", "nobody/nothing"),
        ("serving_gpu", "h1000"),
        ("training_gpu", "x"),
        ("preset", "article-009"),
    ],
)
def test_an_unknown_id_is_refused_with_its_field(field: str, value: str) -> None:
    route = {"serving_route": "hosted"} if field == "tuned_model" else {}
    with pytest.raises(InputError) as caught:
        resolve(Scenario.from_answers({**BASE, **route, field: value}), catalog(), DAY)
    assert [i.field for i in caught.value.issues] == [field]


def test_an_unknown_price_is_a_notice_and_never_zero() -> None:
    case = Scenario.from_answers({**BASE, "serving_gpu": "v100-sxm-32gb", "replica_tokens_per_second": 1000})
    found = advice(case)
    assert found.assessment.metrics is None
    assert "serving_gpus" in found.assessment.missing
    assert found.recommendation.rule == "R10"
    assert {"price_missing", "gpu_price_missing"} <= {n.code for n in found.assessment.notices}


def test_nothing_of_something_unpriced_costs_nothing() -> None:
    idle = {"serving_gpu": "v100-sxm-32gb", "min_replicas": 0, "replica_tokens_per_second": 1000}
    found = advice(Scenario.from_answers({**BASE, **idle, "daily_requests": 0}))
    assert found.assessment.metrics is not None


def test_a_case_in_which_no_money_ever_moves_is_not_recommended() -> None:
    found = advice(plain(daily_requests=0))
    m = found.assessment.metrics
    assert m is not None
    assert (m.investment, m.payback_status, m.payback_months) == (0, "never", None)
    assert found.recommendation.verdict == "cost_only"
    assert m.break_even_requests == pytest.approx(1)


def test_without_a_price_of_serving_it_is_asked_for_and_the_budget_is_mentioned() -> None:
    """Whether a budget is worth raising depends on the money, so it is tested after it."""
    found = advice(Scenario.from_answers({**BASE, "budget": 100, "serving_route": "own_figure"}))
    assert found.assessment.metrics is None
    assert (found.recommendation.verdict, found.recommendation.rule) == ("need_more_input", "R10")
    reason = found.recommendation.reasons[0]
    assert (reason.code, reason.params["items"]) == ("reason_cost_unknown", found.assessment.missing)
    assert found.assessment.missing
    assert [n.code for n in found.recommendation.reasons[1:]] == ["reason_budget_besides"]


def test_a_no_without_a_budget_says_nothing_of_it() -> None:
    found = advice(Scenario.from_answers({**BASE, "daily_requests": 1000, "budget": 0})).recommendation
    assert found.verdict == "no"
    assert "reason_budget_besides" not in {reason.code for reason in found.reasons}


def test_what_only_the_budget_keeps_out_is_told_where_today_is_kept() -> None:
    """Cheaper calls would save, and nothing but the budget of none speaks against them."""
    found = advice(preset("customer-service", budget=0)).recommendation
    (said,) = [reason.params for reason in found.reasons if reason.code == "reason_only_budget"]
    assert said["option"] == "optimise_current"
    assert said["cost"] == 800
    assert said["monthly"] > 0
    assert not {"reason_instead_today", "reason_budget_besides"} & {reason.code for reason in found.reasons}


def test_an_open_budget_is_asked_for_before_the_matrix_speaks() -> None:
    found = advice(
        Scenario.from_answers({"daily_requests": 5000, "quality_need": "high", "serving_route": "own_figure"})
    )
    assert found.recommendation.verdict == "need_more_input"


def test_only_root_causes_are_named_as_missing() -> None:
    found = advice(preset("extraction", training_source="own_card", training_gpu="v100-sxm-32gb"))
    assert found.assessment.missing == ("card_depreciation",)


def test_a_steady_month_does_not_depend_on_how_far_one_looks() -> None:
    savings = []
    for months in (6, 24, 120):
        m = advice(preset("extraction", horizon_months=months)).assessment.metrics
        assert m is not None
        savings.append(m.monthly_savings)
    assert savings == pytest.approx([savings[0]] * 3)


def test_going_back_in_time_is_named_when_it_is_worth_more() -> None:
    changes = {"daily_requests": 100_000, "api_price_decline": 0.75, "volume_growth": -0.2}
    found = advice(preset("extraction", serving_gpu="rtx-a6000-48gb", **changes))
    assert found.assessment.metrics is not None
    assert "better_to_stop" in {n.code for n in found.assessment.notices}


def test_a_case_told_in_another_currency_means_the_same() -> None:
    dollars = preset("article-001")
    yuan = in_currency(dollars, "CNY", catalog(), DAY)
    a, b = advice(dollars).assessment.metrics, advice(yuan).assessment.metrics
    assert a is not None
    assert b is not None
    rate = float(catalog().exchange_rates["CNY"].values[-1].value)
    assert b.investment == pytest.approx(rate * a.investment)
    assert b.payback_months == pytest.approx(a.payback_months)
    assert in_currency(yuan, "USD", catalog(), DAY).answers() == pytest.approx({**dollars.answers(), "currency": "USD"})


def test_how_sure_somebody_is_of_money_is_told_in_the_other_currency_too() -> None:
    ranges = {"hourly_rate": [45.0, 60.0], "daily_requests": [30_000.0, 50_000.0]}
    dollars = preset("customer-service", ranges=ranges, hourly_rate=50)
    yuan = in_currency(dollars, "CNY", catalog(), DAY)
    a, b = advice(dollars).risk, advice(yuan).risk
    assert a is not None
    assert b is not None
    rate = float(catalog().exchange_rates["CNY"].values[-1].value)
    assert yuan.ranges is not None
    assert yuan.ranges["hourly_rate"] == pytest.approx((45 * rate, 60 * rate))
    assert yuan.ranges["daily_requests"] == (30_000.0, 50_000.0)
    assert b.npv.p10 == pytest.approx(rate * a.npv.p10, rel=1e-6)
    assert b.positive_share == a.positive_share


def test_a_model_that_fits_on_no_named_card_gets_no_verdict_from_money() -> None:
    found = advice(preset("extraction", model_size="70b", serving_gpu="t4-16gb")).assessment
    assert found.metrics is None
    assert found.assumptions["replica_tokens_per_second"].value is None
    assert "serving_does_not_fit" in {n.code for n in found.notices}
    assert "serving_gpus" in found.missing
    measured = preset(
        "extraction", model_size="70b", serving_gpu="t4-16gb", replica_tokens_per_second=20, gpus_per_replica=16
    )
    assert advice(measured).assessment.metrics is not None
    untrained = advice(preset("extraction", model_size="70b", method="full", training_gpu="l4-24gb")).assessment
    assert untrained.metrics is None
    assert "training_does_not_fit" in {n.code for n in untrained.notices}


def test_the_chosen_machine_is_the_cheapest_server_card_that_does_it() -> None:
    found = advice(preset("extraction")).assessment
    chosen, economics = found.assumptions, found.economics
    assert economics is not None
    for name in ("training_gpu", "serving_gpu"):
        assert not catalog().gpu(chosen.choice(name)).desktop
        assert chosen[name].kind == "estimate"
    for gpu in ("h100-sxm-80gb", "l40s-48gb", "rtx-4090-24gb"):
        other = advice(preset("extraction", serving_gpu=gpu)).assessment
        assert other.economics is not None
        if not catalog().gpu(gpu).desktop:
            assert other.economics.tuned.steady_monthly_cost >= economics.tuned.steady_monthly_cost
        assert other.assumptions["serving_gpu"].set_by == "user"


def test_a_measured_speed_replaces_the_estimate() -> None:
    slow = advice(preset("extraction", training_tokens_per_second=100.0)).assessment
    usual = advice(preset("extraction")).assessment
    assert slow.assumptions["training_tokens_per_second"].kind == "yours"
    assert slow.investment is not None
    assert usual.investment is not None
    assert slow.investment > usual.investment
    hours = advice(preset("extraction", training_hours=0.0)).assessment
    assert "training_tokens_per_second" not in hours.assumptions
    assert hours.investment is not None
    assert hours.investment < usual.investment


def test_a_foreign_price_is_told_at_the_users_own_rate() -> None:
    own = preset("extraction", exchange_rates={"CNY": 10})
    assert in_base(50.0, "CNY", own, catalog(), DAY) == 5.0
    dated = float(catalog().exchange_rates["CNY"].values[-1].value)
    assert in_base(50.0, "CNY", preset("extraction"), catalog(), DAY) == pytest.approx(50 / dated)
    assert in_base(50.0, "JPY", own, catalog(), date(2000, 1, 1)) is None


def test_a_preset_told_in_another_currency_keeps_its_provenance() -> None:
    rows = advice(in_currency(preset("chat"), "USD", catalog(), DAY)).assessment.assumptions
    assert rows["hourly_rate"].set_by == "preset"


def test_own_figure_route_without_a_figure_is_not_free() -> None:
    found = advice(Scenario.from_answers({**BASE, "serving_route": "own_figure"}))
    assert found.assessment.missing == ("tuned_request",)


def test_without_answers_the_questions_are_named() -> None:
    found = advice(Scenario())
    assert found.recommendation.verdict == "need_more_input"
    assert found.recommendation.reasons[0].params["questions"] == ("daily_requests", "quality_need", "budget")


def test_over_budget_comes_before_the_payback() -> None:
    found = advice(preset("extraction", budget=100))
    assert (found.recommendation.verdict, found.recommendation.rule) == ("over_budget", "R09")


def test_matrix_and_calculator_disagree_at_1001_requests() -> None:
    found = advice(preset("article-001", daily_requests=1001)).recommendation
    assert (found.matrix, found.calculator, found.conflict) == ("strongly", "caution", None)
    assert found.verdict == "caution"


def test_a_payback_of_exactly_two_months_falls_in_the_second_band() -> None:
    found = advice(preset("article-001", data_preparation_hours=107.28, budget=10_000))
    assert found.recommendation.calculator == "yes"


def test_at_least_two_of_todays_cases_end_in_no() -> None:
    today = [p.id for p in catalog().presets.values() if p.article is None]
    verdicts = {name: advice(preset(name)).recommendation.verdict for name in today}
    assert len(today) == 6
    assert sum(v == "no" for v in verdicts.values()) >= 2
    assert any(v in ("yes", "strong_yes") for v in verdicts.values())


def test_caching_and_batch_lower_todays_bill_and_never_raise_the_tuned_one() -> None:
    plain_case = advice(preset("customer-service", cache_hit_share=0, batch_share=0)).assessment.metrics
    cached = advice(preset("customer-service", cache_hit_share=0.9)).assessment.metrics
    batched = advice(preset("customer-service", cache_hit_share=0, batch_share=1)).assessment.metrics
    assert plain_case is not None
    assert cached is not None
    assert batched is not None
    assert (cached.current_cost_per_request or 0) < (plain_case.current_cost_per_request or 0)
    assert batched.current_cost_per_request == pytest.approx((plain_case.current_cost_per_request or 0) / 2)


def test_a_provider_that_does_not_combine_batch_and_cache_keeps_its_cache_price() -> None:
    models = {m: hosted_price(m, DAY) for m in hosted_models(DAY)}
    apart = next(
        m for m, p in models.items() if p.batch_output_price and p.cached_input_price == p.batch_cached_input_price
    )
    case = preset("customer-service", current_model=apart, cache_hit_share=0.9, batch_share=1)
    found = advice(case).assessment
    assert found.economics is not None
    assert found.assumptions.number("batch_discount") == pytest.approx(0.5)
    assert found.assumptions.number("cached_batch_discount") == 0
    cached = next(i for i in found.economics.baseline.line_items if i.id == "current_cached_prompt")
    assert cached.unit_price == models[apart].cached_input_price


def test_whole_gpus_make_the_monthly_bill_a_staircase() -> None:
    bills = []
    for volume in (1_000, 2_000, 400_000, 1_600_000):
        case = preset("extraction", daily_requests=volume, volume_growth=0, gpus_per_replica=1)
        e = advice(case).assessment.economics
        assert e is not None
        item = next(i for i in e.tuned.line_items if i.id == "serving_gpus")
        bills.append(float(np.asarray(item.quantity)[-1]) / 730)
    assert bills[0] == bills[1] == 1
    assert all(b == int(b) for b in bills)
    assert bills[2] < bills[3]


def test_an_array_of_cases_equals_a_loop_over_them() -> None:
    a = resolve(preset("extraction"), catalog(), DAY)
    volumes, declines = np.array([100.0, 30_000.0, 250_000.0]), np.array([0.1, 0.4, 0.8])
    together = evaluate(a.replaced({"daily_requests": volumes, "api_price_decline": declines}))
    assert isinstance(together, Economics)
    for k in range(3):
        one = evaluate(a.replaced({"daily_requests": float(volumes[k]), "api_price_decline": float(declines[k])}))
        assert isinstance(one, Economics)
        assert together.cash_flows[k] == pytest.approx(one.cash_flows)
        assert np.asarray(together.monthly_savings)[k] == pytest.approx(float(one.monthly_savings))


NUMERIC = [q.id for q in QUESTIONS.values() if q.is_number and q.id not in ("horizon_months",)]


@pytest.mark.parametrize("name", NUMERIC)
def test_every_numeric_assumption_may_be_an_array(name: str) -> None:
    a = resolve(preset("extraction", training_source="own_card", card_price=10_000), catalog(), DAY)
    if not a.knows(name):
        a = resolve(preset("extraction", serving_route="hosted", tuned_model="openai/gpt-6-luna"), catalog(), DAY)
    if not a.knows(name):
        return
    value = float(a.number(name))
    both = evaluate(a.replaced({name: np.array([value, value])}))
    one = evaluate(a)
    assert isinstance(both, Economics)
    assert isinstance(one, Economics)
    assert np.broadcast_to(both.cash_flows, (2, len(one.cash_flows))) == pytest.approx(np.array([one.cash_flows] * 2))


PRICE = st.floats(0, 0.2).map(lambda x: round(x, 9))


@given(st.floats(1, 1e6), PRICE, PRICE)
def test_a_dearer_current_model_never_makes_tuning_worse(volume: float, price: float, more: float) -> None:
    cheap = advice(plain(daily_requests=volume, current_cost_per_request=price)).assessment.metrics
    dear = advice(plain(daily_requests=volume, current_cost_per_request=round(price + more, 9))).assessment.metrics
    assert cheap is not None
    assert dear is not None
    assert dear.npv >= cheap.npv - 1e-6 * abs(cheap.npv) - 1e-9


@given(st.floats(0.1, 10), st.floats(1, 3))
def test_a_dearer_gpu_never_lowers_a_bill(price: float, factor: float) -> None:
    cheap = advice(preset("extraction", serving_gpu_price=price, training_gpu_price=price)).assessment.metrics
    dear = advice(
        preset("extraction", serving_gpu_price=price * factor, training_gpu_price=price * factor)
    ).assessment.metrics
    assert cheap is not None
    assert dear is not None
    assert dear.npv <= cheap.npv + 1e-9


def test_a_model_to_test_first_is_called_by_its_name() -> None:
    """A model of one's own is kept as a text of its fields, which is no name."""
    found = advice(preset("extraction")).first_test
    assert found is not None
    assert (found.option, found.model) == ("open_model", "Granite 4.1 8B")


def test_who_asks_the_same_again_gets_the_same_advice_and_nobody_anothers() -> None:
    """Remembered by every answer, the data, the day, and what is in force over the list of hosted prices."""
    case, found = preset("extraction"), advise(preset("extraction"), catalog(), DAY)
    assert advise(Scenario.from_answers(case.answers()), catalog(), DAY) is found
    titled = case.corrected("title", "Another reader's case")
    assert advise(titled, catalog(), DAY).scenario.title == "Another reader's case"
    assert advise(case, catalog(), DAY + timedelta(days=1)).assessment.assumptions.on == DAY + timedelta(days=1)
    assert advise(case, replace(catalog()), DAY) is not found
    with trying(OwnHosted()):
        assert advise(case, catalog(), DAY) is not found
