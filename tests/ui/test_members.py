"""The owner lets people in by their e-mail, sees who is in, and shuts them out; nobody else sees a list."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from advisor.store import access, cases, people
from advisor.store.database import Store, open_store
from advisor.ui.layout import plain
from tests.store.made import actor, content
from tests.ui.signed_in import ADA, BOB, ISSUER, SECONDS, SETTINGS, user

HERS, HIS = actor(user(ADA)), actor(user(BOB))
Draw = Callable[..., AppTest]


@pytest.fixture
def store(database_of_its_own: str) -> Store:
    opened = open_store(database_of_its_own)
    people.seen(opened, HERS, "Ada", "ada@example.org", ISSUER)
    people.seen(opened, HIS, "Bob", "bob@example.org", ISSUER)
    return opened


@pytest.fixture
def case(store: Store) -> str:
    """The id of a case of Ada's."""
    return cases.create(store, HERS, "Hers", content())


def page() -> None:
    import streamlit as st

    from advisor.store import cases
    from advisor.text.i18n import Translator
    from advisor.ui import database, members, people

    members.draw(cases.find(database.store(), people.actor(), st.session_state["case"]), Translator("en"))


def drawn(case: str, said: dict[str, object] | None) -> AppTest:
    """The part of a page, as a person sees it; ``None`` is the one user where nobody signs in."""
    app = AppTest.from_function(page, default_timeout=SECONDS)
    if said is not None:
        app.secrets, app.user = {"auth": SETTINGS}, dict(said)
    app.session_state["case"] = case
    return app.run()


def let(app: AppTest, case: str, email: str) -> AppTest:
    app.text_input(key=f"w.members.{case}.email").set_value(email)
    return app.button(key=f"w.members.{case}.let").click().run()


def shown(app: AppTest) -> str:
    parts = (*app.markdown, *app.caption, *app.error, *app.text_input)
    return " ".join(str(each.value) for each in parts)


def test_where_nobody_signs_in_nothing_is_drawn(store: Store) -> None:
    app = drawn(cases.create(store, actor("local"), "Mine", content()), None)
    assert not app.exception
    assert not app.text_input
    assert not app.button


def test_a_person_is_let_in_and_shut_out(store: Store, case: str) -> None:
    app = let(drawn(case, ADA), case, " BOB@example.org")
    assert not app.exception
    assert not app.error
    assert access.members_of(store, HERS, case) == {HIS.user: "viewer"}
    assert plain("Bob, bob@example.org: View") in shown(app)
    assert app.text_input(key=f"w.members.{case}.email").value == ""
    app.button(key=f"w.members.{case}.out.{HIS.user}").click().run()
    assert access.members_of(store, HERS, case) == {}
    assert "Bob" not in shown(app)


def test_a_person_may_be_let_change(store: Store, case: str) -> None:
    app = drawn(case, ADA)
    app.get("button_group")[0].set_value("editor")
    let(app, case, "bob@example.org")
    assert access.members_of(store, HERS, case) == {HIS.user: "editor"}


@pytest.mark.parametrize(
    ("email", "word"),
    [("eve@example.org", "no sign-in is known"), ("ada@example.org", "your own"), ("", "E-mail: write one line")],
)
def test_an_e_mail_that_lets_nobody_in_is_told(store: Store, case: str, email: str, word: str) -> None:
    app = let(drawn(case, ADA), case, email)
    assert [word in error.value.replace("\\", "") for error in app.error] == [True]
    assert access.members_of(store, HERS, case) == {}
    assert "bob" not in shown(app).lower()


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_who_is_let_in_sees_no_list(store: Store, case: str, role: str) -> None:
    access.let(store, HERS, case, HIS.user, role)
    app = drawn(case, BOB)
    assert not app.exception
    assert not app.text_input
    assert shown(app).strip() == ""


def test_an_owner_who_no_longer_is_one_lets_nobody_in(store: Store, case: str) -> None:
    app = drawn(case, ADA)
    cases.remove(store, HERS, case)
    app.text_input(key=f"w.members.{case}.email").set_value("bob@example.org")
    app.button(key=f"w.members.{case}.let").click().run()
    assert cases.listed(store, HIS) == ()
