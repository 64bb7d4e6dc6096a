"""The command line in process, speaking English whatever the surroundings say."""

import argparse
import csv
import io
from functools import cache
from pathlib import Path

import pytest

from advisor.cli import main
from advisor.cli.parser import build_parser
from advisor.core.surroundings import LANGUAGE_VARIABLES
from advisor.text.i18n import Translator


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in LANGUAGE_VARIABLES:
        monkeypatch.delenv(name, raising=False)


@cache
def parser_in(language: str) -> argparse.ArgumentParser:
    return build_parser(Translator(language))


@pytest.fixture(autouse=True)
def parser_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What every command can be told takes 17 ms to write down, and is the same for all calls in one language."""
    monkeypatch.setattr("advisor.cli.build_parser", lambda t: parser_in(t.language))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    def call(*arguments: str, code: int = 0) -> tuple[str, str]:
        try:
            left = main(arguments)
        except SystemExit as leaving:
            left = leaving.code
        printed = capsys.readouterr()
        assert left == code, printed.err
        return printed.out, printed.err

    return call


@pytest.fixture
def table(tmp_path: Path):
    def write(content: str | bytes) -> str:
        path = tmp_path / "table.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return write


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))
