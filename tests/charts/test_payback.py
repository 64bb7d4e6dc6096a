"""The payback picture: one for every page and for paper, its mark on the month that the card beside it names."""

import json
import re
from dataclasses import replace
from typing import Any

import altair as alt
import numpy as np
import pytest

from advisor import charts
from advisor.charts import option_words, payback
from advisor.charts.style import GREEN, RED
from advisor.core.notices import UnknownPrice
from advisor.decision.advice import Advice, advise
from advisor.decision.alternatives import alternatives
from advisor.risk.headline import Headline
from advisor.risk.simulation import Simulation
from advisor.scenario import Scenario
from advisor.text.headline_phrases import break_even_text, headline_cards
from advisor.text.i18n import Translator
from advisor.text.phrases import within
from tests.cases import DAY, advice, catalog, preset
from tests.charts.test_charts import LANGUAGES, forms, layers, svg, titles, words_of

EN = Translator("en")
SHOWN = ("extraction", "customer-service", "chat", "article-001", "article-000")
NAMES = {"US", "CN", "K", "M", "USD", "P"}


def case(name: str, **changes: object) -> Advice:
    return advice(preset(name, **changes))


def drawn(found: Advice) -> tuple[Simulation, Headline]:
    assert found.simulation is not None
    assert found.headline is not None
    return found.simulation, found.headline


def with_middle(middle: list[float], back: float | None) -> Advice:
    """A case whose simulated futures and middle payback were made up for the test."""
    found = case("extraction")
    simulation, headline = drawn(found)
    line = np.asarray(middle)
    simulation = replace(simulation, cumulative=np.asarray([line - 5, line, line + 5]))
    told = replace(headline, horizon=len(middle) - 1, payback=headline.payback._replace(p50=back))
    return replace(found, simulation=simulation, headline=told)


def series(chart: alt.LayerChart) -> dict[str, list[float]]:
    """Every line drawn, by its series."""
    found: dict[str, list[float]] = {}
    for row in chart.to_dict()["datasets"]["lines"]:
        found.setdefault(row["series"], []).append(row["balance"])
    return found


def legend(chart: alt.LayerChart) -> dict[str, str]:
    return {row["key"]: row["words"] for row in chart.to_dict()["datasets"]["legend"]}


def mark(chart: alt.LayerChart) -> dict[str, Any]:
    (event,) = chart.to_dict()["datasets"]["events"]
    found: dict[str, Any] = event
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SHOWN)
def test_every_form_is_complete_and_every_word_of_its_legend_is_drawn(name: str, language: str) -> None:
    t, found = Translator(language), case(name)
    before = case(name, hourly_rate=20.0)
    for how in ({}, {"paper": True}, {"presentation": True}, {"as_entered": True}):
        chart = charts.build_payback_chart(found, t, before, **how)
        alt.LayerChart.validate(chart.to_dict())
        shown = svg(chart, "#ffffff")
        assert "NaN" not in shown
        assert "undefined" not in shown
        assert [words for words in legend(chart).values() if f">{words}<" not in shown] == []


@pytest.mark.parametrize("name", SHOWN)
def test_no_word_stays_english(name: str) -> None:
    t, found, before = Translator("zh"), case(name), case(name, hourly_rate=20.0)
    chart = charts.build_payback_chart(found, t, before, as_entered=True)
    said = charts.payback_alt(found, t, before, as_entered=True)
    for text in (
        json.dumps(titles(chart.to_dict()), ensure_ascii=False),
        *words_of(chart),
        *legend(chart).values(),
        said,
    ):
        assert set(re.findall(r"[A-Za-z]+", text)) <= NAMES, text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["extraction", "code-completion", "article-001"])
def test_the_mark_stands_at_the_payback_of_the_card_to_the_digit(name: str, language: str) -> None:
    t, found = Translator(language), case(name)
    _, headline = drawn(found)
    chart = charts.build_payback_chart(found, t)
    assert mark(chart)["month"] == headline.payback.p50
    (card, *_) = headline_cards(headline, found.assessment.assumptions, t)
    digits = re.findall(r"[\d.]+", card.value)
    (words,) = words_of(chart)
    assert re.findall(r"[\d.]+", words) == digits
    assert words in charts.payback_alt(found, t)


