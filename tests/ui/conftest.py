"""Pages are drawn on the day of the other tests: defaults rest on offers that grow old."""

from datetime import date

import pytest

from advisor.ui import state
from tests.cases import DAY


@pytest.fixture(autouse=True)
def on_the_day_of_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    def day() -> date:
        return DAY

    monkeypatch.setattr(state, "today", day)
