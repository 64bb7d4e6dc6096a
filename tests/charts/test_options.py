"""The chart of alternatives: a bar for each whose money is known, its range around it, and all of it in words."""

import json
import re
from functools import cache, partial

import altair as alt
import pytest
import vl_convert

from advisor.charts.option_words import (
    all_told_text,
    alternative_names,
    marked_name,
    payback_text,
    reasons_text,
    summary_text,
    worked_text,
)
from advisor.charts.options import build_options_chart, options_alt
from advisor.charts.style import GREY
from advisor.core.records import TODAY
from advisor.decision.alternatives import Alternative, alike, alternatives
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.cases import advice, catalog, preset

CASES = ("extraction", "article-001", "article-000", "chat")
NAMES = {"LoRA", "QLoRA", "GPU", "H", "Together", "AI", "Fireworks", "B", "b", "qwen", "token", "US", "CN"}


@cache
def rows_of(name: str) -> tuple[Alternative, ...]:
    return alternatives(advice(preset(name)), catalog())


def drawn(name: str, language: str) -> tuple[alt.LayerChart, str]:
    t, rows = Translator(language), rows_of(name)
    currency = advice(preset(name)).assessment.assumptions.currency
    names, groups = alternative_names(rows, t), alike(rows, advice(preset(name)))
    return build_options_chart(groups, names, currency, t), options_alt(groups, names, currency, t)


def leaders(name: str) -> list[Alternative]:
    """What a bar stands for: the first of each group of alternatives that are worth about the same."""
    return [group[0] for group in alike(rows_of(name), advice(preset(name)))]


def rows_in(chart: alt.LayerChart, mark: str) -> list[dict]:
    return [row for part in chart.to_dict()["layer"] if part["mark"]["type"] == mark for row in part["data"]["values"]]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", CASES)
def test_every_known_alternative_is_drawn_and_told(name: str, language: str) -> None:
    chart, said = drawn(name, language)
    alt.LayerChart.validate(chart.to_dict())
    svg = vl_convert.vegalite_to_svg({**chart.to_dict(), "width": 340}, allowed_base_urls=[])
    assert "NaN" not in svg
    assert "undefined" not in svg
    assert "\u2026" not in svg, "a name is cut"
    bars = {row["id"]: row for row in rows_in(chart, "bar")}
    known = {row.id: row for row in leaders(name) if row.npv_against_today is not None}
    assert bars.keys() == known.keys()
    for key, bar in bars.items():
        assert bar["end"] == known[key].npv_against_today
        assert bar["value"] in said


@pytest.mark.parametrize("name", CASES)
def test_the_range_lies_around_what_is_gained_against_today(name: str) -> None:
    chart, _ = drawn(name, "en")
    spans = {row["id"]: row for row in rows_in(chart, "rule") if "id" in row}
    ranged = [row for row in leaders(name) if row.today_p10 is not None]
    assert spans.keys() == {row.id for row in ranged}
    assert {row.id for row in ranged if not row.tunes} == {
        row.id for row in rows_of(name) if not row.tunes and row.npv_against_today is not None and row.id != TODAY
    }
    for row in ranged:
        assert row.today_p10 is not None
        assert (spans[row.id]["start"], spans[row.id]["end"]) == (row.today_p10, row.today_p90)


def test_states_are_told_by_a_sign_and_a_look_and_never_by_colour_alone() -> None:
    case, t = advice(preset("extraction", failure_kind="behaviour")), Translator("en")
    rows = alternatives(case, catalog())
    groups, names = alike(rows, case), alternative_names(rows, t)
    chart, said = build_options_chart(groups, names, "USD", t), options_alt(groups, names, "USD", t)
    looks = {}
    for part in chart.to_dict()["layer"]:
        if part["mark"]["type"] == "bar":
            look = {key: part["mark"].get(key) for key in ("opacity", "fillOpacity", "strokeDash")}
            looks |= {row["id"]: (look, row) for row in part["data"]["values"]}
    states = {group[0].id: group[0].state for group in groups if group[0].id in looks}
    assert set(states.values()) == {"in", "untested", "ruled_out"}
    signs = {"in": "", "untested": "\u25cb", "ruled_out": "\u00d7"}
    for key, state in states.items():
        look, row = looks[key]
        assert row["name"].startswith(signs[state])
        assert (look["strokeDash"] is not None) == (state == "untested")
        assert (row["colour"] == GREY) == (state == "ruled_out")
    assert "(best without tuning)" in said


