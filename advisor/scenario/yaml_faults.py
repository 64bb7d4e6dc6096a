"""What is wrong with the text of a scenario file, by its line and how to mend it."""

import re

from advisor.core.notices import InputError, Issue
from advisor.core.yaml import YamlFault
from advisor.scenario.names import Labels, question_named
from advisor.scenario.values import quoted

_NO_COLON = re.compile(r"\s*[\"']?(?P<name>[^\W\d][\w -]{0,80}?)[\"']? {0,9}(?:\uff1a|=|:(?=[^\s/]|\u00a0))")
_FENCE = re.compile(r"\s*```\w*[ \t]*\n(?P<inside>.*?)\n?```\s*", re.DOTALL)
_OPEN = ("unexpected end of stream", "expected ',' or")
_OWN_SIGNS = (
    *("mapping values are not allowed", "cannot start any token", "expected alphabetic or numeric", "directive"),
    *("undefined alias", "for the tag", "node content", "comment or line break", "unknown escape"),
)
_INDENTED = ("did not find expected key", "block end", "expected <block", "<document start>")


def without_fence(text: str) -> str:
    """The text inside the fence of a code block, as chats and documents have it, on the lines where it stands."""
    found = _FENCE.fullmatch(text)
    return text if found is None else "\n" * text.count("\n", 0, found.start("inside")) + found["inside"]


def fault_of(text: str, fault: YamlFault, labels: Labels) -> InputError:
    """What YAML stumbled over, as a fault of the file that names its line."""
    line = fault.line or "?"
    if fault.twice is not None:
        return InputError([Issue(quoted(fault.twice), "written_twice", {"line": line})])
    if _holds_tab(text, fault.line):
        return InputError([Issue("file", "tab_in_yaml", {"line": line})])
    without_colon = line_without_colon(text, labels)
    if without_colon is not None and without_colon <= (fault.line or without_colon):
        return InputError([Issue("file", "colon_in_yaml", {"line": without_colon})])
    if "another document" in fault.problem:
        return InputError([Issue("file", "cases_in_yaml", {"line": line})])
    if "expected ':'" in fault.problem:
        return InputError([Issue("file", "colon_in_yaml", {"line": fault.began or line})])
    if any(said in fault.problem for said in _OPEN):
        return InputError([Issue("file", "quote_in_yaml", {"line": fault.began or line})])
    if _is_out_of_line(text, fault):
        return InputError([Issue("file", "indent_in_yaml", {"line": line})])
    if any(said in fault.problem for said in (*_OWN_SIGNS, *_INDENTED)):
        return InputError([Issue("file", "text_in_yaml", {"line": line})])
    return InputError([Issue("file", "not_readable", {"line": line})])


def _is_out_of_line(text: str, fault: YamlFault) -> bool:
    """Whether a question begins further in or out than the others, and not only a text in it disturbs."""
    line = "".join(text.splitlines()[fault.line - 1 : fault.line]) if fault.line else ""
    if "mapping values" in fault.problem:
        return line[:1].isspace() and line.count(": ") == 1
    return any(said in fault.problem for said in _INDENTED) and not re.search(r":\s+[\"']", line)


def line_without_colon(text: str, labels: Labels) -> int | None:
    """The first line (from 1) that begins with a question and parts its answer by something else than ``: ``."""
    for number, line in enumerate(text.splitlines(), start=1):
        found = _NO_COLON.match(line)
        if found is not None and question_named(found["name"].strip(), labels) is not None:
            return number
    return None


def _holds_tab(text: str, line: int | None) -> bool:
    """Whether the line that YAML stumbled over holds a tab, which it does not take before a value."""
    return line is not None and "\t" in "".join(text.splitlines()[line - 1 : line])
