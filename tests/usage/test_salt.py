"""The salt of an installation is made once, for its user alone, and nothing depends on its being kept."""

import os
from pathlib import Path

import pytest

from advisor.usage.salt import NAME, installation_salt


def test_it_is_made_once_and_only_its_user_may_read_it(tmp_path: Path) -> None:
    surroundings = {"ADVISOR_DATA": os.pathsep.join((str(tmp_path / "own"), str(tmp_path / "second")))}
    salt = installation_salt(surroundings)
    assert installation_salt(surroundings) == salt
    assert len(salt) == 64
    assert (tmp_path / "own" / NAME).stat().st_mode & 0o777 == 0o600


def test_without_a_folder_of_data_it_stands_in_that_of_states(tmp_path: Path) -> None:
    salt = installation_salt({"XDG_STATE_HOME": str(tmp_path)})
    assert (tmp_path / "advisor" / NAME).read_text() == salt


@pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 64 + b"more"])
def test_a_file_that_is_none_is_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    first, second = (installation_salt({"ADVISOR_DATA": str(tmp_path)}) for _ in range(2))
    assert first != second
    assert (tmp_path / NAME).read_bytes() == content


def test_where_nothing_can_be_kept_it_lasts_for_the_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    salts = {installation_salt({"ADVISOR_DATA": str(tmp_path / "file" / "below")}) for _ in range(2)}
    assert len(salts) == 2
