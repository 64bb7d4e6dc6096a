"""JSON, CSV and text of any case: complete, finite, and safe to open."""

import csv
import io
import json
import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from advisor.catalog.loader import load_catalog
from advisor.core.notices import InputError, Notice
from advisor.decision.advice import Advice, advise, preset_scenario, walk_from_compared
from advisor.decision.alternatives import alternatives
from advisor.decision.counter_case import Argument
from advisor.decision.examination import Examination, examine
from advisor.report.csv import cell, render_csv, table_csv
from advisor.report.json import plain, render_json, result_record
from advisor.report.text import columns, render_text, width
from advisor.scenario import Scenario
from advisor.text.i18n import Translator
from advisor.text.phrases import field_label

ON = date(2026, 11, 20)
CATALOG = load_catalog()
EN, ZH = Translator("en"), Translator("zh")
KEYS = [
    *("schema_version", "product_version", "catalog_version", "as_of", "currency", "language", "scenario"),
    *("verdict", "rule", "matrix", "calculator", "conflict", "deciding", "next_steps", "reasons"),
    *("headline", "first_test", "actions", "metrics"),
    *(
        "options",
        "alternatives",
        "risk",
        "facts_to_find",
        "flips",
        "findings",
        "counter_case",
        "ladder",
        "monthly_requests",
        "cash_flows",
        "cumulative",
        "assumptions",
        "notices",
        "sign_off",
        "missing",
        "walk",
    ),
]


def advice_of(preset: str) -> Advice:
    return advise(preset_scenario(preset, CATALOG), CATALOG, ON)


def unpriced() -> Advice:
    """A case whose own cost of a tuned request nobody has given."""
    answers = {"daily_requests": 10_000, "quality_need": "normal", "budget": 5000, "serving_route": "own_figure"}
    return advise(Scenario.from_answers(answers), CATALOG, ON)


@pytest.mark.parametrize("preset", sorted(CATALOG.presets))
def test_json_of_every_preset_is_complete(preset: str) -> None:
    advice = advice_of(preset)
    result = json.loads(render_json(advice, EN), parse_constant=pytest.fail)
    assert list(result) == KEYS
    horizon = len(result["monthly_requests"])
    assert len(result["cash_flows"]) == len(result["cumulative"]) == horizon + 1
    assert result["cumulative"][-1] == pytest.approx(sum(result["cash_flows"]))
    assert [row["id"] for row in result["assumptions"]] == list(advice.assessment.assumptions)
    assert result["cash_flows"][0] == -result["metrics"]["investment"]["value"]
    assert Scenario.from_answers(result["scenario"]) == advice.scenario


def test_items_of_the_investment_add_up() -> None:
    options = result_record(advice_of("article-001-today"), EN)["options"]
    once = [item["cost"] for item in options["tuned"]["line_items"] if item["frequency"] == "one_time"]
    assert sum(once) == pytest.approx(options["tuned"]["one_time_cost"])
    by_month = [item for item in options["tuned"]["line_items"] if item["by_month"]]
    assert all(len(item["quantity"]) == 24 and not isinstance(item["unit_price"], list) for item in by_month)


def test_options_are_today_the_best_without_tuning_and_the_tuned_model() -> None:
    result = result_record(advice_of("extraction"), EN)
    ids = {name: option["id"] for name, option in result["options"].items()}
    assert ids == {"today": "keep_as_is", "baseline": "optimise_current", "tuned": "tune"}
    months = {name: option["steady_monthly_cost"] for name, option in result["options"].items()}
    metrics = {name: result["metrics"][name]["value"] for name in ("monthly_savings", "savings_against_today")}
    assert months["baseline"] - months["tuned"] == pytest.approx(metrics["monthly_savings"])
    assert months["today"] - months["tuned"] == pytest.approx(metrics["savings_against_today"])
    assert result["metrics"]["payback_against_today"]["status"] == "ok"
    assert result["metrics"]["mirr"]["unit"] == "fraction/year"
    assert result["metrics"]["baseline_cost_per_success"]["unit"] == "money/request"
    assert result["schema_version"] == 3


