"""What all charts share: colours for both backgrounds, ticks, axes and short money in the reader's language.

Nothing here knows whether the background is dark: text asks the drawing program for it, lines and
bars use colours that stand out on both. Labels and tooltips arrive finished, so that a number reads the
same on screen and on paper.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from babel.numbers import format_compact_decimal

from advisor.charts.drawing import SILENT, Row, Spec, layer, looked_up, name, pixels, told_by
from advisor.core.notices import UnknownPrice
from advisor.core.records import Economics, Metrics
from advisor.decision.advice import Advice
from advisor.text.i18n import Translator, grouped

BLUE, GREEN, PINK, SKY, RED, AMBER = "#0072B2", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#E69F00"
GREY = "#8a8f98"
INK = {"expr": "luminance(background) < 0.4 ? '#e8ecf1' : '#1b2430'"}
PAPER = {"expr": "luminance(background) < 0.4 ? background : '#ffffff'"}
"""Text and outlines take their tone from the background the chart is drawn on; a transparent one counts as paper."""
CASE = {"expr": f"luminance(background) < 0.4 ? '{SKY}' : '{BLUE}'"}
"""The blue of the case: on a dark background the lighter one, as thin lines and small signs would sink into it."""

TEXT, LINE, SMALLEST = 13, 1.4, 11
"""Height of letters [pixels], of a line as a multiple of it, and of the smallest letters to read."""
MOST_MONTH_TICKS = 7
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
FIRST_WIDE_CHARACTER = 0x2E80
WIDTH_OF_NARROW = 0.56
"""Chinese characters are as wide as they are high, the others about this share of it."""
BOLD = 1.2
"""Width of bold letters of a wide font against plain ones."""
HALF = 0.5
CLOSING = frozenset("\u3002\uff0c\u3001\uff1b\uff1a\uff09\uff01\uff1f%.,;:)")


def money_of(advice: Advice) -> tuple[Economics, Metrics]:
    """The money of a case. Raises ``UnknownPrice`` where a needed number is unknown: there is nothing to draw."""
    assessment = advice.assessment
    if assessment.economics is None or assessment.metrics is None:
        raise UnknownPrice(assessment.missing)
    return assessment.economics, assessment.metrics


def short_money(t: Translator, value: float, currency: str) -> str:
    """Money of three significant digits for an axis or a tight label: $12.3K; Chinese counts ten thousands."""
    return _compact(float(f"{value:.3g}") + 0.0, currency, t.language)


@lru_cache(4_096)
def _compact(rounded: float, currency: str, language: str) -> str:
    """Remembered, as ticks and classes come back with every move of a slider."""
    t = Translator(language)
    number = grouped(str(format_compact_decimal(abs(rounded), fraction_digits=2, locale=t.locale)), t.locale)
    return ("-" if rounded < 0 else "") + t.named_money(number, currency)


def short_number(t: Translator, value: float) -> str:
    """A count for an axis: 10K; Chinese counts ten thousands."""
    return grouped(str(format_compact_decimal(value, locale=t.locale)), t.locale)


def nice_ticks(low: float, high: float, wanted: int) -> list[float]:
    """Round values between ``low`` and ``high``, about as many as wanted, two at least, since one tells no scale.

    Zero is among them when it lies between.
    """
    raw = (high - low) / wanted
    if raw <= 0:
        return [low]
    power = 10.0 ** math.floor(math.log10(raw))
    finest = next(k for k, factor in enumerate((1, 2, 5, 10)) if factor * power >= raw * (1 - 1e-9))
    for factor in (1, 2, 5, 10)[finest::-1]:
        step = factor * power
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last > first:
            break
    return [k * step for k in range(first, last + 1)]


def money_axis(
    t: Translator, domain: tuple[float, float], currency: str, title: str, wanted: int = 5, **look: Any
) -> Spec:
    """Axis of money with few round ticks."""
    ticks = nice_ticks(*domain, wanted)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    words = {str(k): short_money(t, value, currency) for k, value in enumerate(ticks)}
    place = f"round((datum.value - {ticks[0]!r}) / {step!r})"
    return {"title": title, "values": ticks, "labelExpr": looked_up(words, place), "labelLimit": 200, **look}


def moving_axis(rows: str, title: str, **look: Any) -> Spec:
    """Axis and scale of an encoding, their ticks, words and ends told by the moving :func:`axis_rows` of that name."""
    ticks = {"expr": f"pluck(data('{rows}'), 'key')"}
    axis = {"title": title, "values": ticks, "labelExpr": told_by(rows), "labelLimit": 200}
    ends = {"domainMin": {"expr": f"data('{rows}')[0].low"}, "domainMax": {"expr": f"data('{rows}')[0].high"}}
    return {"axis": {**axis, **look}, "scale": {**ends, "nice": False, "zero": False}}


def axis_rows(ticks: Sequence[float], words: Sequence[str], domain: tuple[float, float]) -> list[Row]:
    """Ticks of a moving axis with their words, and between which ends it runs."""
    low, high = domain
    return [{"key": v, "words": w, "low": low, "high": high} for v, w in zip(ticks, words, strict=True)]


def money_rows(
    t: Translator, domain: tuple[float, float], currency: str, wanted: int, top: float | None = None
) -> list[Row]:
    """A moving axis of money with few round ticks; none above ``top``, where labels stand."""
    ticks = nice_ticks(domain[0], domain[1] if top is None else top, wanted)
    return axis_rows(ticks, [short_money(t, value, currency) for value in ticks], domain)


def month_axis(t: Translator, horizon: int, **look: Any) -> Spec:
    """Axis of whole months from today."""
    step = next((s for s in MONTH_STEPS if horizon / s < MOST_MONTH_TICKS), MONTH_STEPS[-1])
    ticks = list(range(0, horizon + 1, step))
    title = t("chart.axis.months")
    return {"title": title, "values": ticks, "format": "d", "grid": False, "labelFlush": False, **look}


def text_layer(rows: Sequence[Row] | str, encoding: Spec, halo: bool = False, **look: Any) -> list[Spec]:
    """Words in the tone of text; with a halo they stay readable over lines."""
    plain = {"fontSize": TEXT, **SILENT, **look}
    under = layer(rows, "text", encoding, color=PAPER, stroke=PAPER, strokeWidth=4, strokeJoin="round", **plain)
    return [*([under] if halo else []), layer(rows, "text", encoding, color=INK, **plain)]


def top_labels(rows: str, x: Spec, *, size: int = TEXT, top: int = 4, aside: int = 7) -> list[Spec]:
    """The moving rows' words at the top of the plot, each on its ``line``, on the side with more room: left if late."""
    where = {"x": x, "y": pixels(f"{top} + datum.line * {size * LINE}"), "text": name("words")}
    side: Spec = {
        "align": {"expr": "datum.late ? 'right' : 'left'"},
        "dx": {"expr": f"datum.late ? {-aside} : {aside}"},
        "baseline": "top",
    }
    return text_layer(rows, where, halo=True, fontSize=size, fontWeight="bold", **side)


