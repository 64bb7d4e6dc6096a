"""The numbers that matter: how far each could move the result, which end is its high, and which the user knows."""

from collections.abc import Sequence
from dataclasses import replace

import altair as alt

from advisor.charts.drawing import SILENT, Row, Spec, drawing, layer, name, pixels, quantity, tips
from advisor.charts.row_layout import (
    BAR,
    BAR_OFFSET,
    BarRow,
    bar_domain,
    row_place,
    row_words,
    rows_height,
    value_ticks,
)
from advisor.charts.style import BLUE, GREY, INK, PAPER, TEXT, money_axis, money_of, short_money, text_layer, text_width
from advisor.core.records import Swing
from advisor.decision.advice import Advice
from advisor.text.i18n import Translator, to_figures
from advisor.text.phrases import assumption_text, field_label

MOST_ROWS = 8
ROW = 62
SMALL = 12
"""Height of a row, and of the letters that name the ends of its bar [pixels]."""
UNDER = BAR_OFFSET + BAR // 2 + 5
GAP = 1.5
"""Space between the words of both ends, as a multiple of the letters."""
HOLLOW = 0.25
FIGURES = 3
"""Significant figures of both ends of a range, which is no better known."""


def build_evidence_chart(advice: Advice, t: Translator) -> alt.LayerChart:
    """Net present value between the low and the high of each number that matters, largest range first.

    The part towards the high of a number is solid, that towards its low hollow; under each end stands its value.
    """
    _, metrics = money_of(advice)
    currency = advice.assessment.assumptions.currency
    rows = _rows(advice, t)
    low, high = bar_domain([*rows, BarRow("entered", "", "", metrics.npv, metrics.npv)])
    title = t("chart.evidence.axis_mark", npv=t.money(metrics.npv, currency))
    fitted = {"expr": f"min({TEXT}, width / {text_width(title, 1.0):.1f})"}
    axis = money_axis(t, (low, high), currency, title, wanted=4, grid=False, titleFontSize=fitted, titleLimit=2000)
    place = {
        "y": row_place(rows),
        "x": quantity("start", axis=axis, scale={"domain": [low, high], "nice": False, "zero": False}),
    }
    ids = [row.id for row in rows]
    layers = [
        *_parts(advice, rows, place, t),
        value_ticks(ids, 0.0, place["y"], GREY),
        value_ticks(ids, metrics.npv, place["y"], INK, thickness=2),
        _own_marks(rows, advice),
        *row_words(rows),
        *_ends(advice, rows, (low, high), t),
    ]
    return drawing(layers, rows_height(rows, ROW))


def evidence_alt(advice: Advice, t: Translator, most: int = MOST_ROWS) -> str:
    """What a chart of the first of these numbers shows, in words."""
    _, metrics = money_of(advice)
    currency, said = advice.assessment.assumptions.currency, []
    for row, swing in zip(_rows(advice, t)[:most], _shown(advice)[:most], strict=True):
        pair = t("chart.rows.pair", name=row.name, value=row.value)
        said.append(t("chart.list").join([pair, *_from_left(advice, swing, t)]))
    return t("chart.evidence.alt", npv=t.money(metrics.npv, currency), ranges=t("chart.rows.end").join(said))


def _shown(advice: Advice) -> tuple[Swing, ...]:
    return advice.assessment.evidence.matter[:MOST_ROWS]


def _rows(advice: Advice, t: Translator) -> list[BarRow]:
    currency = advice.assessment.assumptions.currency
    rows = []
    for swing in _shown(advice):
        low, high = sorted((swing.npv_low, swing.npv_high))
        value = t("chart.evidence.range", low=short_money(t, low, currency), high=short_money(t, high, currency))
        label = field_label(t, swing.id)
        shown = t("chart.evidence.yours", name=label) if swing.is_yours else label
        rows.append(BarRow(swing.id, shown, value, low, high, BLUE if swing.is_yours else GREY))
    return rows


