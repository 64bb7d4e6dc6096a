"""The charts of the page on serving: valid, in both languages, and saying what the plan holds."""

import json
import re
from functools import cache
from typing import Any

import altair as alt
import jsonschema  # type: ignore[import-untyped]
import numpy as np
import pytest
import vl_convert

from advisor.charts import serving as charts
from advisor.charts.serving_words import thousand_text
from advisor.charts.style import short_number
from advisor.costs import serving
from advisor.costs.serving.load import LoadCurve
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.cases import advice, catalog, preset

LANGUAGES = languages()
CASES: dict[str, dict[str, Any]] = {
    "extraction": {},
    "chat": {},
    "copywriting": {"model_size": "70b", "serving_precision": "int4"},
    "customer-service": {"daily_requests": 0},
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@cache
def plan_of(name: str) -> serving.ServingPlan:
    found = advice(preset(name, **CASES[name]))
    return serving.serving_plan(found.scenario, found.assessment.assumptions, catalog())


def every_chart(name: str, t: Translator) -> dict[str, tuple[alt.LayerChart, str]]:
    plan = plan_of(name)
    lines = serving.lines(plan, catalog())
    seconds, curve = serving.step_seconds(plan, catalog()), serving.load_curve(plan, catalog())
    assert curve is not None
    assert plan.chosen is not None
    said = charts.staircase_alt(plan, lines, t)
    found = {
        f"staircase-{per_request}": (charts.build_staircase_chart(plan, lines, t, per_request=per_request), said)
        for per_request in (False, True)
    }
    found["step"] = (charts.build_step_time_chart(seconds, t), charts.step_time_alt(seconds, t))
    for seen in (False, True):
        chart = charts.build_load_chart(curve, plan.chosen.sequences, t, seen=seen)
        found[f"load-{seen}"] = (chart, charts.load_alt(curve, t, seen=seen))
    return found


def test_the_axis_of_tokens_counts_in_whole_tokens() -> None:
    """In thousands it began with "0k, 0.2k"."""
    curve = LoadCurve(np.array([1.0, 32.0]), np.array([40.0, 1_000.0]), np.array([0.025, 0.032]))
    shown = vl_convert.vegalite_to_svg(charts.build_load_chart(curve, 32.0, Translator("en")).to_dict())
    assert ">200</text>" in shown
    assert ">1,000</text>" in shown


def test_a_thousand_requests_cost_to_the_cent_what_they_cost_elsewhere() -> None:
    assert thousand_text(0.040256, Translator("en"), "USD").startswith("$40.26")


@cache
def schema() -> Any:
    return alt.load_schema()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_every_chart_is_valid_drawn_and_said_in_words(name: str, language: str) -> None:
    for chart, words in every_chart(name, Translator(language)).values():
        spec = chart.to_dict()
        jsonschema.Draft7Validator(schema()).validate(spec)
        assert vl_convert.vegalite_to_svg(spec).startswith("<svg")
        assert words
        assert bool(CHINESE.search(words)) == (language == "zh")
        assert bool(CHINESE.search(json.dumps(spec, ensure_ascii=False))) == (language == "zh")


def marks(chart: alt.LayerChart, mark: str) -> list[list[dict[str, Any]]]:
    found = [layer for layer in chart.to_dict()["layer"] if layer["mark"]["type"] == mark]
    return [layer["data"]["values"] for layer in found if "values" in layer["data"]]


def test_the_staircase_draws_the_lines_as_they_are_counted() -> None:
    plan, t = plan_of("extraction"), Translator("en")
    lines = serving.lines(plan, catalog())
    chart = charts.build_staircase_chart(plan, lines, t)
    (drawn,) = marks(chart, "line")
    for line in lines:
        points = [(row["volume"], row["cost"]) for row in drawn if row["line"] == line.id]
        assert points == list(zip(line.volumes.tolist(), line.monthly.tolist(), strict=True))
    (rule,) = marks(chart, "rule")
    assert rule[0]["volume"] == plan.volume
    ((start, _),) = serving.own_pays(plan)
    dots = marks(chart, "point")[-1]
    assert [dot["volume"] for dot in dots] == [start]
    each = charts.build_staircase_chart(plan, lines, t, per_request=True)
    first, month = marks(each, "line")[0][0], drawn[0]
    assert first["cost"] == pytest.approx(month["cost"] / month["volume"] / plan.days * 1000)


def test_the_list_names_every_sign_and_no_words_stand_in_the_plot() -> None:
    plan, t = plan_of("extraction"), Translator("en")
    lines = serving.lines(plan, catalog())
    chart = charts.build_staircase_chart(plan, lines, t)
    said = [row["words"] for row in chart.to_dict()["datasets"]["list"]]
    assert said[: len(lines)] == [charts.line_name(line, t) for line in lines]
    assert said[len(lines) :] == ["Own GPUs pay from 11,441 a day", "Today: 60,000 a day"]
    texts = [part for part in chart.to_dict()["layer"] if part["mark"]["type"] == "text"]
    assert {part["data"]["name"] for part in texts} == {"list"}


def test_ticks_are_few_and_inside() -> None:
    for low, high in ((3.0, 4.0), (1.0, 90.0), (0.002, 7e6), (20.0, 300.0)):
        ticks = charts.power_ticks(low, high)
        assert ticks == sorted(set(ticks))
        assert 1 <= len(ticks) <= 8
        assert all(low <= tick <= high for tick in ticks)


@pytest.mark.parametrize(
    ("ranges", "said"),
    [
        ((), "These GPUs cost more than the API at any volume: even a fully used replica costs more than it saves."),
        (((1200.4, None),), "Own GPUs cost less from 1,201 requests a day."),
        (
            ((10.0, 20.9), (30.0, None)),
            "Own GPUs cost less between 10 and 20 requests a day and from 30 requests a day.",
        ),
    ],
)
def test_ranges_are_said_in_whole_requests(ranges: tuple[serving.Range, ...], said: str) -> None:
    assert charts.range_words(ranges, Translator("en")) == said


def test_many_ranges_are_said_by_their_ends() -> None:
    ranges = serving.paying_ranges(95, 1, 100, 1)
    said = charts.range_words(ranges, Translator("en"))
    assert "first cost less at 95 " in said
    assert f"from {ranges[-1][0]:,.0f} on" in said


def test_the_parts_of_a_step_lie_end_to_end() -> None:
    seconds = serving.step_seconds(plan_of("extraction"), catalog())
    (bars,) = marks(charts.build_step_time_chart(seconds, Translator("en")), "bar")
    assert bars[0]["start"] == 0
    assert [bar["end"] for bar in bars[:-1]] == [bar["start"] for bar in bars[1:]]
    assert bars[-1]["end"] == pytest.approx(1000 * sum(seconds.values()))


@pytest.mark.parametrize(("language", "words"), [("en", ["1K", "10K", "1M"]), ("zh", ["1,000", "1万", "100万"])])
def test_round_counts_of_an_axis_part_their_thousands(language: str, words: list[str]) -> None:
    assert [short_number(Translator(language), value) for value in (1e3, 1e4, 1e6)] == words