def test_the_ledger_says_how_each_number_is_drawn() -> None:
    """Role, shape, ends and correlations: all that somebody needs to draw the odds anew."""
    advice = advice_of("extraction")
    result = json.loads(render_json(advice, EN), parse_constant=pytest.fail)
    rows = {row["id"]: row for row in result["assumptions"]}
    assert {row["role"] for row in rows.values()} == {"choice", "fact", "future", None}
    assert advice.simulation is not None
    for name in advice.simulation.columns:
        assert rows[name]["shape"] in ("pert", "lognormal", "estimate", "uniform", "three_point")
        assert rows[name]["low"] <= rows[name]["value"] <= rows[name]["high"], name
        assert rows[name]["role"] != "choice", name
    assert {"first": "api_price_decline", "second": "hosting_price_decline", "value": 0.5} in result["risk"][
        "correlations"
    ]
    npv = result["metrics"]["npv"]["value"]
    assert result["risk"]["as_entered_share"] == pytest.approx(float((advice.simulation.npv_if_passed < npv).mean()))


def test_every_alternative_is_there_with_reasons_in_code_and_words() -> None:
    advice = advice_of("extraction")
    rows = alternatives(advice, CATALOG)
    result = json.loads(render_json(advice, EN, (), examine(advice, CATALOG)), parse_constant=pytest.fail)
    told = {row["id"]: row for row in result["alternatives"]}
    assert list(told) == [row.id for row in rows]
    (found,) = told["cheaper_model"]["reasons"]
    assert (found["code"], told["cheaper_model"]["in"]) == ("out_quality_unproven", False)
    assert found["text"] == EN("notice.out_quality_unproven")
    assert told["case"]["npv_against_baseline"] == result["headline"]["npv"]["mean"]
    taken = Scenario.from_answers({**result["scenario"], **told["by_the_month"]["answers"]})
    assert taken.rental_term == "month"


@pytest.mark.parametrize("t", [EN, ZH], ids=["en", "zh"])
def test_what_would_change_it_and_what_speaks_against_it_are_told_as_the_engine_found_them(t: Translator) -> None:
    advice = advice_of("customer-service")
    examined = examine(advice, CATALOG)
    result = json.loads(render_json(advice, t, (), examined), parse_constant=pytest.fail)
    assert {switch["id"]: switch["flips_at"] for switch in result["flips"]} == {
        f.id: f.switches_at for f in examined.switching_values
    }
    assert all((switch["flips_at"] is None) == (switch["verdict"] is None) for switch in result["flips"])
    assert {each["id"]: each["verdict"] for each in result["findings"]} == {f.id: f.verdict for f in examined.findings}
    assert [each["money"] for each in result["counter_case"]] == [each.money for each in examined.arguments]
    text = render_text(advice, t, examined=examined)
    assert all(each["text"] in text for each in result["counter_case"])
    assert all(
        f"{field_label(t, switch['id'])}" in text for switch in result["flips"] if switch["flips_at"] is not None
    )
    assert any(switch["flips_at"] for switch in result["flips"])
    assert result["counter_case"]


def test_a_vendors_service_is_named_as_in_the_catalog() -> None:
    examined = examine(advice_of("chat"), CATALOG)
    names = {row["id"]: row["name"] for row in result_record(advice_of("chat"), ZH, (), examined)["alternatives"]}
    route = next(route for route in CATALOG.routes.values() if route.id in names)
    assert names[route.id] == ZH.fact(route.name)
    way = Argument(Notice("counter_other_way", "info", {"option": route.name, "money": 5.0}), "gate", 5.0)
    assert route.name in render_text(advice_of("chat"), EN, examined=Examination(arguments=(way,)))


def test_the_odds_are_the_engines() -> None:
    advice = advice_of("extraction")
    risk, told = advice.risk, result_record(advice, EN)["risk"]
    assert risk is not None
    assert (told["draws"], told["seed"]) == (risk.sampling.count, risk.sampling.seed)
    assert told["npv"] == risk.npv._asdict()
    assert told["payback_months"]["p50"] == risk.payback_p50
    assert 0 <= told["within_limit_share"] <= told["back_share"] <= 1


def test_a_metric_without_number_says_why() -> None:
    metrics = result_record(advice_of("chat"), EN)["metrics"]
    assert metrics["payback_months"] == {"value": None, "unit": "months", "status": "never"}
    assert metrics["irr"]["value"] is None
    assert metrics["irr"]["status"] != "ok"


def test_the_walk_ends_at_the_case() -> None:
    advice = advice_of("article-001-today")
    steps = walk_from_compared(advice.scenario, CATALOG, ON)
    result = json.loads(render_json(advice, EN, steps))
    assert result["walk"][0]["id"] == "start"
    assert result["walk"][-1]["npv"] == pytest.approx(result["metrics"]["npv"]["value"])


