"""Article 001's decision matrix as a picture, with the case marked in it."""

import math
from dataclasses import dataclass

import altair as alt

from advisor.catalog.rules import DecisionRules
from advisor.charts.drawing import SILENT, Spec, drawing, layer, looked_up, name, quantity, tips
from advisor.charts.listed import Listed, listed_layers, listed_rows
from advisor.charts.style import BLUE, CASE, GREEN, GREY, PAPER, SKY, text_layer, wrapped
from advisor.decision.advice import Advice
from advisor.decision.quick_verdicts import matrix_cells
from advisor.text.i18n import Translator
from advisor.text.phrases import field_label

HEIGHT = 320
CELL_TEXT = 12.5
NARROWEST_CELL = 86
"""Room for words in a cell on a telephone [pixels]."""
COLOURS = {"prompt": GREY, "lora": SKY, "strongly": GREEN, "ask_quality": GREY}
BANDS = 3
DECADE = 10.0
HALF, WHOLE = 1.0, 2.0
"""Heights of one row and of both."""
MARKER = {"normal": 0.12, "high": 1.88}
AWAY = 0.1
"""How far the words of half a cell keep from the edge where the marker's stand, in rows."""
EDGE = 0.07
"""Nearest that the marker comes to the left and right edge, in bands."""


@dataclass(frozen=True)
class _Volume:
    """The volume axis: three bands of equal width, logarithmic inside each. Limits in requests a day."""

    first: float
    low: float
    high: float
    last: float

    def place(self, requests: float) -> float:
        """Place of a volume in bands from the left edge; no requests at all stand at the edge."""
        edges = (self.first, self.low, self.high, self.last)
        for band in range(BANDS):
            low, high = edges[band], edges[band + 1]
            if requests <= high and high > low:
                inside = math.log(max(requests, low) / low) / math.log(high / low)
                return min(max(band + inside, EDGE), BANDS - EDGE)
        return BANDS - EDGE


def build_decision_matrix_chart(advice: Advice, rules: DecisionRules, t: Translator) -> alt.LayerChart:
    """Requests a day by quality need, each cell with its advice and the case as a marker.

    An unanswered quality puts the marker between the rows; an unanswered volume leaves it out and says so above.
    """
    volume = _volume(advice, rules)
    limits = {str(k): t.number(v) for k, v in enumerate((volume.first, volume.low, volume.high, volume.last))}
    rows = {"0.5": t("chart.matrix.normal"), "1.5": t("chart.matrix.high")}
    requests = field_label(t, "daily_requests")  # no log scale: all three bands are equally wide
    x_axis = {"title": requests, "values": list(range(BANDS + 1)), "labelExpr": looked_up(limits)}
    y_axis = {"title": t("chart.axis.quality"), "values": [0.5, 1.5], "labelExpr": looked_up(rows)}
    plain = {"grid": False, "ticks": False, "labelLimit": 120}
    place = {
        "x": quantity("left", axis={**x_axis, **plain}, scale={"domain": [0, BANDS], "nice": False}),
        "y": quantity("bottom", axis={**y_axis, **plain}, scale={"domain": [0, WHOLE], "nice": False}),
    }
    layers = [*_cells(advice, rules, volume, t, place), *_marker(advice, volume, t, place), *listed_layers("list")]
    known = advice.assessment.assumptions.knows("daily_requests")
    here = Listed(_here(advice, t), BLUE, is_case=True, shape=_shape(advice) if known else "diamond", there=known)
    return drawing(layers, HEIGHT, dict(listed_rows("list", [here])))


def _shape(advice: Advice) -> str:
    return "triangle-left" if float(advice.assessment.assumptions.number("daily_requests")) <= 0 else "diamond"


def decision_matrix_alt(advice: Advice, rules: DecisionRules, t: Translator) -> str:
    """What the chart shows, in words."""
    limits = t(
        "chart.matrix.alt",
        low=t.number(rules.matrix.low),
        high=t.number(rules.matrix.high),
        prompt=t("matrix.prompt.label"),
        lora=t("matrix.lora.label"),
        strongly=t("matrix.strongly.label"),
    )
    cell = t(f"matrix.{advice.recommendation.matrix}.label")
    return limits + t("chart.matrix.alt_here", here=_here(advice, t), cell=cell)


