"""From one case to another: what each group of answers does to the net present value."""

from collections.abc import Sequence

import altair as alt

from advisor.charts.drawing import SILENT, drawing, layer, quantity
from advisor.charts.row_layout import BarRow, bar_layers, rows_height
from advisor.charts.style import BLUE, GREEN, GREY, RED, signed_money
from advisor.decision.bridge import Step
from advisor.text.i18n import Translator


def build_walk_chart(steps: Sequence[Step], currency: str, t: Translator) -> alt.LayerChart:
    """The first case, the change each step makes, and the case at the end."""
    rows = _rows(steps, currency, t)
    titles = (t("chart.tip.step"), t("chart.axis.npv"))
    zero = layer([{"start": 0}], "rule", {"x": quantity("start")}, color=GREY, strokeWidth=1.5, **SILENT)
    layers = bar_layers(rows, t, currency, t("chart.axis.npv"), titles, [zero])
    return drawing(layers, rows_height(rows))


def walk_alt(steps: Sequence[Step], currency: str, t: Translator) -> str:
    """What the chart shows, in words."""
    pairs = [t("chart.rows.pair", name=row.name, value=row.value) for row in _rows(steps, currency, t)]
    return t("chart.walk.alt", steps=t("chart.list").join(pairs))


def _rows(steps: Sequence[Step], currency: str, t: Translator) -> list[BarRow]:
    """Totals at both ends, floating changes between; a step nobody can compute has no bar."""
    if not steps:
        return []
    rows = [_total("start", t("walk.start.label"), steps[0].npv, currency, t)]
    before = steps[0].npv
    for step in steps[1:]:
        name = t(f"walk.{step.id}.label")
        if step.npv is None or before is None:
            rows.append(BarRow(step.id, name, t("chart.unknown")))
        else:
            change = step.npv - before
            colour = GREEN if change >= 0 else RED
            rows.append(BarRow(step.id, name, signed_money(t, change, currency), before, step.npv, colour))
        before = step.npv
    return [*rows, _total("end", t("chart.walk.end"), steps[-1].npv, currency, t)]


def _total(row_id: str, name: str, npv: float | None, currency: str, t: Translator) -> BarRow:
    if npv is None:
        return BarRow(row_id, name, t("chart.unknown"), is_heading=True)
    return BarRow(row_id, name, t.money(npv, currency), 0.0, npv, BLUE, is_heading=True)
