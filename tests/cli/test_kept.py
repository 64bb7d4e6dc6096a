"""Kept cases on the command line: saved, seen as they were, exported, reviewed, backed up."""

import contextlib
import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from advisor.cli import main
from advisor.cli.parser import CASE_STATUSES
from advisor.core.places import DATABASE
from advisor.store import exchange, records, tables
from advisor.store.database import open_store


@pytest.fixture(autouse=True)
def own_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(DATABASE, f"sqlite:///{tmp_path / 'kept' / 'cases.db'}")
    monkeypatch.delenv("ADVISOR_USER", raising=False)


@pytest.fixture(scope="module")
def first_look(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, str]:
    """A database with one case, saved as users do; its report takes seconds. And the id of the case."""
    path, told = tmp_path_factory.mktemp("first look") / "cases.db", io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(told):
        patch.setenv(DATABASE, f"sqlite:///{path}")
        patch.delenv("ADVISOR_USER", raising=False)
        saved = "cases", "save", "extraction", "--name", "Mail triage", "--why", "first look", "--tag", "mail"
        assert main([*saved, "--language", "en"]) == 0
    return path.read_bytes(), told.getvalue().split()[-1]


@pytest.fixture
def kept(first_look: tuple[bytes, str], tmp_path: Path) -> str:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "cases.db").write_bytes(first_look[0])
    return first_look[1]


def test_the_statuses_are_those_of_the_store() -> None:
    assert CASE_STATUSES == records.STATUSES


def test_a_case_is_kept_listed_and_shown(run, kept: str) -> None:
    out, _ = run("cases", "list")
    assert "Mail triage" in out
    assert "Draft" in out
    (told,) = json.loads(run("cases", "list", "--json", "--tag", "mail", "--search", "TRIAGE")[0])
    assert (told["id"], told["latest"], told["tags"]) == (kept, 1, ["mail"])
    assert json.loads(run("cases", "list", "--json", "--status", "approved")[0]) == []
    out, _ = run("cases", "show", kept)
    assert "Why: first look" in out