def test_where_quality_is_open_the_mark_says_where_it_works() -> None:
    open_, known = (charts.build_payback_chart(case(name), EN) for name in ("code-completion", "extraction"))
    assert "where it works" in " ".join(words_of(open_))
    assert "where it works" not in " ".join(words_of(known))


def test_the_band_holds_8_of_10_futures_and_the_line_is_their_middle() -> None:
    found = case("extraction")
    chart, (simulation, _) = charts.build_payback_chart(found, EN), drawn(found)
    (area,) = layers(chart, "area")
    assert (area["encoding"]["y"]["field"], area["encoding"]["y2"]["field"]) == ("p10", "p90")
    for k, name in ((0, "p10"), (2, "p90")):
        assert [row[name] for row in area["data"]["values"]] == pytest.approx(list(simulation.cumulative[k]))
    assert series(chart) == {"case": pytest.approx(list(simulation.cumulative[1]))}


def test_futures_that_fail_the_gate_run_flat_at_what_is_lost() -> None:
    found = case("customer-service")
    chart, (_, headline) = charts.build_payback_chart(found, EN), drawn(found)
    assert set(series(chart)["failed"]) == {headline.npv_if_failed.p50}
    assert legend(chart)["failed"] == "Typically, where it fails"
    assert "failed" not in series(charts.build_payback_chart(case("extraction"), EN))


@pytest.mark.parametrize("language", LANGUAGES)
def test_after_a_failed_gate_nothing_is_said_of_money_that_comes_back(language: str) -> None:
    """Nothing is launched: no saving, no return, no payback, only what is lost."""
    found, t = case("extraction", gate_result="failed"), Translator(language)
    _, told = drawn(found)
    chart = payback.build_payback_chart(found, t, as_entered=True)
    assert {tuple(np.diff(line)) for line in series(chart).values()} == {(0.0,) * told.horizon}
    assert [*legend(chart).values()] == [t("chart.payback.failed"), t("chart.payback.band")]
    assert payback.payback_words(found, t) == t("chart.payback.not_back", horizon=t.months(told.horizon, 0))
    assert t.money(told.npv_if_failed.p50, "USD") in payback.payback_alt(found, t)
    cards = {card.label: card for card in headline_cards(told, found.assessment.assumptions, t)}
    assert [*cards] == [t(f"headline.card.{name}") for name in ("payback", "npv", "investment")]
    assert cards[t("headline.card.payback")].small == t("headline.card.payback.fails")
    paid_back = {row.payback_months for row in alternatives(found, catalog())}
    assert paid_back == {None}
    assert option_words.saved_by_tuning(found) == 0
    assert t("options.adds.fails") in option_words.summary_text(found, alternatives(found, catalog()), t)
    assert break_even_text(told, "5", t) == t(
        "report.break_even_fails", typical=within(cards[t("headline.card.payback")].value)
    )


def test_a_case_that_is_typically_not_back_has_no_mark_and_says_so() -> None:
    chart = charts.build_payback_chart(case("chat"), EN)
    assert chart.to_dict()["datasets"]["events"] == []
    assert words_of(chart) == {"Typically not back within 24 months"}


def test_without_requests_nothing_is_said_of_payback() -> None:
    chart = charts.build_payback_chart(case("article-000"), EN)
    assert words_of(chart) == {"Nothing is served: its cost alone"}
    assert set(series(chart)) == {"case"}


def test_money_lost_again_shows_both_crossings() -> None:
    chart = charts.build_payback_chart(with_middle([-100.0, -50.0, 50.0, 25.0, -25.0], 1.5), EN)
    assert words_of(chart) == {"Money back in month 1.5", "Lost again from month 3.5"}
    dots = re.findall(r'<path [^>]*stroke-width="1.5"[^>]*>', svg(chart, "#ffffff"))
    assert all(f'fill="{colour}"' in dot for dot, colour in zip(dots, (GREEN, RED), strict=True))