def test_texts_follow_the_language_and_numbers_do_not() -> None:
    english, chinese = (result_record(advice_of("chat"), t) for t in (EN, ZH))
    assert english["reasons"][0]["text"] != chinese["reasons"][0]["text"]
    for record in (english, chinese):
        del record["language"]
        for notice in (
            *record["reasons"],
            *record["notices"],
            *(row["why_not"] or {"text": ""} for row in record["actions"]),
        ):
            del notice["text"]
    assert english == chinese


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, np.float64("nan"), np.array([math.nan])])
def test_what_is_not_finite_is_null(value: object) -> None:
    assert plain(value) in (None, [None])


def test_a_case_without_a_price_has_nulls_and_names_the_item() -> None:
    advice = unpriced()
    result = json.loads(render_json(advice, EN))
    assert [result[name] for name in ("metrics", "options", "risk", "cash_flows", "cumulative")] == [None] * 5
    assert result["alternatives"] == []
    assert "tuned_request" in result["missing"]
    for t in (EN, ZH):
        assert t("item.tuned_request") in render_text(advice, t)
        with pytest.raises(InputError, match="no_monthly_figures"):
            render_csv(advice, t)


# -- CSV --------------------------------------------------------------------------------------------------


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("t", [EN, ZH], ids=["en", "zh"])
def test_csv_repeats_the_cash_flows(t: Translator) -> None:
    advice = advice_of("chat")
    content = render_csv(advice, t)
    assert content.startswith(b"\xef\xbb\xbf")
    head, today, *months = rows_of(content)
    assert head[0] == t("csv.month")
    assert "CNY" in head[-1]
    flows = advice.assessment.economics.cash_flows
    assert float(today[5]) == flows[0]
    assert [float(row[5]) for row in months] == list(flows[1:])
    assert [int(row[0]) for row in months] == list(range(1, 25))


def test_the_columns_of_the_csv_tell_three_ways_to_go_on() -> None:
    advice = advice_of("extraction")
    e = advice.assessment.economics
    head, *rows = rows_of(render_csv(advice, EN))
    assert head[2:5] == [EN(f"csv.cost_{name}", currency="USD") for name in ("today", "baseline", "tuned")]
    assert [float(cost) for cost in rows[0][2:5]] == [0.0, 800.0, pytest.approx(800.0 + e.investment)]
    for row, month in zip(rows[1:], zip(e.today.monthly_cost, e.baseline.monthly_cost, strict=True), strict=True):
        assert (float(row[2]), float(row[3])) == month
    for row in rows:
        assert float(row[3]) - float(row[4]) == pytest.approx(float(row[5]), abs=1e-6)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\uff1d1"])
def test_a_text_is_no_formula(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize(("value", "written"), [(-1.5, "-1.5"), (0, "0"), (None, ""), (math.inf, ""), ("a-b", "a-b")])
def test_numbers_stay_numbers(value: float | str | None, written: str) -> None:
    assert cell(value) == written


# -- text -------------------------------------------------------------------------------------------------


def test_columns_line_up_in_chinese() -> None:
    first, second = columns([("\u9884\u7b97", "1"), ("budget", "2")])
    assert width(first) == width(second)
    assert width(first[: first.index("1")]) == width(second[: second.index("2")])


def test_the_title_stands_first_and_an_untitled_case_says_so() -> None:
    advice = advice_of("chat")
    assert render_text(advice, ZH, preset=CATALOG.preset("chat")).startswith("\u804a\u5929\u52a9\u624b\n")
    assert render_text(advice, EN).startswith(EN("word.untitled_case"))
    titled = replace(advice, scenario=advice.scenario.with_(title="Ours"))
    assert render_text(titled, EN, preset=CATALOG.preset("chat")).startswith("Ours\n")


@pytest.mark.parametrize("preset", sorted(CATALOG.presets))
@pytest.mark.parametrize("t", [EN, ZH], ids=["en", "zh"])
def test_text_has_no_hole(preset: str, t: Translator) -> None:
    advice = advice_of(preset)
    text = render_text(advice, t, walk_from_compared(advice.scenario, CATALOG, ON))
    assert not any(hole in text for hole in ("None", "nan", "inf ", "{", "}"))
    assert all(line == line.rstrip() for line in text.splitlines())


def test_a_table_comes_back_from_a_spreadsheet_as_it_was_shown() -> None:
    columns, rows = ("\u65b9\u6848", "NPV, today"), [("Tune", "-$12,182"), ('say "no"', "$0.00")]
    content = table_csv(columns, rows)
    assert content.startswith(b"\xef\xbb\xbf")
    assert [tuple(row) for row in csv.reader(io.StringIO(content.decode("utf-8-sig")))] == [columns, *rows]
