"""Every page through the whole app, in both languages: no fault, own words, and what a person does on it."""

import re
from collections.abc import Callable
from html import escape, unescape
from itertools import cycle
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from advisor.assumptions.relevance import relevant_questions
from advisor.core.records import METRICS
from advisor.scenario import GROUPS, QUESTIONS, Scenario
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.ui import state
from advisor.ui.shell import OPEN_TO_ALL
from tests.cases import catalog, preset
from tests.ui.shown import tables

ROOT = Path(__file__).resolve().parents[2]
PAGES = tuple(
    sorted(p.relative_to(ROOT).as_posix() for p in (ROOT / "pages").rglob("*.py") if p.stem not in OPEN_TO_ALL)
)
"""Pages on the session's case."""
PRESETS = tuple(catalog().presets)
Start = Callable[..., AppTest]
NEEDED = Scenario.from_answers({"daily_requests": 20_000, "quality_need": "normal", "budget": 40_000})


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Start:
    """The app on a page, with a case and a language."""
    monkeypatch.chdir(ROOT)

    def run(
        page: str | None = None, language: str = "en", case: Scenario | None = None, fold: str | None = None
    ) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
        app.session_state["language"] = language
        if case is not None:
            app.session_state["scenario"] = case
        if fold is not None:
            app.session_state[f"fold.{fold}"] = True
        app.run()
        if page is not None:
            app.switch_page(page).run()
        assert not app.exception
        return app

    return run


def texts(app: AppTest) -> str:
    """Everything a reader reads."""
    parts = [e.value for e in [*app.title, *app.subheader, *app.markdown, *app.caption, *app.error, *app.warning]]
    parts += [e.proto.body for e in app.get("html")]
    return "\n".join(str(p) for p in parts)


def first_error(app: AppTest) -> str:
    """The first error as it is read: Markdown's escapes are not shown."""
    return str(app.error[0].value).replace("\\", "")


def field(app: AppTest, name: str, language: str = "en", place: str = "main") -> object:
    key = f"w.{place}.{name}.{language}"
    return next(w for kind in (app.text_input, app.selectbox, app.segmented_control) for w in kind if w.key == key)


@pytest.mark.parametrize("language", languages())
def test_a_case_without_a_name_says_so(start: Start, language: str) -> None:
    name = Translator(language)("word.untitled_case")
    assert f'<div class="case" title="{name}">{name}</div>' in texts(start(None, language, NEEDED))


@pytest.mark.parametrize("sought", ["azure", "GPT", "claude", "qwen"])
def test_a_field_is_found_by_what_can_be_chosen_in_it(start: Start, sought: str) -> None:
    app = start(case=NEEDED)
    app.text_input(key="w.search").set_value(sought).run()
    assert not app.exception
    assert "w.main.current_model.en" in {box.key for box in app.selectbox}


def test_the_questions_of_a_group_are_asked_row_by_row(start: Start) -> None:
    """On a telephone, and with the Tab key, they come in the order in which they are shown beside one another."""
    keys = [str(box.key).split(".") for box in start(case=NEEDED, fold="project").text_input]
    asked = [key[2] for key in keys if key[:2] == ["w", "main"]]
    group = [name for name in asked if QUESTIONS[name].group == "project"]
    assert group == [name for name in QUESTIONS if name in group] != []


@pytest.mark.parametrize(("name", "language"), list(zip(PRESETS, cycle(languages()), strict=False)))
def test_every_page_shows_every_example(start: Start, name: str, language: str) -> None:
    """The languages take turns: every page stands in each of them for half the examples."""
    app = start(None, language, preset(name))
    for page in PAGES:
        app.switch_page(page).run()
        assert not app.exception, page
        assert not app.error, page
        if not page.endswith(("present.py", "answer.py")):  # the verdict is their title
            assert app.title[0].value == Translator(language)(f"page.{Path(page).stem}.title")


@pytest.mark.parametrize("language", languages())
def test_every_page_stands_without_answers(start: Start, language: str) -> None:
    app = start(None, language)
    for page in PAGES:
        app.switch_page(page).run()
        assert not app.exception, page
        assert not app.error, page
        if not page.endswith("answer.py"):  # the verdict is its title
            assert app.title[0].value == Translator(language)(f"page.{Path(page).stem}.title")


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("group", [*GROUPS[2:], "case"])
def test_every_group_of_questions_opens(start: Start, group: str, language: str) -> None:
    case = preset("extraction", training_source="own_card", card_price=9_000)
    app = start(None, language, case, group)
    for name in relevant_questions(case, catalog()):
        if QUESTIONS[name].group == group:
            field(app, name, language)


