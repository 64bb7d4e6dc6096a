"""What a server says instead of starting half set up: one line each, in the reader's language, never a traceback."""

import logging
import os
import socket
import sys
from pathlib import Path

import pytest

from advisor import __main__ as command
from advisor.core.notices import Issue
from advisor.core.observing import LOG, METRICS_PORT
from advisor.core.places import DATABASE, DATABASE_FILE, REPLICAS, WORKERS, database_address
from advisor.core.sign_in import SECRETS_FILES
from advisor.core.surroundings import LANGUAGE_VARIABLES
from advisor.store.database import open_store
from advisor.store.tables import alembic_version
from advisor.text.i18n import Translator
from advisor.text.phrases import issue_text
from advisor.ui import launch, listening, people, ready

SIGN_IN = {
    "redirect_uri": "https://advisor.example.com/oauth2callback",
    "cookie_secret": "x" * 64,
    "client_id": "advisor",
    "client_secret": "hush",
    "server_metadata_url": "https://id.example.com/.well-known/openid-configuration",
}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (DATABASE, DATABASE_FILE, REPLICAS, SECRETS_FILES, LOG, METRICS_PORT, *LANGUAGE_VARIABLES):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(DATABASE, f"sqlite:///{tmp_path / 'kept' / 'cases.db'}")
    monkeypatch.setattr(people, "_section", lambda: None)


def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """The one line, in English; that there is one in Chinese too, and that nothing is served, is held here."""
    served: list[object] = []
    monkeypatch.setattr(launch.cli, "main", lambda *arguments, **_: served.append(arguments))
    monkeypatch.setattr(launch.ahead, "begin", lambda: None)  # nothing serves here
    lines = []
    for language in ("zh_CN.UTF-8", "en_GB.UTF-8"):
        monkeypatch.setenv("LANG", language)
        for arguments in ([], ["--check"]):
            monkeypatch.setattr(sys, "argv", ["finetune-advisor", *arguments])
            assert command.main() == launch.WRONG_SETTINGS
        told = capsys.readouterr().err.splitlines()
        assert len(told) == 2
        assert told[0] == told[1]
        assert "{" not in told[0]
        lines.append(told[0])
    assert served == []
    assert lines[0] != lines[1]
    return lines[1]


def test_whoever_set_nothing_up_waits_for_no_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DATABASE)
    monkeypatch.setattr(ready, "faults", lambda: pytest.fail("it was checked"))
    monkeypatch.setattr(launch.cli, "main", lambda *_, **__: None)
    monkeypatch.setattr(launch.ahead, "begin", lambda: None)  # nothing serves here
    monkeypatch.setattr(sys, "argv", ["finetune-advisor"])
    assert command.main() == 0


def test_a_server_that_can_start_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["finetune-advisor", "--check"])
    assert command.main() == 0
    ready_line, *others = capsys.readouterr().out.splitlines()
    assert ready_line == "Ready: the app can start with these settings."
    assert [line.startswith("Nobody signs in: whoever opens the app sees") for line in others] == [True]
    monkeypatch.setattr(people, "_section", lambda: SIGN_IN)
    assert command.main() == 0
    assert capsys.readouterr().out.splitlines() == [ready_line]


