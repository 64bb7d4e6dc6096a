"""Scenario files in YAML and JSON, read strictly: no implicit types, no duplicate keys, no code."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import yaml

from advisor.core.notices import InputError, Issue
from advisor.core.tables import decoded as decoded_text
from advisor.core.usage_logs import raise_if_recognised
from advisor.core.yaml import YamlFault, read_yaml
from advisor.scenario.gone import without_gone
from advisor.scenario.names import NO_LABELS, Labels, question_named, with_ids
from advisor.scenario.questions import MOST_ISSUES, QUESTIONS, REQUIRED, Scenario
from advisor.scenario.reading import SHARES, answers_as_written
from advisor.scenario.report_fields import LOGO_TEXT, LONGEST_LOGO_BYTES
from advisor.scenario.values import quoted, shape_fields
from advisor.scenario.yaml_faults import fault_of, line_without_colon, without_fence

SCHEMA_VERSION = 2
WHOLE_VERSION = "1"
"""What earlier releases saved: such a file holds the whole case, and its ``preset`` only says where it began."""
LONGEST_ANSWERS_BYTES = 64_000
"""A file without its logo, of which the parsers read any number of bytes in no time."""
LONGEST_FILE_BYTES = LONGEST_ANSWERS_BYTES + LONGEST_LOGO_BYTES * 4 // 3 + 100
DEEPEST = 200
"""Levels of a file at most; a scenario has two. The parsers take time with the square of the depth."""

LARGEST_WHOLE = 1e15
"""Below it every whole number has all its digits; above, an exponent is shorter."""

_GROUPED = re.compile(r"-?[1-9]\d{0,2}\.\d\d0")
_INDENT = re.compile(r"^[ \t?:-]+", re.MULTILINE)


class _Twice(Exception):
    """A key of JSON stands twice."""


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise _Twice
    return dict(pairs)


def _json_number(text: str) -> float | str:
    """A number of JSON; one that nobody but a person writes, such as 20.000, stays text, to be read like any other."""
    return text if _GROUPED.fullmatch(text) else float(text)


def decoded(content: bytes | str) -> tuple[str, tuple[Issue, ...]]:
    """Text of a file without its byte order mark, and the encoding it was read as where that is not UTF-8."""
    too_large = InputError([Issue("file", "file_too_large", {"maximum": LONGEST_ANSWERS_BYTES // 1000})])
    if len(content) > LONGEST_FILE_BYTES:
        raise too_large
    text, encoding = (content, "utf-8") if isinstance(content, str) else _text(content)
    logo = LOGO_TEXT.search(text) if len(content) > LONGEST_ANSWERS_BYTES else None
    if len(content) - (len(logo[0]) if logo else 0) > LONGEST_ANSWERS_BYTES:
        raise too_large
    told = () if encoding == "utf-8" else (Issue("file", "file_read_as", {"encoding": encoding.upper()}),)
    return text.removeprefix("\ufeff"), told


def _text(content: bytes) -> tuple[str, str]:
    """Text and encoding of a file as tables have them too; of a control character in it YAML tells the line."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" not in text:
        return text, "utf-8"
    try:
        return decoded_text(content)
    except InputError:
        raise InputError([Issue("file", "not_utf8", {})]) from None


def nests_too_deep(text: str) -> bool:
    """An upper bound of the nesting depth: brackets opened anywhere, or indentation at the start of a line."""
    brackets = text.count("[") + text.count("{")
    return brackets > DEEPEST or any(found.end() - found.start() > DEEPEST for found in _INDENT.finditer(text))


def parsed(text: str, labels: Labels = NO_LABELS) -> dict[str, Any]:
    """Raw answers of a YAML or JSON text."""
    text = without_fence(text)
    if nests_too_deep(text):
        raise InputError([Issue("file", "not_readable", {"line": "?"})])
    try:
        raw = _of_json(text) if text.lstrip().startswith("{") else read_yaml(text, as_written=True)
    except json.JSONDecodeError as error:
        raise InputError([Issue("file", "not_readable", {"line": error.lineno})]) from None
    except YamlFault as fault:
        raise fault_of(text, fault, labels) from None
    except (RecursionError, ValueError, TypeError):
        raise InputError([Issue("file", "not_readable", {"line": "?"})]) from None
    if isinstance(raw, dict) and all(isinstance(k, str) for k in raw):
        return raw
    line = line_without_colon(text, labels) if isinstance(raw, str) else None
    if line is not None:
        raise InputError([Issue("file", "colon_in_yaml", {"line": line})])
    raise InputError([Issue("file", "not_a_scenario", {})])


def _of_json(text: str) -> Any:
    """What JSON says, or YAML, which takes a comma too many and single quotes, and tells the line of a key twice."""
    try:
        return json.loads(text, object_pairs_hook=_unique_pairs, parse_float=_json_number)
    except (json.JSONDecodeError, _Twice) as error:
        try:
            return read_yaml(text, as_written=True)
        except YamlFault as fault:
            if fault.twice is not None or isinstance(error, _Twice):
                raise
        raise


@dataclass(frozen=True)
class Given:
    """What a file says: answers by the ids of their questions, not read yet.

    ``gone`` tells what was left out, and how the file was read where that is not as any other.

    ``is_whole`` where an earlier release saved it, so that what it leaves out is not answered.
    """

    answers: Mapping[str, object]
    is_whole: bool = False
    gone: tuple[Issue, ...] = ()
    faults: tuple[Issue, ...] = ()


def given_answers(content: bytes | str, labels: Labels = NO_LABELS) -> Given:
    """The answers of a YAML or JSON file. Raises :class:`InputError` for what is no such file."""
    try:
        text, told = decoded(content)
        answers = parsed(text, labels)
    except InputError:
        raise_if_recognised(content.encode() if isinstance(content, str) else content)
        raise
    if answers and not any(question_named(name, labels) for name in answers):
        raise_if_recognised(text.encode("utf-8", "replace"))
    version = answers.pop("schema", SCHEMA_VERSION)
    if str(version) not in (str(SCHEMA_VERSION), WHOLE_VERSION):
        raise InputError([Issue("schema", "other_schema", {"value": quoted(version), "known": SCHEMA_VERSION})])
    kept, gone = without_gone(answers)
    named, twice = with_ids(kept, labels)
    said = {name: _share_as_text(name, value) for name, value in named.items()}
    return Given(said, str(version) == WHOLE_VERSION, (*told, *gone), tuple(twice))


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
    content = _with_whole_numbers({"schema": SCHEMA_VERSION, **answers, **shapes, **dict.fromkeys(cleared)})
    if form == "json":
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


def _with_whole_numbers(value: Any) -> Any:
    """The same with 15018 for 15018.0, as people write it."""
    if isinstance(value, dict):
        return {key: _with_whole_numbers(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_with_whole_numbers(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < LARGEST_WHOLE else value


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
