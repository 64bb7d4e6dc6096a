"""The part "About this report": what is typed becomes part of the case, a bad logo is told beside its field."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from advisor.scenario import Scenario, dump_scenario, logo_text
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.ui import changes, exports, state
from advisor.ui.workers import Turn
from tests.cases import preset
from tests.report.test_slides import template
from tests.scenario.test_report_fields import ABOUT, GOOD, UNPRINTABLE

ROOT = Path(__file__).resolve().parents[2]
PAGE = "pages/decide/answer.py"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Scenario], AppTest]:
    def open_page(language: str, case: Scenario) -> AppTest:
        monkeypatch.chdir(ROOT)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        app.session_state["language"], app.session_state["scenario"] = language, case
        app.session_state["fold.about_report"] = app.session_state["fold.answer.owners"] = True
        app.run()
        app.switch_page(PAGE).run()
        assert not app.exception
        return app

    return open_page


@pytest.mark.parametrize("language", languages())
def test_names_and_owners_become_part_of_the_case_and_compute_nothing_anew(opened: Any, language: str) -> None:
    app, t = opened(language, preset("extraction")), Translator(language)
    before = app.session_state["last"][3]
    for name, text in ABOUT.items():
        app.text_input(f"w.report.{name}.{language}").set_value(text).run()
    app.text_input(f"w.owner.step.first_test.{language}").set_value("Ada").run()
    case = app.session_state["scenario"]
    assert {name: getattr(case, name) for name in ABOUT} == ABOUT
    assert case.owners == {"step.first_test": "Ada"}
    assert [html for html in app.get("html") if t("ui.done_by", name="Ada") in html.proto.body]
    assert not [w for w in app.warning if "step.first_test" in w.value]
    assert app.query_params["company"] in (ABOUT["company"], [ABOUT["company"]])
    owned = app.session_state["last"][3]
    assert owned.scenario.company is None
    app.text_input(f"w.report.company.{language}").set_value("").run()
    assert app.session_state["scenario"].company is None
    assert app.session_state["last"][3] is owned
    assert before.scenario.owners is None
    assert t("ui.logo_not_in_link") in [c.value for c in app.caption]


@pytest.mark.parametrize("language", languages())
def test_a_logo_is_chosen_and_taken_away(opened: Any, language: str) -> None:
    app, t = opened(language, preset("chat")), Translator(language)
    app.file_uploader(f"w.logo.{language}").upload("logo.png", GOOD["png"], "image/png").run()
    assert app.session_state["scenario"].logo == logo_text(GOOD["png"])
    assert "logo" not in app.query_params
    assert t("ui.logo_kept") in [m.value for m in app.markdown]
    assert not [m for m in app.warning if m.value == t("notice.logo_letters")]
    app.button(f"w.logo.remove.{language}").click().run()
    assert app.session_state["scenario"].logo is None
    app.file_uploader(f"w.logo.{language}").upload("logo.svg", GOOD["svg with letters"], "image/svg+xml").run()
    assert [m for m in app.warning if m.value == t("notice.logo_letters")]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("content", [b"hello", *UNPRINTABLE.values()])
def test_a_bad_logo_is_told_and_leaves_the_case_alone(opened: Any, language: str, content: bytes) -> None:
    app = opened(language, preset("chat"))
    app.file_uploader(f"w.logo.{language}").upload("logo.png", content, "image/png").run()
    assert app.session_state["scenario"].logo is None
    assert len(app.error) == 1
    assert not app.exception


def test_a_file_with_a_logo_that_cannot_be_printed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    held: dict[str, Any] = {state.LANGUAGE: "en", state.SCENARIO: preset("chat")}
    monkeypatch.setattr("streamlit.session_state", held)
    broken = preset("extraction", logo=logo_text(UNPRINTABLE["a PNG cut short"]))
    changes.load_file(dump_scenario(broken).encode())
    assert [issue.code for issue in held[state.DOOR]] == ["logo_unprintable"]
    assert held[state.SCENARIO] == preset("chat")


def test_the_report_of_the_app_says_what_the_case_says(tmp_path: Path) -> None:
    from io import BytesIO

    from pypdf import PdfReader

    from tests.cases import DAY, advice

    case = preset("chat").with_(**ABOUT, logo=logo_text(GOOD["svg"]))
    link = "https://advisor.example.com/?lang=en&preset=chat"
    pdf = exports._pdf.__wrapped__("", "", DAY.isoformat(), ("en", link), (), advice(preset("chat")), case, Turn())
    text = PdfReader(BytesIO(pdf)).pages[0].extract_text()
    assert all(said in text for said in ABOUT.values())
    assert link.encode() in pdf or any(
        link == note.get_object()["/A"]["/URI"] for note in PdfReader(BytesIO(pdf)).pages[0]["/Annots"]
    )


def test_slides_take_the_look_of_a_presentation_that_is_chosen(opened: Any) -> None:
    app = opened("en", preset("extraction"))
    chosen = template()
    app.file_uploader("w.template.en").upload("own.pptx", chosen, exports.PPTX).run()
    assert app.session_state[exports.TEMPLATE] == chosen
    assert [text for text in app.markdown if text.value == Translator("en")("ui.template_kept")]
    app.button("w.template.remove.en").click().run()
    assert exports.TEMPLATE not in app.session_state


@pytest.mark.parametrize("language", languages())
def test_a_template_that_is_none_is_told_beside_its_field(opened: Any, language: str) -> None:
    app = opened(language, preset("extraction"))
    app.file_uploader(f"w.template.{language}").upload("own.pptx", b"no presentation", exports.PPTX).run()
    (fault,) = app.error
    assert fault.value.startswith(('"own', "“own"))
    assert exports.TEMPLATE not in app.session_state