def test_replicas_need_one_secret(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv(REPLICAS, "2")
    monkeypatch.setenv(DATABASE, f"sqlite:///{Path(os.devnull)}")
    monkeypatch.setattr(people, "_section", lambda: {k: v for k, v in SIGN_IN.items() if k != "cookie_secret"})
    monkeypatch.setattr(ready, "_of_database", lambda *_: ())
    assert "2 servers need one cookie_secret" in said(monkeypatch, capsys)


def test_replicas_share_no_file(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv(REPLICAS, "2")
    assert "cannot share a file of SQLite" in said(monkeypatch, capsys)


@pytest.mark.parametrize("value", ["0", "-1", "two", "1.5", "²"])
def test_a_number_of_replicas_is_one(
    value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(REPLICAS, value)
    assert f'"{value}"' in said(monkeypatch, capsys)


def test_a_database_that_does_not_answer(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv(DATABASE, "postgresql://advisor:hush@127.0.0.1:1/advisor")
    told = said(monkeypatch, capsys)
    assert "cannot be reached" in told
    assert "hush" not in told


def test_a_database_of_a_later_release(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'later.db'}")
    with store.writing() as connection:
        connection.execute(alembic_version.update().values(version_num="9999"))
    store.close()
    monkeypatch.setenv(DATABASE, f"sqlite:///{tmp_path / 'later.db'}")
    assert "written by a newer release" in said(monkeypatch, capsys)


def test_a_folder_in_which_nothing_can_be_made(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv(DATABASE, f"sqlite:///{tmp_path / 'file' / 'cases.db'}")
    assert "may not be written" in said(monkeypatch, capsys)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root to act as somebody else")
def test_a_folder_of_somebody_elses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may write everywhere, so that for a moment the test is somebody else."""
    monkeypatch.setenv(DATABASE, "sqlite:////usr/cases.db")
    os.seteuid(65534)
    try:
        issues = ready.faults()
    finally:
        os.seteuid(0)
    assert [(each.code, each.params) for each in issues] == [
        ("start_read_only", {"path": "/usr", "fault": "system:denied"})
    ]


def test_the_address_may_stand_in_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "address"
    file.write_text(f" sqlite:///{tmp_path / 'told.db'}\n")
    monkeypatch.delenv(DATABASE)
    monkeypatch.setenv(DATABASE_FILE, str(file))
    assert database_address() == f"sqlite:///{tmp_path / 'told.db'}"
    file.write_text("\n")
    assert "is empty" in said(monkeypatch, capsys)
    file.unlink()
    assert f"The file {file} that {DATABASE_FILE} names cannot be read" in said(monkeypatch, capsys)


def test_secrets_that_are_named_and_not_there_open_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.delenv(DATABASE)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv(SECRETS_FILES, str(tmp_path / "secret.toml"))
    assert f"The file {tmp_path / 'secret.toml'} that {SECRETS_FILES} names is not there" in said(monkeypatch, capsys)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (LOG, "xml"),
        (METRICS_PORT, "many"),
        (WORKERS, "many"),
        ("STREAMLIT_SERVER_PORT", "many"),
        ("STREAMLIT_SERVER_PORT", "70000"),
        ("STREAMLIT_SERVER_ADDRESS", "256.1.1.1"),
        ("STREAMLIT_SERVER_MAX_UPLOAD_SIZE", "20m"),
    ],
)
def test_a_setting_that_cannot_be_read_is_told_by_its_name(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)
    told = said(monkeypatch, capsys)
    assert name in told
    assert value in told


def test_on_ones_own_machine_a_port_that_is_none_is_told_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(DATABASE)
    monkeypatch.setenv("STREAMLIT_SERVER_PORT", "many")
    monkeypatch.setattr(ready, "faults", lambda: pytest.fail("all was checked"))
    monkeypatch.setattr(sys, "argv", ["finetune-advisor"])
    assert command.main() == launch.WRONG_SETTINGS
    assert capsys.readouterr().err.startswith('STREAMLIT_SERVER_PORT is "many", which cannot be read.')


@pytest.mark.parametrize(("language", "locale"), [("en", "en_GB.UTF-8"), ("zh", "zh_CN.UTF-8")])
def test_a_port_at_which_another_program_listens_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str, locale: str
) -> None:
    monkeypatch.delenv(DATABASE)
    monkeypatch.setenv("LANG", locale)
    monkeypatch.setattr(launch.cli, "main", lambda *_, **__: pytest.fail("a server was started"))
    monkeypatch.setattr(launch.ahead, "begin", lambda: None)  # nothing serves here
    monkeypatch.setattr(sys, "argv", ["finetune-advisor"])
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        monkeypatch.setenv("STREAMLIT_SERVER_PORT", port)
        assert listening.faults() == ()
        assert command.main() == launch.WRONG_SETTINGS
    issue = Issue("STREAMLIT_SERVER_PORT", "start_port_taken", {"value": port})
    assert capsys.readouterr().err == f"{issue_text(Translator(language), issue)}\n"
    assert listening.taken() == ()


def test_every_address_of_this_machine_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for address in ("127.0.0.1", "0.0.0.0", "localhost", "unix:///tmp/advisor"):
        monkeypatch.setenv("STREAMLIT_SERVER_ADDRESS", address)
        assert listening.faults() == ()


def test_a_check_makes_streamlit_tell_nobody_to_start_it_again() -> None:
    log = logging.getLogger("streamlit.config")
    launch._quieten()
    told = (launch.READ_TWICE + " To have these", '"server.prot" is no option')
    passed = [log.filter(log.makeRecord(log.name, logging.WARNING, "", 0, each, (), None)) for each in told]
    assert [bool(each) for each in passed] == [False, True]
