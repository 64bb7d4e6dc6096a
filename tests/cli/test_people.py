"""Who signed in, on the command line: listed with the keys, and deleted when that is asked for."""

import json
from pathlib import Path

import pytest

from advisor.core.places import DATABASE
from advisor.store import people
from advisor.store.database import open_store
from tests.store.made import actor

ADA = "https://id.example|ada"


@pytest.fixture(autouse=True)
def own_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(DATABASE, f"sqlite:///{tmp_path / 'kept' / 'cases.db'}")


@pytest.fixture
def ada(monkeypatch: pytest.MonkeyPatch) -> str:
    """Ada's key, once she has signed in, as whom the command line then acts."""
    store = open_store()
    people.seen(store, actor(ADA), "Ada", "ada@example.org", "https://id.example")
    store.close()
    monkeypatch.setenv("ADVISOR_USER", ADA)
    return ADA


@pytest.mark.parametrize("language", ["en", "zh"])
def test_people_are_listed_with_their_keys(run, ada: str, language: str) -> None:
    out, _ = run("store", "people", "--language", language)
    seen = {"en": "Nov 20, 2026, 09:00 UTC", "zh": "2026年11月20日 09:00 UTC"}[language]
    assert all(told in out for told in (ada, "Ada", "ada@example.org", seen))
    (told,) = json.loads(run("store", "people", "--json")[0])
    assert (told["user"], told["last_seen"]) == (ada, "2026-11-20T09:00:00+00:00")


def test_no_people_are_told_as_none(run) -> None:
    assert run("store", "people")[0] == "No sign-in so far.\n"


@pytest.mark.usefixtures("short_reports")
def test_a_person_is_forgotten_and_the_cases_stay(run, ada: str) -> None:
    run("cases", "save", "chat", "--name", "Hers")
    out, _ = run("store", "forget", ada)
    assert "that stay: 1" in out
    assert json.loads(run("store", "people", "--json")[0]) == []
    assert len(json.loads(run("cases", "list", "--json")[0])) == 1


def test_a_key_of_nobody_is_an_error_that_says_how_to_go_on(run, ada: str) -> None:
    _, err = run("store", "forget", "ada@example.org", code=2)
    assert "store people" in err
