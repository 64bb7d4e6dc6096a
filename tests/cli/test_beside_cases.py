"""Share links, notes, members, the audit and drafts of kept cases on the command line."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from advisor.cli.parser import LETS
from advisor.core.places import DATABASE, PACKAGE
from advisor.store import beside, cases
from advisor.store.database import open_store
from advisor.store.records import ACCESS, LOCAL_USER, Actor
from advisor.text.i18n import Translator
from tests.store.made import content

APP = "https://advisor.example.com/tools"


@pytest.fixture(autouse=True)
def own_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(DATABASE, f"sqlite:///{tmp_path / 'cases.db'}")
    monkeypatch.delenv("ADVISOR_USER", raising=False)


@pytest.fixture
def kept() -> str:
    store, me = open_store(), Actor(LOCAL_USER, datetime.now(UTC))
    case_id = cases.create(store, me, "Mail triage", content(), "first look")
    cases.save(store, me, case_id, 1, content(2000), "volume measured")
    store.close()
    return case_id


def behind(token: str) -> int:
    """The number of the revision that a token shows now. Raises :class:`~advisor.store.beside.UnknownLink`."""
    store = open_store()
    try:
        return beside.shared(store, token, datetime.now(UTC)).head.number
    finally:
        store.close()


def test_who_may_be_let_in_is_what_the_store_knows() -> None:
    assert (*ACCESS[:2], "none") == LETS


def test_a_link_is_made_listed_and_revoked(run, kept: str) -> None:
    made = json.loads(run("cases", "share", kept, "--days", "7", "--app-address", APP, "--json")[0])
    address = urlsplit(made["address"])
    (token,) = parse_qs(address.query)["link"]
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{APP}/shared"
    assert parse_qs(address.query)["lang"] == ["en"]
    assert behind(token) == made["revision"] == 2
    last = (datetime.now(UTC) + timedelta(days=7)).date()
    assert datetime.fromisoformat(made["expires_at"]).date() == last
    (listed,) = json.loads(run("cases", "links", kept, "--json")[0])
    assert (listed["id"], listed["state"]) == (made["id"], "works")
    assert token not in json.dumps(listed)
    assert json.loads(run("cases", "revoke", kept, made["id"], "--json")[0])["state"] == "revoked"
    with pytest.raises(beside.UnknownLink):
        behind(token)
    assert "revoked on" in run("cases", "links", kept)[0]


def test_an_older_revision_is_shared_below_an_app_that_is_not_named(run, kept: str) -> None:
    out, _ = run("cases", "share", kept, "--revision", "1", "--language", "zh")
    address = next(line for line in out.splitlines() if line.startswith("/shared?"))
    assert behind(parse_qs(urlsplit(address).query)["link"][0]) == 1
    assert "--app-address" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("share", "CASE", "--days", "0"), "--days"),
        (("share", "CASE", "--days", "99999999999"), "--days"),
        (("share", "CASE", "--revision", "9"), "9"),
        (("share", "CASE", "--revision", "0"), "0"),
        (("share", "CASE", "--app-address", "advisor?x"), "--app-address"),
        (("revoke", "CASE", "nosuchlink"), "nosuchlink"),
        (("note", "CASE", "colour of the sky", "blue"), "colour of the sky"),
        (("note", "CASE", "budget", " "), "NOTE"),
        (("let", "CASE", "bob", "boss"), "boss"),
        (("let", "CASE", " ", "viewer"), "USER"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_wrong_call_is_told_and_leaves_nothing(
    run, kept: str, arguments: tuple[str, ...], said: str, language: str
) -> None:
    action, *others = (kept if each == "CASE" else each for each in arguments)
    _, err = run("cases", action, *others, "--language", language, code=2)
    assert said in err
    assert "Traceback" not in err
    assert json.loads(run("cases", "links", kept, "--json")[0]) == []
    assert json.loads(run("cases", "notes", kept, "--json")[0]) == []


def test_notes_say_who_told_what_about_which_number(run, kept: str) -> None:
    assert "cases note" in run("cases", "notes", kept)[0]
    run("cases", "note", kept, "hourly_rate", "80 all in", "--told-by", "Finance")
    by_label = run("cases", "note", kept, "Requests a day", "from the gateway", "--json")[0]
    assert json.loads(by_label)["assumption"] == "daily_requests"
    first, second = json.loads(run("cases", "notes", kept, "--json")[0])
    assert (first["assumption"], first["text"], first["told_by"]) == ("hourly_rate", "80 all in", "Finance")
    assert second["by"] == LOCAL_USER
    for language in ("en", "zh"):
        assert "Finance" in run("cases", "notes", kept, "--language", language)[0]


def test_who_is_let_in_sees_the_case_and_no_longer(run, kept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run("cases", "let", kept, "bob", "viewer")
    assert "may read it" in run("cases", "members", kept)[0]
    told = json.loads(run("cases", "members", kept, "--json")[0])
    assert told == [{"user": LOCAL_USER, "access": "owner"}, {"user": "bob", "access": "viewer"}]
    monkeypatch.setenv("ADVISOR_USER", "bob")
    assert json.loads(run("cases", "links", kept, "--json")[0]) == []
    for action in (("share", kept), ("note", kept, "budget", "more"), ("let", kept, "bob", "editor")):
        assert "Mail triage" in run("cases", *action, code=2)[1]
    monkeypatch.delenv("ADVISOR_USER")
    run("cases", "let", kept, "bob", "none", "--language", "zh")
    monkeypatch.setenv("ADVISOR_USER", "bob")
    for action in ("links", "notes", "members", "audit", "share"):
        assert kept in run("cases", action, kept, code=2)[1]


def test_the_audit_says_who_did_what(run, kept: str) -> None:
    made = json.loads(run("cases", "share", kept, "--json")[0])
    run("cases", "revoke", kept, made["id"])
    told = json.loads(run("cases", "audit", kept, "--json")[0])
    assert [entry["action"] for entry in told] == ["created", "saved", "shared", "revoked"]
    for language, word in (("en", "link revoked"), ("zh", "撤销链接")):
        assert word in run("cases", "audit", kept, "--language", language)[0]


def test_every_action_that_the_store_writes_down_has_words() -> None:
    written = re.compile(r'record\(connection, [\w.]+, [\w.]+, "(\w+)"')
    found = {name for path in (PACKAGE / "store").glob("*.py") for name in written.findall(path.read_text("utf-8"))}
    assert {"created", "shared", "access"} < found
    for language in ("en", "zh"):
        t = Translator(language)
        assert [name for name in found - {"restored"} if not t.has(f"sharing.action.{name}")] == []  # of no one case


def test_drafts_are_those_of_the_user(run, kept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "not saved" in run("cases", "drafts")[0]
    store = open_store()
    beside.keep_draft(store, Actor(LOCAL_USER, datetime.now(UTC)), kept, 2, "budget: 1\n")
    store.close()
    (told,) = json.loads(run("cases", "drafts", "--json")[0])
    assert (told["name"], told["case_id"], told["seen"], told["answers"]) == ("Mail triage", kept, 2, "budget: 1\n")
    assert "Mail triage" in run("cases", "drafts", "--language", "zh")[0]
    monkeypatch.setenv("ADVISOR_USER", "bob")
    assert json.loads(run("cases", "drafts", "--json")[0]) == []