def test_chinese_pages_hold_no_english_sentence(start: Start) -> None:
    app, known = start(None, "zh", preset("extraction")), sources()
    for page in PAGES:
        shown = re.sub(
            r'<(style|script).*?</\1>|<p class="worked">.*?</p>|<[^>]+>',
            " ",
            texts(app.switch_page(page).run()),
            flags=re.S,
        )
        assert not app.exception, page
        sentences = re.findall(r"(?:[A-Za-z]+[ ,]+){4,}[A-Za-z]+", shown)
        assert [s for s in sentences if not any(s.strip() in k for k in known)] == [], page


def sources() -> set[str]:
    """Titles of sources stay in the language of the source."""
    from tests.cases import advice

    rows = advice(preset("extraction")).assessment.assumptions.values()
    asked = {row.source.title for row in rows if row.source}
    return asked | {record.source.title for record in catalog().parameters.values() if record.source}


def test_three_answers_make_a_verdict(start: Start) -> None:
    app = start()
    assert "verdict" in texts(app)
    for name, text in (("daily_requests", "60,000"), ("budget", "40k")):
        field(app, name).set_value(text)  # type: ignore[attr-defined]
        app.run()
    field(app, "quality_need").set_value("high")  # type: ignore[attr-defined]
    app.run()
    case = app.session_state["scenario"]
    assert (case.daily_requests, case.quality_need, case.budget) == (60_000, "high", 40_000)
    assert Translator("en")("metric.payback_months.label") in texts(app)


@pytest.mark.parametrize("language", languages())
def test_the_fourth_tap_fills_in_what_is_typical_and_is_taken_back(start: Start, language: str) -> None:
    app, t = start(None, language, NEEDED), Translator(language)
    uses = next(w for w in app.pills if w.key == f"w.fourth.use_case.{language}")
    uses.set_value("extraction").run()
    assert app.session_state["scenario"].use_case == "extraction"
    assert t.fact(catalog().uses["extraction"].summary) in texts(app)
    next(w for w in app.pills if w.key == uses.key).set_value(None).run()
    assert app.session_state["scenario"] == NEEDED
    assert not app.exception


def test_a_bill_stays_where_the_requests_are_corrected_and_follows_a_what_if(start: Start) -> None:
    app = start(case=NEEDED)
    field(app, "current_monthly_bill").set_value("3,000").run()  # type: ignore[attr-defined]
    assert "comes to" in texts(app)
    field(app, "daily_requests").set_value("30,000").run()  # type: ignore[attr-defined]
    case = app.session_state["scenario"]
    assert (case.daily_requests, case.current_monthly_bill) == (30_000, 3000)
    assert case.with_(daily_requests=60_000).current_monthly_bill == 6000


def test_an_answer_on_one_page_is_there_on_every_other(start: Start) -> None:
    app = start(case=preset("extraction"))
    field(app, "daily_requests").set_value("123,000")  # type: ignore[attr-defined]
    app.run()
    for page in PAGES:
        app.switch_page(page).run()
        place = "main" if page.endswith("your_case.py") else "side"
        assert field(app, "daily_requests", place=place).value == "123,000"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text", ["many", "1,2,3", "-5", "1e99", "nan", "inf", "1/2", "12:30", "<b>1</b>", "99999999999"]
)
def test_a_bad_number_is_named_beside_its_field_and_nothing_is_lost(start: Start, text: str) -> None:
    app = start(case=preset("extraction"))
    field(app, "daily_requests").set_value(text)  # type: ignore[attr-defined]
    app.run()
    assert not app.exception
    assert Translator("en")("field.daily_requests.label") in first_error(app)
    assert field(app, "daily_requests").value == text  # type: ignore[attr-defined]
    assert app.session_state["scenario"] == preset("extraction")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10,000", 1e4),
        ("10000", 1e4),
        ("10k", 1e4),
        ("1.5\u4e07", 15_000),
        ("\uff11\uff10\uff10", 100),
        (" 2e3 ", 2000),
        ("1m", 1e6),
    ],
)
def test_numbers_are_read_as_people_write_them(start: Start, text: str, value: float) -> None:
    app = start()
    field(app, "daily_requests").set_value(text)  # type: ignore[attr-defined]
    app.run()
    assert app.session_state["scenario"].daily_requests == value


@pytest.mark.parametrize(
    ("currency", "text", "value"), [("USD", "$40,000", 4e4), ("CNY", "4\u4e07\u5143", 4e4), ("EUR", "\u20ac5", 5)]
)
def test_amounts_may_carry_the_sign_of_their_currency(start: Start, currency: str, text: str, value: float) -> None:
    app = start(case=Scenario(currency=currency))
    field(app, "budget").set_value(text)  # type: ignore[attr-defined]
    app.run()
    assert app.session_state["scenario"].budget == value


