"""Kept cases on the page Compare: chosen in a fold that asks the database when it is opened, at one of two prices."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from advisor.core.places import APP
from advisor.store import cases
from advisor.store.database import Store, open_store
from advisor.store.records import LOCAL_USER, Actor
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.ui import chosen, database
from tests.cases import DAY, preset
from tests.kept import content

BEFORE = DAY - timedelta(days=120)
ME = Actor(LOCAL_USER, datetime(BEFORE.year, BEFORE.month, BEFORE.day, 9, tzinfo=UTC))
FOLD = "fold.compare.kept"


@pytest.fixture
def store(database_of_its_own: str) -> Store:
    return open_store(database_of_its_own)


def mail(store: Store) -> str:
    """A kept case of two revisions."""
    case = cases.create(store, ME, "Mail triage", content(preset("extraction"), BEFORE), "first look")
    cases.save(store, ME, case, 1, content(preset("extraction", ops_hours=30), BEFORE))
    return case


def page(language: str = "en", *, opened: bool = False, **state: Any) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.session_state["language"], app.session_state["scenario"] = language, preset("extraction")
    app.session_state[FOLD] = opened
    for name, value in state.items():
        app.session_state[name] = value
    app.run()
    app.switch_page("pages/decide/compare.py").run()
    assert not app.exception
    return app


def with_chosen(case: str, numbers: tuple[int, ...], how: str, language: str = "en") -> AppTest:
    return page(language, opened=True, **{chosen.KEPT: {case: numbers}, chosen.PRICES: how})


def drawn(app: AppTest) -> str:
    return " ".join(html.proto.body for html in app.get("html"))


def captions(app: AppTest) -> str:
    return " ".join(caption.value for caption in app.caption).replace("\\", "")


def test_the_database_is_asked_only_when_the_fold_is_opened(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    mail(store)
    asked = []
    original = cases.listed
    monkeypatch.setattr(cases, "listed", lambda *given, **more: asked.append(1) or original(*given, **more))
    monkeypatch.setattr(database, "_opened", lambda address: asked.append(1) or store)
    page()
    assert asked == []
    page(opened=True)
    assert asked


@pytest.mark.parametrize("language", languages())
def test_where_nothing_is_kept_the_fold_says_how(language: str) -> None:
    app = page(language, opened=True)
    assert Translator(language)("compare_kept.nothing") in [each.value for each in app.markdown]


def test_a_case_stands_there_with_its_latest_revision_until_another_is_chosen(store: Store) -> None:
    case = mail(store)
    app = page(opened=True)
    app.multiselect(key="w.compare.kept.en").set_value([case]).run()
    assert "Mail triage, revision 2" in drawn(app)
    app.multiselect(key=f"w.compare.revisions.{case}.en").set_value([1, 2]).run()
    assert not app.exception
    assert "Mail triage, revision 1" in drawn(app)
    assert "Mail triage, revision 2" in drawn(app)
    app.multiselect(key="w.compare.kept.en").set_value([]).run()
    assert "Mail triage" not in drawn(app)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("how", [chosen.TODAY, chosen.AS_KEPT])
def test_the_switch_says_which_prices(store: Store, how: str, language: str) -> None:
    app, t = with_chosen(mail(store), (1, 2), how, language), Translator(language)
    t_day = t.date(BEFORE)
    name = t("compare_kept.name", case="Mail triage", number=1, date=t_day)
    key = "compare_kept.today" if how == chosen.TODAY else "compare_kept.as_kept"
    assert t(key, case=name, date=t_day) in captions(app)
    assert not app.error


def test_another_price_switch_computes_anew(store: Store) -> None:
    app = with_chosen(mail(store), (1,), chosen.TODAY)
    before = drawn(app)
    app.radio(key="w.compare.prices.en").set_value(chosen.AS_KEPT).run()
    assert not app.exception
    assert drawn(app) != before


@pytest.mark.parametrize("language", languages())
def test_a_case_that_may_not_be_seen_reads_like_none_such(store: Store, language: str) -> None:
    theirs = cases.create(store, Actor("bob", ME.at), "Secret plan", content(preset("chat"), BEFORE))
    state = {chosen.KEPT: {theirs: (1,)}}
    told = [error.value.replace(theirs, "") for error in page(language, **state).error]
    none = [error.value for error in page(language, **{chosen.KEPT: {"": (1,)}}).error]
    assert len(told) == 1
    assert told == none
    assert "Secret plan" not in drawn(page(language, opened=True, **state))


def test_a_case_that_is_gone_is_no_longer_chosen_once_the_fold_is_open(store: Store) -> None:
    case = mail(store)
    cases.remove(store, ME, case)
    app = with_chosen(case, (1,), chosen.TODAY)
    assert not app.error
    assert app.session_state[chosen.KEPT] == {}
