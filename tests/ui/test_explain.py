"""Tiles explain themselves where figures are read, and stay plain where answers are given."""

import re
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from advisor.core.records import METRICS
from advisor.evidence.method.explanations import TOLD_FIRST, Explainer
from advisor.scenario import QUESTIONS
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.text.phrases import metric_text
from advisor.ui.explain import AVERAGED, ENTERED
from tests.cases import advice, catalog, preset

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


@pytest.mark.parametrize("name", ["extraction", "customer-service", "article-001"])
def test_a_panel_tells_the_figure_of_its_tile_beside_that_of_its_formula(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A formula gives the case as entered, the tile the middle of the futures: both stand side by side, named."""
    found, t = advice(preset(name)), Translator("en")
    assert found.headline is not None
    assert found.assessment.metrics is not None
    explainer = Explainer(found, catalog().rules, t)
    tiles = dict(TILE.findall(shown(monkeypatch, "decide/answer", "en", name)))
    for figure, field in ENTERED.items():
        panel = unescape(unescape(tiles[f"first-{figure}"])).replace("\u2060", "")
        cells = dict(re.findall(r'<div class="name">(.*?)</div><div class="value">(.*?)</div>', panel))
        entered = metric_text(t, found.assessment.metrics, field, "USD")
        assert cells[t("why.beside.entered")] == entered
        assert t("why.beside.mean" if figure in AVERAGED else "why.beside.middle") in cells
        assert panel.index(t("why.beside.entered")) < panel.index('class="worked"')
        value = getattr(found.assessment.metrics, field)
        said = explainer.told_first(figure)
        if value is not None and said is not None and figure != "payback":
            last = re.findall(r"-?[\d.]+", said.formulas[-1].worked.replace("{,}", "").replace("(-", "-"))
            results = [float(number) for number in last]
            assert any(result == pytest.approx(value * factor, rel=1e-5) for result in results for factor in (1, 100))


def test_all_figures_explain_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(monkeypatch, "money/cash_flow", "en", "customer-service")
    tiles = dict(TILE.findall(text))
    assert text.count(f">{Translator('en')('ui.as_entered')}<") == len(METRICS) - 1
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