def _here(advice: Advice, t: Translator) -> str:
    """Where the case stands, or what must be answered first."""
    a = advice.assessment.assumptions
    if not a.knows("daily_requests"):
        return t("chart.matrix.no_volume")
    key = "here" if a.knows("quality_need") else "no_quality"
    return t(f"chart.matrix.{key}", requests=t.number(float(a.number("daily_requests"))))


def _volume(advice: Advice, rules: DecisionRules) -> _Volume:
    a, low, high = advice.assessment.assumptions, rules.matrix.low, rules.matrix.high
    requests = float(a.number("daily_requests")) if a.knows("daily_requests") else 0.0
    first, last = low / DECADE, high * DECADE
    while 0 < requests < first:
        first /= DECADE
    while requests > last:
        last *= DECADE
    return _Volume(first, low, high, last)


def _cells(advice: Advice, rules: DecisionRules, volume: _Volume, t: Translator, place: Spec) -> list[Spec]:
    """One rectangle a cell; rows that say the same are drawn as one."""
    rows = []
    samples = (volume.first / 2, math.sqrt(volume.low * volume.high), volume.last * 2)
    for band, requests in enumerate(samples):
        said = [str(matrix_cells(requests, need, rules)) for need in ("normal", "high")]
        parts = [(said[0], 0.0, WHOLE)] if said[0] == said[1] else [(said[0], 0.0, HALF), (said[1], HALF, WHOLE)]
        for cell, bottom, top in parts:
            is_whole = top - bottom == WHOLE
            away = 0.0 if is_whole else AWAY if bottom == 0 else -AWAY
            middle = (bottom + top) / 2 + away
            rows.append(
                {
                    "left": band,
                    "right": band + 1,
                    "bottom": bottom,
                    "top": top,
                    "centre": band + 0.5,
                    "middle": middle + HALF / 2 if is_whole and not _knows_row(advice) else middle,
                    "cell": cell,
                    "words": wrapped(t(f"matrix.{cell}.label"), NARROWEST_CELL, CELL_TEXT),
                    "colour": COLOURS[cell],
                }
            )
    boxes = {**place, "x2": {"field": "right"}, "y2": {"field": "top"}}
    boxes["color"] = name("colour", scale=None, legend=None)
    letters = {"expr": f"max(10.5, min({CELL_TEXT}, width / 24))"}  # a third of a telephone has room for no more
    centre = {"x": quantity("centre"), "y": quantity("middle"), "text": name("words")}
    return [
        layer(rows, "rect", boxes, opacity=0.3, stroke=GREY, strokeWidth=1, **SILENT),
        *text_layer(rows, centre, fontSize=letters, fontWeight="bold", lineHeight=17, baseline="middle"),
    ]


def _knows_row(advice: Advice) -> bool:
    return advice.assessment.assumptions.knows("quality_need")


def _marker(advice: Advice, volume: _Volume, t: Translator, place: Spec) -> list[Spec]:
    """The case as a diamond; an arrow to the left where there are no requests. Its words stand above the picture."""
    a = advice.assessment.assumptions
    if not a.knows("daily_requests"):
        return []
    requests = float(a.number("daily_requests"))
    left = volume.place(requests)
    bottom = MARKER[a.choice("quality_need")] if _knows_row(advice) else HALF
    row = {"left": left, "bottom": bottom, "words": _here(advice, t)}
    dot = layer(
        [row],
        "point",
        {"x": place["x"], "y": place["y"], "tooltip": tips(("words", t("chart.tip.case")))},
        shape=_shape(advice),
        filled=True,
        opacity=1,
        size=230,
        color=CASE,
        stroke=PAPER,
        strokeWidth=2,
        aria=False,
    )
    return [dot]
