"""Scenario files in YAML and JSON, read strictly: no implicit types, no duplicate keys, no code."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import yaml

from advisor.core.notices import InputError, Issue
from advisor.core.usage_logs import recognised
from advisor.core.yaml import YamlFault, read_yaml
from advisor.scenario.gone import without_gone
from advisor.scenario.names import NO_LABELS, Labels, with_ids
from advisor.scenario.questions import MOST_ISSUES, QUESTIONS, REQUIRED, Scenario
from advisor.scenario.reading import SHARES, answers_as_written
from advisor.scenario.report_fields import LOGO_TEXT, LONGEST_LOGO_BYTES
from advisor.scenario.values import quoted, shape_fields

SCHEMA_VERSION = 2
WHOLE_VERSION = "1"
"""What earlier releases saved: such a file holds the whole case, and its ``preset`` only says where it began."""
LONGEST_ANSWERS_BYTES = 64_000
"""A file without its logo, of which the parsers read any number of bytes in no time."""
LONGEST_FILE_BYTES = LONGEST_ANSWERS_BYTES + LONGEST_LOGO_BYTES * 4 // 3 + 100
DEEPEST = 200
"""Levels of a file at most; a scenario has two. The parsers take time with the square of the depth."""

_GROUPED = re.compile(r"-?[1-9]\d{0,2}\.\d\d0")
_INDENT = re.compile(r"^[ \t?:-]+", re.MULTILINE)


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            raise InputError([Issue(quoted(name), "written_twice", {"line": "?"})])
        seen.add(name)
    return dict(pairs)


def _json_number(text: str) -> float | str:
    """A number of JSON; one that nobody but a person writes, such as 20.000, stays text, to be read like any other."""
    return text if _GROUPED.fullmatch(text) else float(text)


def decoded(content: bytes | str) -> str:
    """Text of a file in UTF-8, without its byte order mark."""
    too_large = InputError([Issue("file", "file_too_large", {"maximum": LONGEST_ANSWERS_BYTES // 1000})])
    if len(content) > LONGEST_FILE_BYTES:
        raise too_large
    try:
        text = content.removeprefix("\ufeff") if isinstance(content, str) else content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError([Issue("file", "not_utf8", {})]) from None
    logo = LOGO_TEXT.search(text) if len(content) > LONGEST_ANSWERS_BYTES else None
    if len(content) - (len(logo[0]) if logo else 0) > LONGEST_ANSWERS_BYTES:
        raise too_large
    return text


def nests_too_deep(text: str) -> bool:
    """An upper bound of the nesting depth: brackets opened anywhere, or indentation at the start of a line."""
    brackets = text.count("[") + text.count("{")
    return brackets > DEEPEST or any(found.end() - found.start() > DEEPEST for found in _INDENT.finditer(text))


def _has_tab(text: str, line: int | None) -> bool:
    """Whether the line that YAML stumbled over holds a tab, which it does not take before a value."""
    return line is not None and "\t" in "".join(text.splitlines()[line - 1 : line])


def parsed(text: str) -> dict[str, Any]:
    """Raw answers of a YAML or JSON text."""
    if nests_too_deep(text):
        raise InputError([Issue("file", "not_readable", {"line": "?"})])
    try:
        if text.lstrip().startswith("{"):
            raw = json.loads(text, object_pairs_hook=_unique_pairs, parse_float=_json_number)
        else:
            raw = read_yaml(text, as_written=True)
    except json.JSONDecodeError as error:
        raise InputError([Issue("file", "not_readable", {"line": error.lineno})]) from None
    except YamlFault as error:
        line = error.line or "?"
        if error.twice is not None:
            raise InputError([Issue(quoted(error.twice), "written_twice", {"line": line})]) from None
        if _has_tab(text, error.line):
            raise InputError([Issue("file", "tab_in_yaml", {"line": line})]) from None
        raise InputError([Issue("file", "not_readable", {"line": line})]) from None
    except (RecursionError, ValueError, TypeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError([Issue("file", "not_readable", {"line": "?"})]) from None
    if not isinstance(raw, dict) or not all(isinstance(k, str) for k in raw):
        raise InputError([Issue("file", "not_a_scenario", {})])
    return raw


@dataclass(frozen=True)
class Given:
    """What a file says: answers by the ids of their questions, not read yet. ``gone`` tells what was left out.

    ``is_whole`` where an earlier release saved it, so that what it leaves out is not answered.
    """

    answers: Mapping[str, object]
    is_whole: bool = False
    gone: tuple[Issue, ...] = ()
    faults: tuple[Issue, ...] = ()


def given_answers(content: bytes | str, labels: Labels = NO_LABELS) -> Given:
    """The answers of a YAML or JSON file. Raises :class:`InputError` for what is no such file."""
    try:
        answers = parsed(decoded(content))
    except InputError:
        log = recognised(content.encode() if isinstance(content, str) else content)
        if log is None:
            raise
        raise InputError([log]) from None
    version = answers.pop("schema", SCHEMA_VERSION)
    if str(version) not in (str(SCHEMA_VERSION), WHOLE_VERSION):
        raise InputError([Issue("schema", "other_schema", {"value": quoted(version), "known": SCHEMA_VERSION})])
    kept, gone = without_gone(answers)
    named, twice = with_ids(kept, labels)
    told = {name: _share_as_text(name, value) for name, value in named.items()}
    return Given(told, str(version) == WHOLE_VERSION, gone, tuple(twice))


def _share_as_text(name: str, value: object) -> object:
    """A share that JSON holds as a number may be whole percent as well as in YAML, and is read as there."""
    if isinstance(value, Mapping) and name == "ranges":
        return {key: _share_as_text(key, ends) for key, ends in value.items()}
    if name not in QUESTIONS or QUESTIONS[name].unit not in SHARES:
        return value
    if isinstance(value, list):
        return [_share_as_text(name, end) for end in value]
    return repr(value) if isinstance(value, float) or type(value) is int else value


def complete_case(answers: Mapping[str, object], faults: Iterable[Issue] = ()) -> Scenario:
    """The case of these answers. Raises :class:`InputError` with every fault and everything that is missing at once."""
    found, scenario = [*faults], None
    try:
        scenario = Scenario.from_answers(answers)
    except InputError as error:
        found += error.issues
    found += [Issue(name, "missing", {}) for name in REQUIRED if answers.get(name) is None]
    if scenario is None or found:
        raise InputError(found[:MOST_ISSUES])
    return scenario


def parse_scenario(content: bytes | str) -> Scenario:
    """Scenario from a YAML or JSON file. Raises :class:`InputError`; required answers may not be missing."""
    return read_scenario(content)[0]


def read_scenario(content: bytes | str) -> tuple[Scenario, tuple[Issue, ...]]:
    """As :func:`parse_scenario`, with an issue for each answer left out because its question is gone.

    What only a catalog knows, presets and short names, is read by :mod:`advisor.assumptions.given`.
    """
    given = given_answers(content)
    return complete_case(given.answers, given.faults), given.gone


def dump_scenario(scenario: Scenario, form: Literal["yaml", "json"] = "yaml", cleared: Iterable[str] = ()) -> str:
    """The answers as a file that is read back unchanged; ``cleared`` are those of its preset that it leaves open."""
    answers = answers_as_written(scenario.answers(), QUESTIONS)
    shapes = {name: shape_fields(answers[name]) for name in ("open_model",) if name in answers}
    content = {"schema": SCHEMA_VERSION, **answers, **shapes, **dict.fromkeys(cleared)}
    if form == "json":
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


def json_schema() -> dict[str, Any]:
    """JSON Schema of a scenario file, with unit and group of every question."""
    schema = Scenario.model_json_schema()
    for name, question in QUESTIONS.items():
        if question.is_number:  # may be written as people do: 20,000 or 15%
            schema["properties"][name]["anyOf"].append({"type": "string"})
    schema["properties"]["open_model"]["anyOf"].append({"type": "object"})  # the shape of a model of one's own
    schema["properties"]["hours_of_week"]["anyOf"].append({"type": "array", "items": {"type": ["number", "string"]}})
    schema["properties"] = {"schema": {"enum": [int(WHOLE_VERSION), SCHEMA_VERSION]}, **schema["properties"]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "required": list(REQUIRED)}
