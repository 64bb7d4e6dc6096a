"""Notes on numbers of the open kept case: on the page Method, in the PDF, and in the next revision."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from advisor.core.places import APP
from advisor.report.keeping import report_of
from advisor.store import beside, cases
from advisor.store.database import Store, open_store
from advisor.store.records import LOCAL_USER, Actor
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.ui import database, exports
from advisor.ui.workers import Turn
from tests.cases import DAY, advice, preset
from tests.kept import content

ME = Actor(LOCAL_USER, datetime(DAY.year, DAY.month, DAY.day, 9, tzinfo=UTC))


@pytest.fixture
def store(database_of_its_own: str) -> Store:
    return open_store(database_of_its_own)


@pytest.fixture
def case(store: Store) -> str:
    found = cases.create(store, ME, "Mail triage", content(preset("extraction"), DAY))
    beside.add_note(store, ME, found, "ops_hours", "two people, <b>a day</b> a week", "Kim, operations")
    return found


def method(language: str = "en", **query: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.query_params.update({"lang": language, **query})
    app.run()
    app.switch_page("pages/evidence/method.py").run()
    assert not app.exception
    return app


def drawn(app: AppTest) -> str:
    return " ".join(html.proto.body for html in app.get("html"))


@pytest.mark.parametrize("language", languages())
def test_method_shows_what_was_told_about_the_open_case(case: str, language: str) -> None:
    t, app = Translator(language), method(language, case=case)
    assert t("told.heading") in [header.value for header in app.header]
    assert t("field.ops_hours.label") in drawn(app)
    assert "&lt;b&gt;a day&lt;/b&gt;" in drawn(app)
    app.text_input(key=f"w.search.{language}").set_value("kim, op").run()
    assert "Kim, operations" in drawn(app)
    assert not app.info


def test_a_case_that_is_not_kept_asks_no_database(monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    def asked(*_: Any) -> None:
        raise AssertionError("the database was asked")

    monkeypatch.setattr(database, "store", asked)
    app = method(preset="extraction")
    assert Translator("en")("told.heading") not in [header.value for header in app.header]


def test_a_case_taken_away_meanwhile_is_told(case: str, store: Store) -> None:
    app = method(case=case)
    cases.remove(store, ME, case)
    app.run()
    assert not app.exception
    assert [Translator("en")("error.kept_not_there", field="Case")] == [
        error.value.replace("\\", "") for error in app.error
    ]


def test_the_pdf_has_them(case: str, store: Store) -> None:
    notes, found = beside.notes_of(store, ME, case), preset("extraction")
    pdf = exports._pdf.__wrapped__("", "", DAY.isoformat(), ("en", ""), notes, advice(found), found, Turn())
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    assert "Kim, operations" in text


def test_the_next_revision_freezes_them_in_its_report(case: str, store: Store) -> None:
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.query_params.update({"lang": "en", "case": case})
    app.run()
    app.button(key="w.bar.save").click().run()
    app.button(key="w.save.go").click().run()
    assert not app.exception
    blocks = report_of(cases.revision(store, ME, case, 2)).blocks
    assert any("Kim, operations" in row for block in blocks for row in getattr(block, "rows", ()))
