"""How the money of a project is spent step by step: what stopping after each has cost."""

from collections.abc import Sequence

import altair as alt

from advisor.charts.drawing import drawing
from advisor.charts.row_layout import BarRow, bar_layers, rows_height
from advisor.charts.style import BLUE, SKY, bill_money
from advisor.costs.project_plan import PlanCost
from advisor.text.i18n import Translator


def build_plan_chart(cost: PlanCost, names: Sequence[str], currency: str, t: Translator) -> alt.LayerChart:
    """Each step's cost after those before it, and the whole."""
    rows = _rows(cost, names, currency, t)
    titles = (t("chart.tip.step"), t("chart.plan.spent"))
    return drawing(bar_layers(rows, t, currency, t("chart.plan.spent"), titles, []), rows_height(rows))


def plan_alt(cost: PlanCost, names: Sequence[str], currency: str, t: Translator) -> str:
    """What the chart shows, in words."""
    rows = _rows(cost, names, currency, t)
    pairs = [t("chart.rows.pair", name=row.name, value=row.value) for row in rows]
    return t("chart.plan.alt", steps=t("chart.list").join(pairs))


def _rows(cost: PlanCost, names: Sequence[str], currency: str, t: Translator) -> list[BarRow]:
    rows = []
    for place, (name, own, spent) in enumerate(zip(names, cost.by_step, cost.spent, strict=True)):
        rows.append(
            BarRow(str(place), name, bill_money(t, float(own), currency), float(spent - own), float(spent), SKY)
        )
    whole = BarRow(
        "whole", t("chart.plan.whole"), bill_money(t, cost.total, currency), 0.0, cost.total, BLUE, is_heading=True
    )
    return [*rows, whole]
