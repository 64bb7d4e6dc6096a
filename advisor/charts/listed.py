"""What each sign of a picture means, as a list above the plot: words there meet no line, however narrow it is.

A legend of the drawing program begins at the plot's edge and cuts what does not fit; this one begins over the axis'
labels, and its letters shrink before a word is lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from advisor.charts.drawing import SILENT, Row, Spec, layer, name, pixels
from advisor.charts.style import CASE, GREY, LINE, PAPER, TEXT, text_layer, text_width

ROW = TEXT * LINE
LEFT = 44.0
"""How far left of the plot the list begins: about what labels of an axis of money take [pixels]."""
PARTS = ("dash_1", "gap_1", "dash_2", "gap_2")
SIGN, INDENT, ABOVE = 20.0, 27.0, 8.0
"""Width of a sign, where words begin, and room between list and plot [pixels]."""


@dataclass(frozen=True)
class Listed:
    """A line of the list: its words, and the sign before them; a ``dash`` is drawn as a line, a ``shape`` as a point.

    Not ``there``: the words stand without a sign, as the picture has none. ``is_case``: blue, lighter where it is dark.
    """

    words: str
    colour: str = GREY
    dash: tuple[int, ...] | None = None
    shape: str = "square"
    opacity: float = 1.0
    there: bool = True
    is_case: bool = False


def listed_rows(rows: str, found: Sequence[Listed]) -> dict[str, list[Row]]:
    """Moving rows of a list under the names that :func:`listed_layers` draws."""
    widest = max((text_width(each.words, 1.0) for each in found), default=1.0)
    said: list[Row] = [
        {
            "words": each.words,
            "up": len(found) - k - 0.5,
            "wide": widest,
            "colour": each.colour,
            **_dash(each.dash or (1, 0)),
            "shape": each.shape,
            "opacity": each.opacity,
            "is_case": each.is_case,
            "kind": "none" if not each.there else "point" if each.dash is None else "line",
        }
        for k, each in enumerate(found)
    ]
    signs = {kind: [row for row in said if row["kind"] == kind] for kind in ("line", "point")}
    return {rows: said, **{f"{rows}_{kind}": shown for kind, shown in signs.items()}}


def _dash(dash: tuple[int, ...]) -> dict[str, int]:
    """Lengths of dashes and gaps, each in a column: what carries rows to a browser knows no lists in them."""
    return dict(zip(PARTS, dash * (len(PARTS) // len(dash)), strict=True))


def listed_layers(rows: str, left: float = LEFT) -> list[Spec]:
    """The list of these moving rows above the plot, beginning so many pixels left of it."""
    y = pixels(f"-(datum.up * {ROW} + {ABOVE})")
    letters = {"expr": f"min({TEXT}, (width + {left - INDENT}) / datum.wide)"}
    line = {"x": pixels(-left), "x2": pixels(SIGN - left), "y": y}
    point = {"x": pixels(SIGN / 2 - left), "y": y}
    words = {"x": pixels(INDENT - left), "y": y, "text": name("words")}
    colour, opacity = {"expr": f"datum.is_case ? {CASE['expr']} : datum.colour"}, {"expr": "datum.opacity"}
    edge: Spec = {"stroke": PAPER, "strokeWidth": 1, "filled": True, "size": 150, "opacity": opacity}
    dash = {"expr": f"[{', '.join(f'datum.{part}' for part in PARTS)}]"}
    return [
        layer(f"{rows}_line", "rule", line, color=colour, strokeDash=dash, strokeWidth=3, **SILENT),
        layer(
            f"{rows}_point",
            "point",
            point,
            fill=colour,
            shape={"expr": "datum.shape"},
            **edge,
            **SILENT,
        ),
        *text_layer(rows, words, fontSize=letters, baseline="middle", align="left"),
    ]
