"""Kept cases among those compared on the command line: the latest, a revision, as it was kept, and refused."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from advisor.core.places import DATABASE
from advisor.store import cases, tables
from advisor.store.database import open_store
from advisor.store.records import LOCAL_USER, Actor
from advisor.text.languages import languages
from tests.cases import DAY, advice, preset
from tests.kept import content

ME = Actor(LOCAL_USER, datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC))
NOBODYS = "0" * 32


@pytest.fixture(autouse=True)
def own_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(DATABASE, f"sqlite:///{tmp_path / 'kept' / 'cases.db'}")
    monkeypatch.delenv("ADVISOR_USER", raising=False)


@pytest.fixture
def kept(own_database: None) -> str:
    """A case of two revisions with different answers."""
    store = open_store()
    case = cases.create(store, ME, "Mail triage", content(preset("extraction"), DAY))
    cases.save(store, ME, case, 1, content(preset("classification"), DAY))
    store.close()
    return case


def compared(run, *names: str) -> dict:
    return json.loads(run("compare", *names, "--json")[0])


def test_the_latest_revision_and_an_earlier_one_stand_beside_a_ready_made_case(run, kept: str) -> None:
    found = compared(run, "chat", f"case:{kept}", f"case:{kept}@1")
    assert [case["name"].rpartition(" (")[0] for case in found["cases"][1:]] == [
        "Mail triage, revision 2",
        "Mail triage, revision 1",
    ]
    for name, told in zip(("classification", "extraction"), found["cases"][1:], strict=True):
        assert told["verdict"] == advice(preset(name)).recommendation.verdict


def test_a_bridge_between_two_revisions_adds_up_to_the_cent(run, kept: str) -> None:
    (bridge,) = compared(run, f"case:{kept}@1", f"case:{kept}@2", "--as-kept")["bridges"]
    assert bridge["start"] + sum(change["amount"] for change in bridge["changes"]) == pytest.approx(
        bridge["end"], abs=0.005
    )
    assert bridge["start"] != bridge["end"]


@pytest.mark.parametrize("language", languages())
def test_how_a_kept_case_stands_there_is_said(run, kept: str, tmp_path: Path, language: str) -> None:
    today = run("compare", "chat", f"case:{kept}", "--language", language)[0]
    as_kept = run("compare", "chat", f"case:{kept}", "--as-kept", "--language", language)[0]
    assert today != as_kept
    target = tmp_path / "compared.md"
    run("compare", "chat", f"case:{kept}", "--as-kept", "--language", language, "-o", str(target))
    (said,) = (line for line in as_kept.splitlines() if line.startswith("Mail triage"))
    assert said.partition(" (")[0] in target.read_text(encoding="utf-8")


def test_figures_that_do_not_come_out_again_stand_in_rows_of_their_own(run, kept: str) -> None:
    _freeze_another(kept, 123_456.0)
    (_, told) = compared(run, "chat", f"case:{kept}", "--as-kept")["cases"]
    assert told["frozen"]["npv"]["mean"] == 123_456.0
    printed = run("compare", "chat", f"case:{kept}", "--as-kept")[0]
    assert "123,456" in printed
    assert "do not come out again" in printed
    assert "123,456" not in run("compare", "chat", f"case:{kept}")[0]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(
    "place",
    [
        "case:",
        "case:@1",
        "case:{id}@",
        "case:{id}@x",
        "case:{id}@-1",
        "case:{id}@9",
        "case:{id}@" + "9" * 5000,
        f"case:{NOBODYS}",
    ],
)
def test_what_names_no_kept_case_is_one_clear_error(run, kept: str, place: str, language: str) -> None:
    printed = run("compare", "chat", place.format(id=kept), "--language", language, code=2)[1]
    assert len(printed.splitlines()) == 1
    assert "CASE" in printed


def test_another_users_case_is_as_unknown_as_none(run, kept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_USER", "bob")
    theirs = run("compare", "chat", f"case:{kept}", code=2)[1]
    assert theirs.replace(kept, NOBODYS) == run("compare", "chat", f"case:{NOBODYS}", code=2)[1]


@pytest.mark.parametrize("language", languages())
def test_as_kept_without_a_kept_case_is_told(run, language: str) -> None:
    assert "case:" in run("compare", "chat", "extraction", "--as-kept", "--language", language, code=2)[1]


def _freeze_another(case_id: str, npv: float) -> None:
    """What was frozen, as if the product had reckoned otherwise."""
    store = open_store()
    with store.writing() as connection:
        for row in connection.execute(tables.revisions.select()).all():
            headline = json.loads(row.headline)
            headline["npv"]["mean"] = npv
            changed = update(tables.revisions).where(tables.revisions.c.number == row.number)
            connection.execute(changed.values(headline=json.dumps(headline)))
    store.close()
