"""The method page says in words and numbers what the engine computes, in every language and for every preset."""

import ast
import re
from datetime import date
from pathlib import Path

import pytest

from advisor.catalog.catalog import Catalog
from advisor.decision.advice import Advice, advise, preset_scenario
from advisor.evidence.method import ENTRIES, Formula, Method, build_method
from advisor.evidence.method.built_from import BUILT_FROM, all_behind
from advisor.evidence.method.tex import steps
from advisor.options import tune
from advisor.scenario import Scenario
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.evidence.conftest import ON
from tests.evidence.latex import equations, last_number, rows

ADVISOR = Path(__file__).resolve().parents[2] / "advisor"
ENGINE = (
    "money/cash_flows.py",
    "money/assessment.py",
    "money/break_even_volume.py",
    "money/sensitivity.py",
    "decision/quick_verdicts.py",
    "decision/rules.py",
    "options/tune.py",
    "options/training_compute.py",
    "options/tuned_serving.py",
    "options/keep_as_is.py",
    "assumptions/machines.py",
)
"""Files that compute a case's money. The formulas of the estimators (advisor/formulas/memory, training, serving) stand
behind two numbers of a case; those entries name the estimator, the terms are explained where they are shown."""
WHOLE_MODULES = ("cash_flow_timing", "finance", "rate_of_return", "decision_matrix")
"""Modules of formulas that these files import as a whole."""
METRIC_OF = {
    "investment": "investment",
    "saving": "monthly_savings",
    "tuned_request": "tuned_cost_per_request",
    "annual_roi": "annual_roi",
    "roi_horizon": "roi_horizon",
    "npv": "npv",
    "npv_with_exit": "npv_with_exit",
    "irr": "irr",
    "saving_today": "savings_against_today",
    "npv_today": "npv_against_today",
    "untuned_request": "baseline_cost_per_request",
    "untuned_good_answer": "baseline_cost_per_success",
}
ENGLISH = re.compile(r"(?:\b[A-Za-z]{2,}\b[ ,]+){3,}[A-Za-z]{2,}\b")


def method(advice: Advice, catalog: Catalog, language: str = "en") -> Method:
    return build_method(advice, Translator(language), catalog.rules)


def words(shown: Method) -> list[str]:
    texts = [*shown.conventions, *(part for term in shown.glossary for part in (term.name, term.meaning))]
    texts += [part for n in shown.article_notes for part in (n.prints, n.gives, n.why)]
    worked = [" ".join(re.findall(r"\\text\{([^}]*)\}", f.worked)) for f in shown.formulas]
    return [*texts, *worked, *(part for f in shown.formulas for part in (f.title, f.words, f.source))]


def said(formula: Formula) -> str:
    """The words of a worked line, which may break between them."""
    return formula.worked.replace(r"}\allowbreak\text{", "")


@pytest.mark.parametrize("language", languages())
def test_every_preset_has_its_page(advice: Advice, catalog: Catalog, language: str) -> None:
    shown = method(advice, catalog, language)
    assert len(shown.formulas) >= 25
    assert all(f.title and f.words and f.symbols and f.worked and f.source for f in shown.formulas)
    assert len({f.id for f in shown.formulas}) == len(shown.formulas)
    assert {n.article for n in shown.article_notes} == {"000", "001", "002", "003", "004"}
    assert "{" not in "".join([*shown.conventions, *(f.title + f.words + f.source for f in shown.formulas)])


def test_chinese_holds_no_english_sentence(advice: Advice, catalog: Catalog) -> None:
    found = [text for text in words(method(advice, catalog, "zh")) if ENGLISH.search(text)]
    assert found == []


def test_every_printed_equation_holds(advice: Advice, catalog: Catalog) -> None:
    found = [(f.id, e) for f in method(advice, catalog).formulas for e in equations(f.worked)]
    assert len(found) >= 10
    assert [pair for pair in found if not pair[1].holds] == []


def test_the_check_of_equations_bites(advices: dict[str, Advice], catalog: Catalog) -> None:
    formulas = {f.id: f for f in method(advices["extraction"], catalog).formulas}
    found = [(i, e) for i, f in formulas.items() for e in equations(f.worked.replace("0.4", "0.5").replace("40", "41"))]
    assert {"investment", "api_path", "tuned_input"} <= {i for i, e in found if not e.holds}


