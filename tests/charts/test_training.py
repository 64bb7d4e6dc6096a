"""The training charts hold what the plan says, in both languages, whatever the case."""

import json
import re

import altair as alt
import pytest

from advisor.charts.training import (
    LOW_STEP,
    STEP,
    build_training_memory_chart,
    build_training_ways_chart,
    cost_text,
    hours_band,
    hours_text,
    training_memory_alt,
    training_ways_alt,
)
from advisor.costs.training import TrainingPlan, memory_of_methods, training_plan, ways
from advisor.report.case import CHART_WIDTH
from advisor.report.sections.annex import MEMORY_HEIGHT
from advisor.scenario import Scenario
from advisor.text.i18n import Translator
from tests.cases import DAY, catalog, preset
from tests.charts.geometry import TELEPHONE, crossed, hidden_points, overlapping, words_and_rules
from tests.charts.test_charts import LANGUAGES, layers, rows_of, svg, titles, words_of

CASES = {name: preset(name) for name in catalog().presets} | {
    "fits nowhere": preset("extraction", open_model="llama-3.1-70b", method="full", training_gpus=1),
    "takes weeks": preset("extraction", training_examples=10_000_000),
    "costs nothing": preset("extraction", training_gpu="l4-24gb", training_gpu_price=0),
    "nothing answered": Scenario(),
}
NAMES = r"LoRA|QLoRA|GPU|GiB|GB|RTX|SXM|PCIe|Ada|Generation|AMD|Instinct|MI\d+X|logits|US|[AHLTB]\d+\w*|[A-Z]+\d*"


def plan_of(case: Scenario) -> TrainingPlan:
    return training_plan(case, catalog(), DAY)


def every_chart(plan: TrainingPlan, t: Translator) -> list[tuple[alt.LayerChart, str]]:
    memory, found = memory_of_methods(plan, catalog()), ways(plan, catalog())
    return [
        (build_training_memory_chart(memory, plan.work.method, catalog(), t), training_memory_alt(memory, t)),
        (build_training_ways_chart(found, plan, catalog(), t), training_ways_alt(found, plan, catalog(), t)),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_every_case_can_be_drawn(name: str, language: str) -> None:
    for chart, said in every_chart(plan_of(CASES[name]), Translator(language)):
        alt.LayerChart.validate(chart.to_dict())
        drawn = svg(chart, "#12161c")
        assert "NaN" not in drawn
        assert "undefined" not in drawn
        assert said


@pytest.mark.parametrize("name", CASES)
def test_no_word_stays_english(name: str) -> None:
    for chart, said in every_chart(plan_of(CASES[name]), Translator("zh")):
        texts = [said, json.dumps(titles(chart.to_dict()), ensure_ascii=False), *words_of(chart)]
        for text in texts:
            left = [word for word in re.findall(r"[A-Za-z][A-Za-z\d]*", text) if not re.fullmatch(NAMES, word)]
            assert left == [], text


def test_the_parts_of_a_bar_follow_one_another_and_make_its_need() -> None:
    plan, t = plan_of(CASES["extraction"]), Translator("en")
    memory = memory_of_methods(plan, catalog())
    (bars,) = layers(build_training_memory_chart(memory, plan.work.method, catalog(), t), "bar")
    for each in memory:
        rows = [row for row in bars["data"]["values"] if row["method"] == each.method]
        assert [row["start"] for row in rows] == pytest.approx([0.0, *(row["end"] for row in rows[:-1])])
        assert rows[-1]["end"] == pytest.approx(each.total)


def test_the_smallest_card_with_room_for_all_is_shown() -> None:
    plan, t = plan_of(CASES["extraction"]), Translator("en")
    chart = build_training_memory_chart(memory_of_methods(plan, catalog()), plan.work.method, catalog(), t)
    shown = words_of(chart)
    assert {"RTX 409024 GiB", "A100 SXM80 GB", "H200 SXM141 GB", "LoRA (this case)"} <= shown


MODELS = ("granite-4.1-8b", "ministral-3-14b", "granite-4.1-30b", "llama-3.3-70b")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("width", "step"), [(TELEPHONE, STEP), (500, STEP), (880, STEP), (CHART_WIDTH, LOW_STEP)])
def test_no_word_of_the_memory_chart_lies_on_a_line_or_on_another_word(width: int, step: int, language: str) -> None:
    t = Translator(language)
    cases = [CASES["extraction"], CASES["article-002"], *(preset("extraction", open_model=m) for m in MODELS)]
    for case in cases:
        plan = plan_of(case)
        memory = memory_of_methods(plan, catalog())
        chart = build_training_memory_chart(memory, plan.work.method, catalog(), t, step)
        if step == LOW_STEP:
            chart = chart.properties(height=MEMORY_HEIGHT)
        picture = svg(chart, "#ffffff", width)
        assert crossed(picture) == set()
        assert overlapping(picture) == set()
        words, _ = words_and_rules(picture)
        assert all(box.left >= 0 and box.right <= width + 20 for box in words)


