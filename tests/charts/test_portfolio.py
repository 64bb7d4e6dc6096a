"""The pictures of the page Portfolio: a bar for each ranked case, the curve of other budgets, and both in words."""

import re

import altair as alt
import numpy as np
import pytest

from advisor.charts.portfolio import (
    MOST_BARS,
    bought_by,
    budget_alt,
    build_budget_chart,
    build_portfolio_chart,
    portfolio_alt,
    shortened,
)
from advisor.charts.style import GREEN, GREY
from advisor.decision.funding import Candidate, Funding, fund, other_budgets
from advisor.text.i18n import Translator
from tests.cases import DAY, catalog, preset
from tests.charts.test_charts import LANGUAGES, svg, words_of

NAMES = ("extraction", "code-completion", "chat")


def funding(budget: float = 15_000.0, names: tuple[str, ...] = NAMES) -> Funding:
    return fund([Candidate(name, preset(name), name) for name in names], budget, "USD", catalog(), DAY)


def called(found: Funding) -> list[str]:
    return [each.candidate.name for each in found.placed]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pictures_are_complete(language: str) -> None:
    t, found = Translator(language), funding()
    budgets = other_budgets(found)
    assert budgets is not None
    for chart in (build_portfolio_chart(found, called(found), t), build_budget_chart(found, budgets, t)):
        alt.LayerChart.validate(chart.to_dict())
        for width in (340, 1100):
            shown = svg(chart, "#ffffff", width)
            assert "NaN" not in shown
            assert "undefined" not in shown


def test_no_word_stays_english() -> None:
    t, found = Translator("zh"), funding()
    budgets = other_budgets(found)
    assert budgets is not None
    charts = (build_portfolio_chart(found, called(found), t), build_budget_chart(found, budgets, t))
    told = [*words_of(charts[0]), *words_of(charts[1]), portfolio_alt(found, called(found), t)]
    for text in (*told, budget_alt(found, budgets, t)):
        assert set(re.findall(r"[A-Za-z]+", text)) <= {"extraction", "code", "completion", "chat", "US"}, text


def test_what_is_funded_has_a_colour_and_a_sign() -> None:
    found = funding()
    chart = build_portfolio_chart(found, called(found), Translator("en")).to_dict()
    (bars,) = [part["data"]["values"] for part in chart["layer"] if part["mark"]["type"] == "bar"]
    assert [(row["name"], row["colour"]) for row in bars] == [
        ("\u2714 extraction", GREEN),
        ("code-completion", GREY),
        ("chat", GREY),
    ]
    assert [row["end"] for row in bars] == [each.value for each in found.placed]


def test_a_long_list_shows_its_first_rows() -> None:
    found = funding(names=("extraction",) * (MOST_BARS + 5))
    chart = build_portfolio_chart(found, called(found), Translator("en")).to_dict()
    (bars,) = [part["data"]["values"] for part in chart["layer"] if part["mark"]["type"] == "bar"]
    assert len(bars) == MOST_BARS


def test_the_curve_is_what_a_budget_of_that_size_buys() -> None:
    budgets = other_budgets(funding())
    assert budgets is not None
    for budget in (0.0, 9_000.0, 15_000.0, 30_000.0):
        found = funding(budget)
        assert bought_by(budget, budgets) == pytest.approx(found.whole.value if found.whole else 0.0)
    assert np.all(np.diff(budgets[1]) > 0)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Help desk", "Help desk"),
        ("Code completion for the platform", "Code completion for the\u2026"),
        ("\u5ba2" * 13, "\u5ba2" * 12 + "\u2026"),
    ],
)
def test_a_long_name_leaves_room(name: str, shown: str) -> None:
    assert shortened(name) == shown
