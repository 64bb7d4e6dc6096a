"""Horizontal bars under their own names: name on the left, figure on the right, the bar beneath.

Long names then need no margin, so the same picture fits a telephone, a page and a column of the report.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from advisor.charts.drawing import SILENT, Spec, layer, name, pixels, quantity, tips
from advisor.charts.style import BOLD, GREY, SMALLEST, TEXT, money_axis, text_layer, text_width
from advisor.text.i18n import Translator

ROW_HEIGHT = 40
LEAST_HEIGHT = 260
AXIS_HEIGHT = 84
BAR = 11
BAR_OFFSET = 9
"""How far a bar lies under the middle of its row [pixels]."""
TICK = 14
"""Height of the mark of a value beside each bar [pixels]; a rule through all rows would cross their words."""
MARGIN = 0.03
GAP = 14
"""Between a name and the figure beside it [pixels]."""


@dataclass(frozen=True)
class BarRow:
    """One bar from ``start`` to ``end``; without them the row is a heading, or has no figure to draw."""

    id: str
    name: str
    value: str
    start: float | None = None
    end: float | None = None
    colour: str = GREY
    is_heading: bool = False


def bar_layers(
    rows: Sequence[BarRow],
    t: Translator,
    currency: str,
    axis_title: str,
    titles: tuple[str, str],
    axis: Spec | None = None,
) -> list[Spec]:
    """The bars, zero and their words. ``titles`` name the row and its figure in the tooltip.

    ``axis`` stands in for the axis of money where the bars are something else.
    """
    domain = bar_domain(rows)
    place = {
        "y": row_place(rows),
        "x": quantity(
            "start",
            axis=axis or money_axis(t, domain, currency, axis_title, wanted=4, grid=False),
            scale={"domain": list(domain), "nice": False, "zero": False},
        ),
    }
    colour = name("colour", scale=None, legend=None)
    bars = layer(
        [asdict(row) for row in rows if row.end is not None],
        "bar",
        {**place, "x2": {"field": "end"}, "color": colour, "tooltip": tips(("name", titles[0]), ("value", titles[1]))},
        size=BAR,
        yOffset=BAR_OFFSET,
        cornerRadius=2,
        aria=False,
    )
    zero = value_ticks([row.id for row in rows if row.end is not None], 0.0, place["y"], GREY)
    return [bars, zero, *row_words(rows)]


def value_ticks(ids: Sequence[str], value: float, y: Spec, colour: object, **look: object) -> Spec:
    """A value marked at the bar of each of these rows, and not where the words stand."""
    at = [{"id": row, "start": value} for row in ids]
    marked = {"x": quantity("start"), "y": y}
    how: Spec = {"orient": "vertical", "size": TICK, "thickness": 1.5, "yOffset": BAR_OFFSET, **SILENT, **look}
    return layer(at, "tick", marked, color=colour, **how)


def bar_domain(rows: Sequence[BarRow]) -> tuple[float, float]:
    """Every bar and zero; a margin only on the sides that bars reach into."""
    ends = [value for row in rows for value in (row.start, row.end) if value is not None]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    if high == low:
        return 0.0, 1.0
    margin = MARGIN * (high - low)
    return low - (margin if low < 0 else 0.0), high + (margin if high > 0 else 0.0)


def row_place(rows: Sequence[BarRow]) -> Spec:
    """Rows from top to bottom in the order given."""
    scale = {"domain": [row.id for row in rows], "paddingInner": 0, "paddingOuter": 0}
    return name("id", sort=None, axis=None, scale=scale)


def rows_height(rows: Sequence[BarRow], each: int = ROW_HEIGHT) -> int:
    """Height that gives every row its room [pixels]."""
    return max(LEAST_HEIGHT, each * len(rows) + AXIS_HEIGHT)


def row_words(rows: Sequence[BarRow]) -> list[Spec]:
    """The name of each row on the left and its figure on the right, over the bar."""
    room = GAP + max((text_width(row.value, TEXT * BOLD) for row in rows), default=0.0)
    return [*_words(rows, "name", "left", _fitted(room)), *_words(rows, "value", "right", {})]


def _fitted(room: float) -> Spec:
    """Smaller letters, then a cut, where a name would run into the figure on the right, or out of the picture.

    ``room`` is what the figures take [pixels]. A name wider than the picture would leave its bars no place.
    """
    letters = f"min({TEXT}, max({SMALLEST}, (width - {room:.0f}) / datum.wide))"
    return {"fontSize": {"expr": letters}, "limit": {"expr": f"width - {room:.0f}"}}


def _words(rows: Sequence[BarRow], column: str, align: str, fitted: Spec) -> list[Spec]:
    layers = []
    x = pixels(0 if align == "left" else "width")
    for bold, bare in ((True, True), (True, False), (False, True), (False, False)):
        kind = [r for r in rows if r.is_heading == bold and (r.end is None) == bare]
        encoding = {"x": x, "y": row_place(rows), "text": name(column)}
        nearer = BAR_OFFSET if bold and bare else 0  # a heading without a bar stands by the rows below it
        look: Spec = {"align": align, "baseline": "bottom", "dy": nearer, "fontWeight": "bold" if bold else "normal"}
        if kind:
            shown = [_named(r, column, BOLD if bold else 1.0) for r in kind]
            layers += text_layer(shown, encoding, halo=True, **look, **fitted)
    return layers


def _named(row: BarRow, column: str, size: float) -> dict[str, object]:
    """The row's words, and how wide they are in sizes of their letters."""
    words = str(getattr(row, column))
    return {"id": row.id, column: words, "wide": text_width(words, size)}
