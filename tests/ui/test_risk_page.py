"""The page on odds as a reader uses it: sliders, ranges, both languages, with and without money."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from advisor.scenario import Scenario
from advisor.text.headline_phrases import chance_text
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.ui.ranges import choice_of, range_of
from tests.cases import advice, preset

ROOT = Path(__file__).resolve().parents[2]
PAGE = "pages/money/risk.py"


def page(monkeypatch: pytest.MonkeyPatch, case: Scenario, language: str = "en", *, unfolded: bool = True) -> AppTest:
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["language"] = language
    if unfolded:
        app.session_state["fold.know"] = True
    app.session_state["scenario"] = case
    app.run()
    app.switch_page(PAGE).run()
    assert not app.exception
    assert not app.error
    return app


def shown(app: AppTest) -> str:
    """Everything a reader reads, without the marks of Markdown."""
    parts = [str(e.value) for e in [*app.title, *app.subheader, *app.markdown, *app.caption, *app.warning]]
    parts += [str(e.proto.body) for e in app.get("html")]
    return re.sub(r"<style.*?</style>", "", "\n".join(parts), flags=re.S).replace("\\", "").replace("\u2060", "")


def know(app: AppTest, name: str, language: str = "en") -> object:
    return app.segmented_control(key=f"w.know.{name}.{language}")


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", ["extraction", "customer-service", "chat"])
def test_the_chance_stands_first_and_every_part_is_there(
    monkeypatch: pytest.MonkeyPatch, name: str, language: str
) -> None:
    t, found = Translator(language), advice(preset(name))
    app = page(monkeypatch, preset(name), language)
    assert found.risk is not None
    assert found.headline is not None
    assert chance_text(found.headline, t) in shown(app)
    headings = [e.value for e in app.subheader]
    for part in ("fan", "npv"):
        assert f'<h3 class="part">{t(f"risk.heading.{part}")}</h3>' in shown(app)
    for part in ("first", "actions"):
        assert t(f"risk.heading.{part}") in headings
    assert t("risk.heading.know") in [e.label for e in app.expander]
    assert t.number(found.risk.sampling.count, 0) in shown(app)
    assert str(found.risk.sampling.seed) in shown(app)
    assert len(app.get("vega_lite_chart")) == 4
    tables = [str(e.proto.body) for e in app.get("html") if "<table" in str(e.proto.body)]
    assert len(tables) == 2
    assert t("risk.actions.regret") in tables[1]


def test_without_money_it_names_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(monkeypatch, Scenario())
    assert app.title[0].value == Translator("en")("page.risk.title")
    assert not app.get("vega_lite_chart")
    assert "verdict" in shown(app)


def test_where_the_quality_is_known_there_is_nothing_to_try(monkeypatch: pytest.MonkeyPatch) -> None:
    t, app = Translator("en"), page(monkeypatch, preset("customer-service", gate_result="passed"))
    assert t("risk.pilot.known") in shown(app)
    assert not [s for s in app.slider if "gate_success_share" in s.key]
    assert t("risk.failing", share="x").split("x")[1] not in shown(app)


def test_a_slider_moves_the_chance_but_not_the_case(monkeypatch: pytest.MonkeyPatch) -> None:
    t, case = Translator("en"), preset("customer-service")
    app = page(monkeypatch, case)
    slider = next(s for s in app.slider if "daily_requests" in s.key)
    slider.set_value(120_000.0)
    app.run()
    tried = advice(case.with_(daily_requests=120_000.0))
    assert tried.headline is not None
    assert chance_text(tried.headline, t) in shown(app)
    assert t("risk.kept_case") in shown(app)
    assert app.session_state["scenario"] == case


@pytest.mark.parametrize(("ranges", "choices"), [(None, 0), ({"daily_requests": [36_000, 44_000]}, 8)])
def test_what_somebody_knows_is_folded_until_it_is_said(
    monkeypatch: pytest.MonkeyPatch, ranges: object, choices: int
) -> None:
    app = page(monkeypatch, preset("customer-service", ranges=ranges), unfolded=False)
    assert len([e for e in app.get("button_group") if "know" in e.proto.id]) == choices


def test_what_somebody_knows_becomes_a_range_and_the_others_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    case = preset("customer-service", ranges={"api_price_decline": [0.3, 0.5]})
    app = page(monkeypatch, case)
    assert know(app, "api_price_decline").value == "within_25"  # type: ignore[attr-defined]
    know(app, "daily_requests").set_value("within_10")  # type: ignore[attr-defined]
    app.run()
    assert app.session_state["scenario"].ranges == {
        "api_price_decline": (0.3, 0.5),
        "daily_requests": (36_000.0, 44_000.0),
    }
    know(app, "hourly_rate").set_value("exact")  # type: ignore[attr-defined]
    app.run()
    assert app.session_state["scenario"].ranges["hourly_rate"] == (50.0, 50.0)
    for name in ("api_price_decline", "daily_requests", "hourly_rate"):
        know(app, name).set_value("assumed")  # type: ignore[attr-defined]
        app.run()
    assert app.session_state["scenario"].ranges is None
    assert not app.exception


def test_how_sure_somebody_is_moves_along_with_the_number(monkeypatch: pytest.MonkeyPatch) -> None:
    ranges = {"daily_requests": [36_000, 44_000], "hourly_rate": [45, 55]}
    app = page(monkeypatch, preset("customer-service", ranges=ranges))
    app.text_input(key="w.side.daily_requests.en").set_value("60000").run()
    assert app.session_state["scenario"].ranges == {"daily_requests": (54_000.0, 66_000.0), "hourly_rate": (45.0, 55.0)}
    assert know(app, "daily_requests").value == "within_10"  # type: ignore[attr-defined]
    app.text_input(key="w.side.daily_requests.en").set_value("").run()
    assert app.session_state["scenario"].ranges == {"hourly_rate": (45.0, 55.0)}
    assert not app.exception


def test_a_range_survives_a_change_of_sign_and_of_the_currency(monkeypatch: pytest.MonkeyPatch) -> None:
    case = preset("customer-service", volume_growth=0.2, ranges={"volume_growth": [0.1, 0.3], "hourly_rate": [45, 55]})
    app = page(monkeypatch, case)
    app.session_state["fold.traffic"] = True
    app.switch_page("pages/decide/your_case.py").run()
    app.text_input(key="w.main.volume_growth.en").set_value("-10").run()
    assert app.session_state["scenario"].ranges["volume_growth"] == (-0.15, -0.05)
    app.selectbox(key="w.main.currency.en").set_value("CNY").run()
    low, high = app.session_state["scenario"].ranges["hourly_rate"]
    wage = advice(app.session_state["scenario"]).assessment.assumptions.number("hourly_rate")
    assert (low / wage, high / wage) == (pytest.approx(0.9), pytest.approx(1.1))
    assert not app.exception
    assert not app.error


def test_a_range_about_money_is_converted_where_nothing_but_the_budget_is_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = Scenario(daily_requests=20_000, quality_need="high", budget=40_000, ranges={"hourly_rate": (45, 55)})
    app = page(monkeypatch, case)
    app.switch_page("pages/decide/your_case.py").run()
    app.selectbox(key="w.main.currency.en").set_value("CNY").run()
    low, high = app.session_state["scenario"].ranges["hourly_rate"]
    wage = advice(app.session_state["scenario"]).assessment.assumptions.number("hourly_rate")
    assert (low / wage, high / wage) == (pytest.approx(0.9), pytest.approx(1.1))


def test_ranges_outlive_a_change_of_language(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(monkeypatch, preset("customer-service"))
    know(app, "daily_requests").set_value("exact")  # type: ignore[attr-defined]
    app.run()
    for language in ("zh", "en"):
        app.segmented_control(key="language").set_value(language).run()
        assert not app.exception
        assert know(app, "daily_requests", language).value == "exact"  # type: ignore[attr-defined]
        assert app.session_state["scenario"].ranges == {"daily_requests": (40_000.0, 40_000.0)}


def test_a_range_of_ones_own_is_shown_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    case = preset("customer-service", ranges={"daily_requests": [10_000, 90_000]})
    app = page(monkeypatch, case)
    assert know(app, "daily_requests").value == "own"  # type: ignore[attr-defined]
    assert app.session_state["scenario"] == case


def test_knowing_the_volume_narrows_the_odds(monkeypatch: pytest.MonkeyPatch) -> None:
    case = preset("extraction")
    app = page(monkeypatch, case)
    know(app, "daily_requests").set_value("exact")  # type: ignore[attr-defined]
    app.run()
    before, after = advice(case).risk, advice(app.session_state["scenario"]).risk
    assert before is not None
    assert after is not None
    assert after.npv.p90 - after.npv.p10 < before.npv.p90 - before.npv.p10


def test_a_range_stays_within_the_bounds_of_its_question() -> None:
    row = advice(preset("customer-service", gate_success_share=0.9)).assessment.assumptions["gate_success_share"]
    assert range_of("within_25", row) == (pytest.approx(0.675), 1.0)
    assert choice_of(row, range_of("within_25", row)) == "within_25"
    assert choice_of(row, (0.1, 0.2)) == "own"
    assert choice_of(row, None) == "assumed"


@pytest.mark.parametrize("language", languages())
def test_a_stated_volume_is_said_to_stay_uncertain(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    """Beside "what you entered varies only a little" stands what does not, with the range it has; ranges are named."""
    case, t = preset("customer-service", daily_requests=20_000), Translator(language)
    words = shown(page(monkeypatch, case, language))
    row = advice(case).assessment.assumptions["daily_requests"]
    assert row.set_by == "user"
    ends = {"low": t.number(float(row.low or 0), 0), "high": t.number(float(row.high or 0), 0)}
    assert t("risk.switching.volume", **ends) in words
    assert (ends["low"], ends["high"]) == ("10,000", "40,000")
