"""A high quality need changes defaults, says why, and gives way to whatever is stated."""

from math import ceil
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.assumptions import resolve
from advisor.core.records import Assumptions
from advisor.costs.quality_gate import quality_gate
from advisor.decision.advice import sampling
from advisor.formulas.quality import items_needed, paired_variance
from advisor.money.assessment import assess
from advisor.risk.simulation import draw, simulate
from advisor.scenario import Scenario
from advisor.text.i18n import Translator
from tests.cases import DAY, catalog, preset

CHANGED = {"evaluation_items": 1550.0, "fallback_share": 0.25, "gate_success_share": 0.55, "model_size": "13b"}
VOLUMES = st.floats(10, 3e6)
USES = st.sampled_from([None, *catalog().uses])


def rows(need: str, **answers: object) -> Assumptions:
    case = {"daily_requests": 20_000, "quality_need": need, "budget": 40_000, **answers}
    return resolve(Scenario.from_answers(case), catalog(), DAY)


def test_the_need_changes_how_many_are_graded_the_fallback_the_odds_and_the_model() -> None:
    normal, high = rows("normal"), rows("high")
    assert {name: high[name].value for name in CHANGED} == CHANGED
    assert {high[name].set_by for name in CHANGED} == {"need"}
    assert {normal[name].set_by for name in CHANGED} == {"default"}
    assert {n for n in catalog().parameters if catalog().parameters[n].needs} == {*CHANGED}
    assert high["open_model"].value != normal["open_model"].value


def test_each_changed_default_says_why_in_both_languages() -> None:
    for name in CHANGED:
        source = rows("high")[name].source
        assert source is not None
        assert "because of the high quality need" in source.title
        assert "因质量要求高" in Translator("zh").fact(source.title)
        normal = rows("normal")[name].source
        assert normal is not None
        assert "quality need" not in normal.title


@pytest.mark.parametrize("need", ["normal", "high"])
def test_a_number_that_is_stated_wins(need: str) -> None:
    stated = {"evaluation_items": 300.0, "fallback_share": 0.1, "gate_success_share": 0.9, "model_size": "7b"}
    found = rows(need, **stated)
    assert {name: found[name].value for name in stated} == stated
    assert {found[name].set_by for name in stated} == {"user"}


@pytest.mark.parametrize(("need", "loss"), [("normal", 0.04), ("high", 0.02)])
def test_so_many_answers_show_the_loss_that_the_source_names(need: str, loss: float) -> None:
    """6.1826 x 0.1 / loss^2: 386.4 and 1,545.6, rounded up; at a high need that loss is the gate's own margin."""
    confidence, power, differ = (
        catalog().number(f"gate_{name}") for name in ("confidence", "power", "discordant_share")
    )
    needed = ceil(items_needed(paired_variance(differ), loss, confidence, power))
    found = rows(need)
    source = found["evaluation_items"].source
    assert source is not None
    assert f"{needed:,} answers show a loss of {100 * loss:g} points" in source.title
    assert needed <= float(found.number("evaluation_items")) <= 1.05 * needed
    gate = quality_gate(found, catalog())
    assert (gate.items_needed <= gate.items) == (need == "high")
    assert gate.margin_seen == pytest.approx(loss, rel=0.02)


def test_the_odds_at_a_high_need_follow_from_those_at_a_normal_one() -> None:
    """Results scatter by 5 points: 70 % lie above -4, and 55 % of the same lie above -2."""
    centre = NormalDist(-4, 5).inv_cdf(float(rows("normal").number("gate_success_share")))
    assert 1 - NormalDist(centre, 5).cdf(-2) == pytest.approx(
        float(rows("high").number("gate_success_share")), abs=0.005
    )


@given(daily=VOLUMES, use=USES, bill=st.one_of(st.none(), st.floats(10, 1e6)), currency=st.sampled_from(["USD", "CNY"]))
@settings(max_examples=60, deadline=None)
def test_a_higher_need_never_makes_tuning_cheaper_or_likelier_to_pass(
    daily: float, use: str | None, bill: float | None, currency: str
) -> None:
    """At today's volume; as it grows, a smaller model on smaller cards may need its second card earlier."""
    stated = {"daily_requests": daily, "use_case": use, "current_monthly_bill": bill, "currency": currency}
    stated["volume_growth"] = 0
    normal, high = (assess(rows(need, **stated), ()) for need in ("normal", "high"))
    assert high.assumptions.number("gate_success_share") < normal.assumptions.number("gate_success_share")
    assert high.economics is not None
    assert normal.economics is not None
    assert high.economics.investment > normal.economics.investment
    assert high.economics.tuned.steady_monthly_cost >= normal.economics.tuned.steady_monthly_cost
    assert high.metrics.npv < normal.metrics.npv


@pytest.mark.parametrize("daily", [500, 20_000, 500_000])
@pytest.mark.parametrize("use", [None, "extraction", "code_completion"])
def test_a_higher_need_never_raises_what_tuning_is_worth_on_average(daily: float, use: str | None) -> None:
    how = sampling(catalog())
    normal, high = (
        simulate(draw(assess(rows(need, daily_requests=daily, use_case=use), ()).assumptions, how))
        for need in ("normal", "high")
    )
    assert high.worlds.mean < normal.worlds.mean
    assert high.worlds.chance < normal.worlds.chance


@pytest.mark.parametrize("name", [name for name in catalog().presets if name.startswith("article")])
def test_articles_are_of_normal_need_and_keep_their_figures(name: str) -> None:
    assert "need" not in {row.set_by for row in resolve(preset(name), catalog(), DAY).values()}
