"""Other calculators' answers: each is what its formula gives, and the walk from it ends at the engine's figure."""

import inspect
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.core.records import TODAY, Assumptions, Economics
from advisor.formulas import other_calculators as formulas
from advisor.money.other_calculators import (
    CALCULATORS,
    PARTS_OF_GPUS,
    SHARED,
    SWITCHES,
    LeftOut,
    OtherAnswer,
    left_out,
    other_calculators,
    simple_answer,
)
from advisor.options import tuned_serving
from advisor.scenario import Scenario
from advisor.text.i18n import Translator
from advisor.text.languages import LOCALES, languages
from tests.cases import advice, catalog, plain, preset

GOLDEN = yaml.safe_load((Path(__file__).parents[1] / "golden" / "naive.yaml").read_text(encoding="utf-8"))
ARTICLES = ("article-000", "article-001", "article-002", "article-003", "article-004")
RENTED = ("extraction", "customer-service", "chat", "code-completion", "copywriting", "classification")
ALL_OF_THEM = tuple(CALCULATORS)
REASONS = ("no_gpus", "own_price", "no_discount", "no_answers")
PAGE = (
    *("title", "intro", "ours", "table_alt", "choose", "start", "end", "no_difference", "order", "also_says"),
    *(
        "left_out",
        "pair",
        "payback_below",
        "column.calculator",
        "column.monthly_savings",
        "column.payback",
        "column.net_benefit",
    ),
)
# The steps are differences of sums of a few dozen amounts; each rounding is 1e-16 of the largest of them, which may be
# a hundred times the result.
ROUNDING = 1e-9


def shares(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high).map(lambda value: round(value, 4))


def money_of(case: Scenario) -> tuple[Assumptions, Economics]:
    found = advice(case).assessment
    assert found.economics is not None
    return found.assumptions, found.economics


def answers(case: Scenario) -> Mapping[str, OtherAnswer]:
    return {each.id: each for each in other_calculators(*money_of(case))}


def total(e: Economics) -> float:
    return float(np.sum(e.cash_flows))


def assert_the_walks_arrive(case: Scenario) -> None:
    a, e = money_of(case)
    for each in other_calculators(a, e):
        largest = max(abs(each.net_benefit), abs(total(e)), *(abs(step.money) for step in each.steps), 1.0)
        reached = each.net_benefit + sum(step.money for step in each.steps)
        assert reached == pytest.approx(total(e), abs=len(ALL_OF_THEM) * ROUNDING * largest), each.id


# --- The formulas -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["name"])
def test_worked_case(case: Mapping[str, Mapping[str, float]]) -> None:
    function = getattr(formulas, str(case["function"]))
    found = function(**case["inputs"])
    figures = found._asdict() if isinstance(found, formulas.SimpleAnswer) else {"value": found}
    for name, value in case["expect"].items():
        wanted = np.nan if value is None else value
        assert figures[name] == pytest.approx(wanted, rel=1e-12, nan_ok=True), name


@pytest.mark.parametrize("case", [c for c in GOLDEN["cases"] if "printed" in c], ids=lambda case: case["name"])
def test_figures_agree_with_what_is_printed_to_the_last_digit(case: Mapping[str, Mapping[str, float]]) -> None:
    found = formulas.simple_calculator(**case["inputs"])._asdict()
    found["roi_percent"] = 100 * found["roi"]
    for name, printed in case["printed"].items():
        assert round(float(found[name]), 2) == printed, name


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["name"])
def test_arrays_give_what_single_numbers_give(case: Mapping[str, Mapping[str, float]]) -> None:
    function = getattr(formulas, str(case["function"]))
    one, many = function(**case["inputs"]), function(**{k: np.full(3, float(v)) for k, v in case["inputs"].items()})
    for single, column in zip(np.atleast_1d(one), np.atleast_2d(many), strict=True):
        assert column == pytest.approx(np.full(3, single), rel=1e-12, nan_ok=True)


def test_every_formula_says_what_is_wrong_with_it() -> None:
    own = [f for _, f in inspect.getmembers(formulas, inspect.isfunction) if f.__module__ == formulas.__name__]
    assert len(own) >= 6
    assert [f.__name__ for f in own if "Wrong" not in (f.__doc__ or "")] == []