def test_the_run_of_the_case_is_ringed_at_its_hours_and_cost() -> None:
    plan, t = plan_of(CASES["extraction"]), Translator("en")
    chart = build_training_ways_chart(ways(plan, catalog()), plan, catalog(), t)
    ring, _ = [part for part in layers(chart, "point") if not part["mark"].get("filled")]
    (at,) = ring["data"]["values"]
    assert (at["hours"], at["cost"]) == (plan.hours, plan.run_cost)
    assert at["words"] == ["A100 SXM 80 GB", f"{hours_text(t, plan.hours)}, {cost_text(t, plan.run_cost, 'USD')}"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [TELEPHONE, 880])
def test_the_words_of_the_run_of_the_case_hide_no_point(width: int, language: str) -> None:
    t = Translator(language)
    for name in ("extraction", "customer-service", "chat", "article-002", "article-004"):
        plan = plan_of(CASES[name])
        picture = svg(build_training_ways_chart(ways(plan, catalog()), plan, catalog(), t), "#ffffff", width)
        assert hidden_points(picture) == set(), name
        words, _ = words_and_rules(picture)
        assert all(box.left >= 0 and box.right <= width + 20 for box in words)


def test_every_way_is_a_point_and_colour_does_not_speak_alone() -> None:
    plan = plan_of(CASES["extraction"])
    found = ways(plan, catalog())
    chart = build_training_ways_chart(found, plan, catalog(), Translator("en"))
    assert len(rows_of(chart, "gpu_text")) == len(found)
    points, *_ = layers(chart, "point")
    assert points["encoding"]["shape"]["scale"]["range"] == ["square", "circle", "triangle-up"]


@pytest.mark.parametrize("name", ["fits nowhere", "costs nothing"])
def test_a_run_without_hours_or_money_has_no_ring(name: str) -> None:
    plan = plan_of(CASES[name])
    chart = build_training_ways_chart(ways(plan, catalog()), plan, catalog(), Translator("en"))
    assert all(part["mark"].get("filled") for part in layers(chart, "point"))


@pytest.mark.parametrize(
    ("hours", "words"),
    [(0.16167, "9.7 minutes"), (1.234, "74 minutes"), (2.29, "2.3 hours"), (123.4, "120 hours"), (None, "not known")],
)
def test_times_are_as_exact_as_an_estimate(hours: float | None, words: str) -> None:
    assert hours_text(Translator("en"), hours) == words


@pytest.mark.parametrize(
    ("cost", "words"), [(1.1443, "$1.14"), (81.24, "$81.24"), (0.0123, "$0.0123"), (1234.5, "$1,234")]
)
def test_money_to_the_cent(cost: float, words: str) -> None:
    assert cost_text(Translator("en"), cost, "USD") == words


def test_the_unit_of_two_times_is_told_once_where_it_is_the_same() -> None:
    assert hours_band(Translator("en"), 0.57, 0.85) == "probably 34 to 51 minutes"
    assert hours_band(Translator("zh"), 0.57, 0.85) == "\u5927\u81f4 34\u201351 \u5206\u949f"
    assert hours_band(Translator("en"), 0.9, 2.4) == "probably 54 minutes to 2.4 hours"
