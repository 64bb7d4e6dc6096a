"""What ``assess`` prints for the article's own case, letter by letter. ``--update-golden`` writes it anew."""

import re
from pathlib import Path

import pytest

from advisor.cli import main

GOLDEN = Path(__file__).with_name("assess_article_001.txt")


def test_the_text_of_article_001(capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest) -> None:
    assert main(["assess", "article-001", "--as-of", "2026-11-20", "--language", "en"]) == 0
    printed = _without_catalog_version(capsys.readouterr().out)
    if request.config.getoption("--update-golden"):
        GOLDEN.write_text(printed, encoding="utf-8")
    mend = "where the change is meant: pytest tests/golden --update-golden"
    assert printed == GOLDEN.read_text(encoding="utf-8"), mend
    for months, requests in (("2", "3,771"), ("6", "1,257"), ("12", "629")):
        assert re.search(rf"payback below {months} months +{requests} requests a day", printed), months


def _without_catalog_version(text: str) -> str:
    """The text without the version of the data, which changes with every price."""
    lines = text.split("\n")
    lines[1] = lines[1].rpartition(" ")[0] + " ..."
    return "\n".join(lines)