def test_a_payback_that_does_not_come_stands_within_its_sentence(
    run, kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("advisor.report.then_and_now.payback_text", lambda _, t: t("status.not_within_horizon"))
    assert "Typical payback: not within the horizon." in run("cases", "show", kept)[0]


def test_nothing_kept_says_how_to_keep(run) -> None:
    assert "cases save" in run("cases", "list")[0]


def test_the_frozen_figures_are_those_of_the_assessment(run, kept: str) -> None:
    shown = json.loads(run("cases", "show", kept, "--json")[0])["revision"]
    assessed = json.loads(run("assess", "extraction", "--json")[0])
    assert shown["headline"]["verdict"] == assessed["verdict"]
    assert shown["headline"]["payback"]["p50"] == assessed["headline"]["payback"]["p50"]
    assert {p["id"]: p["value"] for p in shown["prices"]} == {a["id"]: a["value"] for a in assessed["assumptions"]}


@pytest.mark.usefixtures("short_reports")
def test_saving_over_a_revision_not_seen_is_refused(run, kept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the case is computed."""
    run("cases", "save", "chat", "--into", kept, "--seen", "1", "--why", "another")
    monkeypatch.setattr("advisor.decision.advice.advise", lambda *_: pytest.fail("takes seconds"))
    _, err = run("cases", "save", "article-004", "--into", kept, "--seen", "1", code=2)
    assert re.search(r"local saved revision 2 on \w{3} \d+, \d{4}, \d\d:\d\d UTC", err)
    heads = json.loads(run("cases", "history", kept, "--json")[0])
    assert [head["number"] for head in heads] == [1, 2]
    assert "another" in run("cases", "history", kept)[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("save", "chat"), "--name"),
        (("save", "chat", "--name", "a", "--into", "b"), "--into"),
        (("save", "chat", "--into", "b"), "--seen"),
        (("show", "nowhere"), "nowhere"),
        (("delete", "nowhere", "--yes"), "nowhere"),
        (("import", "nowhere.json"), "nowhere.json"),
        (("save", "chat", "--name", " "), "NAME"),
    ],
)
def test_a_wrong_call_is_told_before_anything_is_computed(
    run, arguments: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("advisor.decision.advice.advise", lambda *_: pytest.fail("takes seconds"))
    for language in ("en", "zh"):
        _, err = run("cases", *arguments, "--language", language, code=2)
        assert said in err


def test_status_tags_and_archive(run, kept: str) -> None:
    run("cases", "set", kept, "--status", "approved", "--tag", "a", "--tag", "b", "--name", "Post")
    (told,) = json.loads(run("cases", "list", "--json")[0])
    assert (told["status"], told["tags"], told["name"]) == ("approved", ["a", "b"], "Post")
    run("cases", "archive", kept)
    assert json.loads(run("cases", "list", "--json")[0]) == []
    run("cases", "archive", kept, "--back")
    assert len(json.loads(run("cases", "list", "--json")[0])) == 1


def test_deleting_has_to_be_meant(run, kept: str) -> None:
    assert "--yes" in run("cases", "delete", kept, code=2)[1]
    run("cases", "delete", kept, "--yes")
    assert kept in run("cases", "show", kept, code=2)[1]


def test_another_user_sees_nothing_of_it(run, kept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_USER", "bob")
    _, theirs = run("cases", "show", kept, code=2)
    _, nobodys = run("cases", "show", "x" * len(kept), code=2)
    assert theirs.replace(kept, "x" * len(kept)) == nobodys
    assert json.loads(run("cases", "list", "--json")[0]) == []


def test_an_export_holds_what_was_and_comes_back(run, kept: str, tmp_path: Path) -> None:
    run("cases", "save", "article-004", "--into", kept, "--seen", "1", "--pdf")
    for name in ("case.json", "case.yaml", "case.md", "case.pdf"):
        run("cases", "export", kept, "-o", str(tmp_path / name))
    assert (tmp_path / "case.pdf").read_bytes().startswith(b"%PDF")
    assert json.loads(run("assess", str(tmp_path / "case.yaml"), "--json")[0])["scenario"]["preset"] == "article-004"
    out, _ = run("cases", "import", str(tmp_path / "case.json"))
    again = out.split()[-1]
    assert again != kept
    before, after = (json.loads(run("cases", "history", each, "--json")[0]) for each in (kept, again))
    assert before == after
    run("store", "verify")


def test_a_zip_of_cases_is_imported(run, kept: str, tmp_path: Path) -> None:
    store = open_store()
    me = records.Actor(records.LOCAL_USER, datetime.now(UTC))
    (tmp_path / "cases.zip").write_bytes(exchange.packed(store, me, [kept, kept]))
    store.close()
    assert len(run("cases", "import", str(tmp_path / "cases.zip"))[0].splitlines()) == 2
    assert len(json.loads(run("cases", "list", "--json")[0])) == 3
    (tmp_path / "cases.zip").write_bytes(b"PK\x03\x04 and no more")
    for language in ("en", "zh"):
        assert "ZIP" in run("cases", "import", str(tmp_path / "cases.zip"), "--language", language, code=2)[1]


@pytest.mark.parametrize("fault", ["cut", "changed", "other", "number", "deep"])
def test_a_file_that_is_no_whole_export_is_refused(run, kept: str, tmp_path: Path, fault: str) -> None:
    path = tmp_path / "case.json"
    run("cases", "export", kept, "-o", str(path))
    text = path.read_text(encoding="utf-8")
    wrong = {
        "cut": text[:-100],
        "changed": text.replace("first look", "another"),
        "other": '{"form": "other"}',
        "number": text.replace('"number": 1', '"number": true'),
        "deep": "[" * 100_000,
    }
    path.write_text(wrong[fault], encoding="utf-8")
    run("cases", "import", str(path), code=2)
    assert len(json.loads(run("cases", "list", "--json")[0])) == 1


def test_a_review_is_quiet_until_something_moves(run, kept: str) -> None:
    out, _ = run("review")
    assert "With another verdict or payback: 0." in out
    _freeze_another(kept, "do_not", 99.0)
    out, _ = run("review", code=1)
    assert kept in out
    assert "99" in out
    (moved,) = json.loads(run("review", "--json", code=1)[0])["moved"]
    assert (moved["id"], moved["turns"]) == (kept, True)


@pytest.mark.usefixtures("short_reports")
def test_a_review_of_everybody_is_of_each_case_once(run, kept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_USER", "anna")
    run("cases", "save", "article-004", "--name", "Hers")
    for user, own in (("anna", 1), ("nobody else", 0)):
        monkeypatch.setenv("ADVISOR_USER", user)
        assert json.loads(run("review", "--json")[0])["cases"] == own
        assert json.loads(run("review", "--everybody", "--json")[0])["cases"] == 2


@pytest.mark.usefixtures("short_reports")
def test_a_case_that_cannot_be_computed_keeps_no_other_from_review(run, kept: str) -> None:
    other = run("cases", "save", "article-004", "--name", "Another")[0].split()[-1]
    store = open_store()
    with store.writing() as connection:
        of_this = tables.revisions.c.case_id == kept
        connection.execute(update(tables.revisions).where(of_this).values(answers="daily_requests: many"))
    store.close()
    _freeze_another(other, "do_not", 99.0)
    for language, words in (("en", "cannot be computed today"), ("zh", "今天无法计算")):
        out, _ = run("review", "--language", language, code=1)
        assert kept in out
        assert other in out
        assert words in out
    found = json.loads(run("review", "--json", code=1)[0])
    assert [[each["id"] for each in found[which]] for which in ("not_computed", "moved")] == [[kept], [other]]


def test_repricing_names_the_number_that_changed(run, kept: str) -> None:
    store = open_store()
    with store.writing() as connection:
        prices = json.loads(connection.execute(tables.revisions.select()).one().prices)
        row = next(p for p in prices if p["id"] == "hourly_rate")
        row["value"] = 1.0
        connection.execute(update(tables.revisions).values(prices=json.dumps(prices)))
    store.close()
    found = json.loads(run("cases", "show", kept, "--reprice", "--json")[0])["today"]
    assert [(c["id"], c["then"]["value"]) for c in found["changes"]] == [("hourly_rate", 1.0)]
    assert found["steps"][0]["investment"] < found["steps"][-1]["investment"]
    for language in ("en", "zh"):
        run("cases", "show", kept, "--reprice", "--language", language)


def _freeze_another(case_id: str, verdict: str, payback: float) -> None:
    """What was frozen once, as if the world had been another."""
    store = open_store()
    with store.writing() as connection:
        of_this = tables.revisions.c.case_id == case_id
        row = connection.execute(tables.revisions.select().where(of_this)).one()
        headline = json.loads(row.headline)
        headline["verdict"], headline["payback"]["p50"] = verdict, payback
        connection.execute(update(tables.revisions).where(of_this).values(headline=json.dumps(headline)))
    store.close()


def test_a_backup_is_written_verified_and_put_back(run, kept: str, tmp_path: Path) -> None:
    path = str(tmp_path / "b.db")
    assert "Revisions walked: 1." in run("store", "backup", "-o", path)[0]
    told = run("store", "restore", path, code=2)[1]
    assert "--replace" in told
    assert told.count("STORE") == 1
    run("cases", "delete", kept, "--yes")
    run("store", "restore", path)
    assert "Mail triage" in run("cases", "show", kept)[0]


def test_verifying_names_the_first_broken_revision(run, kept: str) -> None:
    assert json.loads(run("store", "verify", "--json")[0])["broken"] == []
    _freeze_another(kept, "wait", 1.0)
    out, _ = run("store", "verify", code=1)
    assert "Mail triage" in out
    assert "revision 1" in out
    assert run("store", "verify", "--language", "zh", code=1)


def test_a_database_that_is_not_there_is_told(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATABASE, "postgresql://me:secret@127.0.0.1:1/cases")
    for language in ("en", "zh"):
        _, err = run("cases", "save", "chat", "--name", "a", "--language", language, code=2)
        assert "Traceback" not in err
        assert "secret" not in err


def test_the_day_is_that_of_the_clock(run, kept: str) -> None:
    shown = json.loads(run("cases", "show", kept, "--json")[0])["revision"]
    assert abs((datetime.now(UTC) - datetime.fromisoformat(shown["at"])).total_seconds()) < 600
