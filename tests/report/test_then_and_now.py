"""A kept case in words: what was frozen is told as it is, also what this release does not know any more."""

from dataclasses import replace
from datetime import date

import pytest

from advisor.decision.bridge import Step
from advisor.decision.repricing import frozen_headline, frozen_numbers, reprice
from advisor.report import then_and_now as words
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.cases import DAY, advice, catalog, preset

EN = Translator("en")
CASE = preset("extraction")
HEADLINE = frozen_headline(advice(CASE))


@pytest.mark.parametrize("language", languages())
def test_frozen_figures_are_told_as_they_were(language: str) -> None:
    t = Translator(language)
    cards = {name: (value, small) for name, value, small in words.frozen_cards(HEADLINE, t)}
    assert cards[t("headline.card.payback")][0] == t.months(HEADLINE["payback"]["p50"])
    value, small = cards[t("headline.card.npv")]
    assert value == t.money(HEADLINE["npv"]["mean"], "USD")
    assert t.money(HEADLINE["npv"]["p90"], "USD") in small
    assert words.priced_on(HEADLINE) == DAY


def test_what_was_not_known_is_not_told_as_nothing() -> None:
    unknown = {**HEADLINE, **dict.fromkeys(("payback", "npv", "monthly_savings", "roi", "investment"))}
    assert words.frozen_cards(unknown, EN) == []
    assert words.payback_text(unknown, EN) == words.value_text(unknown, EN) == EN("word.unknown")
    assert words.payback_text({**HEADLINE, "payback": {"p50": None}}, EN) == EN("status.not_within_horizon")


def test_a_saving_below_zero_is_an_extra_cost() -> None:
    costs_more = {**HEADLINE, "monthly_savings": {**HEADLINE["monthly_savings"], "p50": -1234.0}}
    cards = {name: value for name, value, _ in words.frozen_cards(costs_more, EN)}
    assert cards[EN("headline.card.extra_cost")] == "$1,234"


def test_a_verdict_or_number_of_another_release_is_told_by_its_id() -> None:
    assert words.verdict_text({"verdict": "from_the_future"}, EN) == "from_the_future"
    assert words.by_label(["from_the_past", "hourly_rate"], EN)["from_the_past"] == "from_the_past"


def test_numbers_are_chosen_by_their_names_in_order() -> None:
    labels = words.by_label((row["id"] for row in frozen_numbers(advice(CASE).assessment.assumptions)), EN)
    names = list(labels.values())
    assert names == sorted(names, key=str.casefold)
    assert labels["hourly_rate"] == EN("field.hourly_rate.label")


def test_groups_of_prices_that_change_nothing_are_left_out() -> None:
    found = reprice(CASE, HEADLINE, frozen_numbers(advice(CASE).assessment.assumptions), catalog(), DAY)
    assert words.turn_lines(found, EN)[-1] == EN("store.no_number_changed")
    values = (1000.0, 1000.0, 2000.0, 2000.0, 1500.0)
    names = ("start", "prices_today", "serving", "upkeep", "best_alternative")
    steps = [Step(name, 1.0, 1.0, npv, 1.0, "ok") for name, npv in zip(names, values, strict=True)]
    _, rows = words.steps_table(replace(found, steps=tuple(steps)), EN)
    assert [row[1] for row in rows] == ["$1,000", "$2,000", "$1,500"]
    assert rows[0][0] == EN("cases.step_then")
    assert words.steps_table(replace(found, steps=()), EN)[1] == []


def test_a_change_says_what_is_not_used_on_one_side() -> None:
    rows = frozen_numbers(advice(CASE).assessment.assumptions)
    old = [{**row, "value": 12.5} if row["id"] == "hourly_rate" else row for row in rows]
    gone = {**rows[0], "id": "hourly_rate_of_before", "value": 3.0}
    found = reprice(CASE, HEADLINE, [*old, gone], catalog(), date(2026, 11, 20))
    told = {row[0]: row[1:3] for row in words.changes_table(found, EN)[1]}
    assert told[EN("field.hourly_rate.label")][0] == EN.value(12.5, "money/h", "USD")
    assert told["hourly_rate_of_before"][1] == EN("store.not_used")
