"""The page of alternatives: what stands on it, and what taking another way over does to the case."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from advisor.decision.alternatives import WAYS, alternatives
from advisor.scenario import QUESTIONS, Scenario
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.cases import advice, catalog, preset

ROOT = Path(__file__).resolve().parents[2]
PAGE = "pages/money/alternatives.py"
AWAY = "options.away"
CELL = re.compile(r"<span>(.*?)</span>")


def page(monkeypatch: pytest.MonkeyPatch, case: Scenario, language: str = "en", *, away: bool = False) -> AppTest:
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    app.session_state["language"] = language
    app.session_state["scenario"] = case
    app.session_state[f"fold.{AWAY}"] = away
    app.run()
    app.switch_page(PAGE).run()
    assert not app.exception
    assert not app.error
    return app


def said(app: AppTest) -> str:
    """What is read, without Markdown's escapes and what keeps a sign on the line of its number."""
    return (
        "\n".join(e.value for e in [*app.markdown, *app.caption, *app.info, *app.warning])
        .replace("\\", "")
        .replace("\u2060", "")
    )


def tables(app: AppTest) -> list[dict[str, list[str]]]:
    """Cells of every table by the name of their row."""
    bodies = [str(e.proto.body) for e in app.get("html") if "<table" in str(e.proto.body)]
    rows = [re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', body) for body in bodies]
    return [{unescape(head): [unescape(c) for c in CELL.findall(cells)] for head, cells in found} for found in rows]


def heads(app: AppTest) -> list[str]:
    return [heading.value for heading in app.subheader]


def take_buttons(app: AppTest) -> dict[str, Any]:
    return {str(b.key).split(".")[2]: b for b in app.button if str(b.key).startswith("w.take.")}


@pytest.mark.parametrize("language", languages())
def test_a_case_whose_call_can_be_cheaper(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    t, app = Translator(language), page(monkeypatch, preset("extraction"), language)
    words = said(app)
    assert t("option.optimise_current") in words
    assert t("options.idle.nobody_may_wait") in words
    assert t("options.applies.prompt_cache", share="70%") in words
    assert t("notice.out_knowledge_unknown") in words
    assert t("options.untested.title") in heads(app)
    worth, costs = tables(app)
    assert list(worth) == list(costs)
    assert f"\u2605 {t('option.optimise_current')}" in worth
    found = advice(preset("extraction"))
    metrics, headline = found.assessment.metrics, found.headline
    assert metrics is not None
    assert headline is not None
    (case,) = [row for row in worth if row.startswith(f"\u25c6 {t('option.case')}")]
    assert t.money(headline.npv.mean, "USD") in worth[case]
    assert t.money(metrics.investment, "USD") in costs[case]
    each = (metrics.tuned_cost_per_request, metrics.tuned_cost_per_success)
    thousands = [None if cost is None else t.money(cost * 1000, "USD") for cost in each]
    assert costs[case][-2:] == thousands
    assert t("options.alike", name=f"\u25c6 {t('option.case')}", names="")[:8] in words
    assert t("options.levers.title") in heads(app)
    assert len(app.get("vega_lite_chart")) == 1


@pytest.mark.parametrize("language", languages())
def test_a_case_known_by_its_price_alone(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    t, app = Translator(language), page(monkeypatch, preset("article-001"), language)
    assert t("options.levers.only_price") in said(app)
    assert t("options.lead.today") in said(app)
    assert t("options.no_better") in said(app)
    assert t("options.levers.title") not in [box.label for box in app.expander]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("case", [Scenario(), preset("extraction", serving_route="own_figure")], ids=["empty", "price"])
def test_without_money_the_verdict_and_a_way_on(monkeypatch: pytest.MonkeyPatch, case: Scenario, language: str) -> None:
    app = page(monkeypatch, case, language)
    assert not tables(app)
    assert Translator(language)("ui.answer_questions") in [link.proto.label for link in app.get("page_link")]


def test_services_that_cannot_be_bought_are_folded_away(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "OpenAI, gpt-4o-mini by the token"
    closed, opened = (page(monkeypatch, preset("extraction"), away=away) for away in (False, True))
    assert name not in said(closed)
    assert name in said(opened)
    assert not any(name in row for table in tables(closed) for row in table)
    assert said(opened).count(name) == 1
    assert Translator("en")("options.closed") in said(opened)


def test_taking_a_way_over_changes_its_answers_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    before = preset("extraction", hourly_rate=77, title="Ours")
    app = page(monkeypatch, before)
    take_buttons(app)["by_the_month"].click().run()
    assert not app.exception
    after = app.session_state["scenario"]
    assert (after.rental_term, after.training_source) == ("month", "rented")
    changed = {q for q in QUESTIONS if getattr(after, q) != getattr(before, q)}
    assert changed <= {"rental_term", "training_source"}
    assert (after.hourly_rate, after.title, after.preset) == (77, "Ours", "extraction")
    assert "by_the_month" not in take_buttons(app)


@pytest.mark.parametrize("name", ["extraction", "article-001", "article-002"])
def test_every_way_that_is_offered_can_be_taken(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for key in take_buttons(page(monkeypatch, preset(name))):
        app = page(monkeypatch, preset(name))
        take_buttons(app)[key].click().run()
        assert not app.exception, key
        assert not app.error, key


def test_a_better_way_is_told_with_its_money(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = [box.value for box in page(monkeypatch, preset("article-001-extended")).info]
    assert any(Translator("en")(f"option.{way}") in found for way in WAYS)
    assert "$" in found


def test_a_way_that_only_loses_less_is_not_praised(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Translator("en")("options.better_loses") in said(page(monkeypatch, preset("chat")))


def test_a_case_over_its_budget_says_why_it_is_out(monkeypatch: pytest.MonkeyPatch) -> None:
    app, t = page(monkeypatch, preset("extraction", budget=1_000)), Translator("en")
    assert t("options.case_out", reasons=t("notice.out_over_budget")) in said(app)


@pytest.mark.parametrize("language", languages())
def test_every_amount_that_the_answer_asks_for_is_worked_out(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    """What is saved, paid once, what a test costs and a pass is worth, each from numbers of the case."""
    case = preset("extraction").with_(current_monthly_bill=9000, use_case="customer_service", quality_need="high")
    t, found = Translator(language), advice(case)
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["language"], app.session_state["scenario"] = language, case
    app.session_state["fold.options.worked"] = True
    app.run()
    app.switch_page(PAGE).run()
    assert not app.exception
    words = said(app)
    rows = [row for row in alternatives(found, catalog()) if not row.tunes and row.monthly is not None]
    tested = [row for row in rows if row.test_cost is not None]
    assert tested
    for row in tested:
        for amount in (row.test_cost, row.test_gain, row.monthly):
            assert t.money(amount, "USD") in words
    economics = found.assessment.economics
    assert economics is not None
    saved = float(economics.today.steady_monthly_cost - economics.baseline.steady_monthly_cost)
    assert t.money(saved, "USD") in words
    app.switch_page("pages/decide/answer.py").run()
    assert any(t("ui.see_worked") in str(html.proto.body) for html in app.get("html"))