# --- The walk -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", catalog().presets)
def test_every_walk_ends_at_the_sum_of_our_cash_flows(name: str) -> None:
    assert_the_walks_arrive(preset(name))


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(RENTED),
    st.fixed_dictionaries(
        {
            "daily_requests": shares(0, 2e6),
            "fallback_share": shares(0, 1),
            "volume_growth": shares(-0.5, 2),
            "api_price_decline": shares(-0.5, 0.95),
            "horizon_months": st.integers(1, 48),
            "deploy_months": st.integers(0, 6),
            "ramp_months": st.integers(0, 6),
            "retrain_every_months": st.integers(0, 12),
            "batch_share": shares(0, 1),
            "cache_hit_share": shares(0, 1),
            "min_replicas": st.integers(0, 3),
        }
    ),
)
def test_the_walks_arrive_whatever_the_case(name: str, changes: dict[str, float]) -> None:
    assert_the_walks_arrive(preset(name, **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"serving_route": "hosted", "tuned_model": "openai/gpt-6.1-sol", "managed_route": "azure-openai/gpt-4o-mini"},
        {"serving_route": "own_figure", "tuned_cost_per_request": 0.001},
        {"current_cost_per_request": 0.01},
        {"success_share": 0.8, "cost_per_failure": 0.05, "review_share": 0.1, "quality_difference": 0.05},
        {"rental_term": "month"},
        {"training_source": "own_card"},
    ],
    ids=["hosted", "own figure", "own price", "errors cost money", "rented by the month", "own card"],
)
def test_the_walks_arrive_on_every_route(changes: dict[str, object]) -> None:
    assert_the_walks_arrive(preset("extraction", **changes))


@pytest.mark.parametrize("name", RENTED)
def test_a_month_times_the_months_is_the_engine_with_nothing_moving_and_no_retraining(name: str) -> None:
    a, e = money_of(preset(name, retrain_cost_share=0))
    shared = {each.id: each for each in other_calculators(a, e)}["steady"]
    assert "even_retraining" not in {step.id for step in shared.steps}


def test_what_does_not_differ_is_no_step() -> None:
    case = plain(daily_requests=1000, current_cost_per_request=0.01, tuned_cost_per_request=0.004)
    assert {name: found.steps for name, found in answers(case).items()} == dict.fromkeys(ALL_OF_THEM[:5], ())


def test_a_fallen_price_counts_against_the_saving_and_growth_for_it() -> None:
    steps = {step.id: step.money for step in answers(preset("extraction"))["steady"].steps}
    assert steps["flat_prices"] < 0 < steps["flat_volume"]
    assert steps["todays_bill"] < 0
    assert steps["at_once"] < 0


def test_compared_with_todays_bill_already_there_is_no_step_to_the_best_alternative() -> None:
    a, e = money_of(preset("chat"))
    assert a.baseline == TODAY
    assert all(step.id != "todays_bill" for each in other_calculators(a, e) for step in each.steps)


# --- Each calculator ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RENTED)
def test_leaving_a_cost_out_never_makes_the_case_look_worse(name: str) -> None:
    found = answers(preset(name))
    for other in ("training_only", "no_upkeep", "no_fallback", "busy_hours", "fractional_gpus", "simple"):
        assert found[other].net_benefit >= found["steady"].net_benefit, other
    assert found["busy_hours"].net_benefit >= found["fractional_gpus"].net_benefit
    assert found["single_stream"].net_benefit <= found["steady"].net_benefit


@pytest.mark.parametrize("name", [*ARTICLES[1:2], *RENTED])
def test_the_simple_calculator_prints_what_the_table_shows(name: str) -> None:
    a, e = money_of(preset(name))
    says, shown = simple_answer(a, e), answers(preset(name))["simple"]
    assert says is not None
    assert says.monthly_savings == pytest.approx(shown.monthly_savings)
    assert says.net_benefit == pytest.approx(shown.net_benefit)
    assert np.isnan(says.payback_months) == (shown.payback_months is None)
    assert shown.payback_months is None or says.payback_months == pytest.approx(shown.payback_months)


@pytest.mark.parametrize("name", catalog().presets)
def test_only_the_training_is_the_computing_of_the_project(name: str) -> None:
    _, e = money_of(preset(name))
    items = (item for item in e.tuned.line_items if item.frequency == "one_time" and item.category == "compute")
    wanted = sum(float(np.asarray(item.cost)) for item in items)
    found = answers(preset(name))
    assert found["training_only"].investment == pytest.approx(wanted)
    assert found["simple"].investment == pytest.approx(wanted)


@pytest.mark.parametrize("name", RENTED)
def test_parts_of_gpus_cost_what_their_load_says(name: str) -> None:
    a, e = money_of(preset(name))
    found = answers(preset(name))
    replica = a.number("gpus_per_replica") * a.number("hours_per_month") * a.number("serving_gpu_price")
    busy = a.number("daily_requests") / 86_400 / tuned_serving.capacity(a)
    peak = busy * a.number("peak_factor") / a.number("target_utilisation")
    whole = e.tuned.steady_costs["serving_gpus"]
    for other, replicas in (("busy_hours", busy), ("fractional_gpus", peak)):
        more = found[other].monthly_savings - found["steady"].monthly_savings
        assert more == pytest.approx(float(whole - replicas * replica)), other


