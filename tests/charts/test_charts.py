"""Charts say what the results hold, in both languages, on both backgrounds, without a network."""

import json
import re
from collections.abc import Iterable
from functools import cache
from itertools import cycle, pairwise
from typing import Any

import altair as alt
import jsonschema  # type: ignore[import-untyped]
import pytest
import vl_convert

from advisor import charts
from advisor.charts import costs
from advisor.charts.payback import payback_words
from advisor.charts.style import BLUE, SKY, nice_ticks, short_money, wrapped
from advisor.decision.advice import Advice, advise, preset_scenario, walk_from_compared
from advisor.decision.bridge import Step
from advisor.scenario import Scenario
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.cases import DAY as ON
from tests.cases import advice, catalog, preset

LANGUAGES = languages()
PRESETS = tuple(sorted(catalog().presets))
NAMES_AND_UNITS = {"LoRA", "GPU", "API", "US", "CN", "K", "M", "token", "CNY", "USD", "EUR"}
WORD_FIELDS = ("name", "value", "words", "month_text", "balance_text", "option_text", "cost_text")


def advice_of(name: str) -> Advice:
    return advice(preset(name))


def answered(**answers: object) -> Advice:
    return advise(Scenario.from_answers(answers), catalog(), ON)


@cache
def charts_of(name: str, language: str) -> dict[str, tuple[alt.LayerChart, str]]:
    return every_chart(advice_of(name), Translator(language))


def every_chart(case: Advice, t: Translator) -> dict[str, tuple[alt.LayerChart, str]]:
    """All charts of a case, with their words."""
    rules, currency = catalog().rules, case.assessment.assumptions.currency
    found = {"matrix": (charts.build_decision_matrix_chart(case, rules, t), charts.decision_matrix_alt(case, rules, t))}
    if case.assessment.economics is not None:
        found |= {
            "cash": (charts.build_payback_chart(case, t), charts.payback_alt(case, t)),
            "costs": (charts.build_cost_and_savings_chart(case, t), charts.cost_and_savings_alt(case, t)),
            "once": (charts.build_investment_breakdown_chart(case, t), charts.investment_breakdown_alt(case, t)),
            "monthly": (charts.build_monthly_breakdown_chart(case, t), charts.monthly_breakdown_alt(case, t)),
            "evidence": (charts.build_evidence_chart(case, t), charts.evidence_alt(case, t)),
        }
    steps = walk_from_compared(case.scenario, catalog(), ON)
    if steps:
        found["walk"] = (charts.build_walk_chart(steps, currency, t), charts.walk_alt(steps, currency, t))
    return found


def parts_of(chart: alt.LayerChart) -> list[dict[str, Any]]:
    """The layers, those over moving rows with these rows as their own."""
    spec = chart.to_dict()
    moving = {name: {"values": rows} for name, rows in spec.get("datasets", {}).items()}
    return [{**part, "data": moving.get(part["data"].get("name"), part["data"])} for part in spec["layer"]]


def forms(drawn: Iterable[alt.LayerChart]) -> tuple[str, ...]:
    """The pictures without the rows that move in them."""
    specs = [chart.to_dict() for chart in drawn]
    assert all(spec.pop("datasets") for spec in specs)
    return tuple(json.dumps(spec) for spec in specs)


def rows_of(chart: alt.LayerChart, column: str) -> list[dict[str, Any]]:
    """Every row of every layer that has the column."""
    return [row for part in parts_of(chart) for row in part["data"]["values"] if column in row]


def words_of(chart: alt.LayerChart) -> set[str]:
    """Words drawn by the text layers."""
    shown = set()
    for part in parts_of(chart):
        if part["mark"]["type"] == "text" and "field" in part["encoding"]["text"]:
            column = part["encoding"]["text"]["field"]
            for row in part["data"]["values"]:
                shown.add("".join(row[column]) if isinstance(row[column], list) else row[column])
    return shown


def layers(chart: alt.LayerChart, mark: str) -> list[dict[str, Any]]:
    return [part for part in parts_of(chart) if part["mark"]["type"] == mark]


