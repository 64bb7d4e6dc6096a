"""The chances in ten as ten dots: the money is back, it works but the money is not back, it fails the quality gate."""

from math import ceil
from typing import NamedTuple

import altair as alt

from advisor.charts.drawing import SILENT, Row, Spec, drawing, layer, name, pixels
from advisor.charts.style import GREEN, GREY, LINE, RED, TEXT, text_layer, text_width
from advisor.core.notices import UnknownPrice
from advisor.decision.advice import Advice
from advisor.risk.headline import Headline
from advisor.text.i18n import Translator
from advisor.text.phrases import ALWAYS

TEN = 10
CROSSED = "M0,-1A1,1,0,1,1,0,1A1,1,0,1,1,0,-1M-.6,-.6L.6,.6M.6,-.6L-.6,.6"
"""A circle with a cross in it, as a path in units of half its width."""


class DotMark(NamedTuple):
    """How the dots of one result look; their shapes alone tell them apart."""

    colour: str
    shape: str
    is_filled: bool


MARKS = {
    "back": DotMark(GREEN, "circle", True),
    "later": DotMark(GREY, "circle", False),
    "fails": DotMark(RED, CROSSED, False),
}
PITCH, PITCH_IN_ROOM, TEXT_IN_ROOM = 36, 64, 22
"""Most that two dots are apart [pixels], and height of letters at the back of a room."""
DOT = 0.72
"""Width of a dot as a share of the space from one to the next."""
SIGN, INDENT, GAP = 0.85, 1.7, 8
"""Width of a sign in the list, where its words begin, both as multiples of the letters, and room above [pixels]."""


def shows_chances(advice: Advice) -> bool:
    """Whether there are chances to draw: the money is known and requests are served."""
    return advice.headline is not None and advice.headline.serves


def counts(found: Headline) -> dict[str, int]:
    """How many of ten futures end in which result; those that fail are rounded as the headline says them."""
    share = 1 - found.chance
    fails = 0 if share < 1 - ALWAYS else max(round(TEN * share), 1)
    back = found.chances_in_ten
    return {"back": back, "later": max(TEN - back - fails, 0), "fails": min(fails, TEN - back)}


def build_chances_chart(advice: Advice, t: Translator, *, presentation: bool = False) -> alt.LayerChart:
    """Ten dots in a row and, under them, what each kind means; ``presentation`` for the back of a room.

    Raises ``UnknownPrice`` where there is nothing to draw.
    """
    said, dots = _said(advice, t), [mark for mark, count in counts(_headline(advice)).items() for _ in range(count)]
    text, pitch = (TEXT_IN_ROOM, PITCH_IN_ROOM) if presentation else (TEXT, PITCH)
    step = f"min(width / {TEN}, {pitch})"
    wide = max(text_width(words, 1.0) for words in said.values())
    letters = f"min({text}, width / {wide + INDENT:.2f})"
    line = f"{pitch + GAP} + (datum.line + 0.5) * {round(text * LINE)}"
    place = {
        "x": pixels(f"datum.at < 0 ? {letters} * {SIGN / 2} : (datum.at + 0.5) * {step}"),
        "y": pixels(f"datum.at < 0 ? {line} : {pitch / 2}"),
    }
    width = f"(datum.at < 0 ? {letters} * {SIGN} : {step} * {DOT})"
    words = {"x": pixels(f"{letters} * {INDENT}"), "y": pixels(line), "text": name("words")}
    layers: list[Spec] = [_dots(mark, place, width) for mark in MARKS]
    layers += text_layer("list", words, baseline="middle", align="left", fontSize={"expr": letters})
    moving: dict[str, list[Row]] = {"list": [{"words": w, "line": k} for k, w in enumerate(said.values())]}
    for mark in MARKS:
        signs = [{"at": -1, "line": k} for k, shown in enumerate(said) if shown == mark]
        moving[mark] = [*signs, *({"at": k, "line": 0} for k, shown in enumerate(dots) if shown == mark)]
    return drawing(layers, pitch + GAP + len(MARKS) * round(text * LINE), moving)


def chances_alt(advice: Advice, t: Translator) -> str:
    """What the chart shows, in words."""
    return t("chart.chances.alt", list=t("chart.list").join(_said(advice, t).values()))


def _headline(advice: Advice) -> Headline:
    if advice.headline is None or not advice.headline.serves:
        raise UnknownPrice(advice.assessment.missing)
    return advice.headline


def _said(advice: Advice, t: Translator) -> dict[str, str]:
    """Each result that happens, and always whether the money is back."""
    found = _headline(advice)
    when = t.months(found.horizon if found.chance_months is None else ceil(found.chance_months), 0)
    return {
        mark: t(f"chart.chances.{mark}", chances=count, months=when)
        for mark, count in counts(found).items()
        if count or mark == "back"
    }


def _dots(mark: str, place: Spec, width: str) -> Spec:
    """The dots of one result, so many pixels wide, and their sign in the list, which has no place among them."""
    look, area = MARKS[mark], f"pow({width}, 2) * {0.7854}"
    line = {"stroke": look.colour, "strokeWidth": {"expr": f"{width} / 11"}}
    fill: Spec = {"fill": look.colour if look.is_filled else "transparent", "filled": look.is_filled}
    return layer(mark, "point", place, shape=look.shape, size={"expr": area}, opacity=1, **line, **fill, **SILENT)