def test_rounding_hides_little(advice: Advice, catalog: Catalog) -> None:
    loose = [
        f.id
        for f in method(advice, catalog).formulas
        for e in equations(f.worked)
        if e.slack > 2e-3 * max(abs(e.result), 100.0)
    ]
    assert loose == []


def test_results_are_the_engines(advice: Advice, catalog: Catalog) -> None:
    metrics = advice.assessment.metrics
    assert metrics is not None
    formulas = {f.id: f for f in method(advice, catalog).formulas}
    for formula, name in METRIC_OF.items():
        expected = getattr(metrics, name)
        if expected is not None:
            assert last_number(formulas[formula].worked) == pytest.approx(expected, rel=1e-5, abs=0.006), formula
    paybacks = {"payback": metrics.payback_months, "discounted_payback": metrics.discounted_payback_months}
    for formula, months in {**paybacks, "steady_payback": metrics.steady_payback_months}.items():
        if months:
            line = next(e for e in equations(formulas[formula].worked) if "T" in e.left)
            assert line.result == pytest.approx(months, rel=1e-5), formula


def test_the_mean_told_first_is_the_headlines(advice: Advice, catalog: Catalog) -> None:
    assert advice.headline is not None
    formulas = {f.id: f for f in method(advice, catalog).formulas}
    mean = last_number(formulas["expected_npv"].worked)
    assert mean == pytest.approx(advice.headline.npv.mean, rel=1e-5, abs=0.006)


def test_each_result_stands_on_its_own_line(advice: Advice, catalog: Catalog) -> None:
    (formula,) = (f for f in method(advice, catalog).formulas if f.id == "investment")
    shown = steps(formula.worked)
    assert " = ".join(shown).replace("= =", "=").endswith(shown[-1])
    assert shown[-1].startswith("= ")
    assert all(
        line.count(" = ") <= 1 or "Rightarrow" in line
        for f in method(advice, catalog).formulas
        for line in steps(f.worked)
        if r"\quad" not in line and r"\le " not in line
    )


def test_formulas_lead_to_what_they_are_built_from(advice: Advice, catalog: Catalog) -> None:
    shown = method(advice, catalog).formulas
    assert {*BUILT_FROM, *(name for names in BUILT_FROM.values() for name in names)} <= {e.id for e in ENTRIES}
    assert {name for f in shown for name in f.built_from} <= {f.id for f in shown}
    ids = [entry.id for entry in ENTRIES]
    assert {"investment", "requests", "usage"} <= set(all_behind("npv", ids))
    assert all(name not in set(all_behind(other, ids)) for name in BUILT_FROM for other in BUILT_FROM[name])


def test_printed_flows_are_the_engines(advice: Advice, catalog: Catalog) -> None:
    economics = advice.assessment.economics
    assert economics is not None
    (formula,) = (f for f in method(advice, catalog).formulas if f.id == "cash_flow")
    months = [int(m) for m in re.findall(r"F_\{(\d+)\} =", formula.worked)]
    printed = {int(re.findall(r"\d+", e.left)[0]): e.result for e in equations(formula.worked)}
    assert len(months) == min(2, len(economics.months))
    for month in printed:
        assert printed[month] == pytest.approx(float(economics.cash_flows[month]), rel=1e-5, abs=0.006)


def test_break_even_stands_between_loss_and_gain(advices: dict[str, Advice], catalog: Catalog) -> None:
    metrics = advices["extraction"].assessment.metrics
    (formula,) = (f for f in method(advices["extraction"], catalog).formulas if f.id == "break_even")
    volume, beside = rows(formula.worked)
    below, above = re.findall(r"= (-?[\d.]+)", beside)
    assert metrics is not None
    assert float(re.findall(r"[\d.]+", volume.replace("{,}", ""))[0]) == pytest.approx(metrics.break_even_requests)
    assert float(below) < 0 < float(above)


