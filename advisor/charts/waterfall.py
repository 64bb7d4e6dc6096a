"""Bars that build on each other: from one case to another, from a bill to a cheaper one, what a project has spent."""

from collections.abc import Mapping, Sequence

import altair as alt

from advisor.charts.drawing import drawing
from advisor.charts.row_layout import BarRow, bar_layers, rows_height
from advisor.charts.style import BLUE, GREEN, RED, SKY
from advisor.costs.cost_levers import Savings
from advisor.costs.project_plan import PlanCost
from advisor.decision.bridge import Step
from advisor.text.i18n import Translator
from advisor.text.phrases import bill_money, signed_money


def build_walk_chart(steps: Sequence[Step], currency: str, t: Translator) -> alt.LayerChart:
    """The first case, the change each step makes, and the case at the end."""
    rows = _walk_rows(steps, currency, t)
    titles = (t("chart.tip.step"), t("chart.axis.npv"))
    layers = bar_layers(rows, t, currency, t("chart.axis.npv"), titles)
    return drawing(layers, rows_height(rows))


def walk_alt(steps: Sequence[Step], currency: str, t: Translator) -> str:
    """What the chart shows, in words."""
    pairs = [t("chart.rows.pair", name=row.name, value=row.value) for row in _walk_rows(steps, currency, t)]
    return t("chart.walk.alt", steps=t("chart.list").join(pairs))


def _walk_rows(steps: Sequence[Step], currency: str, t: Translator) -> list[BarRow]:
    """Totals at both ends, floating changes between; a step nobody can compute has no bar."""
    if not steps:
        return []
    rows = [_walk_total("start", t("walk.start.label"), steps[0].npv, currency, t)]
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
    return [*rows, _walk_total("end", t("chart.walk.end"), steps[-1].npv, currency, t)]


def _walk_total(row_id: str, name: str, npv: float | None, currency: str, t: Translator) -> BarRow:
    if npv is None:
        return BarRow(row_id, name, t("chart.unknown"), is_heading=True)
    return BarRow(row_id, name, t.money(npv, currency), 0.0, npv, BLUE, is_heading=True)


def build_actuals_chart(
    planned: float, steps: Sequence[tuple[str, float]], currency: str, t: Translator
) -> alt.LayerChart:
    """The planned saving, what each cause adds to it, and the actual one."""
    rows = _actuals_rows(planned, steps, currency, t)
    titles = (t("results.head.cause"), t("chart.axis.saving_told"))
    return drawing(bar_layers(rows, t, currency, t("chart.axis.saving_told"), titles), rows_height(rows))


def actuals_alt(planned: float, steps: Sequence[tuple[str, float]], currency: str, t: Translator) -> str:
    """What the chart shows, in words."""
    rows = _actuals_rows(planned, steps, currency, t)
    pairs = [t("chart.rows.pair", name=row.name, value=row.value) for row in rows]
    return t("chart.actuals.alt", steps=t("chart.list").join(pairs))


def _actuals_rows(planned: float, steps: Sequence[tuple[str, float]], currency: str, t: Translator) -> list[BarRow]:
    """Totals at both ends, causes floating between."""
    reached = planned
    rows = [BarRow("plan", t("results.cause.plan"), t.money(planned, currency), 0.0, planned, BLUE, is_heading=True)]
    for name, change in steps:
        colour, words = GREEN if change >= 0 else RED, signed_money(t, change, currency)
        rows.append(BarRow(name, t(f"results.cause.{name}"), words, reached, reached + change, colour))
        reached += change
    ends = t("results.cause.actual"), t.money(reached, currency)
    return [*rows, BarRow("actual", *ends, 0.0, reached, BLUE, is_heading=True)]


def build_lever_chart(found: Savings, names: Mapping[str, str], currency: str, t: Translator) -> alt.LayerChart:
    """The bill before, what each lever takes off it in the order of the steps, and the bill after."""
    rows = _lever_rows(found, names, currency, t)
    titles = (t("chart.tip.lever"), t("chart.axis.bill"))
    return drawing(bar_layers(rows, t, currency, t("chart.axis.bill"), titles), rows_height(rows))


def lever_alt(found: Savings, names: Mapping[str, str], currency: str, t: Translator) -> str:
    """What the chart shows, in words."""
    rows = _lever_rows(found, names, currency, t)
    pairs = [t("chart.rows.pair", name=row.name, value=row.value) for row in rows]
    return t("chart.levers.alt", steps=t("chart.list").join(pairs))


def _lever_rows(found: Savings, names: Mapping[str, str], currency: str, t: Translator) -> list[BarRow]:
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


def build_plan_chart(cost: PlanCost, names: Sequence[str], currency: str, t: Translator) -> alt.LayerChart:
    """Each step's cost after those before it, and the whole."""
    rows = _plan_rows(cost, names, currency, t)
    titles = (t("chart.tip.step"), t("chart.plan.spent"))
    return drawing(bar_layers(rows, t, currency, t("chart.plan.spent"), titles), rows_height(rows))


def plan_alt(cost: PlanCost, names: Sequence[str], currency: str, t: Translator) -> str:
    """What the chart shows, in words."""
    rows = _plan_rows(cost, names, currency, t)
    pairs = [t("chart.rows.pair", name=row.name, value=row.value) for row in rows]
    return t("chart.plan.alt", steps=t("chart.list").join(pairs))


def _plan_rows(cost: PlanCost, names: Sequence[str], currency: str, t: Translator) -> list[BarRow]:
    rows = []
    for place, (name, own, spent) in enumerate(zip(names, cost.by_step, cost.spent, strict=True)):
        rows.append(
            BarRow(str(place), name, bill_money(t, float(own), currency), float(spent - own), float(spent), SKY)
        )
    whole = BarRow(
        "whole", t("chart.plan.whole"), bill_money(t, cost.total, currency), 0.0, cost.total, BLUE, is_heading=True
    )
    return [*rows, whole]
