"""Faults in a folder of prices of the reader's own, as sentences of one language."""

from dataclasses import replace

from advisor.core.notices import DataError, Issue, OwnDataError
from advisor.core.places import OWN_DATA
from advisor.text.i18n import Translator
from advisor.text.phrases import issue_text

MOST_TOLD = 100
"""So many faults are told; a file with more is wrong as a whole."""


def own_faults(error: OwnDataError, t: Translator) -> tuple[str, list[str]]:
    """What is to be said above the faults, and a sentence for each: file, line, place in the record, mend."""
    count, told = len(error.faults), [_sentence(fault, t) for fault in error.faults[:MOST_TOLD]]
    if count > MOST_TOLD:
        told.append(t("own_fault.more", count=t.number(count - MOST_TOLD, 0)))
    return t("own_fault.head", count, count=t.number(count, 0), variable=OWN_DATA), told


def _sentence(fault: DataError, t: Translator) -> str:
    issue = fault.issue or Issue(fault.record, "own_value_refused", {"value": ""})
    text = issue_text(t, replace(issue, field=_plain(issue.field)))
    if fault.line is None:
        return _plain(t("own_fault.in_file", file=fault.file, text=text))
    return _plain(t("own_fault.in_line", file=fault.file, line=fault.line, text=text))


def _plain(text: str) -> str:
    """Text on one line; a name of a file that is no text is shown by its bytes."""
    return " ".join(text.encode(errors="backslashreplace").decode().split())
