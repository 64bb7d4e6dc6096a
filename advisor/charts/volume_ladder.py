"""The volume ladder as a picture: what the verdict is at which requests a day, where it breaks even, and you."""

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import NamedTuple

import altair as alt

from advisor.charts.drawing import SILENT, Row, Spec, drawing, layer, looked_up, name, pixels, quantity, tips
from advisor.charts.style import AMBER, BLUE, GREEN, GREY, HALF, LINE, PAPER, RED, SKY, TEXT, fitted_labels, fitted_row
from advisor.decision.rules import TONES
from advisor.decision.volume_ladder import VolumeLadder
from advisor.text.i18n import Translator
from advisor.text.ladder_phrases import band_words, ladder_lines, mark_words

COLOURS = {"good": GREEN, "fair": AMBER, "poor": RED, "unknown": SKY}
MARKS = ("you", "serving", "project")
MARK_COLOURS = {"you": BLUE, "serving": GREY, "project": GREY}
SLIVER = 0.015
"""Share of the width under which a band would not be seen; what lies beside it is then drawn across."""
ROOM = 1.25
"""Factor by which the scale reaches beyond what is marked, before it ends at a whole decade."""
ROW = TEXT * LINE
BAND, GAP, BELOW = 34.0, 6.0, 58.0
"""Height of the bands, what keeps words from them, and room for the axis [pixels]."""


class Band(NamedTuple):
    """A verdict between two shares of the width."""

    start: float
    end: float
    verdict: str
    words: str


class _Scale(NamedTuple):
    """A logarithmic scale between two whole decades of requests a day."""

    low: int
    high: int

    def share(self, volume: float) -> float:
        return min(max((log10(max(volume, 1e-9)) - self.low) / (self.high - self.low), 0.0), 1.0)


def build_volume_ladder_chart(ladder: VolumeLadder, t: Translator, *, paper: bool = False) -> alt.LayerChart:
    """One logarithmic scale of requests a day: verdicts as bands, named below them; you and the break-evens above.

    On ``paper`` the height is that of the plot without its axis.
    """
    scale = _scale(ladder)
    found, marks = bands(ladder, t), _mark_rows(ladder, scale, t)
    top = len(MARKS) * ROW + GAP
    bottom = top + BAND
    ticks = {str(k): t.number(10.0 ** (scale.low + k)) for k in range(scale.high - scale.low + 1)}
    axis: Spec = {"title": t("chart.axis.requests"), "values": [k / (len(ticks) - 1) for k in range(len(ticks))]}
    axis |= {"labelExpr": looked_up(ticks, f"round(datum.value * {len(ticks) - 1})"), "grid": False}
    axis |= {"labelOverlap": "greedy", "labelFlush": True}
    x = quantity("share", axis=axis, scale={"domain": [0, 1], "nice": False})
    box: Spec = {"x": x, "x2": {"field": "end"}, "y": pixels(top), "y2": pixels(bottom)}
    box["color"] = name("colour", scale=None, legend=None)
    box["tooltip"] = tips(("words", t("ladder.tip")))
    standing: Spec = {"x": x, "color": name("colour", scale=None, legend=None)}
    down = {**standing, "y": pixels(bottom), "y2": pixels(f"{bottom + GAP} + (datum.line + 0.8) * {ROW}")}
    up = {**standing, "y": pixels(f"{GAP / 2} + datum.line * {ROW}"), "y2": pixels(bottom)}
    here: Spec = {"shape": "diamond", "filled": True, "opacity": 1, "size": 190, "color": BLUE, "stroke": PAPER}
    layers = [
        layer("bands", "rect", box, opacity=0.75, stroke=PAPER, strokeWidth=1.5, aria=False),
        layer("verdicts", "rule", down, strokeWidth=2, **SILENT),
        layer("places", "rule", up, strokeWidth=2, **SILENT),
        layer("you", "point", {"x": x, "y": pixels((top + bottom) / 2)}, strokeWidth=2, **here, **SILENT),
        *fitted_labels("verdicts", str(TEXT), top=round(bottom + GAP), bold=False),
        *fitted_labels("marks", str(TEXT), top=0),
    ]
    moving: dict[str, list[Row]] = {
        "bands": _band_rows(found),
        "verdicts": _flags(found),
        "places": [row for row in marks if row["there"]],
        "you": [row for row in marks if row["id"] == "you"],
        "marks": marks,
    }
    return drawing(layers, round(bottom + GAP + len(found) * ROW + (0 if paper else BELOW)), moving)


def volume_ladder_alt(ladder: VolumeLadder, t: Translator) -> str:
    """What the chart shows, in words."""
    return t("ladder.alt", list=t("chart.list").join(ladder_lines(ladder, t)))


def bands(ladder: VolumeLadder, t: Translator) -> tuple[Band, ...]:
    """What is drawn of the verdicts: those wide enough to be seen, with neighbours that say the same as one."""
    scale = _scale(ladder)
    ends = [scale.share(start) for start, _ in ladder.verdicts[1:]] + [1.0]
    found: list[Band] = []
    for (start, verdict), end in zip(ladder.verdicts, ends, strict=True):
        begins = scale.share(start) if found else 0.0
        if found and (verdict == found[-1].verdict or end - begins < SLIVER):
            found[-1] = found[-1]._replace(end=end)
        else:
            found.append(Band(begins, end, verdict, band_words(start, verdict, ladder, t)))
    return tuple(found)


def _scale(ladder: VolumeLadder) -> _Scale:
    """From a decade below everything marked to one above it."""
    lowest = ladder.verdicts[0][0]
    marked = [ladder.you, ladder.serving, ladder.project, *(start for start, _ in ladder.verdicts[1:])]
    shown = [volume for volume in marked if volume is not None and volume > lowest] or [lowest]
    low = max(floor(log10(min(shown) / ROOM)), floor(log10(lowest)))
    return _Scale(low, max(ceil(log10(max(shown) * ROOM)), low + 2))


def _band_rows(found: Sequence[Band]) -> list[Row]:
    return [
        {"share": band.start, "end": band.end, "words": band.words, "colour": COLOURS[TONES[band.verdict]]}
        for band in found
    ]


def _flags(found: Sequence[Band]) -> list[Row]:
    """A line of words for every band: to the right of where it starts, or to the left of where a late one ends."""
    anchored = [(band, band.start if band.start <= HALF else band.end) for band in found]
    return [
        {**fitted_row(band.words, share, line), "colour": COLOURS[TONES[band.verdict]]}
        for line, (band, share) in enumerate(sorted(anchored, key=lambda each: _nearness(each[1])))
    ]


def _mark_rows(ladder: VolumeLadder, scale: _Scale, t: Translator) -> list[Row]:
    """You and the break-evens; ``there`` where one has a place on the scale and not only words."""
    words, lowest = mark_words(ladder, t), ladder.verdicts[0][0]
    places = {"you": ladder.you, "serving": ladder.serving, "project": ladder.project}
    there = {mark: volume is not None and (mark == "you" or volume > lowest) for mark, volume in places.items()}
    shares = {mark: scale.share(places[mark] or 0.0) if there[mark] else 0.0 for mark in MARKS}
    order = sorted(MARKS, key=lambda mark: _nearness(shares[mark]), reverse=True)
    return [
        {**fitted_row(words[mark], shares[mark], line), "id": mark, "there": there[mark], "colour": MARK_COLOURS[mark]}
        for line, mark in enumerate(order)
    ]


def _nearness(share: float) -> tuple[bool, float]:
    """Order from the bands outwards in which no rule meets words to its right: those nearest the middle first."""
    return share <= HALF, abs(share - HALF)
