"""Where people sign in nobody sees anything before, and nothing of one person is left to the next in a session."""

import re
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from hypothesis import given
from hypothesis import strategies as some
from streamlit.runtime.secrets import Secrets
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.util import patch_config_options

from advisor.core.places import APP
from advisor.core.sign_in import CALLBACK, NEEDED
from advisor.scenario import Scenario
from advisor.store import cases
from advisor.store import people as known
from advisor.store.access import LONGEST_USER, plain_text
from advisor.store.database import open_store
from advisor.store.records import LOCAL_USER
from advisor.text.i18n import Translator
from advisor.ui import observed, people, shell, state
from advisor.ui.layout import plain
from tests.store.made import actor, content
from tests.ui.signed_in import ADA, ANSWERS, BOB, ISSUER, NOBODY, SECONDS, SETTINGS, claims, has, start, user

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = Translator("en")
pytestmark = pytest.mark.usefixtures("short_reports")
ALLOWED = {state.LANGUAGE, people.WHOSE, observed.SESSION, "w.sign_in"}
"""What stands in the session of nobody."""


def session(app: AppTest) -> dict[str, Any]:
    return app.session_state.to_dict()


def saved(app: AppTest, name: str) -> str:
    """Save what the session works on; the id of the case."""
    app.button(key="w.bar.save").click().run()
    app.text_input(key="w.save.name").set_value(name)
    app.button(key="w.save.go").click().run()
    return str(app.query_params["case"])


# -- without settings nothing is asked ----------------------------------------------------------------


def test_without_settings_the_one_user_is_asked_nothing() -> None:
    app = AppTest.from_file(str(APP), default_timeout=SECONDS).run()
    assert not app.exception
    assert has(app, "w.bar.save")
    assert not has(app, "w.sign_in")
    assert not has(app, "w.bar.sign_out")


# -- nobody -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nobody_sees_one_page_that_asks_to_sign_in(language: str) -> None:
    app, t = start(NOBODY, lang=language, **ANSWERS), Translator(language)
    assert not app.exception
    assert [title.value for title in app.title] == [t("app.title")]
    assert [button.label for button in app.button] == [t("people.sign_in")]
    assert app.button(key="w.sign_in")
    assert app.get("button_group")
    assert set(session(app)) <= ALLOWED


def test_who_is_not_said_to_be_signed_in_is_nobody() -> None:
    for said in ({**ADA, "is_logged_in": False}, {**ADA, "is_logged_in": "yes"}, {**ADA, "sub": ""}, {**ADA, "iss": 7}):
        assert has(start(said), "w.sign_in")


@pytest.mark.parametrize("name", NEEDED)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_settings_that_lack_something_are_told_by_name(name: str, language: str) -> None:
    app = start(ADA, {**SETTINGS, name: " "}, language)
    told = [error.value.replace("\\", "") for error in app.error]
    assert len(told) == 1
    assert name in told[0]
    assert [other for other in NEEDED if other in told[0]] == [name]
    assert not app.exception
    assert not app.button


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({}, "redirect_uri, cookie_secret, client_id, client_secret, server_metadata_url"),
        ("on", "cannot be read"),
        ({**SETTINGS, "redirect_uri": "http://localhost:8501/"}, CALLBACK),
        ({**SETTINGS, "cookie_secret": "short"}, "at least 32"),
    ],
)
def test_settings_at_fault_are_told_and_open_nothing(settings: Any, word: str) -> None:
    app = AppTest.from_file(str(APP), default_timeout=SECONDS)
    app.secrets = {"auth": settings}
    app.run()
    assert not app.exception
    assert [word in error.value.replace("\\", "") for error in app.error] == [True]
    assert not app.button


