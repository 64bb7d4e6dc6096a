"""A case is saved from the bar, found again by its address, and never written over unseen."""

from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from advisor.core.places import APP
from advisor.store import cases
from advisor.store.database import Store, open_store
from advisor.store.records import LOCAL_USER, Actor

SECONDS = 60
ME = Actor(LOCAL_USER, datetime(2026, 1, 1, tzinfo=UTC))


def start(**query: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=SECONDS)
    app.query_params.update({"lang": "en", **query})
    return app.run()


@pytest.fixture
def store(database_of_its_own: str) -> Store:
    return open_store(database_of_its_own)


def saved(name: str = "Help desk", **query: str) -> AppTest:
    app = start(daily_requests="20000", budget="20000", quality_need="balanced", **query)
    app.button(key="w.bar.save").click().run()
    app.text_input(key="w.save.name").set_value(name)
    return app.button(key="w.save.go").click().run()


def test_a_saved_case_has_its_name_and_a_short_address(store: Store) -> None:
    app = saved()
    assert not app.exception
    (case,) = cases.listed(store, ME)
    assert (case.name, case.latest) == ("Help desk", 1)
    assert app.session_state[history.LINK].params == {"case": case.id, "lang": "en"}
    assert any("Help desk" in str(each.proto.body) for each in app.get("html"))
    assert cases.revision(store, ME, case.id).content.pdf.startswith(b"%PDF")
