"""Pages are drawn on the day of the other tests: defaults rest on offers that grow old."""

from datetime import date
from pathlib import Path

import pytest
from streamlit.runtime.secrets import secrets_singleton

from advisor.core.places import DATABASE
from advisor.ui import state
from tests.cases import DAY, advised


@pytest.fixture(autouse=True)
def on_the_day_of_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    def day() -> date:
        return DAY

    monkeypatch.setattr(state, "today", day)


@pytest.fixture(autouse=True)
def advised_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a page shows of a preset and what a test expects of it are computed once, not once each."""
    monkeypatch.setattr(state, "advise", advised)


@pytest.fixture(autouse=True)
def nobody_signs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets of whoever runs the tests are not read."""
    monkeypatch.setattr(secrets_singleton, "_secrets", {})


@pytest.fixture(autouse=True)
def database_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """Nothing is kept in the folder of whoever runs the tests."""
    address = f"sqlite:///{tmp_path / 'cases.db'}"
    monkeypatch.setenv(DATABASE, address)
    return address
