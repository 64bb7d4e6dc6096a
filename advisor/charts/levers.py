"""From the bill as it is to the bill with the levers pulled, one bar for each."""

from collections.abc import Mapping

import altair as alt

from advisor.charts.drawing import SILENT, drawing, layer, quantity
from advisor.charts.row_layout import BarRow, bar_layers, rows_height
from advisor.charts.style import BLUE, GREEN, GREY, RED, bill_money
from advisor.costs.cost_levers import Savings
from advisor.text.i18n import Translator


def build_lever_chart(found: Savings, names: Mapping[str, str], currency: str, t: Translator) -> alt.LayerChart:
    """The bill before, what each lever takes off it in the order of the steps, and the bill after."""
    rows = _rows(found, names, currency, t)
    titles = (t("chart.tip.lever"), t("chart.axis.bill"))
    zero = layer([{"start": 0}], "rule", {"x": quantity("start")}, color=GREY, strokeWidth=1.5, **SILENT)
    return drawing(bar_layers(rows, t, currency, t("chart.axis.bill"), titles, [zero]), rows_height(rows))


def lever_alt(found: Savings, names: Mapping[str, str], currency: str, t: Translator) -> str:
    """What the chart shows, in words."""
    rows = _rows(found, names, currency, t)
    pairs = [t("chart.rows.pair", name=row.name, value=row.value) for row in rows]
    return t("chart.levers.alt", steps=t("chart.list").join(pairs))


def _rows(found: Savings, names: Mapping[str, str], currency: str, t: Translator) -> list[BarRow]:
    """Totals at both ends, what is saved floating between."""
    reached = found.total_before
    rows = [
        BarRow(
            "before", t("chart.levers.before"), bill_money(t, reached, currency), 0.0, reached, BLUE, is_heading=True
        )
    ]
    for step in found.steps:
        change = -float(step.saving)
        words, colour = bill_money(t, change, currency), GREEN if change <= 0 else RED
        rows.append(BarRow(step.lever, names[step.lever], words, reached, reached + change, colour))
        reached += change
    after = bill_money(t, found.total_after, currency)
    return [*rows, BarRow("after", t("chart.levers.after"), after, 0.0, found.total_after, BLUE, is_heading=True)]