def marker(chart: alt.LayerChart) -> dict[str, Any]:
    """The case as it is marked in the matrix, and not its sign in the list above."""
    (found,) = [part for part in layers(chart, "point") if "left" in part["data"]["values"][0]]
    return found


def dots(chart: alt.LayerChart) -> list[str]:
    """The marks that stand where the money is back or lost again, as they are drawn."""
    return re.findall(r'<path [^>]*stroke-width="1.5"[^>]*>', svg(chart, "#ffffff"))


def svg(chart: alt.LayerChart, background: str, width: int = 360) -> str:
    spec = {**chart.to_dict(), "width": width}
    drawn: str = vl_convert.vegalite_to_svg(spec, config={"background": background}, allowed_base_urls=[])
    return drawn


@pytest.mark.parametrize(("preset", "language"), list(zip(PRESETS, cycle(LANGUAGES), strict=False)))
def test_every_chart_is_valid_and_drawn_without_a_network(preset: str, language: str) -> None:
    """A language changes words, not the form, so the languages take turns."""
    for chart, _ in charts_of(preset, language).values():
        spec = chart.to_dict()
        alt.LayerChart.validate(spec)
        assert spec["height"] >= 260
        assert "width" not in spec
        assert "config" not in spec
        drawn = svg(chart, "#ffffff")
        assert set(re.findall(r"https?://[^\"' )]+", drawn)) <= {
            "http://www.w3.org/2000/svg",
            "http://www.w3.org/1999/xlink",
        }
        assert "undefined" not in drawn
        assert "NaN" not in drawn


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("preset", PRESETS)
def test_the_words_tell_the_numbers_shown(preset: str, language: str) -> None:
    case, t = advice_of(preset), Translator(language)
    found = charts_of(preset, language)
    for name in ("once", "monthly", "evidence", "walk"):
        chart, said = found.get(name, (None, ""))
        for row in rows_of(chart, "value") if chart is not None else []:
            assert row["value"] in said
    if case.assessment.metrics is not None:
        assert t.money(case.assessment.metrics.investment, case.assessment.assumptions.currency) in found["costs"][1]
        assert case.simulation is not None
        ends = (t.money(float(line[-1]), case.assessment.assumptions.currency) for line in case.simulation.cumulative)
        assert all(end in found["cash"][1] for end in ends)


@pytest.mark.parametrize("preset", PRESETS)
def test_no_word_stays_english(preset: str) -> None:
    for chart, said in charts_of(preset, "zh").values():
        spec = chart.to_dict()
        shown = [json.dumps(titles(spec), ensure_ascii=False), *words_of(chart), said]
        shown += [str(row[c]) for c in WORD_FIELDS for row in rows_of(chart, c)]
        for text in shown:
            assert set(re.findall(r"[A-Za-z]+", text)) <= NAMES_AND_UNITS, text


def test_a_wrong_specification_is_found() -> None:
    spec = charts.build_payback_chart(advice_of("extraction"), Translator("en")).to_dict()
    spec["layer"][0]["mark"]["type"] = "no such mark"
    with pytest.raises(jsonschema.ValidationError):
        alt.LayerChart.validate(spec)


def titles(spec: Any) -> list[str]:
    """Titles and label words of axes, legends and tooltips."""
    if isinstance(spec, list):
        return [word for part in spec for word in titles(part)]
    if not isinstance(spec, dict):
        return []
    own = [spec["title"]] if isinstance(spec.get("title"), str) else []
    label = spec.get("labelExpr", "")
    own += re.findall(r': "([^"]*)"', label)
    return own + [word for key, part in spec.items() if key != "data" for word in titles(part)]


