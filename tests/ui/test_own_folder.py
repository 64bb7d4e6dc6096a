"""The app with a folder of the reader's that holds a fault."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from advisor.core.places import APP
from advisor.ui import loaded


def test_a_fault_in_ones_own_folder_is_said_to_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "prices").mkdir()
    (tmp_path / "prices" / "exchange_rates.yaml").write_text("rates: [{currency: EUR}]\n")
    monkeypatch.setenv("ADVISOR_DATA", str(tmp_path))
    loaded.forget_data()
    try:
        app = AppTest.from_file(str(APP), default_timeout=60).run()
    finally:
        loaded.forget_data()
    assert not app.exception
    (told,) = app.error
    assert "3 faults in your own folders of data" in told.value
    assert told.value.count("exchange") == 3