def test_the_case_before_a_change_is_a_grey_dashed_line_of_its_own() -> None:
    found, before = case("extraction"), case("code-completion")
    chart, (simulation, _) = charts.build_payback_chart(found, EN, before), drawn(before)
    assert series(chart)["unchanged"] == pytest.approx(list(simulation.cumulative[1]))
    month = EN.number(drawn(before)[1].payback.p50, 1)
    assert legend(chart)["unchanged"] == f"Before: back in month {month}"
    (line,) = layers(chart, "line")
    dashes = line["encoding"]["strokeDash"]["scale"]
    assert dashes["range"][dashes["domain"].index("unchanged")] != dashes["range"][dashes["domain"].index("case")]
    assert "Before the change" in charts.payback_alt(found, EN, before)


def test_the_case_as_entered_is_picturewhere_it_is_asked_for() -> None:
    found = case("article-001")
    chart = charts.build_payback_chart(found, EN, as_entered=True)
    assert series(chart)["entered"] == pytest.approx(list(payback.as_entered_cash(found)))
    assert "entered" not in series(charts.build_payback_chart(found, EN))
    assert charts.from_article(found, catalog())
    assert not charts.from_article(case("extraction"), catalog())


def test_labels_have_room_above_every_line() -> None:
    for name in SHOWN:
        chart = charts.build_payback_chart(case(name), EN, as_entered=True)
        rows = chart.to_dict()["datasets"]
        low, high = rows["cash_axis"][0]["low"], rows["cash_axis"][0]["high"]
        top = max(*(row["p90"] for row in rows["months"]), *(row["balance"] for row in rows["lines"]), 0.0)
        bottom = min(*(row["p10"] for row in rows["months"]), *(row["balance"] for row in rows["lines"]), 0.0)
        assert low < bottom
        assert high - top > 0.2 * (high - low)


@pytest.mark.parametrize("month", [0.4, 12.0, 23.6])
def test_the_label_stays_inside_however_narrow_the_picture(month: float) -> None:
    picture = svg(charts.build_payback_chart(with_middle([-100.0, *[10.0] * 24], month), EN), "#ffffff")
    found = re.findall(r'<text text-anchor="(\w+)" transform="translate\(([-\d.]+),[^>]*>Money back', picture)
    anchor, x = found[-1]
    wide = 0.6 * 13 * len("Money back in month 23.6")
    left, right = (float(x) - wide, float(x)) if anchor == "end" else (float(x), float(x) + wide)
    assert left >= -13
    assert right <= 360 + 13


def test_a_move_of_a_slider_changes_rows_and_nothing_else() -> None:
    """Else the browser would build the pictures anew with every move, and with the first one as well."""
    before, found = case("customer-service"), set()
    for changes in ({"daily_requests": 300.0}, {"daily_requests": 400_000.0}, {"gate_success_share": 1.0}):
        moved = advise(before.scenario.with_(**changes), catalog(), DAY)
        found.add(
            forms((charts.build_payback_chart(moved, EN, before), charts.build_cost_and_savings_chart(moved, EN)))
        )
    found.add(forms((charts.build_payback_chart(before, EN), charts.build_cost_and_savings_chart(before, EN))))
    assert len(found) == 1


def test_the_back_of_the_room_gets_larger_words_and_thicker_lines() -> None:
    found = case("extraction")
    small, large = (charts.build_payback_chart(found, EN, presentation=p) for p in (False, True))
    sizes = [label_size(chart) for chart in (small, large)]
    assert sizes[1] >= 1.5 * sizes[0]
    first, second = (
        layers(chart, "line")[0]["encoding"]["strokeWidth"]["scale"]["range"][0] for chart in (small, large)
    )
    assert second > first


def label_size(chart: alt.LayerChart) -> float:
    """Height of the letters of the mark on a wide picture."""
    picture = svg(chart, "#ffffff", 900)
    return min(float(size) for size in re.findall(r'font-size="([\d.]+)px"[^>]*>Money back', picture))


def test_a_case_without_money_cannot_be_drawn() -> None:
    with pytest.raises(UnknownPrice, match="daily_requests"):
        charts.build_payback_chart(advise(Scenario(), catalog(), DAY), EN)
