"""The settings of sign-in as files hold them."""

from pathlib import Path

import pytest

from advisor.core.sign_in import UNREADABLE, section_of, settings_faults
from tests.ui.signed_in import SETTINGS


def toml(**values: str) -> str:
    return "[auth]\n" + "".join(f'{name} = "{value}"\n' for name, value in values.items())


def test_a_later_file_lies_over_an_earlier_and_none_need_be_there(tmp_path: Path) -> None:
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    assert section_of([first, second]) is None
    first.write_text(toml(client_id="one"), encoding="utf-8")
    assert section_of([first, second]) == {"client_id": "one"}
    second.write_text(toml(client_id="two"), encoding="utf-8")
    assert section_of([first, second, first / "below"]) == {"client_id": "two"}
    second.write_text("other = 1\n", encoding="utf-8")
    assert section_of([first, second]) == {"client_id": "one"}


@pytest.mark.parametrize("content", [b"[auth\n", b"\xff\xfe", b'auth = "on"'])
def test_what_cannot_be_read_is_no_missing_section(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "secrets.toml"
    file.write_bytes(content)
    assert section_of([file]) is UNREADABLE
    assert [issue.code for issue in settings_faults(UNREADABLE)] == ["sign_in_unreadable"]


def test_whole_settings_have_no_fault_and_none_are_no_fault() -> None:
    assert settings_faults(None) == settings_faults(dict(SETTINGS)) == ()
