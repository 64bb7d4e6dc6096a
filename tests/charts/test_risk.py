"""Pictures of the odds: what they draw is what the draws say, in both languages, without sending a single draw."""

import json
import re
from dataclasses import replace
from functools import cache

import altair as alt
import numpy as np
import pytest

from advisor.charts import risk
from advisor.core.findings import Finding, SwitchingValue
from advisor.decision.advice import Advice, sampling
from advisor.risk.actions import reliability_needed, trial_first
from advisor.risk.regret import regret_table
from advisor.risk.simulation import Simulation, draw, simulate
from advisor.risk.summary import Information, information
from advisor.risk.worlds import Worlds
from advisor.text import risk_phrases
from advisor.text.i18n import Translator
from advisor.text.phrases import field_label
from tests.cases import advice, catalog, preset
from tests.charts.test_charts import LANGUAGES, forms, svg, titles, words_of

SHOWN = ("extraction", "customer-service", "chat", "article-001", "article-000")
FLIPS = (
    SwitchingValue("daily_requests", 60_000, 3_000, 1_200_000, 51_900, "caution", 0.365),
    SwitchingValue("volume_growth", 0.0, -0.4, 0.8, -0.18, "caution", 0.0005),
    SwitchingValue("bought_examples", 2_000, 200, 20_000, 3_120, "caution", 0.0),
    SwitchingValue("hourly_rate", 50, 25, 120),
)


@cache
def case(name: str) -> Advice:
    return advice(preset(name))


@cache
def drawn(name: str) -> Simulation:
    return simulate(draw(case(name).assessment.assumptions, sampling(catalog())))


def pictures(name: str, t: Translator) -> list[tuple[alt.LayerChart, str]]:
    found = drawn(name)
    return [(risk.build_npv_chart(found, "USD", t), risk.npv_alt(found, "USD", t))]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SHOWN)
def test_every_picture_is_complete_and_drawn_without_a_network(name: str, language: str) -> None:
    for chart, said in pictures(name, Translator(language)):
        alt.LayerChart.validate(chart.to_dict())
        shown = svg(chart, "#ffffff")
        assert "NaN" not in shown
        assert "undefined" not in shown
        assert chart.to_dict()["height"] >= 260
        assert "{" not in said


@pytest.mark.parametrize("name", SHOWN)
def test_no_word_stays_english(name: str) -> None:
    for chart, said in pictures(name, Translator("zh")):
        shown = [json.dumps(titles(chart.to_dict()), ensure_ascii=False), *words_of(chart), said]
        for text in shown:
            found = set(re.findall(r"[A-Za-z]+", text))
            assert found <= {"GPU", "API", "US", "CN", "USD", "K", "M", "P", "LoRA", "n"}, text


def test_a_move_of_a_slider_changes_rows_and_nothing_else() -> None:
    """Else the browser would build the picture anew with every move."""
    t, found = Translator("en"), set()
    for requests in (300.0, 60_000.0, 400_000.0):
        moved = advice(preset("extraction").with_(daily_requests=requests))
        assert moved.simulation is not None
        found.add(forms((risk.build_npv_chart(moved.simulation, "USD", t),)))
    assert len(found) == 1


@pytest.mark.parametrize("name", SHOWN)
def test_ticks_are_drawn_with_their_words(name: str) -> None:
    chart = risk.build_npv_chart(drawn(name), "USD", Translator("en"))
    rows = chart.to_dict()["datasets"]
    words = [row["words"] for key, found in rows.items() if key.endswith("axis") for row in found]
    shown = svg(chart, "#ffffff")
    assert [w for w in words if f">{w}<" not in shown] == []


@pytest.mark.parametrize("name", SHOWN)
def test_the_classes_hold_every_draw_once_and_none_straddles_zero(name: str) -> None:
    worlds = drawn(name).worlds
    bins = risk.npv_bins(worlds)
    assert sum(b.share for b in bins) == pytest.approx(1)
    assert all(not b.low < -1e-9 < 1e-9 < b.high for b in bins)
    gains = sum(b.share for b in bins if b.low > -1e-9)
    assert gains == pytest.approx(worlds.positive_share)
    assert len(bins) <= 2 * risk.BINS


def test_a_value_that_never_moves_still_has_a_class() -> None:
    assert sum(b.share for b in risk.npv_bins(Worlds(np.zeros(64), np.zeros(64), 0.7))) == pytest.approx(1)
    assert sum(b.share for b in risk.npv_bins(Worlds(np.full(64, -5.0), np.full(64, -5.0), 0.7))) == pytest.approx(1)


