"""One run as its settings: a configuration of a trainer, the summary of a benchmark, printed arguments."""

import re
from collections.abc import Callable, Iterator, Mapping

from advisor.core.notices import InputError
from advisor.core.tables import Lines, decoded
from advisor.core.yaml import YamlFault, read_yaml

FEWEST, MOST = 3, 500
LARGEST_BYTES = 100_000
_SETTING = re.compile(r"([A-Za-z\u4e00-\u9fff][\w ()/.\u4e00-\u9fff-]{0,80}?)\s*(?::(?=\s|$)|=)\s*(.*)")
_NO_SETTING = re.compile(r"\s|#|//|[-=*]{2,}|- |\[.*\]$|[{}]")
"""How lines begin that are none: nested ones, comments, rules with or without a title in them."""
_SAYS_ITSELF = re.compile(r"[^\W_]+_")
"""A setting within others whose own name tells enough: ``lora_rank``, not the ``name`` or ``path`` of anything."""
_COMMENT = re.compile(r"\s+#.*$")


def settings_in(content: bytes, name_of: Callable[[str], str | None]) -> Lines | None:
    """The settings as a table of one row; of what is nested in others those of a known name, each by the first of it.

    Parameters
    ----------
    content : bytes of the file
    name_of : function of str to str or None, the name of a column by what heads it

    Returns
    -------
    Lines, or None where not every line is a setting
    """
    if len(content) > LARGEST_BYTES:
        return None
    try:
        text = decoded(content)[0]
    except InputError:  # told where it is read as a table
        return None
    whole = _parsed(text) if text.lstrip().startswith("{") else None
    said = _line_by_line(text) if whole is None else _of_object(whole)
    if said is None:
        return None
    heads, cells = [head for head, cell in said if cell], [cell for _, cell in said if cell]
    columns = [name_of(head) or head for head in heads]
    for path, cell in _within(_parsed(text) if whole is None else whole):
        end = next((end for end in _ends(path) if name_of(end)), "")
        name = name_of(end)
        if name is not None and name not in columns:
            heads, columns, cells = [*heads, end], [*columns, name], [*cells, cell]
    return Lines(tuple(columns), ((1, tuple(cells)),), (), tuple(heads)) if len(heads) >= FEWEST else None


def _parsed(text: str) -> Mapping[object, object]:
    """The text as YAML or JSON, each number as it is written; empty where it is neither."""
    try:
        whole = read_yaml(text, as_written=True)
    except (YamlFault, RecursionError, ValueError, TypeError):
        return {}
    return whole if isinstance(whole, Mapping) else {}


def _line_by_line(text: str) -> list[tuple[str, str]] | None:
    plain = [line for line in text.splitlines() if line.strip() and not _NO_SETTING.match(line)]
    found = [match for line in plain if (match := _SETTING.fullmatch(line)) is not None]
    if not 0 < len(found) <= MOST or len(found) < len(plain):
        return None
    return [(match[1], _COMMENT.sub("", match[2]).strip().strip("\"'")) for match in found]


def _of_object(whole: Mapping[object, object]) -> list[tuple[str, str]] | None:
    """Settings of an object of JSON that holds others; one without is a row of a table."""
    if not any(isinstance(value, Mapping) for value in whole.values()):
        return None
    return [(str(key), value.strip()) for key, value in whole.items() if isinstance(value, str)]


def _within(settings: Mapping[object, object], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Settings with their paths, in order; lists are passed over."""
    for key, value in settings.items():
        if isinstance(value, Mapping):
            yield from _within(value, (*path, str(key)))
        elif isinstance(value, str):
            yield (*path, str(key)), value.strip()


def _ends(path: tuple[str, ...]) -> Iterator[str]:
    """Ends of a path, the longest first: ``actor_model_path``, ``model_path``."""
    yield from ("_".join(path[place:]) for place in range(len(path) - 1))
    if _SAYS_ITSELF.match(path[-1]):
        yield path[-1]
