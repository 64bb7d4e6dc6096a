"""Predicted against measured, one mark a published run: the closer to the line, the better."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import altair as alt

from advisor.charts.drawing import SILENT, Row, Spec, drawing, layer, looked_up, name, quantity, tips
from advisor.charts.style import BLUE, GREEN, GREY, INK, PINK, RED, SKY, TEXT, text_width
from advisor.engineering.validation.score import MeasuredRow
from advisor.text.i18n import Translator
from advisor.text.phrases import signed_percent

BAND = 0.3
HEIGHT, LEGEND_LINE = 480, 22
LEGEND_SYMBOL, NARROWEST = 30, 300
"""Room of a legend's sign, and of the plot on a telephone [pixels]."""
COLOURS = (BLUE, RED, GREEN, PINK, SKY, "#E69F00", GREY)
SHAPES = ("circle", "triangle-up", "square", "diamond", "cross", "triangle-down", "stroke")
MOST_TICKS = 7
"""An axis also shows the 2s and 5s between the powers of ten unless it then has more."""
SHOWN_DIGITS = 3


def build_accuracy_chart(about: str, rows: Sequence[MeasuredRow], t: Translator) -> alt.LayerChart:
    """Every predicted row on two logarithmic axes, with the line of equality and the band of 30 % around it."""
    shown = [row for row in rows if row.predicted is not None]
    domain = _domain(shown)
    axes = {
        "x": _axis("measured", t("chart.accuracy.measured", unit=t(f"chart.accuracy.unit.{about}")), domain, t),
        "y": _axis("predicted", t("chart.accuracy.predicted", unit=t(f"chart.accuracy.unit.{about}")), domain, t),
    }
    kinds = [kind for kind, _ in Counter(row.kind for row in shown).most_common()]
    lines = 1 if _on_one_line(t(f"estimates.kind.{kind}") for kind in kinds) else len(kinds)
    return drawing([*_band(domain, axes), _marks(shown, kinds, axes, t)], HEIGHT + LEGEND_LINE * lines)


def accuracy_alt(about: str, rows: Sequence[MeasuredRow], t: Translator) -> str:
    """What the chart shows, in words."""
    shown = [row for row in rows if row.predicted is not None]
    low, high = min(row.measured for row in shown), max(row.measured for row in shown)
    within = sum(abs(row.error or 0) <= BAND for row in shown) / len(shown)
    return t(
        "chart.accuracy.alt",
        about=t(f"estimates.compared.{about}"),
        rows=t.number(len(shown), 0),
        low=_short(low, t),
        high=_short(high, t),
        within=t.percent(within),
    )


def _domain(rows: Sequence[MeasuredRow]) -> tuple[float, float]:
    """One range for both axes, so that the line of equality is the diagonal."""
    values = [value for row in rows for value in (row.measured, row.predicted or row.measured)]
    return min(values) / (1 + BAND), max(values) * (1 + BAND)


def _axis(column: str, title: str, domain: tuple[float, float], t: Translator) -> Spec:
    ticks = _ticks(*domain)
    words = {f"{value:.10g}": t.number(value) for value in ticks}
    axis = {"title": title, "values": ticks, "labelExpr": looked_up(words), "grid": True, "labelFlush": False}
    return quantity(column, axis=axis, scale={"type": "log", "domain": list(domain), "nice": False})


def _ticks(low: float, high: float) -> list[float]:
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)

    def inside(factors: Sequence[int]) -> list[float]:
        return [tick for power in powers for factor in factors if low <= (tick := factor * 10.0**power) <= high]

    dense = inside((1, 2, 5))
    return dense if len(dense) <= MOST_TICKS else inside((1,))


def _band(domain: tuple[float, float], axes: Spec) -> list[Spec]:
    """A straight edge on logarithmic axes needs its two ends only."""
    ends: list[Row] = [
        {"measured": end, "predicted": end, "under": end * (1 - BAND), "over": end * (1 + BAND)} for end in domain
    ]
    over = {**axes["y"], "field": "over"}
    band = {"x": axes["x"], "y": over, "y2": {"field": "under"}}
    return [
        layer(ends, "area", band, color=GREY, opacity=0.22, clip=True, **SILENT),
        layer(ends, "line", axes, color=INK, strokeWidth=1.5, clip=True, **SILENT),
    ]


def _marks(rows: Sequence[MeasuredRow], kinds: Sequence[str], axes: Spec, t: Translator) -> Spec:
    words = {kind: t(f"estimates.kind.{kind}") for kind in kinds}
    legend = {
        "title": None,
        "orient": "top",
        "direction": "horizontal" if _on_one_line(words.values()) else "vertical",
        "symbolOpacity": 1,
        "labelLimit": 330,
        "labelExpr": looked_up(words),
    }
    told = tips(
        ("id", t("estimates.column.row")),
        ("source", t("ui.column.source")),
        ("run", t("estimates.column.run")),
        ("figures", t("chart.accuracy.tip")),
    )
    encoding = {
        **axes,
        "color": name("kind", scale={"domain": kinds, "range": list(COLOURS[: len(kinds)])}, legend=legend),
        "shape": name("kind", scale={"domain": kinds, "range": list(SHAPES[: len(kinds)])}, legend=legend),
        "tooltip": told,
    }
    drawn = [_mark(row, t) for row in rows]
    return layer(drawn, "point", encoding, filled=True, size=45, opacity=0.6, clip=True, aria=False)


def _on_one_line(words: Iterable[str]) -> bool:
    """Whether a legend of these words is short enough for one line of a telephone."""
    return sum(text_width(word, TEXT) + LEGEND_SYMBOL for word in words) <= NARROWEST


def _mark(row: MeasuredRow, t: Translator) -> Row:
    predicted = row.predicted or 0.0
    figures = t(
        "chart.accuracy.figures",
        measured=_short(row.measured, t),
        predicted=_short(predicted, t),
        error=signed_percent(t, row.error or 0.0),
    )
    return {
        "id": row.id,
        "source": row.source,
        "run": f"{row.cells.get('model', '')}, {row.cells.get('gpu', '')}",
        "kind": row.kind,
        "figures": figures,
        "measured": row.measured,
        "predicted": float(f"{predicted:.5g}"),
    }


def _short(value: float, t: Translator) -> str:
    return t.number(float(f"{value:.{SHOWN_DIGITS}g}"))
