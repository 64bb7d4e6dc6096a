"""Cost levers and project plan as a reader uses them: ticks, orders, typed numbers, missing prices."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.cases import preset
from tests.ui.shown import cells

ROOT = Path(__file__).resolve().parents[2]
LEVERS, PLAN = "pages/engineering/levers.py", "pages/engineering/training.py"


def page(monkeypatch: pytest.MonkeyPatch, path: str, name: str, language: str = "en", **changes: Any) -> AppTest:
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    app.session_state["language"] = language
    app.session_state["scenario"] = preset(name, **changes)
    for fold in ("not_here", "sources"):
        app.session_state[f"fold.levers.{fold}"] = True
    app.run()
    app.switch_page(path).run()
    assert not app.exception
    assert not app.error
    return app


def cards(app: AppTest) -> str:
    return "\n".join(str(e.proto.body) for e in app.get("html"))


def test_the_articles_table_appears_and_a_tick_changes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(monkeypatch, LEVERS, "article-004", "zh")
    assert "¥600" in cards(app)
    assert "¥208" in cards(app)
    app.checkbox("w.lever.article_process.zh").uncheck().run()
    assert "¥190" in cards(app)
    assert "68.3%" in cards(app)
    app.checkbox("w.lever.article_process.zh").check().run()
    assert "¥208" in cards(app)


def test_ticks_outlive_another_page_and_leave_the_case_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(monkeypatch, LEVERS, "article-004", "zh")
    case = app.session_state["scenario"]
    app.checkbox("w.lever.article_process.zh").uncheck().run()
    app.switch_page(PLAN).run()
    app.switch_page(LEVERS).run()
    assert "¥190" in cards(app)
    assert app.session_state["scenario"] == case


def test_of_two_precisions_the_other_cannot_be_ticked(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(monkeypatch, LEVERS, "extraction")
    assert app.checkbox("w.lever.fp8.en").value
    assert app.checkbox("w.lever.int4.en").disabled
    app.checkbox("w.lever.fp8.en").uncheck().run()
    assert not app.checkbox("w.lever.int4.en").disabled


def test_serving_comes_first_where_it_is_most_of_the_bill(monkeypatch: pytest.MonkeyPatch) -> None:
    words = Translator("en")("page.levers.serving_first", share="59%")
    assert words in [box.value for box in page(monkeypatch, LEVERS, "extraction").info]
    assert not page(monkeypatch, LEVERS, "article-003").info


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("path", [LEVERS, PLAN])
@pytest.mark.parametrize(
    "changes", [{"daily_requests": None}, {"daily_requests": 0}, {"model_size": "70b", "answer_speed": 500}]
)
def test_what_cannot_be_computed_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch, path: str, language: str, changes: dict[str, Any]
) -> None:
    assert page(monkeypatch, path, "extraction", language, **changes).title


def test_too_few_items_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    words = Translator("en")("page.levers.gate_few", margin="2%")
    assert words in [box.value for box in page(monkeypatch, LEVERS, "chat").warning]
    assert words not in [box.value for box in page(monkeypatch, LEVERS, "extraction", evaluation_items=4000).warning]


def test_a_metric_that_falls_too_far_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(monkeypatch, LEVERS, "extraction")
    assert len(app.success) == 1
    app.number_input("w.gate.after").set_value(0.4).run()
    assert not app.success


def test_rating_and_worst_group_have_gates_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    app, t = page(monkeypatch, LEVERS, "extraction", evaluation_items=4000), Translator("en")

    def shown() -> str:
        return "\n".join(str(text.value) for text in app.markdown).replace("\\", "").replace("\u2060", "")

    assert t("page.levers.gates_pass") in shown()
    assert t("page.levers.slice_unknown", limit="5%") in shown()
    app.number_input("w.gate.rating.after").set_value(8.2).run()
    assert t("page.levers.rating_fail", change="-0.3", scale="10", allowed="0.2") in shown()
    assert t("page.levers.gates_fail") in shown()
    app.number_input("w.gate.rating.after").set_value(8.4).run()
    app.number_input("w.gate.slice.before").set_value(0.6).run()
    app.number_input("w.gate.slice.after").set_value(0.5).run()
    assert t("page.levers.slice_fail", change="-16.7%", limit="5%") in shown()
    assert t("page.levers.gates_fail") in shown()
    app.number_input("w.gate.slice.after").set_value(0.6).run()
    assert t("page.levers.gates_pass") in shown()


@pytest.mark.parametrize("language", languages())
def test_the_articles_speed_stands_in_its_case(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    app = page(monkeypatch, LEVERS, "article-004", language)
    assert {"+200%", "+300%"} <= cells(app)
    few = Translator(language)("page.levers.gates_not_proven", items="0", needed="1,546")
    assert few in "\n".join(str(text.value) for text in app.markdown).replace("\\", "")


@pytest.mark.parametrize("language", languages())
def test_a_price_of_an_error_says_how_many_may_be_wrong(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    told = Translator(language)("page.levers.errors", cost="@", saving="@", wrong="@", right="@").split("@")[0]

    def shown(**changes: Any) -> str:
        app = page(monkeypatch, LEVERS, "extraction", language, **changes)
        return "\n".join(str(text.value) for text in app.markdown).replace("\\", "")

    assert told in shown(cost_per_failure=0.05)
    assert told not in shown()


def test_a_wage_makes_the_articles_plan_dearer_and_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(monkeypatch, PLAN, "article-003", "zh")
    assert "¥75.00" in cards(app)
    wage = next(box for box in app.number_input if str(box.key).endswith(".wage"))
    wage.set_value(160.0).run()
    assert "¥1,355" in cards(app)
    app.switch_page(LEVERS).run()
    app.switch_page(PLAN).run()
    assert "¥1,355" in cards(app)


def test_a_month_is_compared_once_its_price_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    app, t = page(monkeypatch, PLAN, "extraction"), Translator("en")
    assert t("page.plan.break_even") not in cards(app)
    app.number_input("w.plan.month").set_value(365.0).run()
    assert t("page.plan.break_even") in cards(app)


@pytest.mark.parametrize("path", [LEVERS, PLAN])
def test_the_slips_of_an_article_stand_on_its_page(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    app = page(monkeypatch, path, "article-003")
    assert "37" not in "".join(text.value for text in app.markdown)
    app.session_state["fold.article_notes"] = True
    app.run()
    assert any("37\\.3 times" in text.value for text in app.markdown)
    assert not page(monkeypatch, path, "extraction").error