def test_an_amount_with_a_foreign_sign_is_refused(start: Start) -> None:
    app = start(case=Scenario(currency="EUR"))
    field(app, "budget").set_value("$40,000")  # type: ignore[attr-defined]
    app.run()
    assert app.error


def test_percent_questions_speak_percent(start: Start) -> None:
    app = start(case=preset("extraction"), fold="tuned")
    shown = field(app, "fallback_share")
    assert shown.value == "8"  # type: ignore[attr-defined]
    shown.set_value("12.5")  # type: ignore[attr-defined]
    app.run()
    assert app.session_state["scenario"].fallback_share == 0.125


def test_clearing_a_field_goes_back_to_the_default(start: Start) -> None:
    app = start(case=preset("extraction", hourly_rate=77), fold="project")
    field(app, "hourly_rate").set_value("")  # type: ignore[attr-defined]
    app.run()
    assert app.session_state["scenario"].hourly_rate is None
    assert field(app, "hourly_rate").value == "50"  # type: ignore[attr-defined]


def test_switching_the_language_keeps_every_answer(start: Start) -> None:
    app = start(case=preset("extraction"))
    field(app, "budget").set_value("12,345")  # type: ignore[attr-defined]
    app.run()
    before = app.session_state["scenario"]
    for language in ("zh", "en", "zh"):
        app.segmented_control(key="language").set_value(language).run()
        field(app, "budget", language).set_value("12,345")  # type: ignore[attr-defined]
        app.run()
    assert app.session_state["scenario"] == before
    assert app.title[0].value == Translator("zh")("page.your_case.title")


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"daily_requests: ten\nquality_need: high\nbudget: 1", "daily_requests"),
        (b"daily_requests: 1\nquality_need: high", "budget"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"[1, 2]", "daily_requests"),
        (b"daily_requests: 1\nquality_need: high\nbudget: 1\ncurrent_model: no/such", "current_model"),
    ],
)
def test_a_bad_file_leaves_the_case_untouched(start: Start, content: bytes, named: str, language: str) -> None:
    app = start(case=preset("extraction"), language=language, fold="file")
    app.file_uploader[0].upload("case.yaml", content, "application/yaml")
    app.run()
    assert not app.exception
    assert named in first_error(app)
    assert app.session_state["scenario"] == preset("extraction")


def test_a_good_file_replaces_the_case(start: Start) -> None:
    app = start(case=preset("extraction"), fold="file")
    app.file_uploader[0].upload("case.yaml", b"daily_requests: 7\nquality_need: normal\nbudget: 9", "application/yaml")
    app.run()
    assert app.session_state["scenario"].answers() == {"daily_requests": 7.0, "quality_need": "normal", "budget": 9.0}


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"daily_requests": "many"}, "daily_requests"),
        ({"preset": "extracton"}, "extraction"),
        ({"budget": "-1", "daily_requests": "100"}, "budget"),
        ({"quality_need": "best"}, "quality_need"),
        ({"nonsense": "1"}, "nonsense"),
        ({"exchange_rates": "{"}, "exchange_rates"),
        ({"ranges": "[" * 990 + "]" * 990}, "ranges"),
        ({"owners": '{"a":' * 990 + "1" + "}" * 990}, "owners"),
        ({"as_of": "yesterday"}, "as_of"),
        ({"serving_gpu": "h1000"}, "serving_gpu"),
    ],
)
def test_a_bad_link_names_its_fault_and_keeps_the_rest(start: Start, query: dict[str, str], named: str) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    assert named in first_error(app)
    assert app.session_state["scenario"].daily_requests == (100 if "budget" in query else None)


def test_a_title_from_a_link_is_text_and_loads_no_picture(start: Start) -> None:
    app = start("pages/decide/answer.py", case=preset("extraction", title="![x](https://example.org/x.png) **bold**"))
    assert not app.exception
    shown = "\n".join(str(element.proto.body) for element in app.get("html"))
    assert '">![x](https://example.org/x.png) **bold**</div>' in shown


