"""Ten dots: their counts are those of the sentences beside them, and none is told by colour alone."""

from dataclasses import replace

import altair as alt
import pytest

from advisor import charts
from advisor.charts.chances import MARKS, counts
from advisor.decision.advice import Advice
from advisor.text.headline_phrases import chance_text, in_ten_text
from advisor.text.i18n import Translator
from tests.cases import advice, catalog, preset
from tests.charts.test_charts import LANGUAGES, svg, words_of

EN = Translator("en")
PRESETS = tuple(sorted(catalog().presets))


def shown(name: str) -> Advice | None:
    found = advice(preset(name))
    return found if charts.shows_chances(found) else None


def with_chances(chance: float, chances: int, months: float | None) -> Advice:
    found = advice(preset("extraction"))
    assert found.headline is not None
    told = replace(found.headline, chance=chance, chances_in_ten=chances, chance_months=months)
    return replace(found, headline=told)


@pytest.mark.parametrize("name", PRESETS)
def test_the_dots_are_ten_and_say_what_the_sentence_says(name: str) -> None:
    found = shown(name)
    if found is None:
        return
    assert found.headline is not None
    dots = counts(found.headline)
    assert sum(dots.values()) == 10
    assert min(dots.values()) >= 0
    assert dots["back"] == found.headline.chances_in_ten
    if dots["back"]:
        assert f"{dots['back']} of 10" in chance_text(found.headline, EN)
    if dots["fails"] and found.headline.chance < 1:
        assert in_ten_text(1 - found.headline.chance, EN) in charts.chances_alt(found, EN)


@pytest.mark.parametrize(
    ("chance", "chances", "months", "expected"),
    [
        (1.0, 9, 7.4, (9, 1, 0)),
        (0.7, 6, 11.0, (6, 1, 3)),
        (0.7, 7, 23.0, (7, 0, 3)),
        (0.65, 6, 9.0, (6, 0, 4)),
        (0.75, 7, 9.0, (7, 1, 2)),
        (0.96, 9, 9.0, (9, 1, 0)),
        (0.0, 0, None, (0, 0, 10)),
        (0.94, 2, None, (2, 7, 1)),
    ],
)
def test_every_dot_stands_for_one_result(
    chance: float, chances: int, months: float | None, expected: tuple[int, int, int]
) -> None:
    case = with_chances(chance, chances, months)
    assert case.headline is not None
    assert tuple(counts(case.headline).values()) == expected


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [300, 620])
def test_it_is_complete_and_its_words_are_those_of_the_alternative_text(language: str, width: int) -> None:
    t, case = Translator(language), with_chances(0.7, 6, 11.0)
    for chart in (charts.build_chances_chart(case, t), charts.build_chances_chart(case, t, presentation=True)):
        alt.LayerChart.validate(chart.to_dict())
        drawn = svg(chart, "#ffffff", width)
        assert "NaN" not in drawn
        assert "undefined" not in drawn
        said = words_of(chart)
        assert len(said) == 3
        assert all(words in charts.chances_alt(case, t) for words in said)


def test_what_never_happens_has_no_line_but_the_first() -> None:
    never = with_chances(0.0, 0, None)
    assert len(words_of(charts.build_chances_chart(never, EN))) == 2
    assert "0 in 10" in charts.chances_alt(never, EN)


def test_each_result_has_a_shape_and_not_only_a_colour() -> None:
    assert len({(mark.shape, mark.is_filled) for mark in MARKS.values()}) == len(MARKS)


def test_a_case_that_serves_nothing_has_no_dots() -> None:
    assert not charts.shows_chances(advice(preset("extraction", daily_requests=0)))
