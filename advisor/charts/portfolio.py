"""Cases under one budget: what each is worth on average and asks for, the most for its money first."""

from collections.abc import Sequence

import altair as alt

from advisor.charts.drawing import drawing
from advisor.charts.row_layout import BarRow, bar_layers, rows_height
from advisor.charts.style import GREEN, GREY, short_money
from advisor.decision.funding import Funding, Placed
from advisor.text.i18n import Translator

MOST_BARS = 20
"""The picture shows so many; the table below it shows all."""
LONGEST_NAME = 26
"""Letters of a name beside its figures, a Chinese one counting as two."""
FIRST_WIDE = "\u2e80"
FUNDED = "\u2714 "


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
            _figures(each, funding, t),
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
