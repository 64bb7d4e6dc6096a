"""The volume ladder as a picture: what the verdict is at which requests a day, where it breaks even, and you."""

from collections.abc import Sequence
from math import ceil, floor, inf, log10
from typing import NamedTuple

import altair as alt

from advisor.charts.drawing import SILENT, Row, Spec, drawing, layer, looked_up, name, pixels, quantity, tips
from advisor.charts.style import AMBER, CASE, GREEN, GREY, INK, LINE, PAPER, RED, SKY, TEXT, text_layer, text_width
from advisor.decision.rules import TONES
from advisor.decision.volume_ladder import VolumeLadder
from advisor.text.i18n import Translator
from advisor.text.ladder_phrases import ladder_lines, mark_words, verdict_lines

COLOURS = {"good": GREEN, "fair": AMBER, "poor": RED, "unknown": SKY}
MARKS = {"you": ("diamond", CASE), "serving": ("triangle-down", GREY), "project": ("circle", INK)}
LEAST = 1e-9
"""Volume that stands for none on a logarithmic scale. [requests/day]"""
BEYOND = 1.25
"""Factor by which the scale reaches beyond what is marked, before it ends at a whole decade."""
ROW = TEXT * LINE
INDENT, LANE, NOTCH, BAND, AXIS = 20.0, 22.0, 6.0, 34.0, 80.0
"""Room for signs before words and for marks above the bands, how far those point in, bands and axis [pixels]."""


class LadderBand(NamedTuple):
    """A verdict between two shares of the width, with what it says in the list."""

    start: float
    end: float
    verdict: str
    words: str


class _Scale(NamedTuple):
    """A logarithmic scale between two powers of ten. [requests/day]"""

    low: int
    high: int

    def share(self, volume: float) -> float:
        return min(max((log10(max(volume, LEAST)) - self.low) / (self.high - self.low), 0.0), 1.0)


def build_volume_ladder_chart(ladder: VolumeLadder, t: Translator, *, paper: bool = False) -> alt.LayerChart:
    """One logarithmic scale of requests a day: verdicts as numbered bands, above them you and the break-evens.

    What each sign and number means stands in a list, where words meet no mark however narrow the picture is. On
    ``paper`` the list has two columns, and the height is that of the plot without its axis.
    """
    scale, found = _scale(ladder), bands(ladder, t)
    box: Spec = {"x": _axis(scale, t), "x2": {"field": "end"}, "y": _above(BAND), "y2": _above(0)}
    box |= {"color": name("colour", scale=None, legend=None), "tooltip": tips(("words", t("ladder.tip")))}
    listed = {**_listed(INDENT), "text": name("words")}
    layers = [
        layer("bands", "rect", box, opacity=0.4, stroke=PAPER, strokeWidth=1.5, aria=False),
        layer("swatches", "square", {**_listed(INDENT / 2), "color": box["color"]}, opacity=0.4, size=230, **SILENT),
        *text_layer("swatches", {**_listed(INDENT / 2), "text": name("number")}, **MIDDLE, align="center"),
        *text_layer("bands", _inside(), **MIDDLE, align="center"),
        *(part for mark in MARKS for part in _mark(mark, box["x"])),
        *text_layer("list", listed, **MIDDLE, align="left"),
    ]
    lines = max(len(MARKS), len(found)) if paper else len(MARKS) + len(found)
    marks, verdicts = _mark_rows(ladder, scale, t), _band_rows(found, t, paper)
    moving: dict[str, list[Row]] = {
        "bands": verdicts,
        "swatches": verdicts,
        "list": [*marks, *verdicts],
        **{mark: [row for row in marks if row["id"] == mark] for mark in MARKS},
    }
    return drawing(layers, round(lines * ROW + LANE + BAND + (0 if paper else AXIS)), moving)


def volume_ladder_alt(ladder: VolumeLadder, t: Translator) -> str:
    """What the chart shows, in words."""
    return t("ladder.alt", list=t("chart.list").join(ladder_lines(ladder, t)))


def bands(ladder: VolumeLadder, t: Translator) -> tuple[LadderBand, ...]:
    """Every verdict between two volumes, as the list beside tells it, however narrow its band is."""
    scale = _scale(ladder)
    lines = zip(ladder.verdicts, _ends(ladder), verdict_lines(ladder, t), strict=True)
    found = [LadderBand(scale.share(start), scale.share(end), verdict, words) for (start, verdict), end, words in lines]
    return (found[0]._replace(start=0.0), *found[1:])