def engine_functions() -> set[str]:
    """Formulas of ``advisor/formulas`` that the engine calls, as ``module.name``."""
    found = set()
    for file in ENGINE:
        tree = ast.parse((ADVISOR / file).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("advisor.formulas."):
                module = (node.module or "").rpartition(".")[2]
                found |= {f"{module}.{alias.name}" for alias in node.names if alias.name.islower()}
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr.islower():
                found |= {f"{node.value.id}.{node.attr}"} if node.value.id in WHOLE_MODULES else set()
    return found


def test_every_formula_of_the_engine_is_explained() -> None:
    explained = {name for entry in ENTRIES for name in entry.code}
    assert len(engine_functions()) > 15
    assert engine_functions() - explained == {"arrays.as_array", "division.ratio"}  # of numbers alone, no formulas


@pytest.mark.parametrize(
    ("given", "shown", "hidden"),
    [
        ({}, {"training_speed", "run_hours", "replica_speed"}, set()),
        ({"training_tokens_per_second": 900}, {"run_hours"}, {"training_speed"}),
        ({"training_hours": 4}, {"training_rented"}, {"training_speed", "run_hours"}),
        ({"replica_tokens_per_second": 500}, {"replica_capacity"}, {"replica_speed"}),
    ],
)
def test_a_figure_of_ones_own_is_not_called_an_estimate(
    given: dict[str, object], shown: set[str], hidden: set[str], catalog: Catalog
) -> None:
    answers = {"daily_requests": 5000, "quality_need": "high", "budget": 20000, **given}
    formulas = {f.id for f in method(advise(Scenario.from_answers(answers), catalog, ON), catalog).formulas}
    assert shown <= formulas
    assert not hidden & formulas


def test_hours_of_a_run_are_the_engines(advices: dict[str, Advice], catalog: Catalog) -> None:
    (formula,) = (f for f in method(advices["extraction"], catalog).formulas if f.id == "run_hours")
    (item,) = (
        i for i in tune.project_items(advices["extraction"].assessment.assumptions) if i.id == "training_compute"
    )
    runs = advices["extraction"].assessment.assumptions.number("training_runs")
    gpus = advices["extraction"].assessment.assumptions.number("training_gpus")
    assert last_number(formula.worked) * runs * gpus == pytest.approx(item.quantity, rel=1e-5)


def test_a_model_that_fits_no_card_says_so(catalog: Catalog) -> None:
    answers = {"daily_requests": 5000, "quality_need": "high", "budget": 20000, "training_gpu": "rtx-3090-24gb"}
    advice = advise(Scenario.from_answers({**answers, "training_gpus": 1, "method": "full"}), catalog, ON)
    shown = {f.id: f for f in method(advice, catalog).formulas}
    assert all(
        "cannot be worked out" in said(shown[name]) for name in ("training_speed", "run_hours", "training_rented")
    )


def test_every_entry_is_worked_somewhere(advices: dict[str, Advice], catalog: Catalog) -> None:
    shown = {f.id for advice in advices.values() for f in method(advice, catalog).formulas}
    assert {entry.id for entry in ENTRIES} - shown <= {
        "tuned_hosted",
        "hosting_path",
        "training_managed",
        "announced_price",
        "busiest_moment",
        *OWN_SERVING,
    }


def test_the_busiest_moment_follows_from_the_hours_of_the_week(catalog: Catalog) -> None:
    answers = {"daily_requests": 5000, "quality_need": "high", "budget": 20000, "serving_route": "rented_gpu"}
    hours = {"hours_of_week": [1] * 23 + [25]}
    shown = {
        f.id: f for f in method(advise(Scenario.from_answers({**answers, **hours}), catalog, ON), catalog).formulas
    }
    assert last_number(shown["busiest_moment"].worked) == 12.5 * catalog.number("within_hour_factor")
    assert "busiest_moment" in shown["replicas"].built_from
    stated = Scenario.from_answers({**answers, **hours, "peak_factor": 40})
    assert "busiest_moment" not in {f.id for f in method(advise(stated, catalog, ON), catalog).formulas}


OWN_SERVING = {"own_cards", "gpu_power"}


@pytest.mark.parametrize("changes", [{}, {"horizon_months": 60, "other_one_time_cost": 900}, {"currency": "EUR"}])
def test_cards_of_ones_own_are_worked_out(changes: dict[str, object], catalog: Catalog) -> None:
    case = preset_scenario("extraction", catalog).with_(serving_route="own_card", **changes)
    formulas = method(advise(case, catalog, ON), catalog).formulas
    assert {f.id for f in formulas} >= OWN_SERVING
    assert [(f.id, e) for f in formulas for e in equations(f.worked) if not e.holds] == []


HOSTED = {
    "daily_requests": 5000,
    "quality_need": "high",
    "budget": 20000,
    "current_model": "openai/gpt-6.1-sol",
    "serving_route": "hosted",
    "tuned_input_price": 0.2,
    "tuned_output_price": 0.8,
    "hosting_price_decline": 0.1,
}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"deploy_months": 0, "ramp_months": 0},
        {"deploy_months": 1.5, "ramp_months": 2.5},
        {"deploy_months": 30, "horizon_months": 12},
        {"horizon_months": 1},
        {"horizon_months": 120, "discount_rate": 0},
        {"volume_growth": -0.5, "api_price_decline": 0.9, "current_input_price": 50},
        {"currency": "JPY"},
        {"daily_requests": 0},
        {"current_model": "google/gemini-3.8-flash", "deploy_months": 0, "fallback_share": 0.2},
    ],
)
def test_other_cases_hold_too(changes: dict[str, object], catalog: Catalog) -> None:
    answers = {**HOSTED, **changes}
    shown = method(advise(Scenario.from_answers(answers), catalog, date(2026, 11, 20)), catalog)
    assert {"tuned_hosted", "hosting_path"} <= {f.id for f in shown.formulas}
    assert [(f.id, e) for f in shown.formulas for e in equations(f.worked) if not e.holds] == []