def fitted_labels(rows: str, letters: str, aside: int = 7) -> list[Spec]:
    """The moving :func:`fitted_row` of that name, each beside its place and inside the plot however narrow it is.

    ``letters`` is their height as an expression [pixels], less where they would not fit beside their place.
    """
    place = "datum.share * width"
    beside = f"(datum.late ? {place} - {aside} : width - {place} - {aside})"
    letters = f"min({letters}, max({beside}, min(width, datum.wide * {SMALLEST})) / datum.wide)"
    wide = f"datum.wide * {letters}"
    left, right = f"max({place} - {aside}, min({wide}, width))", f"max(min({place} + {aside}, width - {wide}), 0)"
    where = {
        "x": pixels(f"datum.late ? {left} : {right}"),
        "y": pixels(f"4 + datum.line * {letters} * {LINE}"),
        "text": name("words"),
    }
    side: Spec = {"align": {"expr": "datum.late ? 'right' : 'left'"}, "baseline": "top"}
    return text_layer(rows, where, halo=True, fontSize={"expr": letters}, fontWeight="bold", **side)


def fitted_row(words: str, share: float, line: int) -> Row:
    """Words at a share of the plot's width on a line of their own; from its middle on they stand to the left."""
    return {"words": words, "share": share, "line": line, "late": share > HALF, "wide": text_width(words, BOLD)}


def wrapped(text: str, width: float, size: float) -> list[str]:
    """``text`` in lines of at most ``width`` pixels; Chinese breaks between characters, other words at spaces."""
    lines = [""]
    for piece in _pieces(text):
        if lines[-1].strip() and text_width((lines[-1] + piece).strip(), size) > width:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines if line.strip()]


def text_width(text: str, size: float) -> float:
    """About how wide letters of that height are [pixels]; in ems with a height of one."""
    return sum(size * (1.0 if ord(c) >= FIRST_WIDE_CHARACTER else WIDTH_OF_NARROW) for c in text)


def _pieces(text: str) -> list[str]:
    """What a line may be broken between: words with the space before them, single Chinese characters."""
    found: list[str] = []
    for character in text:
        is_narrow = ord(character) < FIRST_WIDE_CHARACTER and character != " "
        follows_narrow = bool(found) and ord(found[-1][-1]) < FIRST_WIDE_CHARACTER
        if found and (character in CLOSING or (is_narrow and follows_narrow)):
            found[-1] += character
        else:
            found.append(character)
    return found
