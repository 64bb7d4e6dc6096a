"""What the operating system could not do is said in the reader's language, by kind, else by its number."""

import errno
import os

import pytest

from advisor.core.notices import Issue
from advisor.core.system_faults import KINDS, system_fault
from advisor.text.i18n import Translator
from advisor.text.phrases import issue_text


def told(language: str, fault: str) -> str:
    return issue_text(Translator(language), Issue("file", "file_unreadable", {"path": "a.csv", "fault": fault}))


@pytest.mark.parametrize("number", KINDS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_known_cause_has_words(number: int, language: str) -> None:
    said = told(language, system_fault(OSError(number, os.strerror(number))))
    assert "system" not in said
    assert language == "en" or os.strerror(number) not in said


def test_another_cause_keeps_its_number() -> None:
    fault = system_fault(OSError(errno.EIO, os.strerror(errno.EIO)))
    assert f"number {errno.EIO}" in told("en", fault)
    assert f"系统错误号 {errno.EIO}" in told("zh", fault)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ValueError("embedded null byte"), "name"),
        (TimeoutError("slow"), "too_slow"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), "refused"),
        (OSError("no number"), "no_answer"),
    ],
)
def test_a_cause_without_a_number_of_the_file_system(error: Exception, kind: str) -> None:
    assert system_fault(error) == f"system:{kind}"


def test_what_is_no_fault_of_the_system_stays_as_it_was_told() -> None:
    assert "HTTP 404" in told("zh", "HTTP 404")