def _end_words(advice: Advice, swing: Swing, t: Translator) -> tuple[str, str]:
    """The low and the high of a number with its unit, each called so."""
    a = advice.assessment.assumptions
    row, value = a[swing.id], float(a.number(swing.id))
    low, high = row.plausible or (value, value)
    ends = (("low", min(low, value)), ("high", max(high, value)))
    low_words, high_words = (
        t(f"chart.evidence.{end}", value=assumption_text(t, replace(row, value=to_figures(at, FIGURES)), a.currency))
        for end, at in ends
    )
    return low_words, high_words


def _from_left(advice: Advice, swing: Swing, t: Translator) -> tuple[str, str]:
    """The words of both ends as their bar has them: the one that is worth less first."""
    low, high = _end_words(advice, swing, t)
    return (low, high) if swing.npv_low <= swing.npv_high else (high, low)


def _parts(advice: Advice, rows: Sequence[BarRow], place: Spec, t: Translator) -> list[Spec]:
    """Each bar from the case as entered to both ends: solid towards the high of the number, hollow towards its low."""
    _, metrics = money_of(advice)
    currency, layers = advice.assessment.assumptions.currency, []
    told = tips(("name", t("chart.tip.number")), ("at", t("chart.tip.end")), ("worth", t("chart.tip.npv")))
    encoding = {**place, "x2": {"field": "end"}, "color": name("colour", scale=None, legend=None), "tooltip": told}
    encoding["stroke"] = encoding["color"]
    for which, opacity in ((0, HOLLOW), (1, 1.0)):
        shown: list[Row] = []
        for row, swing in zip(rows, _shown(advice), strict=True):
            npv = (swing.npv_low, swing.npv_high)[which]
            said = {"name": row.name, "at": _end_words(advice, swing, t)[which], "worth": t.money(npv, currency)}
            shown.append({"id": row.id, "start": metrics.npv, "end": npv, "colour": row.colour, **said})
        look: Spec = {"size": BAR, "yOffset": BAR_OFFSET, "fillOpacity": opacity, "strokeWidth": 1, "aria": False}
        layers.append(layer(shown, "bar", encoding, **look))
    return layers


def _ends(advice: Advice, rows: Sequence[BarRow], domain: tuple[float, float], t: Translator) -> list[Spec]:
    """Under both ends of each bar the value of the number there; side by side where the bar is shorter than its words.

    Of two words the left one begins at the left end and the right one closes at the right end, both inside the plot.
    """
    found: list[Row] = []
    low, high = domain
    for row, swing in zip(rows, _shown(advice), strict=True):
        left, right = _from_left(advice, swing, t)
        shares = [((end or 0.0) - low) / (high - low) for end in (row.start, row.end)]
        wide = text_width(left + right, 1.0) + GAP
        found.append({"id": row.id, "left": left, "right": right, "from": shares[0], "to": shares[1], "wide": wide})
    letters = f"min({SMALL}, width / datum.wide)"
    both = f"(datum.wide * {letters})"
    middle = f"((datum.from + datum.to) / 2 * width - {both} / 2)"
    start = f"max(min(datum.from * width, {middle}, width - {both}), 0)"
    stop = f"max(datum.to * width, {start} + {both})"
    layers = []
    for side, x in (("left", start), ("right", stop)):
        where = {"x": pixels(x), "y": row_place(rows), "text": name(side)}
        look: Spec = {"fontSize": {"expr": letters}, "align": side, "baseline": "top", "dy": UNDER, "opacity": 0.85}
        layers += text_layer(found, where, **look)
    return layers


def _own_marks(rows: list[BarRow], advice: Advice) -> Spec:
    """A diamond on both ends of the ranges that rest on the user's own figures."""
    own = {swing.id for swing in _shown(advice) if swing.is_yours}
    return layer(
        [{"id": r.id, "start": end} for r in rows if r.id in own for end in (r.start, r.end)],
        "point",
        {"x": quantity("start"), "y": row_place(rows)},
        shape="diamond",
        filled=True,
        opacity=1,
        size=120,
        color=BLUE,
        stroke=PAPER,
        strokeWidth=1.5,
        yOffset=BAR_OFFSET,
        **SILENT,
    )
