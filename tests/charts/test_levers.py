"""Charts of cost levers and of the project plan: bars that join up, words that tell every figure."""

from functools import cache

import altair as alt
import pytest
import vl_convert

from advisor import charts
from advisor.assumptions import resolve
from advisor.costs.cost_levers import LeverBill, Savings, offers, pulled_at_first, savings
from advisor.costs.project_plan import PlanCost, plan_cost, project_plan
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.text.phrases import bill_money
from tests.cases import DAY, catalog, preset

CASES = ("article-004", "extraction", "article-000")


@cache
def walk_of(name: str) -> tuple[LeverBill, Savings]:
    bench = LeverBill(preset(name), catalog(), DAY)
    return bench, savings(bench, pulled_at_first(bench, offers(bench)), "priority")


@cache
def plan_of(name: str) -> tuple[PlanCost, list[str]]:
    case = preset(name)
    plan = project_plan(case, resolve(case, catalog(), DAY), catalog())
    return plan_cost(plan.steps, plan.prices), [step.id for step in plan.steps]


def lever_chart(name: str, language: str) -> tuple[alt.LayerChart, str]:
    bench, found = walk_of(name)
    names = {key: Translator(language).fact(record.name) for key, record in bench.records.items()}
    t = Translator(language)
    chart = charts.build_lever_chart(found, names, bench.base.currency, t)
    return chart, charts.lever_alt(found, names, bench.base.currency, t)


def bars(chart: alt.LayerChart) -> list[dict]:
    (layer,) = [part for part in chart.to_dict()["layer"] if part["mark"]["type"] == "bar"]
    return layer["data"]["values"]


def assert_sound(chart: alt.LayerChart, said: str) -> None:
    alt.LayerChart.validate(chart.to_dict())
    drawn = vl_convert.vegalite_to_svg({**chart.to_dict(), "width": 360}, allowed_base_urls=[])
    assert "NaN" not in drawn
    assert "undefined" not in drawn
    assert all(row["value"] in said for row in bars(chart))


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", CASES)
def test_levers_are_drawn_and_told(name: str, language: str) -> None:
    assert_sound(*lever_chart(name, language))


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", ["article-003", "extraction"])
def test_plans_are_drawn_and_told(name: str, language: str) -> None:
    (cost, names), t = plan_of(name), Translator(language)
    assert_sound(charts.build_plan_chart(cost, names, "USD", t), charts.plan_alt(cost, names, "USD", t))


@pytest.mark.parametrize("name", CASES)
def test_each_saving_begins_where_the_one_before_it_ended(name: str) -> None:
    rows = bars(lever_chart(name, "en")[0])
    reached = rows[0]["end"]
    for row in rows[1:-1]:
        assert row["start"] == pytest.approx(reached)
        reached = row["end"]
    assert rows[-1]["end"] == pytest.approx(reached)


def test_the_plan_ends_at_its_total() -> None:
    (cost, names), t = plan_of("article-003"), Translator("en")
    rows = bars(charts.build_plan_chart(cost, names, "CNY", t))
    assert rows[-2]["end"] == rows[-1]["end"] == 75
    assert rows[0]["value"] == bill_money(t, 15.0, "CNY")