class TestCosts:
    def test_both_lines_and_the_investment_stand_there(self) -> None:
        case, t = advice_of("extraction"), Translator("en")
        e, m = case.assessment.economics, case.assessment.metrics
        assert e is not None
        assert m is not None
        chart = charts.build_cost_and_savings_chart(case, t)
        (line,) = layers(chart, "line")
        shown = svg(chart, "#ffffff")
        for role, option in zip(costs.ROLES, (e.baseline, e.tuned), strict=True):
            drawn = [row["cost"] for row in line["data"]["values"] if row["role"] == role]
            assert drawn == pytest.approx(list(option.monthly_cost))
            assert f">{t(f'option.{option.id}')}<" in shown
        (bar,) = layers(chart, "bar")
        assert bar["data"]["values"][0]["month"] == 0
        assert bar["data"]["values"][0]["cost"] == m.investment
        assert f"As entered: saves {t.money(m.monthly_savings, 'USD')} a month at today's prices" in words_of(chart)

    def test_the_sale_of_own_gpus_in_the_last_month_stays_inside_the_axis(self) -> None:
        case, t = advise(preset("extraction", serving_route="own_card"), catalog(), ON), Translator("en")
        assert case.assessment.economics is not None
        last = float(case.assessment.economics.tuned.monthly_cost[-1])
        assert last < 0
        moving = charts.build_cost_and_savings_chart(case, t).to_dict()["datasets"]
        assert moving["cost_axis"][0]["low"] < last

    def test_a_move_of_a_slider_changes_rows_and_nothing_else(self) -> None:
        """Else the browser would build the picture anew with every move."""
        t, before, found = Translator("en"), advice_of("extraction"), set()
        for requests in (300.0, 60_000.0, 400_000.0):
            moved = advise(before.scenario.with_(daily_requests=requests), catalog(), ON)
            found.add(forms((charts.build_cost_and_savings_chart(moved, t),)))
        assert len(found) == 1

    def test_a_dearer_option_says_so(self) -> None:
        assert any(
            "a month more at today's prices" in w
            for w in words_of(charts.build_cost_and_savings_chart(advice_of("chat"), Translator("en")))
        )

    @pytest.mark.parametrize("preset", PRESETS)
    def test_the_break_even_stands_in_the_month_that_the_card_names(self, preset: str) -> None:
        case = advice_of(preset)
        assert case.headline is not None
        moving = charts.build_cost_and_savings_chart(case, Translator("en")).to_dict()["datasets"]
        back = case.headline.payback.p50 if case.headline.serves else None
        assert [row["month"] for row in moving["back"]] == ([] if back is None else [back])
        assert payback_words(case, Translator("en")) in [row["words"] for row in moving["list"]]

    @pytest.mark.parametrize("preset", PRESETS)
    def test_lines_of_a_steady_month_add_up(self, preset: str) -> None:
        case = advice_of(preset)
        assert case.assessment.economics is not None
        for option in (case.assessment.economics.baseline, case.assessment.economics.tuned):
            items = costs.steady_items(option)
            assert sum(cost for _, cost in items) == pytest.approx(
                float(option.steady_monthly_cost), rel=2e-3, abs=1e-9
            )
            assert all(cost > 0 for _, cost in items)
            assert all(a[1] >= b[1] for a, b in pairwise(items))

    def test_the_investment_is_sorted_and_has_no_empty_line(self) -> None:
        case = advice_of("extraction")
        (bars,) = layers(charts.build_investment_breakdown_chart(case, Translator("en")), "bar")
        sizes = [row["end"] for row in bars["data"]["values"]]
        assert sizes == sorted(sizes, reverse=True)
        assert min(sizes) > 0