def _ends(ladder: VolumeLadder) -> tuple[float, ...]:
    """Where each verdict ends; the last never does. [requests/day]"""
    return (*(start for start, _ in ladder.verdicts[1:]), inf)


def _scale(ladder: VolumeLadder) -> _Scale:
    """From the decade below everything marked to the one above it."""
    lowest = ladder.verdicts[0][0]
    marked = [ladder.you, ladder.serving, ladder.project, *(start for start, _ in ladder.verdicts[1:])]
    shown = [volume for volume in marked if volume is not None and volume > lowest] or [lowest]
    low = max(floor(log10(min(shown) / BEYOND)), floor(log10(lowest)))
    return _Scale(low, max(ceil(log10(max(shown) * BEYOND)), low + 2))


# --- Rows and marks -------------------------------------------------------------------------------

MIDDLE: Spec = {"baseline": "middle"}
SECOND = 0.58
"""Where the second column of the list on paper begins, as a share of the width: the first holds longer words."""


def _axis(scale: _Scale, t: Translator) -> Spec:
    decades = scale.high - scale.low
    words = {str(k): t.number(10.0 ** (scale.low + k)) for k in range(decades + 1)}
    axis = {
        "title": t("chart.axis.requests"),
        "values": [k / decades for k in range(decades + 1)],
        "labelExpr": looked_up(words, f"round(datum.value * {decades})"),
        "labelOverlap": "greedy",
        "labelFlush": True,
        "grid": False,
    }
    return quantity("share", axis=axis, scale={"domain": [0, 1], "nice": False})


def _listed(x: float) -> Spec:
    """A place on a line of the list, in its column, so many pixels from the left of it."""
    return {"x": pixels(f"datum.column * {SECOND} * width + {x}"), "y": pixels(f"(datum.line + 0.5) * {ROW}")}


def _above(height: float) -> Spec:
    """A place that many pixels above the axis, which takes what room it needs."""
    return pixels(f"height - {height}")


def _inside() -> Spec:
    """The verdict inside its band where there is room, else its number; a sliver has its colour alone."""
    wide = "(datum.end - datum.share) * width"
    fits = f"{wide} > datum.wide * {TEXT} + {NOTCH}"
    number = f"{wide} > {TEXT} ? datum.number : ''"
    return {
        "x": pixels("(datum.share + datum.end) / 2 * width"),
        "y": _above(BAND / 2),
        "text": {"value": {"expr": f"{fits} ? datum.number + ' ' + datum.label : {number}"}},
    }


def _mark(mark: str, x: Spec) -> list[Spec]:
    """A mark above the bands that points into them, and the same sign in the list."""
    shape, colour = MARKS[mark]
    look: Spec = {"shape": shape, "filled": True, "opacity": 1, "size": 130, "color": colour, "stroke": PAPER}
    shown = {"opacity": {"value": {"expr": "datum.there ? 1 : 0"}}}
    line = {"x": x, "y": _above(BAND + LANE / 2), "y2": _above(BAND - NOTCH), **shown}
    return [
        layer(mark, "rule", line, color=colour, strokeWidth=2, **SILENT),
        layer(mark, "point", {"x": x, "y": _above(BAND + LANE / 2), **shown}, **look, **SILENT),
        layer(mark, "point", _listed(INDENT / 2), **look, **SILENT),
    ]


def _band_rows(found: Sequence[LadderBand], t: Translator, paper: bool) -> list[Row]:
    rows: list[Row] = []
    for k, band in enumerate(found, start=1):
        label = t(f"verdict.{band.verdict}.label")
        rows.append(
            {
                "share": band.start,
                "end": band.end,
                "words": band.words,
                "label": label,
                "wide": text_width(f"{k} {label} ", 1.0),
                "number": t.number(k),
                "colour": COLOURS[TONES[band.verdict]],
                "line": k - 1 + (0 if paper else len(MARKS)),
                "column": int(paper),
            }
        )
    return rows


def _mark_rows(ladder: VolumeLadder, scale: _Scale, t: Translator) -> list[Row]:
    """You and the break-evens; ``there`` where one has a place on the scale and not only words."""
    words, lowest = mark_words(ladder, t), ladder.verdicts[0][0]
    places = {"you": ladder.you, "serving": ladder.serving, "project": ladder.project}
    there = {mark: volume is not None and (mark == "you" or volume > lowest) for mark, volume in places.items()}
    return [
        {
            "id": mark,
            "words": words[mark],
            "share": scale.share(places[mark] or 0.0),
            "there": there[mark],
            "line": k,
            "column": 0,
        }
        for k, mark in enumerate(MARKS)
    ]
