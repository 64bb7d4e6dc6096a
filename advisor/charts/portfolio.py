"""Cases under one budget: what each is worth on average and asks for, and what other budgets would buy."""

from collections.abc import Sequence

import altair as alt
import numpy as np
from numpy.typing import NDArray

from advisor.charts.drawing import SILENT, Spec, drawing, layer, name, pixels, quantity, tips
from advisor.charts.row_layout import BarRow, bar_layers, rows_height
from advisor.charts.style import CASE, GREEN, GREY, TEXT, money_axis, short_money, text_layer
from advisor.decision.funding import Funding, Placed
from advisor.text.i18n import Translator

MOST_BARS = 20
"""The picture shows so many; the table below it shows all."""
LONGEST_NAME = 24
"""Letters of a name beside its figures, a Chinese one counting as two."""
FIRST_WIDE = "\u2e80"
FUNDED = "\u2714 "
HEIGHT, MOST_POINTS, BEYOND, ROOM = 300, 240, 1.25, 0.16
"""Height of the curve [pixels], its points, how far it goes beyond your budget or what all ask for, and room above."""
Budgets = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Budgets from which more is bought, and what is then bought. [money]"""


def build_portfolio_chart(funding: Funding, names: Sequence[str], t: Translator) -> alt.LayerChart:
    """A bar for each ranked case, with a sign where it is funded; ``names`` of all placed ones in their order."""
    rows = _rows(funding, names, t)
    titles = (t("portfolio.column.case"), t("portfolio.chart.axis"))
    return drawing(bar_layers(rows, t, funding.currency, t("portfolio.chart.axis"), titles), rows_height(rows))


def portfolio_alt(funding: Funding, names: Sequence[str], t: Translator) -> str:
    """What the chart shows, in words."""
    told = [
        t("portfolio.chart.row", name=name, value=_figures(each, funding, t), place=_place(each, t))
        for each, name in _drawn(funding, names)
    ]
    return t("portfolio.chart.alt", rows=t("chart.list").join(told))


def _drawn(funding: Funding, names: Sequence[str]) -> list[tuple[Placed, str]]:
    ranked = [pair for pair in zip(funding.placed, names, strict=True) if pair[0].rank is not None]
    return ranked[:MOST_BARS]


def _rows(funding: Funding, names: Sequence[str], t: Translator) -> list[BarRow]:
    return [
        BarRow(
            str(each.rank),
            (FUNDED if each.state == "funded" else "") + shortened(name),
            short_money(t, each.value or 0.0, funding.currency),
            0.0,
            each.value,
            GREEN if each.state == "funded" else GREY,
            is_heading=each.state == "funded",
        )
        for each, name in _drawn(funding, names)
    ]


def _figures(each: Placed, funding: Funding, t: Translator) -> str:
    value, asks = (short_money(t, amount or 0.0, funding.currency) for amount in (each.value, each.asks))
    return t("portfolio.chart.asks", value=value, asks=asks)


def _place(each: Placed, t: Translator) -> str:
    return t("portfolio.chart.funded") if each.state == "funded" else t("portfolio.chart.not_funded")


def shortened(name: str) -> str:
    """A name that leaves room for figures beside it."""
    room = LONGEST_NAME
    for k, letter in enumerate(name):
        room -= 2 if letter >= FIRST_WIDE else 1
        if room < 0:
            return name[:k].rstrip() + "\u2026"
    return name


# --- Other budgets -------------------------------------------------------------------------------------


def build_budget_chart(funding: Funding, budgets: Budgets, t: Translator) -> alt.LayerChart:
    """The most that each budget buys, as a line of steps, with yours in it."""
    at, bought = _curve(funding, budgets)
    money, last, top = funding.currency, float(at[-1]), float(bought.max() or 1.0) * (1 + ROOM)
    x = quantity(
        "budget",
        axis=money_axis(t, (0.0, last), money, t("portfolio.curve.budget"), wanted=4, grid=False),
        scale={"domain": [0.0, last], "nice": False},
    )
    y = quantity(
        "value",
        axis=money_axis(t, (0.0, top), money, t("portfolio.curve.value"), wanted=4),
        scale={"domain": [0.0, top], "nice": False},
    )
    rows = [
        {"budget": b, "value": v, "budget_text": t.money(b, money), "value_text": t.money(v, money)}
        for b, v in zip(at.tolist(), bought.tolist(), strict=True)
    ]
    titles = (("budget_text", "portfolio.curve.budget"), ("value_text", "portfolio.curve.value"))
    hover = tips(*((column, t(key)) for column, key in titles))
    line: Spec = {"x": x, "y": y}
    here = [
        {"budget": funding.budget, "words": t("portfolio.curve.here", budget=short_money(t, funding.budget, money))}
    ]
    late = funding.budget > last / 2
    words = {"x": x, "y": pixels(TEXT / 2), "text": name("words")}
    side: Spec = {"align": "right" if late else "left", "dx": -6 if late else 6, "baseline": "middle"}
    return drawing(
        [
            layer(rows, "line", line, color=CASE, interpolate="step-after", strokeWidth=2.5, **SILENT),
            layer(rows, "point", {**line, "tooltip": hover}, size=200, opacity=0, aria=False),
            layer(here, "rule", {"x": x}, color=GREY, strokeDash=[5, 4], strokeWidth=1.5, **SILENT),
            *text_layer(here, words, halo=True, **side),
        ],
        HEIGHT,
    )


def budget_alt(funding: Funding, budgets: Budgets, t: Translator) -> str:
    """What the curve shows, in words: half your budget, yours, twice as much."""
    money, points = funding.currency, []
    for budget in (funding.budget / 2, funding.budget, 2 * funding.budget):
        value = t.money(bought_by(budget, budgets), money)
        points.append(t("portfolio.curve.point", value=value, budget=t.money(budget, money)))
    return t("portfolio.curve.alt", points=t("chart.list").join(points))


def bought_by(budget: float, budgets: Budgets) -> float:
    """The most that a budget buys. [money]"""
    at, bought = budgets
    return float(bought[max(int(np.searchsorted(at, budget, side="right")) - 1, 0)])


def _curve(funding: Funding, budgets: Budgets) -> Budgets:
    """Few enough points to draw, from nothing to beyond your budget and what all ask for."""
    at, last = budgets[0], BEYOND * max(funding.budget, float(budgets[0][-1]), 1.0)
    shown = at if len(at) <= MOST_POINTS else np.linspace(0.0, float(at[-1]), MOST_POINTS)
    ends = np.array([*shown, last])
    return ends, np.array([bought_by(budget, budgets) for budget in ends.tolist()])