def test_one_request_at_a_time_rents_a_gpu_for_every_request_in_flight() -> None:
    case = preset("extraction", open_model="llama-3.1-8b")
    a, e = money_of(case)
    found = answers(case)
    in_flight = 60_000 / 86_400 * 180 / a.number("answer_speed") * a.number("peak_factor")
    replicas = np.ceil(in_flight / a.number("target_utilisation"))
    dearer = found["steady"].monthly_savings - found["single_stream"].monthly_savings
    month = replicas * a.number("hours_per_month") * a.number("serving_gpu_price") * a.number("gpus_per_replica")
    assert dearer == pytest.approx(float(month - e.tuned.steady_costs["serving_gpus"]))
    assert found["single_stream"].payback_months is None


def test_the_list_price_knows_no_cache_and_no_batches() -> None:
    case = preset("customer-service", fallback_share=0, retry_share=0)
    a, e = money_of(case)
    found = answers(case)
    tokens = (a.number("input_tokens"), a.number("output_tokens"))
    prices = (a.number("current_input_price"), a.number("current_output_price"))
    requests = float(a.number("daily_requests") * a.number("days_per_month"))
    listed = sum(float(n * p) for n, p in zip(tokens, prices, strict=True)) / 1e6 * requests
    more = found["list_price"].monthly_savings - found["steady"].monthly_savings
    assert more == pytest.approx(listed - float(e.today.steady_monthly_cost))


def test_errors_that_cost_money_are_a_difference_of_the_simple_calculator_alone() -> None:
    case = preset("extraction", success_share=0.8, cost_per_failure=0.05, quality_difference=0.1)
    found = answers(case)
    assert "no_errors" in {step.id for step in found["simple"].steps}
    assert all("no_errors" not in {step.id for step in each.steps} for each in found.values() if each.id != "simple")


# --- What cannot be asked -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_has_five_other_answers_and_names_the_rest(name: str) -> None:
    a, _ = money_of(preset(name))
    assert tuple(answers(preset(name))) == ALL_OF_THEM[:5]
    assert left_out(a) == (
        LeftOut("list_price", "own_price"),
        *(LeftOut(each, "no_gpus") for each in ("busy_hours", "fractional_gpus", "single_stream")),
    )


def test_article_001_differs_by_its_people_and_by_nothing_else() -> None:
    found = answers(preset("article-001"))
    assert [(s.id, round(s.money)) for s in found["simple"].steps] == [("training_only", -2000)]
    assert [name for name, each in found.items() if each.steps] == ["simple", "training_only"]


@pytest.mark.parametrize("name", RENTED)
def test_every_calculator_either_answers_or_says_why_not(name: str) -> None:
    a, _ = money_of(preset(name))
    assert sorted([*answers(preset(name)), *(each.id for each in left_out(a))]) == sorted(ALL_OF_THEM)
    assert {each.reason for each in left_out(a)} <= set(REASONS)


def test_without_answer_tokens_no_speed_becomes_a_capacity() -> None:
    a, _ = money_of(preset("extraction", output_tokens=0))
    assert LeftOut("single_stream", "no_answers") in left_out(a)


def test_without_money_nothing_is_said() -> None:
    found = advice(preset("extraction", serving_route="own_figure")).assessment
    assert found.economics is None
    assert other_calculators(found.assumptions, found.economics) == ()
    assert simple_answer(found.assumptions, found.economics) is None


def test_without_requests_two_prices_a_request_say_nothing() -> None:
    a, e = money_of(preset("extraction", daily_requests=0))
    assert simple_answer(a, e) is None
    assert answers(preset("extraction", daily_requests=0))["simple"].payback_months is None


# --- Words --------------------------------------------------------------------------------------------------


def test_every_simplification_is_known_to_the_engine_or_to_the_bill() -> None:
    used = {each for own in CALCULATORS.values() for each in (*own, *SHARED)} - {"even_retraining"}
    assert used == set(SWITCHES) | set(PARTS_OF_GPUS)
    assert not set(SHARED) & set(PARTS_OF_GPUS)


@pytest.mark.parametrize("language", languages())
def test_everything_has_words_and_no_words_are_left_over(language: str) -> None:
    used = {each for own in CALCULATORS.values() for each in (*own, *SHARED)}
    wanted = {f"naive.{name}.{part}" for name in CALCULATORS for part in ("label", "wrong")}
    wanted |= {f"naive.difference.{name}" for name in used} | {f"naive.reason.{name}" for name in REASONS}
    wanted |= {f"naive.{name}" for name in PAGE}
    t = Translator(language)
    assert [key for key in sorted(wanted) if not t.has(key)] == []
    text = (LOCALES / language / "naive.po").read_text(encoding="utf-8")
    assert {line.split('"')[1] for line in text.splitlines() if line.startswith('msgid "naive')} == wanted
