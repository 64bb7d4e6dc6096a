"""The hours of a week as a picture: a specification that draws, steps that carry the load, words for every reader."""

import altair as alt
import pytest

from advisor.charts.load_shape import build_week_chart, hour_name, measured_words, week_alt, week_words
from advisor.costs import serving
from advisor.scenario import Measurement, Scenario, hours_answer
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.cases import catalog, preset
from tests.costs.test_serving import plan_of

WEEK = hours_answer([*([0] * 8 + [50] * 6 + [90] + [50] * 3 + [5] * 6) * 5, *[2] * 48])
DAY = hours_answer([0] * 8 + [50] * 10 + [5] * 6)


def told(hours: str, **answers: object) -> Scenario:
    record = Measurement(value=hours, file="gateway.csv", rows=140_000)
    return preset("chat", daily_requests=400_000, **answers).with_measured({"hours_of_week": record})


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(("hours", "points"), [(WEEK, 168), (DAY, 24)])
def test_the_chart_has_every_hour_and_words(hours: str, points: int, language: str) -> None:
    t, case = Translator(language), told(hours)
    plan = plan_of(case)
    week = serving.week_of(case, plan.a, plan.volume or 0.0)
    assert week is not None
    spec = build_week_chart(week, t).to_dict()
    alt.LayerChart.validate(spec)
    drawn = [each["data"]["values"] for each in spec["layer"] if each["mark"]["type"] in ("area", "line")][:4]
    assert [len(rows) for rows in drawn] == [points + 1] * 4
    load, always, running, peak = ([row["requests"] for row in rows] for rows in drawn)
    steps = zip(load, peak, running, always, strict=True)
    assert all(a <= b <= c * (1 + 1e-6) and c <= d for a, b, c, d in steps)
    assert hour_name(week, week.busiest, t) in week_alt(week, t)
    assert "gateway.csv" in measured_words(case, t)


@pytest.mark.parametrize("language", languages())
def test_following_the_hours_saves_or_says_that_it_saves_nothing(language: str) -> None:
    t = Translator(language)
    said = []
    for hours in (WEEK, hours_answer([1] * 24)):
        plan = plan_of(told(hours))
        week = serving.week_of(plan.scenario, plan.a, plan.volume or 0.0)
        assert week is not None
        said.append(week_words(week, plan, serving.modes(plan, catalog()), t))
    assert said[0][-1].startswith(t("load_shape.saves", cost="|", saved="", idle="").split("|")[0])
    assert said[1][-1].startswith(t("load_shape.saves_nothing", cost="|", idle="").split("|")[0])


def test_hours_that_nobody_measured_are_told_as_the_cases() -> None:
    t = Translator("en")
    assert measured_words(preset("chat", hours_of_week=DAY), t) == t("load_shape.told")
