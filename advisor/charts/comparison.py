"""Cases side by side: the cash of each in the simulated futures, and how one result becomes another."""

from collections.abc import Sequence

import altair as alt
import numpy as np

from advisor.charts.drawing import SILENT, Row, Spec, drawing, layer, quantity, tips
from advisor.charts.listed import Listed, listed_layers, listed_rows
from advisor.charts.payback import simulated
from advisor.charts.row_layout import BarRow, bar_layers, rows_height
from advisor.charts.style import AMBER, BLUE, GREEN, GREY, PINK, RED, money_rows, month_axis, moving_axis
from advisor.decision.advice import Advice
from advisor.decision.comparison import Bridge
from advisor.text.i18n import Translator
from advisor.text.phrases import signed_money

COLOURS = (BLUE, AMBER, PINK)
DASHES = ((1, 0), (7, 4), (2, 3))
"""Cases are told apart without colour too."""
HEIGHT = 360
ROOM = 0.06


def build_compared_cash_chart(advices: Sequence[Advice], names: Sequence[str], t: Translator) -> alt.LayerChart:
    """The middle of each case's cash over the simulated futures, within what 8 of 10 hold.

    Raises ``UnknownPrice`` where the money of a case is unknown.
    """
    currency = advices[0].assessment.assumptions.currency
    cash = [simulated(advice)[0].cumulative for advice in advices]
    horizon = max(lines.shape[1] for lines in cash) - 1
    drawn = np.concatenate([lines.ravel() for lines in cash])
    room = ROOM * float(drawn.max() - drawn.min() or 1.0)
    place = {
        "x": quantity("month", axis=month_axis(t, horizon), scale={"domain": [0, horizon], "nice": False}),
        "y": quantity("middle", **moving_axis("cash_axis", t("chart.axis.cumulative_cash"))),
    }
    layers: list[Spec] = [layer([{"middle": 0}], "rule", {"y": place["y"]}, color=GREY, strokeWidth=1.5, **SILENT)]
    moving: dict[str, list[Row]] = {}
    for k, (lines, label) in enumerate(zip(cash, names, strict=True)):
        rows = f"case_{k}"
        moving[rows] = _rows(lines, label, currency, t)
        layers += _case(rows, COLOURS[k], DASHES[k], place, t)
    listed = [Listed(label, COLOURS[k], DASHES[k]) for k, label in enumerate(names)]
    domain = (float(drawn.min()) - room, float(drawn.max()) + room)
    moving |= {"cash_axis": money_rows(t, domain, currency, wanted=5), **listed_rows("list", listed)}
    return drawing([*layers, *listed_layers("list")], HEIGHT, moving)


def compared_cash_alt(advices: Sequence[Advice], names: Sequence[str], t: Translator) -> str:
    """What the chart shows, in words."""
    told = []
    for advice, label in zip(advices, names, strict=True):
        lines, currency = simulated(advice)[0].cumulative, advice.assessment.assumptions.currency
        low, middle, high = (t.money(float(line[-1]), currency) for line in lines)
        months = t.months(lines.shape[1] - 1, 0)
        told.append(t("compare.chart.alt_case", case=label, months=months, low=low, middle=middle, high=high))
    return t("compare.chart.alt", cases=t("chart.list").join(told))


def build_bridge_chart(
    rows: Sequence[tuple[str, float]], bridge: Bridge, currency: str, t: Translator
) -> alt.LayerChart:
    """The result of the first case, what each change adds, and the result of the other; ``rows``: words and amounts."""
    bars = _bridge_rows(rows, bridge, currency, t)
    titles = (t("compare.column.change"), t("chart.axis.npv"))
    return drawing(bar_layers(bars, t, currency, t("chart.axis.npv"), titles), rows_height(bars))


def bridge_alt(rows: Sequence[tuple[str, float]], bridge: Bridge, currency: str, t: Translator) -> str:
    """What the chart shows, in words."""
    bars = _bridge_rows(rows, bridge, currency, t)
    pairs = [t("chart.rows.pair", name=bar.name, value=bar.value) for bar in bars]
    return t("compare.bridge.alt", steps=t("chart.list").join(pairs))


def _bridge_rows(rows: Sequence[tuple[str, float]], bridge: Bridge, currency: str, t: Translator) -> list[BarRow]:
    first, *changes, last = rows
    bars = [BarRow("start", first[0], t.money(bridge.start, currency), 0.0, bridge.start, BLUE, is_heading=True)]
    reached = bridge.start
    for k, (words, amount) in enumerate(changes):
        value, colour = signed_money(t, amount, currency), GREEN if amount >= 0 else RED
        bars.append(BarRow(str(k), words, value, reached, reached + amount, colour))
        reached += amount
    return [*bars, BarRow("end", last[0], t.money(bridge.end, currency), 0.0, bridge.end, BLUE, is_heading=True)]


def _rows(lines: np.ndarray, label: str, currency: str, t: Translator) -> list[Row]:
    return [
        {
            "month": month,
            "low": low,
            "middle": middle,
            "high": high,
            "case": label,
            "month_text": t.number(month),
            "middle_text": t.money(middle, currency),
        }
        for month, (low, middle, high) in enumerate(lines.T.tolist())
    ]


def _case(rows: str, colour: str, dash: tuple[int, ...], place: Spec, t: Translator) -> list[Spec]:
    between = {**place, "y": {**place["y"], "field": "low"}, "y2": {"field": "high"}}
    titles = {"case": "compare.column.case", "month_text": "chart.tip.month", "middle_text": "chart.payback.tip.p50"}
    hover = tips(*((column, t(key)) for column, key in titles.items()))
    return [
        layer(rows, "area", between, color=colour, opacity=0.12, **SILENT),
        layer(rows, "line", place, color=colour, strokeDash=list(dash), strokeWidth=2.5, **SILENT),
        layer(rows, "point", {**place, "tooltip": hover}, size=260, opacity=0, aria=False),
    ]
