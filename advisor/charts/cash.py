"""Cumulative cash by month: how deep the money goes out, when it is back, what is left at the end."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np

from advisor.advise import Advice
from advisor.charts.drawing import SILENT, Row, Spec, drawing, layer, looked_up, name, pixels, quantity, tips
from advisor.charts.style import BLUE, GREEN, GREY, PAPER, RED, money_axis, money_of, month_axis, text_layer
from advisor.i18n import Translator

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

    ``unchanged`` is the case before a change, drawn beside it. Raises ``LookupError`` without money to draw.
    """
    look = ROOM if presentation else DESK
    balance, currency = cumulative_cash(advice), advice.assessment.assumptions.currency
    before = cumulative_cash(unchanged) if unchanged is not None else np.zeros(0)
    domain = _domain(np.concatenate([balance, before]))
    size = {"labelFontSize": look.axis, "titleFontSize": look.axis} if look.axis else {}
    horizon = max(len(balance), len(before)) - 1
    place = {
        "x": quantity("month", axis=month_axis(t, horizon, **size), scale={"domain": [0, horizon], "nice": False}),
        "y": quantity(
            "balance",
            axis=money_axis(t, domain, currency, t("chart.axis.cumulative_cash"), wanted=7, **size),
            scale={"domain": list(domain), "nice": False},
        ),
    }
    layers = [
        *_areas(balance, place),
        layer([{"balance": 0}], "rule", {"y": place["y"]}, color=GREY, strokeWidth=1.5, **SILENT),
        *_lines(advice, unchanged, t, place, look),
        *_events(advice, t, place, look),
        *_end_label(balance, currency, t, place, look),
    ]
    return drawing(layers, look.height + (look.legend if unchanged is not None else 0))


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


def _areas(balance: np.ndarray, place: Spec) -> list[Spec]:
    """The space between line and zero, above it and below it; both end exactly where the line crosses."""
    points = sorted([(float(m), float(v)) for m, v in enumerate(balance)] + [(m, 0.0) for m in crossings(balance)])
    above: list[Row] = [{"month": m, "balance": max(v, 0.0)} for m, v in points]
    below: list[Row] = [{"month": m, "balance": min(v, 0.0)} for m, v in points]
    return [layer(rows, "area", place, color=c, opacity=0.18, **SILENT) for rows, c in ((above, GREEN), (below, RED))]


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


def _lines(advice: Advice, unchanged: Advice | None, t: Translator, place: Spec, look: _Look) -> list[Spec]:
    """The line of the case, dashed and grey the one before the change, and what the mouse tells of each month."""
    words = {"case": t("chart.cash.this_case")}
    rows = _line_rows(advice, "case", t)
    if unchanged is not None:
        words["unchanged"] = t("chart.cash.unchanged", status=status_words(unchanged, t))
        rows = _line_rows(unchanged, "unchanged", t) + rows
    legend = _legend(words, look) if unchanged is not None else None
    ids = list(words)
    dash = [look.stroke * 3, look.stroke * 2]
    line = {
        **place,
        "color": name("series", scale={"domain": ids, "range": [BLUE, GREY][: len(ids)]}, legend=legend),
        "strokeDash": name("series", scale={"domain": ids, "range": [[1, 0], dash][: len(ids)]}, legend=legend),
    }
    told = tips(("month_text", t("chart.tip.month")), ("balance_text", t("chart.axis.cumulative_cash")))
    return [
        layer(rows, "line", line, strokeWidth=look.stroke, aria=False),
        layer(rows, "point", {**place, "tooltip": told}, size=260, opacity=0, aria=False),
    ]


def _legend(words: dict[str, str], look: _Look) -> Spec:
    size: dict[str, Any] = {"labelFontSize": look.axis} if look.axis else {}
    return {
        "title": None,
        "orient": "top",
        "direction": "vertical",
        "labelLimit": 340 if look.axis is None else 900,
        "symbolSize": 500,
        "symbolStrokeWidth": look.stroke,
        "labelExpr": looked_up(words),
        **size,
    }


def _events(advice: Advice, t: Translator, place: Spec, look: _Look) -> list[Spec]:
    """Rule, dot and label of every month that matters; the label alone where the money does not come back."""
    found = events(advice, t)
    horizon = len(cumulative_cash(advice)) - 1
    if not found:
        return _label({"month": horizon, "words": status_words(advice, t)}, place, look, line=0, is_late=True)
    layers: list[Spec] = []
    for line, (month, words) in enumerate(found):
        row: Row = {"month": month, "balance": 0, "words": words}
        rule = {"color": GREY, "strokeDash": [look.stroke * 2, look.stroke * 1.5], "strokeWidth": look.stroke / 2}
        dot = {"shape": "triangle-down", "color": RED} if line else {"shape": "diamond", "color": GREEN}
        edge = {"filled": True, "opacity": 1, "size": look.dot, "stroke": PAPER, "strokeWidth": 1.5}
        layers += [
            layer([row], "rule", {"x": place["x"]}, **rule, **SILENT),
            layer([row], "point", place, **dot, **edge, **SILENT),
            *_label(row, place, look, line, is_late=month > horizon / 2),
        ]
    return layers


def _label(row: Row, place: Spec, look: _Look, line: int, is_late: bool) -> list[Spec]:
    """Words at the top of the plot, on the side of their month where there is more room."""
    encoding = {"x": place["x"], "y": pixels(4 + line * look.text * 1.4), "text": name("words")}
    side: Spec = {"align": "right" if is_late else "left", "dx": -7 if is_late else 7}
    return text_layer([row], encoding, halo=True, fontSize=look.text, fontWeight="bold", baseline="top", **side)


def _end_label(balance: np.ndarray, currency: str, t: Translator, place: Spec, look: _Look) -> list[Spec]:
    """What stands at the end of the horizon, on the side of the line that is free."""
    horizon, end = len(balance) - 1, float(balance[-1])
    words = t("chart.cash.end", money=t.money(end, currency), horizon=t.number(horizon))
    falls = horizon > 0 and float(balance[-1]) < float(balance[-2])
    side: Spec = {"baseline": "top" if falls else "bottom", "dy": 8 if falls else -8}
    row: Row = {"month": horizon, "balance": end, "words": words}
    return text_layer([row], {**place, "text": name("words")}, fontSize=look.text, align="right", dx=-2, **side)
