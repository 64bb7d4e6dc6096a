"""The method page: an index to everything on it, a search, and no formula without a place of its own."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from advisor.evidence.method import build_method
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.cases import advice, preset

ROOT = Path(__file__).resolve().parents[2]


def method_page(monkeypatch: pytest.MonkeyPatch, language: str) -> AppTest:
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["language"], app.session_state["scenario"] = language, preset("extraction")
    app.run()
    return app.switch_page("pages/evidence/method.py").run()


def text_of(app: AppTest) -> str:
    return "\n".join(str(e.proto.body) for e in app.get("html"))


@pytest.mark.parametrize("language", languages())
def test_the_index_leads_to_everything_once(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    app = method_page(monkeypatch, language)
    assert not app.exception
    view = build_method(advice(preset("extraction")), Translator(language))
    links = re.findall(r'href="#([\w-]+)"', text_of(app))
    headings = [*app.header, *app.subheader]
    places = [str(h.anchor) for h in headings if h.anchor] + re.findall(r'id="(term-[\w-]+)"', text_of(app))
    assert len(set(places)) == len(places)
    assert set(links) <= set(places)
    assert {f"formula-{f.id}" for f in view.formulas} | {f"term-{x.id}" for x in view.glossary} <= set(links)
    inner = re.findall(r"\]\(#([\w-]+)\)", "\n".join(str(m.value) for m in app.markdown))
    assert inner
    assert set(inner) <= set(places)


def test_no_word_of_a_formula_ends_its_mathematics() -> None:
    for language in languages():
        view = build_method(advice(preset("extraction")), Translator(language))
        assert [f.id for f in view.formulas if "$" in f.symbols + f.worked] == []


def test_a_search_leaves_what_contains_it(monkeypatch: pytest.MonkeyPatch) -> None:
    app = method_page(monkeypatch, "en")
    (search,) = (field for field in app.text_input if field.label == "Find a formula or a term")
    search.set_value("payback").run()
    titles = [heading.value for heading in app.subheader]
    assert "Payback" in titles
    assert "Discounting" not in titles
    assert "term-payback" in text_of(app)
    assert "term-gpu" not in text_of(app)
    search.set_value("no such word").run()
    assert "no such word" in app.info[0].value
