"""The page on serving, unfolded, for cases it can count and for those it cannot."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from advisor.costs.serving import serving_plan
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.text.phrases import option_name, verdict_label
from tests.cases import advice, catalog, preset
from tests.ui.shown import tables

ROOT = Path(__file__).resolve().parents[2]
MEASURED = {"serving_gpu": "l40s-48gb", "gpus_per_replica": 3, "replica_tokens_per_second": 900}


def page(monkeypatch: pytest.MonkeyPatch, language: str, name: str, **changes: Any) -> AppTest:
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    app.session_state["language"] = language
    app.session_state["scenario"] = preset(name, **changes)
    for fold in ("hours", "engineers"):
        app.session_state[f"fold.serving.{fold}"] = True
    app.run()
    app.switch_page("pages/engineering/serving.py").run()
    assert not app.exception
    assert not app.error
    return app


@pytest.mark.parametrize("language", languages())
def test_everything_is_shown_unfolded(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    app, t = page(monkeypatch, language, "extraction"), Translator(language)
    assert {t("serving.staircase.title"), t("serving.cards.title")} < {heading.value for heading in app.subheader}
    assert len(tables(app)) == 4


@pytest.mark.parametrize("changes", [{"daily_requests": 0}, {"daily_requests": None}, MEASURED])
def test_what_is_missing_is_left_out(monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any]) -> None:
    assert page(monkeypatch, "en", "extraction", **changes).subheader


def test_a_model_that_fits_nowhere_still_has_its_table(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(monkeypatch, "en", "extraction", model_size="70b", answer_speed=500)
    assert len(app.warning) == 2
    assert len(tables(app)) == 1


def test_another_route_is_told_what_rented_gpus_would_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(monkeypatch, "en", "article-001")
    assert [box.value for box in app.info] == [Translator("en")("serving.other_route")]


@pytest.mark.parametrize("language", languages())
def test_a_flat_bill_is_told_and_counted_even_alone(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    t, flat = Translator(language), {"current_fixed_monthly_cost": 9_000.0, "current_cost_per_request": 0.0}
    app = page(monkeypatch, language, "extraction", **flat, fallback_share=0.1)
    assert any(t.money(9_000, "USD") in heading.value.replace("\\", "") for heading in app.subheader)
    said = t("serving.flat", money=t.money(9_000, "USD"), share=t.percent(0.1))
    assert any(said in caption.value.replace("\\", "") for caption in app.caption)
    unknown = page(monkeypatch, language, "extraction", **flat, daily_requests=0)
    assert t("word.unknown") in str(
        [block.value for block in unknown.get("html")] + [m.value for m in unknown.markdown]
    )


@pytest.mark.parametrize("language", languages())
def test_what_is_paid_today_and_the_best_without_tuning_are_two_figures(
    monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """A reader who pays 9,000 a month meets that as today's, the cheaper call by its own name, and the verdict."""
    t, bill = Translator(language), {"current_monthly_bill": 9_000, "daily_requests": 20_000}
    app = page(monkeypatch, language, "customer-service", **bill)
    found = advice(preset("customer-service", **bill))
    a = found.assessment.assumptions
    assert a.baseline != "keep_as_is"
    body = next(str(e.proto.body) for e in app.get("html") if t("serving.figure.today") in str(e.proto.body))
    told = dict(re.findall(r'<div class="name">(.*?)</div><div class="value">(.*?)</div>', unescape(body)))
    thousand = 9_000 / (20_000 * 365 / 12) * 1000
    assert told[t("serving.figure.today")] == t.money(thousand, "USD")
    plan = serving_plan(found.scenario, a, catalog())
    assert plan.api_each is not None
    assert told[option_name(t, a.baseline)] == t.money(plan.api_each * 1000, "USD")
    said = t("serving.alone", verdict=verdict_label(t, found.recommendation))
    assert any(said == block.value.replace("\\", "") for block in app.markdown)
