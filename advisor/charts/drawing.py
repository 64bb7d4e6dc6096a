"""Layered Vega-Lite pictures from plain specifications.

Altair checks every part when it is made and the whole again when it is drawn, which takes 60 to 120 ms a chart
while Streamlit holds a lock over all sessions. The specifications here are written out and checked against
Altair's schema by the tests instead; the finished picture still is an Altair chart to whoever receives it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt

Spec = dict[str, Any]
Row = Mapping[str, object]

SILENT: Spec = {"aria": False, "tooltip": None}
"""Marks that repeat what a neighbour says: no tooltip, nothing for a screen reader."""


class Drawing(alt.LayerChart):
    """A chart whose specification is complete."""

    def __init__(self, spec: Spec) -> None:
        super().__init__()
        object.__setattr__(self, "_spec", spec)

    def properties(self, **kwargs: Any) -> "Drawing":
        """The same picture with other top-level properties, such as ``width`` and ``height``."""
        return Drawing({**object.__getattribute__(self, "_spec"), **kwargs})

    def to_dict(
        self,
        validate: bool = True,
        *,
        format: str = "vega-lite",
        ignore: list[str] | None = None,
        context: dict[str, Any] | None = None,
    ) -> Spec:
        """The specification; a copy (through JSON, the fastest way), so that nobody alters the picture."""
        spec: Spec = json.loads(json.dumps(object.__getattribute__(self, "_spec")))
        return {key: value for key, value in spec.items() if key not in (ignore or ())}


def drawing(layers: Sequence[Spec], height: int, moving: Mapping[str, Sequence[Row]] | None = None) -> alt.LayerChart:
    """Layers as one picture; the first lies at the bottom. Its words travel beside it, not inside.

    ``moving``: rows under the name by which layers and :func:`told_by` refer to them. While nothing else of the
    picture changes, a browser moves its marks instead of building it anew.
    """
    spec: Spec = {"$schema": alt.SCHEMA_URL, "height": height, "layer": list(layers)}
    if moving is None:
        return Drawing(spec)
    # Vega-Lite leaves out rows that only expressions read, so a layer that draws nothing holds on to them.
    drawn = {each["data"].get("name") for each in layers}
    spec["layer"] += [layer(rows, "point", {}, opacity=0, **SILENT) for rows in moving if rows not in drawn]
    return Drawing({**spec, "datasets": {rows: list(found) for rows, found in moving.items()}})


def layer(rows: Iterable[Row] | str, mark: str, encoding: Spec, **look: Any) -> Spec:
    """One kind of mark over its own rows, or over the moving rows of that name."""
    data = {"name": rows} if isinstance(rows, str) else {"values": list(rows)}
    return {"data": data, "mark": {"type": mark, **look}, "encoding": encoding}


def told_by(rows: str) -> str:
    """Expression that replaces a ``key`` by the ``words`` that stand beside it in the moving rows of that name."""
    return f"pluck(data('{rows}'), 'words')[indexof(pluck(data('{rows}'), 'key'), datum.value)]"


def told(words: Mapping[str, str]) -> list[Row]:
    """Moving rows for :func:`told_by`, as a legend reads them."""
    return [{"key": key, "words": text} for key, text in words.items()]


def quantity(column: str, **how: Any) -> Spec:
    """Encoding of a number."""
    return {"field": column, "type": "quantitative", **how}


def name(column: str, **how: Any) -> Spec:
    """Encoding of a code or a word."""
    return {"field": column, "type": "nominal", **how}


def pixels(value: float | str) -> Spec:
    """A fixed place: pixels from the left or the top, or an expression such as ``width``."""
    return {"value": {"expr": value} if isinstance(value, str) and value != "width" else value}


def tips(*columns: tuple[str, str]) -> list[Spec]:
    """Tooltip lines: column with the finished words, and its title."""
    return [name(column, title=title) for column, title in columns]


def looked_up(words: Mapping[str, str], key: str = "datum.value") -> str:
    """Expression that replaces a key by its words."""
    return f"({json.dumps(words, ensure_ascii=False)})[{key}]"