class TestDecisionMatrix:
    def test_the_marker_stands_in_the_cell_of_the_case(self) -> None:
        case, t = advice_of("copywriting"), Translator("en")
        chart = charts.build_decision_matrix_chart(case, catalog().rules, t)
        at = marker(chart)["data"]["values"][0]
        (boxes,) = layers(chart, "rect")
        inside = [
            row["cell"]
            for row in boxes["data"]["values"]
            if row["left"] <= at["left"] <= row["right"] and row["bottom"] <= at["bottom"] <= row["top"]
        ]
        assert inside == [case.recommendation.matrix]

    @pytest.mark.parametrize("preset", PRESETS)
    def test_the_picture_agrees_with_the_rules_on_every_preset(self, preset: str) -> None:
        case = advice_of(preset)
        chart = charts.build_decision_matrix_chart(case, catalog().rules, Translator("en"))
        at = marker(chart)["data"]["values"][0]
        (boxes,) = layers(chart, "rect")
        inside = {
            row["cell"]
            for row in boxes["data"]["values"]
            if row["left"] <= at["left"] <= row["right"] and row["bottom"] <= at["bottom"] <= row["top"]
        }
        assert case.recommendation.matrix in inside

    def test_no_requests_are_an_arrow_at_the_edge(self) -> None:
        dot = marker(charts.build_decision_matrix_chart(advice_of("article-000"), catalog().rules, Translator("en")))
        assert dot["mark"]["shape"] == "triangle-left"
        assert 0 < dot["data"]["values"][0]["left"] < 0.1

    def test_an_open_volume_leaves_the_marker_out(self) -> None:
        chart = charts.build_decision_matrix_chart(answered(), catalog().rules, Translator("en"))
        assert not any(part["data"]["values"] for part in layers(chart, "point"))
        assert "Requests a day: not answered yet" in words_of(chart)

    def test_an_open_quality_stands_between_the_rows(self) -> None:
        chart = charts.build_decision_matrix_chart(answered(daily_requests=500), catalog().rules, Translator("en"))
        assert marker(chart)["data"]["values"][0]["bottom"] == 1.0
        assert "You: 500 a day, quality open" in words_of(chart)

    def test_edited_limits_move_the_bands(self) -> None:
        rules = catalog().rules.model_copy(
            update={"matrix": catalog().rules.matrix.model_copy(update={"low": 250.0, "high": 4000.0})}
        )
        chart = charts.build_decision_matrix_chart(advice_of("extraction"), rules, Translator("en"))
        labels = layers(chart, "rect")[0]["encoding"]["x"]["axis"]["labelExpr"]
        assert "250" in labels
        assert "4,000" in labels


class TestWalk:
    def test_each_bar_starts_where_the_last_one_ended(self) -> None:
        steps = walk_from_compared(advice_of("article-001-today").scenario, catalog(), ON)
        (bars,) = layers(charts.build_walk_chart(steps, "USD", Translator("en")), "bar")
        rows = bars["data"]["values"]
        assert rows[0]["end"] == steps[0].npv
        assert [row["end"] for row in rows[1:-1]] == [step.npv for step in steps[1:]]
        assert all(after["start"] == before["end"] for before, after in pairwise(rows[:-1]))
        assert rows[-1]["end"] == steps[-1].npv

    def test_an_unknown_step_has_words_but_no_bar(self) -> None:
        known = Step("start", 1.0, 1.0, 100.0, 1.0, "ok")
        steps = (known, Step("serving", None, None, None, None, "unknown"))
        chart = charts.build_walk_chart(steps, "USD", Translator("en"))
        assert "unknown" in words_of(chart)
        assert len(layers(chart, "bar")[0]["data"]["values"]) == 1


class TestEvidence:
    def test_own_figures_carry_a_shape_and_a_word(self) -> None:
        case = advise(
            Scenario.from_answers({**preset_scenario("extraction", catalog()).answers(), "daily_requests": 40000}),
            catalog(),
            ON,
        )
        own = [s.id for s in case.assessment.evidence.matter[:8] if s.is_yours]
        chart = charts.build_evidence_chart(case, Translator("en"))
        (marks,) = layers(chart, "point")
        assert {row["id"] for row in marks["data"]["values"]} == set(own)
        assert sum("your figure" in w for w in words_of(chart)) == len(own)

    def test_at_most_eight_and_the_widest_first(self) -> None:
        low, high = layers(charts.build_evidence_chart(advice_of("extraction"), Translator("en")), "bar")
        pairs = zip(low["data"]["values"], high["data"]["values"], strict=True)
        widths = [abs(a["end"] - b["end"]) for a, b in pairs]
        assert len(widths) <= 8
        assert widths == sorted(widths, reverse=True)

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("name", ["extraction", "chat", "article-001"])
    def test_each_end_is_named_with_its_value_and_as_low_or_high(self, name: str, language: str) -> None:
        case, t = advice_of(name), Translator(language)
        chart = charts.build_evidence_chart(case, t)
        low, high = layers(chart, "bar")
        assert low["mark"]["fillOpacity"] < high["mark"]["fillOpacity"]
        swings = {swing.id: swing for swing in case.assessment.evidence.matter}
        for row in rows_of(chart, "left"):
            if "right" not in row:
                continue
            swing = swings[row["id"]]
            rises = swing.npv_low <= swing.npv_high
            ends = ("low", "high") if rises else ("high", "low")
            for side, end in zip(("left", "right"), ends, strict=True):
                assert row[side].startswith(t(f"chart.evidence.{end}", value=""))
                assert row[side] in charts.evidence_alt(case, t)

    def test_no_rule_crosses_the_words(self) -> None:
        for build in (charts.build_evidence_chart, charts.build_investment_breakdown_chart):
            assert not layers(build(advice_of("extraction"), Translator("en")), "rule")


