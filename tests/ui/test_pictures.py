"""Every picture of a page can be had as a file, in the language of the page."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from advisor import charts
from advisor.charts.payback import payback_words
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.ui import layout, pictures
from tests.cases import advice, preset

ROOT = Path(__file__).resolve().parents[2]


def page(monkeypatch: pytest.MonkeyPatch, name: str, *, opened: bool) -> AppTest:
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["scenario"] = preset("extraction")
    app.session_state["fold.pictures"] = opened
    app.run()
    app.switch_page(name).run()
    assert not app.exception
    assert not app.error
    return app


@pytest.mark.parametrize("name", ["money/cash_flow", "money/alternatives", "money/risk", "engineering/serving"])
def test_each_picture_has_two_files_while_the_fold_is_open(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    closed, opened = (page(monkeypatch, f"pages/{name}.py", opened=opened) for opened in (False, True))
    buttons = [b for b in opened.get("download_button") if b.proto.label in ("PNG", "SVG")]
    assert len(buttons) == 2 * len(opened.session_state[layout.PICTURES])
    assert len(buttons) >= 2
    assert not [b for b in closed.get("download_button") if b.proto.label in ("PNG", "SVG")]


def test_another_page_offers_its_own_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(monkeypatch, "pages/money/cash_flow.py", opened=False)
    before = set(app.session_state[layout.PICTURES])
    app.switch_page("pages/money/alternatives.py").run()
    assert not before & set(app.session_state[layout.PICTURES])
    app.switch_page("pages/evidence/prices.py").run()
    assert not app.session_state[layout.PICTURES]


@pytest.mark.parametrize("language", languages())
def test_the_file_is_drawn_as_the_picture_then_stands(language: str) -> None:
    t, case = Translator(language), advice(preset("extraction"))
    found = {"x": charts.build_payback_chart(case, t)}
    png, svg = (pictures.file_of(found, "x", kind, language) for kind in ("png", "svg"))
    assert png().startswith(b"\x89PNG")
    assert payback_words(case, t) in svg().decode()
    found["x"] = charts.build_cost_and_savings_chart(case, t)
    assert t("option.tune") in svg().decode()


@pytest.mark.parametrize("name", ["decide/answer", "decide/present", "decide/compare", "engineering/serving"])
def test_every_chart_that_a_page_and_its_folds_can_show_is_offered(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(ROOT)
    folded = layout.folded
    monkeypatch.setattr(layout, "folded", lambda *given, **how: folded(*given, **{**how, "opened": True}))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["scenario"], app.session_state["compare.presets"] = (
        preset("extraction"),
        ("chat", "classification"),
    )
    app.run()
    app.switch_page(f"pages/{name}.py").run()
    assert not app.exception
    charts = len(app.get("vega_lite_chart")) + len(app.get("arrow_vega_lite_chart"))
    assert len([b for b in app.get("download_button") if b.proto.label == "PNG"]) == charts >= 2
