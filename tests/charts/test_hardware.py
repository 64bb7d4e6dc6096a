"""Owning against renting as lines: drawn for every example, marked where they meet."""

import re

import altair as alt
import pytest

from advisor.assumptions import resolve
from advisor.charts.hardware import break_evens, build_hardware_chart, hardware_alt, last_hour
from advisor.costs.buy_or_rent import HOURS_PER_YEAR, Ownership, compare_ways
from advisor.scenario import Scenario
from advisor.text.i18n import Translator
from tests.cases import preset
from tests.charts.test_charts import LANGUAGES, ON, PRESETS, catalog, layers, svg, words_of

ENGLISH = re.compile(r"[A-Za-z]+(?: [A-Za-z]+){3}")


def of(case: Scenario, gpu: str | None = None) -> Ownership:
    return compare_ways(case, resolve(case, catalog(), ON), catalog(), ON, gpu)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PRESETS)
def test_every_example_is_drawn(name: str, language: str) -> None:
    t, found = Translator(language), of(preset(name))
    chart = build_hardware_chart(found, t)
    alt.LayerChart.validate(chart.to_dict())
    drawn = svg(chart, "#ffffff")
    assert "undefined" not in drawn
    assert "NaN" not in drawn
    assert {words for _, _, words in break_evens(found, t)} <= words_of(chart)
    assert all(words in hardware_alt(found, t) for _, _, words in break_evens(found, t))
    if language == "zh":
        assert not [words for words in words_of(chart) if ENGLISH.search(words)]


def test_lines_meet_at_the_marks() -> None:
    found = of(preset("extraction", training_gpu="rtx-a6000-48gb"))
    marks = break_evens(found, Translator("en"))
    assert [words for _, _, words in marks] == [
        "Own GPU: 3,148 h",
        "Month: 6,132 h",
    ]
    for (hours, cost, _), way in zip(marks, ("own", "monthly"), strict=True):
        assert found.ways[way].cost(hours) == pytest.approx(cost)
        assert hours < last_hour(found) <= HOURS_PER_YEAR


def test_the_axis_of_hours_ends_with_the_year() -> None:
    assert last_hour(of(preset("extraction").with_(card_hours_per_year=8760))) == HOURS_PER_YEAR


def test_break_evens_beyond_the_year_are_not_marked() -> None:
    found = of(preset("article-003"))
    assert [words for _, _, words in break_evens(found, Translator("en"))] == ["Own GPU: 131 h"]
    points = layers(build_hardware_chart(found, Translator("en")), "point")
    assert len([m for m in points if m["mark"].get("shape") == "diamond"]) == 1


def test_a_card_without_prices_has_no_line() -> None:
    found = of(preset("extraction"), "rtx-4090d-24gb")
    assert not found.ways
    assert break_evens(found, Translator("en")) == []
    alt.LayerChart.validate(build_hardware_chart(found, Translator("en")).to_dict())


def test_cards_are_named_only_where_they_differ() -> None:
    t = Translator("en")
    assert "A6000" not in str(words_of(build_hardware_chart(of(preset("extraction")), t)))
    assert "A100" in str(words_of(build_hardware_chart(of(preset("article-003")), t)))
