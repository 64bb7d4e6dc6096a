"""The figures told first agree digit for digit: on every page, in the report, in a terminal and in the JSON."""

import re
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from advisor.decision.examination import examine
from advisor.report.build import build_report
from advisor.report.case import ReportedCase
from advisor.report.document import KeyFigures, Verdict
from advisor.report.json import result_record
from advisor.report.text import render_text
from advisor.text.headline_phrases import chance_text, headline_cards, headline_text
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.text.memo_phrases import ask_of, range_cards
from advisor.text.phrases import verdict_label
from tests.cases import advice, catalog, preset

ROOT = Path(__file__).resolve().parents[2]
SHOWN = ("customer-service", "extraction", "code-completion", "article-001", "article-001-extended", "article-000")
PAGES = ("decide/your_case", "decide/answer", "decide/present", "money/cash_flow")


def entered(name: str) -> bool:
    return catalog().presets[name].article is not None


def pages_of(monkeypatch: pytest.MonkeyPatch, name: str, language: str) -> dict[str, str]:
    """What a reader sees of each page, the sidebar included."""
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["language"], app.session_state["scenario"] = language, preset(name)
    app.run()
    found = {}
    for page in PAGES:
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception
        shown = "\n".join(str(e.proto.body) for e in app.get("html"))
        found[page] = unescape(re.sub(r"<style.*?</style>", "", shown, flags=re.S)).replace("\u2060", "")
    return found


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", SHOWN)
def test_every_surface_tells_the_same_figures(monkeypatch: pytest.MonkeyPatch, name: str, language: str) -> None:
    t, found = Translator(language), advice(preset(name))
    assert found.headline is not None
    a = found.assessment.assumptions
    cards = headline_cards(found.headline, a, t, entered=entered(name))
    words = [headline_text(found.headline, a.currency, t), chance_text(found.headline, t)]
    label, asked = verdict_label(t, found.recommendation), ask_of(ReportedCase(found, catalog(), t).memo, t).sentence
    for page, shown in pages_of(monkeypatch, name, language).items():
        assert [card for card in cards if card.value not in shown or card.small not in shown] == [], page
        assert label in shown, page
        assert asked in shown, page
    printed = " ".join(render_text(found, t, (), catalog().presets[name]).split())
    assert [card for card in cards if card.value not in printed or card.small not in printed] == []
    blocks = build_report(found, catalog(), t).blocks
    ranges, *others = (block for block in blocks if isinstance(block, KeyFigures))
    memo = range_cards(found.headline, a, t) or headline_cards(found.headline, a, t)
    assert [(f.label, f.value, f.note) for f in ranges.items] == [tuple(card) for card in memo]
    assert len(others) == found.headline.serves  # without requests there is one page of figures, the cost
    for block in others:
        assert [(f.label, f.value, f.note) for f in block.items] == [tuple(c) for c in cards[: len(block.items)]]
    (verdict,) = (block for block in blocks if isinstance(block, Verdict))
    assert verdict.label == label
    if found.headline.serves:
        assert all(text in printed for text in words)
        assert all(text in str(blocks) for text in words)


def test_an_extra_cost_is_one_as_entered_too() -> None:
    found, t = advice(preset("article-001-today")), Translator("en")
    assert found.headline is not None
    cost = -(found.headline.monthly_savings.as_entered or 0.0)
    cards = headline_cards(found.headline, found.assessment.assumptions, t, entered=True)
    (card,) = (card for card in cards if card.label == t("headline.card.extra_cost"))
    assert cost > 0
    assert card.small.endswith(f"as entered {t.money(cost, 'USD')}")


@pytest.mark.parametrize("name", SHOWN)
def test_the_json_holds_the_numbers_behind_them(name: str) -> None:
    found = advice(preset(name))
    record = result_record(found, Translator("en"), (), examine(found, catalog()))
    assert found.headline is not None
    assert found.actions is not None
    head = record["headline"]
    assert head["npv"]["mean"] == found.headline.npv.mean == record["risk"]["npv"]["mean"]
    assert (
        head["payback"]["p50"] == record["risk"]["payback_months"]["p50"] == record["risk"]["if_passed"]["payback_p50"]
    )
    assert head["investment"]["p50"] == record["risk"]["investment_p50"]
    assert head["investment_p80"] == record["risk"]["investment_p80"]
    averaged, roi, paid = (head[key]["as_entered"] for key in ("averaged_savings", "roi", "investment"))
    assert averaged is None if roi is None else averaged * head["horizon"] == pytest.approx((1 + roi) * paid)
    (tune,) = (row for row in record["actions"] if row["id"] == "tune_now")
    assert (tune["mean"], tune["p10"], tune["p90"]) == tuple(head["npv"][k] for k in ("mean", "p10", "p90"))
    (case,) = (row for row in record["alternatives"] if row["is_case"])
    assert case["npv_against_baseline"] == head["npv"]["mean"]