def test_nothing_of_the_axis_is_cut_off() -> None:
    chart, _ = drawn("extraction", "en")
    domains = [
        part["encoding"]["x"]["scale"]["domain"]
        for part in chart.to_dict()["layer"]
        if "scale" in part["encoding"].get("x", {})
    ]
    ends = [row[end] for row in rows_in(chart, "rule") if "id" in row for end in ("start", "end")]
    assert domains
    assert all(low <= min(ends) and max(ends) <= high for low, high in domains)


@pytest.mark.parametrize("name", CASES)
def test_chinese_words_hold_no_english(name: str) -> None:
    chart, said = drawn(name, "zh")
    shown = [said, json.dumps([row["name"] for row in rows_in(chart, "bar")], ensure_ascii=False)]
    for text in shown:
        assert set(re.findall(r"[A-Za-z]+", text)) <= NAMES, text


def test_a_name_carries_every_mark() -> None:
    t = Translator("en")
    row = Alternative("case", True, (), is_case=True, is_baseline=False)
    assert marked_name(row, "X", t) == "\u25c6 X"
    assert marked_name(Alternative("keep_as_is", False, (), is_baseline=True), "X", t) == "\u2605 X"


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", catalog().presets)
def test_every_preset_has_its_sentence_reasons_and_paybacks(name: str, language: str) -> None:
    t, found = Translator(language), advice(preset(name))
    e, m, currency = found.assessment.economics, found.assessment.metrics, found.assessment.assumptions.currency
    assert e is not None
    assert m is not None
    rows = rows_of(name)
    assert found.headline is not None
    typical = found.headline.monthly_savings.p50 or 0.0
    assert t.prose_money(abs(typical), currency) in summary_text(found, rows, t) or not typical
    for row in rows:
        assert bool(reasons_text(row, currency, t)) != row.is_in
        assert bool(payback_text(row, t)) == (row.tunes and row.npv_against_today is not None)


def test_the_sentence_tells_the_saving_without_tuning_and_what_tuning_adds() -> None:
    found = advice(preset("extraction"))
    metrics, headline = found.assessment.metrics, found.headline
    assert metrics is not None
    assert headline is not None
    t = Translator("en")
    said, money = summary_text(found, rows_of("extraction"), t), partial(t.prose_money, currency="USD")
    alone = metrics.savings_against_today - metrics.monthly_savings
    assert said == (
        f"Best without tuning: Today's model with cheaper calls. That alone saves {money(alone)} a month. "
        f"Tuning typically saves {money(headline.monthly_savings.p50)} a month more at today's volume and prices."
    )
    assert all_told_text(found, t) == (
        "With the investment, later prices and the quality gate counted, tuning means a gain of "
        f"{money(headline.npv.mean)} on average over 24 months."
    )


@pytest.mark.parametrize("language", languages())
def test_no_alternative_saves_less_than_nothing(language: str) -> None:
    t, costs_more = Translator(language), False
    for name in CASES:
        rows = {row.id: row for row in rows_of(name) if row.monthly is not None and not row.tunes}
        costs_more |= any((row.monthly or 0.0) > (rows[TODAY].monthly or 0.0) for row in rows.values())
        assert [row for row in rows.values() if "= -" in worked_text(row, advice(preset(name)), t)] == []
    assert costs_more
