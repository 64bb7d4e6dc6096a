"""The one reader of YAML: no key written twice, no loop, nothing executed, nothing guessed.

Plain scalars follow YAML 1.2 or stay as they are written. PyYAML's own rules (YAML 1.1) read ``no`` as False, ``12:30``
as 750 and ``8e9`` as text.
"""

import re
from collections.abc import Hashable
from functools import lru_cache
from typing import Any, ClassVar

import yaml


def _made_by(*tags: str) -> dict[str | None, Any]:
    """PyYAML's constructors of these tags; every other tag is refused."""
    known = yaml.SafeLoader.yaml_constructors
    return {tag: known[tag] for tag in (None, *(f"tag:yaml.org,2002:{tag}" for tag in tags))}


class YamlFault(Exception):
    """What is wrong with a text, in which line (from 1; ``None``: unknown); a key that is twice, a day that is none.

    ``began`` is the line where that began, of a quotation mark the one that opened it.
    """

    def __init__(
        self,
        problem: str,
        line: int | None = None,
        twice: str | None = None,
        day: str | None = None,
        began: int | None = None,
    ) -> None:
        super().__init__(problem)
        self.problem, self.line, self.twice, self.day, self.began = problem, line, twice, day, began


class _AsWritten(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Every scalar but an empty one stays text."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[Any]]] = {}
    yaml_constructors: ClassVar[dict[str | None, Any]] = _made_by("null", "str", "seq")

    def construct_strict(self, node: yaml.MappingNode) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise YamlFault("a key is not text", line)
            if key.value in seen:
                raise YamlFault(f"key {key.value!r} stands twice", line, key.value)
            seen.add(key.value)
        mapping: dict[Hashable, Any] = yaml.constructor.BaseConstructor.construct_mapping(self, node, deep=True)
        return mapping

    def construct_date(self, node: yaml.ScalarNode) -> Any:
        try:
            return self.construct_yaml_timestamp(node)
        except (ValueError, AttributeError):  # of a day that is none, and of text tagged as a day
            raise YamlFault(f"day {node.value} does not exist", node.start_mark.line + 1, day=node.value) from None


class _Typed(_AsWritten):
    """Scalars become numbers, days, true, false or nothing."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[Any]]] = {}
    yaml_constructors: ClassVar[dict[str | None, Any]] = _made_by("null", "str", "seq", "bool", "int", "float")


for _loader, _tag, _pattern, _first in (
    (_AsWritten, "null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    (_Typed, "null", r"^(?:~|null|)$", ["~", "n", ""]),
    (_Typed, "bool", r"^(?:true|false)$", list("tf")),
    (_Typed, "int", r"^[-+]?(?:0|[1-9][0-9]*)$", list("-+0123456789")),
    (_Typed, "float", r"^[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?$", list("-+0123456789")),
    (_Typed, "float", r"^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$", list("-+.")),
    (_Typed, "timestamp", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt ].*)?$", list("0123456789")),
):
    _loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)
_AsWritten.add_constructor("tag:yaml.org,2002:map", _AsWritten.construct_strict)
_Typed.add_constructor("tag:yaml.org,2002:map", _Typed.construct_strict)
_Typed.add_constructor("tag:yaml.org,2002:timestamp", _Typed.construct_date)


def read_yaml(text: str, *, as_written: bool = False) -> Any:
    """What the text holds; ``as_written`` leaves scalars text, for the field to decide. Raises ``YamlFault``."""
    try:
        return yaml.load(text, Loader=_AsWritten if as_written else _Typed)
    except yaml.MarkedYAMLError as error:
        mark, began = error.problem_mark, error.context_mark
        places = [place.line + 1 if place else None for place in (mark, began)]
        raise YamlFault(str(error.problem), places[0], began=places[1]) from None
    except yaml.YAMLError as error:
        raise YamlFault(str(error)) from None


def line_of(text: str, path: tuple[int | str, ...]) -> int | None:
    """Line (from 1) of what ``path`` leads to, of its key where it has one; as deep as the text goes along it."""
    node, line = _composed(text), None
    for part in path:
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        else:
            break
    return line


@lru_cache(1)
def _composed(text: str) -> Any:
    """The nodes of a text, ``None`` where it has none; those of the last text are kept, as its faults come together."""
    try:
        return yaml.compose(text, Loader=_Typed)
    except (yaml.YAMLError, RecursionError):
        return None