def test_a_fault_in_the_sidebar_is_told_in_words(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> str:
        raise ValueError("not for the reader")

    monkeypatch.setattr(state, "case_title", broken)
    app = start("pages/decide/answer.py", case=preset("extraction"))
    assert not app.exception
    assert [error.value.splitlines()[0] for error in app.error] == [Translator("en")("app.page_failed")]


def test_the_address_brings_the_case_back(start: Start) -> None:
    app = start(case=preset("extraction", hourly_rate=77, title="a & b = c"))
    again = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    for name, values in app.query_params.items():
        again.query_params[name] = values[0] if isinstance(values, list) else values
    again.run()
    assert again.session_state["scenario"] == preset("extraction", hourly_rate=77, title="a & b = c")


def test_no_verdict_of_the_case_stands_below_what_is_tried_out_on_present(start: Start) -> None:
    """Present tells the verdict of the sliders; that of the unchanged case stood at the foot of a telephone."""
    case = preset("extraction")
    assert 'class="line"' in texts(start("pages/money/cash_flow.py", case=case))
    assert 'class="line"' not in texts(start("pages/decide/present.py", case=case))


def test_what_if_changes_the_page_but_not_the_case_until_it_is_kept(start: Start) -> None:
    app = start("pages/money/cash_flow.py", case=preset("extraction"))
    slider = next(s for s in app.slider if "api_price_decline" in s.key)
    slider.set_value(85.5)
    app.run()
    assert app.session_state["scenario"] == preset("extraction")
    assert app.session_state["what_if"] == {"api_price_decline": pytest.approx(0.855)}
    app.button(key="w.keep").click().run()
    assert app.session_state["scenario"].api_price_decline == pytest.approx(0.855)
    assert app.session_state["what_if"] == {}


def test_all_figures_are_all_there_are_but_the_one_that_the_volume_ladder_tells(start: Start) -> None:
    app, t = start("pages/money/cash_flow.py", case=preset("extraction")), Translator("en")
    shown = unescape(texts(app))
    assert [name for name in METRICS if t(f"metric.{name}.label") not in shown] == ["break_even_requests"]
    assert t("ui.ladder") in shown


def test_presentation_view_shows_the_timeline_and_folds_training_cost_against_savings(start: Start) -> None:
    app = start("pages/decide/present.py", case=preset("extraction"))
    assert len(app.get("vega_lite_chart")) == 1
    assert not app.title
    opened = start("pages/decide/present.py", case=preset("extraction"), fold="present.savings")
    assert len(opened.get("vega_lite_chart")) == 2


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("about", ["memory", "fits", "speed", "single", "loaded"])
def test_every_estimate_is_held_against_measurements(start: Start, about: str, language: str) -> None:
    app = start("pages/evidence/accuracy.py", language)
    app.segmented_control(key="accuracy.about").set_value(about).run()
    assert not app.exception
    assert not app.error
    t = Translator(language)
    assert t(f"estimates.compared.{about}") in [heading.value for heading in app.subheader]
    assert len(tables(app)) == 2
    assert len(app.dataframe[0].value) > 70


@pytest.mark.parametrize("language", languages())
def test_every_service_and_model_shows_when_it_ends(start: Start, language: str) -> None:
    app = start("pages/evidence/prices.py", language, fold="endings", case=preset("extraction"))
    drawn = [str(each.proto.body) for each in app.get("html") if "<table" in str(each.proto.body)]
    services, models = (
        next(body for body in drawn if escape(Translator(language)(f"page.prices.{name}")) in body)
        for name in ("services", "lifetimes")
    )
    assert all(escape(Translator(language).fact(route.name)) in services for route in catalog().routes.values())
    assert all(name in models for name in catalog().lifetimes)


def test_who_decides_becomes_part_of_the_case(start: Start) -> None:
    app = start("pages/decide/answer.py", case=preset("extraction"), fold="answer.gates")
    app.text_input(key="w.owner.data.en").set_value(" Chen ").run()
    assert app.session_state["scenario"].owners == {"data": "Chen"}
    app.text_input(key="w.owner.evaluation.en").set_value("Li").run()
    assert app.session_state["scenario"].owners == {"data": "Chen", "evaluation": "Li"}
    app.text_input(key="w.owner.data.en").set_value("").run()
    assert app.session_state["scenario"].owners == {"evaluation": "Li"}
    assert not app.error


def test_an_owner_of_an_unknown_gate_is_not_passed_over(start: Start) -> None:
    app = start("pages/decide/answer.py", case=preset("extraction", owners={"moon": "Li"}), fold="answer.gates")
    assert any("moon" in warning.value for warning in app.warning)


@pytest.mark.parametrize("language", languages())
def test_the_recommendation_speaks_against_itself(start: Start, language: str) -> None:
    app = start("pages/decide/answer.py", language, case=preset("article-001-extended"), fold="answer.counter")
    t, shown = Translator(language), texts(app)
    assert t("answer.becomes_yes") in shown or t("page.answer.switching") in shown
    assert t("verdict.no.label") in shown
    assert t("ui.settled.evaluate_other") in shown


def test_an_answer_of_the_preset_that_was_taken_back_stays_so_in_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    app.query_params.update({"preset": "extraction", "gate_result": "~", "lang": "en"})
    app.run()
    assert app.session_state["scenario"] == preset("extraction", gate_result=None)
    assert not app.error
    assert app.query_params["gate_result"] in ("~", ["~"])
