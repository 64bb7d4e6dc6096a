"""Scenario files in YAML and JSON, read strictly: no implicit types, no duplicate keys, no code."""

import json
import re
from typing import Any, Literal

import yaml

from advisor.core.notices import InputError, Issue
from advisor.core.yaml import YamlFault, read_yaml
from advisor.scenario.gone import without_gone
from advisor.scenario.questions import REQUIRED, Scenario
from advisor.scenario.report_fields import LOGO_TEXT, LONGEST_LOGO_BYTES
from advisor.scenario.values import quoted

SCHEMA_VERSION = 1
LONGEST_ANSWERS_BYTES = 64_000
"""A file without its logo, of which the parsers read any number of bytes in no time."""
LONGEST_FILE_BYTES = LONGEST_ANSWERS_BYTES + LONGEST_LOGO_BYTES * 4 // 3 + 100
DEEPEST = 200
"""Levels of a file at most; a scenario has two. The parsers take time with the square of the depth."""

_INDENT = re.compile(r"^[ \t?:-]+", re.MULTILINE)


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            raise InputError([Issue(quoted(name), "written_twice", {"line": "?"})])
        seen.add(name)
    return dict(pairs)


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


def parsed(text: str) -> dict[str, Any]:
    """Raw answers of a YAML or JSON text."""
    if nests_too_deep(text):
        raise InputError([Issue("file", "not_readable", {"line": "?"})])
    try:
        if text.lstrip().startswith("{"):
            raw = json.loads(text, object_pairs_hook=_unique_pairs)
        else:
            raw = read_yaml(text, as_written=True)
    except json.JSONDecodeError as error:
        raise InputError([Issue("file", "not_readable", {"line": error.lineno})]) from None
    except YamlFault as error:
        line = error.line or "?"
        if error.twice is not None:
            raise InputError([Issue(quoted(error.twice), "written_twice", {"line": line})]) from None
        raise InputError([Issue("file", "not_readable", {"line": line})]) from None
    except (RecursionError, ValueError, TypeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError([Issue("file", "not_readable", {"line": "?"})]) from None
    if not isinstance(raw, dict) or not all(isinstance(k, str) for k in raw):
        raise InputError([Issue("file", "not_a_scenario", {})])
    return raw


def parse_scenario(content: bytes | str) -> Scenario:
    """Scenario from a YAML or JSON file. Raises :class:`InputError`; required answers may not be missing."""
    return read_scenario(content)[0]


def read_scenario(content: bytes | str) -> tuple[Scenario, tuple[Issue, ...]]:
    """As :func:`parse_scenario`, with an issue for each answer left out because its question is gone."""
    answers = parsed(decoded(content))
    version = answers.pop("schema", SCHEMA_VERSION)
    if str(version) != str(SCHEMA_VERSION):
        raise InputError([Issue("schema", "other_schema", {"value": quoted(version), "known": SCHEMA_VERSION})])
    kept, gone = without_gone(answers)
    scenario = Scenario.from_answers(kept)
    if scenario.missing:
        raise InputError([*gone, *(Issue(name, "missing", {}) for name in scenario.missing)])
    return scenario, gone


def dump_scenario(scenario: Scenario, form: Literal["yaml", "json"] = "yaml") -> str:
    """The answers as a file that :func:`parse_scenario` reads back unchanged."""
    content = {"schema": SCHEMA_VERSION, **scenario.answers()}
    if form == "json":
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


def json_schema() -> dict[str, Any]:
    """JSON Schema of a scenario file, with unit and group of every question."""
    schema = Scenario.model_json_schema()
    schema["properties"] = {"schema": {"const": SCHEMA_VERSION}, **schema["properties"]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "required": list(REQUIRED)}
