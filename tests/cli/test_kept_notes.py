"""The next revision of a kept case freezes in its report what was told about its numbers."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from advisor.core.places import DATABASE
from advisor.store import beside, cases
from advisor.store.database import open_store
from advisor.store.records import LOCAL_USER, Actor
from tests.cases import DAY, preset
from tests.kept import content

ME = Actor(LOCAL_USER, datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC))


def test_a_revision_saved_from_a_file_has_the_notes_of_its_case(
    run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(DATABASE, f"sqlite:///{tmp_path / 'cases.db'}")
    monkeypatch.delenv("ADVISOR_USER", raising=False)
    store = open_store()
    case = cases.create(store, ME, "Mail triage", content(preset("extraction"), DAY))
    beside.add_note(store, ME, case, "ops_hours", "two people, a day a week", "Kim, operations")
    store.close()
    run("cases", "save", "extraction", "--into", case, "--seen", "1")
    target = tmp_path / "case.md"
    run("cases", "export", case, "-o", str(target))
    assert "Kim, operations" in target.read_text(encoding="utf-8")