@pytest.mark.parametrize("content", [b"[auth\n", b"auth = \xff", b'auth = "on"'])
def test_secrets_that_cannot_be_read_open_nothing(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "secrets.toml"
    path.write_bytes(content)
    monkeypatch.setattr(st, "get_option", lambda name: [str(path)] if name == "secrets.files" else None)
    with patch_config_options({"secrets.files": [str(path)]}):
        monkeypatch.setattr(st, "secrets", Secrets())
        assert people.asks()
        assert [issue.code for issue in people.faults()] == ["sign_in_unreadable"]
        for others in ("[other]\nkey = 1\n", None):
            monkeypatch.setattr(st, "secrets", Secrets())
            path.unlink() if others is None else path.write_text(others)
            assert not people.asks()


def test_secrets_that_are_named_and_not_there_open_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither alone nor beside others: the section may stand in the one that is not there."""
    missing, other = tmp_path / "secrets.toml", tmp_path / "other.toml"
    other.write_text("[other]\nkey = 1\n")
    for files in ([missing], [other, missing]):
        monkeypatch.setenv("STREAMLIT_SECRETS_FILES", " ".join(map(str, files)))
        with patch_config_options({"secrets.files": list(map(str, files))}):
            monkeypatch.setattr(st, "secrets", Secrets())
            assert [issue.code for issue in people.faults()] == ["sign_in_unreadable"]
    missing.write_text("[other]\nkey = 1\n")
    with patch_config_options({"secrets.files": [str(missing)]}):
        monkeypatch.setattr(st, "secrets", Secrets())
        assert not people.asks()


@pytest.mark.parametrize("owner", [user(ADA), LOCAL_USER])
def test_a_page_that_is_open_to_all_shows_nobody_no_case(
    owner: str, database_of_its_own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = cases.create(open_store(database_of_its_own), actor(owner), "Kept", content())
    assert "shared" in shell.OPEN_TO_ALL
    monkeypatch.setattr(shell, "OPEN_TO_ALL", frozenset({""}))
    app = start(NOBODY, case=case)
    assert not has(app, "w.sign_in")
    assert "Kept" not in "".join(str(each) for each in (*app.get("html"), *app.markdown, *app.error))
    assert session(app)[state.SCENARIO].answers() == {}


# -- who one is ---------------------------------------------------------------------------------------


def test_a_case_is_kept_as_that_of_who_signed_in(database_of_its_own: str) -> None:
    case = saved(start(ADA, **ANSWERS), "Hers")
    store = open_store(database_of_its_own)
    assert [each.id for each in cases.listed(store, actor(user(ADA)))] == [case]
    assert cases.listed(store, actor(LOCAL_USER)) == ()
    person = known.by_user(store, user(ADA))
    assert person is not None
    assert (person.name, person.email, person.issuer) == ("Ada", "ada@example.org", ISSUER)


def test_the_bar_says_who_one_is() -> None:
    app = start(ADA)
    assert app.button(key="w.bar.sign_out").label == ENGLISH("people.sign_out")
    assert plain("ada@example.org") in [each.value for each in app.markdown]


def test_a_person_is_called_as_at_the_last_sign_in() -> None:
    start(ADA)
    start({**ADA, "name": "Ada Byron"})
    start({**claims("Eve"), "name": None})
    assert people.name_of(user(ADA), ENGLISH) == "Ada Byron"
    assert people.name_of(user(claims("Eve")), ENGLISH) == "eve@example.org"
    assert people.name_of("somebody", ENGLISH) == "somebody"
    assert people.name_of(LOCAL_USER, ENGLISH) == ENGLISH("people.local")


@pytest.mark.parametrize("said", [False, "false"])
def test_an_e_mail_that_is_not_verified_lets_nobody_in(database_of_its_own: str, said: object) -> None:
    start(claims("Eve", email="ada@example.org", email_verified=said))
    person = known.by_user(open_store(database_of_its_own), user(claims("Eve")))
    assert person is not None
    assert person.email == ""


@given(some.text(min_size=1, max_size=400), some.text(min_size=1, max_size=400))
def test_a_key_is_one_line_of_text_that_the_store_takes_as_it_is(issuer: str, subject: str) -> None:
    key = people.key_of(issuer, subject)
    assert plain_text(key, "USER", LONGEST_USER) == key
    assert "|" in key


short = some.text("|% a\u00e9", min_size=1, max_size=3)


@given(short, short, short, short)
def test_two_people_never_have_the_same_key(issuer: str, subject: str, other: str, another: str) -> None:
    same = (issuer, subject) == (other, another)
    assert (people.key_of(issuer, subject) == people.key_of(other, another)) == same
    long = "x" * 400
    assert (people.key_of(issuer + long, subject) == people.key_of(other + long, another)) == same


# -- a session that changes hands ---------------------------------------------------------------------


def marked(app: AppTest, *marks: str) -> list[str]:
    """The keys of the session under which one of these words stands."""
    return [name for name, value in session(app).items() if any(mark in f"{name} {value!r}" for mark in marks)]


def at_work() -> tuple[AppTest, str]:
    """Ada has saved a case, changed it, typed what is refused, and holds answers in her session."""
    app = start(ADA, **ANSWERS)
    case = saved(app, "Hers alone")
    app.text_input(key="w.main.daily_requests.en").set_value("31234").run()
    app.text_input(key="w.main.budget.en").set_value("plenty").run()
    assert all(marked(app, mark) for mark in ("31234", "Hers alone", "plenty"))
    return app, case


def test_who_copies_the_link_of_a_kept_case_is_told_whom_it_is_for() -> None:
    said = "".join(str(each.proto.body) for each in at_work()[0].get("html"))
    assert ENGLISH("ui.link_copied_members") in said
    unkept = "".join(str(each.proto.body) for each in start(ADA, **ANSWERS).get("html"))
    assert ENGLISH("ui.link_copied_members") not in unkept
    assert ENGLISH("ui.link_copied") in unkept


def test_signing_out_leaves_nothing() -> None:
    app, case = at_work()
    app.button(key="w.bar.sign_out").click().run()
    assert not app.exception
    assert has(app, "w.sign_in")
    assert set(session(app)) <= ALLOWED
    assert app.query_params == {}
    assert marked(app, case, "31234", "Hers alone", "plenty", user(ADA)) == []


def test_another_person_in_the_session_finds_nothing_of_the_first() -> None:
    app, case = at_work()
    app.user = dict(BOB)
    app.run()
    assert not app.exception
    assert session(app)[state.SCENARIO].answers() == {}
    assert marked(app, case, "31234", "Hers alone", "plenty", user(ADA), "20000") == []
    assert "case" not in app.query_params
    shown = "".join(str(each) for each in (*app.get("html"), *app.text_input, *app.markdown))
    assert "Hers alone" not in shown
    assert "31234" not in shown


def test_who_signs_in_keeps_the_address_that_was_asked_for() -> None:
    app = start(NOBODY, **ANSWERS)
    app.user = dict(ADA)
    app.run()
    assert session(app)[state.SCENARIO].answers()["daily_requests"] == 20000


def test_the_same_person_goes_on() -> None:
    app, case = at_work()
    app.run()
    assert app.query_params["case"] == f"{case}@1"
    assert marked(app, "31234")


# -- what is remembered for all sessions --------------------------------------------------------------

CACHED = re.compile(r"@(?:st\.cache_\w+|lru_cache|cache)\b.*\n\s*def (\w+)\(\s*(\w*)")
OF_A_CASE = {"_advice", "_examination", "_pdf", "_slides", "_compared", "_prospect"}
"""Remembered by every answer in the case: whoever has the same answers has the same case."""
OF_A_REVISION = {"_repriced", "_recomputed", "_printed"}
"""Remembered by the hash of all that was frozen: whoever has it has the same revision."""
OF_A_LISTED_CASE = {"_kept_answers"}
"""Remembered by the id of a case and the number of a revision, asked only of cases in the list of the user."""
OF_A_FILE = {"_read"}
"""Remembered by all that stands in a file: whoever has it has the same cases."""
OF_NO_CASE = {
    *("catalog", "translator_of", "_runs", "_validation", "_chart", "_opened", "_name"),
    *("_input", "panels"),  # of the advice itself, which is one of a case
    "_dots",  # of a picture itself
    *("_own_catalog", "_of_server", "_built_so_far"),  # of a worker, and of a server
}


def test_what_is_remembered_for_all_sessions_is_known_by_its_content() -> None:
    """Another cached function: is what it is remembered by all that stands in it?"""
    sources = sorted((ROOT / "advisor" / "ui").glob("*.py"))
    found = dict(each for path in sources for each in CACHED.findall(path.read_text(encoding="utf-8")))
    remembered_by = {
        "answers": OF_A_CASE,
        "content_hash": OF_A_REVISION,
        "case_id": OF_A_LISTED_CASE,
        "content": OF_A_FILE,
    }
    assert set(found) == OF_NO_CASE.union(*remembered_by.values())
    for first, names in remembered_by.items():
        assert {found[name] for name in names} == {first}


def test_every_field_of_a_case_is_one_of_its_answers() -> None:
    assert [name for name, told in Scenario.model_fields.items() if told.exclude] == []
    assert Scenario.__private_attributes__ == {}
