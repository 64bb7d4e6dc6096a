"""Cumulative cash by month: deepest point, payback, final value."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np

from advisor.charts.drawing import SILENT, Row, Spec, drawing, layer, name, quantity, tips, told, told_by
from advisor.charts.style import (
    BLUE,
    GREEN,
    GREY,
    PAPER,
    RED,
    money_of,
    money_rows,
    month_axis,
    moving_axis,
    text_layer,
    top_labels,
)
from advisor.decision.advice import Advice
from advisor.text.i18n import Translator

HEADROOM = 0.3
"""Share of the plotted range kept free above for the labels, which the curve then never meets."""
FOOTROOM = 0.14
RECOVERED = ("ok", "reversed_later")


@dataclass(frozen=True)
class _Look:
    """Sizes for a reader at a desk or at the back of a room."""

    text: int
    stroke: float
    dot: int
    height: int
    legend: int
    axis: int | None


DESK = _Look(text=13, stroke=2.5, dot=110, height=330, legend=60, axis=None)
ROOM = _Look(text=24, stroke=6, dot=420, height=560, legend=80, axis=20)


def build_cumulative_cash_chart(
    advice: Advice, t: Translator, unchanged: Advice | None = None, *, presentation: bool = False
) -> alt.LayerChart:
    """The running total of the case's cash flows with the month in which the money is back.

    ``unchanged`` is the case before a change, drawn beside it. Raises ``UnknownPrice`` without money to draw.
    """
    look = ROOM if presentation else DESK
    balance, currency = cumulative_cash(advice), advice.assessment.assumptions.currency
    before = cumulative_cash(unchanged) if unchanged is not None else np.zeros(0)
    size = {"labelFontSize": look.axis, "titleFontSize": look.axis} if look.axis else {}
    horizon = max(len(balance), len(before)) - 1
    place = {
        "x": quantity("month", axis=month_axis(t, horizon, **size), scale={"domain": [0, horizon], "nice": False}),
        "y": quantity("balance", **moving_axis("cash_axis", t("chart.axis.cumulative_cash"), **size)),
    }
    cases = {"case": advice} if unchanged is None else {"unchanged": unchanged, "case": advice}
    names = _names(unchanged, t)
    layers = [
        *_areas(place),
        layer([{"balance": 0}], "rule", {"y": place["y"]}, color=GREY, strokeWidth=1.5, **SILENT),
        *_lines(list(names), t, place, look),
        *event_layers(place, look),
        *top_labels("labels", place["x"], size=look.text),
        *_end_label(place, look),
    ]
    found = event_rows(advice, t)
    moving: dict[str, list[Row]] = {
        "lines": [row for series, each in cases.items() for row in _line_rows(each, series, t)],
        "areas": _area_rows(balance),
        "events": found,
        "labels": found or [{"month": horizon, "words": status_words(advice, t), "line": 0, "late": True}],
        "end": [_end_row(balance, currency, t)],
        "legend": told(names),
        "cash_axis": money_rows(t, _domain(np.concatenate([balance, before])), currency, wanted=7),
    }
    return drawing(layers, look.height + (look.legend if unchanged is not None else 0), moving)


def cumulative_cash_alt(advice: Advice, t: Translator, unchanged: Advice | None = None) -> str:
    """What the chart shows, in words."""
    _, metrics = money_of(advice)
    balance, currency = cumulative_cash(advice), advice.assessment.assumptions.currency
    horizon = len(balance) - 1
    said = t(
        "chart.cash.alt",
        start=t.money(float(balance[0]), currency),
        lowest=t.money(float(balance.min()), currency),
        back=t("chart.list").join(words for _, words in events(advice, t))
        if metrics.payback_status in RECOVERED
        else status_words(advice, t),
        end=t.money(float(balance[-1]), currency),
        horizon=t.number(horizon),
    )
    if unchanged is None:
        return said
    end = t.money(float(cumulative_cash(unchanged)[-1]), currency)
    return said + t("chart.cash.alt_unchanged", before=status_words(unchanged, t), end=end)


def cumulative_cash(advice: Advice) -> np.ndarray:
    """Running total of the cash flows, index 0 = today."""
    economics, _ = money_of(advice)
    total: np.ndarray = np.cumsum(economics.cash_flows)
    return total


def status_words(advice: Advice, t: Translator) -> str:
    """When the money is back, or why there is no such month."""
    economics, metrics = money_of(advice)
    months = t.number(metrics.payback_months, 1) if metrics.payback_months is not None else ""
    return t(f"chart.cash.status.{metrics.payback_status}", months=months, horizon=t.number(len(economics.months)))


def events(advice: Advice, t: Translator) -> list[tuple[float, str]]:
    """Months in which the running total crosses zero for good or ill, with the words beside them."""
    _, metrics = money_of(advice)
    if metrics.payback_status not in RECOVERED or metrics.payback_months is None:
        return []
    found = [(metrics.payback_months, t("chart.cash.status.ok", months=t.number(metrics.payback_months, 1)))]
    if metrics.payback_status == "reversed_later":
        lost = crossings(cumulative_cash(advice))[-1]
        found.append((lost, t("chart.cash.lost_again", months=t.number(lost, 1))))
    return found


def crossings(balance: np.ndarray) -> list[float]:
    """Points on the month axis where the running total passes through zero, linear inside the month."""
    found = []
    for month in range(1, len(balance)):
        before, after = float(balance[month - 1]), float(balance[month])
        if (before < 0) != (after < 0):
            found.append(month - 1 + before / (before - after))
    return found


def _domain(balances: np.ndarray) -> tuple[float, float]:
    low, high = min(float(balances.min()), 0.0), max(float(balances.max()), 0.0)
    span = (high - low) or 1.0
    return low - FOOTROOM * span, high + HEADROOM * span


def _areas(place: Spec) -> list[Spec]:
    """The space between line and zero, above it and below it."""
    return [
        layer("areas", "area", {**place, "y": {**place["y"], "field": side}}, color=colour, opacity=0.18, **SILENT)
        for side, colour in (("above", GREEN), ("below", RED))
    ]


def _area_rows(balance: np.ndarray) -> list[Row]:
    """Both spaces end exactly where the line crosses zero."""
    points = sorted([(float(m), float(v)) for m, v in enumerate(balance)] + [(m, 0.0) for m in crossings(balance)])
    return [{"month": m, "above": max(v, 0.0), "below": min(v, 0.0)} for m, v in points]


def _line_rows(advice: Advice, series: str, t: Translator) -> list[Row]:
    currency = advice.assessment.assumptions.currency
    return [
        {
            "month": month,
            "balance": float(value),
            "series": series,
            "month_text": t.number(month),
            "balance_text": t.money(float(value), currency),
        }
        for month, value in enumerate(cumulative_cash(advice))
    ]


def _names(unchanged: Advice | None, t: Translator) -> dict[str, str]:
    names = {"case": t("chart.cash.this_case")}
    if unchanged is not None:
        names["unchanged"] = t("chart.cash.unchanged", status=status_words(unchanged, t))
    return names


def _lines(ids: list[str], t: Translator, place: Spec, look: _Look) -> list[Spec]:
    """The line of the case, dashed and grey the one before the change, and what the mouse tells of each month."""
    dash = [look.stroke * 3, look.stroke * 2]
    legend = _legend(look) if len(ids) > 1 else None
    line = {
        **place,
        "color": name("series", scale={"domain": ids, "range": [BLUE, GREY][: len(ids)]}, legend=legend),
        "strokeDash": name("series", scale={"domain": ids, "range": [[1, 0], dash][: len(ids)]}, legend=legend),
    }
    hover = tips(("month_text", t("chart.tip.month")), ("balance_text", t("chart.axis.cumulative_cash")))
    return [
        layer("lines", "line", line, strokeWidth=look.stroke, aria=False),
        layer("lines", "point", {**place, "tooltip": hover}, size=260, opacity=0, aria=False),
    ]


def _legend(look: _Look) -> Spec:
    size: dict[str, Any] = {"labelFontSize": look.axis} if look.axis else {}
    return {
        "title": None,
        "orient": "top",
        "direction": "vertical",
        "labelLimit": 340 if look.axis is None else 900,
        "padding": 0,
        "symbolSize": 500,
        "symbolStrokeWidth": look.stroke,
        "labelExpr": told_by("legend"),
        **size,
    }


def event_layers(place: Spec, look: _Look = DESK) -> list[Spec]:
    """Rule and dot where the moving ``events`` say that the money is back, or lost again."""
    sign = {
        "color": {"expr": f"datum.line ? '{RED}' : '{GREEN}'"},
        "shape": {"expr": "datum.line ? 'triangle-down' : 'diamond'"},
    }
    rule = {"color": GREY, "strokeDash": [look.stroke * 2, look.stroke * 1.5], "strokeWidth": look.stroke / 2}
    edge = {"filled": True, "opacity": 1, "size": look.dot, "stroke": PAPER, "strokeWidth": 1.5}
    return [
        layer("events", "rule", {"x": place["x"]}, **rule, **SILENT),
        layer("events", "point", place, **sign, **edge, **SILENT),
    ]


def event_rows(advice: Advice, t: Translator) -> list[Row]:
    """The months that matter, each with its words, the line they stand on, and whether it lies late."""
    horizon = len(cumulative_cash(advice)) - 1
    return [
        {"month": month, "balance": 0, "words": words, "line": line, "late": month > horizon / 2}
        for line, (month, words) in enumerate(events(advice, t))
    ]


def _end_label(place: Spec, look: _Look) -> list[Spec]:
    """What stands at the end of the horizon, on the side of the line that is free."""
    side: Spec = {
        "baseline": {"expr": "datum.falls ? 'top' : 'bottom'"},
        "dy": {"expr": "datum.falls ? 8 : -8"},
    }
    where = {**place, "text": name("words")}
    return text_layer("end", where, halo=True, fontSize=look.text, align="right", dx=-2, **side)


def _end_row(balance: np.ndarray, currency: str, t: Translator) -> Row:
    horizon, end = len(balance) - 1, float(balance[-1])
    words = t("chart.cash.end", money=t.money(end, currency), horizon=t.number(horizon))
    falls = horizon > 0 and float(balance[-1]) < float(balance[-2])
    return {"month": horizon, "balance": end, "words": words, "falls": falls}
