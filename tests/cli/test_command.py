"""``finetune-advisor`` and ``python -m advisor``: the app without an argument, the command line with one."""

import sys

import pytest

from advisor import __main__ as command
from advisor.ui import launch


def test_without_an_argument_the_app_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(sys, "argv", ["finetune-advisor"])
    monkeypatch.setattr(launch.cli, "main", lambda arguments, **_: asked.append(arguments))
    monkeypatch.setattr(launch.ahead, "begin", lambda: None)  # nothing serves here
    assert command.main() == 0
    assert asked == [["run", str(launch.APP)]]
    assert launch.APP.is_file()


def test_with_arguments_it_is_the_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["finetune-advisor", "presets"])
    assert command.main() == 0
    assert "extraction" in capsys.readouterr().out