class TestLook:
    @pytest.mark.parametrize(
        ("background", "ink"), [("#ffffff", "#1b2430"), ("transparent", "#1b2430"), ("#12161c", "#e8ecf1")]
    )
    def test_text_takes_its_tone_from_the_background(self, background: str, ink: str) -> None:
        drawn = svg(charts.build_payback_chart(advice_of("extraction"), Translator("en")), background)
        assert re.search(f'fill="{ink}"[^>]*>Money back', drawn)

    @pytest.mark.parametrize(("background", "blue"), [("#ffffff", BLUE), ("#12161c", SKY)])
    def test_thin_lines_and_small_signs_of_the_case_do_not_sink_into_the_dark(self, background: str, blue: str) -> None:
        case, t = advice_of("extraction"), Translator("en")
        matrix = charts.build_decision_matrix_chart(case, catalog().rules, t)
        for chart in (matrix, charts.build_cost_and_savings_chart(case, t)):
            assert f'fill="{blue}"' in svg(chart, background) or f'stroke="{blue}"' in svg(chart, background)

    @pytest.mark.parametrize(
        ("language", "value", "currency", "words"),
        [
            ("en", 12345.0, "USD", "$12.3K"),
            ("en", -425.02370, "USD", "-$425"),
            ("en", 0.0905, "USD", "$0.0905"),
            ("zh", 240_000.0, "CNY", "24 万元"),
            ("zh", -22_712.0, "USD", "-2.27 万美元"),
            ("zh", 7368.67, "USD", "7,370 美元"),
            ("zh", 0.0, "USD", "0 美元"),
            ("en", 0.0, "EUR", "€0"),
            ("en", -0.0, "USD", "$0"),
        ],
    )
    def test_short_money(self, language: str, value: float, currency: str, words: str) -> None:
        assert short_money(Translator(language), value, currency) == words

    def test_ticks_are_round_few_and_hold_zero(self) -> None:
        assert nice_ticks(-16_000.0, 97_000.0, 6) == [0.0, 20_000.0, 40_000.0, 60_000.0, 80_000.0]
        assert nice_ticks(0.0, 0.0, 5) == [0.0]
        assert nice_ticks(-42_000.0, 43_000.0, 4) == [-40_000.0, -20_000.0, 0.0, 20_000.0, 40_000.0]  # never zero alone

    def test_lines_break_at_spaces_and_between_chinese_characters(self) -> None:
        assert wrapped("Improve the prompt instead", 86, 12.5) == ["Improve the", "prompt", "instead"]
        assert wrapped("先优化提示词，再看", 72, 12) == ["先优化提示", "词，再看"]

    def test_changed_properties_leave_the_picture_alone(self) -> None:
        chart = charts.build_cost_and_savings_chart(advice_of("extraction"), Translator("en"))
        assert chart.properties(width=500, height=200).to_dict()["width"] == 500
        assert "width" not in chart.to_dict()
        chart.to_dict()["layer"].clear()
        assert chart.to_dict()["layer"]
