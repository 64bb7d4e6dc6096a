"""Columns computed in stages, so that what several of them rest on stands once in a query and not in each of them.

Ibis writes an expression out wherever it is used. Token counts that are read from text, checked, and settled by a total
would become a query of megabytes, whose planning takes longer than reading ten million rows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

SHARED = "_shared_"


def in_stages(table: Any, columns: Mapping[str, Any]) -> Any:
    """The same rows as ``table.select(**columns)``; a value that is used more than once is a column of its own first."""
    wanted = {name: column.op() for name, column in columns.items()}
    order = _from_the_ground(wanted.values())
    shared = _levels(order, Counter(child for node in order for child in _values(node)))
    stage, places = table, _fields(order)
    named: dict[Any, str] = {}
    for level in shared:
        added = {f"{SHARED}{len(named) + k}": node for k, node in enumerate(level)}
        stage = stage.mutate(**{name: _moved(node, places) for name, node in added.items()})
        named |= {node: name for name, node in added.items()}
        places = {node: stage[name].op() for node, name in named.items()} | {
            field: stage[field.name].op() for field in _fields(order)
        }
    return stage.select(**{name: _moved(node, places) for name, node in wanted.items()})


def _values(node: Any) -> list[Any]:
    """The values that one is made of, without the table they stand in."""
    from ibis.expr import operations as ops

    return [] if isinstance(node, ops.Field) else [each for each in node.__children__ if isinstance(each, ops.Value)]


def _from_the_ground(nodes: Iterable[Any]) -> list[Any]:
    """Every value below and among these, each once and after those that it is made of."""
    order: dict[Any, None] = {}
    waiting = [(node, False) for node in nodes]
    while waiting:
        node, is_ready = waiting.pop()
        if is_ready:
            order[node] = None
        elif node not in order:
            waiting += [(node, True), *((each, False) for each in _values(node))]
    return list(order)


def _levels(order: Iterable[Any], uses: Mapping[Any, int]) -> list[list[Any]]:
    """Values used more than once, by how many others of them lie below."""
    from ibis.expr import operations as ops

    depth: dict[Any, int] = {}
    levels: list[list[Any]] = []
    for node in order:
        below = max((depth[each] for each in _values(node)), default=0)
        is_made = bool(_values(node)) and node.shape.is_columnar() and not isinstance(node, ops.Cast | ops.Negate)
        depth[node] = below + (is_made and uses[node] > 1)
        if depth[node] > below:
            levels += [[]] if below == len(levels) else []
            levels[below].append(node)
    return levels


def _fields(order: Iterable[Any]) -> dict[Any, Any]:
    from ibis.expr import operations as ops

    return {node: node for node in order if isinstance(node, ops.Field)}


def _moved(node: Any, places: Mapping[Any, Any]) -> Any:
    """The expression on another table, where some of its values are columns already."""
    from ibis.expr import operations as ops

    return node.replace(places, filter=ops.Value).to_expr()
