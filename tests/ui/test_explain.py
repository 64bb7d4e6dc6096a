"""Tiles explain themselves where figures are read, and stay plain where answers are given."""

import re
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from advisor.core.records import METRICS
from advisor.evidence.method.explanations import TOLD_FIRST
from advisor.scenario import QUESTIONS
from advisor.text.languages import languages
from tests.cases import preset

ROOT = Path(__file__).resolve().parents[2]
TILE = re.compile(r'class="tile" popovertarget="why-panel" data-figure="([\w-]+)" data-why="([^"]*)"')


def shown(monkeypatch: pytest.MonkeyPatch, page: str, language: str, name: str = "extraction") -> str:
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["language"], app.session_state["scenario"] = language, preset(name)
    app.run()
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    return "\n".join(str(e.proto.body) for e in app.get("html"))


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("page", ["decide/answer", "decide/present", "money/cash_flow"])
def test_every_tile_has_its_panel(monkeypatch: pytest.MonkeyPatch, page: str, language: str) -> None:
    text = shown(monkeypatch, page, language)
    tiles = {name: unescape(panel) for name, panel in TILE.findall(text)}
    assert {f"first-{name}" for name in TOLD_FIRST} <= set(tiles)
    assert re.findall(r'<div popover id="([\w-]+)" class="why"', text) == ["why-panel", "why-all"]
    rows = re.findall(r'data-row="(\w+)"', unescape(text))
    assert len(rows) == len(set(rows))
    for panel in tiles.values():
        assert set(re.findall(r'popovertarget="([\w-]+)"', panel)) <= {"why-panel", "why-all"}
        assert re.search(r'href="method#formula-\w+"', panel)
        assert set(re.findall(r'data-rows="([\w ]+)"', panel)[0].split()) <= set(rows)
        assert panel.count('class="worked"') >= 2
    found = set(re.findall(r'href="./\?field=(\w+)"', unescape(text)))
    assert {"daily_requests", "hourly_rate"} <= found <= set(QUESTIONS)


def test_all_figures_explain_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    tiles = dict(TILE.findall(shown(monkeypatch, "money/cash_flow", "en", "customer-service")))
    missing = {name for name in METRICS if name not in tiles}
    assert missing == {"break_even_requests"}


def test_the_page_of_questions_stays_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(monkeypatch, "decide/your_case", "en")
    assert 'class="figures"' in text
    assert not TILE.findall(text)


def test_a_case_without_requests_explains_its_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["scenario"] = preset("extraction").with_(daily_requests=0)
    app.run()
    app.switch_page("pages/decide/answer.py").run()
    assert not app.exception
    text = "\n".join(str(e.proto.body) for e in app.get("html"))
    assert [name for name, _ in TILE.findall(text)] == ["first-investment"]
