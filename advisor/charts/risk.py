"""Risk charts: distribution of NPV, switching values, value of information."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import altair as alt
import numpy as np

from advisor.charts.drawing import SILENT, Row, Spec, drawing, layer, looked_up, pixels, quantity, tips
from advisor.charts.row_layout import BarRow, bar_domain, bar_layers, rows_height
from advisor.charts.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    LINE,
    PAPER,
    RED,
    TEXT,
    axis_rows,
    money_rows,
    moving_axis,
    nice_ticks,
    short_money,
    top_labels,
)
from advisor.core.findings import SwitchingValue
from advisor.risk.simulation import Simulation
from advisor.risk.summary import Information
from advisor.risk.worlds import Worlds
from advisor.text.i18n import Translator
from advisor.text.phrases import field_label
from advisor.text.risk_phrases import RARE

NPV_HEIGHT = 300
BINS = 32
TAIL = 0.01
"""Share of the draws on either side whose exact value is not drawn; the outermost bar holds them."""
LABELS = 3
HEADROOM = 1.4
"""Lines of labels above the bars, and the factor kept free for them, which no rule crosses."""
SMALL_SHARE = 0.1


# --- Net present value ----------------------------------------------------------------------------


class Bin(NamedTuple):
    """A class of net present values [money] and the share of the draws in it [fraction]."""

    low: float
    high: float
    share: float


def npv_bins(worlds: Worlds) -> list[Bin]:
    """Classes of one round width, one of their edges at zero; the outermost hold what lies beyond."""
    bottom, top = worlds.quantiles(TAIL, 1 - TAIL)
    low, high = min(bottom, 0.0), max(top, 0.0)
    ticks = nice_ticks(low, high if high > low else low + 1.0, BINS)
    step = ticks[1] - ticks[0]
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    edges = np.arange(first, max(last, first + 1) + 1) * step
    place = np.clip(np.searchsorted(edges, worlds.values, side="left") - 1, 0, len(edges) - 2)
    shares = np.bincount(place, weights=worlds.weights, minlength=len(edges) - 1)
    return [Bin(float(a), float(b), float(s)) for a, b, s in zip(edges[:-1], edges[1:], shares, strict=True)]


def build_npv_chart(found: Simulation, currency: str, t: Translator) -> alt.LayerChart:
    """How often which net present value comes out: losses and gains, with zero and the percentiles marked."""
    bins = npv_bins(found.worlds)
    domain, top = (bins[0].low, bins[-1].high), max(b.share for b in bins)
    x = quantity("low", **moving_axis("npv_axis", t("risk.npv.axis"), grid=False))
    colour = {"expr": f"datum.low < 0 ? '{RED}' : '{GREEN}'"}
    bars = {
        "x": x,
        "x2": {"field": "high"},
        "y": quantity("share", **moving_axis("share_axis", t("risk.npv.share"))),
        "y2": {"datum": 0},
        "tooltip": tips(("name", t("risk.npv.axis")), ("value", t("risk.npv.share"))),
    }
    below = {"x": x, "y": pixels(LABELS * TEXT * LINE), "y2": pixels("height")}
    layers = [
        layer("bins", "rect", bars, color=colour, stroke=PAPER, strokeWidth=1, opacity=0.85, aria=False),
        layer([{"low": 0}], "rule", below, color=INK, strokeWidth=2, **SILENT),
        layer("percentiles", "rule", below, color=GREY, strokeDash=[5, 4], strokeWidth=1.5, **SILENT),
        *top_labels("percentiles", x, top=2, aside=5),
    ]
    moving: dict[str, list[Row]] = {
        "bins": _bin_rows(bins, currency, t),
        "percentiles": _percentile_rows(found, currency, t, domain),
        "npv_axis": money_rows(t, domain, currency, wanted=5),
        "share_axis": axis_rows(*share_ticks(t, top), (0.0, HEADROOM * top)),
    }
    return drawing(layers, NPV_HEIGHT, moving)


def npv_alt(found: Simulation, currency: str, t: Translator) -> str:
    """What the chart shows, in words."""
    p10, p50, p90 = (t.money(q, currency) for q in found.worlds.quantiles(0.1, 0.5, 0.9))
    return t("risk.npv.alt", share=t.percent(found.worlds.positive_share), p10=p10, p50=p50, p90=p90)


def _bin_rows(bins: Sequence[Bin], currency: str, t: Translator) -> list[Row]:
    return [
        {
            "low": b.low,
            "high": b.high,
            "share": b.share,
            "name": t("risk.npv.bin", low=short_money(t, b.low, currency), high=short_money(t, b.high, currency)),
            "value": t.percent(b.share, 1),
        }
        for b in bins
    ]


def _percentile_rows(found: Simulation, currency: str, t: Translator, domain: tuple[float, float]) -> list[Row]:
    names, shares = ("P10", "P50", "P90"), (0.1, 0.5, 0.9)
    return [
        {
            "low": float(value),
            "words": f"{label} {short_money(t, float(value), currency)}",
            "line": line,
            "late": bool(value > (domain[0] + domain[1]) / 2),
        }
        for line, (label, value) in enumerate(zip(names, found.worlds.quantiles(*shares), strict=True))
    ]


def share_axis(t: Translator, high: float, title: str) -> Spec:
    """Axis of percentages from 0 with few round ticks."""
    ticks, words = share_ticks(t, high)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    said = {str(k): text for k, text in enumerate(words)}
    shown = looked_up(said, f"round(datum.value / {step!r})")
    return {"title": title, "values": ticks, "labelExpr": shown, "grid": False}


def share_ticks(t: Translator, high: float) -> tuple[list[float], list[str]]:
    """Few round shares from 0 up, and their words."""
    ticks = nice_ticks(0.0, high or 1.0, 4)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    digits = max(0, -math.floor(math.log10(step) + 1e-9) - 2)
    return ticks, [t.percent(value, digits) for value in ticks]


# --- Switching values and value of information ---------------------------------------------------------


def build_switching_chart(switching_values: Sequence[SwitchingValue], t: Translator) -> alt.LayerChart:
    """Chance of each number to lie where the verdict is another."""
    return _share_bars(
        _switching_rows(switching_values, t),
        t,
        t("risk.switching.axis"),
        (t("chart.tip.number"), t("risk.switching.axis")),
    )


def switching_alt(switching_values: Sequence[SwitchingValue], t: Translator) -> str:
    """What the chart shows, in words."""
    return t("risk.switching.chart_alt", list=_pairs(_switching_rows(switching_values, t), t))


def _switching_rows(switching_values: Sequence[SwitchingValue], t: Translator) -> list[BarRow]:
    likely = [switch for switch in switching_values if switch.switches_at is not None and switch.chance >= RARE]
    return [BarRow(f.id, field_label(t, f.id), t.percent(f.chance), 0.0, f.chance, BLUE) for f in likely]


def build_information_chart(known: Sequence[Information], t: Translator) -> alt.LayerChart:
    """How much of the spread of the net present value each number brings."""
    titles = (t("chart.tip.number"), t("risk.first.axis"))
    return _share_bars(_information_rows(known, t), t, t("risk.first.axis"), titles)


def information_alt(known: Sequence[Information], t: Translator) -> str:
    """What the chart shows, in words."""
    return t("risk.first.chart_alt", list=_pairs(_information_rows(known, t), t))


def _information_rows(known: Sequence[Information], t: Translator) -> list[BarRow]:
    return [BarRow(k.id, field_label(t, k.id), t.percent(k.variance_share), 0.0, k.variance_share, BLUE) for k in known]


def _share_bars(rows: Sequence[BarRow], t: Translator, title: str, titles: tuple[str, str]) -> alt.LayerChart:
    axis = share_axis(t, max(bar_domain(rows)[1], SMALL_SHARE), title)
    return drawing(bar_layers(rows, t, "", title, titles, axis), rows_height(rows))


def _pairs(rows: Sequence[BarRow], t: Translator) -> str:
    return t("chart.list").join(t("chart.rows.pair", name=row.name, value=row.value) for row in rows)