def test_counts_are_sent_and_never_draws() -> None:
    chart = risk.build_npv_chart(drawn("extraction"), "USD", Translator("en"))
    assert len(json.dumps(chart.to_dict())) < 20_000
    assert {"P10", "P50", "P90"} == {words.split()[0] for words in words_of(chart)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_table_tells_what_to_find_out(language: str) -> None:
    t, a = Translator(language), case("extraction").assessment.assumptions
    known = information(drawn("extraction"))[:6]
    rows = risk_phrases.find_out_rows(known, FLIPS, a, t)
    names = [row[0] for row in rows]
    assert len(set(names)) == len(names)
    assert names[: len(known)] == [field_label(t, each.id) for each in known]
    assert {field_label(t, switch.id) for switch in FLIPS if switch.switches_at is not None} <= set(names)
    assert field_label(t, "hourly_rate") not in names or "hourly_rate" in [each.id for each in known]
    assert {len(row) for row in rows} == {len(risk_phrases.find_out_columns(t))}
    volume = rows[names.index(field_label(t, "daily_requests"))]
    assert "52,000" in volume[2]
    assert volume[5] == risk_phrases.share_text(t, next(k for k in known if k.id == "daily_requests").variance_share)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_volume_turns_the_verdict_where_the_ladder_says(language: str) -> None:
    t, a = Translator(language), case("extraction").assessment.assumptions
    known = information(drawn("extraction"))[:6]
    below = SwitchingValue("daily_requests", 60_000.0, 0.0, 1e6, 58_240.0, "caution", 0.4)
    above = SwitchingValue("daily_requests", 60_000.0, 0.0, 1e6, 81_100.0, "strong_yes", 0.3)
    for volume, key, shown in ((below, "ladder.below", 59_000), (above, "ladder.from", 82_000)):
        rows = risk_phrases.find_out_rows(known, [], a, t, volume)
        row = next(row for row in rows if row[0] == field_label(t, "daily_requests"))
        assert row[2:4] == (t(key, requests=t.number(shown)), t(f"verdict.{volume.verdict}.label"))
        assert row[4] == risk_phrases.share_text(t, volume.chance)
        said = risk_phrases.switching_text(volume, "USD", t)
        assert row[2] in said
        assert row[3] in said


def test_a_verdict_that_begins_exactly_here_is_not_said_to_turn_once_the_volume_is_confirmed() -> None:
    here = SwitchingValue("daily_requests", 60_000.0, 0.0, 1e6, 60_000.0, "caution", 0.4)
    assert risk_phrases.switching_text(here, "USD", Translator("en")) == (
        "Requests a day: just below 60,000 requests a day the verdict would be “Take care” "
        "(that far or further in 4 of 10 simulated futures)."
    )


def test_a_unit_is_told_once() -> None:
    rent = SwitchingValue("serving_gpu_price", 1.7, 0.5, 6.0, 3.0, "no", 0.4)
    assert risk_phrases.switching_text(rent, "USD", Translator("en")).startswith(
        "Inference GPU rent: at $3.00 per GPU hour instead of $1.70 the verdict"
    )
    assert "若为 US$3.00/GPU 小时（目前为 US$1.70），结论" in risk_phrases.switching_text(rent, "USD", Translator("zh"))
    volume = SwitchingValue("daily_requests", 60_000.0, 0.0, 1e6, 58_240.0, "caution", 0.4)
    assert "about 59,000 instead of 60,000 requests a day" in risk_phrases.switching_text(
        volume, "USD", Translator("en")
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_flip_names_both_values_the_verdict_the_distance_and_the_chance(language: str) -> None:
    t = Translator(language)
    row = risk_phrases.switching_row(FLIPS[0], "USD", t)
    assert len(row) == len(risk_phrases.switching_columns(t))
    assert row[0] == field_label(t, "daily_requests")
    assert "60,000" in row[1]
    assert "52,000" in row[2]
    assert row[3] == t("verdict.caution.label")
    assert row[4:] == ("-14%", t.percent(0.365))
    assert risk_phrases.switching_row(FLIPS[1], "USD", t)[4:] == (
        t("risk.switching.points", points="-18.0"),
        t("risk.share.hardly", share="1%"),
    )
    assert risk_phrases.switching_row(FLIPS[2], "USD", t)[5] == t("risk.switching.no_draw")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_only_has_to_be_certain_has_no_distance_and_no_chance(language: str) -> None:
    t, certain = Translator(language), SwitchingValue("hourly_rate", 50.0, 25.0, 120.0, 50.0, "no", 0.0)
    assert risk_phrases.switching_row(certain, "USD", t)[2:] == (
        *(t("risk.switching.once_known"), t("verdict.no.label"), "\u2013", "\u2013"),
    )
    assert t.value(50.0, "money/h", "USD") in risk_phrases.switching_text(certain, "USD", t)


def test_what_cannot_flip_it_alone_is_said_with_its_range() -> None:
    t = Translator("en")
    said = risk_phrases.alone_text(FLIPS, "USD", t)
    assert "$25.00 to $120 per hour" in said
    assert field_label(t, "daily_requests") not in said
    assert risk_phrases.alone_text(FLIPS[:1], "USD", t) == ""


@pytest.mark.parametrize(("share", "said"), [(0.0, "0%"), (0.001, "under 1%"), (0.5, "50%"), (0.999, "over 99%")])
def test_a_chance_never_reads_as_certain_without_being_so(share: float, said: str) -> None:
    assert risk_phrases.share_text(Translator("en"), share) == said


def test_what_to_find_out_first_is_the_number_most_worth_knowing() -> None:
    t = Translator("en")
    known = (Information("gate", 0.4, 5_737.0), Information("daily_requests", 0.5, 0.0))
    assert "$5,700" in risk_phrases.first_text(known, None, "USD", t)
    assert field_label(t, "gate") in risk_phrases.first_text(known, None, "USD", t)
    worthless = tuple(replace(each, worth=0.0) for each in known)
    assert field_label(t, "daily_requests") in risk_phrases.first_text(worthless, "daily_requests", "USD", t)
    assert risk_phrases.first_text(worthless, None, "USD", t) == t("risk.first.all_yours")
    assert risk_phrases.first_text((), None, "USD", t) == t("risk.first.none")


def test_an_open_answer_is_told_with_its_verdict() -> None:
    said = risk_phrases.finding_text(Finding("gate_result", "passed", "yes"), Translator("en"))
    assert Translator("en")("verdict.yes.label") in said


class TestPilot:
    def test_from_the_reliability_it_names_it_is_worth_more_than_the_best_other_action(self) -> None:
        found = advice(preset("code-completion", gate_success_share=0.3, pilot_reliability=0.75))
        table, a = found.actions, found.assessment.assumptions
        assert table is not None
        assert table.trial is not None
        other = table["trial_first"].mean
        turn = reliability_needed(table, table["trial_first"].at_risk, other)
        assert turn is not None
        for shift, sign in ((0.0, 1), (-0.02, -1)):
            delay = float(a.number("pilot_months"))
            at = trial_first(table.trial, turn + shift, table["trial_first"].at_risk, delay, table.tolerance)
            assert sign * (at.mean - other) >= 0

    def test_a_perfect_one_may_still_not_pay(self) -> None:
        found = advice(preset("customer-service", pilot_cost=1e6))
        assert found.actions is not None
        assert found.actions.trial is not None
        assert reliability_needed(found.actions, 1e9, 0.0) is None
        said = risk_phrases.pilot_text(found.assessment.assumptions, found.actions, Translator("en"))
        assert Translator("en")("risk.pilot.never") in said

    def test_nothing_is_left_to_find_out_where_the_quality_is_known(self) -> None:
        found, t = case("extraction"), Translator("en")
        assert found.actions is not None
        assert "trial_first" not in found.actions
        assert risk_phrases.pilot_text(found.assessment.assumptions, found.actions, t) == t("risk.pilot.known")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_regret_of_what_is_recommended_is_told(language: str) -> None:
    t, table = Translator(language), case("customer-service").actions
    assert table is not None
    found = regret_table(table)
    pairs = zip(table.rows, found, strict=True)
    rows = [risk_phrases.action_with_regret(row, choice, table, "USD", t) for row, choice in pairs]
    assert len({row[0] for row in rows}) == len(found) == len(table.rows)
    assert {len(row) for row in rows} == {len(risk_phrases.action_with_regret_columns(t))}
    assert [row[-1] for row in rows] == [t.money(choice.worst_regret, "USD", 0) for choice in found]
    name = t(f"action.{table.recommended.id}.label")
    assert name in risk_phrases.regret_of_recommended(found, table, "USD", t)