def test_an_announced_price_is_in_the_printed_flows(catalog: Catalog) -> None:
    """42 days from 2026-11-20 to 2027-01-01 are month 2; month 12 is printed at the new price."""
    found = advise(Scenario.from_answers({**HOSTED, "current_model": "google/gemini-3.8-flash"}), catalog, ON)
    shown = {f.id: f for f in method(found, catalog).formulas}
    assert last_number(shown["announced_price"].worked) == 2
    printed = {int(re.findall(r"\d+", e.left)[0]): e for e in equations(shown["cash_flow"].worked)}
    assert printed[12].holds
    assert printed[12].result == pytest.approx(float(found.assessment.economics.cash_flows[12]), rel=1e-5, abs=0.006)


def test_without_investment_the_payback_is_immediate(catalog: Catalog) -> None:
    nothing = dict.fromkeys(("data_preparation_hours", "engineer_hours", "evaluation_items", "training_hours"), 0)
    answers = {**HOSTED, **nothing, "bought_examples": 0, "ops_hours": 0, "current_input_price": 9}
    shown = {
        f.id: f for f in method(advise(Scenario.from_answers(answers), catalog, date(2026, 11, 20)), catalog).formulas
    }
    assert "annual_roi" not in shown
    assert shown["payback"].worked.endswith("T = 0")


@pytest.mark.parametrize("language", languages())
def test_unknown_prices_say_so(catalog: Catalog, language: str) -> None:
    answers = {k: v for k, v in HOSTED.items() if k != "tuned_input_price"}
    advice = advise(Scenario.from_answers(answers), catalog, date(2026, 11, 20))
    assert advice.assessment.economics is None
    shown = {f.id: f for f in method(advice, catalog, language).formulas}
    unknown = "cannot be worked out" if language == "en" else "无法计算"
    assert all(unknown in said(shown[name]) for name in ("tuned_hosted", "npv", "payback", "cash_flow"))
    assert unknown not in said(shown["current_request"])


def test_no_answer_at_all_still_builds(catalog: Catalog) -> None:
    advice = advise(Scenario.from_answers({}), catalog, date(2026, 11, 20))
    assert "cannot be worked out" in said(method(advice, catalog).formulas[-1])


def test_the_glossary_stands_in_the_order_of_its_words(advices: dict[str, Advice], catalog: Catalog) -> None:
    names = [term.name.casefold() for term in build_method(advices["extraction"], Translator("en")).glossary]
    assert names == sorted(names)
